"""Opens photos, one or many, from files, bytes, addresses; decoding happens beside the window."""

from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtNetwork import QNetworkAccessManager

from gui import photo_reading
from gui.fetch import Fetch
from gui.photo.dropped import look_at, source_of
from gui.photo_reading import Photo, Source
from gui.tasks import Task, Tasks
from gui.web_drop import Rules, short
from nn.data import photo
from nn.data.progress import Job, Progress

TRIES = 50  # photos of a batch that may be broken before the first good one is given up


@dataclass
class Batch:
    """Many photos: what could be read, as small squares, and a sentence for each that couldn't.

    `images` (N, 3, S, S) uint8 belong to `sources`.
    """

    sources: list[Source] = field(default_factory=list)
    images: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, 3, 1, 1), np.uint8))
    problems: list[str] = field(default_factory=list)


class Opener(QObject):
    """The newest wish counts: what was asked for before and comes late is dropped."""

    opened = Signal(object)  # Photo
    batch_read = Signal(object)  # Batch, after several or a folder
    failed = Signal(str)  # one sentence
    progressed = Signal(str)  # what is being done, in words; empty at the end

    def __init__(
        self, tasks: Tasks, web: QNetworkAccessManager, parent: QObject, rules: Rules | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._web = tasks, web
        self.rules = rules or Rules()
        self.size = 32
        self._task: Task | None = None
        self._reading: Task | None = None  # of a batch
        self._fetch: Fetch | None = None

    @property
    def busy(self) -> bool:
        """True while something is on its way."""
        return not (self._task is None and self._reading is None and self._fetch is None)

    def take(self, mime: QMimeData, how: str = "dropped") -> bool:
        """Open what was dropped or pasted; False when there is no photo in it."""
        found = look_at(mime)
        if found.problem:
            self.failed.emit(found.problem)
        elif found.paths:
            self.open_paths(found.paths)
        elif found.image is not None:
            self.open_image(found.image, how)
        elif found.content:
            self.open(Source(found.content, f"the {how} picture", f"A {how} picture."))
        elif found.url:
            self.open_url(found.url)
        return bool(found)

    def open(self, source: Source) -> None:
        """Open one photo."""
        self._run(partial(photo_reading.read, source, self.size))

    def open_image(self, image: QImage, how: str) -> None:
        """Open a picture that is decoded already."""
        made = partial(source_of, image, f"the {how} picture", f"A {how} picture.")
        self._run(lambda: photo_reading.read(made(), self.size))

    def open_paths(self, paths: list[Path]) -> None:
        """Open a file; or read many files and folders, and open the first good one."""
        if len(paths) == 1 and not paths[0].is_dir():
            path = paths[0]
            self.open(Source(path, path.name, f"{path.name}, from this computer."))
            return
        self._run(partial(_first_good, paths, self.size))
        task = self._tasks.run(reading, paths, self.size)
        self._reading = task
        task.progressed.connect(partial(self._on_progress, task))
        task.finished.connect(partial(self._on_batch, task))
        task.failed.connect(self.failed)
        task.ended.connect(partial(self._on_batch_ended, task))

    def open_url(self, url: str) -> None:
        """Fetch a picture from the web, if the rules allow, and open it."""
        self.cancel()
        fetch = Fetch(self._web, url, self.rules, "The dropped address", picture=True)
        self._fetch = fetch
        name = short(url.partition("?")[0].rstrip("/").rpartition("/")[2] or url, 40)
        fetch.progressed.connect(lambda done, _: self.progressed.emit(f"Fetching {done:,} bytes …"))
        fetch.finished.connect(partial(self._on_fetched, name, url))
        fetch.failed.connect(self._on_fetch_failed)
        self.progressed.emit(f"Fetching {name} …")

    def cancel(self) -> None:
        """Give up what is on its way."""
        for job in (self._task, self._reading, self._fetch):
            if job is not None:
                job.cancel()
        self._task = self._reading = self._fetch = None
        self.progressed.emit("")

    def _on_fetched(self, name: str, url: str, content: bytes) -> None:
        self._fetch = None
        self.open(Source(content, name, f"From {short(url, 80)}"))

    def _on_fetch_failed(self, sentence: str) -> None:
        self._fetch = None
        self.progressed.emit("")
        self.failed.emit(sentence)

    def _run(self, work: Any) -> None:
        self.cancel()
        task = self._tasks.run(work)
        self._task = task
        task.finished.connect(partial(self._on_opened, task))
        task.failed.connect(partial(self._on_failed, task))
        task.ended.connect(partial(self._on_ended, task))

    def _on_opened(self, task: Task, opened: Photo) -> None:
        if task is self._task:
            self.opened.emit(opened)

    def _on_failed(self, task: Task, sentence: str) -> None:
        if task is self._task and self._reading is None:
            self.failed.emit(sentence)

    def _on_ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            if not self.busy:
                self.progressed.emit("")

    def _on_progress(self, task: Task, progress: Progress) -> None:
        if task is self._reading:
            self.progressed.emit(f"{progress.done:,} of {progress.total:,} photos read")

    def _on_batch(self, task: Task, batch: Batch) -> None:
        if task is self._reading:
            self.batch_read.emit(batch)

    def _on_batch_ended(self, task: Task) -> None:
        if task is self._reading:
            self._reading = None
            self.progressed.emit("")


def reading(paths: list[Path], size: int) -> Job[Batch]:
    """Read many photos to small squares, as a job; a broken one is told of and the rest goes on.

    Memory: 3·size² bytes a photo, and one photo at a time.
    """
    sources = list(photo_reading.gather(paths))
    if not sources:
        raise ValueError(f"{paths[0].name}: no picture was found in it.")
    batch = Batch()
    images = np.empty((len(sources), 3, size, size), np.uint8)
    kept = 0
    for done, source in enumerate(sources):
        yield Progress(source.name, done, len(sources), "pictures")
        assert isinstance(source.what, Path)
        try:
            images[kept] = photo.read_photo(source.what, size, name=source.name)
        except ValueError as problem:
            batch.problems.append(str(problem))
        except OSError as problem:
            batch.problems.append(f"{source.name}: {problem.strerror or problem}")
        else:
            kept += 1
            batch.sources.append(source)
    if not kept:
        raise ValueError(
            f"None of the {len(sources):,} files could be read: {batch.problems[0]}"
            if len(sources) > 1
            else batch.problems[0]
        )
    batch.images = images[:kept]
    return batch


def _first_good(paths: list[Path], size: int) -> Photo:
    """The first photo among many that can be opened."""
    problem: Exception = ValueError(f"{paths[0].name}: no picture was found in it.")
    for source in islice(photo_reading.gather(paths), TRIES):
        try:
            return photo_reading.read(source, size)
        except (ValueError, OSError) as error:
            problem = error
    raise problem
