"""Training on photos: the thread that owns the network of the Photo workspace.

The minimal recipe: plain SGD, one picture a step, no momentum, no schedule. The weights that did
best on the pictures kept for validation are the ones that stay. As everywhere, nothing is emitted
per step: the window reads `rows`, `state` and the newest snapshot when it wants to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

import nn
from gui.image_history import History
from gui.worker import Worker, WorkerThread
from nn.data.jitter import Jitter
from nn.fitting import EpochDone, Event, Finished, FitOptions, StepDone

PARTS = 0.2  # of every class, for validation
PUBLISH_EVERY = 0.1  # seconds between two copies of the curve


@dataclass(frozen=True)
class Recipe:
    """How to train. `variety` is how strongly pictures are changed by chance, 0 to 2."""

    lr: float = 0.01
    epochs: int = 30
    variety: float = 1.0
    seed: int = 0


class Pictures(NamedTuple):
    """Pictures (N, 3, S, S) uint8 with labels (N,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


class State(NamedTuple):
    """How it stands. Accuracies are parts of 1, NaN before any; `best_epoch` 0 before any."""

    step: int = 0
    epoch: int = 0
    epochs: int = 0
    loss: float = float("nan")
    train: float = float("nan")
    validation: float = float("nan")
    best: float = float("nan")
    best_epoch: int = 0


class PhotoWorker(Worker):
    """Owns network, trainer and snapshots."""

    ended = Signal(str)  # why training stopped, in one sentence
    diverged = Signal(int)

    def __init__(self, network: "nn.Network") -> None:
        super().__init__()
        self.rows = np.empty((0, 4))
        self.state = State()
        self.load(network)

    def load(self, network: "nn.Network") -> None:
        """Work on another network from now on."""
        self.pause()
        self.network = network
        self.snapshots = nn.snapshot.SnapshotBuffer(network)
        self._watched: NDArray[np.float32] | None = None
        self._events: Iterator[Event] = iter(())
        self._best: list[np.ndarray] | None = None
        self._steps = 0
        self._clear()
        self._publish()

    def watch(self, x: NDArray[np.float32] | None) -> None:
        """Show the network's answer to `x`, (1, 3, S, S), in every snapshot from now on."""
        self._watched = x
        self._publish()

    def train(self, pictures: Pictures, validation: Pictures | None, recipe: Recipe) -> None:
        """Begin; the weights go on from where they are."""
        trainer = nn.Trainer(self.network, nn.optimizers.SGD(lr=recipe.lr), seed=recipe.seed)
        trainer.steps = self._steps
        self._trainer = trainer
        self._best = None
        self._clear()
        options = FitOptions(
            epochs=recipe.epochs,
            batch_size=1,
            preparation=Jitter(recipe.variety),
            validation=validation,
            window=max(50, len(pictures.labels)),
        )
        self.state = State(step=self._steps, epochs=recipe.epochs)
        self._events = trainer.fit(pictures.images, pictures.labels, options)
        self.go_on()

    def stop(self) -> None:
        """Stop, with the best weights so far."""
        if self.running:
            self._finish("Training was stopped")

    def set_lr(self, lr: float) -> None:
        if self.running:
            self._trainer.optimizer.lr = lr

    def work(self, end: float) -> None:
        wanted = self.snapshots.wanted
        while True:
            last = perf_counter() >= end
            if last and wanted:
                self.snapshots.remember()
            event = next(self._events)
            if isinstance(event, StepDone):
                self._on_step(event)
                if last:
                    break
                self.give_way()
            elif isinstance(event, EpochDone):
                self._on_epoch(event)
            elif isinstance(event, Finished):
                if event.reason == "diverged":
                    self._restore_best()
                    self._close()
                    self.diverged.emit(self._steps)
                else:
                    self._finish("Training is finished")
                return
        if wanted:
            self._publish()
        if perf_counter() >= self._due:
            self._tell_rows()

    def _on_step(self, event: StepDone) -> None:
        self._steps = event.step
        self.state = self.state._replace(
            step=event.step, epoch=event.epoch, loss=event.loss, train=event.accuracy
        )
        self._history.add(event.step, event.loss, event.accuracy, self.state.validation)

    def _on_epoch(self, event: EpochDone) -> None:
        found = event.validation
        accuracy = float("nan") if found is None else found.accuracy
        self.state = self.state._replace(validation=accuracy)
        if event.best:  # the lowest loss, on validation where there is one
            self._best = self.network.checkpoint()
            self.state = self.state._replace(best=accuracy, best_epoch=event.epoch)

    def _finish(self, why: str) -> None:
        best, epoch = self.state.best, self.state.best_epoch
        if self._restore_best():
            why = f"{why}; the weights are those of epoch {epoch}"
            if np.isfinite(best):
                why += f", right for {100 * best:.0f} % of the validation pictures"
        self._close()
        self.ended.emit(f"{why}.")

    def _restore_best(self) -> bool:
        """Go back to the best weights, if there are some."""
        if self._best is None:
            return False
        self.network.restore(self._best)
        return True

    def _close(self) -> None:
        self.pause()
        self._events = iter(())
        self._tell_rows()
        self._publish()

    def _clear(self) -> None:
        self._history = History()
        self.rows = np.empty((0, 4))
        self.state = State(step=self._steps)
        self._due = 0.0

    def _tell_rows(self) -> None:
        self.rows = self._history.rows()
        self._due = perf_counter() + PUBLISH_EVERY

    def _publish(self) -> None:
        self.snapshots.publish(self._steps, self.state.loss, self._watched)


class PhotoTraining(WorkerThread):
    """The window's side."""

    ended = Signal(str)
    diverged = Signal(int)

    def __init__(self, network: "nn.Network") -> None:
        self._worker: PhotoWorker
        super().__init__(PhotoWorker(network))
        self._network = network
        self._worker.ended.connect(self.ended)
        self._worker.diverged.connect(self.diverged)

    @property
    def network(self) -> "nn.Network":
        """The network in force. Another thread trains it: read its layout, not its weights."""
        return self._network

    @property
    def rows(self) -> np.ndarray:
        """The curves, (n, 4): step, loss, both accuracies."""
        return self._worker.rows

    @property
    def state(self) -> State:
        return self._worker.state

    def take(self) -> "nn.snapshot.Snapshot | None":
        return self._worker.snapshots.take()

    def load(self, network: "nn.Network") -> None:
        self._network = network
        self.post(self._worker.load, network)

    def watch(self, x: NDArray[np.float32] | None) -> None:
        self.post(self._worker.watch, x)

    def train(self, pictures: Pictures, validation: Pictures | None, recipe: Recipe) -> None:
        self.post(self._worker.train, pictures, validation, recipe)

    def stop(self) -> None:
        self.post(self._worker.stop)

    def set_lr(self, lr: float) -> None:
        self.post(self._worker.set_lr, lr)

    def weights(self) -> "nn.Network":
        """A copy of the network as it is between two steps."""
        return self.ask(self._worker.network.copy)
