"""The networks that come with the app."""

import numpy as np
import pytest

import nn


@pytest.mark.parametrize("name", ["sketch", "sketch-cnn"])
@pytest.mark.parametrize("classes", [2, 26])
def test_a_sketch_preset_works_at_every_grid_size(name: str, classes: int) -> None:
    for size in range(4, 33):
        network = nn.presets.build(name, size=size, classes=classes)
        assert network.input_shape == (1, size, size)
        x = np.zeros((1, 1, size, size), np.float32)
        assert network.predict(x).shape == (1, classes)
        assert len(network.class_names) == classes


def test_the_sketch_preset_is_the_classroom_network() -> None:
    network = nn.presets.build("sketch")
    assert network.to_text() == (
        "input 6x6x1\nflatten\ndense 12 sigmoid init uniform 0.5\n"
        "dense 2 sigmoid init uniform 0.5\nloss squared_error"
    )
    assert network.class_names == ["X", "O"]
    assert network.parameters.size == 470


def test_the_sketch_cnn_is_small() -> None:
    network = nn.presets.build("sketch-cnn")
    assert network.input_shape == (1, 28, 28)
    assert network.class_names == ["X", "O"]
    assert network.parameters.size < 10_000


def test_every_preset_is_described_and_can_be_built() -> None:
    assert set(nn.presets.NAMES) < set(nn.presets.ALL_NAMES)
    for name in nn.presets.ALL_NAMES:
        assert nn.presets.describe(name)
        network = nn.presets.build(name, seed=4)
        np.testing.assert_array_equal(network.parameters, nn.presets.build(name, seed=4).parameters)
        assert nn.presets.learning_rate(name) > 0


@pytest.mark.parametrize(
    ("name", "parameters", "shape"),
    [
        ("badger", 2546, (3, 32, 32)),
        ("mnist", 5994, (1, 24, 24)),
        ("cifar", 22466, (3, 32, 32)),
        ("lenet", 61_706, (1, 28, 28)),
        ("mlp", 109_386, (1, 28, 28)),
        ("mnist-strong", 44_794, (1, 24, 24)),
        ("cifar-strong", 90_538, (3, 32, 32)),
    ],
)
def test_a_picture_preset_has_its_size(name: str, parameters: int, shape: tuple[int, ...]) -> None:
    network = nn.presets.build(name)
    assert network.parameters.size == parameters
    assert network.input_shape == shape


def test_class_names_can_be_chosen() -> None:
    assert nn.presets.build("sketch", class_names=["+", "="]).class_names == ["+", "="]
    assert nn.presets.build("sketch", classes=3).class_names == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "nothing"}, "'nothing' is no preset; there are sketch"),
        ({"name": "sketch", "size": 3}, "size of 'sketch' must be 4 to 32, got 3"),
        ({"name": "sketch", "size": 33}, "got 33"),
        ({"name": "sketch", "classes": 1}, "2 to 26 classes, got 1"),
        ({"name": "sketch", "classes": 27}, "got 27"),
        ({"name": "sketch", "classes": 3, "class_names": ["a", "b"]}, "must be 3 names"),
    ],
)
def test_a_preset_says_what_it_cannot_build(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nn.presets.build(**options)
