"""The key to the inspector's colours: blue below zero, the ground at zero, amber above."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import layer_ink, theme
from gui.tiles import ZERO

BAR = 72


class LayerLegend(QWidget):
    """Two bars: signed values, and those that are never negative."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_legend")
        self.setAccessibleName("Colours")
        told = (
            "Signed values are amber above zero, blue below it and the ground's colour at zero;\n"
            "values that are never negative go from the ground to the text's colour.\n"
            "What is no number is red."
        )
        self.setToolTip(told)
        self.setAccessibleDescription(told)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(theme.font(theme.CAPTION))
        words = sum(metrics.horizontalAdvance(word) for word in ("−", "+", "0", "+"))
        return QSize(round(2 * BAR + words + 40), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(theme.CAPTION))
        metrics = QFontMetricsF(painter.font())
        flags = Qt.AlignmentFlag.AlignCenter
        x = 0.0
        for signed, first in ((True, 0), (False, ZERO)):
            low = "−" if signed else "0"
            for word in (low, "", "+"):
                if word:
                    wide = metrics.horizontalAdvance(word)
                    painter.setPen(theme.colour("muted"))
                    painter.drawText(QRectF(x, 0, wide, self.height()), flags, word)
                    x += wide + 4
                    continue
                steps = np.ascontiguousarray(layer_ink.table(signed)[None, first : 2 * ZERO + 1])
                image = QImage(
                    steps.data, steps.shape[1], 1, steps.strides[0], QImage.Format.Format_RGB32
                )
                bar = QRectF(x, self.height() / 2 - 4, BAR, 8)
                painter.drawImage(bar, image)
                painter.setPen(QPen(layer_ink.between(), 1))
                painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
                x += BAR + 4
            x += 12
        painter.end()
