"""A data set of photos that a person sorts: move, delete, add, take back, save as files.

Pictures stay where they are; what changes is which of them belong to which class. So every step
can be taken back for the price of one array of labels.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.data.datasets import Dataset
from nn.data.progress import Job, Progress

GONE = -1  # the label of a deleted picture
MOST_UNDO = 200
CSV_NAME = "SOURCES.csv"
COLUMNS = ("file", "class", "title", "author", "licence", "licence_url", "source")


@dataclass(frozen=True)
class Credit:
    """Who made a picture and under which licence it may be used; empty where unknown."""

    title: str = ""
    author: str = ""
    licence: str = ""
    licence_url: str = ""
    source: str = ""


class PhotoData:
    """Pictures (N, 3, S, S) uint8 with labels, some deleted.

    `labels` (N,) has `GONE` where a picture was deleted. `edited` is True until it is saved.
    """

    def __init__(
        self,
        name: str,
        images: NDArray[np.uint8],
        labels: NDArray[np.int64],
        class_names: Sequence[str],
        credits: Sequence[Credit] | None = None,
        note: str = "",
    ) -> None:
        self.name, self.note = name, note
        self.images = images
        self.labels = labels.astype(np.int64)
        self.class_names = list(class_names)
        self.credits = list(credits) if credits else [Credit()] * len(images)
        self.edited = False
        self._undo: list[tuple[str, NDArray[np.int64]]] = []
        self._redo: list[tuple[str, NDArray[np.int64]]] = []

    @staticmethod
    def of(dataset: Dataset, credits: Sequence[Credit] | None = None) -> "PhotoData":
        """A data set as one to sort; pictures of its test set are not in it."""
        images, labels = dataset.images, dataset.labels
        return PhotoData(dataset.name, images, labels, dataset.class_names, credits, dataset.note)

    def __len__(self) -> int:
        return int((self.labels != GONE).sum())

    def rows(self, label: int | None = None) -> NDArray[np.int64]:
        """The pictures of a class, or all that are left."""
        kept = self.labels != GONE if label is None else self.labels == label
        return np.flatnonzero(kept).astype(np.int64)

    def counts(self) -> list[int]:
        """Pictures of each class."""
        return [int((self.labels == label).sum()) for label in range(len(self.class_names))]

    def move(self, rows: Sequence[int], label: int) -> str:
        """Put pictures into another class, or delete them with `GONE`; what was done, in words."""
        if label != GONE and not 0 <= label < len(self.class_names):
            raise ValueError(f"label: expected 0 to {len(self.class_names) - 1}, got {label}")
        changed = [row for row in rows if self.labels[row] != label]
        if not changed:
            return ""
        many = "1 picture" if len(changed) == 1 else f"{len(changed)} pictures"
        words = f"Deleted {many}." if label == GONE else ""
        words = words or f"Moved {many} to “{self.class_names[label]}”."
        self._remember(words)
        self.labels[changed] = label
        return words

    def delete(self, rows: Sequence[int]) -> str:
        """Take pictures out; they can be brought back with `undo`."""
        return self.move(rows, GONE)

    def add(self, images: NDArray[np.uint8], label: int, credits: Sequence[Credit]) -> str:
        """Add pictures (n, 3, S, S) to a class."""
        if images.shape[1:] != self.images.shape[1:]:
            raise ValueError(f"images: expected {self.images.shape[1:]}, got {images.shape[1:]}")
        count = len(images)
        words = f"Added {count} to “{self.class_names[label]}”."
        gone = np.full(count, GONE, np.int64)
        for steps in (self._undo, self._redo):
            steps[:] = [(text, np.concatenate((old, gone))) for text, old in steps]
        self.images = np.concatenate((self.images, images))
        self.labels = np.concatenate((self.labels, gone))
        self.credits.extend(credits)
        self._remember(words)
        self.labels[-count:] = label
        return words

    def name_class(self, name: str) -> int:
        """The class of this name, made if there is none; ValueError for an empty name."""
        clean = safe_name(name)
        if clean not in self.class_names:
            self.class_names.append(clean)
        return self.class_names.index(clean)

    # -- taking back -------------------------------------------------------------------------

    @property
    def undo_text(self) -> str:
        """What would be taken back; empty when there is nothing."""
        return self._undo[-1][0] if self._undo else ""

    @property
    def redo_text(self) -> str:
        return self._redo[-1][0] if self._redo else ""

    def undo(self) -> str:
        return self._swap(self._undo, self._redo)

    def redo(self) -> str:
        return self._swap(self._redo, self._undo)

    def _remember(self, words: str) -> None:
        self._undo = [*self._undo[-MOST_UNDO + 1 :], (words, self.labels.copy())]
        self._redo.clear()
        self.edited = True

    def _swap(
        self,
        here: list[tuple[str, NDArray[np.int64]]],
        there: list[tuple[str, NDArray[np.int64]]],
    ) -> str:
        if not here:
            return ""
        words, labels = here.pop()
        there.append((words, self.labels.copy()))
        self.labels = labels
        self.edited = True
        return words

    # -- for training ------------------------------------------------------------------------

    def problem(self) -> str:
        """Why nothing can be learned from this, as a sentence; empty when something can."""
        counts = self.counts()
        full = [n for n in counts if n >= 2]
        if len(full) < 2:
            return "Training needs at least two classes with two pictures each."
        return ""

    def dataset(self) -> Dataset:
        """What is left, without empty classes, as the engine knows it. ValueError: nothing is."""
        rows = self.rows()
        used = [i for i, count in enumerate(self.counts()) if count]
        place = np.zeros(len(self.class_names), np.int64)
        place[used] = np.arange(len(used))
        names = tuple(self.class_names[i] for i in used)
        return Dataset(
            self.name, self.images[rows], place[self.labels[rows]], names, None, self.note
        )


def safe_name(name: str) -> str:
    """A class name that can begin a file's name; ValueError when nothing is left of it."""
    clean = re.sub(r"[^\w\- ]+", "", name.strip(), flags=re.UNICODE).strip().replace(" ", "-")
    if not clean or clean.startswith("-"):
        raise ValueError("A class needs a name of letters or digits.")
    return clean[:40]


