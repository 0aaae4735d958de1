"""Drawings and labelled samples, and the batch a network is fed with.

A drawing keeps its strokes as they were drawn. Its cells are derived for whatever grid is asked
for, so that the grid's size can change without anything being drawn again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.data.raster import checked_size, rasterise
from nn.data.strokes import clean, normalise

_KEPT_RASTERS = 4
"""Grid sizes a drawing remembers; a slider from 4 to 32 must not pile up 29 of them."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """One drawing; it never changes, so what is derived from it is worked out once.

    Attributes:
        strokes: (N, 2) arrays as they were drawn, any unit, x right and y down.
        edited: (S, S) float32 of 0 and 1 if the person flipped cells by hand, else None. Edited
            cells take the place of the strokes.

    Raises:
        ValueError: a stroke is not (N, 2), or edited is not a square of zeros and ones.
    """

    strokes: Sequence[ArrayLike] = ()
    edited: NDArray[np.float32] | None = None
    _rasters: dict[int, NDArray[np.float32]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        kept = []
        for points in clean(self.strokes):
            own = points.astype(np.float64)  # a copy: the caller may go on drawing into his
            own.flags.writeable = False
            kept.append(own)
        object.__setattr__(self, "strokes", tuple(kept))
        if self.edited is not None:
            cells = _checked_cells(self.edited)
            cells.flags.writeable = False
            object.__setattr__(self, "edited", cells)

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to see: no point drawn, or every edited cell cleared."""
        if self.edited is not None:
            return not self.edited.any()
        return not self.strokes

    def raster(self, size: int) -> NDArray[np.float32]:
        """Return the drawing as (size, size) float32 of 0 and 1, a copy of the caller's own.

        Normalised and rasterised; or the edited cells, where a cell of another grid size is set if
        a set cell overlaps its area.
        """
        size = checked_size(size)
        cells = self._rasters.get(size)
        if cells is None:
            if self.edited is not None:
                cells = resample(self.edited, size)
            else:
                cells = rasterise(normalise(self.strokes), size)
            if len(self._rasters) >= _KEPT_RASTERS:
                self._rasters.clear()
            self._rasters[size] = cells
        return cells.copy()

    def with_edited(self, cells: ArrayLike | None) -> "Drawing":
        """Return this drawing with other edited cells, or with its strokes' own (None)."""
        return Drawing(self.strokes, None if cells is None else _checked_cells(cells))


@dataclass(frozen=True, eq=False)
class Sample:
    """A drawing and the index of its class (0 or more)."""

    drawing: Drawing
    label: int

    def __post_init__(self) -> None:
        label = self.label
        if isinstance(label, bool) or not isinstance(label, int | np.integer) or label < 0:
            raise ValueError(f"label: expected a class index of 0 or more, got {label!r}")


def to_batch(samples: Sequence[Sample], size: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the samples as a network reads them.

    Returns:
        x: (N, 1, size, size) float32 of 0 and 1; y: (N,) int64 class indices.
    """
    size = checked_size(size)
    x = np.zeros((len(samples), 1, size, size), np.float32)
    for row, sample in enumerate(samples):
        x[row, 0] = sample.drawing.raster(size)
    return x, np.array([sample.label for sample in samples], np.int64)


def resample(cells: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Bring an (S, S) grid to (size, size); a cell is set if any set cell overlaps its area."""
    old = len(cells)
    if old == size:
        return np.array(cells, np.float32)
    # In units of 1 / (old * size) all borders are integers: exact.
    new_index, old_index = np.arange(size)[:, None], np.arange(old)[None, :]
    overlaps = (old_index * size < (new_index + 1) * old) & (
        (old_index + 1) * size > new_index * old
    )
    spread = overlaps.astype(np.float32)
    covered: NDArray[np.bool_] = spread @ (np.asarray(cells) > 0).astype(np.float32) @ spread.T > 0
    return covered.astype(np.float32)


def _checked_cells(cells: ArrayLike) -> NDArray[np.float32]:
    grid = np.asarray(cells)
    if grid.ndim != 2 or grid.shape[0] != grid.shape[1] or grid.size == 0:
        raise ValueError(f"edited: expected a square grid of cells, got shape {grid.shape}")
    if grid.dtype.kind not in "fiub" or not np.isin(grid, (0, 1)).all():
        raise ValueError("edited: expected cells of 0 and 1 only")
    return np.array(grid, np.float32)
