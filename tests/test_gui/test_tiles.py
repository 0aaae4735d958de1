"""Tiles: where they lie, and which colours their values have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.tiles import (
    GAP,
    WRONG,
    ZERO,
    Look,
    colour_table,
    extent,
    place,
    render,
    shade,
    strongest,
)

TABLE = colour_table("#181E28", "#FFB454", "#58A9FF", "#FF7A7A", "#2C3645")
PLAIN, SIGNED = Look(), Look(signed=True)


def tiles(*values):
    return np.array(values, np.float32)


# -- colours ------------------------------------------------------------------------------------


def test_zero_is_the_ground_and_the_ends_are_the_themes_colours():
    assert [hex(int(TABLE[i])) for i in (ZERO, 0, 2 * ZERO)] == [
        "0xff181e28",
        "0xff58a9ff",
        "0xffffb454",
    ]


def test_a_value_and_its_opposite_are_equally_far_from_zero():
    shades = shade(tiles([[-2.0, -1.0, 0.0, 1.0, 2.0]]))[0, 0].astype(int)
    assert shades.tolist() == [0, 63, 126, 189, 252]


def test_one_scale_for_all_compares_tiles_and_one_each_shows_every_tile_wholly():
    values = tiles([[1.0, 0.0]], [[10.0, 5.0]])
    together, apart = shade(values), shade(values, per_tile=True)
    assert together[0].max() < 140
    assert together[1].max() == 252
    assert apart[0].max() == apart[1].max() == 252


def test_a_given_scale_is_kept_and_what_lies_beyond_is_not_wrapped_around():
    shades = shade(tiles([[1.0, 50.0, -50.0]]), largest=2.0)
    assert shades[0, 0].tolist() == [189, 252, 0]


def test_what_is_no_number_has_its_own_colour_and_does_not_change_the_others():
    with_holes = tiles([[np.nan, 1.0, np.inf, -np.inf, -0.5]])
    shades = shade(with_holes)[0, 0]
    assert shades[[0, 2, 3]].tolist() == [WRONG] * 3
    assert shades[[1, 4]].tolist() == shade(tiles([[1.0, -0.5]]))[0, 0].tolist()


@pytest.mark.parametrize("value", [0.0, np.nan, 1e-42, -1e-38])
def test_tiles_without_anything_to_see_are_painted_without_complaint(value):
    shades = shade(np.full((2, 3, 3), value, np.float32), per_tile=True)
    assert set(np.unique(shades)) == {WRONG if np.isnan(value) else ZERO}


@pytest.mark.parametrize("value", [3e38, -3e38, 1e-29])
def test_very_large_and_very_small_values_use_the_whole_scale(value):
    shades = shade(np.array([[[value, 0.0]]], np.float32))
    assert shades[0, 0].tolist() == [252 if value > 0 else 0, ZERO]


def test_a_colour_picture_keeps_its_colours():
    picture = np.zeros((1, 3, 1, 2), np.float32)
    picture[0, :, 0, 0] = [1.0, 0.5, 0.0]
    picture[0, :, 0, 1] = [2.0, -1.0, np.nan]  # beyond the range, and no number
    look = Look(colour="picture")
    image = render(picture, look, place(picture.shape, look, 100), TABLE)
    assert hex(int(image[0, 0])) == "0xffff7f00"
    assert image[0, 1] == TABLE[WRONG]


def test_a_colour_kernel_is_grey_at_zero_and_goes_to_black_and_white():
    kernel = np.zeros((1, 3, 1, 3), np.float32)
    kernel[0, :, 0, 1], kernel[0, :, 0, 2] = 0.4, -0.4
    look = Look(True, colour="kernel")
    image = render(kernel, look, place(kernel.shape, look, 100), TABLE)
    assert [hex(int(pixel)) for pixel in image[0, :: image.shape[1] // 3][:3]] == [
        "0xff7f7f7f",
        "0xfffefefe",
        "0xff000000",
    ]


def test_the_extent_leaves_out_what_is_no_number():
    assert extent(tiles([1.0, np.nan, -2.0, np.inf])) == (-2.0, 1.0, 2)
    assert extent(tiles([np.nan])) == (0.0, 0.0, 1)
    assert extent(np.zeros((0,), np.float32)) == (0.0, 0.0, 0)


# -- places -------------------------------------------------------------------------------------


def test_each_tile_is_where_its_box_says():
    values = np.arange(1, 7, dtype=np.float32).reshape(6, 1, 1) * np.ones((6, 4, 4), np.float32)
    sheet = place(values.shape, Look(aim=8), 40)
    image = render(values, Look(aim=8), sheet, TABLE)
    for tile in range(6):
        left, top, wide, high = (int(n * sheet.fine / sheet.along) for n in sheet.box(tile))
        part = image[top : top + high, left : left + wide]
        assert set(part.ravel().tolist()) == {int(TABLE[shade(values)[tile, 0, 0]])}


def test_between_tiles_lies_the_gaps_colour():
    sheet = place((4, 2, 2), Look(aim=8), 40)
    image = render(np.zeros((4, 2, 2), np.float32), Look(aim=8), sheet, TABLE)
    assert set(np.unique(image).tolist()) == {int(TABLE[ZERO]), int(TABLE[GAP])}


def test_rows_are_equally_long_where_that_can_be():
    assert place((8, 24, 24), Look(aim=48), 300).columns == 4
    assert place((20, 16, 16), Look(aim=48), 310).columns == 5


def test_a_table_of_kernels_keeps_a_channel_a_column_when_there_is_room():
    look = Look(True, across=16, aim=20)
    assert place((320, 5, 5), look, 300).columns == 16
    assert place((320, 5, 5), look, 60).columns < 16


def test_a_matrix_wider_than_its_room_shows_the_strongest_of_each_group():
    values = np.zeros((1, 2, 10), np.float32)
    values[0, 0, 4], values[0, 0, 5] = -3.0, 2.0
    look = Look(True, matrix=True)
    sheet = place(values.shape, look, 5)
    assert (sheet.group, sheet.wide) == (2, 5)
    image = render(values, look, sheet, TABLE)
    assert hex(int(image[0, 2])) == "0xff58a9ff"
    assert strongest(values, 3)[0, 0].tolist() == [0, -3, 0, 0]


@given(
    count=st.integers(1, 600),
    high=st.integers(1, 64),
    wide=st.integers(1, 64),
    room=st.integers(1, 1500),
    ratio=st.sampled_from([1.0, 1.25, 2.0]),
    across=st.sampled_from([None, 1, 3, 16]),
    joined=st.booleans(),
    aim=st.sampled_from([5.0, 12.0, 48.0, 96.0]),
)
def test_tiles_never_leave_their_room_and_every_value_is_found_where_it_lies(
    count, high, wide, room, ratio, across, joined, aim
):
    sheet = place((count, high, wide), Look(across=across, joined=joined, aim=aim), room, ratio)
    assert sheet.size[0] <= room + 1e-6
    assert sheet.columns * sheet.rows >= count
    for tile, row, column in (
        (0, 0, 0),
        (count - 1, high - 1, wide - 1),
        (count // 2, high // 2, 0),
    ):
        x, y, w, h = sheet.cell(tile, row, column)
        assert sheet.at(x + w / 2, y + h / 2) == (tile, row, column)
    assert sheet.at(-1, 0) is None
    assert sheet.at(sheet.size[0] + 1, 0) is None
