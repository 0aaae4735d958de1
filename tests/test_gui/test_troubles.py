"""Full disks, read-only folders, drives that vanish or hang, odd names, wrong clocks, garbage.

Each is said in the window in a sentence, the work is kept and still unsaved, and can be saved
elsewhere. The drives are real ones; where none may be mounted, those tests skip.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import gui.app
from gui.main_window import MainWindow
from nn.data import examples
from nn.data.download import data_folder
from nn.formats import archive
from tests.drives import Drive, mounted
from tests.driving import answer, click, draw, question, until_quiet


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    with ExitStack() as stack:
        try:
            made = stack.enter_context(mounted(tmp_path / "drive"))
        except OSError as error:
            pytest.skip(f"no drive can be mounted: {error}")
        yield made


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Callable[[], MainWindow]]:
    """Starts Brightwire, once more where it was started before."""
    made: list[MainWindow] = []

    def begin() -> MainWindow:
        window = gui.app.build(["brightwire"])
        made.append(window)
        qtbot.addWidget(window)
        window.resize(1024, 700)
        window.show()
        return window

    yield begin
    for window in made:
        window.end()


def teach(window: MainWindow, drawings: int = 2) -> None:
    """Draw some and train on them."""
    for drawing in examples.hands("X", drawings, seed=len(window.session.samples)):
        draw(window.sketch.board.canvas, drawing.strokes)
        click(window, "train_button")
    until_quiet(window)


def save(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """Save in a file as one does who has not saved yet, and wait for what is said."""
    window.messages.dismiss()
    window.actions_["save_as"].trigger()
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(QFileDialog)))
    name_it(window, path)
    qtbot.waitUntil(lambda: bool(window.messages.text))


def name_it(window: MainWindow, path: Path) -> None:
    dialog = next(d for d in window.findChildren(QFileDialog) if d.isVisible())
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    dialog.selectFile(str(path))  # keys would open a list of what the name could become
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)


def said(window: MainWindow, words: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: words in window.messages.text)


def is_unsaved(window: MainWindow) -> bool:
    window.document.look()
    return window.isWindowModified()


def drawings_in(path: Path) -> int:
    return len(archive.read(path).parts["sketch/samples.ndjson"])


def saved_elsewhere(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """Take up the offer in the message, and see that all of the work is in the new file."""
    click(window, "message_action")
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(QFileDialog)))
    name_it(window, path)
    qtbot.waitUntil(lambda: not is_unsaved(window))
    assert drawings_in(path) == len(window.session.samples)


# -- drives ------------------------------------------------------------------------------------


def test_a_drive_without_room_keeps_the_old_file_and_the_work(
    window: MainWindow, drive: Drive, qtbot: QtBot, tmp_path: Path
) -> None:
    path = drive.path / "letters.brightwire"
    teach(window)
    save(window, path, qtbot)
    teach(window, 1)
    drive.fill()
    window.actions_["save"].trigger()
    said(window, "no room left on the disk", qtbot)
    assert path.name in window.messages.text
    assert is_unsaved(window)
    assert drawings_in(path) == 2
    assert sorted(p.name for p in drive.path.glob("*letters*")) == [path.name]
    saved_elsewhere(window, tmp_path / "here.brightwire", qtbot)


def test_autosaves_without_room_are_said_once_and_go_on_when_there_is_room(
    window: MainWindow, drive: Drive, qtbot: QtBot
) -> None:
    window.document.keep_in(drive.path / "recovery", interval=200)
    drive.fill()
    teach(window)
    said(window, "not kept in case of a crash: there is no room left on the disk", qtbot)
    window.messages.dismiss()
    teach(window, 1)
    assert not list(drive.path.glob("recovery/*.brightwire"))
    drive.make_room()
    teach(window, 1)
    qtbot.waitUntil(lambda: bool(list(drive.path.glob("recovery/*.brightwire"))))
    (kept,) = drive.path.glob("recovery/*.brightwire")
    qtbot.waitUntil(lambda: drawings_in(kept) == 4)
    assert not window.messages.text


def test_a_drive_that_can_only_be_read_is_said(
    window: MainWindow, drive: Drive, qtbot: QtBot, tmp_path: Path
) -> None:
    path = drive.path / "letters.brightwire"
    teach(window)
    save(window, path, qtbot)
    teach(window, 1)
    drive.refuse()
    window.actions_["save"].trigger()
    said(window, "can only be read", qtbot)
    assert is_unsaved(window)
    assert drawings_in(path) == 2
    saved_elsewhere(window, tmp_path / "here.brightwire", qtbot)


def test_a_drive_that_is_pulled_out_is_said(
    window: MainWindow, drive: Drive, qtbot: QtBot, tmp_path: Path
) -> None:
    path = drive.path / "mine" / "letters.brightwire"
    path.parent.mkdir()
    teach(window)
    save(window, path, qtbot)
    teach(window, 1)
    drive.vanish()
    window.actions_["save"].trigger()
    said(window, "folder is not there any more", qtbot)
    assert is_unsaved(window)
    saved_elsewhere(window, tmp_path / "here.brightwire", qtbot)


def test_the_window_lives_and_keeps_the_work_while_a_drive_does_not_answer(
    window: MainWindow, drive: Drive, qtbot: QtBot, tmp_path: Path
) -> None:
    path = drive.path / "letters.brightwire"
    recovery = tmp_path / "kept"
    window.document.keep_in(recovery, interval=200)
    teach(window)
    save(window, path, qtbot)
    window.messages.dismiss()
    drive.freeze()
    try:
        teach(window, 1)
        window.actions_["save"].trigger()
        qtbot.wait(300)
        teach(window, 1)  # drawing and training go on
        assert len(window.session.samples) == 4
        (kept,) = recovery.glob("*.brightwire")
        qtbot.waitUntil(lambda: drawings_in(kept) == 4)  # and so do autosaves
        assert window.document.saving
    finally:
        drive.thaw()
    said(window, "Saved as letters", qtbot)
    assert drawings_in(path) == 3
    assert is_unsaved(window)


# -- files and names ---------------------------------------------------------------------------


def test_a_file_that_was_deleted_meanwhile_is_written_again(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "letters.brightwire"
    teach(window)
    save(window, path, qtbot)
    path.unlink()
    teach(window, 1)
    window.actions_["save"].trigger()
    qtbot.waitUntil(lambda: not is_unsaved(window))
    assert drawings_in(path) == 3


def test_a_file_that_was_replaced_meanwhile_is_asked_about(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "letters.brightwire"
    teach(window)
    save(window, path, qtbot)
    path.write_bytes(b"something else")
    teach(window, 1)
    window.actions_["save"].trigger()
    qtbot.waitUntil(lambda: question(window) is not None)
    answer(window, "Cancel")
    assert path.read_bytes() == b"something else"
    assert is_unsaved(window)


ODD = "  .a'b\"c&d%e#f;g$(h)`i`[j]{k}*?<l>|m\\n ä ß 漢字 🦡 \u202e\u0301 ~"


def test_a_name_of_odd_characters_is_saved_opened_and_told(
    window: MainWindow, start: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / f"{ODD}.brightwire"
    teach(window)
    window.document.save(path)
    said(window, "Saved as", qtbot)
    assert [p.name for p in tmp_path.glob("*.brightwire")] == [path.name]
    other = start()
    other.keeper.open_file(path)
    qtbot.waitUntil(lambda: len(other.session.samples) == 2)
    assert other.settings.recent[0] == str(path)
    assert ODD.strip() in other.windowTitle()


def test_a_path_of_250_characters_is_saved_and_opened(
    window: MainWindow, start: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / ("long " * 20).strip()
    folder.mkdir()
    room = 250 - len(str(folder)) - len("/.brightwire")
    path = folder / f"{'x' * max(room, 1)}.brightwire"
    teach(window)
    save(window, path, qtbot)
    other = start()
    other.keeper.open_file(path)
    qtbot.waitUntil(lambda: len(other.session.samples) == 2)


def test_a_name_that_is_too_long_is_said(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    teach(window)
    window.document.save(tmp_path / f"{'x' * 300}.brightwire")
    said(window, "name is too long", qtbot)
    assert is_unsaved(window)
    saved_elsewhere(window, tmp_path / "short.brightwire", qtbot)


# -- where things are kept ---------------------------------------------------------------------


def data() -> Path:
    """The folder of settings and of what is kept, as the app chooses it."""
    return data_folder()


@pytest.mark.parametrize("garbage", [b"\x00\xff\xfe" * 999, b'{"theme": [', b"[1, 2]", b""])
def test_settings_of_garbage_count_as_none(
    start: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path, garbage: bytes
) -> None:
    data().mkdir(parents=True, exist_ok=True)
    (data() / "settings.json").write_bytes(garbage)
    window = start()
    teach(window)
    save(window, tmp_path / "a.brightwire", qtbot)
    assert window.settings.theme == "system"
    assert start().settings.recent == [str(tmp_path / "a.brightwire")]


def test_a_folder_in_the_place_of_the_settings_does_no_harm(
    start: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    (data() / "settings.json").mkdir(parents=True)
    window = start()
    window.actions_["theme"].trigger()
    teach(window)
    save(window, tmp_path / "a.brightwire", qtbot)
    assert not is_unsaved(window)


def test_a_recovery_folder_that_can_not_be_had_is_said_and_files_are_saved(
    start: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    data().mkdir(parents=True, exist_ok=True)
    (data() / "recovery").write_text("no folder")
    window = start()
    said(window, "not kept in case of a crash", qtbot)
    teach(window)
    save(window, tmp_path / "a.brightwire", qtbot)
    assert drawings_in(tmp_path / "a.brightwire") == 2


def test_without_a_home_the_app_starts_and_saves(
    start: Callable[[], MainWindow],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/nonexistent")
    window = start()
    teach(window)
    save(window, tmp_path / "a.brightwire", qtbot)
    assert drawings_in(tmp_path / "a.brightwire") == 2


def test_a_clock_that_is_set_back_hides_nothing(
    start: Callable[[], MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = start()
    teach(older, 1)
    older.document.keep_now()

    class Past(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) - timedelta(days=400)

    monkeypatch.setattr(archive, "datetime", Past)
    monkeypatch.setattr(time, "time", lambda: 1.0)
    teach(older, 1)
    older.document.keep_now()
    newer = start()
    teach(newer, 3)
    newer.document.keep_now()
    newer.end()
    older.end()
    again = start()
    qtbot.waitUntil(lambda: again.findChild(QWidget, "recovery") is not None)
    assert [lost.drawings_in_all for lost in again.keeper.lost] == [3, 2]
    answer(again, "Bring back")
    qtbot.waitUntil(lambda: len(again.session.samples) == 3)
