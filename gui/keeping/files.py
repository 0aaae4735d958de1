"""A session's file on the disk: saved and opened, with errors that tell what to do. Qt-free.

These run beside the window, for a drive may take its time.
"""

import errno
import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from nn.formats import archive
from nn.formats.archive import Parts
from nn.formats.reading import size_of

SUFFIX = ".brightwire"

_NO_ROOM = "there is no room left on the disk. Make room"
_NO_ANSWER = "the drive does not answer. Is it still connected?"
_SAVING = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "that disk can only be read",
    errno.ENOENT: "its folder is not there any more",
    errno.ENOTDIR: "its folder is not there any more",
    errno.EISDIR: "a folder has that name",
    errno.ENAMETOOLONG: "its name is too long",
}
_OPENING = {
    errno.ENOENT: "it is not there any more. Was it moved, or is a drive missing?",
    errno.ENOTDIR: "it is not there any more. Was it moved, or is a drive missing?",
    errno.EACCES: "you may not read it. Ask who made it",
    errno.EPERM: "you may not read it. Ask who made it",
    errno.EISDIR: "it is a folder. Choose a file in it",
}
_GONE = (errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT)


class Loaded(NamedTuple):
    """What was in a session file, and the SHA-256 of the file."""

    parts: Parts
    digest: str


def load(path: Path) -> Loaded:
    """Read a session file. Raises ValueError, a sentence or two, whatever is wrong."""
    try:
        # A change between the two is noticed when it is saved, as every later one.
        digest = digest_of(path)
        return Loaded(archive.read(path).parts, digest)
    except OSError as error:
        raise ValueError(f"{path.name} can't be opened: {_told(error, _OPENING)}") from None


def save(path: Path, parts: Parts, expected: str | None) -> str | None:
    """Write a session file; its SHA-256.

    With `expected`, the SHA-256 that the file there is to have, nothing is written over another
    file: the answer is None then. Raises ValueError, a sentence or two; the old file stays.
    """
    try:
        if expected is not None and path.exists() and digest_of(path) != expected:
            return None
        return archive.write(path, parts, app())
    except OSError as error:
        raise ValueError(
            f"{path.name} was not saved: {_told(error, _SAVING)} You can save it in another place."
        ) from None


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hex; ValueError for a pipe or a device, which may never end."""
    size_of(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def app() -> str:
    """The name and version of this app."""
    try:
        return f"Brightwire {version('brightwire')}"
    except PackageNotFoundError:  # run from its folder
        return "Brightwire"


def reason(error: OSError) -> str:
    """Why nothing could be written, as the end of a sentence."""
    return _told(error, _SAVING)


def _told(error: OSError, words: dict[int, str]) -> str:
    if error.errno in _GONE:
        return _NO_ANSWER
    found = words.get(error.errno or 0, error.strerror or str(error))
    return found if found.endswith("?") else f"{found}."
