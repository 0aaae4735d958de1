"""Layers against their textbook form, written as plain loops, and by hand."""

from itertools import product

import numpy as np
import pytest

from nn.layers import (
    AvgPool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    LocalResponseNorm,
    Maxout,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from nn.losses import SquaredError
from nn.network import Network

Pair = tuple[int, int]


def run(layer: Layer, x: np.ndarray) -> np.ndarray:
    """The layer's output for public ``x``, through a network that ends with a flattening."""
    network = Network(x.shape[1:], [layer, Flatten()], SquaredError(), dtype=x.dtype)
    rng = np.random.default_rng(5)
    for _, spec, parameter in network.specs():
        parameter.data[...] = rng.normal(size=spec.shape)
    return network.activations(x)[1]


def naive_convolution(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: Pair, padding: Pair
) -> np.ndarray:
    (p_h, p_w), (k_h, k_w) = padding, weight.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    height = (x.shape[2] - k_h) // stride[0] + 1
    width = (x.shape[3] - k_w) // stride[1] + 1
    y = np.zeros((len(x), len(weight), height, width))
    for n, f, i, j in product(*map(range, y.shape)):
        top, left = i * stride[0], j * stride[1]
        patch = x[n, :, top : top + k_h, left : left + k_w]
        y[n, f, i, j] = (patch * weight[f]).sum() + bias[f]
    return y


def naive_pooling(x: np.ndarray, kernel: Pair, stride: Pair, function) -> np.ndarray:
    height = (x.shape[2] - kernel[0]) // stride[0] + 1
    width = (x.shape[3] - kernel[1]) // stride[1] + 1
    y = np.zeros((*x.shape[:2], height, width))
    for n, c, i, j in product(*map(range, y.shape)):
        top, left = i * stride[0], j * stride[1]
        y[n, c, i, j] = function(x[n, c, top : top + kernel[0], left : left + kernel[1]])
    return y


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("padding", [(0, 0), (1, 2), (4, 3)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (3, 2)])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 2), (5, 5)])
def test_convolution_equals_its_loops(
    kernel: Pair, stride: Pair, padding: Pair, batch: int
) -> None:
    x = np.random.default_rng(0).normal(size=(batch, 3, 8, 7))
    layer = Conv2D(4, kernel, stride, padding)
    y = run(layer, x)
    weight, bias = layer.parameters()
    assert weight.data.shape == (4, 3, *kernel)
    np.testing.assert_allclose(
        y, naive_convolution(x, weight.data, bias.data, stride, padding), atol=1e-12
    )


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (2, 3)])
@pytest.mark.parametrize("kernel", [(1, 1), (2, 2), (3, 2)])
def test_pooling_equals_its_loops(kernel: Pair, stride: Pair, batch: int) -> None:
    x = np.random.default_rng(0).normal(size=(batch, 2, 7, 8))
    for layer, function in ((MaxPool2D, np.max), (AvgPool2D, np.mean)):
        expected = naive_pooling(x, kernel, stride, function)
        np.testing.assert_allclose(run(layer(kernel, stride), x), expected, atol=1e-12)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("padding", [(1, 0), (1, 1), (2, 1)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (3, 2)])
def test_a_square_over_the_border_takes_the_largest_of_what_is_inside(
    stride: Pair, padding: Pair, batch: int
) -> None:
    x = np.random.default_rng(0).normal(size=(batch, 2, 7, 8)) - 5  # a zero out there would win
    (p_h, p_w), layer = padding, MaxPool2D((3, 2), stride, padding)
    framed = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)), constant_values=-np.inf)
    expected = naive_pooling(framed, (3, 2), stride, np.max)
    np.testing.assert_allclose(run(layer, x), expected, atol=1e-12)
    assert np.isclose(pooled_gradient(x, layer).sum(), batch * np.prod(layer.output_shape))


