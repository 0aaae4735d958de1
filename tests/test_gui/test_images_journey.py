"""Someone opens Images, trains a network on digits, looks at its mistakes, and tries a drawing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.widgets.download_dialog import DownloadDialog
from gui.workspaces.images import ImagesWorkspace
from nn.data import digits, pen_strokes
from tests.driving import click, close_unsaved, draw, find

SOON = 60_000  # milliseconds that anything may take on a busy machine
CONVNET = """
layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1});
layer_defs.push({type:'conv', sx:5, filters:4, stride:1, pad:2, activation:'relu'}); // few
layer_defs.push({type:'pool', sx:4, stride:4});
layer_defs.push({type:'softmax', num_classes:10});
"""


@pytest.fixture
def images(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ImagesWorkspace:
    """The workspace in front, with few drawn digits, so that they are there soon."""
    monkeypatch.setattr("gui.images.data_sources.DRAWN", 1000)
    click(window, "images_button")
    workspace = window.workspace
    assert isinstance(workspace, ImagesWorkspace)
    qtbot.waitUntil(lambda: workspace.session.dataset is not None, timeout=SOON)
    return workspace


def typed(images: ImagesWorkspace, text: str) -> None:
    """Replace the network's text from the keyboard."""
    edit = images.network_panel.editor.edit
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for line in text.strip().split("\n"):
        QTest.keyClicks(edit, line)
        QTest.keyClick(edit, Qt.Key.Key_Return)


def button(root: QWidget, name: str) -> None:
    """Click the widget with this name."""
    found = root.findChild(QWidget, name)
    assert found is not None, name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def go(images: ImagesWorkspace, page: int) -> None:
    """Click a tab."""
    bar = images.pages.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(page).center())


def wait(qtbot: QtBot, what: Callable[[], bool]) -> None:
    qtbot.waitUntil(what, timeout=SOON)


def open_folder(images: ImagesWorkspace, qtbot: QtBot, folder: Path) -> None:
    before = images.session.dataset
    images.sources.open_folder(folder)
    wait(qtbot, lambda: images.session.dataset is not before)


def test_a_network_learns_mnist_and_reads_what_is_drawn(
    window: MainWindow,
    images: ImagesWorkspace,
    qtbot: QtBot,
    real_data: Path,
    real_strokes: Path,
) -> None:
    session = images.session
    open_folder(images, qtbot, real_data / "mnist")
    assert session.dataset is not None
    assert session.dataset.name == "MNIST"
    assert len(session.dataset) == 60_000
    assert session.test is session.dataset.test

    go(images, 1)
    text = session.text.replace("x8 pad 2", "x6 pad 2")
    typed(images, text)
    assert images.network_panel.editor.problem == ""
    click(window, "apply_button")
    assert "conv 5x5 x6" in session.text
    assert session.settings.optimizer == "adadelta"

    click(window, "images_play_button")
    wait(qtbot, lambda: session.training.progress.step > 250)
    wait(qtbot, lambda: session.training.progress.validation_accuracy > 0.9)
    click(window, "images_pause_button")
    wait(qtbot, lambda: not session.training.running)
    images.pull()
    assert "validation accuracy 9" in images.learn_page.plot.accessibleDescription()

    go(images, 3)
    click(window, "evaluate_button")
    wait(qtbot, lambda: "test" in images.evaluator.results)
    result = images.evaluator.results["test"]
    assert result.confusion.sum() == 10_000
    assert result.accuracy > 0.85
    wrong = result.confusion * (1 - np.eye(10, dtype=int))
    actual, predicted = (int(i) for i in np.unravel_index(wrong.argmax(), wrong.shape))
    matrix = images.test_page.confusion
    cell = matrix.cell_rect(actual, predicted).center().toPoint()
    QTest.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert images.test_page.stack.currentIndex() == 1
    assert len(images.test_page.cell_wall.rows) == wrong.max()
    assert set(session.test.labels[images.test_page.cell_wall.rows]) == {actual}

    go(images, 4)
    right = 0
    drawn = [d for d in pen_strokes.read(real_strokes) if d.label in "01234567"][::31][:10]
    for drawing in drawn:
        click(window, "try_wipe_button")
        draw(images.try_page.canvas, drawing.strokes)
        QApplication.processEvents()
        session.training.ask(lambda: None)
        images.pull()
        right += images.try_page.prediction.winner == drawing.label
    assert right >= 5  # far above chance; hands of other people, another pen


