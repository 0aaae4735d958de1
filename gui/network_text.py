"""A network text looked at while it is typed: what each line makes, or what is wrong with it.

Qt-free. Nothing is allocated here: a text with a billion weights is only counted.
"""

import re
from dataclasses import dataclass, field
from math import prod

from nn import text as network_text
from nn.network import LARGEST_EXAMPLE, LARGEST_PARAMETER_COUNT
from nn.typing import Shape
from nn.words import TextError

SMALLEST_CUT = 0.75  # of a picture's edge: what is cut out of it must show most of it
_WHERE = re.compile(r"^line (\d+) \(.*?'\): (.*)$", re.DOTALL)


@dataclass
class LineFacts:
    """One line of the text, from 0: what comes out of it, its weights, what is wrong with it."""

    output: str = ""
    parameters: int = 0
    numbers: int = 0  # that one picture becomes in it
    problem: str = ""


@dataclass
class TextFacts:
    """A whole text. `problem` is the first one anywhere, empty when a network can be made."""

    lines: list[LineFacts] = field(default_factory=list)
    parameters: int = 0
    numbers: int = 0  # that one picture becomes on its way
    input_shape: tuple[int, int, int] | None = None
    classes: int = 0
    problem: str = ""


def check(text: str) -> TextFacts:
    """Look at every line of a network text."""
    sources = text.split("\n")
    facts = TextFacts([LineFacts() for _ in sources])
    used = [i for i, source in enumerate(sources) if source.split("#")[0].strip()]
    if not used:
        facts.problem = "The text is empty: it begins with a line like “input 24x24x1”."
        return facts
    shape = _check_input(sources[used[0]], facts, facts.lines[used[0]])
    for i in used[1:]:
        shape = _check_line(sources[i], shape, facts.lines[i])
        facts.parameters += facts.lines[i].parameters
        facts.numbers += facts.lines[i].numbers
    facts.problem = next((line.problem for line in facts.lines if line.problem), "")
    if not facts.problem:
        _check_whole(text, facts, shape, facts.lines[used[-1]])
    return facts


def _check_input(source: str, facts: TextFacts, line: LineFacts) -> Shape | None:
    try:
        shape = network_text.parse(f"{source}\nflatten\nloss softmax").input_shape
    except TextError as error:
        line.problem = _sentence(error)
        return None
    facts.input_shape = shape
    facts.numbers = prod(shape)
    line.output = shape_text(shape)
    return shape


def _check_line(source: str, shape: Shape | None, line: LineFacts) -> Shape | None:
    """Fill in one line's facts; the shape behind it, None when it can't be told."""
    try:
        layers = network_text.parse(f"input 1x1x1\n{source}\nloss softmax").layers
    except TextError as error:
        match = _WHERE.match(str(error))
        if match is None or match[1] == "2":
            line.problem = _sentence(error)
            return None
        layers = []  # line 3 was refused: this one is a loss, alone or with its layer
    if not layers:
        try:
            layers = network_text.parse(f"input 1x1x1\nflatten\n{source}").layers[1:]
        except TextError as error:
            line.problem = _sentence(error)
            return None
    for layer in layers:
        if shape is None:
            return None
        try:
            layer.connect(shape)
        except ValueError as error:
            line.problem = _capital(str(error))
            return None
        shape = layer.output_shape
        line.parameters += sum(prod(spec.shape) for spec in layer.parameter_specs())
        line.numbers += prod(shape)
    if layers and shape is not None:
        line.output = shape_text(shape)
    return shape


def _check_whole(text: str, facts: TextFacts, shape: Shape | None, last: LineFacts) -> None:
    try:
        network_text.parse(text)
    except TextError as error:
        facts.problem = last.problem = _sentence(error)
        return
    if shape is not None and len(shape) != 1:
        facts.problem = last.problem = (
            "The network ends with pictures: put “flatten” and “dense” before the loss."
        )
    elif facts.parameters > LARGEST_PARAMETER_COUNT:
        facts.problem = last.problem = (
            f"{facts.parameters:,} weights are too many: at most {LARGEST_PARAMETER_COUNT:,}."
        )
    elif facts.numbers > LARGEST_EXAMPLE:
        facts.problem = last.problem = (
            f"A picture would become {facts.numbers:,} numbers on its way, at most "
            f"{LARGEST_EXAMPLE:,} are allowed: make the input smaller."
        )
    elif shape is not None:
        facts.classes = shape[0]


def misfit(facts: TextFacts, picture: tuple[int, int, int], classes: int) -> str:
    """Why a network of this text cannot learn pictures (C, H, W) of so many classes, else ""."""
    if facts.problem or facts.input_shape is None:
        return facts.problem
    channels, height, width = facts.input_shape
    if channels != picture[0]:
        wanted = "colour, 3 channels" if picture[0] == 3 else f"grey, {picture[0]} channel"
        return f"The pictures are {wanted}, but the input has {channels}."
    if height > picture[1] or width > picture[2] or (height != width and height != picture[1]):
        pixels = f"{picture[1]}×{picture[2]} pixels"
        return f"The input of {height}×{width} does not fit pictures of {pixels}."
    if facts.classes != classes:
        return f"There are {classes} classes, but the network ends with {facts.classes}."
    return ""


def fitted(text: str, picture: tuple[int, int, int], classes: int) -> str:
    """The text with the input and the number of classes that a data set needs.

    An input somewhat smaller than the pictures stays, since it can be cut out of them.
    """
    facts = check(text)
    if facts.input_shape is None or facts.problem:
        return text
    channels, height, width = picture
    _, old_height, old_width = facts.input_shape
    edge = min(height, width)
    if old_height == old_width and SMALLEST_CUT * edge <= old_height <= edge:
        height = width = old_height
    lines = text.split("\n")
    used = [i for i, line in enumerate(lines) if line.split("#")[0].strip()]
    lines[used[0]] = f"input {height}x{width}x{channels}"
    for i in reversed(used[1:]):
        made, count = re.subn(
            r"^(\s*(?:dense|softmax)\s+)\d+", rf"\g<1>{classes}", lines[i], flags=re.I
        )
        if count:
            lines[i] = made
            break
    return "\n".join(lines)


def shape_text(shape: Shape) -> str:
    """`24×24×8` for (8, 24, 24), and `10` for (10,)."""
    if len(shape) == 3:
        return f"{shape[1]}×{shape[2]}×{shape[0]}"
    return f"{shape[0]}"


def _sentence(error: ValueError) -> str:
    match = _WHERE.match(str(error))
    return _capital(match[2] if match else str(error))


def _capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
