"""The plane: points of several classes over a picture of what a network says everywhere."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, plane_painting, theme
from gui.plane import FARTHEST, NEAREST, Plane
from gui.plane_painting import Line
from gui.twin import Twin

RADIUS = 4.0  # logical pixels of a marker
APART = 14.0  # pixels between two points of a painting drag
ZOOM = 1.15  # a notch of the wheel
STEP = 0.04  # of a side: how far an arrow key moves the cross


class PlaneView(Twin, QWidget):
    """Shows and takes points; keeps no truth: after a signal it waits for `set_points`.

    Click adds a point, with Shift of the other class, with Ctrl it removes the nearest; a drag
    paints many; the wheel zooms. With the keyboard: arrows move a cross, Space adds, Delete
    removes, + and - zoom.
    """

    contents = ("reach", "radius", "_x", "_y", "_test", "_names", "_lines", "_marked")

    stroke_began = Signal()  # a press: what follows until `stroke_ended` belongs together
    stroke_ended = Signal()
    point_added = Signal(float, float, bool)  # x, y, of the other class
    point_removed = Signal(float, float)  # where: the nearest point is meant
    reach_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plane_view")
        self.setAccessibleName("Plane")
        self.setToolTip(
            "Click: a point of this class. Shift+click: of the other. Ctrl+click: remove the "
            "nearest.\nDrag to paint many. Wheel to zoom. Keys: arrows, Space, Delete, + and −."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.reach = 5.0
        self.is_editable = True
        self.radius = RADIUS
        self._x: NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._y: NDArray[np.int64] = np.empty(0, np.int64)
        self._test: tuple[NDArray[np.float32], NDArray[np.int64]] | None = None
        self._names: Sequence[str] = ("A", "B")
        self._hint = ""
        self._background: QImage | None = None
        self._pixels: NDArray[np.uint8] | None = None  # kept while the QImage looks at it
        self._background_reach = self.reach
        self._lines: Sequence[Line] = ()
        self._marked = -1
        self._markers = painting.Sheet()
        self._pointer: tuple[float, float] | None = None
        self._cross: tuple[float, float] | None = None
        self._last: QPointF | None = None
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    # -- what is shown -----------------------------------------------------------------------

    def set_points(
        self,
        x: NDArray[np.float32],
        y: NDArray[np.int64],
        test: tuple[NDArray[np.float32], NDArray[np.int64]] | None = None,
    ) -> None:
        """Show points (N, 2) with labels (N,) from 0 to 5, and test points as hollow markers."""
        if len(x) != len(y):
            raise ValueError(f"points and labels must be equally many, got {len(x)} and {len(y)}")
        self._x, self._y, self._test = x, y, test
        self._renew()
        self._describe()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Names for the read-out."""
        self._names = tuple(names)
        self._describe()

    def set_hint(self, text: str) -> None:
        """What stands in the empty plane."""
        self._hint = text
        self.update()

    def set_background(self, picture: NDArray[np.uint8] | None, reach: float | None = None) -> None:
        """Show a picture (S, S, 4) uint8 RGBX, row 0 on top, of the square with this reach."""
        self._pixels = None if picture is None else np.ascontiguousarray(picture)
        self._background = None
        if self._pixels is not None:
            high, wide, _ = self._pixels.shape
            form = QImage.Format.Format_RGBX8888
            self._background = QImage(self._pixels.data, wide, high, 4 * wide, form)
        self._background_reach = self.reach if reach is None else reach
        self.update(self._square().toAlignedRect())

    @property
    def background_key(self) -> int:
        """Another number for every background that is shown."""
        return 0 if self._background is None else self._background.cacheKey()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Lines and arrows over the background, below the points."""
        self._lines = tuple(lines)
        self.update()

    def set_marked(self, index: int) -> None:
        """Ring one training point; -1: none."""
        if index != self._marked:
            self._marked = index
            self.update()

    def set_reach(self, reach: float) -> None:
        """Show the square of half a side `reach`; emits `reach_changed` when it is another."""
        reach = float(np.clip(reach, NEAREST, FARTHEST))
        if reach != self.reach:
            self.reach = reach
            self._renew()
            self.reach_changed.emit(reach)

    def to_pixel(self, x: float, y: float) -> QPointF:
        """Where a place lies in the widget."""
        px, py = self._plane().to_pixels(np.array([[x, y]]))[0]
        return QPointF(px, py)

    # -- geometry ----------------------------------------------------------------------------

    def _square(self) -> QRectF:
        return painting.square_in(self)

    def _plane(self) -> Plane:
        square = self._square()
        return Plane(square.left(), square.top(), square.width(), self.reach)

    def _renew(self) -> None:
        self._markers.drop()
        self.update()

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        square, face = self._square(), self._plane()
        self._paint_ground(painter, square)
        painter.save()
        painter.setClipRect(square)
        plane_painting.paint_lines(painter, face, self._lines)
        painter.restore()
        self._markers.show(painter, square, partial(self._paint_markers, square, face))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if 0 <= self._marked < len(self._x):
            at = face.to_pixels(self._x[self._marked : self._marked + 1])[0]
            painter.setPen(QPen(theme.colour("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(*at), self.radius + 6, self.radius + 6)
        if not len(self._x) and self._hint:
            above = square.adjusted(0, 0, 0, -square.height() / 2)  # the axis would cross it
            painting.paint_sentence(painter, above, self._hint)
        self._paint_pointer(painter, square, face)
        if self.hasFocus():
            painting.paint_focus_ring(painter, square)

    def _paint_ground(self, painter: QPainter, square: QRectF) -> None:
        if self._background is None:
            painting.paint_paper(painter, square)
            return
        image, share = self._background, self.reach / self._background_reach
        wide = image.width() * min(share, 1.0)
        inset = (image.width() - wide) / 2
        grown = square.width() * (1 - 1 / max(share, 1.0)) / 2
        if grown:
            painting.paint_paper(painter, square)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = square.adjusted(grown, grown, -grown, -grown)
        painting.paint_part(painter, target, image, QRectF(inset, inset, wide, wide))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

    def _paint_markers(self, square: QRectF, face: Plane, painter: QPainter) -> None:
        """Axes, points and frame."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plane_painting.paint_axes(painter, square, face)
        if self._test is not None:
            plane_painting.paint_points(painter, face, *self._test, self.radius, hollow=True)
        plane_painting.paint_points(painter, face, self._x, self._y, self.radius)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_pointer(self, painter: QPainter, square: QRectF, face: Plane) -> None:
        at = self._cross if self._cross is not None else self._pointer
        if at is None:
            return
        place = self.to_pixel(*at)
        if self._cross is not None:
            painter.setPen(QPen(theme.colour("text"), 1.5))
            for dx, dy in ((9.0, 0.0), (0.0, 9.0)):
                painter.drawLine(place - QPointF(dx, dy), place + QPointF(dx, dy))
        text = f"{at[0]:.2f}, {at[1]:.2f}".replace("-", "−")
        painter.setFont(theme.font(theme.CAPTION))
        box = QRectF(square.right() - 98, square.top() + 6, 92, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("panel", 0.8))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    # -- mouse and keys ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.is_editable:
            super().mousePressEvent(event)
            return
        if self._square().contains(event.position()):
            self._cross = None
            self.stroke_began.emit()
            self._touch(event.position(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        inside = self._square().contains(event.position())
        self._pointer = self._at(event.position()) if inside else None
        self.update()
        if self._last is None or not inside:
            return
        moved = event.position() - self._last
        if moved.x() ** 2 + moved.y() ** 2 >= APART**2:
            self._touch(event.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._last is not None:
            self._last = None
            self.stroke_ended.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.update()

    def _touch(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._last = position
        self._use(*self._at(position), modifiers)

    def _use(self, x: float, y: float, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self.point_removed.emit(x, y)
        else:
            self.point_added.emit(x, y, bool(modifiers & Qt.KeyboardModifier.ShiftModifier))

    def _at(self, position: QPointF) -> tuple[float, float]:
        return self._plane().to_plane(position.x(), position.y())

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if notches:
            self.set_reach(self.reach * ZOOM**-notches)
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrows = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        key = event.key()
        if key in arrows:
            x, y = self._cross or (0.0, 0.0)
            step = 2 * self.reach * STEP
            dx, dy = arrows[Qt.Key(key)]
            bound = self.reach
            self._cross = (
                float(np.clip(x + dx * step, -bound, bound)),
                float(np.clip(y + dy * step, -bound, bound)),
            )
            self.update()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._press_key(key == Qt.Key.Key_Space, event.modifiers())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.set_reach(self.reach * (ZOOM if key == Qt.Key.Key_Minus else 1 / ZOOM))
        elif key == Qt.Key.Key_Escape and self._cross is not None:
            self._cross = None
            self.update()
        else:
            super().keyPressEvent(event)

    def _press_key(self, adds: bool, modifiers: Qt.KeyboardModifier) -> None:
        if self._cross is None or not self.is_editable:
            self._cross = self._cross or (0.0, 0.0)
            self.update()
            return
        control = Qt.KeyboardModifier.ControlModifier
        self.stroke_began.emit()
        self._use(*self._cross, modifiers & ~control if adds else control)
        self.stroke_ended.emit()

    # -- the look ----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._renew()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._renew()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._cross = None
        self.update()

    def _describe(self) -> None:
        counts = np.bincount(self._y, minlength=len(self._names))
        told = ", ".join(f"{c} {n}" for c, n in zip(self._names, counts, strict=False))
        self.setAccessibleDescription(f"points: {told}" if len(self._y) else "no points")
