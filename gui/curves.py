"""Preparing long curves for a small plot. Qt-free."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


def finite(x: ArrayLike, y: ArrayLike) -> Curve:
    """The points (x, y), each (N,), of which both numbers are finite, in rising order of x.

    Raises:
        ValueError: x and y differ in length or are not flat.
    """
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if xs.ndim != 1 or xs.shape != ys.shape:
        raise ValueError(f"curve: expected x and y of one length, got {xs.shape} and {ys.shape}")
    usable = np.isfinite(xs) & np.isfinite(ys)
    return xs[usable], ys[usable]


def thinned(x: NDArray[np.float64], y: NDArray[np.float64], limit: int) -> Curve:
    """At most about `limit` points that keep every peak: each slice's least and greatest value."""
    slices = limit // 2
    if len(x) <= limit or slices < 1:
        return x, y
    size = -(-len(x) // slices)
    whole = len(x) // size * size
    blocks = y[:whole].reshape(-1, size)
    start = np.arange(len(blocks))[:, None] * size
    picked = np.concatenate(
        (
            start[:, 0] + blocks.argmin(axis=1),
            start[:, 0] + blocks.argmax(axis=1),
            [0, len(x) - 1],
            [whole + y[whole:].argmin(), whole + y[whole:].argmax()] if whole < len(x) else [],
        )
    ).astype(np.intp)
    picked = np.unique(picked)
    return x[picked], y[picked]


def smoothed(y: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The mean over the up to `width` values around each; at the ends over those there are."""
    half = width // 2
    sums = np.concatenate(([0.0], np.cumsum(y)))
    place = np.arange(len(y))
    first, behind = np.maximum(place - half, 0), np.minimum(place + half + 1, len(y))
    return np.asarray((sums[behind] - sums[first]) / (behind - first), np.float64)
