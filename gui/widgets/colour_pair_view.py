"""A picture and what a network paints of it, side by side."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.twin import Twin

CAPTION = 22  # logical pixels above each picture
GAP = 12
TITLES = ("The picture", "What the network paints")
EMPTY = ("Drop a picture here", "What the network paints appears here")
Pixels = NDArray[np.uint8]


class ColourPairView(Twin, QWidget):
    """Two pictures (S, S, 3) uint8 of one size on screen, beside or, in a high room, above each
    other. Pointing at one shows the colours of that place in both.
    """

    contents = ("_pixels", "_images")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("colour_pair_view")
        self.setAccessibleName("Picture and painting")
        self.setToolTip("Drop a picture, and the network learns to paint it from x and y.")
        self.setMouseTracking(True)
        self.setMinimumSize(200, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pixels: list[Pixels | None] = [None, None]  # kept while the images look at them
        self._images: list[QImage | None] = [None, None]
        self._pointer: tuple[float, float] | None = None  # parts of a picture's edges
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(560, 320)

    def set_picture(self, pixels: Pixels | None) -> None:
        """Show the picture that is learnt."""
        self._set(0, pixels)
        self._describe()

    def set_painting(self, pixels: Pixels | None) -> None:
        """Show what the network paints now."""
        self._set(1, pixels)

    def _set(self, which: int, pixels: Pixels | None) -> None:
        if pixels is not None and (pixels.ndim != 3 or pixels.shape[2] != 3):
            raise ValueError(f"pixels: expected (H, W, 3), got {pixels.shape}")
        self._pixels[which] = None if pixels is None else np.ascontiguousarray(pixels, np.uint8)
        self._images[which] = None
        if (kept := self._pixels[which]) is not None:
            high, wide, _ = kept.shape
            form = QImage.Format.Format_RGB888
            self._images[which] = QImage(kept.data, wide, high, 3 * wide, form)
        self.update()

    def _describe(self) -> None:
        pixels = self._pixels[0]
        self.setAccessibleDescription(
            EMPTY[0] if pixels is None else f"a picture of {pixels.shape[1]}×{pixels.shape[0]}"
        )

    def squares(self) -> tuple[QRectF, QRectF]:
        """Where the two pictures lie, on whole pixels."""
        wide, high = self.width(), self.height()
        beside = min((wide - GAP) // 2, high - CAPTION)
        above = min(wide, (high - GAP) // 2 - CAPTION)
        if beside >= above:
            left = (wide - GAP - 2 * beside) // 2
            top = max((high - CAPTION - beside) // 2, 0) + CAPTION
            places = ((left, top), (left + beside + GAP, top))
        else:
            left = (wide - above) // 2
            top = max((high - GAP - 2 * CAPTION - 2 * above) // 2, 0) + CAPTION
            places = ((left, top), (left, top + above + GAP + CAPTION))
        side = max(beside, above, 1)
        first, second = (QRectF(x, y, side, side) for x, y in places)
        return first, second

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for which, square in enumerate(self.squares()):
            image = self._images[which]
            painting.paint_paper(painter, square)
            painter.setFont(theme.font(theme.CAPTION))
            painter.setPen(theme.colour("muted"))
            above = QRectF(square.left(), square.top() - CAPTION, square.width(), CAPTION - 4)
            painter.drawText(above, _LOW_LEFT, TITLES[which])
            if image is None:
                painting.paint_sentence(painter, square, EMPTY[which])
                continue
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(square, image)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            self._paint_colour(painter, which, square, above)

    def _paint_colour(self, painter: QPainter, which: int, square: QRectF, above: QRectF) -> None:
        """The colour under the pointer, as a spot and in numbers."""
        pixels = self._pixels[which]
        if self._pointer is None or pixels is None:
            return
        x, y = self._pointer
        colour = pixels[
            min(int(y * pixels.shape[0]), pixels.shape[0] - 1),
            min(int(x * pixels.shape[1]), pixels.shape[1] - 1),
        ].tolist()
        painter.setPen(theme.colour("text"))
        painter.drawText(above, _LOW_RIGHT, " ".join(f"{value}" for value in colour))
        at = QPointF(square.left() + x * square.width(), square.top() + y * square.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in (("window", 3.5), ("text", 1.5)):
            painter.setPen(QPen(theme.colour(ink), width))
            painter.drawEllipse(at, 5, 5)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._pointer = None
        for square in self.squares():
            if square.contains(at):
                self._pointer = (
                    (at.x() - square.left()) / square.width(),
                    (at.y() - square.top()) / square.height(),
                )
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)


_LOW_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
_LOW_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
