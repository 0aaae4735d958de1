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

from nn.formats.files import write_whole
from nn.network import Network
from nn.typing import Array

NAME = "brightwire-network"
VERSION = 1
LARGEST_FILE = 1 << 30


def save(network: Network, path: Path, about: Mapping[str, Any] | None = None) -> None:
    """Write ``network`` to ``path``, with what is to be said about it."""
    document: dict[str, Any] = {
        "format": NAME,
        "version": VERSION,
        "text": network.to_text().splitlines(),
        "class_names": network.class_names,
        "parameters": _numbers(network.parameters),
        "state": {name: _numbers(values) for name, values in states(network).items()},
    }
    if about:
        document["about"] = dict(about)
    text = json.dumps(document, indent=1, ensure_ascii=False)
    # Lists of numbers in one line each. A line break never stands within a text of JSON.
    text = re.sub(r"\[\n[-+.,eE\d\s]+\]", lambda found: " ".join(found[0].split()), text)
    write_whole(path, text.encode())


def load(path: Path) -> Network:
    """Return the network in ``path``. ValueError names the file and what was wrong with it."""
    return load_with_about(path)[0]


def load_with_about(path: Path) -> tuple[Network, dict[str, Any]]:
    """Return the network in ``path`` and what the file says about it; empty if it says nothing."""
    try:
        document = read_json(path)
        network = _read(document)
        about = document.get("about", {})
        if not isinstance(about, dict):
            raise ValueError('"about" must be an object')
        return network, about
    except (ValueError, OverflowError, RecursionError) as error:
        detail = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise ValueError(f"{path.name}: not a network file: {detail}") from None


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; ValueError for one that is too large or not finite."""
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError("the file is larger than a gigabyte")
    return json.loads(path.read_bytes(), parse_constant=_no_constant)


def states(network: Network) -> dict[str, Array]:
    """Return the arrays kept beside the weights, named ``layer number.name``."""
    return {
        f"{number}.{name}": values
        for number, layer in enumerate(network.layers, 1)
        for name, values in layer.state().items()
    }


def _read(document: Any) -> Network:
    if not isinstance(document, dict) or document.get("format") != NAME:
        raise ValueError(f'expected an object with "format": "{NAME}"')
    if document.get("version") != VERSION:
        raise ValueError(f"version must be {VERSION}, got {document.get('version')!r}")
    text, names = document.get("text", ""), document.get("class_names", "")
    if not _texts(text):
        raise ValueError('"text" must be a list of lines')
    if not _texts(names):
        raise ValueError('"class_names" must be a list of texts')
    network = Network.from_text("\n".join(text), 0, names)
    fill(network.parameters, document.get("parameters"), "parameters")
    state = document.get("state", {})
    wanted = states(network)
    if not isinstance(state, dict) or set(state) != set(wanted):
        raise ValueError(f'"state" must hold {sorted(wanted)}')
    for name, values in wanted.items():
        fill(values, state[name], name)
    return network


def fill(target: Array, values: Any, name: str) -> None:
    """Copy a list of finite numbers into ``target``; ValueError when it does not fit."""
    if not isinstance(values, list) or len(values) != target.size:
        found = f"{len(values)}" if isinstance(values, list) else type(values).__name__
        raise ValueError(f'"{name}" must be a list of {target.size} numbers, got {found}')
    if not all(type(value) in (int, float) for value in values):
        raise ValueError(f'"{name}" must hold numbers only')
    with np.errstate(over="ignore"):
        numbers = np.array([float(value) for value in values]).astype(target.dtype)
    if not np.isfinite(numbers).all():
        raise ValueError(f'"{name}" must hold finite numbers')
    target[...] = numbers.reshape(target.shape)


def _texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _numbers(values: Array) -> list[float]:
    return [float(str(value)) for value in values.ravel()]


def _no_constant(name: str) -> float:
    raise ValueError(f"it must hold finite numbers, got {name}")
