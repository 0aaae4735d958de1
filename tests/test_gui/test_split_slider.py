"""Training, validation and test pictures by a slider."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.widgets.split_slider import EMPTY, SplitSlider
from tests.widgets import amount, shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot):
    made = shown(qtbot, SplitSlider(), 400, 60)
    made.set_total(1000)
    return made


def border(slider, index=0):
    return slider.findChild(QWidget, f"split_border_{index}")


def drag(slider, index, to):
    """Take a border by the middle to a share of the bar, in some steps."""
    handle = border(slider, index)
    middle = handle.rect().center()
    QTest.mousePress(handle, LEFT, pos=middle)
    track = slider.track()
    goal = QPoint(round(track.left() + track.width() * to), 8)
    for _ in range(3):
        QTest.mouseMove(handle, handle.mapFrom(slider, goal))
    QTest.mouseRelease(handle, LEFT, pos=handle.mapFrom(slider, goal))


def test_without_pictures_it_says_what_it_is_for(qtbot):
    slider = shown(qtbot, SplitSlider(), 400, 60)
    assert slider.accessibleDescription() == EMPTY
    assert not border(slider).isVisible()
    assert amount(slider, "muted") > 50


def test_eighty_to_twenty_is_what_it_begins_with(slider):
    assert slider.split == (0.2, 0.0)
    assert slider.numbers == (800, 200, 0)
    assert slider.accessibleDescription() == "train 800, 80 %; validation 200, 20 %; test 0, 0 %"


def test_an_official_test_set_is_told_and_leaves_one_border(slider):
    slider.set_total(60_000, official_test=10_000)
    assert slider.numbers == (48_000, 12_000, 10_000)
    assert border(slider, 0).isVisible()
    assert not border(slider, 1).isVisible()
    assert slider.accessibleDescription().endswith("test 10,000, official")


def test_a_border_can_be_dragged_and_is_told_when_let_go(slider, qtbot):
    told = []
    slider.split_changed.connect(lambda *split: told.append(split))
    drag(slider, 0, 0.7)
    assert told == [(0.3, 0.0)]
    drag(slider, 1, 0.9)
    assert told[1:] == [(0.2, 0.1)]
    assert slider.numbers == (700, 200, 100)


def test_a_click_on_the_bar_brings_the_nearest_border(slider, qtbot):
    slider.set_split(0.2, 0.1)
    track = slider.track()
    with qtbot.waitSignal(slider.split_changed) as told:
        QTest.mouseClick(slider, LEFT, pos=QPoint(round(track.left() + track.width() * 0.5), 8))
    assert told.args == [0.4, 0.1]


def test_keys_move_a_border_by_one_and_ten_per_cent(slider):
    told = []
    slider.split_changed.connect(lambda *split: told.append(split))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageDown):
        QTest.keyClick(border(slider), key)
    assert told == [(0.21, 0.0), (0.22, 0.0), (0.21, 0.0), (0.31, 0.0)]


def test_the_second_border_gives_test_pictures(slider):
    QTest.keyClick(border(slider, 1), Qt.Key.Key_PageDown)
    assert slider.split == (0.1, 0.1)
    assert slider.numbers == (800, 100, 100)


def test_borders_push_each_other_and_never_cross(slider):
    slider.set_split(0.1, 0.1)
    QTest.keyClick(border(slider, 0), Qt.Key.Key_End)
    assert slider.split == (0.0, 0.0)
    slider.set_split(0.1, 0.1)
    for _ in range(4):
        QTest.keyClick(border(slider, 1), Qt.Key.Key_PageDown)
    assert slider.split == (0.0, 0.5)


def test_a_tenth_is_kept_for_training(slider):
    QTest.keyClick(border(slider), Qt.Key.Key_Home)
    assert slider.split == (0.9, 0.0)
    assert slider.numbers == (100, 900, 0)


def test_both_borders_at_the_right_end_can_be_taken_again(slider):
    slider.set_split(0.0, 0.0)
    at = border(slider, 0).geometry().center()
    taken = slider.childAt(at)
    drag(slider, int(taken.objectName()[-1]), 0.8)
    assert sum(slider.split) == pytest.approx(0.2)


def test_numbers_as_counted_are_shown_until_the_split_is_changed(slider):
    slider.set_numbers(799, 201, 0)
    assert slider.numbers == (799, 201, 0)
    assert "validation 201, 20 %" in slider.accessibleDescription()
    slider.set_split(0.2)
    assert slider.numbers == (799, 201, 0)
    QTest.keyClick(border(slider), Qt.Key.Key_Left)
    assert slider.numbers == (790, 210, 0)


def test_a_split_from_outside_is_not_told(slider, qtbot):
    with qtbot.assertNotEmitted(slider.split_changed):
        slider.set_split(0.3, 0.2)
        slider.set_total(500)
    assert slider.numbers == (250, 150, 100)


def test_the_border_with_the_focus_is_seen_and_told(slider, qtbot):
    slider.activateWindow()
    border(slider).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(border(slider).hasFocus)
    before = amount(slider, "accent")
    border(slider).clearFocus()
    assert amount(slider, "accent") < before
    assert border(slider).accessibleDescription() == "80 %"


def test_the_three_parts_have_their_colours(slider):
    slider.set_split(0.3, 0.2)
    parts = [amount(slider, role, within=60) for role in ("accent", "negative", "muted")]
    assert min(parts) > 100


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("width", [140, 300, 1500])
def test_it_paints_at_any_width_in_both_themes(qtbot, look, width):
    slider = shown(qtbot, SplitSlider(), width, 60, look)
    slider.set_total(60_000, 10_000)
    assert amount(slider, "negative", within=60) > 50


@pytest.mark.parametrize("split", [(-0.1, 0), (0.6, 0.5), (float("nan"), 0)])
def test_an_impossible_split_is_refused(slider, split):
    with pytest.raises(ValueError, match=r"expected 0 or more, together up to 0\.9"):
        slider.set_split(*split)


def test_everything_in_it_has_a_name(slider):
    assert slider.objectName() == "split_slider"
    for part in (slider, border(slider, 0), border(slider, 1)):
        assert part.accessibleName()
        assert part.toolTip()
