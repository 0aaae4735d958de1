"""The samples kept for training: a strip of thumbnails for each class."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from gui import painting, theme
from gui.painted_area import PaintedArea
from gui.strips import EDGE, GAP, HEADER, THUMB, Strips

KEPT = 4096  # thumbnails whose pixels are kept
EMPTY = "Each drawing you train on is kept here"

Raster = NDArray[np.float32]
Sample = tuple[int, int, Raster]  # id, label, (S, S) cells


class SampleList(PaintedArea):
    """Thumbnails grouped by class with counts; only those in sight are painted.

    `sample_chosen` asks to load a sample, `sample_deleted` to delete it, `sample_relabelled` to
    give it another label. The list shows what `set_samples` says and nothing else.
    """

    sample_chosen = Signal(int)  # id
    sample_deleted = Signal(int)  # id
    sample_relabelled = Signal(int, int)  # id, new label

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "sample_list",
            "Samples",
            "Click a sample to load it; Delete removes it; the menu key relabels it",
        )
        self.setMinimumSize(THUMB * 2, HEADER + THUMB + EDGE)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(THUMB + GAP)
        self._names: list[str] = []
        self._counts: list[int] = []
        self._samples: list[Sample] = []  # grouped by label, in order
        self._strips = Strips([], 0)
        self._current = -1
        self._hovered = -1
        self._thumbs: dict[int, tuple[Raster, QPixmap]] = {}
        self._describe()

    # What others ask and say

    @property
    def current_id(self) -> int | None:
        """The id of the sample under the keyboard's cursor."""
        return self._samples[self._current][0] if self._current >= 0 else None

    def set_samples(self, names: Sequence[str], samples: Sequence[Sample]) -> None:
        """Show samples (id, label, raster (S, S) of 0 and 1), the label being an index of `names`.

        Raises:
            ValueError: a label has no name.
        """
        groups: list[list[Sample]] = [[] for _ in names]
        for sample in samples:
            if not 0 <= sample[1] < len(names):
                raise ValueError(
                    f"label of sample {sample[0]}: expected 0..{len(names) - 1}, got {sample[1]}"
                )
            groups[sample[1]].append(sample)
        kept = self.current_id
        place = self._current
        self._names = list(names)
        self._samples = [sample for group in groups for sample in group]
        self._counts = [len(group) for group in groups]
        for gone in self._thumbs.keys() - {sample[0] for sample in samples}:
            del self._thumbs[gone]
        self._current = next(
            (i for i, sample in enumerate(self._samples) if sample[0] == kept),
            min(place, len(self._samples) - 1),
        )
        self._hovered = -1
        self._measure()
        self._describe()
        self.viewport().update()

    def count(self, label: int) -> int:
        """The number of samples of a class."""
        return self._counts[label]

    def thumbnail_rect(self, sample_id: int) -> QRect:
        """Where a sample's thumbnail lies in the viewport; empty for an unknown id."""
        for index, sample in enumerate(self._samples):
            if sample[0] == sample_id:
                return self._rect(index)
        return QRect()

    def sizeHint(self) -> QSize:
        return QSize(240, 2 * (HEADER + THUMB + 4 * GAP))

    def _describe(self) -> None:
        counts = ", ".join(f"{name} {self.count(i)}" for i, name in enumerate(self._names))
        if not self._samples:
            counts = EMPTY
        elif self._current >= 0:
            sample = self._samples[self._current]
            counts += f"; sample {sample[0]}, {self._names[sample[1]]}"
        self.setAccessibleDescription(counts)

    # Geometry

    def _measure(self) -> None:
        self._strips = Strips(self._counts, self.viewport().width())
        high = self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, self._strips.height - high))
        self.verticalScrollBar().setPageStep(max(high, 1))

    def _rect(self, index: int) -> QRect:
        x, y = self._strips.corner(index)
        return QRect(x, y - self.verticalScrollBar().value(), THUMB, THUMB)

    def _index_at(self, where: QPoint) -> int:
        return self._strips.item_at(where.x(), where.y() + self.verticalScrollBar().value())

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().toPoint())
        if index >= 0:
            self._go_to(index)
            if event.button() == Qt.MouseButton.LeftButton:
                self.sample_chosen.emit(self._samples[index][0])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._index_at(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(event.pos())
            if index >= 0:
                sample = self._samples[index]
                text = f"{self._names[sample[1]]}, sample {sample[0]}\n{self.toolTip()}"
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self._samples) - 1
        if last < 0:
            super().keyPressEvent(event)
            return
        here = max(self._current, 0)
        moves = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in moves:
            goal = max(0, min(moves[Qt.Key(key)], last))
            self._go_to(0 if self._current < 0 and key == Qt.Key.Key_Right else goal)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go_to(self._strips.beyond(here, down=key == Qt.Key.Key_Down))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            for _ in range(max(1, self.viewport().height() // (THUMB + GAP) - 1)):
                here = self._strips.beyond(here, down=key == Qt.Key.Key_PageDown)
            self._go_to(here)
        elif self._current < 0:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.sample_chosen.emit(self._samples[self._current][0])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.sample_deleted.emit(self._samples[self._current][0])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # While the list has the focus, Delete is the list's and not a shortcut's of the window.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Space)
            and self._current >= 0
        ):
            event.accept()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index, where = self._current, event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index = self._index_at(event.pos())
        elif index >= 0:
            where = self.viewport().mapToGlobal(self._rect(index).center())
        if index < 0:
            return
        self._go_to(index)
        self.menu(index).popup(where)

    def menu(self, index: int) -> QMenu:
        """The menu of one sample, by its place in the list."""
        sample_id, label, _ = self._samples[index]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Load into canvas", partial(self.sample_chosen.emit, sample_id))
        others = menu.addMenu("Relabel as") if len(self._names) > 4 else menu
        for other, name in enumerate(self._names):
            if other != label:
                text = name if others is not menu else f"Relabel as {name}"
                relabel = partial(self.sample_relabelled.emit, sample_id, other)
                others.addAction(text.replace("&", "&&"), relabel)
        menu.addSeparator()
        menu.addAction(theme.icon("trash"), "Delete", partial(self.sample_deleted.emit, sample_id))
        return menu

    def _go_to(self, index: int) -> None:
        self._current = index
        box = self._rect(index)
        bar = self.verticalScrollBar()
        top = box.top() - (HEADER if self._strips.is_in_first_row(index) else EDGE)
        if top < 0:
            bar.setValue(bar.value() + top)
        elif box.bottom() + EDGE > self.viewport().height():
            bar.setValue(bar.value() + box.bottom() + EDGE - self.viewport().height())
        self._describe()
        self.viewport().update()

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if (
            self._current < 0
            and self._samples
            and event.reason() != Qt.FocusReason.MouseFocusReason
        ):
            self._go_to(0)
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._hovered = -1
        super().scrollContentsBy(dx, dy)

    def forget_look(self) -> None:
        self._thumbs.clear()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = QRectF(self.viewport().rect())
        if not self._samples:
            painting.paint_sentence(painter, area, EMPTY)
        else:
            for label in range(len(self._names)):
                self._paint_class(painter, label)
        if self.hasFocus() and not self._samples:
            painting.paint_focus_ring(painter, area)

    def _paint_class(self, painter: QPainter, label: int) -> None:
        scrolled, high = self.verticalScrollBar().value(), self.viewport().height()
        left, top = self._strips.corners[label]
        if -HEADER < top - scrolled < high:
            header = QRect(left, top - scrolled, self._strips.width, HEADER)
            self._paint_header(painter, header, label)
        for index in self._strips.items_between(label, scrolled, scrolled + high):
            self._paint_thumb(painter, index)

    def _paint_header(self, painter: QPainter, line: QRect, label: int) -> None:
        face = theme.font(theme.BODY, bold=True)
        painter.setFont(face)
        painter.setPen(theme.colour("text"))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        metrics = painter.fontMetrics()
        name = metrics.elidedText(
            self._names[label], Qt.TextElideMode.ElideRight, max(line.width() - 48, 16)
        )
        painter.drawText(line, middle, name)
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(theme.colour("muted"))
        painter.drawText(
            line.adjusted(metrics.horizontalAdvance(name) + 8, 0, 0, 0),
            middle,
            f"{self.count(label):,}",
        )

    def _paint_thumb(self, painter: QPainter, index: int) -> None:
        box = QRectF(self._rect(index))
        painter.drawPixmap(box.topLeft(), self._thumb(index))
        current = index == self._current and self.hasFocus()
        if current or index == self._hovered:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            role, width = ("accent", 2.0) if current else ("muted", 1.0)
            painter.setPen(QPen(theme.colour(role), width))
            grown = 1.0 if current else -0.5
            painter.drawRoundedRect(box.adjusted(-grown, -grown, grown, grown), 5, 5)

    def _thumb(self, index: int) -> QPixmap:
        sample_id, _, raster = self._samples[index]
        ratio = self.devicePixelRatioF()
        known = self._thumbs.get(sample_id)
        if (
            known is not None
            and (known[0] is raster or np.array_equal(known[0], raster))
            and known[1].devicePixelRatio() == ratio
        ):
            return known[1]
        if len(self._thumbs) >= KEPT:
            self._thumbs.clear()
        pixmap = thumbnail(raster, ratio)
        self._thumbs[sample_id] = (raster, pixmap)
        return pixmap


def thumbnail(raster: Any, ratio: float) -> QPixmap:
    """A raster (S, S) of 0 and 1 as a small picture on the drawing's ground."""
    pixmap = QPixmap(round(THUMB * ratio), round(THUMB * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painting.paint_paper(painter, QRectF(0, 0, THUMB, THUMB))
    cells = np.ascontiguousarray(np.asarray(raster) > 0.5).astype(np.uint8)
    picture = QImage(
        cells.data, cells.shape[1], cells.shape[0], cells.shape[1], QImage.Format.Format_Indexed8
    )
    picture.setColorTable([0, QColor(theme.colours().text).rgba()])
    inner = QRectF(4, 4, THUMB - 8, THUMB - 8)
    painter.drawImage(inner, picture.convertToFormat(QImage.Format.Format_ARGB32))
    painter.end()
    return pixmap
