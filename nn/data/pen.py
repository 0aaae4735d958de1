"""A pen on paper: strokes to grey pictures of bright ink on black, as MNIST's digits are.

`raster` answers which cells a line passes; here the line has a width and soft edges. A picture is
laid out as MNIST's are: the ink's longer side takes 20 of 28 pixels, its centre of mass lies in
the middle. Drawn digits and what a person draws both come this way.

Source of the layout: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.data.raster import checked_size
from nn.data.strokes import normalise

INK_PART = 20 / 28
"""Part of the picture's edge that the longer side of the ink takes."""

SPACING = 0.5
"""Pixels between two dabs of the pen; the line's edge is true to 0.03 pixel then."""

_SOFTNESS = 1.2
"""Pixels over which the edge of a line fades."""

_DABS_AT_ONCE = 1 << 15


def picture(strokes: Sequence[ArrayLike], size: int = 28, width: float = 2.6) -> NDArray[np.uint8]:
    """Draw one drawing with a pen.

    Args:
        strokes: (N, 2) arrays, any unit, x right and y down, as the canvas gives them.
        size: edge of the picture in pixels, at least 4.
        width: of the line, in pixels of a picture of 28; scaled with `size`.

    Returns:
        (size, size) uint8, 0 paper to 255 ink; all 0 for an empty drawing.

    Raises:
        ValueError: a stroke has a wrong shape, or size or width is out of range.
    """
    size = checked_size(size)
    if size < 4:
        raise ValueError(f"size: expected at least 4 pixels, got {size}")
    if not 0 < width <= 14:
        raise ValueError(f"width: expected more than 0 and at most 14 pixels, got {width}")
    unit = normalise(strokes)
    if not unit:
        return np.zeros((size, size), np.uint8)
    points = np.concatenate([_along(stroke, SPACING / size) for stroke in unit])
    line = np.array([width * size / 28])
    starts = np.array([0])
    laid = lay_out(points, starts, line, size)
    which = np.zeros(len(laid), np.intp)
    grey: NDArray[np.uint8] = to_grey(ink(laid, which, np.repeat(line / 2, len(laid)), 1, size))[0]
    return grey


def lay_out(
    points: NDArray[np.floating],
    starts: NDArray[np.intp],
    widths: NDArray[np.floating],
    size: int,
) -> NDArray[np.float32]:
    """Scale and move drawings to where MNIST has its digits.

    Args:
        points: (M, 2) dabs of all drawings, one drawing after the other, evenly along its lines.
        starts: (B,) where each drawing begins.
        widths: (B,) width of the line, pixels.
        size: edge of the pictures, pixels.

    Returns:
        (M, 2) float32, pixels; the corner of the picture is (0, 0).
    """
    counts = np.diff(np.append(starts, len(points)))
    low = np.minimum.reduceat(points, starts)
    high = np.maximum.reduceat(points, starts)
    extent = (high - low).max(axis=1)
    longer = np.maximum(INK_PART * size - widths, 1)
    scale = np.where(extent > 0, longer / np.where(extent > 0, extent, 1), 0)
    mass = np.add.reduceat(points, starts) / counts[:, None]
    # The mass to the middle, but not so far that ink would leave the picture.
    reach = (size - 2 - _SOFTNESS - widths[:, None]) / 2
    middle = np.clip(
        0.0, (high - mass) * scale[:, None] - reach, reach - (mass - low) * scale[:, None]
    )
    laid = (points - np.repeat(mass, counts, axis=0)) * np.repeat(scale, counts)[:, None]
    moved: NDArray[np.float32] = laid + np.repeat(size / 2 - middle, counts, axis=0)
    return moved.astype(np.float32)


def ink(
    points: NDArray[np.float32],
    which: NDArray[np.intp],
    radii: NDArray[np.floating],
    count: int,
    size: int,
    softness: float = _SOFTNESS,
) -> NDArray[np.float32]:
    """Press a round pen at every point and keep the darkest ink of each pixel.

    A pixel at distance d from a dab of radius r gets clip((r - d) / softness + 1/2, 0, 1).

    Args:
        points: (M, 2) pixels. Those outside the picture leave no ink.
        which: (M,) the picture each belongs to, 0 to count - 1.
        radii: (M,) pixels.

    Returns:
        (count, size, size) float32 in [0, 1].
    """
    half = int(np.ceil(float(radii.max(initial=0)) + softness / 2))
    edge = size + 2 * half + 2  # a border, so that every pen's patch lies on the canvas
    canvas = np.zeros(count * edge * edge, np.float32)
    step = np.arange(2 * half + 1, dtype=np.int64)
    inside = ((points > -1) & (points < size + 1)).all(axis=1)
    points, which, radii = points[inside], which[inside], radii[inside]
    per_part = max(1, _DABS_AT_ONCE // (2 * half + 1))
    for start in range(0, len(points), per_part):
        part = slice(start, start + per_part)
        cell = np.floor(points[part]).astype(np.int64)
        # Distance from the dab to the pixels' middles, along x and along y.
        gap = (cell + 0.5 - half - points[part]).astype(np.float32)
        dx = gap[:, :1] + step.astype(np.float32)
        dy = gap[:, 1:] + step.astype(np.float32)
        distance = np.sqrt((dy * dy)[:, :, None] + (dx * dx)[:, None, :])
        reach = (radii[part] / softness + 0.5).astype(np.float32)
        value = np.minimum(reach[:, None, None] - distance / np.float32(softness), 1)
        rows = (which[part, None] * edge + cell[:, 1:] + 1 + step) * edge
        index = rows[:, :, None] + (cell[:, :1] + 1 + step)[:, None, :]
        wet = value > 0
        np.maximum.at(canvas, index[wet], value[wet])
    border = half + 1
    return canvas.reshape(count, edge, edge)[:, border:-border, border:-border]


def to_grey(pictures: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return ink in [0, 1] as uint8, rounded."""
    grey: NDArray[np.uint8] = (pictures * 255 + 0.5).astype(np.uint8)
    return grey


def _along(points: NDArray[np.floating], spacing: float) -> NDArray[np.float64]:
    """Return points at most `spacing` apart along a line (N, 2), the given ones at its ends."""
    if len(points) == 1:
        return points.astype(np.float64)
    travelled = np.append(0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
    count = max(1, int(np.ceil(travelled[-1] / spacing)))
    at = np.linspace(0, travelled[-1], count + 1)
    return np.stack([np.interp(at, travelled, points[:, axis]) for axis in (0, 1)], axis=1)
