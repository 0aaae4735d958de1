"""What the tests need to know of a reader of files or texts from outside."""

import gzip
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.test_hostile import bend
from tests.test_hostile.guard import Clock

Makers = Mapping[str, Callable[[], bytes]]


@dataclass(frozen=True)
class Reader:
    """A reader of files, or of texts.

    Attributes:
        read: opens a path and uses what comes of it.
        good: content that it reads, by a seed.
        spoil: spoils that.
        bad: content that is bad in a way of its own, by name.
        large: the same, for the long run alone: they take a second or more each to make.
        file: what the file is called, maybe in a folder.
        named: whether a refusal names the file.
        beside: other files that lie there.
    """

    read: Callable[[Path], Any]
    good: Callable[[Random], bytes]
    spoil: bend.Bend = bend.bent
    bad: Makers = field(default_factory=dict)
    large: Makers = field(default_factory=dict)
    file: str = "hostile.bin"
    named: bool = True
    beside: Makers = field(default_factory=dict)

    def good_one(self) -> bytes:
        return self.good(Random(0))

    def content(self, case: int | str) -> bytes:
        """What a case is: a bad file by its name, or one of chance by its seed."""
        if isinstance(case, str):
            return {**self.bad, **self.large}[case]()
        rng = Random(case)
        return self.spoil(self.good(rng), rng)

    def lay(self, folder: Path, content: bytes) -> Path:
        """Put a file where `read` expects it, and return its path."""
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        (folder / "out").mkdir(exist_ok=True)
        for name, make in self.beside.items():
            if not (folder / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(make())
        path.write_bytes(content)
        return path


def zipped(inner: bend.Bend) -> bend.Bend:
    """Spoil a file inside gzip, and now and then the gzip around it."""

    def bent(content: bytes, rng: Random) -> bytes:
        match rng.randrange(4):
            case 0:
                return bend.bent(gzip.compress(content, mtime=0), rng)
            case 1:
                return gzip.compress(inner(content, rng), mtime=0)
        return inner(content, rng)

    return bent


def bomb(start: bytes, unit: bytes, megabytes: int, end: bytes = b"") -> Callable[[], bytes]:
    """Return what makes a small gzip file of a large content."""

    def make() -> bytes:
        out = io.BytesIO()
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0) as file:
            file.write(start)
            piece = unit * (1_000_000 // len(unit))
            for _ in range(megabytes):
                file.write(piece)
            file.write(end)
        return out.getvalue()

    return make


def of_text(read: Callable[[str], Any]) -> Callable[[Path], Any]:
    """A reader of texts as one of files."""
    return lambda path: read(path.read_bytes().decode("utf-8", "replace"))


def told(job: Any) -> Any:
    """Run a job to its end; as long as it tells how far it is, it does not hang."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value
        if Clock.latest:
            Clock.latest.tick()
