"""A Python script with the network in it: it predicts with numpy alone and is made to be read.

From top to bottom: the class names, `predict` with one line a layer, the functions that these
lines call, a command line, and the weights as base 85 (five letters a float32). The only texts of
a person in it, the class names, stand there as Python writes them: escaped.
"""

import base64
import textwrap
from pathlib import Path

import numpy as np

from nn.formats.files import write_whole
from nn.formats.python_layers import ARRAYS, COMMAND_LINE, LAYERS, OPTIONS, WINDOWS
from nn.layers import Layer
from nn.layers.base import numbered
from nn.losses import SoftmaxCrossEntropy
from nn.network import Network
from nn.typing import Shape

_WIDTH = 100

_TOP = '''\
"""A neural network with its weights. It needs numpy alone. Brightwire wrote it.

{text}

It takes examples saved by numpy.save, of shape {one} or {many}, or numbers as text:

    python this_file.py examples.npy
    python this_file.py < numbers.txt

Pictures are numbers from 0 to 1. `predict` below is all that the network does.
"""

import argparse
import base64
import math
import sys

import numpy as np

CLASS_NAMES = [
{names}
]
INPUT_SHAPE = {one}  # channels, rows, columns
'''

_PREDICT = '''\
def predict(x):
    """Return the {scores} of all classes, {outputs}, for N examples x, {many}."""
    x = np.asarray(x, np.float32)
{lines}
    return {result}
'''

_END = """\
if __name__ == "__main__":
    main()
"""


def save(network: Network, path: Path) -> None:
    """Write ``network`` to ``path``; its weights become float32."""
    write_whole(path, script(network).encode())


def script(network: Network) -> str:
    """Return the whole script. Raises ValueError for a layer that it has no function for."""
    lines, weights, called = [], [], []
    names = [name.upper() for name in numbered(network.layers)]
    for name, layer in zip(names, network.layers, strict=True):
        if layer.kind == "dropout":
            lines.append(f"    # {layer.to_text()}: in training alone")
            continue
        lines.append(_line(layer, name))
        called.append(layer.kind)
        if layer.parameters():
            weights.append(_weights(layer, name))
    probable = isinstance(network.loss, SoftmaxCrossEntropy)
    called += ["softmax"] if probable else []
    unknown = [kind for kind in called if kind not in LAYERS]
    if unknown:
        raise ValueError(f"the layer {unknown[0]!r} can't be written as a Python script yet")
    functions = [LAYERS[kind] for kind in dict.fromkeys(called)]
    if any("windows(" in function for function in functions):
        functions.append(WINDOWS)
    one, many = str(network.input_shape), _batch(network.input_shape)
    top = _TOP.format(
        text=textwrap.indent(network.to_text(), "    "),
        names="\n".join(f"    {name!r}," for name in network.class_names),
        one=one,
        many=many,
    )
    predict = _PREDICT.format(
        scores="probabilities" if probable else "scores",
        outputs=_batch(network.output_shape),
        many=many,
        lines="\n".join(lines),
        result="softmax(x)" if probable else "x",
    )
    return "\n\n".join([top, predict, *functions, COMMAND_LINE, ARRAYS, *weights, _END])


def _line(layer: Layer, name: str) -> str:
    """Return the line of `predict` that takes x through a layer."""
    options = layer.config()
    arguments = ["x", *([f"*{name}"] if layer.parameters() else [])]
    arguments += [f"{key}={options[key]!r}" for key in OPTIONS.get(layer.kind, ())]
    return f"    x = {layer.kind}({', '.join(arguments)})  # {_batch(layer.output_shape)}"


def _weights(layer: Layer, name: str) -> str:
    """Return a layer's arrays, with what is kept beside the weights, as a call of `arrays`."""
    arrays = {p.name: p.data for p in layer.parameters()} | layer.state()
    numbers = np.concatenate([array.ravel() for array in arrays.values()]).astype("<f4")
    letters = base64.b85encode(numbers.tobytes()).decode()
    shapes = [array.shape for array in arrays.values()]
    return "\n".join(
        [
            f"# {', '.join(arrays)}",
            f"{name} = arrays(",
            f"    {shapes},",
            '    """',
            *(letters[i : i + _WIDTH] for i in range(0, len(letters), _WIDTH)),
            '""",',
            ")",
        ]
    )


def _batch(shape: Shape) -> str:
    """Return the shape of N examples, as a comment says it."""
    return f"(N, {', '.join(map(str, shape))})"
