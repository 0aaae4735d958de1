"""Someone draws real X and O, clicks Train, and the window learns to tell them apart."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from nn.data import examples, pen_strokes
from tests.driving import click, close_unsaved, draw, find, until_quiet


def accuracy(window: MainWindow, hands: list[tuple[int, list[np.ndarray]]]) -> float:
    """Draw each on the canvas and read the guess from the window."""
    right = 0
    for label, strokes in hands:
        click(window, "clear_button")
        draw(window.sketch.board.canvas, strokes)
        until_quiet(window)
        right += window.sketch.prediction_view.winner == window.session.classes[label]
    return right / len(hands)


def teach(window: MainWindow, hands: list[tuple[int, list[np.ndarray]]], clicks: int) -> None:
    for label, strokes in hands:
        window.sketch.label_toggle.setFocus()
        QTest.keyClick(window, Qt.Key.Key_1 + label)
        draw(window.sketch.board.canvas, strokes)
        for _ in range(clicks):
            click(window, "train_button")
    until_quiet(window)


def test_drawing_and_training_on_real_strokes_teaches_x_and_o(
    window: MainWindow, real_strokes: Path
) -> None:
    drawings = [d for d in pen_strokes.read(real_strokes) if d.label in "XO"]
    order = np.random.default_rng(1).permutation(len(drawings))
    by_label = {n: [drawings[i] for i in order if drawings[i].label == n] for n in "XO"}
    taught, writers = [], set()
    for x, o in zip(by_label["X"][:10], by_label["O"][:10], strict=True):
        taught += [(0, x.strokes), (1, o.strokes)]
        writers |= {x.writer, o.writer}
    unseen = [
        ("XO".index(d.label), d.strokes)
        for n in "XO"
        for d in by_label[n][10:]
        if d.writer not in writers
    ]
    unseen = [unseen[i] for i in np.random.default_rng(2).permutation(len(unseen))[:60]]

    before = accuracy(window, unseen)
    click(window, "clear_button")
    teach(window, taught, clicks=10)
    assert window.session.step_count == 200
    assert len(window.session.samples) == 20
    after = accuracy(window, unseen)
    assert after > before
    assert after >= 0.9


def test_training_twice_on_the_unchanged_drawing_keeps_one_sample(window: MainWindow) -> None:
    draw(window.sketch.board.canvas, examples.hands("X")[0].strokes)
    click(window, "train_button")
    click(window, "train_ten_button")
    until_quiet(window)
    assert len(window.session.samples) == 1
    assert window.session.step_count == 11


def test_drawing_the_same_thing_anew_makes_a_second_sample(window: MainWindow) -> None:
    for _ in range(2):
        draw(window.sketch.board.canvas, examples.hands("X")[0].strokes)
        click(window, "train_button")
    until_quiet(window)
    assert len(window.session.samples) == 2


def test_a_trained_drawing_makes_room_when_the_label_is_switched(window: MainWindow) -> None:
    draw(window.sketch.board.canvas, examples.hands("X")[0].strokes)
    click(window, "train_button")
    QTest.keyClick(window, Qt.Key.Key_2)
    assert window.sketch.board.canvas.is_empty


def test_an_untrained_drawing_survives_a_switch_of_the_label(window: MainWindow) -> None:
    draw(window.sketch.board.canvas, examples.hands("X")[0].strokes)
    QTest.keyClick(window, Qt.Key.Key_2)
    QTest.keyClick(window, Qt.Key.Key_1)
    assert len(window.sketch.board.canvas.strokes()) == 2


def test_the_label_has_no_effect_on_the_prediction(window: MainWindow) -> None:
    draw(window.sketch.board.canvas, examples.hands("X")[0].strokes)
    until_quiet(window)
    before = window.sketch.prediction_view.accessibleDescription()
    assert "X" in before
    QTest.keyClick(window, Qt.Key.Key_2)
    until_quiet(window)
    assert window.sketch.prediction_view.accessibleDescription() == before


def test_a_drawing_can_be_made_and_trained_without_a_mouse(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    raster = window.sketch.board.raster_view
    assert raster.hasFocus()
    for _ in range(6):
        QTest.keyClick(raster, Qt.Key.Key_Space)
        QTest.keyClick(raster, Qt.Key.Key_Right)
        QTest.keyClick(raster, Qt.Key.Key_Down)
    until_quiet(window)
    assert window.sketch.prediction_view.winner in ("X", "O")
    QTest.keyClick(window, Qt.Key.Key_T)
    until_quiet(window)
    assert window.session.step_count == 1
    assert np.array_equal(window.session.samples[0].drawing.raster(6), np.eye(6))
    QTest.keyClick(window, Qt.Key.Key_T)
    assert len(window.session.samples) == 1


def test_a_flipped_cell_can_be_undone(window: MainWindow) -> None:
    window.sketch.board.raster_view.cell_flipped.emit(2, 3)
    assert window.sketch.board.drawing().raster(6)[2, 3] == 1
    click(window, "undo_button")
    assert not window.sketch.board.drawing().raster(6).any()


def test_clear_takes_strokes_and_cells_and_one_undo_brings_both_back(window: MainWindow) -> None:
    draw(window.sketch.board.canvas, examples.hands("X")[0].strokes)
    window.sketch.board.raster_view.cell_flipped.emit(0, 3)
    before = window.sketch.board.drawing().raster(6)
    click(window, "clear_button")
    assert not window.sketch.board.drawing().raster(6).any()
    click(window, "undo_button")
    assert np.array_equal(window.sketch.board.drawing().raster(6), before)


def test_train_on_an_empty_canvas_says_what_to_do(window: MainWindow) -> None:
    click(window, "train_button")
    assert window.messages.isVisible()
    assert "Draw" in window.messages.text
    assert window.session.step_count == 0


def test_train_on_all_runs_until_paused(window: MainWindow, qtbot: QtBot) -> None:
    teach(window, [(i, examples.hands(n)[0].strokes) for i, n in enumerate("XO")], clicks=1)
    click(window, "train_all_button")
    qtbot.waitUntil(lambda: window.session.step_count > 200, timeout=5000)
    qtbot.waitUntil(find(window, "pause_button").isEnabled)
    click(window, "pause_button")
    until_quiet(window)
    steps = window.session.step_count
    qtbot.wait(100)
    assert window.session.step_count == steps
    qtbot.waitUntil(find(window, "train_all_button").isEnabled)


def test_an_epoch_is_one_step_a_sample(window: MainWindow, qtbot: QtBot) -> None:
    teach(window, [(0, h.strokes) for h in examples.hands("X", 5)], clicks=1)
    QTest.keyClick(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: window.session.step_count == 10)
    qtbot.wait(60)
    assert window.session.step_count == 10
    assert not window.session.training.running


def test_loading_a_sample_back_shows_its_drawing_and_label(window: MainWindow) -> None:
    teach(window, [(i, examples.hands(n)[0].strokes) for i, n in enumerate("XO")], clicks=1)
    before = window.session.samples[0].drawing.raster(6)
    window.sketch.sample_list.sample_chosen.emit(0)
    assert np.array_equal(window.sketch.board.drawing().raster(6), before)
    assert window.sketch.label_toggle.current == 0
    click(window, "train_button")
    assert len(window.session.samples) == 2


def test_a_deleted_sample_can_be_brought_back(window: MainWindow) -> None:
    teach(window, [(i, examples.hands(n)[0].strokes) for i, n in enumerate("XO")], clicks=1)
    window.sketch.sample_list.sample_deleted.emit(0)
    assert [s.label for s in window.session.samples] == [1]
    click(window, "message_action")
    assert [s.label for s in window.session.samples] == [0, 1]


def test_classes_keep_what_they_learned_when_one_is_added_renamed_and_removed(
    window: MainWindow,
) -> None:
    teach(window, [(i, examples.hands(n)[0].strokes) for i, n in enumerate("XO")], clicks=10)
    learned = window.session.network.parameters.copy()
    toggle = window.sketch.label_toggle
    toggle.class_added.emit("Z")
    toggle.class_renamed.emit(0, "cross")
    assert window.session.classes == ["cross", "O", "Z"]
    assert window.session.step_count == 20
    toggle.class_removed.emit(2)
    assert window.session.classes == ["cross", "O"]
    assert np.array_equal(window.session.network.parameters, learned)


@pytest.mark.parametrize("name", ["", "   ", "O", "o", "a" * 40])
def test_a_name_that_is_empty_taken_or_too_long_is_refused(window: MainWindow, name: str) -> None:
    window.sketch.label_toggle.class_renamed.emit(0, name)
    assert window.session.classes == ["X", "O"]
    assert window.sketch.label_toggle.refusal


def test_the_last_two_classes_stay(window: MainWindow) -> None:
    window.sketch.label_toggle.class_removed.emit(0)
    assert window.session.classes == ["X", "O"]


def test_removing_a_class_with_samples_can_be_undone(window: MainWindow) -> None:
    window.sketch.label_toggle.class_added.emit("Z")
    teach(window, [(2, examples.hands("X")[0].strokes)], clicks=1)
    window.sketch.label_toggle.class_removed.emit(2)
    assert window.session.samples == []
    click(window, "message_action")
    assert window.session.classes == ["X", "O", "Z"]
    assert len(window.session.samples) == 1


def test_another_grid_size_keeps_the_samples_and_can_be_taken_back(window: MainWindow) -> None:
    teach(window, [(i, examples.hands(n)[0].strokes) for i, n in enumerate("XO")], clicks=5)
    learned = window.session.network.parameters.copy()
    window.sketch.board.grid_size.setValue(9)
    assert window.session.network.input_shape == (1, 9, 9)
    assert len(window.session.samples) == 2
    click(window, "message_action")
    assert window.session.grid_size == 6
    assert np.array_equal(window.session.network.parameters, learned)


def test_switching_the_model_while_it_trains_is_safe(window: MainWindow, qtbot: QtBot) -> None:
    teach(window, [(i, examples.hands(n)[0].strokes) for i, n in enumerate("XO")], clicks=1)
    click(window, "train_all_button")
    for name in ("sketch-cnn", "sketch") * 3:
        qtbot.wait(30)
        window._choose_model(name)
    qtbot.wait(50)
    assert not window.session.training.running
    assert not window.messages.isVisible() or "error" not in window.messages.text


def test_a_diverging_rate_stops_and_offers_the_last_good_weights(
    window: MainWindow, qtbot: QtBot
) -> None:
    window._choose_model("sketch-cnn")
    teach(window, [(i, examples.hands(n)[0].strokes) for i, n in enumerate("XO")], clicks=3)
    learned = window.session.network.parameters.copy()
    window.session.set_lr(1e30)
    click(window, "train_all_button")
    qtbot.waitUntil(lambda: "smaller learning rate" in window.messages.text, timeout=5000)
    qtbot.waitUntil(lambda: not window.session.training.running)
    click(window, "message_action")
    until_quiet(window)
    assert np.array_equal(window.session.network.parameters, learned)


def test_closing_while_training_leaves_no_thread(window: MainWindow) -> None:
    teach(window, [(i, examples.hands(n)[0].strokes) for i, n in enumerate("XO")], clicks=1)
    click(window, "train_all_button")
    QApplication.processEvents()
    close_unsaved(window)
    assert not window.session.training.alive


def test_a_resize_in_mid_stroke_keeps_the_stroke(window: MainWindow) -> None:
    canvas = window.sketch.board.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    window.resize(1500, 1000)
    QApplication.processEvents()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert len(canvas.strokes()) == 1


def test_a_screenshot_is_written_without_a_screen(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = subprocess.run(
        [sys.executable, "-m", "gui", "--screenshot", str(picture), "--scale", "2"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes()[:4] == b"\x89PNG"
