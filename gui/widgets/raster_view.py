"""The drawing as cells: what the network is given. Cells can be flipped by hand."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.cells import NOWHERE, CellGrid

ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class RasterView(QWidget):
    """A grid of cells that are 0 or 1, filled cells in the accent's colour.

    A click, or Space on the cell of the keyboard's cursor, asks with `cell_flipped` to flip a
    cell; dragging asks for every cell on the way that differs from the first one's new value.
    The view shows what `set_raster` says and nothing else.
    """

    cell_flipped = Signal(int, int)  # row, column
    cell_hovered = Signal(int, int)  # row, column; -1, -1 when none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raster_view")
        self.setAccessibleName("Raster")
        self.setToolTip(
            "The cells that the drawing passes: the network's input.\n"
            "Click or drag to flip cells; with the keyboard: arrows and Space."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(64, 64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._raster = np.zeros((6, 6), np.float32)
        self._strokes: list[NDArray[np.float32]] = []
        self._hovered = NOWHERE
        self._cursor = (0, 0)
        self._painting: bool | None = None  # the value a drag gives to cells
        self._painted: set[tuple[int, int]] = set()
        self._last = (0.0, 0.0)
        self._describe()

    @property
    def hovered_cell(self) -> tuple[int, int]:
        """(row, column) of the marked cell, (-1, -1) when none is."""
        return self._hovered

    @property
    def cursor_cell(self) -> tuple[int, int]:
        """(row, column) that Space flips."""
        return self._cursor

    def set_raster(self, raster: ArrayLike) -> None:
        """Show cells, (S, S) of 0 and 1 indexed [row, column].

        Raises:
            ValueError: the array is not square.
        """
        cells = np.array(raster, np.float32)
        if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or not cells.size:
            raise ValueError(f"raster: expected a square array (S, S), got shape {cells.shape}")
        if cells.shape != self._raster.shape:
            last = len(cells) - 1
            self._cursor = (min(self._cursor[0], last), min(self._cursor[1], last))
            self._painting = None
            if max(self._hovered) > last:
                self._hover(NOWHERE)
        self._raster = cells
        self._describe()
        self.update()

    def set_strokes(self, strokes: Sequence[ArrayLike]) -> None:
        """Show strokes of the unit square faintly over the cells."""
        self._strokes = [np.asarray(stroke, np.float32) for stroke in strokes]
        self.update()

    def set_marked(self, row: int, column: int) -> None:
        """Mark a cell that is pointed at elsewhere; (-1, -1) marks none. Emits nothing."""
        size = len(self._raster)
        inside = 0 <= row < size and 0 <= column < size
        self._hovered = (row, column) if inside else NOWHERE
        self.update()

    # Flipping

    def _flip(self, cell: tuple[int, int]) -> None:
        self.cell_flipped.emit(*cell)
        self._describe()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where = event.position()
        cell = self._grid().cell_at(where.x(), where.y())
        if event.button() != Qt.MouseButton.LeftButton or cell == NOWHERE:
            return
        self._painting = not self._raster[cell] > 0.5
        self._painted = {cell}
        self._last = (where.x(), where.y())
        self._cursor = cell
        self._flip(cell)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        where = event.position()
        grid = self._grid()
        self._hover(grid.cell_at(where.x(), where.y()))
        if self._painting is None:
            return
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._painting = None
            return
        for cell in grid.cells_between(self._last, (where.x(), where.y())):
            if self._painting is None:  # the grid changed under the hand
                return
            if cell not in self._painted and (self._raster[cell] > 0.5) != self._painting:
                self._cursor = cell
                self._flip(cell)
            self._painted.add(cell)
        self._last = (where.x(), where.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._painting = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick clicks flip twice

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(NOWHERE)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self._raster) - 1
        row, column = self._cursor
        if key in ARROWS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            down, right = ARROWS[Qt.Key(key)]
            self._move_to(min(max(row + down, 0), last), min(max(column + right, 0), last))
        elif key == Qt.Key.Key_Home:
            self._move_to(row, 0)
        elif key == Qt.Key.Key_End:
            self._move_to(row, last)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Select):
            if not event.isAutoRepeat():
                self._flip(self._cursor)
        else:
            super().keyPressEvent(event)

    def _move_to(self, row: int, column: int) -> None:
        self._cursor = (row, column)
        self._hover(self._cursor)
        self._describe()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._hover(self._cursor)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hover(NOWHERE)
        super().focusOutEvent(event)

    def _hover(self, cell: tuple[int, int]) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.cell_hovered.emit(*cell)
            self.update()

    def _describe(self) -> None:
        row, column = self._cursor
        filled = int((self._raster > 0.5).sum())
        state = "filled" if self._raster[self._cursor] > 0.5 else "empty"
        self.setAccessibleDescription(
            f"{filled} of {self._raster.size} cells filled; "
            f"row {row + 1}, column {column + 1} is {state}"
        )

    # Painting

    def _grid(self) -> CellGrid:
        square = painting.square_in(self)
        return CellGrid(
            square.x(), square.y(), square.width(), len(self._raster), self.devicePixelRatioF()
        )

    def _box(self, cell: tuple[int, int]) -> QRectF:
        return QRectF(*self._grid().box(*cell))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        grid = self._grid()
        square = QRectF(grid.left, grid.top, grid.side, grid.side)
        painting.paint_paper(painter, square)
        rounded = QPainterPath()
        rounded.addRoundedRect(square, painting.CORNER, painting.CORNER)
        painter.save()
        painter.setClipPath(rounded)
        self._paint_cells(painter, grid)
        painter.restore()
        if self._strokes:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(
                QPen(
                    theme.colour("text", 0.55),
                    max(grid.side * 0.012, 1.2),
                    Qt.PenStyle.SolidLine,
                    Qt.PenCapStyle.RoundCap,
                    Qt.PenJoinStyle.RoundJoin,
                )
            )
            painting.paint_strokes(painter, self._strokes, square)
        if self._hovered != NOWHERE:
            self._paint_mark(painter, self._box(self._hovered), 1.0)
        if self.hasFocus():
            painting.paint_focus_ring(painter, square)
            self._paint_mark(painter, self._box(self._cursor), 2.0)

    def _paint_cells(self, painter: QPainter, grid: CellGrid) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pixel = 1 / grid.ratio
        wide = grid.side / grid.size
        if wide >= 4:
            lines = theme.colour("line", 0.8 if wide >= 8 else 0.5)
            for edge in grid.edges[1:-1]:
                painter.fillRect(
                    QRectF(grid.left + edge, grid.top + pixel, pixel, grid.side - 2 * pixel), lines
                )
                painter.fillRect(
                    QRectF(grid.left + pixel, grid.top + edge, grid.side - 2 * pixel, pixel), lines
                )
        fill = theme.colour("accent", 1.0 if self.isEnabled() else 0.4)
        gap = pixel if wide >= 4 else 0.0
        for row, column in np.argwhere(self._raster > 0.5).tolist():
            x, y, width, height = grid.box(row, column)
            painter.fillRect(QRectF(x + gap, y + gap, width - gap, height - gap), fill)

    def _paint_mark(self, painter: QPainter, box: QRectF, width: float) -> None:
        """A frame seen on filled and on empty cells: light with a dark hair around it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frame = box.adjusted(0.5, 0.5, 0.5, 0.5)
        painter.setPen(QPen(theme.colour("window"), width + 2))
        painter.drawRect(frame)
        painter.setPen(QPen(theme.colour("text"), width))
        painter.drawRect(frame)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self.update()
        super().changeEvent(event)
