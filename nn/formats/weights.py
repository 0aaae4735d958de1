"""Weights alone: a JSON file with one flat list of numbers, for a network that is known.

Layer by layer, each layer's weight row by row in its public shape, then its bias: the order of
`Network.parameters`. Such a file doesn't tell which network it is for; its length must fit.
"""

import json
from pathlib import Path

from nn.formats import json_file
from nn.formats.files import write_whole
from nn.network import Network


def save(network: Network, path: Path) -> None:
    """Write the weights of ``network`` as one flat list."""
    numbers = [float(str(value)) for value in network.parameters]
    write_whole(path, json.dumps(numbers).encode())


def load(path: str | Path, like: Network) -> Network:
    """Return a network with the weights in a file; ``like`` itself is left as it is.

    A flat list must be as long as ``like`` has parameters and gives a copy of it with those
    weights. A file of `Network.save` gives the network it describes, whatever ``like`` is.

    Raises:
        ValueError: one sentence with the file's name; for a wrong length with both numbers.
        OSError: the file can't be read.
    """
    path = Path(path)
    try:
        content = json_file.read_json(path)
    except (ValueError, RecursionError) as error:
        detail = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise ValueError(f"{path.name}: not a file of weights: {detail}") from None
    if not isinstance(content, list):
        return json_file.load(path)
    wanted = like.parameters.size
    if len(content) != wanted:
        raise ValueError(
            f"{path.name}: holds {len(content):,} weights, but the network {like} has {wanted:,}"
        )
    network = like.copy()
    try:
        json_file.fill(network.parameters, content, "the list")
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{path.name}: not a file of weights: {error}") from None
    return network
