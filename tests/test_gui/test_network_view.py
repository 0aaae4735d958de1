"""The network view, driven as a person drives it: pointer, wheel, keys, and its pixels."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import nn
from gui import motion, theme
from gui.network.camera import LARGEST_ZOOM, SMALLEST_ZOOM
from gui.network.ink import ink
from gui.widgets.network_view import NetworkView

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


class Lesson:
    """A network with one drawing: makes snapshots the way the trainer's thread does."""

    def __init__(self, network: nn.Network) -> None:
        self.network = network
        self.trainer = nn.Trainer(network, nn.optimizers.SGD(lr=0.5), seed=0)
        self.buffer = nn.snapshot.SnapshotBuffer(network)
        self.x = np.zeros((1, *network.input_shape), np.float32)
        self.x[..., ::2] = 1.0

    def now(self) -> "nn.snapshot.Snapshot":
        self.buffer.publish(self.trainer.steps, 0.1, self.x)
        return self.buffer.take()

    def step(self) -> "nn.snapshot.Snapshot":
        self.buffer.remember()
        self.trainer.step(self.x, np.array([0]))
        return self.now()


def sketch(**options: object) -> nn.Network:
    return nn.presets.build("sketch", seed=0, **options)


@pytest.fixture(autouse=True)
def _look_and_motion(qapp: QApplication) -> object:
    theme.apply(qapp, "dark")
    motion.enable(True)
    yield
    theme.apply(qapp, "dark")
    motion.enable(True)


@pytest.fixture
def make(qtbot: QtBot) -> Callable[..., NetworkView]:
    def made(network: nn.Network | None, width: int = 900, height: int = 440) -> NetworkView:
        view = NetworkView()
        qtbot.addWidget(view)
        view.resize(width, height)
        if network is not None:
            view.set_network(network)
            view.show_snapshot(Lesson(network).now())
        view.show()
        qtbot.waitExposed(view)
        return view

    return made


def picture(view: NetworkView) -> QImage:
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def pixels(image: QImage) -> np.ndarray:
    """(H, W, 3) of 0..255."""
    whole = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return whole[:, : image.width(), 2::-1].astype(int)


def light(view: NetworkView, wire: tuple[int, int, int, int]) -> float:
    """How far the pixels at a wire's middle are from the ground; (column, unit) twice."""
    middle = (view.on_screen(*wire[:2]) + view.on_screen(*wire[2:])) / 2
    x, y = round(middle.x()), round(middle.y())
    ground = np.array(ink().ground.getRgb()[:3])
    patch = pixels(picture(view))[y - 2 : y + 3, x - 2 : x + 3]
    return float(np.abs(patch - ground).sum(axis=2).max())


def strongest_wire(network: nn.Network) -> tuple[int, int]:
    """(hidden, output) of the strongest wire between them."""
    weight = [p.data for layer in network.layers for p in layer.parameters()][2]
    output, hidden = np.unravel_index(np.argmax(np.abs(weight)), weight.shape)
    return int(hidden), int(output)


def point(view: NetworkView, at: QPointF) -> None:
    QTest.mouseMove(view, QPoint(3, 3))
    QTest.mouseMove(view, at.toPoint())
    QApplication.processEvents()


