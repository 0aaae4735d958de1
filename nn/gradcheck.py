"""Gradient checking: is what backward computes really the slope of the loss?

Every number is moved a little up and down, and the slope (L(w + ε) − L(w − ε)) / 2ε is compared
with the computed gradient. In float64, where ε = 1e-6 leaves some nine digits.
"""

from collections.abc import Callable

import numpy as np

from nn.network import Network
from nn.typing import Array


def numeric_gradient(function: Callable[[], float], values: Array, eps: float = 1e-6) -> Array:
    """Return the slope of ``function()`` with respect to each of ``values``, moved in place."""
    slopes = np.zeros(values.shape)
    for index in np.ndindex(values.shape):
        kept = values[index]
        values[index] = kept + eps
        above = function()
        values[index] = kept - eps
        below = function()
        values[index] = kept
        slopes[index] = (above - below) / (2 * eps)
    return slopes


def relative_error(computed: Array, expected: Array) -> float:
    """Return the largest difference, in parts of the largest value (or of 1e-3 if that is less)."""
    if computed.size == 0:
        return 0.0
    scale = max(float(np.abs(expected).max()), 1e-3)
    return float(np.abs(computed - expected).max()) / scale


def check(
    network: Network, x: Array, y: Array, *, training: bool = True, eps: float = 1e-6
) -> dict[str, float]:
    """Compare all gradients of ``network`` on a batch with numeric slopes.

    ``network`` must compute in float64 (`Network.astype`); ``x`` (N, C, H, W) float64 and ``y`` as
    in `Trainer.step`. Returns the relative error for ``input`` and each ``layer number.name``;
    below 1e-6 is right, apart from kinks. Dropout draws the same mask every time.
    """
    if network.dtype != np.float64:
        raise ValueError(f"the network must compute in float64, got {network.dtype}")
    network.check_batch(x)
    x = x.copy()
    rng = np.random.default_rng(0)
    start = rng.bit_generator.state
    plans = {
        fast: network.plan(len(x), rng, training=training, input_gradient=True, fast=fast)
        for fast in (True, False)
    }
    scale = 1.0 / len(x)

    def loss(fast: bool = True) -> float:
        rng.bit_generator.state = start
        return plans[fast].run_step(x, y, scale) * scale

    loss(fast=True)
    computed = network.gradients.copy()
    input_grad = plans[True].input_grad
    assert input_grad is not None  # asked for above
    input_grad = input_grad.copy()
    loss(fast=False)
    if not np.allclose(computed, network.gradients, rtol=1e-9, atol=1e-12):
        raise AssertionError("the fast and the plain plan disagree")
    errors = {"input": relative_error(input_grad, numeric_gradient(loss, x, eps))}
    for number, layer in enumerate(network.layers, 1):
        for parameter in layer.parameters():
            part = slice(parameter.offset, parameter.offset + parameter.data.size)
            grad = computed[part].reshape(parameter.data.shape)
            slopes = numeric_gradient(loss, parameter.data, eps)
            errors[f"{number}.{parameter.name}"] = relative_error(grad, slopes)
    return errors
