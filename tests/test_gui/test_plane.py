"""The plane's geometry and colours, its widgets alone, and the history of losses."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import plane
from gui.plane import Plane, Wash
from gui.points.perceptron_lesson import PerceptronLesson, ends_of
from gui.points_batches import Data
from gui.points_settings import MOST_ROWS, History, PointSettings
from gui.points_training import PointsTraining
from gui.widgets.class_chips import ClassChips
from gui.widgets.loss_pair import LossPair
from gui.widgets.plane_view import PlaneView
from gui.widgets.recipe_picker import RecipePicker
from nn import point_presets
from nn.data import points
from tests.widgets import pixels, shown


def test_a_place_and_its_pixel_belong_together():
    face = Plane(left=10, top=20, side=200, reach=5)
    assert face.to_pixels(np.array([[-5.0, 5.0], [0.0, 0.0]])).tolist() == [[10, 20], [110, 120]]
    assert face.to_plane(110, 120) == (0, 0)
    assert face.to_plane(210, 220) == (5, -5)
    assert max(face.ticks()) < 5


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("classes", [2, 3, 6])
def test_a_sure_place_has_its_classes_ink_and_an_unsure_one_the_ground(look, classes):
    ground = "#11151C" if look == "dark" else "#F4F6F9"
    wash = Wash(look, ground, classes)
    scores = np.full((classes, 4), 1 / classes, np.float32)
    scores[:, 0] = 0
    scores[classes - 1, 0] = 1
    made = wash.picture(scores).reshape(4, 4)
    ink = np.array(plane.rgb((plane.DARK if look == "dark" else plane.LIGHT)[classes - 1]))
    base = np.array(plane.rgb(ground))
    wanted = base + plane.STRENGTH[look] * (ink - base)
    assert np.abs(made[0, :3] - wanted).max() <= 2
    assert np.abs(made[1, :3] - base).max() <= 3


def test_hard_classes_have_no_shades_and_broken_weights_no_colour():
    wash = Wash("dark", "#000000", 2)
    scores = np.array([[0.9, 0.6, 0.4, 0.1], [0.1, 0.4, 0.6, 0.9]], np.float32)
    made = wash.picture(scores, hard=True).reshape(4, 4)
    assert (made[0] == made[1]).all()
    assert (made[2] == made[3]).all()
    assert not (made[0] == made[3]).all()
    assert wash.picture(np.full((2, 4), np.nan, np.float32))[..., :3].max() < 10
    assert Wash("dark", "#000000", 3).picture(np.full((3, 4), np.nan, np.float32)).shape == (
        2,
        2,
        4,
    )


def test_test_points_are_hollow_and_training_points_filled(qtbot: QtBot) -> None:
    view = shown(qtbot, PlaneView(), 300, 300)
    x, y = np.array([[1.0, 1.0]], np.float32), np.array([1])
    view.set_points(np.empty((0, 2), np.float32), np.empty(0, np.int64), (x, y))
    at = view.to_pixel(1, 1).toPoint()
    ink = np.array(plane.rgb(plane.DARK[1]))
    assert np.abs(pixels(view)[at.y(), at.x()] - ink).max() > 40
    view.set_points(x, y)
    assert np.abs(pixels(view)[at.y(), at.x()] - ink).max() < 40
    assert view.accessibleDescription() == "points: A 0, B 1"


def test_the_wheel_zooms_within_bounds(qtbot: QtBot) -> None:
    view = shown(qtbot, PlaneView(), 300, 300)
    for notch in (-120, 120):
        for _ in range(40):
            event = QWheelEvent(
                QPointF(150, 150),
                QPointF(150, 150),
                QPointF(0, 0).toPoint(),
                QPointF(0, notch).toPoint(),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(view, event)
        assert view.reach == (plane.FARTHEST if notch < 0 else plane.NEAREST)


def test_a_background_of_another_reach_is_shown_where_it_belongs(qtbot: QtBot) -> None:
    view = shown(qtbot, PlaneView(), 200, 200)
    picture = np.zeros((10, 10, 4), np.uint8)
    picture[...] = (200, 0, 0, 255)
    view.set_background(picture, reach=2.5)  # of a plane of reach 5
    image = pixels(view)
    assert image[80, 80].tolist() == [200, 0, 0]
    assert image[20, 20].tolist() != [200, 0, 0]
    view.set_reach(2)
    assert pixels(view)[20, 20].tolist() == [200, 0, 0]
    view.set_background(None)


def test_a_plane_that_cannot_be_edited_emits_nothing(qtbot: QtBot) -> None:
    view = shown(qtbot, PlaneView(), 200, 200)
    view.is_editable = False
    with qtbot.assertNotEmitted(view.point_added):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton)


def test_chips_and_recipes_tell_what_was_clicked(qtbot: QtBot) -> None:
    chips = shown(qtbot, ClassChips(), 180, 60)
    chips.set_classes(("A", "B", "C", "D"), (1, 2, 3, 4))
    with qtbot.waitSignal(chips.label_chosen, check_params_cb=lambda i: i == 3):
        place = chips._chip(3).center().toPoint()
        QTest.mouseClick(chips, Qt.MouseButton.LeftButton, pos=place)
    picker = RecipePicker([("xor", "XOR", lambda: points.generate("xor", 20))])
    shown(qtbot, picker, 100, 40)
    with qtbot.waitSignal(picker.recipe_chosen, check_params_cb=lambda name: name == "xor"):
        picker.button("xor").click()
    picker.set_current("xor")
    assert picker.button("xor").isChecked()
    picker.set_current("")
    assert not picker.button("xor").isChecked()


def test_losses_are_shown_and_read_out_even_where_they_are_unknown(qtbot: QtBot) -> None:
    pair = shown(qtbot, LossPair(), 200, 200)
    empty = pixels(pair)
    rows = np.array([[i, 1 / (i + 1), np.nan, 0.5, np.nan] for i in range(50)])
    pair.set_rows(rows)
    assert (pixels(pair) != empty).any()
    assert pair.accessibleDescription() == "training loss 0.02, test loss –"
    QTest.mouseMove(pair, QPointF(100, 150).toPoint())
    pixels(pair)
    with pytest.raises(ValueError, match="expected"):
        pair.set_rows(np.zeros((3, 2)))


def test_a_long_history_is_thinned_and_keeps_its_ends():
    history = History()
    for step in range(3 * MOST_ROWS):
        history.append(float(step), 1.0, 2.0, 0.5, 0.5)
    rows = history.rows()
    assert len(rows) <= MOST_ROWS + 1
    assert rows[0, 0] == 0
    assert rows[-1, 0] == 3 * MOST_ROWS - 1
    assert (np.diff(rows[:, 0]) > 0).all()
    history.append(float(3 * MOST_ROWS - 1), 0.0, 0.0, 1.0, 1.0)  # the same step anew
    assert len(history.rows()) == len(rows)


def test_a_frame_holds_what_was_asked_for_and_the_settings_are_live(qtbot: QtBot) -> None:
    training = PointsTraining(point_presets.build("classify"), PointSettings())
    train, test = points.split(points.generate("blobs", 40), 0.25)
    training.set_data(Data.of_points(train, test))
    training.look("sum", lambda network: lambda: float(network.parameters.sum()))
    training.train(10)
    training.ask(lambda: None)
    frame = training.take()
    assert frame is not None
    assert frame.step == 10
    assert isinstance(frame.seen["sum"], float)
    assert 0 <= frame.test_accuracy <= 1
    assert training.take() is None
    for settings in (
        PointSettings(optimizer="adam", lr=0.001, momentum=0.9),
        PointSettings(optimizer="adam", lr=0.002, momentum=0.8, batch_size=40, l1=0.01),
    ):
        training.change(settings)
        training.train(5)
    worker = training._worker
    assert training.ask(lambda: worker.trainer.optimizer.lr) == 0.002
    training.set_data(None)
    assert not training.ask(lambda: worker.is_ready)
    training.close()


@pytest.mark.parametrize("seed", range(12))
def test_four_hidden_neurons_learn_xor(seed):
    lesson = PerceptronLesson("XOR", seed)
    lesson.add_hidden()
    for _ in range(400):
        lesson.step()
    assert lesson.is_solved


def test_a_line_ends_where_the_weights_say():
    x0, y0, x1, y1 = ends_of(np.array([1.0, 1.0, -1.0]), 2.0)
    assert x0 + y0 == pytest.approx(1)
    assert x1 + y1 == pytest.approx(1)
    assert ends_of(np.zeros(3), 2.0) is None


def test_a_new_rate_after_going_back_forgets_what_followed():
    lesson = PerceptronLesson("AND")
    for _ in range(6):
        lesson.step()
    lesson.go_to(2)
    lesson.set_lr(0.1)
    assert len(lesson.updates) == 2
    lesson.step()
    assert lesson.position == 3
    assert lesson.back()
