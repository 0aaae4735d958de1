"""The points of the Regression page, with undo. Qt-free."""

from typing import NamedTuple

import numpy as np

from gui import kept
from gui.kept import Parts
from gui.points.undo import Undoable
from nn.data import functions
from nn.data.functions import MOST_POINTS, Curve

FARTHEST = 1000.0  # units of the axes; points are drawn and made much nearer


class Held(NamedTuple):
    """Points to learn from, and others of the same function to test on; none for drawn ones."""

    train: Curve
    test: Curve

    def parts(self) -> Parts:
        """Its arrays, for a session file."""
        (x, y), (test_x, test_y) = self
        return {"points.npz": {"x": x, "y": y, "test_x": test_x, "test_y": test_y}}

    @classmethod
    def read(cls, parts: Parts) -> "Held":
        """From `parts`; ValueError, one sentence, for what does not fit."""
        return cls(_read_curve(parts, ""), _read_curve(parts, "test_"))


def _read_curve(parts: Parts, before: str) -> Curve:
    x = kept.array(parts, "points.npz", f"{before}x", np.float32, (None,))
    y = kept.array(parts, "points.npz", f"{before}y", np.float32, x.shape)
    with kept.naming("points.npz"):
        if len(x) > MOST_POINTS or (len(x) and max(np.abs(x).max(), np.abs(y).max()) > FARTHEST):
            raise ValueError("there are too many points, or one lies outside")
    return Curve(x, y)


class CurvePoints(Undoable[Held]):
    """The points of now."""

    def __init__(self) -> None:
        super().__init__(Held(functions.empty(), functions.empty()))

    def replace(self, train: Curve, test: Curve | None = None) -> None:
        """Other points."""
        self.begin()
        self.now = Held(train, functions.empty() if test is None else test)

    def add(self, x: float, y: float) -> bool:
        """Add a point; False when there are as many as fit."""
        train = self.now.train
        if len(train.x) >= MOST_POINTS:
            return False
        added = Curve(np.append(train.x, np.float32(x)), np.append(train.y, np.float32(y)))
        self.now = self.now._replace(train=added)
        return True

    def remove_nearest(self, x: float, y: float) -> bool:
        """Remove the point nearest to a place; False when there is none."""
        train = self.now.train
        if not len(train.x):
            return False
        gone = int(((train.x - x) ** 2 + (train.y - y) ** 2).argmin())
        self.now = self.now._replace(
            train=Curve(np.delete(train.x, gone), np.delete(train.y, gone))
        )
        return True
