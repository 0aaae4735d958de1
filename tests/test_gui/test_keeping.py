"""Session files in the window: saved, opened, asked about, as a person does it."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

import gui.app
from gui.header import SessionButton
from gui.main_window import MainWindow
from nn.data import examples
from nn.formats import archive
from tests.driving import answer, click, draw, drop, files, question, until_quiet

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def another(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Starts Brightwire once more, with words on its command line."""
    made: list[MainWindow] = []

    def start(*words: object) -> MainWindow:
        window = gui.app.build(["brightwire", *map(str, words)])
        made.append(window)
        qtbot.addWidget(window)
        window.resize(1024, 700)
        window.show()
        return window

    yield start
    for window in made:
        window.end()


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    """Press a key in the window, which this screen without windows may not have activated."""
    window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(window, key, modifiers)


def teach(window: MainWindow, drawings: int = 2) -> None:
    """Draw and train some of X and O in turn."""
    for i in range(drawings):
        QTest.keyClick(window, Qt.Key.Key_1 + i % 2)  # type: ignore[operator]
        draw(window.sketch.board.canvas, examples.hands("XO"[i % 2], drawings)[i].strokes)
        click(window, "train_button")
    until_quiet(window)


def header(window: MainWindow) -> str:
    """What the header says of the session."""
    button = window.findChild(SessionButton)
    assert isinstance(button, SessionButton)
    window.document.look()
    QApplication.processEvents()
    return button.text()


def unsaved(window: MainWindow) -> bool:
    told = "● unsaved" in header(window)
    assert told == window.isWindowModified()
    return told


def type_a_name(window: MainWindow, name: object, qtbot: QtBot) -> None:
    """Answer the file dialog that is open."""
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(QFileDialog)))
    dialog = next(d for d in window.findChildren(QFileDialog) if d.isVisible())
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    dialog.selectFile(str(name))  # keys would open a list of what the name could become
    field.setText(str(name))
    QTest.keyClick(field, Qt.Key.Key_Return)


def save_as(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_S, CTRL | SHIFT)
    type_a_name(window, path, qtbot)
    qtbot.waitUntil(lambda: window.document.path == path and not unsaved(window))


def open_by_key(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_O, CTRL)
    type_a_name(window, path, qtbot)


def asked(window: MainWindow) -> str:
    found = question(window)
    return "" if found is None else found.title.text()


@pytest.fixture
def letters(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Path:
    """A session file with two drawings; the window goes on with a new session."""
    path = tmp_path / "my letters.brightwire"
    teach(window)
    save_as(window, path, qtbot)
    press(window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: not window.session.samples)
    return path


# -- saving ------------------------------------------------------------------------------------


def test_a_window_that_was_not_touched_asks_nothing_and_leaves_nothing(
    window: MainWindow, tmp_path: Path
) -> None:
    window.show_workspace("points")
    window.show_workspace("sketch")
    window.close()
    assert question(window) is None
    assert not window.isVisible()
    assert not window.session.training.alive
    assert not list((tmp_path / "data/brightwire/recovery").iterdir())


def test_a_drawing_makes_the_session_unsaved_and_undo_makes_it_saved(window: MainWindow) -> None:
    assert header(window).startswith("Untitled")
    assert not unsaved(window)
    draw(window.sketch.board.canvas, examples.hands("X")[0].strokes[:1])
    assert unsaved(window)
    click(window, "undo_button")
    assert not unsaved(window)


def test_the_first_save_asks_for_a_name_and_adds_the_suffix(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    teach(window)
    press(window, Qt.Key.Key_S, CTRL)
    type_a_name(window, tmp_path / "letters", qtbot)
    qtbot.waitUntil(lambda: not unsaved(window))
    assert header(window).startswith("letters")
    assert window.windowTitle() == "letters[*] – Brightwire"
    assert "letters.brightwire" in window.messages.text
    saved = archive.read(tmp_path / "letters.brightwire")
    assert len(saved.parts["sketch/samples.ndjson"]) == 2
    assert saved.app.startswith("Brightwire")


def test_the_next_save_asks_nothing(window: MainWindow, letters: Path, qtbot: QtBot) -> None:
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: header(window).startswith("my letters"))
    teach(window, 1)
    assert unsaved(window)
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not unsaved(window))
    assert len(archive.read(letters).parts["sketch/samples.ndjson"]) == 3


