"""ONNX, the format in which other programs take a network: what it does when it predicts.

One input, ``input`` (batch, C, H, W) float32. Two outputs (batch, classes) where the loss gives
probabilities, ``logits`` and ``probabilities``; else one, ``scores``. Nodes and tensors are called
after their layers (``conv1``, ``conv1.weight``), every tensor has its shape, every node the line
of its layer, and ``class_names`` in the file's metadata is a JSON list.

Written by the specification (onnx.ai/onnx/repo-docs/IR.html, Operators.html, and the numbers of
the fields in onnx.proto) without the onnx package; docs/decisions tells why.
"""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from nn.formats.files import write_whole
from nn.formats.protobuf import content, number, real
from nn.layers import (
    AvgPool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    LocalResponseNorm,
    Maxout,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from nn.layers.base import numbered
from nn.losses import SoftmaxCrossEntropy
from nn.network import Network
from nn.typing import Array, Shape

OPSET, IR_VERSION = 13, 7
"""Of December 2020, the first whose softmax takes one axis alone; all readers since know them."""

_FLOAT, _INT64 = 1, 7  # TensorProto.DataType


def save(network: Network, path: Path) -> None:
    """Write ``network`` to ``path``; its weights become float32."""
    write_whole(path, model(network))


def model(network: Network) -> bytes:
    """Return the content of the file, a ModelProto."""
    metadata = {
        "class_names": json.dumps(network.class_names, ensure_ascii=False),
        "network": network.to_text(),
    }
    fields = [
        number(1, IR_VERSION),
        content(2, "Brightwire"),
        content(6, _classes(network)),
        content(7, _graph(network)),
        content(8, number(2, OPSET)),
    ]
    fields += [content(14, content(1, key) + content(2, text)) for key, text in metadata.items()]
    return b"".join(fields)


def _classes(network: Network) -> str:
    return f"One number for each class: {', '.join(network.class_names)}."


def _graph(network: Network) -> bytes:
    """Return a GraphProto: the layers in order, and softmax if the loss reads their output so."""
    nodes = _Nodes()
    probable = isinstance(network.loss, SoftmaxCrossEntropy)
    outputs = ["logits", "probabilities"] if probable else ["scores"]
    x = "input"
    for name, layer in zip(numbered(network.layers), network.layers, strict=True):
        y = outputs[0] if layer is network.layers[-1] else name
        _add_layer(nodes, layer, name, x, y)
        x = y
    if probable:
        nodes.add(outputs[1], "Softmax", [x], network.output_shape, axis=1)
    fields = [
        *(content(1, node) for node in nodes.nodes),
        content(2, "network"),
        *(content(5, tensor) for tensor in nodes.constants),
        content(11, _value("input", network.input_shape, "Pictures: channels, rows, columns.")),
        *(content(12, _value(y, network.output_shape, _classes(network))) for y in outputs),
        *(content(13, _value(y, shape)) for y, shape in nodes.shapes.items() if y not in outputs),
    ]
    return b"".join(fields)


def _add_layer(nodes: "_Nodes", layer: Layer, name: str, x: str, y: str) -> None:
    """Add the nodes that take tensor ``x`` through a layer to tensor ``y``."""
    weights = [nodes.constant(f"{name}.{p.name}", p.data) for p in layer.parameters()]
    add = partial(nodes.add, y, shape=layer.output_shape, name=name, line=layer.to_text())
    match layer:
        case Conv2D() | MaxPool2D() | AvgPool2D():
            add(
                {"conv": "Conv", "maxpool": "MaxPool", "avgpool": "AveragePool"}[layer.kind],
                [x, *weights],
                kernel_shape=layer.kernel_size,
                strides=layer.stride,
                pads=layer.padding * 2,
            )
        case Dense():
            add("Gemm", [x, *weights], transB=1)
        case Flatten():
            add("Flatten", [x], axis=1)
        case ReLU() | Sigmoid() | Tanh():
            add(layer.kind.capitalize(), [x])
        case LeakyReLU():
            add("LeakyRelu", [x], alpha=layer.slope)
        case Softmax():
            add("Softmax", [x], axis=1)
        case Dropout():  # without its third input, training mode, it lets all pass
            add("Dropout", [x, nodes.constant(f"{name}.ratio", layer.probability)])
        case BatchNorm():
            kept = [nodes.constant(f"{name}.{key}", data) for key, data in layer.state().items()]
            add("BatchNormalization", [x, *weights, *kept], epsilon=layer.eps)
        case Maxout():
            count, *size = layer.output_shape
            split = (count, layer.pieces, *size)
            shape = nodes.constant(f"{name}.shape", np.array([0, *split]))  # 0: as the input's
            groups = nodes.add(f"{name}.groups", "Reshape", [x, shape], split)
            add("ReduceMax", [groups], axes=(2,), keepdims=0)
        case LocalResponseNorm() if layer.size % 2:
            add("LRN", [x], size=layer.size, alpha=layer.alpha, beta=layer.beta, bias=layer.k)
        case LocalResponseNorm():
            add("Div", [x, _even_divisor(nodes, layer, name, x)])
        case _:
            raise ValueError(f"the layer {layer.to_text()!r} can't be written as ONNX yet")


def _even_divisor(nodes: "_Nodes", layer: LocalResponseNorm, name: str, x: str) -> str:
    """Add (k + alpha · mean of x²)^beta over an even window, for which onnxruntime has no LRN.

    The mean over channels is a pooling that takes them for the picture's rows.
    """
    n, (channels, height, width) = layer.size, layer.input_shape
    upright, turned = layer.input_shape, (height, channels, width)
    pool = partial(nodes.add, kernel_shape=(n, 1), strides=(1, 1), count_include_pad=1)
    y = nodes.add(f"{name}.squares", "Mul", [x, x], upright)
    y = nodes.add(f"{name}.turned", "Transpose", [y], turned, perm=(0, 2, 1, 3))
    y = pool(f"{name}.means", "AveragePool", [y], turned, pads=(n // 2, 0, (n - 1) // 2, 0))
    y = nodes.add(f"{name}.back", "Transpose", [y], upright, perm=(0, 2, 1, 3))
    for op, key in (("Mul", "alpha"), ("Add", "k"), ("Pow", "beta")):
        value = nodes.constant(f"{name}.{key}", layer.config()[key])
        y = nodes.add(f"{name}.{op.lower()}", op, [y, value], upright)
    return y


class _Nodes:
    """What a graph is made of, as it is added."""

    def __init__(self) -> None:
        self.nodes: list[bytes] = []  # NodeProto
        self.constants: list[bytes] = []  # TensorProto
        self.shapes: dict[str, Shape] = {}  # of one example, by the tensor's name

    def add(
        self,
        output: str,
        op: str,
        inputs: Sequence[str],
        shape: Shape,
        name: str = "",
        line: str = "",
        **attributes: float | tuple[int, ...],
    ) -> str:
        """Add a node, called as its output if not otherwise; return its output's name."""
        fields = [
            *(content(1, x) for x in inputs),
            content(2, output),
            content(3, name or output),
            content(4, op),
            *(content(5, _attribute(key, value)) for key, value in attributes.items()),
            content(6, line),
        ]
        self.nodes.append(b"".join(fields))
        self.shapes[output] = shape
        return output

    def constant(self, name: str, value: float | Array) -> str:
        """Add whole numbers as int64, all others as float32; return the tensor's name."""
        array = np.asarray(value)
        kind, dtype = (_INT64, "<i8") if array.dtype.kind == "i" else (_FLOAT, "<f4")
        fields = [
            *(number(1, n) for n in array.shape),
            number(2, kind),
            content(8, name),
            content(9, array.astype(dtype).tobytes()),
        ]
        self.constants.append(b"".join(fields))
        return name


def _attribute(name: str, value: float | tuple[int, ...]) -> bytes:
    """Return an AttributeProto: whole numbers, a whole number, or a float32."""
    if isinstance(value, tuple):
        return content(1, name) + b"".join(number(8, n) for n in value) + number(20, 7)
    if isinstance(value, int):
        return content(1, name) + number(3, value) + number(20, 2)
    return content(1, name) + real(2, value) + number(20, 1)


def _value(name: str, shape: Shape, about: str = "") -> bytes:
    """Return a ValueInfoProto: a float32 tensor (batch, *shape)."""
    sizes = [content(2, "batch"), *(number(1, n) for n in shape)]
    tensor = number(1, _FLOAT) + content(2, b"".join(content(1, size) for size in sizes))
    return content(1, name) + content(2, content(1, tensor)) + content(3, about)
