"""How many pictures each class has, and in which part of the split they are."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gui import painting, theme
from gui.painted_area import PaintedArea

ROW = 24
BAR = 10
LEGEND = 24
PAD = 8
PARTS = (("train", "accent"), ("validation", "negative"), ("test", "muted"))
EMPTY = "The pictures of each class are counted here"


class ClassCounts(PaintedArea):
    """A bar a class, in the colours of training, validation and test, with numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent,
            "class_counts",
            "Pictures of each class",
            "How many pictures of each class are for training, validation and test",
        )
        self.setMinimumSize(120, LEGEND + 2 * ROW)
        self.verticalScrollBar().setSingleStep(ROW)
        self._names: list[str] = []
        self._counts = np.empty((len(PARTS), 0), np.int64)
        self._describe()

    def set_counts(self, names: Sequence[str], counts: Mapping[str, ArrayLike] | None) -> None:
        """Show the counts (classes,) of "train", "validation" and "test"; a part may be missing.

        Raises:
            ValueError: an unknown part, or not one count a class.
        """
        table = np.zeros((len(PARTS), len(names)), np.int64)
        known = [part for part, _ in PARTS]
        for part, values in (counts or {}).items():
            if part not in known:
                raise ValueError(f"counts: expected parts among {', '.join(known)}, got {part!r}")
            given = np.asarray(values, np.int64)
            if given.shape != (len(names),):
                raise ValueError(f"{part}: expected {len(names)} counts, got {given.shape}")
            table[known.index(part)] = given
        self._names = list(names) if counts is not None else []
        self._counts = table if counts is not None else table[:, :0]
        self._measure()
        self._describe()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(260, LEGEND + ROW * min(max(len(self._names), 4), 12) + 2 * PAD)

    def _words(self, index: int) -> str:
        parts = ", ".join(
            f"{part} {count:,}"
            for (part, _), count in zip(PARTS, self._counts[:, index].tolist(), strict=True)
            if count
        )
        return f"{self._names[index]}: {parts or 'none'}"

    def _totals(self) -> str:
        totals = zip(PARTS, self._counts.sum(axis=1).tolist(), strict=True)
        parts = [f"{part} {total:,}" for (part, _), total in totals if total]
        return "\n".join([self.toolTip(), ", ".join(parts)]).strip()

    def _describe(self) -> None:
        lines = [self._words(index) for index in range(len(self._names))]
        self.setAccessibleDescription("; ".join(lines) or EMPTY)

    def _measure(self) -> None:
        room = self.viewport().height() - LEGEND
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, len(self._names) * ROW + 2 * PAD - room))
        bar.setPageStep(max(room, ROW))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(event.pos())
            text = self._words(index) if index >= 0 else self._totals()
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def _index_at(self, where: QPoint) -> int:
        index = (where.y() - LEGEND + self.verticalScrollBar().value()) // ROW
        return index if where.y() >= LEGEND and index < len(self._names) else -1

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = QRectF(self.viewport().rect())
        if not self._names:
            painting.paint_sentence(painter, area, EMPTY)
        else:
            inner = area.adjusted(PAD, 0, -PAD - 4, 0)
            self._paint_legend(painter, QRectF(inner.x(), 0, inner.width(), LEGEND))
            painter.setClipRect(area.adjusted(0, LEGEND, 0, 0))
            self._paint_rows(painter, inner.adjusted(0, LEGEND, 0, 0))
            painter.setClipping(False)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)

    def _paint_legend(self, painter: QPainter, line: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = theme.font(theme.CAPTION)
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        x = line.x()
        totals = zip(PARTS, self._counts.sum(axis=1).tolist(), strict=True)
        parts = [(part, role, total) for (part, role), total in totals if total]
        texts = [f"{part} {total:,}" for part, _, total in parts]
        if sum(metrics.horizontalAdvance(text) + 25 for text in texts) - 12 > line.width():
            texts = [part for part, _, _ in parts]  # the numbers are in the tooltips
        for (_, role, _), text in zip(parts, texts, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(role))
            painter.drawRoundedRect(QRectF(x, line.center().y() - 4, 8, 8), 2, 2)
            painter.setPen(theme.colour("muted"))
            wide = metrics.horizontalAdvance(text)
            painter.drawText(
                QRectF(x + 13, line.y(), wide + 2, line.height()),
                int(Qt.AlignmentFlag.AlignVCenter),
                text,
            )
            x += 13 + wide + 12

    def _paint_rows(self, painter: QPainter, area: QRectF) -> None:
        face = theme.font(theme.BODY)
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        totals: NDArray[np.int64] = self._counts.sum(axis=0)
        widest = max(metrics.horizontalAdvance(name) for name in self._names) + 1
        named = min(widest, max(area.width() * 0.42, 24))
        figures = max(metrics.horizontalAdvance(f"{total:,}") for total in totals.tolist()) + 2
        left = area.x() + named + 8
        room = area.right() - figures - 8 - left
        top = area.y() - self.verticalScrollBar().value()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        for index, name in enumerate(self._names):
            row = QRectF(area.x(), top + index * ROW, area.width(), ROW)
            if row.bottom() < area.y() or row.top() > self.viewport().height():
                continue
            painter.setPen(theme.colour("text"))
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, named)
            painter.drawText(QRectF(row.x(), row.y(), named, ROW), middle, short)
            painter.setPen(theme.colour("muted"))
            painter.drawText(
                row, middle | int(Qt.AlignmentFlag.AlignRight), f"{int(totals[index]):,}"
            )
            if room > 8:
                track = QRectF(left, row.center().y() - BAR / 2, room, BAR)
                self._paint_bar(painter, track, index, int(totals.max()))

    def _paint_bar(self, painter: QPainter, track: QRectF, index: int, most: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(track, theme.colour("raised"))
        x = track.x()
        for (_, role), count in zip(PARTS, self._counts[:, index].tolist(), strict=True):
            wide = track.width() * count / max(most, 1)
            if count:
                gap = 1.0 if wide > 3 else 0.0
                painter.fillRect(
                    QRectF(x, track.y(), max(wide - gap, 1.0), BAR), theme.colour(role)
                )
            x += wide