def wheel(view: NetworkView, turns: float, at: QPointF | None = None) -> None:
    where = view.rect().toRectF().center() if at is None else at
    event = QWheelEvent(
        where,
        view.mapToGlobal(where),
        QPoint(0, 0),
        QPoint(0, round(120 * turns)),
        Qt.MouseButton.NoButton,
        PLAIN,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


# -- asking ------------------------------------------------------------------------------------


def test_hovering_a_wire_shows_its_weight_and_last_change(make: Callable[..., NetworkView]) -> None:
    network = sketch()
    view, lesson = make(network), Lesson(network)
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


def test_hovering_a_neuron_shows_its_value_and_bias(make: Callable[..., NetworkView]) -> None:
    network = sketch()
    view, lesson = make(network), Lesson(network)
    snapshot = lesson.step()
    view.show_snapshot(snapshot)
    point(view, view.on_screen(1, 4))
    value = network.activations(lesson.x)[3][0, 4]
    assert view.hover_text.split("\n")[:2] == ["hidden 5", f"value {value:.4f}"]
    assert "bias " in view.hover_text
    assert "last change " in view.hover_text


def test_the_card_is_painted_whole_at_every_edge(make: Callable[..., NetworkView]) -> None:
    view = make(sketch(), 700, 300)
    for unit in ((0, 0), (0, 5), (0, 35), (2, 0), (2, 1), (1, 11)):
        point(view, QPointF(3, 3))
        bare = pixels(picture(view))
        point(view, view.on_screen(*unit))
        changed = np.argwhere(np.abs(pixels(picture(view)) - bare).sum(axis=2) > 12)
        assert len(changed) > 400
        assert changed.min() >= 3
        assert (changed.max(axis=0) <= np.array([296, 696])).all()


def test_a_map_shows_its_range_and_a_kernels_wire_its_size(
    make: Callable[..., NetworkView],
) -> None:
    view = make(nn.presets.build("sketch-cnn", seed=0))
    point(view, view.on_screen(1, 0))
    assert view.hover_text.startswith("map 1 of conv 1\nvalues ")
    column = view.network_layout.columns[1]
    box = view.network_layout.columns[0].box
    kernel = QPointF(*column.kernels[0].tolist())
    start = QPointF(box.x + box.width / 2, box.y + box.height / 2)
    point(view, start + (kernel - start) * 0.8)
    assert view.hover_text.startswith("input → map 1 of conv 1\nkernel, root mean square ")


def test_a_weight_that_is_not_a_number_is_said_and_painted(
    make: Callable[..., NetworkView],
) -> None:
    network = sketch()
    view, lesson = make(network), Lesson(network)
    network.parameters[:200] = np.nan
    network.parameters[200:300] = np.inf
    network.parameters[444:] = np.nan
    view.show_snapshot(lesson.now())
    picture(view)
    start, end = view.on_screen(1, 0), view.on_screen(2, 0)
    point(view, start + (end - start) * 0.3)
    assert "weight not a number" in view.hover_text
    point(view, view.on_screen(2, 0))
    assert "value not a number" in view.hover_text
    view.set_training(True)
    picture(view)


def test_leaving_the_view_takes_the_card_away(make: Callable[..., NetworkView]) -> None:
    view = make(sketch())
    point(view, view.on_screen(1, 0))
    assert view.hover_text
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert view.hover_text == ""


# -- holding -----------------------------------------------------------------------------------


def test_a_held_neurons_wires_stay_and_the_others_dim(
    make: Callable[..., NetworkView], qtbot: QtBot
) -> None:
    network = sketch()
    network.parameters[444:468] = np.linspace(0.6, 1.7, 24)
    view = make(network)
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
    make: Callable[..., NetworkView],
) -> None:
    view = make(sketch())
    QTest.mouseClick(view, LEFT, PLAIN, view.on_screen(2, 1).toPoint())
    assert view.accessibleDescription() == (
        "36 inputs, 12 sigmoid, 2 outputs (X, O); held: output O"
    )
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.held is None
    assert "held" not in view.accessibleDescription()


def test_negative_wires_of_a_held_neuron_are_dashed(make: Callable[..., NetworkView]) -> None:
    network = sketch()
    for sign, broken in ((1.0, False), (-1.0, True)):
        network.parameters[:] = 0.0
        network.parameters[444] = 1.5 * sign  # hidden 1 to the first output
        view = make(network)
        view.show_snapshot(Lesson(network).now())
        view.hold(1, 0)
        image = pixels(picture(view))
        start, end = view.on_screen(1, 0), view.on_screen(2, 0)
        ground = np.array(ink().ground.getRgb()[:3])
        along = [start + (end - start) * part for part in np.linspace(0.15, 0.85, 200)]
        bright = [
            np.abs(image[round(p.y()) - 1 : round(p.y()) + 2, round(p.x())] - ground).sum(1).max()
            for p in along
        ]
        assert (min(bright) < 0.4 * max(bright)) == broken


