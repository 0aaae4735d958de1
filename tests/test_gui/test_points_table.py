"""The Table page: a file becomes rows to learn from, and held-out ones are told right or wrong."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl

import nn
from gui.points.table_look import look_at_answers, network_for
from gui.points.table_page import TablePage
from nn.data import table, table_batch
from tests.points_page import a_page, settle, train

LEAVES = ("long", '"round, or so"', '"round, or so"')
PLANTS = "height,leaf,kind\n" + "".join(
    f"{i if i % 9 else ''},{LEAVES[i % 3]},{'tree' if i > 30 else 'herb'}\n" for i in range(60)
)


@pytest.fixture
def told():
    return []


@pytest.fixture
def page(qtbot, told):
    with a_page(qtbot, TablePage, told) as made:
        yield made


@pytest.fixture
def opened(page, qtbot, tmp_path):
    """Write a file, open it, and wait until it is there or told."""

    def open_text(text, name="plants.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        page.open_file(path)
        qtbot.waitUntil(lambda: not page.tasks.busy, timeout=20_000)
        settle(page)

    return open_text


def accuracy(page):
    """On held-out rows, as the matrix shows it."""
    page._look()
    settle(page)
    counts = page.confusion._table.counts
    return np.trace(counts) / counts.sum()


def test_the_page_begins_with_a_stall_of_fruit_that_can_be_learnt(page):
    assert page.target.currentText() == "fruit"
    assert page.why_not_ready() == ""
    assert accuracy(page) < 0.6
    train(page, 800)
    assert accuracy(page) > 0.85
    assert page.told_accuracy.text().endswith("of 76 held-out rows are right")
    assert page.confusion._table.total == 76


def test_missing_values_are_told(page):
    assert "weight in g is missing in 15 of 300 rows: the mean stands in." in page.remarks.text()


def test_a_file_with_quotes_and_gaps_is_learnt(page, opened, told):
    opened(PLANTS)
    assert page.line.text() == "plants.csv: 45 rows + 15 held out, 3 inputs"
    assert page.batch.features == ("height", "leaf: long", "leaf: round, or so")
    assert page.remarks.text() == "height is missing in 7 of 60 rows: the mean stands in."
    assert page.training.network.input_shape == (3, 1, 1)
    train(page, 300)
    assert accuracy(page) > 0.85
    assert not [text for text, kind, _ in told if kind == "error"]


def test_a_file_can_be_dropped(page, qtbot, tmp_path):
    path = tmp_path / "plants.csv"
    path.write_text(PLANTS)
    mime = QMimeData()
    assert not page.take(mime)
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert page.take(mime)
    qtbot.waitUntil(lambda: page.choice.table.name == "plants.csv", timeout=5000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "plants.csv is empty"),
        ("a,b\n", "plants.csv has a header but no rows"),
        ("a,b\n1,x\n2,x\n", "plants.csv has no column that can be the target|no column left"),
        ("a,b\n1,x\n2,y,z\n", "line 3: 3 values, but the header names 2 columns"),
        ("a,b\n7,x\n7,y\n", "no column left to learn b from"),
        ("1,2\n3,4\n", "numbers in its first line"),
    ],
)
def test_a_file_that_cannot_be_learnt_is_told_and_the_old_one_stays(page, opened, told, text, said):
    opened(text)
    assert re.search(said, told[-1][0])
    assert told[-1][1] == "error"
    assert page.choice.table.name == "Fruit stall"
    assert page.line.text().startswith("Fruit stall: ")
    train(page, 5)


def test_a_file_that_is_not_there_is_told(page, qtbot, told, tmp_path):
    page.open_file(tmp_path / "nowhere.csv")
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert "nowhere.csv" in told[-1][0]


def test_another_target_has_another_network_with_the_same_hidden_layer(page):
    page._on_target_chosen(2)  # skin
    settle(page)
    assert page.batch.class_names == ("rough", "smooth")
    assert page.training.network.output_shape == (2,)
    assert "dense 16 relu" in page.training.network.to_text()
    assert "fruit: apple" in page.batch.features
    assert page.network_panel.editor.problem == ""
    train(page, 50)
    assert page.confusion._names == ["rough", "smooth"]


def test_a_target_with_too_many_values_is_told(page, told):
    page._on_target_chosen(0)
    assert "weight in g has" in told[-1][0]
    assert page.target.currentText() == "fruit"
    assert page.choice.target == 6


def test_columns_can_be_left_out_but_the_last(page, told):
    page.columns.boxes[3].setChecked(False)
    settle(page)
    assert not any(name.startswith("colour") for name in page.batch.features)
    assert page.training.network.input_shape == (len(page.batch.features), 1, 1)
    for i in (0, 1, 2, 4, 5):
        page.columns.boxes[i].setChecked(False)
    assert page.choice.used == (5,)  # the last one stays
    assert page.columns.boxes[5].isChecked()
    assert "no column left to learn fruit from" in told[-1][0]


def test_what_was_learnt_can_be_gone_back_to(page, told):
    train(page, 100)
    network, before = page.training.network, accuracy(page)
    page.split.slider.setValue(2)
    settle(page)
    assert page.training.step_count == 0
    assert len(page.batch.test_y) == 29
    assert told[-1][2][0] == "Go back"
    told[-1][2][1]()
    settle(page)
    assert page.training.network is network
    assert page.training.step_count == 100
    assert len(page.batch.test_y) == 76
    assert accuracy(page) == before


def test_without_held_out_rows_the_training_rows_are_told(page):
    page.split.slider.setValue(0)
    settle(page)
    assert accuracy(page) >= 0
    assert page.told_accuracy.text().endswith("training rows (none are held out) are right")


def test_training_goes_on_while_the_window_looks(page, qtbot):
    page.play()
    qtbot.waitUntil(lambda: page.training.step_count > 50, timeout=5000)
    page.pause()
    qtbot.waitUntil(lambda: not page.is_running, timeout=5000)
    assert accuracy(page) > 0.3


# -- the parts -----------------------------------------------------------------------------


def test_answers_are_counted_by_what_is_and_what_was_said():
    read = table.parse(PLANTS)
    batch = table_batch.prepare(read, 2)
    network = network_for(batch, None, 0)
    counts = look_at_answers(batch.test_x, batch.test_y, 2)(network)()
    said = network.predict(batch.test_x).argmax(axis=1)
    for actual in (0, 1):
        for predicted in (0, 1):
            both = (batch.test_y == actual) & (said == predicted)
            assert counts[actual, predicted] == both.sum()


def test_an_old_network_that_does_not_fit_makes_room_for_a_plain_one():
    batch = table_batch.prepare(table.parse(PLANTS), 2)
    old = nn.Network.from_text("input 8x8x1\nconv 3x3 x2\nflatten\nsoftmax 2", 0)
    assert "dense 16 relu" in network_for(batch, old, 0).to_text()
