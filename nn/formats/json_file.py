"""The JSON format: the network's text, its class names and its weights, for people to read.

::

    {"format": "brightwire-network", "version": 1, "text": ["input 6x6x1", ...],
     "class_names": ["X", "O"], "parameters": [0.1, ...], "state": {"3.mean": [...]}}

Weights are written as the shortest decimals that give back the same float32. A file may say more
of its network under "about", an object that is kept for people and not needed to load it.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from nn.formats import json_text
from nn.formats.files import write_whole
from nn.formats.reading import read_whole
from nn.network import Network
from nn.typing import Array
from nn.words import shown

NAME = "brightwire-network"
VERSION = 1


def save(network: Network, path: Path, about: Mapping[str, Any] | None = None) -> None:
    """Write ``network`` to ``path``, with what is to be said about it."""
    document: dict[str, Any] = {
        "format": NAME,
        "version": VERSION,
        "text": network.to_text().splitlines(),
        "class_names": network.class_names,
        "parameters": shortest(network.parameters),
        "state": {name: shortest(values) for name, values in network.state().items()},
    }
    if about:
        document["about"] = dict(about)
    text = json.dumps(document, indent=1, ensure_ascii=False)
    # Lists of numbers in one line each. A line break never stands within a text of JSON.
    text = re.sub(r"\[\n[-+.,eE\d\s]+\]", lambda found: " ".join(found[0].split()), text)
    write_json(path, text)


def load(path: Path) -> Network:
    """Return the network in ``path``. ValueError names the file and what was wrong with it."""
    return load_with_about(path)[0]


def load_with_about(path: Path) -> tuple[Network, dict[str, Any]]:
    """Return the network in ``path`` and what the file says about it; empty if it says nothing."""
    content = read_whole(path, json_text.LARGEST_FILE)
    try:
        document = json_text.parse(content)
    except ValueError as error:
        raise ValueError(f"{path.name}: not a network file: {error}") from None
    return read_with_about(document, path.name)


def read_with_about(document: Any, name: str) -> tuple[Network, dict[str, Any]]:
    """Return what `load_with_about` does, of a file that has been read already."""
    try:
        network = _read(document)
        about = document.get("about", {})
        if not isinstance(about, dict):
            raise ValueError('"about" must be an object')
        return network, about
    except ValueError as error:
        raise ValueError(f"{name}: not a network file: {error}") from None


def about(path: Path) -> dict[str, Any]:
    """Return what a file says of its network; empty for any that is not of this format."""
    try:
        return load_with_about(path)[1]
    except (ValueError, OSError):
        return {}


def write_json(path: Path, text: str) -> None:
    """Write a JSON text that `nn.formats.json_text` will read; ValueError where it is too long.

    Half a character, as the name of a folder may have, becomes a question mark.
    """
    content = text.encode(errors="replace")
    if len(content) > json_text.LARGEST_FILE:
        raise ValueError(
            f"{path.name}: the network is too large for JSON, {len(content) / 1e6:,.0f} MB where "
            f"at most {json_text.LARGEST_FILE / 1e6:,.0f} MB are read again; save it as .npz"
        )
    write_whole(path, content)


def _read(document: Any) -> Network:
    if not isinstance(document, dict) or document.get("format") != NAME:
        raise ValueError(f'expected an object with "format": "{NAME}"')
    if document.get("version") != VERSION:
        raise ValueError(why_not(document.get("version")))
    text, names = document.get("text", ""), document.get("class_names", "")
    if not _texts(text):
        raise ValueError('"text" must be a list of lines')
    if not _texts(names):
        raise ValueError('"class_names" must be a list of texts')
    network = Network.from_text(
        "\n".join(text),
        class_names=names,
        parameters=numbers(document.get("parameters"), "parameters"),
    )
    state = document.get("state", {})
    wanted = network.state()
    if not isinstance(state, dict) or set(state) != set(wanted):
        raise ValueError(f'"state" must hold {shown(sorted(wanted))}')
    for name, values in wanted.items():
        found = numbers(state[name], name)
        if found.size != values.size:
            raise ValueError(f'"{name}" must be a list of {values.size} numbers, got {found.size}')
        values[...] = found.reshape(values.shape)
    return network


def why_not(version: Any) -> str:
    """Why a file of this version can't be read."""
    if type(version) is int and version > VERSION:
        return "a newer Brightwire has written it; update the app to open it"
    return f"version must be {VERSION}, got {shown(version)}"


def shortest(values: Array) -> list[float]:
    """Return numbers of any shape as a flat list for JSON, each the shortest decimal that gives
    back the same float32 (or float64, if that is what they are).
    """
    return [float(str(value)) for value in values.ravel()]


def numbers(values: Any, name: str) -> Array:
    """Return a JSON list of numbers as (N,) float64; ValueError where one is not finite as float32.

    ``name`` is what an error calls the list.
    """
    if not isinstance(values, list):
        raise ValueError(f'"{name}" must be a list of numbers, got {json_text.kind(values)}')
    if not all(type(value) in (int, float) for value in values):
        raise ValueError(f'"{name}" must hold numbers only')
    try:
        found = np.array(values, np.float64)
    except OverflowError:  # a whole number of hundreds of digits
        found = np.array([np.inf])
    if not (np.abs(found) <= np.finfo(np.float32).max).all():
        raise ValueError(f'"{name}" must hold finite numbers')
    return found


def _texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
