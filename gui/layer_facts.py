"""What there is to see in each layer of a network: facts, and values as tiles. Qt-free."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gui.tiles import Floats, Look
from nn.inspection import Inspection
from nn.layers import AvgPool2D, Conv2D, Dense, MaxPool2D
from nn.layers.base import Layer
from nn.network import Network

MOST_MAPS = 256  # tiles of activations that are shown
MOST_FILTERS, MOST_CHANNELS = 32, 32  # of a layer's kernels
MOST_UNITS = 4096  # numbers of a flat layer
MOST_ROWS = 64  # units of a dense layer whose weights are shown

_WORDS = {
    "conv": "Convolution",
    "dense": "Dense",
    "flatten": "Flatten",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softmax": "Softmax",
    "maxout": "Maxout",
    "maxpool": "Max pooling",
    "avgpool": "Average pooling",
    "dropout": "Dropout",
    "batchnorm": "Batch normalisation",
    "lrn": "Local response normalisation",
}
_NEVER_NEGATIVE = ("relu", "sigmoid", "softmax")
_PASSING = ("maxpool", "avgpool", "flatten", "dropout", "maxout")


@dataclass(frozen=True)
class Section:
    """One kind of values of a layer, as tiles.

    Attributes:
        title: "Activations", "Weight gradients", …
        what: "activations", "gradients" (of activations), "weight", "bias"; with `gradient` the
            gradients of a parameter.
        read: the raw values out of an inspection, in the engine's shape.
        arrange: these as (T, h, w), or (T, 3, h, w) in colour, limited to what is shown.
        shape: of what `arrange` returns.
        raw: shape of what `read` returns.
        note: what is left out; empty when everything is shown.
    """

    title: str
    what: str
    gradient: bool
    look: Look
    read: Callable[[Inspection], Floats]
    arrange: Callable[[Floats], Floats]
    shape: tuple[int, ...]
    raw: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True)
class LayerFacts:
    """A layer as the inspector shows it; `index` 0 is the input, i + 1 the network's layer i."""

    index: int
    kind: str
    title: str
    size: str
    facts: str
    sections: tuple[Section, ...]
    folded: bool

    @property
    def accessible(self) -> str:
        """Its name for assistive technology."""
        return f"{self.title}, output {self.size}"


def describe(network: Network) -> list[LayerFacts]:
    """What to show of the input and of every layer of a network."""
    found = [_input(network)]
    numbers: dict[str, int] = {}
    unsigned = True
    first_conv = next((i for i, layer in enumerate(network.layers) if layer.kind == "conv"), -1)
    for place, layer in enumerate(network.layers):
        unsigned = layer.kind in _NEVER_NEGATIVE or (unsigned and layer.kind in _PASSING)
        name = _WORDS.get(layer.kind, layer.kind)
        same = sum(other.kind == layer.kind for other in network.layers)
        numbers[layer.kind] = numbers.get(layer.kind, 0) + 1
        title = f"{name} {numbers[layer.kind]}" if same > 1 else name
        sections = [*_flow(place + 1, layer.output_shape, unsigned)]
        for number, parameter in enumerate(layer.parameters()):
            in_colour = place == first_conv and layer.input_shape[0] == 3
            sections += _parameter(place, number, layer, parameter.name, in_colour)
        found.append(
            LayerFacts(
                place + 1,
                layer.kind,
                title,
                size_text(layer.output_shape),
                _facts(layer),
                tuple(sections),
                folded=layer.kind in ("flatten", "dropout"),
            )
        )
    return found


def size_text(shape: tuple[int, ...]) -> str:
    """`24×24×8` (height, width, channels) for a picture, `10` for a list."""
    if len(shape) == 3:
        return f"{shape[1]}×{shape[2]}×{shape[0]}"
    return f"{shape[0]:,}"


