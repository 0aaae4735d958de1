"""Inspections come to the layer inspector: how often, and whatever is in them."""

import time
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton

import nn
from gui.widgets.layer_inspector import EMPTY, LayerInspector
from nn.inspection import Inspection, inspect
from tests.inspector import card, example, point_at
from tests.widgets import amount, shown

# -- refreshing ---------------------------------------------------------------------------------


def test_inspections_are_asked_for_at_the_chosen_rate_and_not_while_hidden(qtbot, digits):
    inspector = shown(qtbot, LayerInspector(), 660, 600)
    asked = []
    inspector.inspection_wanted.connect(lambda: asked.append(time.monotonic()))
    inspector.inspection_wanted.connect(lambda: inspector.set_inspection(example(digits), digits))
    inspector.set_refresh_rate(20)
    qtbot.wait(600)
    assert 3 <= len(asked) <= 13
    inspector.hide()
    count = len(asked)
    qtbot.wait(200)
    assert len(asked) == count
    inspector.show()
    inspector.set_refresh_rate(0)
    qtbot.wait(200)
    assert len(asked) == count


def test_nothing_is_asked_for_before_the_last_has_come(qtbot):
    inspector = shown(qtbot, LayerInspector(), 660, 600)
    asked = []
    inspector.inspection_wanted.connect(lambda: asked.append(1))
    inspector.set_refresh_rate(20)
    qtbot.wait(500)
    assert len(asked) == 1
    assert not inspector.is_ready


def test_slow_painting_lowers_the_rate(inspector, qtbot):
    inspector.set_refresh_rate(20)
    inspector._cost = 100.0
    inspector._schedule()
    assert inspector._timer.interval() == 1250


def test_the_rate_is_chosen_from_a_menu(inspector, qtbot):
    actions = inspector.findChild(QToolButton, "refresh_rate").menu().actions()
    with qtbot.waitSignal(inspector.refresh_chosen) as told:
        actions[2].trigger()
    assert told.args == [2.0]
    assert inspector.refresh_rate == 2.0
    assert inspector.findChild(QToolButton, "refresh_rate").text() == "2 × a second ▾"
    with pytest.raises(ValueError, match="0 to 60"):
        inspector.set_refresh_rate(float("nan"))


@pytest.mark.parametrize(("width", "text"), [(340, "5/s ▾"), (900, "5 × a second ▾")])
def test_the_controls_find_room_and_do_not_overlap(inspector, width, text):
    inspector.set_refresh_rate(5)
    inspector.set_caption("Training picture 7")
    inspector.resize(width, 500)
    QApplication.processEvents()
    names = ("scale_per_layer", "scale_per_tile", "refresh_rate", "fold_all")
    parts = [inspector.findChild(QAbstractButton, name).geometry() for name in names]
    assert all(a.right() < b.left() for a, b in pairwise(parts))
    assert parts[-1].right() <= width
    assert inspector.findChild(QToolButton, "refresh_rate").text() == text


def test_only_what_is_seen_is_painted(inspector, digits):
    counts = {layer.facts.title: 0 for layer in inspector.cards}

    def count(title):
        counts[title] += 1

    for layer in inspector.cards:
        layer.painted.connect(lambda _, title=layer.facts.title: count(title))
    inspector.set_inspection(example(digits, 4), digits)
    QApplication.processEvents()
    assert counts["Input"] == 1
    assert counts["Convolution 1"] == 1
    assert counts["Dense"] == 0
    assert inspector.is_ready
    assert inspector.refresh_cost > 0


# -- bad input ----------------------------------------------------------------------------------


def test_without_an_inspection_the_place_says_what_will_appear(qtbot):
    inspector = shown(qtbot, LayerInspector(), 660, 400)
    assert inspector.accessibleDescription() == EMPTY
    assert amount(inspector, "muted") > 100
    inspector.enlarge(1, 0, 0)
    assert not inspector.detail.isVisible()


def test_clear_empties_it_again(inspector):
    inspector.enlarge(1, 0, 0)
    inspector.clear()
    QApplication.processEvents()
    assert inspector.cards == []
    assert not inspector.detail.isVisible()
    assert inspector.accessibleDescription() == EMPTY


def test_an_inspection_of_another_network_is_refused_and_the_view_stays(inspector, digits):
    other = nn.presets.build("badger")
    with pytest.raises(ValueError, match="expected those of"):
        inspector.set_inspection(example(other), digits)
    assert len(inspector.cards) == 9
    inspector.set_inspection(example(other), other)
    assert card(inspector, "Convolution 1").facts.size == "30×30×8"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 3e38, -1e-40])
def test_any_numbers_are_shown_and_read_without_complaint(inspector, digits, value):
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
    inspector.set_inspection(bad, digits)
    for layer in inspector.cards:
        layer.grab()
        for section in range(len(layer.facts.sections)):
            inspector.enlarge(layer.facts.index, section, 0)
            inspector.detail.grab()
    words = card(inspector, "Convolution 1").captions[0]
    if not np.isfinite(value):
        assert words == "Activations no numbers"
        layer = card(inspector, "Convolution 1")
        area = layer.tile_rect(0, 1).toRect().adjusted(2, 2, -2, -2)
        assert amount(layer, "wrong", area, 0) == area.width() * area.height()


def test_a_few_values_that_are_no_numbers_are_counted(inspector, digits):
    inspection = example(digits)
    inspection.activations[1][0, 0, :3] = np.nan
    inspector.set_inspection(inspection, digits)
    assert card(inspector, "Convolution 1").captions[0].endswith(" · 3 not numbers")
    point_at(inspector, card(inspector, "Convolution 1"), 0, 0, 0, 1)
    assert inspector.readout == "map 1, row 1, column 2: not a number"


def test_a_network_of_dense_layers_alone_is_shown(qtbot):
    network = nn.presets.build("sketch")
    x = np.ones((1, 1, 6, 6), np.float32)
    inspector = shown(qtbot, LayerInspector(), 660, 600)
    inspector.set_inspection(inspect(network, x, np.array([0])), network)
    assert [layer.facts.title for layer in inspector.cards][1:3] == ["Flatten", "Dense 1"]
    point_at(inspector, card(inspector, "Sigmoid 2"), 0, 1, 0, 0)
    assert inspector.readout.startswith("class O: 0.")
