"""The confusion matrix, its numbers and its cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.confusion import Confusion, percent
from gui.confusion_painting import plan
from gui.widgets.confusion_view import EMPTY, ConfusionView
from tests.widgets import amount, shown

NAMES = ["cat", "dog", "frog"]
COUNTS = np.array([[80, 15, 5], [10, 40, 0], [0, 0, 50]])


@pytest.fixture
def view(qtbot):
    made = shown(qtbot, ConfusionView(), 560, 420)
    made.set_confusion(NAMES, COUNTS)
    return made


def middle(view, actual, predicted):
    return view.cell_rect(actual, predicted).center().toPoint()


def click(view, actual, predicted, button=Qt.MouseButton.LeftButton):
    QTest.mouseClick(view.viewport(), button, pos=middle(view, actual, predicted))


def cell_amount(view, actual, predicted, role, within=24):
    return amount(view.viewport(), role, view.cell_rect(actual, predicted).toRect(), within)


# The numbers


def test_accuracy_recall_and_precision_are_those_of_the_textbook():
    table = Confusion.of(COUNTS)
    assert table.accuracy == 170 / 200
    assert table.recall.tolist() == [80 / 100, 40 / 50, 1.0]
    assert table.precision.tolist() == [80 / 90, 40 / 55, 50 / 55]
    assert table.row_shares[0, 1] == 0.15


def test_a_class_without_pictures_has_no_recall_and_one_never_predicted_no_precision():
    table = Confusion.of([[0, 0], [3, 0]])
    assert np.isnan(table.recall[0])
    assert np.isnan(table.precision[1])
    assert percent(table.recall[0]) == "–"
    assert np.isnan(Confusion.of([[0, 0], [0, 0]]).accuracy)


def test_a_cell_is_told_in_a_sentence():
    table = Confusion.of(COUNTS)
    assert table.sentence(0, 1, NAMES) == "cat, predicted dog: 15 pictures, 15.0 % of class cat"
    assert table.sentence(2, 2, NAMES).startswith("frog, predicted right: 50 pictures")
    assert table.sentence(2, 0, NAMES) == "frog, predicted cat: 0 pictures"
    assert "1 picture," in Confusion.of([[1, 0], [0, 1]]).sentence(0, 0, NAMES)


@given(
    st.integers(2, 6).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 10**6), min_size=n, max_size=n), min_size=n, max_size=n
        )
    )
)
def test_more_pictures_are_never_coloured_weaker(rows):
    table = Confusion.of(rows)
    order = np.argsort(table.counts.ravel(), kind="stable")
    strengths = table.strengths.ravel()[order]
    assert (np.diff(strengths) >= 0).all()
    assert 0 <= strengths.min() <= strengths.max() <= 1


@pytest.mark.parametrize("counts", [[[1, 2]], [1, 2], [[1.5, 0], [0, 1]], [[-1, 0], [0, 1]], []])
def test_what_is_no_square_of_counts_is_refused(counts):
    with pytest.raises(ValueError, match="counts: expected"):
        Confusion.of(counts)


# The view


def test_the_empty_state_says_how_it_comes(qtbot):
    view = shown(qtbot, ConfusionView(), 300, 200)
    assert view.accessibleDescription() == EMPTY
    assert amount(view, "muted") > 50
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.current_cell is None


def test_it_says_the_accuracy_and_how_to_read_it(view):
    assert view.accessibleDescription() == (
        "85.0 % right, 170 of 200. A row is what the pictures are, a column what they were "
        "predicted to be: what is right lies on the diagonal."
    )


def test_rows_go_down_and_columns_across(view):
    assert view.cell_rect(0, 1).left() > view.cell_rect(0, 0).left()
    assert view.cell_rect(1, 0).top() > view.cell_rect(0, 0).top()


def test_a_click_on_a_cell_tells_actual_and_predicted(view, qtbot):
    with qtbot.waitSignal(view.cell_chosen) as told:
        click(view, 0, 1)
    assert told.args == [0, 1]
    assert "cat, predicted dog: 15 pictures" in view.accessibleDescription()


def test_a_click_beside_the_cells_tells_nothing(view, qtbot):
    with qtbot.assertNotEmitted(view.cell_chosen):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        click(view, 0, 1, Qt.MouseButton.RightButton)
        outside = view.cell_rect(2, 2).bottomRight().toPoint() + QPoint(5, 5)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=outside)


def test_arrows_move_and_enter_chooses(view, qtbot):
    seen = []
    for key in (
        *(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left),
        *(Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_Right),
    ):
        QTest.keyClick(view, key)
        seen.append(view.current_cell)
    assert seen == [(0, 0), (0, 1), (1, 1), (1, 0), (1, 0), (1, 2), (2, 2), (2, 2)]
    QTest.keyClick(view, Qt.Key.Key_Home)
    with qtbot.waitSignal(view.cell_chosen) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [2, 0]


def test_the_diagonal_is_green_mistakes_are_red_and_nothing_is_neither(view):
    from PySide6.QtGui import QColor

    image = view.viewport().grab().toImage()

    def ground(actual, predicted):
        corner = view.cell_rect(actual, predicted).topLeft().toPoint() + QPoint(4, 4)
        return QColor(image.pixel(corner))

    right, wrong, none = ground(0, 0), ground(0, 1), ground(2, 0)
    assert right.green() > right.red() + 40
    assert wrong.red() > wrong.green() + 20
    assert abs(none.red() - none.green()) < 20
    assert ground(0, 1).red() > ground(0, 2).red(), "fifteen are coloured stronger than five"


def test_the_cell_under_the_keyboard_is_seen(view, qtbot):
    assert cell_amount(view, 0, 0, "accent") == 0
    view.activateWindow()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(view.hasFocus)
    assert view.current_cell == (0, 0)
    assert cell_amount(view, 0, 0, "accent") > 100


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_pointing_at_a_cell_tells_it_in_words(view):
    where = middle(view, 1, 0)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, where, view.viewport().mapToGlobal(where))
    QApplication.sendEvent(view.viewport(), event)
    assert QToolTip.text().startswith("dog, predicted cat: 10 pictures, 20.0 % of class dog")
    QToolTip.hideText()


def test_new_counts_are_painted(view):
    before = cell_amount(view, 2, 0, "raised", 4)
    view.set_confusion(NAMES, COUNTS + 30)
    assert cell_amount(view, 2, 0, "raised", 4) < before / 10


def test_taking_the_counts_away_brings_the_empty_state_back(view):
    view.set_confusion(NAMES, None)
    assert view.accessibleDescription() == EMPTY
    view.grab()


@pytest.mark.parametrize("classes", [2, 10, 26])
@pytest.mark.parametrize("size", [(200, 160), (700, 560), (2400, 1800)])
@pytest.mark.parametrize("look", ["dark", "light"])
def test_it_paints_with_any_number_of_classes_at_any_size(qtbot, classes, size, look):
    view = shown(qtbot, ConfusionView(), *size, look)
    counts = np.full((classes, classes), 3) + 12_345 * np.eye(classes, dtype=int)
    view.set_confusion([f"class number {k}" for k in range(classes)], counts)
    view.grab()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.current_cell == (classes - 1, classes - 1)
    assert view.viewport().rect().contains(middle(view, classes - 1, classes - 1))
    view.grab()


def test_many_classes_scroll_and_are_clicked_where_they_are_seen(qtbot):
    view = shown(qtbot, ConfusionView(), 400, 320)
    view.set_confusion([chr(65 + k) for k in range(26)], np.ones((26, 26), int))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    with qtbot.waitSignal(view.cell_chosen) as told:
        click(view, 25, 24)
    assert told.args == [25, 24]
    with qtbot.assertNotEmitted(view.cell_chosen):
        click(view, 0, 0)  # scrolled out of sight


def test_names_and_counts_must_agree(view):
    with pytest.raises(ValueError, match="expected 2 classes, got 3"):
        view.set_confusion(["X", "O"], COUNTS)


def test_it_has_its_names(view):
    assert view.objectName() == "confusion_view"
    assert view.accessibleName()
    assert view.toolTip()


def test_all_classes_in_sight_go_before_the_sentence(qapp):
    roomy, tight = (plan([*"ABCDEFGHIJ"], 460, high) for high in (400, 290))
    assert roomy.head > 0
    assert tight.head == 0
    assert tight.hidden == (0, 0)
