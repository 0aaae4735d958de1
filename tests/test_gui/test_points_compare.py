"""Optimizers compared: the same start, the same batches, and lines that can be told apart."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui import line_styles
from gui.points.compare_page import ComparePage
from gui.points.comparing import MOST_ROWS, Entry, Run, Task
from gui.points.optimizer_panel import CHECKED, ENTRIES
from gui.points_batches import Data
from gui.widgets.compare_plot import EMPTY, LOSS, TEST, ComparePlot, Curve, steadied
from nn import point_presets
from nn.data import points
from tests.points_page import a_page
from tests.widgets import shown

SGD = Entry("SGD", "sgd", 0.03, 0.0)


@pytest.fixture
def told():
    return []


@pytest.fixture
def page(qtbot, told):
    with a_page(qtbot, ComparePage, told) as made:
        yield made


@pytest.fixture
def task():
    train, test = points.split(points.generate("moons", 80, 0.1), 0.25)
    return Task(point_presets.build("classify", 0), Data.of_points(train, test), 10, 0)


def train(page, steps):
    """So many batches for every run, in lockstep."""
    worker = page.comparison._worker

    def do():
        for _ in range(steps):
            worker.step_once()

    page.comparison.ask(do)
    page.show_curves()


def first_rows(page):
    return [page.comparison.rows_of(key)[0].tolist() for key in page.comparison.runs]


def test_all_optimizers_start_at_the_same_loss(page):
    for box in page.optimizers.boxes.values():
        box.setChecked(True)
    page._show_soon()
    train(page, 3)
    rows = first_rows(page)
    assert len(rows) == len(ENTRIES)
    assert all(row == rows[0] for row in rows)
    assert rows[0][0] == 0
    assert rows[0][1] == pytest.approx(np.log(2), abs=0.4)


def test_they_go_different_ways_from_there_and_the_loss_falls(page):
    train(page, 120)
    last = {key: page.comparison.rows_of(key)[-1] for key in page.comparison.runs}
    assert set(last) == CHECKED
    assert {row[0] for row in last.values()} == {1200}
    assert len({row[1] for row in last.values()}) == len(last)
    assert all(row[1] < first_rows(page)[0][1] for row in last.values())


def test_every_run_sees_the_same_batches(task):
    runs = [Run(SGD, task), Run(Entry("again", "sgd", 0.03, 0.0), task)]
    for run in runs:
        for _ in range(40):
            run.step()
    assert runs[0].rows == runs[1].rows


def test_plain_sgd_is_momentum_without_momentum(task):
    slow, fast = Run(SGD, task), Run(replace(SGD, momentum=0.9), task)
    for run in (slow, fast):
        for _ in range(40):
            run.step()
    assert fast.rows[-1][1] < slow.rows[-1][1]


def test_one_that_comes_later_catches_up_with_the_others(page, qtbot):
    train(page, 50)
    page.optimizers.boxes["AdamW"].setChecked(True)
    page.comparison.ask(lambda: None)
    assert page.comparison.runs["AdamW"].seen == 0
    assert page.comparison._worker._behind().entry.key == "AdamW"
    page.play()
    qtbot.waitUntil(lambda: page.comparison.runs["AdamW"].seen >= 500, timeout=10_000)
    page.pause()
    page.comparison.ask(lambda: None)
    seen = [run.seen for run in page.comparison.runs.values()]
    assert max(seen) - min(seen) <= 110


def test_another_learning_rate_begins_this_one_anew_and_no_other(page):
    train(page, 20)
    page.optimizers.fields["Adam"].setText("0.5")
    page.optimizers.fields["Adam"].commit()
    page.comparison.ask(lambda: None)
    runs = page.comparison.runs
    assert runs["Adam"].seen == 0
    assert runs["Adam"].trainer.optimizer.lr == 0.5
    assert runs["SGD"].seen == 200


def test_an_optimizer_that_runs_away_is_told_and_the_others_go_on(page, told):
    page.optimizers.fields["Momentum"].setText("1000")
    page.optimizers.fields["Momentum"].commit()
    page.optimizers.fields["SGD"].setText("1e3")
    page.optimizers.fields["SGD"].commit()
    worker = page.comparison._worker
    page.comparison.ask(lambda: None)
    for key in ("Momentum", "SGD"):
        worker.runs[key].has_diverged = True
    train(page, 10)
    assert page.optimizers.boxes["SGD"].text() == "SGD  ✗ ran away"
    assert page.comparison.runs["Adam"].seen == 100
    for run in worker.runs.values():
        run.has_diverged = True
    page.play()
    assert told[-1][0] == "Every optimizer ran away: choose smaller learning rates."


def test_without_any_optimizer_a_sentence_says_what_to_do(page, told):
    for box in page.optimizers.boxes.values():
        box.setChecked(False)
    page._show_soon()
    page.play()
    assert told[-1][0] == "No optimizer takes part: tick one at the left."
    assert page.plot.accessibleDescription() == EMPTY


def test_what_begins_anew_can_be_gone_back_to(page, told):
    train(page, 30)
    before = {key: page.comparison.rows_of(key).tolist() for key in page.comparison.runs}
    for act in (page.reset, page.reseed, lambda: page.choose("moons"), page.apply):
        act()
        assert max(run.seen for run in page.comparison.runs.values()) == 0
        told[-1][2][1]()
        now = {key: page.comparison.rows_of(key).tolist() for key in page.comparison.runs}
        assert now == before
        assert page.recipe == "spiral"


def test_going_back_respects_what_is_ticked_now(page, told):
    train(page, 5)
    page.reset()
    page.optimizers.boxes["SGD"].setChecked(False)
    page.optimizers.boxes["AdamW"].setChecked(True)
    told[-1][2][1]()
    assert set(page.comparison.runs) == CHECKED - {"SGD"} | {"AdamW"}
    assert page.comparison.runs["Adam"].seen == 50


def test_new_weights_are_other_ones_for_all(page):
    before = first_rows(page)[0]
    page.reseed()
    rows = first_rows(page)
    assert rows[0] != before
    assert all(row == rows[0] for row in rows)


def test_a_text_with_a_mistake_is_told(page, told):
    page.editor.set_text("input 1x1x2\nflatten\ndense")
    page.apply()
    assert told[-1][1] == "error"


def test_the_footer_names_the_best_on_test_points(page):
    train(page, 60)
    left, right = page.status(0)
    assert left == "600 examples seen by each"
    assert right.startswith("best on test points now: ")


def test_a_long_history_is_thinned(task):
    run = Run(SGD, task)
    for _ in range(6 * (MOST_ROWS + 50)):
        run.step()
    seen = [row[0] for row in run.rows]
    assert len(seen) <= MOST_ROWS
    assert seen == sorted(seen)
    assert seen[0] == 0


# -- the parts -----------------------------------------------------------------------------


def curve(name, style, last):
    rows = np.array([[0, 1.0, 0.5, 0.5], [100, 0.5, 0.7, 0.6], [200, last, 0.9, 1 - last]])
    return Curve(name, style, rows)


def test_every_optimizer_has_a_colour_and_a_dash_of_its_own():
    count = len(ENTRIES)
    for theme_name in ("dark", "light"):
        assert len({line_styles.ink(i, theme_name) for i in range(count)}) == count
    assert len({line_styles.dash(i) for i in range(count)}) == count


@pytest.mark.parametrize("look", ["dark", "light"])
def test_curves_are_painted_and_read_out(qtbot, look):
    view = shown(qtbot, ComparePlot(), 480, 360, look)
    view.grab()
    view.set_curves([curve("A", 0, 0.1), curve("B", 1, 0.3)])
    view.set_log(True)
    assert view.readings(LOSS, 190) == [("A", 0, 0.1), ("B", 1, 0.3)]
    assert view.readings(TEST, 190) == [("A", 0, 0.9), ("B", 1, 0.7)]
    assert "A after 200 examples: loss 0.1, test accuracy 90.0 %" in view.accessibleDescription()
    plain = view.grab().toImage()
    plot = view.charts()[2]
    at = plot.across.start + plot.across.length / 2, plot.down.start + plot.down.length / 2
    QTest.mouseMove(view, view.rect().center())
    QTest.mouseMove(view, view.rect().topLeft() + type(view.pos())(int(at[0]), int(at[1])))
    assert view._read is not None
    assert view._read[0] == 2
    assert view.grab().toImage() != plain
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view._read is not None


def test_one_row_and_values_that_are_not_finite_are_painted(qtbot):
    view = shown(qtbot, ComparePlot(), 480, 360)
    rows = np.array([[0, 0.7, 0.5, np.nan]])
    view.set_curves([Curve("A", 0, rows), Curve("B", 1, np.empty((0, 4)))])
    view.grab()
    view.set_curves([Curve("A", 0, np.array([[0, np.nan, 0.5, 0.1], [9, np.inf, 1, 1]]))])
    view.grab()
    with pytest.raises(ValueError, match=r"expected \(n, 4\), got \(1, 3\)"):
        view.set_curves([Curve("A", 0, np.ones((1, 3)))])


def test_running_means_keep_the_first_value_and_calm_the_last():
    values = np.random.default_rng(0).random(200)
    steady = steadied(values)
    assert steady[0] == values[0]
    assert steady[-1] == pytest.approx(values[-6:].mean())
    assert steady[20:].std() < values.std() / 2
