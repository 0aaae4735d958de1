"""The window's side of exporting: the dialog, the recording, and files that are written."""

from collections.abc import Iterator, Sequence
from inspect import isgenerator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from gui import theme
from gui.exporting.dialog import ExportDialog
from gui.exporting.exportable import Exportable, Film, NetworkExport
from gui.exporting.film import Frames
from gui.exporting.naming import file_name
from gui.exporting.recorder import Recorder
from gui.exporting.writers import Look, Way, Write, ways, writer
from gui.settings import Settings
from gui.tasks import Task, Tasks
from gui.widgets.download_dialog import size_in_words
from gui.workspace import Say

NOTHING = "There is nothing to export here yet."
NO_FRAMES = "Nothing changed while it was recorded: press Record, and train then."


class Exporter(QObject):
    """`show` opens the dialog, `toggle_recording` begins or ends a film."""

    def __init__(self, window: QWidget, settings: Settings, say: Say) -> None:
        super().__init__(window)
        self.settings = settings
        self.recorder = Recorder(self)
        self._window, self._say = window, say
        self._tasks = Tasks(self)

    def show(self, offers: Sequence[Exportable]) -> None:
        """Ask what of all this, and how."""
        if offers:
            ExportDialog(self, list(offers), self._window).open()
        else:
            self._say(NOTHING)

    def close(self) -> None:
        """End the recording and every job."""
        self.recorder.stop()
        self._tasks.close()

    # -- films -------------------------------------------------------------------------------

    def toggle_recording(self, offers: Sequence[Exportable]) -> None:
        """Film what there is, or end the film and ask where to save it."""
        film = next((what for what in offers if isinstance(what, Film)), None)
        if self.recorder.running:
            self._end_recording()
        elif film is None:
            self._say("There is nothing to film here.")
        else:
            self.begin_recording(film)

    def begin_recording(self, film: Film) -> None:
        """Take frames from now on."""
        self.recorder.start(film)
        self._say("Recording while it trains. Ctrl+R ends it.")

    def _end_recording(self) -> None:
        self.recorder.stop()
        film = self.recorder.what
        if film is None or not len(self.recorder.frames):
            self._say(NO_FRAMES)
        elif not self.save(film, ways(film)[0], Look(theme.colours().name), self._window):
            self._say("The film is kept until the next one: Export (Ctrl+E) saves it.")

    def frames_of(self, film: Film) -> Frames:
        """What was recorded of it; other films have none."""
        mine = self.recorder.what is not None and self.recorder.what.widget is film.widget
        return self.recorder.frames if mine else Frames()

    # -- files -------------------------------------------------------------------------------

    def try_out(self, what: NetworkExport, way: Way) -> Task:
        """Make the file and throw it away; the task's result is its size in words."""
        return self._tasks.run(_trial, self._writer(what, way, Look("dark")), way)

    def save(self, what: Exportable, way: Way, look: Look, parent: QWidget) -> bool:
        """Ask where to, and write the file beside the window; False when it was thought over."""
        path = self._ask_where(what, way, parent)
        if path is None:
            return False
        self.settings.export_folder = str(path.parent)
        self.settings.remember_export(what.title, type(what).__name__, way.key)
        task = self._tasks.run(_writing, self._writer(what, way, look), path)
        task.finished.connect(lambda _: self._on_saved(path))
        task.failed.connect(lambda why: self._say(why, "error"))
        return True

    def _writer(self, what: Exportable, way: Way, look: Look) -> Write:
        frames = self.frames_of(what) if isinstance(what, Film) else Frames()
        return writer(what, way, look, frames)

    def _ask_where(self, what: Exportable, way: Way, parent: QWidget) -> Path | None:
        title = f"Save: {what.title.lower()}"
        dialog = QFileDialog(parent, title, self._folder(), f"{way.words} (*{way.suffix})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(way.suffix.removeprefix("."))
        dialog.selectFile(file_name(what.name, way.suffix))
        if not dialog.exec():
            return None
        path = Path(dialog.selectedFiles()[0])
        if path.name.lower().endswith(way.suffix):
            return path
        path = path.with_name(path.name + way.suffix)
        if path.exists():  # nobody was asked whether that one may go
            self._say(f"{path.name} is there already: choose another name.", "warning")
            return None
        return path

    def _folder(self) -> str:
        last = self.settings.export_folder
        if last and Path(last).is_dir():
            return last
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

    def _on_saved(self, path: Path) -> None:
        folder = QUrl.fromLocalFile(str(path.parent))
        show = ("Show folder", lambda: QDesktopServices.openUrl(folder))
        self._say(f"Saved as {path.name}.", "info", show)


def _trial(write: Write, way: Way) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"trial{way.suffix}"
        write(path)
        return size_in_words(path.stat().st_size)


def _writing(write: Write, path: Path) -> Iterator[Any]:
    """Write a file; what went wrong is told in a sentence with its name."""
    try:
        made = write(path)
        if isgenerator(made):
            yield from made
    except OSError as error:
        why = (error.strerror or "it took too long").lower()
        raise ValueError(
            f"{path.name} was not saved: {why}. Choose another folder and try again."
        ) from None
    except ValueError as error:
        raise ValueError(f"{path.name} was not saved: {error}") from None
