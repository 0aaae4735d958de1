"""The session as a document: where it is saved, whether it is, and what is kept for a crash.

Files are read and written beside the window, one after the other: the person's in one row, the
slot's in another, so that a drive that does not answer does not hold up the autosave.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from gui.keeping import files
from gui.keeping.contents import Contents, Stamps
from gui.keeping.files import Loaded
from gui.keeping.slot import Lost, Note, Slot, find
from gui.session import Session
from gui.sketch_state import told_sample
from gui.tasks import Task, Tasks
from nn.data.drawings import Sample
from nn.formats.archive import Parts

UNTITLED = "Untitled"
LOOK = 250  # milliseconds between two looks whether something changed
INTERVAL = 25_000  # milliseconds between two autosaves; with the writing, less than half a minute
SOON = 300  # milliseconds from the last Train to an autosave
REST = 10  # times as long as an autosave took is rested before the next one


class Document(QObject):
    """Knows the session's file, and keeps the session in a slot, once it has one."""

    changed = Signal()  # name, path or dirtiness
    saved = Signal()
    opened = Signal()  # another session is in the window
    not_saved = Signal(str)  # why
    not_opened = Signal(str)
    not_kept = Signal(str)  # why there is no autosave; once until there is one again
    overtaken = Signal(object)  # another program wrote that file since: nothing was saved
    found = Signal(object)  # a list of `Lost`, newest first
    _not_written = Signal(str)

    def __init__(
        self,
        contents: Contents,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.contents = contents
        self.path: Path | None = None
        self.dirty = False
        self._digest: str | None = None  # of the file, as it was opened or saved last
        self._saved = contents.untouched()
        self._kept = contents.untouched()
        self._session = session
        self._generation = 0
        self._slot: Slot | None = None
        self._files = Tasks(self, threads=1)
        self._newest: Task  # of those
        self._slots = Tasks(self, threads=1)
        self._troubled = False
        self._rest = 0.0  # seconds, after the last autosave
        session.sample_added.connect(self._on_sample_added)
        self._not_written.connect(self._on_not_kept)
        self._looks = QTimer(self, interval=LOOK)
        self._looks.timeout.connect(self.look)
        self._looks.start()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.autosave)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.autosave)

    @property
    def name(self) -> str:
        """What the person calls the session."""
        return UNTITLED if self.path is None else self.path.stem

    def look(self) -> None:
        """See whether anything differs from what was saved."""
        dirty = self.contents.differs(self._saved)
        if dirty != self.dirty:
            self.dirty = dirty
            self.changed.emit()

    # -- the person's file -------------------------------------------------------------------

    @property
    def saving(self) -> bool:
        """Whether a file of the person's is being read or written."""
        return self._files.busy

    def after_saving(self, then: Callable[[], object]) -> None:
        """Go on when what is under way with the person's files has come to its end.

        There has to be something under way: see `saving`.
        """
        self._newest.ended.connect(then)

    def save(self, path: Path, over: bool = False) -> None:
        """Save in a file; `over` another program's change only if that is said.

        One of `saved`, `not_saved` and `overtaken` follows.
        """
        take, stamps, generation = self._take()
        expected = self._digest if path == self.path and not over else None

        def work() -> tuple[str | None, Parts]:
            parts = take()
            return files.save(path, parts, expected), parts

        def on_written(written: tuple[str | None, Parts]) -> None:
            digest, parts = written
            if digest is None:
                self.overtaken.emit(path)
                return
            self.path, self._digest, self._saved = path, digest, stamps
            self._keep(lambda: parts, stamps, Note(str(path), digest, True, generation))
            self._show_state()
            self.saved.emit()

        self._newest = task = self._files.run(work)
        task.finished.connect(on_written)
        task.failed.connect(self.not_saved)

    def load(self, path: Path, then: Callable[[Loaded], object]) -> None:
        """Read a session file and go on `then`; `not_opened` follows if that can't be."""
        self._newest = task = self._files.run(files.load, path)
        task.finished.connect(then)
        task.failed.connect(self.not_opened)

    def show(self, path: Path, loaded: Loaded) -> None:
        """Have what was read take the place of this session."""
        self._replace(loaded.parts, path, loaded.digest)

    def begin_new(self) -> None:
        """Have an empty session take the place of this one."""
        self._replace({}, None, None)

    def detach(self) -> None:
        """Belong to no file any more: the next save asks for a name."""
        self.path, self._digest = None, None
        self.changed.emit()

    def _replace(self, parts: Parts, path: Path | None, digest: str | None) -> None:
        def show() -> None:
            if not self._restore(parts, path, digest):
                return
            self._saved = self._kept = self.contents.stamps()
            if self._slot is not None:
                self._generation += 1
                self._slot.clear(self._generation)
                if path is not None:
                    note = Note(str(path), digest, True, self._generation)
                    self._keep(lambda: parts, self._kept, note)
            self._show_state()

        self._after_keeping(show)

    def _restore(self, parts: Parts, path: Path | None, digest: str | None) -> bool:
        try:
            problems = self.contents.restore(parts)
        except ValueError as error:
            name = UNTITLED if path is None else path.name
            self.not_opened.emit(f"{name} can't be opened: {error}.")
            return False
        self.path, self._digest = path, digest
        self.opened.emit()
        if problems:  # so that the file keeps what could not be read
            self.detach()
            self.not_opened.emit(" ".join(problems))
        return True

    def _show_state(self) -> None:
        self.dirty = self.contents.differs(self._saved)
        self.changed.emit()

    # -- in case of a crash ------------------------------------------------------------------

    def keep_in(self, folder: Path, interval: int = INTERVAL) -> None:
        """Keep the session in a slot of that folder from now on, each `interval` milliseconds that
        something changed; tell what is `found` there.
        """
        try:
            self._slot = Slot.begin(folder)
        except OSError as error:
            self._on_not_kept(files.reason(error))
            return
        self._clock.start(interval)
        self._slots.run(find, folder).finished.connect(self.found)

    def bring_back(self, lost: Lost) -> None:
        """Have what was lost take the place of this session; its slot becomes ours."""

        def show() -> None:
            if not self._restore(lost.parts, lost.path, lost.note.digest):
                return
            self._session.bring_back(lost.drawings)
            self._saved = self._kept = dict.fromkeys(self.contents.made)
            if self._slot is not None:
                self._slot.remove()
            self._slot = lost.slot
            self._generation = max(lost.slot.generations(), default=lost.note.generation) + 1
            self._show_state()
            self._keep_this()

        self._after_keeping(show)

    def autosave_soon(self) -> None:
        """Keep what was just trained, once it is quiet."""
        self._soon.start(max(SOON, round(1000 * self._rest)))

    def autosave(self) -> None:
        """Keep the session in its slot if anything changed; a moment later if one is under way."""
        if self._slots.busy:
            self.autosave_soon()
        elif self.contents.differs(self._kept):
            self._keep_this()

    def keep_now(self) -> None:
        """Keep the session, and wait for it: the system is about to end the app."""
        self._keep_this()
        self._slots.wait()

    def close(self, forget: bool) -> None:
        """End all jobs; `forget` what was kept, for it is saved or not wanted."""
        for timer in (self._looks, self._clock, self._soon):
            timer.stop()
        self._files.close()
        self._slots.close()
        if self._slot is not None:
            self._slot.remove() if forget else self._slot.leave()
        self._slot = None

    def _take(self) -> tuple[Callable[[], Parts], Stamps, int]:
        """What makes the parts of this moment, its stamps, and the first generation after it."""
        take = self.contents.state()
        self._generation += 1
        return take, self.contents.stamps(), self._generation

    def _keep_this(self) -> None:
        saved = not self.contents.differs(self._saved)
        take, stamps, generation = self._take()
        path = None if self.path is None else str(self.path)
        self._keep(take, stamps, Note(path, self._digest, saved, generation))

    def _keep(self, take: Callable[[], Parts], stamps: Stamps, note: Note) -> None:
        slot = self._slot
        if slot is None:
            return

        def work() -> float:
            begun = monotonic()
            try:
                slot.write(take(), note)
            except OSError as error:
                raise ValueError(files.reason(error)) from None
            return monotonic() - begun

        def on_kept(seconds: float) -> None:
            self._kept, self._rest, self._troubled = stamps, REST * seconds, False

        task = self._slots.run(work)
        task.finished.connect(on_kept)
        task.failed.connect(self._on_not_kept)

    def _after_keeping(self, then: Callable[[], object]) -> None:
        """Go on when no autosave of this session can come any more."""
        self._slots.run(lambda: None).finished.connect(lambda _: then())

    def _on_not_kept(self, why: str) -> None:
        if not self._troubled:
            self._troubled = True
            self.not_kept.emit(why)

    # -- drawings, ahead of what is trained on them ------------------------------------------

    def _on_sample_added(self, key: int, sample: Sample) -> None:
        if self._slot is not None:
            name = self._session.classes[sample.label]
            write_down = partial(self._write_down, self._slot, self._generation)
            self._session.training.post(write_down, key, sample, name)

    def _write_down(self, slot: Slot, generation: int, key: int, sample: Sample, name: str) -> None:
        """In the training thread, ahead of the step."""
        try:
            slot.append(generation, {**told_sample(key, sample), "class": name})
        except OSError as error:
            self._not_written.emit(files.reason(error))
