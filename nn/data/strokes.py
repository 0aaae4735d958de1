"""Strokes: cleaning them, and bringing them into the unit square.

A stroke is an (N, 2) array of points in drawing order, x to the right and **y down**, in any unit.
A drawing is a list of strokes. One point alone is a dot and counts as a stroke.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

MARGIN = 0.05
"""Free border on each side of the unit square, as a part of its edge."""

_HUGE = 1e150
"""Beyond this, differences and products of coordinates could overflow float64."""


def clean(strokes: Sequence[ArrayLike]) -> list[NDArray[np.float64]]:
    """Return the strokes as (N, 2) float64 arrays without their unusable points.

    Points with a NaN or an infinite coordinate are dropped, as drivers do send them; the stroke
    goes straight on to its next point. Strokes of which no point is left are dropped as well.

    Raises:
        ValueError: a stroke is not an (N, 2) array of numbers (an empty one of any shape is fine).
    """
    cleaned = []
    for index, stroke in enumerate(strokes):
        try:
            points = np.asarray(stroke)
            if points.dtype.kind not in "fiub" and points.size:
                raise TypeError
            points = points.astype(np.float64)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(
                f"stroke {index}: expected an (N, 2) array of numbers, got {_short(stroke)}"
            ) from None
        if points.size == 0:
            continue
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"stroke {index}: expected shape (N, 2), got {points.shape}")
        finite = np.isfinite(points).all(axis=1)
        if not finite.all():
            points = points[finite]
        if len(points):
            cleaned.append(points)
    return cleaned


def bounds(
    strokes: Sequence[NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest (x, y) over cleaned strokes, each of shape (2,).

    Raises:
        ValueError: there is no point at all.
    """
    if not strokes:
        raise ValueError("bounds: expected at least one point, got no strokes")
    points = np.concatenate(strokes)
    return points.min(axis=0), points.max(axis=0)


def normalise(strokes: Sequence[ArrayLike]) -> list[NDArray[np.float32]]:
    """Scale and move a drawing into the unit square.

    The aspect is kept, the longer side of the drawing becomes 1 - 2 * MARGIN = 0.9, and the
    drawing's bounding box is centred at (0.5, 0.5). A drawing without extent (a dot) goes to the
    centre. The order and number of strokes stay, but for those that `clean` drops.

    Args:
        strokes: (N, 2) arrays, any unit, y down.

    Returns:
        (N, 2) float32 arrays with coordinates in [0, 1]; an empty list for an empty drawing.

    Raises:
        ValueError: a stroke has a wrong shape or holds no numbers.
    """
    cleaned = clean(strokes)
    if not cleaned:
        return []
    low, high = bounds(cleaned)
    if max(np.abs(low).max(), np.abs(high).max()) > _HUGE:
        cleaned = [points / _HUGE / 1e10 for points in cleaned]
        low, high = bounds(cleaned)
    extent = float((high - low).max())
    centre = low + (high - low) / 2
    # Subtract, divide, then scale: 0.9 / extent would overflow for a subnormal extent.
    span = 1 - 2 * MARGIN
    normalised = []
    for points in cleaned:
        unit = (points - centre) / extent if extent > 0 else np.zeros_like(points)
        normalised.append(np.clip(unit * span + 0.5, 0, 1).astype(np.float32))
    return normalised


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
