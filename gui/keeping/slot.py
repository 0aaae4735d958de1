"""Where a session is kept in case of a crash: its last autosave, and the drawings since.

A slot is some files of one name in the recovery folder:

    000012-5f3a9c01.lock           whose it is, while the process lives
    000012-5f3a9c01.brightwire     the last autosave: a session file with a `Note`
    000012-5f3a9c01.7.journal      drawings that were trained on since, in generation 7, one a line

An autosave says from which generation on the journal has what it does not hold, so that a
drawing may come while an autosave is being written. Slots are numbered in the order in which they
were begun, for a clock may be set back. The person's own file is never touched here.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QLockFile

from gui import kept
from gui.keeping import files
from gui.keeping.files import SUFFIX
from nn.formats import archive, json_text
from nn.formats.archive import Parts
from nn.formats.reading import read_whole

NOTE = "recovery.json"
JOURNAL, LOCK = ".journal", ".lock"
LONGEST_JOURNAL = 32_000_000  # bytes


@dataclass(frozen=True)
class Note:
    """What an autosave tells of the session it is of."""

    path: str | None = None  # the person's own file
    digest: str | None = None  # of that file, as it was opened or saved last
    saved: bool = False  # whether all of this is in that file too
    generation: int = 0  # of the first journal that may hold more than this


class Lost(NamedTuple):
    """What a slot held whose process is gone."""

    slot: "Slot"
    note: Note
    parts: Parts
    drawings: list[dict[str, Any]]  # from the journal, beyond those in the parts
    written: str  # ISO 8601, UTC; empty when nothing tells
    problem: str  # why its autosave can't be read; empty when it can

    @property
    def drawings_in_all(self) -> int:
        """Those of the parts included."""
        return len(self.parts.get("sketch/samples.ndjson", ())) + len(self.drawings)

    @property
    def path(self) -> Path | None:
        return None if self.note.path is None else Path(self.note.path)


class Slot:
    """One slot, which is ours until `leave` or `remove`. Raises OSError where it can't be had."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self._lock = QLockFile(str(folder / f"{name}{LOCK}"))
        self._lock.setStaleLockTime(0)  # however old: it counts while its process lives
        if not self._lock.tryLock(0):
            raise OSError(f"{name} belongs to another window")

    @classmethod
    def begin(cls, folder: Path) -> "Slot":
        """A new one. Raises OSError where the folder can't be written."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        last = max((_number(name) for name in names(folder)), default=0)
        return cls(folder, f"{last + 1:06}-{secrets.token_hex(4)}")

    # -- keeping -----------------------------------------------------------------------------

    def write(self, parts: Parts, note: Note) -> None:
        """Keep a whole session. What the journal had before that generation goes."""
        archive.write(self._base, {**parts, NOTE: kept.told(note)}, files.app())
        self._drop_journals(before=note.generation)

    def append(self, generation: int, drawing: dict[str, Any]) -> None:
        """Keep a drawing: it is the system's when this returns, whatever becomes of the process."""
        # A line begins and ends with a break, so that one torn off spoils no other.
        line = b"\n" + json_text.dump(drawing) + b"\n"
        handle = os.open(self._journal(generation), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)

    def clear(self, generation: int) -> None:
        """Forget the session; drawings of that generation and later stay."""
        self._base.unlink(missing_ok=True)
        self._drop_journals(before=generation)

    def remove(self) -> None:
        """Forget all of it, and give the slot up."""
        with suppress(OSError):  # what can't be removed now is offered at the next start
            self.clear(1 << 62)
            for unfinished in self.folder.glob(f".{self.name}.*"):
                unfinished.unlink(missing_ok=True)
        self._lock.unlock()

    def leave(self) -> None:
        """Give the slot up with all that is in it."""
        self._lock.unlock()

    # -- bringing back -----------------------------------------------------------------------

    def read(self) -> Lost:
        """What is in here."""
        parts, note, written, problem = Parts(), Note(), "", ""
        try:
            found = archive.read(self._base)
            note = kept.record(found.parts, NOTE, Note)
            parts, written = found.parts, found.written
            del parts[NOTE]
        except FileNotFoundError:
            pass  # drawings alone: it was not yet time for the first autosave
        except (OSError, ValueError) as error:
            problem = str(error)
        known = {value["id"] for value in parts.get("sketch/samples.ndjson", ()) if _has_id(value)}
        drawings = {}
        for generation in self.generations():
            if generation >= note.generation:
                for drawing in _lines(self._journal(generation)):
                    if drawing["id"] not in known:
                        drawings[drawing["id"]] = drawing
        return Lost(self, note, parts, list(drawings.values()), written, problem)

    def generations(self) -> list[int]:
        """Those of which there is a journal, oldest first."""
        found = self.folder.glob(f"{self.name}.*{JOURNAL}")
        parts = (path.name.split(".")[1] for path in found)
        return sorted(int(part) for part in parts if part.isascii() and part.isdigit())

    @property
    def _base(self) -> Path:
        return self.folder / f"{self.name}{SUFFIX}"

    def _journal(self, generation: int) -> Path:
        return self.folder / f"{self.name}.{generation}{JOURNAL}"

    def _drop_journals(self, before: int) -> None:
        for generation in self.generations():
            if generation < before:
                self._journal(generation).unlink(missing_ok=True)


def find(folder: Path) -> list[Lost]:
    """What was lost, newest first; its slots are ours now.

    What the person's own file has as well is not lost: it goes.
    """
    return sorted(_claimed(folder), key=lambda lost: lost.slot.name, reverse=True)


def names(folder: Path) -> set[str]:
    """The names of all slots, whosoever they are."""
    found = {path.name.split(".")[0] for path in folder.glob("*-*.*")}
    return {name for name in found if name.split("-")[0].isdecimal()}


def _claimed(folder: Path) -> Iterator[Lost]:
    for name in names(folder):
        try:
            slot = Slot(folder, name)
        except OSError:
            continue
        lost = slot.read()
        if lost.problem or lost.drawings or not _is_saved(lost.note, bool(lost.parts)):
            yield lost
        else:
            slot.remove()


def _is_saved(note: Note, whole: bool) -> bool:
    """Whether an autosave has nothing that the person's file, or a new session, has not."""
    if not whole:
        return True
    if note.path is None or not note.saved:
        return note.saved
    try:
        return files.digest_of(Path(note.path)) == note.digest
    except (OSError, ValueError):
        return False


def _number(name: str) -> int:
    return int(name.split("-")[0])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The drawings of a journal; a line that was torn off is none."""
    try:
        content = read_whole(path, LONGEST_JOURNAL)
    except (OSError, ValueError):
        return
    for line in content.splitlines():
        with suppress(ValueError):
            drawing = json_text.parse(line)
            if _has_id(drawing):
                yield drawing


def _has_id(value: Any) -> bool:
    return isinstance(value, dict) and type(value.get("id")) is int
