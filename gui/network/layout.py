"""Where everything of a network stands: columns of cells, neurons and tiles in a given room.

Positions are in logical pixels of a view at zoom 1, x right and y down. Qt-free.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any, NamedTuple

import numpy as np

from gui.network.stages import Floats, Ids, Link, Plan, Stage, plan

MARGIN = 24.0
CAPTION_ROOM = 30.0  # beneath the columns
NOTE_ROOM = 26.0  # beneath the captions, for what the view says of itself
LABEL_GAP = 12.0  # between an output and its name

_LARGEST_PITCH = 46.0  # of cells and neurons; more in a large room
_SMALLEST_PITCH = 9.0  # below, neurons stand in several columns
_MOST_NEURON_COLUMNS = 8
_OUTPUT_PITCH = 88.0
_WIDEST_GAP = 440.0


class Box(NamedTuple):
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    def contains(self, x: float, y: float) -> bool:
        """True when the point lies in the rectangle."""
        return 0 <= x - self.x < self.width and 0 <= y - self.y < self.height


@dataclass(frozen=True, eq=False)
class Column:
    """A stage with its place.

    Attributes:
        box: what its units take, without labels.
        centres: (units, 2) float32.
        unit: width and height of one unit; of a neuron, its diameter.
        kernels: (units, 2) float32, centres of the kernel tiles beside maps that have weights.
        kernel: width and height of one kernel tile.
        mosaic: columns of input channels inside a kernel tile.
    """

    stage: Stage
    box: Box
    centres: Floats
    unit: tuple[float, float]
    kernels: Floats | None = None
    kernel: tuple[float, float] = (0.0, 0.0)
    mosaic: int = 1

    def anchors(self, places: Ids) -> Floats:
        """(n, 2) where wires from flattened places of the stage's values begin."""
        if self.stage.kind != "maps":
            return self.centres[places % self.stage.units]
        _, height, width = self.stage.shape
        tile, pixel = np.divmod(places, height * width)
        row, column = np.divmod(pixel, width)
        inside = np.stack([(column + 0.5) / width - 0.5, (row + 0.5) / height - 0.5], axis=1)
        made: Floats = (self.centres[tile] + inside * np.array(self.unit)).astype(np.float32)
        return made

    def entries(self, units: Ids) -> Floats:
        """(n, 2) where wires into units end: a map's wires end at its kernels."""
        return (self.centres if self.kernels is None else self.kernels)[units]

    def unit_at(self, x: float, y: float, slack: float = 2.0) -> int | None:
        """The unit at a point, or None."""
        if not len(self.centres):
            return None
        box = self.box
        grown = Box(box.x - slack, box.y - slack, box.width + 2 * slack, box.height + 2 * slack)
        if not grown.contains(x, y):
            return None
        away = np.abs(self.centres - np.array([x, y], np.float32))
        best = int(np.argmin(np.square(away).sum(axis=1)))
        half = (self.unit[0] / 2 + slack, self.unit[1] / 2 + slack)
        if away[best, 0] <= half[0] and away[best, 1] <= half[1]:
            return best
        if self.kernels is not None:
            away = np.abs(self.kernels - np.array([x, y], np.float32))
            best = int(np.argmin(np.square(away).sum(axis=1)))
            if away[best, 0] <= self.kernel[0] / 2 and away[best, 1] <= self.kernel[1] / 2:
                return best
        return None


