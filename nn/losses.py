"""Losses: one number that says how wrong the outputs are, and its gradient.

Every loss takes *logits*, the plain outputs of the last layer. A loss is bound like a layer: to
the buffer of the outputs and to the buffer that shall receive the gradient, ``(classes, N)`` both.
"""

from abc import ABC, abstractmethod
from math import log
from typing import ClassVar

import numpy as np

from nn import functional
from nn.layers.base import Scope
from nn.typing import Array


class Loss(ABC):
    """A loss and how the network's outputs are to be read."""

    kind: ClassVar[str]

    @abstractmethod
    def bind(self, outputs: Array, grad: Array, scope: Scope) -> "BoundLoss":
        """Return the loss at work on ``outputs`` (classes, N), writing its gradient to ``grad``."""

    def scores(self, outputs: Array) -> Array:
        """Return what a prediction shows for outputs (N, classes): the outputs as they are."""
        return outputs

    def to_text(self) -> str:
        """Return the line of a network text."""
        return f"loss {self.kind}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


MOST_POINTED_AT = 256


class BoundLoss(ABC):
    """A loss on buffers: set the targets, then `measure`."""

    def __init__(self, outputs: Array, grad: Array, scope: Scope) -> None:
        self.outputs = outputs
        self.grad = grad
        self.classes, self.batch_size = outputs.shape
        self._written = scope.zeros(outputs.shape)
        self.targets = self._written
        self._labels = np.zeros(self.batch_size, np.int64)
        self.label = 0  # of the only example
        self._numbers = np.arange(self.classes)[:, None]
        # For one example a target is only pointed at, not written, where they are few.
        pointed_at = self.batch_size == 1 and self.classes <= MOST_POINTED_AT
        table = np.eye(self.classes if pointed_at else 0, dtype=scope.dtype)
        self._one_hot = [row[:, None].copy() for row in table]

    def set_targets(self, y: Array) -> None:
        """Take (N,) integer labels, or (N, classes) targets of any float type.

        Raises ValueError when shape, type or values do not fit; nothing has been changed then.
        """
        if y.ndim == 1 and y.dtype.kind in "iu":
            if self._one_hot:
                label = int(y[0])
                if not 0 <= label < self.classes:
                    raise ValueError(self._label_message(label))
                self.label = label
                self.targets = self._one_hot[label]
                return
            self.check(y)
            np.copyto(self._labels, y, casting="unsafe")
            self.targets = self._written
            np.copyto(self.targets, self._labels == self._numbers)
            self.label = int(self._labels[0])
            return
        self.check(y)
        self.targets = self._written
        np.copyto(self.targets, y.T, casting="same_kind")
        np.argmax(self.targets, axis=0, out=self._labels)
        self.label = int(self._labels[0])

    def check(self, y: Array) -> None:
        """Raise ValueError when labels or targets, of any number of examples, do not fit."""
        if y.ndim == 1 and y.dtype.kind in "iu":
            low, high = int(y.min()), int(y.max())
            if low < 0 or high >= self.classes:
                raise ValueError(self._label_message(low if low < 0 else high))
            return
        if y.ndim != 2 or y.shape[1] != self.classes or y.dtype.kind != "f":
            raise ValueError(
                f"y must be integer labels (N,) or float targets (N, {self.classes}), "
                f"got {y.dtype} of shape {y.shape}"
            )
        self.check_targets(y)

    def check_targets(self, y: Array) -> None:
        """Raise ValueError when the float targets (N, classes) make no sense for this loss."""
        if not np.isfinite(y).all():
            raise ValueError("targets must be finite numbers, got NaN or infinity")

    def _label_message(self, label: int) -> str:
        return f"labels must be 0 to {self.classes - 1} for {self.classes} classes, got {label}"

    @property
    def labels(self) -> Array:
        """The right class of each example, (N,); of targets, the largest."""
        if self.batch_size == 1:
            self._labels[0] = self.label
        return self._labels

    def correct(self) -> int:
        """Return how many of the batch have their largest output at the right class."""
        if self.batch_size == 1:
            return int(int(self.outputs.argmax()) == self.label)
        return int(np.count_nonzero(self.outputs.argmax(axis=0) == self._labels))

    @abstractmethod
    def measure(self, scale: float = 1.0) -> float:
        """Return the loss summed over the batch, and write ``scale`` times its gradient."""


class SquaredError(Loss):
    """½ Σ (o − t)², summed over classes; its gradient with respect to o is o − t.

    Integer labels stand for a target of 1 at the label and 0 elsewhere.
    """

    kind = "squared_error"

    def bind(self, outputs: Array, grad: Array, scope: Scope) -> BoundLoss:
        return _BoundSquaredError(outputs, grad, scope)


