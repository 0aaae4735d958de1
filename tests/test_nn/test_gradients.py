"""Numeric gradients in float64: every layer with every option, every loss, chains at random."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import gradcheck
from nn.network import Network

PICTURE_LAYERS = [
    "conv 3x3 x4",
    "conv 3x2 x3 pad 1",
    "conv 2x5 x3 pad 2 stride 2",
    "conv 3x3 x2 pad 3x0 stride 1x3",
    "conv 1x1 x3 stride 2",
    "conv 2x2 x2 pad 2",
    "conv 7x9 x2",
    "pool 2",
    "pool 3 stride 2",
    "pool 2x3 stride 1x2",
    "pool 3 stride 1",
    "pool 1 stride 2",
    "pool 2 stride 3",
    "pool 1",
    "pool 3 pad 1 stride 2",
    "pool 2x4 pad 1x3 stride 2x1",
    "pool 3 pad 2",
    "avgpool 2",
    "avgpool 3 stride 2",
    "avgpool 1x3 stride 2x1",
    "lrn 5",
    "lrn 3 alpha 0.5 beta 0.6 k 1.5",
    "lrn 4 alpha 1",
    "lrn 1 alpha 1 beta 0.5",
]
ANY_LAYERS = [
    "relu",
    "leaky_relu",
    "leaky_relu 0.3",
    "leaky_relu 0",
    "sigmoid",
    "tanh",
    "softmax",
    "maxout 2",
    "maxout 3",
    "dropout 0.4",
    "dropout 0",
    "batchnorm",
    "batchnorm momentum 0.5 eps 0.01",
]
LOSSES = ["loss softmax", "loss squared_error", "loss hinge"]


def errors_of(text: str, seed: int = 0, batch: int = 3, training: bool = True) -> dict[str, float]:
    network = Network.from_text(text, seed=seed, dtype=np.float64)
    rng = np.random.default_rng(seed)
    for _, spec, parameter in network.specs():  # biases at random too
        if not spec.decays:
            parameter.data[...] += 0.3 * rng.normal(size=spec.shape)
    x = rng.normal(size=(batch, *network.input_shape))
    y = rng.integers(0, network.output_shape[0], batch)
    return gradcheck.check(network, x, y, training=training)


def assert_right(errors: dict[str, float]) -> None:
    assert max(errors.values()) < 1e-5, errors


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("line", PICTURE_LAYERS)
def test_a_picture_layer_has_the_numeric_gradient(line: str, batch: int) -> None:
    text = f"input 7x9x3\n{line}\ntanh\nflatten\ndense 3\nloss softmax"
    assert_right(errors_of(text, batch=batch))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("line", ANY_LAYERS)
def test_a_layer_for_pictures_or_features_has_the_numeric_gradient(
    line: str, training: bool
) -> None:
    on_pictures = f"input 5x3x2\nconv 2x2 x6\n{line}\nflatten\ndense 3\nloss softmax"
    on_features = f"input 5x3x1\nflatten\ndense 6\n{line}\ndense 3\nloss softmax"
    assert_right(errors_of(on_pictures, training=training))
    assert_right(errors_of(on_features, training=training))


@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_has_the_numeric_gradient(loss: str, batch: int) -> None:
    assert_right(errors_of(f"input 2x2x1\nflatten\ndense 5\n{loss}", batch=batch))


@pytest.mark.parametrize("loss", ["loss softmax", "loss squared_error"])
def test_a_loss_with_soft_targets_has_the_numeric_gradient(loss: str) -> None:
    network = Network.from_text(f"input 2x3x1\nflatten\ndense 4\n{loss}", dtype=np.float64)
    rng = np.random.default_rng(1)
    targets = rng.dirichlet(np.ones(4), 3)
    assert_right(gradcheck.check(network, rng.normal(size=(3, 1, 2, 3)), targets))


@st.composite
def chains(draw: st.DrawFn) -> str:
    """A network text of a few layers that fit on each other."""
    height, width, channels = (draw(st.integers(3, 7)) for _ in range(3))
    lines = [f"input {height}x{width}x{channels}"]
    for _ in range(draw(st.integers(0, 3))):
        lines.append(draw(st.sampled_from([*PICTURE_LAYERS, *ANY_LAYERS])))
    lines.append("flatten")
    for _ in range(draw(st.integers(0, 2))):
        lines.append(draw(st.sampled_from(["dense 6", "dense 4 tanh", *ANY_LAYERS])))
    return "\n".join([*lines, "dense 3", draw(st.sampled_from(LOSSES))])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(chains(), st.integers(1, 3))
def test_a_chain_of_layers_has_the_numeric_gradient(text: str, batch: int) -> None:
    try:
        network = Network.from_text(text)
    except ValueError:
        return  # layers that do not fit on each other: nothing to check
    if network.parameters.size > 1500 or (batch == 1 and "batchnorm" in text):
        return
    errors = errors_of(text, batch=batch)
    # A number within 1e-6 of a kink (a draw in pooling, a zero in ReLU) has no slope to compare.
    assert np.median(list(errors.values())) < 1e-5
    assert max(errors.values()) < 1e-2, (text, errors)


def test_batchnorm_says_that_one_value_has_no_spread() -> None:
    network = Network.from_text("input 1x2x1\nflatten\nbatchnorm\ndense 2\nloss softmax")
    with pytest.raises(ValueError, match="at least 2 examples"):
        network.plan(1, np.random.default_rng(0))


def test_a_wrong_gradient_is_noticed() -> None:
    good = np.array([1.0, -2.0])
    assert gradcheck.relative_error(good, good) == 0.0
    assert gradcheck.relative_error(good * 1.001, good) > 1e-4


def test_gradients_are_checked_in_float64_only() -> None:
    network = Network.from_text("input 1x2x1\nflatten\ndense 2\nloss softmax")
    x = np.zeros((1, 1, 1, 2), np.float32)
    with pytest.raises(ValueError, match="float64, got float32"):
        gradcheck.check(network, x, np.array([0]))
