"""Fetching a data set into the user's data folder: told first, checked, never half there.

A file gets its name when its checksum is right; an archive is unpacked beside, and its files are
moved when all of them are there. `nn.data.transfer` fetches, resumes and checks one file.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from nn.data.archives import unpacking
from nn.data.progress import Clock, Job, Progress
from nn.data.sources import RemoteFile, Source
from nn.data.transfer import DownloadError, transfer

TIMEOUT = 20.0
"""Seconds without a byte after which a connection counts as broken."""


def data_folder(override: str | Path | None = None) -> Path:
    """Return the user's folder for Brightwire's data (it need not exist yet).

    `override` if given; else $XDG_DATA_HOME/brightwire, or what is usual on the platform:
    ~/.local/share/brightwire, ~/Library/Application Support/Brightwire, %LOCALAPPDATA%/Brightwire.
    """
    if override is not None:
        return Path(override).expanduser()
    chosen = os.environ.get("XDG_DATA_HOME", "")
    if chosen and os.path.isabs(chosen):  # the XDG specification says to ignore a relative one
        return Path(chosen) / "brightwire"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Brightwire"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "Brightwire"
    return Path.home() / ".local" / "share" / "brightwire"


def place(source: Source, folder: str | Path | None = None) -> Path:
    """Return the folder where `fetching` puts a data set."""
    return data_folder(folder) / "datasets" / source.name


def is_here(source: Source, folder: str | Path | None = None) -> bool:
    """Tell whether a data set has been fetched; its checksums were right then."""
    return not _missing(source, place(source, folder))


def bytes_to_fetch(source: Source, folder: str | Path | None = None) -> int:
    """Return how many bytes are still to come, for telling before anything is fetched."""
    home = place(source, folder)
    return sum(file.size - _begun(home, file) for file in _missing(source, home))


def fetching(
    source: Source,
    folder: str | Path | None = None,
    mirrors: Sequence[str] | None = None,
    timeout: float = TIMEOUT,
) -> Job[Path]:
    """Fetch a data set, as a job that tells how far it is; closing the job cancels it.

    What is there already is not fetched again; what was broken off is gone on with.

    Args:
        source: one of `nn.data.sources`.
        folder: in place of the user's data folder.
        mirrors: addresses in place of the source's own, http or https.
        timeout: seconds without a byte after which a connection counts as broken.

    Returns:
        The folder with the files, for `nn.data.loading`.

    Raises:
        DownloadError: no mirror gave the right file, or there is no room for it.
        ValueError: an address is not http or https, or the archive is not what it should be.
        OSError: a file can't be written.
    """
    urls = source.mirrors if mirrors is None else tuple(mirrors)
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"mirrors: expected addresses with http or https, got {url!r}")
    home = place(source, folder)
    wanted = _missing(source, home)
    if not wanted:
        return home
    home.mkdir(parents=True, exist_ok=True)
    _check_room(source, home, wanted)
    total = sum(file.size for file in wanted)
    behind = 0
    clock = Clock(sum(_begun(home, file) for file in wanted))
    for file in wanted:
        part = _part(home, file)
        waiting = sum(_begun(home, later) for later in wanted[wanted.index(file) + 1 :])
        with closing(transfer(file, part, urls, timeout)) as pieces:
            for got in pieces:
                done = behind + min(got, file.size) + waiting
                doing = f"fetching {file.name}"
                yield Progress(doing, done, total, "bytes", clock.left(done, total))
        behind += file.size
        if source.members:
            try:
                yield from _unpacking(source, part, home)
            except ValueError:  # it will be no better the next time
                part.unlink()
                raise
        else:
            os.replace(part, home / file.name)
    return home


def _unpacking(source: Source, part: Path, home: Path) -> Job[None]:
    """Unpack an archive beside its place, move its files in, and throw the archive away."""
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=home) as beside:
        yield from unpacking(part, beside, dict(source.members))
        for name, _ in source.members:
            inner = name.rpartition("/")[2]
            os.replace(Path(beside, inner), home / inner)
    part.unlink()


def _missing(source: Source, home: Path) -> list[RemoteFile]:
    """Return what is still to be fetched."""
    if source.members:
        here = all(_size(home / name.rpartition("/")[2]) == size for name, size in source.members)
        return [] if here else list(source.files)
    return [file for file in source.files if not (home / file.name).is_file()]


def _check_room(source: Source, home: Path, wanted: list[RemoteFile]) -> None:
    need = sum(file.size - _begun(home, file) for file in wanted)
    need += sum(size for _, size in source.members)
    free = shutil.disk_usage(home).free
    if free < need + 1_000_000:
        raise DownloadError(
            f"{source.title} needs {need / 1e6:,.0f} MB in {home}, "
            f"and {free / 1e6:,.0f} MB are free"
        )


def _part(home: Path, file: RemoteFile) -> Path:
    return home / f"{file.name}.part"


def _begun(home: Path, file: RemoteFile) -> int:
    """Return the bytes of a file that came before it broke off."""
    return min(_size(_part(home, file)), file.size)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
