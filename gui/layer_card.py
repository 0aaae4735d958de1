"""One layer in the inspector: a header that folds, and its values as tiles under it."""

import time

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import layer_header, layer_ink, theme
from gui.layer_facts import LayerFacts
from gui.layer_header import HEADER
from gui.layer_layout import CAPTION, Placed, Spot, lay_out, next_tile
from gui.layer_words import place_of, place_words, range_words, tile_name, value_words
from gui.painting import paint_focus_ring, paint_part
from gui.tiles import Pixels, render
from nn.inspection import Inspection
from nn.network import Network

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class LayerCard(QWidget):
    """Shows one layer of an inspection."""

    folded = Signal(bool)
    spot_pointed = Signal(str, QPoint)  # what to read there, and where; empty when nothing is
    tile_chosen = Signal(int, int, int, int)  # section, tile, row, column
    tile_reached = Signal()  # by the keyboard: `cursor_rect` should come into sight
    painted = Signal(float)  # milliseconds that it took

    def __init__(self, facts: LayerFacts, network: Network, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = facts
        self._network = network
        self._inspection: Inspection | None = None
        self._folded = facts.folded
        self._per_tile = False
        self._placed: tuple[Placed, ...] = ()
        self._atlas: Pixels = np.zeros((1, 1), np.uint32)
        self._image = QImage()
        self._stale: set[int] = set()
        self._fact_lines: list[str] = []
        self._pointed: Spot | None = None
        self._cursor: tuple[int, int] | None = None  # section, tile
        self._chosen: tuple[int, int] | None = None
        self._told = 0.0
        self.setObjectName(f"layer_{facts.index}")
        self.setAccessibleName(facts.accessible)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            f"{facts.title}: click the name to fold it, a tile to enlarge it.\n"
            "Space folds; the arrows go from tile to tile, Enter enlarges."
        )
        self._lay_out()

    # -- what is shown -----------------------------------------------------------------------

    def set_inspection(self, inspection: Inspection) -> None:
        """Show these values; nothing is worked out before they are painted."""
        self._inspection = inspection
        self._stale = set(range(len(self._placed)))
        now = time.monotonic()
        if self.hasFocus() or now - self._told > 1.0:
            self._told = now
            self._describe()
        if self._pointed is not None and self.underMouse():
            self._tell(self._pointed)
        self._update_body()

    def set_per_tile(self, per_tile: bool) -> None:
        """Each tile on a scale of its own, or all of a layer's kind on one."""
        self._per_tile = per_tile
        self._stale = set(range(len(self._placed)))
        self._update_body()

    @property
    def is_folded(self) -> bool:
        """True while only the header is shown."""
        return self._folded

    def fold(self, folded: bool) -> None:
        """Show only the header, or everything."""
        if folded != self._folded:
            self._folded = folded
            self._cursor = self._pointed = None
            self._lay_out()
            self._describe()
            self.folded.emit(folded)

    def twin(self) -> "LayerCard":
        """Another card that shows the same, for a file."""
        made = LayerCard(self.facts, self._network)
        made.fold(self._folded)
        made.set_per_tile(self._per_tile)
        if self._inspection is not None:
            made.set_inspection(self._inspection)
        return made

    def choose(self, chosen: tuple[int, int] | None) -> None:
        """Mark the tile (section, tile) that is enlarged elsewhere."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    def tile_rect(self, section: int, tile: int) -> QRectF:
        """Where a tile is painted; empty while folded."""
        if section >= len(self._placed):
            return QRectF()
        placed = self._placed[section]
        return QRectF(*placed.box(placed.sheet.box(tile)))

    def cell_rect(self, section: int, tile: int, row: int, column: int) -> QRectF:
        """Where a value is painted; empty while folded."""
        if section >= len(self._placed):
            return QRectF()
        placed = self._placed[section]
        return QRectF(*placed.box(placed.sheet.cell(tile, row, column)))

    @property
    def captions(self) -> list[str]:
        """What stands over each section's tiles."""
        return [" ".join(self._caption(placed)).strip() for placed in self._placed]

    def sizeHint(self) -> QSize:
        return QSize(480, self.height())

    # -- layout ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Place every section; the height follows."""
        self._fact_lines = layer_header.wrap(self.facts, self.width())
        top = HEADER + CAPTION * len(self._fact_lines)
        sections = () if self._folded else self.facts.sections
        found = lay_out(sections, self.width(), top, self.devicePixelRatioF())
        self._placed = found.placed
        self._atlas = np.zeros(found.atlas, np.uint32)  # lives as long as the image over it
        rows, columns = found.atlas
        self._image = QImage(
            self._atlas.data, columns, rows, self._atlas.strides[0], QImage.Format.Format_RGB32
        )
        self._stale = set(range(len(self._placed)))
        self.setFixedHeight(round(found.height))
        self.updateGeometry()
        self.update()

    def _at(self, at: QPointF) -> Spot | None:
        spots = (placed.at(at.x(), at.y()) for placed in self._placed)
        return next((spot for spot in spots if spot is not None), None)

    # -- painting ----------------------------------------------------------------------------

    def _update_body(self) -> None:
        """Repaint what changes with the values; the header alone when there is nothing else."""
        top = HEADER if self._placed else 0
        self.update(0, top, self.width(), self.height() - top)

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter()
        painter = QPainter(self)
        seen = event.rect().toRectF()
        if seen.top() < HEADER + CAPTION * len(self._fact_lines):
            layer_header.paint(painter, self.width(), self.facts, self._fact_lines, self._folded)
        for placed in self._placed:
            area = QRectF(*placed.box())
            if area.adjusted(0, -CAPTION, placed.room, 0).intersects(seen):
                self._paint_section(painter, placed, area)
        self._paint_marks(painter)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(2, 3, self.width() - 4, HEADER - 5))
        painter.end()
        self.painted.emit((time.perf_counter() - began) * 1000)

    def _caption(self, placed: Placed) -> tuple[str, str]:
        """A section's title; its values' range and what is left out."""
        parts = [placed.section.note]
        if self._inspection is not None:
            parts.insert(0, range_words(placed.section.read(self._inspection)))
        if placed.sheet.group > 1:
            parts.append(f"each column the strongest of {placed.sheet.group} inputs")
        return placed.section.title, " · ".join(part for part in parts if part)

    def _paint_section(self, painter: QPainter, placed: Placed, area: QRectF) -> None:
        title, words = self._caption(placed)
        line = QRectF(placed.left, placed.top - CAPTION, placed.room, CAPTION - 2)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font(theme.CAPTION))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(theme.colour("text"))
        painter.drawText(line, flags, title)
        line.setLeft(line.left() + metrics.horizontalAdvance(title) + 8)
        painter.setPen(theme.colour("muted"))
        painter.drawText(
            line, flags, metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        )
        if self._inspection is None:
            return
        high, wide = placed.sheet.shape
        if placed.number in self._stale:
            values = placed.section.arrange(placed.section.read(self._inspection))
            look = placed.section.look
            signed = look.signed or bool((values < 0).any())
            self._atlas[placed.atlas_row : placed.atlas_row + high, :wide] = render(
                values,
                look,
                placed.sheet,
                layer_ink.table(signed),
                self._per_tile and placed.section.shape[1:] != (1, 1),
            )
            self._stale.discard(placed.number)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        x_scale, y_scale = area.width() / wide, area.height() / high
        blocks = [
            (QRectF(area.left(), area.top() + y * y_scale, w * x_scale, h * y_scale), (x, y, w, h))
            for x, y, w, h in placed.sheet.blocks
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(layer_ink.between(), 1))
        for target, (x, y, w, h) in blocks:
            paint_part(painter, target, self._image, QRectF(x, placed.atlas_row + y, w, h))
            painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5))  # zeros are the ground's colour

    def _paint_marks(self, painter: QPainter) -> None:
        """Rings around the pointed value, the tile under the keyboard and the enlarged one."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._chosen is not None:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.tile_rect(*self._chosen).adjusted(-2, -2, 2, 2))
        if self._cursor is not None and self.hasFocus():
            painter.setPen(QPen(theme.colour("text"), 2))
            painter.drawRect(self.tile_rect(*self._cursor).adjusted(-2, -2, 2, 2))
        if self._pointed is not None:
            painter.setPen(QPen(theme.colour("text"), 1))
            section, tile, *_ = self._pointed
            painter.drawRect(self.tile_rect(section, tile).adjusted(-1.5, -1.5, 1.5, 1.5))
            cell = self.cell_rect(*self._pointed)
            if cell.width() >= 2:
                painter.drawRect(cell.adjusted(-0.5, -0.5, 0.5, 0.5))

    # -- reading -----------------------------------------------------------------------------

    def about(self, spot: Spot) -> str:
        """What is to be read at a spot: its place and its value."""
        if self._inspection is None or spot[0] >= len(self._placed):
            return ""
        placed = self._placed[spot[0]]
        raw = placed.section.read(self._inspection)
        at = place_of(placed.section, placed.sheet, raw, spot[1:])
        where = place_words(placed.section, at, self._network, self.facts.index)
        return f"{where}: {value_words(placed.section, raw, at)}"

    def _tell(self, spot: Spot) -> None:
        corner = self.cell_rect(*spot).bottomRight().toPoint()
        self.spot_pointed.emit(self.about(spot), corner)

    def _point(self, spot: Spot | None) -> None:
        if spot == self._pointed:
            return
        self._pointed = spot
        if spot is None:
            self.spot_pointed.emit("", QPoint())
        else:
            self._tell(spot)
        self.setCursor(
            Qt.CursorShape.ArrowCursor if spot is None else Qt.CursorShape.PointingHandCursor
        )
        self.update()

    def _describe(self) -> None:
        """Tell assistive technology what is shown."""
        told = [self.facts.facts] if self.facts.facts else []
        if self._folded:
            told.append("folded")
        elif self._cursor is not None:
            section = self.facts.sections[self._cursor[0]]
            name = tile_name(section, self._cursor[1], self._network, self.facts.index)
            told.append(f"{section.title} {name}".strip())
        if self._inspection is not None:
            told += [
                f"{section.title} {range_words(section.read(self._inspection))}"
                for section in self.facts.sections
            ]
        self.setAccessibleDescription("; ".join(told))

    # -- events ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._pointed = None
            self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.StyleChange,
            QEvent.Type.FontChange,
        ):
            self._lay_out()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._pointed is not None:
            return True  # the read-out says more
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._lay_out()
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.position().y() < HEADER:
            self.fold(not self._folded)
            return
        spot = self._at(event.position())
        if spot is not None and self._inspection is not None:
            self._cursor = spot[:2]
            self.tile_chosen.emit(*spot)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._cursor = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self.fold(not self._folded)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._folded:
                self.fold(False)
            elif self._inspection is not None and self._placed:
                section, tile = self._cursor or (0, 0)
                self._cursor = (section, tile)
                self.tile_chosen.emit(section, tile, -1, -1)
        elif key in _STEPS:
            if not self._move(*_STEPS[key]):
                event.ignore()
        else:
            event.ignore()

    def _move(self, across: int, down: int) -> bool:
        """Take the keyboard's cursor to the next tile; False when there is none that way."""
        if not self._placed:
            return False
        new = (0, 0)
        if self._cursor is not None:
            found = next_tile(self._placed, self._cursor, across, down)
            if found is None:
                return False
            new = found
        self._cursor = new
        self._describe()
        self.update()
        self.tile_reached.emit()
        return True

    @property
    def cursor_rect(self) -> QRect:
        """Where the keyboard's tile is, to bring it into sight; empty when there is none."""
        return QRect() if self._cursor is None else self.tile_rect(*self._cursor).toAlignedRect()

    @property
    def chosen_rect(self) -> QRect:
        """Where the enlarged tile is; empty when none is."""
        return QRect() if self._chosen is None else self.tile_rect(*self._chosen).toAlignedRect()
