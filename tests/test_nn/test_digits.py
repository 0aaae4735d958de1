"""Drawn digits: repeatable, balanced, and like real ones."""

import time

import numpy as np
import pytest

import nn
from nn.data import idx
from nn.data.datasets import to_float
from nn.data.digit_shapes import SHAPES
from nn.data.digits import Hand, make

NETWORK = """
    input 28x28x1
    conv 5x5 x8 pad 2 relu
    pool 2
    conv 5x5 x16 pad 2 relu
    pool 3
    flatten
    dense 10
    loss softmax"""


def trained(pictures, epochs):
    """The layers of the preset `mnist`, on whole pictures, trained with plain momentum."""
    network = nn.Network.from_text(NETWORK, 0)
    trainer = nn.Trainer(network, nn.optimizers.SGD(lr=0.05, momentum=0.9), 0)
    x, rng = pictures.to_float(), np.random.default_rng(0)
    for epoch in range(epochs):
        trainer.optimizer.lr = 0.025 * (1 + np.cos(np.pi * epoch / epochs))
        order = rng.permutation(len(x))
        for start in range(0, len(x) - 31, 32):
            rows = order[start : start + 32]
            trainer.step(x[rows], pictures.labels[rows])
    return network


def accuracy(network, pictures):
    return (network.predict(to_float(pictures.images)).argmax(axis=1) == pictures.labels).mean()


def test_the_digits_come_in_turn_as_grey_pictures():
    drawn = make(25)
    assert drawn.image_shape == (1, 28, 28)
    assert drawn.labels.tolist() == [*range(10), *range(10), *range(5)]
    assert drawn.class_names == tuple("0123456789")
    assert (drawn.images.reshape(25, -1).max(axis=1) == 255).all()
    assert drawn.images[:, :, [0, -1]].max() == 0


def test_a_seed_draws_the_same_again_and_another_one_other_hands():
    first = make(30, seed=4).images
    np.testing.assert_array_equal(first, make(30, seed=4).images)
    assert (first != make(30, seed=5).images).any(axis=(1, 2, 3)).all()


def test_the_first_stay_the_same_when_more_are_asked_for():
    np.testing.assert_array_equal(make(600, seed=2).images[:100], make(100, seed=2).images)


def test_no_two_pictures_are_alike():
    images = make(1000).images.reshape(1000, -1)
    assert len(np.unique(images, axis=0)) == 1000


def test_every_digit_has_several_styles_that_are_well_formed():
    assert list(SHAPES) == list(range(10))
    for digit, styles in SHAPES.items():
        assert len(styles) >= 4
        for often, strokes in styles:
            assert often > 0
            assert all(len(stroke) >= 3 for stroke in strokes), digit
            points = np.concatenate(strokes)
            assert points.min() >= -10
            assert points.max() <= 110


def test_a_steady_hand_draws_one_style_always_alike():
    steady = Hand(*[0.0] * 7, width=0, width_mean=2.5, pressure=0)
    ones = make(400, hand=steady).subset(np.arange(1, 400, 10)).images
    assert len(np.unique(ones.reshape(40, -1), axis=0)) <= len(SHAPES[1])


def test_the_ink_lies_as_mnists_does():
    images = make(500).images[:, 0] > 127
    rows, columns = images.any(axis=2), images.any(axis=1)
    longer = np.maximum(rows.sum(axis=1), columns.sum(axis=1))
    assert 18 <= np.median(longer) <= 21
    part = images.mean()
    assert 0.10 < part < 0.15  # MNIST: 0.12


@pytest.mark.parametrize("count", [0, -1, 2.5, True, 2_000_000])
def test_a_count_out_of_range_is_told(count):
    with pytest.raises(ValueError, match="count: expected a whole number from 1 to 1,000,000"):
        make(count)


def test_a_thousand_digits_take_a_moment():
    make(10)
    began = time.perf_counter()
    make(1000)
    assert time.perf_counter() - began < 2  # about 0.2 s on a machine of 2020 that does little else


def test_a_small_network_learns_them():
    network = trained(make(2500, seed=0), 4)
    assert accuracy(network, make(400, seed=1)) > 0.85


@pytest.mark.long
def test_what_is_learned_from_them_holds_for_real_digits(real_data):
    folder = real_data / "mnist"
    if not folder.is_dir():
        pytest.skip("mnist is not in the folder that BRIGHTWIRE_DATA names")
    network = trained(make(10_000, seed=0), 8)
    images = idx.read(folder / "t10k-images-idx3-ubyte.gz", 3)
    labels = idx.read(folder / "t10k-labels-idx1-ubyte.gz", 1)
    right = (network.predict(to_float(images[:, None])).argmax(axis=1) == labels).mean()
    print(f"trained on 10,000 drawn digits: {right:.2%} of MNIST's test digits are right")
    assert right > 0.90
