"""The bar with one sentence."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton

from gui.widgets.message_bar import MessageBar
from tests.widgets import amount, shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot):
    bar = MessageBar()
    bar.say("Ready.")
    QCursor.setPos(bar.screen().geometry().bottomRight())  # a bar that is pointed at stays
    shown(qtbot, bar, 600, 44)
    bar.dismiss()
    return bar


def test_it_is_hidden_until_something_is_said(bar):
    assert bar.text == ""
    bar.say("Saved.")
    assert bar.isVisible()
    assert bar.text == "Saved."
    assert bar.accessibleDescription() == "Saved."


def test_the_kind_is_seen_by_sign_and_border(bar):
    bar.say("It failed.", "error")
    assert bar.kind == "error"
    assert amount(bar, "wrong") > 300
    bar.say("Fine.", "info")
    assert amount(bar, "wrong") == 0


def test_an_unknown_kind_is_refused(bar):
    with pytest.raises(ValueError, match="'panic'"):
        bar.say("?", "panic")


def test_the_action_closes_the_bar_and_is_called(bar):
    called = []
    bar.say("Stopped.", "warning", ("Go back", lambda: called.append(bar.text)))
    button = bar.findChild(QPushButton)
    assert button.isVisible()
    assert button.text() == "Go back"
    QTest.mouseClick(button, LEFT)
    assert called == [""]
    assert not bar.isVisible()


def test_an_action_may_say_something_new(bar):
    bar.say("Stopped.", "warning", ("Go back", lambda: bar.say("Back.")))
    QTest.mouseClick(bar.findChild(QPushButton), LEFT)
    assert bar.text == "Back."
    assert not bar.findChild(QPushButton).isVisible()


def test_the_cross_dismisses(bar, qtbot):
    bar.say("Saved.")
    with qtbot.waitSignal(bar.dismissed):
        QTest.mouseClick(bar.findChild(QToolButton), LEFT)
    assert not bar.isVisible()


def test_escape_dismisses(bar):
    bar.say("Saved.")
    QTest.keyClick(bar.findChild(QToolButton), Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_it_goes_by_itself_after_its_time(bar, qtbot):
    bar.say("Saved.", timeout_ms=30)
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_a_new_sentence_gets_its_own_time(bar, qtbot):
    bar.say("Saved.", timeout_ms=30)
    bar.say("This stays.")
    qtbot.wait(60)
    assert bar.text == "This stays."


def test_a_sentence_is_text_and_not_markup(bar):
    bar.say("<b>loss</b> & more")
    assert bar.text == "<b>loss</b> & more"


def test_a_long_sentence_wraps_and_is_not_cut(bar):
    bar.say("The weights could not be read. " * 8, "error", ("Try again", lambda: None))
    assert bar.heightForWidth(400) > bar.heightForWidth(1200)
