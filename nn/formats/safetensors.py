"""Safetensors: https://github.com/huggingface/safetensors, the tensors that torch's users exchange.

::

    8 bytes        the header's length, little endian
    header         JSON: {"__metadata__": {…}, "1.weight": {"dtype": "F32", "shape": [8, 3, 3, 3],
                   "data_offsets": [0, 864]}, …}, filled up with spaces to a multiple of 8
    the rest       the tensors, without gaps, row by row, little endian

Names and metadata are those of `nn.formats.tensors`. ``safetensors.torch.load_file`` gives a dict
that ``load_state_dict`` of an ``nn.Sequential`` understands once the names are its own.
"""

from itertools import repeat
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from nn.formats import json_text, tensors
from nn.formats.files import write_whole
from nn.formats.reading import read_whole
from nn.formats.zips import LARGEST_ENTRY
from nn.network import Network
from nn.typing import Array
from nn.words import shown

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
METADATA = "__metadata__"
LARGEST_HEADER = 4 << 20


def save(network: Network, path: Path) -> None:
    """Write ``network`` to ``path``. Equal networks give equal bytes."""
    write_whole(path, pack(tensors.arrays(network), tensors.description(network)))


def load(path: Path) -> Network:
    """Return the network in ``path``. Raises ValueError, one sentence that names the file."""
    content = read_whole(path, LARGEST_ENTRY)
    try:
        arrays, metadata = unpack(content)
        return tensors.network(metadata, arrays)
    except ValueError as error:
        raise ValueError(f"{path.name}: not a network file: {error}") from None


def pack(arrays: dict[str, Array], metadata: dict[str, str]) -> bytes:
    """Return the content of a file with these arrays (float16, float32 or float64) and texts."""
    codes = {np.dtype(kind): code for code, kind in TYPES.items()}
    header: dict[str, Any] = {METADATA: metadata}
    parts: list[bytes] = []
    offset = 0
    for name in sorted(arrays, key=lambda name: -arrays[name].itemsize):  # so that all are aligned
        values = arrays[name].astype(arrays[name].dtype.newbyteorder("<"), copy=False)
        header[name] = {
            "dtype": codes[values.dtype],
            "shape": list(values.shape),
            "data_offsets": [offset, offset + values.nbytes],
        }
        parts.append(values.tobytes())
        offset += values.nbytes
    text = json_text.dump(header)
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *parts])


def unpack(content: bytes) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the arrays in a file, not to be written into, and its texts.

    Raises ValueError, one sentence, for what is no such file or holds other types of numbers.
    """
    length = int.from_bytes(content[:8], "little")
    if not 2 <= length <= min(len(content) - 8, LARGEST_HEADER):
        raise ValueError("it is cut off, or no safetensors file")
    header = json_text.parse(content[8 : 8 + length])
    if not isinstance(header, dict):
        raise ValueError("its header must be an object")
    metadata = header.pop(METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(t, str) for t in metadata.values()):
        raise ValueError("its metadata must be texts")
    found = {name: _placed(name, entry) for name, entry in header.items()}
    end = 0
    for name, (kind, shape, start, stop) in sorted(found.items(), key=lambda item: item[1][2:]):
        if start != end or stop - start != prod(shape) * kind.itemsize:
            raise ValueError(f"the tensor {shown(name)} is not as large as it says")
        end = stop
    if end != len(content) - 8 - length:
        raise ValueError("it is cut off, or has more in it than it tells")
    data = memoryview(content)[8 + length :]
    return {
        name: np.frombuffer(data[start:stop], kind)
        .astype(kind.newbyteorder("="), copy=False)
        .reshape(shape)
        for name, (kind, shape, start, stop) in found.items()
    }, metadata


def _placed(name: str, entry: Any) -> tuple[np.dtype[Any], tuple[int, ...], int, int]:
    """Return a tensor's type, shape, start and stop."""
    wanted = {"dtype", "shape", "data_offsets"}
    if not isinstance(entry, dict) or set(entry) != wanted or entry["dtype"] not in list(TYPES):
        raise ValueError(f"the tensor {shown(name)} must be {', '.join(TYPES)} with a shape")
    shape, offsets = entry["shape"], entry["data_offsets"]
    numbers = [shape, offsets]
    if not all(isinstance(n, list) and all(type(i) is int and i >= 0 for i in n) for n in numbers):
        raise ValueError(f"the tensor {shown(name)} must have a shape and offsets")
    if len(offsets) != 2 or len(shape) > 32:
        raise ValueError(f"the tensor {shown(name)} must have a shape and offsets")
    if prod(map(max, shape, repeat(1))) > 1 << 40:  # also where another size is 0
        raise ValueError(f"the tensor {shown(name)} is not as large as it says")
    return np.dtype(TYPES[entry["dtype"]]), tuple(shape), *offsets