@dataclass(frozen=True, eq=False)
class NetworkLayout:
    """All columns of a network in a room of `width` by `height`."""

    plan: Plan
    columns: tuple[Column, ...]
    width: float
    height: float
    label_width: float

    @property
    def links(self) -> tuple[Link, ...]:
        """The plan's links."""
        return self.plan.links

    @property
    def caption_y(self) -> float:
        """Top of the captions."""
        bottoms = [column.box.y + column.box.height for column in self.columns]
        return min(max(bottoms) + 12, self.height - NOTE_ROOM - CAPTION_ROOM + 8)

    def lines(self, link: Link, ids: Ids) -> Floats:
        """(n, 4) float32 x1, y1, x2, y2 of wires of a link."""
        sources, targets = link.ends(ids)
        column = self.columns[link.source]
        starts = column.anchors(sources) if link.kind == "dense" else None
        if starts is None:  # kernels and pools take whole tiles
            whole = column.stage.kind in ("grid", "picture")
            starts = (
                np.repeat(_middle(column)[None], len(ids), 0)
                if whole
                else (column.centres[sources])
            )
        return np.hstack([starts, self.columns[link.target].entries(targets)])

    def caption_room(self, place: int) -> tuple[float, float]:
        """Left end and width that the caption of a column may take."""
        columns = self.columns
        middle = float(_middle(columns[place])[0])
        left = 4.0 if place == 0 else (_middle(columns[place - 1])[0] + middle) / 2 + 4
        last = place == len(columns) - 1
        right = self.width - 4 if last else (_middle(columns[place + 1])[0] + middle) / 2 - 4
        half = max(0.0, min(middle - left, right - middle))
        return float(middle - half), float(2 * half)

    def unit_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(column, unit) at a point, or None."""
        for place, column in enumerate(self.columns):
            unit = column.unit_at(x, y)
            if unit is not None:
                return place, unit
        return None

    def neighbour(self, place: int, unit: int, dx: int, dy: int) -> tuple[int, int]:
        """The nearest unit in the direction (dx, dy), one of them 0; the same where none is."""
        x, y = self.columns[place].centres[unit].tolist()
        best, least = (place, unit), np.inf
        for other, column in enumerate(self.columns):
            if dy and other != place:
                continue
            if abs(other - place) > 1:
                continue
            away = column.centres - np.array([x, y], np.float32)
            along = away[:, 0] * dx + away[:, 1] * dy
            across = np.abs(away[:, 1] * dx) + np.abs(away[:, 0] * dy)
            score = np.where(along > 0.5, along + 2.5 * across, np.inf)
            if other != place and np.isinf(least):
                score = np.where(along > 0.5, across, np.inf)
            elif other != place:
                continue
            found = int(np.argmin(score))
            if score[found] < least and not (dx and other == place and across[found] > 0.5):
                best, least = (other, found), float(score[found])
        return best


def lay_out(network: Any, width: float, height: float, label_width: float = 96.0) -> NetworkLayout:
    """Place a network in a room; `label_width` is kept free for the outputs' names."""
    return place(plan(network), width, height, label_width)


def place(what: Plan, width: float, height: float, label_width: float = 96.0) -> NetworkLayout:
    """Place stages in a room; everything shrinks until it fits, nothing overlaps."""
    width, height = max(width, 48.0), max(height, 48.0)
    label_width = min(label_width, 0.3 * width)
    margin = min(MARGIN, 0.05 * width)
    top = min(MARGIN, 0.06 * height)
    room = max(height - top - CAPTION_ROOM - NOTE_ROOM, 0.4 * height)
    across = width - 2 * margin - label_width - LABEL_GAP
    least_gap = min(64.0, 0.4 * across / max(1, len(what.stages)))
    parts = [_part(stage) for stage in what.stages]
    unit = 0.78 * across / sum(parts)
    made: list[Column] = []
    for attempt in range(24):
        shrink = 0.88**attempt
        made = [
            _column(stage, unit * part * shrink, room, across * shrink)
            for stage, part in zip(what.stages, parts, strict=True)
        ]
        taken = sum(column.box.width for column in made)
        if taken + least_gap * (len(made) - 1) <= across:
            break
    gaps = max(1, len(made) - 1)
    gap = max(0.0, min((across - taken) / gaps, max(_WIDEST_GAP, 0.38 * across)))
    x = margin + (across - taken - gap * (len(made) - 1)) / 2
    placed = []
    for column in made:
        placed.append(_moved(column, x, top + (room - column.box.height) / 2))
        x += column.box.width + gap
    return NetworkLayout(what, tuple(placed), width, height, label_width)


def _part(stage: Stage) -> float:
    """How much of the width a stage may ask for, beside others."""
    if stage.kind == "maps":
        return 2.2 if stage.weight is not None else 1.3
    return 0.35 if stage.kind == "neurons" else 1.6


def _column(stage: Stage, share: float, room: float, across: float) -> Column:
    """A stage's column at the origin, in a share of the width and the whole height."""
    if stage.kind in ("grid", "picture"):
        return _cells(stage, 0.3 * across, room)
    if stage.kind == "maps":
        return _tiles(stage, share, room)
    return _neurons(stage, share, room)