def parameter_formula(layer: Layer) -> str:
    """How many parameters, and why: `8x5x5x1+8 = 208` (filters, height, width, channels + bias).

    Empty for a layer that learns nothing.
    """
    parts = []
    for parameter in layer.parameters():
        shape = parameter.data.shape
        if len(shape) == 4:
            filters, channels, high, wide = shape
            shape = (filters, high, wide, channels)
        parts.append("x".join(str(n) for n in shape))
    total = sum(parameter.data.size for parameter in layer.parameters())
    return f"{'+'.join(parts)} = {total:,}" if parts else ""


def fits(inspection: Inspection, network: Network) -> str:
    """What of an inspection does not belong to a network, in a sentence; empty when all does."""
    wanted = [network.input_shape, *(layer.output_shape for layer in network.layers)]
    for name, flow in (
        ("activations", inspection.activations),
        ("gradients", inspection.gradients),
    ):
        got = [tuple(values.shape) for values in flow]
        if got != wanted:
            return f"{name}: expected those of {network}, {wanted}, got {got}"
    weights = [[p.data.shape for p in layer.parameters()] for layer in network.layers]
    found = [[p.data.shape for p in layer] for layer in inspection.parameters]
    if weights != found:
        return f"parameters: expected those of {network}, {weights}, got {found}"
    return ""


def _facts(layer: Layer) -> str:
    parts = []
    if isinstance(layer, Conv2D):
        size = size_text((layer.input_shape[0], *layer.kernel_size))
        parts = [f"filter {size}", *_steps(layer)]
    elif isinstance(layer, (MaxPool2D, AvgPool2D)):
        size = f"{layer.kernel_size[0]}×{layer.kernel_size[1]}"
        parts = [f"window {size}", *_steps(layer)]
    elif isinstance(layer, Dense):
        parts = [f"{layer.input_shape[0]:,} inputs"]
    elif len(layer.to_text().split()) > 1:
        parts = [layer.to_text()]
    formula = parameter_formula(layer)
    if formula:
        parts.append(f"parameters {formula}")
    return " · ".join(parts)


def _steps(layer: Conv2D | MaxPool2D | AvgPool2D) -> list[str]:
    padding = [f"padding {_pair(layer.padding)}"] if layer.padding != (0, 0) else []
    return [f"stride {_pair(layer.stride)}", *padding]


def _pair(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}×{pair[1]}"


def _input(network: Network) -> LayerFacts:
    shape = network.input_shape
    sections = _flow(0, shape, unsigned=True, picture=True)
    return LayerFacts(0, "input", "Input", size_text(shape), "", tuple(sections), folded=False)


# -- values as tiles ----------------------------------------------------------------------------


def _flow(
    index: int, shape: tuple[int, ...], unsigned: bool, picture: bool = False
) -> list[Section]:
    """Activations and their gradients."""
    sections = []
    for title, what, signed in (
        ("Activations", "activations", not unsigned),
        ("Activation gradients", "gradients", True),
    ):
        colour = picture and shape[0] == 3 and what == "activations"
        look, arrange, shown, note = _as_tiles(shape, signed, colour)
        sections.append(
            Section(
                title, what, what == "gradients", look, _flow_reader(what, index), arrange, shown,
                shape, note,
            )
        )  # fmt: skip
    return sections


def _flow_reader(what: str, index: int) -> Callable[[Inspection], Floats]:
    def read(inspection: Inspection) -> Floats:
        values: Floats = getattr(inspection, what)[index]
        return values

    return read


