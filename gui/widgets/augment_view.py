"""One picture as it is stored, and as training sees it: a few of its random variants."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, pictures, theme

EMPTY = "Variants of a picture appear here once there is a data set"
GAP = 4
ARROW = 20


class AugmentView(QWidget):
    """The picture, an arrow, and its variants; a click asks for others."""

    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("augment_view")
        self.setAccessibleName("Variants of a picture")
        self.setToolTip(
            "A picture of the data set, and variants as training sees it. Click for more."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(120, 44)
        self._original: QImage | None = None
        self._variants: list[QImage] = []

    def sizeHint(self) -> QSize:
        return QSize(240, 56)

    def set_pictures(
        self, original: NDArray[np.uint8] | None, variants: NDArray[np.float32] | None
    ) -> None:
        """Show a picture (C, H, W) uint8 and variants (n, C, H', W') of 0 to 1; None: nothing."""
        if original is None or variants is None:
            self._original, self._variants = None, []
        else:
            self._original = pictures.to_image(original)
            bytes_ = (np.clip(variants, 0, 1) * 255 + 0.5).astype(np.uint8)
            self._variants = [pictures.to_image(one) for one in bytes_]
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.more_wanted.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._original is None:
            painting.paint_sentence(painter, QRectF(self.rect()), EMPTY)
            return
        edge = float(self.height())
        pictures.paint_picture(painter, QRectF(0, 0, edge, edge), self._original)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(theme.BODY))
        painter.drawText(QRectF(edge, 0, ARROW, edge), Qt.AlignmentFlag.AlignCenter, "→")
        left = edge + ARROW
        for image in self._variants:
            if left + edge > self.width():
                break
            pictures.paint_picture(painter, QRectF(left, 0, edge, edge), image)
            left += edge + GAP
