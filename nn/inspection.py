"""Looking inside one step: what flowed forwards, and what came back."""

from typing import NamedTuple

import numpy as np

from nn.functional import to_public
from nn.layers.base import Layer, Parameter
from nn.network import Network
from nn.typing import Array


class Inspection(NamedTuple):
    """One example's way through a network, as copies that are safe to keep.

    ``activations[0]`` is the input, ``activations[i + 1]`` the output of layer i, (C, H, W) or
    (F,); ``gradients`` has the loss's gradient with respect to each of them, so ``gradients[0]``
    is the saliency of the input. ``parameters[i]`` holds layer i's weights with their gradients.
    """

    loss: float
    activations: list[Array]
    gradients: list[Array]
    parameters: list[tuple[Parameter, ...]]


def inspect(network: Network, x: Array, y: Array) -> Inspection:
    """Run one example ``x`` (1, C, H, W) with its label or target ``y`` through and back.

    Dropout rests and batch normalisation uses what it remembers. Nothing of the network changes,
    its gradients neither. ValueError when ``x`` or ``y`` does not fit.
    """
    network.check_batch(x)
    if len(x) != 1 or len(y) != 1:
        raise ValueError(f"inspect takes one example, got {len(x)} pictures and {len(y)} labels")
    rng = np.random.default_rng(0)  # drawn from by no layer that only looks
    plan = network.plan(1, rng, training=False, input_gradient=True, fast=False)
    kept = network.gradients.copy()
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            loss = plan.run_step(x, y, 1.0)
        outputs = [plan.input, *(to_public(bound.output) for bound in plan.bound)]
        grads = [plan.input_grad, *(to_public(b.grad) for b in plan.bound if b.grad is not None)]
        return Inspection(
            loss,
            [values[0].copy() for values in outputs],
            [values[0].copy() for values in grads if values is not None],
            [_copies(layer) for layer in network.layers],
        )
    finally:
        np.copyto(network.gradients, kept)


def _copies(layer: Layer) -> tuple[Parameter, ...]:
    return tuple(p._replace(data=p.data.copy(), grad=p.grad.copy()) for p in layer.parameters())
