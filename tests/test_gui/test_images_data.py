"""Data sets come and go on Images, and their pictures are tested and looked through."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.picture_rows import Wanted
from gui.widgets.download_dialog import DownloadDialog
from gui.workspaces.images import ImagesWorkspace
from nn.data import examples
from tests.driving import click, find
from tests.images_page import go, open_folder, wait


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
    go(images, 0)
    click(window, "predict_button")
    wait(qtbot, lambda: "all" in images.evaluator.results)
    result, dataset = images.evaluator.results["all"], images.session.dataset
    assert dataset is not None
    images.data_page.show_rows("all", Wanted(label=3, outcome="wrong"))
    rows = images.data_page.wall.rows
    expected = (dataset.labels == 3) & (result.predicted != 3)
    assert np.array_equal(rows, np.flatnonzero(expected))


def test_drawings_from_sketch_become_a_data_set(
    window: MainWindow, images: ImagesWorkspace, qtbot: QtBot
) -> None:
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
