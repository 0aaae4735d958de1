"""Choosing, adding, renaming and removing classes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from gui.widgets.label_toggle import Chip, Editor, LabelToggle
from tests.widgets import shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def toggle(qtbot):
    """A toggle that a session answers as the app's does."""
    toggle = LabelToggle()
    names = ["X", "O"]

    def added(name):
        if name in names or not name:
            toggle.refuse(len(names), f"There is a class named “{name}” already.")
        else:
            names.append(name)
            toggle.set_classes(names)

    def renamed(index, name):
        if name in names or not name:
            toggle.refuse(index, f"There is a class named “{name}” already.")
        else:
            names[index] = name
            toggle.set_classes(names)

    def removed(index):
        names.pop(index)
        toggle.set_classes(names)

    toggle.class_added.connect(added)
    toggle.class_renamed.connect(renamed)
    toggle.class_removed.connect(removed)
    toggle.names = names
    toggle.chosen = []
    toggle.label_chosen.connect(toggle.chosen.append)
    shown(qtbot, toggle, 260, 160)
    toggle.activateWindow()
    return toggle


def chips(toggle):
    return sorted(
        (c for c in toggle.findChildren(Chip) if c.isVisible()), key=lambda c: (c.y(), c.x())
    )


def editor(toggle):
    return toggle.findChild(Editor)


def plus(toggle):
    return toggle.findChild(QToolButton)


def retype(toggle, text):
    editor(toggle).selectAll()
    QTest.keyClicks(editor(toggle), text)
    QTest.keyClick(editor(toggle), Qt.Key.Key_Return)


def test_a_click_chooses(toggle):
    QTest.mouseClick(chips(toggle)[1], LEFT)
    assert toggle.chosen == [1]
    assert toggle.current == 1
    assert [chip.isChecked() for chip in chips(toggle)] == [False, True]


def test_clicking_the_chosen_one_tells_nothing_and_it_stays_chosen(toggle):
    QTest.mouseClick(chips(toggle)[0], LEFT)
    assert toggle.chosen == []
    assert chips(toggle)[0].isChecked()


def test_arrows_choose_and_go_round(toggle):
    chips(toggle)[0].setFocus()
    QTest.keyClick(chips(toggle)[0], Qt.Key.Key_Right)
    QTest.keyClick(chips(toggle)[1], Qt.Key.Key_Right)
    QTest.keyClick(chips(toggle)[0], Qt.Key.Key_End)
    assert toggle.chosen == [1, 0, 1]


def test_set_current_tells_nothing(toggle):
    toggle.set_current(1)
    assert toggle.chosen == []
    assert toggle.accessibleDescription() == "O, of X, O"


def test_plus_offers_a_free_letter_and_adds_what_is_typed(toggle):
    QTest.mouseClick(plus(toggle), LEFT)
    assert editor(toggle).isVisible()
    assert editor(toggle).text() == "A"
    retype(toggle, "seven")
    assert toggle.names == ["X", "O", "seven"]
    assert not editor(toggle).isVisible()
    assert [chip.text() for chip in chips(toggle)] == ["X", "O", "seven"]


def test_a_double_click_renames_in_place(toggle):
    QTest.mouseDClick(chips(toggle)[1], LEFT)
    assert editor(toggle).isVisible()
    assert editor(toggle).text() == "O"
    retype(toggle, "zero")
    assert toggle.names == ["X", "zero"]


def test_f2_renames_and_escape_leaves_all_as_it_was(toggle):
    chips(toggle)[0].setFocus()
    QTest.keyClick(chips(toggle)[0], Qt.Key.Key_F2)
    editor(toggle).selectAll()
    QTest.keyClicks(editor(toggle), "other")
    QTest.keyClick(editor(toggle), Qt.Key.Key_Escape)
    assert toggle.names == ["X", "O"]
    assert not editor(toggle).isVisible()
    assert len(chips(toggle)) == 2


def test_an_existing_name_is_refused_in_place_and_can_be_corrected(toggle):
    toggle.rename(0)
    retype(toggle, "O")
    assert toggle.names == ["X", "O"]
    assert editor(toggle).isVisible()
    assert editor(toggle).text() == "O"
    assert toggle.refusal == "There is a class named “O” already."
    retype(toggle, "Y")
    assert toggle.names == ["Y", "O"]
    assert toggle.refusal == ""


def test_the_refusal_is_seen_in_full_below_the_chips(toggle, qtbot):
    low = toggle.height()
    toggle.rename(0)
    toggle.refuse(0, "There is a class with this very name already: choose another one, please.")
    qtbot.waitUntil(lambda: toggle.height() > low)
    label = toggle._sentence
    assert label.y() >= toggle._area.geometry().bottom()
    assert label.height() >= label.heightForWidth(label.width())
    QTest.keyClick(editor(toggle), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: toggle.height() == low)