class _BoundSquaredError(BoundLoss):
    def __init__(self, outputs: Array, grad: Array, scope: Scope) -> None:
        super().__init__(outputs, grad, scope)
        self._flat = grad.reshape(-1)

    def measure(self, scale: float = 1.0) -> float:
        np.subtract(self.outputs, self.targets, self.grad)
        loss = 0.5 * float(self._flat.dot(self._flat))
        if scale != 1.0:
            np.multiply(self.grad, scale, self.grad)
        return loss


class SoftmaxCrossEntropy(Loss):
    """−Σ t log p with p = softmax(z), on logits z; its gradient with respect to z is p − t.

    Source: Goodfellow, Bengio, Courville 2016, Deep Learning, 6.2.2.3. Targets are probabilities
    that sum to 1 in each row; an integer label stands for probability 1. `Network.predict` shows
    the probabilities p.
    """

    kind = "softmax"

    def bind(self, outputs: Array, grad: Array, scope: Scope) -> BoundLoss:
        return _BoundSoftmaxCrossEntropy(outputs, grad, scope)

    def scores(self, outputs: Array) -> Array:
        return functional.softmax(outputs)


class _BoundSoftmaxCrossEntropy(BoundLoss):
    def __init__(self, outputs: Array, grad: Array, scope: Scope) -> None:
        super().__init__(outputs, grad, scope)
        self._row = scope.empty((1, self.batch_size))
        self._shifted = scope.empty(outputs.shape)
        self._ones = scope.empty((self.classes,)) + scope.constant(1.0)

    def check_targets(self, y: Array) -> None:
        super().check_targets(y)
        sums = y.sum(axis=1)
        if y.min() < 0 or np.abs(sums - 1).max() > 1e-3:
            raise ValueError(
                "targets of softmax cross-entropy must be probabilities that sum to 1 in each "
                f"row, got values from {y.min():g} to {y.max():g} and sums from {sums.min():g} "
                f"to {sums.max():g}"
            )

    def measure(self, scale: float = 1.0) -> float:
        if self.batch_size == 1:
            return self._measure_one(scale)
        shifted, row, grad = self._shifted, self._row, self.grad
        np.maximum.reduce(self.outputs, axis=0, out=row, keepdims=True)
        np.subtract(self.outputs, row, shifted)  # the largest logit is 0 now: no overflow
        np.exp(shifted, grad)
        np.add.reduce(grad, axis=0, out=row, keepdims=True)
        np.divide(grad, row, grad)
        # −log p of class k is the log of the sum, less shifted[k].
        loss = float(np.log(row, row).sum()) - float(np.vdot(self.targets, shifted))
        np.subtract(grad, self.targets, grad)
        if scale != 1.0:
            np.multiply(grad, scale, grad)
        return loss

    def _measure_one(self, scale: float) -> float:
        """The same for one example, where numpy's reductions would cost more than all the rest."""
        logits, targets = self.outputs[:, 0], self.targets[:, 0]
        shifted, grad = self._shifted[:, 0], self.grad[:, 0]
        np.subtract(logits, logits[logits.argmax()], shifted)
        np.exp(shifted, grad)
        total = float(grad.dot(self._ones))
        loss = log(total) - float(shifted.dot(targets)) if total == total else total
        np.multiply(grad, 1.0 / total, grad)
        np.subtract(grad, targets, grad)
        if scale != 1.0:
            np.multiply(grad, scale, grad)
        return loss


class MulticlassHinge(Loss):
    """Σ_{j ≠ k} max(0, z_j − z_k + 1) for the right class k (Weston and Watkins 1999).

    Wrong classes push while they come closer than a margin of 1. Takes integer labels; float
    targets must be 1 at one class and 0 elsewhere.
    """

    kind = "hinge"

    def bind(self, outputs: Array, grad: Array, scope: Scope) -> BoundLoss:
        return _BoundMulticlassHinge(outputs, grad, scope)


class _BoundMulticlassHinge(BoundLoss):
    def __init__(self, outputs: Array, grad: Array, scope: Scope) -> None:
        super().__init__(outputs, grad, scope)
        self._margins = scope.empty(outputs.shape)
        self._examples = np.arange(self.batch_size)

    def check_targets(self, y: Array) -> None:
        super().check_targets(y)
        if not (np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all()):
            raise ValueError("targets of the hinge loss must be 1 at one class and 0 elsewhere")

    def measure(self, scale: float = 1.0) -> float:
        margins, right = self._margins, (self.labels, self._examples)
        np.subtract(self.outputs, self.outputs[right], margins)
        margins += 1.0
        margins[right] = 0.0
        np.maximum(margins, 0.0, out=margins)
        np.sign(margins, self.grad)
        self.grad[right] = -self.grad.sum(axis=0)
        if scale != 1.0:
            np.multiply(self.grad, scale, self.grad)
        return float(margins.sum())


LOSSES: dict[str, type[Loss]] = {
    loss.kind: loss for loss in (SoftmaxCrossEntropy, SquaredError, MulticlassHinge)
}
