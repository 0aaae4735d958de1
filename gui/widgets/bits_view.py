"""The raster as text of 0 and 1."""

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from gui import painting, theme
from gui.cells import NOWHERE, CellGrid

BIGGEST = 20  # pixels; on a coarse grid the figures stay text and don't become a poster
STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class BitsView(QWidget):
    """Figures on the raster's own grid: ones bright, zeros muted. Can be copied as text."""

    cell_hovered = Signal(int, int)  # row, column; -1, -1 when none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bits_view")
        self.setAccessibleName("Bits")
        self.setToolTip("The same cells as numbers, row by row. Ctrl+C copies them as text.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(64, 64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._bits = np.zeros((6, 6), bool)
        self._marked = NOWHERE
        self._drawn: QPixmap | None = None
        self._describe()

    def set_raster(self, raster: ArrayLike) -> None:
        """Show cells, (S, S) of 0 and 1 indexed [row, column].

        Raises:
            ValueError: the array is not square.
        """
        bits = np.asarray(raster, np.float32) > 0.5
        if bits.ndim != 2 or bits.shape[0] != bits.shape[1] or not bits.size:
            raise ValueError(f"raster: expected a square array (S, S), got shape {bits.shape}")
        if np.array_equal(bits, self._bits):
            return
        if max(self._marked) >= len(bits):
            self._marked = NOWHERE
        self._bits = bits
        self._drawn = None
        self._describe()
        self.update()

    def set_marked(self, row: int, column: int) -> None:
        """Mark a cell that is pointed at elsewhere; (-1, -1) marks none. Emits nothing."""
        size = len(self._bits)
        inside = 0 <= row < size and 0 <= column < size
        self._marked = (row, column) if inside else NOWHERE
        self.update()

    def text(self) -> str:
        """The bits as lines of figures."""
        return "\n".join("".join("1" if bit else "0" for bit in row) for row in self._bits)

    def copy(self) -> None:
        """Put the bits on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    def _describe(self) -> None:
        self.setAccessibleDescription(self.text().replace("\n", ", "))

    # Events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mark(self._grid().cell_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self._mark(NOWHERE)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._mark(NOWHERE)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in STEPS and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            down, right = STEPS[Qt.Key(event.key())]
            last = len(self._bits) - 1
            row, column = self._marked
            if self._marked == NOWHERE:
                self._mark((0, 0))
            else:
                self._mark((min(max(row + down, 0), last), min(max(column + right, 0), last)))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(theme.icon("copy"), "Copy bits", self.copy)
        menu.popup(event.globalPos())

    def _mark(self, cell: tuple[int, int]) -> None:
        if cell != self._marked:
            self._marked = cell
            self.cell_hovered.emit(*cell)
            self.update()

    # Painting

    def _grid(self) -> CellGrid:
        square = painting.square_in(self)
        return CellGrid(
            square.x(), square.y(), square.width(), len(self._bits), self.devicePixelRatioF()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        grid = self._grid()
        square = QRectF(grid.left, grid.top, grid.side, grid.side)
        painting.paint_paper(painter, square)
        if self._marked != NOWHERE:
            box = QRectF(*grid.box(*self._marked))
            painter.setPen(theme.colour("text"))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.drawPixmap(0, 0, self._figures(grid))
        if self.hasFocus():
            painting.paint_focus_ring(painter, square)

    def _figures(self, grid: CellGrid) -> QPixmap:
        """All figures, drawn once for these bits and this size."""
        wanted = self.size() * grid.ratio
        if self._drawn is not None and self._drawn.size() == wanted:
            return self._drawn
        self._drawn = QPixmap(wanted)
        self._drawn.setDevicePixelRatio(grid.ratio)
        self._drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._drawn)
        wide = grid.side / grid.size
        # A whole number of device pixels, scaled down by the painter where that is below one.
        pixels = max(min(wide * 0.86, BIGGEST + wide * 0.1), 1.0)
        painter.setFont(theme.font(max(round(pixels), 1), mono=True))
        # Small figures are mere texture: there the ones need a ground to stand out, zeros recede.
        small = wide < 12
        muted = theme.colour("muted", 0.4 if wide < 8 else 0.6 if small else 0.9)
        ink, ground = theme.colour("text" if small else "accent"), theme.colour("accent", 0.4)
        room = QSizeF(wide + 4, wide + 4)
        zero, one = self._glyph("0", muted, painter, room), self._glyph("1", ink, painter, room)
        for row in range(grid.size):
            for column in range(grid.size):
                bit = self._bits[row, column]
                box = QRectF(*grid.box(row, column))
                if bit and small:
                    painter.fillRect(box, ground)
                painter.drawPixmap(box.topLeft() - QPointF(2, 2), one if bit else zero)
        painter.end()
        return self._drawn

    def _glyph(self, figure: str, ink: QColor, like: QPainter, room: QSizeF) -> QPixmap:
        """One figure in the middle of `room`, in the painter's font; drawn once, set often."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap((room * ratio).toSize())
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setFont(like.font())
        painter.setPen(ink)
        painter.drawText(QRectF(QPointF(), room), int(Qt.AlignmentFlag.AlignCenter), figure)
        painter.end()
        return pixmap

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._drawn = None
            self.update()
        super().changeEvent(event)
