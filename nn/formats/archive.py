"""The container of a session file, ``.brightwire``: a zip of parts with a manifest.

::

    manifest.json           {"format": "brightwire-session", "version": 1,
                             "app": "Brightwire 0.1.0", "written": "2025-01-31T12:00:00Z",
                             "parts": {"sketch/settings.json": "<sha256>", …}}
    sketch/settings.json    a JSON value
    sketch/samples.ndjson   a list of JSON values, one a line
    sketch/weights.npz      arrays of numbers by name

A file is data: it is never unpickled, evaluated or extracted to the disk, and every size is
checked before memory is taken for it.
"""

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from nn.formats import json_text, npz, zips
from nn.formats.files import write_whole
from nn.formats.reading import size_of
from nn.formats.zips import LARGEST_TOTAL, Zip
from nn.words import shown

FORMAT = "brightwire-session"
VERSION = 1
MANIFEST = "manifest.json"

Parts = dict[str, Any]
"""By name; the suffix tells what a part is: .json a JSON value, .ndjson a list of JSON values,
.npz a dict of arrays of numbers (those that are read can't be written into).
"""

LARGEST = {"json": 32 << 20, "ndjson": 32 << 20, "npz": zips.LARGEST_ENTRY}
"""Bytes of a part, by what it is."""


class Archive(NamedTuple):
    """What a session file holds: its parts as of this version, and the version, the app and the
    time (ISO 8601, UTC) with which it was written.
    """

    parts: Parts
    version: int
    app: str
    written: str


def write(path: str | Path, parts: Parts, app: str = "Brightwire") -> str:
    """Write a session file and return its SHA-256, in hex.

    The file is written beside and renamed: there is either the old one or the new one. Raises
    OSError, and ValueError for parts that `read` would refuse; the old file is untouched then.
    """
    written = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    content = pack(parts, app, written)
    write_whole(Path(path), content)
    return hashlib.sha256(content).hexdigest()


def read(path: str | Path) -> Archive:
    """Return what is in a session file, of this version or an older one.

    Raises OSError, and ValueError in one sentence with the file's name for what is no session
    file, is broken, too large, or made by a newer Brightwire.
    """
    path = Path(path)
    size_of(path)  # of a folder or a pipe there is none
    with path.open("rb") as file:
        return _unpack(file, path.name)


def pack(parts: Parts, app: str, written: str) -> bytes:
    """Return the content of a session file: the same for the same parts, app and time.

    Raises ValueError for parts that `unpack` would refuse; TypeError for what is no JSON value.
    """
    contents = {name: _encoded(name, parts[name]) for name in sorted(parts)}
    room = LARGEST_TOTAL
    for name, content in contents.items():
        room -= _memory(name, content)
        if len(content) > LARGEST[_kind(name)] or room < 0 or len(contents) >= zips.MOST_ENTRIES:
            raise ValueError(f"there is more to keep than fits into a session file, see {name}")
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "app": app,
        "written": written,
        "parts": {name: _checksum(content) for name, content in contents.items()},
    }
    return zips.pack({MANIFEST: json_text.dump(manifest), **contents})


def unpack(content: bytes, name: str) -> Archive:
    """Return what is in the content of a session file that is called ``name``; see `read`."""
    return _unpack(io.BytesIO(content), name)


# -- parts as bytes ----------------------------------------------------------------------------


def _kind(name: str) -> str:
    kind = name.rpartition(".")[2]
    if not zips.is_name(name) or name == MANIFEST or kind not in LARGEST:
        raise ValueError(f"there is no such part as {shown(name)}")
    return kind


def _encoded(name: str, part: Any) -> bytes:
    match _kind(name):
        case "json":
            return json_text.dump(part)
        case "ndjson":
            return b"".join(json_text.dump(value) + b"\n" for value in part)
        case _:
            return npz.pack(part)


def _decoded(name: str, content: bytes, room: int) -> Any:
    """Return a part; ``room`` is how many bytes it may take in memory."""
    match _kind(name):
        case "json":
            return json_text.parse(content, room)
        case "ndjson":
            if json_text.memory(content) > room:
                raise ValueError("it holds more values than fit into memory")
            return [json_text.parse(line) for line in content.splitlines()]
        case _:
            return npz.unpack(content, room)


def _memory(name: str, content: bytes) -> int:
    """Return how many bytes a part takes in memory, about."""
    return len(content) if _kind(name) == "npz" else json_text.memory(content)


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# -- reading -----------------------------------------------------------------------------------


class _RefusedError(ValueError):
    """The file is whole, but not for us."""


def _unpack(file: BinaryIO, name: str) -> Archive:
    try:
        return _read(file)
    except _RefusedError as error:
        why = str(error)
    except ValueError as error:
        why = f"it is broken ({error}); open an older copy of it"
    raise ValueError(f"{name} can't be opened: {why}")


def _read(file: BinaryIO) -> Archive:
    foreign = _RefusedError(
        "it is no session file of Brightwire; choose one that ends in .brightwire"
    )
    if file.read(2) != b"PK":
        raise foreign
    source = Zip(file)
    manifest = json_text.parse(source.read(MANIFEST)) if MANIFEST in source.sizes else None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise foreign
    version, app, written = (manifest.get(name) for name in ("version", "app", "written"))
    if type(version) is not int or not isinstance(app, str) or not isinstance(written, str):
        raise ValueError("its manifest doesn't tell version, app and date")
    if version > VERSION:
        raise _RefusedError(
            f"a newer Brightwire has written it, {shown(app)[1:-1]}; update the app to open it"
        )
    parts = _checked_parts(source, manifest.get("parts"))
    for old in range(version, VERSION):
        if old not in UPGRADES:
            raise ValueError(f"there never was a version {version}")
        parts = UPGRADES[old](parts)
    return Archive(parts, version, app, written)


def _checked_parts(source: Zip, checksums: Any) -> Parts:
    """Return the parts whose names and checksums the manifest tells."""
    if not isinstance(checksums, dict) or set(source.sizes) != {MANIFEST, *checksums}:
        raise ValueError("its manifest doesn't list the parts that are in it")
    parts, room = {}, LARGEST_TOTAL
    for name, checksum in checksums.items():
        if source.sizes[name] > LARGEST[_kind(name)]:
            raise ValueError(f"its part {name} is larger than {LARGEST[_kind(name)] >> 20} MB")
        content = source.read(name)
        if _checksum(content) != checksum:
            raise ValueError(f"its part {name} does not match its checksum")
        try:
            parts[name] = _decoded(name, content, room)
        except ValueError as error:
            raise ValueError(f"its part {name} can't be read: {error}") from None
        room -= _memory(name, content)
    return parts


# -- older versions ----------------------------------------------------------------------------


def _from_0(parts: Parts) -> Parts:
    """Version 0 knew the Sketch workspace alone, and had no folders."""
    return {f"sketch/{name}": part for name, part in parts.items()}


UPGRADES: dict[int, Callable[[Parts], Parts]] = {0: _from_0}
"""What makes parts of one version those of the next."""
