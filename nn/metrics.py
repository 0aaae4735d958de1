"""How well a network does: means over a window, and an evaluation of a whole data set."""

from collections import deque
from collections.abc import Callable
from math import isfinite
from typing import NamedTuple

import numpy as np

from nn.layers.base import Scope
from nn.network import Network
from nn.typing import Array


class Window:
    """Mean loss and accuracy over the last ``size`` steps (each weighed by its examples)."""

    def __init__(self, size: int = 100) -> None:
        if size < 1:
            raise ValueError(f"a window holds at least 1 step, got {size}")
        self._steps: deque[tuple[float, int, int]] = deque(maxlen=size)
        self._loss, self._correct, self._count = 0.0, 0, 0

    def add(self, loss: float, correct: int, count: int) -> None:
        """Add a step: its mean loss, how many were right, and of how many."""
        if len(self._steps) == self._steps.maxlen:
            old_loss, old_correct, old_count = self._steps[0]
            self._loss -= old_loss
            self._correct -= old_correct
            self._count -= old_count
        self._steps.append((loss * count, correct, count))
        self._loss += loss * count
        self._correct += correct
        self._count += count
        if not isfinite(self._loss):  # let a single bad step leave again
            self._loss = sum(step[0] for step in self._steps)

    @property
    def steps(self) -> Array:
        """The steps that count now, (n, 3) float64: the loss of all examples together, how many
        were right, and of how many.
        """
        return np.array(self._steps, np.float64).reshape(-1, 3)

    @classmethod
    def resume(cls, size: int, steps: Array) -> "Window":
        """Return a window that goes on from the `steps` of another."""
        window = cls(size)
        for loss, correct, count in steps[-size:].tolist():
            window._steps.append((loss, int(correct), int(count)))
            window._loss += loss
            window._correct += int(correct)
            window._count += int(count)
        return window

    @property
    def loss(self) -> float:
        """Mean loss of an example; NaN before the first step."""
        return self._loss / self._count if self._count else float("nan")

    @property
    def accuracy(self) -> float:
        """Part that was right, 0 to 1; NaN before the first step."""
        return self._correct / self._count if self._count else float("nan")


class Evaluation(NamedTuple):
    """The mean loss, how many of how many were right, and ``confusion[label, prediction]``."""

    loss: float
    correct: int
    total: int
    confusion: Array

    @property
    def accuracy(self) -> float:
        """Part that was right, 0 to 1."""
        return self.correct / self.total


def evaluate(
    network: Network,
    x: Array,
    y: Array,
    prepare: Callable[[Array], Array] | None = None,
    batch_size: int = 256,
) -> Evaluation:
    """Return how ``network`` does on ``x`` (N, C, H, W) with integer labels ``y`` (N,).

    ``prepare`` turns a batch of ``x``, for example uint8 pictures, into what the network takes.
    """
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(f"x and y must be equally long and not empty, got {len(x)} and {len(y)}")
    classes = network.output_shape[0]
    scope = Scope(network.dtype, False, False, np.random.default_rng(0))
    confusion = np.zeros((classes, classes), np.int64)
    loss = 0.0
    for start in range(0, len(x), batch_size):
        part = slice(start, start + batch_size)
        batch = x[part] if prepare is None else prepare(x[part])
        outputs = np.ascontiguousarray(network.outputs(batch).T)
        measured = network.loss.bind(outputs, np.zeros_like(outputs), scope)
        measured.set_targets(y[part])
        loss += measured.measure()
        np.add.at(confusion, (measured.labels, outputs.argmax(axis=0)), 1)
    return Evaluation(loss / len(x), int(np.trace(confusion)), len(x), confusion)


def evaluate_views(
    network: Network,
    x: Array,
    y: Array,
    views: Callable[[Array], list[Array]],
    batch_size: int = 256,
) -> Evaluation:
    """Return how ``network`` does on ``x`` (N, C, H, W) when scores are averaged over views.

    ``views`` turns a batch of ``x`` into batches for the network, for example crops. The loss is
    −log of the averaged score of the right class, NaN where scores are no probabilities.
    """
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(f"x and y must be equally long and not empty, got {len(x)} and {len(y)}")
    classes = network.output_shape[0]
    confusion = np.zeros((classes, classes), np.int64)
    loss = 0.0
    for start in range(0, len(x), batch_size):
        part = slice(start, start + batch_size)
        batches = views(x[part])
        scores = np.sum([network.predict(batch) for batch in batches], axis=0) / len(batches)
        np.add.at(confusion, (y[part], scores.argmax(axis=1)), 1)
        right = scores[np.arange(len(scores)), y[part]]
        loss -= float(np.log(np.maximum(right, 1e-12)).sum())
    if network.loss.kind != "softmax":
        loss = float("nan")
    return Evaluation(loss / len(x), int(np.trace(confusion)), len(x), confusion)
