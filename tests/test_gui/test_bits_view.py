"""The bits as text."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gui.widgets.bits_view import BitsView
from tests.widgets import amount, shown

DIAGONAL = np.eye(6, dtype=np.float32)


@pytest.fixture
def view(qtbot):
    view = shown(qtbot, BitsView(), 180, 180)
    view.set_raster(DIAGONAL)
    view.clearFocus()
    return view


def cell(row, column):
    return QRect(column * 30, row * 30, 30, 30)


def test_ones_are_bright_and_zeros_muted(view):
    assert amount(view, "accent", cell(2, 2), within=40) > 10
    assert amount(view, "accent", cell(2, 3), within=40) == 0


def test_the_text_goes_to_the_clipboard(view):
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == ["100000", "010000", "001000", "000100", "000010", "000001"]


def test_the_cell_under_the_pointer_is_told_and_marked(view, qtbot):
    QTest.mouseMove(view, QPoint(5, 5))
    with qtbot.waitSignal(view.cell_hovered) as told:
        QTest.mouseMove(view, QPoint(45, 15))
    assert told.args == [0, 1]
    assert amount(view, "text", cell(0, 1)) > 40


def test_arrows_move_the_mark(view, qtbot):
    told = []
    view.cell_hovered.connect(lambda row, column: told.append((row, column)))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
    assert told == [(0, 0), (1, 0), (1, 1), (0, 1)]


def test_a_mark_from_elsewhere_is_not_told_back(view, qtbot):
    with qtbot.assertNotEmitted(view.cell_hovered):
        view.set_marked(3, 3)
    assert amount(view, "text", cell(3, 3)) > 40
    view.set_marked(-1, -1)
    assert amount(view, "text", cell(3, 3)) == 0


def test_a_mark_beyond_a_smaller_grid_goes(view):
    view.set_marked(5, 5)
    view.set_raster(np.zeros((4, 4), np.float32))
    view.grab()
    assert amount(view, "text") == 0


@pytest.mark.parametrize("side", [64, 150, 180, 800])
@pytest.mark.parametrize("size", [4, 28, 32])
def test_the_text_fits_any_grid_into_any_size(qtbot, side, size):
    view = shown(qtbot, BitsView(), side, side)
    view.set_raster(np.eye(size, dtype=np.float32))
    assert view.text().count("1") == size
    view.grab()


def test_what_is_no_square_is_refused(view):
    with pytest.raises(ValueError, match="square"):
        view.set_raster(np.zeros((2, 3)))


def test_it_says_what_it_holds(view):
    assert view.objectName() == "bits_view"
    assert view.accessibleDescription().startswith("100000, 010000")
    assert view.toolTip()
