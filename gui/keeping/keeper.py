"""New, Open, Save and the rest, with the questions that they ask."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from gui.keeping.document import Document
from gui.keeping.files import SUFFIX, Loaded
from gui.keeping.question import Answer, Question
from gui.keeping.recovery import Recovery
from gui.keeping.slot import Lost
from gui.settings import Settings
from gui.workspace import Say

FILES = f"Brightwire sessions (*{SUFFIX})"
SUGGESTION = f"my letters{SUFFIX}"
Then = Callable[[], object]


class Keeper(QObject):
    """What a person does with session files; nothing here waits for an answer."""

    def __init__(self, window: QWidget, document: Document, settings: Settings, say: Say) -> None:
        super().__init__(window)
        self.document = document
        self.lost: list[Lost] = []
        self._window, self._settings, self._say = window, settings, say
        self._then: Then | None = None  # what is to be done once all is saved
        self._asking = False
        self.recent = QMenu("Open recent", window)
        self.recent.setToolTipsVisible(True)
        self.recent.aboutToShow.connect(self._show_recent)
        document.saved.connect(self._on_saved)
        document.opened.connect(self._on_opened)
        document.not_saved.connect(self._on_not_saved)
        document.not_opened.connect(self._on_not_opened)
        document.not_kept.connect(self._on_not_kept)
        document.overtaken.connect(self._on_overtaken)
        document.found.connect(self._on_found)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.commitDataRequest.connect(document.keep_now)  # logging out: no time for questions

    # -- commands ----------------------------------------------------------------------------

    def new(self) -> None:
        self.leave(self.document.begin_new)

    def open(self) -> None:
        dialog = self._file_dialog("Open a session")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.open_file(Path(path)))
        dialog.open()

    def open_file(self, path: Path) -> None:
        """Open a session file, after the question about this one; a bad file changes nothing."""
        path = Path(os.path.abspath(path))

        def on_loaded(loaded: Loaded) -> None:
            self.leave(partial(self.document.show, path, loaded))

        self.document.load(path, on_loaded)

    def save(self) -> None:
        if self.document.path is None:
            self.save_as()
        else:
            self.document.save(self.document.path)

    def save_as(self) -> None:
        dialog = self._file_dialog("Save the session")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        path = self.document.path
        dialog.selectFile(SUGGESTION if path is None else path.name)
        dialog.fileSelected.connect(lambda path: self._save_in(Path(path)))
        dialog.rejected.connect(self._forget_then)
        dialog.open()

    def take(self, dropped: QMimeData) -> bool:
        """Open the session file that was dropped; False if it is none."""
        paths = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
        found = [path for path in paths if path.suffix.lower() == SUFFIX]
        if found:
            self.open_file(found[0])
        return bool(found)

    def leave(self, then: Then) -> None:
        """Go on `then`, once the person has said what becomes of work that is not saved."""
        if self.document.saving:
            self.document.after_saving(partial(self.leave, then))
            return
        if self.is_all_saved():
            then()
            return
        self._ask(
            f"Save the changes to “{self.document.name}”?",
            "What you don't save is lost.",
            [
                ("&Save", partial(self._save_and, then)),
                ("&Don't save", then),
                ("&Cancel", self._forget_then),
            ],
        )

    def is_all_saved(self) -> bool:
        """Whether the window can go without a question."""
        self.document.look()
        return not (self.document.dirty or self.document.saving)

    def offer(self) -> None:
        """Show what can be brought back."""
        if self.lost:
            Recovery(self.lost, self._bring_back, self._forget, self._window).open()

    def close(self, forget: bool) -> None:
        """End everything; what was not brought back is offered at the next start."""
        self.document.close(forget)
        for lost in self.lost:
            lost.slot.leave()
        self.lost.clear()

    # -- saving ------------------------------------------------------------------------------

    def _save_and(self, then: Then) -> None:
        self._then = then
        self.save()

    def _save_in(self, path: Path) -> None:
        if path.suffix.lower() == SUFFIX:
            self.document.save(path)
            return
        path = path.with_name(path.name + SUFFIX)  # a dialog of the system may leave it out
        if not path.exists():
            self.document.save(path)
            return
        answers = [
            ("Save &as…", self.save_as),
            ("&Replace", lambda: self.document.save(path)),
            ("&Cancel", self._forget_then),
        ]
        self._ask(f"“{path.name}” is there already.", "Replace what is in it?", answers)

    def _on_saved(self) -> None:
        path, then = self.document.path, self._then
        assert path is not None
        self._then = None
        self._remember(path)
        self._say(f"Saved as {path.name}.")
        if then is not None:
            then()

    def _on_not_saved(self, why: str) -> None:
        self._then = None
        self._say(why, "error", ("Save as…", self.save_as))

    def _on_overtaken(self, path: Path) -> None:
        self._ask(
            f"“{path.name}” was changed by another program since you opened it.",
            "Save under another name to keep both.",
            [
                ("Save &as…", self.save_as),
                ("&Replace", lambda: self.document.save(path, over=True)),
                ("&Cancel", self._forget_then),
            ],
        )

    def _forget_then(self) -> None:
        self._then = None

    # -- opening -----------------------------------------------------------------------------

    def _on_opened(self) -> None:
        if self.document.path is not None:
            self._remember(self.document.path)

    def _on_not_opened(self, why: str) -> None:
        self._say(why, "error")

    def _remember(self, path: Path) -> None:
        others = [other for other in self._settings.recent if other != str(path)]
        self._settings.recent = [str(path), *others]

    def _show_recent(self) -> None:
        self.recent.clear()
        for path in map(Path, self._settings.recent):
            action = self.recent.addAction(path.stem.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self._open_recent(path))
        if self.recent.isEmpty():
            self.recent.addAction("Nothing yet").setEnabled(False)

    def _open_recent(self, path: Path) -> None:
        if not path.exists():
            self._settings.recent = [p for p in self._settings.recent if p != str(path)]
        self.open_file(path)

    def _file_dialog(self, title: str) -> QFileDialog:
        path = self.document.path
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        folder = str(path.parent) if path else QStandardPaths.writableLocation(documents)
        dialog = QFileDialog(self._window, title, folder, FILES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    # -- what was lost -----------------------------------------------------------------------

    def _on_found(self, lost: list[Lost]) -> None:
        self.lost = lost
        self.offer()

    def _bring_back(self, lost: Lost) -> None:
        def bring_back() -> None:
            self.lost.remove(lost)
            self.document.bring_back(lost)

        self.leave(bring_back)

    def _forget(self, lost: Lost) -> None:
        self.lost.remove(lost)
        lost.slot.remove()
        self.offer()

    def _on_not_kept(self, why: str) -> None:
        self._say(
            f"Your work is not kept in case of a crash: {why} Save it yourself now and then.",
            "warning",
        )

    # -- questions ---------------------------------------------------------------------------

    def _ask(self, text: str, more: str, answers: Sequence[Answer]) -> None:
        """Ask, unless a question is open already; see `Question` for the answers."""
        if self._asking:
            return
        self._asking = True
        question = Question(text, more, answers, self._window)
        question.finished.connect(self._on_answered)
        question.open()

    def _on_answered(self) -> None:
        self._asking = False
