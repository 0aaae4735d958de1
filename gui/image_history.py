"""What a training on pictures has measured so far: curves that stay short, marks, and numbers.

Qt-free. The training thread writes into a `History`; what the window gets is a `Progress`, which
nobody changes any more.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

ROWS = 4096  # a history longer than this is thinned by joining neighbours
COLUMNS = ("step", "loss", "train", "validation")

Rows = NDArray[np.float64]


class History:
    """One row for every step: its number, loss, and both accuracies (NaN where unknown).

    When the room is full, each two rows become their mean, and rows are joined like this from
    then on: any length of training fits.
    """

    def __init__(self, room: int = ROWS) -> None:
        self._rows: Rows = np.empty((room, len(COLUMNS)))
        self._count = 0
        self._stride = 1  # steps a row
        self._sum = np.zeros(len(COLUMNS))
        self._pending = 0

    def add(self, step: int, loss: float, train: float, validation: float) -> None:
        """Append one step; losses and accuracies of one row are averaged."""
        self._sum += (step, loss, train, validation)
        self._pending += 1
        if self._pending < self._stride:
            return
        if self._count == len(self._rows):
            half = self._rows.reshape(-1, 2, len(COLUMNS)).mean(axis=1)
            self._rows[: len(half)] = half
            self._count, self._stride = len(half), 2 * self._stride
            if self._pending < self._stride:
                return
        self._rows[self._count] = self._sum / self._pending
        self._count += 1
        self._sum[:] = 0
        self._pending = 0

    def rows(self) -> Rows:
        """A copy, (n, 4): `COLUMNS`, oldest first."""
        return self._rows[: self._count].copy()


@dataclass(frozen=True)
class Mark:
    """Something that was changed at a step."""

    step: int
    text: str


@dataclass(frozen=True)
class Progress:
    """How a training stands. Accuracies are parts of 1 over the last steps, NaN before any;
    times are seconds for one example; `seconds_left` is None where no end is set.
    """

    step: int = 0
    examples: int = 0
    epoch: float = 0.0
    loss: float = float("nan")
    decay_loss: float = 0.0
    train_accuracy: float = float("nan")
    validation_accuracy: float = float("nan")
    forward_time: float = float("nan")
    backward_time: float = float("nan")
    examples_per_second: float = 0.0
    seconds_left: float | None = None
    rows: Rows = field(default_factory=lambda: np.empty((0, len(COLUMNS))))
    marks: tuple[Mark, ...] = ()
