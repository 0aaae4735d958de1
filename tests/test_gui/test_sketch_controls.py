"""Every control of the Sketch workspace can be found, named, reached and understood."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import theme
from gui.actions import SKETCH, WINDOW
from gui.main_window import MainWindow
from nn.data import examples
from tests.driving import click, draw, find, until_quiet

NAMES = [
    "canvas",
    "normalised_view",
    "raster_view",
    "bits_view",
    "label_toggle",
    "train_button",
    "train_ten_button",
    "train_all_button",
    "pause_button",
    "step_button",
    "reset_button",
    "clear_button",
    "undo_button",
    "prediction_view",
    "network_view",
    "loss_plot",
    "sample_list",
    "learning_rate",
    "grid_size",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_tester_finds_each_widget_by_its_name(window: MainWindow, name: str) -> None:
    assert len(window.findChildren(QWidget, name)) == 1


def test_every_control_has_an_accessible_name_and_a_tooltip(window: MainWindow) -> None:
    lacking = [
        f"{type(widget).__name__} {widget.objectName()}"
        for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
        for widget in window.findChildren(kind)
        if widget.isVisibleTo(window)
        and not isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
        and not ((widget.accessibleName() or widget.text()) and widget.toolTip())
    ]
    assert lacking == []


def test_no_two_keys_mean_two_things() -> None:
    keys: dict[str, str] = {}
    for command in (*WINDOW, *SKETCH):
        for key in command.keys:
            portable = QKeySequence(key).toString()
            assert portable not in keys or {keys[portable], command.name} == {"play", "pause"}
            keys[portable] = command.name


def test_f1_lists_every_key(window: MainWindow, qtbot: QtBot) -> None:
    dialog = window.help_dialog()
    qtbot.addWidget(dialog)
    told = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for command in (*SKETCH, *WINDOW):
        assert all(key in told for key in command.keys), command


def test_the_label_tells_that_it_has_no_effect_on_the_prediction(window: MainWindow) -> None:
    tips = [
        w.toolTip()
        for w in (find(window, "label_toggle"), *window.sketch.label_toggle.findChildren(QWidget))
    ]
    assert any("prediction" in tip for tip in tips)


def test_tab_reaches_the_controls_of_the_lesson(window: MainWindow) -> None:
    window.activateWindow()
    find(window, "canvas").setFocus()
    reached = set()
    for _ in range(80):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        while focused is not None and not focused.objectName():
            focused = focused.parentWidget()
        if focused is not None:
            reached.add(focused.objectName())
    for name in (
        "canvas",
        "raster_view",
        "network_view",
        "train_button",
        "train_all_button",
        "learning_rate",
        "speed",
        "sample_list",
        "grid_size",
    ):
        assert name in reached, f"Tab never reached {name}: {sorted(reached)}"


@pytest.mark.parametrize("size", [QSize(1024, 700), QSize(1600, 1000), QSize(3840, 2160)])
def test_nothing_lies_outside_its_parent_at_any_size(window: MainWindow, size: QSize) -> None:
    window.resize(size)
    QApplication.processEvents()
    for name in (*NAMES, "speed", "fit_button", "copy_button", "redo_button"):
        widget = find(window, name)
        inside = widget.rect().translated(widget.mapTo(window, widget.rect().topLeft()))
        assert window.rect().contains(inside), f"{name} is cut off at {size}"
        assert widget.width() >= 16, name
        assert widget.height() >= 16, name


def test_the_smallest_window_is_1024_by_700(window: MainWindow) -> None:
    window.resize(300, 200)
    assert (window.width(), window.height()) == (1024, 700)


def test_the_theme_can_be_switched_by_a_key_and_is_kept(window: MainWindow) -> None:
    before = theme.colours().name
    QTest.keyClick(window, Qt.Key.Key_D)
    assert theme.colours().name != before
    assert window.settings.theme == theme.colours().name
    QTest.keyClick(window, Qt.Key.Key_D)
    assert theme.colours().name == before


def test_the_hints_of_the_first_start_are_dismissed_once_and_for_all(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.settings.hints_seen = False
    window.show_hints()
    assert window.hints.active
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.hints.active)
    assert window.settings.hints_seen


def test_a_stroke_can_be_drawn_while_the_hints_are_shown(window: MainWindow) -> None:
    window.show_hints()
    draw(window.sketch.board.canvas, examples.hands("X")[0].strokes)
    assert len(window.sketch.board.canvas.strokes()) == 2


def test_the_status_tells_step_loss_and_how_many_weights_changed(window: MainWindow) -> None:
    draw(window.sketch.board.canvas, examples.hands("X")[0].strokes)
    click(window, "train_button")
    until_quiet(window)
    told = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "step 1" in told
    assert "loss 0." in told
    assert "last step changed" in told


def test_typing_a_learning_rate_that_makes_no_sense_keeps_the_last_good_one(
    window: MainWindow,
) -> None:
    field = window.sketch.learning_rate
    for text in ("0", "-1", "1e9", "fast", "nan", ""):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert window.session.lr == 0.5
        assert field.problem
    field.selectAll()
    QTest.keyClicks(field, "0.1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.session.lr == 0.1
    assert not field.problem
