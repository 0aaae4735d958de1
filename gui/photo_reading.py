"""Photos as the Photo workspace holds them: what is shown, and the square that a network reads.

Qt-free, and made to run beside the window: decoding a photo may take a second.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data import photo

LARGEST_SHOWN = 1600  # pixels along the longer edge of what is kept for the screen
SMALLEST_CROP = 8  # pixels of the photo
MOST_OF_A_FOLDER = 20_000

Picture = NDArray[np.uint8]  # (3, H, W)


@dataclass(frozen=True)
class Crop:
    """A square of a photo, in pixels of what is shown."""

    left: float
    top: float
    edge: float

    @staticmethod
    def middle(width: int, height: int) -> "Crop":
        """The largest square in the middle."""
        edge = min(width, height)
        return Crop((width - edge) / 2, (height - edge) / 2, edge)

    def within(self, width: int, height: int) -> "Crop":
        """The square nearest to this one that lies inside the photo."""
        edge = min(max(self.edge, min(SMALLEST_CROP, width, height)), width, height)
        left = min(max(self.left, 0.0), width - edge)
        top = min(max(self.top, 0.0), height - edge)
        return Crop(left, top, edge)

    def scaled(self, by: float, width: int, height: int) -> "Crop":
        """Larger or smaller about its own middle."""
        edge = self.edge * by
        grown = (edge - self.edge) / 2
        return Crop(self.left - grown, self.top - grown, edge).within(width, height)


@dataclass(frozen=True)
class Source:
    """Something to open: a file, bytes, pixels (3, H, W), or what makes such pixels."""

    what: Path | bytes | Picture | Callable[[], Picture]
    name: str
    origin: str = ""  # a sentence for people: where it comes from
    label: int | None = None  # its class, where it comes from a data set
    row: int | None = None  # its place in the data set


@dataclass(frozen=True, eq=False)
class Photo:
    """An opened photo.

    Attributes:
        source: what it was opened from.
        shown: (H, W, 3) uint8, C-contiguous, no larger than `LARGEST_SHOWN`.
        middle: (3, S, S) uint8: its middle square as a network reads it.
    """

    source: Source
    shown: NDArray[np.uint8]
    middle: Picture
    image: Any = field(repr=False)  # the same as `shown`, as Pillow has it

    @property
    def width(self) -> int:
        return int(self.shown.shape[1])

    @property
    def height(self) -> int:
        return int(self.shown.shape[0])

    def seen(self, crop: Crop | None, size: int) -> Picture:
        """A square of it as a network reads it, (3, size, size); None for the middle."""
        if crop is None and self.middle.shape[1] == size:
            return self.middle
        box = crop or Crop.middle(self.width, self.height)
        left, top, edge = round(box.left), round(box.top), max(1, round(box.edge))
        return photo.read_photo(self.image.crop((left, top, left + edge, top + edge)), size)


def read(source: Source, size: int) -> Photo:
    """Open a photo.

    Raises:
        ValueError, OSError: one sentence with its name and what was wrong.
    """
    what = source.what
    name = source.name
    content: Any = what
    if isinstance(what, Path):
        content = _bytes_of(what, name)
    elif callable(what):
        content = what()
    image = photo.open_photo(content, LARGEST_SHOWN // 2, name)
    # A JPEG is decoded anew, small and fast; of all else that would give the same pixels again.
    jpeg = isinstance(content, bytes) and content.startswith(b"\xff\xd8")
    middle = photo.read_photo(content if jpeg else image, size, name=name)
    if max(image.size) > LARGEST_SHOWN:
        image.thumbnail((LARGEST_SHOWN, LARGEST_SHOWN))
    shown = np.ascontiguousarray(np.asarray(image))
    return Photo(source, shown, middle, image)


def pixels_of(path: Path) -> Picture:
    """A photo's pixels (3, H, W) as they are shown; errors are those of `read`."""
    image = photo.open_photo(_bytes_of(path, path.name), LARGEST_SHOWN // 2, path.name)
    image.thumbnail((LARGEST_SHOWN, LARGEST_SHOWN))
    return np.asarray(image).transpose(2, 0, 1)


def _bytes_of(path: Path, name: str) -> bytes:
    """A file's content, read once; what is no ordinary file is not touched."""
    if path.is_dir():
        raise ValueError(f"{name}: is a folder, expected a picture")
    if not path.is_file():
        what = "is no ordinary file" if path.exists() else "there is no such file"
        raise ValueError(f"{name}: {what}")
    with path.open("rb") as file:
        return file.read(photo.LARGEST_FILE + 1)


def gather(paths: list[Path]) -> Iterator[Source]:
    """The photos among files and folders, in order; a folder gives all that lie in it and below.

    Files named one by one are taken whatever they are called, and fail later with a sentence.
    """
    from nn.data.folders import SUFFIXES

    found = 0
    for path in paths:
        if not path.is_dir():
            yield Source(path, path.name)
            continue
        for inner in sorted(path.rglob("*")):
            if inner.suffix.lower() in SUFFIXES and inner.is_file():
                found += 1
                if found > MOST_OF_A_FOLDER:
                    return
                yield Source(inner, inner.name)