def test_a_train_right_before_the_save_is_in_the_file(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: window.document.path == letters)
    click(window, "train_ten_button")
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "Saved" in window.messages.text)
    until_quiet(window)
    assert not unsaved(window)
    assert archive.read(letters).parts["sketch/trainer.json"]["steps"] == 12


def test_what_is_trained_while_it_is_saved_is_unsaved(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: window.document.path == letters)
    click(window, "train_all_button")
    qtbot.waitUntil(lambda: window.session.step_count > 50)
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "Saved" in window.messages.text)
    click(window, "pause_button")
    until_quiet(window)
    assert unsaved(window)


NO_ROOM = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_said_the_work_is_kept_and_another_place_offered(
    window: MainWindow, letters: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: window.document.path == letters)
    teach(window, 1)
    before = letters.read_bytes()

    def full(_: int) -> None:
        raise NO_ROOM

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        press(window, Qt.Key.Key_S, CTRL)
        qtbot.waitUntil(lambda: "no room left on the disk" in window.messages.text)
        assert letters.name in window.messages.text
    assert unsaved(window)
    assert letters.read_bytes() == before
    assert [path.name for path in letters.parent.glob("*letters*")] == [letters.name]
    assert len(window.session.samples) == 3
    click(window, "message_action")
    other = letters.with_name("elsewhere.brightwire")
    type_a_name(window, other, qtbot)
    qtbot.waitUntil(lambda: not unsaved(window))
    assert len(archive.read(other).parts["sketch/samples.ndjson"]) == 3


def test_a_folder_that_vanished_is_said_and_the_work_stays(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    teach(window)
    save_as(window, drive / "a.brightwire", qtbot)
    teach(window, 1)
    (drive / "a.brightwire").unlink()
    drive.rmdir()
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "folder is not there any more" in window.messages.text)
    assert unsaved(window)
    drive.mkdir()
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not unsaved(window))


# -- the question ------------------------------------------------------------------------------


def test_new_with_unsaved_work_asks_and_cancel_keeps_it(window: MainWindow) -> None:
    teach(window)
    press(window, Qt.Key.Key_N, CTRL)
    assert asked(window) == "Save the changes to “Untitled”?"
    found = question(window)
    QTest.keyClick(found, Qt.Key.Key_Escape)
    assert question(window) is None
    assert len(window.session.samples) == 2


def test_new_without_saving_begins_an_empty_session(window: MainWindow, qtbot: QtBot) -> None:
    teach(window)
    press(window, Qt.Key.Key_N, CTRL)
    answer(window, "Don't save")
    qtbot.waitUntil(lambda: not window.session.samples)
    assert window.session.step_count == 0
    assert not unsaved(window)
    assert header(window).startswith("Untitled")


def test_enter_saves_before_the_new_session_begins(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: window.document.path == letters)
    teach(window, 1)
    press(window, Qt.Key.Key_N, CTRL)
    QTest.keyClick(question(window), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.session.samples)
    assert len(archive.read(letters).parts["sketch/samples.ndjson"]) == 3


