"""Images that are kept and taken up again: the training to the last bit, the data set got again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.image_session import Origin
from gui.session import Session
from gui.workspaces.images import ImagesWorkspace
from nn.data import digits
from nn.data.drawings import Drawing
from nn.formats.archive import Parts
from tests.driving import draw
from tests.kept import differing, through_a_file
from tests.restoring import Said, making, refusals

SOON = 60_000  # milliseconds that anything may take on a busy machine
TEXT = "input 28x28x1\nflatten\ndense 12 relu\ndropout 0.3\ndense 10\nloss softmax"
SEVEN = [np.array([[0.0, 0.0], [1.0, 0.0], [0.4, 1.0]])]


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def make(
    qtbot: QtBot, said: Said, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[], ImagesWorkspace]]:
    """Makes workspaces as at the first start, with few drawn digits and no others at hand."""
    monkeypatch.setattr("gui.images.data_sources.DRAWN", 300)
    monkeypatch.delenv("BRIGHTWIRE_DATA", raising=False)
    monkeypatch.setattr("nn.data.download.place", lambda *_: tmp_path / "nowhere")
    with making(qtbot, lambda: ImagesWorkspace(session, said)) as one:
        yield one


@pytest.fixture
def images(make: Callable[[], ImagesWorkspace], qtbot: QtBot) -> ImagesWorkspace:
    return with_data(make(), qtbot)


def with_data(images: ImagesWorkspace, qtbot: QtBot) -> ImagesWorkspace:
    qtbot.waitUntil(lambda: images.session.dataset is not None, timeout=SOON)
    settled(images)
    return images


def settled(images: ImagesWorkspace) -> None:
    images.session.training.ask(lambda: None)
    QApplication.processEvents()
    images.pull()


def step(images: ImagesWorkspace, batches: int) -> None:
    """Press B so often."""
    for _ in range(batches):
        images.actions_["images_batch"].trigger()
    settled(images)


def write(images: ImagesWorkspace, text: str) -> None:
    """Replace the network's text from the keyboard, and apply it."""
    edit = images.network_panel.editor.edit
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for line in text.split("\n"):
        QTest.keyClicks(edit, line)
        QTest.keyClick(edit, Qt.Key.Key_Return)
    images.actions_["images_apply"].trigger()


def use_everything(images: ImagesWorkspace) -> None:
    write(images, TEXT)
    images.learn_page.boxes["shift"].click()
    images.learn_page.boxes["turn"].click()
    step(images, 5)
    images.actions_["images_clear"].trigger()  # a run that lies behind
    images.settings_panel.fields["batch_size"].setText("7")
    images.settings_panel.fields["batch_size"].commit()
    step(images, 20)
    images.settings_panel.fields["lr"].setText("0.5")
    images.settings_panel.fields["lr"].commit()
    images.settings_panel.fields["dropout"].setText("0.123456789")
    images.settings_panel.fields["dropout"].commit()
    step(images, 21)  # of 35 batches an epoch
    images.learn_page.set_end("epoch", 7)
    images.data_panel.split.split_changed.emit(0.2, 0.0)
    images.pages.setCurrentWidget(images.try_page)
    QApplication.processEvents()
    draw(images.try_page.canvas, SEVEN)
    QTest.keyClicks(images.network_panel.editor.edit, "# mine")


def weights(images: ImagesWorkspace) -> bytes:
    return images.session.training.ask(images.session.network.parameters.tobytes)


def test_everything_comes_back(
    images: ImagesWorkspace, make: Callable[[], ImagesWorkspace], qtbot: QtBot
) -> None:
    use_everything(images)
    parts = through_a_file(images.state()())
    other = make()
    other.restore(parts)
    assert differing(parts, other.state()()) == []  # though the pictures are still on their way
    with_data(other, qtbot)
    assert differing(parts, other.state()()) == []

    assert other.pages.currentWidget() is other.try_page
    qtbot.waitUntil(lambda: other.try_page.prediction.winner is not None)
    assert len(other.try_page.canvas.strokes()) == 1
    assert "# mine" in other.network_panel.editor.text()
    assert other.session.network.to_text().count("dropout") == 1
    assert other.settings_panel.fields["dropout"].text() == "0.123457"
    assert other.learn_page.boxes["shift"].isChecked()
    assert other.learn_page.end_of == ("epoch", 7.0)
    other.pages.setCurrentWidget(other.learn_page)
    now, before = other.session.training.progress, images.session.training.progress
    assert now.step == before.step == 46
    assert np.array_equal(now.rows, before.rows, equal_nan=True)
    assert now.marks == before.marks
    assert "learning rate 1 → 0.5" in [mark.text for mark in now.marks]
    assert now.train_accuracy == before.train_accuracy
    assert now.epoch == before.epoch
    assert other.session.last_run is not None
    assert len(other.session.last_run.rows) == 5


