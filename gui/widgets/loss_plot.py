"""The curve of the loss over the last steps."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import curves, painting, theme
from gui.chart import Axis, round_below, tick_texts
from gui.plot import Plot

LOW = 110  # pixels; a lower plot gets fewer figures
LEFT, RIGHT, TOP, BOTTOM = 40, 10, 10, 20  # pixels around the curve
EMPTY = "The loss appears here after the first Train"


class LossPlot(Plot):
    """Raw losses pale, their running mean bright; the pointer or the arrow keys read values out."""

    contents = ("_steps", "_losses", "_mean")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "loss_plot",
            "Loss curve",
            "The loss of each step, pale, and its running mean. Lower is better.\n"
            "Point at it, or use Left and Right, to read a value.",
        )
        self.setMinimumSize(120, 60)
        self._steps: NDArray[np.float64] = np.empty(0)
        self._losses: NDArray[np.float64] = np.empty(0)
        self._mean: NDArray[np.float64] = np.empty(0)
        self.renew()

    def sizeHint(self) -> QSize:
        return QSize(240, 120)

    def set_history(self, steps: ArrayLike, losses: ArrayLike) -> None:
        """Show losses (N,) of steps (N,), oldest first; what is not finite is left out.

        Raises:
            ValueError: steps and losses differ in number.
        """
        self._steps, self._losses = curves.finite(steps, losses)
        self._mean = curves.smoothed(self._losses, len(self._losses) // 20)
        self.renew()

    @property
    def readout(self) -> str:
        """What is read out now, in words; empty when nothing is."""
        if self._read < 0:
            return ""
        return f"step {self._steps[self._read]:,.0f}   loss {short(self._losses[self._read])}"

    def steps(self) -> NDArray[np.float64]:
        return self._steps

    def steps_axis(self) -> Axis:
        return self._axes()[0]

    def describe(self) -> str:
        if not len(self._steps):
            return EMPTY
        return f"Loss {short(self._losses[-1])} at step {self._steps[-1]:,.0f}"

    def _axes(self) -> tuple[Axis, Axis]:
        """Steps and losses. One wild loss must not flatten the rest: the highest percent may
        leave the picture.
        """
        first, last = float(self._steps[0]), float(self._steps[-1])
        if last <= first:
            first, last = first - 1, last + 1
        losses = self._losses
        top = float(np.quantile(losses, 0.99)) if len(losses) > 200 else float(losses.max())
        top = max(top * 1.08, float(self._mean.max()) * 1.02, 1e-6)
        low = min(float(losses.min()), 0.0)
        high = self.height() - TOP - BOTTOM
        return (
            Axis(first, last, LEFT, max(self.width() - LEFT - RIGHT, 1)),
            Axis(low, top, self.height() - BOTTOM, -float(max(high, 1))),
        )

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if len(self._steps):
            self._sheet.show(painter, area, self._paint_plot)
            self._paint_readout(painter)
        else:
            painting.paint_sentence(painter, area, EMPTY)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _paint_plot(self, painter: QPainter) -> None:
        across, down = self._axes()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        self._paint_scales(painter, across, down)
        painter.setClipRect(QRectF(LEFT, TOP - 2, across.length + 2, 4 - down.length))
        for losses, colour, width in (
            (self._losses, theme.colour("muted", 0.28), 1.0),
            (self._mean, theme.colour("accent"), 2.0),
        ):
            self.paint_curve(painter, across, down, self._steps, losses, colour, width)

    def _paint_scales(self, painter: QPainter, across: Axis, down: Axis) -> None:
        base, end = down.start + 0.5, LEFT + across.length
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QPointF(LEFT - 0.5, TOP), QPointF(LEFT - 0.5, base))
        painter.drawLine(QPointF(LEFT - 0.5, base), QPointF(end, base))
        painter.setPen(theme.colour("muted"))
        ticks = down.ticks(max(2, int(-down.length / 40)))
        if self.height() < LOW:  # room for two figures: 0 and a round one near the top
            ticks = [0.0, round_below(down.high)]
        else:
            painter.drawText(QPointF(2, self.height() - 5), "step")
        for value, text in zip(ticks, tick_texts(ticks), strict=True):
            y = float(down.place(np.array(value)))
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), _RIGHT, text)
        free = 0.0  # where the next figure may begin
        metrics = QFontMetricsF(painter.font())
        steps = [v for v in across.ticks(max(2, int(across.length / 80))) if v == round(v)]
        for value, text in zip(steps, tick_texts(steps), strict=True):
            wide = metrics.horizontalAdvance(text)
            left = float(across.place(np.array(value))) - wide / 2
            left = min(left, self.width() - 2 - wide)
            if left >= free:
                painter.drawText(QPointF(left, self.height() - 5), text)
                free = left + wide + 12

    def _paint_readout(self, painter: QPainter) -> None:
        words = self.readout
        if not words:
            return
        across, down = self._axes()
        at = QPointF(
            float(across.place(self._steps[self._read])),
            max(float(down.place(self._losses[self._read])), 4.0),
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("window"), 1))
        painter.setBrush(theme.colour("text"))
        painter.drawEllipse(at, 3.5, 3.5)
        painter.setFont(theme.font(theme.CAPTION))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words) + 12
        box = QRectF(self.width() - wide - 8, 4, wide, 19)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def short(loss: float) -> str:
    """A loss in three significant digits."""
    if loss == 0 or 1e-3 <= abs(loss) < 1e4:
        return f"{loss:.3f}" if abs(loss) < 10 else f"{loss:,.1f}"
    return f"{loss:.2e}"
