"""Painters of the network over a frozen scene: wires, their flash, units and words.

Each takes any QPainter, so that the same picture goes to the screen, a PNG or an SVG. The painter
must be in the view's logical pixels; `paint` does everything in order.
"""

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.network.ink import HALO_RINGS, ink
from gui.network.layout import Column
from gui.network.lettering import paint_words
from gui.network.scene import Scene
from gui.network.stages import Ids
from gui.network.units import (
    kernels_atlas,
    maps_atlas,
    paint_neurons,
    paint_outputs,
    picture_atlas,
)
from gui.network.wires import ShownWires, flash_levels
from gui.painting import mix

MOST_HALOS = 64  # wires of one link that glow
_FLASHES = 6  # brightnesses of a flash


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
                colour.setAlphaF(0.75 * strength * level / _FLASHES)
                painter.setPen(QPen(colour, 0.9 + 1.3 * level / _FLASHES))
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


def _to_layout(painter: QPainter, scene: Scene) -> None:
    if (scene.zoom, scene.left, scene.top) != (1.0, 0.0, 0.0):
        painter.translate(scene.left, scene.top)
        painter.scale(scene.zoom, scene.zoom)


def _paint_halos(
    painter: QPainter, buckets: list[tuple[int, bool, bool, Ids]], lines: list[list[QLineF]]
) -> None:
    colours = ink()
    has_held = any(held for _, _, held, _ in buckets)
    for ring in range(HALO_RINGS):
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
