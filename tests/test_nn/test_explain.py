"""Why a network answers as it does."""

import numpy as np
import pytest

from nn.explain import features, logit_gradient, nearest, occluding, occlusion, saliency
from nn.network import Network
from nn.presets import build


def eye(where):
    """A network of two classes: the first sees the pixel at `where`, the second nothing."""
    network = Network.from_text("input 8x8x1\nflatten\ndense 2\nloss softmax", 0, ["there", "not"])
    network.parameters[...] = 0
    network.layers[-1].parameters()[0].data[0, where[0] * 8 + where[1]] = 5
    return network


@pytest.fixture
def picture():
    return np.random.default_rng(0).random((1, 3, 32, 32), np.float32)


def test_occlusion_finds_the_place_that_counts():
    x = np.zeros((1, 1, 8, 8), np.float32)
    x[0, 0, 2, 5] = 1
    heat = occlusion(eye((2, 5)), x, patch=3, stride=1)
    assert heat.shape == (8, 8)
    assert heat.dtype == np.float32
    assert np.unravel_index(heat.argmax(), heat.shape) == (2, 5)
    assert heat[7, 0] == 0


def test_what_speaks_for_one_of_two_classes_speaks_against_the_other():
    x = np.random.default_rng(1).random((1, 1, 8, 8), np.float32)
    network = eye((4, 4))
    assert np.allclose(occlusion(network, x, 0), -occlusion(network, x, 1), atol=1e-5)


def test_every_place_is_hidden_at_any_stride():
    x = np.ones((1, 1, 8, 8), np.float32)
    x[0, 0, 0, 0] = 4
    for patch in range(1, 9):
        for stride in range(1, patch + 1):
            for corner in ((0, 0), (7, 7), (0, 7)):
                heat = occlusion(eye(corner), x, patch=patch, stride=stride)
                assert heat[corner] != 0


def test_occlusion_comes_row_by_row():
    network, x = eye((1, 1)), np.ones((1, 1, 8, 8), np.float32)
    parts = list(occluding(network, x, patch=4, stride=2))
    assert len(parts) == 5
    assert np.array_equal(parts[-1], occlusion(network, x, patch=4, stride=2))


def test_the_logit_gradient_is_that_of_finite_differences(picture):
    network = build("badger", seed=3).astype(np.float64)
    x = picture.astype(np.float64)
    before = network.gradients.copy()
    gradient = logit_gradient(network, x, 1)
    assert np.array_equal(network.gradients, before)
    rng = np.random.default_rng(2)
    for _ in range(20):
        place = (0, *(int(rng.integers(n)) for n in x.shape[1:]))
        more, less = x.copy(), x.copy()
        more[place] += 1e-5
        less[place] -= 1e-5
        slope = (network.outputs(more) - network.outputs(less))[0, 1] / 2e-5
        assert gradient[place[1:]] == pytest.approx(slope, abs=1e-6)


def test_saliency_is_of_the_winner_and_the_strongest_colour(picture):
    network = build("badger", seed=3)
    winner = int(network.predict(picture).argmax())
    strength = saliency(network, picture)
    assert strength.shape == (32, 32)
    assert np.array_equal(strength, np.abs(logit_gradient(network, picture, winner)).max(axis=0))
    assert not np.array_equal(strength, saliency(network, picture, 1 - winner))


def test_features_are_what_the_last_layer_reads(picture):
    network = build("badger", seed=3)
    found = features(network, np.concatenate([picture] * 70))
    assert found.shape == (70, 576)
    weight, bias = (p.data for p in network.layers[-1].parameters())
    assert np.allclose(found @ weight.T + bias, network.outputs(picture), atol=1e-4)


def test_the_nearest_pictures_come_first():
    known = np.array([[0, 1], [1, 0], [2, 2], [-1, 0]], np.float32)
    found = nearest(np.array([3, 0.1], np.float32), known, 3)
    assert found.indices.tolist() == [1, 2, 0]
    assert found.distances[0] < found.distances[1] < found.distances[2] <= 2
    assert len(nearest(known[0], known, 9).indices) == 4


def test_what_does_not_fit_is_refused(picture):
    network = build("badger")
    with pytest.raises(ValueError, match="label: expected 0 to 1, got 2"):
        saliency(network, picture, 2)
    with pytest.raises(ValueError, match="one picture"):
        saliency(network, np.concatenate([picture, picture]))
    with pytest.raises(ValueError, match="patch: expected 1 to 32 pixels, got 33"):
        occlusion(network, picture, patch=33)
    with pytest.raises(ValueError, match=r"stride: expected 1 to patch \(4\) pixels, got 5"):
        occlusion(network, picture, patch=4, stride=5)
    with pytest.raises(ValueError, match="expected features"):
        nearest(np.zeros(3, np.float32), np.zeros((2, 4), np.float32))
