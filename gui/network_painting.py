"""Painters of the network over a frozen scene: wires, their flash, units and words.

Each takes any QPainter, so that the same picture goes to the screen, a PNG or an SVG. The painter
must be in the view's logical pixels; `paint` does everything in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui import theme
from gui.network_ink import ink
from gui.network_layout import LABEL_GAP, Column, NetworkLayout
from gui.network_stages import Ids
from gui.network_units import (
    Stamps,
    kernels_atlas,
    maps_atlas,
    paint_neurons,
    paint_outputs,
    picture_atlas,
)
from gui.network_wires import ShownWires, flash_levels
from gui.network_words import State, percent
from gui.painting import mix

MOST_HALOS = 90  # wires of one link that glow
_FLASHES = 6  # brightnesses of a flash


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


def paint(painter: QPainter, scene: Scene) -> None:
    """Everything, over the panel's ground."""
    painter.fillRect(QRectF(0, 0, scene.width, scene.height), ink().ground)
    paint_wires(painter, scene)
    paint_units(painter, scene)
    paint_words(painter, scene)


def paint_wires(painter: QPainter, scene: Scene) -> None:
    """All wires, weak before strong and dim before held."""
    painter.save()
    _to_layout(painter, scene)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, scene.smooth)
    for wires in scene.wires:
        link = scene.layout.links[wires.link]
        if link.kind == "through":
            _paint_through(painter, scene, wires)
            continue
        buckets = wires.buckets()
        lines = [scene.lines.of(wires.link, wires.ids[part]) for _, _, _, part in buckets]
        if scene.smooth:
            _paint_halos(painter, buckets, lines)
        colours = ink()
        for (level, negative, held, _), bunch in zip(buckets, lines, strict=True):
            if scene.held is not None:
                style = "held" if held else "dim"
            else:
                style = "fine" if scene.smooth else "quick"
            painter.setPen(colours.pen(level, negative, style, scene.ratio * scene.zoom))
            painter.drawLines(bunch)
    painter.restore()


def paint_flash(painter: QPainter, scene: Scene, strength: float) -> None:
    """The light of the last step over the wires: brighter where |Δw| is larger; in [0, 1]."""
    change = scene.state.change
    if change is None or strength <= 0:
        return
    painter.save()
    _to_layout(painter, scene)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, scene.smooth)
    for wires in scene.wires:
        link = scene.layout.links[wires.link]
        if link.kind == "through":
            continue
        bright = flash_levels(link.values(change), wires.ids)
        if wires.held is not None:
            bright = bright * wires.held
        places = np.ceil(bright * _FLASHES - 0.75).astype(int)
        for level in range(1, _FLASHES + 1):
            for negative in (False, True):
                part = wires.ids[(places == level) & (wires.negative == negative)]
                if not len(part):
                    continue
                hue = ink().hue(negative)
                colour = mix(hue, QColor("#FFFFFF"), 0.35) if ink().dark else QColor(hue)
                colour.setAlphaF(0.85 * strength * level / _FLASHES)
                painter.setPen(QPen(colour, 1.0 + 1.6 * level / _FLASHES))
                painter.drawLines(scene.lines.of(wires.link, part))
    painter.restore()


def paint_units(painter: QPainter, scene: Scene) -> None:
    """Cells, neurons, tiles and outputs with what they hold now."""
    painter.save()
    _to_layout(painter, scene)
    for place, column in enumerate(scene.layout.columns):
        values = scene.state.values(scene.layout.plan, place)
        stage = column.stage
        if stage.is_output and stage.kind == "neurons":
            paint_outputs(painter, column, values, scene.winner)
        elif stage.kind in ("grid", "neurons"):
            paint_neurons(painter, column, values, scene.stamps, scene.ratio * scene.zoom)
        elif stage.kind == "picture":
            _paint_picture(painter, column, values)
        else:
            _paint_maps(painter, scene, column, values)
    painter.restore()


def paint_words(painter: QPainter, scene: Scene) -> None:
    """Captions, the outputs' names, the note and the legend: always of one size, never clipped."""
    _paint_captions(painter, scene)
    for column in scene.layout.columns:
        if column.stage.is_output and column.stage.kind == "neurons":
            _paint_names(painter, scene, column)
    _paint_foot(painter, scene)


def _to_layout(painter: QPainter, scene: Scene) -> None:
    if (scene.zoom, scene.left, scene.top) != (1.0, 0.0, 0.0):
        painter.translate(scene.left, scene.top)
        painter.scale(scene.zoom, scene.zoom)


