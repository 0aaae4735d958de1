"""A photo as it is, the square that the network reads, and a heat map over it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.photo_reading import Crop

EMPTY = "Drop a photo anywhere on the window, paste one with Ctrl+V, or click Random"
GRIP = 14.0  # logical pixels around a corner of the square that take hold of it
HANDLE = 12.0  # length of a corner's mark
KEY_STEP = 0.02  # part of the photo that one press of a key moves the square
ZOOM = 1.1


class PhotoView(QWidget):
    """Drag inside the square to move it, a corner to resize it; the wheel resizes it too.

    With the focus, Shift and an arrow move it, + and − resize it, 0 puts it in the middle.
    """

    crop_changed = Signal(object)  # Crop, while it is dragged and after

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photo_view")
        self.setAccessibleName("Photo")
        self.setToolTip(
            "The network reads the square: drag it, drag a corner, or turn the wheel.\n"
            "Shift with an arrow moves it, + and − resize it, 0 centres it; arrows change photos."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 100)
        self._image = QImage()
        self._held: NDArray[np.uint8] | None = None  # the memory that the image looks at
        self._scaled = QImage()
        self._crop = Crop(0, 0, 1)
        self._heat = QImage()
        self._heat_values: NDArray[np.float32] | None = None
        self._strength = 0.6
        self._grabbed = ""  # "", "inside", or a corner: "nw", "ne", "sw", "se"
        self._grabbed_at = QPointF()
        self._crop_then = self._crop
        self._describe()

    # What others ask and say

    def set_photo(self, shown: NDArray[np.uint8] | None, name: str = "") -> None:
        """Show (H, W, 3) uint8, C-contiguous and kept, with the square in the middle."""
        self._held = shown
        self._heat, self._heat_values = QImage(), None
        self._scaled = QImage()
        self._grabbed = ""
        if shown is None:
            self._image = QImage()
        else:
            high, wide = shown.shape[:2]
            self._image = QImage(shown.data, wide, high, 3 * wide, QImage.Format.Format_RGB888)
            self._crop = Crop.middle(wide, high)
        self._describe(name)
        self.update()

    def set_crop(self, crop: Crop) -> None:
        """Put the square elsewhere; emits nothing."""
        self._crop = crop.within(self._image.width(), self._image.height())
        self.update()

    @property
    def crop(self) -> Crop:
        """The square in force."""
        return self._crop

    def set_heat(self, values: NDArray[np.float32] | None) -> None:
        """Lay a map (h, w) over the square: 1 speaks most for the winner, −1 most against it."""
        self._heat_values = values
        self._paint_heat()
        self.update()

    def set_strength(self, strength: float) -> None:
        """How strongly the map covers the photo, 0 to 1."""
        self._strength = strength
        self.update()

    @property
    def has_heat(self) -> bool:
        return not self._heat.isNull()

    def sizeHint(self) -> QSize:
        return QSize(240, 160)

    def photo_rect(self) -> QRectF:
        """Where the photo lies in the widget."""
        if self._image.isNull():
            return QRectF()
        scale = min(self.width() / self._image.width(), self.height() / self._image.height())
        wide, high = self._image.width() * scale, self._image.height() * scale
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)

    def crop_rect(self) -> QRectF:
        """Where the square lies in the widget."""
        area = self.photo_rect()
        scale = area.width() / max(self._image.width(), 1)
        crop = self._crop
        return QRectF(
            area.x() + crop.left * scale,
            area.y() + crop.top * scale,
            crop.edge * scale,
            crop.edge * scale,
        )

    def _describe(self, name: str = "") -> None:
        self.setAccessibleDescription(EMPTY if self._image.isNull() else name)

    # Dragging

    def _part_at(self, where: QPointF) -> str:
        if self._image.isNull():
            return ""
        box = self.crop_rect()
        grip = min(GRIP, box.width() / 3)
        for name, corner in (
            ("nw", box.topLeft()),
            ("ne", box.topRight()),
            ("sw", box.bottomLeft()),
            ("se", box.bottomRight()),
        ):
            away = where - corner
            if max(abs(away.x()), abs(away.y())) <= grip:
                return name
        return "inside" if box.contains(where) else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = self._part_at(event.position())
            self._grabbed_at = event.position()
            self._crop_then = self._crop

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._grabbed:
            self._point_with(self._part_at(event.position()))
            return
        scale = self._image.width() / max(self.photo_rect().width(), 1.0)
        moved = (event.position() - self._grabbed_at) * scale
        then = self._crop_then
        if self._grabbed == "inside":
            self._change(Crop(then.left + moved.x(), then.top + moved.y(), then.edge))
        else:
            self._change(self._resized(then, moved))

    def _resized(self, then: Crop, moved: QPointF) -> Crop:
        """A corner dragged; the corner across stays where it is."""
        right = 1 if "e" in self._grabbed else -1
        down = 1 if "s" in self._grabbed else -1
        wide, high = self._image.width(), self._image.height()
        x = then.left if right > 0 else then.left + then.edge  # the corner that stays
        y = then.top if down > 0 else then.top + then.edge
        room = min(wide - x if right > 0 else x, high - y if down > 0 else y)
        edge = then.edge + (right * moved.x() + down * moved.y()) / 2
        edge = max(min(edge, room), min(8.0, room))
        return Crop(x if right > 0 else x - edge, y if down > 0 else y - edge, edge)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._image.isNull():
            self._change(Crop.middle(self._image.width(), self._image.height()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._image.isNull() or not event.angleDelta().y():
            event.ignore()
            return
        self._zoom(ZOOM if event.angleDelta().y() > 0 else 1 / ZOOM)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = KEY_STEP * max(self._image.width(), self._image.height())
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._image.isNull():
            super().keyPressEvent(event)
        elif shift and key in moves:
            right, down = moves[key]
            crop = self._crop
            self._change(Crop(crop.left + right * step, crop.top + down * step, crop.edge))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(ZOOM)
        elif key == Qt.Key.Key_Minus:
            self._zoom(1 / ZOOM)
        elif key == Qt.Key.Key_0:
            self._change(Crop.middle(self._image.width(), self._image.height()))
        else:
            super().keyPressEvent(event)

    def _zoom(self, by: float) -> None:
        self._change(self._crop.scaled(by, self._image.width(), self._image.height()))

    def _change(self, crop: Crop) -> None:
        crop = crop.within(self._image.width(), self._image.height())
        if crop != self._crop:
            self._crop = crop
            self._heat, self._heat_values = QImage(), None  # it belongs to the square before
            self.update()
            self.crop_changed.emit(crop)

    def _point_with(self, part: str) -> None:
        shape = {
            "": Qt.CursorShape.ArrowCursor,
            "inside": Qt.CursorShape.SizeAllCursor,
            "nw": Qt.CursorShape.SizeFDiagCursor,
            "se": Qt.CursorShape.SizeFDiagCursor,
        }.get(part, Qt.CursorShape.SizeBDiagCursor)
        self.setCursor(shape)

    # Painting

    def _paint_heat(self) -> None:
        """The map as an image: the accent speaks for, blue against, clear says nothing."""
        values = self._heat_values
        if values is None:
            self._heat = QImage()
            return
        amount = np.clip(np.nan_to_num(values), -1, 1)
        high, wide = amount.shape
        pixels = np.zeros((high, wide, 4), np.uint8)
        for role, part in (("positive", amount > 0), ("negative", amount < 0)):
            ink = theme.colour(role)
            pixels[part, :3] = (ink.red(), ink.green(), ink.blue())
        pixels[..., 3] = np.abs(amount) * 255
        self._heat = QImage(
            pixels.tobytes(), wide, high, 4 * wide, QImage.Format.Format_RGBA8888
        ).copy()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._paint_heat()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._image.isNull():
            painting.paint_paper(painter, area)
            painting.paint_sentence(painter, area, EMPTY)
        else:
            self._paint_photo(painter)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _paint_photo(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area, box = self.photo_rect(), self.crop_rect()
        ratio = self.devicePixelRatioF()
        wanted = QSize(max(1, round(area.width() * ratio)), max(1, round(area.height() * ratio)))
        if self._scaled.size() != wanted:  # scaling well is slow: once for a size
            self._scaled = self._image.scaled(
                wanted,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation
                if wanted.width() < self._image.width() or min(self._image.width(), 200) == 200
                else Qt.TransformationMode.FastTransformation,
            )
        painter.drawImage(area, self._scaled)
        if not self._heat.isNull():
            painter.setClipRect(box)
            painter.fillRect(box, theme.colour("window", 0.5 * self._strength))  # quieter below
            painter.setOpacity(self._strength)
            painter.drawImage(box, self._heat)
            painter.setClipping(False)
            painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outside = QPainterPath()
        outside.addRect(area)
        inside = QPainterPath()
        inside.addRect(box)
        painter.fillPath(outside - inside, theme.colour("window", 0.6))
        self._paint_square(painter, box)

    def _paint_square(self, painter: QPainter, box: QRectF) -> None:
        """The square, seen on light and dark ground alike, with its corners marked."""
        line = box.adjusted(1, 1, -1, -1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("window", 0.7), 3))
        painter.drawRect(line)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.drawRect(line)
        painter.setPen(QPen(theme.colour("accent"), 4, c=Qt.PenCapStyle.FlatCap))
        arm = min(HANDLE, line.width() / 3)
        for x, right in ((line.left(), 1), (line.right(), -1)):
            for y, down in ((line.top(), 1), (line.bottom(), -1)):
                corner = QPointF(x + right, y + down)
                painter.drawLine(corner, corner + QPointF(right * arm, 0))
                painter.drawLine(corner, corner + QPointF(0, down * arm))
