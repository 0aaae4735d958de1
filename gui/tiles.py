"""Tiles of values in one image: where each lies, and which colour each value has. Qt-free.

Values become *shades*, 0 to 252 with 126 for zero, and shades become colours in a table of 256.
A sheet holds one number a pixel and is enlarged by the painter, so that a refresh colours each
value once, however large it is shown.
"""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint32]

ZERO = 126  # the shade of zero; those of ±1 are 126 away
WRONG = 254  # the shade of what is no number
GAP = 255  # the shade between tiles
GAMMA = 0.75  # small values are lifted, or a few large ones would hide them
LEAST = 1e-30  # a scale below counts as all zero
SPACING = 2.0  # between tiles, at least, in logical pixels


@dataclass(frozen=True)
class Look:
    """How tiles are laid out and coloured.

    Attributes:
        signed: amber for positive, blue for negative; otherwise from the ground to the ink.
        colour: "" for shades; "picture" or "kernel" for three channels as red, green, blue:
            0 to 1, or −1 to 1 times the scale with grey for zero.
        across: so many tiles to a row if there is room; None for as many as there is room for.
        aim: side of a tile in logical pixels that is aimed at.
        joined: no gap between the tiles.
        matrix: one tile, stretched over the room: the rows are units, the columns their inputs.
    """

    signed: bool = False
    colour: str = ""
    across: int | None = None
    aim: float = 48.0
    joined: bool = False
    matrix: bool = False


@dataclass(frozen=True)
class Sheet:
    """Where `count` tiles of `high` × `wide` values lie, in device pixels.

    A value takes `down` × `along` device pixels, and `fine` × `fine` pixels of the sheet's image,
    in which `gap` lie between two tiles; `columns` tiles make a row. A value of a matrix that is
    wider than its room stands for `group` of them.
    """

    count: int
    high: int
    wide: int
    columns: int
    gap: int
    down: float
    along: float
    fine: int = 1
    group: int = 1

    @property
    def rows(self) -> int:
        """Rows of tiles."""
        return ceil(self.count / self.columns)

    @property
    def pitch(self) -> tuple[int, int]:
        """Image pixels from one tile to the next, down and along."""
        return self.high * self.fine + self.gap, self.wide * self.fine + self.gap

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the sheet's image."""
        below, beside = self.pitch
        return self.rows * below - self.gap, self.columns * beside - self.gap

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in device pixels."""
        rows, columns = self.shape
        return columns * self.along / self.fine, rows * self.down / self.fine

    @property
    def blocks(self) -> list[tuple[int, int, int, int]]:
        """What of the image holds tiles: (left, top, width, height), a second for a short row."""
        below, beside = self.pitch
        whole, rest = divmod(self.count, self.columns)
        found = []
        if whole:
            found.append((0, 0, self.columns * beside - self.gap, whole * below - self.gap))
        if rest:
            found.append((0, whole * below, rest * beside - self.gap, below - self.gap))
        return found

    def at(self, x: float, y: float) -> tuple[int, int, int] | None:
        """The (tile, row, column) at a point in device pixels; None between tiles and beside."""
        if x < 0 or y < 0:
            return None
        below, beside = self.pitch
        across, column = divmod(int(x * self.fine / self.along), beside)
        above, row = divmod(int(y * self.fine / self.down), below)
        column, row, tile = column // self.fine, row // self.fine, above * self.columns + across
        if across >= self.columns or column >= self.wide or row >= self.high or tile >= self.count:
            return None
        return tile, row, column

    def box(self, tile: int) -> tuple[float, float, float, float]:
        """A tile's left, top, width and height in device pixels."""
        above, across = divmod(tile, self.columns)
        below, beside = self.pitch
        return (
            across * beside * self.along / self.fine,
            above * below * self.down / self.fine,
            self.wide * self.along,
            self.high * self.down,
        )

    def cell(self, tile: int, row: int, column: int) -> tuple[float, float, float, float]:
        """A value's left, top, width and height in device pixels."""
        left, top, _, _ = self.box(tile)
        return left + column * self.along, top + row * self.down, self.along, self.down