def pooled_gradient(x: np.ndarray, layer: Layer) -> np.ndarray:
    """The gradient of the sum of the layer's outputs with respect to ``x``."""
    network = Network(x.shape[1:], [layer, Flatten()], SquaredError(), dtype=x.dtype)
    plan = network.plan(len(x), np.random.default_rng(0), input_gradient=True)
    outputs = network.outputs(x)
    plan.run_step(x, outputs - 1.0, 1.0)
    assert plan.input_grad is not None
    return plan.input_grad.copy()


def test_a_draw_in_max_pooling_pays_one_winner() -> None:
    flat = np.full((1, 1, 6, 6), 2.0)
    for layer in (MaxPool2D(2), MaxPool2D(3), MaxPool2D(3, 1)):
        paid = pooled_gradient(flat, layer)
        assert paid.sum() == np.prod(layer.output_shape)
    by_hand = np.zeros((1, 1, 4, 4))
    by_hand[..., ::2, ::2] = 1.0  # the upper left of each square
    np.testing.assert_array_equal(pooled_gradient(flat[..., :4, :4], MaxPool2D(2)), by_hand)


def test_rows_and_columns_that_fill_no_square_get_no_gradient() -> None:
    x = np.random.default_rng(0).normal(size=(2, 1, 5, 7))
    for layer in (MaxPool2D(2), AvgPool2D(2), MaxPool2D(2, 3)):
        for _ in range(2):
            grad = pooled_gradient(x, layer)
            assert np.isclose(grad.sum(), 2 * np.prod(layer.output_shape))
    assert (pooled_gradient(x, MaxPool2D(2))[:, :, 4:, :] == 0).all()


def test_activations_by_hand() -> None:
    x = np.array([-200.0, -1.0, 0.0, 2.0, 200.0]).reshape(1, 5, 1, 1)
    expected = {
        ReLU(): [0, 0, 0, 2, 200],
        LeakyReLU(0.1): [-20, -0.1, 0, 2, 200],
        Tanh(): [-1, -0.7615941559557649, 0, 0.9640275800758169, 1],
        Sigmoid(): [0, 0.2689414213699951, 0.5, 0.8807970779778823, 1],
    }
    for layer, values in expected.items():
        np.testing.assert_allclose(run(layer, x).ravel(), values, atol=1e-12)


def test_softmax_sums_to_one_and_does_not_overflow() -> None:
    x = np.array([[1000.0, 1001.0, 0.0]]).reshape(1, 3, 1, 1)
    y = run(Softmax(), x).ravel()
    np.testing.assert_allclose(y, [0.2689414213699951, 0.7310585786300049, 0.0])


def test_maxout_takes_the_largest_of_each_group_of_channels() -> None:
    x = np.arange(8.0).reshape(1, 4, 1, 2)
    np.testing.assert_array_equal(run(Maxout(2), x), [[[[2, 3]], [[6, 7]]]])


def test_flatten_reads_channel_by_channel_row_by_row() -> None:
    x = np.arange(24.0).reshape(1, 2, 3, 4)
    np.testing.assert_array_equal(run(Flatten(), x), x.reshape(1, 24))


def test_local_response_norm_equals_its_formula() -> None:
    x = np.random.default_rng(0).normal(size=(2, 5, 2, 3))
    layer = LocalResponseNorm(3, alpha=0.6, beta=0.7, k=1.2)
    expected = np.zeros_like(x)
    for c in range(5):
        window = x[:, max(0, c - 1) : c + 2]
        expected[:, c] = x[:, c] / (1.2 + 0.6 / 3 * (window**2).sum(axis=1)) ** 0.7
    np.testing.assert_allclose(run(layer, x), expected, rtol=1e-12)


def test_dropout_rests_when_the_network_only_looks() -> None:
    x = np.random.default_rng(0).normal(size=(3, 2, 4, 4))
    np.testing.assert_array_equal(run(Dropout(0.5), x), x)


