"""Drawings for tests: every shape in several hands, and the odd things that pens send.

Points are (x, y) with y down, in canvas pixels.
"""

import numpy as np

from nn.data import examples
from nn.data.drawings import Drawing, Sample


def lesson(names: tuple[str, ...] = ("X", "O"), per_class: int = 8, seed: int = 0) -> list[Sample]:
    """Drawings of each class in turn (X, O, X, O, …), labelled by their place in names."""
    hands = [examples.hands(name, per_class, seed) for name in names]
    return [Sample(hands[label][k], label) for k in range(per_class) for label in range(len(names))]


def tap() -> Drawing:
    """A tap of the pen without movement: one point."""
    return examples.dot()


def resting_tap() -> Drawing:
    """A tap during which the driver sent the same point several times."""
    return Drawing([np.full((5, 2), 77.0)])


def odd_strokes() -> list[np.ndarray]:
    """What a broken driver sends: NaN, infinity, duplicates, nothing, and far-off points."""
    return [
        np.array([[10, 10], [np.nan, 20], [30, 30], [30, 30], [np.inf, 5], [60, 58]]),
        np.empty((0, 2)),
        np.array([[np.nan, np.nan]]),
        np.array([[90, 12], [88, 12], [12, 88]]),
    ]
