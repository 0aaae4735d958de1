"""Drawings, samples and batches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn import presets
from nn.data import examples
from nn.data.drawings import Drawing, Sample, resample, to_batch
from nn.data.raster import rasterise
from nn.data.strokes import normalise
from nn.optimizers import SGD
from nn.training import Trainer
from tests.drawings import lesson, resting_tap, tap

squares = st.integers(1, 12).flatmap(
    lambda n: hnp.arrays(np.float32, (n, n), elements=st.sampled_from([0.0, 1.0]))
)


def test_a_drawing_is_normalised_and_then_rasterised():
    (drawing,) = examples.hands("X", 1)
    np.testing.assert_array_equal(drawing.raster(6), rasterise(normalise(drawing.strokes), size=6))


@pytest.mark.parametrize("drawing", [tap(), resting_tap()])
def test_a_tap_is_a_drawing_of_one_cell(drawing):
    assert not drawing.is_empty
    assert drawing.raster(6).sum() == 1


def test_nothing_drawn_is_empty():
    assert Drawing([]).is_empty
    assert Drawing([np.array([[np.nan, 1.0]]), np.empty((0, 2))]).is_empty
    assert Drawing().raster(6).sum() == 0


def test_edited_cells_take_the_place_of_the_strokes():
    cells = np.zeros((6, 6), np.float32)
    cells[2, 3] = 1
    drawing = examples.hands("O", 1)[0].with_edited(cells)
    np.testing.assert_array_equal(drawing.raster(6), cells)
    assert not drawing.with_edited(None).raster(6)[2, 3]


def test_a_drawing_with_every_cell_cleared_by_hand_is_empty():
    assert Drawing(tap().strokes, np.zeros((6, 6), np.float32)).is_empty


def test_changing_what_was_handed_in_or_out_leaves_the_drawing_alone():
    points, cells = np.array([[1.0, 1.0], [9.0, 9.0]]), np.eye(6, dtype=np.float32)
    drawn, edited = Drawing([points]), Drawing([points], cells)
    before = drawn.raster(6)
    points[1] = (9, 1)
    cells[:] = 0
    drawn.raster(6)[:] = 0
    np.testing.assert_array_equal(drawn.raster(6), before)
    np.testing.assert_array_equal(edited.raster(6), np.eye(6))


def test_every_grid_size_is_derived_from_the_strokes_anew():
    (drawing,) = examples.hands("O", 1)
    for size in [*range(4, 33), 6, 28]:
        np.testing.assert_array_equal(
            drawing.raster(size), rasterise(normalise(drawing.strokes), size)
        )


@given(squares, st.integers(1, 20))
def test_a_resampled_cell_is_set_if_a_set_cell_overlaps_it(cells, size):
    old = len(cells)
    expected = np.zeros((size, size), np.float32)
    for row, column in np.argwhere(cells):
        for new_row in range(size):
            for new_column in range(size):
                if all(
                    before * size < (after + 1) * old and (before + 1) * size > after * old
                    for before, after in ((row, new_row), (column, new_column))
                ):
                    expected[new_row, new_column] = 1
    np.testing.assert_array_equal(resample(cells, size), expected)


@given(squares, st.integers(1, 20))
def test_resampling_loses_no_ink(cells, size):
    assert resample(cells, size).any() == cells.any()


def test_a_batch_holds_the_samples_in_their_order():
    samples = lesson(per_class=3)
    x, y = to_batch(samples, 6)
    assert x.shape == (6, 1, 6, 6)
    assert x.dtype == np.float32
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y, [0, 1, 0, 1, 0, 1])
    for row, sample in zip(x, samples, strict=True):
        np.testing.assert_array_equal(row[0], sample.drawing.raster(6))


def test_a_batch_of_nothing_keeps_its_shape():
    x, y = to_batch([], 28)
    assert x.shape == (0, 1, 28, 28)
    assert y.shape == (0,)


@given(
    st.lists(
        hnp.arrays(
            np.float64,
            st.tuples(st.integers(0, 5), st.just(2)),
            elements=st.floats(allow_nan=True, allow_infinity=True),
        ),
        max_size=4,
    ),
    st.sampled_from(["sketch", "sketch-cnn"]),
    st.integers(4, 32),
    st.integers(0, 1),
)
@settings(deadline=None, max_examples=60)
def test_whatever_is_drawn_can_be_trained_on_and_predicted(strokes, preset, size, label):
    network = presets.build(preset, size=size)
    x, y = to_batch([Sample(Drawing(strokes), label)], size)
    assert bool(x.any()) != Drawing(strokes).is_empty
    result = Trainer(network, SGD(lr=presets.learning_rate(preset))).step(x, y)
    assert np.isfinite(result.loss)
    assert not result.diverged
    assert np.isfinite(network.predict(x)).all()


@given(st.sampled_from(examples.NAMES), st.integers(0, 50), st.integers(4, 32))
def test_place_and_size_on_the_canvas_change_no_cell(name, seed, size):
    (drawing,) = examples.hands(name, 1, seed)
    # Twice as large and moved by whole pixels: exact in binary, so not even rounding differs.
    moved = Drawing([points * 2 + (64, -32) for points in drawing.strokes])
    np.testing.assert_array_equal(moved.raster(size), drawing.raster(size))


@pytest.mark.parametrize("label", [-1, 1.5, "X", None, True])
def test_a_label_that_is_no_class_index_is_shown(label):
    with pytest.raises(ValueError, match=f"expected a class index of 0 or more, got {label!r}"):
        Sample(tap(), label)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (np.zeros((2, 3)), r"a square grid of cells, got shape \(2, 3\)"),
        (np.zeros((0, 0)), r"a square grid of cells, got shape \(0, 0\)"),
        (np.full((2, 2), 0.5), "cells of 0 and 1 only"),
        (np.full((2, 2), np.nan), "cells of 0 and 1 only"),
        (np.full((2, 2), "1"), "cells of 0 and 1 only"),
    ],
)
def test_edited_cells_that_are_no_grid_are_refused(cells, message):
    with pytest.raises(ValueError, match=message):
        Drawing([], cells)


@pytest.mark.parametrize("name", examples.NAMES)
def test_hands_differ_and_stay_the_same_for_a_seed(name):
    twelve = examples.hands(name, 12)
    rasters = {drawing.raster(28).tobytes() for drawing in twelve}
    assert len(rasters) == 12
    for few, many in zip(examples.hands(name, 3), twelve, strict=False):
        np.testing.assert_array_equal(few.raster(28), many.raster(28))
    assert examples.hands(name, 1, seed=1)[0].raster(28).tobytes() not in rasters


def test_hands_stay_on_the_canvas():
    for name in examples.NAMES:
        for drawing in examples.hands(name, 20):
            points = np.concatenate(drawing.strokes)
            assert points.min() >= 0
            assert points.max() <= examples.CANVAS


def test_an_unknown_shape_is_shown_beside_the_known_ones():
    with pytest.raises(ValueError, match=r"expected one of X, O, .* got 'Q'"):
        examples.hands("Q")
