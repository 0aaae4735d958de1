"""The curve of the loss over the last steps."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import curves, painting, theme

POINTS = 2000  # at most so many are drawn
LOW = 110  # pixels; a lower plot gets fewer figures
EMPTY = "The loss appears here after the first Train"


class LossPlot(QWidget):
    """Raw losses pale, their running mean bright; a read-out under the pointer or the arrow keys.

    pyqtgraph is imported with the first data, or before by `warm_up` when the app is idle.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loss_plot")
        self.setAccessibleName("Loss curve")
        self.setToolTip(
            "The loss of each step, pale, and its running mean. Lower is better.\n"
            "Point at it, or use Left and Right, to read a value."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._steps: NDArray[np.float64] = np.empty(0)
        self._losses: NDArray[np.float64] = np.empty(0)
        self._plot: Any = None
        self._raw: Any = None
        self._mean: Any = None
        self._cursor: Any = None
        self._ratio = 0.0
        self._top = 1.0  # of the visible range
        self._read = -1  # index of the point read out; -1: none
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 2, 4, 2)
        self._readout = QLabel(self)
        self._readout.setProperty("role", "readout")
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(240, 120)

    def warm_up(self) -> None:
        """Import pyqtgraph and build the empty plot ahead of the first data (about 0.5 s)."""
        if self._plot is not None:
            return
        import pyqtgraph

        self._plot = plot = pyqtgraph.PlotWidget(parent=self, background=None)
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(False, False)
        plot.hideButtons()
        plot.setAntialiasing(True)
        plot.setStyleSheet("background: transparent")
        plot.setToolTip(self.toolTip())
        item = plot.getPlotItem()
        item.getViewBox().setDefaultPadding(0)
        item.setContentsMargins(0, 6, 8, 0)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-3, tickTextOffset=4, maxTickLevel=0)
            axis.tickStrings = _step_texts if side == "bottom" else _tick_texts
        self._raw = plot.plot([], [], skipFiniteCheck=True)
        self._mean = plot.plot([], [], skipFiniteCheck=True)
        self._cursor = pyqtgraph.ScatterPlotItem(size=7, pxMode=True)
        plot.addItem(self._cursor, ignoreBounds=True)
        plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        plot.installEventFilter(self)
        self._column.addWidget(plot)
        plot.setVisible(bool(len(self._steps)))
        self._dress()
        self._mark_scale()

    def set_history(self, steps: ArrayLike, losses: ArrayLike) -> None:
        """Show losses (N,) of steps (N,), oldest first; what is not finite is left out.

        Raises:
            ValueError: steps and losses differ in number.
        """
        self._steps, self._losses = curves.finite(steps, losses)
        if len(self._steps):
            self.warm_up()
            self._draw()
        if self._plot is not None:
            self._plot.setVisible(bool(len(self._steps)))
        self._show_readout(min(self._read, len(self._steps) - 1))
        self._describe()
        self.update()

    def _describe(self) -> None:
        if len(self._steps):
            text = f"Loss {short(self._losses[-1])} at step {self._steps[-1]:,.0f}"
        else:
            text = EMPTY
        self.setAccessibleDescription(text)

    def _draw(self) -> None:
        if self._ratio != self.devicePixelRatioF():
            self._dress()
        steps, losses = self._steps, self._losses
        mean = curves.smoothed(losses, len(losses) // 20)
        self._raw.setData(*curves.thinned(steps, losses, POINTS))
        self._mean.setData(
            *curves.thinned(steps, mean, POINTS), symbol="o" if len(steps) == 1 else None
        )
        first, last = float(steps[0]), float(steps[-1])
        if last <= first:
            first, last = first - 1, last + 1
        # One wild loss must not flatten the rest: the highest percent may leave the picture.
        top = float(np.quantile(losses, 0.99)) if len(losses) > 200 else float(losses.max())
        top = max(top * 1.08, float(mean.max()) * 1.02, 1e-6)
        self._top = top
        self._mark_scale()
        self._plot.setXRange(first, last, padding=0)
        self._plot.setYRange(min(float(losses.min()), 0.0), top, padding=0)

    # Reading a value

    def _on_mouse_moved(self, where: QPointF) -> None:
        box = self._plot.getPlotItem().getViewBox()
        if not len(self._steps) or not box.sceneBoundingRect().contains(where):
            self._show_readout(-1)
            return
        step = box.mapSceneToView(where).x()
        place = int(np.searchsorted(self._steps, step))
        before = max(place - 1, 0)
        place = min(place, len(self._steps) - 1)
        nearer_before = step - self._steps[before] < self._steps[place] - step
        self._show_readout(before if nearer_before else place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = len(self._steps)
        by = {
            Qt.Key.Key_Left: -max(count // 100, 1),
            Qt.Key.Key_Right: max(count // 100, 1),
            Qt.Key.Key_Home: -count,
            Qt.Key.Key_End: count,
        }.get(Qt.Key(event.key()))
        if by is None or not count:
            super().keyPressEvent(event)
            return
        here = self._read if self._read >= 0 else count - 1
        self._show_readout(max(0, min(here + by, count - 1)) if self._read >= 0 else here)

    def _show_readout(self, index: int) -> None:
        self._read = index
        if index < 0 or self._plot is None:
            self._readout.hide()
            if self._cursor is not None:
                self._cursor.setData([], [])
            return
        step, loss = self._steps[index], self._losses[index]
        self._cursor.setData([step], [loss])
        self._readout.setText(f"step {step:,.0f}   loss {short(loss)}")
        self._readout.adjustSize()
        self._readout.move(self.width() - self._readout.width() - 8, 4)
        self._readout.show()
        self._readout.raise_()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._show_readout(-1)
        return False

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._show_readout(-1)
        self.update()

    # The look

    def _dress(self) -> None:
        import pyqtgraph

        face = theme.font(theme.CAPTION)
        self._ratio = ratio = self.devicePixelRatioF()  # pyqtgraph's pens count device pixels
        item = self._plot.getPlotItem()
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setTickFont(face)
            axis.setPen(theme.colour("line"))
            axis.setTextPen(theme.colour("muted"))
        self._raw.setPen(pyqtgraph.mkPen(theme.colour("muted", 0.28), width=ratio))
        self._mean.setPen(pyqtgraph.mkPen(theme.colour("accent"), width=2 * ratio))
        self._mean.setSymbolPen(None)
        self._mean.setSymbolBrush(theme.colour("accent"))
        self._mean.setSymbolSize(6)
        self._cursor.setPen(pyqtgraph.mkPen(theme.colour("window"), width=ratio))
        self._cursor.setBrush(theme.colour("text"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._mark_scale()

    def _mark_scale(self) -> None:
        """A low plot has room for two figures at its left: 0 and a round one near the top."""
        if self._plot is None:
            return
        ticks = None
        if self.height() < LOW:
            top = round_below(self._top)
            ticks = [[(0.0, "0"), (top, _tick_texts([top], 1, 1)[0])]]
        self._plot.getPlotItem().getAxis("left").setTicks(ticks)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            if self._plot is not None:
                self._dress()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if not len(self._steps):
            painting.paint_sentence(painter, area, EMPTY)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)


def _tick_texts(values: list[float], scale: float, spacing: float) -> list[str]:
    """Short texts for an axis; pyqtgraph's own get long for late steps."""
    texts = []
    for value in values:
        if abs(value) >= 1e9 or 0 < abs(value) < 1e-3:
            texts.append(f"{value:.3g}".replace("e-0", "e-").replace("e+", "e"))
        elif abs(value) >= 1e4:
            texts.append(f"{value / 1000:,.10g}k")
        else:
            texts.append(f"{value:,.6g}")
    return texts


def _step_texts(values: list[float], scale: float, spacing: float) -> list[str]:
    """Texts for whole steps only."""
    texts = _tick_texts(values, scale, spacing)
    return [
        text if value == round(value) else "" for value, text in zip(values, texts, strict=True)
    ]


def round_below(value: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that is not above `value` > 0."""
    power = 10.0 ** math.floor(math.log10(value))
    return float(f"{max(n * power for n in (1, 2, 5) if n * power <= value * (1 + 1e-9)):.6g}")


def short(loss: float) -> str:
    """A loss in three significant digits."""
    if loss == 0 or 1e-3 <= abs(loss) < 1e4:
        return f"{loss:.3f}" if abs(loss) < 10 else f"{loss:,.1f}"
    return f"{loss:.2e}"
