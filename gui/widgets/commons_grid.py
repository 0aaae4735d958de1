"""Search results from Wikimedia Commons: small pictures with title, author and licence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gui import painting, pictures, theme
from gui.commons_api import Found
from gui.painted_area import PaintedArea

NARROWEST, GAP = 168, 12  # logical pixels of a card and between cards
PICTURE, LINES = 124, 56  # heights of a card's parts
NEAR_THE_END = 300  # pixels left to scroll when more is asked for
EMPTY = "Search for anything: what Wikimedia Commons has appears here, to click and classify"


@dataclass
class _Card:
    found: Found
    image: QImage | None = None
    problem: str = ""
    note: str = ""


class CommonsGrid(PaintedArea):
    """Cards in columns. A click or Enter chooses one; the context menu asks what to do with it."""

    result_chosen = Signal(int)  # which, counted from the first
    menu_wanted = Signal(int, QPoint)  # which, and where on the screen
    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "commons_grid",
            "Search results",
            "Click a picture to classify it; arrows and Enter do the same.\n"
            "The right button, or the menu key, puts it into the data set.",
        )
        self.setMinimumSize(NARROWEST, PICTURE)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._cards: list[_Card] = []
        self._empty = EMPTY
        self._current = self._hovered = -1
        self._describe()

    # What others ask and say

    def clear(self, sentence: str = EMPTY) -> None:
        """Show no results but a sentence."""
        self._cards = []
        self._empty = sentence
        self._current = self._hovered = -1
        self.verticalScrollBar().setValue(0)
        self._renew()

    def add(self, results: Sequence[Found]) -> None:
        """Show these after those before; their pictures come later."""
        self._cards.extend(_Card(found) for found in results)
        self._renew()

    def set_picture(self, index: int, picture: NDArray[np.uint8]) -> None:
        """Show a result's picture, (H, W, 3) uint8."""
        self._cards[index].image = pictures.from_rgb(picture)
        self.viewport().update()

    def set_problem(self, index: int, sentence: str) -> None:
        """Say why a result has no picture."""
        self._cards[index].problem = sentence
        self.viewport().update()

    def set_note(self, index: int, note: str) -> None:
        """A few words on a result's picture, such as the class it was put into."""
        self._cards[index].note = note
        self.viewport().update()

    def __len__(self) -> int:
        return len(self._cards)

    @property
    def current(self) -> int:
        """The card under the cursor, -1 for none."""
        return self._current

    def sizeHint(self) -> QSize:
        return QSize(3 * NARROWEST, 2 * (PICTURE + LINES))

    def card_rect(self, index: int) -> QRectF:
        """Where a card lies in the viewport, which may be out of sight."""
        columns, width = self._columns()
        line, column = divmod(index, columns)
        top = line * (PICTURE + LINES + GAP) - self.verticalScrollBar().value() + 2
        return QRectF(2 + column * (width + GAP), top, width, PICTURE + LINES)

    def _columns(self) -> tuple[int, float]:
        room = self.viewport().width() - 4
        columns = max(1, int((room + GAP) // (NARROWEST + GAP)))
        return columns, (room + GAP) / columns - GAP

    def _index_at(self, where: QPoint) -> int:
        for index in range(len(self._cards)):
            if self.card_rect(index).contains(where.toPointF()):
                return index
        return -1

    def _words(self, index: int) -> str:
        card = self._cards[index]
        words = f"{card.found.title}\n{card.found.author}\n{card.found.licence}"
        return f"{words}\n{card.problem}" if card.problem else words

    def _describe(self) -> None:
        text = f"{len(self._cards)} results" if self._cards else self._empty
        if self._current >= 0:
            text += ". " + self._words(self._current).replace("\n", ", ")
        self.setAccessibleDescription(text)

    def _renew(self) -> None:
        columns, _ = self._columns()
        lines = -(-len(self._cards) // columns)
        bar = self.verticalScrollBar()
        page = self.viewport().height()
        bar.setRange(0, max(0, lines * (PICTURE + LINES + GAP) - GAP + 4 - page))
        bar.setPageStep(max(1, page))
        bar.setSingleStep((PICTURE + LINES) // 2)
        self._describe()
        self.viewport().update()

    def _on_scrolled(self, value: int) -> None:
        if self._cards and value >= self.verticalScrollBar().maximum() - NEAR_THE_END:
            self.more_wanted.emit()
        self.viewport().update()

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().toPoint())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(index)
            self.result_chosen.emit(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._index_at(event.position().toPoint()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self._index_at(event.pos()) if by_mouse else self._current
        if index >= 0:
            self._go_to(index)
            middle = self.viewport().mapToGlobal(self.card_rect(index).center().toPoint())
            self.menu_wanted.emit(index, event.globalPos() if by_mouse else middle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns, _ = self._columns()
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_Home: -len(self._cards),
            Qt.Key.Key_End: len(self._cards),
        }
        key = Qt.Key(event.key())
        if self._cards and key in moves:
            here = self._current + moves[key] if self._current >= 0 else 0
            self._go_to(min(max(here, 0), len(self._cards) - 1))
        elif self._current >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.result_chosen.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _go_to(self, index: int) -> None:
        self._current = index
        box = self.card_rect(index)
        bar = self.verticalScrollBar()
        if box.top() < 0:
            bar.setValue(int(bar.value() + box.top() - 2))
        elif box.bottom() > self.viewport().height():
            bar.setValue(int(bar.value() + box.bottom() - self.viewport().height() + 2))
        self._describe()
        self.viewport().update()

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            shape = Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(event.pos())
            text = self._words(index) if index >= 0 else self.toolTip()
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._renew()
        super().resizeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._current < 0 and self._cards:
            self._current = 0
        super().focusInEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.viewport().rect())
        if not self._cards:
            painting.paint_sentence(painter, area, self._empty)
            if self.hasFocus():
                painting.paint_focus_ring(painter, area)
            return
        for index, card in enumerate(self._cards):
            box = self.card_rect(index)
            if box.intersects(area):
                self._paint_card(painter, box, card, index)

    def _paint_card(self, painter: QPainter, box: QRectF, card: _Card, index: int) -> None:
        frame = QRectF(box.x(), box.y(), box.width(), PICTURE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(frame, painting.CORNER, painting.CORNER)
        if card.image is not None:
            self._paint_cover(painter, frame, card.image)
        elif card.problem:
            painting.paint_sentence(painter, frame, card.problem)
        if card.note:
            self._paint_note(painter, frame, card.note)
        if index == self._current and self.hasFocus():
            painting.paint_focus_ring(painter, frame)
        elif index == self._hovered:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("muted"), 1))
            painter.drawRoundedRect(
                frame.adjusted(0.5, 0.5, -0.5, -0.5), painting.CORNER, painting.CORNER
            )
        left, width = box.x() + 2, box.width() - 4
        _line(painter, QRectF(left, frame.bottom() + 4, width, 18), card.found.title, theme.BODY)
        for number, words in enumerate((card.found.author, card.found.licence)):
            spot = QRectF(left, frame.bottom() + 21 + 15 * number, width, 15)
            _line(painter, spot, words, theme.CAPTION)

    def _paint_cover(self, painter: QPainter, frame: QRectF, image: QImage) -> None:
        """The picture fills its frame; what sticks out is cut off."""
        scale = max(frame.width() / image.width(), frame.height() / image.height())
        part_wide, part_high = frame.width() / scale, frame.height() / scale
        part = QRectF(
            (image.width() - part_wide) / 2, (image.height() - part_high) / 2, part_wide, part_high
        )
        path = QPainterPath()
        path.addRoundedRect(frame, painting.CORNER, painting.CORNER)
        painter.save()
        painter.setClipPath(path)
        painter.drawImage(frame, image, part)
        painter.restore()

    def _paint_note(self, painter: QPainter, frame: QRectF, note: str) -> None:
        face = theme.font(theme.CAPTION, bold=True)
        width = min(QFontMetricsF(face).horizontalAdvance(note) + 14, frame.width() - 8)
        box = QRectF(frame.x() + 4, frame.y() + 4, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(face)
        painter.setPen(theme.colour("on_accent"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, note)


def _line(painter: QPainter, box: QRectF, words: str, size: int) -> None:
    face = theme.font(size)
    painter.setFont(face)
    painter.setPen(theme.colour("text" if size == theme.BODY else "muted"))
    cut = QFontMetricsF(face).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), cut)
