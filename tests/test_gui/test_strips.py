"""The places of thumbnails."""

import pytest

from gui.strips import EDGE, HEADER, THUMB, Strips


@pytest.mark.parametrize("width", [40, 130, 210, 270, 900])
@pytest.mark.parametrize("counts", [[7, 3], [0, 5], [5, 0, 1], [30, 2, 0, 8, 1], [0, 0]])
def test_each_item_is_found_where_it_is(width, counts):
    strips = Strips(counts, width)
    for item in range(sum(counts)):
        x, y = strips.corner(item)
        assert strips.item_at(x, y) == item
        assert strips.item_at(x + THUMB - 1, y + THUMB - 1) == item
        assert strips.item_at(x + THUMB, y + THUMB) == -1
        assert y + THUMB <= strips.height


def test_two_classes_stand_side_by_side_where_there_is_room():
    wide, narrow = Strips([4, 4], 272), Strips([4, 4], 200)
    assert wide.corner(4)[1] == wide.corner(0)[1] == HEADER
    assert narrow.corner(4)[1] > narrow.corner(3)[1]


def test_no_two_items_share_a_place():
    strips = Strips([9, 4, 6], 300)
    places = {strips.corner(item) for item in range(19)}
    assert len(places) == 19


def test_down_and_up_stay_in_their_column_and_skip_empty_classes():
    strips = Strips([4, 0, 2], 3 * 40 + 2 * EDGE)
    assert (strips.across, strips.columns) == (1, 3)
    assert strips.beyond(0, down=True) == 3
    assert strips.beyond(1, down=True) == 3
    assert strips.beyond(3, down=True) == 4
    assert strips.beyond(5, down=False) == 3
    assert strips.beyond(5, down=True) == 5
    assert strips.beyond(1, down=False) == 1


def test_what_is_in_sight_is_a_run_of_items():
    strips = Strips([100], 3 * 40 + 2 * EDGE)
    assert list(strips.items_between(0, 0, HEADER + 10)) == [0, 1, 2]
    seen = strips.items_between(0, 400, 500)
    assert seen.start % 3 == 0
    assert strips.corner(seen.start)[1] <= 400
    assert strips.corner(seen[-1])[1] >= 460
    assert len(strips.items_between(0, 5000, 6000)) == 0


def test_no_classes_need_no_height():
    assert Strips([], 200).height == 0
    assert Strips([], 200).item_at(10, 10) == -1
