"""From stored pictures to batches."""

import numpy as np
import pytest

from nn.data.augment import Augment, to_float


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
