"""A picture as examples, x and y to colour, and what a network paints of it. Qt-free."""

from collections.abc import Callable
from math import isfinite, sqrt
from time import perf_counter
from typing import TypeVar

import numpy as np

import nn
from gui.points_batches import Data
from nn import field
from nn.typing import Array

LEARNT = 96  # pixels of an edge that are learnt from
PAINTED = 128  # of an edge of the painting: a network can paint at any size
HELD_BACK = 0.1  # part of the pixels that only test
Seen = TypeVar("Seen")
SHARE = 0.25  # of the worker's time that may go into painting


def examples(picture: Array, seed: int = 0) -> Data:
    """From a picture (3, S, S) uint8: places in the square from -1 to 1, and colours from 0 to 1.

    One in ten pixels, drawn at random, is kept to test on.
    """
    size = picture.shape[1]
    x = field.grid(size, 1.0)
    y = np.ascontiguousarray(picture.reshape(3, -1).T.astype(np.float32) / 255)
    held = np.random.default_rng(seed).random(len(x)) < HELD_BACK
    if held.all() or not held.any():
        return Data(x, y)
    return Data(x[~held], y[~held], x[held], y[held])


def look_at_painting(
    size: int = PAINTED, share: float = SHARE
) -> "Callable[[nn.Network], Callable[[], Array]]":
    """For `PointsTraining.look`: (S, S, 3) uint8, painted anew when it is not too soon."""

    def make(network: "nn.Network") -> Callable[[], Array]:
        seen = field.Field(network, field.grid(size, 1.0))

        def paint() -> Array:
            colours = np.nan_to_num(seen.run()[:3].T, nan=0.5)
            made = (np.clip(colours, 0, 1) * 255 + 0.5).astype(np.uint8)
            painted: Array = made.reshape(size, size, -1)
            return painted

        return paced(paint, share)

    return make


def paced(see: Callable[[], Seen], share: float) -> Callable[[], Seen]:
    """Call `see` so rarely that it takes `share` of the time; meanwhile its last answer stands."""
    last: list[Seen] = []
    rests_until = 0.0

    def look() -> Seen:
        nonlocal last, rests_until
        began = perf_counter()
        if not last or began >= rests_until:
            last = [see()]
            ended = perf_counter()
            rests_until = ended + (ended - began) * (1 / share - 1)
        return last[0]

    return look


def colour_error(loss: float) -> str:
    """How far colours are off, root mean square, in per cent; from half a sum over three."""
    if not isfinite(loss):
        return ""
    return f"colours are off by {100 * sqrt(max(loss, 0.0) * 2 / 3):.1f} %"
