"""A small canvas for painted pictures: soft shapes, rough edges, fur, in a unit square.

A place is (x, y) with x to the right and y down, both 0 to 1 over the picture; colours are three
numbers from 0 (none) to 1. A mask is how much of each pixel a shape covers, 0 to 1. Chance is drawn
per shape and never per pixel, so the same picture can be painted at any size.
"""

from collections.abc import Sequence
from math import cos, sin
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Field: TypeAlias = "NDArray[np.floating]"
"""One number for each pixel of a canvas, (n, n)."""

Colour: TypeAlias = "Sequence[float] | NDArray[np.floating]"
"""(3,) red, green and blue, or (n, n, 3) when it changes over the picture."""

OVERSAMPLING = 2
LATTICE = 48
"""Nodes along each edge of the grids that roughness is interpolated from."""


class Frame(NamedTuple):
    """Places in the coordinates of a thing that is moved, turned and scaled: (n, n) each."""

    u: Field
    v: Field
    unit: float
    """What one of its units measures in the picture."""

    def placed(self, u: float, v: float, scale: float = 1.0, angle: float = 0.0) -> "Frame":
        """The frame of a part at (u, v), turned clockwise by ``angle`` radians."""
        across, down = self.u - u, self.v - v
        c, s = cos(angle) / scale, sin(angle) / scale
        return Frame(c * across + s * down, c * down - s * across, self.unit * scale)

    def mirrored(self) -> "Frame":
        """The frame seen in a mirror: u goes to the left."""
        return Frame(-self.u, self.v, self.unit)


class Canvas:
    """A square picture in the making, with the chance that paints it."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self.size, self.rng = size, rng
        edge = size * OVERSAMPLING
        places = (np.arange(edge, dtype=np.float32) + 0.5) / edge
        x, y = np.meshgrid(places, places)
        self.frame = Frame(x, y, 1.0)
        self.pixels: Field = np.zeros((edge, edge, 3), np.float32)
        self.soft = 1.5 / 64
        """Width over which a shape's edge fades, in the picture: as a lens would blur it."""

    # -- chance -----------------------------------------------------------------------------

    def between(self, low: float, high: float) -> float:
        """A number anywhere from low to high."""
        return float(self.rng.uniform(low, high))

    def chance(self, part: float) -> bool:
        """True in that part of all cases."""
        return float(self.rng.random()) < part

    def near(self, colour: Colour, spread: float = 0.05) -> NDArray[np.float64]:
        """A colour like that one: a little lighter or darker, a little another hue."""
        lighter = self.rng.normal(0, spread * 2)
        made = np.asarray(colour) * np.exp(lighter + self.rng.normal(0, spread / 2, 3))
        limited: NDArray[np.float64] = np.clip(made, 0, 1)
        return limited

    def rough(self, cells: float, frame: Frame | None = None, stretch: float = 1.0) -> Field:
        """Smooth noise of mean 0 and deviation about 1 with ``cells`` bumps over a unit.

        With a stretch above 1 the bumps are that much longer along v than along u, like hair.
        """
        frame = frame or self.frame
        grid = self.rng.normal(0, 1.5, (LATTICE, LATTICE)).astype(np.float32)
        return _interpolated(grid, frame.v * (cells / stretch), frame.u * cells)

    # -- paint ------------------------------------------------------------------------------

    def mask(self, distance: Field, frame: Frame, soft: float = 1.0) -> Field:
        """What lies where ``distance`` (in the frame's units) is below 0, its edge faded."""
        made: Field = np.clip(0.5 - distance * (frame.unit / (self.soft * soft)), 0, 1)
        return made

    def paint(self, mask: Field, colour: Colour, opacity: float = 1.0) -> None:
        """Cover what the mask says with a colour."""
        cover = mask[..., None] * np.float32(opacity)
        self.pixels += cover * (np.asarray(colour, np.float32) - self.pixels)

    def shade(self, mask: Field, factor: float) -> None:
        """Multiply what the mask covers: below 1 a shadow, above 1 a light."""
        self.pixels *= 1 + mask[..., None] * np.float32(factor - 1)

    def fur(
        self, frame: Frame, dark: Colour, light: Colour, cells: float, stretch: float, bias: float
    ) -> Field:
        """A coat (n, n, 3) of hairs between two colours; ``bias`` -1 all dark, 1 all light."""
        tone = self.rough(cells, frame, stretch) * 0.4 + self.rough(cells / 5, frame) * 0.35 + bias
        part = (0.5 + 0.5 * np.clip(tone, -1, 1))[..., None]
        low, high = np.asarray(dark, np.float32), np.asarray(light, np.float32)
        coat: Field = low + part * (high - low)
        return coat

    def finished(self) -> Field:
        """The picture (3, size, size), each pixel the mean of what lies in it."""
        size, k = self.size, OVERSAMPLING
        blocks = self.pixels.reshape(size, k, size, k, 3).mean(axis=(1, 3))
        made: Field = np.ascontiguousarray(blocks.transpose(2, 0, 1))
        return made


def ellipse(frame: Frame, u: float, v: float, ru: float, rv: float, angle: float = 0.0) -> Field:
    """Distance to an ellipse's edge, negative inside; exact only along its axes."""
    across, down, _ = frame.placed(u, v, 1.0, angle)
    made: Field = (np.sqrt((across / ru) ** 2 + (down / rv) ** 2) - 1) * min(ru, rv)
    return made


def limb(
    frame: Frame, start: tuple[float, float], end: tuple[float, float], wide: float, narrow: float
) -> Field:
    """Distance to a rounded stroke from start (half as broad as ``wide``·2) to end (``narrow``)."""
    (u0, v0), (u1, v1) = start, end
    du, dv = u1 - u0, v1 - v0
    across, down = frame.u - u0, frame.v - v0
    along = np.clip((across * du + down * dv) / max(du * du + dv * dv, 1e-6), 0, 1)
    made: Field = np.hypot(across - along * du, down - along * dv) - (
        wide + along * (narrow - wide)
    )
    return made


def union(*distances: Field) -> Field:
    """Distance to several shapes seen as one."""
    made = distances[0]
    for distance in distances[1:]:
        made = np.minimum(made, distance)
    return made


def _interpolated(grid: Field, rows: Field, columns: Field) -> Field:
    """Values between a grid's nodes; the grid repeats for ever."""
    top, left = np.floor(rows), np.floor(columns)
    down, across = rows - top, columns - left
    down, across = down * down * (3 - 2 * down), across * across * (3 - 2 * across)
    i, j = top.astype(np.intp) % LATTICE, left.astype(np.intp) % LATTICE
    below, right = (i + 1) % LATTICE, (j + 1) % LATTICE
    above = grid[i, j] * (1 - across) + grid[i, right] * across
    under = grid[below, j] * (1 - across) + grid[below, right] * across
    made: Field = above * (1 - down) + under * down
    return made
