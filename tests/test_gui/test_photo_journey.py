"""The Photo workspace as a person uses it: drop, paste, look, ask for reasons."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from nn.photo_model import PhotoModel
from tests.commons import jpeg
from tests.driving import drop, files
from tests.photo_page import TIME, until_shown

# -- one photo --------------------------------------------------------------------------------


def test_a_photo_dropped_on_another_workspace_brings_photo_forward(window, photo, qtbot, tmp_path):
    path = tmp_path / "badger.jpg"
    path.write_bytes(jpeg(1, True, (200, 120)))
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert window.workspace is window.sketch
    assert drop(window, files(path))
    assert window.workspace is photo
    until_shown(qtbot, photo, "badger.jpg")
    wanted = PhotoModel.load().classify(path)
    qtbot.waitUntil(lambda: photo.look_page.prediction_view.winner == wanted.label, timeout=TIME)
    assert photo.look_page.photo_view.hasFocus()


def test_painted_pictures_are_shown_at_first_and_called_so(photo, qtbot):
    assert "Painted by this app" in photo.look_page.origin.text()
    seen = photo.look_page.photo
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: photo.look_page.photo is not seen, timeout=TIME)
    assert photo.look_page.photo.source.row == seen.source.row - 1


def test_what_the_network_learned_from_is_said_plainly(photo):
    assert "badgers" in photo.look_page.about.text()


def test_a_bad_file_is_one_sentence_and_the_photo_stays(window, photo, qtbot, tmp_path):
    before = photo.look_page.photo
    for name, content in (
        ("text.jpg", b"hello, this is no picture at all"),
        ("empty.png", b""),
        ("cut.jpg", jpeg(1, True)[:300]),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert drop(window, files(path))
        qtbot.waitUntil(lambda name=name: window.messages.text.startswith(name), timeout=TIME)
        assert window.messages.kind == "error"
        assert photo.look_page.photo is before


def test_many_files_go_on_past_the_broken_ones(window, photo, qtbot, tmp_path):
    for i in range(4):
        (tmp_path / f"{i}.jpg").write_bytes(jpeg(i, i % 2 == 0))
    (tmp_path / "1.jpg").write_bytes(b"not a picture, this")
    assert drop(window, files(tmp_path))
    tray = photo.look_page.shelf.tray
    qtbot.waitUntil(lambda: len(tray.rows) == 3, timeout=TIME)
    assert "3 photos are open" in window.messages.text
    assert "1.jpg: is a text file" in window.messages.text
    until_shown(qtbot, photo, "0.jpg")
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Right)
    until_shown(qtbot, photo, "2.jpg")
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Left)
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Left)
    until_shown(qtbot, photo, "3.jpg")


def test_a_picture_is_pasted(window, photo, qtbot):
    image = QImage(60, 40, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(image)
    photo.setFocus()
    photo.actions_["photo_paste"].trigger()
    until_shown(qtbot, photo, "the pasted picture")
    assert photo.look_page.seen.reshape(3, -1).mean(axis=1).round().tolist() == [0, 128, 0]


def test_an_empty_clipboard_is_told(window, photo):
    QGuiApplication.clipboard().setText("just words")
    photo.actions_["photo_paste"].trigger()
    assert "no picture" in window.messages.text


def test_moving_the_square_changes_what_the_network_sees(window, photo, qtbot, tmp_path):
    path = tmp_path / "wide.png"
    pixels = np.zeros((60, 200, 3), np.uint8)
    pixels[:, 100:] = 255
    Image.fromarray(pixels).save(path)
    drop(window, files(path))
    until_shown(qtbot, photo, "wide.png")
    view = photo.look_page.photo_view
    middle = view.crop_rect().center().toPoint()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    for step in (20, 200, 400):
        QTest.mouseMove(view, middle + QPointF(step, 0).toPoint())
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: bool((photo.look_page.seen == 255).all()), timeout=TIME)


@pytest.mark.parametrize("kind", [1, 2])
def test_the_reasons_lie_over_the_photo(window, photo, qtbot, tmp_path, kind):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(1, True, (200, 120)))
    drop(window, files(path))
    until_shown(qtbot, photo, "a.jpg")
    photo.look_page.why.setCurrentIndex(kind)
    qtbot.waitUntil(lambda: photo.look_page.photo_view.has_heat, timeout=TIME)
    photo.look_page.why.setCurrentIndex(0)
    assert not photo.look_page.photo_view.has_heat


def test_a_photo_of_one_colour_is_warned_of(window, photo, qtbot, tmp_path):
    path = tmp_path / "grey.png"
    Image.new("RGB", (50, 50), (120, 120, 120)).save(path)
    drop(window, files(path))
    until_shown(qtbot, photo, "grey.png")
    qtbot.waitUntil(photo.look_page.warning.isVisible, timeout=TIME)
    assert "one colour" in photo.look_page.warning.text()


def test_every_control_has_a_name_and_a_tooltip(photo):
    for button in photo.findChildren(QPushButton):
        assert button.text() or button.accessibleName()
        assert button.toolTip(), button.text()


def test_real_photos_are_told_apart(window, photo, qtbot, real_data):
    folder = real_data / "photos"
    if not folder.is_dir():
        pytest.skip("there are no photos in the folder that BRIGHTWIRE_DATA names")
    names = sorted(folder.glob("badger_*.jpg"))[:3] + sorted(folder.glob("beard_*.jpg"))[:3]
    drop(window, files(*names))
    qtbot.waitUntil(lambda: len(photo.look_page.shelf.tray.rows) == 6, timeout=TIME)
    until_shown(qtbot, photo, names[0].name)
