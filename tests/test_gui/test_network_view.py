"""The network view, driven as a person drives it: pointer, wheel and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import nn
from gui.network.camera import LARGEST_ZOOM, SMALLEST_ZOOM
from gui.network.ink import ink
from tests.network_drawing import Draw, Lesson, light, point, sketch, strongest_wire, wheel
from tests.widgets import pixels

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


# -- asking ------------------------------------------------------------------------------------


def test_hovering_a_wire_shows_its_weight_and_last_change(draw_network: Draw) -> None:
    network = sketch()
    view, lesson = draw_network(network), Lesson(network)
    snapshot = lesson.step()
    view.show_snapshot(snapshot)
    hidden, output = strongest_wire(network)
    start, end = view.on_screen(1, hidden), view.on_screen(2, output)
    for part in (0.5, 0.6, 0.7, 0.8, 0.9):
        point(view, start + (end - start) * part)
        if view.hover_text.startswith(f"hidden {hidden + 1} → output {'XO'[output]}"):
            break
    weight = [p.data for layer in network.layers for p in layer.parameters()][2]
    lines = view.hover_text.split("\n")
    assert lines[0] == f"hidden {hidden + 1} → output {'XO'[output]}"
    assert f"{abs(weight[output, hidden]):.4f}" in lines[1]
    assert ("negative" if weight[output, hidden] < 0 else "positive") in lines[1]
    assert lines[2].startswith("last change ")
    assert lines[3].startswith("bias there ")


def test_hovering_a_neuron_shows_its_value_and_bias(draw_network: Draw) -> None:
    network = sketch()
    view, lesson = draw_network(network), Lesson(network)
    snapshot = lesson.step()
    view.show_snapshot(snapshot)
    point(view, view.on_screen(1, 4))
    value = network.activations(lesson.x)[3][0, 4]
    assert view.hover_text.split("\n")[:2] == ["hidden 5", f"value {value:.4f}"]
    assert "bias " in view.hover_text
    assert "last change " in view.hover_text


def test_the_card_is_painted_whole_at_every_edge(draw_network: Draw) -> None:
    view = draw_network(sketch(), 700, 300)
    for unit in ((0, 0), (0, 5), (0, 35), (2, 0), (2, 1), (1, 11)):
        point(view, QPointF(3, 3))
        bare = pixels(view)
        point(view, view.on_screen(*unit))
        changed = np.argwhere(np.abs(pixels(view) - bare).sum(axis=2) > 12)
        assert len(changed) > 400
        assert changed.min() >= 3
        assert (changed.max(axis=0) <= np.array([296, 696])).all()


def test_a_map_shows_its_range_and_a_kernels_wire_its_size(
    draw_network: Draw,
) -> None:
    view = draw_network(nn.presets.build("sketch-cnn", seed=0))
    point(view, view.on_screen(1, 0))
    assert view.hover_text.startswith("map 1 of conv 1\nvalues ")
    column = view.network_layout.columns[1]
    box = view.network_layout.columns[0].box
    kernel = QPointF(*column.kernels[0].tolist())
    start = QPointF(box.x + box.width / 2, box.y + box.height / 2)
    point(view, start + (kernel - start) * 0.8)
    assert view.hover_text.startswith("input → map 1 of conv 1\nkernel, root mean square ")


def test_a_weight_that_is_not_a_number_is_said_and_painted(
    draw_network: Draw,
) -> None:
    network = sketch()
    view, lesson = draw_network(network), Lesson(network)
    network.parameters[:200] = np.nan
    network.parameters[200:300] = np.inf
    network.parameters[444:] = np.nan
    view.show_snapshot(lesson.now())
    view.grab()
    start, end = view.on_screen(1, 0), view.on_screen(2, 0)
    point(view, start + (end - start) * 0.3)
    assert "weight not a number" in view.hover_text
    point(view, view.on_screen(2, 0))
    assert "value not a number" in view.hover_text
    view.set_training(True)
    view.grab()


def test_leaving_the_view_takes_the_card_away(draw_network: Draw) -> None:
    view = draw_network(sketch())
    point(view, view.on_screen(1, 0))
    assert view.hover_text
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert view.hover_text == ""


# -- holding -----------------------------------------------------------------------------------


def test_a_held_neurons_wires_stay_and_the_others_dim(draw_network: Draw, qtbot: QtBot) -> None:
    network = sketch()
    network.parameters[444:468] = np.linspace(0.6, 1.7, 24)
    view = draw_network(network)
    view.show_snapshot(Lesson(network).now())
    own, other = (1, 11, 2, 1), (1, 10, 2, 0)
    before = light(view, own), light(view, other)
    with qtbot.waitSignal(view.neuron_held) as held:
        QTest.mouseClick(view, LEFT, PLAIN, view.on_screen(1, 11).toPoint())
    assert held.args == ["hidden 12"]
    point(view, QPointF(4, 4))
    assert light(view, own) > 0.6 * before[0]
    assert light(view, other) < 0.5 * before[1]
    QTest.mouseClick(view, LEFT, PLAIN, QPoint(4, 4))
    assert view.held is None
    assert light(view, other) == pytest.approx(before[1])


def test_escape_lets_go_and_the_description_says_what_is_held(
    draw_network: Draw,
) -> None:
    view = draw_network(sketch())
    QTest.mouseClick(view, LEFT, PLAIN, view.on_screen(2, 1).toPoint())
    assert view.accessibleDescription() == (
        "36 inputs, 12 sigmoid, 2 outputs (X, O); held: output O"
    )
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.held is None
    assert "held" not in view.accessibleDescription()


def test_negative_wires_of_a_held_neuron_are_dashed(draw_network: Draw) -> None:
    network = sketch()
    for sign, broken in ((1.0, False), (-1.0, True)):
        network.parameters[:] = 0.0
        network.parameters[444] = 1.5 * sign  # hidden 1 to the first output
        view = draw_network(network)
        view.show_snapshot(Lesson(network).now())
        view.hold(1, 0)
        image = pixels(view)
        start, end = view.on_screen(1, 0), view.on_screen(2, 0)
        ground = np.array(ink().ground.getRgb()[:3])
        along = [start + (end - start) * part for part in np.linspace(0.15, 0.85, 200)]
        bright = [
            np.abs(image[round(p.y()) - 1 : round(p.y()) + 2, round(p.x())] - ground).sum(1).max()
            for p in along
        ]
        assert (min(bright) < 0.4 * max(bright)) == broken


def test_keys_move_between_neurons_hold_zoom_and_fit(draw_network: Draw) -> None:
    view = draw_network(sketch())
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.hover_text.startswith("hidden 1\n")
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.hover_text.startswith("hidden 2\n")
    assert "hidden 2" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.held == (1, 1)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.hover_text.startswith("output X\n")
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom > 1
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == 1
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoom < 1


def test_a_neuron_reached_by_key_is_brought_into_sight(draw_network: Draw) -> None:
    view = draw_network(sketch())
    view.zoom_by(6, QPointF(0, 0))
    for _ in range(8):
        QTest.keyClick(view, Qt.Key.Key_Right)
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.hover_text.startswith("output O")
    assert view.rect().contains(view.on_screen(2, 1).toPoint())


# -- pan and zoom ------------------------------------------------------------------------------


def test_the_wheel_zooms_around_the_pointer(draw_network: Draw) -> None:
    view = draw_network(sketch())
    at = view.on_screen(1, 6)
    wheel(view, 2, at)
    assert view.zoom > 1.4
    assert (view.on_screen(1, 6) - at).manhattanLength() < 0.01


def test_no_wheel_turns_the_network_away(draw_network: Draw) -> None:
    view = draw_network(sketch())
    for turns in (1e5, *[8] * 30):
        wheel(view, turns)
        view.grab()
    assert view.zoom == LARGEST_ZOOM
    for turns in (-1e5, *[-8] * 30):
        wheel(view, turns)
    view.grab()
    assert view.zoom == SMALLEST_ZOOM
    wheel(view, 0)


def test_dragging_pans_without_holding_and_a_double_click_fits(
    draw_network: Draw,
) -> None:
    view = draw_network(sketch())
    home = view.on_screen(1, 5)
    start = home.toPoint()
    QTest.mousePress(view, LEFT, PLAIN, start)
    for way in (20, 40, 60):
        QTest.mouseMove(view, start + QPoint(way, 0))
    QTest.mouseRelease(view, LEFT, PLAIN, start + QPoint(60, 0))
    assert view.held is None
    assert view.on_screen(1, 5).x() > home.x() + 40
    QTest.mouseDClick(view, LEFT, PLAIN, QPoint(880, 20))
    assert view.on_screen(1, 5) == home