def test_keys_move_between_neurons_hold_zoom_and_fit(make: Callable[..., NetworkView]) -> None:
    view = make(sketch())
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


def test_a_neuron_reached_by_key_is_brought_into_sight(make: Callable[..., NetworkView]) -> None:
    view = make(sketch())
    view.zoom_by(6, QPointF(0, 0))
    for _ in range(8):
        QTest.keyClick(view, Qt.Key.Key_Right)
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.hover_text.startswith("output O")
    assert view.rect().contains(view.on_screen(2, 1).toPoint())


# -- pan and zoom ------------------------------------------------------------------------------


def test_the_wheel_zooms_around_the_pointer(make: Callable[..., NetworkView]) -> None:
    view = make(sketch())
    at = view.on_screen(1, 6)
    wheel(view, 2, at)
    assert view.zoom > 1.4
    assert (view.on_screen(1, 6) - at).manhattanLength() < 0.01


def test_no_wheel_turns_the_network_away(make: Callable[..., NetworkView]) -> None:
    view = make(sketch())
    for turns in (1e5, *[8] * 30):
        wheel(view, turns)
        picture(view)
    assert view.zoom == LARGEST_ZOOM
    for turns in (-1e5, *[-8] * 30):
        wheel(view, turns)
    picture(view)
    assert view.zoom == SMALLEST_ZOOM
    wheel(view, 0)


def test_dragging_pans_without_holding_and_a_double_click_fits(
    make: Callable[..., NetworkView],
) -> None:
    view = make(sketch())
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


# -- a step ------------------------------------------------------------------------------------


def test_a_steps_change_flashes_and_fades(make: Callable[..., NetworkView], qtbot: QtBot) -> None:
    network = sketch()
    view, lesson = make(network), Lesson(network)
    view.show_snapshot(lesson.step())
    assert view.flashing
    bright = pixels(picture(view)).sum()
    qtbot.waitUntil(lambda: not view.flashing, timeout=2000)
    assert pixels(picture(view)).sum() < bright


def test_nothing_flashes_while_training_runs_or_when_motion_is_off(
    make: Callable[..., NetworkView],
) -> None:
    network = sketch()
    view, lesson = make(network), Lesson(network)
    view.set_training(True)
    view.show_snapshot(lesson.step())
    assert not view.flashing
    view.set_training(False)
    motion.enable(False)
    view.show_snapshot(lesson.step())
    assert not view.flashing


def test_a_new_drawing_alone_does_not_flash(make: Callable[..., NetworkView]) -> None:
    network = sketch()
    view, lesson = make(network), Lesson(network)
    motion.enable(False)
    view.show_snapshot(lesson.step())
    motion.enable(True)
    before = pixels(picture(view))
    lesson.x[:] = 1 - lesson.x
    view.show_snapshot(lesson.now())
    assert not view.flashing
    assert np.abs(pixels(picture(view)) - before).sum() > 0


def test_wires_brighten_with_training(make: Callable[..., NetworkView]) -> None:
    network = sketch()
    view, lesson = make(network), Lesson(network)
    motion.enable(False)
    hidden, output = strongest_wire(network)
    before = light(view, (1, hidden, 2, output))
    network.parameters[444:468] *= 3
    view.show_snapshot(lesson.now())
    assert light(view, (1, hidden, 2, output)) > 1.5 * before


# -- other networks ----------------------------------------------------------------------------


def test_a_snapshot_of_another_network_is_ignored(make: Callable[..., NetworkView]) -> None:
    old, new = sketch(), nn.presets.build("sketch-cnn", seed=0)
    view, lesson = make(old), Lesson(old)
    late = lesson.step()
    view.set_network(new)
    before = pixels(picture(view))
    view.show_snapshot(late)
    assert np.array_equal(pixels(picture(view)), before)