def test_the_shipped_network_reads_99_of_100_digits_at_one_click(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot, real_data: Path
) -> None:
    menu = images.network_panel.presets.menu()
    assert menu is not None
    trained = [action for action in menu.actions() if action.text().startswith("mnist, trained")]
    assert len(trained) == 1
    trained[0].trigger()
    open_folder(images, qtbot, real_data / "mnist")
    images.session.change(views=4)
    go(images, 3)
    click(window, "evaluate_button")
    wait(qtbot, lambda: "test" in images.evaluator.results)
    assert images.evaluator.results["test"].accuracy >= 0.99


def test_images_work_at_once_and_offline(window: MainWindow, images: ImagesWorkspace) -> None:
    assert images.session.dataset is not None
    assert images.session.dataset.name == "Drawn digits"
    assert images.session.network.output_shape == (10,)


def test_the_keys_of_a_workspace_rest_while_another_is_in_front(
    window: MainWindow, images: ImagesWorkspace
) -> None:
    QTest.keyClick(window, Qt.Key.Key_C)
    QTest.keyClick(window, Qt.Key.Key_T)
    assert window.session.samples == []
    click(window, "sketch_button")
    draw(window.sketch.board.canvas, [np.array([[0.0, 0.0], [1.0, 1.0]])])
    QTest.keyClick(window, Qt.Key.Key_T)
    assert len(window.session.samples) == 1


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


