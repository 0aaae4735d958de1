"""A data set: labelled pictures that stay uint8, and how they are parted for training."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn.data.drawings import Sample, to_batch
from nn.data.pen import picture

_LOOK_UP = (np.arange(256) / 255).astype(np.float32)

Rows = NDArray[np.int64]


def to_float(
    images: NDArray[np.uint8], out: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Return uint8 pictures of any shape as float32 in [0, 1], 255 being 1; into `out` if given."""
    if images.dtype != np.uint8:
        raise ValueError(f"images: expected uint8, got {images.dtype}")
    # "clip" never clips a uint8, and lets numpy write to `out` without a buffer between.
    return np.take(_LOOK_UP, images, out=out, mode="clip")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled pictures.

    Attributes:
        name: for people, like "MNIST".
        images: (N, C, H, W) uint8, N of at least 1. Not copied.
        labels: (N,) int64, indices into class_names.
        class_names: at least one.
        test: the official test set (same picture shape and classes), if there is one.
        note: a sentence on where it comes from and what was found.
        problems: a sentence for each file that could not be used.

    Raises:
        ValueError: shapes, types or labels do not fit each other.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    test: "Dataset | None" = None
    note: str = ""
    problems: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        images, labels = self.images, self.labels
        if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.ndim != 4:
            raise ValueError(f"images: expected uint8 of shape (N, C, H, W), got {_kind(images)}")
        if 0 in images.shape:
            raise ValueError(f"images: expected at least one picture, got shape {images.shape}")
        if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iu":
            raise ValueError(f"labels: expected whole numbers of shape (N,), got {_kind(labels)}")
        if labels.shape != images.shape[:1]:
            raise ValueError(
                f"labels: expected one for each of {len(images)} pictures, got {labels.shape}"
            )
        names = tuple(self.class_names)
        if not names or not all(isinstance(name, str) and name for name in names):
            raise ValueError(f"class_names: expected at least one name, got {names!r}")
        if len(set(names)) != len(names):
            raise ValueError(f"class_names: expected each name once, got {names!r}")
        low, high = int(labels.min()), int(labels.max())
        if low < 0 or high >= len(names):
            raise ValueError(
                f"labels: expected 0 to {len(names) - 1}, got {low if low < 0 else high}"
            )
        test = self.test
        if test is not None and (test.image_shape != self.image_shape or test.class_names != names):
            raise ValueError(
                f"test: expected pictures {self.image_shape} of {len(names)} classes as in the "
                f"training set, got {test.image_shape} of {len(test.class_names)}"
            )
        object.__setattr__(self, "labels", labels.astype(np.int64, copy=False))
        object.__setattr__(self, "class_names", names)

    def __len__(self) -> int:
        return len(self.images)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one picture."""
        channels, height, width = self.images.shape[1:]
        return channels, height, width

    def class_counts(self, rows: Rows | None = None) -> NDArray[np.int64]:
        """Return how many pictures (of these rows) each class has, (classes,)."""
        labels = self.labels if rows is None else self.labels[rows]
        return np.bincount(labels, minlength=len(self.class_names)).astype(np.int64)

    def to_float(self, rows: Rows | slice | None = None) -> NDArray[np.float32]:
        """Return pictures (n, C, H, W) float32 in [0, 1] as a network reads them.

        All of them take four times the memory of `images`: ask for a batch.
        """
        return to_float(self.images if rows is None else self.images[rows])

    def subset(self, rows: Rows, name: str | None = None) -> "Dataset":
        """Return a data set of its own with these rows, in their order; it has no test set."""
        return replace(
            self,
            name=self.name if name is None else name,
            images=self.images[rows],
            labels=self.labels[rows],
            test=None,
            problems=(),
        )

    def split(self, validation: float = 0.2, seed: int = 0, test: float = 0.0) -> "Split":
        """Part the pictures for training, validation and, if there is no official one, testing.

        Every class gives the same part of its pictures, to rounding, and keeps at least one for
        training. A seed gives the same parts again. Nothing is copied until a part is used.

        Args:
            validation, test: parts of the whole, each 0 or more, together below 1. `test` does
                not count where there is an official test set.

        Raises:
            ValueError: the parts are out of range.
        """
        if self.test is not None:
            test = 0.0
        if not (validation >= 0 and test >= 0 and validation + test < 1):
            raise ValueError(
                f"validation and test: expected parts of 0 or more, together below 1, "
                f"got {validation} and {test}"
            )
        rng = np.random.default_rng(seed)
        parts: tuple[list[Rows], list[Rows], list[Rows]] = ([], [], [])
        for label in range(len(self.class_names)):
            rows = rng.permutation(np.flatnonzero(self.labels == label))
            spare = max(len(rows) - 1, 0)
            for_test = min(round(len(rows) * test), spare)
            for_validation = min(round(len(rows) * validation), spare - for_test)
            cuts = np.cumsum((for_test, for_validation))
            for part, taken in zip(parts, np.split(rows, cuts), strict=True):
                part.append(taken)
        test_rows, validation_rows, train_rows = (
            np.sort(np.concatenate(part)).astype(np.int64) for part in parts
        )
        return Split(self, train_rows, validation_rows, test_rows)


@dataclass(frozen=True, eq=False)
class Split:
    """A data set in three parts, as sorted rows of it: `train_rows`, `validation_rows`,
    `test_rows` (empty where there is an official test set).

    The parts as data sets are made, and their pictures copied, when they are first asked for.
    """

    dataset: Dataset
    train_rows: Rows
    validation_rows: Rows
    test_rows: Rows

    @cached_property
    def train(self) -> Dataset:
        """The pictures to train on."""
        return self.dataset.subset(self.train_rows)

    @cached_property
    def validation(self) -> Dataset | None:
        """The pictures to watch the training with, or None."""
        rows = self.validation_rows
        return self.dataset.subset(rows) if len(rows) else None

    @cached_property
    def test(self) -> Dataset | None:
        """The official test set, else the part put aside for testing, or None."""
        if self.dataset.test is not None:
            return self.dataset.test
        return self.dataset.subset(self.test_rows) if len(self.test_rows) else None

    def class_counts(self) -> dict[str, NDArray[np.int64]]:
        """Return the pictures of each class, (classes,), in "train", "validation" and "test"."""
        official = self.dataset.test
        test = self.dataset.class_counts(self.test_rows)
        return {
            "train": self.dataset.class_counts(self.train_rows),
            "validation": self.dataset.class_counts(self.validation_rows),
            "test": test if official is None else official.class_counts(),
        }


def from_samples(
    samples: Sequence[Sample],
    class_names: Sequence[str],
    size: int,
    name: str = "Your drawings",
    look: Literal["cells", "pen"] = "cells",
) -> Dataset:
    """Return drawings as a data set of (N, 1, size, size).

    Args:
        samples: at least one.
        class_names: a name for each label.
        size: edge in pixels, at least 1 for cells and 4 for a pen.
        name: of the data set.
        look: "cells", 0 or 255, as Sketch trains on them; or "pen", grey and laid out as MNIST's
            digits are (cells that were edited by hand stay cells).

    Raises:
        ValueError: there is no drawing, or a label has no name.
    """
    if not samples:
        raise ValueError(f"{name}: expected at least one drawing, got none")
    if look not in ("cells", "pen"):
        raise ValueError(f"look: expected 'cells' or 'pen', got {look!r}")
    cells, labels = to_batch(samples, size)
    images = (cells * 255).astype(np.uint8)
    if look == "pen":
        for row, sample in enumerate(samples):
            if sample.drawing.edited is None:
                images[row, 0] = picture(sample.drawing.strokes, size)
    return Dataset(name, images, labels, tuple(class_names))


def _kind(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    return type(value).__name__
