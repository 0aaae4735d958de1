"""Opening files from outside: ordinary files alone, and no more of them than is wanted."""

import gzip
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast


def size_of(path: Path) -> int:
    """Return the bytes of a file; ValueError for a folder, a pipe or a device, OSError if none."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ValueError(f"{path.name}: is no file to read, but a folder, a pipe or a device")
    return found.st_size


def read_whole(path: Path, most: int) -> bytes:
    """Return what is in a file; ValueError where that is more than ``most`` bytes, or no file."""
    if (size := size_of(path)) > most:
        raise ValueError(
            f"{path.name}: is too large with {size / 1e6:,.1f} MB; "
            f"at most {most / 1e6:,.0f} MB are read"
        )
    with path.open("rb") as file:
        return file.read(most)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading; one that is gzipped is unzipped as it is read.

    ValueError, one sentence, for what is no file, and for gzip data that turns out damaged while
    it is read.
    """
    size_of(path)
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            yield cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if zipped else raw
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise ValueError(
                f"{path}: the gzip data is damaged or cut off; get the file anew"
            ) from None
