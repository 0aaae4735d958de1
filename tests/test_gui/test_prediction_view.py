"""The prediction: winner, bars and percentages."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from gui.widgets.prediction_view import PredictionView, percent
from tests.widgets import amount, shown


@pytest.fixture
def view(qtbot):
    view = shown(qtbot, PredictionView(), 260, 140)
    view.clearFocus()
    return view


def test_the_empty_state_says_what_will_appear(view):
    assert view.accessibleDescription() == "Draw something: the guess appears here"
    assert amount(view, "muted") > 50
    assert amount(view, "accent") == 0


def test_the_winner_is_named_and_its_bar_is_longest(view):
    view.set_prediction(["X", "O"], [0.13, 0.87])
    assert view.winner == "O"
    assert view.accessibleDescription() == "Looks like O: X 13 %, O 87 %"
    first, second = QRect(0, 40, 260, 24), QRect(0, 64, 260, 24)
    assert amount(view, "accent", first) == 0
    assert amount(view, "accent", second) > 500


def test_the_winner_is_marked_by_more_than_colour(view):
    view.set_prediction(["O", "Q"], [0.9, 0.1])
    marked = amount(view, "text", QRect(0, 44, 16, 16))
    unmarked = amount(view, "text", QRect(0, 68, 16, 16))
    assert marked > 5
    assert unmarked == 0


def test_a_bar_is_as_long_as_its_share(view):
    bar = QRect(0, 40, 260, 24)
    lengths = []
    for share in (0.25, 0.5, 1.0):
        view.set_prediction(["A", "B"], [share, 0.0])
        lengths.append(amount(view, "accent", bar))
    assert lengths[1] == pytest.approx(2 * lengths[0], rel=0.15)
    assert lengths[2] == pytest.approx(2 * lengths[1], rel=0.15)


def test_outputs_that_do_not_sum_to_one_are_shown_as_they_are(view):
    view.set_prediction(["X", "O"], [0.91, 0.88])
    assert "X 91 %, O 88 %" in view.accessibleDescription()


def test_outputs_below_zero_and_above_one_do_not_break_the_bars(view):
    view.set_prediction(["A", "B", "C"], [-0.3, 1.7, 1e9])
    assert view.winner == "C"
    assert "A −30 %, B 170 %" in view.accessibleDescription()
    view.grab()


def test_outputs_that_are_no_numbers_are_said_to_be_so(view):
    view.set_prediction(["X", "O"], [float("nan"), float("inf")])
    assert view.winner == ""
    assert amount(view, "wrong") > 30
    view.set_prediction(["X", "O"], [float("nan"), 0.2])
    assert view.winner == "O"


def test_taking_the_drawing_away_brings_the_empty_state_back(view):
    view.set_prediction(["X", "O"], [0.9, 0.1])
    view.set_prediction(["X", "O"], None)
    assert view.winner == ""
    assert amount(view, "accent") == 0


def test_many_classes_scroll_by_key(view):
    names = [chr(65 + k) for k in range(26)]
    values = np.zeros(26)
    values[25] = 0.5
    view.set_prediction(names, values)
    assert amount(view, "accent") == 0
    for _ in range(12):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert amount(view, "accent", QRect(0, 42, 250, 98)) > 300


def test_a_long_name_leaves_room_for_bar_and_percentage(view):
    view.set_prediction(["an unusually long name of a class " * 3, "O"], [0.6, 0.4])
    assert amount(view, "accent") > 200


@pytest.mark.parametrize("names", [["مرحبا", "O"], ["🙂", "O"], ["", "O"], ["a\nb", "&c"]])
def test_any_name_is_painted(view, names):
    view.set_prediction(names, [0.7, 0.3])
    view.grab()


@pytest.mark.parametrize("width", [120, 150, 900])
def test_it_paints_at_any_size(view, width):
    view.set_prediction(["X", "O"], [0.7, 0.3])
    view.resize(width, 150)
    assert amount(view, "accent") > 100


def test_names_and_values_must_agree(view):
    with pytest.raises(ValueError, match="expected 2"):
        view.set_prediction(["X", "O"], [0.1, 0.2, 0.7])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 %"), (0.874, "87 %"), (1, "100 %"), (-0.2, "−20 %"), (1e9, ">999 %"), (-50, "<−999 %")],
)
def test_percentages_are_short(value, text):
    assert percent(value) == text


def test_no_number_has_no_percentage():
    assert percent(float("nan")) == "–"
