"""The app's lesson: what it teaches with, what it asks about, and how well it does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.bench.lesson import GOALS, Result, goals, split, table, teach
from nn.data import examples, pen_strokes
from nn.data.pen_strokes import PenDrawing
from tests.drawings import lesson


def our_drawings(count=60, writers=10):
    return [
        PenDrawing(name, f"writer {index % writers}", list(drawing.strokes))
        for name in ("X", "O")
        for index, drawing in enumerate(examples.hands(name, count))
    ]


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_nobody_is_asked_about_whose_hand_was_taught(seed, per_class):
    samples = lesson(per_class=20)
    writers = [f"writer {index // 4}" for index in range(len(samples))]
    of = {id(sample): writer for sample, writer in zip(samples, writers, strict=True)}
    taught, others = split(samples, writers, per_class, seed)
    assert [sample.label for sample in taught] == [0, 1] * per_class
    assert len({id(sample) for sample in taught}) == 2 * per_class
    assert {sample.label for sample in others} == {0, 1}
    assert not {of[id(sample)] for sample in taught} & {of[id(sample)] for sample in others}


def test_too_few_drawings_are_counted():
    samples = lesson(per_class=4)
    with pytest.raises(ValueError, match=r"label 'X': expected 9 drawings .* got 4 in all"):
        split(samples, ["ann", "bob"] * 4, 9, 0, ("X", "O"))


def test_a_lesson_with_the_same_seed_ends_the_same():
    first, second = (
        teach("sketch", ("X", "O"), our_drawings(), range(2), steps_on_all=20) for _ in range(2)
    )
    assert first == second


def test_our_own_hands_are_learned():
    results = teach("sketch", ("X", "O"), our_drawings(), range(3))
    by_way = {(result.drawings, result.way): result.mean for result in results}
    assert by_way[10, "x10"] > 0.95
    assert by_way[10, "on all"] > 0.95


def test_the_table_has_a_line_for_each_number_of_drawings():
    results = [
        Result("sketch", "X/O", count, way, 0.9512, 0.004, 0.9, [0.9])
        for count in (1, 10)
        for way in ("x1", "x10", "on all")
    ]
    head, one, ten = table(results).splitlines()
    assert "on all" in head
    assert one.split()[:3] == ["sketch", "X/O", "1"]
    assert ten.count("95.1 ±0.4") == 3
    assert list(goals(results)) == [
        "goal sketch X/O, 10 a class, x10: at least 95, got 95.1 ±0.4: reached"
    ]


def test_real_hands_are_learned_from_ten_drawings_a_class(real_strokes):
    """Fewer seeds than `python -m nn bench sketch`, and so a little room below its goals."""
    drawings = pen_strokes.read(real_strokes)
    for goal in GOALS:
        results = teach(goal.preset, ("X", "O"), drawings, range(4))
        (mean,) = [r.mean for r in results if (r.drawings, r.way) == (goal.drawings, goal.way)]
        assert mean > goal.accuracy - 0.02, f"{goal.preset}: {100 * mean:.1f} %"
        assert np.isfinite(mean)
