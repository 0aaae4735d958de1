"""The points of a page, with undo: what they were before each change is kept. Qt-free."""

from typing import NamedTuple

import numpy as np

from nn.data import points
from nn.data.points import MOST_POINTS, Points

KEPT = 200  # changes that can be undone
LETTERS = ("A", "B", "C", "D", "E", "F")


class Held(NamedTuple):
    """Training points, test points and the names of the classes, as one thing."""

    train: Points
    test: Points
    names: tuple[str, ...]


class PointSet:
    """Training and test points. Every change between two `begin`s is one step of undo."""

    def __init__(self, classes: int = 2) -> None:
        self.now = Held(points.empty(), points.empty(), LETTERS[:classes])
        self._undone: list[Held] = []
        self._done: list[Held] = []

    def begin(self) -> None:
        """What follows belongs together."""
        if not self._done or self._done[-1] is not self.now:
            self._done = [*self._done[-KEPT:], self.now]
        self._undone.clear()

    def replace(self, held: Held) -> None:
        """Other points."""
        self.begin()
        self.now = held

    def add(self, x: float, y: float, label: int) -> bool:
        """Add a training point; False when there are as many as fit."""
        train = self.now.train
        if len(train.y) >= MOST_POINTS:
            return False
        self.now = self.now._replace(
            train=Points(
                np.append(train.x, np.array([[x, y]], np.float32), axis=0),
                np.append(train.y, np.int64(label)),
            )
        )
        return True

    def remove_nearest(self, x: float, y: float) -> bool:
        """Remove the training point nearest to a place; False when there is none."""
        train = self.now.train
        if not len(train.y):
            return False
        far = (train.x[:, 0] - x) ** 2 + (train.x[:, 1] - y) ** 2
        gone = int(far.argmin())
        self.now = self.now._replace(
            train=Points(np.delete(train.x, gone, axis=0), np.delete(train.y, gone))
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
