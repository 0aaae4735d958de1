"""Which wires are shown, how bright each is, and which one lies under the pointer. Qt-free.

Brightness is |weight| against a reference that rises at once and falls slowly, so that nothing
flickers, and that never falls below what fresh weights may reach, so that growing weights look
brighter.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from gui.network.layout import NetworkLayout
from gui.network.stages import Floats, Ids, Link

LEVELS = 32
TELLABLE = 1000
"""Wires of one link up to which all are shown."""

TELLABLE_FROM_MAPS = 400
"""The same where wires leave the pixels of maps."""

STRONGEST = 400
STRONGEST_FROM_MAPS = 240
"""How many are shown of a link that has more; fewer where they leave the pixels of maps."""

REACH = 5.0
"""Distance in logical pixels at which the pointer still meets a wire."""

_DECAY = 0.99
_GAMMA = 1.7


class Brightness:
    """Turns weights of one link into parts of full brightness, [0, 1].

    The floor of the reference is 6/√fan_in, about twice the largest weight that the usual uniform
    initialisers give, and down to 0.4 of that where the first weights seen are smaller. For
    kernels, of which the root mean square counts, it is half of that. Of a link with too many wires
    to show all, the strongest of fresh weights would all be as bright as can be: there it is at
    least 3.3 times the root mean square of the first weights.
    """

    def __init__(self, link: Link, first: Floats | None = None) -> None:
        usual = (3.0 if link.kind == "kernels" else 6.0) / sqrt(max(1, link.fan_in))
        self.floor = usual
        finite = _finite(first) if first is not None else _finite(np.zeros(0, np.float32))
        if len(finite):
            self.floor = min(usual, max(2 * float(finite.max()), 0.4 * usual))
            if link.count > TELLABLE:
                self.floor = max(self.floor, 3.3 * float(np.sqrt(np.mean(np.square(finite)))))
        self.reference = self.floor

    def follow(self, values: Floats) -> None:
        """Take the largest finite |value| into the reference."""
        largest = float(_finite(values).max(initial=0.0))
        self.reference = max(self.floor, largest, self.reference * _DECAY)

    def __call__(self, values: Floats) -> Floats:
        """(n,) parts of full brightness; 0 for what is not a number."""
        part = np.abs(np.where(np.isfinite(values), values, 0.0)) / self.reference
        made: Floats = (np.minimum(part, 1.0) ** _GAMMA).astype(np.float32)
        return made


_UNSEEN = 0.02  # part of the wires that may be a shade off for a while, as training goes on


@dataclass(frozen=True, eq=False)
class ShownWires:
    """The wires of one link that are drawn, weakest first.

    Attributes:
        link: place of the link in the layout.
        ids: (n,) wires.
        levels: (n,) uint8 in 0..LEVELS-1.
        negative: (n,) bool.
        held: (n,) bool: belongs to the held neuron; None when nothing is held.
    """

    link: int
    ids: Ids
    levels: NDArray[np.uint8]
    negative: NDArray[np.bool_]
    held: NDArray[np.bool_] | None = None

    def looks_like(self, other: "ShownWires") -> bool:
        """True when nearly all wires would be painted as in `other`: the eye sees no difference."""
        if not np.array_equal(self.ids, other.ids):
            return False
        differ = (self.levels != other.levels) | (self.negative != other.negative)
        return int(np.count_nonzero(differ)) <= _UNSEEN * len(self.ids)

    def buckets(self) -> list[tuple[int, bool, bool, Ids]]:
        """(level, negative, held, positions in `ids`): dim before held, weak before strong."""
        key = self.levels.astype(np.int32) * 2 + self.negative
        if self.held is not None:
            key += self.held * (2 * LEVELS)
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        cuts = np.flatnonzero(np.diff(ordered)) + 1
        starts = [0, *cuts.tolist()]
        made = []
        for start, part in zip(starts, np.split(order, cuts), strict=True):
            if len(part):
                value = int(ordered[start])
                rest = value % (2 * LEVELS)
                made.append((rest // 2, bool(rest % 2), value >= 2 * LEVELS, part))
        return made


def most_shown(layout: NetworkLayout, link: Link) -> int:
    """How many wires of a link are drawn at most."""
    if link.kind == "through" or (link.count <= TELLABLE and not _from_maps(layout, link)):
        return link.count
    return min(link.count, STRONGEST_FROM_MAPS if _from_maps(layout, link) else STRONGEST)


def strongest(values: Floats, count: int) -> Ids:
    """The ids of the `count` values of largest size, in order of id; NaN counts as nothing."""
    if count >= len(values):
        return np.arange(len(values))
    size = np.abs(np.where(np.isfinite(values), values, 0.0))
    return np.sort(np.argpartition(size, len(size) - count)[len(size) - count :])


def choose(
    layout: NetworkLayout,
    place: int,
    values: Floats,
    brightness: Brightness,
    held: tuple[int, int] | None = None,
) -> ShownWires:
    """The wires of the link at `place` to draw, given what all of them carry.

    With `held` (stage, unit) that unit's wires are among them, the strongest where there are many.
    """
    link = layout.links[place]
    limit = most_shown(layout, link)
    ids = strongest(values, limit)
    belongs = None
    if held is not None:
        own = layout.plan.touching(link, *held)
        own = own[strongest(values[own], STRONGEST)]
        if limit < link.count:
            ids = np.union1d(ids, own)
        belongs = np.isin(ids, own)
    chosen = values[ids]
    levels = np.minimum(brightness(chosen) * LEVELS, LEVELS - 1).astype(np.uint8)
    order = np.argsort(levels, kind="stable")
    if belongs is not None:
        belongs = belongs[order]
    return ShownWires(place, ids[order], levels[order], (chosen < 0)[order], belongs)


def flash_levels(change: Floats, ids: Ids) -> Floats:
    """(n,) how brightly each of `ids` flashes, [0, 1], against the link's largest change."""
    size = np.abs(np.where(np.isfinite(change), change, 0.0))
    largest = float(size.max()) if len(size) else 0.0
    if largest <= 1e-12:
        return np.zeros(len(ids), np.float32)
    made: Floats = (size[ids] / largest).astype(np.float32)
    return made


