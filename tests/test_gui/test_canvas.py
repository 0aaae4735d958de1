"""The canvas with mouse, touch and pen, as a person uses it."""

from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest

from gui import theme
from gui.widgets.canvas import UNDO_LIMIT, Canvas
from tests.widgets import amount, shown

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PEN = QPointingDevice(
    "pen",
    7,
    QInputDevice.DeviceType.Stylus,
    QPointingDevice.PointerType.Pen,
    QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
    1,
    1,
)


@pytest.fixture
def canvas(qtbot):
    return shown(qtbot, Canvas(), 200, 200)


def drag(canvas, *points, button=LEFT):
    QTest.mousePress(canvas, button, pos=QPoint(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, QPoint(*point))
    QTest.mouseRelease(canvas, button, pos=QPoint(*points[-1]))


def pen(canvas, kind, x, y, pressure, buttons=LEFT):
    button = LEFT if kind != QEvent.Type.TabletMove else Qt.MouseButton.NoButton
    where = QPointF(x, y)
    event = QTabletEvent(
        kind, PEN, where, where, pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier,
        button, buttons,
    )  # fmt: skip
    QCoreApplication.sendEvent(canvas, event)


def test_a_drag_becomes_a_stroke_in_paper_units(canvas, qtbot):
    with qtbot.waitSignals([canvas.drawing_began, canvas.drawing_changed, canvas.stroke_finished]):
        drag(canvas, (20, 20), (100, 100), (180, 20))
    (stroke,) = canvas.strokes()
    assert stroke.dtype == np.float32
    np.testing.assert_allclose(stroke, [[0.1, 0.1], [0.5, 0.5], [0.9, 0.1]], atol=1e-6)


def test_the_line_is_seen_while_the_button_is_still_down(canvas):
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 100))
    before = amount(canvas, "text")
    QTest.mouseMove(canvas, QPoint(180, 100))
    assert amount(canvas, "text") > before + 500
    assert len(canvas.strokes()) == 1
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(180, 100))


def test_points_drawn_one_by_one_look_like_the_stroke_drawn_at_once(canvas):
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 30))
    for k in range(50):
        QTest.mouseMove(canvas, QPoint(20 + 3 * k, 30 + 2 * k))
        canvas.grab()
    live = amount(canvas, "text")
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(167, 128))
    assert amount(canvas, "text") == live
    canvas.undo()
    canvas.redo()
    assert amount(canvas, "text") == pytest.approx(live, rel=0.15)


def test_a_tap_is_a_dot_that_counts_and_is_seen(canvas):
    QTest.mouseClick(canvas, LEFT, pos=QPoint(100, 100))
    assert [len(stroke) for stroke in canvas.strokes()] == [1]
    assert not canvas.is_empty
    assert amount(canvas, "text", QRect(90, 90, 20, 20)) > 10


def test_two_quick_taps_are_two_dots(canvas):
    QTest.mouseClick(canvas, LEFT, pos=QPoint(60, 60))
    QTest.mouseDClick(canvas, LEFT, pos=QPoint(140, 60))
    assert len(canvas.strokes()) >= 2


def test_the_hint_goes_with_the_first_point(canvas):
    canvas.set_hint("Draw a 7 here")
    assert "Draw a 7 here" in canvas.accessibleDescription()
    assert amount(canvas, "muted") > 50
    QTest.mouseClick(canvas, LEFT, pos=QPoint(10, 10))
    assert amount(canvas, "muted") == 0


def test_the_right_button_draws_nothing(canvas):
    drag(canvas, (20, 20), (100, 100), button=RIGHT)
    assert canvas.is_empty


def test_a_stroke_that_leaves_the_widget_goes_on_along_its_border(canvas):
    drag(canvas, (100, 100), (500, 120), (900, -300), (100, 50))
    (stroke,) = canvas.strokes()
    assert len(stroke) == 4
    assert stroke.min() >= 0
    assert stroke.max() <= 1


def test_a_release_that_never_came_ends_the_stroke_at_the_next_move(canvas):
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 20))
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(90, 90), QPointF(90, 90), Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QCoreApplication.sendEvent(canvas, move)
    assert [len(stroke) for stroke in canvas.strokes()] == [1]
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(20, 20))


