"""The pen: strokes to grey pictures laid out as MNIST's digits are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.data import pen
from nn.data.pen import picture
from tests.drawings import odd_strokes

BAR = [np.array([[10.0, 5.0], [10.0, 95.0]])]
CROSS = [np.array([[0.0, 0.0], [80.0, 100.0]]), np.array([[80.0, 0.0], [0.0, 100.0]])]


def centre_of_mass(grey):
    mass = grey.astype(float)
    rows, columns = np.mgrid[: len(grey), : len(grey)] + 0.5
    return np.array([(mass * rows).sum(), (mass * columns).sum()]) / mass.sum()


def box(grey, above=127):
    rows, columns = np.nonzero(grey > above)
    return rows.max() - rows.min() + 1, columns.max() - columns.min() + 1


def test_a_picture_is_bright_ink_on_black_with_soft_edges():
    grey = picture(CROSS)
    assert grey.shape == (28, 28)
    assert grey.dtype == np.uint8
    assert grey.max() == 255
    assert grey[0].max() == grey[:, 0].max() == 0
    assert ((grey > 20) & (grey < 235)).sum() > 20


@pytest.mark.parametrize("size", [14, 28, 56])
def test_the_ink_takes_twenty_of_twenty_eight_pixels_and_its_mass_the_middle(size):
    for strokes in (CROSS, BAR):
        grey = picture(strokes, size)
        assert abs(max(box(grey)) - size * 20 / 28) <= 1
        np.testing.assert_allclose(centre_of_mass(grey), size / 2, atol=0.6)


def test_a_drawing_with_all_its_mass_on_one_side_stays_on_the_paper():
    hook = [
        np.array([[0, 0], [0, 100]]),
        np.array([[0, 100], [60, 100], [0, 98], [60, 96], [0, 94]]),
    ]
    grey = picture(hook)
    assert abs(max(box(grey)) - 20) <= 2
    assert grey[:, 0].max() == grey[0].max() == 0


@settings(max_examples=50, deadline=None)
@given(st.floats(1.2, 5), st.floats(0.1, 1000), st.floats(-1e4, 1e4))
def test_where_and_how_large_it_was_drawn_makes_no_difference(width, scale, shift):
    grey = picture(CROSS, 28, width)
    elsewhere = picture([points * scale + shift for points in CROSS], 28, width)
    assert np.abs(grey.astype(int) - elsewhere.astype(int)).max() <= 8


def test_a_wider_pen_leaves_more_ink_and_the_same_box():
    thin, thick = picture(BAR, width=1.5), picture(BAR, width=4.5)
    np.testing.assert_allclose(thick.sum() / thin.sum(), 3, rtol=0.15)
    assert box(thin)[0] == pytest.approx(box(thick)[0], abs=1)
    assert box(thick)[1] == pytest.approx(4.5, abs=1)


def test_a_line_is_even_however_few_points_it_has():
    many = [np.stack((np.full(200, 10.0), np.linspace(5, 95, 200)), axis=1)]
    assert np.abs(picture(BAR).astype(int) - picture(many).astype(int)).max() <= 4
    column = picture(BAR)[6:22, 13]
    assert column.min() > 240


def test_a_dot_is_a_round_dab_in_the_middle():
    grey = picture([[[3, 4]]])
    np.testing.assert_array_equal(grey, grey.T)
    np.testing.assert_array_equal(grey, grey[::-1])
    assert grey[13:15, 13:15].min() > 250
    assert 2 <= box(grey)[0] <= 4


def test_nothing_drawn_is_a_black_picture_and_odd_points_are_dropped():
    assert picture([]).max() == 0
    assert picture([[[np.nan, 1]]]).max() == 0
    assert picture(odd_strokes()).max() == 255


def test_the_ink_of_a_dab_falls_off_as_the_formula_says():
    point = np.array([[5.5, 5.5]], np.float32)
    grey = pen.ink(point, np.zeros(1, np.intp), np.array([1.5]), 1, 11, softness=1.2)[0]
    rows, columns = np.mgrid[:11, :11]
    distance = np.hypot(rows - 5, columns - 5)
    np.testing.assert_allclose(grey, np.clip((1.5 - distance) / 1.2 + 0.5, 0, 1), atol=1e-6)


def test_dabs_at_the_edge_are_cut_off_and_never_come_in_again():
    points = np.array([[-0.5, 3], [11.5, 3], [-50, 3], [3, 1e6]], np.float32)
    grey = pen.ink(points, np.array([0, 0, 1, 1]), np.full(4, 1.5), 2, 11)
    assert grey[0, 3, 0] > 0
    assert grey[0, 3, 10] > 0
    assert grey[0, 3, 3:8].max() == 0
    assert grey[1].max() == 0


@pytest.mark.parametrize(
    ("size", "width", "message"),
    [(3, 2, "at least 4 pixels"), (2.5, 2, "integer"), (28, 0, "width"), (28, np.nan, "width")],
)
def test_numbers_out_of_range_are_told(size, width, message):
    with pytest.raises(ValueError, match=message):
        picture(BAR, size, width)