def _cells(stage: Stage, widest: float, room: float) -> Column:
    _, rows, columns = stage.shape
    pitch = min(max(_LARGEST_PITCH, 0.08 * room), widest / columns, 0.94 * room / rows)
    if stage.kind == "picture":
        pitch = min(pitch, max(300.0, 0.5 * room) / columns)
    row, column = np.divmod(np.arange(rows * columns), columns)
    centres = np.stack([(column + 0.5) * pitch, (row + 0.5) * pitch], axis=1)
    gap = 0.0 if stage.kind == "picture" else min(0.3 * pitch, 10.0)
    return Column(
        stage,
        Box(0.0, 0.0, columns * pitch, rows * pitch),
        centres.astype(np.float32),
        (pitch - gap, pitch - gap),
    )


def _neurons(stage: Stage, share: float, room: float) -> Column:
    count = max(1, stage.units)
    columns = 1
    while columns < _MOST_NEURON_COLUMNS and room / ceil(count / columns) < _SMALLEST_PITCH:
        columns += 1
    if stage.is_output:
        columns = 1  # each has its name beside it
    rows = ceil(count / columns)
    largest = max(_LARGEST_PITCH, 0.075 * room)
    biggest = max(24.0, 0.034 * room)
    if stage.is_output:
        largest, biggest = max(_OUTPUT_PITCH, 0.17 * room), max(30.0, 0.05 * room)
    pitch = min(largest, room / rows, max(share / columns, 4.0) * 1.6)
    size = min(0.62 * pitch, biggest)
    column, row = np.divmod(np.arange(stage.units), rows)
    step = min(max(pitch, size * 2.2), max(1.5 * share / columns, 0.5))
    size = min(size, 0.9 * step) if columns > 1 else min(size, share + 2)
    in_last = count - (columns - 1) * rows
    down = np.where(column == columns - 1, (rows - in_last) * pitch / 2, 0.0)
    centres = np.stack([size / 2 + column * step, (row + 0.5) * pitch + down], axis=1)
    box = Box(0.0, 0.0, size + (columns - 1) * step, rows * pitch)
    return Column(stage, box, centres.astype(np.float32), (size, size))


def _tiles(stage: Stage, share: float, room: float) -> Column:
    count, height, width = stage.shape
    aspect = width / max(1, height)
    kernel_part, mosaic, kernel_aspect = 0.0, 1, 1.0
    if stage.weight is not None:
        mosaic = ceil(sqrt(stage.weight.shape[1]))
        kernel_part = 0.7
        rows = ceil(stage.weight.shape[1] / mosaic)
        kernel_aspect = (mosaic * (stage.weight.shape[3] + 1) - 1) / (
            rows * (stage.weight.shape[2] + 1) - 1
        )
    best, columns = 0.0, 1
    for tried in range(1, count + 1):
        rows = ceil(count / tried)
        high = room / rows * 0.86
        wide = share / tried / (aspect * 1.14 + kernel_part)
        if min(high, wide) > best * (1.3 if best else 1.0):  # fewer columns read better
            best, columns = min(high, wide), tried
    high = min(best, max(72.0, 0.19 * room))
    rows = ceil(count / columns)
    wide, pitch = high * aspect, high / 0.86
    kernel_high = high * kernel_part * 0.78
    kernel = (kernel_high * min(kernel_aspect, 1.0), kernel_high / max(kernel_aspect, 1.0))
    lead = kernel[0] + 0.22 * high if kernel_part else 0.0
    step = lead + wide + 0.2 * high
    row, column = np.divmod(np.arange(count), columns)
    centres = np.stack([column * step + lead + wide / 2, (row + 0.5) * pitch], axis=1)
    kernels = None
    if kernel_part:
        kernels = (centres - np.array([wide / 2 + lead - kernel[0] / 2, 0.0])).astype(np.float32)
    box = Box(0.0, 0.0, columns * step - 0.2 * high, rows * pitch)
    made = centres.astype(np.float32)
    return Column(stage, box, made, (wide, high), kernels, kernel, mosaic)


def _moved(column: Column, x: float, y: float) -> Column:
    by = np.array([x, y], np.float32)
    return Column(
        column.stage,
        Box(x, y, column.box.width, column.box.height),
        column.centres + by,
        column.unit,
        None if column.kernels is None else column.kernels + by,
        column.kernel,
        column.mosaic,
    )


def _middle(column: Column) -> Floats:
    box = column.box
    return np.array([box.x + box.width / 2, box.y + box.height / 2], np.float32)


__all__: Sequence[str] = ["Box", "Column", "NetworkLayout", "lay_out", "place"]
