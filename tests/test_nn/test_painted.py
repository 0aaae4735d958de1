"""Pictures that the program paints itself."""

import numpy as np
import pytest

from nn.data import painted
from nn.data.painted_brush import Canvas, ellipse, limb


@pytest.mark.parametrize("label", [0, 1])
def test_a_painted_picture_is_what_a_photo_becomes(label):
    picture = painted.sample(5, label)
    assert picture.shape == (3, 32, 32)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous
    assert picture.std() > 5


def test_the_same_seed_paints_the_same_picture():
    assert np.array_equal(painted.sample(3), painted.sample(3))
    assert not np.array_equal(painted.sample(3), painted.sample(4))
    assert np.array_equal(painted.sample(3), painted.sample(3, painted.label_of(3)))


@pytest.mark.parametrize("label", [0, 1])
def test_a_larger_picture_shows_the_same(label):
    for seed in range(4):
        small = painted.sample(seed, label).astype(float)
        large = painted.sample(seed, label, size=96).astype(float)
        shrunk = large.reshape(3, 32, 3, 32, 3).mean(axis=(2, 4))
        assert np.corrcoef(small.ravel(), shrunk.ravel())[0, 1] > 0.9


def test_both_classes_are_painted_equally_often():
    labels = [painted.label_of(seed) for seed in range(400)]
    assert 150 < sum(labels) < 250
    images, labels = painted.pictures(6, seed=1)
    assert images.shape == (6, 3, 32, 32)
    assert labels.tolist() == [0, 1, 0, 1, 0, 1]
    assert len({image.tobytes() for image in images}) == 6


def test_other_seeds_paint_other_sets():
    first, _ = painted.pictures(2, seed=1)
    second, _ = painted.pictures(2, seed=2)
    assert not np.array_equal(first, second)
    assert painted.pictures(0)[0].shape == (0, 3, 32, 32)


def test_neither_colour_nor_brightness_gives_the_class_away():
    images, labels = painted.pictures(200, seed=3)
    red, green, blue = images.astype(float).mean(axis=(2, 3)).T
    for value in (2 * green - red - blue, red + green + blue):
        best = max(
            (np.mean(value[labels == 0] > t) + np.mean(value[labels == 1] <= t)) / 2
            for t in np.quantile(value, np.linspace(0, 1, 41))
        )
        assert 0.3 < best < 0.72


def test_numbers_out_of_range_are_refused():
    with pytest.raises(ValueError, match="size: expected 8 to 1024 pixels, got 4"):
        painted.sample(1, size=4)
    with pytest.raises(ValueError, match="label: expected 0"):
        painted.sample(1, label=2)
    for seed in (-1, 1.5, True):
        with pytest.raises(ValueError, match="seed: expected a whole number"):
            painted.sample(seed)


def test_an_ellipse_covers_its_area_and_a_limb_its_length():
    canvas = Canvas(64, np.random.default_rng(0))
    covered = canvas.mask(ellipse(canvas.frame, 0.5, 0.5, 0.3, 0.2), canvas.frame).mean()
    assert covered == pytest.approx(np.pi * 0.3 * 0.2, rel=0.05)
    covered = canvas.mask(limb(canvas.frame, (0.3, 0.5), (0.7, 0.5), 0.1, 0.1), canvas.frame).mean()
    assert covered == pytest.approx(0.4 * 0.2 + np.pi * 0.1**2, rel=0.05)


def test_a_part_is_placed_turned_and_scaled_in_the_frame_of_the_whole():
    canvas = Canvas(32, np.random.default_rng(0))
    part = canvas.frame.placed(0.5, 0.5, 0.25, np.pi / 2)
    below = np.argmin(np.hypot(part.u, part.v - 1))  # one unit down in the part, turned clockwise
    assert canvas.frame.u.ravel()[below] == pytest.approx(0.25, abs=0.02)
    assert canvas.frame.v.ravel()[below] == pytest.approx(0.5, abs=0.02)
    assert part.unit == 0.25
