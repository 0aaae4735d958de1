"""One tile of the inspector, enlarged, and how the value under the cursor came about."""

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
from gui.layer_arithmetic import ConvolutionSum, DenseSum, PoolChoice
from gui.layer_enlarged import Enlarged, Subject
from gui.layer_facts import LayerFacts
from gui.layer_words import short, source_name, unit_label
from gui.painting import CORNER, paint_focus_ring, paint_part, paint_sentence
from gui.tiles import Floats, Sheet, extent, render, shade
from nn.inspection import Inspection
from nn.network import Network

EMPTY = "Click a tile to see it large here."
MARGIN = 8.0
HEAD = 22.0
SHARE = 0.36  # of the width that what is enlarged may take
LARGEST_VALUE = 48.0
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


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
        self._enlarged: Enlarged | None = None
        self._per_tile = False
        self._touch = layer_sums.Touchable()
        self._pixels = np.zeros((1, 1), np.uint32)

    def sizeHint(self) -> QSize:
        return QSize(640, 290)

    # -- what is shown -----------------------------------------------------------------------

    def set_network(self, network: Network | None, facts: list[LayerFacts]) -> None:
        """Whose layers; nothing is enlarged then."""
        self._network, self._facts = network, facts
        self._inspection = self._enlarged = None
        self.update()

    def set_inspection(self, inspection: Inspection) -> None:
        """Show these values from now on."""
        self._inspection = inspection
        if self._enlarged is not None:
            self._enlarged.inspection = inspection
            if self.isVisible():
                self._describe()
                self.update()

    def set_per_tile(self, per_tile: bool) -> None:
        """Measure the colours against the tile's own largest value."""
        self._per_tile = per_tile
        self.update()

    def enlarge(self, subject: Subject, cursor: tuple[int, int] | None = None) -> None:
        """Show a tile; the cursor goes to a value of it, by default to the largest."""
        if self._network is None or self._inspection is None:
            return
        self._enlarged = Enlarged(self._network, self._facts, self._inspection, subject, cursor)
        self._describe()
        self.update()

    @property
    def enlarged(self) -> Enlarged | None:
        """What is enlarged, None for nothing."""
        return self._enlarged

    def go_to(self, row: int, column: int) -> None:
        """Take the cursor to a value of what is enlarged; elsewhere nothing happens."""
        shown = self._enlarged
        if shown is not None and shown.holds(row, column) and shown.cursor != (row, column):
            shown.cursor = (row, column)
            self._describe()
            self.update()

    def show_channel(self, channel: int) -> None:
        """Show the products of one channel of a convolution."""
        if self._enlarged is not None:
            self._enlarged.chosen_channel = channel
            self.update()

    @property
    def channel_rects(self) -> list[QRectF]:
        """Where each channel's sum was painted; empty for those out of sight."""
        return list(self._touch.channels)

    # -- geometry ----------------------------------------------------------------------------

    def _sheet(self, shown: Enlarged) -> Sheet:
        """The enlarged values, in device pixels."""
        ratio = self.devicePixelRatioF()
        wide = SHARE * self.width()
        layer, section = shown.layer, shown.section
        beside = section.what == "activations" or section.look.colour == "kernel"
        if layer is not None and layer.kind == "conv" and beside:
            wide = min(wide, max(140.0, self.width() - layer_sums.room_for(layer) - 48))
        side = min(self.height() - HEAD - 2 * MARGIN, wide) * ratio
        return shown.sheet(max(side, 1.0), LARGEST_VALUE * ratio)

    def map_rect(self) -> QRectF:
        """Where the enlarged tile is painted; empty for none."""
        if self._enlarged is None:
            return QRectF()
        ratio = self.devicePixelRatioF()
        wide, high = self._sheet(self._enlarged).size
        left, top = round(MARGIN * ratio), round((HEAD + MARGIN) * ratio)
        return QRectF(left / ratio, top / ratio, wide / ratio, high / ratio)

    def value_rect(self, row: int, column: int) -> QRectF:
        """Where a value of the enlarged tile is painted."""
        if self._enlarged is None:
            return QRectF()
        area, (rows, columns) = self.map_rect(), self._enlarged.size
        wide, high = area.width() / columns, area.height() / rows
        return QRectF(area.left() + column * wide, area.top() + row * high, wide, high)

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawRoundedRect(
            self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._enlarged is None:
            paint_sentence(painter, self.rect().toRectF(), EMPTY)
        else:
            self._paint_map(painter, self._enlarged)
            self._paint_words(painter, self._enlarged)
        if self.hasFocus():
            paint_focus_ring(painter, self.rect().toRectF())
        painter.end()

    def _paint_map(self, painter: QPainter, shown: Enlarged) -> None:
        values, sheet, area = shown.values, self._sheet(shown), self.map_rect()
        largest = None
        if not self._per_tile:
            low, high, _ = extent(shown.raw)
            largest = max(high, -low)
        signed = shown.look.signed or bool((values < 0).any())
        self._pixels = np.ascontiguousarray(
            render(values, shown.look, sheet, layer_ink.table(signed), largest=largest)
        )
        rows, columns = self._pixels.shape
        image = QImage(
            self._pixels.data, columns, rows, self._pixels.strides[0], QImage.Format.Format_RGB32
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(layer_ink.between(), 1))
        across, down = area.width() / columns, area.height() / rows
        for x, y, w, h in sheet.blocks:
            target = QRectF(area.left() + x * across, area.top() + y * down, w * across, h * down)
            paint_part(painter, target, image, QRectF(x, y, w, h))
            painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if shown.is_list and shown.section.what in ("activations", "gradients"):
            self._label_units(painter, shown, signed, largest)
        layer_sums.paint_ring(painter, self.value_rect(*shown.cursor))

    def _label_units(
        self, painter: QPainter, shown: Enlarged, signed: bool, largest: float | None
    ) -> None:
        """Write into each unit's cell its name and value, where they can be read."""
        if self.value_rect(0, 0).width() < 34:
            return
        values: Floats = shown.values
        shades = shade(values, largest=largest).reshape(-1).tolist()
        colours = layer_ink.table(signed).tolist()
        for unit, value in enumerate(values.reshape(-1).tolist()):
            area = self.value_rect(*divmod(unit, shown.size[1])).adjusted(2, 3, -2, -3)
            painter.setPen(layer_sums.ink_on(QColor(colours[shades[unit]])))
            painter.setFont(theme.font(theme.CAPTION, bold=True))
            name = QFontMetricsF(painter.font()).elidedText(
                unit_label(shown.network, shown.subject.layer, unit),
                Qt.TextElideMode.ElideRight,
                area.width(),
            )
            half = area.height() / 2
            painter.drawText(area.adjusted(0, 0, 0, -half), layer_sums.CENTRE, name)
            painter.setFont(theme.font(10))
            painter.drawText(area.adjusted(0, half, 0, 0), layer_sums.CENTRE, short(value))

    def _paint_words(self, painter: QPainter, shown: Enlarged) -> None:
        """The title above; beside the map the value, its sum in words, and the arithmetic."""
        painter.setFont(theme.font(bold=True))
        painter.setPen(theme.colour("text"))
        head = QRectF(MARGIN, MARGIN / 2, self.width() - 48, HEAD)
        painter.drawText(head, layer_sums.LEFT, shown.title)
        left = self.map_rect().right() + 24
        area = QRectF(left, HEAD + MARGIN, self.width() - left - MARGIN, 0)
        area.setBottom(self.height() - MARGIN)
        step = QFontMetricsF(theme.font()).height() + 2
        lines = shown.told
        for place, line in enumerate(lines):
            painter.setFont(theme.font() if place == 0 else theme.font(theme.CAPTION))
            painter.setPen(theme.colour("text"))
            metrics = QFontMetricsF(painter.font())
            told = metrics.elidedText(line, Qt.TextElideMode.ElideRight, area.width())
            row = QRectF(area.left(), area.top() + place * step, area.width(), step)
            painter.drawText(row, layer_sums.LEFT, told)
        area.setTop(area.top() + len(lines) * step + 6)
        self._paint_arithmetic(painter, area, shown)

    def _paint_arithmetic(self, painter: QPainter, area: QRectF, shown: Enlarged) -> None:
        self._touch = layer_sums.Touchable()
        found, index = shown.explanation, shown.subject.layer
        if isinstance(found, ConvolutionSum):
            source, channel = self._source(shown), shown.channel
            self._touch = layer_sums.paint_convolution(painter, area, found, channel, source)
            if not self._touch.source_shown:
                under = self.map_rect()
                room = self.height() - under.bottom() - 2 * MARGIN
                under = QRectF(under.left(), under.bottom() + MARGIN, under.width(), room)
                size = found.inside.shape
                layer_sums.paint_source(painter, under, source, channel, found.corner, size)
        elif isinstance(found, PoolChoice):
            layer_sums.paint_pool(painter, area, found, shown.place[0], self._source(shown))
        elif isinstance(found, DenseSum):
            names = [source_name(shown.network, index, place) for place in found.strongest]
            inputs = len(found.strongest) + found.others
            layer_sums.paint_dense(painter, area, found, names, inputs)
        elif shown.section.look.colour == "kernel":
            layer_sums.paint_colours(painter, area, shown.raw[shown.subject.tile])

    def _source(self, shown: Enlarged) -> layer_sums.Source:
        """What the layer reads."""
        before = shown.subject.layer - 1
        values = shown.inspection.activations[before]
        signed = self._facts[before].sections[0].look.signed or bool((values < 0).any())
        return layer_sums.Source(values, signed, "map" if before else "channel")

    def _describe(self) -> None:
        if self._enlarged is not None:
            told = self._enlarged.told
            self.setAccessibleDescription("; ".join([self._enlarged.title, *told]))
            self.value_chosen.emit(told[0])

    # -- events ------------------------------------------------------------------------------

    def _follow(self, at: QPointF) -> None:
        area = self.map_rect()
        if self._enlarged is not None and area.contains(at):
            rows, columns = self._enlarged.size
            self.go_to(
                int((at.y() - area.top()) / area.height() * rows),
                int((at.x() - area.left()) / area.width() * columns),
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._follow(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for channel, cell in enumerate(self._touch.channels):
            if cell.contains(event.position()):
                self.show_channel(channel)
                return
        self._follow(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shown = Qt.Key(event.key()), self._enlarged
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif shown is not None and key in _ARROWS:
            rows, columns = _ARROWS[key]
            self.go_to(shown.cursor[0] + rows, shown.cursor[1] + columns)
        elif shown is not None and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            found = shown.explanation
            if isinstance(found, ConvolutionSum):
                step = 1 if key == Qt.Key.Key_PageDown else -1
                self.show_channel((shown.channel + step) % len(found.window))
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
