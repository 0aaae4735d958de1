"""IDX files, in which MNIST comes: a header with the shape, then the numbers; plain or gzipped.

    0, 0, type of the numbers, number of axes      4 bytes
    length of each axis                            4 bytes each, the high byte first
    the numbers                                    row by row, the high byte first

Source: Y. LeCun, "The MNIST database", section "The IDX file format".
"""

import math
import struct
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nn.formats.reading import opened

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""Of the numbers, by the third byte."""

MOST_BYTES = 200_000_000
_PIECE = 1 << 20


def read(path: str | Path, axes: int | None = None, most_bytes: int = MOST_BYTES) -> NDArray[Any]:
    """Return the array of an IDX file, in the machine's byte order.

    What the header promises is compared with the file's content as it comes in: memory is never
    taken for more than is there.

    Args:
        path: plain or gzipped, whatever its name.
        axes: how many the array must have, if that is known.
        most_bytes: that the array may take.

    Raises:
        ValueError: one sentence with the file, what was wrong and what was expected.
        OSError: the file can't be opened.
    """
    path = Path(path)
    with opened(path) as stream:
        shape, dtype = _header(path, stream, axes)
        wanted = math.prod(shape) * dtype.itemsize
        if max(wanted, *shape) > most_bytes:
            raise ValueError(
                f"{path}: its header promises an array of shape {shape}, {wanted:,} bytes; "
                f"at most {most_bytes:,} are allowed"
            )
        content = bytearray()
        while len(content) <= wanted:
            piece = stream.read(min(_PIECE, wanted + 1 - len(content)))
            if not piece:
                break
            content += piece
    if len(content) != wanted:
        got = "more" if len(content) > wanted else f"{len(content):,}"
        raise ValueError(
            f"{path}: expected {wanted:,} bytes for an array of shape {shape}, got {got}"
        )
    values = np.frombuffer(content, dtype)
    if not dtype.isnative:
        values = values.byteswap(inplace=True).view(dtype.newbyteorder("="))
    return values.reshape(shape)


def _header(
    path: Path, stream: IO[bytes], axes: int | None
) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return the shape and the type that a file's first bytes tell."""
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not 1 <= magic[3] <= 8:
        begins = f"one that begins with {magic.hex(' ')}" if magic else "an empty one"
        raise ValueError(f"{path}: expected an IDX file, got {begins}; get the file anew")
    count = magic[3]
    if axes is not None and count != axes:
        raise ValueError(f"{path}: expected an array of {axes} axes, got one of {count}")
    lengths = stream.read(4 * count)
    if len(lengths) < 4 * count:
        raise ValueError(f"{path}: the header is cut off")
    return struct.unpack(f">{count}I", lengths), np.dtype(TYPES[magic[2]])
