"""One picture, large, and the ways to another."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSlider, QToolButton, QWidget

from gui.widgets.picture_browser import EMPTY, NONE_FIT, PictureBrowser
from tests.widgets import amount, pixels, shown

NAMES = ["cat", "dog", "frog"]
LABELS = np.arange(100) % 3
IMAGES = np.zeros((100, 3, 8, 8), np.uint8)
IMAGES[:, 0, :, :4] = 255  # left half red
IMAGES[:, 2] = np.arange(100)[:, None, None]


@pytest.fixture
def browser(qtbot):
    made = shown(qtbot, PictureBrowser(), 320, 360)
    made.set_pictures(IMAGES, LABELS, NAMES)
    return made


def box(browser):
    return browser.findChild(QLineEdit, "picture_index")


def picture(browser):
    return browser.findChild(QWidget, "large_picture")


def type_index(browser, text):
    box(browser).selectAll()
    QTest.keyClicks(box(browser), text)
    QTest.keyClick(box(browser), Qt.Key.Key_Return)


def test_the_empty_state_says_what_will_appear(qtbot):
    browser = shown(qtbot, PictureBrowser(), 300, 300)
    assert browser.accessibleDescription() == EMPTY
    assert amount(browser, "muted") > 50
    assert not box(browser).isEnabled()
    QTest.keyClick(picture(browser), Qt.Key.Key_Right)
    assert browser.current_row is None


def test_the_first_picture_is_shown_large_and_crisp(browser):
    assert browser.current_row == 0
    assert browser.accessibleDescription() == "Picture 0: cat"
    shot = pixels(picture(browser))
    red = (np.abs(shot - [255, 0, 0]).max(axis=2) == 0).sum()
    black = (shot.max(axis=2) == 0).sum()
    assert red == black, "two halves, no mixed pixels between them"
    assert np.sqrt(2 * red) % 8 == 0, "every pixel of the picture has as many of the screen"
    assert red > 100 * 50


def test_arrow_keys_step_through_the_pictures(browser, qtbot):
    seen = []
    browser.picture_changed.connect(seen.append)
    for key in (
        *(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_PageDown),
        *(Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Left),
    ):
        QTest.keyClick(picture(browser), key)
    assert seen == [1, 2, 1, 11, 99, 0]


def test_the_buttons_step_and_stop_at_the_ends(browser):
    back, forth = browser.findChildren(QToolButton)
    assert not back.isEnabled()
    QTest.mouseClick(forth, Qt.MouseButton.LeftButton)
    assert browser.current_row == 1
    assert back.isEnabled()
    browser.set_current(99)
    assert not forth.isEnabled()


def test_the_slider_goes_through_the_pictures(browser, qtbot):
    slider = browser.findChild(QSlider, "picture_slider")
    assert slider.maximum() == 99
    with qtbot.waitSignal(browser.picture_changed) as told:
        QTest.keyClick(slider, Qt.Key.Key_End)
    assert told.args == [99]
    assert box(browser).text() == "99"


def test_an_index_can_be_typed(browser, qtbot):
    with qtbot.waitSignal(browser.picture_changed) as told:
        type_index(browser, "42")
    assert told.args == [42]
    assert "Picture 42: cat" in browser.accessibleDescription()


@pytest.mark.parametrize(
    ("text", "row"), [("5000", 99), ("abc", 7), ("-3", 7), ("", 7), ("9" * 40, 7), ("1,2", 12)]
)
def test_an_index_that_is_none_is_put_back_or_brought_near(browser, text, row):
    browser.set_current(7)
    type_index(browser, text or " ")
    assert browser.current_row == row
    assert box(browser).text() == str(row)


def test_up_and_down_in_the_index_box_step(browser):
    QTest.keyClick(box(browser), Qt.Key.Key_Down)
    QTest.keyClick(box(browser), Qt.Key.Key_Down)
    QTest.keyClick(box(browser), Qt.Key.Key_Up)
    assert browser.current_row == 1


def test_with_a_filter_only_fitting_pictures_are_gone_through(browser):
    browser.set_current(50)
    browser.set_rows(np.flatnonzero(LABELS == 1))
    assert browser.current_row == 49
    QTest.keyClick(picture(browser), Qt.Key.Key_Right)
    assert browser.current_row == 52
    type_index(browser, "0")
    assert browser.current_row == 1, "the nearest that fits"
    assert box(browser).text() == "1"


def test_a_filter_that_nothing_fits_says_so_and_can_be_taken_away(browser):
    browser.set_rows([])
    assert browser.current_row is None
    assert browser.accessibleDescription() == NONE_FIT
    browser.set_rows(None)
    assert browser.current_row == 0


def test_going_to_a_row_from_outside_tells_nothing(browser, qtbot):
    with qtbot.assertNotEmitted(browser.picture_changed):
        browser.set_current(33)
    assert browser.current_row == 33


def test_right_and_wrong_are_told_by_colour_and_sign(browser):
    predicted = LABELS.copy()
    predicted[1] = 2
    predicted[2] = -1
    browser.set_predictions(predicted)
    assert "predicted right ✓" in browser.accessibleDescription()
    assert amount(browser, "right", within=70) > 20
    browser.set_current(1)
    assert "predicted frog ✗" in browser.accessibleDescription()
    assert amount(browser, "wrong", within=70) > 20
    browser.set_current(2)
    assert "predicted" not in browser.accessibleDescription()


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("size", [(180, 200), (1800, 1400)])
def test_it_paints_at_any_size_in_both_themes(qtbot, look, size):
    browser = shown(qtbot, PictureBrowser(), *size, look)
    browser.set_pictures(
        IMAGES, LABELS, ["a name that is much too long for the row " * 3, "b", "c"]
    )
    shot = pixels(picture(browser))
    assert (np.abs(shot - [255, 0, 0]).max(axis=2) == 0).sum() > 500


def test_the_picture_shows_that_it_has_the_focus(browser, qtbot):
    assert amount(picture(browser), "accent") == 0
    browser.activateWindow()
    picture(browser).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(picture(browser).hasFocus)
    assert amount(picture(browser), "accent") > 200


def test_everything_in_it_has_a_name(browser):
    assert browser.objectName() == "picture_browser"
    for part in (*browser.findChildren(QToolButton), box(browser), picture(browser)):
        assert part.accessibleName()
        assert part.toolTip()


def test_what_does_not_fit_is_refused(browser):
    with pytest.raises(ValueError, match="expected 0 to 99, got 0 to 100"):
        browser.set_rows([0, 100])
    with pytest.raises(ValueError, match="expected 100"):
        browser.set_predictions([1, 0])
