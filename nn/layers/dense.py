"""The fully connected layer, and the flattening that leads to it."""

from functools import partial
from typing import Any

import numpy as np

from nn.initializers import Initializer
from nn.layers.base import Bound, Layer, ParameterSpec, Scope
from nn.typing import Array, Shape


class Dense(Layer):
    """Every output looks at every input: y = W x + b.

    Shapes: input (F,), output (units,); weight (units, F), bias (units,).
    Backward, with dy the gradient of the loss with respect to y:
    dW = dy xᵀ, db = Σ dy over the batch, dx = Wᵀ dy.
    """

    kind = "dense"

    def __init__(self, units: int, init: Initializer | None = None) -> None:
        super().__init__()
        if units < 1:
            raise ValueError(f"dense needs at least 1 unit, got {units}")
        self.units = int(units)
        self.init = init

    def shape_after(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            raise ValueError(
                f"dense needs a flat input, but gets pictures (C, H, W) = {input_shape}; "
                f"put a line 'flatten' before it"
            )
        return (self.units,)

    def parameter_specs(self) -> tuple[ParameterSpec, ...]:
        (inputs,) = self.input_shape
        return (
            ParameterSpec(
                "weight", (self.units, inputs), inputs, self.units, self.init, decays=True
            ),
            ParameterSpec("bias", (self.units,)),
        )

    def multiply_adds(self) -> int:
        return self.units * self.input_shape[0]

    def config(self) -> dict[str, Any]:
        return {"units": self.units, "init": self.init}

    def to_text(self) -> str:
        return f"dense {self.units}"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        if x.shape[1] == 1:
            return self._bind_one(x, dx, scope)
        weight, bias = self.parameters()
        y = scope.empty((self.units, x.shape[1]))
        bound = Bound(y)
        bound.forward = [
            partial(np.matmul, weight.data, x, y),
            partial(np.add, y, bias.data[:, None], y),
        ]
        if scope.backward:
            dy = bound.grad = scope.empty(y.shape)
            bound.backward = [
                partial(np.matmul, dy, x.T, weight.grad),
                partial(np.add.reduce, dy, 1, None, bias.grad),
            ]
            if dx is not None:
                bound.backward.append(partial(np.matmul, weight.data.T, dy, dx))
        return bound

    def _bind_one(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        """One example alone: matrix times vector, for which ``dot`` has the least overhead."""
        weight, bias = self.parameters()
        y = scope.empty((self.units, 1))
        # One view for each: numpy knows at once that in and out are the same, not merely overlap.
        x_line, y_line = x[:, 0], y[:, 0]
        bound = Bound(y)
        bound.forward = [
            partial(weight.data.dot, x_line, y_line),
            partial(np.add, y_line, bias.data, y_line),
        ]
        if scope.backward:
            # The gradient of the bias is dy itself: let them be the same memory.
            dy = bound.grad = bias.grad[:, None]
            bound.backward = [partial(dy.dot, x.T, weight.grad)]
            if dx is not None:
                bound.backward.append(partial(weight.data.T.dot, bias.grad, dx[:, 0]))
        return bound


class Flatten(Layer):
    """A picture becomes one list of numbers, channel by channel, row by row.

    Shapes: input (C, H, W), output (C·H·W,). A flat input passes as it is.
    """

    kind = "flatten"

    def shape_after(self, input_shape: Shape) -> Shape:
        return (int(np.prod(input_shape)),)

    def to_text(self) -> str:
        return "flatten"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        if x.ndim == 2:
            return Bound(x, dx, spare=scope.may_overwrite)
        height, channels, width, batch_size = x.shape
        if height == 1 or channels == 1:  # in memory the two orders are the same
            flat = x.reshape(-1, batch_size)
            grad = None if dx is None else dx.reshape(-1, batch_size)
            return Bound(flat, grad, spare=scope.may_overwrite)
        y = scope.empty((channels * height * width, batch_size))
        bound = Bound(y)
        by_channel = y.reshape(channels, height, width, batch_size)
        bound.forward = [partial(np.copyto, by_channel, x.transpose(1, 0, 2, 3))]
        if dx is not None:
            dy = bound.grad = scope.empty(y.shape)
            dy_by_channel = dy.reshape(channels, height, width, batch_size)
            bound.backward = [partial(np.copyto, dx.transpose(1, 0, 2, 3), dy_by_channel)]
        return bound
