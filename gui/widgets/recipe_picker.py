"""Data sets of points to choose from, each a small picture of itself."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from gui import painting, theme
from gui.plane import Plane
from gui.plane_marks import ink

EDGE = 40  # logical pixels

Draw = Callable[[], tuple[NDArray[np.float32], NDArray[np.int64]]]
"""Points (N, 2) and labels (N,) that show what a data set is like."""


class RecipePicker(QWidget):
    """A row of pictures; `recipe_chosen` tells the name of the one that was clicked."""

    recipe_chosen = Signal(str)

    def __init__(self, recipes: Sequence[tuple[str, str, Draw]]) -> None:
        """`recipes` are name, what it is in a few words, and points of it."""
        super().__init__()
        self.setObjectName("recipe_picker")
        self._group = QButtonGroup(self)
        self._thumbs: dict[str, _Thumb] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for name, tip, draw in recipes:
            thumb = _Thumb(name, tip, *draw())
            self._thumbs[name] = thumb
            self._group.addButton(thumb)
            row.addWidget(thumb, 1)
            thumb.clicked.connect(lambda _=False, name=name: self.recipe_chosen.emit(name))

    def set_current(self, name: str) -> None:
        """Mark one as chosen; an unknown name marks none."""
        self._group.setExclusive(False)
        for key, thumb in self._thumbs.items():
            thumb.setChecked(key == name)
        self._group.setExclusive(name in self._thumbs)

    def button(self, name: str) -> QAbstractButton:
        """The button of a data set."""
        return self._thumbs[name]


class _Thumb(QAbstractButton):
    def __init__(self, name: str, tip: str, x: NDArray[np.float32], y: NDArray[np.int64]) -> None:
        super().__init__()
        self.setObjectName(f"recipe_{name}")
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(EDGE - 4, EDGE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._x, self._y = x, y
        self._hovered = False

    def sizeHint(self) -> QSize:
        return QSize(EDGE, EDGE)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        painting.paint_paper(painter, area, hovered=self._hovered)
        side = min(area.width(), area.height()) - 6
        face = Plane(area.center().x() - side / 2, area.center().y() - side / 2, side, 5.0)
        pixels = face.to_pixels(self._x)
        for label in range(int(self._y.max()) + 1):
            pen = QPen(ink(label), 2.2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            mine = pixels[self._y == label].tolist()
            painter.drawPoints(QPolygonF([QPointF(px, py) for px, py in mine]))
        if self.isChecked() or self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2 if self.isChecked() else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), painting.CORNER, painting.CORNER)
        if self.hasFocus():
            inner = area.adjusted(3.5, 3.5, -3.5, -3.5)
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRoundedRect(inner, 4, 4)