def test_a_training_goes_on_in_the_middle_of_an_epoch_as_if_it_had_never_stopped(
    images: ImagesWorkspace, make: Callable[[], ImagesWorkspace], qtbot: QtBot
) -> None:
    use_everything(images)
    other = make()
    other.restore(through_a_file(images.state()()))
    with_data(other, qtbot)
    for workspace in (images, other):
        step(workspace, 47)  # over the end of the epoch
    assert weights(images) == weights(other)
    one, two = images.state()(), other.state()()
    for parts in (one, two):  # how long a step took is another thing each time
        parts["meter.json"] |= {"forward": None, "backward": None}
    assert differing(one, two) == []


@pytest.mark.parametrize("optimizer", range(8))
def test_every_optimizer_remembers_what_it_knew(
    optimizer: int, images: ImagesWorkspace, make: Callable[[], ImagesWorkspace], qtbot: QtBot
) -> None:
    write(images, TEXT)
    images.settings_panel.optimizer.setCurrentIndex(optimizer)
    step(images, 4)
    other = make()
    other.restore(through_a_file(images.state()()))
    with_data(other, qtbot)
    for workspace in (images, other):
        step(workspace, 4)
    assert weights(images) == weights(other)


def test_the_pictures_of_mnist_may_come_later(
    images: ImagesWorkspace, make: Callable[[], ImagesWorkspace], said: Said, qtbot: QtBot
) -> None:
    """The session is told to miss them, keeps all else, and trains on once they are there."""
    mnist = digits.make(200, seed=5)
    images.sources.loaded.emit(Origin("mnist"), mnist)
    step(images, 6)
    parts = through_a_file(images.state()())
    other = make()
    other.restore(parts)
    assert said[-1] == (
        "MNIST is not on this computer. The network is kept: choose its pictures to go on."
    )
    assert said.action[0] == "Download"
    said.action[1]()
    dialog = next(w for w in QApplication.topLevelWidgets() if "MNIST" in w.windowTitle())
    dialog.close()
    assert other.session.dataset is None
    assert other.data_panel.menu.title == "MNIST"
    other.actions_["images_play"].trigger()
    assert said[-1].startswith("There is no data set")
    assert differing(parts, other.state()()) == []
    stamp = other.stamp()
    other.sources.loaded.emit(Origin("mnist"), mnist)
    settled(other)
    assert other.stamp() == stamp
    for workspace in (images, other):
        step(workspace, 9)
    assert weights(images) == weights(other)


