"""What a confusion matrix says: accuracy, precision and recall of each class, in numbers and words.

Rows are what the pictures are, columns what they were predicted to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

PICTURES = "pictures"


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts (classes, classes), `counts[actual, predicted]`, and what follows from them."""

    counts: NDArray[np.int64]
    things: str = PICTURES
    """What is counted, in the plural."""

    @classmethod
    def of(cls, counts: ArrayLike, things: str = PICTURES) -> "Confusion":
        """Check and take counts of such things.

        Raises:
            ValueError: they are not a square of whole numbers of 0 or more.
        """
        table = np.array(counts)
        if table.ndim != 2 or table.shape[0] != table.shape[1] or not len(table):
            raise ValueError(f"counts: expected (classes, classes), got {table.shape}")
        if table.dtype.kind not in "iu" or (table < 0).any():
            raise ValueError("counts: expected whole numbers of 0 or more")
        return cls(table.astype(np.int64), things)

    @cached_property
    def total(self) -> int:
        """All pictures counted."""
        return int(self.counts.sum())

    @cached_property
    def accuracy(self) -> float:
        """Part that is right, 0 to 1; NaN of nothing."""
        return float(np.trace(self.counts)) / self.total if self.total else float("nan")

    @cached_property
    def recall(self) -> NDArray[np.float64]:
        """Part of each class's pictures that was found, (classes,); NaN where there are none."""
        return _part(self.counts.diagonal(), self.counts.sum(axis=1))

    @cached_property
    def precision(self) -> NDArray[np.float64]:
        """Part of each class's predictions that is right, (classes,); NaN where there are none."""
        return _part(self.counts.diagonal(), self.counts.sum(axis=0))

    @cached_property
    def row_shares(self) -> NDArray[np.float64]:
        """Each count as part of its row, (classes, classes); NaN in an empty row."""
        return _part(self.counts, self.counts.sum(axis=1, keepdims=True))

    @cached_property
    def strengths(self) -> NDArray[np.float64]:
        """How strongly to colour each cell, 0 to 1: by the logarithm of its count.

        On a straight scale the diagonal of a good network would drown every mistake.
        """
        top = np.log1p(float(self.counts.max()))
        strengths: NDArray[np.float64] = np.log1p(self.counts) / (top or 1.0)
        return strengths

    def sentence(self, actual: int, predicted: int, names: Sequence[str]) -> str:
        """What one cell says."""
        count = int(self.counts[actual, predicted])
        share = self.row_shares[actual, predicted]
        things = self.things[:-1] if count == 1 else self.things
        of = f", {percent(share)} of class {names[actual]}" if count else ""
        if actual == predicted:
            return f"{names[actual]}, predicted right: {count:,} {things}{of}"
        return f"{names[actual]}, predicted {names[predicted]}: {count:,} {things}{of}"


def how_to_read(things: str = PICTURES) -> str:
    """A sentence on the rows and columns of a matrix of such things."""
    return (
        f"A row is what the {things} are, a column what they were predicted to be: "
        "what is right lies on the diagonal."
    )


def percent(share: float, places: int = 1) -> str:
    """A share of 0 to 1 in per cent; a dash where there is none."""
    return f"{100 * share:.{places}f} %" if np.isfinite(share) else "–"


def _part(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(part, np.float64) / np.asarray(whole, np.float64)
