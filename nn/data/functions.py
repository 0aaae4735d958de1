"""Points of curves to learn: made from a function and a seed, x from -5 to 5.

Coordinates are float32, (N,) each.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn.typing import Array

REACH = 5.0
"""x of the points that are made lies from -REACH to REACH."""
MOST_POINTS = 2000


class Curve(NamedTuple):
    """Points ``x`` and ``y``, (N,) float32 each."""

    x: Array
    y: Array


def _x_sin_x(x: Array) -> Array:
    return x * np.sin(x)


def _sine(x: Array) -> Array:
    return 3 * np.sin(1.5 * x)


def _step(x: Array) -> Array:
    return np.where(x < 0, -2.5, 2.5)


def _nothing(x: Array) -> Array:
    return np.zeros_like(x)


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "x sin x": _x_sin_x,
    "sine": _sine,
    "step": _step,
    "noise": _nothing,
}
NAMES: tuple[str, ...] = tuple(FUNCTIONS)
NOISE = 2.0
"""Standard deviation of the points of "noise", which follow no function at all."""


def empty() -> Curve:
    """No points."""
    return Curve(np.empty(0, np.float32), np.empty(0, np.float32))


def generate(name: str = "x sin x", count: int = 20, noise: float = 0.0, seed: int = 0) -> Curve:
    """Return `count` points of a function at places drawn from -5 to 5, in rising order of x.

    ``noise`` is the standard deviation of what is added to y, 0 to 3; "noise" has its own besides.
    ValueError for an unknown name or a number out of range.
    """
    if name not in FUNCTIONS:
        raise ValueError(f"{name!r} is no function to learn; there are {', '.join(NAMES)}")
    if not 1 <= count <= MOST_POINTS:
        raise ValueError(f"count must be 1 to {MOST_POINTS:,}, got {count}")
    if not 0 <= noise <= 3:
        raise ValueError(f"noise must be 0 to 3, got {noise}")
    rng = np.random.default_rng(seed)
    # One place drawn in each of `count` equal pieces: no large gap, whatever the seed.
    x = (np.arange(count) + rng.uniform(0, 1, count)) / count * 2 * REACH - REACH
    y = FUNCTIONS[name](x) + rng.normal(0, 1, count) * noise
    if name == "noise":
        y = y + rng.normal(0, NOISE, count)
    return Curve(x.astype(np.float32), y.astype(np.float32))
