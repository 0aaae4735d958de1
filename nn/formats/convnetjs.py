"""ConvNetJS's file of a network: what its ``JSON.stringify(net.toJSON())`` writes, both ways.

::

    {"layers": [{"layer_type": "input", "out_sx": 8, "out_sy": 6, "out_depth": 3},
                {"layer_type": "conv", "sx": 5, …, "filters": [{"sx": 5, …, "w": […]}], …}, …],
     "class_names": ["cat", "dog"]}

``class_names`` is ours; ConvNetJS ignores it. Its numbers are in the order row, column, channel,
ours in the order channel, row, column. Where it predicts otherwise than we do, the weights make up
for it, so that both give the same outputs:

- Its dropout multiplies by the probability when it predicts; ours leaves what passes as it is. The
  next conv or dense layer has its weights multiplied when read, divided when written.
- Its maxout ignores the channels that fill no whole group; the filters that make them are left out.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from nn import text as network_text
from nn.formats import convnet_text, json_file, json_text
from nn.formats.reading import read_whole
from nn.layers import Conv2D, Dense, Dropout, Layer, LocalResponseNorm, Maxout, MaxPool2D
from nn.network import Network
from nn.typing import Array, Shape

_EACH_ALONE = ("relu", "sigmoid", "tanh")
_PASS_FACTORS_ON = ("relu", "maxpool", "maxout", "flatten", "dropout")
_KINDS = {line: kind for kind, line in convnet_text.LOSSES.items()}
_DESCRIPTION = (
    *("layer_type", "out_depth", "out_sx", "out_sy", "sx", "sy", "stride", "pad"),
    *("group_size", "drop_prob", "n", "alpha", "beta", "k"),
)
"""What ConvNetJS reads of a saved layer, its weights aside."""


# -- what flows, as ConvNetJS sees it ------------------------------------------------------------


def _flow(input_shape: Shape, layers: Sequence[Layer]) -> list[tuple[Shape, float]]:
    """Return what comes into each layer, and what comes out of the last: its shape (C, H, W) in
    ConvNetJS, which flattens nothing, and how many times as large its numbers are there.

    ``layers`` are connected. Raises ValueError where a factor or an order can't be made up for.
    """
    volume, factor = input_shape, 1.0
    found = [(volume, factor)]
    for layer in layers:
        if isinstance(layer, Dense | Conv2D):
            factor = 1.0
        elif factor != 1.0 and layer.kind not in _PASS_FACTORS_ON:
            raise ValueError(_FACTOR_LEFT)
        if isinstance(layer, Dropout):
            factor *= layer.probability
        if len(layer.output_shape) == 3:
            volume = layer.output_shape
        elif isinstance(layer, Dense | Maxout):
            if isinstance(layer, Maxout) and volume[1:] != (1, 1):
                raise ValueError(f"'{layer.to_text()}' should stand before 'flatten'")
            volume = (*layer.output_shape, 1, 1)
        found.append((volume, factor))
    if factor != 1.0:
        raise ValueError(_FACTOR_LEFT)
    if volume[0] > 1 and volume[1:] != (1, 1):
        raise ValueError("its outputs should come from a fully connected layer")
    return found


_FACTOR_LEFT = (
    "dropout should stand right before a conv or fully connected layer, "
    "because ConvNetJS makes numbers smaller there when it predicts"
)


def _kernels_shape(layer: Dense | Conv2D, volume: Shape) -> Shape:
    """Return (filters, C, H, W); fully connected is a kernel as large as the whole picture."""
    if isinstance(layer, Dense):
        return (layer.units, *volume)
    return (layer.filters, volume[0], *layer.kernel_size)


# -- reading -------------------------------------------------------------------------------------


def load(path: str | Path) -> Network:
    """Return the network in a file that ConvNetJS or `save` wrote.

    Raises ValueError in one sentence that names the file; OSError when it can't be read.
    """
    path = Path(path)
    content = read_whole(path, json_text.LARGEST_FILE)
    try:
        return _read(json_text.parse(content))
    except ValueError as error:
        raise ValueError(f"{path.name}: no ConvNetJS network to go on with: {error}") from None


def _read(document: Any) -> Network:
    saved = document.get("layers") if isinstance(document, dict) else None
    if not isinstance(saved, list) or not all(
        isinstance(layer, dict) and "layer_type" in layer for layer in saved
    ):
        raise ValueError('expected an object with "layers" that have a "layer_type"')
    lines = convnet_text.translate(
        [{name: layer[name] for name in _DESCRIPTION if name in layer} for layer in saved]
    )
    found = network_text.parse("\n".join(chain(*lines)))
    numbers = [  # one line is one layer; the loss and the input are none
        number
        for number, part in enumerate(lines)
        for line in part
        if line.split()[0] not in ("input", "loss")
    ]
    _leave_out_rests(found.layers)
    shape: Shape = found.input_shape
    for number, layer in zip(numbers, found.layers, strict=True):
        with _naming(saved, number):
            layer.connect(shape)
            shape = layer.output_shape
            _check_size(saved[number], shape)
    weights: list[Array] = [np.zeros(0)]
    flow = _flow(found.input_shape, found.layers)
    for number, layer, (volume, factor) in zip(numbers, found.layers, flow, strict=False):
        if isinstance(layer, Dense | Conv2D):
            with _naming(saved, number):
                weights += _weights(saved[number], _kernels_shape(layer, volume), factor)
    names = document.get("class_names")
    if not isinstance(names, list | None):
        raise ValueError('"class_names" must be a list of texts')
    return Network(
        found.input_shape,
        found.layers,
        found.loss,
        class_names=names,
        parameters=np.concatenate(weights),
    )


@contextmanager
def _naming(saved: list[dict[str, Any]], number: int) -> Iterator[None]:
    """Let a ValueError begin with the layer that is wrong."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"layer {number + 1} ({saved[number]['layer_type']}): {error}") from None


