"""The raster view: cells under mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.widgets.raster_view import RasterView
from tests.widgets import amount, shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    """A view of 6 × 6 cells of 30 pixels that a session answers as the app's does."""
    view = shown(qtbot, RasterView(), 180, 180)
    view.flips = []

    def flip(row, column):
        view.flips.append((row, column))
        raster = view._raster.copy()
        raster[row, column] = 1 - raster[row, column]
        view.set_raster(raster)

    view.cell_flipped.connect(flip)
    return view


def middle(row, column):
    return QPoint(column * 30 + 15, row * 30 + 15)


def cell(row, column):
    return QRect(column * 30, row * 30, 30, 30)


def test_filled_cells_are_seen_where_they_are(view):
    raster = np.zeros((6, 6), np.float32)
    raster[1, 4] = 1
    view.set_raster(raster)
    assert amount(view, "accent", cell(1, 4)) > 600
    assert amount(view, "accent", cell(4, 1)) == 0


def test_a_click_asks_to_flip_the_cell_under_it(view):
    QTest.mouseClick(view, LEFT, pos=middle(2, 3))
    assert view.flips == [(2, 3)]
    QTest.mouseClick(view, LEFT, pos=middle(2, 3))
    assert view.flips == [(2, 3), (2, 3)]
    assert not view._raster.any()


def test_a_view_that_nobody_answers_shows_no_flip(qtbot):
    view = shown(qtbot, RasterView(), 180, 180)
    view.clearFocus()
    QTest.mouseClick(view, LEFT, pos=middle(2, 3))
    assert amount(view, "accent", cell(2, 3)) < 300


def test_a_drag_gives_all_cells_on_its_way_the_first_ones_value(view):
    raster = np.zeros((6, 6), np.float32)
    raster[0, 2] = 1
    view.set_raster(raster)
    QTest.mousePress(view, LEFT, pos=middle(0, 0))
    QTest.mouseMove(view, middle(0, 5))  # so fast that no event falls on the cells between
    QTest.mouseMove(view, middle(0, 0))
    QTest.mouseRelease(view, LEFT, pos=middle(0, 0))
    assert view._raster[0].tolist() == [1] * 6
    assert (0, 2) not in view.flips


def test_a_drag_from_a_filled_cell_empties(view):
    view.set_raster(np.ones((6, 6), np.float32))
    QTest.mousePress(view, LEFT, pos=middle(3, 0))
    QTest.mouseMove(view, middle(3, 5))
    QTest.mouseRelease(view, LEFT, pos=middle(3, 5))
    assert view._raster.sum() == 30


def test_the_right_button_flips_nothing(view):
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=middle(2, 3))
    assert view.flips == []


def test_arrows_and_space_flip_cells_without_a_mouse(view):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
        QTest.keyClick(view, key)
    assert view.flips == [(1, 2)]
    assert amount(view, "accent", cell(1, 2)) > 400


def test_the_cursor_stays_on_the_grid(view):
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Space):
        QTest.keyClick(view, key)
    QTest.keyClick(view, Qt.Key.Key_End)
    for _ in range(9):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.flips == [(0, 0)]
    assert view.cursor_cell == (5, 5)


def test_the_cursor_is_seen_with_the_focus_alone(view, qtbot):
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert amount(view, "text", cell(1, 1)) > 50
    view.clearFocus()
    assert amount(view, "text", cell(1, 1)) == 0


def test_a_smaller_grid_takes_the_cursor_along(view):
    for _ in range(5):
        QTest.keyClick(view, Qt.Key.Key_Right)
    view.set_raster(np.zeros((4, 4), np.float32))
    assert view.cursor_cell == (0, 3)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.flips == [(0, 3)]


def test_a_grid_that_changes_under_a_drag_ends_it(view):
    QTest.mousePress(view, LEFT, pos=middle(0, 0))
    view.set_raster(np.zeros((32, 32), np.float32))
    QTest.mouseMove(view, QPoint(170, 170))
    QTest.mouseRelease(view, LEFT, pos=QPoint(170, 170))
    assert view.flips == [(0, 0)]


def test_the_cell_under_the_pointer_is_told_and_marked(view, qtbot):
    view.clearFocus()
    QTest.mouseMove(view, middle(4, 4))
    with qtbot.waitSignal(view.cell_hovered) as told:
        QTest.mouseMove(view, middle(3, 1))
    assert told.args == [3, 1]
    assert view.hovered_cell == (3, 1)
    assert amount(view, "text", cell(3, 1)) > 40


def test_leaving_unmarks(view, qtbot):
    QTest.mouseMove(view, middle(4, 4))
    QTest.mouseMove(view, middle(3, 1))
    with qtbot.waitSignal(view.cell_hovered) as told:
        QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert told.args == [-1, -1]


def test_a_mark_from_elsewhere_is_shown_and_not_told_back(view, qtbot):
    view.clearFocus()
    with qtbot.assertNotEmitted(view.cell_hovered):
        view.set_marked(2, 2)
        view.set_marked(99, 2)
    assert view.hovered_cell == (-1, -1)
    view.set_marked(2, 2)
    assert amount(view, "text", cell(2, 2)) > 40


def test_strokes_lie_over_the_cells(view):
    view.clearFocus()
    before = view.grab().toImage()
    view.set_strokes([np.array([[0.1, 0.5], [0.9, 0.5]])])
    assert view.grab().toImage() != before


@pytest.mark.parametrize("wrong", [np.zeros((3, 4)), np.zeros(5), np.zeros((0, 0))])
def test_what_is_no_square_is_refused(view, wrong):
    with pytest.raises(ValueError, match="square"):
        view.set_raster(wrong)


@pytest.mark.parametrize("size", [4, 6, 28, 32])
@pytest.mark.parametrize("side", [64, 150, 151, 700])
def test_any_grid_fits_any_size(qtbot, size, side):
    view = shown(qtbot, RasterView(), side, side)
    view.clearFocus()
    view.set_raster(np.ones((size, size), np.float32))
    assert amount(view, "accent") > 0.4 * side * side


def test_it_says_what_it_holds(view):
    assert view.objectName() == "raster_view"
    assert view.accessibleName()
    assert view.toolTip()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.accessibleDescription() == "1 of 36 cells filled; row 1, column 1 is filled"