def _as_tiles(
    shape: tuple[int, ...], signed: bool, colour: bool
) -> tuple[Look, Callable[[Floats], Floats], tuple[int, ...], str]:
    """Feature maps as a tile each; a flat list as a tile a number, or as one strip."""
    if len(shape) == 3 and shape[1:] != (1, 1):
        count, high, wide = shape
        if colour:
            aim = 96.0 if high <= 64 else 128.0
            return Look(signed, "picture", aim=aim), _one, (1, *shape), ""
        aim = 96.0 if count == 1 else 64.0 if count <= 4 else 48.0 if count <= 32 else 32.0
        shown = min(count, MOST_MAPS)
        note = f"the first {shown} of {count:,} maps" if shown < count else ""
        return Look(signed, aim=aim), _first(shown), (shown, high, wide), note
    count = int(np.prod(shape))
    shown = min(count, MOST_UNITS)
    note = f"the first {shown:,} of {count:,} numbers" if shown < count else ""
    look = Look(signed, aim=20.0) if count <= 64 else Look(signed, aim=5.0, joined=True)
    return look, _numbers(shown), (shown, 1, 1), note


def _parameter(place: int, number: int, layer: Layer, name: str, in_colour: bool) -> list[Section]:
    shape = layer.parameters()[number].data.shape
    look, arrange, shown, note = _parameter_tiles(shape, in_colour)
    titles = {"weight": "Weights", "bias": "Biases"}
    plural = titles.get(name, name.capitalize())
    sections = []
    for gradient in (False, True):
        title = f"{name.capitalize()} gradients" if gradient else plural
        read = _parameter_reader(place, number, gradient)
        sections.append(Section(title, name, gradient, look, read, arrange, shown, shape, note))
    return sections


def _parameter_reader(place: int, number: int, gradient: bool) -> Callable[[Inspection], Floats]:
    def read(inspection: Inspection) -> Floats:
        parameter: Any = inspection.parameters[place][number]
        values: Floats = parameter.grad if gradient else parameter.data
        return values

    return read


def _parameter_tiles(
    shape: tuple[int, ...], in_colour: bool
) -> tuple[Look, Callable[[Floats], Floats], tuple[int, ...], str]:
    """Kernels as a table, filters down and channels across; dense weights as one strip."""
    if len(shape) == 4 and shape[2:] != (1, 1):
        filters, channels, high, wide = shape
        kept = min(filters, MOST_MAPS if in_colour or channels == 1 else MOST_FILTERS)
        if in_colour:
            note = _of(kept, filters, "filters")
            return Look(True, "kernel", aim=40.0), _first(kept), (kept, 3, high, wide), note
        width = min(channels, MOST_CHANNELS)
        parts = [_of(kept, filters, "filters"), _of(width, channels, "channels")]
        aim, across = (40.0, None) if channels == 1 else (20.0, width)
        return (
            Look(True, across=across, aim=aim),
            _kernels(kept, width),
            (kept * width, high, wide),
            ", ".join(part for part in parts if part),
        )
    if len(shape) == 1:
        count = min(shape[0], MOST_UNITS)
        look = Look(True, aim=12.0) if count <= 64 else Look(True, aim=5.0, joined=True)
        return look, _numbers(count), (count, 1, 1), _of(count, shape[0], "numbers")
    units, inputs = shape[0], int(np.prod(shape[1:]))
    kept = min(units, MOST_ROWS)
    look = Look(True, matrix=True)
    return look, _matrix(kept, inputs), (1, kept, inputs), _of(kept, units, "units")


def _of(kept: int, count: int, what: str) -> str:
    return f"the first {kept:,} of {count:,} {what}" if kept < count else ""


def _one(values: Floats) -> Floats:
    return values[None]


def _first(count: int) -> Callable[[Floats], Floats]:
    return lambda values: values[:count]


def _numbers(count: int) -> Callable[[Floats], Floats]:
    return lambda values: values.reshape(-1)[:count].reshape(count, 1, 1)


def _kernels(filters: int, channels: int) -> Callable[[Floats], Floats]:
    def arrange(values: Floats) -> Floats:
        part = values[:filters, :channels]
        return part.reshape(-1, *part.shape[2:])

    return arrange


def _matrix(units: int, inputs: int) -> Callable[[Floats], Floats]:
    return lambda values: values.reshape(-1, inputs)[:units][None]
