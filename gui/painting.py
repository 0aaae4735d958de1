"""Small pieces of painting that several widgets share, so that they look of one make."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPaintEngine, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gui import theme

CORNER = 6.0
"""Corner radius of areas inside a panel, in logical pixels."""
PIECE = 100
"""Segments that are drawn together."""


class Sheet:
    """Pixels that are painted once and copied until they are dropped or the room is another.

    Where shapes are written down instead of pixels, in an SVG, they are painted each time.
    """

    def __init__(self) -> None:
        self._kept: QPixmap | None = None

    def drop(self) -> None:
        """Paint anew the next time."""
        self._kept = None

    def show(self, painter: QPainter, area: QRectF, paint: Callable[[QPainter], object]) -> None:
        """Show what `paint` paints into `area`, in the painter's own coordinates."""
        if _writes_shapes(painter):
            painter.save()
            paint(painter)
            painter.restore()
            return
        ratio = painter.deviceTransform().m11()
        size = (area.size() * ratio).toSize()
        kept = self._kept
        if kept is None or kept.size() != size or kept.devicePixelRatio() != ratio:
            self._kept = kept = QPixmap(size)
            kept.setDevicePixelRatio(ratio)
            kept.fill(Qt.GlobalColor.transparent)
            inner = QPainter(kept)
            inner.translate(-area.topLeft())
            paint(inner)
            inner.end()
        painter.drawPixmap(area.topLeft(), kept)


def paint_part(painter: QPainter, area: QRectF, image: QImage, part: QRectF) -> None:
    """A part of an image, in its own pixels, over `area`."""
    if _writes_shapes(painter):  # the whole image would be written for each part
        painter.drawImage(area, image.copy(part.toAlignedRect()))
    else:
        painter.drawImage(area, image, part)


def _writes_shapes(painter: QPainter) -> bool:
    return painter.paintEngine().type() == QPaintEngine.Type.SVG


def mix(first: QColor, second: QColor, part: float) -> QColor:
    """An opaque colour on the way from `first` (part 0) to `second` (part 1)."""
    rest = 1.0 - part
    return QColor.fromRgbF(
        first.redF() * rest + second.redF() * part,
        first.greenF() * rest + second.greenF() * part,
        first.blueF() * rest + second.blueF() * part,
    )


def paint_paper(painter: QPainter, area: QRectF, *, hovered: bool = False) -> None:
    """The quiet sunken ground that drawings and grids lie on, with a thin border."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("muted" if hovered else "line"), 1))
    painter.setBrush(theme.colour("window"))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)


def paint_focus_ring(painter: QPainter, area: QRectF) -> None:
    """The ring, 2 px wide, around what has the keyboard's focus."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("accent"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), CORNER, CORNER)


def paint_sentence(painter: QPainter, area: QRectF, sentence: str) -> None:
    """A muted sentence, centred, its lines about equally long; smaller where room is scarce."""
    inner = area.adjusted(8, 8, -8, -8)
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    face = theme.font(theme.BODY)
    needed = QFontMetricsF(face).boundingRect(inner, flags, sentence)
    if needed.height() > inner.height() or needed.width() > inner.width():
        face = theme.font(theme.CAPTION)
    metrics = QFontMetricsF(face)
    high = metrics.boundingRect(inner, flags, sentence).height()
    narrow, wide = 0.0, inner.width()
    while wide - narrow > 4:  # the narrowest box that needs no further line
        middle = (narrow + wide) / 2
        box = QRectF(inner.center().x() - middle / 2, inner.y(), middle, inner.height())
        needed = metrics.boundingRect(box, flags, sentence)
        if needed.height() > high or needed.width() > middle:
            narrow = middle
        else:
            wide = middle
    painter.setFont(face)
    painter.setPen(theme.colour("muted"))
    box = QRectF(inner.center().x() - wide / 2, inner.y(), wide, inner.height())
    painter.drawText(box, flags, sentence)


def square_in(widget: QWidget) -> QRectF:
    """The largest square in the middle of a widget, on whole device pixels."""
    ratio = widget.devicePixelRatioF()
    wide, high = round(widget.width() * ratio), round(widget.height() * ratio)
    side = min(wide, high)
    return QRectF(
        (wide - side) // 2 / ratio, (high - side) // 2 / ratio, side / ratio, side / ratio
    )


def paint_strokes(painter: QPainter, strokes: Sequence[NDArray[np.float32]], area: QRectF) -> None:
    """Strokes of the unit square over `area` with the painter's pen; a dot is a round point."""
    corner, size = (area.x(), area.y()), (area.width(), area.height())
    for stroke in strokes:
        paint_polyline(painter, stroke * size + corner)


def paint_polyline(painter: QPainter, points: NDArray[np.floating[Any]]) -> None:
    """One stroke, (N, 2) in pixels. Points within half a pixel of the last one are skipped.

    It goes to the painter in pieces: stroking one path costs far more than its parts.
    """
    if not len(points):
        return
    steps = np.round(points * 2)
    moved = np.ones(len(points), bool)
    moved[1:] = (steps[1:] != steps[:-1]).any(axis=1)
    path = [QPointF(x, y) for x, y in points[moved].tolist()]
    if len(path) == 1:
        painter.drawPoint(path[0])
    for start in range(0, len(path) - 1, PIECE):
        painter.drawPolyline(path[start : start + PIECE + 1])
