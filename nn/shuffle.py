"""The rows of a data set in a random order, over and over, in a way that can be saved."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn import generators

MOST_ROWS = 1 << 24


class Shuffle:
    """Rows 0 to ``count`` − 1, all of them once an epoch, every epoch in a new random order.

    ``next(shuffle)`` is one row, an int; `take` gives several. With ``multiple`` m an epoch ends
    after the last whole m rows, so that every batch is whole; what is left out then has its turn
    in another epoch, most likely. The orders are those of ``permutation(count)``, again and again,
    of ``np.random.default_rng(seed)``. ``taken`` counts the rows taken of the epoch that runs.

    Raises ValueError unless 1 ≤ multiple ≤ count ≤ 2²⁴.
    """

    def __init__(self, count: int, seed: int = 0, multiple: int = 1) -> None:
        if not 1 <= multiple <= count <= MOST_ROWS:
            raise ValueError(
                f"a shuffle needs from 1 to {MOST_ROWS:,} rows, and a multiple no larger, "
                f"got {count} and {multiple}"
            )
        self.count, self.multiple = count, multiple
        self._length = count - count % multiple
        self._generator = np.random.default_rng(seed)
        self._begin_epoch()

    def _begin_epoch(self) -> None:
        self._origin = generators.to_json(self._generator)
        self._order: NDArray[np.int64] = self._generator.permutation(self.count)
        self.taken = 0

    @property
    def left(self) -> int:
        """Rows still to come in the epoch that runs; 0 says that it is over."""
        return self._length - self.taken

    def take(self, n: int) -> NDArray[np.int64]:
        """Return the next ``n`` rows (n ≥ 1), (n,) int64; fewer where an epoch ends, never none.

        They are a view of the order: take a copy before writing into it.
        """
        if self.taken >= self._length:
            self._begin_epoch()
        start = self.taken
        self.taken = min(start + n, self._length)
        return self._order[start : self.taken]

    def __iter__(self) -> "Shuffle":
        return self

    def __next__(self) -> int:
        """Return the next row; there always is one."""
        if self.taken >= self._length:
            self._begin_epoch()
        start = self.taken
        self.taken = start + 1
        return self._order.item(start)

    def state(self, unused: int = 0) -> dict[str, Any]:
        """Return JSON values from which `resume` goes on with the row that would come next.

        ``unused`` tells how many rows of the last `take` have not been used yet: they come again.
        """
        return {
            "count": self.count,
            "multiple": self.multiple,
            "taken": self.taken - unused,
            "generator": self._origin,
        }

    @classmethod
    def resume(cls, state: Any) -> "Shuffle":
        """Return a shuffle that goes on from a `state`. Raises ValueError, one sentence."""
        numbers = ("count", "multiple", "taken")
        if not isinstance(state, dict) or any(type(state.get(name)) is not int for name in numbers):
            raise ValueError(f"a shuffle's state must hold whole numbers: {', '.join(numbers)}")
        generator = generators.from_json(state.get("generator"))
        shuffle = cls(state["count"], 0, state["multiple"])
        if not 0 <= state["taken"] <= shuffle._length:
            raise ValueError(
                f"a shuffle of {shuffle.count} rows can't have taken {state['taken']} of them"
            )
        shuffle._generator = generator
        shuffle._begin_epoch()
        shuffle.taken = state["taken"]
        return shuffle