def test_dropout_keeps_the_mean_and_draws_anew_each_step() -> None:
    network = Network((1, 50, 50), [Dropout(0.3), Flatten()], SquaredError())
    plan = network.plan(2, np.random.default_rng(0))
    x = np.ones((2, 1, 50, 50), np.float32)
    first = plan.run_forward(x).copy()
    second = plan.run_forward(x).copy()
    assert set(np.unique(first)) == {np.float32(0), np.float32(1 / 0.7)}
    assert abs(first.mean() - 1) < 0.05
    assert (first != second).any()


def test_batchnorm_remembers_the_mean_and_the_unbiased_variance() -> None:
    layer = BatchNorm(momentum=1.0)
    network = Network((3, 4, 5), [layer, Flatten()], SquaredError())
    x = np.random.default_rng(0).normal(2.0, 3.0, size=(6, 3, 4, 5)).astype(np.float32)
    y = network.plan(6, np.random.default_rng(0)).run_forward(x).reshape(x.shape)
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-6)
    np.testing.assert_allclose(y.var(axis=(0, 2, 3)), 1, atol=1e-4)
    np.testing.assert_allclose(layer.state()["mean"], x.mean(axis=(0, 2, 3)), rtol=1e-5)
    np.testing.assert_allclose(layer.state()["var"], x.var(axis=(0, 2, 3), ddof=1), rtol=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dense(0), "at least 1 unit, got 0"),
        (lambda: Conv2D(0, 3), "at least 1 filter, got 0"),
        (lambda: Conv2D(1, 0), "kernel size must be at least 1, got 0"),
        (lambda: Conv2D(1, 3, stride=0), "stride must be at least 1, got 0"),
        (lambda: Conv2D(1, 3, padding=-1), "padding must be at least 0, got -1"),
        (lambda: MaxPool2D(0), "pool size must be at least 1, got 0"),
        (lambda: MaxPool2D((2, 3), padding=2), "pool 2x3 needs a padding smaller than itself"),
        (lambda: Maxout(1), "at least 2, got 1"),
        (lambda: Dropout(1.0), "below 1, got 1.0"),
        (lambda: LeakyReLU(2.0), "0 to 1, got 2.0"),
        (lambda: BatchNorm(momentum=0.0), "above 0 and at most 1, got 0.0"),
        (lambda: BatchNorm(eps=0.0), "above 0 and below 1, got 0.0"),
        (lambda: LocalResponseNorm(0), "at least 1, got 0"),
        (lambda: LocalResponseNorm(3, k=0.0), "k of at least 1e-6"),
    ],
)
def test_a_layer_refuses_options_out_of_range(make, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (Dense(3), (1, 4, 4), "put a line 'flatten' before it"),
        (Conv2D(2, 5), (1, 4, 9), "5x5 with padding 0 does not fit into a 4x9 picture"),
        (Conv2D(2, 3), (16,), "needs a picture"),
        (MaxPool2D(3), (1, 2, 9), "does not fit into a 2x9 picture"),
        (AvgPool2D(3), (9,), "avgpool needs a picture"),
        (Maxout(3), (4, 2, 2), "can divide, got 4"),
        (LocalResponseNorm(3), (9,), "lrn needs a picture"),
    ],
)
def test_a_layer_refuses_an_input_it_cannot_stand_on(
    layer: Layer, shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        layer.connect(shape)


def test_every_layer_can_be_made_again_from_its_config() -> None:
    layers = [Dense(3), Conv2D(2, (3, 5), 2, (1, 0)), MaxPool2D(2), AvgPool2D(3, 1), Flatten()]
    layers += [MaxPool2D(3, 2, (2, 1))]
    layers += [ReLU(), LeakyReLU(0.2), Sigmoid(), Tanh(), Softmax(), Maxout(3), Dropout(0.1)]
    layers += [BatchNorm(0.2), LocalResponseNorm(3, beta=0.5)]
    for layer in layers:
        twin = type(layer)(**layer.config())
        assert twin.to_text() == layer.to_text()
        assert repr(twin) == repr(layer)
