"""The drawing in the unit square, as the network's preprocessing sees it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme

MARGIN = 0.05


class NormalisedView(QWidget):
    """Strokes in the unit square, with its free margin marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("normalised_view")
        self.setAccessibleName("Normalised drawing")
        self.setToolTip(
            "The drawing scaled to fill the square: same proportions, centred, 5 % margin.\n"
            "So size and place of your drawing don't matter to the network."
        )
        self.setMinimumSize(64, 64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._strokes: list[NDArray[np.float32]] = []

    def set_strokes(self, strokes: Sequence[ArrayLike]) -> None:
        """Show strokes, (N, 2) arrays with coordinates in [0, 1], y down."""
        self._strokes = [np.asarray(stroke, np.float32) for stroke in strokes]
        count = len(self._strokes)
        self.setAccessibleDescription(
            f"{count} stroke{'' if count == 1 else 's'}" if count else "Empty"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        square = painting.square_in(self)
        painting.paint_paper(painter, square)
        edge = square.width()
        if not self._strokes:
            painting.paint_sentence(painter, square, "Your drawing, scaled and centred")
            return
        inset = edge * MARGIN
        painter.setPen(QPen(theme.colour("line"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(square).adjusted(inset, inset, -inset, -inset))
        painter.setPen(
            QPen(
                QColor(theme.colours().text),
                max(edge * 0.025, 1.5),
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        painting.paint_strokes(painter, self._strokes, square)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)