def test_the_network_may_change_at_any_moment(make: Callable[..., NetworkView]) -> None:
    networks = [sketch(), nn.presets.build("sketch-cnn", seed=0), sketch(size=32)]
    view = make(networks[0])
    for k in range(9):
        network = networks[k % 3]
        lesson = Lesson(network)
        lesson.trainer.optimizer.lr = 0.01
        view.set_network(network)
        view.show_snapshot(lesson.step())
        point(view, view.on_screen(1, 0))
        QTest.mousePress(view, LEFT, PLAIN, view.on_screen(1, 1).toPoint())
        view.hold(0, 3)
        view.set_training(k % 2 == 0)
        picture(view)
    view.set_network(None)
    assert view.held is None
    assert "No network" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.mouseDClick(view, LEFT, PLAIN, QPoint(50, 50))
    wheel(view, 1)
    picture(view)


def test_before_a_network_the_view_says_what_will_appear(
    make: Callable[..., NetworkView],
) -> None:
    image = pixels(picture(make(None)))
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 5


@pytest.mark.parametrize("size", [(900, 440), (420, 260), (1600, 900)])
def test_26_long_names_and_a_32_by_32_input_leave_the_border_free(
    make: Callable[..., NetworkView], size: tuple[int, int]
) -> None:
    names = [f"a rather long name of class {chr(65 + i)}" for i in range(26)]
    view = make(sketch(size=32, class_names=names), *size)
    image = pixels(picture(view))
    ground = np.array(ink().ground.getRgb()[:3])
    edges = [image[:2], image[-2:], image[:, :2], image[:, -2:]]
    assert all((edge == ground).all() for edge in edges)


@pytest.mark.parametrize("size", [(1, 1), (0, 0), (5, 400), (400, 3), (60, 60)])
def test_no_size_is_too_small(make: Callable[..., NetworkView], size: tuple[int, int]) -> None:
    for network in (sketch(), nn.presets.build("sketch-cnn", seed=0)):
        view = make(network, *size)
        view.resize(QSize(*size))
        for training in (False, True):
            view.set_training(training)
            view.repaint()
        wheel(view, 3)
        view.repaint()


def test_the_theme_changes_every_pixel_of_the_ground(
    make: Callable[..., NetworkView], qapp: QApplication
) -> None:
    view = make(nn.presets.build("sketch-cnn", seed=0))
    for name in ("light", "dark", "light"):
        theme.apply(qapp, name)
        QApplication.processEvents()
        assert picture(view).pixelColor(5, 60) == QColor(theme.colours().panel)


def test_training_paints_the_same_network_without_antialiasing(
    make: Callable[..., NetworkView],
) -> None:
    view = make(sketch())
    fine = pixels(picture(view))
    view.set_training(True)
    quick = pixels(picture(view))
    assert len(np.unique(quick.reshape(-1, 3), axis=0)) < len(
        np.unique(fine.reshape(-1, 3), axis=0)
    )
    assert np.abs(quick - fine).mean() < 12
    view.set_training(False)
    assert np.array_equal(pixels(picture(view)), fine)


def test_names_given_later_are_shown_and_told(make: Callable[..., NetworkView]) -> None:
    view = make(sketch())
    before = pixels(picture(view))
    view.set_class_names(["cross", "ring"])
    assert not np.array_equal(pixels(picture(view)), before)
    point(view, view.on_screen(2, 1))
    assert view.hover_text.startswith("output ring")


@pytest.mark.parametrize("preset", nn.presets.NAMES)
def test_the_network_can_be_painted_to_a_picture_of_any_size(
    make: Callable[..., NetworkView], preset: str
) -> None:
    view = make(nn.presets.build(preset, seed=0))
    image = QImage(1200, 700, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    view.paint_to(painter, 1200, 700)
    painter.end()
    assert len(np.unique(pixels(image).reshape(-1, 3), axis=0)) > 100
