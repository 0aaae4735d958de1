"""Someone opens Images, trains a network on digits, looks at its mistakes, and tries a drawing."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.workspaces.images import ImagesWorkspace
from nn.data import digits, pen_strokes
from tests.driving import click, close_unsaved, draw
from tests.images_page import go, open_folder, typed, wait


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
