"""Strokes: cleaning and the unit square."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn.data.strokes import bounds, clean, normalise
from tests.drawings import odd_strokes, resting_tap, tap

any_float = st.floats(allow_nan=True, allow_infinity=True)
any_strokes = st.lists(
    hnp.arrays(np.float64, st.tuples(st.integers(0, 6), st.just(2)), elements=any_float), max_size=4
)
canvas_strokes = st.lists(
    hnp.arrays(
        np.float64, st.tuples(st.integers(1, 8), st.just(2)), elements=st.floats(-2000, 2000)
    ),
    min_size=1,
    max_size=4,
)


def test_the_longer_side_fills_nine_tenths_and_the_drawing_is_centred():
    (line,) = normalise([np.array([[100, 40], [300, 140]])])
    np.testing.assert_allclose(line, [[0.05, 0.275], [0.95, 0.725]], atol=1e-7)
    assert line.dtype == np.float32


def test_a_tap_goes_to_the_centre():
    for drawing in (tap(), resting_tap()):
        (points,) = normalise(drawing.strokes)
        np.testing.assert_array_equal(points, np.full_like(points, 0.5))


def test_a_vertical_line_stays_upright_in_the_middle():
    (line,) = normalise([np.array([[7, 10], [7, 20]])])
    np.testing.assert_allclose(line, [[0.5, 0.05], [0.5, 0.95]], atol=1e-7)


def test_nothing_normalises_to_nothing():
    assert normalise([]) == []
    assert normalise([np.empty((0, 2)), np.array([[np.nan, 1.0]])]) == []


def test_points_that_are_no_numbers_are_dropped_and_the_rest_stays():
    kept = clean(odd_strokes())
    assert [len(points) for points in kept] == [4, 3]
    np.testing.assert_array_equal(kept[0], [[10, 10], [30, 30], [30, 30], [60, 58]])


def test_bounds_of_no_strokes_says_what_was_wanted():
    with pytest.raises(ValueError, match="at least one point, got no strokes"):
        bounds([])


@pytest.mark.parametrize(
    ("stroke", "message"),
    [
        ([[1, 2, 3]], r"stroke 0: expected shape \(N, 2\), got \(1, 3\)"),
        ([1, 2], r"expected shape \(N, 2\), got \(2,\)"),
        ([["a", "b"]], "expected an .* array of numbers, got .*a.*b"),
        ([[1, 2], [3]], "expected an .* array of numbers"),
        ([[1j, 2]], "expected an .* array of numbers"),
        ([[10**400, 2]], "expected an .* array of numbers"),
    ],
)
def test_a_wrong_stroke_is_refused_with_what_came(stroke, message):
    with pytest.raises(ValueError, match=message):
        normalise([stroke])


@given(any_strokes)
def test_whatever_a_driver_sends_ends_in_the_unit_square(strokes):
    normalised = normalise(strokes)
    assert len(normalised) == len(clean(strokes))
    for points in normalised:
        assert points.dtype == np.float32
        assert np.isfinite(points).all()
        assert ((points >= 0) & (points <= 1)).all()


@given(canvas_strokes)
def test_normalising_twice_changes_nothing_more(strokes):
    once = normalise(strokes)
    for first, second in zip(once, normalise(once), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-6)


@given(canvas_strokes, st.floats(0.01, 100), st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_place_and_size_on_the_canvas_make_no_difference(strokes, scale, right, down):
    low, high = bounds(strokes)
    if (high - low).max() < 1:  # a millionth of a pixel is lost by moving it
        return
    moved = [points * scale + (right, down) for points in strokes]
    for first, second in zip(normalise(strokes), normalise(moved), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-5)


@given(canvas_strokes)
def test_the_margin_is_kept_and_the_aspect_too(strokes):
    low, high = bounds(strokes)
    extent = (high - low).max()
    if extent == 0:
        return
    new_low, new_high = bounds([points.astype(np.float64) for points in normalise(strokes)])
    np.testing.assert_allclose((new_high - new_low).max(), 0.9, atol=1e-6)
    np.testing.assert_allclose((new_low + new_high) / 2, 0.5, atol=1e-6)
    np.testing.assert_allclose(new_high - new_low, (high - low) / extent * 0.9, atol=1e-6)