def saving(data: PhotoData, folder: Path) -> Job[Path]:
    """Write every picture as `label_001.jpg`, with a CSV of sources and licences.

    A job. The folder must be new or empty: nothing of anybody's is overwritten.

    Raises:
        ValueError: the folder holds something already, or there is no picture.
        OSError: it can't be written.
    """
    from PIL import Image  # needed to write, not to start the app

    rows = data.rows()
    if not len(rows):
        raise ValueError("There is no picture to save.")
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder.name}: is not empty; choose a new or an empty folder.")
    folder.mkdir(parents=True, exist_ok=True)
    table = []
    counts = [0] * len(data.class_names)
    for done, row in enumerate(rows.tolist()):
        yield Progress("saving", done, len(rows), "pictures")
        label = int(data.labels[row])
        counts[label] += 1
        name = data.class_names[label]
        file = f"{name}_{counts[label]:03d}.jpg"
        picture = np.ascontiguousarray(data.images[row].transpose(1, 2, 0))
        Image.fromarray(picture).save(folder / file, quality=95, subsampling=0)
        table.append((file, name, data.credits[row]))
    (folder / CSV_NAME).write_text(_csv(table), encoding="utf-8", newline="")
    data.edited = False
    return folder


def opening(folder: Path, size: int) -> Job[PhotoData]:
    """Open a folder of pictures to sort, with the credits that lie beside them. A job.

    Raises:
        ValueError: there is no usable picture; one sentence.
        OSError: the folder can't be read.
    """
    from nn.data.folders import SUFFIXES, reading

    dataset = yield from reading(folder, size)
    if dataset.problems or not (folder / CSV_NAME).is_file():
        return PhotoData.of(dataset)
    files = [path.name for path in folder.iterdir() if path.suffix.lower() in SUFFIXES]
    files.sort(key=_counted)  # as they were read
    return PhotoData.of(
        dataset, read_credits(folder, files) if len(files) == len(dataset) else None
    )


def read_credits(folder: Path, files: Sequence[str]) -> list[Credit]:
    """The credits of these files from the folder's CSV; empty ones where it says nothing."""
    path = folder / CSV_NAME
    found: dict[str, Credit] = {}
    if path.is_file() and path.stat().st_size < 20_000_000:
        try:
            for line in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
                found[line.get("file") or ""] = Credit(
                    *((line.get(column) or "") for column in COLUMNS[2:])
                )
        except (ValueError, csv.Error):
            pass  # a table that can't be read credits nobody; the pictures are good all the same
    return [found.get(file, Credit()) for file in files]


def _counted(name: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _csv(table: Iterable[tuple[str, str, Credit]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for file, name, credit in table:
        fields = (credit.title, credit.author, credit.licence, credit.licence_url, credit.source)
        writer.writerow([file, name, *map(_cell, fields)])
    return out.getvalue()


def _cell(text: str) -> str:
    """A text from the web that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
