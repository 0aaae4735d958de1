"""Data sets: what they hold, how they are parted, and how bytes become numbers."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn.data import examples, progress
from nn.data.datasets import Dataset, from_samples, to_float
from nn.data.drawings import Drawing, Sample
from nn.data.pen import picture
from nn.data.progress import Clock, Progress, finish


def striped(counts, test=None):
    """A data set with so many pictures of each class; picture i is filled with i mod 256."""
    labels = np.repeat(np.arange(len(counts)), counts)
    images = np.empty((len(labels), 1, 4, 5), np.uint8)
    images[...] = (np.arange(len(labels)) % 256)[:, None, None, None]
    return Dataset("stripes", images, labels, tuple("abcdefgh"[: len(counts)]), test)


def test_a_byte_of_255_becomes_one_and_nothing_is_lost_between():
    every = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    floats = to_float(every)
    assert floats.dtype == np.float32
    assert floats.shape == every.shape
    assert floats.min() == 0
    assert floats.max() == 1
    np.testing.assert_array_equal(np.round(floats * 255).astype(np.uint8), every)


def test_the_numbers_can_go_into_an_array_that_is_there():
    images = np.full((2, 1, 3, 3), 51, np.uint8)
    out = np.empty((2, 1, 3, 3), np.float32)
    assert to_float(images, out) is out
    np.testing.assert_allclose(out, 0.2)


def test_only_bytes_become_numbers():
    with pytest.raises(ValueError, match="expected uint8, got int64"):
        to_float(np.zeros((1, 1, 2, 2), np.int64))


def test_a_batch_is_asked_for_by_rows():
    dataset = striped([3, 2])
    assert len(dataset) == 5
    assert dataset.image_shape == (1, 4, 5)
    np.testing.assert_allclose(dataset.to_float(np.array([4, 0]))[:, 0, 0, 0], [4 / 255, 0])
    assert dataset.to_float().shape == (5, 1, 4, 5)
    assert dataset.class_counts().tolist() == [3, 2]
    assert dataset.class_counts(np.array([0, 4, 4])).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("images", "labels", "names", "message"),
    [
        (np.zeros((2, 4, 5), np.uint8), [0, 0], "a", r"\(N, C, H, W\), got uint8 of shape \(2, 4"),
        (np.zeros((2, 1, 4, 5)), [0, 0], "a", "expected uint8 .* got float64"),
        (np.zeros((0, 1, 4, 5), np.uint8), [], "a", "at least one picture"),
        (np.zeros((2, 1, 4, 5), np.uint8), [0], "a", r"one for each of 2 pictures, got \(1,\)"),
        (np.zeros((1, 1, 4, 5), np.uint8), [0.5], "a", "whole numbers .* got float64"),
        (np.zeros((1, 1, 4, 5), np.uint8), [2], "ab", "expected 0 to 1, got 2"),
        (np.zeros((1, 1, 4, 5), np.uint8), [-1], "ab", "expected 0 to 1, got -1"),
        (np.zeros((1, 1, 4, 5), np.uint8), [0], "", "at least one name"),
        (np.zeros((1, 1, 4, 5), np.uint8), [0], "aa", "each name once"),
    ],
)
def test_what_does_not_fit_is_refused(images, labels, names, message):
    with pytest.raises(ValueError, match=message):
        Dataset("bad", images, np.array(labels), tuple(names))


def test_a_test_set_of_another_shape_is_refused():
    other = Dataset("other", np.zeros((1, 3, 4, 5), np.uint8), np.array([0]), ("a", "b"))
    with pytest.raises(ValueError, match=r"test: expected pictures \(1, 4, 5\)"):
        striped([1, 1], other)


@settings(max_examples=60, deadline=None)
@example(counts=[2], validation=0.5625, test=0.375, seed=0)
@given(
    counts=st.lists(st.integers(0, 60), min_size=1, max_size=6).filter(any),
    validation=st.floats(0, 0.6),
    test=st.floats(0, 0.39),
    seed=st.integers(0, 9),
)
def test_a_split_loses_and_doubles_no_picture_and_is_stratified(counts, validation, test, seed):
    dataset = striped(counts)
    split = dataset.split(validation, seed, test)
    rows = np.concatenate((split.train_rows, split.validation_rows, split.test_rows))
    assert sorted(rows.tolist()) == list(range(len(dataset)))
    told = split.class_counts()
    for label, count in enumerate(counts):
        # half a picture by rounding, and a whole one that is kept for training
        assert abs(told["validation"][label] - count * validation) <= 1.5
        assert abs(told["test"][label] - count * test) <= 1.5
        assert told["train"][label] >= min(count, 1)


def test_a_seed_gives_the_same_split_again_and_another_one_another():
    dataset = striped([50, 50])
    first, again, other = dataset.split(seed=3), dataset.split(seed=3), dataset.split(seed=4)
    np.testing.assert_array_equal(first.validation_rows, again.validation_rows)
    assert (first.validation_rows != other.validation_rows).any()


def test_the_usual_split_keeps_a_fifth_for_validation():
    split = striped([50, 100]).split()
    assert {part: counts.tolist() for part, counts in split.class_counts().items()} == {
        "train": [40, 80],
        "validation": [10, 20],
        "test": [0, 0],
    }
    assert len(split.train) == 120
    assert len(split.validation) == 30
    assert split.test is None
    np.testing.assert_array_equal(split.train.images, split.dataset.images[split.train_rows])


def test_an_official_test_set_is_kept_and_nothing_else_put_aside():
    split = striped([10, 10], striped([2, 3])).split(0.2, test=0.5)
    assert len(split.test_rows) == 0
    assert split.test is split.dataset.test
    assert split.class_counts()["test"].tolist() == [2, 3]
    assert split.train.test is None


@pytest.mark.parametrize(
    ("validation", "test"), [(1, 0), (0.6, 0.4), (-0.1, 0), (0, -0.1), (float("nan"), 0)]
)
def test_parts_out_of_range_are_refused(validation, test):
    with pytest.raises(ValueError, match="together below 1"):
        striped([5]).split(validation, test=test)


def test_your_drawings_are_the_cells_that_sketch_trains_on():
    drawings = [examples.hands("X", 1)[0], examples.hands("O", 1)[0]]
    samples = [Sample(drawing, label) for label, drawing in enumerate(drawings)]
    dataset = from_samples(samples, ("X", "O"), 12)
    assert dataset.image_shape == (1, 12, 12)
    assert dataset.class_counts().tolist() == [1, 1]
    np.testing.assert_array_equal(dataset.to_float()[0, 0], drawings[0].raster(12))


def test_your_drawings_can_look_as_if_drawn_with_a_pen():
    drawn = examples.hands("X", 1)[0]
    edited = drawn.with_edited(np.eye(28))
    dataset = from_samples([Sample(drawn, 0), Sample(edited, 0)], ("X",), 28, look="pen")
    np.testing.assert_array_equal(dataset.images[0, 0], picture(drawn.strokes))
    np.testing.assert_array_equal(dataset.images[1, 0], np.eye(28) * 255)
    with pytest.raises(ValueError, match="expected 'cells' or 'pen', got 'ink'"):
        from_samples([Sample(drawn, 0)], ("X",), 28, look="ink")


def test_no_drawings_make_no_data_set():
    with pytest.raises(ValueError, match="at least one drawing, got none"):
        from_samples([], ("X", "O"), 6)
    with pytest.raises(ValueError, match="labels: expected 0 to 1, got 7"):
        from_samples([Sample(Drawing([[[0, 0]]]), 7)], ("X", "O"), 6)


def test_a_job_is_driven_to_its_end_and_gives_its_result():
    def job():
        for done in range(3):
            yield Progress("counting", done, 3)
        return "counted"

    assert finish(job()) == "counted"
    assert [step.done for step in job()] == [0, 1, 2]


def test_the_time_left_follows_the_pace(monkeypatch):
    now = 100.0
    monkeypatch.setattr(progress, "monotonic", lambda: now)
    clock = Clock()
    assert clock.left(0, 1000) is None
    for second in range(1, 5):
        now = 100.0 + second
        left = clock.left(second * 50, 1000)
    assert left == pytest.approx((1000 - 200) / 50)
    assert clock.left(200, None) is None
    for second in range(5, 60):  # from now on ten times as fast
        now = 100.0 + second
        left = clock.left(200 + (second - 4) * 500, 100_000)
    assert left == pytest.approx((100_000 - 200 - 55 * 500) / 500, rel=0.01)
    assert clock.left(100_000, 100_000) == 0
