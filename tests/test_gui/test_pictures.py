"""Bytes of a data set as pixels on the screen."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui import pictures


@pytest.mark.parametrize("wide", [1, 2, 3, 5])
def test_colours_become_an_image_and_come_back(wide):
    pixels = np.random.default_rng(wide).integers(0, 256, (4, wide, 3), np.uint8)
    image = pictures.from_rgb(pixels[::2])
    assert image.pixelColor(wide - 1, 1).getRgb()[:3] == tuple(pixels[2, -1].tolist())
    for form in (QImage.Format.Format_RGB888, QImage.Format.Format_RGB32):
        assert np.array_equal(pictures.to_rgb(image.convertToFormat(form)), pixels[::2])


def test_a_grey_byte_becomes_a_grey_pixel():
    pixels = pictures.to_pixels(np.array([[[[0, 128, 255]]]], np.uint8))
    assert [hex(pixel) for pixel in pixels[0, 0]] == ["0xff000000", "0xff808080", "0xffffffff"]


def test_three_planes_become_red_green_and_blue():
    picture = np.array([[[[255, 1]], [[0, 2]], [[16, 3]]]], np.uint8)
    assert [hex(pixel) for pixel in pictures.to_pixels(picture)[0, 0]] == [
        "0xffff0010",
        "0xff010203",
    ]


def test_two_planes_are_shown_as_their_mean():
    picture = np.array([[[[100]], [[200]]]], np.uint8)
    assert hex(pictures.to_pixels(picture)[0, 0, 0]) == "0xff969696"


def test_an_image_outlives_the_array_it_was_made_from():
    picture = np.full((1, 5, 3), 200, np.uint8)
    image = pictures.to_image(picture)
    picture[:] = 0
    assert (image.width(), image.height()) == (3, 5)
    assert QColor(image.pixel(2, 4)).red() == 200


@pytest.mark.parametrize(("room", "edge"), [(28, 28), (55, 28), (56, 56), (300, 280), (14, 14)])
def test_a_picture_is_enlarged_by_whole_numbers_and_made_smaller_to_fit(room, edge):
    image = pictures.to_image(np.zeros((1, 28, 28), np.uint8))
    spot = pictures.fitted(image, QRectF(0, 0, room, room), 1.0)
    assert (spot.width(), spot.height()) == (edge, edge)


def test_every_pixel_of_an_enlarged_picture_is_a_square_of_one_colour():
    picture = np.random.default_rng(0).integers(0, 256, (1, 4, 4), np.uint8)
    screen = QImage(40, 40, QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(2.0)
    painter = QPainter(screen)
    where = pictures.paint_picture(painter, QRectF(0, 0, 20, 20), pictures.to_image(picture))
    painter.end()
    assert where == QRectF(0, 0, 20, 20)
    shown = np.frombuffer(screen.constBits(), np.uint8).reshape(40, 40, 4)[:, :, 0]
    assert np.array_equal(shown, picture[0].repeat(10, axis=0).repeat(10, axis=1))


def test_words_say_what_was_predicted():
    names = ["cat", "dog"]
    assert pictures.words(4125, 0, -1, names) == "Picture 4,125: cat"
    assert pictures.words(7, 1, 1, names) == "Picture 7: dog, predicted right ✓"
    assert pictures.words(7, 1, 0, names) == "Picture 7: dog, predicted cat ✗"


@pytest.mark.parametrize(
    ("images", "labels", "problem"),
    [
        (np.zeros((2, 1, 3, 3)), [0, 1], "expected uint8"),
        (np.zeros((2, 3, 3), np.uint8), [0, 1], r"shape \(N, C, H, W\)"),
        (np.zeros((2, 1, 3, 3), np.uint8), [0], "expected one for each of 2"),
        (np.zeros((2, 1, 3, 3), np.uint8), [0, 2], "expected 0 to 1, got 0 to 2"),
    ],
)
def test_what_does_not_fit_is_refused(images, labels, problem):
    with pytest.raises(ValueError, match=problem):
        pictures.check(images, np.array(labels), ["a", "b"])
