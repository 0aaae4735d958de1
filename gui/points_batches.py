"""What a page of Points trains on, and the order in which it does. Qt-free."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from operator import length_hint
from typing import Any

import numpy as np

from nn.shuffle import Shuffle

CHUNK = 64  # batches drawn from the points at a time


@dataclass(frozen=True)
class Data:
    """Training and test examples: x (N, C, H, W) float32; y (N,) labels or (N, K) targets."""

    x: np.ndarray
    y: np.ndarray
    test_x: np.ndarray | None = None
    test_y: np.ndarray | None = None

    @classmethod
    def of_points(cls, train: Any, test: Any = None) -> "Data":
        """From `nn.data.points.Points`, whose coordinates become two channels."""
        if test is None or not len(test.y):
            return cls(as_batch(train.x), train.y)
        return cls(as_batch(train.x), train.y, as_batch(test.x), test.y)


def as_batch(x: np.ndarray) -> np.ndarray:
    """Coordinates (N, C) as a batch (N, C, 1, 1) float32."""
    return np.ascontiguousarray(x, np.float32).reshape(len(x), -1, 1, 1)


class Batches:
    """All examples in a new random order each time, without end, `size` at a time.

    `stream` gives them as (x, y). They are drawn from the examples a chunk at a time; what is left
    over of an epoch comes first in the next, most likely. Raises ValueError for a `state` that is
    not one of so many examples.
    """

    def __init__(self, data: Data, size: int, seed: int = 0, state: Any = None) -> None:
        count = len(data.x)
        self._data, self._size = data, min(size, count)
        if state is None:
            self._shuffle = Shuffle(count, seed, self._size)
        elif state.get("count") != count or state.get("multiple") != self._size:
            raise ValueError(f"the order must be one of {count:,} examples, {self._size} at a time")
        else:
            self._shuffle = Shuffle.resume(state)
        self._chunk: Iterator[tuple[np.ndarray, np.ndarray]] = iter(())
        self.stream = chain.from_iterable(self._chunks())

    def _chunks(self) -> Iterator[Iterator[tuple[np.ndarray, np.ndarray]]]:
        data, size = self._data, self._size
        while True:
            rows = self._shuffle.take(size * CHUNK)
            x, y = data.x[rows], data.y[rows]
            self._chunk = iter(
                [(x[i : i + size], y[i : i + size]) for i in range(0, len(rows), size)]
            )
            yield self._chunk

    def state(self) -> dict[str, Any]:
        """JSON values to go on from with the batch that would come next."""
        return self._shuffle.state(unused=self._size * length_hint(self._chunk))
