"""Combo box and spin box with arrows in the colours of the theme, which style sheets can't draw."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from gui import theme

ARROW = 16  # logical pixels


class Choice(QComboBox):
    """A combo box with a chevron; the wheel scrolls past it unless it has the focus."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        right = QRect(self.width() - ARROW - 6, (self.height() - ARROW) // 2, ARROW, ARROW)
        _paint_chevron(self, right)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberBox(QSpinBox):
    """A spin box with an up and a down chevron."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        middle = self.height() // 2
        left = self.width() - ARROW - 4
        _paint_chevron(self, QRect(left, middle - 13, ARROW, ARROW), turned=True)
        _paint_chevron(self, QRect(left, middle - 3, ARROW, ARROW))


def _paint_chevron(widget: QWidget, where: QRect, turned: bool = False) -> None:
    painter = QPainter(widget)
    if turned:
        centre = where.center() + QPoint(1, 1)
        painter.translate(centre)
        painter.rotate(180)
        painter.translate(-centre)
    mode = QIcon.Mode.Normal if widget.isEnabled() else QIcon.Mode.Disabled
    theme.icon("chevron", "muted").paint(painter, where, mode=mode)
