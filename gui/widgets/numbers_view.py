"""Numbers that move, each under its name, in columns that keep their place."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme

CELL = 104  # least width of a number, in logical pixels
ROW = 38


class NumbersView(QWidget):
    """Captions above tabular figures, in as many rows as the width asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("numbers_view")
        self.setAccessibleName("Numbers of the training")
        self._numbers: list[tuple[str, str]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(2 * CELL)

    def set_numbers(self, numbers: Sequence[tuple[str, str]]) -> None:
        """Show (name, value) pairs."""
        if list(numbers) == self._numbers:
            return
        resized = len(numbers) != len(self._numbers)
        self._numbers = list(numbers)
        self.setAccessibleDescription(", ".join(f"{name} {value}" for name, value in numbers))
        if resized:
            self.updateGeometry()
        self.update()

    def _columns(self, width: int) -> int:
        count = max(len(self._numbers), 1)
        fitting = max(1, min(count, width // CELL))
        rows = -(-count // fitting)
        return -(-count // rows)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return -(-max(len(self._numbers), 1) // self._columns(width)) * ROW

    def sizeHint(self) -> QSize:
        return QSize(5 * CELL, self.heightForWidth(max(self.width(), 5 * CELL)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        columns = self._columns(self.width())
        wide = self.width() / columns
        small, large = theme.font(theme.CAPTION), theme.font(theme.TITLE, bold=True)
        for i, (name, value) in enumerate(self._numbers):
            left, top = (i % columns) * wide, (i // columns) * ROW
            painter.setFont(small)
            painter.setPen(theme.colour("muted"))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(left, top, wide - 4, 14), flags, name)
            painter.setFont(large)
            painter.setPen(theme.colour("text"))
            painter.drawText(QRectF(left, top + 14, wide - 4, 20), flags, value)
