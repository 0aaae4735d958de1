"""The Regression page: points, the curve through them, and how many neurons it takes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.actions import POINTS, Actions
from gui.points.curve_look import look_along, round_scale
from gui.points.hidden import hidden_layers, refitted, with_width
from gui.points.page import Desk
from gui.points.regression_page import RegressionPage
from gui.widgets.curve_view import CurveView
from nn import point_presets
from nn.data import functions
from tests.widgets import amount, shown


@pytest.fixture
def told():
    return []


@pytest.fixture
def page(qtbot, told):
    def say(text, kind="info", action=None):
        told.append((text, kind, action))

    from PySide6.QtWidgets import QWidget

    holder = QWidget()
    qtbot.addWidget(holder)
    actions = Actions(POINTS, holder)
    actions.refresh_icons()
    made = shown(qtbot, RegressionPage(Desk(actions, say)), 992, 580)
    made._share_points()
    settle(made)
    yield made
    made.shut_down()


def settle(page):
    """What was posted is done, and its frame shown."""
    page.training.ask(lambda: None)
    page.pull()


def train(page, steps):
    def steps_done():
        for _ in range(steps):
            page.training._worker._step()
        page.training._worker.publish()

    page.training.ask(steps_done)
    page.pull()


def spot(page, x, y):
    return page.curve.to_pixel(x, y).toPoint()


def test_the_page_begins_with_20_points_of_x_sin_x(page):
    x, y = page.points.now.train
    assert len(x) == 20
    assert np.allclose(y, x * np.sin(x), atol=1e-5)
    assert page.training.network.to_text().startswith("input 1x1x1\nflatten\ndense 20 relu")
    assert (page.settings.lr, page.settings.batch_size) == (0.01, 1)


def test_training_brings_the_curve_to_the_points(page):
    """Half the mean squared error falls below a fifth of what it was in 4,000 steps."""
    first = page.training.ask(lambda: page.training._worker._losses[0])
    for _ in range(4):
        train(page, 1000)
    page.training.ask(page.training._worker.publish)
    last = page.training.ask(lambda: page.training._worker._losses[0])
    assert last < first / 5
    train_points = page.points.now.train
    settle(page)
    said = np.interp(train_points.x, page.curve._along, page.curve._curve)
    assert np.mean((said - train_points.y) ** 2) / 2 == pytest.approx(last, abs=0.1)


def test_clicks_add_points_and_ctrl_takes_the_nearest_away(page):
    QTest.mouseClick(page.curve, Qt.MouseButton.LeftButton, pos=spot(page, 1.0, 5.0))
    assert len(page.points.now.train.x) == 21
    x, y = (values[-1] for values in page.points.now.train)
    assert (x, y) == (pytest.approx(1.0, abs=0.05), pytest.approx(5.0, abs=0.05))
    QTest.mouseClick(
        page.curve,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ControlModifier,
        spot(page, 1.1, 4.8),
    )
    assert len(page.points.now.train.x) == 20
    page.undo()
    page.undo()
    assert len(page.points.now.train.x) == 20
    page.redo()
    assert len(page.points.now.train.x) == 21


def test_a_drag_paints_many_points_that_one_undo_takes_back(page):
    begin = spot(page, -5, 4)
    QTest.mousePress(page.curve, Qt.MouseButton.LeftButton, pos=begin)
    for i in range(1, 9):
        QTest.mouseMove(page.curve, begin + QPoint(20 * i, 0))
    QTest.mouseRelease(page.curve, Qt.MouseButton.LeftButton, pos=begin + QPoint(160, 0))
    assert len(page.points.now.train.x) == 29
    page.undo()
    assert len(page.points.now.train.x) == 20


def test_points_are_added_and_removed_with_the_keyboard(page):
    page.curve.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Space):
        QTest.keyClick(page.curve, key)
    assert page.points.now.train.x[-1] == page.points.now.train.y[-1] == 0.25
    QTest.keyClick(page.curve, Qt.Key.Key_Delete)
    assert len(page.points.now.train.x) == 20


def test_without_points_a_sentence_says_what_to_do(page, told):
    page.clear_button.click()
    assert not len(page.points.now.train.x)
    page.play()
    assert told[-1][0] == "There are no points yet: click beside the axes, or choose a function."
    assert not page.is_running
    told[-2][2][1]()  # the undo that was offered
    assert len(page.points.now.train.x) == 20


def test_one_point_can_be_learnt(page):
    page.clear()
    QTest.mouseClick(page.curve, Qt.MouseButton.LeftButton, pos=spot(page, 1.0, 2.0))
    page._share_points()
    train(page, 500)
    assert page.training.ask(lambda: page.training._worker._losses[0]) < 0.5


@pytest.mark.parametrize("name", functions.NAMES)
def test_every_function_can_be_chosen(page, name):
    page.curve_panel.chips[name].click()
    assert np.allclose(page.points.now.train.y, functions.generate(name, 20).y)


def test_the_slider_builds_the_network_anew_and_the_one_before_is_offered(page, told):
    train(page, 10)
    before = page.training.network
    page.neuron_panel.slider.slider.setValue(3)
    assert [layer.width for layer in hidden_layers(page.training.network)] == [3, 3]
    assert "dense 3 relu" in page.network_panel.editor.text()
    page.neuron_panel.slider.slider.setValue(4)
    page.neuron_panel._offer()
    assert told[-1][2][0] == "Go back"
    told[-1][2][1]()
    settle(page)
    assert page.training.network is before
    assert page.training.step_count == 10
    assert page.neuron_panel.slider.value == 20


def test_neurons_are_shown_as_pale_curves_of_the_layer_that_is_chosen(page):
    assert [page.layer.itemText(i) for i in range(page.layer.count())] == [
        "none",
        "layer 1: 20 relu",
        "layer 2: 20 sigmoid",
    ]
    for index, count in ((0, 0), (1, 20), (2, 20)):
        page.layer.setCurrentIndex(index)
        settle(page)
        assert len(page.curve._responses) == count


def test_a_network_without_hidden_layers_has_a_line_and_no_slider(page):
    page.network_panel.editor.set_text("input 1x1x1\nflatten\ndense 1\nloss squared_error")
    page.apply()
    settle(page)
    assert not page.neuron_panel.slider.isEnabled()
    assert len(page.curve._responses) == 0
    assert np.allclose(np.diff(page.curve._curve, 2), 0, atol=1e-4)


def test_a_learning_rate_that_is_too_large_is_told_and_nothing_is_lost(page, told, qtbot):
    from dataclasses import replace

    page.change(replace(page.settings, lr=1000.0))
    page.play()
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert "Choose a smaller learning rate" in told[-1][0]
    assert not page.is_running
    told[-1][2][1]()
    settle(page)
    assert np.isfinite(page.curve._curve).all()


# -- the parts -----------------------------------------------------------------------------


def test_the_curve_and_its_points_are_painted(qtbot):
    view = shown(qtbot, CurveView(), 300, 240)
    view.set_hint("Nothing yet")
    empty = amount(view, "accent")
    along = np.linspace(-6, 6, 50, dtype=np.float32)
    view.set_curve(along, np.sin(along), np.stack([along, -along]), "two")
    assert amount(view, "accent") > empty + 100
    before = amount(view, "text")
    view.set_points(np.array([1.0], np.float32), np.array([3.0], np.float32))
    assert amount(view, "text") > before
    assert view.accessibleDescription() == "1 point"


def test_what_is_not_finite_is_left_out_of_the_curve(qtbot):
    view = shown(qtbot, CurveView(), 300, 240)
    along = np.linspace(-6, 6, 50, dtype=np.float32)
    view.set_points(along[:3], along[:3])
    view.set_curve(along, np.full(50, np.nan, np.float32), np.full((2, 50), np.inf, np.float32))
    view.grab()
    with pytest.raises(ValueError, match="equally many, got 3 and 2"):
        view.set_points(along[:3], along[:2])


def test_responses_are_those_of_the_network(qtbot):
    network = point_presets.build("regression", 0)
    seen = look_along(6.0, 1)(network)()
    wanted = network.activations(seen.along.reshape(-1, 1, 1, 1))[3]
    assert np.allclose(seen.responses, wanted.T * seen.scale, atol=1e-4)
    assert np.allclose(seen.curve, network.predict(seen.along.reshape(-1, 1, 1, 1))[:, 0], 1e-4)


@pytest.mark.parametrize(
    ("strongest", "scale"), [(1.0, 2), (4.0, 1), (0.1, 20), (30, 0.1), (0, 1), (np.nan, 1)]
)
def test_responses_are_scaled_by_round_numbers(strongest, scale):
    assert round_scale(strongest) == scale


def test_texts_are_given_other_widths():
    text = point_presets.text("regression")
    assert with_width(text, 7).split("\n")[2:5] == ["dense 7 relu", "dense 7 sigmoid", "dense 1"]
    assert refitted(text, 4, 3).split("\n")[::4] == ["input 1x1x4", "dense 3"]
