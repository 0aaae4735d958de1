"""The wall of test pictures with the network's best three guesses."""

from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.widgets.test_wall import EMPTY, TestWall
from tests.widgets import amount, shown

NAMES = ["cat", "dog", "frog", "horse"]
LABELS = np.array([0, 1, 2, 3, 0, 1, 2, 3])
IMAGES = np.zeros((8, 3, 32, 32), np.uint8)
RIGHT = np.array([[0.7, 0.2, 0.1, 0.0]])


def outputs(*winners):
    """Rows in which a class has 0.7, the next one 0.2, the one after it 0.1."""
    return np.stack([np.roll(RIGHT[0], winner) for winner in winners])


@pytest.fixture
def wall(qtbot):
    made = shown(qtbot, TestWall(), 420, 340)
    made.set_pictures(IMAGES, LABELS, NAMES, rows=np.arange(100, 108))
    return made


def test_the_empty_state_says_what_will_appear(qtbot):
    wall = shown(qtbot, TestWall(), 300, 160)
    assert wall.accessibleDescription() == EMPTY
    assert amount(wall, "muted") > 50
    QTest.keyClick(wall, Qt.Key.Key_Down)
    assert wall.current_row is None


def test_pictures_wait_for_their_guesses(wall):
    assert wall.accessibleDescription() == "8 pictures, not looked at yet"
    assert amount(wall, "right") == amount(wall, "wrong") == 0


def test_right_is_green_and_wrong_is_red(wall):
    wall.set_predictions(outputs(0, 1, 2, 3, 0, 1, 2, 0))
    assert wall.right_count == 7
    assert wall.accessibleDescription() == "7 of 8 right"
    first, last = wall.card_rect(0), wall.card_rect(7)
    assert amount(wall.viewport(), "right", first) > 100
    assert amount(wall.viewport(), "wrong", first) == 0
    assert amount(wall.viewport(), "wrong", last) > 100


def test_the_true_class_among_the_guesses_is_green_though_another_won(wall):
    wall.set_predictions(outputs(3, *LABELS[1:]))
    card = wall.card_rect(0)
    assert amount(wall.viewport(), "wrong", card) > 100
    assert 10 < amount(wall.viewport(), "right", card) < amount(wall.viewport(), "wrong", card)


def test_a_surer_guess_has_a_longer_bar(wall):
    lengths = []
    for sure in (0.4, 0.8):
        values = np.full((8, 4), (1 - sure) / 3)
        values[np.arange(8), LABELS] = sure
        wall.set_predictions(values)
        lengths.append(amount(wall.viewport(), "right", wall.card_rect(0)))
    assert lengths[1] > 1.4 * lengths[0]


def test_outputs_that_are_no_numbers_do_not_break_it(wall):
    values = np.full((8, 4), np.nan)
    values[0] = [np.inf, -np.inf, -3, 1e30]
    wall.set_predictions(values)
    wall.grab()


def test_predictions_can_be_taken_away(wall):
    wall.set_predictions(outputs(*LABELS))
    wall.set_predictions(None)
    assert amount(wall, "right") == 0
    assert wall.right_count == 0


def test_two_classes_have_two_bars(qtbot):
    wall = shown(qtbot, TestWall(), 300, 200)
    wall.set_pictures(IMAGES[:2], [0, 1], ["X", "O"])
    wall.set_predictions([[0.9, 0.1], [0.6, 0.4]])
    assert wall.right_count == 1
    wall.grab()


def test_a_click_chooses_a_picture_by_its_row(wall, qtbot):
    with qtbot.waitSignal(wall.picture_chosen) as told:
        QTest.mouseClick(wall.viewport(), Qt.MouseButton.LeftButton, pos=wall.card_rect(1).center())
    assert told.args == [101]
    assert "Picture 101: dog" in wall.accessibleDescription()


def test_keys_move_and_scroll(wall):
    wall.resize(420, 200)
    seen = []
    for key in (
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_End,
        Qt.Key.Key_Home,
    ):
        QTest.keyClick(wall, key)
        seen.append(wall.current_row)
        card = wall.card_rect(wall.current_row - 100)
        assert wall.viewport().rect().contains(card)
    assert seen == [100, 101, 103, 107, 100]


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_pointing_at_a_card_tells_the_three_guesses(wall):
    wall.set_predictions(outputs(1, *LABELS[1:]))
    where = wall.card_rect(0).center()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, where, wall.viewport().mapToGlobal(where))
    QApplication.sendEvent(wall.viewport(), event)
    assert QToolTip.text() == "Picture 100: cat, predicted dog ✗\ndog 70 %, frog 20 %, horse 10 %"
    QToolTip.hideText()


def test_the_keyboards_card_is_seen(wall, qtbot):
    assert amount(wall.viewport(), "accent") == 0
    wall.activateWindow()
    wall.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(wall.hasFocus)
    assert wall.current_row == 100
    assert amount(wall.viewport(), "accent") > 200


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("size", [(150, 90), (2000, 1200)])
def test_it_paints_at_any_size_in_both_themes(qtbot, look, size):
    wall = shown(qtbot, TestWall(), *size, look)
    names = ["a name that is much too long for a card", *"abc"]
    wall.set_pictures(IMAGES, LABELS, names)
    wall.set_predictions(outputs(*LABELS))
    assert amount(wall.viewport(), "right", wall.card_rect(0)) > 50


def test_new_guesses_for_a_full_wall_are_painted_quickly(qtbot):
    wall = shown(qtbot, TestWall(), 1600, 1000)
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 200)
    wall.set_pictures(np.zeros((200, 1, 28, 28), np.uint8), labels, NAMES)
    wall.grab()
    took = []
    for _ in range(20):
        values = rng.random((200, 4))
        started = perf_counter()
        wall.set_predictions(values)
        wall.viewport().grab()
        took.append(perf_counter() - started)
    assert sorted(took)[10] < 0.03, "five milliseconds are the goal; this machine may be busy"


def test_what_does_not_fit_is_refused(wall):
    with pytest.raises(ValueError, match=r"outputs: expected \(8, 4\), got \(8, 3\)"):
        wall.set_predictions(np.zeros((8, 3)))
    with pytest.raises(ValueError, match="rows: expected 8"):
        wall.set_pictures(IMAGES, LABELS, NAMES, rows=[1])


def test_it_has_its_names(wall):
    assert wall.objectName() == "test_wall"
    assert wall.accessibleName()
    assert wall.toolTip()