def test_undo_and_redo_take_and_give_back_one_stroke(canvas):
    drag(canvas, (20, 20), (180, 180))
    drag(canvas, (180, 20), (20, 180))
    canvas.undo()
    assert len(canvas.strokes()) == 1
    canvas.undo()
    assert canvas.is_empty
    assert amount(canvas, "text") == 0
    canvas.redo()
    canvas.redo()
    assert len(canvas.strokes()) == 2


def test_undo_during_a_stroke_takes_that_stroke_away(canvas):
    drag(canvas, (20, 20), (180, 180))
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 100))
    QTest.mouseMove(canvas, QPoint(150, 100))
    canvas.undo()
    QTest.mouseMove(canvas, QPoint(180, 100))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(180, 100))
    assert len(canvas.strokes()) == 1
    assert canvas.undo_stack.count() == 1


def test_clear_can_be_undone(canvas):
    drag(canvas, (20, 20), (180, 180))
    canvas.clear()
    assert canvas.is_empty
    canvas.undo()
    assert len(canvas.strokes()) == 1


def test_clearing_an_empty_canvas_leaves_nothing_to_undo(canvas):
    canvas.clear()
    assert not canvas.undo_stack.canUndo()


def test_undo_remembers_a_limited_number_of_strokes(canvas):
    for k in range(UNDO_LIMIT + 20):
        QTest.mouseClick(canvas, LEFT, pos=QPoint(10 + k % 180, 50))
    assert canvas.undo_stack.count() == UNDO_LIMIT
    for _ in range(UNDO_LIMIT + 20):
        canvas.undo()
    assert len(canvas.strokes()) == 20


def test_the_stroke_after_training_starts_a_fresh_drawing_and_undo_brings_the_old_one_back(
    canvas, qtbot
):
    drag(canvas, (20, 20), (180, 180))
    canvas.mark_trained()
    assert canvas.is_trained
    assert amount(canvas, "right") > 10
    with qtbot.waitSignal(canvas.drawing_began):
        drag(canvas, (100, 20), (100, 180))
    assert len(canvas.strokes()) == 1
    assert canvas.strokes()[0][0, 0] == pytest.approx(0.5)
    assert not canvas.is_trained
    canvas.undo()
    assert canvas.strokes()[0][0, 0] == pytest.approx(0.1)
    assert canvas.is_trained


def test_a_second_stroke_of_an_untrained_drawing_does_not_begin_a_drawing(canvas, qtbot):
    drag(canvas, (20, 20), (180, 180))
    with qtbot.assertNotEmitted(canvas.drawing_began):
        drag(canvas, (180, 20), (20, 180))


def test_a_trained_drawing_is_calmer_than_a_fresh_one(canvas):
    drag(canvas, (20, 20), (180, 180))
    fresh = amount(canvas, "text")
    canvas.mark_trained()
    assert amount(canvas, "text") < fresh / 4


def test_nothing_drawn_can_not_be_trained(canvas):
    canvas.mark_trained()
    assert not canvas.is_trained


def test_set_strokes_fits_any_units_and_can_be_undone(canvas):
    drag(canvas, (20, 20), (180, 180))
    canvas.set_strokes([np.array([[1000, 2000], [3000, 2500]])])
    (stroke,) = canvas.strokes()
    assert stroke.min() > 0
    assert stroke.max() < 1
    assert np.ptp(stroke[:, 0]) == pytest.approx(4 * np.ptp(stroke[:, 1]), rel=1e-5)
    canvas.undo()
    assert canvas.strokes()[0][0, 0] == pytest.approx(0.1)


def test_set_strokes_refuses_what_is_no_stroke(canvas):
    with pytest.raises(ValueError, match="expected shape"):
        canvas.set_strokes([np.zeros((3, 5))])
    assert canvas.is_empty


def test_resizing_keeps_the_drawing(canvas):
    drag(canvas, (20, 20), (180, 180))
    before = canvas.strokes()
    canvas.resize(420, 300)
    np.testing.assert_array_equal(before[0], canvas.strokes()[0])
    assert amount(canvas, "text", QRect(200, 140, 20, 20)) > 20


