"""What the commands share: finding a network and a data set, a progress bar, JSON lines."""

import argparse
import json
import sys
from pathlib import Path
from time import monotonic
from typing import Any

from nn import formats, presets
from nn.data.augment import Augment
from nn.data.datasets import Dataset
from nn.data.loading import load_folder
from nn.metrics import Evaluation, evaluate, evaluate_views
from nn.network import Network


def add_data(parser: argparse.ArgumentParser) -> None:
    """Declare the argument that names a data set, by its place or as --data."""
    words = "a folder with MNIST's files, CIFAR-10's, or pictures in one sub-folder a class"
    parser.add_argument("place", nargs="?", type=Path, metavar="DATA", help=words)
    parser.add_argument("--data", type=Path, metavar="DATA", help="the same")


def data_folder(arguments: argparse.Namespace) -> Path:
    """Return the folder that was named; ValueError when none was."""
    if (arguments.place is None) == (arguments.data is None):
        raise ValueError("name the folder of the data once, as DATA or as --data DATA")
    folder: Path = arguments.place or arguments.data
    return folder


def add_crops(parser: argparse.ArgumentParser) -> None:
    """Declare --crops."""
    parser.add_argument(
        "--crops", type=int, default=1, help="views of a test picture to average over (1)"
    )


def tested(network: Network, data: Dataset, prepared: Augment, crops: int) -> Evaluation:
    """Return how the network does on a data set, its scores averaged over so many crops."""
    if crops == 1:
        return evaluate(network, data.images, data.labels, prepared.look)
    return evaluate_views(
        network, data.images, data.labels, lambda images: prepared.views(images, crops)
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Declare --json."""
    parser.add_argument("--json", action="store_true", help="print JSON for another program")


def read_network(name: str, seed: int = 0) -> Network:
    """Return a saved network, one described in a text file, or a preset by name.

    Raises ValueError when the name is none of them.
    """
    if name in presets.ALL_NAMES:
        return presets.build(name, seed=seed)
    path = Path(name)
    if path.suffix.lower() == ".txt":
        try:
            return Network.from_text(path.read_text(encoding="utf-8"), seed)
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from None
    readable = {form.suffix: 0 for form in formats.FORMATS.values() if form.recognises}
    if path.suffix.lower() in readable:
        return formats.load(path)
    raise ValueError(
        f"{name!r} is no network: expected a preset ({', '.join(presets.ALL_NAMES)}), a network "
        f"text (.txt) or a saved network ({', '.join(readable)})"
    )


def read_data(folder: Path, network: Network) -> Dataset:
    """Return the data set in ``folder``; pictures in files come at the network's size."""
    channels, height, _ = network.input_shape
    return load_folder(folder, height, channels)


def preparation(network: Network, data: Dataset, **options: Any) -> Augment:
    """Return how the data set's pictures become what the network takes: cropped if too large.

    Raises ValueError when they do not fit.
    """
    channels, height, width = data.image_shape
    wanted = network.input_shape
    if channels != wanted[0] or height < wanted[1] or width < wanted[2] or wanted[1] != wanted[2]:
        if (channels, height, width) != wanted:
            raise ValueError(
                f"{data.name} has pictures of {height}x{width}x{channels}, but the network takes "
                f"{wanted[1]}x{wanted[2]}x{wanted[0]}"
            )
        return Augment(**options)
    same = (height, width) == wanted[1:]
    return Augment(crop=None if same else wanted[1], **options)


def check_classes(network: Network, data: Dataset) -> None:
    """Raise ValueError when the network has not as many outputs as the data set has classes."""
    if len(data.class_names) != network.output_shape[0]:
        raise ValueError(
            f"{data.name} has {len(data.class_names)} classes, but the network has "
            f"{network.output_shape[0]} outputs"
        )


def print_json(value: dict[str, Any]) -> None:
    """Print one line of JSON at once, so that a program that listens gets it in time."""
    print(json.dumps(value), flush=True)


class Bar:
    """A progress bar on stderr, at most ten times a second; silent where no person looks."""

    WIDTH = 28

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._last = 0.0

    def show(self, part: float, words: str) -> None:
        """Draw ``part``, 0 to 1, and what to say beside it."""
        now = monotonic()
        if not self._on or now - self._last < 0.1:
            return
        self._last = now
        filled = round(part * self.WIDTH)
        bar = "█" * filled + "░" * (self.WIDTH - filled)
        sys.stderr.write(f"\r\x1b[K{bar} {part:4.0%}  {words}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away, so that a line can be printed."""
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self._last = 0.0
