"""How a value comes from the layer before: products and a bias, or the largest of a window."""

import numpy as np
import pytest

import nn
from gui.layer_arithmetic import ConvolutionSum, DenseSum, PoolChoice, explain
from gui.layer_words import explanation_words
from nn.inspection import inspect
from tests.inspector import example

NETWORKS = [
    "input 9x7x3\nconv 3x3 x4 pad 1\nflatten\ndense 2\nloss softmax",
    "input 9x7x1\nconv 5x3 x4 pad 2 stride 2\nflatten\ndense 2\nloss softmax",
    "input 9x9x2\nconv 2x2 x3 stride 3\nflatten\ndense 2\nloss softmax",
]


@pytest.mark.parametrize("text", NETWORKS)
def test_window_times_kernel_and_bias_is_the_activation_everywhere(text):
    network = nn.Network.from_text(text, seed=5)
    network.parameters[:] += np.float32(0.1)
    inspection = example(network)
    for at in np.ndindex(inspection.activations[1].shape):
        found = explain(network, inspection, 1, at)
        assert isinstance(found, ConvolutionSum)
        total = found.products.sum() + found.bias
        assert total == pytest.approx(inspection.activations[1][at], abs=1e-5)
        assert found.channel_sums.sum() == pytest.approx(found.products.sum(), abs=1e-5)


def test_what_lies_outside_the_picture_is_marked_as_padding():
    network = nn.Network.from_text(NETWORKS[0])
    found = explain(network, example(network), 1, (0, 0, 0))
    assert found.corner == (-1, -1)
    assert found.inside.astype(int).tolist() == [[0, 0, 0], [0, 1, 1], [0, 1, 1]]
    assert (found.window[:, ~found.inside] == 0).all()


def test_the_pixel_that_wins_a_pool_is_the_one_that_gets_the_gradient():
    x = np.random.default_rng(0).integers(-3, 0, (1, 1, 8, 8)).astype(np.float32)  # many draws
    for pool in ("pool 2", "pool 3 pad 2 stride 3"):
        network = nn.Network.from_text(f"input 8x8x1\n{pool}\nflatten\ndense 2\nloss softmax")
        inspection = inspect(network, x, np.array([0]))
        for at in np.ndindex(inspection.activations[1].shape):
            found = explain(network, inspection, 1, at)
            assert isinstance(found, PoolChoice)
            row, column = np.add(found.corner, found.winner)
            assert inspection.activations[0][0, row, column] == found.output
            assert inspection.gradients[0][0, row, column] == inspection.gradients[1][at]


def test_a_pool_that_hangs_over_the_border_counts_what_is_inside():
    network = nn.Network.from_text(
        "input 8x8x1\npool 3 pad 2 stride 3\nflatten\ndense 2\nloss softmax"
    )
    found = explain(network, example(network), 1, (0, 0, 1))
    assert found.corner == (-2, 1)
    assert explanation_words(found, "maxpool").startswith("largest of 3 values: row 1, ")


def test_a_mean_pool_has_no_winner():
    network = nn.Network.from_text("input 8x8x1\navgpool 4\nflatten\ndense 2\nloss softmax")
    found = explain(network, example(network), 1, (0, 1, 1))
    assert found.winner is None
    assert found.output == pytest.approx(found.window.mean(), abs=1e-6)
    assert explanation_words(found, "avgpool").startswith("mean of 16 values = ")


def test_a_dense_unit_lists_its_strongest_contributions(digits):
    inspection = example(digits)
    found = explain(digits, inspection, 8, (4,))
    assert isinstance(found, DenseSum)
    total = found.products.sum() + found.rest + found.bias
    assert total == pytest.approx(inspection.activations[8][4], abs=1e-4)
    sizes = np.abs(found.products)
    assert (np.diff(sizes) <= 0).all()
    products = inspection.activations[7] * digits.layers[7].parameters()[0].data[4]
    assert sizes[0] == pytest.approx(np.abs(products).max())
