"""The editor, the plot, the fields and the numbers of the Images workspace, each alone."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

import nn
from gui.image_history import Mark
from gui.widgets.augment_view import AugmentView
from gui.widgets.network_editor import NetworkEditor
from gui.widgets.number_field import NumberField
from gui.widgets.numbers_view import NumbersView
from gui.widgets.training_plot import TrainingPlot
from nn.data import digits
from tests.widgets import amount, shown

LOOKS = ["dark", "light"]


def rows(count: int) -> np.ndarray:
    step = np.arange(1, count + 1)
    rising = 1 - np.exp(-step / count)
    return np.column_stack((step, 2.3 * np.exp(-step / 50), rising, rising)).astype(float)


def field(**options: object) -> NumberField:
    return NumberField("Momentum", "How much of the past stays", 0, 1, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"), [("0.5", 0.5), ("0,25", 0.25), (" 1e-3 ", 0.001), ("0", 0.0)]
)
def test_a_number_is_committed_by_enter(qtbot: QtBot, text: str, value: float) -> None:
    made = shown(qtbot, field())
    made.set_value(0.9)
    made.setText(text)
    with qtbot.waitSignal(made.value_committed) as told:
        QTest.keyClick(made, Qt.Key.Key_Return)
    assert told.args == [value]


@pytest.mark.parametrize("text", ["", "x", "nan", "-0.1", "1.5", "1", "inf"])
def test_what_is_no_number_in_bounds_is_told_and_the_old_one_stays(qtbot: QtBot, text: str) -> None:
    made = shown(qtbot, field(below=True))
    made.set_value(0.9)
    made.setText(text)
    with qtbot.waitSignal(made.problem_changed):
        QTest.keyClick(made, Qt.Key.Key_Return)
    assert made.problem.startswith("Momentum")
    assert made.value == 0.9
    QTest.keyClick(made, Qt.Key.Key_Escape)
    assert (made.text(), made.problem) == ("0.9", "")


def test_an_empty_field_can_stand_for_nothing(qtbot: QtBot) -> None:
    made = shown(qtbot, field(empty="as is"))
    made.set_value(0.5)
    made.setText("")
    with qtbot.waitSignal(made.value_committed) as told:
        QTest.keyClick(made, Qt.Key.Key_Return)
    assert told.args == [None]


def test_arrows_double_or_count_within_the_bounds(qtbot: QtBot) -> None:
    made = shown(qtbot, NumberField("Batch", "", 1, 64, whole=True))
    made.set_value(63)
    for _ in range(4):
        QTest.keyClick(made, Qt.Key.Key_Up)
    assert made.value == 64
    part = shown(qtbot, field())
    part.set_value(0.4)
    for _ in range(3):
        QTest.keyClick(part, Qt.Key.Key_Up)
    assert part.value == 0.8


@pytest.mark.parametrize("look", LOOKS)
def test_the_editor_shows_a_cross_beside_a_wrong_line(qtbot: QtBot, look: str) -> None:
    made = shown(qtbot, NetworkEditor(), 320, 240, look)
    made.set_text(nn.presets.build("mnist").to_text())
    assert made.problem == ""
    assert amount(made, "wrong") == 0
    with qtbot.waitSignal(made.checked) as told:
        made.set_text("input 24x24x1\nconv 5x5 8\nflatten\nsoftmax 10")
    assert told.args == [made.problem]
    assert "like x8" in made.problem
    assert amount(made, "wrong") > 10


def test_an_edit_can_be_undone(qtbot: QtBot) -> None:
    made = shown(qtbot, NetworkEditor(), 320, 240)
    made.set_text("input 8x8x1\nflatten\nsoftmax 2")
    made.set_text("input 9x9x1\nflatten\nsoftmax 2")
    made.edit.undo()
    assert made.text().startswith("input 8x8x1")


def test_the_editor_demands_what_the_data_set_needs(qtbot: QtBot) -> None:
    made = shown(qtbot, NetworkEditor(), 320, 240)
    made.set_text("input 8x8x1\nflatten\nsoftmax 2")
    made.set_target((1, 8, 8), 3)
    assert "3 classes" in made.problem
    made.set_target((1, 8, 8), 2)
    assert made.problem == ""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("log", [False, True])
def test_the_plot_paints_both_curves(qtbot: QtBot, look: str, log: bool) -> None:
    made = shown(qtbot, TrainingPlot(), 520, 300, look)
    assert amount(made, "accent") == 0
    made.set_log(log)
    made.set_rows(rows(300))
    made.set_marks([Mark(100, "learning rate 1 → 0.5"), Mark(110, "L2 0 → 0.1")])
    assert amount(made, "accent") > 200
    assert amount(made, "negative") > 200
    assert "Step 300" in made.accessibleDescription()


@pytest.mark.parametrize("count", [1, 2, 5000])
def test_a_plot_of_any_length_is_painted(qtbot: QtBot, count: int) -> None:
    made = shown(qtbot, TrainingPlot(), 400, 200)
    made.set_rows(rows(count))
    made.set_last_run(rows(50), "another network")
    made.grab()
    assert amount(made, "accent") > 0


def test_values_without_a_number_are_left_out(qtbot: QtBot) -> None:
    made = shown(qtbot, TrainingPlot(), 400, 200)
    broken = rows(20)
    broken[5:, 1] = np.inf
    broken[:, 2:] = np.nan
    made.set_rows(broken)
    made.grab()
    assert "–" in made.accessibleDescription()


def test_the_last_run_stays_when_the_new_one_is_empty(qtbot: QtBot) -> None:
    made = shown(qtbot, TrainingPlot(), 400, 200)
    made.set_last_run(rows(100), "nothing but the weights")
    made.grab()
    assert amount(made, "accent") == 0


def test_values_are_read_under_the_pointer_and_by_keys(qtbot: QtBot) -> None:
    made = shown(qtbot, TrainingPlot(), 520, 300)
    made.set_rows(rows(100))
    QTest.mouseMove(made, QPoint(200, 100))
    qtbot.waitUntil(lambda: "step" in made.readout)
    assert "validation" in made.readout
    QTest.keyClick(made, Qt.Key.Key_Home)
    assert made.readout.startswith("step 1 ")
    QTest.keyClick(made, Qt.Key.Key_Right)
    assert made.readout.startswith("step 2 ")


def test_numbers_take_as_many_rows_as_the_width_asks_for(qtbot: QtBot) -> None:
    made = shown(qtbot, NumbersView(), 560, 80)
    made.set_numbers([(f"name {i}", f"{i}") for i in range(10)])
    assert made.heightForWidth(2000) * 2 == made.heightForWidth(560)  # one row, two rows
    assert made.heightForWidth(2000) * 5 == made.heightForWidth(240)
    assert "name 3 3" in made.accessibleDescription()
    assert amount(made, "text") > 50


def test_a_click_asks_for_other_variants(qtbot: QtBot) -> None:
    made = shown(qtbot, AugmentView(), 300, 56)
    assert amount(made, "muted") > 20  # the sentence of the empty state
    images = digits.make(4).images
    made.set_pictures(images[0], images[1:].astype(np.float32) / 255)
    made.grab()
    with qtbot.waitSignal(made.more_wanted):
        QTest.mouseClick(made, Qt.MouseButton.LeftButton)