def test_quitting_asks_and_saves_a_session_that_has_no_name_yet(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    teach(window)
    press(window, Qt.Key.Key_Q, CTRL)
    assert window.isVisible()
    answer(window, "Save")
    type_a_name(window, tmp_path / "last.brightwire", qtbot)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(archive.read(tmp_path / "last.brightwire").parts["sketch/samples.ndjson"]) == 2
    assert not list((tmp_path / "data/brightwire/recovery").iterdir())


def test_quitting_stops_where_the_name_is_not_given(window: MainWindow, qtbot: QtBot) -> None:
    teach(window)
    window.close()
    answer(window, "Save")
    dialog = next(d for d in window.findChildren(QFileDialog) if d.isVisible())
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert window.isVisible()
    assert unsaved(window)


def test_a_save_that_fails_keeps_the_window_open(
    window: MainWindow, letters: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: window.document.path == letters)
    teach(window, 1)
    letters.unlink()
    letters.mkdir()
    window.close()
    answer(window, "Save")
    qtbot.waitUntil(lambda: window.messages.kind == "error" and bool(window.messages.text))
    assert window.isVisible()
    assert unsaved(window)


def test_closing_twice_asks_once(window: MainWindow) -> None:
    teach(window)
    window.close()
    window.close()
    answer(window, "Cancel")
    assert question(window) is None
    assert window.isVisible()


# -- opening -----------------------------------------------------------------------------------


def test_opening_brings_drawings_weights_steps_and_losses_back(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    weights = archive.read(letters).parts["sketch/trainer.npz"]["parameters"]
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: len(window.session.samples) == 2)
    until_quiet(window)
    assert np.array_equal(window.session.network.parameters, weights)
    qtbot.waitUntil(lambda: "step 2" in window._status_left.text())
    assert window.session.training.losses.count == 2
    assert not unsaved(window)
    click(window, "train_all_button")
    qtbot.waitUntil(lambda: window.session.step_count > 20)


def test_a_file_dropped_anywhere_is_opened_after_the_question(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    window.show_workspace("points")
    window.show_workspace("sketch")
    teach(window, 1)
    window.show_workspace("points")
    drop(window, files(letters))
    qtbot.waitUntil(lambda: bool(asked(window)))
    answer(window, "Don't save")
    qtbot.waitUntil(lambda: len(window.session.samples) == 2)
    assert window.workspace is window.sketch, "the workspace that was in front when it was saved"


def test_recent_files_are_offered_and_a_missing_one_is_said_and_dropped(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    def recent() -> list[str]:
        window.keeper.recent.aboutToShow.emit()
        return [action.text() for action in window.keeper.recent.actions()]

    assert recent() == ["my letters"]
    window.keeper.recent.actions()[0].trigger()
    qtbot.waitUntil(lambda: len(window.session.samples) == 2)
    press(window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: not window.session.samples)
    letters.unlink()
    recent()
    window.keeper.recent.actions()[0].trigger()
    qtbot.waitUntil(lambda: "is not there any more" in window.messages.text)
    assert recent() == ["Nothing yet"]


def test_a_file_named_at_the_start_is_opened(
    letters: Path, another: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = another(letters)
    qtbot.waitUntil(lambda: len(window.session.samples) == 2)
    qtbot.waitUntil(lambda: header(window).startswith("my letters"))


def test_a_missing_file_at_the_start_is_a_sentence_in_an_empty_session(
    another: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = another("nowhere.brightwire")
    qtbot.waitUntil(lambda: "nowhere.brightwire can't be opened" in window.messages.text)
    assert not window.session.samples
    assert not unsaved(window)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"{}", bytes(10_000)])
def test_a_broken_file_is_said_before_anything_is_asked_and_changes_nothing(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, content: bytes
) -> None:
    teach(window)
    path = tmp_path / "broken.brightwire"
    path.write_bytes(content)
    drop(window, files(path))
    qtbot.waitUntil(lambda: "broken.brightwire" in window.messages.text)
    assert window.messages.kind == "error"
    assert not asked(window)
    assert len(window.session.samples) == 2
    assert header(window).startswith("Untitled")


def test_parts_that_do_not_fit_change_nothing(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    parts = archive.read(letters).parts
    parts["sketch/settings.json"]["label"] = 7
    archive.write(letters, parts)
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: "label" in window.messages.text)
    assert not window.session.samples
    assert header(window).startswith("Untitled")


def test_a_newer_version_is_refused_in_a_sentence(
    window: MainWindow, letters: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = archive.read(letters).parts
    with monkeypatch.context() as patch:
        patch.setattr(archive, "VERSION", archive.VERSION + 1)
        archive.write(letters, parts, "Brightwire 9.0")
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: "update the app" in window.messages.text)
    assert "Brightwire 9.0" in window.messages.text


def test_an_older_version_opens(
    window: MainWindow, letters: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = archive.read(letters).parts
    old = {name.removeprefix("sketch/"): part for name, part in parts.items() if "sketch/" in name}
    with monkeypatch.context() as patch:
        patch.setattr(archive, "VERSION", 0)
        archive.write(letters, old, "Brightwire 0.0.1")
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: len(window.session.samples) == 2)


# -- other windows, other workspaces -----------------------------------------------------------


def test_what_another_window_saved_meanwhile_is_not_overwritten_unasked(
    window: MainWindow, letters: Path, another: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    other = another(letters)
    open_by_key(window, letters, qtbot)
    for one in (window, other):
        qtbot.waitUntil(lambda one=one: len(one.session.samples) == 2)
    teach(other, 1)
    press(other, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not unsaved(other))
    teach(window, 2)
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "changed by another program" in asked(window))
    assert len(archive.read(letters).parts["sketch/samples.ndjson"]) == 3
    answer(window, "Cancel")
    assert unsaved(window)
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: bool(asked(window)))
    answer(window, "Replace")
    qtbot.waitUntil(lambda: not unsaved(window))
    assert len(archive.read(letters).parts["sketch/samples.ndjson"]) == 4


def test_the_workspace_in_front_comes_back_and_parts_of_others_stay_as_they_were(
    window: MainWindow, letters: Path, another: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    parts = archive.read(letters).parts
    parts["session.json"] = {"front": "points"}
    parts["images/what.json"] = {"later": [1, 2]}
    parts["music/notes.ndjson"] = ["c", "d"]  # of a workspace that we don't know
    archive.write(letters, parts)
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: window.document.path == letters)
    assert window.contents.front == "points"
    window.show_workspace("sketch")
    teach(window, 1)
    press(window, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not unsaved(window))
    again = archive.read(letters).parts
    for name in ("images/what.json", "music/notes.ndjson"):
        assert again[name] == parts[name]
    assert again["session.json"] == {"front": "sketch"}


def test_a_workspace_whose_parts_do_not_fit_begins_empty_and_the_file_is_left_alone(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    parts = archive.read(letters).parts
    parts["points/points.json"] = "nonsense"
    archive.write(letters, parts)
    before = letters.read_bytes()
    open_by_key(window, letters, qtbot)
    qtbot.waitUntil(lambda: window.document.path == letters)
    window.show_workspace("points")
    assert "Points begins empty" in window.messages.text
    press(window, Qt.Key.Key_S, CTRL)
    assert any(d.isVisible() for d in window.findChildren(QFileDialog)), "a new name is asked for"
    assert letters.read_bytes() == before


def test_a_long_name_is_shortened_in_its_middle_and_told_whole(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.resize(1024, 700)
    teach(window)
    name = "the letters that I drew in the long summer of the year 2026"
    save_as(window, tmp_path / f"{name}.brightwire", qtbot)
    QTest.keyClick(window, Qt.Key.Key_1 + 1)  # type: ignore[operator]
    teach(window, 1)
    button = window.header.session
    qtbot.waitUntil(lambda: "…" in header(window))
    assert unsaved(window)
    assert name in button.toolTip()
    assert name in button.accessibleName()
    assert window.width() == 1024
    room = button.fontMetrics().horizontalAdvance(button.text())
    assert room <= button.width()
