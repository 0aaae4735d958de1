"""A network in numpy's .npz: its arrays by name, see `nn.formats.tensors`, and "network", which
describes it: JSON as the bytes of a uint8 array, so that ``np.load`` needs no pickle.
"""

from pathlib import Path

import numpy as np

from nn.formats import json_text, npz, tensors
from nn.formats.files import write_whole
from nn.formats.reading import read_whole
from nn.formats.zips import LARGEST_ENTRY
from nn.network import Network

DESCRIPTION = "network"


def save(network: Network, path: Path) -> None:
    """Write ``network`` to ``path``. Equal networks give equal bytes."""
    description = np.frombuffer(json_text.dump(tensors.description(network)), np.uint8)
    write_whole(path, npz.pack({DESCRIPTION: description, **tensors.arrays(network)}))


def load(path: Path) -> Network:
    """Return the network in ``path``. Raises ValueError, one sentence that names the file."""
    content = read_whole(path, LARGEST_ENTRY)
    try:
        arrays = npz.unpack(content, LARGEST_ENTRY)
        description = arrays.pop(DESCRIPTION, np.zeros(0))
        return tensors.network(json_text.parse(description.tobytes() or b"null"), arrays)
    except ValueError as error:
        raise ValueError(f"{path.name}: not a network file: {error}") from None
