"""The points of a page, with undo: what they were before each change is kept. Qt-free."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gui import kept
from gui.kept import Parts
from gui.points.undo import Undoable
from nn.data import points
from nn.data.points import MOST_POINTS, Points

FARTHEST = 1000.0  # units of the plane; points are drawn and made much nearer
LETTERS = ("A", "B", "C", "D", "E", "F")


@dataclass(frozen=True)
class Recipe:
    """How points are made."""

    name: str = "circle"
    count: int = 200
    noise: float = 0.15
    classes: int = 2
    seed: int = 0


class Held(NamedTuple):
    """Training points, test points and the names of the classes, as one thing.

    `recipe` is how they were made; None when they are a person's own.
    """

    train: Points
    test: Points
    names: tuple[str, ...]
    recipe: Recipe | None = None

    @property
    def is_own(self) -> bool:
        """True when there are points that no recipe would bring back."""
        return self.recipe is None and len(self.train.y) + len(self.test.y) > 0

    def parts(self) -> Parts:
        """Its arrays, for a session file."""
        (x, y), (test_x, test_y) = self.train, self.test
        return {"points.npz": {"x": x, "y": y, "test_x": test_x, "test_y": test_y}}

    @classmethod
    def read(cls, parts: Parts, names: tuple[str, ...], recipe: Recipe | None) -> "Held":
        """From `parts`; ValueError, one sentence, for what does not fit."""
        train, test = (_read_points(parts, before, len(names)) for before in ("", "test_"))
        with kept.naming("points.npz"):
            if len(train.y) + len(test.y) > MOST_POINTS:
                raise ValueError(f"at most {MOST_POINTS:,} points fit")
        return cls(train, test, names, recipe)


def _read_points(parts: Parts, before: str, classes: int) -> Points:
    x = kept.array(parts, "points.npz", f"{before}x", np.float32, (None, 2))
    y = kept.array(parts, "points.npz", f"{before}y", np.int64, (len(x),))
    with kept.naming("points.npz"):
        if len(y) and not (y.min() >= 0 and y.max() < classes and np.abs(x).max() <= FARTHEST):
            raise ValueError("a point lies outside the plane or has no class")
    return Points(x, y)


class PointSet(Undoable[Held]):
    """Training and test points."""

    def __init__(self, classes: int = 2) -> None:
        super().__init__(Held(points.empty(), points.empty(), LETTERS[:classes]))

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
            recipe=None,
            train=Points(
                np.append(train.x, np.array([[x, y]], np.float32), axis=0),
                np.append(train.y, np.int64(label)),
            ),
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
            recipe=None,
            train=Points(np.delete(train.x, gone, axis=0), np.delete(train.y, gone)),
        )
        return True

    def set_classes(self, count: int) -> int:
        """More or fewer classes for one's own points; returns how many points had to go."""
        train, test, names, _ = self.now
        new = tuple(name for name in LETTERS if name not in names)
        kept, kept_test = (Points(p.x[p.y < count], p.y[p.y < count]) for p in (train, test))
        self.replace(Held(kept, kept_test, (*names, *new)[:count]))
        return len(train.y) + len(test.y) - len(kept.y) - len(kept_test.y)
