"""Real drives of one's own that fill up, refuse, vanish and stop to answer; for Linux and root."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Drive:
    """A small drive that is mounted at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.path / "filler").open("wb", buffering=0) as file:
            for size in (65_536, 4_096, 1):
                try:
                    while file.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        (self.path / "filler").unlink()

    def refuse(self, refuse: bool = True) -> None:
        """Can only be read, or can be written again."""
        _run("mount", "-o", f"remount,{'ro' if refuse else 'rw'}", self.path)

    def vanish(self) -> None:
        """Be pulled out."""
        _run("umount", "-l", self.path)

    def freeze(self) -> None:
        """Hold up whoever writes, until `thaw`."""
        _run("fsfreeze", "-f", self.path)

    def thaw(self) -> None:
        _run("fsfreeze", "-u", self.path)


@contextmanager
def mounted(path: Path, size: int = 4_000_000) -> Iterator[Drive]:
    """A drive of about `size` bytes; raises OSError where none may be mounted."""
    image = path.with_suffix(".img")
    path.mkdir()
    if any(shutil.which(tool) is None for tool in ("mkfs.ext4", "fsfreeze", "mount")):
        raise OSError("mkfs.ext4, fsfreeze or mount is not installed")
    image.write_bytes(bytes(size))
    _run("mkfs.ext4", "-q", "-m", "0", image)
    _run("mount", "-o", "loop", image, path)
    try:
        yield Drive(path)
    finally:
        subprocess.run(["fsfreeze", "-u", str(path)], capture_output=True)
        subprocess.run(["umount", "-l", str(path)], capture_output=True)


def _run(*words: object) -> None:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip() or f"{words[0]} failed")
