"""The hidden layers of a network: which there are, and a text with other widths. Qt-free."""

import re
from typing import NamedTuple

import nn

_DENSE = re.compile(r"^(\s*dense\s+)(\d+)(.*)$")


class Hidden(NamedTuple):
    """A hidden layer: its number from 1, its words, and which of `network.layers` is its end."""

    number: int
    words: str
    end: int
    width: int


def hidden_layers(network: "nn.Network") -> list[Hidden]:
    """Dense layers but the last, each together with the activation behind it."""
    layers = network.layers
    dense = [i for i, layer in enumerate(layers) if layer.kind == "dense"]
    found = []
    for number, i in enumerate(dense[:-1], 1):
        width = layers[i].output_shape[0]
        follows = layers[i + 1].kind if i + 1 not in dense else ""
        end = i + 1 if follows else i
        found.append(Hidden(number, f"{width} {follows or 'plain'}", end, width))
    return found


def with_width(text: str, width: int) -> str:
    """A network's text with `width` neurons in every dense layer but the last."""
    lines = text.split("\n")
    dense = [i for i, line in enumerate(lines) if _DENSE.match(line)]
    for i in dense[:-1]:
        lines[i] = _DENSE.sub(rf"\g<1>{width}\g<3>", lines[i])
    return "\n".join(lines)


def refitted(text: str, inputs: int, outputs: int) -> str:
    """A network's text for 1×1 pictures of `inputs` channels and another number of outputs."""
    lines = text.split("\n")
    lines[0] = f"input 1x1x{inputs}"
    dense = [i for i, line in enumerate(lines) if _DENSE.match(line)]
    if dense:
        lines[dense[-1]] = _DENSE.sub(rf"\g<1>{outputs}\g<3>", lines[dense[-1]])
    return "\n".join(lines)
