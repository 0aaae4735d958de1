"""A folder of pictures as a data set: one sub-folder a class, or the class in the file's name.

    cats/a.jpg, dogs/b.png              classes cats and dogs
    beard_001.jpg, badger_002.jpg       the name up to the last underscore
    train/cats/…, test/cats/…           with a test set of its own

Files are read one at a time; only the small pictures that come out of them are kept. A file that
can't be used is listed with a sentence and the rest goes on.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets import Dataset
from nn.data.photo import Fit, read_photo
from nn.data.progress import Clock, Job, Progress, finish

SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".dib", ".webp", ".avif"),
    *(".tif", ".tiff", ".ico", ".ppm", ".pgm", ".pbm", ".pnm", ".heic", ".heif", ".svg"),
)
"""Names of pictures; the last three are told of as problems, all else is passed over."""

MOST_FILES = 200_000
MOST_CLASSES = 1000
MOST_BYTES = 4_000_000_000
"""Of all small pictures together."""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)

_Found: TypeAlias = list[tuple[Path, str]]
"""Files and the names of their classes."""


def read(folder: str | Path, size: int = 32, fit: Fit = "crop", channels: int = 3) -> Dataset:
    """Read a folder of pictures to its end; see `reading`."""
    return finish(reading(folder, size, fit, channels))


def reading(
    folder: str | Path, size: int = 32, fit: Fit = "crop", channels: int = 3
) -> Job[Dataset]:
    """Read a folder of pictures, as a job that tells how far it is.

    Args:
        folder: with one sub-folder a class, or with files named class_number.jpg.
        size, fit: as for `nn.data.photo.read_photo`.
        channels: 3 for colour, 1 for grey (0.299 R + 0.587 G + 0.114 B, ITU-R BT.601).

    Returns:
        The data set; classes in the order of their names, numbers counted ("2" before "10").
        `problems` has a sentence for each file that was left out.

    Raises:
        ValueError: there is no usable picture, or there is too much of them.
        OSError: the folder can't be read.
    """
    folder = Path(folder)
    if channels not in (1, 3):
        raise ValueError(f"channels: expected 1 (grey) or 3 (colour), got {channels!r}")
    found, tests = _find(folder)
    if not found:
        raise ValueError(
            f"{folder}: expected pictures in one sub-folder for each class, or files named "
            f"class_number.jpg, and found none"
        )
    total = len(found) + len(tests)
    names = sorted({name for _, name in found + tests}, key=_natural)
    if total > MOST_FILES or len(names) > MOST_CLASSES:
        raise ValueError(
            f"{folder}: expected at most {MOST_FILES:,} pictures of {MOST_CLASSES:,} classes, "
            f"found {total:,} of {len(names):,}"
        )
    if total * channels * size * size > MOST_BYTES:
        raise ValueError(
            f"{folder}: {total:,} pictures of {size}×{size} take more than "
            f"{MOST_BYTES // 10**9} GB; choose a smaller size"
        )
    problems: list[str] = []
    clock = Clock()
    done = 0
    parts = []
    for files in (found, tests):
        images = np.empty((len(files), channels, size, size), np.uint8)
        labels = np.empty(len(files), np.int64)
        kept = 0
        for path, name in files:
            left = clock.left(done, total)
            yield Progress(f"reading {path.name}", done, total, "pictures", left)
            try:
                images[kept] = _channels(
                    read_photo(path, size, fit, str(path.relative_to(folder))), channels
                )
                labels[kept] = names.index(name)
                kept += 1
            except ValueError as problem:
                problems.append(str(problem))
            except OSError as problem:
                problems.append(f"{path.relative_to(folder)}: {problem.strerror or problem}")
            done += 1
        parts.append((images[:kept], labels[:kept]))
    return _gathered(folder, names, parts, problems)


def _gathered(
    folder: Path,
    names: list[str],
    parts: Sequence[tuple[NDArray[np.uint8], NDArray[np.int64]]],
    problems: list[str],
) -> Dataset:
    """Make the data set; classes of which no picture could be read are left out."""
    (images, labels), (test_images, test_labels) = parts
    if not len(images):
        raise ValueError(
            f"{folder}: none of its {len(problems)} pictures can be used; {problems[0]}"
        )
    used = np.unique(np.concatenate((labels, test_labels)))
    place = np.zeros(len(names), np.int64)
    place[used] = np.arange(len(used))
    class_names = tuple(names[label] for label in used)
    test = None
    title = folder.name or str(folder)
    if len(test_images):
        test = Dataset(f"{title} (test)", test_images, place[test_labels], class_names)
    dataset = Dataset(title, images, place[labels], class_names, test, "", tuple(problems))
    of_each = ", ".join(
        f"{count:,} {name}"
        for name, count in list(zip(class_names, dataset.class_counts(), strict=True))[:8]
    )
    note = f"{folder}: {len(images):,} pictures of {len(class_names)} classes ({of_each}"
    note += ", …)" if len(class_names) > 8 else ")"
    if test is not None:
        note += f" and {len(test):,} to test with"
    if problems:
        note += f"; {len(problems)} could not be used"
    return replace(dataset, note=note + ".")


def has_pictures(folder: Path) -> bool:
    """Tell whether `reading` would find a file to read."""
    found, tests = _find(folder)
    return bool(found or tests)


def _find(folder: Path) -> tuple[_Found, _Found]:
    """Return the pictures to train with and those to test with."""
    halves = {name.lower(): folder / name for name in _folders(folder)}
    if "train" in halves and set(halves) <= {"train", "test"}:
        tests = _labelled(halves["test"]) if "test" in halves else []
        return _labelled(halves["train"]), tests
    return _labelled(folder), []


def _labelled(folder: Path) -> _Found:
    """Return the pictures of one folder with their classes, by sub-folder or by name."""
    by_folder = [
        (folder / name / file, name)
        for name in _folders(folder)
        for file in _pictures(folder / name)
    ]
    if by_folder:
        return by_folder
    files = _pictures(folder)
    return [(folder / file, _class_of(file)) for file in files]


def _class_of(file: str) -> str:
    stem = Path(file).stem
    return stem.rpartition("_")[0] or stem


def _folders(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        names = [e.name for e in entries if e.is_dir() and not e.name.startswith((".", "__"))]
    return sorted(names, key=_natural)


def _pictures(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        names = [
            entry.name
            for entry in entries
            if not entry.name.startswith(".")
            and os.path.splitext(entry.name)[1].lower() in SUFFIXES
            and entry.is_file()
        ]
    return sorted(names, key=_natural)


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key that counts: "2" comes before "10"."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(0, int(part), "") if part[:1] in "0123456789" else (1, 0, part) for part in parts]


def _channels(photo: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Return a photo (3, H, W) with as many channels as wanted."""
    if channels == 3:
        return photo
    grey = np.tensordot(_LUMA, photo.astype(np.float32), 1)
    brightness: NDArray[np.uint8] = np.clip(grey + 0.5, 0, 255).astype(np.uint8)[None]
    return brightness
