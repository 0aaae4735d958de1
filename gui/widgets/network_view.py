"""The network: inputs, neurons, feature maps and named outputs, and the wires between them.

The view paints the newest snapshot it was shown. It can be panned, zoomed and asked: the pointer
or the arrow keys tell the value of a wire or neuron; a click or Enter holds a neuron's wires.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from gui import motion, theme
from gui.network_card import Pointed, paint_card, paint_pointed
from gui.network_ink import ink
from gui.network_layout import NetworkLayout, place
from gui.network_painting import (
    LineStore,
    Scene,
    paint,
    paint_flash,
    paint_units,
    paint_wires,
    paint_words,
)
from gui.network_stages import Plan, plan
from gui.network_units import Stamps
from gui.network_wires import REACH, Brightness, ShownWires, choose, nearest, note
from gui.network_words import State, about_unit, about_wire, summary, unit_name
from gui.painting import paint_focus_ring, paint_sentence

EMPTY = "The network appears here: its inputs, neurons and wires, as soon as a model is chosen."
FLASH = 0.18  # seconds that the light of a step lasts
_SMALLEST_ZOOM, _LARGEST_ZOOM = 0.4, 16.0
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
        self._network: Any = None
        self._plan: Plan | None = None
        self._layout: NetworkLayout | None = None
        self._lines: LineStore | None = None
        self._brightness: list[Brightness] = []
        self._state = State()
        self._wires: tuple[ShownWires, ...] | None = None
        self._held: tuple[int, int] | None = None
        self._pointed: Pointed | None = None
        self._training = False
        self._zoom, self._pan = 1.0, QPointF(0.0, 0.0)
        self._pressed: QPointF | None = None
        self._panned = False
        self._stamps = Stamps()
        self._kept: dict[str, QPixmap] = {}
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
        self._network = network
        self._plan = None if network is None else plan(network)
        parameters = None if network is None else network.parameters.copy()
        names = [] if network is None else list(network.class_names)
        self._state = State(parameters=parameters, class_names=names)
        links = () if self._plan is None else self._plan.links
        self._brightness = [Brightness(link) for link in links]
        self._follow()
        self._flash_timer.stop()
        self._pointed = None
        self._zoom, self._pan = 1.0, QPointF(0.0, 0.0)
        self._pressed = None
        if self._held is not None:
            self._held = None
            self.neuron_held.emit("")
        self._lay_out()
        self._describe()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Name the outputs."""
        self._state = replace(self._state, class_names=list(names))
        self._lay_out()
        self._describe()

    def show_snapshot(self, snapshot: Any) -> None:
        """Show an `nn.snapshot.Snapshot`; what it holds is copied."""
        if self._network is None or snapshot.network is not self._network:
            return
        activations = snapshot.activations
        stepped = snapshot.step != self._state.step
        self._state = replace(
            self._state,
            parameters=snapshot.parameters.copy(),
            change=snapshot.change.copy(),
            activations=None if activations is None else [a.copy() for a in activations],
            outputs=None if snapshot.outputs is None else snapshot.outputs.copy(),
            step=snapshot.step,
        )
        self._follow()
        self._wires = None
        self._kept.clear()
        if stepped and not self._training and motion.enabled() and snapshot.change.any():
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
    def layout_shown(self) -> NetworkLayout | None:
        """Where everything stands, at zoom 1."""
        return self._layout

    @property
    def zoom(self) -> float:
        """1 when the whole network fits."""
        return self._zoom

    @property
    def flashing(self) -> bool:
        """True while the light of a step fades."""
        return self._flash_timer.isActive()

    @property
    def hover_text(self) -> str:
        """What the card beside the pointer says; empty when nothing is pointed at."""
        return "\n".join(self._card_lines())

    def on_screen(self, stage: int, unit: int) -> QPointF:
        """Where a unit of a stage is painted, in the widget's pixels."""
        assert self._layout is not None
        x, y = self._layout.columns[stage].centres[unit].tolist()
        return self._scene().on_screen(x, y)

    def paint_to(self, painter: QPainter, width: float, height: float) -> None:
        """Paint the network, smooth and whole, to any painter in a room of that size."""
        if self._plan is None:
            return
        room = place(self._plan, width, height, self._label_width(width))
        scene = replace(
            self._scene(room),
            width=width,
            height=height,
            zoom=1.0,
            left=0.0,
            top=0.0,
            smooth=True,
            stamps=None,
        )
        paint(painter, scene)

    # -- pan, zoom, hold ---------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole network."""
        self._zoom, self._pan = 1.0, QPointF(0.0, 0.0)
        self._repaint_all()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom; the point `around` (by default the middle) stays where it is."""
        if not np.isfinite(factor) or factor <= 0 or self._layout is None:
            return
        if around is None:
            around = QPointF(self.width() / 2, self.height() / 2)
        new = min(max(self._zoom * factor, _SMALLEST_ZOOM), _LARGEST_ZOOM)
        self._pan = around - (around - self._pan) * (new / self._zoom)
        self._zoom = new
        self._keep_in_sight()

    def hold(self, stage: int, unit: int) -> None:
        """Keep a neuron's wires and dim the rest."""
        assert self._plan is not None
        self._held = (stage, unit)
        self._repaint_all()
        self._describe()
        self.neuron_held.emit(unit_name(self._plan, stage, unit, self._state))

    def clear_hold(self) -> None:
        """Let go of the held neuron."""
        if self._held is not None:
            self._held = None
            self._repaint_all()
            self._describe()
            self.neuron_held.emit("")

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._layout is None:
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
            painter.fillRect(self.rect(), ink().ground)
            paint_wires(painter, scene)
            paint_units(painter, scene)
            paint_words(painter, scene)
        else:
            painter.drawPixmap(0, 0, self._pixmap("wires", scene))
            if self.flashing:
                left = 1 - (time.perf_counter() - self._flash_began) / FLASH
                painter.setOpacity(min(max(left, 0.0), 1.0))
                painter.drawPixmap(0, 0, self._pixmap("flash", scene))
                painter.setOpacity(1.0)
            painter.drawPixmap(0, 0, self._pixmap("units", scene))
        if self._pointed is not None:
            paint_pointed(painter, scene, self._pointed)
        lines = self._card_lines()
        if self._pointed is not None and lines:
            paint_card(painter, scene, self._pointed.at, lines)

    def _pixmap(self, name: str, scene: Scene) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        kept = self._kept.get(name)
        if kept is not None and kept.size() == size and kept.devicePixelRatio() == ratio:
            return kept
        made = QPixmap(size)
        made.setDevicePixelRatio(ratio)
        made.fill(ink().ground if name == "wires" else Qt.GlobalColor.transparent)
        painter = QPainter(made)
        if name == "wires":
            paint_wires(painter, scene)
        elif name == "flash":
            paint_flash(painter, scene, 1.0)
        else:
            paint_units(painter, scene)
            paint_words(painter, scene)
        painter.end()
        self._kept[name] = made
        return made

    def _scene(self, room: NetworkLayout | None = None) -> Scene:
        layout = self._layout if room is None else room
        assert layout is not None and self._lines is not None
        return Scene(
            layout=layout,
            lines=self._lines if room is None else LineStore(room),
            state=self._state,
            wires=self._chosen(layout),
            width=self.width(),
            height=self.height(),
            zoom=self._zoom,
            left=self._pan.x(),
            top=self._pan.y(),
            smooth=not self._training,
            ratio=self.devicePixelRatioF(),
            held=self._held,
            stamps=self._stamps,
            note=self._note(layout),
        )

    def _chosen(self, layout: NetworkLayout) -> tuple[ShownWires, ...]:
        if self._wires is None:
            flat = self._state.parameters
            self._wires = (
                ()
                if flat is None
                else tuple(
                    choose(layout, place, link.values(flat), self._brightness[place], self._held)
                    for place, link in enumerate(layout.links)
                )
            )
        return self._wires

    def _note(self, layout: NetworkLayout) -> str:
        parts = []
        if self._held is not None:
            name = unit_name(layout.plan, *self._held, self._state)
            parts.append(f"Held: {name} (dashed is negative; Esc lets go)")
        if told := note(layout):
            parts.append(told)
        return " · ".join(parts)

    def _follow(self) -> None:
        """Let each link's brightness follow its weights."""
        if self._plan is not None and self._state.parameters is not None:
            for link, brightness in zip(self._plan.links, self._brightness, strict=True):
                brightness.follow(link.values(self._state.parameters))

    def _on_flash(self) -> None:
        if time.perf_counter() - self._flash_began >= FLASH:
            self._flash_timer.stop()
            self._kept.pop("flash", None)
        self.update()

    # -- geometry ----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._layout = None
        if self._plan is not None:
            width, height = self.width(), self.height()
            self._layout = place(self._plan, width, height, self._label_width(width))
            self._lines = LineStore(self._layout)
        self._repaint_all()

    def _label_width(self, width: float) -> float:
        metrics = QFontMetricsF(theme.font(theme.TITLE, bold=True))
        names = [metrics.horizontalAdvance(f"▸ {name}") for name in self._state.class_names]
        return min(max([*names, 56.0]) + 52.0, max(0.22 * width, 96.0))

    def _repaint_all(self) -> None:
        self._wires = None
        self._kept.clear()
        self.update()

    def _keep_in_sight(self) -> None:
        """Never lose the network: its room keeps covering the middle of the view."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        far = QPointF(self.width() * self._zoom, self.height() * self._zoom)
        self._pan = QPointF(
            min(max(self._pan.x(), middle.x() - far.x()), middle.x()),
            min(max(self._pan.y(), middle.y() - far.y()), middle.y()),
        )
        self._repaint_all()

    def _in_layout(self, at: QPointF) -> tuple[float, float]:
        return (at.x() - self._pan.x()) / self._zoom, (at.y() - self._pan.y()) / self._zoom

    # -- pointing ----------------------------------------------------------------------------

    def _point_at(self, at: QPointF) -> None:
        """Find what lies under the pointer: a unit, else the nearest wire."""
        found = None
        if self._layout is not None:
            x, y = self._in_layout(at)
            unit = self._layout.unit_at(x, y)
            if unit is not None:
                found = Pointed(at, unit=unit)
            else:
                wire = self._wire_at(x, y)
                found = None if wire is None else Pointed(at, wire=wire)
        if found != self._pointed:
            self._pointed = found
            self.update()

    def _wire_at(self, x: float, y: float) -> tuple[int, int] | None:
        assert self._layout is not None
        for wires in self._chosen(self._layout):
            ids, levels = wires.ids, wires.levels
            if wires.held is not None:
                ids, levels = ids[wires.held], levels[wires.held]
            if not len(ids):
                continue
            lines = self._layout.lines(self._layout.links[wires.link], ids)
            if not lines[:, 0].min() - REACH <= x <= lines[:, 2].max() + REACH:
                continue
            found = nearest(lines, x, y, REACH / self._zoom, levels)
            if found is not None:
                return wires.link, int(ids[found])
        return None

    def _card_lines(self) -> list[str]:
        if self._pointed is None or self._layout is None:
            return []
        if self._pointed.unit is not None:
            return about_unit(self._layout.plan, *self._pointed.unit, self._state)
        assert self._pointed.wire is not None
        link, wire = self._pointed.wire
        return about_wire(self._layout, self._layout.links[link], wire, self._state)

    def _describe(self) -> None:
        """Tell assistive technology what is shown."""
        if self._plan is None:
            self.setAccessibleDescription("No network yet")
            return
        told = summary(self._plan)
        if self._state.class_names:
            told += f" ({', '.join(self._state.class_names)})"
        if self._held is not None:
            told += f"; held: {unit_name(self._plan, *self._held, self._state)}"
        if self._pointed is not None and self._pointed.by_key:
            told += f"; {', '.join(self._card_lines())}"
        self.setAccessibleDescription(told)

    # -- events ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        old = event.oldSize()
        if old.width() > 0 and old.height() > 0:
            self._pan = QPointF(
                self._pan.x() * self.width() / old.width(),
                self._pan.y() * self.height() / old.height(),
            )
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
            self._pan += moved
            self._pressed = event.position()
            self._pointed = None
            self._keep_in_sight()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = self._pressed is not None and not self._panned
        self._pressed = None
        self.unsetCursor()
        if not clicked or self._layout is None or event.button() != Qt.MouseButton.LeftButton:
            return
        unit = self._layout.unit_at(*self._in_layout(event.position()))
        if unit is None:
            self.clear_hold()
        else:
            self._toggle(unit)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._layout is not None and event.button() == Qt.MouseButton.LeftButton:
            if self._layout.unit_at(*self._in_layout(event.position())) is None:
                self.fit()
            else:
                self.mousePressEvent(event)

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
        if self._layout is None:
            event.ignore()
        elif key in _ARROWS:
            self._move(*_ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pointed_unit() is not None:
            self._toggle(self._pointed_unit())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _ZOOM_STEP)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_F):
            self.fit()
        elif key == Qt.Key.Key_Escape and self._held is not None:
            self.clear_hold()
        else:
            event.ignore()

    def _pointed_unit(self) -> tuple[int, int] | None:
        return None if self._pointed is None else self._pointed.unit

    def _toggle(self, unit: tuple[int, int] | None) -> None:
        if unit is None or unit == self._held:
            self.clear_hold()
        else:
            self.hold(*unit)

    def _move(self, dx: int, dy: int) -> None:
        """Go to the next neuron in a direction; to the first hidden one at the start."""
        assert self._layout is not None
        now = self._pointed_unit() or self._held
        if now is None:
            new = (min(1, len(self._layout.columns) - 1), 0)
        else:
            new = self._layout.neighbour(*now, dx, dy)
        at = self.on_screen(*new)
        inside = QPoint(
            min(max(round(at.x()), 0), self.width()), min(max(round(at.y()), 0), self.height())
        )
        if inside.toPointF() != QPoint(round(at.x()), round(at.y())).toPointF():
            self._pan += inside.toPointF() - at  # bring it into sight
            self._keep_in_sight()
            at = self.on_screen(*new)
        self._pointed = Pointed(at, unit=new, by_key=True)
        self._describe()
        self.update()
