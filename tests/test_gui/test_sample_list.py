"""The kept samples: seen, chosen, deleted, relabelled."""

from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.widgets.sample_list import SampleList
from tests.widgets import amount, shown

LEFT = Qt.MouseButton.LeftButton
FULL = np.ones((6, 6), np.float32)


@pytest.fixture
def samples(qtbot):
    """Ids 0..6 are X, 10..12 are O; one class above the other, five to a row."""
    made = shown(qtbot, SampleList(), 210, 240)
    made.set_samples(
        ["X", "O"], [(10, 1, FULL), *((k, 0, FULL) for k in range(7)), (11, 1, FULL), (12, 1, FULL)]
    )
    return made


def click(samples, sample_id, button=LEFT):
    box = samples.thumbnail_rect(sample_id)
    QTest.mouseClick(samples.viewport(), button, pos=box.center())


def test_the_empty_state_says_how_samples_come(qtbot):
    samples = shown(qtbot, SampleList(), 230, 160)
    samples.set_samples(["X", "O"], [])
    assert samples.accessibleDescription() == "Each drawing you train on is kept here"
    assert amount(samples, "muted") > 50


def test_samples_are_grouped_by_class_with_counts(samples):
    assert samples.accessibleDescription().startswith("X 7, O 3")
    first, last_x, first_o = (samples.thumbnail_rect(k) for k in (0, 6, 10))
    assert first.top() < last_x.top() < first_o.top()
    assert amount(samples, "text", first) > 700


def test_two_classes_stand_side_by_side_where_there_is_room(samples):
    samples.resize(270, 120)
    assert samples.thumbnail_rect(0).top() == samples.thumbnail_rect(10).top()
    assert samples.thumbnail_rect(2).right() < samples.thumbnail_rect(10).left()
    chosen = []
    samples.sample_chosen.connect(chosen.append)
    click(samples, 10)
    click(samples, 2)
    assert chosen == [10, 2]
    QTest.keyClick(samples, Qt.Key.Key_Down)
    assert samples.current_id == 5


def test_a_click_chooses(samples, qtbot):
    with qtbot.waitSignal(samples.sample_chosen) as told:
        click(samples, 11)
    assert told.args == [11]
    assert samples.current_id == 11


def test_a_click_beside_the_samples_chooses_nothing(samples, qtbot):
    with qtbot.assertNotEmitted(samples.sample_chosen):
        QTest.mouseClick(samples.viewport(), LEFT, pos=samples.rect().bottomRight())
        click(samples, 11, Qt.MouseButton.RightButton)


def test_arrows_move_through_both_classes_and_enter_loads(samples, qtbot):
    seen = []
    for key in (
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_Down,
        Qt.Key.Key_Up,
        Qt.Key.Key_End,
        Qt.Key.Key_Home,
    ):
        QTest.keyClick(samples, key)
        seen.append(samples.current_id)
    assert seen == [0, 1, 2, 6, 11, 6, 12, 0]
    with qtbot.waitSignal(samples.sample_chosen) as told:
        QTest.keyClick(samples, Qt.Key.Key_Return)
    assert told.args == [0]


def test_delete_asks_to_delete_the_sample_under_the_cursor(samples, qtbot):
    QTest.keyClick(samples, Qt.Key.Key_End)
    with qtbot.waitSignal(samples.sample_deleted) as told:
        QTest.keyClick(samples, Qt.Key.Key_Delete)
    assert told.args == [12]


def test_the_cursor_stays_in_place_after_a_deletion(samples):
    QTest.keyClick(samples, Qt.Key.Key_Right)
    QTest.keyClick(samples, Qt.Key.Key_Right)
    assert samples.current_id == 1
    samples.set_samples(["X", "O"], [(k, 0, FULL) for k in (0, 2, 3)])
    assert samples.current_id == 2


def test_keys_without_samples_do_nothing(qtbot):
    samples = shown(qtbot, SampleList(), 230, 160)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_End):
        QTest.keyClick(samples, key)
    assert samples.current_id is None


def test_the_menu_relabels_and_deletes(samples, qtbot):
    menu = samples.menu(0)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == ["Load into canvas", "Relabel as O", "Delete"]
    with qtbot.waitSignal(samples.sample_relabelled) as told:
        menu.actions()[1].trigger()
    assert told.args == [0, 1]


def test_many_classes_get_a_menu_of_their_own(samples):
    samples.set_samples([*"ABCDEFG"], [(0, 2, FULL)])
    menu = samples.menu(0)
    relabel = menu.actions()[1].menu()
    assert [action.text() for action in relabel.actions()] == [*"ABDEFG"]


def test_the_sample_under_the_keyboards_cursor_is_seen(samples, qtbot):
    assert amount(samples.viewport(), "accent") == 0
    samples.activateWindow()
    samples.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(samples.hasFocus)
    box = samples.thumbnail_rect(0).adjusted(-3, -3, 3, 3)
    assert amount(samples.viewport(), "accent", box) > 150


def test_going_to_a_sample_out_of_sight_scrolls_to_it(samples):
    samples.resize(210, 90)
    QTest.keyClick(samples, Qt.Key.Key_End)
    assert samples.viewport().rect().contains(samples.thumbnail_rect(12))
    QTest.keyClick(samples, Qt.Key.Key_Home)
    assert samples.viewport().rect().contains(samples.thumbnail_rect(0))


def test_a_sample_whose_cells_changed_looks_different(samples):
    before = amount(samples.viewport(), "text", samples.thumbnail_rect(0))
    samples.set_samples(["X", "O"], [(0, 0, np.eye(6, dtype=np.float32))])
    assert 0 < amount(samples.viewport(), "text", samples.thumbnail_rect(0)) < before / 3


def test_a_label_without_a_name_is_refused(samples):
    with pytest.raises(ValueError, match=r"expected 0\.\.1, got 5"):
        samples.set_samples(["X", "O"], [(3, 5, FULL)])


def test_thousands_of_samples_stay_quick(samples):
    rng = np.random.default_rng(0)
    many = [(k, k % 2, (rng.random((28, 28)) > 0.8).astype(np.float32)) for k in range(5000)]
    samples.set_samples(["X", "O"], many)
    samples.grab()
    started = perf_counter()
    for _ in range(10):
        QTest.keyClick(samples, Qt.Key.Key_PageDown)
        samples.grab()
    assert perf_counter() - started < 2.0, "only what is in sight may be painted"


def test_it_has_its_names(samples):
    assert samples.objectName() == "sample_list"
    assert samples.accessibleName()
    assert samples.toolTip()
