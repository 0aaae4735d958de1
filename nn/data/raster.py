"""Rasterising: strokes in the unit square to a grid of cells that are 0 or 1.

A cell holds its left and upper border, not its right and lower one (the last column and row hold
both), so that each point of the square lies in one cell. A cell is set if a point of a stroke lies
in it or a segment runs through it. A segment that merely touches a cell's corner in passing does
not run through it; thus the two diagonals of a square look alike.

Nothing is sampled: in each row of cells a segment covers one run of columns, which is found by
intersecting it with the row's two borders. All rows of all segments are handled at once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.data.strokes import clean

_TOUCH = 1e-5
"""Runs shorter than this, in cells, are rounding of float32 coordinates and not a passage."""

_FAR = 1e9
"""Points farther out than this are pulled in to it; no arithmetic below can overflow then."""


def rasterise(strokes: Sequence[ArrayLike], size: int = 6) -> NDArray[np.float32]:
    """Draw strokes one cell thin onto a grid of size × size cells over the unit square.

    Later strokes never clear a cell. Parts outside the square are cut off. NaN and infinite
    points are dropped.

    Args:
        strokes: (N, 2) arrays, x right and y down, as `nn.data.strokes.normalise` gives them.
        size: cells along each edge, at least 1.

    Returns:
        (size, size) float32 of 0 and 1, indexed [row, column], row 0 at the top.

    Raises:
        ValueError: size is not an integer of at least 1, or a stroke has a wrong shape.
    """
    size = checked_size(size)
    cleaned = clean(strokes)
    if not cleaned:
        return np.zeros((size, size), np.float32)
    points = np.concatenate(cleaned)
    points = np.clip(points, -_FAR, _FAR) * size
    lengths = np.array([len(stroke) for stroke in cleaned])
    joined = np.ones(len(points), bool)
    joined[np.cumsum(lengths) - 1] = False  # no segment from a stroke's end to the next one's start
    starts = np.flatnonzero(joined)

    dot_rows, dot_columns = _cells_of_points(points, size)
    rows, first, last = _runs_of_segments(points[starts], points[starts + 1], size)

    # Each run adds 1 where it begins and takes 1 away behind its end; the running sum is the cover.
    width = size + 1
    begin = np.concatenate((dot_rows * width + dot_columns, rows * width + first))
    behind = np.concatenate((dot_rows * width + dot_columns + 1, rows * width + last + 1))
    edges = np.bincount(begin, minlength=size * width) - np.bincount(behind, minlength=size * width)
    cover = np.cumsum(edges.reshape(size, width), axis=1)[:, :size]
    return (cover > 0).astype(np.float32)


def checked_size(size: int) -> int:
    """Return size as an int, or raise a ValueError that shows it."""
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
        raise ValueError(f"size: expected an integer of at least 1, got {size!r}")
    return int(size)


def _cells_of_points(
    points: NDArray[np.float64], size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the cells that points (N, 2), in cells, lie in; outside ones left out."""
    inside = ((points >= -_TOUCH) & (points <= size + _TOUCH)).all(axis=1)
    cells = np.clip(np.floor(points[inside]), 0, size - 1).astype(np.intp)
    return cells[:, 1], cells[:, 0]


def _runs_of_segments(
    start: NDArray[np.float64], end: NDArray[np.float64], size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Row, first column and last column of every run of cells that segments cover.

    start and end are (M, 2), in cells. Segments within one cell are left out: their points set it.
    """
    longer = (np.floor(start) != np.floor(end)).any(axis=1)
    start, end = start[longer], end[longer]
    upward = start[:, 1] > end[:, 1]
    start, end = np.where(upward[:, None], end, start), np.where(upward[:, None], start, end)
    meets = (end[:, 1] >= -_TOUCH) & (start[:, 1] <= size + _TOUCH)
    (x0, y0), (x1, y1) = start[meets].T, end[meets].T

    top = np.floor(y0 + _TOUCH)
    bottom = np.maximum(np.ceil(y1 - _TOUCH) - 1, top)
    first_row = np.clip(top, 0, size - 1).astype(np.intp)
    last_row = np.clip(bottom, 0, size - 1).astype(np.intp)

    # One entry for each row of each segment: where it leaves the row, which is where it enters the
    # next. At its own two ends the segment is taken whole, so that a sliver of less than _TOUCH
    # leaves no gap; where the square cuts rows off, it ends at the square's border.
    slope = (x1 - x0) / np.maximum(y1 - y0, _TOUCH)
    count = last_row - first_row + 1
    behind = np.cumsum(count)
    row = np.arange(behind[-1] if len(behind) else 0) - np.repeat(behind - count - first_row, count)
    leave = np.repeat(x0, count) + (row + 1 - np.repeat(y0, count)) * np.repeat(slope, count)
    leave[behind - 1] = np.where(bottom <= last_row, x1, x0 + (last_row + 1 - y0) * slope)
    enter = np.empty_like(leave)
    enter[1:] = leave[:-1]
    enter[behind - count] = np.where(top >= first_row, x0, x0 + (first_row - y0) * slope)
    left, right = np.minimum(enter, leave), np.maximum(enter, leave)

    meets = (right >= -_TOUCH) & (left <= size + _TOUCH)
    row, left, right = row[meets], left[meets], right[meets]
    first = np.floor(left + _TOUCH)
    last = np.maximum(np.ceil(right - _TOUCH) - 1, first)
    first_column = np.clip(first, 0, size - 1).astype(np.intp)
    last_column = np.clip(last, 0, size - 1).astype(np.intp)
    return row, first_column, last_column
