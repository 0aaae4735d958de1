"""The classes of a plane as chips, each with the marker and the ink of its points."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.plane_marks import ink, paint_marker

HIGH = 28  # logical pixels of a chip
GAP = 4


class ClassChips(QWidget):
    """`label_chosen` tells which chip was clicked; the widget waits for `set_current`."""

    label_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("class_chips")
        self.setAccessibleName("Class of the points that you add")
        self.setToolTip("The class of the points that a click adds (keys 1 to 6)")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._names: tuple[str, ...] = ("A", "B")
        self._counts: tuple[int, ...] = (0, 0)
        self.current = 0

    def sizeHint(self) -> QSize:
        return QSize(176, self._rows() * (HIGH + GAP) - GAP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def set_classes(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Names, and how many points each has."""
        if len(names) != len(counts):
            raise ValueError(f"as many counts as names are needed, got {counts} for {names}")
        grew = len(names) != len(self._names)
        self._names, self._counts = tuple(names), tuple(counts)
        if grew:
            self.updateGeometry()
        self.set_current(min(self.current, len(names) - 1))

    def set_current(self, index: int) -> None:
        self.current = index
        name = self._names[index]
        self.setAccessibleDescription(f"{name}, {self._counts[index]} points")
        self.update()

    def _columns(self) -> int:
        return min(3, len(self._names))

    def _rows(self) -> int:
        return -(-len(self._names) // self._columns())

    def _chip(self, index: int) -> QRectF:
        columns = self._columns()
        wide = (self.width() - GAP * (columns - 1)) / columns
        row, column = divmod(index, columns)
        return QRectF(column * (wide + GAP), row * (HIGH + GAP), wide, HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, (name, count) in enumerate(zip(self._names, self._counts, strict=True)):
            chip, chosen = self._chip(i), i == self.current
            colour = ink(i)
            painter.setPen(QPen(colour if chosen else theme.colour("line"), 2 if chosen else 1))
            painter.setBrush(theme.colour("raised" if chosen else "panel"))
            inset = 1.0 if chosen else 0.5
            painter.drawRoundedRect(
                chip.adjusted(inset, inset, -inset, -inset), painting.CORNER, painting.CORNER
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            paint_marker(painter, chip.left() + 14, chip.center().y(), i, 4.5)
            painter.setFont(theme.font(theme.CAPTION))
            told = f"{count:,}"
            room = chip.adjusted(24, 0, -7, 0)
            wide = QFontMetricsF(painter.font()).horizontalAdvance(told)
            painter.setPen(theme.colour("muted"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(room, flags, told)
            painter.setFont(theme.font(theme.BODY, bold=chosen))
            painter.setPen(theme.colour("text"))
            room = room.adjusted(0, 0, -wide - 3, 0)
            metrics = QFontMetricsF(painter.font())
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        if self.hasFocus():
            painting.paint_focus_ring(painter, self._chip(self.current).adjusted(2, 2, -2, -2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for i in range(len(self._names)):
            if self._chip(i).contains(event.position()):
                self.label_chosen.emit(i)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: self._columns(),
            Qt.Key.Key_Up: -self._columns(),
        }
        step = steps.get(Qt.Key(event.key()), 0)
        if step and 0 <= self.current + step < len(self._names):
            self.label_chosen.emit(self.current + step)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()
