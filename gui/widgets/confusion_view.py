"""The confusion matrix: what each class was predicted to be, with precision and recall."""

from collections.abc import Sequence
from functools import partial
from math import ceil

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gui import confusion_painting, painting, theme
from gui.confusion import PICTURES, Confusion, how_to_read, percent
from gui.confusion_painting import Plan, Shown
from gui.painted_area import PaintedArea
from gui.twin import Twin

EMPTY = "The confusion matrix appears here after Evaluate: what each class was predicted to be"
NOWHERE = (-1, -1)


class ConfusionView(Twin, PaintedArea):
    """Rows actual, columns predicted; headers stay in sight while many classes scroll.

    `cell_chosen` tells (actual, predicted) of the cell that was clicked or entered.
    """

    contents = ("_names", "_table", "_things")

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None, *, things: str = PICTURES) -> None:
        """`things` are what is counted, in the plural."""
        super().__init__(
            parent,
            "confusion_view",
            "Confusion matrix",
            f"{how_to_read(things)}\nThe stronger its colour, the more {things} a cell counts "
            "(by logarithm).\nClick a cell, or press Enter, to see its pictures.",
        )
        self._things = things
        self.setMinimumSize(200, 160)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setCornerWidget(QWidget())  # Qt's own is a dark square
        self.viewport().setMouseTracking(True)
        self._names: list[str] = []
        self._table: Confusion | None = None
        self._cell = NOWHERE  # under the keyboard's cursor
        self._hovered = NOWHERE
        self._plan: Plan | None = None  # while there is something to show
        self._cells = painting.Sheet()
        self._describe()

    # What others ask and say

    def set_confusion(self, names: Sequence[str], counts: ArrayLike | None) -> None:
        """Show counts[actual, predicted] (classes, classes) of classes so named, or nothing.

        Raises:
            ValueError: counts are no square of whole numbers, one row a name.
        """
        table = None if counts is None else Confusion.of(counts, self._things)
        if table is not None and len(table.counts) != len(names):
            raise ValueError(f"counts: expected {len(names)} classes, got {len(table.counts)}")
        if list(names) != self._names:
            self._cell = self._hovered = NOWHERE
        self._names, self._table = list(names), table
        self._measure()
        self._describe()
        self.viewport().update()

    @property
    def has_counts(self) -> bool:
        """True while there is a matrix to see."""
        return self._table is not None

    @property
    def current_cell(self) -> tuple[int, int] | None:
        """(actual, predicted) of the cell under the cursor."""
        return self._cell if self._cell[0] >= 0 else None

    def cell_rect(self, actual: int, predicted: int) -> QRectF:
        """Where a cell lies in the viewport; empty while there is none."""
        shown = self._shown()
        return QRectF() if shown is None else shown.cell_rect(actual, predicted)

    def sizeHint(self) -> QSize:
        return QSize(520, 480)

    def _describe(self) -> None:
        table = self._table
        if table is None:
            text = EMPTY
        else:
            right = int(np.trace(table.counts))
            text = f"{percent(table.accuracy)} right, {right:,} of {table.total:,}."
            if self._cell[0] >= 0:
                text += f" {table.sentence(*self._cell, self._names)}."
            text += f" {how_to_read(self._things)}"
        self.setAccessibleDescription(text)

    # Geometry

    def _measure(self) -> None:
        self._plan = None
        self._cells.drop()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if self._table is None:
            across.setRange(0, 0)
            down.setRange(0, 0)
            return
        size = self.viewport().size()
        self._plan = plan = confusion_painting.plan(self._names, size.width(), size.height())
        pages = (plan.window.width(), plan.window.height())
        for bar, hidden, page in zip((across, down), plan.hidden, pages, strict=True):
            bar.setRange(0, max(0, hidden))
            bar.setPageStep(max(1, int(page)))
            bar.setSingleStep(plan.edge)

    def _shown(self) -> Shown | None:
        if self._table is None or self._plan is None:
            return None
        return Shown(
            self._names,
            self._table,
            self._plan,
            self.horizontalScrollBar().value(),
            self.verticalScrollBar().value(),
            self._hovered if self._hovered != NOWHERE else self._cell,
        )

    def _cell_at(self, where: QPoint) -> tuple[int, int]:
        plan = self._plan
        if plan is None or not plan.window.contains(where.toPointF()):
            return NOWHERE
        first = self.cell_rect(0, 0)
        column = int((where.x() - first.x()) // plan.edge)
        row = int((where.y() - first.y()) // plan.edge)
        return (row, column) if row < plan.count and column < plan.count else NOWHERE

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().toPoint())
        if cell[0] >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(*cell)
            self.cell_chosen.emit(*cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._cell_at(event.position().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(NOWHERE)
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(event.pos())
            text = self.toolTip()
            if self._table is not None and cell[0] >= 0:
                text = f"{self._table.sentence(*cell, self._names)}\nClick to see them"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self._names) - 1
        row, column = self._cell
        goal = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
            Qt.Key.Key_Home: (row, 0),
            Qt.Key.Key_End: (row, last),
            Qt.Key.Key_PageUp: (0, column),
            Qt.Key.Key_PageDown: (last, column),
        }.get(key)
        if self._table is None:
            super().keyPressEvent(event)
        elif goal is not None:
            at = (0, 0) if row < 0 else (max(0, min(goal[0], last)), max(0, min(goal[1], last)))
            self._go_to(*at)
        elif row >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.cell_chosen.emit(row, column)
        else:
            super().keyPressEvent(event)

    def _go_to(self, row: int, column: int) -> None:
        self._cell = (row, column)
        box, window = self.cell_rect(row, column), QRectF()
        if self._plan is not None:
            window = self._plan.window
        for bar, near, far in (
            (self.horizontalScrollBar(), box.left() - window.left(), box.right() - window.right()),
            (self.verticalScrollBar(), box.top() - window.top(), box.bottom() - window.bottom()),
        ):
            if near < 0:
                bar.setValue(int(bar.value() + near))
            elif far > 0:
                bar.setValue(ceil(bar.value() + far))
        self._describe()
        self.viewport().update()

    def _hover(self, cell: tuple[int, int]) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if cell[0] >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if (
            self._table is not None
            and self._cell[0] < 0
            and event.reason() != Qt.FocusReason.MouseFocusReason
        ):
            self._go_to(0, 0)
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._cells.drop()
        super().scrollContentsBy(dx, dy)

    def forget_look(self) -> None:
        self._measure()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = QRectF(self.viewport().rect())
        shown = self._shown()
        if shown is None:
            painting.paint_sentence(painter, area, EMPTY)
            if self.hasFocus():
                painting.paint_focus_ring(painter, area)
            return
        confusion_painting.paint_around(painter, shown)
        window = shown.plan.window
        paint = partial(confusion_painting.paint_cells, shown=shown)
        self._cells.show(painter, window, paint)
        painter.setClipRect(window.adjusted(-2, -2, 2, 2))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for cell, role, width in (
            (self._hovered, "muted", 1.5),
            (self._cell, "accent" if self.hasFocus() else "text", 2.0),
        ):
            if cell != NOWHERE:
                painter.setPen(QPen(theme.colour(role), width))
                painter.drawRoundedRect(shown.cell_rect(*cell).adjusted(0, 0, -1, -1), 2, 2)
