"""The base of plots over the steps of a training, whose values are read out one by one."""

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import curves, painting
from gui.chart import Axis
from gui.twin import Twin

POINTS = 2000  # at most so many of a curve are painted
LEAP = 100  # the keys go on by the whole over this


class Plot(Twin, QWidget):
    """What is painted is kept in `_sheet` until `_renew`. The pointer, or the keys Left, Right,
    Home and End, choose the point `_read` that is read out; -1 is none.
    """

    def __init__(self, parent: QWidget | None, name: str, accessible_name: str, tip: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._read = -1
        self._sheet = painting.Sheet()

    @abstractmethod
    def steps(self) -> NDArray[np.float64]:
        """(N,): the steps of the points that can be read out, oldest first."""

    @abstractmethod
    def steps_axis(self) -> Axis:
        """Where the steps lie; asked for only where there are points."""

    @abstractmethod
    def describe(self) -> str:
        """What is shown, in words for who can't see it."""

    def renew(self) -> None:
        """Something else is to be shown: paint and describe it anew."""
        self._read = min(self._read, len(self.steps()) - 1)
        self._sheet.drop()
        self.setAccessibleDescription(self.describe())
        self.update()

    def paint_curve(
        self,
        painter: QPainter,
        across: Axis,
        down: Axis,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        colour: QColor,
        width: float,
    ) -> None:
        """A line through (x, y), each (N,); one point alone is a dot."""
        x, y = curves.thinned(x, y, POINTS)
        places = list(map(QPointF, across.place(x).tolist(), down.place(y).tolist()))
        if len(places) == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(places[0], 3, 3)
            return
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(places))

    # Reading a value

    def _read_at(self, index: int) -> None:
        if index != self._read:
            self._read = index
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        steps = self.steps()
        if len(steps):
            step = self.steps_axis().value(event.position().x())
            self._read_at(int(np.abs(steps - step).argmin()))

    def leaveEvent(self, event: QEvent) -> None:
        self._read_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = len(self.steps())
        by = {
            Qt.Key.Key_Left: -max(count // LEAP, 1),
            Qt.Key.Key_Right: max(count // LEAP, 1),
            Qt.Key.Key_Home: -count,
            Qt.Key.Key_End: count,
        }.get(Qt.Key(event.key()))
        if by is None or not count:
            super().keyPressEvent(event)
        elif self._read < 0:  # the first key reads the newest
            self._read_at(count - 1)
        else:
            self._read_at(max(0, min(self._read + by, count - 1)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._read_at(-1)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.renew()
        super().changeEvent(event)
