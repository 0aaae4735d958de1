"""Maxout: a layer that learns its own activation, as the largest of a few straight lines."""

from typing import Any

from nn.layers.base import Bound, Layer, Scope
from nn.layers.pooling import Tournament
from nn.typing import Array, Shape


class Maxout(Layer):
    """y = the largest of each group of ``pieces`` neighbouring features or channels.

    Shapes: (F,) to (F / pieces,), (C, H, W) to (C / pieces, H, W). The gradient goes back to the
    winner of each group, the first one on a draw. Source: Goodfellow et al. 2013.
    """

    kind = "maxout"

    def __init__(self, pieces: int = 2) -> None:
        super().__init__()
        if pieces < 2:
            raise ValueError(f"maxout needs groups of at least 2, got {pieces}")
        self.pieces = int(pieces)

    def shape_after(self, input_shape: Shape) -> Shape:
        count, *size = input_shape
        if count % self.pieces:
            raise ValueError(
                f"maxout {self.pieces} needs a number of inputs it can divide, got {count}"
            )
        return (count // self.pieces, *size)

    def config(self) -> dict[str, Any]:
        return {"pieces": self.pieces}

    def to_text(self) -> str:
        return f"maxout {self.pieces}"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        axis = 1 if x.ndim == 4 else 0
        shape = list(x.shape)
        shape[axis] //= self.pieces
        y = scope.empty(tuple(shape))
        dy = None if dx is None else scope.empty(y.shape)
        played = Tournament(x, dx, y, dy, axis, self.pieces, self.pieces)
        return Bound(y, dy, played.forward, played.backward)
