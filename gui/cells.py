"""Where the cells of a square grid lie on the screen, and which one a point is in. Qt-free."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

NOWHERE = (-1, -1)


@dataclass(frozen=True)
class CellGrid:
    """`size` × `size` cells over a square, their borders on whole device pixels.

    `left`, `top` and `side` are in logical pixels, `ratio` is device pixels per logical pixel.
    """

    left: float
    top: float
    side: float
    size: int
    ratio: float = 1.0

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """The size + 1 borders, relative to the square's corner, in logical pixels."""
        whole = self.side * self.ratio
        return tuple(round(k * whole / self.size) / self.ratio for k in range(self.size + 1))

    def box(self, row: int, column: int) -> tuple[float, float, float, float]:
        """A cell's left, top, width and height."""
        edges = self.edges
        return (
            self.left + edges[column],
            self.top + edges[row],
            edges[column + 1] - edges[column],
            edges[row + 1] - edges[row],
        )

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """The (row, column) at a point, or `NOWHERE` beside the grid."""
        if not (0 <= x - self.left < self.side and 0 <= y - self.top < self.side):
            return NOWHERE
        return self._index(y - self.top), self._index(x - self.left)

    def cells_between(
        self, start: tuple[float, float], end: tuple[float, float]
    ) -> Iterator[tuple[int, int]]:
        """The cells that the way between two points (x, y) crosses, sampled at quarter cells."""
        reach = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
        count = max(1, round(reach / (self.side / self.size) * 4)) if self.side > 0 else 1
        last = NOWHERE
        for k in range(count + 1):
            part = k / count
            cell = self.cell_at(
                start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
            )
            if cell not in (NOWHERE, last):
                yield cell
                last = cell

    def _index(self, offset: float) -> int:
        guess = min(int(offset * self.size / self.side), self.size - 1)
        if offset < self.edges[guess]:
            return guess - 1
        if offset >= self.edges[guess + 1] and guess < self.size - 1:
            return guess + 1
        return guess
