"""Someone clicks points, trains, and the boundary parts them; bad input is said, nothing lost."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
)
from pytestqt.qtbot import QtBot

from gui import theme
from gui.main_window import MainWindow
from gui.points.classify_page import ClassifyPage
from gui.points.inside_page import BENT, InsidePage
from gui.points.perceptron_page import PerceptronPage
from gui.workspaces.points import PointsWorkspace
from nn.data import points
from tests.driving import click


@pytest.fixture
def workspace(window: MainWindow) -> PointsWorkspace:
    made = window.show_workspace("points")
    assert isinstance(made, PointsWorkspace)
    return made


@pytest.fixture
def page(workspace: PointsWorkspace) -> ClassifyPage:
    found = workspace.page_of(ClassifyPage)
    assert isinstance(found, ClassifyPage)
    workspace.tabs.setCurrentWidget(found)
    return found


def until_quiet(page: ClassifyPage) -> None:
    """Let everything that was posted end, and show its frame."""
    if page._share.isActive():
        page._share_points()
    page.training.ask(lambda: None)
    page.pull()
    QApplication.processEvents()


def until_read(page: ClassifyPage) -> None:
    """Let the file be read to its end."""
    while page.tasks.busy:
        QApplication.processEvents()


def click_at(
    page: ClassifyPage,
    x: float,
    y: float,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    place = page.plane.to_pixel(x, y).toPoint()
    QTest.mouseClick(page.plane, Qt.MouseButton.LeftButton, modifier, place)


def place_by_clicks(page: ClassifyPage, name: str) -> points.Points:
    """Click a data set into the empty plane, point by point."""
    page.clear()
    made = points.generate(name, 60, 0.1, seed=2)
    for (x, y), label in zip(made.x.tolist(), made.y.tolist(), strict=True):
        shift = Qt.KeyboardModifier.ShiftModifier
        click_at(page, x, y, shift if label else Qt.KeyboardModifier.NoModifier)
    until_quiet(page)
    return made


def colour_says(page: ClassifyPage, x: np.ndarray) -> np.ndarray:
    """The class that the background shows at places (N, 2): 0 amber, 1 blue."""
    picture = page.plane._pixels
    assert picture is not None
    size, reach = len(picture), page.plane.reach
    cells = np.clip(((x + reach) / (2 * reach) * size).astype(int), 0, size - 1)
    ink = picture[size - 1 - cells[:, 1], cells[:, 0]].astype(int)
    return (ink[:, 2] > ink[:, 0]).astype(int)


@pytest.mark.parametrize("name", ["circle", "xor"])
def test_clicked_points_are_parted_by_the_painted_boundary(page: ClassifyPage, name: str) -> None:
    made = place_by_clicks(page, name)
    assert page.points.now.train.y.tolist() == made.y.tolist()
    assert np.abs(page.points.now.train.x - made.x).max() < 0.02
    page.training.train(16_000)
    until_quiet(page)
    assert page.training.history.rows()[-1, 3] >= 0.98
    page.show_panel.hard.click()
    until_quiet(page)
    assert (colour_says(page, made.x) == made.y).mean() >= 0.96  # cells are coarser than points


def test_the_first_look_has_points_a_network_and_both_losses(page: ClassifyPage) -> None:
    until_quiet(page)
    assert str(page.training.network) == "2-6-2-2"
    row = page.training.history.rows()[-1]
    assert np.isfinite(row).all()
    assert page.plane._test is not None
    assert "training loss" in page.losses.accessibleDescription()


def test_play_runs_and_pause_stops(page: ClassifyPage, qtbot: QtBot) -> None:
    click(page, "points_play_button")
    qtbot.waitUntil(lambda: page.training.step_count > 50)
    qtbot.waitUntil(page.findChild(QAbstractButton, "points_pause_button").isEnabled)
    click(page, "points_pause_button")
    qtbot.waitUntil(lambda: not page.training.running)
    page.training.ask(lambda: None)
    steps = page.training.step_count
    click(page, "points_step_button")
    page.training.ask(lambda: None)
    assert page.training.step_count == steps + 1


def test_the_same_weights_come_back_and_other_weights_differ(page: ClassifyPage) -> None:
    parameters = page.training.network.parameters
    before = page.training.ask(parameters.copy)
    page.training.train(20)
    trained = page.training.ask(parameters.copy)
    page.reset()
    assert (page.training.ask(parameters.copy) == before).all()
    page.reseed()
    assert not (page.training.ask(parameters.copy) == before).all()
    assert not (trained == before).all()


def test_a_reset_can_be_taken_back(page: ClassifyPage, window: MainWindow) -> None:
    page.training.train(20)
    trained = page.training.ask(page.training.network.parameters.copy)
    page.reset()
    click(window.messages, "message_action")
    until_quiet(page)
    assert (page.training.ask(page.training.network.parameters.copy) == trained).all()
    assert page.training.step_count == 20


# -- points --------------------------------------------------------------------------------


def test_control_removes_the_nearest_and_undo_brings_it_back(page: ClassifyPage) -> None:
    page.clear()
    click_at(page, 1, 1)
    click_at(page, -2, -2)
    click_at(page, 1.5, 1.5, Qt.KeyboardModifier.ControlModifier)
    assert np.allclose(page.points.now.train.x, [[-2, -2]], atol=0.05)
    page.undo()
    assert len(page.points.now.train.y) == 2
    page.undo()
    page.undo()
    assert len(page.points.now.train.y) == 0
    page.undo()
    assert len(page.points.now.train.y) == 150  # what was there before Clear
    page.redo()
    page.redo()
    assert len(page.points.now.train.y) == 1


def test_a_drag_paints_many_and_is_one_step_of_undo(page: ClassifyPage) -> None:
    page.clear()
    begin = page.plane.to_pixel(-3, 0).toPoint()
    QTest.mousePress(page.plane, Qt.MouseButton.LeftButton, pos=begin)
    for i in range(1, 20):
        QTest.mouseMove(page.plane, begin + QPoint(10 * i, 0))
    QTest.mouseRelease(page.plane, Qt.MouseButton.LeftButton, pos=begin + QPoint(190, 0))
    assert len(page.points.now.train.y) > 8
    page.undo()
    assert len(page.points.now.train.y) == 0


def test_the_plane_can_be_used_with_the_keyboard_alone(page: ClassifyPage) -> None:
    page.clear()
    page.plane.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Space):
        QTest.keyClick(page.plane, key)
    assert np.allclose(page.points.now.train.x, [[0.4, 0.4]])
    QTest.keyClick(page.plane, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert page.points.now.train.y.tolist() == [0, 1]
    QTest.keyClick(page.plane, Qt.Key.Key_Delete)
    assert len(page.points.now.train.y) == 1


def test_more_classes_keep_what_the_network_learned(page: ClassifyPage) -> None:
    page.training.train(300)
    weights = page.training.ask(page.training.network.parameters.copy)
    page.data_panel.classes.setValue(4)
    until_quiet(page)
    network = page.training.network
    assert network.output_shape == (4,)
    assert (page.training.ask(network.parameters.copy)[:18] == weights[:18]).all()
    assert page.training.ask(lambda: page.training._worker.is_ready)
    assert page.points.now.names == ("A", "B", "C", "D")
    page.choose_label(3)
    click_at(page, 0, 0)
    assert page.points.now.train.y[-1] == 3
    until_quiet(page)


def test_ones_own_points_stay_when_the_number_of_classes_changes(
    page: ClassifyPage, window: MainWindow
) -> None:
    page.clear()
    click_at(page, 1, 1)
    page.data_panel.classes.setValue(3)
    page.choose_label(2)
    click_at(page, -1, -1)
    assert page.points.now.train.y.tolist() == [0, 2]
    page.data_panel.classes.setValue(2)
    assert page.points.now.train.y.tolist() == [0]
    assert "1 point went" in told(window)
    page.undo()
    assert page.points.now.train.y.tolist() == [0, 2]
    click(page, "recipe_moons")
    assert "made room" in told(window)
    page.undo()
    assert page.points.now.train.y.tolist() == [0, 2]
    until_quiet(page)


def test_zooming_looks_at_another_square(page: ClassifyPage) -> None:
    QTest.keyClick(page.plane, Qt.Key.Key_Minus)
    assert page.plane.reach > 5
    until_quiet(page)
    assert page.plane._background_reach == page.plane.reach


# -- bad input -----------------------------------------------------------------------------


def told(window: MainWindow) -> str:
    return window.messages.text


def test_training_on_nothing_is_refused_with_a_sentence(
    page: ClassifyPage, window: MainWindow
) -> None:
    page.clear()
    click(page, "points_play_button")
    assert "no points yet" in told(window)
    assert not page.training.running


@pytest.mark.parametrize("labels", [[0], [0, 0, 0]])
def test_one_point_and_one_class_train_without_harm(page: ClassifyPage, labels: list[int]) -> None:
    page.clear()
    for i, _ in enumerate(labels):
        click_at(page, i, i)
    until_quiet(page)
    page.training.train(50)
    until_quiet(page)
    assert np.isfinite(page.training.history.rows()[-1, 1])


def test_a_rate_that_runs_away_is_told_and_good_weights_come_back(
    page: ClassifyPage, window: MainWindow
) -> None:
    page.network_panel.choose_preset("classify-relu")
    page.settings_panel.fields["lr"].setText("1000")
    page.settings_panel.fields["lr"].commit()
    page.training.train(3000)
    until_quiet(page)
    assert "ran away" in told(window)
    click(window.messages, "message_action")
    until_quiet(page)
    parameters = page.training.network.parameters
    assert np.isfinite(page.training.ask(parameters.copy)).all()
    assert page.plane._pixels is not None


def test_a_good_file_takes_the_place_of_the_points_and_undo_brings_them_back(
    page: ClassifyPage, window: MainWindow, tmp_path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text('x,y,class\n1,2,"red, dark"\n-1,-2,blue\n2,2,"red, dark"\n', encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert window.workspace.take(mime)
    until_read(page)
    assert page.points.now.names == ("blue", "red, dark")
    assert "3 points from mine.csv" in told(window)
    page.undo()
    assert page.points.now.names == ("A", "B")
    page.export_csv(str(tmp_path / "out.csv"))
    assert len(points.read_csv(tmp_path / "out.csv").points.y) == 200


def test_a_bad_file_is_told_and_nothing_is_lost(
    page: ClassifyPage, window: MainWindow, tmp_path
) -> None:
    before = page.points.now
    path = tmp_path / "bad.csv"
    path.write_text("x,y,class\n1,2,A\nnan,2,B\n", encoding="utf-8")
    page.import_csv(str(path))
    until_read(page)
    assert "bad.csv" in told(window)
    assert "line 3" in told(window)
    page.import_csv(str(tmp_path / "missing.csv"))
    until_read(page)
    assert "missing.csv was not imported" in told(window)
    assert page.points.now is before


def test_a_bad_network_text_is_told_in_place_and_the_old_one_stays(page: ClassifyPage) -> None:
    network = page.training.network
    page.network_panel.editor.set_text("input 1x1x2\nflatten\ndense six\nsoftmax 2")
    assert not page.network_panel.apply_button.isEnabled()
    assert page.network_panel.editor.problem
    page.apply()
    assert page.training.network is network


def test_another_network_is_built_from_its_text_and_can_be_taken_back(
    page: ClassifyPage, window: MainWindow
) -> None:
    page.training.train(10)
    old = page.training.network
    page.network_panel.editor.set_text("input 1x1x2\nflatten\ndense 4 relu\nsoftmax 2")
    click(page, "points_apply_button")
    assert str(page.training.network) == "2-4-2"
    click(window.messages, "message_action")
    assert page.training.network is old


# -- Inside and Perceptron -----------------------------------------------------------------


def test_every_neuron_has_a_map_and_the_plane_is_bent(
    workspace: PointsWorkspace, page: ClassifyPage
) -> None:
    page.training.train(16_000)
    inside = workspace.page_of(InsidePage)
    assert isinstance(inside, InsidePage)
    workspace.tabs.setCurrentWidget(inside)
    page.training.ask(lambda: None)
    inside.pull()
    assert [len(p) for p in inside.maps._pictures] == [2, 6, 2, 2]
    assert inside.bent._split is not None
    assert "straight line" in inside.note.text()
    place = inside.maps._tile(1, 4).center().toPoint()
    QTest.mouseClick(inside.maps, Qt.MouseButton.LeftButton, pos=place)
    page.training.ask(lambda: None)
    inside.pull()
    assert (inside.layer.currentIndex(), inside.first.currentIndex()) == (0, 4)
    assert inside.note.text() == BENT
    inside.grab()


def perceptron(workspace: PointsWorkspace) -> PerceptronPage:
    found = workspace.page_of(PerceptronPage)
    assert isinstance(found, PerceptronPage)
    workspace.tabs.setCurrentWidget(found)
    return found


def test_a_perceptron_learns_and_step_by_step_and_can_go_back(workspace: PointsWorkspace) -> None:
    page = perceptron(workspace)
    start = page.lesson.network.parameters.copy()
    for _ in range(60):
        click(page, "perceptron_step_button")
    assert page.lesson.is_solved
    assert "Learned" in page.why.text()
    assert "Error" in page.told.text()
    end = page.lesson.network.parameters.copy()
    for _ in range(60):
        click(page, "perceptron_back_button")
    assert (page.lesson.network.parameters == start).all()
    page.time.setValue(60)
    assert (page.lesson.network.parameters == end).all()


def test_xor_is_beyond_one_neuron_and_within_a_hidden_layer(workspace: PointsWorkspace) -> None:
    page = perceptron(workspace)
    page.gates["XOR"].click()
    for _ in range(100):
        page.lesson.step()
        assert page.lesson.right().mean() <= 0.75
    page.show_lesson()
    assert "straight line" in page.why.text()
    page.hidden_button.click()
    page._advance(400)
    assert page.lesson.is_solved
    page.hidden_button.click()
    assert not page.lesson.hidden


def test_pages_pause_when_another_comes_to_the_front(
    workspace: PointsWorkspace, page: ClassifyPage, qtbot: QtBot
) -> None:
    page.play()
    qtbot.waitUntil(lambda: page.training.running)
    perceptron(workspace)
    qtbot.waitUntil(lambda: not page.training.running)


def test_every_control_has_an_accessible_name_and_a_tooltip(workspace: PointsWorkspace) -> None:
    lacking = [
        f"{page.title}: {type(widget).__name__} {widget.objectName()}"
        for page in workspace.pages
        for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QAbstractSlider, QLineEdit)
        for widget in page.findChildren(kind)
        if not isinstance(widget, QScrollBar)
        and not isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
        and not ((widget.accessibleName() or getattr(widget, "text", str)()) and widget.toolTip())
    ]
    assert lacking == []


def test_every_page_is_painted_in_both_looks(
    window: MainWindow, workspace: PointsWorkspace
) -> None:
    for look in ("light", "dark"):
        theme.apply(QApplication.instance(), look)
        for page in workspace.pages:
            workspace.tabs.setCurrentWidget(page)
            QApplication.processEvents()
            assert not window.grab().isNull()


def test_the_keys_reach_the_page_in_front(
    workspace: PointsWorkspace, page: ClassifyPage, window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    page.plane.setFocus()
    QTest.keyClick(page.plane, Qt.Key.Key_P)
    qtbot.waitUntil(workspace.actions_["points_pause"].isEnabled)
    QTest.keyClick(page.plane, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: not page.training.running)
    QTest.keyClick(page.plane, Qt.Key.Key_2)
    assert page.label == 1
    QTest.keyClick(page.plane, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    front = workspace.page
    assert isinstance(front, PerceptronPage)
    front.setFocus()
    QTest.keyClick(front, Qt.Key.Key_S)
    QTest.keyClick(front, Qt.Key.Key_S)
    QTest.keyClick(front, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert (front.lesson.position, len(front.lesson.updates)) == (1, 2)
