"""The loss curve."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from gui import theme
from gui.chart import round_below, tick_texts
from gui.widgets.loss_plot import LossPlot
from tests.widgets import amount, shown

STEPS = np.arange(1, 501)
LOSSES = 0.5 * np.exp(-STEPS / 100)


@pytest.fixture
def plot(qtbot):
    return shown(qtbot, LossPlot(), 280, 140)


def test_the_empty_state_says_what_will_appear(plot):
    assert plot.accessibleDescription() == "The loss appears here after the first Train"
    assert amount(plot, "muted") > 50


def test_the_curve_is_drawn_and_the_last_loss_told(plot):
    plot.set_history(STEPS, LOSSES)
    assert amount(plot, "accent", within=60) > 100
    assert plot.accessibleDescription() == f"Loss {LOSSES[-1]:.3f} at step 500"


def test_a_curve_that_falls_goes_down_to_the_right(plot):
    plot.set_history(STEPS, LOSSES)
    left, right = QRect(40, 0, 60, 60), QRect(220, 0, 60, 60)
    assert amount(plot, "accent", left, within=60) > 20
    assert amount(plot, "accent", right, within=60) == 0


def test_one_loss_alone_is_shown(plot):
    plot.set_history([1], [0.25])
    plot.grab()
    assert "0.250 at step 1" in plot.accessibleDescription()


@pytest.mark.parametrize(
    "losses",
    [
        [float("nan")] * 3,
        [0.5, float("inf"), 0.4],
        [0.0, 0.0, 0.0],
        [1e30, 1e-30, 1e38],
        [-1.0, 2.0, -3.0],
    ],
)
def test_odd_losses_do_not_break_it(plot, losses):
    plot.set_history([1, 2, 3], losses)
    plot.grab()


def test_an_emptied_history_brings_the_empty_state_back(plot):
    plot.set_history(STEPS, LOSSES)
    plot.set_history([], [])
    assert "appears here" in plot.accessibleDescription()
    assert amount(plot, "accent", within=60) == 0


def test_hundreds_of_thousands_of_steps_are_thinned(plot):
    steps = np.arange(300_000)
    plot.set_history(steps, np.abs(np.sin(steps)))
    begun = time.perf_counter()
    assert amount(plot, "accent", within=60) > 30
    assert time.perf_counter() - begun < 5, "all points were painted"


def test_pointing_reads_a_value_out(plot, qtbot):
    plot.set_history(STEPS, LOSSES)
    before = amount(plot, "text")
    QTest.mouseMove(plot, QPoint(100, 50))
    QTest.mouseMove(plot, QPoint(150, 60))
    qtbot.waitUntil(lambda: plot.readout.startswith("step 2"))
    assert "loss 0." in plot.readout
    assert amount(plot, "text") > before


def test_the_keys_read_values_out(plot):
    plot.set_history(STEPS, LOSSES)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot.readout == f"step 500   loss {LOSSES[-1]:.3f}"
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.readout == f"step 1   loss {LOSSES[0]:.3f}"
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.readout.startswith("step 6 ")


def test_a_change_of_theme_changes_the_curve(plot, qapp):
    plot.set_history(STEPS, LOSSES)
    theme.apply(qapp, "light")
    assert amount(plot, "accent", within=60) > 100
    theme.apply(qapp, "dark")


@pytest.mark.parametrize("size", [(120, 72), (150, 150), (1200, 500)])
def test_it_paints_at_any_size(plot, size):
    plot.resize(*size)
    plot.set_history(STEPS, LOSSES)
    assert amount(plot, "accent", within=60) > 30


def test_unequal_lengths_are_refused(plot):
    with pytest.raises(ValueError, match="one length"):
        plot.set_history([1, 2, 3], [0.5])


def test_axis_texts_are_short():
    assert tick_texts([0, 0.25, 1e-5, 1_001_000, 5e12]) == [
        "0",
        "0.25",
        "1e-5",
        "1,001k",
        "5e12",
    ]


@pytest.mark.parametrize(
    ("value", "below"), [(1, 1), (0.99, 0.5), (3.2, 2), (7e-5, 5e-5), (1e30, 1e30), (12, 10)]
)
def test_the_figure_near_the_top_is_round(value, below):
    assert round_below(value) == pytest.approx(below)


def test_it_has_its_names(plot):
    assert plot.objectName() == "loss_plot"
    assert plot.accessibleName()
    assert plot.toolTip()