def test_resizing_in_mid_stroke_keeps_the_points_so_far(canvas):
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 20))
    QTest.mouseMove(canvas, QPoint(100, 100))
    canvas.resize(400, 400)
    QTest.mouseMove(canvas, QPoint(360, 40))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(360, 40))
    (stroke,) = canvas.strokes()
    np.testing.assert_allclose(stroke, [[0.1, 0.1], [0.5, 0.5], [0.9, 0.1]], atol=1e-6)


def test_what_was_drawn_beside_the_square_stays_in_sight_when_the_widget_gets_narrow(qtbot):
    canvas = shown(qtbot, Canvas(), 400, 200)
    drag(canvas, (10, 100), (390, 100))
    canvas.resize(200, 200)
    assert amount(canvas, "text", QRect(0, 90, 12, 20)) > 10
    assert amount(canvas, "text", QRect(188, 90, 12, 20)) > 10
    drag(canvas, (100, 20), (100, 180))
    assert canvas.strokes()[1][0, 0] == pytest.approx(0.5)


def test_hiding_in_mid_stroke_finishes_the_stroke(canvas):
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 20))
    QTest.mouseMove(canvas, QPoint(100, 100))
    canvas.hide()
    assert len(canvas.strokes()) == 1
    assert canvas.undo_stack.count() == 1
    canvas.show()
    QTest.mouseMove(canvas, QPoint(150, 100))
    assert len(canvas.strokes()[0]) == 2


def test_closing_in_mid_stroke_finishes_the_stroke(canvas):
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 20))
    canvas.close()
    assert canvas.undo_stack.count() == 1


def test_disabling_in_mid_stroke_finishes_the_stroke(canvas):
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 20))
    canvas.setEnabled(False)
    assert canvas.undo_stack.count() == 1
    canvas.setEnabled(True)


def test_the_pen_draws_and_pressure_widens_its_line(canvas):
    for y, pressure in ((50, 0.1), (150, 1.0)):
        pen(canvas, QEvent.Type.TabletPress, 20, y, pressure)
        pen(canvas, QEvent.Type.TabletMove, 180, y, pressure)
        pen(canvas, QEvent.Type.TabletRelease, 180, y, 0.0)
    light = amount(canvas, "text", QRect(0, 0, 200, 100))
    strong = amount(canvas, "text", QRect(0, 100, 200, 100))
    assert len(canvas.strokes()) == 2
    assert strong > 2 * light > 100


def test_a_pen_that_hovers_draws_nothing(canvas):
    pen(canvas, QEvent.Type.TabletMove, 20, 50, 0.0, Qt.MouseButton.NoButton)
    pen(canvas, QEvent.Type.TabletMove, 90, 50, 0.0, Qt.MouseButton.NoButton)
    assert canvas.is_empty


def test_unusable_points_of_a_driver_are_dropped(canvas):
    nan, inf = float("nan"), float("inf")
    pen(canvas, QEvent.Type.TabletPress, nan, 50, 0.5)
    pen(canvas, QEvent.Type.TabletMove, 40, 50, nan)
    pen(canvas, QEvent.Type.TabletMove, inf, nan, 0.5)
    pen(canvas, QEvent.Type.TabletMove, 160, 50, 0.5)
    pen(canvas, QEvent.Type.TabletRelease, -inf, 50, 0.0)
    (stroke,) = canvas.strokes()
    np.testing.assert_allclose(stroke, [[0.2, 0.25], [0.8, 0.25]], atol=1e-6)
    canvas.grab()


def test_a_stroke_of_unusable_points_alone_leaves_the_canvas_as_it_was(canvas, qtbot):
    with qtbot.assertNotEmitted(canvas.drawing_began):
        pen(canvas, QEvent.Type.TabletPress, float("nan"), 50, 0.5)
        pen(canvas, QEvent.Type.TabletRelease, float("nan"), 50, 0.0)
    assert canvas.is_empty
    assert not canvas.undo_stack.canUndo()


def test_the_mouse_is_ignored_while_the_pen_draws(canvas):
    pen(canvas, QEvent.Type.TabletPress, 20, 50, 0.5)
    drag(canvas, (20, 150), (180, 150))
    pen(canvas, QEvent.Type.TabletMove, 100, 50, 0.5)
    pen(canvas, QEvent.Type.TabletRelease, 100, 50, 0.0)
    assert [len(stroke) for stroke in canvas.strokes()] == [2]


