"""Unpacking an archive that may be hostile.

Only ordinary files come out of it, only inside the folder, and no more of them than was said. One
bad entry refuses the whole archive: what has it is not what it says it is.
"""

import gzip
import io
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from nn.data.progress import Clock, Job, Progress
from nn.words import shown

_PIECE = 1 << 20
_MOST_ENTRIES = 1000
_SLACK = 10_000_000
"""Bytes an archive may have besides its wanted files: headers, padding, read-me files."""


def unpacking(archive: str | Path, folder: str | Path, members: Mapping[str, int]) -> Job[Path]:
    """Unpack the wanted files of a .tar or .tar.gz, as a job that tells how far it is.

    Args:
        archive: the file.
        folder: where the files go, without their folders in the archive; must exist.
        members: name in the archive and exact size in bytes of each wanted file. Others are
            looked at, and left where they are.

    Returns:
        The folder.

    Raises:
        ValueError: the archive is damaged, lacks a file, or holds what no data set needs; one
            sentence with the archive and the entry. Files may be left in `folder` then.
        OSError: a file can't be read or written.
    """
    archive, folder = Path(archive), Path(folder)
    total = sum(members.values())
    clock, done = Clock(), 0
    missing = dict(members)
    with archive.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        plain = gzip.GzipFile(fileobj=raw) if zipped else raw
        metered = _Metered(cast(io.BufferedIOBase, plain), total + _SLACK)
        try:
            with tarfile.open(fileobj=metered, mode="r:") as tar:
                for count, entry in enumerate(tar):
                    if count >= _MOST_ENTRIES:
                        raise _BadArchiveError(f"more than {_MOST_ENTRIES} entries")
                    name = _checked_name(entry)
                    size = missing.pop(name, None)
                    if size is None:
                        continue
                    if entry.size != size:
                        raise _BadArchiveError(
                            f"{name}: expected {size:,} bytes, got {entry.size:,}"
                        )
                    source = tar.extractfile(entry)
                    if source is None:
                        raise _BadArchiveError(f"{name} is a folder, expected a file")
                    with (folder / PurePosixPath(name).name).open("wb") as target:
                        while piece := source.read(_PIECE):
                            target.write(piece)
                            done += len(piece)
                            left = clock.left(done, total)
                            yield Progress(f"unpacking {target.name}", done, total, "bytes", left)
                        if target.tell() != size:
                            raise _BadArchiveError(f"{name}: cut off")
        except _BadArchiveError as problem:
            raise ValueError(f"{archive}: refused, {problem}") from None
        except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error, ValueError):
            raise ValueError(f"{archive}: the archive is damaged or cut off") from None
    if missing:
        raise ValueError(f"{archive}: expected {', '.join(missing)} in it, and found no such file")
    return folder


class _BadArchiveError(Exception):
    """What is wrong with an archive."""


class _Metered(io.RawIOBase):
    """A stream that ends an archive which unpacks to more than was said.

    It reads forward only, so that whatever tarfile is led to skip is counted, too.
    """

    def __init__(self, stream: io.BufferedIOBase, most: int) -> None:
        self._stream, self._most, self._at = stream, most, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        if not 0 <= size <= 4 * _PIECE:  # as a header's "length of the name" may ask for
            raise _BadArchiveError(f"an entry's header asks for {size:,} bytes")
        content = self._stream.read(size)
        self._at += len(content)
        if self._at > self._most:
            raise _BadArchiveError(f"it unpacks to more than {self._most:,} bytes")
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence != io.SEEK_SET or offset < self._at:
            raise _BadArchiveError("an entry lies before the one in front of it")
        if offset > self._most:
            raise _BadArchiveError(f"it unpacks to more than {self._most:,} bytes")
        while self._at < offset and self.read(min(_PIECE, offset - self._at)):
            pass
        return self._at


def _checked_name(entry: tarfile.TarInfo) -> str:
    """Return an entry's name, in clean form; an error for what no data set needs."""
    called = shown(entry.name, 100)
    if entry.issym() or entry.islnk():
        raise _BadArchiveError(f"{called} is a link")
    if not (entry.isfile() or entry.isdir()) or entry.issparse():
        raise _BadArchiveError(f"{called} is no ordinary file")
    if entry.size < 0:
        raise _BadArchiveError(f"{called} has a size of {entry.size}")
    name = PurePosixPath(entry.name)
    odd = any(character in entry.name for character in "\\:\0")
    if name.is_absolute() or ".." in name.parts or odd:
        raise _BadArchiveError(f"{called} would lie outside the folder")
    return str(name)
