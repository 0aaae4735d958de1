"""All pictures of a data set as one wall of thumbnails; only what is in sight is touched."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gui import painting, pictures, theme
from gui.painted_area import PaintedArea
from gui.pictures import Images
from gui.wall_layout import EDGE, SIZES, WallLayout

BADGE = 12
SCREENS = 2  # so many screenfuls of painted lines are kept
EMPTY = "The pictures of the data set appear here: choose one to begin"
NONE_FIT = "No picture fits what is asked for"


class PictureWall(PaintedArea):
    """Thumbnails in lines, painted line by line from the bytes of the data set.

    A row is a picture's place in the data set; the wall shows the rows that `set_rows` names, in
    that order. Pictures known to be predicted wrong bear a cross. `picture_chosen` tells which
    row was clicked or gone to by key, `picture_opened` which one was double-clicked or entered.
    """

    picture_chosen = Signal(int)  # row
    picture_opened = Signal(int)  # row

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "picture_wall",
            "Pictures",
            "Click a picture to see it large; arrows, Page Up and Down, Home and End move.\n"
            "+ and −, or Ctrl and the wheel, make the pictures larger or smaller.",
        )
        self.setMinimumSize(96, 64)
        self.viewport().setMouseTracking(True)
        self._images: Images = np.empty((0, 1, 1, 1), np.uint8)
        self._labels: NDArray[np.int64] = np.empty(0, np.int64)
        self._names: list[str] = []
        self._rows: NDArray[np.int64] = np.empty(0, np.int64)
        self._predicted: NDArray[np.int64] | None = None
        self._size = 1  # index into SIZES
        self._place = -1  # of the current picture in _rows
        self._hovered = -1  # a place too
        self._layout = WallLayout.of(0, (1, 1), 96, SIZES[self._size], 1.0)
        self._lines: dict[int, QPixmap] = {}
        self._describe()

    # What others ask and say

    def set_pictures(self, images: Images, labels: ArrayLike, names: Sequence[str]) -> None:
        """Show all pictures of a data set; forgets rows and predictions.

        Args:
            images: (N, C, H, W) uint8; not copied, and not to be written to while shown.
            labels: (N,) indices into names.
            names: of the classes.

        Raises:
            ValueError: shapes, types or labels do not fit.
        """
        classes = np.asarray(labels, np.int64)
        pictures.check(images, classes, names)
        self._images, self._labels, self._names = images, classes, list(names)
        self._rows = np.arange(len(images))
        self._predicted = None
        self._place = self._hovered = -1
        self.verticalScrollBar().setValue(0)
        self._renew()

    def set_rows(self, rows: ArrayLike | None) -> None:
        """Show these rows (n,) of the data set only, in this order; None shows all.

        Raises:
            ValueError: a row is not in the data set.
        """
        wanted = np.arange(len(self._images)) if rows is None else np.asarray(rows, np.int64)
        if len(wanted) and not 0 <= int(wanted.min()) <= int(wanted.max()) < len(self._images):
            raise ValueError(
                f"rows: expected 0 to {len(self._images) - 1}, got {wanted.min()} to {wanted.max()}"
            )
        if np.array_equal(wanted, self._rows):
            return
        kept = self.current_row
        self._rows = wanted
        self._place = self._hovered = -1
        self.verticalScrollBar().setValue(0)
        self._renew()
        if kept is not None:
            self.set_current(kept)

    def set_predictions(self, predicted: ArrayLike | None) -> None:
        """Mark what is wrong: the class (N,) each picture was taken for, -1 where unknown.

        Raises:
            ValueError: there is not one for each picture.
        """
        known = None if predicted is None else np.asarray(predicted, np.int64)
        if known is not None and known.shape != self._labels.shape:
            raise ValueError(f"predicted: expected {len(self._labels)}, got {known.shape}")
        self._predicted = known
        self._describe()
        self.viewport().update()

    def set_current(self, row: int) -> None:
        """Put the cursor on a row and scroll to it; nothing is emitted. Unseen rows are left."""
        place = np.flatnonzero(self._rows == row)
        if len(place) and place[0] != self._place:
            self._go_to(int(place[0]), tell=False)

    @property
    def current_row(self) -> int | None:
        """The row under the cursor."""
        return int(self._rows[self._place]) if self._place >= 0 else None

    @property
    def rows(self) -> NDArray[np.int64]:
        """The rows shown, in order."""
        return self._rows

    def picture_rect(self, row: int) -> QRect:
        """Where a row's picture lies in the viewport, which may be out of sight; else empty."""
        place = np.flatnonzero(self._rows == row)
        return self._rect(int(place[0])).toAlignedRect() if len(place) else QRect()

    def zoom(self, steps: int) -> None:
        """Make the thumbnails larger (positive) or smaller by steps."""
        first = self._layout.first_whole(self._scrolled())
        before, by = self._layout.thumb, 1 if steps > 0 else -1
        for _ in range(abs(steps)):
            # Sizes that come to the same whole number of pixels are one step.
            while self._layout.thumb == before and 0 <= self._size + by < len(SIZES):
                self._size += by
                self._measure()
            before = self._layout.thumb
        self._renew()
        self._scroll_to(self._place if self._place >= 0 else first)

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def _renew(self) -> None:
        self._lines.clear()
        self._measure()
        self._describe()
        self.viewport().update()

    def _describe(self) -> None:
        if not len(self._images):
            text = EMPTY
        elif not len(self._rows):
            text = NONE_FIT
        else:
            text = f"{len(self._rows):,} of {len(self._images):,} pictures"
            if self._place >= 0:
                text += f". {self._words(self._place)}"
        self.setAccessibleDescription(text)

    def _words(self, place: int) -> str:
        row = int(self._rows[place])
        taken_for = -1 if self._predicted is None else int(self._predicted[row])
        return pictures.words(row, int(self._labels[row]), taken_for, self._names)

    # Geometry

    def _measure(self) -> None:
        before = self._layout
        self._layout = WallLayout.of(
            len(self._rows),
            (self._images.shape[2], self._images.shape[3]),
            self.viewport().width(),
            SIZES[self._size],
            self.devicePixelRatioF(),
        )
        if self._layout.columns != before.columns:
            self._lines.clear()
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._layout.height - page))
        bar.setSingleStep(self._layout.line_height)
        bar.setPageStep(max(1, page))

    def _scrolled(self) -> int:
        return self.verticalScrollBar().value()

    def _rect(self, place: int) -> QRectF:
        spot, ratio = self._layout.spot(place, self._scrolled()), self._layout.ratio
        return QRectF(spot.x / ratio, spot.y / ratio, spot.wide / ratio, spot.high / ratio)

    def _place_at(self, where: QPointF) -> int:
        return self._layout.place_at(where.x(), where.y(), self._scrolled())

    def _scroll_to(self, place: int) -> None:
        if place < 0:
            return
        box = self._rect(place)
        bar = self.verticalScrollBar()
        if box.top() < EDGE:
            bar.setValue(int(bar.value() + box.top() - EDGE))
        elif box.bottom() > self.viewport().height() - EDGE:
            bar.setValue(int(bar.value() + box.bottom() - self.viewport().height() + EDGE + 1))

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.picture_opened.emit(int(self._rows[place]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._place_at(event.position()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place_at(event.pos().toPointF())
            text = self._words(place) if place >= 0 else self.toolTip()
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turned:
            self.zoom(1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1)
            return
        if key == Qt.Key.Key_Minus:
            self.zoom(-1)
            return
        last = len(self._rows) - 1
        columns = self._layout.columns
        page = max(1, self.viewport().height() // self._layout.line_height - 1) * columns
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
        }.get(key)
        if last < 0:
            super().keyPressEvent(event)
        elif by is not None:
            first = self._layout.first_whole(self._scrolled())
            self._go_to(first if self._place < 0 else max(0, min(self._place + by, last)))
        elif self._place >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picture_opened.emit(int(self._rows[self._place]))
        else:
            super().keyPressEvent(event)

    def _go_to(self, place: int, tell: bool = True) -> None:
        self._place = place
        self._scroll_to(place)
        self._describe()
        self.viewport().update()
        if tell:
            self.picture_chosen.emit(int(self._rows[place]))

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        first, before = self._layout.first_whole(self._scrolled()), self._layout.columns
        self._measure()
        laid = self._layout
        if laid.columns != before and first > 0:  # what was in sight stays in sight
            line = first // laid.columns
            self.verticalScrollBar().setValue(round(line * laid.pitch / laid.ratio))
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._hovered = -1
        super().scrollContentsBy(dx, dy)

    def forget_look(self) -> None:
        self._lines.clear()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = QRectF(self.viewport().rect())
        if self.devicePixelRatioF() != self._layout.ratio:  # moved to another screen
            self._lines.clear()
            self._measure()
        if not len(self._rows):
            painting.paint_sentence(painter, area, NONE_FIT if len(self._images) else EMPTY)
        else:
            painting.paint_paper(painter, area)
            self._paint_lines(painter)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _paint_lines(self, painter: QPainter) -> None:
        inner = self.viewport().rect().adjusted(1, 1, -1, -1)
        painter.setClipRect(inner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        laid, scrolled = self._layout, self._scrolled()
        lines = laid.in_sight(scrolled, self.viewport().height())
        for line in lines:
            pixmap = self._lines.get(line)
            if pixmap is None:
                pixmap = self._lines[line] = self._painted(line)
            where = QPointF(laid.left, laid.top(line, scrolled)) / laid.ratio
            painter.drawPixmap(where, pixmap)
        while len(self._lines) > SCREENS * (len(lines) + 1):
            del self._lines[next(iter(self._lines))]  # the one painted longest ago
        columns = laid.columns
        places = range(lines.start * columns, min(lines.stop * columns, len(self._rows)))
        self._paint_wrong(painter, places)
        if self._hovered in places and self._hovered != self._place:
            self._frame(painter, self._hovered, "muted", 1.5)
        if self._place in places:
            self._frame(painter, self._place, "accent" if self.hasFocus() else "text", 2.0)

    def _painted(self, line: int) -> QPixmap:
        columns = self._layout.columns
        rows = self._rows[line * columns : (line + 1) * columns]
        return pictures.strip(self._images[rows], self._layout)

    def _paint_wrong(self, painter: QPainter, places: range) -> None:
        if self._predicted is None:
            return
        rows = self._rows[places.start : places.stop]
        taken_for = self._predicted[rows]
        wrong = np.flatnonzero((taken_for >= 0) & (taken_for != self._labels[rows]))
        if not len(wrong):
            return
        badge = _badge(self._layout.ratio)
        for offset in wrong.tolist():
            box = self._rect(places.start + offset)
            painter.drawPixmap(QPointF(box.right() - BADGE, box.top()), badge)

    def _frame(self, painter: QPainter, place: int, role: str, width: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour(role), width))
        grown = width / 2
        painter.drawRoundedRect(self._rect(place).adjusted(-grown, -grown, grown, grown), 2, 2)


def _badge(ratio: float) -> QPixmap:
    """The cross, on its ground, that marks a wrong prediction."""
    pixmap = QPixmap(round(BADGE * ratio), round(BADGE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(theme.colour("wrong"))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("window"), 1.6, c=Qt.PenCapStyle.RoundCap))
    low, far = BADGE * 0.3, BADGE * 0.7
    painter.drawLine(round(low), round(low), round(far), round(far))
    painter.drawLine(round(low), round(far), round(far), round(low))
    painter.end()
    return pixmap
