"""Measuring the network on a whole set of pictures, beside training and window."""

from collections.abc import Iterator
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

import nn
from gui.image_session import ImageSession
from gui.tasks import Task, Tasks
from nn.data.augment import Augment
from nn.data.datasets import Dataset

Part = Literal["all", "test"]
BATCH = 200


class Evaluated(NamedTuple):
    """What a network made of every picture (N,) of a part: the predicted classes, and the counts
    [actual, predicted]."""

    part: Part
    predicted: NDArray[np.int64]
    confusion: NDArray[np.int64]
    step: int
    views: int

    @property
    def accuracy(self) -> float:
        """Part that was right, 0 to 1."""
        return float(np.trace(self.confusion) / max(self.confusion.sum(), 1))


class Share(NamedTuple):
    """How far an evaluation is: pictures done, of all, and how many of them were right."""

    done: int
    total: int
    right: int


def evaluating(
    network: "nn.Network", data: Dataset, augment: Augment, views: int, part: Part, step: int
) -> Iterator[Share]:
    """Evaluate in parts, as a job of `gui.tasks`; returns an `Evaluated`."""
    predicted = np.empty(len(data), np.int64)
    for start in range(0, len(data), BATCH):
        rows = slice(start, start + BATCH)
        batches = augment.views(data.images[rows], views)
        scores = np.sum([network.predict(batch) for batch in batches], axis=0)
        predicted[rows] = scores.argmax(axis=1)
        done = min(start + BATCH, len(data))
        yield Share(done, len(data), int((predicted[:done] == data.labels[:done]).sum()))
    classes = len(data.class_names)
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (data.labels, predicted), 1)
    return Evaluated(part, predicted, counts, step, views)  # type: ignore[return-value]


class Evaluator(QObject):
    """Runs one evaluation at a time; another data set or network stops it and drops results."""

    progressed = Signal(object)  # Share
    finished = Signal(object)  # Evaluated
    failed = Signal(str)
    running_changed = Signal(bool)
    forgotten = Signal()  # what was measured no longer belongs to data and network

    def __init__(self, session: ImageSession, tasks: Tasks) -> None:
        super().__init__()
        self._session, self._tasks = session, tasks
        self._task: Task | None = None
        self.results: dict[Part, Evaluated] = {}
        session.dataset_changed.connect(self.forget)
        session.network_changed.connect(self.forget)

    @property
    def running(self) -> bool:
        return self._task is not None

    def data(self, part: Part) -> Dataset | None:
        """The pictures of a part: all of the data set, or those to test on."""
        return self._session.dataset if part == "all" else self._session.test

    def start(self, part: Part) -> None:
        """Evaluate the network as it is now; nothing while one runs or without pictures."""
        data = self.data(part)
        if self._task is not None or data is None:
            return
        session = self._session
        network, step = session.training.ask(
            lambda: (session.network.copy(), session.training.progress.step)
        )
        augment = session.augmentation()
        self._task = task = self._tasks.run(
            evaluating, network, data, augment, session.settings.views, part, step
        )
        task.progressed.connect(self.progressed)
        task.finished.connect(self._on_finished)
        task.failed.connect(self.failed)
        task.ended.connect(partial(self._on_ended, task))
        self.running_changed.emit(True)

    def cancel(self) -> None:
        """Stop the evaluation under way."""
        if self._task is not None:
            self._task.cancel()

    def forget(self) -> None:
        """Drop all results."""
        self.cancel()
        self.results.clear()
        self.forgotten.emit()

    def _on_finished(self, made: Evaluated) -> None:
        self.results[made.part] = made
        self.finished.emit(made)

    def _on_ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.running_changed.emit(False)
