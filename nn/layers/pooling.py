"""Pooling: a picture becomes smaller, each output looking at one small square of the input."""

from functools import partial
from typing import Any

import numpy as np

from nn.layers.base import Bound, Layer, Scope, require_picture
from nn.layers.conv import Pair, as_pair, pair_text
from nn.typing import Array, Operation, Shape


class Pooling(Layer):
    """What max and average pooling share: the geometry.

    Shapes: input (C, H, W), output (C, H', W') with H' = ⌊(H + 2p − k) / s⌋ + 1. Rows and columns
    that fill no whole square are ignored. ``stride`` None means the kernel's own size.
    """

    word: str
    padding: Pair = (0, 0)

    def __init__(self, kernel_size: int | Pair, stride: int | Pair | None = None) -> None:
        super().__init__()
        self.kernel_size = as_pair("pool size", kernel_size, 1)
        self.stride = self.kernel_size if stride is None else as_pair("stride", stride, 1)

    def shape_after(self, input_shape: Shape) -> Shape:
        channels, *size = require_picture(self.word, input_shape)
        edges = zip(size, self.kernel_size, self.stride, self.padding, strict=True)
        height, width = ((n + 2 * p - k) // s + 1 for n, k, s, p in edges)
        if height < 1 or width < 1:
            raise ValueError(
                f"{self.word} {pair_text(self.kernel_size)} does not fit into a "
                f"{size[0]}x{size[1]} picture"
            )
        return (channels, height, width)

    def config(self) -> dict[str, Any]:
        return {"kernel_size": self.kernel_size, "stride": self.stride}

    def to_text(self) -> str:
        text = f"{self.word} {pair_text(self.kernel_size)}"
        if self.padding != (0, 0):
            text += f" pad {pair_text(self.padding)}"
        if self.stride != self.kernel_size:
            text += f" stride {pair_text(self.stride)}"
        return text


class MaxPool2D(Pooling):
    """y = the largest value of each square; its whole gradient goes back to the winner.

    Played as a tournament: first the rows of a square against each other, pair by pair, then the
    columns. Backward repeats it: whoever won a pair passes the gradient on. On a draw the upper
    or left one wins, alone: comparing the output with all its inputs instead would pay a draw
    several times, and flat backgrounds are full of draws.

    With ``padding`` (smaller than the kernel) squares hang over the border; nothing out there can
    win. It is a frame of minus infinity around the picture.
    """

    kind = "maxpool"
    word = "pool"

    def __init__(
        self, kernel_size: int | Pair, stride: int | Pair | None = None, padding: int | Pair = 0
    ) -> None:
        super().__init__(kernel_size, stride)
        self.padding = as_pair("padding", padding, 0)
        if any(p >= k for p, k in zip(self.padding, self.kernel_size, strict=True)):
            raise ValueError(
                f"pool {pair_text(self.kernel_size)} needs a padding smaller than itself, "
                f"got {pair_text(self.padding)}"
            )

    def config(self) -> dict[str, Any]:
        return {**super().config(), "padding": self.padding}

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        if self.padding == (0, 0):
            return self._bind_inside(x, dx, scope)
        height, channels, width, batch_size = x.shape
        p_h, p_w = self.padding
        framed = scope.empty((height + 2 * p_h, channels, width + 2 * p_w, batch_size))
        framed.fill(-np.inf)
        inner = (slice(p_h, p_h + height), slice(None), slice(p_w, p_w + width))
        d_framed = None if dx is None else scope.empty(framed.shape)
        bound = self._bind_inside(framed, d_framed, scope)
        bound.forward.insert(0, partial(np.copyto, framed[inner], x))
        if dx is not None and d_framed is not None:
            bound.backward.append(partial(np.copyto, dx, d_framed[inner]))
        return bound

    def _bind_inside(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        """Bind to a picture over whose border no square hangs."""
        _, channels, width, batch_size = x.shape
        _, out_height, out_width = self.output_shape
        rows = scope.empty((out_height, channels, width, batch_size))
        y = scope.empty((out_height, channels, out_width, batch_size))
        d_rows = dy = None
        if dx is not None:
            d_rows, dy = scope.empty(rows.shape), scope.empty(y.shape)
        down = Tournament(x, dx, rows, d_rows, 0, self.kernel_size[0], self.stride[0])
        step, axis = self.stride[1], 2
        if self.kernel_size[1] == step and width == out_width * step:
            # Whole squares side by side: all lines are one long line, which numpy walks faster.
            axis = 0
            rows, y_lines = _one_line(rows), _one_line(y)
            d_rows = None if d_rows is None else _one_line(d_rows)
            dy_lines = None if dy is None else _one_line(dy)
        else:
            y_lines, dy_lines = y, dy
        across = Tournament(rows, d_rows, y_lines, dy_lines, axis, self.kernel_size[1], step)
        return Bound(y, dy, down.forward + across.forward, across.backward + down.backward)


def _one_line(x: Array) -> Array:
    """Return (H, C, W, N) as (H·C·W, N), or as (H·C·W,) for one example."""
    return x.reshape(-1) if x.shape[3] == 1 else x.reshape(-1, x.shape[3])


class AvgPool2D(Pooling):
    """y = the mean of each square; every pixel of it gets dy / kernel area back.

    Sums the rows of a square, then its columns.
    """

    kind = "avgpool"
    word = "avgpool"

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        _, channels, width, batch_size = x.shape
        _, out_height, out_width = self.output_shape
        (k_h, k_w), (s_h, s_w) = self.kernel_size, self.stride
        part = scope.constant(1.0 / (k_h * k_w))
        rows = scope.empty((out_height, channels, width, batch_size))
        y = scope.empty((out_height, channels, out_width, batch_size))
        bound = Bound(y)
        bound.forward = [
            *_sum_into(rows, along(x, 0, out_height, k_h, s_h)),
            *_sum_into(y, along(rows, 2, out_width, k_w, s_w)),
            partial(np.multiply, y, part, y),
        ]
        if dx is not None:
            dy = bound.grad = scope.empty(y.shape)
            d_rows, shared = scope.empty(rows.shape), scope.empty(y.shape)
            bound.backward = [partial(np.multiply, dy, part, shared), partial(d_rows.fill, 0)]
            for player in along(d_rows, 2, out_width, k_w, s_w):
                bound.backward.append(partial(np.add, player, shared, player))
            bound.backward.append(partial(dx.fill, 0))
            for player in along(dx, 0, out_height, k_h, s_h):
                bound.backward.append(partial(np.add, player, d_rows, player))
        return bound


def _sum_into(total: Array, parts: list[Array]) -> list[Operation]:
    """Return the operations that leave the sum of ``parts`` in ``total``."""
    operations: list[Operation] = [partial(np.copyto, total, parts[0])]
    operations += [partial(np.add, total, part, total) for part in parts[1:]]
    return operations


class Tournament:
    """Max pooling along one axis: players ``x[i::stride]`` for i < kernel, pair by pair."""

    def __init__(
        self,
        x: Array,
        dx: Array | None,
        y: Array,
        dy: Array | None,
        axis: int,
        kernel: int,
        stride: int,
    ) -> None:
        players = along(x, axis, y.shape[axis], kernel, stride)
        self.forward: list[Operation] = []
        self.backward: list[Operation] = []
        champion, wins = players[0], []
        for player in players[1:]:
            if dx is not None:
                wins.append(np.zeros(y.shape, bool))
                self.forward.append(partial(np.greater_equal, champion, player, wins[-1]))
            self.forward.append(partial(np.maximum, champion, player, out=y))
            champion = y
        if kernel == 1:
            self.forward.append(partial(np.copyto, y, champion))
        if dx is None or dy is None:
            return
        d_players = along(dx, axis, y.shape[axis], kernel, stride)
        if kernel != stride or kernel * y.shape[axis] != x.shape[axis]:
            self.backward.append(partial(dx.fill, 0))
        if stride < kernel:
            self._share_by_adding(d_players, wins, dy)
        else:
            self._share(d_players, wins, dy)

    def _share(self, d_players: list[Array], wins: list[Array], dy: Array) -> None:
        """Squares that do not overlap: every player is written once."""
        prize = dy
        for i in range(len(d_players) - 1, 0, -1):
            kept = d_players[0] if i == 1 else np.zeros_like(dy)
            self.backward += [
                partial(np.multiply, prize, wins[i - 1], kept),
                partial(np.subtract, prize, kept, d_players[i]),
            ]
            prize = kept
        if len(d_players) == 1:
            self.backward.append(partial(np.copyto, d_players[0], prize))

    def _share_by_adding(self, d_players: list[Array], wins: list[Array], dy: Array) -> None:
        """Overlapping squares: a pixel collects what it wins in each of them."""
        prize = dy
        for i in range(len(d_players) - 1, 0, -1):
            kept, lost = np.zeros_like(dy), np.zeros_like(dy)
            self.backward += [
                partial(np.multiply, prize, wins[i - 1], kept),
                partial(np.subtract, prize, kept, lost),
                partial(np.add, d_players[i], lost, d_players[i]),
            ]
            prize = kept
        self.backward.append(partial(np.add, d_players[0], prize, d_players[0]))


def along(x: Array, axis: int, count: int, kernel: int, stride: int) -> list[Array]:
    """Return, for each place in a kernel, the view of ``x`` that ``count`` kernels see there."""
    before = (slice(None),) * axis
    last = stride * (count - 1) + 1
    return [x[(*before, slice(i, i + last, stride))] for i in range(kernel)]
