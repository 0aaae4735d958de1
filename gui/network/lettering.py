"""The network view's words: captions, the outputs' names, the note and the legend.

They are always of one size, whatever the zoom; what has no room is elided, never clipped.
"""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui import theme
from gui.network.ink import ink
from gui.network.layout import LABEL_GAP, Column
from gui.network.scene import Scene
from gui.network.words import percent


def paint_words(painter: QPainter, scene: Scene) -> None:
    """Captions, the outputs' names, the note and the legend: always of one size, never clipped."""
    _paint_captions(painter, scene)
    for column in scene.layout.columns:
        if column.stage.is_output and column.stage.kind == "neurons":
            _paint_names(painter, scene, column)
    _paint_foot(painter, scene)


def _paint_captions(painter: QPainter, scene: Scene) -> None:
    painter.setFont(theme.font(theme.CAPTION))
    painter.setPen(ink().muted)
    metrics = QFontMetricsF(painter.font())
    top = scene.on_screen(0, scene.layout.caption_y).y()
    for place, column in enumerate(scene.layout.columns):
        left, room = scene.layout.caption_room(place)
        middle = scene.on_screen(left + room / 2, 0).x()
        room *= scene.zoom
        text = metrics.elidedText(column.stage.caption, Qt.TextElideMode.ElideRight, room)
        if len(text) < 3 and text != column.stage.caption:
            continue
        wide = metrics.horizontalAdvance(text)
        painter.drawText(QPointF(middle - wide / 2, top + metrics.ascent()), text)


def _paint_names(painter: QPainter, scene: Scene, column: Column) -> None:
    """Every output's name and percentage; where names would touch, those of the largest values."""
    outputs = scene.state.outputs
    pitch = column.box.height / max(1, column.stage.units) * scene.zoom
    faces = _Faces(pitch)
    order = list(range(column.stage.units))
    if outputs is not None and len(outputs) == len(order):
        order.sort(key=lambda unit: -float(np.nan_to_num(outputs[unit])))
    taken: list[float] = []
    for unit in order:
        x, y = column.centres[unit].tolist()
        at = scene.on_screen(x + column.unit[0] / 2, y) + QPointF(LABEL_GAP, 0)
        room = min(scene.width - at.x() - 6, scene.layout.label_width * max(1.0, scene.zoom))
        if room < 12 or any(abs(at.y() - other) < faces.least_pitch for other in taken):
            continue
        taken.append(at.y())
        value = "" if outputs is None or unit >= len(outputs) else percent(float(outputs[unit]))
        _paint_name(painter, scene, faces, unit, at, room, value)


class _Faces:
    """Type for the outputs' names at a pitch in pixels."""

    def __init__(self, pitch: float) -> None:
        self.two_lines = pitch >= 40
        small = pitch < 20
        self.plain = theme.font(theme.CAPTION if small else theme.BODY)
        self.strong = theme.font(theme.CAPTION if small else theme.TITLE, bold=True)
        self.value = theme.font(theme.CAPTION)
        self.least_pitch = 0.86 * QFontMetricsF(self.plain).height()
        self.aside = 0.0 if self.two_lines else QFontMetricsF(self.value).horizontalAdvance("100 %")


def _paint_name(
    painter: QPainter,
    scene: Scene,
    faces: _Faces,
    unit: int,
    at: QPointF,
    room: float,
    value: str,
) -> None:
    """One name in `room` pixels, the winner's marked, with its percentage under or beside it."""
    colours, name = ink(), scene.state.class_name(unit)
    wins = unit == scene.winner
    aside = faces.aside + 8 if value and faces.aside else 0.0
    if aside and room - aside < 20:
        aside, value = 0.0, ""
    painter.setFont(faces.strong if wins else faces.plain)
    painter.setPen(colours.text if wins or scene.state.outputs is None else colours.muted)
    metrics = QFontMetricsF(painter.font())
    text = f"▸ {name}" if wins else name
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - aside)
    middle = at.y() - (7 if faces.two_lines and value else 0)
    painter.drawText(QPointF(at.x(), middle + _drop(metrics)), text)
    if not value:
        return
    small = QFontMetricsF(faces.value)
    painter.setFont(faces.value)
    if faces.two_lines:
        painter.drawText(QPointF(at.x(), at.y() + 9 + small.ascent() / 2), value)
        return
    widest = max(
        (QFontMetricsF(faces.strong).horizontalAdvance(f"▸ {each}") for each in _names(scene)),
        default=0.0,
    )
    right = at.x() + min(room, widest + 10 + aside)
    painter.drawText(QPointF(right - small.horizontalAdvance(value), at.y() + _drop(small)), value)


def _names(scene: Scene) -> list[str]:
    return [scene.state.class_name(unit) for unit in range(len(scene.state.class_names))]


def _drop(metrics: QFontMetricsF) -> float:
    """From the middle of a line down to its base line."""
    return (metrics.ascent() - metrics.descent()) / 2


def _paint_foot(painter: QPainter, scene: Scene) -> None:
    """The note at the left, and at the right what the colours mean."""
    colours = ink()
    painter.setFont(theme.font(theme.CAPTION))
    metrics = QFontMetricsF(painter.font())
    base = scene.height - 8
    left_end = 8.0
    if scene.note:
        text = metrics.elidedText(scene.note, Qt.TextElideMode.ElideRight, scene.width - 16)
        _paint_ground(
            painter, QRectF(8, base - metrics.ascent(), metrics.horizontalAdvance(text), 0)
        )
        painter.setPen(colours.muted)
        painter.drawText(QPointF(8, base), text)
        left_end += metrics.horizontalAdvance(text) + 24
    entries = [("positive", False), ("negative", True)]
    meaning = "brighter = larger weight"
    swatch, gap = 18.0, 6.0
    width = sum(swatch + gap + metrics.horizontalAdvance(word) + 16 for word, _ in entries)
    whole = width + metrics.horizontalAdvance(meaning)
    if scene.width - 8 - whole < left_end:
        meaning, whole = "", width - 16
    if scene.width - 8 - whole < left_end:
        return
    x = scene.width - 8 - whole
    _paint_ground(painter, QRectF(x, base - metrics.ascent(), whole, 0))
    y = base - metrics.ascent() / 2 + 1
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for word, negative in entries:
        pen = QPen(colours.hue(negative), 2)
        if negative and scene.held is not None:
            pen.setDashPattern([2.5, 1.5])
        painter.setPen(pen)
        painter.drawLine(QLineF(x, y, x + swatch, y))
        painter.setPen(colours.muted)
        painter.drawText(QPointF(x + swatch + gap, base), word)
        x += swatch + gap + metrics.horizontalAdvance(word) + 16
    painter.drawText(QPointF(x, base), meaning)


def _paint_ground(painter: QPainter, line: QRectF) -> None:
    """Ground behind a line of small text, so that it stays legible over a zoomed network."""
    ground = QColor(ink().ground)
    ground.setAlphaF(0.88)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(line.x() - 5, line.y() - 3, line.width() + 10, 20), 5, 5)
