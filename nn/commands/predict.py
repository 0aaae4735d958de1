"""Tell what a saved network sees in pictures.

    python -m nn predict digits.json five.png photo.jpg

A picture is cut to a square and brought to the network's size. A network for grey pictures reads
bright ink on black; --invert turns dark ink on white paper round.
"""

import argparse
from pathlib import Path

import numpy as np

from nn.commands.common import add_json, print_json, read_network
from nn.data.augment import to_float
from nn.network import Network
from nn.typing import Array


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `predict`."""
    parser.add_argument("network", metavar="NETWORK", help="a saved network")
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE", help="picture files")
    parser.add_argument("--top", type=int, default=3, help="classes to show (3)")
    parser.add_argument("--invert", action="store_true", help="turn dark and bright round")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Predict every picture and print its best classes."""
    if arguments.top < 1:
        raise ValueError(f"--top must be at least 1, got {arguments.top}")
    network = read_network(arguments.network)
    for path in arguments.pictures:
        scores = network.predict(read_picture(path, network, arguments.invert))[0]
        best = np.argsort(-scores, kind="stable")[: arguments.top]
        found = [(network.class_names[i], float(scores[i])) for i in best]
        if arguments.json:
            print_json({"picture": str(path), "scores": dict(found)})
        else:
            told = "  ".join(f"{name} {_score(network, score)}" for name, score in found)
            print(f"{path.name}: {told}")
    return 0


def read_picture(path: Path, network: Network, invert: bool) -> Array:
    """Return a picture file as (1, C, H, W) float32 for the network; ValueError if it can't be."""
    from nn.data.photo import read_photo  # Pillow is needed here alone

    channels, height, width = network.input_shape
    if height != width or channels not in (1, 3):
        raise ValueError(
            f"pictures are read for square inputs with 1 or 3 channels, but the network takes "
            f"{height}x{width}x{channels}"
        )
    picture = to_float(read_photo(path, height)[None])
    if channels == 1:
        luma = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
        picture = np.tensordot(picture, luma, axes=(1, 0))[:, None]
    return np.ascontiguousarray(1 - picture if invert else picture, np.float32)


def _score(network: Network, score: float) -> str:
    return f"{score:.1%}" if network.loss.kind == "softmax" else f"{score:.3f}"
