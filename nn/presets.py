"""Networks that come with the app, by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nn.network import Network


@dataclass(frozen=True)
class Preset:
    """A network text for an input edge and a number of classes, and a sentence for a menu."""

    sentence: str
    text: Callable[[int, int], str]
    size: int
    class_names: tuple[str, ...]
    sizes: tuple[int, int]
    learning_rate: float


def _sketch(size: int, classes: int) -> str:
    return f"""
        input {size}x{size}x1
        flatten
        dense 12 sigmoid init uniform 0.5
        dense {classes} sigmoid init uniform 0.5
        loss squared_error"""


def _sketch_cnn(size: int, classes: int) -> str:
    # Wires that begin almost dark, so that what they learn is what brightens; see docs/decisions.
    pool = f"pool {size // 4}" if size >= 8 else ""
    return f"""
        input {size}x{size}x1
        conv 9x9 x8 pad 4 relu
        {pool}
        flatten
        dense {classes} init uniform 0.01
        loss softmax"""


_SKETCH = ("X", "O")


def _badger(size: int, classes: int) -> str:
    return f"""
        input {size}x{size}x3
        conv 3x3 x8 relu
        pool 2
        conv 3x3 x16 relu
        pool 2
        flatten
        dense {classes}
        loss softmax"""


def _mnist(size: int, classes: int) -> str:
    return f"""
        input {size}x{size}x1
        conv 5x5 x8 pad 2 relu
        pool 2
        conv 5x5 x16 pad 2 relu
        pool 3
        flatten
        dense {classes}
        loss softmax"""


def _cifar(size: int, classes: int) -> str:
    return f"""
        input {size}x{size}x3
        conv 5x5 x16 pad 2 relu
        pool 2
        conv 5x5 x20 pad 2 relu
        pool 2
        conv 5x5 x20 pad 2 relu
        pool 2
        flatten
        dense {classes}
        loss softmax"""


def _mnist_strong(size: int, classes: int) -> str:
    return f"""
        input {size}x{size}x1
        conv 5x5 x24 pad 2
        batchnorm
        relu
        pool 2
        conv 3x3 x48 pad 1
        batchnorm
        relu
        pool 2
        conv 3x3 x64 pad 1
        batchnorm
        relu
        pool 2
        flatten
        dropout 0.3
        dense {classes}
        loss softmax"""


def _cifar_strong(size: int, classes: int) -> str:
    return f"""
        input {size}x{size}x3
        conv 3x3 x32 pad 1
        batchnorm
        relu
        pool 2
        conv 3x3 x64 pad 1
        batchnorm
        relu
        pool 2
        conv 3x3 x96 pad 1
        batchnorm
        relu
        pool 2
        flatten
        dropout 0.4
        dense {classes}
        loss softmax"""


def _lenet(size: int, classes: int) -> str:
    return f"""
        input {size}x{size}x1
        conv 5x5 x6 pad 2 relu
        pool 2
        conv 5x5 x16 relu
        pool 2
        flatten
        dense 120 relu
        dense 84 relu
        dense {classes}
        loss softmax"""


def _mlp(size: int, classes: int) -> str:
    return f"""
        input {size}x{size}x1
        flatten
        dense 128 relu
        dropout 0.2
        dense 64 relu
        dense {classes}
        loss softmax"""


_DIGITS = tuple("0123456789")
_THINGS = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
PRESETS = {
    "sketch": Preset(
        "36-12-2, sigmoid: the classroom network, one wire a weight",
        _sketch,
        6,
        _SKETCH,
        (4, 32),
        0.5,
    ),
    "sketch-cnn": Preset(
        "A small convolutional network that reads the drawing itself",
        _sketch_cnn,
        28,
        _SKETCH,
        (4, 32),
        0.08,
    ),
    "badger": Preset(
        "Two convolutions for small photos, 32×32 in colour: badger or beard?",
        _badger,
        32,
        ("badger", "beard"),
        (10, 64),
        0.01,
    ),
    "mnist": Preset(
        "Two convolutions for handwritten digits, 24×24 cut from 28×28",
        _mnist,
        24,
        _DIGITS,
        (6, 64),
        0.01,
    ),
    "cifar": Preset(
        "Three convolutions for ten kinds of things, 32×32 in colour",
        _cifar,
        32,
        _THINGS,
        (8, 64),
        0.01,
    ),
    "lenet": Preset(
        "LeNet-5 of 1998, with rectifiers: two convolutions, three dense layers",
        _lenet,
        28,
        _DIGITS,
        (16, 64),
        0.01,
    ),
    "mlp": Preset(
        "No convolution at all: every pixel to 128 neurons, then 64",
        _mlp,
        28,
        _DIGITS,
        (4, 64),
        0.01,
    ),
    "mnist-strong": Preset(
        "Three convolutions with batch normalisation and dropout, for digits",
        _mnist_strong,
        24,
        _DIGITS,
        (8, 64),
        0.01,
    ),
    "cifar-strong": Preset(
        "Three wider convolutions with batch normalisation and dropout, in colour",
        _cifar_strong,
        32,
        _THINGS,
        (8, 64),
        0.01,
    ),
}

ALL_NAMES: tuple[str, ...] = tuple(PRESETS)
NAMES: tuple[str, ...] = ("sketch", "sketch-cnn")
"""Those for drawings: what the Sketch workspace offers."""


def describe(name: str) -> str:
    """Return one sentence about a preset, for a menu."""
    return _find(name).sentence


def learning_rate(name: str) -> float:
    """Return the learning rate a preset begins with, for plain SGD on one example a step."""
    return _find(name).learning_rate


def build(
    name: str,
    seed: int = 0,
    size: int | None = None,
    classes: int | None = None,
    class_names: Sequence[str] | None = None,
) -> Network:
    """Return a new network.

    ``size`` is the edge of the input picture in pixels (the sketch presets take 4 to 32);
    ``classes`` or ``class_names`` choose other classes than the preset's own, 2 to 26.
    Raises ValueError for an unknown name or a number out of range.
    """
    preset = _find(name)
    edge = preset.size if size is None else size
    low, high = preset.sizes
    if not low <= edge <= high:
        wanted = f"{low} to {high}" if low < high else str(low)
        raise ValueError(f"size of {name!r} must be {wanted}, got {size}")
    if class_names is None:
        count = len(preset.class_names) if classes is None else classes
        names = preset.class_names
        if count != len(names):
            names = tuple(chr(ord("A") + i) for i in range(min(count, 26)))
    else:
        names = tuple(class_names)
        count = len(names) if classes is None else classes
    if not 2 <= count <= 26:
        raise ValueError(f"a network takes 2 to 26 classes, got {count}")
    if count != len(names):
        raise ValueError(f"class_names must be {count} names, got {list(names)}")
    return Network.from_text(preset.text(edge, count), seed, names)


def _find(name: str) -> Preset:
    if name not in PRESETS:
        raise ValueError(f"{name!r} is no preset; there are {', '.join(PRESETS)}")
    return PRESETS[name]
