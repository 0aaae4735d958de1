"""From stored pictures to batches."""

from itertools import combinations

import numpy as np
import pytest

from nn.data.augment import Augment, to_float, transformed


def counting(count: int = 3) -> np.ndarray:
    """Pictures 5x6 whose every pixel has its own number."""
    picture = np.arange(30, dtype=np.uint8).reshape(1, 1, 5, 6)
    return np.repeat(picture, count, axis=0)


def test_bytes_become_numbers_from_0_to_1() -> None:
    images = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16)
    numbers = to_float(images)
    assert numbers.dtype == np.float32
    np.testing.assert_allclose(numbers, images / 255, rtol=1e-7)
    np.testing.assert_array_equal(to_float(numbers), numbers)


def test_a_crop_is_taken_from_a_random_place_in_training_and_from_the_middle_otherwise() -> None:
    rng = np.random.default_rng(0)
    images = counting(200)
    cut = np.rint(Augment(crop=3).train(images, rng) * 255).astype(int)
    corners = cut[:, 0, 0, 0]
    assert set(corners) == {row * 6 + column for row in range(3) for column in range(4)}
    for window, corner in zip(cut, corners, strict=True):
        np.testing.assert_array_equal(window - corner, cut[0] - corners[0])
    middle = np.rint(Augment(crop=3).look(images[:1]) * 255).astype(int)
    np.testing.assert_array_equal(middle[0, 0], images[0, 0, 1:4, 1:4])


def test_a_shift_moves_the_picture_and_zeros_come_in() -> None:
    rng = np.random.default_rng(0)
    image = np.zeros((100, 1, 5, 5), np.float32)
    image[:, :, 2, 2] = 1
    moved = Augment(shift=2).train(image, rng)
    assert (moved.sum(axis=(1, 2, 3)) == 1).all()
    assert len({tuple(place) for place in np.argwhere(moved)[:, 2:]}) == 25
    np.testing.assert_array_equal(Augment(shift=2).look(image), image)


def test_a_flip_mirrors_about_half_of_the_pictures() -> None:
    images = counting(400)
    turned = Augment(flip=True).train(images, np.random.default_rng(0))
    mirrored = (turned == to_float(images)[..., ::-1]).all(axis=(1, 2, 3))
    plain = (turned == to_float(images)).all(axis=(1, 2, 3))
    assert (mirrored ^ plain).all()
    assert 150 < mirrored.sum() < 250


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: Augment(crop=0), "at least 1 pixel, got 0"),
        (lambda: Augment(shift=-1), "at least 0 pixels, got -1"),
        (lambda: Augment(crop=6).look(counting()), "cannot crop 6 pixels from pictures of 5x6"),
        (lambda: Augment().look(counting()[0]), r"\(N, C, H, W\), got shape \(1, 5, 6\)"),
        (lambda: to_float(np.zeros((1, 1, 2, 2), np.int64)), "uint8 or float32, got int64"),
    ],
)
def test_what_cannot_be_done_is_said(use, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        use()


def test_a_quarter_turn_is_exact() -> None:
    images = np.arange(2 * 3 * 5 * 5, dtype=np.uint8).reshape(2, 3, 5, 5)
    angles, ones = np.array([np.pi / 2, 0.0]), np.ones(2)
    made = transformed(images, angles, ones)
    np.testing.assert_array_equal(made[0], np.rot90(images[0], -1, axes=(1, 2)))
    np.testing.assert_array_equal(made[1], images[1])


def test_a_picture_twice_as_large_shows_its_middle() -> None:
    image = np.zeros((1, 1, 9, 9), np.float32)
    image[0, 0, 4, 4] = 1
    made = transformed(image, np.zeros(1), np.full(1, 2.0))
    assert made[0, 0, 4, 4] == 1
    assert made[0, 0, 4, 3] == 0.5
    assert made.sum() == pytest.approx(4)


def test_turning_and_zooming_keep_size_and_kind_and_are_seeded() -> None:
    images = np.random.default_rng(0).integers(0, 256, (6, 1, 12, 12)).astype(np.uint8)
    augment = Augment(turn=10, zoom=0.1)
    first = augment.train(images, np.random.default_rng(1))
    assert first.shape == images.shape
    np.testing.assert_array_equal(first, augment.train(images, np.random.default_rng(1)))
    assert not np.array_equal(first, augment.look(images))


def test_without_the_random_crop_training_sees_the_middle() -> None:
    images = np.random.default_rng(0).integers(0, 256, (4, 1, 10, 10)).astype(np.uint8)
    augment = Augment(crop=6, random_crop=False)
    np.testing.assert_array_equal(
        augment.train(images, np.random.default_rng(1)), augment.look(images)
    )


@pytest.mark.parametrize("crop", [None, 24])
@pytest.mark.parametrize("count", [1, 4, 6])
def test_views_are_as_many_as_asked_for_and_differ(crop: int | None, count: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 1, 28, 28)).astype(np.uint8)
    views = Augment(crop=crop, flip=True).views(images, count)
    assert [view.shape for view in views] == [(3, 1, crop or 28, crop or 28)] * count
    assert all(not np.array_equal(a, b) for a, b in combinations(views, 2))


def test_one_view_is_the_middle() -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 1, 28, 28)).astype(np.uint8)
    augment = Augment(crop=24)
    np.testing.assert_array_equal(augment.views(images, 1)[0], augment.look(images))


@pytest.mark.parametrize("options", [{"turn": -1}, {"turn": 200}, {"zoom": 1}, {"zoom": -0.1}])
def test_a_turn_or_zoom_out_of_range_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Augment(**options)
