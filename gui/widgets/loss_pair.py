"""Training and test loss side by side: two numbers, two accuracies, and their curves."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import chart, painting, theme
from gui.chart import Axis
from gui.twin import Twin

STEP, LOSS, TEST_LOSS, ACCURACY, TEST_ACCURACY = range(5)
HEADER = 60  # logical pixels of the two numbers
LEFT, RIGHT, TOP, BOTTOM = 34, 6, 6, 16  # around the curves
EMPTY = "The losses appear here once there are points"


class LossPair(Twin, QWidget):
    """`set_rows` takes (n, 5): step, training loss, test loss, training and test accuracy."""

    contents = ("_accuracies", "_rows")

    def __init__(self, parent: QWidget | None = None, *, accuracies: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("loss_pair")
        self.setAccessibleName("Losses")
        self.setToolTip(
            "The loss over all training points, filled line, and over test points, dashed.\n"
            "Lower is better; a test loss that climbs means learning by heart."
        )
        self.setMouseTracking(True)
        self.setMinimumSize(120, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._accuracies = accuracies
        self._rows: NDArray[np.float64] = np.empty((0, 5))
        self._pointer = -1.0

    def sizeHint(self) -> QSize:
        return QSize(200, 160)

    def set_rows(self, rows: NDArray[np.float64]) -> None:
        """Show a history, oldest first; NaN stands for what is unknown."""
        if rows.ndim != 2 or rows.shape[1] != 5:
            raise ValueError(f"rows: expected (n, 5), got {rows.shape}")
        self._rows = rows
        last = rows[-1] if len(rows) else np.full(5, np.nan)
        self.setAccessibleDescription(
            f"training loss {chart.short(last[LOSS])}, test loss {chart.short(last[TEST_LOSS])}"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not len(self._rows):
            painting.paint_sentence(painter, QRectF(self.rect()), EMPTY)
            return
        shown = self._row_read()
        self._paint_numbers(painter, self._rows[shown])
        area = QRectF(
            LEFT, HEADER + TOP, self.width() - LEFT - RIGHT, self.height() - HEADER - TOP - BOTTOM
        )
        if area.height() >= 24 and len(self._rows) > 1:
            self._paint_curves(painter, area, shown)

    def _row_read(self) -> int:
        """The row under the pointer, or the last."""
        if self._pointer < 0 or len(self._rows) < 2:
            return len(self._rows) - 1
        steps = self._rows[:, STEP]
        axis = Axis(steps[0], max(steps[-1], steps[0] + 1), LEFT, self.width() - LEFT - RIGHT)
        return int(np.abs(steps - axis.value(self._pointer)).argmin())

    def _paint_numbers(self, painter: QPainter, row: NDArray[np.float64]) -> None:
        half = self.width() / 2
        for i, (name, loss, right) in enumerate(
            (
                ("Training", row[LOSS], row[ACCURACY]),
                ("Test", row[TEST_LOSS], row[TEST_ACCURACY]),
            )
        ):
            left = i * half
            role = ("accent", "negative")[i]
            painter.setPen(self._pen(i))
            painter.drawLine(QPointF(left, 8.5), QPointF(left + 12, 8.5))
            painter.setFont(theme.font(theme.CAPTION))
            painter.setPen(theme.colour("muted"))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(left + 18, 0, half - 18, 16), flags, name)
            if self._accuracies and isfinite(right):
                told = f"{np.floor(1000 * right) / 10:.4g} % right"  # 100 only when all are
                painter.drawText(QRectF(left, 41, half, 16), flags, told)
            painter.setFont(theme.font(18, bold=True))
            painter.setPen(theme.colour(role if isfinite(loss) else "muted"))
            figure = f"{loss:.3f}" if isfinite(loss) and 0.0005 <= loss < 100 else chart.short(loss)
            painter.drawText(QRectF(left, 17, half, 24), flags, figure)

    @staticmethod
    def _pen(which: int) -> QPen:
        pen = QPen(theme.colour(("accent", "negative")[which]), 1.8)
        if which:
            pen.setDashPattern([3, 2])
        return pen

    def _paint_curves(self, painter: QPainter, area: QRectF, shown: int) -> None:
        rows = self._rows
        low, top = _range(rows[:, (LOSS, TEST_LOSS)])
        steps = Axis(
            rows[0, STEP], max(rows[-1, STEP], rows[0, STEP] + 1), area.left(), area.width()
        )
        losses = Axis(low, top, area.bottom(), -area.height())
        painter.setFont(theme.font(theme.CAPTION))
        for value in losses.ticks(max(2, int(area.height() / 36))):
            y = float(losses.place(np.array(value)))
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.colour("muted"))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, LEFT - 5, 16), flags, chart.short(value))
        ends = (
            (rows[0, STEP], Qt.AlignmentFlag.AlignLeft),
            (rows[-1, STEP], Qt.AlignmentFlag.AlignRight),
        )
        for value, flag in ends:
            box = QRectF(area.left(), area.bottom() + 1, area.width(), 14)
            painter.drawText(box, flag | Qt.AlignmentFlag.AlignVCenter, chart.short(value))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(area.adjusted(0, -2, 1, 2))
        across = steps.place(rows[:, STEP])
        for which in (1, 0):
            values = rows[:, (LOSS, TEST_LOSS)[which]]
            good = np.isfinite(values)
            places = np.stack([across[good], losses.place(np.minimum(values[good], 2 * top))], 1)
            painter.setPen(self._pen(which))
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in places.tolist()]))
        if self._pointer >= 0:
            x = float(across[shown])
            painter.setPen(QPen(theme.colour("muted"), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setClipping(False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position().x()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = -1.0
        self.update()


def _range(losses: NDArray[np.float64]) -> tuple[float, float]:
    """A scale for most of the losses and the last ones; the first few may leave it."""
    low, top = chart.loss_range(losses.ravel(), log=False)
    usual = losses[np.isfinite(losses)]
    if len(usual) > 40:
        last = float(np.nanmax(np.append(losses[-5:].ravel(), 0)))
        top = min(top, 1.25 * max(float(np.quantile(usual, 0.95)), last, 1e-6))
    return low, top
