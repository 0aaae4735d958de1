"""The Photo workspace's widgets, each alone: photo with its square, pixels, search results."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.commons_api import Found
from gui.photo_reading import Crop
from gui.widgets.commons_grid import CommonsGrid
from gui.widgets.crop_view import CropView
from gui.widgets.photo_view import PhotoView
from tests.widgets import amount, pixels, shown


def photo(wide: int = 200, high: int = 100) -> np.ndarray:
    made = np.zeros((high, wide, 3), np.uint8)
    made[:, :, 0] = 150
    return made


def found(name: str) -> Found:
    return Found(name, "Ann", "CC0", "", "", "https://upload.wikimedia.org/x.jpg")


def drag(widget, start: QPointF, end: QPointF) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start.toPoint())
    QTest.mouseMove(widget, ((start + end) / 2).toPoint())
    QTest.mouseMove(widget, end.toPoint())
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end.toPoint())


@pytest.mark.parametrize("look", ["dark", "light"])
def test_an_empty_photo_says_how_to_fill_it(qtbot, look):
    view = shown(qtbot, PhotoView(), 300, 200, look)
    assert "Drop a photo" in view.accessibleDescription()
    assert amount(view, "muted", within=60) > 20


def test_the_square_is_dragged_and_stays_inside(qtbot):
    view = shown(qtbot, PhotoView(), 400, 200)
    view.set_photo(photo(), "a.jpg")
    assert view.crop == Crop(50, 0, 100)
    told = []
    view.crop_changed.connect(told.append)
    middle = view.crop_rect().center()
    drag(view, middle, middle + QPointF(-300, 40))
    assert view.crop == Crop(0, 0, 100)
    assert told


def test_a_corner_makes_the_square_smaller_and_the_far_corner_stays(qtbot):
    view = shown(qtbot, PhotoView(), 400, 200)
    view.set_photo(photo(), "a.jpg")
    box = view.crop_rect()
    drag(view, box.bottomRight() - QPointF(4, 4), box.center())
    assert (view.crop.left, view.crop.top) == (50, 0)
    assert 40 < view.crop.edge < 60


def test_wheel_and_keys_change_the_square(qtbot):
    view = shown(qtbot, PhotoView(), 400, 200)
    view.set_photo(photo(), "a.jpg")
    spot = QPointF(200, 100)
    wheel = QWheelEvent(
        spot,
        view.mapToGlobal(spot),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, wheel)
    assert view.crop.edge < 100
    smaller = view.crop
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.crop.left > smaller.left
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.crop.edge < smaller.edge
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.crop == Crop(50, 0, 100)


def test_the_map_covers_the_square_as_strongly_as_is_asked(qtbot):
    view = shown(qtbot, PhotoView(), 400, 200)
    view.set_photo(photo(), "a.jpg")
    before = pixels(view)
    view.set_heat(np.ones((32, 32), np.float32))
    view.set_strength(1.0)
    assert amount(view, "positive") > 10_000
    view.set_strength(0.0)
    assert np.abs(pixels(view) - before).max() < 4
    view.set_crop(Crop(0, 0, 50))
    assert view.has_heat
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert not view.has_heat  # it belonged to the square before


def test_a_map_that_is_no_number_is_clear(qtbot):
    view = shown(qtbot, PhotoView(), 200, 200)
    view.set_photo(photo(100, 100), "a.jpg")
    view.set_heat(np.full((4, 4), np.nan, np.float32))
    view.set_strength(1.0)
    assert amount(view, "positive", view.crop_rect().toRect().adjusted(20, 20, -20, -20)) == 0


def test_pixels_are_crisp_and_tell_their_colours(qtbot):
    view = shown(qtbot, CropView(), 160, 160)
    picture = np.zeros((3, 4, 4), np.uint8)
    picture[:, 1, 2] = (250, 10, 20)
    view.set_picture(picture)
    colours = {tuple(c) for c in pixels(view)[10:150, 10:150].reshape(-1, 3)}
    assert colours == {(0, 0, 0), (250, 10, 20)}
    assert view.pixel_at(QPoint(100, 60)) == (1, 2)
    assert view.words(1, 2) == "row 2, column 3: red 250, green 10, blue 20"
    view.set_picture(None)
    assert "pixels" in view.accessibleDescription()


def test_results_are_chosen_by_click_and_by_key(qtbot):
    grid = shown(qtbot, CommonsGrid(), 400, 300)
    grid.add([found(f"number {i}") for i in range(8)])
    grid.set_picture(0, photo())
    chosen = []
    grid.result_chosen.connect(chosen.append)
    QTest.mouseClick(
        grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.card_rect(1).center().toPoint()
    )
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert chosen == [1, 3]
    assert "number 3" in grid.accessibleDescription()


def test_near_the_end_more_is_asked_for(qtbot):
    grid = shown(qtbot, CommonsGrid(), 400, 300)
    grid.add([found(f"number {i}") for i in range(30)])
    with qtbot.waitSignal(grid.more_wanted):
        grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())


@pytest.mark.parametrize("look", ["dark", "light"])
def test_a_result_without_a_picture_says_why(qtbot, look):
    grid = shown(qtbot, CommonsGrid(), 400, 300, look)
    grid.add([found("<b>bold</b>")])
    empty = pixels(grid)
    grid.set_problem(0, "It is a web page, not a picture.")
    grid.set_note(0, "badger")
    assert (pixels(grid) != empty).any()
    grid.clear("Nothing was found.")
    assert grid.accessibleDescription() == "Nothing was found."
