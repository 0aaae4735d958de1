"""Dropout: train a network that can't rely on any single neuron."""

from functools import partial
from typing import Any

import numpy as np

from nn.layers.base import Bound, Layer, Scope, number_text
from nn.typing import Array, Shape


class Dropout(Layer):
    """In training y = x · m / (1 − p), where m is 0 with probability p, else 1; dx likewise of dy.

    Otherwise y = x. Shapes: any, output = input. Dividing by 1 − p in training ("inverted"
    dropout) keeps the mean, so nothing has to change for predictions (Srivastava et al. 2014).
    """

    kind = "dropout"

    def __init__(self, probability: float = 0.5) -> None:
        super().__init__()
        if not 0 <= probability < 1:
            raise ValueError(f"dropout needs a probability from 0 to below 1, got {probability}")
        self.probability = float(probability)

    def shape_after(self, input_shape: Shape) -> Shape:
        return input_shape

    def config(self) -> dict[str, Any]:
        return {"probability": self.probability}

    def to_text(self) -> str:
        return f"dropout {number_text(self.probability)}"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        if not scope.training:
            return Bound(x, dx, spare=scope.may_overwrite)
        y = scope.empty(x.shape)
        mask, kept = scope.empty(x.shape), np.zeros(x.shape, bool)
        factor = scope.constant(1.0 / (1.0 - self.probability))
        bound = Bound(y)
        bound.forward = [
            partial(scope.rng.random, dtype=scope.dtype.type, out=mask),
            partial(np.greater_equal, mask, scope.constant(self.probability), kept),
            partial(np.multiply, kept, factor, mask),
            partial(np.multiply, x, mask, y),
        ]
        if dx is not None:
            dy = bound.grad = scope.empty(y.shape)
            bound.backward = [partial(np.multiply, dy, mask, dx)]
        return bound
