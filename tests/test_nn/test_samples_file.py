"""Drawings with labels as JSON values."""

import json

import numpy as np
import pytest

from nn.data.drawings import Drawing, Sample
from nn.formats import samples

STROKES = [np.array([[0.1, -0.0], [1e-310, 1 / 3]]), np.array([[123.4567, 1e150]])]


def through(sample: Sample) -> Sample:
    return samples.from_json(json.loads(json.dumps(samples.to_json(sample))))


def test_strokes_come_back_to_the_bit() -> None:
    rng = np.random.default_rng(0)
    strokes = [*STROKES, rng.normal(size=(200, 2)) * 10.0 ** rng.integers(-20, 20, (200, 2))]
    back = through(Sample(Drawing(strokes), 7))
    assert back.label == 7
    assert back.drawing.edited is None
    assert [s.tobytes() for s in back.drawing.strokes] == [s.tobytes() for s in strokes]


def test_cells_flipped_by_hand_come_back() -> None:
    cells = np.array([[0, 1, 0], [1, 0, 1], [1, 1, 0]], np.float32)
    value = samples.to_json(Sample(Drawing(STROKES, cells), 0))
    assert value["edited"] == ["010", "101", "110"]
    back = samples.from_json(value).drawing
    assert np.array_equal(back.edited, cells)
    assert len(back.strokes) == 2
    assert np.array_equal(back.raster(3), cells)


def test_a_drawing_of_cells_alone_has_no_strokes() -> None:
    back = through(Sample(Drawing((), np.ones((1, 1))), 1))
    assert back.drawing.strokes == ()
    assert np.array_equal(back.drawing.edited, [[1]])


def test_a_drawing_without_flipped_cells_does_not_mention_them() -> None:
    assert set(samples.to_json(Sample(Drawing(STROKES), 0))) == {"label", "strokes"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": None}, "label must be a whole number"),
        ({"label": -1}, "label must be a whole number"),
        ({"label": 1 << 40}, "label must be a whole number"),
        ({"label": True}, "label must be a whole number"),
        ({"label": 0.0}, "label must be a whole number"),
        ({"strokes": None}, "strokes must be a list"),
        ({"strokes": {"0": []}}, "strokes must be a list"),
        ({"strokes": [[]]}, "a stroke must be a list of points"),
        ({"strokes": [5]}, "a stroke must be a list of points"),
        ({"strokes": [[1, 2]]}, r"points must be like \[x, y\]"),
        ({"strokes": [[[1]]]}, r"points must be like \[x, y\]"),
        ({"strokes": [[[1, 2, 3]]]}, r"points must be like \[x, y\]"),
        ({"strokes": [[[1, "2"]]]}, "points must be numbers"),
        ({"strokes": [[[1, True]]]}, "points must be numbers"),
        ({"strokes": [[[1, [2]]]]}, "points must be numbers"),
        ({"strokes": [[[1, 10**400]]]}, "points must be finite"),
        ({"strokes": [[[1, float("inf")]]]}, "points must be finite"),
        ({"edited": []}, "must be a list of rows"),
        ({"edited": "01"}, "must be a list of rows"),
        ({"edited": [0, 1]}, "must be a list of rows"),
        ({"edited": ["01"]}, "must be a square of 0 and 1"),
        ({"edited": ["01", "0"]}, "must be a square of 0 and 1"),
        ({"edited": ["01", "0é"]}, "must be a square of 0 and 1"),
    ],
)
def test_what_is_no_drawing_is_refused_in_a_sentence(change: dict, message: str) -> None:
    value = {"label": 1, "strokes": [[[0, 0], [1, 1]]], **change}
    with pytest.raises(ValueError, match=message) as caught:
        samples.from_json(value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [None, [], "x", 3, {}])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="a drawing"):
        samples.from_json(value)
