"""Rosenblatt's perceptron, 1958: one neuron, one line, and the oldest rule of learning.

It fires (1) when w · x + b > 0, else it does not (0). After each example
w ← w + lr · (t − o) · x and b ← b + lr · (t − o), with t the wanted and o the given answer.
That is plain SGD on the perceptron's criterion E = (o − t) · z, where z = w · x + b, since its
gradient with respect to z is o − t.
"""

import numpy as np

from nn.layers.base import Scope
from nn.layers.dense import Dense, Flatten
from nn.losses import BoundLoss, Loss
from nn.network import Network
from nn.typing import Array

GATES: dict[str, tuple[tuple[tuple[int, int], int], ...]] = {
    "AND": (((-1, -1), 0), ((1, -1), 0), ((-1, 1), 0), ((1, 1), 1)),
    "OR": (((-1, -1), 0), ((1, -1), 1), ((-1, 1), 1), ((1, 1), 1)),
    "NAND": (((-1, -1), 1), ((1, -1), 1), ((-1, 1), 1), ((1, 1), 0)),
    "NOT": (((-1, 0), 1), ((1, 0), 0)),
    "XOR": (((-1, -1), 0), ((1, -1), 1), ((-1, 1), 1), ((1, 1), 0)),
}
"""Truth tables: inputs, -1 for false and 1 for true, and what is wanted, 0 or 1."""


def gate(name: str) -> tuple[Array, Array]:
    """Return a truth table as inputs (N, 2, 1, 1) and targets (N, 1), float32."""
    if name not in GATES:
        raise ValueError(f"{name!r} is no gate; there are {', '.join(GATES)}")
    rows = GATES[name]
    x = np.array([inputs for inputs, _ in rows], np.float32)
    return x.reshape(-1, 2, 1, 1), np.array([[wanted] for _, wanted in rows], np.float32)


def build(seed: int = 0) -> Network:
    """Return a perceptron of two inputs."""
    return Network((2, 1, 1), [Flatten(), Dense(1)], PerceptronLoss(), seed, ["true"])


class PerceptronLoss(Loss):
    """Σ (o − t) z over one or more neurons, with o = 1 where z > 0, else 0, and targets t 0 or 1.

    Zero for a right answer, |z| for a wrong one. A prediction shows o.
    """

    kind = "perceptron"

    def bind(self, outputs: Array, grad: Array, scope: Scope) -> BoundLoss:
        return _BoundPerceptronLoss(outputs, grad, scope)

    def scores(self, outputs: Array) -> Array:
        return (outputs > 0).astype(outputs.dtype)


class _BoundPerceptronLoss(BoundLoss):
    def check_targets(self, y: Array) -> None:
        super().check_targets(y)
        if not np.isin(y, (0, 1)).all():
            raise ValueError("targets of a perceptron must be 0 or 1")

    def correct(self) -> int:
        return int(((self.outputs > 0) == self.targets).all(axis=0).sum())

    def measure(self, scale: float = 1.0) -> float:
        np.subtract(self.outputs > 0, self.targets, self.grad)
        loss = float(np.vdot(self.grad, self.outputs))
        if scale != 1.0:
            np.multiply(self.grad, scale, self.grad)
        return loss
