"""Networks to export: every layer, chains at random, those that ship, and pictures for them."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import numpy as np

import nn
from nn.data import cifar, idx
from nn.data.augment import to_float
from nn.layers import ReLU
from nn.layers.base import Elementwise
from nn.network import Network
from nn.photo_model import PhotoModel
from tests.test_nn.test_gradients import ANY_LAYERS, LOSSES, PICTURE_LAYERS

LINES = [*PICTURE_LAYERS, "lrn 2 alpha 0.7 beta 0.9 k 2", "lrn 9 alpha 2", *ANY_LAYERS]

TEXTS = [
    *(f"input 8x10x3\nconv 2x2 x6\n{line}\nflatten\ndense 3\nloss softmax" for line in LINES),
    *(f"input 5x3x1\nflatten\ndense 6\n{line}\ndense 3\nloss softmax" for line in ANY_LAYERS),
    *(f"input 2x2x1\nflatten\ndense 5\n{loss}" for loss in LOSSES),
    "input 1x1x3\nflatten\nloss softmax",
    "input 3x1x2\nflatten\nflatten\nmaxout 2\nloss hinge",
    "input 2x2x2\ndropout 0.5\nflatten\ndense 2 sigmoid\nloss squared_error",
]
"""Each layer on pictures, each that can on features, each loss, and odd ends."""


class Wave(Elementwise):
    """A layer that no writer knows."""

    kind = "wave"
    bind = ReLU.bind


def random_network(text: str, seed: int = 0) -> Network:
    """A network with no number left at 0 or 1: biases, and what batch norm remembers, drawn too."""
    network = Network.from_text(text, seed)
    rng = np.random.default_rng(seed)
    for _, spec, parameter in network.specs():
        if not spec.decays:
            parameter.data[...] += 0.3 * rng.normal(size=spec.shape)
    for layer in network.layers:
        for values in layer.state().values():
            values[...] = rng.uniform(0.2, 2.0, values.shape)
    return network


def random_pictures(network: Network, count: int = 3, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, *network.input_shape)).astype(np.float32)


def shipped(real_data: Path) -> Iterator[tuple[Network, np.ndarray]]:
    """The networks that ship, each with a hundred real pictures or so as the app gives them."""
    models = resources.files("assets") / "models"
    digits = idx.read(real_data / "mnist" / "t10k-images-idx3-ubyte.gz")[:100, None, 2:26, 2:26]
    things, _ = cifar.read_binary(real_data / "cifar-10-sample" / "test_batch.bin.gz")
    photos = [
        photo
        for kind in ("badger", "beard")
        for photo in sorted(real_data.glob(f"photos/{kind}*"))[:20]
    ]
    model = PhotoModel.load()
    for name, pictures in (("mnist", digits), ("cifar", things[:100])):
        with resources.as_file(models / f"{name}.json") as file:
            yield nn.load(file), to_float(pictures)
    yield model.network, np.concatenate([model.read(photo) for photo in photos])


def assert_same(found: np.ndarray, wanted: np.ndarray) -> None:
    """The same to 1e-5, of the largest number where numbers are larger than 1."""
    scale = max(1.0, float(np.abs(wanted).max()))
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-5 * scale)
