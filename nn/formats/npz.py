"""Numpy's .npz: arrays by name in a zip file, here of numbers and truth values alone.

Files are read without numpy's own reader: nothing in them is evaluated or unpickled, and a header
is believed only if its shape and type make up exactly the bytes that follow.
"""

import io
import re
from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from nn.formats import zips
from nn.formats.zips import LARGEST_TOTAL, Zip
from nn.typing import Array

MOST_AXES = 32

_TYPE = rb"[<>|](?:b1|[iu][1248]|f[248])"
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(%s)', 'fortran_order': (True|False), "
    rb"'shape': \(([\d, ]{0,600})\), \} *\n" % _TYPE,
    re.DOTALL,
)


def pack(arrays: Mapping[str, Array]) -> bytes:
    """Return the content of an .npz file; equal arrays in the same order give equal bytes.

    Raises ValueError for an array or a name that `unpack` would not read again.
    """
    entries = {}
    for name, values in arrays.items():
        kept = np.asarray(values, order="C")
        fits = re.fullmatch(_TYPE, kept.dtype.str.encode()) and kept.ndim <= MOST_AXES
        if not fits or not zips.is_name(name):
            raise ValueError(f"the array {name!r}, {kept.dtype} {kept.shape}, can't be kept")
        content = io.BytesIO()
        np.lib.format.write_array(content, kept, (1, 0), allow_pickle=False)
        entries[f"{name}.npy"] = content.getvalue()
    return zips.pack(entries)


def unpack(content: bytes, largest: int = LARGEST_TOTAL) -> dict[str, Array]:
    """Return the arrays of an .npz file, in this machine's byte order, not to be written into.

    Raises ValueError, one sentence that begins with what is wrong, for any other file, and for
    arrays that take more than ``largest`` bytes together.
    """
    source = Zip(io.BytesIO(content), largest)
    return {name.removesuffix(".npy"): _array(name, source.read(name)) for name in source.sizes}


def _array(name: str, content: bytes) -> Array:
    """Return the array of an .npy file, a view of its bytes where that can be."""
    header = _HEADER.match(content)
    if header is None:
        raise ValueError(f"its part {name} is no array of numbers")
    kind: np.dtype[Any] = np.dtype(header[1].decode())
    shape = tuple(int(size) for size in header[3].replace(b" ", b"").split(b",") if size)
    if len(shape) > MOST_AXES or prod(shape) * kind.itemsize != len(content) - header.end():
        raise ValueError(f"its part {name} is not as large as it says")
    if kind.kind == "b":
        flat: Array = np.frombuffer(content, np.uint8, offset=header.end()) != 0
    else:
        flat = np.frombuffer(content, kind, offset=header.end())
    try:
        values = flat.reshape(shape, order="F" if header[2] == b"True" else "C")
    except ValueError:  # without values, but with sizes that no array can have
        raise ValueError(f"its part {name} is not as large as it says") from None
    values = values.astype(kind.newbyteorder("="), copy=False)
    values.flags.writeable = False
    return values
