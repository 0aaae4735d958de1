"""Points that are kept and taken up again: the same pages, the same trainings to the last bit."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from gui.points.classify_page import ClassifyPage
from gui.points.compare_page import ComparePage
from gui.points.inside_page import InsidePage
from gui.points.page import Page
from gui.points.paint_page import PaintPage
from gui.points.perceptron_page import PerceptronPage
from gui.points.regression_page import RegressionPage
from gui.points.table_page import TablePage
from gui.session import Session
from gui.workspaces.points import PointsWorkspace
from nn.data import table
from tests.driving import click
from tests.kept import differing, through_a_file
from tests.restoring import Said, making, refusals

TRAINED = (ClassifyPage, RegressionPage, PaintPage, TablePage)
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def make(qtbot: QtBot, said: Said, session: Session) -> Iterator[Callable[[], PointsWorkspace]]:
    """Makes workspaces as at the first start."""
    with making(qtbot, lambda: PointsWorkspace(session, said)) as one:
        yield one


@pytest.fixture
def points(make: Callable[[], PointsWorkspace]) -> PointsWorkspace:
    return make()


def page_of(points: PointsWorkspace, kind: type[Page]) -> Any:
    return points.page_of(kind)


def go(points: PointsWorkspace, kind: type[Page]) -> Any:
    """Click the tab of a page."""
    bar, page = points.tabs.tabBar(), page_of(points, kind)
    place = bar.tabRect(points.tabs.indexOf(page)).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
    assert points.page is page
    return page


def step(page: Page, steps: int) -> None:
    """Press S so often."""
    for _ in range(steps):
        page.desk.actions["points_step"].trigger()
    if page.training is not None:
        page.training.ask(lambda: None)
        page.pull()


def use_everything(points: PointsWorkspace) -> None:
    """Something on every page, by mouse and keys."""
    classify = go(points, ClassifyPage)
    click(classify, "recipe_moons")
    for x, y in ((1.0, 2.0), (-3.0, 0.5)):
        where = classify.plane.to_pixel(x, y).toPoint()
        QTest.mouseClick(classify.plane, Qt.MouseButton.LeftButton, SHIFT, where)
    classify.settings_panel.optimizer.setCurrentIndex(7)  # AdamW
    click(classify, "show_hard")
    step(classify, 70)  # more than the batches of a chunk
    QTest.keyClicks(classify.network_panel.editor.edit, "# mine")
    inside = go(points, InsidePage)
    inside.choose(1, 2, 4)
    perceptron = go(points, PerceptronPage)
    click(perceptron, "gate_or")
    step(perceptron, 9)
    click(perceptron, "perceptron_back_button")
    regression = go(points, RegressionPage)
    click(regression, "curve_sine")
    middle = regression.curve.rect().center()
    QTest.mouseClick(regression.curve, Qt.MouseButton.LeftButton, pos=middle)
    regression.neuron_panel.slider.slider.setValue(9)
    step(regression, 7)
    paint = go(points, PaintPage)
    halves = np.zeros((3, 256, 256), np.uint8)
    halves[0, :, :128] = 255
    paint.set_picture(np.ascontiguousarray(halves[:, :192:2, :192:2]), halves, "halves.png")
    paint.rate.slider.setValue(paint.rate.slider.value() + 10)
    step(paint, 3)
    compare = go(points, ComparePage)
    for name in ("Adam", "Nesterov"):
        QTest.keyClick(compare.optimizers.boxes[name], Qt.Key.Key_Space)
    step(compare, 5)
    fruit = go(points, TablePage)
    fruit.split.slider.setValue(2)
    step(fruit, 11)


def settled(points: PointsWorkspace) -> None:
    QApplication.processEvents()
    for page in points.pages:
        if page.training is not None:
            page.training.ask(lambda: None)


def test_everything_on_every_page_comes_back(
    points: PointsWorkspace, make: Callable[[], PointsWorkspace], qtbot: QtBot
) -> None:
    use_everything(points)
    parts = through_a_file(points.state()())
    other = make()
    other.restore(parts)
    assert differing(parts, other.state()()) == []

    fruit = other.page
    assert fruit.split.value == 2
    assert "11" in fruit.status(0.0)[0]
    qtbot.waitUntil(lambda: "rows are right" in fruit.told_accuracy.text())
    classify = go(other, ClassifyPage)
    recipes = classify.data_panel.picker.findChildren(QAbstractButton)
    assert not any(recipe.isChecked() for recipe in recipes)  # points were added by hand
    assert classify.points.now.train.x[-2:].round(1).tolist() == [[1.0, 2.0], [-3.0, 0.5]]
    assert classify.settings_panel.optimizer.currentText() == "AdamW"
    assert classify.show_panel.hard.isChecked()
    assert classify.network_panel.editor.text().startswith("# mine")
    assert classify.status(0.0)[0] == "step 70"
    mine = page_of(points, ClassifyPage)
    rows = classify.training.history.rows()
    assert np.array_equal(rows, mine.training.history.rows(), equal_nan=True)
    assert len(rows) > 60
    perceptron = go(other, PerceptronPage)
    assert perceptron.gates["OR"].isChecked()
    assert (perceptron.time.value(), perceptron.time.maximum()) == (8, 9)
    regression = go(other, RegressionPage)
    assert "21 to learn from" in regression.counts.text()
    assert regression.curve_panel.chips["sine"].isChecked()
    assert regression.neuron_panel.slider.value == 9
    paint = go(other, PaintPage)
    assert paint.picture_line.text().startswith("halves.png")
    compare = go(other, ComparePage)
    assert not compare.optimizers.boxes["Adam"].isChecked()
    assert set(compare.comparison.runs) == {"SGD", "Momentum", "Nesterov", "Adagrad", "Adadelta"}
    assert compare.status(0.0)[0] == "50 examples seen by each"


def test_every_training_goes_on_as_if_it_had_never_stopped(
    points: PointsWorkspace, make: Callable[[], PointsWorkspace]
) -> None:
    use_everything(points)
    other = make()
    other.restore(through_a_file(points.state()()))
    for workspace in (points, other):
        for kind in TRAINED:
            step(page_of(workspace, kind), 0)
            training = page_of(workspace, kind).training
            training.train(83 if kind is not PaintPage else 9)
        for _ in range(13):
            page_of(workspace, PerceptronPage).step()
            page_of(workspace, ComparePage).step()
        settled(workspace)
    assert differing(points.state()(), other.state()()) == []
    for kind in TRAINED:
        one, two = page_of(points, kind).training, page_of(other, kind).training
        assert one.step_count == two.step_count > 10
        assert one.network.parameters.tobytes() == two.network.parameters.tobytes()


@pytest.mark.parametrize("optimizer", range(8))
def test_every_optimizer_remembers_what_it_knew(
    optimizer: int, points: PointsWorkspace, make: Callable[[], PointsWorkspace]
) -> None:
    page = page_of(points, ClassifyPage)
    page.settings_panel.optimizer.setCurrentIndex(optimizer)
    page.change(replace(page.settings, l1=0.001, batch_size=7))
    step(page, 45)
    other = make()
    other.restore(through_a_file(points.state()()))
    weights = []
    for workspace in (points, other):
        training = page_of(workspace, ClassifyPage).training
        training.train(60)
        weights.append(training.ask(training.network.parameters.tobytes))
    assert weights[0] == weights[1]


def test_what_was_only_begun_is_told_apart_from_what_was_changed(points: PointsWorkspace) -> None:
    """Every kind of change has another stamp; looking, and keeping, have not."""
    stamps = [points.stamp()]

    def changed() -> bool:
        settled(points)
        stamps.append(points.stamp())
        return stamps[-1] not in stamps[:-1]

    classify = go(points, ClassifyPage)
    go(points, InsidePage)
    go(points, RegressionPage)
    click(classify, "show_hard")
    points.state()()
    QApplication.processEvents()
    assert not changed()
    go(points, ClassifyPage)
    centre = classify.plane.rect().center()
    for change in (
        lambda: click(classify, "recipe_xor"),
        lambda: QTest.mouseClick(classify.plane, Qt.MouseButton.LeftButton, pos=centre),
        classify.undo,
        lambda: step(classify, 1),
        classify.reseed,
        lambda: classify.transport.speed.setCurrentIndex(0),
        lambda: QTest.keyClicks(classify.network_panel.editor.edit, "#"),
        lambda: classify.settings_panel.fields["lr"].value_committed.emit(0.5),
        lambda: click(page_of(points, PerceptronPage), "gate_xor"),
        page_of(points, PerceptronPage).step,
        page_of(points, PerceptronPage).back,
        lambda: page_of(points, ComparePage).optimizers.boxes["Adam"].setChecked(False),
        lambda: page_of(points, ComparePage).step(),
        lambda: page_of(points, TablePage).columns.boxes[0].setChecked(False),
        lambda: page_of(points, RegressionPage).clear(),
        lambda: page_of(points, PaintPage).show_start(),
    ):
        change()
        assert changed()


def test_the_stamp_of_what_was_kept_or_restored_stays(
    points: PointsWorkspace, make: Callable[[], PointsWorkspace]
) -> None:
    use_everything(points)
    parts = points.state()()
    kept = points.stamp()
    other = make()
    other.restore(parts)
    restored = other.stamp()
    settled(points)
    settled(other)
    assert points.stamp() == kept
    assert other.stamp() == restored


def test_new_is_as_at_the_very_first_start(
    points: PointsWorkspace, make: Callable[[], PointsWorkspace]
) -> None:
    first = make().state()()
    use_everything(points)
    points.restore({})
    points.tabs.setCurrentIndex(0)
    assert differing(first, points.state()()) == []


def test_a_kept_training_is_kept_while_it_runs(
    points: PointsWorkspace, make: Callable[[], PointsWorkspace], qtbot: QtBot
) -> None:
    classify = go(points, ClassifyPage)
    click(classify, "points_play_button")
    qtbot.waitUntil(lambda: classify.training.step_count > 500)
    parts = points.state()()
    click(classify, "points_pause_button")
    qtbot.waitUntil(lambda: not classify.training.running)
    other = make()
    other.restore(through_a_file(parts))
    training = page_of(other, ClassifyPage).training
    assert not training.running
    missing = classify.training.step_count - training.step_count
    assert missing >= 0
    training.train(missing)
    other_weights = training.ask(training.network.parameters.tobytes)
    assert other_weights == classify.training.network.parameters.tobytes()


def test_a_table_that_is_too_large_is_left_out_and_told(
    points: PointsWorkspace,
    make: Callable[[], PointsWorkspace],
    said: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = page_of(points, TablePage)
    lines = "".join(f"{i},{i % 7},{'ab'[i % 2]}\n" for i in range(60))
    page._on_read(table.parse(f"one,two,kind\n{lines}", "plants.csv"))
    other = make()
    other.restore(through_a_file(points.state()()))
    assert "plants.csv: 44 rows" in page_of(other, TablePage).line.text()
    with monkeypatch.context() as small:
        small.setattr("gui.points.table_parts.MOST_BYTES", 1000)
        parts = points.state()()
    other.restore(through_a_file(parts))
    assert page_of(other, TablePage).line.text().startswith("Fruit stall")
    assert said[-1] == "The table plants.csv was too large for the session file: open it again."


@pytest.mark.parametrize("examples", [80, pytest.param(3000, marks=pytest.mark.long)])
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(
    points: PointsWorkspace, said: Said, examples: int
) -> None:
    use_everything(points)
    said.clear()
    assert 0 < len(refusals(points, settled, examples)) < examples
    assert all(sentence and "\n" not in sentence for sentence in said)
