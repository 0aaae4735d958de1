"""The view of the normalised drawing."""

import numpy as np
from PySide6.QtCore import QRect

from gui.widgets.normalised_view import NormalisedView
from tests.widgets import amount, shown

CROSS = [np.array([[0.05, 0.05], [0.95, 0.95]]), np.array([[0.95, 0.05], [0.05, 0.95]])]


def test_an_empty_view_says_what_will_appear(qtbot):
    view = shown(qtbot, NormalisedView(), 150, 150)
    assert amount(view, "muted") > 50
    assert amount(view, "text") == 0


def test_strokes_lie_in_the_square_in_the_middle(qtbot):
    view = shown(qtbot, NormalisedView(), 300, 100)
    view.set_strokes(CROSS)
    assert amount(view, "text", QRect(140, 40, 20, 20)) > 20
    assert amount(view, "text", QRect(0, 0, 98, 100)) == 0
    assert view.accessibleDescription() == "2 strokes"


def test_a_dot_is_seen(qtbot):
    view = shown(qtbot, NormalisedView(), 150, 150)
    view.set_strokes([np.array([[0.5, 0.5]])])
    assert amount(view, "text", QRect(70, 70, 10, 10)) >= 4


def test_no_strokes_bring_the_empty_state_back(qtbot):
    view = shown(qtbot, NormalisedView(), 150, 150)
    view.set_strokes(CROSS)
    view.set_strokes([])
    assert amount(view, "text") == 0


def test_it_paints_at_any_size(qtbot):
    view = shown(qtbot, NormalisedView(), 64, 64)
    view.set_strokes(CROSS)
    for side in (64, 65, 151, 900):
        view.resize(side, side)
        assert amount(view, "text") > 10
