"""Test pictures with what the network takes them for: the top three classes, right or wrong."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gui import painting, pictures, theme
from gui.painted_area import PaintedArea
from gui.pictures import Images

BARS = 40  # least width that bars have
HIGH = 76
GAP = 8
PAD = 6
PICTURE = HIGH - 2 * PAD
TOP = 3  # classes with a bar
ROW = 16
HEAD = HIGH - 2 * PAD - TOP * ROW  # the line with the sign and the true class
LONGEST = 66  # pixels of a name that a card makes room for; longer ones may be cut
EMPTY = "Test pictures appear here with the network's best three guesses"


class TestWall(PaintedArea):
    """A card a picture: sign and true class above bars for the three likeliest classes.

    The bar of the true class is green, that of a wrong winner red. The pictures change seldom and
    are kept painted; the bars change as training goes on and are painted anew.
    """

    __test__ = False  # not a test, whatever its name says

    picture_chosen = Signal(int)  # row, as given to set_pictures

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "test_wall",
            "Test pictures",
            "Each card: ✓ or ✗, what the picture is, and the three classes the network finds "
            "likeliest.\nClick a card, or go to it by arrow keys, to choose its picture.",
        )
        self.setMinimumSize(PICTURE + 3 * PAD + BARS, HIGH + GAP)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(HIGH + GAP)
        self._images: Images = np.empty((0, 1, 1, 1), np.uint8)
        self._labels: NDArray[np.int64] = np.empty(0, np.int64)
        self._rows: NDArray[np.int64] = np.empty(0, np.int64)
        self._names: list[str] = []
        self._best: NDArray[np.int64] | None = None  # (n, TOP) classes, the likeliest first
        self._shares: NDArray[np.float64] | None = None  # (n, TOP) of them
        self._current = -1
        self._longest = 0  # pixels of a name
        self._columns = 1
        self._wide = PICTURE
        self._ratio = 1.0
        self._cards: dict[int, QPixmap] = {}  # grounds with pictures
        self._written: dict[tuple[str, str, int], QPixmap] = {}  # names, by text, role and width
        self._describe()

    # What others ask and say

    def set_pictures(
        self,
        images: Images,
        labels: ArrayLike,
        names: Sequence[str],
        rows: ArrayLike | None = None,
    ) -> None:
        """Show these pictures, without guesses until `set_predictions`.

        Args:
            images: (n, C, H, W) uint8.
            labels: (n,) indices into names.
            names: of the classes.
            rows: (n,) what to call them in tooltips and signals; 0 to n − 1 when None.

        Raises:
            ValueError: shapes, types or labels do not fit.
        """
        classes = np.asarray(labels, np.int64)
        pictures.check(images, classes, names)
        called = np.arange(len(images)) if rows is None else np.asarray(rows, np.int64)
        if called.shape != classes.shape:
            raise ValueError(f"rows: expected {len(classes)}, got {called.shape}")
        self._images, self._labels, self._names = images, classes, list(names)
        self._rows = called
        self._best = self._shares = None
        self._current = -1
        metrics = QFontMetricsF(theme.font(theme.CAPTION))
        self._longest = ceil(max((metrics.horizontalAdvance(n) for n in names), default=0)) + 2
        self._cards.clear()
        self._written.clear()
        self._measure()
        self._describe()
        self.viewport().update()

    def set_predictions(self, outputs: ArrayLike | None) -> None:
        """Show the network's outputs (n, classes), 1 being certain; None takes them away.

        Raises:
            ValueError: the shape is not one row a picture and one column a class.
        """
        if outputs is None:
            self._best = self._shares = None
        else:
            values = np.nan_to_num(np.asarray(outputs, np.float64), nan=0.0)
            if values.shape != (len(self._labels), len(self._names)):
                raise ValueError(
                    f"outputs: expected ({len(self._labels)}, {len(self._names)}), "
                    f"got {values.shape}"
                )
            self._best = np.argsort(-values, axis=1, kind="stable")[:, :TOP]
            self._shares = np.clip(np.take_along_axis(values, self._best, axis=1), 0.0, 1.0)
        self._describe()
        self.viewport().update()

    @property
    def right_count(self) -> int:
        """How many of the pictures are predicted right."""
        return 0 if self._best is None else int((self._best[:, 0] == self._labels).sum())

    @property
    def current_row(self) -> int | None:
        """The row under the cursor."""
        return int(self._rows[self._current]) if self._current >= 0 else None

    def card_rect(self, place: int) -> QRect:
        """Where the card of the n-th picture lies in the viewport."""
        line, column = divmod(place, self._columns)
        top = line * (HIGH + GAP) - self.verticalScrollBar().value()
        return QRect(column * (self._wide + GAP) + 2, top + 2, self._wide, HIGH)

    def sizeHint(self) -> QSize:
        return QSize(3 * (PICTURE + 3 * PAD + LONGEST + BARS + GAP), 4 * (HIGH + GAP))

    def _describe(self) -> None:
        if not len(self._images):
            text = EMPTY
        elif self._best is None:
            text = f"{len(self._images):,} pictures, not looked at yet"
        else:
            text = f"{self.right_count:,} of {len(self._images):,} right"
        if self._current >= 0:
            text += f". {self._words(self._current)}"
        self.setAccessibleDescription(text)

    def _words(self, place: int) -> str:
        best = -1 if self._best is None else int(self._best[place, 0])
        text = pictures.words(int(self._rows[place]), int(self._labels[place]), best, self._names)
        if self._best is None or self._shares is None:
            return text
        guesses = zip(self._best[place].tolist(), self._shares[place].tolist(), strict=True)
        return text + "\n" + ", ".join(f"{self._names[k]} {100 * s:.0f} %" for k, s in guesses)

    # Geometry and events

    def _measure(self) -> None:
        room = self.viewport().width() - 4
        least = PICTURE + 3 * PAD + min(self._longest, LONGEST) + 4 + BARS
        self._columns = max(1, (room + GAP) // (least + GAP))
        wide = max(PICTURE + 2 * PAD, (room + GAP) // self._columns - GAP)
        if wide != self._wide:
            self._wide = wide
            self._cards.clear()
            self._written.clear()
        lines = -(-len(self._images) // self._columns)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, lines * (HIGH + GAP) - GAP + 4 - self.viewport().height()))
        bar.setPageStep(max(1, self.viewport().height()))

    def _place_at(self, where: QPoint) -> int:
        column = (where.x() - 2) // (self._wide + GAP)
        line = (where.y() - 2 + self.verticalScrollBar().value()) // (HIGH + GAP)
        place = line * self._columns + column
        if not 0 <= column < self._columns or not 0 <= place < len(self._images):
            return -1
        return place if self.card_rect(place).contains(where) else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._place_at(event.position().toPoint()) >= 0
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        )

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place_at(event.pos())
            text = self._words(place) if place >= 0 else self.toolTip()
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._images) - 1
        page = max(1, self.viewport().height() // (HIGH + GAP) - 1) * self._columns
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if by is None or last < 0:
            super().keyPressEvent(event)
        else:
            self._go_to(0 if self._current < 0 else max(0, min(self._current + by, last)))

    def _go_to(self, place: int) -> None:
        self._current = place
        box, bar = self.card_rect(place), self.verticalScrollBar()
        if box.top() < 2:
            bar.setValue(bar.value() + box.top() - 2)
        elif box.bottom() > self.viewport().height() - 3:
            bar.setValue(bar.value() + box.bottom() - self.viewport().height() + 3)
        self._describe()
        self.viewport().update()
        self.picture_chosen.emit(int(self._rows[place]))

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._current < 0 and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._current = 0 if len(self._images) else -1
            self._describe()
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def forget_look(self) -> None:
        self._cards.clear()
        self._written.clear()

    # Painting: what is the same on every card is gathered and drawn at once

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.devicePixelRatioF() != self._ratio:
            self._ratio = self.devicePixelRatioF()
            self._cards.clear()
            self._written.clear()
        painter = QPainter(self.viewport())
        area = QRectF(self.viewport().rect())
        if not len(self._images):
            painting.paint_sentence(painter, area, EMPTY)
        else:
            self._paint_cards(painter)
        if self.hasFocus() and not len(self._images):
            painting.paint_focus_ring(painter, area)

    def _paint_cards(self, painter: QPainter) -> None:
        scrolled = self.verticalScrollBar().value()
        first = max(0, (scrolled - 2) // (HIGH + GAP)) * self._columns
        lines = self.viewport().height() // (HIGH + GAP) + 2
        places = range(first, min(first + lines * self._columns, len(self._images)))
        bars: dict[str, list[QRectF]] = {"right": [], "wrong": [], "muted": []}
        for place in places:
            box = self.card_rect(place)
            painter.drawPixmap(box.topLeft(), self._card(place))
            self._paint_guesses(painter, box, place, bars)
        while len(self._cards) > 2 * len(places):
            del self._cards[next(iter(self._cards))]  # the one painted longest ago
        painter.setPen(Qt.PenStyle.NoPen)
        for role, found in bars.items():
            if found:
                painter.setBrush(theme.colour(role, 0.6 if role == "muted" else 1.0))
                painter.drawRects(found)
        if self._current in places:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else "text"), 2))
            painter.drawRoundedRect(self.card_rect(self._current), 6, 6)

    def _paint_guesses(
        self, painter: QPainter, box: QRect, place: int, bars: dict[str, list[QRectF]]
    ) -> None:
        label = int(self._labels[place])
        left = box.x() + PICTURE + 2 * PAD
        room = box.right() - PAD - left
        top = box.y() + PAD
        if self._best is None or self._shares is None:
            painter.drawPixmap(left, top, self._name(self._names[label], "text", room))
            return
        best, shares = self._best[place].tolist(), self._shares[place].tolist()
        right = best[0] == label
        sign = "✓ " if right else "✗ "
        title = self._name(sign + self._names[label], "right" if right else "wrong", room)
        painter.drawPixmap(left, top, title)
        named = max(0, min(self._longest, max(LONGEST, room // 2), room - BARS - 4))
        for rank, (guess, share) in enumerate(zip(best, shares, strict=True)):
            y = top + HEAD + rank * ROW
            role = "text" if rank == 0 else "muted"
            painter.drawPixmap(left, y, self._name(self._names[guess], role, named))
            kind = "right" if guess == label else "wrong" if rank == 0 else "muted"
            length = max(1.0, (room - named - 4) * share)
            bars[kind].append(QRectF(left + named + 4, y + 5, length, ROW - 9))

    def _card(self, place: int) -> QPixmap:
        """The ground of a card with its picture."""
        known = self._cards.get(place)
        if known is not None:
            return known
        pixmap = _empty(self._wide, HIGH, self._ratio)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("window"))
        painter.drawRoundedRect(QRectF(0.5, 0.5, self._wide - 1, HIGH - 1), 6, 6)
        image = pictures.to_image(self._images[place])
        pictures.paint_picture(painter, QRectF(PAD, PAD, PICTURE, PICTURE), image)
        painter.end()
        self._cards[place] = pixmap
        return pixmap

    def _name(self, text: str, role: str, room: int) -> QPixmap:
        """A text, written once and kept: text is slow to draw and the names are few."""
        known = self._written.get((text, role, room))
        if known is not None:
            return known
        face = theme.font(theme.CAPTION, bold=role in ("right", "wrong"))
        metrics = QFontMetricsF(face)
        pixmap = _empty(max(room, 1), ROW, self._ratio)
        painter = QPainter(pixmap)
        painter.setFont(face)
        painter.setPen(theme.colour(role))
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(0, (ROW + metrics.ascent() - metrics.descent()) / 2), short)
        painter.end()
        self._written[(text, role, room)] = pixmap
        return pixmap


def _empty(wide: float, high: float, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(wide * ratio), round(high * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
