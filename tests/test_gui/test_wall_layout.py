"""Where the thumbnails of a wall lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.wall_layout import EDGE, SIZES, WallLayout

walls = st.builds(
    WallLayout.of,
    st.integers(0, 70_000),
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
    st.integers(40, 4000),
    st.sampled_from(SIZES),
    st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]),
)


@pytest.mark.parametrize(
    ("edge", "size", "ratio", "thumb"),
    [(28, 48, 1.0, 56), (28, 48, 2.0, 84), (28, 32, 1.0, 28), (6, 48, 1.0, 48), (200, 48, 1.0, 48)],
)
def test_thumbnails_are_whole_multiples_near_the_size_asked_for(edge, size, ratio, thumb):
    assert WallLayout.of(9, (edge, edge), 400, size, ratio).thumb == (thumb, thumb)


def test_a_tall_picture_keeps_its_shape():
    assert WallLayout.of(9, (200, 100), 400, 48, 1.0).thumb == (24, 48)


@given(walls)
def test_a_line_fits_into_the_room(laid):
    last = laid.spot(laid.columns - 1, 0)
    assert laid.left >= 0
    assert laid.columns == 1 or last.x + last.wide <= 4000 * laid.ratio


@given(walls, st.integers(0, 10**6), st.integers(0, 69_999))
def test_a_thumbnail_is_found_where_it_lies(laid, scrolled, place):
    spot = laid.spot(place, scrolled)
    middle = (spot.x + spot.wide // 2) / laid.ratio, (spot.y + spot.high // 2) / laid.ratio
    found = laid.place_at(*middle, scrolled)
    if spot.wide > 3 and spot.high > 3:
        assert found == (place if place < laid.count else -1)


@given(walls, st.integers(0, 10**6), st.integers(1, 3000))
def test_the_lines_in_sight_are_those_and_no_others(laid, scrolled, high):
    lines = laid.in_sight(scrolled, high)
    floor = round(high * laid.ratio)
    for line in (lines.start - 1, lines.stop):
        if 0 <= line < laid.lines:
            top = laid.top(line, scrolled)
            assert top + laid.pitch <= 0 or top > floor - 1
    if len(lines):
        assert laid.top(lines.start, scrolled) + laid.pitch > 0
        assert laid.top(lines.stop - 1, scrolled) <= floor


@given(walls)
def test_the_last_line_ends_at_the_end_of_the_wall(laid):
    if laid.count:
        last = laid.spot(laid.count - 1, 0)
        assert (last.y + last.high) / laid.ratio + EDGE == pytest.approx(laid.height, abs=1.5)


def test_no_pictures_make_no_lines():
    laid = WallLayout.of(0, (1, 1), 400, 48, 1.0)
    assert laid.lines == 0
    assert laid.first_whole(0) == -1
    assert len(laid.in_sight(0, 300)) == 0
    assert laid.place_at(10, 10, 0) == -1
