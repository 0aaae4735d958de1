"""One tile of the inspector, enlarged, and how the value under the cursor came about."""

from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gui import layer_ink, layer_sums, theme
from gui.layer_arithmetic import (
    ConvolutionSum,
    DenseSum,
    Explanation,
    Place,
    PoolChoice,
    explain,
)
from gui.layer_facts import LayerFacts, Section
from gui.layer_words import (
    explanation_words,
    place_words,
    range_words,
    short,
    source_name,
    tile_name,
    unit_label,
    value_words,
)
from gui.painting import paint_focus_ring, paint_sentence
from gui.tiles import Floats, Look, Sheet, extent, render, shade
from nn.inspection import Inspection
from nn.network import Network

MARGIN = 8.0
HEAD = 22.0
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


@dataclass(frozen=True)
class Subject:
    """What is enlarged: a section of a layer, and of that a tile; of a matrix a row."""

    layer: int
    section: int
    tile: int
    row: int = 0


class LayerDetail(QWidget):
    """Enlarges a `Subject`; the pointer or the arrows choose the value that is explained."""

    closed = Signal()
    value_chosen = Signal(str)  # what is said of the value under the cursor

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_detail")
        self.setAccessibleName("Enlarged tile")
        self.setToolTip(
            "Point at a value, or use the arrows, to see how it came about.\n"
            "Click a channel, or press Page Up and Page Down, for its products; Escape closes."
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(300, 180)
        self._network: Network | None = None
        self._facts: list[LayerFacts] = []
        self._inspection: Inspection | None = None
        self._subject: Subject | None = None
        self._cursor = (0, 0)  # row and column of what is enlarged
        self._channel: int | None = None  # None: the one that adds most
        self._per_tile = False
        self._touch = layer_sums.Touchable()
        self._pixels = np.zeros((1, 1), np.uint32)

    def sizeHint(self) -> QSize:
        return QSize(640, 290)

    # -- what is shown -----------------------------------------------------------------------

    def set_network(self, network: Network | None, facts: list[LayerFacts]) -> None:
        """Whose layers; nothing is enlarged then."""
        self._network, self._facts = network, facts
        self._inspection = self._subject = None
        self.update()

    def set_inspection(self, inspection: Inspection) -> None:
        """Show these values from now on."""
        self._inspection = inspection
        if self.isVisible():
            self._describe()
            self.update()

    def set_per_tile(self, per_tile: bool) -> None:
        """Measure the colours against the tile's own largest value."""
        self._per_tile = per_tile
        self.update()

    def enlarge(self, subject: Subject, row: int = -1, column: int = -1) -> None:
        """Show a tile; the cursor goes to a value of it, by default to the largest."""
        self._subject = subject
        self._channel = None
        section = self._section
        if section.look.matrix:
            subject = Subject(subject.layer, subject.section, 0, max(subject.row, row))
            self._subject = subject
            self._cursor = self._strongest()
        elif section.shape[1:] == (1, 1):
            self._cursor = divmod(subject.tile, self._columns(section.shape[0]))
        elif row < 0:
            self._cursor = self._strongest()
        else:
            self._cursor = (row, column)
        self._describe()
        self.update()

    @property
    def subject(self) -> Subject | None:
        """What is enlarged."""
        return self._subject

    @property
    def cursor_place(self) -> Place:
        """The index of the value under the cursor in its layer's array."""
        assert self._subject is not None
        row, column = self._cursor
        section, subject = self._section, self._subject
        if section.look.matrix:
            flat = row * self._columns(section.shape[2]) + column
            return _unravel(subject.row * section.shape[2] + flat, section.raw)
        if section.shape[1:] == (1, 1):
            return _unravel(row * self._columns(section.shape[0]) + column, section.raw)
        if section.look.colour:
            return (0, row, column) if len(section.raw) == 3 else (subject.tile, 0, row, column)
        if len(section.raw) == 4:
            channels = section.raw[1]
            across = min(channels, section.look.across or channels)
            return (*divmod(subject.tile, across), row, column)
        return (subject.tile, row, column)

    @property
    def explanation(self) -> Explanation:
        """How the value under the cursor came about, where that can be told."""
        if self._subject is None or self._inspection is None or self._network is None:
            return None
        section, at = self._section, self.cursor_place
        if section.gradient:
            return None
        if section.what == "weight" and section.look.matrix:
            layer = self._network.layers[self._subject.layer - 1]
            if layer.kind != "dense":
                return None
            at = at[:1]
        elif section.what != "activations":
            return None
        return explain(self._network, self._inspection, self._subject.layer, at)

    @property
    def channel(self) -> int:
        """The channel whose products are shown."""
        found = self.explanation
        if self._channel is not None or not isinstance(found, ConvolutionSum):
            return self._channel or 0
        return found.strongest_channel

    @property
    def title(self) -> str:
        """What is enlarged, in words."""
        if self._subject is None or self._network is None:
            return ""
        section = self._section
        name = tile_name(section, self._subject.tile, self._network, self._subject.layer)
        if section.look.matrix or section.shape[1:] == (1, 1):
            name = ""
        parts = (self._facts[self._subject.layer].title, section.title.lower(), name)
        return " · ".join(part for part in parts if part)

    @property
    def told(self) -> list[str]:
        """The value under the cursor, and how it came about."""
        if self._inspection is None or self._subject is None or self._network is None:
            return []
        section = self._section
        raw, at = section.read(self._inspection), self.cursor_place
        where = place_words(section, at, self._network, self._subject.layer)
        lines = [f"{where}: {value_words(section, raw, at)}"]
        kind = self._facts[self._subject.layer].kind
        words = explanation_words(self.explanation, kind)
        if not words:
            values = self._values()[0]
            words = f"here {range_words(values)}" if values.size > 1 else ""
        return [*lines, words] if words else lines

    @property
    def _section(self) -> Section:
        assert self._subject is not None
        return self._facts[self._subject.layer].sections[self._subject.section]

    @staticmethod
    def _columns(count: int) -> int:
        return max(1, ceil(sqrt(count)))

    # -- geometry ----------------------------------------------------------------------------

    def _values(self) -> tuple[Floats, Look]:
        """What is enlarged as tiles: one map or kernel, or a tile for every number of a list."""
        assert self._inspection is not None and self._subject is not None
        section = self._section
        raw = section.read(self._inspection)
        if section.look.matrix:
            return raw.reshape(-1, section.shape[2])[self._subject.row].reshape(-1, 1, 1), Look()
        arranged = section.arrange(raw)
        if section.shape[1:] == (1, 1):
            return arranged, section.look
        tile = self._subject.tile
        return arranged[tile : tile + 1], section.look

    def _sheet(self) -> Sheet:
        """The enlarged values, in device pixels."""
        assert self._network is not None and self._subject is not None
        section, ratio = self._section, self.devicePixelRatioF()
        if section.look.matrix or section.shape[1:] == (1, 1):
            count = section.shape[2] if section.look.matrix else section.shape[0]
            columns = self._columns(count)
            sheet = Sheet(count, 1, 1, columns, 0, 1.0, 1.0)
        else:
            sheet = Sheet(1, section.shape[-2], section.shape[-1], 1, 0, 1.0, 1.0)
        share = 0.36 * self.width()
        layer = self._network.layers[self._subject.layer - 1] if self._subject.layer else None
        if (
            layer is not None
            and layer.kind == "conv"
            and (section.what == "activations" or section.look.colour == "kernel")
        ):
            share = min(share, max(140.0, self.width() - layer_sums.room_for(layer) - 48))
        side = min(self.height() - HEAD - 2 * MARGIN, share) * ratio
        most = 48 * ratio
        scale = min(side / max(sheet.shape), most)
        scale = float(max(1, floor(scale))) if scale >= 1 else scale
        return Sheet(sheet.count, sheet.high, sheet.wide, sheet.columns, 0, scale, scale)

    def map_rect(self) -> QRectF:
        """Where the enlarged tile is painted."""
        ratio = self.devicePixelRatioF()
        wide, high = self._sheet().size
        left, top = round(MARGIN * ratio), round((HEAD + MARGIN) * ratio)
        return QRectF(left / ratio, top / ratio, wide / ratio, high / ratio)

    def value_rect(self, row: int, column: int) -> QRectF:
        """Where a value of the enlarged tile is painted."""
        area, (rows, columns) = self.map_rect(), self._sheet().shape
        wide, high = area.width() / columns, area.height() / rows
        return QRectF(area.left() + column * wide, area.top() + row * high, wide, high)

    def _inside(self, row: int, column: int) -> bool:
        sheet = self._sheet()
        rows, columns = sheet.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return False
        return sheet.count == 1 or row * columns + column < sheet.count

    def _strongest(self) -> tuple[int, int]:
        if self._inspection is None:
            return (0, 0)
        values = self._values()[0]
        size = np.abs(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0))
        if values.ndim == 4:
            size = size.max(axis=1)
        place = int(size.argmax())
        row, column = divmod(place, self._sheet().shape[1])
        return (row, column)

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._subject is None or self._inspection is None:
            paint_sentence(painter, self.rect().toRectF(), "Click a tile to see it large here.")
        else:
            self._paint_map(painter)
            self._paint_words(painter)
        if self.hasFocus():
            paint_focus_ring(painter, self.rect().toRectF())
        painter.end()

    def _paint_map(self, painter: QPainter) -> None:
        assert self._inspection is not None
        values, look = self._values()
        raw = self._section.read(self._inspection)
        sheet, area = self._sheet(), self.map_rect()
        largest = None
        if not self._per_tile and not look.matrix:
            low, high, _ = extent(raw)
            largest = max(high, -low)
        signed = self._section.look.signed or bool((values < 0).any())
        self._pixels = np.ascontiguousarray(
            render(values, look, sheet, layer_ink.table(signed), largest=largest)
        )
        rows, columns = self._pixels.shape
        image = QImage(
            self._pixels.data, columns, rows, self._pixels.strides[0], QImage.Format.Format_RGB32
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(layer_ink.between(), 1))
        x_scale, y_scale = area.width() / columns, area.height() / rows
        for x, y, w, h in sheet.blocks:
            target = QRectF(
                area.left() + x * x_scale, area.top() + y * y_scale, w * x_scale, h * y_scale
            )
            painter.drawImage(target, image, QRectF(x, y, w, h))
            painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._section.what != "weight" and sheet.count > 1:
            self._label_units(painter, values, signed, largest)
        cell = self.value_rect(*self._cursor)
        layer_sums.paint_ring(painter, cell)

    def _label_units(
        self, painter: QPainter, values: Floats, signed: bool, largest: float | None
    ) -> None:
        """Write into each unit's cell its name and value, where they can be read."""
        assert self._network is not None and self._subject is not None
        cell = self.value_rect(0, 0)
        if cell.width() < 34 or self._section.what not in ("activations", "gradients"):
            return
        columns = self._sheet().columns
        shades = shade(values, largest=largest).reshape(-1).tolist()
        colours = layer_ink.table(signed).tolist()
        for unit, value in enumerate(values.reshape(-1).tolist()):
            area = self.value_rect(*divmod(unit, columns)).adjusted(2, 3, -2, -3)
            painter.setPen(layer_sums.ink_on(QColor(colours[shades[unit]])))
            painter.setFont(theme.font(theme.CAPTION, bold=True))
            name = unit_label(self._network, self._subject.layer, unit)
            name = QFontMetricsF(painter.font()).elidedText(
                name, Qt.TextElideMode.ElideRight, area.width()
            )
            half = area.adjusted(0, 0, 0, -area.height() / 2)
            painter.drawText(half, layer_sums.CENTRE, name)
            painter.setFont(theme.font(10))
            half = area.adjusted(0, area.height() / 2, 0, 0)
            painter.drawText(half, layer_sums.CENTRE, short(value))

    def _paint_words(self, painter: QPainter) -> None:
        """The title above; the arithmetic beside the map; under it the sum in words."""
        painter.setFont(theme.font(bold=True))
        painter.setPen(theme.colour("text"))
        head = QRectF(MARGIN, MARGIN / 2, self.width() - 48, HEAD)
        painter.drawText(head, layer_sums.LEFT, self.title)
        left = self.map_rect().right() + 24
        area = QRectF(left, HEAD + MARGIN, self.width() - left - MARGIN, self.height() - HEAD)
        area.setBottom(self.height() - MARGIN)
        lines = self.told
        face, small = theme.font(), theme.font(theme.CAPTION)
        step = QFontMetricsF(face).height() + 2
        for place, (line, role) in enumerate(zip(lines, ("text", "text"), strict=False)):
            painter.setFont(face if place == 0 else small)
            painter.setPen(theme.colour(role))
            metrics = QFontMetricsF(painter.font())
            told = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
            row = QRectF(area.left(), area.top() + place * step, area.width(), step)
            painter.drawText(row, layer_sums.LEFT, told)
        area.setTop(area.top() + len(lines) * step + 6)
        self._paint_arithmetic(painter, area)

    def _paint_arithmetic(self, painter: QPainter, area: QRectF) -> None:
        assert self._subject is not None and self._network is not None
        self._touch = layer_sums.Touchable()
        found = self.explanation
        index = self._subject.layer
        assert self._inspection is not None
        if isinstance(found, ConvolutionSum):
            channel = min(self.channel, len(found.window) - 1)
            source = self._source(index)
            self._touch = layer_sums.paint_convolution(painter, area, found, channel, source)
            if not self._touch.source_shown:
                layer_sums.paint_source(
                    painter,
                    self._below_map(),
                    source,
                    channel,
                    found.corner,
                    found.inside.shape,
                )
        elif isinstance(found, PoolChoice):
            channel = self.cursor_place[0]
            layer_sums.paint_pool(painter, area, found, channel, self._source(index))
        elif self._section.look.colour == "kernel":
            raw = self._section.read(self._inspection)
            layer_sums.paint_colours(painter, area, raw[self._subject.tile])
        elif isinstance(found, DenseSum):
            names = [source_name(self._network, index, place) for place in found.strongest]
            inputs = len(found.strongest) + found.others
            layer_sums.paint_dense(painter, area, found, names, inputs)

    def _below_map(self) -> QRectF:
        """The room under the enlarged tile."""
        area = self.map_rect()
        return QRectF(
            area.left(), area.bottom() + 8, area.width(), self.height() - area.bottom() - 16
        )

    def _source(self, index: int) -> layer_sums.Source:
        """What a layer reads."""
        assert self._inspection is not None
        values = self._inspection.activations[index - 1]
        signed = self._facts[index - 1].sections[0].look.signed or bool((values < 0).any())
        return layer_sums.Source(values, signed)

    def _describe(self) -> None:
        told = self.told
        self.setAccessibleDescription("; ".join([self.title, *told]))
        self.value_chosen.emit(told[0] if told else "")

    # -- events ------------------------------------------------------------------------------

    def go_to(self, row: int, column: int) -> None:
        """Take the cursor to a value of what is enlarged; elsewhere nothing happens."""
        if self._subject is not None and self._inside(row, column):
            self._cursor = (row, column)
            self._describe()
            self.update()

    def _follow(self, at: QPointF) -> None:
        area, (rows, columns) = self.map_rect(), self._sheet().shape
        if area.contains(at):
            row = int((at.y() - area.top()) / area.height() * rows)
            column = int((at.x() - area.left()) / area.width() * columns)
            if (row, column) != self._cursor:
                self.go_to(row, column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._subject is not None:
            self._follow(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._subject is None:
            return
        for channel, cell in enumerate(self._touch.channels):
            if cell.contains(event.position()):
                self._channel = channel
                self.update()
                return
        self._follow(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        found = self.explanation
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif self._subject is not None and key in _ARROWS:
            rows, columns = _ARROWS[key]
            self.go_to(self._cursor[0] + rows, self._cursor[1] + columns)
        elif isinstance(found, ConvolutionSum) and key in (
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
        ):
            step = 1 if key == Qt.Key.Key_PageDown else -1
            self._channel = (self.channel + step) % len(found.window)
            self.update()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)


def _unravel(flat: int, shape: tuple[int, ...]) -> Place:
    return tuple(int(i) for i in np.unravel_index(flat, shape))
