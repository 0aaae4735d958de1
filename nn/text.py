"""The network text: one line a layer, read by rules and never evaluated.

::

    input 28x28x1            # height x width x channels
    conv 5x5 x8 pad 2 relu   # kernel, filters, options, activation
    pool 2
    flatten
    dense 10 init uniform 0.5
    loss softmax

Capitals and spaces are forgiven, ``#`` begins a comment. `softmax 10` as the last line is short
for `dense 10` and `loss softmax`. Every error names the line, shows it, and says what was wanted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nn.initializers import INITIALIZERS, Initializer, Uniform
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
from nn.losses import LOSSES, Loss, SoftmaxCrossEntropy
from nn.typing import Shape
from nn.words import LARGEST_COUNT, Line, TextError, Words, shown

ACTIVATIONS: dict[str, type[Layer]] = {
    layer.kind: layer for layer in (ReLU, LeakyReLU, Sigmoid, Tanh)
}


@dataclass
class Description:
    """What a text describes: the input (C, H, W), layers not yet connected, the loss, and lines."""

    input_shape: tuple[int, int, int]
    layers: list[Layer]
    loss: Loss
    lines: list[Line]  # the line each layer stood on


def parse(text: str) -> Description:
    """Read a network text. Raises TextError (a ValueError) that names the line and the word."""
    if not isinstance(text, str):
        raise ValueError(f"a network text must be a str, got {type(text).__name__}")
    if len(text) > 100_000:
        raise ValueError(f"a network text has at most 100,000 letters, got {len(text):,}")
    lines = [Line(i, source) for i, source in enumerate(text.splitlines(), 1)]
    lines = [line for line in lines if Words(line)]
    if not lines:
        raise TextError("the network text is empty; it begins with a line like 'input 6x6x1'")
    input_shape = _input(Words(lines[0]))
    layers: list[Layer] = []
    origins: list[Line] = []
    loss: Loss | None = None
    for line in lines[1:]:
        if loss is not None:
            raise line.error("nothing may follow the loss")
        words = Words(line)
        found, loss = _line(words)
        if words:
            raise line.error(f"did not expect {shown(words.peek())} here")
        layers += found
        origins += [line] * len(found)
    if not layers:
        raise lines[-1].error("a layer should follow the input, for example 'flatten'")
    if loss is None:
        raise lines[-1].error(f"the last line should be the loss: {_choice(LOSSES, 'loss ')}")
    if loss.kind == layers[-1].kind == "softmax":
        raise origins[-1].error("the softmax loss takes logits; leave this line out")
    return Description(input_shape, layers, loss, origins)


def _input(words: Words) -> tuple[int, int, int]:
    if not words.take_if("input"):
        raise words.line.error(f"{shown(words.peek())} should be 'input', as in 'input 28x28x1'")
    height, width, channels = words.size("height x width x channels, like 28x28x1", 3)
    if words:
        raise words.line.error(f"did not expect {shown(words.peek())} here")
    return channels, height, width


def _line(words: Words) -> tuple[list[Layer], Loss | None]:
    """Read one line: its layers, and the loss if it names one."""
    word = words.take("a layer")
    if word == "loss":
        kind = words.take("the name of a loss")
        if kind not in LOSSES:
            raise words.line.error(f"{shown(kind)} is no loss; there are {_choice(LOSSES)}")
        return [], LOSSES[kind]()
    if word == "softmax" and not words:
        return [Softmax()], None
    if word == "softmax":
        return [Dense(words.whole("the number of classes", 1))], SoftmaxCrossEntropy()
    if word in ACTIVATIONS:
        return [_activation(word, words)], None
    if word not in _READERS:
        names = _choice([*_READERS, *ACTIVATIONS, "loss"])
        raise words.line.error(f"{shown(word)} is no layer; there are {names}")
    try:
        return _READERS[word](words), None
    except TextError:
        raise
    except ValueError as error:  # a layer that refuses its options
        raise words.line.error(str(error)) from None


def _activation(word: str, words: Words) -> Layer:
    if word == LeakyReLU.kind and words.next_is_number():
        try:
            return LeakyReLU(words.number("the slope"))
        except TextError:
            raise
        except ValueError as error:
            raise words.line.error(str(error)) from None
    return ACTIVATIONS[word]()


def _tail(layer: Layer, words: Words) -> list[Layer]:
    """Read what may end the line of a layer with weights: an activation, an initialiser."""
    layers = [layer]
    while words and words.peek() in {*ACTIVATIONS, "init"}:
        if words.take_if("init"):
            layer.init = _initializer(words)  # type: ignore[attr-defined]
        elif len(layers) == 2:
            raise words.line.error(f"{shown(words.peek())} is a second activation on one line")
        else:
            layers.append(_activation(words.take("an activation"), words))
    return layers


def _initializer(words: Words) -> Initializer:
    kind = words.take("the name of an initialiser")
    if kind not in INITIALIZERS:
        raise words.line.error(
            f"{shown(kind)} is no initialiser; there are {_choice(INITIALIZERS)}"
        )
    if kind == Uniform.kind and words.next_is_number():
        return Uniform(words.number("the limit"))
    return INITIALIZERS[kind]()


def _dense(words: Words) -> list[Layer]:
    return _tail(Dense(words.whole("the number of units", 1)), words)


def _conv(words: Words) -> list[Layer]:
    kernel = words.square("the kernel, like 5x5")
    word = words.take("the number of filters, like x8")
    digits = word[1:]
    if word[0] != "x" or not digits.isdigit() or not 1 <= int(digits[:9]) <= LARGEST_COUNT:
        raise words.line.error(f"{shown(word)} should be the number of filters, like x8")
    stride, padding = _steps(words)
    return _tail(Conv2D(int(digits), kernel, stride or (1, 1), padding), words)


def _steps(words: Words) -> tuple[tuple[int, int] | None, tuple[int, int]]:
    """Read stride and padding, in any order."""
    stride, padding = None, (0, 0)
    while words.peek() in ("pad", "stride"):
        if words.take("pad or stride") == "pad":
            padding = words.square("the padding", least=0)
        else:
            stride = words.square("the stride")
    return stride, padding


def _pool(words: Words) -> list[Layer]:
    return [MaxPool2D(words.square("the pool size"), *_steps(words))]


def _average_pool(words: Words) -> list[Layer]:
    size = words.square("the pool size")
    return [AvgPool2D(size, words.square("the stride") if words.take_if("stride") else None)]


def _flatten(words: Words) -> list[Layer]:
    return [Flatten()]


def _maxout(words: Words) -> list[Layer]:
    return [Maxout(words.whole("the size of a group", 2) if words else 2)]


def _dropout(words: Words) -> list[Layer]:
    return [Dropout(words.number("the probability") if words else 0.5)]


def _lrn(words: Words) -> list[Layer]:
    size = words.whole("the number of channels", 1) if words.next_is_number() else 5
    return [LocalResponseNorm(size, **words.options("alpha", "beta", "k"))]


def _batchnorm(words: Words) -> list[Layer]:
    return [BatchNorm(**words.options("momentum", "eps"))]


_READERS: dict[str, Callable[[Words], list[Layer]]] = {
    "dense": _dense,
    "conv": _conv,
    "pool": _pool,
    "avgpool": _average_pool,
    "flatten": _flatten,
    "maxout": _maxout,
    "dropout": _dropout,
    "lrn": _lrn,
    "batchnorm": _batchnorm,
}


def _choice(names: Iterable[str], prefix: str = "") -> str:
    listed = [f"{prefix}{name}" for name in names]
    return ", ".join(listed[:-1]) + f" and {listed[-1]}" if len(listed) > 1 else listed[0]


def to_text(input_shape: Shape, layers: list[Layer], loss: Loss) -> str:
    """Return the text that `parse` reads back into the same network."""
    channels, height, width = input_shape
    lines = [f"input {height}x{width}x{channels}"]
    joinable = False
    ending = ""
    for layer in layers:
        if layer.joins_line and joinable:
            lines[-1] += f" {layer.to_text()}{ending}"
            joinable, ending = False, ""
            continue
        lines[-1] += ending
        init = getattr(layer, "init", None)
        ending = f" init {init.to_text()}" if init is not None else ""
        joinable = layer.kind in ("dense", "conv")
        lines.append(layer.to_text())
    lines[-1] += ending
    lines.append(loss.to_text())
    return "\n".join(lines)
