"""Where the Images workspace gets its data sets from: made, found, fetched, or drawn in Sketch."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.image_session import DRAWINGS, Origin
from gui.session import Session
from gui.tasks import Task, Tasks
from gui.widgets.data_menu import OFFERS, Offer
from gui.widgets.download_dialog import DownloadDialog, in_words
from nn.data import digits, download, loading, sources
from nn.data.datasets import Dataset, from_samples

DRAWN = 10_000  # pictures of drawn digits
FETCHED = {"mnist": sources.MNIST, "cifar-10": sources.CIFAR10}
LOCAL = {"mnist": ("mnist",), "cifar-10": ("cifar-10", "cifar-10-batches-bin", "cifar-10-sample")}
DRAWING_SIZE = 28  # pixels along an edge of a drawing from Sketch


class DataSources(QObject):
    """Loads what is chosen, one at a time; a newer choice cancels the older."""

    loaded = Signal(object, object)  # Origin, nn.data.datasets.Dataset
    got_again = Signal(object)  # the data set of a session that was opened
    gone = Signal(str, str)  # why that can't be had, one sentence; key of an offer, or empty
    failed = Signal(str)  # one sentence
    progressed = Signal(str)  # how far it is, in words; empty at the end

    def __init__(self, tasks: Tasks, sketch: Session, window: QWidget) -> None:
        super().__init__(window)
        self._tasks, self._sketch, self._window = tasks, sketch, window
        self._task: Task | None = None
        self.folder = Origin("folder")  # the last one opened

    def offers(self) -> list[Offer]:
        """What can be chosen now, with what it would cost."""
        found = []
        for offer in OFFERS:
            detail, enabled = offer.detail, True
            if source := FETCHED.get(offer.key):
                here = self._local(offer.key) is not None
                size = f"download {source.size / 1e6:,.0f} MB"
                detail = f"{offer.detail} · {'on this machine' if here else size}"
            elif offer.key == "drawings":
                count = len(self._sketch.samples)
                detail = f"{count} from Sketch" if count else "none yet: draw some in Sketch"
                enabled = count > 0
            found.append(Offer(offer.key, offer.title, detail, enabled, offer.below_line))
        return found

    def choose(self, key: str) -> None:
        """Get the data set of this offer."""
        origin = Origin(key)
        if key == "drawings":
            self._take_drawings()
        elif key == "folder":
            where = QFileDialog.getExistingDirectory(
                self._window, "A folder of pictures, or of MNIST's or CIFAR-10's files"
            )
            if where:
                self.open_folder(Path(where))
        elif work := self._work(origin):
            self._run(origin, work)
        else:
            dialog = DownloadDialog(FETCHED[key], self._tasks, parent=self._window)
            dialog.fetched.connect(lambda place: self._run(origin, partial(loading.loading, place)))
            dialog.open()

    def get_again(self, origin: Origin) -> None:
        """Get the data set of a session that was opened; else `gone` says why not."""
        if origin.key == "folder":
            self.folder = origin
        if origin.key == "drawings":
            try:
                self.got_again.emit(self._drawings())
            except ValueError:
                self.gone.emit("The drawings that the network learned from are gone.", "")
        elif origin.key == "folder" and origin.folder.startswith(("//", "\\\\")):
            # a session file from a stranger must not make this computer call another one
            self.gone.emit(f"{origin.folder[:80]} lies on another computer.", "")
        elif work := self._work(origin):
            task = self._begin(origin, work)
            task.finished.connect(partial(self._on_got_again, task))
            task.failed.connect(lambda why: self.gone.emit(f"{why.rstrip('.')}.", ""))
        else:
            title = FETCHED[origin.key].title
            self.gone.emit(f"{title} is not on this computer.", origin.key)

    def _work(self, origin: Origin) -> Callable[[], Any] | None:
        """The job that gets a data set; None where it is to be fetched first."""
        if origin.key == "drawn":
            return partial(digits.make, DRAWN)
        if origin.key == "folder":
            return partial(loading.loading, Path(origin.folder), origin.size, origin.channels)
        place = self._local(origin.key)
        return None if place is None else partial(loading.loading, place)

    def open_folder(
        self, folder: Path, size: int | None = None, channels: int | None = None
    ) -> None:
        """Open whatever data set lies in a folder; size and channels are for pictures alone."""
        last = self.folder
        self.folder = Origin("folder", str(folder), size or last.size, channels or last.channels)
        work = self._work(self.folder)
        assert work is not None
        self._run(self.folder, work)

    def cancel(self) -> None:
        """Give up what is being loaded."""
        if self._task is not None:
            self._task.cancel()

    @property
    def busy(self) -> bool:
        """True while a data set is on its way."""
        return self._task is not None

    def _take_drawings(self) -> None:
        try:
            made = self._drawings()
        except ValueError as error:
            self.failed.emit(str(error))
            return
        self.loaded.emit(Origin("drawings"), made)

    def _drawings(self) -> Dataset:
        sketch = self._sketch
        return from_samples(sketch.samples, sketch.classes, DRAWING_SIZE, DRAWINGS)

    def _local(self, key: str) -> Path | None:
        """Where a known data set lies on this machine already."""
        shared = os.environ.get("BRIGHTWIRE_DATA", "")
        for name in LOCAL[key] if shared else ():
            if (Path(shared) / name).is_dir():
                return Path(shared) / name
        if download.is_here(FETCHED[key]):
            return download.place(FETCHED[key])
        return None

    def _run(self, origin: Origin, work: Callable[[], Any]) -> None:
        task = self._begin(origin, work)
        task.finished.connect(partial(self._on_finished, task, origin))
        task.failed.connect(self.failed)

    def _begin(self, origin: Origin, work: Callable[[], Any]) -> Task:
        self.cancel()
        task = self._tasks.run(work)
        self._task = task
        task.progressed.connect(lambda progress: self.progressed.emit(in_words(progress)))
        task.ended.connect(partial(self._on_ended, task))
        drawn = origin.key == "drawn"
        self.progressed.emit("Digits are being drawn …" if drawn else "Loading …")
        return task

    def _on_finished(self, task: Task, origin: Origin, made: Dataset) -> None:
        if task is self._task:
            self.loaded.emit(origin, made)

    def _on_got_again(self, task: Task, made: Dataset) -> None:
        if task is self._task:
            self.got_again.emit(made)

    def _on_ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.progressed.emit("")
