"""What the network takes the drawing for: the winner large, a bar for each class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import painting, theme
from gui.painted_area import PaintedArea

HEADER = 40  # pixels, for the winner
ROW = 24
BAR = 10
GAP = 8
EMPTY = "Draw something: the guess appears here"


class PredictionView(PaintedArea):
    """The winner's name in large type above bars with percentages; many classes scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "prediction_view",
            "Prediction",
            "The network's output for the drawing, class by class.\n"
            "The chosen label has no influence on it.",
        )
        self.setMinimumSize(120, HEADER + ROW)
        self.verticalScrollBar().setSingleStep(ROW)
        self._names: list[str] = []
        self._values: NDArray[np.float32] | None = None
        self._winner = -1
        self._describe()

    def set_prediction(self, names: Sequence[str], values: ArrayLike | None) -> None:
        """Show the outputs of the network.

        Args:
            names: one per class.
            values: (classes,) numbers, 1 being certain; None while there is nothing to guess.

        Raises:
            ValueError: names and values differ in number.
        """
        shown = None if values is None else np.array(values, np.float32).reshape(-1)
        if shown is not None and len(shown) != len(names):
            raise ValueError(f"values: expected {len(names)}, one per name, got {len(shown)}")
        winner = -1
        if shown is not None and np.isfinite(shown).any():
            winner = int(np.nanargmax(np.where(np.isfinite(shown), shown, np.nan)))
        if self._is_in_sight(list(names), shown, winner):
            return
        self._names, self._values, self._winner = list(names), shown, winner
        self._measure()
        self._describe()
        self.viewport().update()

    def _is_in_sight(
        self, names: list[str], values: NDArray[np.float32] | None, winner: int
    ) -> bool:
        """True when this looks like what is painted already: training sends sixty a second."""
        if values is None or self._values is None or (names, winner) != (self._names, self._winner):
            return False
        return bool(np.allclose(values, self._values, atol=1e-3, equal_nan=True))

    @property
    def winner(self) -> str:
        """The winning class's name; empty when there is none."""
        return self._names[self._winner] if self._winner >= 0 else ""

    def sizeHint(self) -> QSize:
        return QSize(220, HEADER + ROW * min(max(len(self._names), 2), 8) + 4)

    def _describe(self) -> None:
        if self._values is None:
            text = EMPTY
        else:
            shares = ", ".join(
                f"{name} {percent(value)}"
                for name, value in zip(self._names, self._values.tolist(), strict=True)
            )
            text = f"Looks like {self.winner}: {shares}" if self._winner >= 0 else shares
        self.setAccessibleDescription(text)

    def _measure(self) -> None:
        rows = len(self._names) if self._values is not None else 0
        room = self.viewport().height() - HEADER
        bar = self.verticalScrollBar()
        bar.setRange(0, max(rows * ROW + 4 - room, 0))
        bar.setPageStep(max(room, ROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.viewport().rect())
        if self._values is None:
            painting.paint_sentence(painter, area, EMPTY)
        else:
            self._paint_winner(painter, QRectF(area.x() + 6, area.y(), area.width() - 12, HEADER))
            rows = area.adjusted(6, HEADER, -6, 0)
            painter.save()
            painter.setClipRect(rows)
            self._paint_rows(painter, rows)
            painter.restore()
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _paint_winner(self, painter: QPainter, area: QRectF) -> None:
        values = self._values
        if values is None or self._winner < 0:
            painter.setFont(theme.font(theme.BODY))
            painter.setPen(theme.colour("wrong"))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, "✗ The outputs are not numbers")
            return
        share = percent(float(values[self._winner]))
        small = theme.font(theme.TITLE)
        wide = QFontMetricsF(small).horizontalAdvance("100 %")
        room = area.width() - wide - GAP
        face = theme.font(theme.WINNER, bold=True)
        for size in (21, theme.TITLE):  # a long name is set smaller before it is cut
            if QFontMetricsF(face).horizontalAdvance(self.winner) > room:
                face = theme.font(size, bold=True)
        name = self._elided(face, self.winner, room)
        painter.setFont(face)
        painter.setPen(theme.colour("text"))
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name
        )
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), share
        )

    def _paint_rows(self, painter: QPainter, area: QRectF) -> None:
        values = self._values
        if values is None:
            return
        plain, bold = theme.font(theme.BODY), theme.font(theme.BODY, bold=True)
        figures, letters = QFontMetricsF(bold), QFontMetricsF(bold)
        mark = letters.horizontalAdvance("▸ ")
        widest = max((letters.horizontalAdvance(name) for name in self._names), default=0.0)
        name_width = min(widest + 1, max(area.width() * 0.4 - mark, 16))
        share_width = figures.horizontalAdvance("100 %") + 2
        top = area.y() - self.verticalScrollBar().value()
        for index, (name, value) in enumerate(zip(self._names, values.tolist(), strict=True)):
            row = QRectF(area.x(), top + index * ROW, area.width(), ROW)
            if row.bottom() < area.top() or row.top() > area.bottom():
                continue
            wins = index == self._winner
            painter.setFont(bold if wins else plain)
            painter.setPen(theme.colour("text" if wins else "muted"))
            middle = int(Qt.AlignmentFlag.AlignVCenter)
            if wins:
                painter.drawText(row, middle, "▸")
            named = QRectF(row.x() + mark, row.y(), name_width, ROW)
            painter.drawText(named, middle, self._elided(painter.font(), name, name_width))
            painter.drawText(row, middle | int(Qt.AlignmentFlag.AlignRight), percent(value))
            left = named.right() + GAP
            track = QRectF(
                left, row.center().y() - BAR / 2, row.right() - share_width - GAP - left, BAR
            )
            self._paint_bar(painter, track, value, wins)

    def _elided(self, face: QFont, name: str, width: float) -> str:
        return QFontMetricsF(face).elidedText(name, Qt.TextElideMode.ElideRight, width)

    def _paint_bar(self, painter: QPainter, track: QRectF, value: float, wins: bool) -> None:
        if track.width() < 4:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(track, BAR / 2, BAR / 2)
        part = min(max(value, 0.0), 1.0) if np.isfinite(value) else 0.0
        if part <= 0:
            return
        painter.save()
        painter.setClipRect(
            QRectF(track.x(), track.y(), track.width() * part, track.height()),
            Qt.ClipOperation.IntersectClip,
        )
        painter.setBrush(theme.colour("accent") if wins else theme.colour("muted", 0.6))
        painter.drawRoundedRect(track, BAR / 2, BAR / 2)
        painter.restore()


def percent(value: float) -> str:
    """A share as whole percent, e.g. `87 %`; a dash for what is no number."""
    if not np.isfinite(value):
        return "–"
    whole = round(value * 100)
    if abs(whole) > 999:
        return f"{'−' if whole < 0 else ''}>999 %".replace("−>", "<−")
    return f"{whole} %".replace("-", "−")
