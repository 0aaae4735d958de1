"""Points of curves, and the network that learns them; and the painted picture."""

import numpy as np
import pytest

import nn
from nn import point_presets
from nn.data import functions, scene


def test_x_sin_x_is_what_its_name_says():
    x, y = functions.generate("x sin x", 20)
    assert len(x) == 20
    assert np.allclose(y, x * np.sin(x), atol=1e-5)
    assert (np.abs(x) <= functions.REACH).all()
    assert (np.diff(x) > 0).all()


@pytest.mark.parametrize("name", functions.NAMES)
def test_every_function_is_the_same_from_the_same_seed(name):
    first, again = (functions.generate(name, 30, 0.5, seed=3) for _ in range(2))
    other = functions.generate(name, 30, 0.5, seed=4)
    assert np.array_equal(first.y, again.y)
    assert not np.array_equal(first.y, other.y)
    assert first.x.dtype == first.y.dtype == np.float32


def test_noise_follows_no_function_and_a_step_has_two_heights():
    assert functions.generate("noise", 200).y.std() == pytest.approx(functions.NOISE, rel=0.2)
    assert set(functions.generate("step", 50).y.tolist()) == {-2.5, 2.5}


def test_noise_is_added_to_y_alone():
    plain, noisy = (functions.generate("sine", 50, noise) for noise in (0.0, 0.3))
    assert np.array_equal(plain.x, noisy.x)
    assert np.std(noisy.y - plain.y) == pytest.approx(0.3, rel=0.35)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("cosine",), "'cosine' is no function to learn"),
        (("sine", 0), "count must be 1 to 2,000, got 0"),
        (("sine", 2001), "count must be 1 to 2,000, got 2001"),
        (("sine", 20, -1), "noise must be 0 to 3, got -1"),
        (("sine", 20, float("nan")), "noise must be 0 to 3, got nan"),
    ],
)
def test_what_cannot_be_generated_is_told(arguments, told):
    with pytest.raises(ValueError, match=told):
        functions.generate(*arguments)


@pytest.mark.parametrize("seed", range(6))
def test_the_preset_learns_x_sin_x_within_15000_steps(seed):
    """Half the mean squared error falls below 0.15; it begins above 2."""
    points = functions.generate("x sin x", 20, seed=seed)
    x, y = points.x.reshape(-1, 1, 1, 1), points.y.reshape(-1, 1)
    preset, network = point_presets.find("regression"), point_presets.build("regression", seed)
    trainer = nn.Trainer(network, nn.optimizers.SGD(lr=preset.lr), seed)
    assert 0.5 * np.mean((network.predict(x) - y) ** 2) > 1.5
    for i in np.random.default_rng(seed).integers(0, 20, 15_000).tolist():
        trainer.step(x[i : i + 1], y[i : i + 1])
    assert 0.5 * np.mean((network.predict(x) - y) ** 2) < 0.15


def test_the_sunset_is_the_same_picture_at_every_size():
    large, small = scene.sunset(96), scene.sunset(32)
    assert large.shape == (3, 96, 96)
    assert large.dtype == np.uint8
    means = large.reshape(3, 32, 3, 32, 3).mean(axis=(2, 4))
    assert np.abs(means - small).mean() < 6
    assert large.std() > 40
    with pytest.raises(ValueError, match="size must be 1 to 1024, got 0"):
        scene.sunset(0)
