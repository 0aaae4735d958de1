"""The learning rate's field: what it takes, what it refuses, and how it says so."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.widgets.learning_rate import LearningRate, parsed, spelled, stepped
from tests.widgets import shown


@pytest.fixture
def field(qtbot):
    page = QWidget()
    column = QVBoxLayout(page)
    page.field, page.other = LearningRate(), QLineEdit()
    column.addWidget(page.field)
    column.addWidget(page.other)
    shown(qtbot, page, 300, 160)
    page.activateWindow()
    page.field.setFocus()
    qtbot.waitUntil(page.field.hasFocus)
    page.field.selectAll()
    page.field.sent = []
    page.field.value_committed.connect(page.field.sent.append)
    page.field.page = page  # kept alive
    return page.field


def sentence(field):
    """The note that is in sight beside the field."""
    notes = [label for label in field.window().findChildren(QLabel) if label.isVisible()]
    return notes[0].text() if notes else ""


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0.1", 0.1), ("1e-3", 0.001), ("0,25", 0.25), (" 2 ", 2.0), (".05", 0.05), ("1000", 1000.0)],
)
def test_a_usable_number_is_committed_with_enter(field, typed, value):
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.sent == [pytest.approx(value)]
    assert field.value == pytest.approx(value)
    assert field.problem == ""


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0", "above 0"),
        ("-1", "above 0"),
        ("1e9", "1000 at most"),
        ("inf", "1000 at most"),
        ("nan", "Not-a-number"),
        ("fast", "“fast” is no number"),
        ("1,000.5", "no number"),
        ("0.1 0.2", "no number"),
        ("1e-300", "nothing would be learnt"),
        ("1e-400", "above 0"),
    ],
)
def test_an_unusable_text_is_refused_in_place_and_the_last_good_value_stays(field, typed, why):
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.sent == []
    assert field.value == 0.5
    assert why in field.problem
    assert "0.5 stays" in field.problem
    assert sentence(field) == field.problem
    assert field.property("wrong") is True
    assert field.accessibleDescription() == field.problem


def test_an_empty_field_is_refused(field):
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "A number is needed" in field.problem


def test_the_sentence_goes_when_one_types_on(field):
    QTest.keyClicks(field, "-")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert sentence(field)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.problem == ""
    assert sentence(field) == ""
    assert field.property("wrong") is False


def test_escape_brings_the_last_good_value_back(field):
    QTest.keyClicks(field, "no")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "0.5"
    assert field.problem == ""


def test_leaving_the_field_commits(field):
    QTest.keyClicks(field, "0.2")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.sent == [0.2]


def test_leaving_with_an_unusable_text_shows_the_good_value_and_says_why(field):
    QTest.keyClicks(field, "-3")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.sent == []
    assert field.text() == "0.5"
    assert "above 0" in sentence(field)
    assert field.property("wrong") is False


def test_an_unchanged_value_is_not_sent_again(field):
    QTest.keyClicks(field, "0.50")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.sent == []
    assert field.text() == "0.5"


def test_up_and_down_step_through_one_two_five(field):
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(field, key)
    assert field.sent == [1, 2, 1, 0.5, 0.2]


def test_stepping_stops_at_the_ends():
    assert stepped(1000, up=True) == 1000
    assert stepped(1e-9, up=False) == 1e-9
    assert stepped(0.3, up=True) == 0.5
    assert stepped(0.3, up=False) == 0.2


def test_a_value_from_elsewhere_is_shown_and_not_sent(field):
    field.set_value(0.01)
    assert field.text() == "0.01"
    assert field.sent == []


def test_the_sentence_stays_inside_the_window(field):
    QTest.keyClicks(field, "x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    note = next(label for label in field.window().findChildren(QLabel) if label.isVisible())
    assert field.window().rect().contains(note.geometry())


@pytest.mark.parametrize("value", [0.5, 0.001, 123.456, 1e-9, 1000])
def test_what_is_spelled_reads_back(value):
    assert parsed(spelled(value)) == pytest.approx(value)


def test_it_has_its_names(field):
    assert field.objectName() == "learning_rate"
    assert field.accessibleName() == "Learning rate"
    assert field.toolTip()