def place(shape: tuple[int, ...], look: Look, room: int, ratio: float = 1.0) -> Sheet:
    """Lay tiles of values (T, h, w), or (T, 3, h, w) in colour, into `room` device pixels.

    `ratio` is device pixels per logical pixel. Values take whole device pixels, but where a tile
    alone is wider than the room. Rows are made equally long where that can be.
    """
    count, high, wide = shape[0], shape[-2], shape[-1]
    room = max(room, 1)
    if look.matrix:
        return _place_matrix(high, wide, room, ratio)
    if wide > room:
        return Sheet(count, high, wide, 1, 1, room / wide, room / wide)
    aimed = max(1, round(look.aim * ratio / max(high, wide)))
    most = aimed if count == 1 or look.joined else max(aimed, int(1.4 * aimed))
    if look.across is not None:
        for scale in range(aimed, 0, -1):
            sheet = _sheet(count, high, wide, look.across, scale, ratio, look.joined)
            if sheet.size[0] <= room:
                return sheet
    scale = aimed
    while scale > 1 and wide * scale > room:
        scale -= 1
    columns = count
    while columns > 1 and (
        _sheet(count, high, wide, columns, scale, ratio, look.joined).size[0] > room
    ):
        columns -= max(1, columns // 64)
    if not look.joined:
        columns = ceil(count / ceil(count / columns))
    for larger in range(most, scale, -1):
        sheet = _sheet(count, high, wide, columns, larger, ratio, look.joined)
        if sheet.size[0] <= room:
            return sheet
    return _sheet(count, high, wide, columns, scale, ratio, look.joined)


def _sheet(
    count: int, high: int, wide: int, columns: int, scale: int, ratio: float, joined: bool
) -> Sheet:
    """A sheet whose gaps are about `SPACING`: a small part of a large value where that divides."""
    least = SPACING * ratio
    fine = 1
    if not joined and count > 1:
        fine = max(
            d for d in range(1, scale + 1) if not scale % d and (d == 1 or scale / d >= least)
        )
    gap = 0 if joined else max(1, ceil(least / (scale / fine)))
    return Sheet(count, high, wide, columns, gap, float(scale), float(scale), fine)


def _place_matrix(high: int, wide: int, room: int, ratio: float) -> Sheet:
    group = ceil(wide / room)
    wide = ceil(wide / group)
    along = max(1.0, min(floor(room / wide), 12 * ratio))
    down = max(round(2 * ratio), min(round(12 * ratio), floor(140 * ratio / high)))
    return Sheet(1, high, wide, 1, 0, float(down), along, group=group)


def extent(values: Floats) -> tuple[float, float, int]:
    """The least and the largest number of an array, and how many values are no numbers.

    0 and 0 when there is none at all.
    """
    if not values.size:
        return 0.0, 0.0, 0
    with np.errstate(invalid="ignore"):
        low, high = float(values.min()), float(values.max())
    if np.isfinite(low) and np.isfinite(high):
        return low, high, 0
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 0.0, values.size
    return float(finite.min()), float(finite.max()), values.size - finite.size


def strongest(values: Floats, group: int) -> Floats:
    """Of every `group` neighbours along the last axis the one that is farthest from zero."""
    if group == 1:
        return values
    missing = -values.shape[-1] % group
    padded = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)])
    parts = padded.reshape(*values.shape[:-1], -1, group)
    chosen = np.abs(parts).argmax(axis=-1)[..., None]
    found: Floats = np.take_along_axis(parts, chosen, axis=-1)[..., 0]
    return found


def shade(
    values: Floats, per_tile: bool = False, largest: float | None = None
) -> NDArray[np.uint8]:
    """The shades of tiles (T, h, w).

    Measured against the largest of all, each tile against its own, or against `largest` if told.
    """
    tame = _tame(values)
    if largest is None:
        scaled = tame * _factor(tame, per_tile, ZERO)
    else:
        scaled = tame * np.float32(0 if largest < LEAST else ZERO / largest)
        np.clip(scaled, -ZERO, ZERO, out=scaled)
    scaled += ZERO + 0.5
    shades = scaled.astype(np.uint8)
    if tame is not values:
        shades[~np.isfinite(values)] = WRONG
    return shades


