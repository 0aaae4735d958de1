"""The marker of a class: one ink and one shape each, wherever points are painted."""

from math import cos, pi, sin

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPolygonF

from gui import plane, theme

_SHAPES = (0, 4, 3, 4, 5, 3)  # corners; 0: a disc
_ANGLES = (0, 45, -90, 0, -90, 90)  # where the first corner lies, in degrees
_SIZES = (1.0, 1.2, 1.35, 1.3, 1.2, 1.35)


def ink(label: int) -> QColor:
    """The colour of a class in the theme of now."""
    texts = plane.DARK if theme.colours().name == "dark" else plane.LIGHT
    return QColor(texts[label % len(texts)])


def paint_marker(painter: QPainter, x: float, y: float, label: int, radius: float) -> None:
    """The marker of a class at (x, y) in pixels, with the painter's pen and brush."""
    which = label % len(_SHAPES)
    corners, size = _SHAPES[which], radius * _SIZES[which]
    if not corners:
        painter.drawEllipse(QPointF(x, y), size, size)
        return
    angles = [pi / 180 * (_ANGLES[which] + 360 / corners * i) for i in range(corners)]
    painter.drawPolygon(QPolygonF([QPointF(x + size * cos(a), y + size * sin(a)) for a in angles]))