def _leave_out_rests(layers: list[Layer]) -> None:
    """Take the filters away whose outputs would fill no whole group of a maxout."""
    maker: Dense | Conv2D | None = None
    for layer in layers:
        if isinstance(layer, Maxout) and isinstance(maker, Dense):
            maker.units = maker.units // layer.pieces * layer.pieces or maker.units
        elif isinstance(layer, Maxout) and isinstance(maker, Conv2D):
            maker.filters = maker.filters // layer.pieces * layer.pieces or maker.filters
        if isinstance(layer, Dense | Conv2D):
            maker = layer
        elif layer.kind not in (*_EACH_ALONE, "dropout", "maxpool"):
            maker = None


def _check_size(saved: dict[str, Any], shape: Shape) -> None:
    """Compare the picture that should come out; ConvNetJS goes by what the file says."""
    height, width = shape[1:] if len(shape) == 3 else (1, 1)
    for name, size in (("out_sx", width), ("out_sy", height)):
        if saved.get(name, size) != size:
            raise ValueError(f'"{name}" should be {size}')


def _weights(saved: dict[str, Any], shape: Shape, factor: float) -> list[Array]:
    """Return the weights and the biases of a saved layer, each flat, in our order; ``shape`` is
    that of the kernels, of which the file may hold more than are wanted.
    """
    wanted, channels, height, width = shape
    filters, count = saved.get("filters"), int(saved["out_depth"])
    if not isinstance(filters, list) or len(filters) != count:
        raise ValueError(f'"filters" must be a list of {count}, one for each output')
    kernels = [
        _numbers(kernel, channels * height * width, f"filter {number}")
        for number, kernel in enumerate(filters[:wanted], 1)
    ]
    ours = np.stack(kernels).reshape(wanted, height, width, channels).transpose(0, 3, 1, 2)
    return [factor * ours.ravel(), _numbers(saved.get("biases"), count, "biases")[:wanted]]


def _numbers(volume: Any, count: int, name: str) -> Array:
    """Return the numbers of a saved ``Vol``: a list, or an object whose names are 0, 1, 2 …"""
    values = volume.get("w") if isinstance(volume, dict) else None
    if isinstance(values, dict):  # what JavaScript makes of a typed array
        values = [values.get(str(place)) for place in range(len(values))]
    found = json_file.numbers(values, name)
    if found.size != count:
        raise ValueError(f'"{name}" must hold {count:,} numbers, got {found.size:,}')
    return found


