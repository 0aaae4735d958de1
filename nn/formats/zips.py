"""Zip files as data: every name and size is checked before anything is inflated, and nothing is
ever extracted to the disk.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

MOST_ENTRIES = 4096
LARGEST_ENTRY = 128 << 20
LARGEST_TOTAL = 192 << 20
"""Bytes of one entry and of all, inflated."""

_END = struct.Struct("<4s4H2LH")  # the last bytes of a zip file without a comment
_LARGEST_INDEX = 512 * MOST_ENTRIES
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_BEST_DEFLATED = 1040
"""To how many bytes, at most, deflate can inflate one."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    IndexError,
    ValueError,
)
"""What Python's zipfile raises for broken files."""


class Zip:
    """The entries of a zip file, together at most ``largest`` bytes, inflated.

    Raises ValueError, one sentence that begins with what is wrong, for a file that is none, and
    for one with names, sizes or ways of compression that `pack` doesn't write.
    """

    def __init__(self, file: BinaryIO, largest: int = LARGEST_TOTAL) -> None:
        _check_end(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except _BROKEN:
            raise ValueError("its table of contents is broken") from None
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            name = entry.filename
            if not is_name(name):
                raise ValueError(f"it has a part with the odd name {name[:60]!r}")
            if name in self._entries:
                raise ValueError(f"it has the part {name} twice")
            if entry.file_size > LARGEST_ENTRY:
                raise ValueError(f"its part {name} is larger than {LARGEST_ENTRY >> 20} MB")
            if entry.file_size > _BEST_DEFLATED * entry.compress_size:
                raise ValueError(f"its part {name} is broken")
            self._entries[name] = entry
        if sum(self.sizes.values()) > largest:
            raise ValueError(f"it is larger than {largest >> 20} MB")

    @property
    def sizes(self) -> dict[str, int]:
        """Sizes of the entries, inflated, by name."""
        return {name: entry.file_size for name, entry in self._entries.items()}

    def read(self, name: str) -> bytes:
        """Return an entry, inflated. Raises ValueError, one sentence, when it is broken."""
        entry = self._entries[name]
        try:
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise zipfile.BadZipFile  # slow ones that nobody writes here
            with self._zip.open(entry) as file:
                content = file.read(entry.file_size)
                if len(content) == entry.file_size:
                    return content
        except _BROKEN:
            pass
        raise ValueError(f"its part {name} is broken")


def is_name(name: str) -> bool:
    """Tell whether a part may be called so: a path of letters, digits, dots and dashes."""
    return len(name) <= 200 and _NAME.fullmatch(name) is not None


def pack(entries: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these entries; equal entries in the same order give equal bytes.

    Arrays (.npy, .npz) are kept as they are, which is quick to write; all else is deflated.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name)  # its date is always the same, in 1980
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            arrays = name.endswith((".npy", ".npz"))
            entry.compress_type = zipfile.ZIP_STORED if arrays else zipfile.ZIP_DEFLATED
            target.writestr(entry, content, compresslevel=1)
    return file.getvalue()


def _check_end(file: BinaryIO) -> None:
    """Check the last bytes of a zip file, from which zipfile learns how much to read at once."""
    file.seek(0)
    if file.read(2) != b"PK":
        raise ValueError("it is no zip file")
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 20 - _END.size))
    end = file.read()
    if len(end) < _END.size or not end[-_END.size :].startswith(b"PK\5\6"):
        raise ValueError("its end is missing")
    *_, entries, index_size, index_start, _ = _END.unpack(end[-_END.size :])
    if entries > MOST_ENTRIES or index_size > _LARGEST_INDEX or end.startswith(b"PK\6\7"):
        raise ValueError("it has too many parts")
    if index_start + index_size + _END.size != size:
        raise ValueError("its table of contents is broken")
