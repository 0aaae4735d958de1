"""Painters of what stands in the columns: cells, neurons, outputs, feature maps and kernels.

Neurons are drawn once per brightness into small pixmaps and stamped; the tiles of a layer are one
image (an atlas) from which every tile takes its piece.
"""

from dataclasses import dataclass, field
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QRadialGradient

from gui.network.ink import Ink, ink
from gui.network.layout import Column
from gui.network.stages import Floats
from gui.painting import mix, paint_part

SHADES = 24  # brightnesses of a neuron
_HALO = 2.0  # reach of a neuron's light, in its radii
_GAP = 255  # the index that leaves a gap between kernels of one tile


@dataclass
class Stamps:
    """Pixmaps of neurons and cells by shade, for one theme, zoom and device pixel ratio."""

    drawn_for: tuple[bool, float] = (True, 1.0)  # whether it is dark, and the scale
    kept: dict[tuple[int, float, bool], QPixmap] = field(default_factory=dict)

    def stamp(self, shade: int, size: float, square: bool, scale: float) -> QPixmap:
        """The pixmap of a neuron of `size` logical pixels with its light.

        `scale` is how many device pixels a logical one takes, zoom included.
        """
        now = (ink().dark, scale)
        if now != self.drawn_for:  # those of other zooms would pile up, and large ones weigh much
            self.kept.clear()
            self.drawn_for = now
        key = (shade, size, square)
        made = self.kept.get(key)
        if made is None:
            made = self.kept[key] = _stamp(shade, size, square, scale)
        return made


def _stamp(shade: int, size: float, square: bool, ratio: float) -> QPixmap:
    side = ceil(size * _HALO * ratio) + 2
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_neuron(painter, QPointF(side / ratio / 2, side / ratio / 2), size, shade, square)
    painter.end()
    return pixmap


def paint_neuron(
    painter: QPainter, centre: QPointF, size: float, shade: int, square: bool = False
) -> None:
    """A neuron, or an input's cell, that fires with |shade| / SHADES; below 0 it is negative."""
    colours = ink()
    part = abs(shade) / SHADES
    glow = colours.negative if shade < 0 else colours.glow
    if part > 0.15 and colours.dark and size > 5 and not square:
        light = QRadialGradient(centre, size * _HALO / 2)
        warm = QColor(glow)
        warm.setAlphaF(0.34 * (part - 0.15) / 0.85)
        light.setColorAt(0.45, warm)
        warm.setAlphaF(0.0)
        light.setColorAt(1.0, warm)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(light)
        painter.drawEllipse(centre, size * _HALO / 2, size * _HALO / 2)
    rim = mix(mix(colours.line, colours.muted, 0.45), glow, part)
    painter.setPen(QPen(rim, min(1.3, 0.12 * size)))
    painter.setBrush(mix(colours.rest, glow, part**0.9))
    half = size / 2 - 0.5
    if square:
        area = QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)
        painter.drawRoundedRect(area, 0.2 * size, 0.2 * size)
    else:
        painter.drawEllipse(centre, half, half)


def shades(values: Floats | None, count: int) -> list[int]:
    """Values as shades in -SHADES..SHADES; what is no number is 0.

    Values beyond ±1 (ReLU) are measured against the largest.
    """
    if values is None:
        return [0] * count
    flat = np.nan_to_num(values.reshape(-1), nan=0.0, posinf=0.0, neginf=0.0)
    largest = max(1.0, float(np.abs(flat).max(initial=0.0)))
    found: list[int] = np.rint(flat / largest * SHADES).astype(int).tolist()
    return found


def paint_neurons(
    painter: QPainter, column: Column, values: Floats | None, stamps: Stamps | None, scale: float
) -> None:
    """All cells or neurons of a column; without `stamps` as shapes, for files.

    `scale` is how many device pixels a logical one takes, zoom included.
    """
    square = column.stage.kind == "grid"
    size = column.unit[0]
    for (x, y), shade in zip(
        column.centres.tolist(), shades(values, column.stage.units), strict=True
    ):
        if stamps is None:
            paint_neuron(painter, QPointF(x, y), size, shade, square)
        else:
            pixmap = stamps.stamp(shade, size, square, scale)
            half = pixmap.width() / scale / 2
            painter.drawPixmap(QPointF(x - half, y - half), pixmap)


