"""Several trainings in three plots: loss, training and test accuracy against examples seen."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import chart, curves, line_styles, painting, theme
from gui.chart import Axis
from gui.twin import Twin

SEEN, LOSS, TRAIN, TEST = range(4)
LEFT, RIGHT, TOP, BOTTOM, GAP = 40, 8, 22, 18, 12  # logical pixels around a plot
LEGEND = 20
POINTS = 160  # at most so many of a curve are painted
SMOOTH = 40  # a running mean goes over a twentieth of a curve
EMPTY = "Loss and accuracies appear here once training begins: press Play"
TITLES = ("Loss, all training points", "Training accuracy", "Test accuracy")
Rows = NDArray[np.float64]


class Curve(NamedTuple):
    """A training: its name, which of `gui.line_styles` it has, and its rows (n, 4): examples
    seen, loss, training and test accuracy.
    """

    name: str
    style: int
    rows: Rows


class Chart(NamedTuple):
    """One of the three: its axes, the column it shows and its scale."""

    column: int
    across: Axis
    down: Axis
    unit: str


class ComparePlot(Twin, QWidget):
    """Loss above, the two accuracies below. Point at a plot, or use Left and Right, to read."""

    contents = ("_curves", "_log")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_plot")
        self.setAccessibleName("Optimizers compared")
        self.setToolTip(
            "Each curve is a running mean. Point at a plot, or use Left and Right, to read the\n"
            "exact values there."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(280, 220)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._curves: tuple[Curve, ...] = ()
        self._log = False
        self._read: tuple[int, float] | None = None  # which plot, and at how many examples
        self._sheet = painting.Sheet()
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def set_curves(self, shown: Sequence[Curve]) -> None:
        """Show these trainings, each as its own line."""
        for curve in shown:
            if curve.rows.ndim != 2 or curve.rows.shape[1] != 4:
                raise ValueError(f"rows: expected (n, 4), got {curve.rows.shape}")
        self._curves = tuple(shown)
        self._renew()

    def set_log(self, log: bool) -> None:
        """A logarithmic scale for the loss, or a straight one."""
        if log != self._log:
            self._log = log
            self._renew()

    def readings(self, column: int, seen: float) -> list[tuple[str, int, float]]:
        """What each training had at about so many examples: name, style, value; best first."""
        found = []
        for name, style, rows in self._curves:
            if len(rows) and seen <= rows[-1, SEEN] * 1.02 + 1:
                row = rows[int(np.abs(rows[:, SEEN] - seen).argmin())]
                if np.isfinite(row[column]):
                    found.append((name, style, float(row[column])))
        return sorted(found, key=lambda told: told[2], reverse=column != LOSS)

    def _renew(self) -> None:
        self._sheet.drop()
        self._describe()
        self.update()

    def _describe(self) -> None:
        words = []
        for name, _, rows in self._curves:
            if len(rows):
                seen, loss, _, test = rows[-1].tolist()
                words.append(f"{name} after {seen:,.0f} examples: loss {chart.short(loss)}")
                if np.isfinite(test):
                    words[-1] += f", test accuracy {100 * test:.1f} %"
        self.setAccessibleDescription("; ".join(words) or EMPTY)

    @property
    def _has_rows(self) -> bool:
        return any(len(rows) for _, _, rows in self._curves)

    # -- geometry ----------------------------------------------------------------------------

    def charts(self) -> tuple[Chart, Chart, Chart]:
        """Where the three plots lie."""
        every = np.concatenate([rows for _, _, rows in self._curves])
        last = max(float(every[:, SEEN].max()), 1.0)
        room = self.height() - LEGEND - 2 * (TOP + BOTTOM)
        upper = round(room * 0.55)
        half = (self.width() - GAP) // 2
        low, top = chart.loss_range(every[:, LOSS], self._log)
        base = LEGEND + TOP + upper
        loss = Axis(low, top, base, -upper, self._log)
        wide = Axis(0.0, last, LEFT, self.width() - LEFT - RIGHT)
        under = self.height() - BOTTOM
        made = [Chart(LOSS, wide, loss, "")]
        for i, column in enumerate((TRAIN, TEST)):
            values = every[:, column]
            worst = float(np.nanmin(values)) if np.isfinite(values).any() else 0.0
            floor = max(0.0, np.floor(worst * 10 - 0.001) / 10)
            across = Axis(0.0, last, LEFT + i * (half + GAP), half - LEFT - RIGHT)
            made.append(Chart(column, across, Axis(100 * floor, 100.0, under, upper - room), " %"))
        return made[0], made[1], made[2]

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if not self._has_rows:
            painting.paint_sentence(painter, area, EMPTY)
        else:
            self._sheet.show(painter, area, self._paint_plots)
            self._paint_reading(painter)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _paint_plots(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.CAPTION))
        self._paint_legend(painter)
        for plot, title in zip(self.charts(), TITLES, strict=True):
            self._paint_scale(painter, plot, title)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(plot.across.start, plot.down.start, plot.across.length, plot.down.length)
            painter.setClipRect(box.normalized().adjusted(0, -2, 2, 2))
            for curve in self._curves:
                self._paint_curve(painter, plot, curve)
            painter.restore()

    def _paint_legend(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(painter.font())
        names = [curve for curve in self._curves if len(curve.rows)]
        needed = sum(metrics.horizontalAdvance(name) + 40 for name, _, _ in names)
        squeeze = min(1.0, (self.width() - 4) / max(needed, 1.0))
        x = 2.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name, style, _ in names:
            wide = (metrics.horizontalAdvance(name) + 40) * squeeze
            painter.setPen(pen_of(style, 2.0))
            painter.drawLine(QPointF(x, 8), QPointF(x + 22, 8))
            painter.setPen(theme.colour("text"))
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide - 30)
            painter.drawText(QPointF(x + 27, 12), text)
            x += wide

    def _paint_scale(self, painter: QPainter, plot: Chart, title: str) -> None:
        painter.setPen(theme.colour("muted"))
        left, top = plot.across.start, plot.down.start + plot.down.length
        right = left + plot.across.length
        painter.drawText(QPointF(left, top - 8), title)
        for value in plot.down.ticks(max(2, round(-plot.down.length / 30))):
            y = round(float(plot.down.place(np.array(value)))) + 0.5
            painter.setPen(QPen(theme.colour("line", 0.8), 1))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            painter.setPen(theme.colour("muted"))
            text = chart.short(value) + plot.unit
            painter.drawText(QRectF(left - LEFT, y - 8, LEFT - 6, 16), _RIGHT, text)
        edge = QRectF(left, plot.down.start + 3, plot.across.length, 14)
        painter.drawText(edge, Qt.AlignmentFlag.AlignLeft, "0")
        last = f"{plot.across.high:,.0f} examples seen"
        painter.drawText(edge, Qt.AlignmentFlag.AlignRight, last)

    def _paint_curve(self, painter: QPainter, plot: Chart, curve: Curve) -> None:
        scale = 100.0 if plot.unit else 1.0
        seen, values = curves.finite(curve.rows[:, SEEN], curve.rows[:, plot.column] * scale)
        seen, values = curves.thinned(seen, steadied(values), POINTS)
        if not len(seen):
            return
        low, high = sorted((plot.down.low, plot.down.high))
        values = np.clip(values, low, high + (high - low))
        x, y = plot.across.place(seen).tolist(), plot.down.place(values).tolist()
        if len(x) == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_ink(curve.style))
            painter.drawEllipse(QPointF(x[0], y[0]), 3, 3)
            return
        painter.setPen(pen_of(curve.style, 1.8))
        painter.drawPolyline([QPointF(a, b) for a, b in zip(x, y, strict=True)])

    def _paint_reading(self, painter: QPainter) -> None:
        if self._read is None:
            return
        which, seen = self._read
        plot = self.charts()[which]
        told = self.readings(plot.column, seen)
        if not told:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        metrics = QFontMetricsF(painter.font())
        x = float(plot.across.place(np.array(seen)))
        top = plot.down.start + plot.down.length
        painter.setPen(QPen(theme.colour("muted"), 1))
        painter.drawLine(QPointF(x, top), QPointF(x, plot.down.start))
        wide = max(metrics.horizontalAdvance(name) for name, _, _ in told) + 96
        high = 16.0 * len(told) + 26
        left = x + 10 if x + 10 + wide < self.width() else x - 10 - wide
        box = QRectF(left, min(top + 2, self.height() - high - 2), wide, high)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour("muted"))
        line = QRectF(box.left() + 8, box.top() + 4, wide - 16, 16)
        painter.drawText(line, _LEFT, f"{seen:,.0f} examples")
        for name, style, value in told:
            line.translate(0, 16)
            painter.setPen(pen_of(style, 2.0))
            y = line.center().y()
            painter.drawLine(QPointF(line.left(), y), QPointF(line.left() + 20, y))
            painter.setPen(theme.colour("text"))
            painter.drawText(line.adjusted(26, 0, 0, 0), _LEFT, name)
            figure = f"{100 * value:.1f} %" if plot.unit else chart.short(value)
            painter.drawText(line, _RIGHT, figure)

    # -- reading -----------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._read = None
        if self._has_rows:
            for which, plot in enumerate(self.charts()):
                at, across, down = event.position(), plot.across, plot.down
                if (
                    across.start <= at.x() <= across.start + across.length
                    and down.start + down.length - TOP <= at.y() <= down.start + BOTTOM
                ):
                    self._read = (which, across.value(at.x()))
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._read = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -0.02, Qt.Key.Key_Right: 0.02}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Tab or by is None or not self._has_rows:
            super().keyPressEvent(event)
            return
        last = self.charts()[0].across.high
        which, seen = self._read or (0, last)
        self._read = (which, min(max(seen + by * last, 0.0), last))
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._read = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._renew()
        super().changeEvent(event)


def steadied(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running means (n,): the first value stays exact, since all trainings share it."""
    count = len(values)
    place = np.arange(count)
    before = np.minimum(place, count // SMOOTH)
    after = np.minimum(before, count - 1 - place)
    sums = np.concatenate(([0.0], np.cumsum(values)))
    return np.asarray((sums[place + after + 1] - sums[place - before]) / (before + after + 1))


def pen_of(style: int, width: float) -> QPen:
    """The pen of a line of `gui.line_styles` in the theme of now."""
    pen = QPen(_ink(style), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash := line_styles.dash(style):
        pen.setDashPattern(list(dash))
    return pen


def _ink(style: int) -> QColor:
    return QColor(line_styles.ink(style, theme.colours().name))


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
