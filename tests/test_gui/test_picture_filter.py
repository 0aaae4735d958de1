"""The filter above the pictures."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from gui.picture_rows import Wanted
from gui.widgets.picture_filter import PictureFilter
from tests.widgets import shown

NAMES = ["cat", "dog", "frog & toad"]


@pytest.fixture
def choice(qtbot):
    made = shown(qtbot, PictureFilter(), 640, 40)
    made.set_classes(NAMES)
    made.set_predictions_known(True)
    return made


def button(choice, name):
    return choice.findChild(QToolButton, f"filter_{name}")


def whole(buttons):
    """Whether no text is cut."""
    return all(button.width() >= button.sizeHint().width() for button in buttons)


def pick(choice, name, text):
    """Choose an entry of a button's menu, as a click on it does."""
    entries = button(choice, name).menu().actions()
    next(entry for entry in entries if entry.text() == text).trigger()


def test_without_classes_there_is_nothing_to_choose(qtbot):
    choice = shown(qtbot, PictureFilter(), 640, 40)
    assert not any(button(choice, name).isEnabled() for name in ("label", "predicted", "outcome"))
    assert choice.wanted == Wanted()


def test_a_class_can_be_asked_for(choice, qtbot):
    with qtbot.waitSignal(choice.filter_changed) as told:
        pick(choice, "label", "dog")
    assert told.args == [Wanted(label=1)]
    assert button(choice, "label").text() == "Class: dog ▾"


def test_the_three_choices_go_together(choice):
    pick(choice, "label", "cat")
    pick(choice, "predicted", "frog && toad")
    pick(choice, "outcome", "✗ wrong")
    assert choice.wanted == Wanted(0, 2, "wrong")
    pick(choice, "label", "any class")
    assert choice.wanted == Wanted(None, 2, "wrong")


def test_everything_can_be_taken_away_at_once(choice, qtbot):
    assert button(choice, "clear").isHidden()
    pick(choice, "label", "cat")
    pick(choice, "outcome", "✓ right")
    with qtbot.waitSignal(choice.filter_changed) as told:
        QTest.mouseClick(button(choice, "clear"), Qt.MouseButton.LeftButton)
    assert told.args == [Wanted()]
    assert button(choice, "clear").isHidden()


def test_predictions_can_be_asked_for_once_they_are_known(choice):
    choice.set_predictions_known(False)
    assert button(choice, "label").isEnabled()
    assert not button(choice, "predicted").isEnabled()
    assert not button(choice, "outcome").isEnabled()


def test_choosing_what_is_chosen_tells_nothing(choice, qtbot):
    with qtbot.assertNotEmitted(choice.filter_changed):
        pick(choice, "label", "any class")


def test_a_filter_set_from_outside_is_shown_and_not_told(choice, qtbot):
    with qtbot.assertNotEmitted(choice.filter_changed):
        choice.set_wanted(Wanted(1, 0, "wrong"))
    assert choice.wanted == Wanted(1, 0, "wrong")
    assert button(choice, "predicted").text() == "Predicted: cat ▾"
    assert not button(choice, "clear").isHidden()


def test_other_classes_take_the_filter_away(choice, qtbot):
    pick(choice, "label", "dog")
    with qtbot.assertNotEmitted(choice.filter_changed):
        choice.set_classes(["X", "O"])
    assert choice.wanted == Wanted()
    assert [entry.text() for entry in button(choice, "label").menu().actions()] == [
        *("any class", "X", "O")
    ]


def test_the_number_that_fits_is_told(choice):
    label = choice.findChild(QLabel, "filter_count")
    choice.set_counts(123, 50_000)
    assert label.text() == "123 of 50,000"
    choice.set_counts(50_000, 50_000)
    assert label.text() == "50,000"


def test_a_long_name_is_shortened_on_its_button_and_whole_for_readers(choice):
    choice.set_classes(["a name that is longer than the button", "b"])
    pick(choice, "label", "a name that is longer than the button")
    assert button(choice, "label").text() == "Class: a name that is longer th… ▾"
    assert "longer than the button" in button(choice, "label").accessibleName()


def test_texts_are_shorter_where_there_is_less_room(choice, qtbot):
    choice.set_classes(["automobile", "airplane"])
    choice.set_wanted(Wanted(0, 1, "wrong"))
    assert button(choice, "predicted").text() == "Predicted: airplane ▾"
    lengths = []
    for width in (640, 520, 430):
        choice.resize(width, 40)
        parts = [button(choice, name) for name in ("label", "predicted", "outcome")]
        lengths.append(sum(len(part.text()) for part in parts))
        qtbot.waitUntil(partial(whole, parts))
    assert lengths == sorted(lengths, reverse=True)
    assert button(choice, "predicted").text() == "Pred.: airp… ▾"
    assert button(choice, "predicted").accessibleName() == "Predicted: airplane"
    choice.resize(640, 40)
    assert button(choice, "label").text() == "Class: automobile ▾"


def test_an_unknown_class_is_refused(choice):
    with pytest.raises(ValueError, match="label: expected 0 to 2, got 3"):
        choice.set_wanted(Wanted(label=3))


def test_every_button_has_a_name_and_a_tooltip(choice):
    assert choice.objectName() == "picture_filter"
    for part in choice.findChildren(QToolButton):
        assert part.accessibleName()
        assert part.toolTip()
