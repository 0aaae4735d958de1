"""Photo that is kept and taken up again: the network, a training that rests, pictures, photos."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.photo_data import Credit, PhotoData
from gui.session import Session
from gui.workspaces.photo import PhotoWorkspace
from nn.data import painted
from tests.driving import click
from tests.kept import differing, through_a_file
from tests.restoring import Said, making, refusals

SOON = 60_000  # milliseconds that anything may take on a busy machine


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def make(
    qtbot: QtBot, said: Said, session: Session, tmp_path: Path
) -> Iterator[Callable[[], PhotoWorkspace]]:
    """Makes workspaces as at the first start, each with a first photo."""

    def new() -> PhotoWorkspace:
        return PhotoWorkspace(session, said, cache=Path(mkdtemp(dir=tmp_path)))

    with making(qtbot, new) as one:

        def ready() -> PhotoWorkspace:
            workspace = one()
            qtbot.waitUntil(lambda: workspace.look_page.photo is not None, timeout=SOON)
            settled(workspace)
            return workspace

        yield ready


@pytest.fixture
def photo(make: Callable[[], PhotoWorkspace]) -> PhotoWorkspace:
    return make()


def settled(photo: PhotoWorkspace) -> None:
    photo.session.training.ask(lambda: None)
    QApplication.processEvents()
    photo.pull()


def weights(photo: PhotoWorkspace) -> bytes:
    return photo.session.training.ask(photo.session.network.parameters.tobytes)


def pictures(count: int) -> PhotoData:
    """Painted badgers and beards, with credits."""
    made = [painted.sample(seed, seed % 2, 32) for seed in range(count)]
    credits = [Credit(f"number {i}", "a painter") for i in range(count)]
    labels = np.arange(count) % 2
    return PhotoData("My pictures", np.stack(made), labels, ["badger", "beard"], credits, "A note.")


def begin_training(photo: PhotoWorkspace, qtbot: QtBot, epochs: int, steps: int) -> None:
    """Press Train, and stop the thread in the middle of it."""
    photo.pages.setCurrentWidget(photo.train_page)
    photo.train_page.epochs.set_value(epochs)
    click(photo, "photo_train_button")
    qtbot.waitUntil(lambda: photo.session.training.state.step >= steps, timeout=SOON)
    photo.session.training.pause()
    settled(photo)
    assert photo.session.training.is_unfinished


def write_photos(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"photo{i}.png" for i in range(count)]
    for seed, path in enumerate(paths):
        pixels = painted.sample(seed, seed % 2, 90).transpose(1, 2, 0)
        Image.fromarray(np.ascontiguousarray(pixels[:60])).save(path)
    return paths


def open_photos(photo: PhotoWorkspace, paths: list[Path], qtbot: QtBot) -> None:
    photo.opener.open_paths(paths)
    qtbot.waitUntil(lambda: shown_name(photo) == paths[0].name, timeout=SOON)
    if len(paths) > 1:
        qtbot.waitUntil(lambda: len(photo.look_page.shelf.tray.rows) == len(paths), timeout=SOON)


def shown_name(photo: PhotoWorkspace) -> str:
    opened = photo.look_page.photo
    return "" if opened is None else opened.source.name


def use_everything(photo: PhotoWorkspace, qtbot: QtBot, tmp_path: Path) -> None:
    photo.session.set_data(pictures(24))
    begin_training(photo, qtbot, 9, 50)
    photo.pages.setCurrentWidget(photo.data_page)
    wall = photo.data_page._columns[0].wall
    wall.setFocus()
    QTest.keyClick(wall, Qt.Key.Key_Home)
    QTest.keyClick(wall, Qt.Key.Key_Delete)
    QTest.keyClick(wall, Qt.Key.Key_2)
    open_photos(photo, write_photos(tmp_path, 3), qtbot)
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Plus)
    photo.look_page.why.setCurrentIndex(2)
    photo.train_page.variety.setCurrentIndex(1)
    settled(photo)


def test_everything_comes_back(
    photo: PhotoWorkspace,
    make: Callable[[], PhotoWorkspace],
    qtbot: QtBot,
    said: Said,
    tmp_path: Path,
) -> None:
    use_everything(photo, qtbot, tmp_path)
    parts = through_a_file(photo.state()())
    other = make()
    other.restore(parts)
    settled(other)
    assert differing(parts, through_a_file(other.state()())) == []

    look, before = other.look_page, photo.look_page
    assert other.pages.currentWidget() is look
    assert shown_name(other) == "photo0.png"
    assert look.photo_view.crop == before.photo_view.crop
    assert np.array_equal(look.seen, before.seen)
    qtbot.waitUntil(lambda: look.prediction_view.winner is not None, timeout=SOON)
    assert look.prediction_view.winner == before.prediction_view.winner
    qtbot.waitUntil(lambda: len(look.shelf.tray.rows) == 3, timeout=SOON)
    qtbot.waitUntil(lambda: look.photo_view.has_heat, timeout=SOON)
    data = other.session.data
    assert data is not None
    assert data.counts() == [10, 13]
    assert data.edited
    assert data.credits[5] == Credit("number 5", "a painter")
    assert "My pictures: 23 pictures" in other.data_page.facts.text()
    page = other.train_page
    other.pages.setCurrentWidget(page)
    assert page.epochs.text() == "9"
    assert page.variety.currentText() == "some"
    assert page.train_button.text() == "Go on"
    assert page.numbers["Epoch"].text() == photo.train_page.numbers["Epoch"].text()
    assert np.array_equal(page.plot._rows, parts["curves.npz"]["rows"], equal_nan=True)
    assert said[-1].startswith("A training rests in epoch ")


def test_a_training_that_rested_ends_as_if_it_had_never_stopped(
    photo: PhotoWorkspace,
    make: Callable[[], PhotoWorkspace],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.photo_why.FEWEST_TO_JUDGE", 2)
    photo.session.set_data(pictures(20))
    begin_training(photo, qtbot, 40, 300)
    parts = through_a_file(photo.state()())
    other = make()
    other.restore(parts)
    other.pages.setCurrentWidget(other.train_page)
    for workspace in (photo, other):
        begun = workspace.session.training.state.step
        with qtbot.waitSignal(workspace.session.training.ended, timeout=SOON):
            click(workspace, "photo_train_button")
        qtbot.waitUntil(lambda: workspace.session.familiarity is not None, timeout=SOON)  # noqa: B023
        assert begun < workspace.session.training.state.step == 640
        assert workspace.train_page.train_button.text() == "Train"
    assert weights(photo) == weights(other)
    kept = [workspace.session.familiarity for workspace in (photo, other)]
    assert kept[0].threshold == kept[1].threshold

    third = make()
    third.restore(through_a_file(other.state()()))
    assert weights(third) == weights(other)
    assert third.session.words == other.session.words
    assert "20 pictures of “My pictures”" in third.session.words
    assert np.array_equal(third.session.familiarity.centres, kept[1].centres)
    third.pages.setCurrentWidget(third.train_page)
    assert third.train_page.train_button.text() == "Train"


def test_a_training_that_rests_can_be_stopped_with_its_best_weights(
    photo: PhotoWorkspace, make: Callable[[], PhotoWorkspace], qtbot: QtBot, said: Said
) -> None:
    photo.session.set_data(pictures(20))
    begin_training(photo, qtbot, 50, 100)
    other = make()
    other.restore(through_a_file(photo.state()()))
    other.pages.setCurrentWidget(other.train_page)
    for workspace in (photo, other):
        workspace.train_page._on_running_changed(False)
        click(workspace, "photo_stop_button")
        settled(workspace)
        assert not workspace.session.training.is_unfinished
    assert "stopped; the weights are those of epoch" in said[-1]
    assert weights(photo) == weights(other)


def test_the_network_that_ships_is_not_in_the_file(
    photo: PhotoWorkspace, make: Callable[[], PhotoWorkspace]
) -> None:
    parts = photo.state()()
    assert not any(name.startswith("trainer") for name in parts)
    other = make()
    other.restore(through_a_file(parts))
    settled(other)
    assert weights(other) == weights(photo)
    assert other.session.words == photo.session.words
    assert shown_name(other) == shown_name(photo)


def test_photos_whose_files_are_gone_are_shown_as_the_network_saw_them(
    photo: PhotoWorkspace, make: Callable[[], PhotoWorkspace], qtbot: QtBot, tmp_path: Path
) -> None:
    paths = write_photos(tmp_path, 3)
    open_photos(photo, paths, qtbot)
    parts = through_a_file(photo.state()())
    paths[1].unlink()
    other = make()
    other.restore(parts)
    opened = other.look_page
    qtbot.waitUntil(lambda: len(opened.shelf.tray.rows) == 3, timeout=SOON)
    QTest.keyClick(opened.photo_view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: shown_name(other) == "photo1.png", timeout=SOON)
    assert (opened.photo.width, opened.photo.height) == (32, 32)
    assert np.array_equal(opened.seen, photo.look_page.batch.images[1])
    QTest.keyClick(opened.photo_view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: shown_name(other) == "photo2.png", timeout=SOON)
    assert (opened.photo.width, opened.photo.height) == (90, 60)

    again = make()
    again.restore(through_a_file(other.state()()))
    qtbot.waitUntil(lambda: again.look_page.shelf.tray.current_row == 2, timeout=SOON)
    assert shown_name(again) == "photo2.png"


def test_what_is_not_kept_is_told(
    photo: PhotoWorkspace,
    make: Callable[[], PhotoWorkspace],
    qtbot: QtBot,
    said: Said,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo.session.set_data(pictures(10))
    open_photos(photo, write_photos(tmp_path, 5), qtbot)
    monkeypatch.setattr("gui.photo_parts.MOST_BYTES", 20_000)
    monkeypatch.setattr("gui.photo_parts.MOST_OPENED", 2)
    other = make()
    said.clear()
    other.restore(through_a_file(photo.state()()))
    assert said == [
        "Of 5 photos that were open the first 2 are here again; the others are in their folder.",
        "The data set “My pictures” was too large for the session file: open it again.",
    ]
    assert other.session.data is None


def test_every_change_has_a_stamp_and_looking_has_none(
    photo: PhotoWorkspace, qtbot: QtBot, tmp_path: Path
) -> None:
    stamps = [photo.stamp()]

    def changed() -> bool:
        settled(photo)
        stamps.append(photo.stamp())
        return stamps[-1] != stamps[-2]

    for page in range(4):
        photo.pages.setCurrentIndex(page)
        QApplication.processEvents()
    photo.look_page.show_random()
    qtbot.waitUntil(lambda: not photo.opener.busy, timeout=SOON)
    photo.state()()
    assert not changed()
    data = pictures(20)
    for change in (
        lambda: open_photos(photo, write_photos(tmp_path, 1), qtbot),
        lambda: photo.session.set_data(data),
        lambda: photo.data_page._on_moved(0, 1),
        lambda: photo.actions_["photo_undo"].trigger(),
        lambda: photo.train_page.start.setCurrentIndex(1),
        lambda: begin_training(photo, qtbot, 30, 20),
        lambda: photo.actions_["photo_stop"].trigger(),
        lambda: photo.train_page.load_shipped(),
    ):
        change()
        assert changed()


def test_the_stamp_of_what_was_kept_or_restored_stays(
    photo: PhotoWorkspace, make: Callable[[], PhotoWorkspace], qtbot: QtBot, tmp_path: Path
) -> None:
    use_everything(photo, qtbot, tmp_path)
    parts = photo.state()()
    kept = photo.stamp()
    other = make()
    other.restore(parts)
    restored = other.stamp()
    for workspace in (photo, other):
        settled(workspace)
    assert photo.stamp() == kept
    assert other.stamp() == restored


def test_new_is_as_at_the_very_first_start(
    photo: PhotoWorkspace, make: Callable[[], PhotoWorkspace], qtbot: QtBot, tmp_path: Path
) -> None:
    first = weights(make())
    use_everything(photo, qtbot, tmp_path)
    photo.restore({})
    assert weights(photo) == first
    assert photo.session.data is None
    qtbot.waitUntil(lambda: photo.look_page.photo is not None, timeout=SOON)
    assert "Painted by this app" in photo.look_page.origin.text()
    assert photo.train_page.epochs.text() == "30"
    assert photo.pages.currentWidget() is photo.look_page
    assert not photo.look_page.shelf.opened_chip.isVisible()


@pytest.mark.parametrize("examples", [80, pytest.param(2000, marks=pytest.mark.long)])
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(
    photo: PhotoWorkspace, qtbot: QtBot, tmp_path: Path, examples: int
) -> None:
    use_everything(photo, qtbot, tmp_path)
    assert examples / 4 < len(refusals(photo, settled, examples)) < examples