def folder_of(place: Path, names: str) -> Path:
    chance = np.random.default_rng(0)
    for name in names:
        (place / name).mkdir(parents=True, exist_ok=True)
        for i in range(6):
            pixels = chance.integers(0, 256, (20, 20, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(place / name / f"{i}.png")
    return place


def test_a_folder_is_read_again_or_its_network_kept(
    images: ImagesWorkspace,
    make: Callable[[], ImagesWorkspace],
    said: Said,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    place = folder_of(tmp_path / "leaves", "ab")
    images.sources.open_folder(place, 16, 3)
    qtbot.waitUntil(lambda: images.session.origin.key == "folder", timeout=SOON)
    step(images, 3)
    parts = through_a_file(images.state()())
    trained = weights(images)

    other = with_folder(make(), parts, qtbot)
    assert other.data_panel.edge.value() == 16
    assert len(other.session.dataset) == 12
    for workspace in (images, other):
        step(workspace, 5)
    assert weights(images) == weights(other)

    folder_of(place, "c")
    other.restore(parts)
    qtbot.waitUntil(lambda: "no longer what it was" in said[-1], timeout=SOON)
    assert "There are 3 classes, but the network ends with 2." in said[-1]
    assert weights(other) == trained
    assert differing(parts, other.state()()) == []

    place.rename(tmp_path / "gone")
    other.restore(parts)
    qtbot.waitUntil(lambda: "no such folder" in said[-1], timeout=SOON)
    assert said.action[0] == "Choose a folder"
    assert weights(other) == trained


def with_folder(images: ImagesWorkspace, parts: Parts, qtbot: QtBot) -> Any:
    images.restore(parts)
    return with_data(images, qtbot)


def test_no_other_computer_is_asked_for_pictures(
    images: ImagesWorkspace, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = images.state()()
    parts["session.json"]["origin"] = {"key": "folder", "folder": r"\\stranger\pictures"}
    monkeypatch.setattr("nn.data.loading.loading", lambda *_: pytest.fail("it was opened"))
    images.restore(parts)
    assert said[-1].startswith(r"\\stranger\pictures lies on another computer.")


def test_drawings_from_sketch_are_taken_again(
    images: ImagesWorkspace, make: Callable[[], ImagesWorkspace], session: Session, said: Said
) -> None:
    for i in range(6):
        session.add_sample(Drawing([SEVEN[0] + i]), i % 2)
    images.sources.choose("drawings")
    write(images, "input 28x28x1\nflatten\ndense 2\nloss softmax")
    step(images, 2)
    parts = through_a_file(images.state()())
    other = make()
    other.restore(parts)
    for workspace in (images, other):
        step(workspace, 3)
    assert weights(images) == weights(other)
    for key in list(session.samples_by_id):
        session.delete_sample(key)
    other.restore(parts)
    assert said[-1].startswith("The drawings that the network learned from are gone.")
    assert other.session.dataset is None


def test_a_picture_that_was_brought_stays(
    images: ImagesWorkspace, make: Callable[[], ImagesWorkspace], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "three.png"
    Image.fromarray(digits.make(1, seed=3).images[0, 0]).save(path)
    images.try_page.try_file(path)
    images.pages.setCurrentWidget(images.try_page)
    other = make()
    other.restore(through_a_file(images.state()()))
    with_data(other, qtbot)
    settled(other)
    assert np.array_equal(other.try_page.picture, images.try_page.picture)
    qtbot.waitUntil(lambda: other.try_page.prediction.winner is not None)


def test_every_change_has_a_stamp_and_looking_has_none(
    images: ImagesWorkspace, qtbot: QtBot
) -> None:
    write(images, TEXT)
    settled(images)
    stamps = [images.stamp()]

    def changed() -> bool:
        settled(images)
        stamps.append(images.stamp())
        return stamps[-1] != stamps[-2]

    for page in range(5):
        images.pages.setCurrentIndex(page)
        QApplication.processEvents()
    images.state()()
    images.actions_["images_evaluate"].trigger()
    qtbot.waitUntil(lambda: not images.evaluator.running, timeout=SOON)
    assert not changed()
    for change in (
        lambda: step(images, 1),
        lambda: images.learn_page.boxes["zoom"].click(),
        lambda: images.settings_panel.optimizer.setCurrentIndex(0),
        lambda: images.data_panel.split.split_changed.emit(0.3, 0.1),
        lambda: images.learn_page.set_end("patience", 4),
        lambda: draw(images.try_page.canvas, SEVEN),
        images.try_page.canvas.undo,
        images.actions_["images_clear"].trigger,
        images.actions_["images_reseed"].trigger,
        lambda: write(images, TEXT.replace("12", "13")),
        lambda: images.sources.loaded.emit(Origin("mnist"), digits.make(50)),
    ):
        change()
        assert changed()


def test_the_stamp_of_what_was_kept_or_restored_stays(
    images: ImagesWorkspace, make: Callable[[], ImagesWorkspace], qtbot: QtBot
) -> None:
    use_everything(images)
    images.actions_["images_batch"].trigger()
    parts = images.state()()
    kept = images.stamp()
    other = make()
    other.restore(parts)
    restored = other.stamp()
    settled(images)
    with_data(other, qtbot)
    assert images.stamp() == kept
    assert other.stamp() == restored


def test_new_is_as_at_the_very_first_start(
    images: ImagesWorkspace, make: Callable[[], ImagesWorkspace], qtbot: QtBot
) -> None:
    first = with_data(make(), qtbot).state()()
    use_everything(images)
    images.restore({})
    with_data(images, qtbot)
    assert images.session.last_run is None
    assert differing(first, images.state()()) == []


@pytest.mark.parametrize("examples", [80, pytest.param(2000, marks=pytest.mark.long)])
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(
    images: ImagesWorkspace, examples: int
) -> None:
    use_everything(images)
    assert examples / 4 < len(refusals(images, settled, examples)) < examples