def test_an_empty_name_is_refused_in_place(toggle):
    toggle.rename(0)
    editor(toggle).clear()
    QTest.keyClick(editor(toggle), Qt.Key.Key_Return)
    assert toggle.refusal
    assert toggle.names == ["X", "O"]


def test_an_existing_name_can_not_be_added(toggle):
    QTest.mouseClick(plus(toggle), LEFT)
    retype(toggle, "X")
    assert toggle.refusal
    assert len(chips(toggle)) == 2


def test_the_same_name_again_changes_nothing(toggle, qtbot):
    toggle.rename(0)
    with qtbot.assertNotEmitted(toggle.class_renamed):
        QTest.keyClick(editor(toggle), Qt.Key.Key_Return)
    assert not editor(toggle).isVisible()


def test_leaving_the_editor_changes_nothing(toggle, qtbot):
    toggle.rename(0)
    qtbot.waitUntil(editor(toggle).hasFocus)
    QTest.keyClicks(editor(toggle), "half")
    chips(toggle)[0].setFocus()
    assert toggle.names == ["X", "O"]
    assert not editor(toggle).isVisible()


def test_a_refusal_without_an_editor_opens_one(toggle):
    toggle.refuse(1, "No.")
    assert editor(toggle).isVisible()
    assert toggle.refusal == "No."
    toggle.refuse(-1, "Nor a new one.")
    assert len(chips(toggle)) == 2


def test_the_context_menu_removes_and_renames(toggle):
    toggle.names.append("Z")
    toggle.set_classes(toggle.names)
    menu = toggle.menu(1)
    rename, remove = menu.actions()
    assert remove.isEnabled()
    remove.trigger()
    assert toggle.names == ["X", "Z"]
    rename.trigger()
    assert editor(toggle).isVisible()


def test_two_classes_must_stay(toggle, qtbot):
    menu = toggle.menu(0)
    assert not menu.actions()[1].isEnabled()
    assert "two classes must stay" in menu.actions()[1].text()
    with qtbot.assertNotEmitted(toggle.class_removed):
        QTest.keyClick(chips(toggle)[0], Qt.Key.Key_Delete)


def test_delete_removes_the_class_with_the_focus(toggle):
    toggle.set_classes([*"ABC"])
    toggle.names[:] = [*"ABC"]
    QTest.keyClick(chips(toggle)[2], Qt.Key.Key_Delete)
    assert toggle.names == ["A", "B"]


def test_twenty_six_classes_are_the_most(toggle):
    toggle.set_classes([chr(65 + k) for k in range(26)])
    assert not plus(toggle).isEnabled()
    assert "26" in plus(toggle).toolTip()
    assert toggle.height() < 200


def test_choosing_a_class_out_of_sight_scrolls_to_it(toggle):
    toggle.set_classes([f"class {k}" for k in range(26)])
    toggle.set_current(25)
    last = chips(toggle)[-1]
    assert not last.visibleRegion().isEmpty()


def test_the_chosen_class_is_in_sight_when_the_widget_appears(qtbot):
    toggle = LabelToggle()
    toggle.set_classes([f"class {k}" for k in range(26)])
    toggle.set_current(20)
    shown(qtbot, toggle, 260, 110)
    qtbot.waitUntil(lambda: not chips(toggle)[20].visibleRegion().isEmpty())


def test_no_chip_leaves_the_widget(toggle):
    toggle.set_classes(["a very long name of a class indeed, longer than anyone needs", "&O", "🙂"])
    for width in (120, 200, 600):
        toggle.resize(width, 160)
        for chip in chips(toggle):
            assert chip.geometry().right() <= width
    assert chips(toggle)[0].text().endswith("…")
    assert "longer than anyone needs" in chips(toggle)[0].toolTip()


def test_fewer_classes_keep_a_valid_choice(toggle):
    toggle.set_classes([*"ABCD"])
    toggle.set_current(3)
    toggle.set_classes([*"AB"])
    assert toggle.current == 1


def test_only_the_chosen_chip_is_a_tab_stop(toggle):
    stops = [bool(chip.focusPolicy() & Qt.FocusPolicy.TabFocus) for chip in chips(toggle)]
    assert stops == [True, False]


def test_the_tooltip_says_that_the_label_has_no_effect_on_the_prediction(toggle):
    assert "no effect on the prediction" in toggle.toolTip()
    assert all("no effect on the prediction" in chip.toolTip() for chip in chips(toggle))
    assert toggle.objectName() == "label_toggle"
