"""The network: inputs, neurons, feature maps and named outputs, and the wires between them.

The view paints the newest snapshot it was shown. It can be panned, zoomed and asked: the pointer
or the arrow keys tell the value of a wire or neuron; a click or Enter holds a neuron's wires.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from gui import motion, theme
from gui.network.camera import Camera
from gui.network.card import Pointed, paint_card, paint_pointed
from gui.network.ink import ink
from gui.network.layout import NetworkLayout, place
from gui.network.painting import paint
from gui.network.scene import LineStore, Scene
from gui.network.sheets import Sheets
from gui.network.shown import Shown, Unit
from gui.network.units import Stamps
from gui.network.wires import ShownWires
from gui.painting import paint_focus_ring, paint_sentence

EMPTY = "The network appears here: its inputs, neurons and wires, as soon as a model is chosen."
FLASH = 0.18  # seconds that the light of a step lasts
_ZOOM_STEP = 1.25
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class NetworkView(QWidget):
    """Shows one network; `set_network` first, then a `show_snapshot` for every new moment."""

    neuron_held = Signal(str)  # the neuron's name; empty when none is held any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_view")
        self.setAccessibleName("Network")
        self.setToolTip(
            "Point at a wire or a neuron for its value; click a neuron to hold its wires.\n"
            "Wheel zooms, dragging pans, double-click fits; arrows, Enter, +, − and 0 do the same."
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._shown: Shown | None = None
        self._lines: LineStore | None = None
        self._camera = Camera()
        self._pointed: Pointed | None = None
        self._training = False
        self._painted_wires: Sequence[ShownWires] = ()
        self._pressed: QPointF | None = None
        self._panned = False
        self._stamps = Stamps()
        self._sheets = Sheets()
        self._flash_began = 0.0
        self._flash_timer = QTimer(self, interval=16)
        self._flash_timer.timeout.connect(self._on_flash)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(720, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    # -- what is shown -----------------------------------------------------------------------

    def set_network(self, network: Any) -> None:
        """Show an `nn.Network` from now on, None for nothing; snapshots of others are ignored."""
        self.clear_hold()
        self._shown = None if network is None else Shown(network)
        self._flash_timer.stop()
        self._pointed = None
        self._pressed = None
        self._camera.fit()
        self._lay_out()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Name the outputs."""
        if self._shown is not None:
            self._shown.name_classes(names)
            self._lay_out()

    def show_snapshot(self, snapshot: Any) -> None:
        """Show an `nn.snapshot.Snapshot`; what it holds is copied."""
        shown = self._shown
        if shown is None or snapshot.network is not shown.network:
            return
        stepped = snapshot.step != shown.state.step
        if shown.take(snapshot) and not (self._training and self._wires_look_as_painted()):
            self._sheets.drop()
        else:
            self._sheets.drop("units")
        if stepped and not self._training and motion.enabled() and snapshot.change.any():
            self._sheets.drop("flash")
            self._flash_began = time.perf_counter()
            self._flash_timer.start()
        self.update()

    def set_training(self, training: bool) -> None:
        """While True, paint quickly: no antialiasing, no light, no flash."""
        if training != self._training:
            self._training = training
            if training:
                self._flash_timer.stop()
            self._repaint_all()

    @property
    def network_layout(self) -> NetworkLayout | None:
        """Where everything stands, at zoom 1."""
        return None if self._shown is None else self._shown.layout

    @property
    def zoom(self) -> float:
        """1 when the whole network fits."""
        return self._camera.zoom

    @property
    def held(self) -> Unit | None:
        """(column, unit) whose wires are held."""
        return None if self._shown is None else self._shown.held

    @property
    def flashing(self) -> bool:
        """True while the light of a step fades."""
        return self._flash_timer.isActive()

    @property
    def hover_text(self) -> str:
        """What the card beside the pointer says; empty when nothing is pointed at."""
        return "\n".join(self._card_lines())

    def on_screen(self, column: int, unit: int) -> QPointF:
        """Where a unit is painted, in the widget's pixels."""
        assert self._shown is not None
        return QPointF(
            *self._camera.to_view(*self._shown.layout.columns[column].centres[unit].tolist())
        )

    def paint_to(self, painter: QPainter, width: float, height: float) -> None:
        """Paint the network, smooth and whole, to any painter in a room of that size."""
        if self._shown is None:
            return
        room = place(self._shown.plan, width, height, self._label_width(width))
        scene = replace(
            self._scene(),
            layout=room,
            lines=LineStore(room),
            width=width,
            height=height,
            zoom=1.0,
            left=0.0,
            top=0.0,
            smooth=True,
            ratio=1.0,
            stamps=None,
        )
        paint(painter, scene)

    # -- pan, zoom, hold ---------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole network."""
        self._camera.fit()
        self._repaint_all()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom; the point `around` (by default the middle) stays where it is."""
        if around is None:
            around = self.rect().toRectF().center()
        self._camera.zoom_by(factor, around.x(), around.y())
        self._repaint_all()

    def hold(self, column: int, unit: int) -> None:
        """Keep a neuron's wires and dim the rest."""
        if self._shown is not None:
            self._shown.hold((column, unit))
            self._repaint_all()
            self._describe()
            self.neuron_held.emit(self._shown.held_name)

    def clear_hold(self) -> None:
        """Let go of the held neuron."""
        if self._shown is not None and self._shown.held is not None:
            self._shown.hold(None)
            self._repaint_all()
            self._describe()
            self.neuron_held.emit("")

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._shown is None:
            painter.fillRect(self.rect(), ink().ground)
            paint_sentence(painter, self.rect().toRectF(), EMPTY)
        else:
            self._paint_network(painter)
        if self.hasFocus():
            paint_focus_ring(painter, self.rect().toRectF())
        painter.end()

    def _paint_network(self, painter: QPainter) -> None:
        scene = self._scene()
        if self._training:
            if not self._sheets.has("wires"):
                self._painted_wires = scene.wires
            self._sheets.paint_quickly(painter, scene)
        else:
            flash = 0.0
            if self.flashing:
                flash = max(0.0, 1 - (time.perf_counter() - self._flash_began) / FLASH)
            self._sheets.paint(painter, scene, flash)
        if self._pointed is not None:
            paint_pointed(painter, scene, self._pointed)
            paint_card(painter, scene, self._pointed.at, self._card_lines())

    def _wires_look_as_painted(self) -> bool:
        assert self._shown is not None
        now, then = self._shown.wires, self._painted_wires
        return len(now) == len(then) and all(map(ShownWires.looks_like, now, then))

    def _scene(self) -> Scene:
        shown, camera = self._shown, self._camera
        assert shown is not None and self._lines is not None
        return Scene(
            layout=shown.layout,
            lines=self._lines,
            state=shown.state,
            wires=shown.wires,
            width=self.width(),
            height=self.height(),
            zoom=camera.zoom,
            left=camera.left,
            top=camera.top,
            smooth=not self._training,
            ratio=self.devicePixelRatioF(),
            held=shown.held,
            stamps=self._stamps,
            note=shown.note,
        )

    def _on_flash(self) -> None:
        if time.perf_counter() - self._flash_began >= FLASH:
            self._flash_timer.stop()
            self._sheets.drop("flash")
        self.update()

    def _lay_out(self) -> None:
        if self._shown is not None:
            self._shown.lay_out(self.width(), self.height(), self._label_width(self.width()))
            self._lines = LineStore(self._shown.layout)
        self._repaint_all()
        self._describe()

    def _label_width(self, width: float) -> float:
        """Room for the longest class name and a percentage, within reason."""
        names = [] if self._shown is None else self._shown.state.class_names
        metrics = QFontMetricsF(theme.font(theme.TITLE, bold=True))
        widest = max([metrics.horizontalAdvance(f"▸ {name}") for name in names], default=0.0)
        return min(max(widest, 56.0) + 52.0, max(0.22 * width, 96.0))

    def _repaint_all(self) -> None:
        self._sheets.drop()
        self.update()

    # -- pointing ----------------------------------------------------------------------------

    def _point_at(self, at: QPointF) -> None:
        """Find what lies under the pointer: a unit, else the nearest wire."""
        found = None
        if self._shown is not None:
            x, y = self._camera.to_layout(at.x(), at.y())
            unit = self._shown.layout.unit_at(x, y)
            wire = self._shown.wire_at(x, y, self._camera.zoom) if unit is None else None
            if unit is not None or wire is not None:
                found = Pointed(at, unit=unit, wire=wire)
        if found != self._pointed:
            self._pointed = found
            self.update()

    def _card_lines(self) -> list[str]:
        if self._shown is None or self._pointed is None:
            return []
        return self._shown.about(self._pointed.unit, self._pointed.wire)

    def _describe(self) -> None:
        """Tell assistive technology what is shown."""
        told = "No network yet" if self._shown is None else self._shown.summary
        if self._pointed is not None and self._pointed.by_key:
            told += f"; {', '.join(self._card_lines())}"
        self.setAccessibleDescription(told)

    def _toggle(self, unit: Unit | None) -> None:
        if unit is None or unit == self.held:
            self.clear_hold()
        else:
            self.hold(*unit)

    def _move(self, dx: int, dy: int) -> None:
        """Go to the next neuron in a direction; to the first hidden one at the start."""
        assert self._shown is not None
        now = (self._pointed.unit if self._pointed else None) or self._shown.held
        if now is None:
            new = (min(1, len(self._shown.layout.columns) - 1), 0)
        else:
            new = self._shown.layout.neighbour(*now, dx, dy)
        at = self.on_screen(*new)
        edge = self.rect().toRectF()
        edge.adjust(edge.width() / 8, edge.height() / 8, -edge.width() / 8, -edge.height() / 8)
        inside = QPointF(
            min(max(at.x(), edge.left()), edge.right()), min(max(at.y(), edge.top()), edge.bottom())
        )
        if not self.rect().toRectF().contains(at):  # bring it into sight
            self._camera.pan_by(inside.x() - at.x(), inside.y() - at.y())
            self._repaint_all()
        self._pointed = Pointed(self.on_screen(*new), unit=new, by_key=True)
        self._describe()
        self.update()

    # -- events ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._camera.resize(self.width(), self.height())
        self._pointed = None
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.StyleChange,
            QEvent.Type.FontChange,
        ):
            self._stamps = Stamps()
            self._repaint_all()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._pointed is not None:
            return True  # the card says more
        if isinstance(event, QNativeGestureEvent) and (
            event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = max(-4.0, min(4.0, event.angleDelta().y() / 120))
        self.zoom_by(_ZOOM_STEP**turns, event.position())
        self._point_at(event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._panned = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._point_at(event.position())
            return
        moved = event.position() - self._pressed
        if self._panned or moved.manhattanLength() >= QApplication.startDragDistance():
            self._panned = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._camera.pan_by(moved.x(), moved.y())
            self._pressed = event.position()
            self._pointed = None
            self._repaint_all()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = self._pressed is not None and not self._panned
        self._pressed = None
        self.unsetCursor()
        if clicked and event.button() == Qt.MouseButton.LeftButton:
            self._toggle(self._unit_under(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._unit_under(event) is None:
            self.fit()  # on a unit, the first click has held it already

    def _unit_under(self, event: QMouseEvent) -> Unit | None:
        if self._shown is None:
            return None
        at = event.position()
        return self._shown.layout.unit_at(*self._camera.to_layout(at.x(), at.y()))

    def leaveEvent(self, event: QEvent) -> None:
        if self._pointed is not None and not self._pointed.by_key:
            self._pointed = None
            self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._pointed is not None and self._pointed.by_key:
            self._pointed = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._shown is None:
            event.ignore()
        elif key in _ARROWS:
            self._move(*_ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pointed is not None:
            self._toggle(self._pointed.unit)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _ZOOM_STEP)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_F):
            self.fit()
        elif key == Qt.Key.Key_Escape and self.held is not None:
            self.clear_hold()
        else:
            event.ignore()
