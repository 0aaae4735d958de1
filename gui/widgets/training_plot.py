"""How a training goes: the loss above, the accuracies below, over the steps.

Painted here rather than by a plotting library: two charts with one axis, marks where a setting
was changed, and the run before as a pale curve, in well under a millisecond a thousand points.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import chart, curves, painting, theme
from gui.chart import Axis
from gui.image_history import Mark
from gui.plot import Plot

LEFT, RIGHT, TOP, GAP, BOTTOM = 40, 8, 18, 24, 18  # pixels around the two charts
EMPTY = "Loss and accuracy appear here once training begins"

STEP, LOSS, TRAIN, VALIDATION = range(4)
Rows = NDArray[np.float64]


class TrainingPlot(Plot):
    """Loss (raw pale, smoothed bright) and accuracies (training, validation).

    Point at it, or use Left and Right, to read values.
    """

    contents = ("_rows", "_ghost", "_ghost_text", "_marks", "_log")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "training_plot",
            "Training curves",
            "Point at a curve, or use Left and Right, to read its values.",
        )
        self.setMinimumSize(200, 140)
        self._rows: Rows = np.empty((0, 4))
        self._ghost: Rows = np.empty((0, 4))
        self._ghost_text = ""
        self._marks: tuple[Mark, ...] = ()
        self._log = False
        self.renew()

    # What others ask and say

    def set_rows(self, rows: Rows) -> None:
        """Show (n, 4): step, loss, training and validation accuracy (0 to 1 or NaN)."""
        if rows.ndim != 2 or rows.shape[1] != 4:
            raise ValueError(f"rows: expected (n, 4), got {rows.shape}")
        self._rows = rows
        self.renew()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show where something was changed."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            self.renew()

    def set_last_run(self, rows: Rows | None, text: str = "") -> None:
        """Show the run before as a pale curve, and what is different now."""
        self._ghost = np.empty((0, 4)) if rows is None else rows
        self._ghost_text = text
        self.renew()

    def set_log(self, log: bool) -> None:
        """A logarithmic scale for the loss, or a straight one."""
        if log != self._log:
            self._log = log
            self.renew()

    def sizeHint(self) -> QSize:
        return QSize(520, 280)

    @property
    def readout(self) -> str:
        """What is read out now, in words; empty when nothing is."""
        if not 0 <= self._read < len(self._rows):
            return ""
        step, loss, train, validation = self._rows[self._read].tolist()
        words = [f"step {step:,.0f}", f"loss {chart.short(loss)}"]
        if np.isfinite(train):
            words.append(f"training {100 * train:.1f} %")
        if np.isfinite(validation):
            words.append(f"validation {100 * validation:.1f} %")
        return "   ".join(words)

    def steps(self) -> NDArray[np.float64]:
        return self._rows[:, STEP]

    def steps_axis(self) -> Axis:
        return self._axes()[0]

    def describe(self) -> str:
        if not len(self._rows):
            return EMPTY
        step, loss, _, validation = self._rows[-1].tolist()
        text = f"Step {step:,.0f}, loss {chart.short(loss)}"
        if np.isfinite(validation):
            text += f", validation accuracy {100 * validation:.1f} %"
        return text

    # Geometry

    def _axes(self) -> tuple[Axis, Axis, Axis]:
        """Steps, loss, accuracy."""
        both = np.concatenate((self._rows, self._ghost))
        last = max(float(both[:, STEP].max(initial=1)), 2.0)
        high = self.height() - TOP - GAP - BOTTOM
        upper = round(high * 0.54)
        steps = Axis(0.0, last, LEFT, self.width() - LEFT - RIGHT)
        low, top = chart.loss_range(both[:, LOSS], self._log)
        loss = Axis(low, top, TOP + upper, -upper, self._log)
        worst = np.nanmin(both[:, TRAIN:]) if np.isfinite(both[:, TRAIN:]).any() else 0.0
        settled = both[:, TRAIN:][len(both) // 10 :]
        if np.isfinite(settled).any():
            worst = np.nanmin(settled)
        floor = 0.9 if worst > 0.92 else 0.5 if worst > 0.55 else 0.0
        accuracy = Axis(100 * floor, 100.0, TOP + high + GAP, -(high - upper))
        return steps, loss, accuracy

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if not len(self._rows) and not len(self._ghost):
            painting.paint_sentence(painter, area, EMPTY)
        else:
            self._sheet.show(painter, area, self._paint_curves)
            self._paint_readout(painter)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _paint_curves(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        steps, loss, accuracy = self._axes()
        for axis, name, unit in ((loss, "Loss", ""), (accuracy, "Accuracy", " %")):
            self._paint_scale(painter, axis, name, unit)
        self._paint_steps(painter, steps)
        self._paint_marks(painter, steps)
        for axis, column, rows, smooth, colour, width in (
            (loss, LOSS, self._ghost, True, theme.colour("muted", 0.45), 1.5),
            (accuracy, VALIDATION, self._ghost, False, theme.colour("muted", 0.45), 1.5),
            (loss, LOSS, self._rows, False, theme.colour("accent", 0.3), 1.0),
            (accuracy, TRAIN, self._rows, False, theme.colour("muted"), 1.5),
            (accuracy, VALIDATION, self._rows, False, theme.colour("negative"), 2.0),
            (loss, LOSS, self._rows, True, theme.colour("accent"), 2.0),
        ):
            x, y = curves.finite(rows[:, STEP], rows[:, column] * (1 if axis is loss else 100))
            painter.save()
            wide = self.width() - LEFT
            top = axis.start + axis.length
            painter.setClipRect(QRectF(LEFT - 1, top - 2, wide, 4 - axis.length))
            y = _smooth(y) if smooth else y
            self.paint_curve(painter, steps, axis, x, y, colour, width)
            painter.restore()
        self._paint_mark_texts(painter, steps)
        self._paint_legend(painter, accuracy)

    def _paint_scale(self, painter: QPainter, axis: Axis, name: str, unit: str) -> None:
        painter.setPen(theme.colour("muted"))
        top = axis.start + axis.length
        painter.drawText(QPointF(2, top - 7), name)
        for value in axis.ticks(max(2, round(-axis.length / 28))):
            y = float(axis.place(np.array([value]))[0])
            if y < top - 1:
                continue
            painter.setPen(QPen(theme.colour("line", 0.7), 1))
            painter.drawLine(
                QPointF(LEFT, round(y) + 0.5), QPointF(self.width() - RIGHT, round(y) + 0.5)
            )
            painter.setPen(theme.colour("muted"))
            place = QRectF(0, y - 8, LEFT - 6, 16)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, flags, chart.short(value) + unit)

    def _paint_steps(self, painter: QPainter, axis: Axis) -> None:
        painter.setPen(theme.colour("muted"))
        y = self.height() - BOTTOM + 3
        for value in axis.ticks(max(2, int(axis.length / 90))):
            if value != round(value) or value == 0:
                continue
            x = float(axis.place(np.array([value]))[0])
            place = QRectF(x - 40, y, 80, 14)
            if place.right() > self.width():
                place.moveRight(self.width())
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(place, flags, f"{value:,.0f}")
        painter.drawText(QRectF(2, y, LEFT, 14), Qt.AlignmentFlag.AlignLeft, "step")

    def _paint_marks(self, painter: QPainter, steps: Axis) -> None:
        for mark in self._marks:
            x = round(float(steps.place(np.array([float(mark.step)]))[0])) + 0.5
            painter.setPen(QPen(theme.colour("text", 0.5), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, TOP), QPointF(x, self.height() - BOTTOM))

    def _paint_mark_texts(self, painter: QPainter, steps: Axis) -> None:
        """What was changed, in two lines at the top where there is room for it."""
        metrics = QFontMetricsF(theme.font(theme.CAPTION))
        free = [0.0, 0.0]  # where the next text may begin in each line
        for mark in self._marks:
            x = float(steps.place(np.array([float(mark.step)]))[0])
            wide = metrics.horizontalAdvance(mark.text)
            left = max(min(x + 4, self.width() - RIGHT - wide), LEFT + 2.0)
            line = next((i for i in (0, 1) if free[i] <= left), None)
            if line is None:
                continue
            box = QRectF(left - 2, TOP + 1 + 15 * line, wide + 4, 14)
            painter.fillRect(box, theme.colour("panel", 0.85))
            painter.setPen(theme.colour("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark.text)
            free[line] = left + wide + 8

    def _paint_legend(self, painter: QPainter, accuracy: Axis) -> None:
        parts = [("training", "muted", 1.0), ("validation", "negative", 1.0)]
        self._paint_parts(painter, accuracy.start + accuracy.length - 11, parts)
        if len(self._ghost):
            text = f"last run; since then: {self._ghost_text}"
            metrics = QFontMetricsF(theme.font(theme.CAPTION))
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - 140)
            self._paint_parts(painter, TOP - 11, [(text, "muted", 0.45)])

    def _paint_parts(
        self, painter: QPainter, y: float, parts: Sequence[tuple[str, str, float]]
    ) -> None:
        """Names behind short lines of their colours, ending at the right."""
        metrics = QFontMetricsF(theme.font(theme.CAPTION))
        x = self.width() - RIGHT - sum(metrics.horizontalAdvance(t) + 34 for t, _, _ in parts) + 12
        for text, role, alpha in parts:
            painter.setPen(QPen(theme.colour(role, alpha), 2))
            painter.drawLine(QPointF(x, y), QPointF(x + 14, y))
            painter.setPen(theme.colour("muted"))
            painter.drawText(QPointF(x + 19, y + 4), text)
            x += metrics.horizontalAdvance(text) + 34

    def _paint_readout(self, painter: QPainter) -> None:
        words = self.readout
        if not words:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        steps, loss, accuracy = self._axes()
        row = self._rows[self._read]
        x = float(steps.place(row[STEP : STEP + 1])[0])
        painter.setPen(QPen(theme.colour("muted"), 1))
        painter.drawLine(QPointF(x, TOP), QPointF(x, self.height() - BOTTOM))
        for axis, value, role in (
            (loss, row[LOSS], "accent"),
            (accuracy, 100 * row[TRAIN], "muted"),
            (accuracy, 100 * row[VALIDATION], "negative"),
        ):
            if np.isfinite(value):
                y = float(axis.place(np.array([value]))[0])
                painter.setBrush(theme.colour(role))
                painter.setPen(QPen(theme.colour("panel"), 1))
                painter.drawEllipse(QPointF(x, y), 3.5, 3.5)
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words) + 12
        left = min(max(x - wide / 2, LEFT), self.width() - RIGHT - wide)
        box = QRectF(left, loss.start + 2, wide, 19)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(theme.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return curves.smoothed(values, max(len(values) // 25, 3))
