"""The network view's pixels: a step's flash, any network, any size, both themes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import nn
from gui import motion, theme
from gui.network.ink import ink
from tests.network_drawing import Draw, Lesson, light, point, sketch, strongest_wire, wheel
from tests.widgets import image_pixels, pixels

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


# -- a step ------------------------------------------------------------------------------------


def test_a_steps_change_flashes_and_fades(draw_network: Draw, qtbot: QtBot) -> None:
    network = sketch()
    view, lesson = draw_network(network), Lesson(network)
    view.show_snapshot(lesson.step())
    assert view.flashing
    bright = pixels(view).sum()
    qtbot.waitUntil(lambda: not view.flashing, timeout=2000)
    assert pixels(view).sum() < bright


def test_nothing_flashes_while_training_runs_or_when_motion_is_off(
    draw_network: Draw,
) -> None:
    network = sketch()
    view, lesson = draw_network(network), Lesson(network)
    view.set_training(True)
    view.show_snapshot(lesson.step())
    assert not view.flashing
    view.set_training(False)
    motion.enable(False)
    view.show_snapshot(lesson.step())
    assert not view.flashing


def test_a_new_drawing_alone_does_not_flash(draw_network: Draw) -> None:
    network = sketch()
    view, lesson = draw_network(network), Lesson(network)
    motion.enable(False)
    view.show_snapshot(lesson.step())
    motion.enable(True)
    before = pixels(view)
    lesson.x[:] = 1 - lesson.x
    view.show_snapshot(lesson.now())
    assert not view.flashing
    assert np.abs(pixels(view) - before).sum() > 0


def test_wires_brighten_with_training(draw_network: Draw) -> None:
    network = sketch()
    view, lesson = draw_network(network), Lesson(network)
    motion.enable(False)
    hidden, output = strongest_wire(network)
    before = light(view, (1, hidden, 2, output))
    network.parameters[444:468] *= 3
    view.show_snapshot(lesson.now())
    assert light(view, (1, hidden, 2, output)) > 1.5 * before


# -- other networks ----------------------------------------------------------------------------


def test_a_snapshot_of_another_network_is_ignored(draw_network: Draw) -> None:
    old, new = sketch(), nn.presets.build("sketch-cnn", seed=0)
    view, lesson = draw_network(old), Lesson(old)
    late = lesson.step()
    view.set_network(new)
    before = pixels(view)
    view.show_snapshot(late)
    assert np.array_equal(pixels(view), before)


def test_the_network_may_change_at_any_moment(draw_network: Draw) -> None:
    networks = [sketch(), nn.presets.build("sketch-cnn", seed=0), sketch(size=32)]
    view = draw_network(networks[0])
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
        view.grab()
    view.set_network(None)
    assert view.held is None
    assert "No network" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.mouseDClick(view, LEFT, PLAIN, QPoint(50, 50))
    wheel(view, 1)
    view.grab()


def test_before_a_network_the_view_says_what_will_appear(
    draw_network: Draw,
) -> None:
    image = pixels(draw_network(None))
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 5


@pytest.mark.parametrize("size", [(900, 440), (420, 260), (1600, 900)])
def test_26_long_names_and_a_32_by_32_input_leave_the_border_free(
    draw_network: Draw, size: tuple[int, int]
) -> None:
    names = [f"a rather long name of class {chr(65 + i)}" for i in range(26)]
    view = draw_network(sketch(size=32, class_names=names), *size)
    image = pixels(view)
    ground = np.array(ink().ground.getRgb()[:3])
    edges = [image[:2], image[-2:], image[:, :2], image[:, -2:]]
    assert all((edge == ground).all() for edge in edges)


@pytest.mark.parametrize("size", [(1, 1), (0, 0), (5, 400), (400, 3), (60, 60)])
def test_no_size_is_too_small(draw_network: Draw, size: tuple[int, int]) -> None:
    for network in (sketch(), nn.presets.build("sketch-cnn", seed=0)):
        view = draw_network(network, *size)
        view.resize(QSize(*size))
        for training in (False, True):
            view.set_training(training)
            view.repaint()
        wheel(view, 3)
        view.repaint()


def test_the_theme_changes_every_pixel_of_the_ground(
    draw_network: Draw, qapp: QApplication
) -> None:
    view = draw_network(nn.presets.build("sketch-cnn", seed=0))
    for name in ("light", "dark", "light"):
        theme.apply(qapp, name)
        QApplication.processEvents()
        assert view.grab().toImage().pixelColor(5, 60) == QColor(theme.colours().panel)


def test_training_paints_the_same_network_without_antialiasing(
    draw_network: Draw,
) -> None:
    view = draw_network(sketch())
    fine = pixels(view)
    view.set_training(True)
    quick = pixels(view)
    assert len(np.unique(quick.reshape(-1, 3), axis=0)) < len(
        np.unique(fine.reshape(-1, 3), axis=0)
    )
    assert np.abs(quick - fine).mean() < 12
    view.set_training(False)
    assert np.array_equal(pixels(view), fine)


def test_names_given_later_are_shown_and_told(draw_network: Draw) -> None:
    view = draw_network(sketch())
    before = pixels(view)
    view.set_class_names(["cross", "ring"])
    assert not np.array_equal(pixels(view), before)
    point(view, view.on_screen(2, 1))
    assert view.hover_text.startswith("output ring")


@pytest.mark.parametrize("preset", nn.presets.NAMES)
def test_the_network_can_be_painted_to_a_picture_of_any_size(
    draw_network: Draw, preset: str
) -> None:
    view = draw_network(nn.presets.build(preset, seed=0))
    image = QImage(1200, 700, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    view.paint_to(painter, 1200, 700)
    painter.end()
    assert len(np.unique(image_pixels(image).reshape(-1, 3), axis=0)) > 100
