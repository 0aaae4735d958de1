"""Builds a data set from searches: finds, fetches, resizes, and saves pictures with their credits.

One search after another, the pictures of each a few at a time; everything can be stopped.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkAccessManager

from gui.commons import Commons
from gui.commons_api import ENDPOINT, Found
from gui.photo.search_page import credit_of
from gui.photo_data import Credit, PhotoData, opening, safe_name, saving
from gui.photo_reading import Source
from gui.tasks import Task, Tasks
from gui.web_drop import Rules
from nn.data import photo
from nn.data.progress import Job

MOST = 500  # pictures of a class


class Builder(QObject):
    """`build` begins; then exactly one of `built`, `failed` and `stopped` comes."""

    progressed = Signal(str, int, int)  # what it is doing; pictures so far, of how many
    built = Signal(object, list)  # PhotoData, and a sentence for each picture left out
    failed = Signal(str)
    stopped = Signal()

    def __init__(
        self,
        tasks: Tasks,
        web: QNetworkAccessManager,
        parent: QObject,
        endpoint: str = ENDPOINT,
        rules: Rules | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._commons = Commons(web, self, endpoint, rules)
        self._commons.found.connect(self._on_found)
        self._commons.searched.connect(self._on_searched)
        self._commons.failed.connect(self._fail)
        self._run = 0  # which building; what comes late for an older one is dropped
        self._saving: Task | None = None
        self.busy = False

    def build(
        self, classes: Sequence[tuple[str, str]], count: int, size: int, folder: Path
    ) -> None:
        """Build from (class name, what to search for) pairs, `count` pictures of each.

        Raises:
            ValueError: names or number can't be used; one sentence.
        """
        names = [safe_name(name) for name, _ in classes]
        if len(names) < 2:
            raise ValueError("A data set needs at least two classes.")
        if len(set(names)) != len(names):
            raise ValueError("Each class needs a name of its own.")
        for name, term in classes:
            if not term.strip():
                raise ValueError(f"Say what to search for as “{name}”.")
        if not 1 <= count <= MOST:
            raise ValueError(f"Choose 1 to {MOST} pictures of each class.")
        if folder.exists() and any(folder.iterdir()):
            raise ValueError(f"{folder.name}: is not empty; choose a new or an empty folder.")
        self.stop()
        self.busy = True
        self._run += 1
        self._names, self._terms = names, [term for _, term in classes]
        self._count, self._size, self._folder = count, size, folder
        self._images: list[NDArray[np.uint8]] = []
        self._labels: list[int] = []
        self._credits: list[Credit] = []
        self._problems: list[str] = []
        self._begin(0)

    def stop(self) -> None:
        """Give up; nothing was written yet, or the folder is left as it is."""
        if not self.busy:
            return
        self._run += 1
        self.busy = False
        self._commons.cancel()
        if self._saving is not None:
            self._saving.cancel()
        self.stopped.emit()

    # -- one class after another -------------------------------------------------------------

    def _begin(self, label: int) -> None:
        self._label = label
        self._wanted: list[Found] = []
        self._taken = 0  # of this class, fetched and good
        self._open = 0  # of this class, on their way
        self._commons.search(self._terms[label])
        self._tell(f"Searching for “{self._terms[label]}”")

    def _on_found(self, results: tuple[Found, ...]) -> None:
        room = self._count - self._taken - self._open
        for found in results[: max(room, 0)]:
            self._open += 1
            take = partial(self._on_content, self._run, self._label, found)
            refuse = partial(self._on_bad, self._run)
            self._commons.picture(found, take, refuse)

    def _on_searched(self, more: bool) -> None:
        self._go_on_if_done()

    def _on_content(self, run: int, label: int, found: Found, content: bytes) -> None:
        if run != self._run:
            return
        source = Source(content, found.title)
        task = self._tasks.run(_small, source, self._size)
        task.finished.connect(partial(self._on_good, run, label, found))
        task.failed.connect(partial(self._on_bad, run))

    def _on_good(self, run: int, label: int, found: Found, picture: NDArray[np.uint8]) -> None:
        if run != self._run:
            return
        self._images.append(picture)
        self._labels.append(label)
        self._credits.append(credit_of(found))
        self._taken += 1
        self._open -= 1
        self._tell(f"Fetching {self._names[label]}")
        self._go_on_if_done()

    def _on_bad(self, run: int, sentence: str) -> None:
        if run == self._run:
            self._problems.append(sentence)
            self._open -= 1
            self._go_on_if_done()

    def _go_on_if_done(self) -> None:
        """When nothing is under way: more of this class, the next class, or save."""
        if self._open or self._commons.searching:
            return
        if self._taken < self._count and self._commons.has_more:
            self._commons.go_on()
        elif not self._taken:
            why = self._problems[-1] if self._problems else "Nothing was found."
            self._fail(f"There is no picture of “{self._terms[self._label]}”. {why}")
        elif self._label + 1 < len(self._names):
            self._begin(self._label + 1)
        else:
            self._save()

    def _save(self) -> None:
        data = PhotoData(
            self._folder.name, np.stack(self._images), np.array(self._labels), self._names
        )
        data.credits = self._credits
        task = self._tasks.run(_saved, data, self._folder, self._size)
        self._saving = task
        task.progressed.connect(lambda progress: self._tell("Saving"))
        task.finished.connect(partial(self._on_saved, self._run))
        task.failed.connect(self._fail)

    def _on_saved(self, run: int, data: PhotoData) -> None:
        self._saving = None
        if run == self._run:
            self.busy = False
            self.built.emit(data, self._problems)

    def _fail(self, sentence: str) -> None:
        if self.busy:
            self._run += 1
            self.busy = False
            self._commons.cancel()
            self.failed.emit(sentence)

    def _tell(self, doing: str) -> None:
        total = self._count * len(self._names)
        self.progressed.emit(doing, len(self._images), total)


def _small(source: Source, size: int) -> NDArray[np.uint8]:
    assert isinstance(source.what, bytes)
    return photo.read_photo(source.what, size, name=f"“{source.name}”")


def _saved(data: PhotoData, folder: Path, size: int) -> Job[PhotoData]:
    """Write the pictures and read them back: what is trained on is what lies in the folder."""
    yield from saving(data, folder)
    return (yield from opening(folder, size))
