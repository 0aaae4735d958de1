"""A network's answers at many fixed places at once, again and again while it trains."""

import numpy as np

from nn.network import Network
from nn.typing import Array

TILE = 8192
"""Places at a time: their values of a small layer stay in the processor's cache."""


def grid(size: int, reach: float, centre: tuple[float, float] = (0.0, 0.0)) -> Array:
    """Return the middles of size × size cells of a square of the plane, (size², 2, 1, 1) float32.

    The square has half a side of ``reach``; row by row from the top left, y up.
    """
    steps = (np.arange(size, dtype=np.float32) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(centre[0] + reach * steps, centre[1] - reach * steps)
    places = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    return places.reshape(-1, 2, 1, 1)


class Field:
    """Bound to a network and to places ``x`` (N, C, H, W); `run` answers with its weights of now.

    Runs only in the thread that owns the network; never disturbs a training step.
    """

    def __init__(self, network: Network, x: Array, *, layers: bool = False) -> None:
        network.check_batch(x)
        self.network, self.count, self._x = network, len(x), x
        self._keeps_layers = layers
        rng = np.random.default_rng(0)
        sizes = {min(TILE, len(x)), len(x) % TILE} - {0}
        self._plans = {
            size: network.plan(size, rng, training=False, backward=False, fast=not layers)
            for size in sizes
        }
        self._outputs = np.empty((network.output_shape[0], len(x)), network.dtype)
        self._layers = [
            np.empty((int(np.prod(layer.output_shape)), len(x)), network.dtype)
            for layer in network.layers
            if layers
        ]

    def run(self) -> Array:
        """Return the plain outputs (classes, N): a buffer that the next run overwrites."""
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, self.count, TILE):
                part = slice(start, min(start + TILE, self.count))
                plan = self._plans[part.stop - part.start]
                plan.run_forward(self._x[part])
                np.copyto(self._outputs[:, part], plan.outputs)
                for kept, bound in zip(self._layers, plan.bound, strict=False):
                    np.copyto(kept[:, part], bound.output.reshape(kept.shape[0], -1))
        return self._outputs

    def layers(self) -> list[Array]:
        """Return every layer's outputs (F, N) at the last `run`, when made with ``layers``."""
        if not self._keeps_layers:
            raise ValueError("this field keeps outputs only; make it with layers=True")
        return self._layers

    def measure(self, y: Array) -> tuple[float, int]:
        """Return the mean loss and how many places are right for labels (N,) or targets (N, K)."""
        total, correct = 0.0, 0
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, self.count, TILE):
                part = slice(start, min(start + TILE, self.count))
                plan = self._plans[part.stop - part.start]
                plan.loss.set_targets(y[part])
                plan.run_forward(self._x[part])
                total += plan.loss.measure()
                correct += plan.loss.correct()
        return total / self.count, correct

    def scores(self) -> Array:
        """Run, and return (classes, N): probabilities for softmax, plain outputs for others."""
        return scores(self.network, self.run())


def scores(network: Network, outputs: Array) -> Array:
    """Turn plain outputs (classes, N) into what a prediction shows, in place."""
    if network.loss.kind != "softmax":
        return outputs
    with np.errstate(over="ignore", invalid="ignore"):
        if len(outputs) == 2:  # half the work of the general way
            rest = np.subtract(outputs[0], outputs[1], outputs[0])
            np.exp(np.clip(rest, -80.0, 80.0, rest), rest)
            rest += 1.0
            np.divide(1.0, rest, outputs[1])
            np.subtract(1.0, outputs[1], outputs[0])
            return outputs
        outputs -= outputs.max(axis=0)
        np.exp(outputs, outputs)
        outputs /= outputs.sum(axis=0)
    return outputs