def test_a_finger_draws_and_a_second_finger_does_not(canvas):
    device = QTest.createTouchDevice()
    QTest.touchEvent(canvas, device).press(0, QPoint(20, 20), canvas).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(100, 100), canvas).press(
        1, QPoint(150, 20), canvas
    ).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(180, 20), canvas).move(
        1, QPoint(150, 190), canvas
    ).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(180, 20), canvas).release(
        1, QPoint(150, 190), canvas
    ).commit()
    (stroke,) = canvas.strokes()
    np.testing.assert_allclose(stroke, [[0.1, 0.1], [0.5, 0.5], [0.9, 0.1]], atol=1e-6)


def test_a_mouse_press_that_the_system_makes_of_a_touch_draws_nothing_more(canvas):
    device = QTest.createTouchDevice()
    QTest.touchEvent(canvas, device).press(0, QPoint(20, 20), canvas).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(20, 20), canvas).commit()
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        made_up = QMouseEvent(
            kind, QPointF(20, 20), QPointF(20, 20), QPointF(20, 20), LEFT, LEFT,
            Qt.KeyboardModifier.NoModifier, Qt.MouseEventSource.MouseEventSynthesizedBySystem,
        )  # fmt: skip
        QCoreApplication.sendEvent(canvas, made_up)
    assert len(canvas.strokes()) == 1


def test_ten_thousand_points_stay_quick(canvas):
    QTest.mousePress(canvas, LEFT, pos=QPoint(100, 100))
    turns = np.linspace(0, 60, 10_000)
    where = 100 + 0.009 * np.arange(10_000)[:, None] * np.stack((np.cos(turns), np.sin(turns)), 1)
    canvas.grab()
    for x, y in where.tolist():
        canvas._extend(QPointF(x, y), 1.0)
    canvas.grab()
    started = perf_counter()
    for _ in range(20):
        canvas._extend(QPointF(float(np.random.default_rng(0).uniform(0, 200)), 5), 1.0)
        canvas.grab()
    spent = perf_counter() - started
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(100, 100))
    assert len(canvas.strokes()[0]) > 9_000
    assert spent < 2.0, "a frame must not depend on the points before it"


def test_changes_are_told_at_most_sixty_times_a_second_and_the_last_one_is_told(canvas, qtbot):
    told = []
    canvas.drawing_changed.connect(lambda: told.append(sum(len(s) for s in canvas.strokes())))
    QTest.mousePress(canvas, LEFT, pos=QPoint(0, 100))
    started = perf_counter()
    for k in range(150):
        QTest.mouseMove(canvas, QPoint(k, 100))
    spent = perf_counter() - started
    assert len(told) <= spent * 60 + 3
    qtbot.waitUntil(lambda: told[-1] == 150)
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(149, 100))


def test_the_focus_is_seen(canvas, qtbot):
    canvas.clearFocus()
    assert amount(canvas, "accent") == 0
    canvas.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    assert amount(canvas, "accent", QRect(20, 0, 160, 3)) >= 300


def test_a_click_needs_no_ring_but_a_key_shows_it(canvas, qtbot):
    canvas.activateWindow()
    QTest.mouseClick(canvas, LEFT, pos=QPoint(100, 100))
    qtbot.waitUntil(canvas.hasFocus)
    assert amount(canvas, "accent") == 0
    QTest.keyClick(canvas, Qt.Key.Key_Shift)
    assert amount(canvas, "accent") > 300


def test_a_change_of_theme_changes_the_ink(canvas, qapp):
    drag(canvas, (20, 20), (180, 180))
    theme.apply(qapp, "light")
    assert amount(canvas, "text") > 300
    theme.apply(qapp, "dark")


def test_the_canvas_says_what_it_holds(canvas):
    assert canvas.objectName() == "canvas"
    assert canvas.accessibleName()
    assert canvas.toolTip()
    drag(canvas, (20, 20), (180, 180))
    canvas.mark_trained()
    assert canvas.accessibleDescription() == "1 stroke, trained"
