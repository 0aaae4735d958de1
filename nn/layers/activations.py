"""Activations: the bend between two layers, without which a chain of them is only one."""

from functools import partial

import numpy as np

from nn.layers.base import Bound, Elementwise, Scope
from nn.typing import Array


def _output_buffers(x: Array, dx: Array | None, scope: Scope) -> tuple[Array, Array | None]:
    """Return where to write y and find dy: over x and dx themselves where nobody needs them."""
    if scope.may_overwrite:
        return x, dx
    return scope.empty(x.shape), None if dx is None else scope.empty(x.shape)


class ReLU(Elementwise):
    """y = max(x, 0); dx = dy where y > 0, else 0. Shapes: any, output = input.

    Source: Nair and Hinton 2010, Rectified Linear Units.
    """

    kind = "relu"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        y, dy = _output_buffers(x, dx, scope)
        zeros = scope.zeros(x.shape)  # maximum() takes an array three times faster than a number
        bound = Bound(y, dy, [partial(np.maximum, x, zeros, y)], spare=False)
        if dx is not None and dy is not None:
            positive = np.zeros(x.shape, bool)
            bound.backward = [
                partial(np.greater, y, zeros, positive),
                partial(np.multiply, dy, positive, dx),
            ]
        return bound


class Sigmoid(Elementwise):
    """y = 1 / (1 + exp(−x)); dx = dy · y (1 − y). Shapes: any, output = input.

    Computed as ½ tanh(x / 2) + ½, the same function, which cannot overflow.
    """

    kind = "sigmoid"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        y, dy = _output_buffers(x, dx, scope)
        half = scope.constant(0.5)
        bound = Bound(y, dy, spare=False)
        bound.forward = [
            partial(np.multiply, x, half, y),
            partial(np.tanh, y, y),
            partial(np.multiply, y, half, y),
            partial(np.add, y, half, y),
        ]
        if dx is not None and dy is not None:
            slope = scope.empty(x.shape)
            bound.backward = [
                partial(np.multiply, y, y, slope),
                partial(np.subtract, y, slope, slope),
                partial(np.multiply, dy, slope, dx),
            ]
        return bound


class Tanh(Elementwise):
    """y = tanh(x); dx = dy · (1 − y²). Shapes: any, output = input."""

    kind = "tanh"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        y, dy = _output_buffers(x, dx, scope)
        bound = Bound(y, dy, [partial(np.tanh, x, y)], spare=False)
        if dx is not None and dy is not None:
            slope, one = scope.empty(x.shape), scope.constant(1.0)
            bound.backward = [
                partial(np.multiply, y, y, slope),
                partial(np.subtract, one, slope, slope),
                partial(np.multiply, dy, slope, dx),
            ]
        return bound
