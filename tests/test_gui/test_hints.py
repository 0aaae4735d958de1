"""The hints of the first start."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from gui.widgets.hints import Bubble, Hints, Ring
from tests.widgets import amount, shown

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot):
    page = QWidget()
    page.first, page.second = QPushButton("Draw", page), QPushButton("Train", page)
    page.first.setGeometry(20, 20, 120, 40)
    page.second.setGeometry(480, 340, 100, 40)
    page.hints = Hints(page)
    shown(qtbot, page, 600, 400)
    page.activateWindow()
    return page


def begin(page):
    page.hints.start(
        [(page.first, "Draw", "Draw an X here."), (page.second, "Train", "Click to learn.")]
    )


def bubble(page):
    return next((b for b in page.findChildren(Bubble) if b.isVisible()), None)


def test_a_bubble_points_at_the_first_widget_without_covering_it(page):
    begin(page)
    assert page.hints.text == "Draw: Draw an X here."
    assert bubble(page).count.text() == "1 of 2"
    assert not bubble(page).geometry().adjusted(8, 8, -8, -8).intersects(page.first.geometry())
    assert page.rect().contains(bubble(page).geometry())
    ring = page.findChild(Ring)
    assert ring.geometry().contains(page.first.geometry())
    assert amount(page, "accent") > 300


def test_next_goes_on_and_done_finishes(page, qtbot):
    begin(page)
    QTest.mouseClick(bubble(page).next, LEFT)
    assert page.hints.text.startswith("Train")
    assert bubble(page).next.text() == "Done"
    assert page.rect().contains(bubble(page).geometry())
    with qtbot.waitSignal(page.hints.finished):
        QTest.mouseClick(bubble(page).next, LEFT)
    assert bubble(page) is None
    assert not page.hints.active


def test_a_click_on_the_bubble_goes_on(page):
    begin(page)
    QTest.mouseClick(bubble(page), LEFT, pos=QPoint(60, 60))
    assert page.hints.text.startswith("Train")


def test_escape_dismisses_all_and_reaches_no_shortcut(page, qtbot):
    action = QAction(page)
    action.setShortcut(QKeySequence(Qt.Key.Key_Escape))
    page.addAction(action)
    begin(page)
    page.first.setFocus()
    with qtbot.assertNotEmitted(action.triggered), qtbot.waitSignal(page.hints.finished):
        QTest.keyClick(page.first, Qt.Key.Key_Escape)
    assert bubble(page) is None
    with qtbot.waitSignal(action.triggered):
        QTest.keyClick(page.first, Qt.Key.Key_Escape)


def test_the_cross_dismisses(page, qtbot):
    begin(page)
    with qtbot.waitSignal(page.hints.finished):
        QTest.mouseClick(bubble(page).skip, LEFT)


def test_the_widget_pointed_at_can_be_used(page, qtbot):
    begin(page)
    under = page.childAt(page.first.geometry().center())
    assert under is page.first
    with qtbot.waitSignal(page.first.clicked):
        QTest.mouseClick(page.first, LEFT)
    assert page.hints.active


def test_a_resized_window_takes_the_bubble_along(page, qtbot):
    begin(page)
    page.hints.advance()
    page.second.move(20, 200)
    page.resize(330, 300)
    qtbot.waitUntil(lambda: page.rect().contains(bubble(page).geometry()))


def test_starting_without_hints_shows_nothing(page):
    page.hints.start([])
    assert bubble(page) is None


def test_starting_again_begins_anew(page, qtbot):
    begin(page)
    page.hints.advance()
    with qtbot.assertNotEmitted(page.hints.finished):
        begin(page)
    assert page.hints.text.startswith("Draw")
    assert len([b for b in page.findChildren(Bubble) if b.isVisible()]) == 1
