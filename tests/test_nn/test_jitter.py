"""Chance for photos in training."""

import numpy as np
import pytest

from nn.data import painted
from nn.data.jitter import Jitter, greyed
from nn.fitting import FitOptions
from nn.optimizers import SGD
from nn.presets import build
from nn.training import Trainer


@pytest.fixture(scope="module")
def images():
    return painted.pictures(8, seed=4)[0]


def test_pictures_come_out_changed_but_in_range(images):
    changed = Jitter().train(images, np.random.default_rng(0))
    assert changed.shape == images.shape
    assert changed.dtype == np.float32
    assert changed.flags.c_contiguous
    assert 0 <= changed.min() <= changed.max() <= 1
    assert np.abs(changed - images / 255).mean(axis=(1, 2, 3)).min() > 0.01


def test_a_seed_repeats_the_changes(images):
    first = Jitter().train(images, np.random.default_rng(1))
    assert np.array_equal(first, Jitter().train(images, np.random.default_rng(1)))
    assert not np.array_equal(first, Jitter().train(images, np.random.default_rng(2)))


def test_all_pictures_lose_their_colour_when_asked(images):
    grey = Jitter(grey=1).train(images, np.random.default_rng(0))
    saturation = grey.max(axis=1) - grey.min(axis=1)
    assert saturation.mean() < 0.06  # grain alone


def test_no_strength_and_looking_change_nothing(images):
    plain = images.astype(np.float32) / np.float32(255)
    assert np.allclose(Jitter(0).train(images, np.random.default_rng(0)), plain)
    assert np.allclose(Jitter().look(images), plain)


def test_grey_pictures_keep_their_brightness(images):
    plain = images.astype(np.float32) / 255
    grey = greyed(plain)
    assert grey.shape == plain.shape
    assert np.array_equal(grey[:, 0], grey[:, 2])
    luma = 0.299 * plain[:, 0] + 0.587 * plain[:, 1] + 0.114 * plain[:, 2]
    assert np.allclose(grey[:, 1], luma, atol=1e-6)


def test_it_prepares_batches_for_the_trainer(images):
    trainer = Trainer(build("badger"), SGD(lr=0.01))
    options = FitOptions(batch_size=1, preparation=Jitter())
    events = list(trainer.fit(images, np.arange(8) % 2, options))
    assert trainer.steps == 8
    assert events[-1].reason == "finished"


def test_settings_out_of_range_are_refused():
    with pytest.raises(ValueError, match="strength: expected 0 to 2, got 3"):
        Jitter(3)
    with pytest.raises(ValueError, match="grey: expected 0 to 1, got -1"):
        Jitter(grey=-1)
