"""A network bound to a batch size: buffers made once, and two short lists of numpy calls.

This is the whole gradient engine. Forward runs the first list, the loss writes its gradient into
the last layer's buffer, backward runs the second list: the chain rule, walked through the layers
from the last to the first.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nn.functional import inside_shape, to_public
from nn.layers.base import Bound, Layer, Scope
from nn.losses import Loss
from nn.typing import Array, DType, Operation, Shape


class Plan:
    """Buffers and operations of ``layers`` for ``batch_size`` examples.

    With ``training`` dropout and batch normalisation behave as in training. With ``backward`` the
    plan can go backwards, and with ``input_gradient`` back to the picture. With ``fast`` layers
    may write over buffers that are no longer needed, and max pooling runs before an activation
    that stands in front of it (they commute, and there is less left to do); without it the bound
    layers hold the true output of every layer, in order.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        loss: Loss,
        input_shape: Shape,
        batch_size: int,
        dtype: DType,
        rng: np.random.Generator,
        *,
        training: bool = True,
        backward: bool = True,
        input_gradient: bool = False,
        fast: bool = True,
    ) -> None:
        scope = Scope(dtype, training, backward, rng)
        x = scope.empty(inside_shape(input_shape, batch_size))
        dx = scope.empty(x.shape) if backward and input_gradient else None
        self.batch_size = batch_size
        self.input = to_public(x)
        self.input_grad = None if dx is None else to_public(dx)
        self.input_shape = (batch_size, *input_shape)
        self.bound: list[Bound] = []
        spare = False
        for layer in pool_first(layers) if fast else layers:
            scope.may_overwrite = spare and fast
            bound = layer.bind(x, dx, scope)
            self.bound.append(bound)
            x, dx, spare = bound.output, bound.grad, bound.spare
        self.outputs = x
        self.forward: list[Operation] = [op for bound in self.bound for op in bound.forward]
        self.backward: list[Operation] = [
            op for bound in reversed(self.bound) for op in bound.backward
        ]
        grad = dx if dx is not None else scope.empty(x.shape)
        self.loss = loss.bind(x, grad, scope)

    def run_forward(self, x: Array) -> Array:
        """Run all layers on public ``x`` (N, C, H, W); return public outputs (N, F), a view."""
        np.copyto(self.input, x)
        for operation in self.forward:
            operation()
        return to_public(self.outputs)

    def run_step(self, x: Array, y: Array, scale: float) -> float:
        """Forward, loss, backward: fill the gradients with ``scale`` times those of the loss.

        Returns the loss summed over the batch. ValueError when ``y`` does not fit.
        """
        self.loss.set_targets(y)
        np.copyto(self.input, x)
        for operation in self.forward:
            operation()
        loss = self.loss.measure(scale)
        for operation in self.backward:
            operation()
        return loss


def pool_first(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers with every max pooling moved before a monotone activation in front of it.

    max(f(a), f(b)) = f(max(a, b)) for a function f that never decreases, so the result is the
    same, and f has a quarter or a ninth of the numbers to work on.
    """
    order = list(layers)
    for i, (first, second) in enumerate(pairwise(layers)):
        if first.monotone and second.kind == "maxpool":
            order[i], order[i + 1] = second, first
    return order