def _tame(values: Floats) -> Floats:
    """The values themselves when all are numbers, else a copy with zeros for the others."""
    if extent(values)[2] == 0:
        return values
    return np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)


def _factor(values: Floats, per_tile: bool, most: float) -> Floats:
    """What takes the scale's largest value to `most`: one number, or one a tile."""
    axes = tuple(range(1, values.ndim)) if per_tile else None
    low, high = values.min(axis=axes, keepdims=True), values.max(axis=axes, keepdims=True)
    largest = np.maximum(high, -low)
    empty = largest < LEAST
    return np.where(empty, 0, most / np.where(empty, 1, largest)).astype(np.float32)


def colour_pixels(
    values: Floats, kind: str, wrong: int, per_tile: bool = False, largest: float | None = None
) -> Pixels:
    """Tiles (T, 3, h, w) in their own colours, as 0xffRRGGBB (T, h, w); see `Look.colour`."""
    tame = _tame(values)
    if kind == "picture":
        parts = np.clip(tame, 0, 1) * np.float32(255)
    else:
        if largest is None:
            parts = tame * _factor(tame, per_tile, 127.0)
        else:
            parts = tame * np.float32(0 if largest < LEAST else 127.0 / largest)
        parts += 127.5
    whole = parts.astype(np.uint32)
    red, green, blue = whole[:, 0] << np.uint32(16), whole[:, 1] << np.uint32(8), whole[:, 2]
    made: Pixels = np.uint32(0xFF000000) | red | green | blue
    if tame is not values:
        made[~np.isfinite(values).all(axis=1)] = wrong
    return made


def render(
    values: Floats,
    look: Look,
    sheet: Sheet,
    table: Pixels,
    per_tile: bool = False,
    largest: float | None = None,
) -> Pixels:
    """The sheet's image, `sheet.shape` of 0xffRRGGBB, one pixel a value.

    `values` are (T, h, w), or (T, 3, h, w) in colour, T of at least `sheet.count`; `table` is one
    that `colour_table` made. The scale is the largest of all values, of each tile, or `largest`.
    """
    gap = table[GAP]
    if look.matrix:
        rows = strongest(values[:1], sheet.group)
        turned = rows.transpose(1, 0, 2) if per_tile else rows  # each unit on a scale of its own
        made: Pixels = table[shade(turned, per_tile)].reshape(rows.shape[1:])
        return made
    shown = values[: sheet.count]
    if look.colour:
        tiles = colour_pixels(shown, look.colour, int(table[WRONG]), per_tile, largest)
    else:
        tiles = table[shade(shown, per_tile, largest)]
    if sheet.fine > 1:
        tiles = tiles.repeat(sheet.fine, axis=1).repeat(sheet.fine, axis=2)
    below, beside = sheet.pitch
    full = np.full((sheet.rows * sheet.columns, below, beside), gap, np.uint32)
    full[: sheet.count, : below - sheet.gap, : beside - sheet.gap] = tiles
    grid = full.reshape(sheet.rows, sheet.columns, below, beside).transpose(0, 2, 1, 3)
    high, wide = sheet.shape
    return grid.reshape(sheet.rows * below, -1)[:high, :wide]


def colour_table(zero: str, above: str, below: str, wrong: str, gap: str) -> Pixels:
    """256 colours, 0xffRRGGBB, from `below` over `zero` to `above`, all given as "#rrggbb"."""
    ends = {name: np.array(_parts(name), np.float64) for name in (zero, above, below)}
    table = np.zeros(256, np.uint32)
    for step in range(2 * ZERO + 1):
        part = (step - ZERO) / ZERO
        end = ends[below] if part < 0 else ends[above]
        mixed = ends[zero] + (end - ends[zero]) * abs(part) ** GAMMA
        red, green, blue = (round(value) for value in mixed.tolist())
        table[step] = 0xFF000000 | red << 16 | green << 8 | blue
    for place_, name in ((WRONG, wrong), (GAP, gap)):
        red, green, blue = _parts(name)
        table[place_] = 0xFF000000 | red << 16 | green << 8 | blue
    return table


def _parts(name: str) -> tuple[int, int, int]:
    return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)
