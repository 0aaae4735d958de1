"""A web page: one HTML file with the network in it, which works offline and sends nothing.

It holds the weights as base64 of float32, a forward pass in JavaScript and what it takes to draw,
to bring a photo, or to type numbers. Its parts lie in ``assets/web``; here they are put together.
The page's own policy allows it no script and no style but these, and no fetching at all.
"""

import base64
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any, Literal, NamedTuple

import numpy as np

from nn.formats.files import write_whole
from nn.network import Network
from nn.photo_familiarity import Familiarity

Kind = Literal["sketch", "pen", "photo", "numbers"]

MNIST_EDGE = 28
"""Pixels of the pictures that digits are drawn on; smaller networks read their middle."""


class _Parts(NamedTuple):
    """What a kind of page is made of: files of ``assets/web``, and names its engine gives away."""

    engine: tuple[str, ...]
    panels: str
    page: str
    gives: tuple[str, ...]


_PARTS: dict[Kind, _Parts] = {
    "sketch": _Parts(("strokes", "sketch"), "drawing", "drawing_page", ("predict",)),
    "pen": _Parts(("strokes", "pen"), "drawing", "drawing_page", ("predict",)),
    "photo": _Parts(
        ("jpeg", "png", "photo"),
        "photo",
        "photo_page",
        ("classify", "read", "unlike", "brought"),
    ),
    "numbers": _Parts(("numbers",), "numbers", "numbers_page", ("predict",)),
}


def save(
    network: Network,
    path: str | Path,
    *,
    kind: Kind | None = None,
    title: str | None = None,
    about: Mapping[str, Any] | None = None,
    picture_size: int | None = None,
) -> None:
    """Write ``network`` as a web page; see `page` for the options and errors."""
    text = page(network, kind=kind, title=title, about=about, picture_size=picture_size)
    write_whole(Path(path), text.encode("utf-8", "replace"))


def page(
    network: Network,
    *,
    kind: Kind | None = None,
    title: str | None = None,
    about: Mapping[str, Any] | None = None,
    picture_size: int | None = None,
) -> str:
    """Return the page as HTML.

    Args:
        network: any; what it computes in float64 the page computes to the precision of float32.
        kind: "sketch" reads a drawing as cells, "pen" as a picture of a pen's line, "photo"
            reads photos, "numbers" takes what is typed; by default `kind_of`.
        title: the headline; by default the names of two or three classes.
        about: what is said of the network, as in our JSON files. Texts are shown; "fit" and
            "familiarity" of a photo model are obeyed.
        picture_size: edge of the pictures (pixels) whose middle the network reads, if larger
            than its input; by default 28 for "pen".

    Raises:
        ValueError: the kind does not fit the network, or an option is out of range.
    """
    about = dict(about or {})
    kind = kind or kind_of(network, about)
    _check_kind(network, kind)
    title = title or _title(network.class_names)
    what = about.pop("what", None)
    document = _document(network, kind, title, about, picture_size)
    channels, height, width = network.input_shape
    count = channels * height * width
    panels = {
        "size": f"{height} × {width} {'cells' if kind == 'sketch' else 'pixels'}",
        "count": f"{count:,}",
        "order": ", channel by channel and row by row" if count > 8 else "",
        "seen": "Cells" if kind == "sketch" else "What it reads",
        "fit": "the middle of the photo" if document["fit"] == "crop" else "all of the photo",
    }
    parts = _PARTS[kind]
    style, script = _asset("page.css"), _script(parts)
    data = json.dumps(document, allow_nan=False, separators=(",", ":"))
    return Template(_asset("page.html")).substitute(
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src blob:; base-uri 'none'; form-action 'none'",
        title=html.escape(title),
        lead=html.escape(what or _LEADS[kind].format(count=network.parameters.size)),
        style=style,
        panels=Template(_asset(f"{parts.panels}.html")).substitute(panels),
        waiting=_WAITING[kind],
        console=_asset("copy.html") if kind == "photo" else "",
        network=data.replace("<", "\\u003c"),  # no text can end the script it stands in
        script=script,
    )


def kind_of(network: Network, about: Mapping[str, Any]) -> Kind:
    """Return what kind of page fits a network, from its input and what is said of it.

    Square pictures of three channels are photos, as are those of a file that tells how a photo
    is fitted. In grey, networks for digits read a pen's line; other squares are cells.
    """
    channels, height, width = network.input_shape
    if height != width or height < 4 or channels not in (1, 3):
        return "numbers"
    if channels == 3 or "fit" in about:
        return "photo"
    return "pen" if all(name.isdecimal() for name in network.class_names) else "sketch"


