"""The road from the pen to the network's input: draw, normalise, rasterise, bits.

Strokes are the truth; cells that were flipped by hand are kept as what differs from them.
"""

from collections.abc import Hashable

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme
from gui.actions import Actions, icon_button
from gui.paper import Page
from gui.sketch_state import LARGEST_GRID, SMALLEST_GRID
from gui.widgets.bits_view import BitsView
from gui.widgets.boxes import NumberBox
from gui.widgets.canvas import Canvas
from gui.widgets.normalised_view import NormalisedView
from gui.widgets.panel import Panel
from gui.widgets.raster_view import RasterView
from nn.data.drawings import Drawing
from nn.data.strokes import normalise


class SetFlips(QUndoCommand):
    """Cells flipped by hand, as a step that can be undone like a stroke."""

    def __init__(self, board: "DrawingBoard", flips: np.ndarray | None) -> None:
        super().__init__("flip a cell")
        self._board, self._new, self._old = board, flips, board.flips

    def redo(self) -> None:
        self._board.set_flips(self._new)

    def undo(self) -> None:
        self._board.set_flips(self._old)


class DrawingBoard(QWidget):
    """Four panels in a row: canvas ▸ normalised ▸ raster ▸ bits.

    `actions` holds `undo`, `redo`, `clear` and `copy_bits`. `changed` tells that the cells may
    have changed; `raster` has them, (S, S) float32 in {0, 1}.
    """

    changed = Signal()

    def __init__(self, actions: Actions, size: int) -> None:
        super().__init__()
        self.flips: np.ndarray | None = None  # (S, S) bool: cells that differ from the strokes'
        self._trained_flips: np.ndarray | None = None
        self.raster = np.zeros((size, size), dtype=np.float32)
        self.canvas = Canvas()
        self.normalised_view = NormalisedView()
        self.raster_view = RasterView()
        self.bits_view = BitsView()
        self.grid_size = _grid_size(size)
        self._lay_out(actions)
        self._connect(actions)
        self.refresh()

    def _lay_out(self, actions: Actions) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        undo, redo, clear = (
            icon_button(actions[name], f"{name}_button") for name in ("undo", "redo", "clear")
        )
        for panel in (
            Panel("Draw", self.canvas, undo, redo, clear),
            Panel("Normalise", self.normalised_view),
            Panel("Rasterise", self.raster_view, self.grid_size),
            Panel("Bits", self.bits_view, icon_button(actions["copy_bits"], "copy_button")),
        ):
            panel.setMinimumWidth(1)  # all four are equally wide
            row.addWidget(panel, 1)

    def _connect(self, actions: Actions) -> None:
        actions.connect_to(
            {
                "undo": self.canvas.undo,
                "redo": self.canvas.redo,
                "clear": self.clear,
                "copy_bits": self.bits_view.copy,
                "go_canvas": self.canvas.setFocus,
                "go_raster": self.raster_view.setFocus,
                "go_grid": self.grid_size.setFocus,
            }
        )
        stack = self.canvas.undo_stack
        for name, signal in (("undo", stack.canUndoChanged), ("redo", stack.canRedoChanged)):
            actions[name].setEnabled(False)
            signal.connect(actions[name].setEnabled)
        self.canvas.drawing_began.connect(self._on_drawing_began)
        self.canvas.drawing_changed.connect(self.refresh)
        self.raster_view.cell_flipped.connect(self._on_cell_flipped)
        self.raster_view.cell_hovered.connect(self.bits_view.set_marked)
        self.bits_view.cell_hovered.connect(self.raster_view.set_marked)

    # -- the drawing -------------------------------------------------------------------------

    @property
    def cells(self) -> int:
        """Cells along one edge of the grid."""
        return self.raster.shape[0]

    @property
    def is_empty(self) -> bool:
        """True when there is no stroke and no cell is set."""
        return self.canvas.is_empty and not self.raster.any()

    @property
    def is_untrained(self) -> bool:
        """True when there are strokes that `mark_trained` has not been told of."""
        return not self.canvas.is_trained and bool(self.canvas.strokes())

    def drawing(self) -> Drawing:
        """What is on the canvas, with the cells that were flipped by hand."""
        edited = self.raster if self.flips is not None else None
        return Drawing(self.canvas.strokes(), edited)

    def show_drawing(self, drawing: Drawing) -> None:
        """Put `drawing` in place of what is there; can be undone."""
        flips = Drawing(drawing.strokes).raster(self.cells) != drawing.raster(self.cells)
        self.canvas.undo_stack.beginMacro("load a drawing")
        self.canvas.set_strokes(drawing.strokes)
        self._push_flips(flips)
        self.canvas.undo_stack.endMacro()

    @property
    def stamp(self) -> Hashable:
        """Another value whenever the drawing or its cells are others."""
        return self.canvas.stamp, None if self.flips is None else self.flips.tobytes()

    @property
    def flips_trained(self) -> bool:
        """True when the flipped cells belong to a drawing that was trained on."""
        return self.flips is not None and self.flips is self._trained_flips

    def begin_with(self, page: Page, flips: np.ndarray | None, flips_trained: bool) -> None:
        """Show a drawing as the first one: nothing before it can be undone."""
        self.flips = flips if flips is not None and flips.any() else None
        self._trained_flips = self.flips if flips_trained else None
        self.canvas.begin_with(page)

    def mark_trained(self) -> None:
        """The drawing makes room when the next stroke begins."""
        self.canvas.mark_trained()
        self._trained_flips = self.flips

    def clear(self) -> None:
        """Empty the canvas and the cells; one undo brings both back."""
        self.canvas.undo_stack.beginMacro("clear")
        self._push_flips(None)
        self.canvas.clear()
        self.canvas.undo_stack.endMacro()

    def set_cells(self, size: int) -> None:
        """Another number of cells along an edge; cells flipped by hand are resampled."""
        self.grid_size.blockSignals(True)
        self.grid_size.setValue(size)
        self.grid_size.blockSignals(False)
        if size == self.cells:
            return
        cells = self.drawing().raster(size)
        if self.flips is not None:
            self.flips = cells != Drawing(self.canvas.strokes()).raster(size)
        self.raster = cells
        self.refresh()

    def set_flips(self, flips: np.ndarray | None) -> None:
        """Replace the flipped cells (S, S) bool, without a step in the undo stack."""
        self.flips = flips
        self.refresh()

    def refresh(self) -> None:
        """Show the drawing as strokes, cells and bits."""
        strokes = normalise(self.canvas.strokes())
        self.raster = Drawing(strokes).raster(self.cells)
        if self.flips is not None and self.flips.shape == self.raster.shape:
            self.raster = np.abs(self.raster - self.flips)
        self.normalised_view.set_strokes(strokes)
        self.raster_view.set_raster(self.raster)
        self.raster_view.set_strokes(strokes)
        self.bits_view.set_raster(self.raster)
        self.changed.emit()

    def _push_flips(self, flips: np.ndarray | None) -> None:
        flips = flips if flips is not None and flips.any() else None
        if flips is not None or self.flips is not None:
            self.canvas.undo_stack.push(SetFlips(self, flips))

    def _on_drawing_began(self, over_a_trained_one: bool) -> None:
        if over_a_trained_one or self.flips is self._trained_flips:
            self._push_flips(None)

    def _on_cell_flipped(self, row: int, column: int) -> None:
        flips = np.zeros(self.raster.shape, bool) if self.flips is None else self.flips.copy()
        flips[row, column] ^= True
        self._push_flips(flips)


def _grid_size(size: int) -> NumberBox:
    box = NumberBox()
    box.setObjectName("grid_size")
    box.setRange(SMALLEST_GRID, LARGEST_GRID)
    box.setValue(size)
    box.setKeyboardTracking(False)
    box.setAccessibleName("Grid size")
    box.setToolTip(f"Cells along one edge, {SMALLEST_GRID} to {LARGEST_GRID} (G)")
    box.setFixedWidth(56)
    return box
