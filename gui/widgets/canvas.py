"""The sheet one draws on, with mouse, finger or pen."""

import math
from collections.abc import Hashable, Sequence
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
    QUndoStack,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.paper import LiveStroke, Page, Sheet, Stroke, TurnPage
from nn.data.strokes import normalise

UNDO_LIMIT = 200
FRAME = 1 / 60
"""Least seconds between two `drawing_changed` signals."""


class Canvas(QWidget):
    """Strokes by mouse, touch or pen, with undo.

    Coordinates are paper units: the largest square in the widget's middle is 0..1 × 0..1, y down,
    and what lies beside it has coordinates below 0 or above 1. Resizing keeps the drawing.

    `drawing_began` tells that a stroke starts a fresh drawing (the paper was empty or trained on),
    `drawing_changed` that points came or went (at most 60 times a second), `stroke_finished` that
    the pen was lifted.
    """

    drawing_began = Signal(bool)  # True when it takes the place of one that was trained on
    drawing_changed = Signal()
    stroke_finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Drawing")
        self.setToolTip(
            "Draw here with mouse, finger or pen.\n"
            "Without them: flip cells of the raster with arrows and Space."
        )
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(64, 64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self._hint = "Draw an X here"
        self._page = Page()
        self._live: LiveStroke | None = None
        self._device = ""  # whose stroke the live one is: "mouse", "touch" or "pen"
        self._finger = -1
        self._knows_direct_input = False
        self._sheet = Sheet(1, 1, 1.0)
        self._ink: QPixmap | None = None  # all strokes, and the live one up to _inked points
        self._inked = 0
        self._shows_focus = False
        self._drawn_page: Page | None = None  # the page to come, when _ink shows it already
        self._told = 0.0
        self._tell_later = QTimer(self, singleShot=True)
        self._tell_later.timeout.connect(self._tell)
        self._rescale()
        self._describe()

    # What others ask and say

    @property
    def is_empty(self) -> bool:
        """True when nothing is drawn."""
        return not self._page_in_sight().strokes and not self._has_points()

    @property
    def is_trained(self) -> bool:
        """True when the drawing was trained on: the next stroke starts a fresh one."""
        return self._page.trained and not self._has_points()

    def strokes(self) -> list[NDArray[np.float32]]:
        """The drawing in paper units, the stroke being drawn included: (N, 2) float32 each."""
        return [stroke[:, :2].copy() for stroke in self._drawn()]

    @property
    def page(self) -> Page:
        """The drawing with its widths, the stroke being drawn included; never written into."""
        page = Page(tuple(self._drawn()))
        page.trained = self.is_trained
        return page

    @property
    def stamp(self) -> Hashable:
        """Another value whenever `page` is another."""
        return self._page, self._page.trained, self._live.count if self._live is not None else 0

    def begin_with(self, page: Page) -> None:
        """Show a page as the first one: nothing before it can be undone."""
        self.undo_stack.clear()
        self._show_page(page)

    def set_strokes(self, strokes: Sequence[ArrayLike]) -> None:
        """Show a drawing given in any units, fitted to the paper; can be undone.

        Raises:
            ValueError: a stroke is not an (N, 2) array of numbers.
        """
        fitted = tuple(
            np.column_stack(((unit - 0.5) * 0.84 + 0.5, np.ones(len(unit)))).astype(np.float32)
            for unit in normalise(strokes)
        )
        self.finish_stroke()
        if fitted or self._page.strokes:
            self._turn_to(Page(fitted), "Load drawing")

    def mark_trained(self) -> None:
        """Remember that the network was trained on this drawing; its ink becomes calmer."""
        self.finish_stroke()
        if self._page.strokes and not self._page.trained:
            self._page.trained = True
            self._redraw()

    def clear(self) -> None:
        """Empty the paper; can be undone."""
        self.finish_stroke()
        if self._page.strokes:
            self._turn_to(Page(), "Clear")

    def undo(self) -> None:
        """Take back the last change, or the stroke being drawn."""
        if self._live is not None:
            self._drop_live()
        else:
            self.undo_stack.undo()

    def redo(self) -> None:
        """Bring back what was undone last."""
        if self._live is None:
            self.undo_stack.redo()

    def set_hint(self, text: str) -> None:
        """Set the sentence on the empty paper."""
        self._hint = text
        self._describe()
        self.update()

    def finish_stroke(self) -> None:
        """End the stroke being drawn, as lifting the pen does; nothing otherwise."""
        live, self._live, self._device = self._live, None, ""
        if live is None or not live.count:
            return
        base = () if self._page.trained else self._page.strokes
        page = Page((*base, live.points().copy()))
        self._drawn_page = page if self._inked == live.count else None
        self._turn_to(page, "Stroke")
        self.stroke_finished.emit()

    # Drawing

    def _begin(self, device: str, where: QPointF, factor: float) -> None:
        self.finish_stroke()
        self._live, self._device, self._inked = LiveStroke(), device, 0
        self._extend(where, factor)

    def _extend(self, where: QPointF, factor: float) -> None:
        live, point = self._live, self._sheet.to_paper(where)
        if live is None or point is None:
            return
        if not live.add(*point, factor if math.isfinite(factor) else 1.0):
            return
        if live.count == 1:
            self._first_point()
        tail = self._sheet.to_pixels(live.points()[-2:])
        (left, top), (right, bottom) = tail.min(axis=0).tolist(), tail.max(axis=0).tolist()
        reach = self._sheet.line_width() + 2
        area = QRectF(left, top, right - left, bottom - top)
        self.update(area.adjusted(-reach, -reach, reach, reach).toAlignedRect())
        self._tell_soon()

    def _first_point(self) -> None:
        """A stroke really begins: a trained drawing makes room, the hint goes."""
        if self._page.trained or not self._page.strokes:
            self._redraw()
            self.drawing_began.emit(self._page.trained)

    def _drop_live(self) -> None:
        self._live, self._device = None, ""
        self._rescale()
        self._redraw()
        self._tell()

    def _turn_to(self, page: Page, text: str) -> None:
        self.undo_stack.push(TurnPage(self._show_page, self._page, page, text))

    def _show_page(self, page: Page) -> None:
        self._live, self._device = None, ""
        self._page = page
        if page is not self._drawn_page:  # else its pixels came point by point
            self._rescale()
            self._redraw()
        self._drawn_page = None
        self._tell()

    def _page_in_sight(self) -> Page:
        """The page, or an empty one while a stroke starts a fresh drawing over a trained one."""
        return Page() if self._page.trained and self._has_points() else self._page

    def _has_points(self) -> bool:
        return self._live is not None and self._live.count > 0

    # Telling

    def _tell_soon(self) -> None:
        wait = self._told + FRAME - monotonic()
        if wait <= 0:
            self._tell()
        elif not self._tell_later.isActive():
            self._tell_later.start(math.ceil(wait * 1000))

    def _tell(self) -> None:
        self._tell_later.stop()
        self._told = monotonic()
        self._describe()
        self.drawing_changed.emit()

    def _describe(self) -> None:
        count = len(self._drawn())
        text = f"{count} stroke{'' if count == 1 else 's'}" if count else f"Empty. {self._hint}"
        if self.is_trained:
            text += ", trained"
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def _rescale(self) -> None:
        self._sheet = Sheet.fitting(self.width(), self.height(), self._drawn())

    def _drawn(self) -> list[Stroke]:
        """All strokes in sight, the live one last."""
        drawn = list(self._page_in_sight().strokes)
        if self._live is not None and self._live.count:
            drawn.append(self._live.points())
        return drawn

    def _redraw(self) -> None:
        self._ink = None
        self._describe()
        self.update()

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._may_be_mouse(event):
            self._begin("mouse", event.position(), 1.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._device != "mouse":
            return
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._extend(event.position(), 1.0)
        else:  # the release went elsewhere
            self.finish_stroke()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._device == "mouse" and event.button() == Qt.MouseButton.LeftButton:
            self._extend(event.position(), 1.0)
            self.finish_stroke()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick dots are two dots

    def _may_be_mouse(self, event: QMouseEvent) -> bool:
        """False for the mouse press that a system adds to a touch or pen press already seen."""
        if self._device:
            return False
        direct = event.device() is not None and event.pointingDevice().type() in (
            QPointingDevice.DeviceType.TouchScreen,
            QPointingDevice.DeviceType.Stylus,
        )
        made_up = direct or event.source() != Qt.MouseEventSource.MouseEventNotSynthesized
        return not (made_up and self._knows_direct_input)

    def tabletEvent(self, event: QTabletEvent) -> None:
        event.accept()
        self._knows_direct_input = True
        if self._device not in ("", "pen"):
            return
        kind, factor = event.type(), 0.25 + 1.25 * event.pressure()
        if kind == QEvent.Type.TabletPress:
            eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
            if event.button() == Qt.MouseButton.LeftButton and not eraser:
                self._begin("pen", event.position(), factor)
        elif self._device == "pen":
            if kind == QEvent.Type.TabletRelease:
                self._extend(event.position(), self._last_factor())
                self.finish_stroke()
            elif event.buttons() & Qt.MouseButton.LeftButton:
                self._extend(event.position(), factor)
            else:
                self.finish_stroke()

    def _last_factor(self) -> float:
        """The width at the pen's last point: pressure is 0 when the pen is lifted."""
        live = self._live
        return float(live.points()[-1, 2]) if live is not None and live.count else 1.0

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            return self._touch(event)
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> bool:
        event.accept()
        self._knows_direct_input = True
        if event.type() == QEvent.Type.TouchCancel:
            if self._device == "touch":
                self._drop_live()
            return True
        for point in event.points():
            state = point.state()
            if state == point.State.Pressed and not self._device and self.isEnabled():
                self._finger = point.id()
                self._begin("touch", point.position(), 1.0)
            elif self._device == "touch" and point.id() == self._finger:
                self._extend(point.position(), 1.0)
                if state == point.State.Released:
                    self.finish_stroke()
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        self.finish_stroke()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.finish_stroke()
        super().closeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Who draws with the mouse needs no ring to find the pen; a returning window keeps it.
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._shows_focus = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._shows_focus = True
        self.update()
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._rescale()
        self._redraw()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        kind = event.type()
        if kind in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._redraw()
        elif kind == QEvent.Type.EnabledChange:
            if not self.isEnabled():
                self.finish_stroke()
            self._redraw()
        super().changeEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = self._inked_pixmap()
        painter = QPainter(self)
        area = QRectF(self.rect())
        painting.paint_paper(painter, area)
        painter.drawPixmap(0, 0, ink)
        if self.is_empty and self._hint:
            painting.paint_sentence(painter, area, self._hint)
        if self.is_trained:
            painter.setFont(theme.font(theme.CAPTION))
            painter.setPen(theme.colour("right"))
            where = area.adjusted(10, 8, -10, -8)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignBottom), "✓ trained")
        if self._shows_focus and self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _inked_pixmap(self) -> QPixmap:
        """The drawing's pixels; made anew only when something other than a point came."""
        ratio = self.devicePixelRatioF()
        if self._ink is None or self._ink.devicePixelRatio() != ratio:
            self._ink = QPixmap(
                max(math.ceil(self.width() * ratio), 1), max(math.ceil(self.height() * ratio), 1)
            )
            self._ink.setDevicePixelRatio(ratio)
            self._ink.fill(Qt.GlobalColor.transparent)
            self._inked = 0
            painter = self._ink_painter(self._ink)
            for stroke in self._page_in_sight().strokes:
                self._sheet.paint(painter, stroke)
            painter.end()
        if self._live is not None and self._inked < self._live.count:
            painter = self._ink_painter(self._ink)
            self._sheet.paint(painter, self._live.points()[max(self._inked - 1, 0) :])
            painter.end()
            self._inked = self._live.count
        return self._ink

    def _ink_painter(self, pixmap: QPixmap) -> QPainter:
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        calm = self.is_trained or not self.isEnabled()
        ink = theme.colour("text")
        if calm:
            ink = painting.mix(ink, theme.colour("window"), 0.35)
        painter.setPen(
            QPen(ink, 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        return painter
