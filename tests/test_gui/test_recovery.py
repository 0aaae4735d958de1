"""What is kept in case of a crash, and how it comes back."""

import errno
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

import gui.app
from gui.keeping import files
from gui.keeping.recovery import Recovery
from gui.keeping.slot import Note, Slot, find
from gui.main_window import MainWindow
from nn.data import examples
from nn.formats import archive
from nn.formats.archive import Parts
from tests.crash import Doomed
from tests.driving import answer, click, draw, until_quiet

Start = Callable[..., MainWindow]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where things are kept in case of a crash."""
    return tmp_path / "data" / "brightwire" / "recovery"


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    """Starts Brightwire, with words on its command line."""
    made: list[MainWindow] = []

    def begin(*words: object) -> MainWindow:
        window = gui.app.build(["brightwire", *map(str, words)])
        window.settings.hints_seen = True
        made.append(window)
        qtbot.addWidget(window)
        window.resize(1024, 700)
        window.show()
        return window

    yield begin
    for window in made:
        window.end()


def teach(window: MainWindow, drawings: int = 2) -> None:
    for i in range(drawings):
        window.sketch.choose_label(i % 2)
        draw(window.sketch.board.canvas, examples.hands("XO"[i % 2], drawings)[i].strokes)
        click(window, "train_button")
    until_quiet(window)


def offered(window: MainWindow) -> str:
    """What the window asks after a crash; empty while it asks nothing."""
    found = [dialog for dialog in window.findChildren(Recovery) if dialog.isVisible()]
    return found[0].title.text() if found else ""


def kept(folder: Path) -> list[Path]:
    """All whole autosaves."""
    return sorted(folder.glob("*.brightwire")) if folder.is_dir() else []


def crash(window: MainWindow) -> None:
    """End a window and leave all as a crash does."""
    window.end()


def lines(folder: Path) -> list[Parts]:
    """All lines of all journals."""
    found = [path.read_text().splitlines() for path in sorted(folder.glob("*.journal"))]
    return [json.loads(line) for of_one in found for line in of_one if line]


# -- keeping -----------------------------------------------------------------------------------


def test_a_drawing_is_on_the_disk_before_its_step_is_done(start: Start, folder: Path) -> None:
    window = start()
    seen: list[int] = []
    window.session.training.post(lambda: None)
    window.sketch.board.canvas.set_strokes(examples.hands("X")[0].strokes)
    step = window.session.training._worker.train
    window.session.training._worker.train = (  # type: ignore[method-assign]
        lambda *a: (seen.append(len(lines(folder))), step(*a))[1]
    )
    click(window, "train_button")
    until_quiet(window)
    assert seen == [1]
    (line,) = lines(folder)
    assert (line["id"], line["label"], line["class"]) == (0, 0, "X")


def test_soon_after_train_the_session_is_kept_and_the_journal_is_empty_again(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    window = start()
    teach(window)
    qtbot.waitUntil(lambda: len(kept(folder)) == 1 and not lines(folder))
    parts = archive.read(kept(folder)[0]).parts
    assert len(parts["sketch/samples.ndjson"]) == 2
    assert parts["recovery.json"]["path"] is None
    assert window.document.dirty, "what is kept for a crash is not saved"


def test_what_is_changed_without_train_is_kept_at_the_next_interval(
    start: Start, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = start()
    window.document._clock.start(50)
    window.sketch.choose_label(1)
    qtbot.waitUntil(lambda: len(kept(folder)) == 1)
    before = kept(folder)[0].read_bytes()
    qtbot.wait(300)
    assert kept(folder)[0].read_bytes() == before, "nothing changed since"
    window.sketch.choose_label(0)
    qtbot.waitUntil(lambda: kept(folder)[0].read_bytes() != before)


def test_the_persons_own_file_is_not_touched_by_an_autosave(
    start: Start, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = start()
    teach(window)
    path = tmp_path / "mine.brightwire"
    window.document.save(path)
    qtbot.waitUntil(lambda: not window.document.dirty and window.document.path == path)
    before = path.read_bytes()
    teach(window, 1)
    qtbot.waitUntil(lambda: not lines(folder))
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said_once_and_the_app_goes_on(
    tmp_path: Path, start: Start, qtbot: QtBot
) -> None:
    place = tmp_path / "data" / "brightwire"
    place.mkdir(parents=True)
    (place / "recovery").write_text("a file where a folder should be")
    window = start()
    assert "not kept in case of a crash" in window.messages.text
    window.messages.dismiss()
    teach(window)
    qtbot.wait(600)
    assert not window.messages.isVisible()
    assert len(window.session.samples) == 2


def test_a_disk_that_fills_up_is_said_once_and_keeping_goes_on_when_there_is_room(
    start: Start, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    window = start()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        teach(window)
        qtbot.waitUntil(lambda: "no room left on the disk" in window.messages.text)
        window.messages.dismiss()
        teach(window, 1)
        qtbot.wait(600)
        assert not window.messages.isVisible()
    assert len(lines(folder)) == 3, "the journal has what no autosave could keep"
    teach(window, 1)
    qtbot.waitUntil(lambda: len(kept(folder)) == 1 and not lines(folder))


def test_logging_out_keeps_what_there_is(start: Start, folder: Path) -> None:
    window = start()
    window.sketch.choose_label(1)
    window.document.keep_now()
    assert archive.read(kept(folder)[0]).parts["sketch/settings.json"]["label"] == 1


# -- after a crash -----------------------------------------------------------------------------


def test_what_was_lost_is_offered_and_comes_back_unsaved(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    window = start()
    teach(window)
    qtbot.waitUntil(lambda: len(kept(folder)) == 1)
    weights = window.session.training.ask(window.session.network.parameters.copy)
    crash(window)
    again = start()
    qtbot.waitUntil(lambda: bool(offered(again)))
    assert "Brightwire ended unexpectedly. Bring back a new session of" in offered(again)
    assert "with 2 drawings?" in offered(again)
    answer(again, "Bring back")
    qtbot.waitUntil(lambda: len(again.session.samples) == 2)
    until_quiet(again)
    assert np.array_equal(again.session.network.parameters, weights)
    assert again.session.step_count == 2
    assert again.document.dirty
    again.close()
    answer(again, "Don't save")
    assert not list(folder.iterdir())


def test_what_was_lost_still_belongs_to_its_file(
    start: Start, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "my letters.brightwire"
    window = start()
    teach(window)
    window.document.save(path)
    qtbot.waitUntil(lambda: window.document.path == path)
    teach(window, 1)
    crash(window)
    assert len(archive.read(path).parts["sketch/samples.ndjson"]) == 2
    again = start(path)
    qtbot.waitUntil(lambda: "“my letters”" in offered(again))
    answer(again, "Bring back")
    qtbot.waitUntil(lambda: len(again.session.samples) == 3)
    assert again.document.path == path
    again.keeper.save()
    qtbot.waitUntil(lambda: not again.document.dirty)
    assert len(archive.read(path).parts["sketch/samples.ndjson"]) == 3


def test_what_is_brought_back_while_a_file_is_still_opening_comes_after_it(
    start: Start, folder: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "slow.brightwire"
    window = start()
    teach(window)
    window.document.save(path)
    qtbot.waitUntil(lambda: window.document.path == path)
    teach(window, 1)
    crash(window)
    offer_is_answered, load = threading.Event(), files.load

    def load_slowly(path: Path) -> files.Loaded:
        assert offer_is_answered.wait(30)
        return load(path)

    monkeypatch.setattr(files, "load", load_slowly)  # a slow drive
    again = start(path)
    qtbot.waitUntil(lambda: "“slow”" in offered(again))
    answer(again, "Bring back")
    offer_is_answered.set()
    qtbot.waitUntil(lambda: len(again.session.samples) == 3)


def test_what_was_saved_is_not_offered(
    start: Start, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "saved.brightwire"
    window = start()
    teach(window)
    window.document.save(path)
    qtbot.waitUntil(lambda: not window.document.dirty and len(kept(folder)) == 1)
    window.document._slots.wait()
    crash(window)
    again = start()
    qtbot.waitUntil(lambda: not kept(folder))
    assert not offered(again)
    assert not again.keeper.lost


def test_a_saved_session_is_offered_when_its_file_is_gone(
    start: Start, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "saved.brightwire"
    window = start()
    teach(window)
    window.document.save(path)
    qtbot.waitUntil(lambda: not window.document.dirty and len(kept(folder)) == 1)
    window.document._slots.wait()
    crash(window)
    path.unlink()
    again = start()
    qtbot.waitUntil(lambda: "“saved”" in offered(again))


def test_not_now_leaves_it_for_the_next_start_and_for_the_menu(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    window = start()
    teach(window)
    crash(window)
    again = start()
    qtbot.waitUntil(lambda: bool(offered(again)))
    dialog = next(iter(again.findChildren(Recovery)))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not offered(again)
    again.header.session.menu().aboutToShow.emit()
    assert again.actions_["lost"].isVisible()
    again.actions_["lost"].trigger()
    assert offered(again)
    answer(again, "Not now")
    again.close()
    third = start()
    qtbot.waitUntil(lambda: "with 2 drawings" in offered(third))


def test_forgetting_removes_it(start: Start, folder: Path, qtbot: QtBot) -> None:
    window = start()
    teach(window)
    crash(window)
    again = start()
    qtbot.waitUntil(lambda: bool(offered(again)))
    answer(again, "Forget it")
    assert not offered(again)
    again.close()
    assert not list(folder.iterdir())


def test_of_several_one_is_chosen_and_the_others_stay(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    for drawings in (1, 2, 3):
        window = start()
        teach(window, drawings)
        crash(window)
        shutil.move(folder, folder.with_name(f"kept{drawings}"))
    for drawings in (1, 2, 3):
        shutil.copytree(folder.with_name(f"kept{drawings}"), folder, dirs_exist_ok=True)
    again = start()
    qtbot.waitUntil(lambda: "Which session" in offered(again))
    rows = again.findChild(QListWidget, "recovery_list")
    assert isinstance(rows, QListWidget)
    counts = [rows.item(i).text().split(" with ")[1] for i in range(rows.count())]
    assert sorted(counts) == ["1 drawing", "2 drawings", "3 drawings"]
    rows.setCurrentRow(counts.index("2 drawings"))
    answer(again, "Bring back")
    qtbot.waitUntil(lambda: len(again.session.samples) == 2)
    assert len(again.keeper.lost) == 2


def test_two_windows_keep_their_work_apart(start: Start, folder: Path, qtbot: QtBot) -> None:
    one, other = start(), start()
    teach(one, 1)
    teach(other, 3)
    qtbot.waitUntil(lambda: len(kept(folder)) == 2 and not lines(folder))
    counts = [len(archive.read(p).parts["sketch/samples.ndjson"]) for p in kept(folder)]
    assert sorted(counts) == [1, 3]
    third = start()
    qtbot.wait(300)
    assert not offered(third), "both windows are alive"
    crash(one)
    fourth = start()
    qtbot.waitUntil(lambda: "with 1 drawing" in offered(fourth))


def test_a_clock_set_back_changes_nothing(start: Start, folder: Path, qtbot: QtBot) -> None:
    old = start()
    teach(old, 1)
    crash(old)
    long_ago = time.time() - 10 * 365 * 24 * 3600
    new = start()
    qtbot.waitUntil(lambda: bool(offered(new)))
    answer(new, "Not now")
    teach(new, 2)
    crash(new)
    newest = max(path.name for path in folder.iterdir()).split(".")[0]
    for path in folder.glob(f"{newest}.*"):
        os.utime(path, (long_ago, long_ago))
    again = start()
    qtbot.waitUntil(lambda: len(again.keeper.lost) == 2)
    assert [lost.drawings_in_all for lost in again.keeper.lost] == [2, 1], "newest first"


# -- slots -------------------------------------------------------------------------------------


def drawing(key: int) -> Parts:
    return {"id": key, "label": 0, "strokes": [[[0.0, 1.0], [2.0, 3.0]]], "class": "X"}


def session(*keys: int) -> Parts:
    return {"sketch/samples.ndjson": [drawing(key) for key in keys]}


def test_drawings_that_come_while_an_autosave_is_written_are_kept(tmp_path: Path) -> None:
    slot = Slot.begin(tmp_path)
    slot.append(0, drawing(0))
    slot.append(1, drawing(1))  # after the autosave took its parts, before it is written
    slot.write(session(0), Note(generation=1))
    slot.leave()
    (lost,) = find(tmp_path)
    assert [value["id"] for value in lost.drawings] == [1]
    assert lost.drawings_in_all == 2


def test_a_drawing_that_was_deleted_before_the_autosave_does_not_come_back(tmp_path: Path) -> None:
    slot = Slot.begin(tmp_path)
    slot.append(0, drawing(0))
    slot.append(0, drawing(1))
    journal = next(tmp_path.glob("*.journal"))
    torn = journal.read_bytes()
    slot.write(session(0), Note(generation=1))
    journal.write_bytes(torn)  # killed between the autosave and the end of the journal
    slot.leave()
    (lost,) = find(tmp_path)
    assert not lost.drawings


def test_a_line_that_was_torn_off_spoils_no_other(tmp_path: Path) -> None:
    slot = Slot.begin(tmp_path)
    for key in range(3):
        slot.append(0, drawing(key))
    journal = next(tmp_path.glob("*.journal"))
    whole = journal.read_bytes()
    slot.leave()
    found = set()
    for cut in range(len(whole)):
        journal.write_bytes(whole[:cut] + b"\n" + json.dumps(drawing(9)).encode() + b"\n")
        (lost,) = find(tmp_path)
        keys = [value["id"] for value in lost.drawings]
        assert keys == [*range(len(keys) - 1), 9]
        found.add(len(keys))
        lost.slot.leave()
    assert found == {1, 2, 3, 4}


def test_a_damaged_autosave_is_told_and_the_journal_comes_back(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    window = start()
    teach(window)
    qtbot.waitUntil(lambda: len(kept(folder)) == 1 and not lines(folder))
    crash(window)
    path = kept(folder)[0]
    path.write_bytes(path.read_bytes()[:-100])
    name = path.name.removesuffix(".brightwire")
    (folder / f"{name}.9.journal").write_text(json.dumps({**drawing(4), "class": "badger"}) + "\n")
    again = start()
    qtbot.waitUntil(lambda: bool(offered(again)))
    assert "damaged" in next(iter(again.findChildren(Recovery))).more.text()
    answer(again, "Bring back")
    qtbot.waitUntil(lambda: len(again.session.samples) == 1)
    assert again.session.classes == ["X", "O", "badger"]
    assert again.session.samples[0].label == 2
    assert path.exists() or kept(folder), "nothing is thrown away unasked"


# -- a real crash ------------------------------------------------------------------------------


@pytest.mark.parametrize("trained", [1, 7, 23])
def test_after_a_kill_every_drawing_that_was_trained_on_comes_back(
    tmp_path: Path, start: Start, qtbot: QtBot, trained: int
) -> None:
    doomed = Doomed(tmp_path / "data")
    doomed.until_trained(trained)
    more = doomed.kill()
    window = start()
    qtbot.waitUntil(lambda: bool(offered(window)))
    answer(window, "Bring back")
    qtbot.waitUntil(lambda: len(window.session.samples) >= trained + more)
    click(window, "train_all_button")
    steps = window.session.step_count
    qtbot.waitUntil(lambda: window.session.step_count > steps + 20)
