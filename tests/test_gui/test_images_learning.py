"""A person writes a network, sets numbers, and trains it on Images, as long as it helps."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.workspaces.images import ImagesWorkspace
from tests.driving import click, find
from tests.images_page import wait

CONVNET = """
layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1});
layer_defs.push({type:'conv', sx:5, filters:4, stride:1, pad:2, activation:'relu'}); // few
layer_defs.push({type:'pool', sx:4, stride:4});
layer_defs.push({type:'softmax', num_classes:10});
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("conv 5x5 x8", "should be 'input'"),
        ("input 24x24x1\nconvolution 5", "is no layer"),
        ("input 24x24x1\nconv 5x5 x8 pad 2 relu\nsoftmax 10", "flatten"),
        ("input 24x24x1\nflatten\nsoftmax 7", "There are 10 classes"),
        ("input 24x24x3\nflatten\nsoftmax 10", "grey"),
        ("input 40x40x1\nflatten\nsoftmax 10", "does not fit pictures of 28×28"),
        ("input 24x24x1\nconv 99x99 x8\nflatten\nsoftmax 10", "does not fit"),
        ("input 28x28x1\nflatten\ndense 60000\ndense 60000\nsoftmax 10", "too many"),
    ],
)
def test_a_wrong_text_is_told_in_a_sentence_and_not_applied(
    window: MainWindow, images: ImagesWorkspace, text: str, problem: str
) -> None:
    images.network_panel.editor.set_text(text)
    assert problem in images.network_panel.editor.problem
    assert not find(window, "apply_button").isEnabled()
    before = images.session.network
    images.network_panel.apply()
    assert images.session.network is before


def test_a_convnetjs_list_that_is_pasted_becomes_our_text(
    window: MainWindow, images: ImagesWorkspace
) -> None:
    edit = images.network_panel.editor.edit
    mime = QMimeData()
    mime.setText(CONVNET)
    edit.insertFromMimeData(mime)
    assert images.network_panel.editor.text().split("\n") == [
        "input 24x24x1",
        "conv 5x5 x4 pad 2 relu",
        "pool 4",
        "flatten",
        "dense 10",
        "loss softmax",
    ]
    click(window, "apply_button")
    assert images.session.network.parameters.size == 104 + 6 * 6 * 4 * 10 + 10


def test_settings_change_while_training_without_a_reset_and_are_marked(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    session = images.session
    click(window, "images_play_button")
    wait(qtbot, lambda: session.training.progress.step > 5)
    field = find(window, "setting_l2")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "0,01")
    QTest.keyClick(field, Qt.Key.Key_Return)
    images.settings_panel.optimizer.setCurrentIndex(6)
    click(window, "augment_shift")
    steps = session.training.progress.step
    wait(qtbot, lambda: session.training.progress.step > steps + 5)
    marks = " / ".join(mark.text for mark in session.training.progress.marks)
    assert "L2 0.001 → 0.01" in marks
    assert "Adadelta → Adam" in marks
    assert "shift ±2 on" in marks
    assert session.training.ask(lambda: session.training._worker.trainer.optimizer.kind) == "adam"


def test_a_number_that_cannot_be_used_is_told_and_the_old_one_stays(
    window: MainWindow, images: ImagesWorkspace
) -> None:
    field = images.settings_panel.fields["batch_size"]
    field.setFocus()
    for text in ("0", "2.5", "many", "1e9"):
        field.setText(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert images.settings_panel.problem.isVisible(), text
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.value == 20
    assert not images.settings_panel.problem.isVisible()
    assert images.session.settings.batch_size == 20


def test_one_step_one_batch_and_one_epoch(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    session = images.session
    session.apply_text("input 28x28x1\nflatten\nsoftmax 10")
    click(window, "images_step_button")
    wait(qtbot, lambda: session.training.progress.examples == 1)
    click(window, "images_batch_button")
    wait(qtbot, lambda: session.training.progress.examples == 21)
    click(window, "images_epoch_button")
    wait(qtbot, lambda: session.training.progress.epoch == 1.0)
    wait(qtbot, lambda: not session.training.running)
    assert session.training.progress.examples == 800


def test_training_stops_at_the_end_that_is_set(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    images.session.apply_text("input 28x28x1\nflatten\nsoftmax 10")
    images.learn_page.end.setCurrentIndex(1)
    images.learn_page.end_value.set_value(2)
    click(window, "images_play_button")
    wait(qtbot, lambda: "Finished epoch 2" in window.messages.text)
    assert images.session.training.progress.epoch == 2.0


def test_training_stops_early_when_nothing_gets_better(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    images.session.apply_text("input 28x28x1\nflatten\nsoftmax 10")
    images.session.change(optimizer="sgd", lr=0.0)
    images.learn_page.end.setCurrentIndex(3)
    images.learn_page.end_value.set_value(1)
    click(window, "images_play_button")
    wait(qtbot, lambda: "Stopped early" in window.messages.text)
    assert not images.session.training.running


def test_the_last_run_stays_under_the_new_one_with_what_changed(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    for _ in range(3):
        click(window, "images_batch_button")
    wait(qtbot, lambda: images.session.training.progress.step == 3)
    click(window, "images_reset_button")
    images.session.change(lr=0.25)
    assert images.session.last_run is not None
    assert len(images.session.last_run.rows) == 3
    assert images.session.changes_since_last_run() == ["learning rate 1 → 0.25"]
    wait(qtbot, lambda: images.session.training.progress.step == 0)


def test_a_diverging_rate_is_told_with_a_way_back(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    images.session.change(optimizer="sgd", lr=1000.0, l2=1.0)
    click(window, "images_play_button")
    wait(qtbot, lambda: "smaller learning rate" in window.messages.text)
    wait(qtbot, lambda: not images.session.training.running)
    click(window, "message_action")
    weights = images.session.training.ask(images.session.network.parameters.copy)
    assert np.isfinite(weights).all()


def test_a_network_that_was_saved_goes_on_where_it_was(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot, tmp_path: Path
) -> None:
    click(window, "images_batch_button")
    wait(qtbot, lambda: images.session.training.progress.step == 1)
    learned = images.session.training.ask(images.session.network.copy)
    for name in ("json", "convnetjs"):
        learned.save(tmp_path / "mine.json", format=name)
        click(window, "images_reset_button")
        images.network_panel.load(tmp_path / "mine.json")
        assert np.allclose(images.session.network.parameters, learned.parameters, atol=1e-6)
    (tmp_path / "bad.json").write_text("{}")
    images.network_panel.load(tmp_path / "bad.json")
    assert "bad.json was not loaded" in window.messages.text
