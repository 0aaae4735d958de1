"""A curve that a network fits to points, with what its neurons say along x."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.chart import Axis
from gui.twin import Twin

REACH = 6.0  # both axes go from -REACH to REACH
RADIUS = 4.0  # logical pixels of a point
APART = 14.0  # pixels between two points of a painting drag
FAR = 4 * REACH  # beyond that a curve is cut off, lest it overflow
HAIR = 0.0  # width of a pale curve: one device pixel, which is painted 30 times as fast as 1.2
SPARSE = 2  # of a pale curve's places each second one is painted
STEP = 0.25  # how far an arrow key moves the cross
Floats = NDArray[np.float32]


class CurveView(Twin, QWidget):
    """Shows and takes points; keeps no truth: after a signal it waits for `set_points`.

    Click adds a point, with Ctrl it removes the nearest; a drag paints many. With the keyboard:
    arrows move a cross, Space adds, Delete removes.
    """

    contents = ("_x", "_y", "_along", "_curve", "_responses", "_response_text")

    stroke_began = Signal()  # a press: what follows until the next belongs together
    point_added = Signal(float, float)
    point_removed = Signal(float, float)  # where: the nearest point is meant

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curve_view")
        self.setAccessibleName("Curve")
        self.setToolTip(
            "Click: a point. Ctrl+click: remove the nearest. Drag to paint many.\n"
            "Keys: arrows, Space, Delete."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._x: Floats = np.empty(0, np.float32)
        self._y: Floats = np.empty(0, np.float32)
        self._along: Floats = np.empty(0, np.float32)
        self._curve: Floats = np.empty(0, np.float32)
        self._responses: Floats = np.empty((0, 0), np.float32)
        self._response_text = ""
        self._hint = ""
        self._ground = painting.Sheet()
        self._pointer: tuple[float, float] | None = None
        self._cross: tuple[float, float] | None = None
        self._last: QPointF | None = None
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(480, 400)

    # -- what is shown -----------------------------------------------------------------------

    def set_points(self, x: Floats, y: Floats) -> None:
        """Show points at x (N,) and y (N,)."""
        if len(x) != len(y):
            raise ValueError(f"x and y must be equally many, got {len(x)} and {len(y)}")
        self._x, self._y = x, y
        self._renew()
        self._describe()

    def set_curve(
        self, along: Floats, curve: Floats, responses: Floats | None = None, text: str = ""
    ) -> None:
        """Show what a network says at places `along` (N,): the curve (N,), and `responses` (K, N)
        as pale curves, which `text` describes. What is not finite is left out.
        """
        self._along, self._curve = along, curve
        self._responses = np.empty((0, 0), np.float32) if responses is None else responses
        self._response_text = text
        self.update()

    def set_hint(self, text: str) -> None:
        """What stands here while there are no points."""
        self._hint = text
        self.update()

    def to_pixel(self, x: float, y: float) -> QPointF:
        """Where a place lies in the widget."""
        across, down = self._axes()
        at = across.place(np.array([x])), down.place(np.array([y]))
        return QPointF(float(at[0][0]), float(at[1][0]))

    def _describe(self) -> None:
        count = len(self._x)
        self.setAccessibleDescription(f"{count:,} point" + ("" if count == 1 else "s"))

    def _renew(self) -> None:
        self._ground.drop()
        self.update()

    def _axes(self) -> tuple[Axis, Axis]:
        return (
            Axis(-REACH, REACH, 0.0, float(max(self.width(), 1))),
            Axis(-REACH, REACH, float(max(self.height(), 1)), -float(max(self.height(), 1))),
        )

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        self._ground.show(painter, area, self._paint_ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(area.adjusted(2, 2, -2, -2))
        self._paint_responses(painter)
        self._paint_gaps(painter)
        self._paint_curve(painter)
        self._paint_points(painter)
        painter.restore()
        self._paint_legend(painter, area)
        if not len(self._x) and self._hint:
            low = QRectF(area.left(), area.center().y(), area.width(), area.height() / 2)
            painting.paint_sentence(painter, low, self._hint)
        self._paint_pointer(painter, area)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _paint_ground(self, painter: QPainter) -> None:
        area = QRectF(self.rect())
        painting.paint_paper(painter, area)
        painter.setFont(theme.font(theme.CAPTION))
        across, down = self._axes()
        for axis, flat in ((across, True), (down, False)):
            for value in axis.ticks(6):
                at = round(float(axis.place(np.array([value]))[0])) + 0.5
                painter.setPen(QPen(theme.colour("line", 1.0 if value == 0 else 0.45), 1))
                if flat:
                    painter.drawLine(QPointF(at, 1), QPointF(at, area.bottom() - 1))
                else:
                    painter.drawLine(QPointF(1, at), QPointF(area.right() - 1, at))
                if value == 0 or abs(value) >= REACH:
                    continue
                painter.setPen(theme.colour("muted"))
                text = f"{value:g}".replace("-", "−")
                if flat:
                    box, flags = QRectF(at - 20, area.bottom() - 18, 40, 14), _CENTRE
                else:
                    box, flags = QRectF(6, at - 16, 40, 14), _LEFT
                painter.drawText(box, flags, text)

    def _paint_curve(self, painter: QPainter) -> None:
        good = np.isfinite(self._curve)
        if not good.any():
            return
        across, down = self._axes()
        x = across.place(self._along[good].astype(np.float64)).tolist()
        y = down.place(np.clip(self._curve[good].astype(np.float64), -FAR, FAR)).tolist()
        pen = QPen(theme.colour("accent"), 2.6)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline([QPointF(a, b) for a, b in zip(x, y, strict=True)])

    def _paint_responses(self, painter: QPainter) -> None:
        """All at once as far as can be: this is painted with every frame."""
        if not self._responses.size or not np.isfinite(self._responses).all():
            return
        across, down = self._axes()
        x = across.place(self._along[::SPARSE].astype(np.float64)).tolist()
        thin = self._responses[:, ::SPARSE].astype(np.float64)
        painter.setPen(QPen(theme.colour("negative", 0.45), HAIR))
        for y in down.place(np.clip(thin, -FAR, FAR)).tolist():
            painter.drawPolyline(list(map(QPointF, x, y)))

    def _paint_gaps(self, painter: QPainter) -> None:
        """How far each point is from the curve: the error that training makes smaller."""
        if not len(self._x) or len(self._x) > 200 or len(self._along) < 2:
            return
        said = np.interp(self._x, self._along, np.nan_to_num(self._curve, posinf=0, neginf=0))
        across, down = self._axes()
        ends = down.place(np.clip(said, -2 * REACH, 2 * REACH)).tolist()
        x = across.place(self._x.astype(np.float64)).tolist()
        y = down.place(self._y.astype(np.float64)).tolist()
        painter.setPen(QPen(theme.colour("muted", 0.7), 1))
        painter.drawLines(
            [QLineF(at, begin, at, end) for at, begin, end in zip(x, y, ends, strict=True)]
        )

    def _paint_points(self, painter: QPainter) -> None:
        painter.setPen(QPen(theme.colour("window"), 1.2))
        painter.setBrush(theme.colour("text"))
        radius = RADIUS if len(self._x) <= 200 else RADIUS / 2
        across, down = self._axes()
        pixels = zip(
            across.place(self._x.astype(np.float64)).tolist(),
            down.place(self._y.astype(np.float64)).tolist(),
            strict=True,
        )
        for x, y in pixels:
            painter.drawEllipse(QPointF(x, y), radius, radius)

    def _paint_legend(self, painter: QPainter, area: QRectF) -> None:
        rows: Sequence[tuple[str, QColor]] = ()
        if len(self._curve):
            rows = [("what the network says", theme.colour("accent"))]
        if len(self._responses):
            rows = [*rows, (self._response_text, theme.colour("negative", 0.7))]
        painter.setFont(theme.font(theme.CAPTION))
        for i, (text, colour) in enumerate(rows):
            y = area.top() + 16 + 16 * i
            painter.setPen(QPen(colour, 2))
            painter.drawLine(QPointF(10, y), QPointF(24, y))
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(30, y - 8, area.width() - 140, 16), _LEFT, text)

    def _paint_pointer(self, painter: QPainter, area: QRectF) -> None:
        at = self._cross if self._cross is not None else self._pointer
        if at is None:
            return
        if self._cross is not None:
            place = self.to_pixel(*at)
            painter.setPen(QPen(theme.colour("text"), 1.5))
            for offset in (QPointF(9, 0), QPointF(0, 9)):
                painter.drawLine(place - offset, place + offset)
        painter.setFont(theme.font(theme.CAPTION))
        box = QRectF(area.right() - 98, area.top() + 6, 92, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("panel", 0.8))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour("text"))
        painter.drawText(box, _CENTRE, f"{at[0]:.2f}, {at[1]:.2f}".replace("-", "−"))

    # -- mouse and keys ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._cross = None
        self.stroke_began.emit()
        self._touch(event.position(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        inside = QRectF(self.rect()).contains(event.position())
        self._pointer = self._at(event.position()) if inside else None
        self.update()
        if self._last is None or not inside:
            return
        moved = event.position() - self._last
        if moved.x() ** 2 + moved.y() ** 2 >= APART**2:
            self._touch(event.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.update()

    def _touch(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._last = position
        self._use(self._at(position), bool(modifiers & Qt.KeyboardModifier.ControlModifier))

    def _use(self, at: tuple[float, float], removes: bool) -> None:
        (self.point_removed if removes else self.point_added).emit(*at)

    def _at(self, position: QPointF) -> tuple[float, float]:
        across, down = self._axes()
        return across.value(position.x()), down.value(position.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrows = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, STEP),
            Qt.Key.Key_Down: (0.0, -STEP),
        }
        key = Qt.Key(event.key())
        x, y = self._cross or (0.0, 0.0)
        if key in arrows:
            dx, dy = arrows[key]
            self._cross = (
                min(max(x + dx, -REACH), REACH),
                min(max(y + dy, -REACH), REACH),
            )
            self.update()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Delete) and self._cross is not None:
            self.stroke_began.emit()
            self._use(self._cross, key == Qt.Key.Key_Delete)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._cross = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._renew()
        super().changeEvent(event)


_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
