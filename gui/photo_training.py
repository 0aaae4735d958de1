"""Training on photos: the thread that owns the network of the Photo workspace.

The minimal recipe: plain SGD, one picture a step, no momentum, no schedule. The weights that did
best on the pictures kept for validation are the ones that stay. As everywhere, nothing is emitted
per step: the window reads `rows`, `state` and the newest snapshot when it wants to.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import isfinite
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

import nn
from gui import kept
from gui.image_history import History
from gui.kept import Parts
from gui.worker import Worker, WorkerThread
from nn.data.jitter import Jitter
from nn.metrics import Window, evaluate
from nn.shuffle import Shuffle

PARTS = 0.2  # of every class, for validation
MOST_EPOCHS = 10_000
PUBLISH_EVERY = 0.1  # seconds between two copies of the curve


@dataclass(frozen=True)
class Recipe:
    """How to train. `variety` is how strongly pictures are changed by chance, 0 to 2."""

    lr: float = 0.01
    epochs: int = 30
    variety: float = 1.0
    seed: int = 0

    def check(self) -> None:
        """Raise ValueError for what no field would take."""
        good = 0 < self.lr <= 1000 and 1 <= self.epochs <= MOST_EPOCHS and 0 <= self.variety <= 2
        if not good or self.seed < 0:
            raise ValueError(f"nothing can be trained by {self}")


class Pictures(NamedTuple):
    """Pictures (N, 3, S, S) uint8 with labels (N,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


COUNTS = ("step", "epoch", "epochs", "best_epoch")  # the whole numbers of a `State`


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


class Lesson:
    """A training under way: the pictures, their order, and what was best so far.

    An epoch is measured by its loss: on the validation pictures, where there are some.
    """

    def __init__(self, pictures: Pictures, validation: Pictures | None, recipe: Recipe) -> None:
        self.pictures, self.validation, self.recipe = pictures, validation, recipe
        self.jitter = Jitter(recipe.variety)
        count = len(pictures.labels)
        self.shuffle = Shuffle(count, recipe.seed)
        self.window = Window(max(50, count))
        self.total = 0.0  # losses of the epoch that runs
        self.lowest = float("inf")
        self.best: list[np.ndarray] | None = None

    def loss(self, network: "nn.Network") -> tuple[float, float]:
        """The loss of the epoch that is over, and the accuracy on validation pictures or NaN."""
        total, self.total = self.total, 0.0
        if self.validation is None:
            return total / len(self.pictures.labels), float("nan")
        found = evaluate(network, *self.validation, prepare=self.jitter.look)
        return found.loss, found.accuracy


@dataclass(frozen=True)
class ToldLesson:
    """What a session file says of a lesson beside its pictures."""

    order: dict[str, Any]
    total: float
    lowest: float | None  # None: no epoch is over


class Resumed(NamedTuple):
    """A training that was kept: under way where there is a lesson."""

    trainer: "nn.Trainer"
    history: History
    state: State
    lesson: Lesson | None


def read_training(parts: Parts, lesson: Lesson | None) -> Resumed:
    """The training that `PhotoWorker.standing` told of; a lesson is filled with how far it is.

    Raises ValueError, one sentence, for what does not fit.
    """
    trainer, history = kept.trainer(parts), History.read(parts, "curves.npz")
    numbers = kept.array(
        parts, "curves.npz", "state", np.float64, (len(State._fields),), finite=False
    )
    with kept.naming("curves.npz"):
        counts = numbers[[State._fields.index(name) for name in COUNTS]]
        if not ((counts >= 0) & (counts < 1 << 53)).all():
            raise ValueError("steps and epochs must be counted from 0")
    state = State(*numbers.tolist())
    state = state._replace(**{name: int(getattr(state, name)) for name in COUNTS})
    if lesson is not None:
        _fill(lesson, parts, trainer)
    return Resumed(trainer, history, state, lesson)


def _fill(lesson: Lesson, parts: Parts, trainer: "nn.Trainer") -> None:
    told = kept.record(parts, "lesson.json", ToldLesson)
    count = len(lesson.pictures.labels)
    with kept.naming("lesson.json"):
        if told.order.get("count") != count or trainer.optimizer.kind != "sgd":
            raise ValueError(f"this is no training on {count:,} pictures")
        lesson.shuffle = Shuffle.resume(told.order)
    window = kept.array(parts, "lesson.npz", "window", np.float64, (None, 3))
    lesson.window, lesson.total = Window.resume(max(50, count), window), told.total
    if told.lowest is not None:
        lesson.lowest = told.lowest
        lesson.best = [
            kept.array(parts, "lesson.npz", f"best{i}", values.dtype, values.shape)
            for i, values in enumerate(trainer.network.checkpoint())
        ]


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
        self._take_over(nn.Trainer(network, nn.optimizers.SGD()))
        self._clear()
        self._publish()

    def _take_over(self, trainer: "nn.Trainer") -> None:
        self.pause()
        self.trainer, self.network = trainer, trainer.network
        self.snapshots = nn.snapshot.SnapshotBuffer(self.network)
        self._watched: NDArray[np.float32] | None = None
        self.lesson: Lesson | None = None  # None: no training is under way

    def watch(self, x: NDArray[np.float32] | None) -> None:
        """Show the network's answer to `x`, (1, 3, S, S), in every snapshot from now on."""
        self._watched = x
        self._publish()

    # -- what a session file keeps -----------------------------------------------------------

    def standing(self) -> Parts:
        """All of the training but its pictures, from which another goes on bit for bit."""
        parts = {
            "curves.npz": {**self._history.arrays(), "state": np.array(self.state, np.float64)},
            **kept.trainer_parts(self.trainer),
        }
        if (lesson := self.lesson) is not None:
            lowest = lesson.lowest if isfinite(lesson.lowest) else None
            told = ToldLesson(lesson.shuffle.state(), lesson.total, lowest)
            best = {f"best{i}": values for i, values in enumerate(lesson.best or [])}
            parts["lesson.json"] = kept.told(told)
            parts["lesson.npz"] = {"window": lesson.window.steps, **best}
        return parts

    def resume(self, made: Resumed) -> None:
        """Go on with a training that was kept; it rests until `go_on_training`."""
        self._take_over(made.trainer)
        self._history, self.state, self.lesson = made.history, made.state, made.lesson
        self._tell_rows()
        self._publish()

    # -- training ----------------------------------------------------------------------------

    def train(self, lesson: Lesson) -> None:
        """Begin; the weights go on from where they are."""
        recipe, steps = lesson.recipe, self.trainer.steps
        self.trainer = nn.Trainer(self.network, nn.optimizers.SGD(lr=recipe.lr), seed=recipe.seed)
        self.trainer.steps = steps
        self.lesson = lesson
        self._clear()
        self.state = State(step=steps, epochs=recipe.epochs)
        self.go_on()

    def go_on_training(self) -> None:
        """Go on with the training that is under way."""
        if self.lesson is not None:
            self.go_on()

    def stop(self) -> None:
        """Stop, with the best weights so far."""
        if self.lesson is not None:
            self._finish("Training was stopped")

    def set_lr(self, lr: float) -> None:
        if self.lesson is not None:
            self.trainer.optimizer.lr = lr

    def work(self, end: float) -> None:
        wanted = self.snapshots.wanted
        while True:
            last = perf_counter() >= end
            if last and wanted:
                self.snapshots.remember()
            if not self._step():
                return
            if last:
                break
            self.give_way()
        if wanted:
            self._publish()
        if perf_counter() >= self._due:
            self._tell_rows()

    def _step(self) -> bool:
        """Learn from one picture; False when the training is over."""
        lesson, trainer = self.lesson, self.trainer
        assert lesson is not None
        begins = lesson.shuffle.taken == 0 or not lesson.shuffle.left
        rows = lesson.shuffle.take(1)
        x = lesson.jitter.train(lesson.pictures.images[rows], trainer.augmentation)
        result = trainer.step(x, lesson.pictures.labels[rows])
        if result.diverged:
            self._restore_best()
            self._close()
            self.diverged.emit(trainer.steps)
            return False
        lesson.total += result.loss
        lesson.window.add(result.loss, result.correct, result.count)
        loss, accuracy = lesson.window.loss, lesson.window.accuracy
        epoch = self.state.epoch + begins
        self.state = self.state._replace(step=trainer.steps, epoch=epoch, loss=loss, train=accuracy)
        self._history.add(trainer.steps, loss, accuracy, self.state.validation)
        if not lesson.shuffle.left:
            self._on_epoch(lesson)
        return self.lesson is not None

    def _on_epoch(self, lesson: Lesson) -> None:
        loss, accuracy = lesson.loss(self.network)
        state = self.state._replace(validation=accuracy)
        if loss < lesson.lowest:
            lesson.lowest, lesson.best = loss, self.network.checkpoint()
            state = state._replace(best=accuracy, best_epoch=state.epoch)
        self.state = state
        if state.epoch >= lesson.recipe.epochs:
            self._finish("Training is finished")

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
        if self.lesson is None or self.lesson.best is None:
            return False
        self.network.restore(self.lesson.best)
        return True

    def _close(self) -> None:
        self.lesson = None  # before the window hears that nothing runs any more
        self.pause()
        self._tell_rows()
        self._publish()

    def _clear(self) -> None:
        self._history = History()
        self.rows = np.empty((0, 4))
        self.state = State(step=self.trainer.steps)
        self._due = 0.0

    def _tell_rows(self) -> None:
        self.rows = self._history.rows()
        self._due = perf_counter() + PUBLISH_EVERY

    def _publish(self) -> None:
        self.snapshots.publish(self.trainer.steps, self.state.loss, self._watched)


class PhotoTraining(WorkerThread):
    """The window's side."""

    ended = Signal(str)
    diverged = Signal(int)

    def __init__(self, network: "nn.Network") -> None:
        self._worker: PhotoWorker
        super().__init__(PhotoWorker(network))
        self._network = network
        self._changes = 0  # requests after which the training is another
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

    @property
    def is_unfinished(self) -> bool:
        """True while a training is under way, running or resting."""
        return self._worker.lesson is not None

    @property
    def stamp(self) -> Hashable:
        """Another value whenever the training is another."""
        return self._changes, self._worker.trainer.steps, self.running, self.is_unfinished

    @property
    def standing(self) -> Callable[[], Parts]:
        """Makes the parts of a session file, in the thread: for `later`."""
        return self._worker.standing

    def take(self) -> "nn.snapshot.Snapshot | None":
        return self._worker.snapshots.take()

    def load(self, network: "nn.Network") -> None:
        self._changes += 1
        self._network = network
        self.post(self._worker.load, network)

    def watch(self, x: NDArray[np.float32] | None) -> None:
        self.post(self._worker.watch, x)

    def resume(self, made: Resumed) -> None:
        """Go on with a training that was kept; it is in place when this returns."""
        self._changes += 1
        self._network = made.trainer.network
        self.ask(lambda: self._worker.resume(made))

    def train(self, lesson: Lesson) -> None:
        self._changes += 1
        self.post(self._worker.train, lesson)

    def go_on(self) -> None:
        """Go on with a training that rests."""
        self.post(self._worker.go_on_training)

    def stop(self) -> None:
        self._changes += 1
        self.post(self._worker.stop)

    def set_lr(self, lr: float) -> None:
        self._changes += 1
        self.post(self._worker.set_lr, lr)

    def weights(self) -> "nn.Network":
        """A copy of the network as it is between two steps."""
        return self.ask(lambda: self._worker.network.copy())
