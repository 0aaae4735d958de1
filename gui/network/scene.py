"""The frozen scene that the network's painters paint."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QLineF, QPointF

from gui.network.layout import NetworkLayout
from gui.network.stages import Ids
from gui.network.units import Stamps
from gui.network.wires import ShownWires
from gui.network.words import State


class LineStore:
    """Every wire's QLineF, made when it is first drawn; a layout of its own has a new store."""

    def __init__(self, layout: NetworkLayout) -> None:
        self._layout = layout
        self._lines: list[dict[int, QLineF]] = [{} for _ in layout.links]

    def of(self, link: int, ids: Ids) -> list[QLineF]:
        """The lines of wires, in their order."""
        kept = self._lines[link]
        wanted = ids.tolist()
        missing = [wire for wire in wanted if wire not in kept]
        if missing:
            ends = self._layout.lines(self._layout.links[link], np.array(missing))
            for wire, end in zip(missing, ends.tolist(), strict=True):
                kept[wire] = QLineF(*end)
        return [kept[wire] for wire in wanted]


@dataclass(frozen=True, eq=False)
class Scene:
    """All that a painter needs to know.

    Attributes:
        layout, lines: where things stand.
        state: what the network is and says.
        wires: what to draw of each link.
        width, height: of the view, in logical pixels.
        zoom, left, top: a layout's point (x, y) is painted at (x * zoom + left, y * zoom + top).
        smooth: antialiased, with light around strong wires.
        ratio: device pixels of one logical pixel.
        held: (column, unit) whose wires stay, or None.
        stamps: kept pixmaps of neurons; None draws shapes.
        note: what stands at the lower left.
    """

    layout: NetworkLayout
    lines: LineStore
    state: State
    wires: Sequence[ShownWires]
    width: float
    height: float
    zoom: float = 1.0
    left: float = 0.0
    top: float = 0.0
    smooth: bool = True
    ratio: float = 1.0
    held: tuple[int, int] | None = None
    stamps: Stamps | None = field(default_factory=Stamps)
    note: str = ""

    def on_screen(self, x: float, y: float) -> QPointF:
        """A layout's point in the view."""
        return QPointF(x * self.zoom + self.left, y * self.zoom + self.top)

    @property
    def winner(self) -> int | None:
        """The class with the largest output."""
        outputs = self.state.outputs
        if outputs is None or not len(outputs) or not np.isfinite(outputs).all():
            return None
        return int(np.argmax(outputs))
