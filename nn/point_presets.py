"""Networks for points, curves and small pictures of the plane, with the numbers to train them.

Coordinates are the channels of a 1×1 picture: a network for the plane begins `input 1x1x2`.
"""

from dataclasses import dataclass

from nn.network import Network

_HIDDEN = "dense 20 relu"


@dataclass(frozen=True)
class PointPreset:
    """A network text, in which {classes} is filled in, and how it is trained with plain SGD."""

    sentence: str
    text: str
    lr: float
    momentum: float = 0.0
    batch_size: int = 1
    l2: float = 0.0


def _lines(*lines: str) -> str:
    return "\n".join(lines)


PRESETS = {
    "classify": PointPreset(
        "Six and two tanh neurons: enough to bend a boundary round a disc",
        _lines(
            "input 1x1x2",
            "flatten",
            # From small weights XOR came out on every seed of 48; from Glorot's, one of ten stuck.
            "dense 6 tanh init uniform 0.2",
            "dense 2 tanh init uniform 0.2",
            "softmax {classes}",
        ),
        lr=0.01,
        momentum=0.1,
        batch_size=10,
        l2=0.001,
    ),
    "classify-line": PointPreset(
        "No hidden neuron: straight boundaries alone",
        _lines("input 1x1x2", "flatten", "softmax {classes}"),
        lr=0.01,
        momentum=0.1,
        batch_size=10,
    ),
    "classify-wide": PointPreset(
        "Two layers of sixteen tanh neurons: for spirals",
        _lines("input 1x1x2", "flatten", "dense 16 tanh", "dense 16 tanh", "softmax {classes}"),
        lr=0.03,
        momentum=0.9,
        batch_size=10,
        l2=0.0001,
    ),
    "classify-relu": PointPreset(
        "Eight relu neurons: boundaries made of straight pieces",
        _lines("input 1x1x2", "flatten", "dense 8 relu", "softmax {classes}"),
        lr=0.03,
        momentum=0.9,
        batch_size=10,
        l2=0.001,
    ),
    "regression": PointPreset(
        "Twenty relu and twenty sigmoid neurons draw a curve",
        _lines(
            "input 1x1x1",
            "flatten",
            _HIDDEN,
            "dense 20 sigmoid",
            "dense 1",
            "loss squared_error",
        ),
        lr=0.01,
    ),
    "paint": PointPreset(
        "Seven layers of twenty relu neurons paint a picture from x and y",
        _lines("input 1x1x2", "flatten", *[_HIDDEN] * 7, "dense 3", "loss squared_error"),
        lr=0.01,
        momentum=0.9,
        batch_size=5,
    ),
}
CLASSIFY: tuple[str, ...] = tuple(name for name in PRESETS if name.startswith("classify"))


def find(name: str) -> PointPreset:
    """Return a preset; ValueError names those that there are."""
    if name not in PRESETS:
        raise ValueError(f"{name!r} is no preset for points; there are {', '.join(PRESETS)}")
    return PRESETS[name]


def text(name: str, classes: int = 2) -> str:
    """Return a preset's network text."""
    return find(name).text.format(classes=classes)


def build(name: str, seed: int = 0, classes: int = 2) -> Network:
    """Return a new network of a preset."""
    return Network.from_text(text(name, classes), seed)