def _paint_halos(
    painter: QPainter, buckets: list[tuple[int, bool, bool, Ids]], lines: list[list[QLineF]]
) -> None:
    colours = ink()
    has_held = any(held for _, _, held, _ in buckets)
    for ring in (0, 1):
        left = MOST_HALOS
        for (level, negative, held, _), bunch in reversed(list(zip(buckets, lines, strict=True))):
            pen = colours.halo(level, negative, ring)
            if pen is None or (has_held and not held):
                continue
            painter.setPen(pen)
            painter.drawLines(bunch[:left])
            left -= len(bunch[:left])
            if left <= 0:
                break


def _paint_through(painter: QPainter, scene: Scene, wires: ShownWires) -> None:
    """Maps to the maps they become without weights: quiet lines."""
    faint = mix(ink().ground, ink().muted, 0.35 if scene.held is None else 0.12)
    painter.setPen(QPen(faint, 1.0))
    painter.drawLines(scene.lines.of(wires.link, wires.ids))
    if scene.held is not None and wires.held is not None and wires.held.any():
        painter.setPen(QPen(ink().muted, 1.4))
        painter.drawLines(scene.lines.of(wires.link, wires.ids[wires.held]))


def _paint_picture(painter: QPainter, column: Column, values: np.ndarray | None) -> None:
    box = column.box
    atlas = picture_atlas(values, column.stage.shape)
    centre = np.array([[box.x + box.width / 2, box.y + box.height / 2]], np.float32)
    atlas.paint(painter, centre, (box.width, box.height), ink().line)


def _paint_maps(painter: QPainter, scene: Scene, column: Column, values: np.ndarray | None) -> None:
    stage, colours = column.stage, ink()
    if column.kernels is not None:
        painter.setPen(QPen(mix(colours.ground, colours.muted, 0.45), 1.0))
        painter.drawLines(
            [
                QLineF(*a, *b)
                for a, b in zip(column.kernels.tolist(), column.centres.tolist(), strict=True)
            ]
        )
    maps_atlas(values, stage.shape).paint(painter, column.centres, column.unit, colours.line)
    if column.kernels is not None and stage.weight is not None:
        flat = scene.state.parameters
        weight = (
            np.zeros(stage.weight.shape, np.float32) if flat is None else (stage.weight.read(flat))
        )
        atlas = kernels_atlas(weight, column.mosaic)
        atlas.paint(painter, column.kernels, column.kernel, colours.line)


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
    colours, outputs = ink(), scene.state.outputs
    plain, strong = theme.font(theme.BODY), theme.font(theme.TITLE, bold=True)
    small = theme.font(theme.CAPTION)
    pitch = column.box.height / max(1, column.stage.units) * scene.zoom
    two_lines = pitch >= 40
    if pitch < 20:
        plain, strong = small, theme.font(theme.CAPTION, bold=True)
    line = QFontMetricsF(plain).height()
    order = list(range(column.stage.units))
    if outputs is not None and len(outputs) == len(order):
        order.sort(key=lambda unit: -float(np.nan_to_num(outputs[unit])))
    taken: list[float] = []
    for unit in order:
        x, y = column.centres[unit].tolist()
        at = scene.on_screen(x + column.unit[0] / 2, y)
        left = at.x() + LABEL_GAP
        room = min(scene.width - left - 6, scene.layout.label_width * max(1.0, scene.zoom))
        if room < 12 or any(abs(at.y() - other) < 0.86 * line for other in taken):
            continue
        taken.append(at.y())
        wins = unit == scene.winner
        value = "" if outputs is None or unit >= len(outputs) else percent(float(outputs[unit]))
        name = scene.state.class_name(unit)
        painter.setFont(strong if wins else plain)
        metrics = QFontMetricsF(painter.font())
        painter.setPen(colours.text if wins or outputs is None else colours.muted)
        aside = (
            0.0 if two_lines or not value else QFontMetricsF(small).horizontalAdvance("100 %") + 8
        )
        if aside and room - aside < 20:
            aside, value = 0.0, ""
        mark = "▸ " if wins else ""
        text = metrics.elidedText(mark + name, Qt.TextElideMode.ElideRight, room - aside)
        middle = at.y() - (7 if two_lines and value else 0)
        base = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left, base), text)
        if not value:
            continue
        painter.setFont(small)
        metrics = QFontMetricsF(small)
        if two_lines:
            painter.drawText(QPointF(left, at.y() + 7 + metrics.ascent() / 2 + 2), value)
        else:
            wide = metrics.horizontalAdvance(value)
            base = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left + room - wide, base), value)


def _paint_foot(painter: QPainter, scene: Scene) -> None:
    """The note at the left, and at the right what the colours mean."""
    colours = ink()
    painter.setFont(theme.font(theme.CAPTION))
    metrics = QFontMetricsF(painter.font())
    base = scene.height - 8
    left_end = 8.0
    if scene.note:
        text = metrics.elidedText(scene.note, Qt.TextElideMode.ElideRight, scene.width - 16)
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
