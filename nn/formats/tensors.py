"""A network as arrays by name and a description: what .npz and .safetensors files hold.

Arrays are called ``1.weight``: the layer's number, from 1, and the name of what it learns or
keeps, in the public shapes. The description is texts by name: "text" and "class_names" (a JSON
list) tell the rest.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.formats import json_text
from nn.formats.json_file import NAME, VERSION, why_not
from nn.network import Network, connected
from nn.typing import Array
from nn.words import shown


def arrays(network: Network) -> dict[str, Array]:
    """Return what a network has learned and keeps, by name: views, in the order of its layers."""
    return {
        **{
            f"{number}.{parameter.name}": parameter.data
            for number, layer in enumerate(network.layers, 1)
            for parameter in layer.parameters()
        },
        **network.state(),
    }


def description(network: Network) -> dict[str, str]:
    """Return what else there is to know of a network."""
    return {
        "format": NAME,
        "version": str(VERSION),
        "text": network.to_text(),
        "class_names": json_text.dump(network.class_names).decode(),
    }


def network(described: Any, found: Mapping[str, Array]) -> Network:
    """Return the network of a description and its arrays, float64 if one of its weights is.

    Raises ValueError, one sentence, for what doesn't fit; shapes are compared before memory is
    taken for them.
    """
    if not isinstance(described, dict) or described.get("format") != NAME:
        raise ValueError("it has weights, but doesn't describe the network they belong to")
    if described.get("version") != str(VERSION):
        version = described.get("version")
        if isinstance(version, str) and re.fullmatch("[0-9]{1,9}", version):
            version = int(version)
        raise ValueError(why_not(version))
    text, names = described.get("text"), described.get("class_names")
    if not isinstance(text, str) or not isinstance(names, str):
        raise ValueError('"text" and "class_names" must be texts')
    class_names = json_text.parse(names.encode())
    if not isinstance(class_names, list):
        raise ValueError('"class_names" must be a list')
    weights = [
        _checked(found, f"{number}.{spec.name}", spec.shape)
        for number, layer in enumerate(connected(text).layers, 1)
        for spec in layer.parameter_specs()
    ]
    double = any(array.dtype == np.float64 for array in weights)
    dtype = np.dtype(np.float64 if double else np.float32)
    flat = np.concatenate([array.reshape(-1) for array in [*weights, np.zeros(0, dtype)]])
    made = Network.from_text(text, class_names=class_names, dtype=dtype, parameters=flat)
    for name, values in made.state().items():
        values[...] = _checked(found, name, values.shape)
    if strangers := set(found) - set(arrays(made)):
        raise ValueError(f"the network has no {shown(min(strangers))}")
    return made


def _checked(found: Mapping[str, Array], name: str, shape: tuple[int, ...]) -> Array:
    if name not in found:
        raise ValueError(f"{name} is missing")
    values = found[name]
    if values.shape != shape or values.dtype.kind != "f":
        raise ValueError(
            f"{name} must be numbers of shape {shape}, got {values.dtype} of {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must hold finite numbers")
    return values
