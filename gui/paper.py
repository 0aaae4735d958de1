"""The sheet under the canvas: its strokes, its undo steps, and where its points lie on a widget.

Paper units: the largest square in the widget's middle is 0..1 × 0..1, y down; what lies beside it
has coordinates below 0 or above 1.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QUndoCommand

from gui import painting

PEN = 0.032
"""Width of the line, as a part of the paper's edge."""

Stroke = NDArray[np.float32]  # (N, 3): x, y in paper units, width as a factor of PEN


class Page:
    """One state of the drawing: its strokes, and whether the network was trained on it."""

    def __init__(self, strokes: tuple[Stroke, ...] = ()) -> None:
        self.strokes = strokes
        self.trained = False


class TurnPage(QUndoCommand):
    """From one page to another; all that can be undone on a canvas is such a turn."""

    def __init__(self, show: Callable[[Page], None], before: Page, after: Page, text: str) -> None:
        super().__init__(text)
        self._show, self._before, self._after = show, before, after

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)


class LiveStroke:
    """A growing stroke; room is doubled, so that a point costs the same at any length."""

    def __init__(self) -> None:
        self._room = np.empty((256, 3), np.float32)
        self.count = 0

    def add(self, x: float, y: float, factor: float) -> bool:
        """Append a point in paper units; False when it is the last one again."""
        point = np.array((x, y, factor), np.float32)
        if self.count and (self._room[self.count - 1, :2] == point[:2]).all():
            return False
        if self.count == len(self._room):
            self._room = np.concatenate((self._room, np.empty_like(self._room)))
        self._room[self.count] = point
        self.count += 1
        return True

    def points(self) -> Stroke:
        """(N, 3), a view that later points leave as it is."""
        return self._room[: self.count]


@dataclass(frozen=True)
class Sheet:
    """How paper units lie on a widget of `width` × `height` pixels: `scale` pixels to the unit."""

    width: int
    height: int
    scale: float

    @classmethod
    def fitting(cls, width: int, height: int, strokes: Sequence[Stroke]) -> "Sheet":
        """The scale is the shorter edge, or less where strokes would not be in sight."""
        width, height = max(width, 1), max(height, 1)
        scale = float(min(width, height))
        if strokes:
            reach = np.abs(np.concatenate([stroke[:, :2] for stroke in strokes]) - 0.5)
            for part, edge in zip(reach.max(axis=0).tolist(), (width, height), strict=True):
                if part * scale > edge / 2:
                    scale = edge / 2 / part
        return cls(width, height, scale)

    @property
    def corner(self) -> tuple[float, float]:
        """The pixel of paper's (0, 0)."""
        return self.width / 2 - self.scale / 2, self.height / 2 - self.scale / 2

    def to_paper(self, where: QPointF) -> tuple[float, float] | None:
        """A pixel in paper units, pulled into the widget; None for what is not finite."""
        if not (math.isfinite(where.x()) and math.isfinite(where.y())):
            return None
        left, top = self.corner
        x, y = min(max(where.x(), 0.0), self.width), min(max(where.y(), 0.0), self.height)
        return (x - left) / self.scale, (y - top) / self.scale

    def to_pixels(self, stroke: Stroke) -> NDArray[np.float64]:
        """The points of a stroke, (N, 2) in pixels."""
        return stroke[:, :2].astype(np.float64) * self.scale + self.corner

    def line_width(self) -> float:
        """Pixels of a line drawn with factor 1."""
        return max(PEN * self.scale, 2.0)

    def paint(self, painter: QPainter, stroke: Stroke) -> None:
        """Draw a stroke in the colour of the painter's pen: polylines where the width stays."""
        pen, points = painter.pen(), self.to_pixels(stroke)
        widths = stroke[:, 2] * self.line_width()
        if (widths == widths[0]).all():
            pen.setWidthF(float(widths[0]))
            painter.setPen(pen)
            painting.paint_polyline(painter, points)
            return
        path = [QPointF(x, y) for x, y in points.tolist()]
        for index, width in enumerate(((widths[1:] + widths[:-1]) / 2).tolist()):
            pen.setWidthF(width)
            painter.setPen(pen)
            painter.drawLine(path[index], path[index + 1])