def function_name(title: str) -> str | None:
    """Return a title as JavaScript names a function: beardOrBadger; None if that is no name."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    name = "".join(
        word.lower() if number == 0 else word[:1].upper() + word[1:]
        for number, word in enumerate(words)
    )
    return name if len(words) >= 3 and name[0].isalpha() else None


# -- what the page is told -----------------------------------------------------------------------


def _document(
    network: Network, kind: Kind, title: str, about: dict[str, Any], picture_size: int | None
) -> dict[str, Any]:
    edge = network.input_shape[1]
    picture = picture_size or (max(edge, MNIST_EDGE) if kind == "pen" else edge)
    if not edge <= picture <= 4096:
        raise ValueError(f"picture_size must be {edge} to 4096 pixels, got {picture}")
    fit, familiarity = about.pop("fit", "crop"), about.pop("familiarity", None)
    if fit not in ("crop", "fit"):
        raise ValueError(f'"fit" must be "crop" or "fit", got {fit!r}')
    if familiarity is not None:
        last = [layer for layer in network.layers if layer.kind == "dense"][-1:]
        wide = last[0].input_shape[0] if last else 0
        familiarity = Familiarity.from_json(familiarity, wide).to_json()
    functions = [name for name in (function_name(title), "classify") if name]
    example, help_text = _console(kind, functions[0])
    layers, numbers = _layers(network)
    return {
        "names": network.class_names,
        "input": network.input_shape,
        "picture": picture,
        "fit": fit,
        "cells": kind == "sketch",
        "loss": network.loss.kind,
        "shares": network.loss.kind == "softmax" or network.layers[-1].kind in _SHARES,
        "layers": layers,
        "functions": functions,
        "example": example,
        "help": f"{title} {help_text}",
        "about": _about(network, about),
        "familiarity": familiarity,
        "numbers": base64.b64encode(numbers.astype("<f4").tobytes()).decode(),
    }


def _check_kind(network: Network, kind: str) -> None:
    if kind not in _PARTS:
        raise ValueError(f"kind must be one of {', '.join(_PARTS)}, got {kind!r}")
    channels, height, width = network.input_shape
    allowed = (1, 3) if kind == "photo" else (1,)
    if kind != "numbers" and (channels not in allowed or height != width):
        raise ValueError(
            f"a page of kind {kind!r} needs a network for square pictures of "
            f"{' or '.join(map(str, allowed))} channels, got {height}×{width}×{channels}"
        )


def _layers(network: Network) -> tuple[list[dict[str, Any]], np.ndarray[Any, Any]]:
    """Return each layer's kind, options, output shape and sizes of arrays; and all its numbers."""
    found, numbers = [], [np.zeros(0)]
    for layer in network.layers:
        arrays = {item.name: item.data for item in layer.parameters()} | layer.state()
        options = {
            name: value
            for name, value in layer.config().items()
            if isinstance(value, int | float | tuple)
        }
        sizes = {name: values.size for name, values in arrays.items()}
        found.append({"kind": layer.kind, **options, "shape": layer.output_shape, "arrays": sizes})
        numbers += [values.ravel() for values in arrays.values()]
    return found, np.concatenate(numbers)


def _about(network: Network, about: dict[str, Any]) -> list[tuple[str, str]]:
    texts = {name.replace("_", " "): text for name, text in about.items() if isinstance(text, str)}
    count = f"{network.parameters.size:,} numbers"
    return [*texts.items(), ("layers", network.to_text()), ("learned", count)]


# -- words ---------------------------------------------------------------------------------------

_SHARES = ("sigmoid", "softmax")

_WAITING: dict[Kind, str] = {
    "sketch": "Draw something: the guess appears here",
    "pen": "Draw something: the guess appears here",
    "photo": "Bring a photo: the answer appears here",
    "numbers": "Type the numbers: the answer appears here",
}

_LEADS: dict[Kind, str] = {
    "sketch": "Draw, and a network of {count:,} numbers says what it sees.",
    "pen": "Draw, and a network of {count:,} numbers says what it sees.",
    "photo": "Bring a photo, and a network of {count:,} numbers says what it sees.",
    "numbers": "Type what it reads, and a network of {count:,} numbers answers.",
}


def _title(names: list[str]) -> str:
    if all(name.isdecimal() for name in names) and len(names) > 1:
        return "Which digit is it?"
    if not 2 <= len(names) <= 3:
        return f"Which of {len(names)} is it?" if len(names) > 1 else "What comes out?"
    short_first = sorted(names, key=len)  # as one says it: beard or badger
    listed = f"{', '.join(short_first[:-1])} or {short_first[-1]}?"
    return listed[0].upper() + listed[1:]


def _console(kind: Kind, function: str) -> tuple[str, str]:
    """Return an example to type, and what the console says at the start."""
    if kind == "photo":
        return (
            f"{function}($0)",
            f"Choose an image in the inspector and type {function}($0). A canvas or a video will "
            f"do as well; for a file or blob type await {function}(file). "
            "It returns {label, probabilities}.",
        )
    if kind == "numbers":
        return "predict([0, 1])", "Type predict([…]). It returns {label, probabilities}."
    return (
        "predict([[[0, 0], [10, 10]], [[10, 0], [0, 10]]])",
        "Type predict(strokes): what is drawn, or lists of points [[[x, y], …], …] in any unit, "
        "y down. It returns {label, probabilities}.",
    )


# -- files ---------------------------------------------------------------------------------------


def _asset(name: str) -> str:
    return (resources.files("assets") / "web" / name).read_text(encoding="utf-8").strip()


def _script(parts: _Parts) -> str:
    """Return the page's script: an engine that knows no page, then the page around it."""
    engine = "\n\n".join(_asset(f"{name}.js") for name in ("network", *parts.engine))
    gives = ", ".join(("network", "run", "best", "see", *parts.gives))
    around = "\n\n".join(_asset(f"{name}.js") for name in ("view", parts.page))
    return (
        f"function brightwire(network) {{\n{engine}\n\nreturn {{ {gives} }};\n}}\n\n"
        f'(() => {{\n"use strict";\n{around}\n}})();'
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
