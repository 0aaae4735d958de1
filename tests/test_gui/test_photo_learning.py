"""A data set of one's own on Photo: searched, built, sorted, trained on, saved."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.photo_data import GONE
from gui.workspaces.photo import PhotoWorkspace
from tests.commons import HOSTILE, jpeg
from tests.driving import click, find
from tests.photo_page import TIME, picked


def test_a_result_is_put_into_a_class(photo, qtbot, site):
    picked(photo, qtbot, "badger")
    photo.search_page.put(0, "badger")
    photo.search_page.put(1, "badger")
    data = photo.session.data
    assert data.counts() == [2, 0]
    assert data.credits[1].author == "Ann Example"


def built(photo: PhotoWorkspace, qtbot: QtBot, folder: Path, count: int = 5) -> None:
    photo.pages.setCurrentWidget(photo.data_page)
    for i, name in enumerate(("badger", "beard")):
        photo.data_page.names[i].setText(name)
        photo.data_page.terms[i].setText(name)
    photo.data_page.count.setValue(count)
    photo.data_page.build_in(folder)
    qtbot.waitUntil(lambda: photo.session.data is not None, timeout=TIME)


def test_build_sort_train_save_and_load_again(window, photo, qtbot, site, tmp_path):
    built(photo, qtbot, tmp_path / "set")
    data = photo.session.data
    assert data.counts() == [5, 5]
    assert (tmp_path / "set" / "badger_005.jpg").is_file()
    table = (tmp_path / "set" / "SOURCES.csv").read_text(encoding="utf-8")
    assert table.count("CC BY-SA 4.0") == 10

    wall = photo.data_page._columns[0].wall
    wall.setFocus()
    QTest.keyClick(wall, Qt.Key.Key_Home)
    QTest.keyClick(wall, Qt.Key.Key_Delete)
    assert data.counts() == [4, 5]
    QTest.keyClick(wall, Qt.Key.Key_2)
    assert data.counts() == [3, 6]
    for _ in range(2):
        photo.actions_["photo_undo"].trigger()
    assert data.counts() == [5, 5]

    page = photo.train_page
    photo.pages.setCurrentWidget(page)
    page.epochs.set_value(3)
    page.variety.setCurrentIndex(0)
    with qtbot.waitSignal(photo.session.training.ended, timeout=TIME):
        click(window, "photo_train_button")
    qtbot.waitUntil(lambda: not photo.session.training.running, timeout=TIME)
    assert photo.session.training.state.step == 24  # 4 of each, 3 times
    assert len(page.plot._rows) == 24
    assert "10 pictures" in photo.session.words

    path = tmp_path / "mine.json"
    page.save(path)
    x = np.random.default_rng(0).random((1, 3, 32, 32), dtype=np.float32)
    wanted = photo.session.training.weights().predict(x)
    page.load_shipped()
    assert not np.array_equal(photo.session.training.weights().predict(x), wanted)

    other = PhotoWorkspace(window.session, window.say, cache=tmp_path / "cache2")
    try:
        other.train_page.load(path)
        qtbot.waitUntil(lambda: "10 pictures" in other.session.words, timeout=TIME)
        np.testing.assert_array_equal(other.session.training.weights().predict(x), wanted)
    finally:
        other.shut_down()
        other.deleteLater()


def test_building_can_be_stopped(photo, qtbot, site, tmp_path):
    photo.data_page.terms[0].setText("silent")
    photo.data_page.build_in(tmp_path / "set")
    qtbot.waitUntil(lambda: len(site.requests) == 1, timeout=TIME)
    with qtbot.waitSignal(photo.builder.stopped, timeout=TIME):
        find(photo.window(), "build_button").click()
    assert not (tmp_path / "set").exists()
    assert photo.session.data is None


def test_building_leaves_out_what_cannot_be_used_and_says_so(window, photo, qtbot, site, tmp_path):
    photo.data_page.terms[0].setText("hostile")
    photo.data_page.terms[1].setText("beard")
    photo.data_page.count.setValue(8)
    photo.data_page.build_in(tmp_path / "set")
    qtbot.waitUntil(lambda: photo.session.data is not None, timeout=TIME)
    assert photo.session.data.counts() == [1, 5]
    assert f"{len(HOSTILE)} could not be used" in window.messages.text


def test_a_folder_that_is_not_empty_is_not_built_into(window, photo, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    photo.data_page.build_in(tmp_path)
    assert "not empty" in window.messages.text


def test_a_picture_is_dragged_to_another_class(photo, qtbot, tmp_path):
    for i in range(3):
        for name in ("owl", "pear"):
            (tmp_path / f"{name}_{i}.jpg").write_bytes(jpeg(i, name == "owl"))
    photo.data_page.open_folder(tmp_path)
    qtbot.waitUntil(lambda: photo.session.data is not None, timeout=TIME)
    photo.pages.setCurrentWidget(photo.data_page)
    column = photo.data_page._columns[1]
    mime = QMimeData()
    mime.setData("application/x-brightwire-picture", b"0")
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    where = QPointF(column.rect().center())
    move = Qt.DropAction.MoveAction
    QApplication.sendEvent(column, QDragEnterEvent(where.toPoint(), move, mime, button, key))
    QApplication.sendEvent(column, QDropEvent(where, move, mime, button, key))
    assert photo.session.data.counts() == [2, 4]
    photo.data_page._on_moved(1, GONE)
    assert photo.session.data.counts() == [1, 4]
    photo.look_page.show_random()
    qtbot.waitUntil(lambda: photo.pages.currentWidget() is photo.look_page, timeout=TIME)
    assert "Picture" in photo.look_page.origin.text()
    qtbot.waitUntil(lambda: len(photo.look_page.shelf.closest.rows) > 0, timeout=TIME)


def test_training_can_be_stopped_and_needs_a_data_set(window, photo, qtbot, tmp_path):
    photo.pages.setCurrentWidget(photo.train_page)
    click(window, "photo_train_button")
    assert "no data set" in window.messages.text
    assert photo.pages.currentWidget() is photo.data_page
    built(photo, qtbot, tmp_path / "set", 3)
    photo.pages.setCurrentWidget(photo.train_page)
    photo.train_page.epochs.set_value(10_000)
    click(window, "photo_train_button")
    qtbot.waitUntil(lambda: photo.session.training.state.epoch > 1, timeout=TIME)
    qtbot.waitUntil(find(window, "photo_stop_button").isEnabled, timeout=TIME)
    with qtbot.waitSignal(photo.session.training.ended, timeout=TIME):
        click(window, "photo_stop_button")
    assert "stopped" in window.messages.text