# -- writing -------------------------------------------------------------------------------------


def save(network: Network, path: str | Path) -> None:
    """Write ``network`` for ConvNetJS's ``net.fromJSON``.

    Raises ValueError, one sentence that names the layer, for what ConvNetJS doesn't have.
    """
    json_file.write_json(Path(path), json.dumps(to_document(network), ensure_ascii=False))


def to_document(network: Network) -> dict[str, Any]:
    """Return what `save` writes; ValueError as there."""
    if not np.isfinite(network.parameters).all():
        raise ValueError("the network has weights that are no finite numbers; begin it anew")
    # Dropout of nothing would be dropout of everything there, when it predicts.
    layers = [
        layer
        for layer in network.layers
        if not (isinstance(layer, Dropout) and layer.probability == 0)
    ]
    try:
        flow = _flow(network.input_shape, layers)
    except ValueError as error:
        raise ValueError(f"this network has no counterpart in ConvNetJS: {error}") from None
    found = [{"layer_type": "input", **_size(network.input_shape)}]
    for layer, (volume, factor), (after, _) in zip(layers, flow, flow[1:], strict=False):
        if layer.kind != "flatten":
            found.append({**_saved(layer, volume, factor), **_size(after)})
    classes = network.output_shape[0]
    last = {"layer_type": _KINDS[network.loss.to_text()], "num_inputs": classes}
    found.append({**last, **_size((classes, 1, 1))})
    return {"layers": found, "class_names": network.class_names}


def _size(volume: Shape) -> dict[str, Any]:
    channels, height, width = volume
    return {"out_depth": channels, "out_sx": width, "out_sy": height}


def _saved(layer: Layer, volume: Shape, factor: float) -> dict[str, Any]:
    """Return what ConvNetJS would write for a layer, without the size of what comes out."""
    if layer.kind in _EACH_ALONE:
        return {"layer_type": layer.kind}
    if isinstance(layer, Dropout):
        return {"layer_type": "dropout", "drop_prob": layer.probability}
    if isinstance(layer, Maxout):
        return {"layer_type": "maxout", "group_size": layer.pieces}
    if isinstance(layer, LocalResponseNorm) and layer.size % 2:
        options = {"k": layer.k, "n": layer.size, "alpha": layer.alpha, "beta": layer.beta}
        return {"layer_type": "lrn", **options}
    if isinstance(layer, Dense):
        inputs = {"num_inputs": int(np.prod(volume))}
        return {"layer_type": "fc", **inputs, **_filters(layer, volume, factor)}
    if isinstance(layer, Conv2D | MaxPool2D):
        (stride, across), (pad, beside) = layer.stride, layer.padding
        if stride == across and pad == beside:
            height, width = layer.kernel_size
            steps = {"sx": width, "sy": height, "stride": stride, "pad": pad}
            steps["in_depth"] = volume[0]
            if isinstance(layer, MaxPool2D):
                return {"layer_type": "pool", **steps}
            return {"layer_type": "conv", **steps, **_filters(layer, volume, factor)}
    raise ValueError(f"ConvNetJS has no layer like '{layer.to_text()}'; choose another format")


def _filters(layer: Dense | Conv2D, volume: Shape, factor: float) -> dict[str, Any]:
    """Return the weights and the biases as ConvNetJS's ``Vol``s."""
    weight, bias = (parameter.data.astype(np.float64) for parameter in layer.parameters())
    kernels = weight.reshape(_kernels_shape(layer, volume)).transpose(0, 2, 3, 1) / factor
    if isinstance(layer, Dense):  # one long line, not a picture
        kernels = kernels.reshape(layer.units, 1, 1, -1)
    return {
        "filters": [_volume(kernel) for kernel in kernels],
        "biases": _volume(bias.reshape(1, 1, -1)),
        "l1_decay_mul": 0.0,
        "l2_decay_mul": 1.0,
    }


def _volume(values: Array) -> dict[str, Any]:
    height, width, channels = values.shape
    return {"sx": width, "sy": height, "depth": channels, "w": values.ravel().tolist()}