def nearest(
    lines: Floats, x: float, y: float, reach: float = REACH, levels: NDArray[np.uint8] | None = None
) -> int | None:
    """Which of the segments (n, 4) lies within `reach` of a point; None where none does.

    With `levels` a bright wire wins over a dim one that is a little nearer.
    """
    if not len(lines):
        return None
    start, along = lines[:, :2], lines[:, 2:] - lines[:, :2]
    to_point = np.array([x, y], np.float32) - start
    length = np.maximum(np.square(along).sum(axis=1), 1e-9)
    part = np.clip((to_point * along).sum(axis=1) / length, 0.0, 1.0)
    away = np.hypot(*(to_point - along * part[:, None]).T)
    score = np.where(away <= reach, away, np.inf)
    if levels is not None:
        score = score - levels * (0.5 * reach / LEVELS)
    best = int(np.argmin(score))
    return best if np.isfinite(score[best]) else None


def note(layout: NetworkLayout) -> str:
    """What the view says when it shows fewer wires than there are; empty when it shows all."""
    parts = []
    for link in layout.links:
        shown = most_shown(layout, link)
        if shown < link.count:
            parts.append(f"{shown:,} of {link.count:,}")
    if not parts:
        return ""
    return f"The strongest {' and '.join(parts)} wires are shown"


def _finite(values: Floats) -> NDArray[np.float64]:
    """The sizes of the values that are numbers."""
    return np.abs(values[np.isfinite(values)].astype(np.float64))


def _from_maps(layout: NetworkLayout, link: Link) -> bool:
    kind = layout.plan.stages[link.source].kind
    return link.kind == "dense" and kind == "maps" and link.count > TELLABLE_FROM_MAPS


__all__ = ["LEVELS", "Brightness", "ShownWires", "choose", "flash_levels", "most_shown", "nearest"]
