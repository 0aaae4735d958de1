"""How a page of Points trains, and how its losses went. Qt-free."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import nn
import nn.point_presets
from gui.optimizer_settings import OptimizerSettings

MOST_ROWS = 1200
AS_FAST_AS_POSSIBLE = 0
SPEEDS = (
    ("1 a frame", 1),
    ("10 a frame", 10),
    ("100 a frame", 100),
    ("fastest", AS_FAST_AS_POSSIBLE),
)


@dataclass(frozen=True)
class PointSettings(OptimizerSettings):
    """All that can change while training runs."""

    @classmethod
    def of_preset(cls, name: str) -> "PointSettings":
        """The settings that a preset of `nn.point_presets` begins with."""
        preset = nn.point_presets.find(name)
        return cls("sgd", preset.lr, preset.momentum, preset.batch_size, 0.0, preset.l2)


class History:
    """Rows of step, training loss, test loss, training and test accuracy; NaN where unknown.

    One thread appends, another reads. When it is full every second row of the past goes.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[float, ...]] = []

    def append(self, *row: float) -> None:
        """Take a row; one of the same step takes the place of the last."""
        rows = self._rows
        if rows and rows[-1][0] == row[0]:
            self._rows = [*rows[:-1], row]
        elif len(rows) >= MOST_ROWS:
            self._rows = [*rows[:-100:2], *rows[-100:], row] if len(rows) > 200 else [*rows, row]
        else:
            rows.append(row)

    @property
    def is_short(self) -> bool:
        """True while every row makes a better curve."""
        return len(self._rows) < 60

    def clear(self) -> None:
        self._rows = []

    def rows(self) -> NDArray[np.float64]:
        """All rows, (n, 5), oldest first, a copy."""
        return np.array(self._rows.copy(), np.float64).reshape(-1, 5)

    def restore(self, rows: NDArray[np.float64]) -> None:
        self._rows = [tuple(row) for row in rows.tolist()]
