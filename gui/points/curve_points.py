"""The points of the Regression page, with undo. Qt-free."""

from typing import NamedTuple

import numpy as np

from nn.data import functions
from nn.data.functions import MOST_POINTS, Curve

KEPT = 200  # changes that can be undone


class Held(NamedTuple):
    """Points to learn from, and others of the same function to test on; none for drawn ones."""

    train: Curve
    test: Curve


class CurvePoints:
    """Every change between two `begin`s is one step of undo."""

    def __init__(self) -> None:
        self.now = Held(functions.empty(), functions.empty())
        self._done: list[Held] = []
        self._undone: list[Held] = []

    def begin(self) -> None:
        """What follows belongs together."""
        if not self._done or self._done[-1] is not self.now:
            self._done = [*self._done[-KEPT:], self.now]
        self._undone.clear()

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

    def undo(self) -> bool:
        """Be as before the last change; False when there is none."""
        while self._done:
            before = self._done.pop()
            if before is not self.now:
                self._undone.append(self.now)
                self.now = before
                return True
        return False

    def redo(self) -> bool:
        """Undo the last undo."""
        if not self._undone:
            return False
        self._done.append(self.now)
        self.now = self._undone.pop()
        return True
