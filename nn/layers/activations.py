"""Activations: the bend between two layers, without which a chain of them is only one."""

from functools import partial
from typing import Any

import numpy as np

from nn.layers.base import Bound, Elementwise, Layer, Scope, number_text
from nn.typing import Array, Shape


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
        bound = Bound(y, dy, [partial(np.maximum, x, zeros, out=y)], spare=False)
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


class LeakyReLU(Elementwise):
    """y = x where x > 0, else slope · x; dx = dy, or slope · dy. Shapes: any, output = input.

    ``slope`` is within 0 to 1, 0.01 if not told, as in Maas, Hannun, Ng 2013.
    """

    kind = "leaky_relu"

    def __init__(self, slope: float = 0.01) -> None:
        super().__init__()
        if not 0 <= slope <= 1:
            raise ValueError(f"leaky_relu needs a slope from 0 to 1, got {slope}")
        self.slope = float(slope)

    def config(self) -> dict[str, Any]:
        return {"slope": self.slope}

    def to_text(self) -> str:
        return f"leaky_relu {number_text(self.slope)}"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        y, dy = _output_buffers(x, dx, scope)
        slope, lower = scope.constant(self.slope), scope.empty(x.shape)
        bound = Bound(y, dy, spare=False)
        bound.forward = [
            partial(np.multiply, x, slope, lower),
            partial(np.maximum, x, lower, out=y),
        ]
        if dx is not None and dy is not None:
            positive, zeros = np.zeros(x.shape, bool), scope.zeros(x.shape)
            steps = scope.empty(x.shape)  # 1 or slope
            bound.forward.insert(0, partial(np.greater, x, zeros, positive))
            bound.backward = [
                partial(np.multiply, positive, scope.constant(1.0 - self.slope), steps),
                partial(np.add, steps, slope, steps),
                partial(np.multiply, dy, steps, dx),
            ]
        return bound


class Softmax(Layer):
    """y_k = exp(x_k) / Σ_j exp(x_j); dx = y · (dy − Σ_j y_j dy_j).

    Over the features of a flat input, over the channels of each pixel of a picture; shapes:
    output = input. For looking at probabilities inside a chain; losses take logits, so it does
    not stand before the softmax loss.
    """

    kind = "softmax"

    def shape_after(self, input_shape: Shape) -> Shape:
        return input_shape

    def to_text(self) -> str:
        return "softmax"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        axis = 1 if x.ndim == 4 else 0
        y = scope.empty(x.shape)
        line = scope.empty(tuple(1 if i == axis else n for i, n in enumerate(x.shape)))
        over = partial(np.add.reduce, axis=axis, out=line, keepdims=True)
        bound = Bound(y, spare=False)
        bound.forward = [
            partial(np.maximum.reduce, x, axis=axis, out=line, keepdims=True),
            partial(np.subtract, x, line, y),  # the largest is 0 now: no overflow
            partial(np.exp, y, y),
            partial(over, y),
            partial(np.divide, y, line, y),
        ]
        if dx is not None:
            dy = bound.grad = scope.empty(y.shape)
            bound.backward = [
                partial(np.multiply, y, dy, dx),
                partial(over, dx),
                partial(np.subtract, dy, line, dx),
                partial(np.multiply, dx, y, dx),
            ]
        return bound