def paint_outputs(
    painter: QPainter, column: Column, values: Floats | None, winner: int | None
) -> None:
    """Outputs: a disc that fills with the value, and an arc around it that tells how far."""
    colours = ink()
    size = column.unit[0]
    ring = max(1.5, 0.11 * size)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for unit, (x, y) in enumerate(column.centres.tolist()):
        value = 0.0 if values is None else float(np.nan_to_num(values[unit]))
        part = min(max(value, 0.0), 1.0)
        inner = size - 3.4 * ring if size >= 14 else size
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(colours.rest, colours.glow, part**0.9))
        painter.drawEllipse(QPointF(x, y), inner / 2, inner / 2)
        if size < 14:
            continue
        half = (size - ring) / 2
        area = QRectF(x - half, y - half, 2 * half, 2 * half)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.line, ring))
        painter.drawEllipse(area)
        if part > 0.004:
            colour = colours.accent if unit == winner else colours.muted
            pen = QPen(colour, ring, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(area, 90 * 16, -round(part * 360 * 16))


class Atlas:
    """Equal tiles in one image, one above the other."""

    def __init__(self, pixels: NDArray[np.uint32], count: int) -> None:
        self._pixels = np.ascontiguousarray(pixels)  # lives as long as the image over it
        height, width = self._pixels.shape
        self.tile = (width, height // max(1, count))
        self.image = QImage(
            self._pixels.data, width, height, self._pixels.strides[0], QImage.Format.Format_RGB32
        )

    def paint(
        self, painter: QPainter, centres: Floats, size: tuple[float, float], border: QColor | None
    ) -> None:
        """Every tile around its centre, in whole device pixels where nothing else is asked."""
        width, height = self.tile
        areas = []
        for place, (x, y) in enumerate(centres.tolist()):
            area = QRectF(x - size[0] / 2, y - size[1] / 2, *size)
            paint_part(painter, area, self.image, QRectF(0, place * height, width, height))
            areas.append(area)
        if border is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(border, 1))
            painter.drawRects(areas)


def maps_atlas(values: Floats | None, shape: tuple[int, ...]) -> Atlas:
    """Feature maps (C, H, W), all against the layer's largest; empty tiles without values."""
    count, _, width = shape
    if values is None:
        values = np.zeros(shape, np.float32)
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    largest = max(float(np.abs(finite).max(initial=0.0)), 1e-6)
    return Atlas(_coloured(finite.reshape(-1, width) / largest, _activation_colours(ink())), count)


def kernels_atlas(weight: Floats, mosaic: int) -> Atlas:
    """Kernels (out, in, kH, kW): a tile per output with its input channels side by side."""
    outputs, inputs, high, wide = weight.shape
    finite = np.nan_to_num(weight, nan=0.0, posinf=0.0, neginf=0.0)
    largest = max(float(np.abs(finite).max(initial=0.0)), 1e-6)
    rows = ceil(inputs / mosaic)
    full = np.full((outputs, rows, mosaic, high + 1, wide + 1), np.nan, np.float32)
    places = np.arange(inputs)
    full[:, places // mosaic, places % mosaic, :high, :wide] = finite / largest
    sheet = full.transpose(0, 1, 3, 2, 4).reshape(outputs, rows * (high + 1), mosaic * (wide + 1))
    sheet = sheet[:, :-1, :-1]
    return Atlas(_coloured(sheet.reshape(-1, sheet.shape[2]), _weight_colours(ink())), outputs)


def picture_atlas(values: Floats | None, shape: tuple[int, ...]) -> Atlas:
    """An input picture (1 or 3, H, W) of 0..1; three channels in their own colours."""
    if values is None or shape[0] == 1:
        return maps_atlas(None if values is None else np.clip(values, -1, 1), (1, *shape[1:]))
    parts = (np.clip(np.nan_to_num(values), 0, 1) * 255).astype(np.uint32)
    return Atlas(np.uint32(0xFF000000) | parts[0] << 16 | parts[1] << 8 | parts[2], 1)


def _coloured(values: Floats, table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Values in [-1, 1] looked up in a table of 256; NaN is the gap's colour."""
    gaps = np.isnan(values)
    index = np.rint((np.where(gaps, 0.0, values) + 1) * 127).astype(np.uint8)
    index[gaps] = _GAP
    coloured: NDArray[np.uint32] = table[index]
    return coloured


def _table(below: QColor, middle: QColor, above: QColor, gap: QColor) -> NDArray[np.uint32]:
    steps = []
    for place in range(255):
        part = place / 127 - 1
        steps.append(mix(middle, below if part < 0 else above, abs(part) ** 0.65).rgb())
    return np.array([*steps, gap.rgb()], np.uint32)


def _activation_colours(colours: Ink) -> NDArray[np.uint32]:
    return _kept_table(
        colours, "activation", colours.negative, colours.rest, colours.glow, colours.ground
    )


def _weight_colours(colours: Ink) -> NDArray[np.uint32]:
    return _kept_table(
        colours, "weight", colours.negative, colours.rest, colours.positive, colours.ground
    )


_tables: dict[tuple[str, str], NDArray[np.uint32]] = {}


def _kept_table(colours: Ink, name: str, *steps: QColor) -> NDArray[np.uint32]:
    key = (name, colours.ground.name())
    if key not in _tables:
        _tables[key] = _table(*steps)
    return _tables[key]
