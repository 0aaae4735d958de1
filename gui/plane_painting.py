"""What lies over a plane's background: axes, lines and arrows, and the points."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gui import theme
from gui.plane import Plane
from gui.plane_marks import ink, paint_marker

MANY = 3000  # points from which on markers become dots
SMALL = 200  # pixels of a side below which an axis has no numbers


class Line(NamedTuple):
    """A line over the plane, from (x0, y0) to (x1, y1); an arrow when `head`."""

    x0: float
    y0: float
    x1: float
    y1: float
    role: str = "text"
    width: float = 2.0
    head: bool = False
    dashed: bool = False


def paint_axes(painter: QPainter, square: QRectF, face: Plane) -> None:
    """Two lines through the origin, with numbers at the left and the bottom."""
    places = face.to_pixels(np.array([[0.0, 0.0], *[[v, v] for v in face.ticks()]]))
    middle = QPointF(*places[0])
    painter.setFont(theme.font(theme.CAPTION))
    painter.setPen(QPen(theme.colour("muted", 0.35), 1))
    painter.drawLine(QPointF(square.left(), middle.y()), QPointF(square.right(), middle.y()))
    painter.drawLine(QPointF(middle.x(), square.top()), QPointF(middle.x(), square.bottom()))
    if square.width() < SMALL:
        return
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    for value, (x, y) in zip(face.ticks(), places[1:].tolist(), strict=True):
        painter.setPen(QPen(theme.colour("muted", 0.5), 1))
        painter.drawLine(QPointF(x, middle.y() - 2), QPointF(x, middle.y() + 2))
        painter.drawLine(QPointF(middle.x() - 2, y), QPointF(middle.x() + 2, y))
        if value == 0:
            continue
        painter.setPen(theme.colour("muted"))
        text = f"{value:g}".replace("-", "−")
        box = QRectF(x - 20, square.bottom() - 17, 40, 14)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.drawText(QRectF(square.left() + 5, y - 7, 40, 14), left, text)


def paint_lines(painter: QPainter, face: Plane, lines: Sequence[Line]) -> None:
    """Lines and arrows, in their order."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for line in lines:
        ends = face.to_pixels(np.array([[line.x0, line.y0], [line.x1, line.y1]]))
        pen = QPen(theme.colour(line.role), line.width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if line.dashed:
            pen.setDashPattern([3, 4])
        painter.setPen(pen)
        painter.drawLine(QPointF(*ends[0]), QPointF(*ends[1]))
        if line.head:
            _paint_head(painter, ends, line.role)


def _paint_head(painter: QPainter, ends: NDArray[np.float64], role: str) -> None:
    along = ends[1] - ends[0]
    length = float(np.hypot(*along))
    if length <= 1:
        return
    along = along / length
    across = np.array([-along[1], along[0]])
    foot = ends[1] - 11 * along
    corners = (ends[1] + 2 * along, foot + 5 * across, foot - 5 * across)
    painter.setBrush(theme.colour(role))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def paint_points(
    painter: QPainter,
    face: Plane,
    x: NDArray[np.float32],
    y: NDArray[np.int64],
    radius: float,
    *,
    hollow: bool = False,
) -> None:
    """Points (N, 2) of classes (N,) as markers of `radius` pixels; very many as dots."""
    pixels = face.to_pixels(x)
    if len(x) > MANY:
        for label in np.unique(y).tolist():
            pen = QPen(ink(label), 2.5)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            mine = pixels[y == label].tolist()
            painter.drawPoints(QPolygonF([QPointF(px, py) for px, py in mine]))
        return
    ground = theme.colour("window")
    for (px, py), label in zip(pixels.tolist(), y.tolist(), strict=True):
        colour = ink(label)
        painter.setPen(QPen(colour if hollow else ground, 1.4 if hollow else 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
        paint_marker(painter, px, py, label, radius - (0.6 if hollow else 0))
