"""Rasterising, against a twin in exact fractions and against dense sampling."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn.data.raster import rasterise
from nn.data.strokes import normalise
from tests.drawings import odd_strokes

# Coordinates on a 1/48 lattice meet cell corners and borders all the time; free floats hardly ever.
lattice = st.integers(0, 48).map(lambda n: n / 48)
coordinate = st.one_of(lattice, st.floats(0, 1))
outside_too = st.one_of(coordinate, st.floats(-3, 4))
sizes = st.integers(1, 32)


def points_of(elements, least=1, most=6):
    return hnp.arrays(
        np.float64, st.tuples(st.integers(least, most), st.just(2)), elements=elements
    )


def clipped_length(start, end, column, row, size, grow=Fraction(0)):
    """Part of a segment, in its own parameter 0..1, within a cell grown by `grow` of a cell."""
    low, high = Fraction(0), Fraction(1)
    for axis, index in ((0, column), (1, row)):
        a, b = start[axis] * size, end[axis] * size
        near, far = index - grow, index + 1 + grow
        if a == b:
            if not near <= a <= far:
                return None
            continue
        enter, leave = sorted(((near - a) / (b - a), (far - a) / (b - a)))
        low, high = max(low, enter), min(high, leave)
    return high - low if high >= low else None


def exact_twin(stroke, size):
    """Cells that must be set, and cells that may be set, of one stroke; slow and in fractions."""
    points = [(Fraction(float(x)), Fraction(float(y))) for x, y in stroke]
    must, may = np.zeros((size, size), bool), np.zeros((size, size), bool)
    hair = Fraction(1, 10_000)  # of a cell: what float rounding may shift over a border
    for row in range(size):
        for column in range(size):
            cell = (column, row, size)
            for point in points:
                must[row, column] |= clipped_length(point, point, *cell, -hair) is not None
                may[row, column] |= clipped_length(point, point, *cell, hair) is not None
            for start, end in pairwise(points):
                span = max(abs(end[0] - start[0]), abs(end[1] - start[1])) * size
                inner = clipped_length(start, end, *cell, -hair)
                must[row, column] |= inner is not None and inner * span > hair
                may[row, column] |= clipped_length(start, end, *cell, hair) is not None
    return must, may


def sampled_twin(stroke, size, per_segment=4001):
    """Cells hit by many points along each segment, those close to a border left out."""
    cells = np.zeros((size, size), bool)
    t = np.linspace(0, 1, per_segment)[:, None]
    for start, end in pairwise(stroke):
        at = (start + (end - start) * t) * size
        off_border = np.abs(at - np.round(at)).min(axis=1) > 1e-4
        inside = ((at > 0) & (at < size)).all(axis=1)
        column, row = np.floor(at[off_border & inside]).astype(int).T
        cells[row, column] = True
    return cells


@given(points_of(coordinate, most=4), st.integers(1, 9))
@example(np.array([[0.0, 0.0], [1.0, 1.0]]), 6)
@example(np.array([[0.0, 1.0], [1.0, 0.0]]), 6)
@example(np.array([[0.5, 0.0], [0.5, 1.0]]), 6)
@example(np.array([[1.0, 0.0], [1.0, 1.0]]), 6)
@example(np.array([[0.0, 0.5], [1.0, 0.5 + 1e-7]]), 6)
@example(np.array([[0.0, 1 / 3], [1.0, 1 / 3 + 2e-6]]), 6)
@settings(deadline=None, max_examples=100)
def test_it_agrees_with_a_twin_in_exact_fractions(stroke, size):
    cells = rasterise([stroke], size) > 0
    must, may = exact_twin(stroke, size)
    assert not (must & ~cells).any()
    assert not (cells & ~may).any()


@given(points_of(outside_too, most=4), st.integers(1, 6))
@settings(deadline=None, max_examples=50)
def test_what_lies_outside_is_cut_off_exactly(stroke, size):
    cells = rasterise([stroke], size) > 0
    must, may = exact_twin(stroke, size)
    assert not (must & ~cells).any()
    assert not (cells & ~may).any()


@given(points_of(outside_too), sizes)
@settings(deadline=None)
def test_no_point_of_a_dense_sampling_is_missed(stroke, size):
    missed = sampled_twin(stroke, size) & ~(rasterise([stroke], size) > 0)
    assert not missed.any()


@given(st.lists(points_of(coordinate), max_size=5), sizes)
def test_many_strokes_give_the_union_of_each_alone(strokes, size):
    union = np.zeros((size, size), np.float32)
    for stroke in strokes:
        union = np.maximum(union, rasterise([stroke], size))
    np.testing.assert_array_equal(rasterise(strokes, size), union)


@given(points_of(coordinate), sizes)
def test_a_stroke_drawn_backwards_is_the_same(stroke, size):
    np.testing.assert_array_equal(rasterise([stroke], size), rasterise([stroke[::-1]], size))


@given(points_of(coordinate, least=2), sizes)
def test_repeated_points_change_nothing(stroke, size):
    repeated = np.repeat(stroke, 3, axis=0)
    np.testing.assert_array_equal(rasterise([stroke], size), rasterise([repeated], size))


@given(points_of(coordinate), sizes)
def test_the_result_is_zeros_and_ones_in_float32(stroke, size):
    cells = rasterise([stroke], size)
    assert cells.shape == (size, size)
    assert cells.dtype == np.float32
    assert set(np.unique(cells)) <= {0.0, 1.0}
    assert cells.any()


@given(
    st.lists(
        points_of(st.floats(allow_nan=True, allow_infinity=True, width=64), least=0), max_size=4
    ),
    sizes,
)
def test_nothing_a_driver_sends_breaks_it(strokes, size):
    assert np.isfinite(rasterise(strokes, size)).all()


def test_a_dot_becomes_one_cell():
    cells = rasterise([np.array([[0.5, 0.3]])], 6)
    assert cells.sum() == 1
    assert cells[1, 3] == 1


def test_a_dot_on_the_far_corner_stays_inside():
    assert rasterise([np.array([[1.0, 1.0]])], 6)[5, 5] == 1


def test_a_later_stroke_never_clears_a_cell():
    first = np.array([[0.0, 0.0], [1.0, 1.0]])
    over = np.array([[0.0, 0.0], [0.5, 0.5], [0.0, 0.0]])
    np.testing.assert_array_equal(rasterise([first], 6), rasterise([first, over], 6))


@pytest.mark.parametrize("size", range(4, 33))
def test_a_cross_drawn_from_corner_to_corner_is_symmetric(size):
    cross = normalise([np.array([[10, 10], [110, 110]]), np.array([[10, 110], [110, 10]])])
    cells = rasterise(cross, size)
    np.testing.assert_array_equal(cells, cells[::-1])
    np.testing.assert_array_equal(cells, cells[:, ::-1])
    np.testing.assert_array_equal(cells, cells.T)


def test_rows_go_down_and_columns_go_right():
    cells = rasterise([np.array([[0.1, 0.9], [0.9, 0.9]])], 4)
    np.testing.assert_array_equal(cells[3], 1)
    assert cells[:3].sum() == 0


def test_a_stroke_goes_straight_on_over_a_lost_point():
    whole = rasterise([np.array([[0.1, 0.1], [0.9, 0.9]])], 8)
    lossy = rasterise([np.array([[0.1, 0.1], [np.nan, 0.5], [0.9, 0.9]])], 8)
    np.testing.assert_array_equal(whole, lossy)


def test_no_line_joins_the_end_of_a_stroke_to_the_next():
    cells = rasterise([np.array([[0.05, 0.05]]), np.array([[0.95, 0.95]])], 6)
    assert cells.sum() == 2


def test_a_far_off_stroke_leaves_the_grid_empty():
    assert rasterise([np.array([[1e300, 1e300], [1e300, 2e300]])], 6).sum() == 0


def test_a_stroke_right_across_from_far_outside_sets_its_row():
    cells = rasterise([np.array([[-1e308, 0.4], [1e308, 0.4]])], 6)
    np.testing.assert_array_equal(cells[2], 1)
    assert cells.sum() == 6


def test_odd_strokes_are_drawn_as_far_as_they_go():
    cells = rasterise(normalise(odd_strokes()), 6)
    assert 6 <= cells.sum() <= 16


@pytest.mark.parametrize("size", [0, -3, 2.5, "6", None, True])
def test_a_wrong_size_is_shown(size):
    with pytest.raises(ValueError, match=f"size: expected an integer of at least 1, got {size!r}"):
        rasterise([], size)
