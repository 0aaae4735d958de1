"""What the network view paints over everything: the marked wire or neuron and a card about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui import theme
from gui.network.ink import ink
from gui.network.scene import Scene

_AWAY = 14.0  # from the pointer, in logical pixels
_PADDING = 9.0


@dataclass(frozen=True)
class Pointed:
    """What is pointed at: a unit (column, unit) or a wire (link, wire), and where, on screen."""

    at: QPointF
    unit: tuple[int, int] | None = None
    wire: tuple[int, int] | None = None
    by_key: bool = False


def paint_pointed(painter: QPainter, scene: Scene, pointed: Pointed) -> None:
    """Mark the wire or the unit."""
    colours = ink()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if pointed.wire is not None:
        place, wire = pointed.wire
        line = scene.lines.of(place, np.array([wire]))[0]
        ends = QLineF(scene.on_screen(line.x1(), line.y1()), scene.on_screen(line.x2(), line.y2()))
        painter.setPen(QPen(colours.text, 2.2))
        painter.drawLine(ends)
        painter.setBrush(colours.text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(ends.p1(), 3.5, 3.5)
        painter.drawEllipse(ends.p2(), 3.5, 3.5)
    if pointed.unit is not None:
        place, unit = pointed.unit
        column = scene.layout.columns[place]
        x, y = column.centres[unit].tolist()
        width, height = column.unit[0] * scene.zoom, column.unit[1] * scene.zoom
        centre = scene.on_screen(x, y)
        area = QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
        area.adjust(-3, -3, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.accent, 2))
        if column.stage.kind == "neurons":
            painter.drawEllipse(area)
        else:
            painter.drawRoundedRect(area, 4, 4)


def paint_card(painter: QPainter, scene: Scene, at: QPointF, lines: Sequence[str]) -> None:
    """A small card beside a point, wholly inside the view; long lines are elided."""
    colours = ink()
    head, body = theme.font(theme.BODY, bold=True), theme.font(theme.CAPTION)
    fonts = [head] + [body] * (len(lines) - 1)
    metrics = [QFontMetricsF(face) for face in fonts]
    most = max(20.0, min(360.0, scene.width - 2 * _PADDING - 8))
    texts = [
        measure.elidedText(line, Qt.TextElideMode.ElideMiddle, most)
        for measure, line in zip(metrics, lines, strict=True)
    ]
    width = 2 * _PADDING + max(m.horizontalAdvance(t) for m, t in zip(metrics, texts, strict=True))
    height = 2 * _PADDING - 2 + sum(measure.height() + 2 for measure in metrics)
    x, y = at.x() + _AWAY, at.y() + _AWAY
    if x + width > scene.width - 4:
        x = at.x() - _AWAY - width
    if y + height > scene.height - 4:
        y = at.y() - _AWAY - height
    x = max(4.0, min(x, scene.width - 4 - width))
    y = max(4.0, min(y, scene.height - 4 - height))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.line, 1))
    painter.setBrush(colours.raised)
    painter.drawRoundedRect(QRectF(x, y, width, height), 6, 6)
    top = y + _PADDING
    for place, (face, measure, text) in enumerate(zip(fonts, metrics, texts, strict=True)):
        painter.setFont(face)
        painter.setPen(colours.text if place < 2 else colours.muted)
        painter.drawText(QPointF(x + _PADDING, top + measure.ascent()), text)
        top += measure.height() + 2
