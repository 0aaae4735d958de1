"""Inspections come to the layer inspector: how often, and whatever is in them."""

import time
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton

import nn
from gui.widgets.layer_inspector import EMPTY, LayerInspector
from nn.inspection import Inspection, inspect
from tests.inspector import card, example, inspecting, point_at, trained_on_digits
from tests.widgets import amount, shown


@pytest.fixture(scope="module")
def digits():
    return trained_on_digits()


@pytest.fixture
def view(qtbot, digits):
    return inspecting(qtbot, digits)


# -- refreshing ---------------------------------------------------------------------------------


def test_inspections_are_asked_for_at_the_chosen_rate_and_not_while_hidden(qtbot, digits):
    view = shown(qtbot, LayerInspector(), 660, 600)
    asked = []
    view.inspection_wanted.connect(lambda: asked.append(time.monotonic()))
    view.inspection_wanted.connect(lambda: view.set_inspection(example(digits), digits))
    view.set_refresh_rate(20)
    qtbot.wait(600)
    assert 3 <= len(asked) <= 13
    view.hide()
    count = len(asked)
    qtbot.wait(200)
    assert len(asked) == count
    view.show()
    view.set_refresh_rate(0)
    qtbot.wait(200)
    assert len(asked) == count


def test_nothing_is_asked_for_before_the_last_has_come(qtbot):
    view = shown(qtbot, LayerInspector(), 660, 600)
    asked = []
    view.inspection_wanted.connect(lambda: asked.append(1))
    view.set_refresh_rate(20)
    qtbot.wait(500)
    assert len(asked) == 1
    assert not view.is_ready


def test_slow_painting_lowers_the_rate(view, qtbot):
    view.set_refresh_rate(20)
    view._cost = 100.0
    view._schedule()
    assert view._timer.interval() == 1250


def test_the_rate_is_chosen_from_a_menu(view, qtbot):
    actions = view.findChild(QToolButton, "refresh_rate").menu().actions()
    with qtbot.waitSignal(view.refresh_chosen) as told:
        actions[2].trigger()
    assert told.args == [2.0]
    assert view.refresh_rate == 2.0
    assert view.findChild(QToolButton, "refresh_rate").text() == "2 × a second ▾"
    with pytest.raises(ValueError, match="0 to 60"):
        view.set_refresh_rate(float("nan"))


@pytest.mark.parametrize(("width", "text"), [(340, "5/s ▾"), (900, "5 × a second ▾")])
def test_the_controls_find_room_and_do_not_overlap(view, width, text):
    view.set_refresh_rate(5)
    view.set_caption("Training picture 7")
    view.resize(width, 500)
    QApplication.processEvents()
    names = ("scale_per_layer", "scale_per_tile", "refresh_rate", "fold_all")
    parts = [view.findChild(QAbstractButton, name).geometry() for name in names]
    assert all(a.right() < b.left() for a, b in pairwise(parts))
    assert parts[-1].right() <= width
    assert view.findChild(QToolButton, "refresh_rate").text() == text


def test_only_what_is_seen_is_painted(view, digits):
    counts = {layer.facts.title: 0 for layer in view.cards}

    def count(title):
        counts[title] += 1

    for layer in view.cards:
        layer.painted.connect(lambda _, title=layer.facts.title: count(title))
    view.set_inspection(example(digits, 4), digits)
    QApplication.processEvents()
    assert counts["Input"] == 1
    assert counts["Convolution 1"] == 1
    assert counts["Dense"] == 0
    assert view.is_ready
    assert view.refresh_cost > 0


# -- bad input ----------------------------------------------------------------------------------


def test_without_an_inspection_the_place_says_what_will_appear(qtbot):
    view = shown(qtbot, LayerInspector(), 660, 400)
    assert view.accessibleDescription() == EMPTY
    assert amount(view, "muted") > 100
    view.enlarge(1, 0, 0)
    assert not view.detail.isVisible()


def test_clear_empties_it_again(view):
    view.enlarge(1, 0, 0)
    view.clear()
    QApplication.processEvents()
    assert view.cards == []
    assert not view.detail.isVisible()
    assert view.accessibleDescription() == EMPTY


def test_an_inspection_of_another_network_is_refused_and_the_view_stays(view, digits):
    other = nn.presets.build("badger")
    with pytest.raises(ValueError, match="expected those of"):
        view.set_inspection(example(other), digits)
    assert len(view.cards) == 9
    view.set_inspection(example(other), other)
    assert card(view, "Convolution 1").facts.size == "30×30×8"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 3e38, -1e-40])
def test_any_numbers_are_shown_and_read_without_complaint(view, digits, value):
    whole = example(digits)
    bad = Inspection(
        value,
        [np.full_like(values, value) for values in whole.activations],
        [np.full_like(values, value) for values in whole.gradients],
        [
            tuple(
                p._replace(data=np.full_like(p.data, value), grad=np.full_like(p.grad, value))
                for p in layer
            )
            for layer in whole.parameters
        ],
    )
    view.set_inspection(bad, digits)
    for layer in view.cards:
        layer.grab()
        for section in range(len(layer.facts.sections)):
            view.enlarge(layer.facts.index, section, 0)
            view.detail.grab()
    words = card(view, "Convolution 1").captions[0]
    if not np.isfinite(value):
        assert words == "Activations no numbers"
        layer = card(view, "Convolution 1")
        area = layer.tile_rect(0, 1).toRect().adjusted(2, 2, -2, -2)
        assert amount(layer, "wrong", area, 0) == area.width() * area.height()


def test_a_few_values_that_are_no_numbers_are_counted(view, digits):
    inspection = example(digits)
    inspection.activations[1][0, 0, :3] = np.nan
    view.set_inspection(inspection, digits)
    assert card(view, "Convolution 1").captions[0].endswith(" · 3 not numbers")
    point_at(view, card(view, "Convolution 1"), 0, 0, 0, 1)
    assert view.readout == "map 1, row 1, column 2: not a number"


def test_a_network_of_dense_layers_alone_is_shown(qtbot):
    network = nn.presets.build("sketch")
    x = np.ones((1, 1, 6, 6), np.float32)
    view = shown(qtbot, LayerInspector(), 660, 600)
    view.set_inspection(inspect(network, x, np.array([0])), network)
    assert [layer.facts.title for layer in view.cards][1:3] == ["Flatten", "Dense 1"]
    point_at(view, card(view, "Sigmoid 2"), 0, 1, 0, 0)
    assert view.readout.startswith("class O: 0.")
