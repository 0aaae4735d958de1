"""Networks: the flat vectors and their views, looking, copying, other classes."""

import numpy as np
import pytest

import nn
from nn.network import Network

CNN = """
input 8x7x2
conv 3x3 x3 pad 1 relu
pool 2
flatten
dense 5 tanh
dense 3
loss softmax"""


def pictures(count: int, network: Network, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.random((count, *network.input_shape), dtype=np.float32)


def test_layers_hold_views_of_the_flat_vectors() -> None:
    network = Network.from_text(CNN)
    assert network.parameters.dtype == network.gradients.dtype == np.float32
    assert network.parameters.flags.c_contiguous
    covered = 0
    for layer in network.layers:
        for parameter in layer.parameters():
            assert parameter.offset == covered
            assert np.shares_memory(parameter.data, network.parameters)
            assert np.shares_memory(parameter.grad, network.gradients)
            part = network.parameters[parameter.offset : parameter.offset + parameter.data.size]
            np.testing.assert_array_equal(part.reshape(parameter.data.shape), parameter.data)
            covered += parameter.data.size
    assert covered == network.parameters.size
    conv, dense = network.layers[0].parameters(), network.layers[4].parameters()
    assert [(p.name, p.data.shape) for p in conv] == [("weight", (3, 2, 3, 3)), ("bias", (3,))]
    assert [(p.name, p.data.shape) for p in dense] == [("weight", (5, 36)), ("bias", (5,))]


def test_activations_stand_as_layers_of_their_own() -> None:
    network = Network.from_text(CNN)
    kinds = [layer.kind for layer in network.layers]
    assert kinds == ["conv", "relu", "maxpool", "flatten", "dense", "tanh", "dense"]
    assert network.layers[0].input_shape == (2, 8, 7)
    assert network.layers[2].output_shape == (3, 4, 3)
    assert network.output_shape == (3,)


def test_weights_of_a_seed_are_always_the_same_and_reset_draws_them_again() -> None:
    network, twin = Network.from_text(CNN, seed=5), Network.from_text(CNN, seed=5)
    np.testing.assert_array_equal(network.parameters, twin.parameters)
    assert (network.parameters != Network.from_text(CNN, seed=6).parameters).any()
    network.parameters[...] = 0
    view = network.parameters
    network.reset(5)
    np.testing.assert_array_equal(view, twin.parameters)


def test_biases_begin_at_zero_and_uniform_weights_within_their_limit() -> None:
    network = nn.presets.build("sketch", seed=1)
    weight, bias = network.layers[1].parameters()
    assert 0.4 < np.abs(weight.data).max() <= 0.5
    assert (bias.data == 0).all()


def test_a_prediction_is_a_probability_for_softmax_and_the_output_otherwise() -> None:
    network = Network.from_text(CNN)
    scores = network.predict(pictures(5, network))
    assert scores.shape == (5, 3)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-6)
    sketch = nn.presets.build("sketch")
    x = pictures(2, sketch)
    np.testing.assert_array_equal(sketch.predict(x), sketch.outputs(x))


def test_examples_do_not_meet_in_a_batch() -> None:
    network = Network.from_text(CNN)
    x = pictures(150, network)  # more than a tile
    together = network.predict(x)
    for i in (0, 70, 149):
        np.testing.assert_allclose(network.predict(x[i : i + 1])[0], together[i], atol=1e-6)


def test_activations_are_copies_of_every_layers_output() -> None:
    network = Network.from_text(CNN)
    x = pictures(4, network)
    flowing = network.activations(x)
    assert len(flowing) == len(network.layers) + 1
    np.testing.assert_array_equal(flowing[0], x)
    for layer, values in zip(network.layers, flowing[1:], strict=True):
        assert values.shape == (4, *layer.output_shape)
    np.testing.assert_array_equal(flowing[2], np.maximum(flowing[1], 0))
    np.testing.assert_array_equal(flowing[4], flowing[3].reshape(4, -1))
    np.testing.assert_allclose(flowing[-1], network.outputs(x), atol=1e-6)
    kept = [values.copy() for values in flowing]
    network.activations(pictures(4, network, seed=1))
    for before, after in zip(kept, flowing, strict=True):
        np.testing.assert_array_equal(before, after)