def test_a_missing_folder_is_told_and_the_data_set_stays(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot, tmp_path: Path
) -> None:
    before = images.session.dataset
    images.sources.open_folder(tmp_path / "nowhere")
    wait(qtbot, lambda: "no such folder" in window.messages.text)
    assert images.session.dataset is before
    assert not images.sources.busy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures in two classes, and a third that has none."""
    random = np.random.default_rng(0)
    for name, tone in (("dark", 40), ("light", 200), ("empty", -1)):
        (tmp_path / name).mkdir()
        for i in range(12 if tone >= 0 else 0):
            pixels = random.integers(tone - 30, tone + 30, (40, 30, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{i}.png")
    return tmp_path


def test_a_folder_of_pictures_is_learned_though_one_class_is_empty(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot, folder: Path
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    assert images.take(mime)
    wait(qtbot, lambda: images.session.picture_shape == (3, 32, 32))
    assert images.session.network.input_shape == (3, 32, 32)
    click(window, "images_batch_button")
    wait(qtbot, lambda: images.session.training.progress.step == 1)
    images.data_panel.edge.setValue(16)
    wait(qtbot, lambda: images.session.picture_shape == (3, 16, 16))
    go(images, 3)
    click(window, "evaluate_button")
    wait(qtbot, lambda: "test" in images.evaluator.results)


def test_another_data_set_can_be_chosen_while_training(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot, folder: Path
) -> None:
    go(images, 2)
    images.session.training.play()
    wait(qtbot, lambda: images.session.training.running)
    open_folder(images, qtbot, folder)
    images.sources.choose("drawn")
    wait(qtbot, lambda: images.session.picture_shape == (1, 28, 28))
    images.session.training.play()
    wait(qtbot, lambda: images.session.training.progress.step > 3)
    wait(qtbot, lambda: images.inside_page.inspector.is_ready)
    assert not window.messages.isVisible() or "shape" not in window.messages.text


def test_closing_while_training_and_evaluating_leaves_no_thread(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    images.session.training.play()
    images.evaluator.start("all")
    images.sources.choose("drawn")
    QApplication.processEvents()
    close_unsaved(window)
    assert not images.session.training.alive
    assert not images.tasks.busy


def test_an_evaluation_can_be_cancelled_and_done_again(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    go(images, 3)
    click(window, "evaluate_button")
    images.evaluator.cancel()
    wait(qtbot, lambda: not images.evaluator.running)
    images.session.change(views=4)
    click(window, "evaluate_button")
    wait(qtbot, lambda: "test" in images.evaluator.results)
    assert "4 views" in images.test_page.verdict.text()


def test_pictures_are_filtered_by_what_they_were_taken_for(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    from gui.picture_rows import Wanted

    go(images, 0)
    click(window, "predict_button")
    wait(qtbot, lambda: "all" in images.evaluator.results)
    result, dataset = images.evaluator.results["all"], images.session.dataset
    assert dataset is not None
    images.data_page.show_rows("all", Wanted(label=3, outcome="wrong"))
    rows = images.data_page.wall.rows
    expected = (dataset.labels == 3) & (result.predicted != 3)
    assert np.array_equal(rows, np.flatnonzero(expected))


def test_the_inside_follows_training_or_stays_with_one_picture(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    go(images, 2)
    wait(qtbot, lambda: images.session.training.look is not None)
    images.session.training.play()
    wait(qtbot, lambda: (images.session.training.look or (0,) * 4)[3] > 3)
    click(window, "inside_pin")
    training = images.session.training
    training.ask(lambda: None)
    looks = [training.look]
    for _ in range(2):
        wait(qtbot, lambda: training.look.step > looks[-1].step)
        looks.append(training.look)
    training.pause()
    _, one, two = (look.inspection.activations[0] for look in looks)
    assert np.array_equal(one, two)


def test_a_picture_can_be_dropped_and_a_file_that_is_none_is_told(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot, tmp_path: Path
) -> None:
    picture = digits.make(8, seed=5).images[7, 0]
    paper = 255 - np.kron(picture, np.ones((4, 4), np.uint8))  # dark ink on paper, larger
    Image.fromarray(paper).save(tmp_path / "seven.png")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "seven.png"))])
    images.pages.setCurrentWidget(images.learn_page)
    assert not images.take(mime)  # a photo for the Photo workspace
    images.pages.setCurrentWidget(images.try_page)
    assert images.take(mime)
    assert images.try_page.picture is not None
    assert np.abs(images.try_page.picture[0].astype(int) - picture).mean() < 12
    images.session.training.ask(lambda: None)
    images.pull()
    assert images.try_page.prediction.winner

    (tmp_path / "note.png").write_text("no picture")
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "note.png"))])
    images.take(mime)
    assert "note.png" in window.messages.text
    image = QMimeData()
    image.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    assert images.take(image)


def test_drawings_from_sketch_become_a_data_set(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
    from nn.data import examples

    click(window, "sketch_button")
    for label, name in enumerate("XO"):
        for drawing in examples.hands(name, 3):
            window.session.add_sample(drawing, label)
    click(window, "images_button")
    images.sources.choose("drawings")
    assert images.session.class_names == ["X", "O"]
    assert images.session.network.output_shape == (2,)
    click(window, "images_batch_button")
    wait(qtbot, lambda: images.session.training.progress.step == 1)


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


def test_what_is_not_on_this_machine_is_offered_and_not_fetched_by_itself(
    window: MainWindow,
    images: ImagesWorkspace,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("BRIGHTWIRE_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert "download" in next(o.detail for o in images.sources.offers() if o.key == "cifar-10")
    images.sources.choose("cifar-10")
    dialog = find(window, "download_dialog")
    assert isinstance(dialog, DownloadDialog)
    assert dialog.isVisible()
    assert not dialog.fetching
    dialog.reject()
    assert not (tmp_path / "home").exists()


def test_a_single_dot_is_tried_and_can_be_wiped(
    window: MainWindow, images: ImagesWorkspace
) -> None:
    go(images, 4)
    canvas = images.try_page.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton)
    images.session.training.ask(lambda: None)
    images.pull()
    assert images.try_page.prediction.winner
    click(window, "try_wipe_button")
    assert images.try_page.picture is None
    assert images.try_page.prediction.winner == ""
