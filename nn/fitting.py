"""Training over a data set, told as events: a progress bar and a window read the same ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import numpy as np

from nn.metrics import Evaluation, Window, evaluate
from nn.typing import Array

if TYPE_CHECKING:
    from nn.training import Trainer

Reason: TypeAlias = Literal["finished", "early stop", "diverged"]


class Preparation(Protocol):
    """What turns stored pictures into batches; `nn.data.augment.Augment` is one."""

    def train(self, images: Array, rng: np.random.Generator, /) -> Array:
        """Return a training batch (N, C, H, W)."""

    def look(self, images: Array, /) -> Array:
        """Return a batch (N, C, H, W) for looking only."""


@dataclass(frozen=True)
class StepDone:
    """After every step. ``loss`` and ``accuracy`` are means over a window of the last steps."""

    step: int
    epoch: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    learning_rate: float


@dataclass(frozen=True)
class EpochDone:
    """After every epoch. ``best`` tells that no epoch before was better."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    validation: Evaluation | None
    seconds: float
    best: bool


@dataclass(frozen=True)
class Finished:
    """The last event: why training ended, and which epoch (from 1) was best, 0 if none ended."""

    reason: Reason
    best_epoch: int


Event: TypeAlias = StepDone | EpochDone | Finished


@dataclass(frozen=True)
class FitOptions:
    """How to train over a data set; see `Trainer.fit`."""

    epochs: int = 1
    batch_size: int = 20
    preparation: Preparation | None = None
    validation: tuple[Array, Array] | None = None
    patience: int | None = None
    keep_best: bool = False
    window: int = 100

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "patience", "window"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")


def fit(trainer: "Trainer", x: Array, y: Array, options: FitOptions) -> Iterator[Event]:
    """Yield events while ``trainer`` learns ``x`` (N, C, H, W) with labels ``y`` (N,).

    Closing the generator stops between two steps; the weights are then those of the last step.
    """
    network, preparation = trainer.network, options.preparation
    look: Callable[[Array], Array] | None = preparation.look if preparation else None
    window = Window(options.window)
    lowest, best_epoch = float("inf"), 0
    best = network.checkpoint()
    for epoch in range(1, options.epochs + 1):
        started = perf_counter()
        order = trainer.shuffling.permutation(len(x))
        starts = range(0, len(x), options.batch_size)
        whole = Window(len(starts))
        for batch, start in enumerate(starts, 1):
            chosen = order[start : start + options.batch_size]
            pictures = x[chosen]
            if preparation is not None:
                pictures = preparation.train(pictures, trainer.augmentation)
            result = trainer.step(pictures, y[chosen])
            window.add(result.loss, result.correct, result.count)
            whole.add(result.loss, result.correct, result.count)
            yield StepDone(
                result.step,
                epoch,
                batch,
                len(starts),
                window.loss,
                window.accuracy,
                trainer.optimizer.lr,
            )
            if result.diverged:
                if options.keep_best and best_epoch:
                    network.restore(best)
                yield Finished("diverged", best_epoch)
                return
        found = None
        if options.validation is not None:
            found = evaluate(network, *options.validation, prepare=look)
        loss = whole.loss if found is None else found.loss
        improved = loss < lowest
        if improved:
            lowest, best_epoch = loss, epoch
            best = network.checkpoint()
        seconds = perf_counter() - started
        yield EpochDone(epoch, options.epochs, whole.loss, whole.accuracy, found, seconds, improved)
        if options.patience is not None and epoch - best_epoch >= options.patience:
            break
    if options.keep_best and best_epoch:
        network.restore(best)
    yield Finished("finished" if epoch == options.epochs else "early stop", best_epoch)