def test_looking_between_steps_changes_nothing() -> None:
    text = CNN.replace("dense 5 tanh", "dense 5 tanh\ndropout 0.5\nbatchnorm")
    quiet, watched = Network.from_text(text), Network.from_text(text)
    trainers = [nn.Trainer(n, nn.optimizers.SGD(0.1, 0.9), seed=2) for n in (quiet, watched)]
    x, y = pictures(6, quiet), np.array([0, 1, 2, 0, 1, 2])
    for _ in range(4):
        watched.predict(x)
        watched.predict(x[:1])
        results = [trainer.step(x, y) for trainer in trainers]
        watched.activations(x)
        assert results[0] == results[1]
        np.testing.assert_array_equal(quiet.gradients, watched.gradients)
    np.testing.assert_array_equal(quiet.parameters, watched.parameters)


def test_a_copy_goes_its_own_way() -> None:
    network = Network.from_text(CNN, class_names=["a", "b", "c"])
    twin = network.copy()
    assert twin.class_names == ["a", "b", "c"]
    np.testing.assert_array_equal(twin.parameters, network.parameters)
    twin.parameters[...] = 0
    assert network.parameters.any()


def test_other_classes_keep_what_was_learned() -> None:
    network = Network.from_text(CNN, class_names=["a", "b", "c"])
    network.parameters += 0.1
    other = network.with_classes(["c", "new", "a", "b"], [2, None, 0, 1], seed=3)
    assert other.class_names == ["c", "new", "a", "b"]
    assert other.output_shape == (4,)
    x = pictures(3, network)
    np.testing.assert_allclose(
        other.outputs(x)[:, [2, 3, 0]], network.outputs(x), rtol=1e-5, atol=1e-6
    )
    assert other.layers[-1].parameters()[1].data[1] == 0
    assert network.class_names == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("names", "sources", "message"),
    [
        (["a"], [0, 1], "equally long"),
        ([], [], "not empty"),
        (["a", "b"], [0, 3], "0 to 2"),
        (["a", "b"], [0, -1], "0 to 2"),
    ],
)
def test_other_classes_must_make_sense(
    names: list[str], sources: list[int | None], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Network.from_text(CNN).with_classes(names, sources)


def test_a_summary_tells_shapes_parameters_and_multiply_adds() -> None:
    network = Network.from_text(CNN)
    lines = network.summary().splitlines()
    assert lines[2].split() == ["input", "8x7x2"]
    assert lines[3].split() == ["conv", "3x3", "x3", "pad", "1", "8x7x3", "57", "3,024"]
    assert lines[-1].split() == ["total", "260", "3,219"]
    assert str(nn.presets.build("sketch")) == "36-12-2"


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([[1.0]], "x must be a numpy array, got list"),
        (np.zeros((2, 8, 7), np.float32), r"shape \(N, 2, 8, 7\) .* got \(2, 8, 7\)"),
        (np.zeros((1, 8, 7, 2), np.float32), r"got \(1, 8, 7, 2\)"),
        (np.zeros((0, 2, 8, 7), np.float32), "N of at least 1"),
        (np.zeros((1, 2, 8, 7)), "x must be float32, got float64"),
        (np.zeros((1, 2, 8, 7), np.uint8), "x must be float32, got uint8"),
    ],
)
def test_a_wrong_picture_is_refused_with_what_came_and_what_was_wanted(x, message: str) -> None:
    network = Network.from_text(CNN)
    trainer = nn.Trainer(network, nn.optimizers.SGD())
    for use in (network.predict, network.activations, lambda x: trainer.step(x, np.array([0]))):
        with pytest.raises(ValueError, match=message):
            use(x)


def test_class_names_must_fit() -> None:
    with pytest.raises(ValueError, match="must be 3 texts, got"):
        Network.from_text(CNN, class_names=["a", "b"])


def test_a_network_computes_in_float64_when_asked() -> None:
    network = Network.from_text(CNN)
    exact = network.astype(np.float64)
    x = pictures(2, network)
    np.testing.assert_allclose(exact.predict(x.astype(np.float64)), network.predict(x), atol=1e-6)
    with pytest.raises(ValueError, match="float32 or float64, got int32"):
        network.astype(np.int32)
