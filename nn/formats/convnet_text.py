"""Networks written for ConvNetJS: its list of layers, read by rules and turned into our text.

Both spellings of the library's documentation are read: the JavaScript statements
``layer_defs.push({type:'conv', sx:5, filters:8, stride:1, pad:2, activation:'relu'});`` and JSON,
a list of the same objects or a saved network, ``{"layers": [{"layer_type": "conv", …}]}``.
Nothing is ever evaluated: a value is a number, a text, true, false or null, an object or a list.
"""

import re
from collections.abc import Iterator
from typing import Any

from nn.layers.base import number_text
from nn.words import shown

MOST_LETTERS = 2_000_000
MOST_LAYERS = 200
DEEPEST = 20

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?\*/
      |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      |(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
      |(?P<name>[A-Za-z_$][\w$]*)
      |(?P<mark>[][{}():,;=.])
      |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}


def looks_like_convnet(text: str) -> bool:
    """Tell whether a text is more likely a ConvNetJS list than one of ours."""
    return bool(re.search(r"""layer_defs|["']?\b(layer_)?type["']?\s*:\s*["']""", text))


def to_network_text(text: str) -> str:
    """Return our network text for a ConvNetJS list.

    Raises ValueError, one sentence, for what is no such list or has no counterpart here.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"the list has {len(text):,} letters, at most {MOST_LETTERS:,} are read")
    return "\n".join(line for lines in translate(_layer_objects(text)) for line in lines)


def translate(objects: list[dict[str, Any]]) -> list[list[str]]:
    """Return for each object that describes a layer the lines of our network text for it.

    Raises ValueError, one sentence that names the layer by its number, as `to_network_text`.
    """
    if not objects:
        raise ValueError(
            "there is no layer in it; it should be like layer_defs.push({type: 'fc', …})"
        )
    if len(objects) > MOST_LAYERS:
        raise ValueError(f"the list has {len(objects)} layers, at most {MOST_LAYERS} are read")
    lines: list[list[str]] = []
    flat = False
    for number, layer in enumerate(objects, 1):
        try:
            new, flat = _lines(layer, flat)
        except ValueError as error:
            raise ValueError(f"layer {number}: {error}") from None
        lines.append(new)
    if not lines[0][0].startswith("input"):
        raise ValueError("the first layer should be of type 'input'")
    return lines


# -- reading -----------------------------------------------------------------------------------


class _Tokens:
    """The tokens of a text, one by one, with a look at the next."""

    def __init__(self, text: str) -> None:
        self._found: list[tuple[str, str]] = [
            (match.lastgroup, match.group())
            for match in _TOKEN.finditer(text)
            if match.lastgroup is not None
        ]
        self._place = 0

    def peek(self) -> tuple[str, str]:
        return self._found[self._place] if self._place < len(self._found) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self._place += 1
        return token

    def expect(self, mark: str) -> None:
        _, found = self.take()
        if found != mark:
            raise ValueError(
                f"expected {mark!r}, found {shown(found)}" if found else "the list is cut off"
            )


def _layer_objects(text: str) -> list[dict[str, Any]]:
    """Return every object that describes a layer, in order."""
    tokens = _Tokens(text)
    found: list[dict[str, Any]] = []
    while tokens.peek()[0] != "end":
        if tokens.peek()[1] in ("{", "["):
            found += _layers_in(_value(tokens))
        else:
            tokens.take()
    return found


def _layers_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for part in value:
            yield from _layers_in(part)
    elif isinstance(value, dict):
        if "type" in value or "layer_type" in value:
            yield value
        elif "layers" in value:
            yield from _layers_in(value["layers"])


def _value(tokens: _Tokens, depth: int = 0) -> Any:
    kind, text = tokens.take()
    if depth > DEEPEST:
        raise ValueError(f"the list is nested more than {DEEPEST} deep")
    if kind == "number":
        return float(text)
    if kind == "text":
        return text[1:-1]
    if kind == "name" and text in _WORDS:
        return _WORDS[text]
    if text == "[":
        return _sequence(tokens, depth)
    if text == "{":
        return _object(tokens, depth)
    if kind == "end":
        raise ValueError("the list is cut off")
    raise ValueError(
        f"{shown(text)} is no number, text, object or list; names and sums are not worked out"
    )


def _sequence(tokens: _Tokens, depth: int) -> list[Any]:
    found = []
    while tokens.peek()[1] != "]":
        found.append(_value(tokens, depth + 1))
        if tokens.peek()[1] != "]":
            tokens.expect(",")
    tokens.take()
    return found


def _object(tokens: _Tokens, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while tokens.peek()[1] != "}":
        kind, text = tokens.take()
        if kind == "end":
            raise ValueError("the list is cut off")
        if kind not in ("name", "text", "number"):
            raise ValueError(f"expected the name of a value, found {shown(text)}")
        tokens.expect(":")
        found[text.strip("\"'")] = _value(tokens, depth + 1)
        if tokens.peek()[1] != "}":
            tokens.expect(",")
    tokens.take()
    return found


# -- translating -------------------------------------------------------------------------------


def _lines(layer: dict[str, Any], flat: bool) -> tuple[list[str], bool]:
    """Return the lines of one layer, and whether what comes out of them is flat."""
    kind = layer.get("type", layer.get("layer_type"))
    if kind == "input":
        return [_input(layer)], False
    if kind == "conv":
        return [_conv(layer), *_dropout(layer)], False
    if kind == "pool":
        edge = _square(layer, "sx", "sy")
        stride = _whole(layer, ("stride",), 2)
        steps = "" if edge == str(stride) else f" stride {stride}"
        return [f"pool {edge}{_padding(layer)}{steps}"], flat
    before = [] if flat else ["flatten"]
    if kind == "fc":
        units = _whole(layer, ("num_neurons", "num_filters", "filters", "out_depth"))
        return [*before, f"dense {units}{_activation(layer)}", *_dropout(layer)], True
    if kind in ("softmax", "svm", "regression"):
        if "layer_type" in layer:  # a saved network has its last dense layer already
            return [*before, LOSSES[kind]], True
        units = _whole(layer, ("num_classes", "num_neurons", "num_filters", "filters", "out_depth"))
        return [*before, f"dense {units}", LOSSES[kind]], True
    if kind in ("relu", "sigmoid", "tanh"):
        return [kind], flat
    if kind == "dropout":
        return [f"dropout {number_text(_number(layer, 'drop_prob', 0.5))}"], flat
    if kind == "maxout":
        return [f"maxout {_whole(layer, ('group_size',), 2)}"], flat
    if kind == "lrn":
        return [_lrn(layer)], flat
    raise ValueError(f"type {shown(kind)} has no counterpart here")


LOSSES = {"softmax": "loss softmax", "svm": "loss hinge", "regression": "loss squared_error"}


def _input(layer: dict[str, Any]) -> str:
    depth = _whole(layer, ("out_depth", "depth"))
    width = _whole(layer, ("out_sx", "width", "sx"), 1)
    height = _whole(layer, ("out_sy", "height", "sy"), width)
    return f"input {height}x{width}x{depth}"


def _conv(layer: dict[str, Any]) -> str:
    kernel = _square(layer, "sx", "sy")
    kernel = kernel if "x" in kernel else f"{kernel}x{kernel}"
    text = f"conv {kernel} x{_whole(layer, ('filters', 'out_depth'))}{_padding(layer)}"
    if (stride := _whole(layer, ("stride",), 1)) != 1:
        text += f" stride {stride}"
    return text + _activation(layer)


def _padding(layer: dict[str, Any]) -> str:
    pad = _whole(layer, ("pad",), 0)
    return f" pad {pad}" if pad else ""


def _lrn(layer: dict[str, Any]) -> str:
    size = _whole(layer, ("n",), 5)
    options = {name: _number(layer, name, 0) for name in ("alpha", "beta", "k") if name in layer}
    if size and size % 2 == 0:  # ConvNetJS looks at n + 1 channels then, and divides by n
        size += 1
        if "alpha" in options:
            options["alpha"] *= size / (size - 1)
    return f"lrn {size}" + "".join(f" {name} {number_text(x)}" for name, x in options.items())


def _activation(layer: dict[str, Any]) -> str:
    name = layer.get("activation")
    if name is None:
        return ""
    if name in ("relu", "sigmoid", "tanh"):
        return f" {name}"
    if name == "maxout":
        return f"\nmaxout {_whole(layer, ('group_size',), 2)}"
    raise ValueError(f"activation {shown(name)} has no counterpart here")


def _dropout(layer: dict[str, Any]) -> list[str]:
    part = _number(layer, "drop_prob", 0)
    return [f"dropout {number_text(part)}"] if part else []


def _square(layer: dict[str, Any], first: str, second: str) -> str:
    across = _whole(layer, (first,))
    down = _whole(layer, (second,), across)
    return str(across) if across == down else f"{down}x{across}"


def _whole(layer: dict[str, Any], names: tuple[str, ...], otherwise: int | None = None) -> int:
    for name in names:
        value = layer.get(name)
        if value is None or isinstance(value, list):  # a saved layer has a list of its filters
            continue
        if type(value) not in (int, float) or not 0 <= value <= 65536 or value != int(value):
            raise ValueError(f"{name} should be a whole number, got {shown(value)}")
        return int(value)
    if otherwise is None:
        raise ValueError(f"{' or '.join(names)} is missing")
    return otherwise


def _number(layer: dict[str, Any], name: str, otherwise: float) -> float:
    value = layer.get(name, otherwise)
    if type(value) not in (int, float) or not abs(value) < 1e30:
        raise ValueError(f"{name} should be a number, got {shown(value)}")
    return float(value)
