"""Weights alone: a JSON file with one flat list of numbers, for a network that is known.

Layer by layer, each layer's weight row by row in its public shape, then its bias: the order of
`Network.parameters`. Such a file doesn't tell which network it is for; its length must fit.
"""

import json
from pathlib import Path

from nn.formats import json_file, json_text
from nn.formats.reading import read_whole
from nn.network import Network


def save(network: Network, path: Path) -> None:
    """Write the weights of ``network`` as one flat list."""
    json_file.write_json(path, json.dumps(json_file.shortest(network.parameters)))


def load(path: str | Path, like: Network | None = None) -> Network:
    """Return a network with the weights in a file; ``like`` itself is left as it is.

    A flat list must be as long as ``like`` has parameters and gives a copy of it with those
    weights. A file of `Network.save` gives the network it describes, whatever ``like`` is.

    Raises:
        ValueError: one sentence with the file's name; for a wrong length with both numbers; for
            a flat list without a network to put it into.
        OSError: the file can't be read.
    """
    path = Path(path)
    text = read_whole(path, json_text.LARGEST_FILE)
    try:
        content = json_text.parse(text)
    except ValueError as error:
        raise ValueError(f"{path.name}: not a file of weights: {error}") from None
    if not isinstance(content, list):
        return json_file.read_with_about(content, path.name)[0]
    if like is None:
        raise ValueError(
            f"{path.name}: holds {len(content):,} weights and not the network that they belong to; "
            f"give that to nn.formats.weights.load(path, like=network)"
        )
    wanted = like.parameters.size
    if len(content) != wanted:
        raise ValueError(
            f"{path.name}: holds {len(content):,} weights, but the network {like} has {wanted:,}"
        )
    network = like.copy()
    try:
        network.parameters[...] = json_file.numbers(content, "the list")
    except ValueError as error:
        raise ValueError(f"{path.name}: not a file of weights: {error}") from None
    return network
