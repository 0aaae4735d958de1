"""The small square that the network reads, enlarged, every pixel a crisp block."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui import painting, pictures, theme

EMPTY = "Here are the pixels that the network reads"
TIP = "All that the network gets to see. Point at a pixel for its red, green and blue."


class CropView(QWidget):
    """Shows (3, S, S) uint8; a tooltip tells the numbers of the pixel pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crop_view")
        self.setAccessibleName("What the network sees")
        self.setToolTip(TIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 64)
        self._picture: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._spot = QRectF()
        self._describe()

    def set_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Show a picture (3, S, S); None for nothing."""
        self._picture = picture
        self._image = QImage() if picture is None else pictures.to_image(picture)
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 160)

    def pixel_at(self, where: QPoint) -> tuple[int, int] | None:
        """Row and column of the pixel at a place of the widget."""
        if self._picture is None or not self._spot.contains(where.toPointF()):
            return None
        size = self._picture.shape[1]
        row = int((where.y() - self._spot.y()) / self._spot.height() * size)
        column = int((where.x() - self._spot.x()) / self._spot.width() * size)
        return min(row, size - 1), min(column, size - 1)

    def words(self, row: int, column: int) -> str:
        """What is said of a pixel."""
        assert self._picture is not None
        red, green, blue = self._picture[:, row, column].tolist()
        return f"row {row + 1}, column {column + 1}: red {red}, green {green}, blue {blue}"

    def _describe(self) -> None:
        if self._picture is None:
            self.setAccessibleDescription(EMPTY)
        else:
            size = self._picture.shape[1]
            self.setAccessibleDescription(f"{size} by {size} pixels in colour")

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            pixel = self.pixel_at(event.pos())
            QToolTip.showText(event.globalPos(), self.words(*pixel) if pixel else TIP, self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = painting.square_in(self)
        if self._image.isNull():
            painting.paint_paper(painter, area)
            painting.paint_sentence(painter, area, EMPTY)
            return
        self._spot = pictures.paint_picture(painter, area, self._image)
        painter.setPen(theme.colour("line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._spot.adjusted(-0.5, -0.5, 0.5, 0.5))
