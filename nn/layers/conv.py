"""Convolution as a matrix product that slides down the picture.

The trick of this file. Inside, a picture is ``(H, C, W, N)``: one row of pixels after another,
each row with all its channels, all its columns and the whole batch. For a kernel ``kW`` wide we
copy the rows ``kW`` times, each copy shifted by one column more::

    shifted[h] = kW times C lines, and one more, of (W_out·N) numbers

Then the ``kH`` blocks under a kernel, ``shifted[h : h + kH]``, lie one after another in memory,
and *are already* the matrix that textbooks call im2col, for one row of the output. A window that
steps down by one row is that matrix for the next row, without copying: a picture is copied kW
times instead of kH·kW times. The last line of each block is all ones; its weight is the bias.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nn.initializers import Initializer
from nn.layers.base import Bound, Layer, ParameterSpec, Scope, require_picture
from nn.typing import Array, Operation, Shape

Pair = tuple[int, int]


def as_pair(name: str, value: int | Pair, least: int) -> Pair:
    """Return ``value`` as (vertical, horizontal); ValueError when a number is below ``least``."""
    pair = (value, value) if isinstance(value, int) else (int(value[0]), int(value[1]))
    if min(pair) < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return pair


def pair_text(pair: Pair) -> str:
    """Return ``3`` for (3, 3) and ``3x5`` for (3, 5)."""
    return f"{pair[0]}" if pair[0] == pair[1] else f"{pair[0]}x{pair[1]}"


class Conv2D(Layer):
    """Each output pixel is a weighted sum of the patch below it, with the same weights everywhere.

    y[f, i, j] = b[f] + Σ_c Σ_u Σ_v W[f, c, u, v] · x[c, i·s + u − p, j·s + v − p]
    (cross-correlation, as in every framework), with zeros outside the picture.

    Shapes: input (C, H, W), output (filters, H', W') with H' = ⌊(H + 2p − kH) / s⌋ + 1;
    weight (filters, C, kH, kW), bias (filters,).
    Backward: dW sums patch · dy over all places; dx is the same convolution run with dy as the
    picture and the kernels turned by 180° (Dumoulin and Visin 2016, A guide to convolution
    arithmetic).
    """

    kind = "conv"

    def __init__(
        self,
        filters: int,
        kernel_size: int | Pair,
        stride: int | Pair = 1,
        padding: int | Pair = 0,
        init: Initializer | None = None,
    ) -> None:
        super().__init__()
        if filters < 1:
            raise ValueError(f"conv needs at least 1 filter, got {filters}")
        self.filters = int(filters)
        self.kernel_size = as_pair("kernel size", kernel_size, 1)
        self.stride = as_pair("stride", stride, 1)
        self.padding = as_pair("padding", padding, 0)
        self.init = init

    # -- describing -------------------------------------------------------------------------

    def shape_after(self, input_shape: Shape) -> Shape:
        _, *size = require_picture(self.kind, input_shape)
        edges = zip(size, self.kernel_size, self.stride, self.padding, strict=True)
        height, width = ((n + 2 * p - k) // s + 1 for n, k, s, p in edges)
        if height < 1 or width < 1:
            raise ValueError(
                f"conv kernel {self.kernel_size[0]}x{self.kernel_size[1]} with padding "
                f"{pair_text(self.padding)} does not fit into a {size[0]}x{size[1]} picture"
            )
        return (self.filters, height, width)

    def parameter_specs(self) -> tuple[ParameterSpec, ...]:
        channels = self.input_shape[0]
        area = self.kernel_size[0] * self.kernel_size[1]
        shape = (self.filters, channels, *self.kernel_size)
        fans = (channels * area, self.filters * area)
        return (
            ParameterSpec("weight", shape, *fans, self.init, decays=True),
            ParameterSpec("bias", (self.filters,)),
        )

    def multiply_adds(self) -> int:
        area = self.kernel_size[0] * self.kernel_size[1]
        return self.input_shape[0] * area * int(np.prod(self.output_shape))

    def product_size(self) -> int:
        lines = self.input_shape[0] * self.kernel_size[1] + 1
        return self.filters * self.kernel_size[0] * lines * self.output_shape[2]

    def config(self) -> dict[str, Any]:
        names = ("filters", "kernel_size", "stride", "padding", "init")
        return {name: getattr(self, name) for name in names}

    def to_text(self) -> str:
        text = f"conv {self.kernel_size[0]}x{self.kernel_size[1]} x{self.filters}"
        if self.padding != (0, 0):
            text += f" pad {pair_text(self.padding)}"
        if self.stride != (1, 1):
            text += f" stride {pair_text(self.stride)}"
        return text

    # -- working ----------------------------------------------------------------------------

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        height, channels, width, batch_size = x.shape
        filters, out_height, out_width = self.output_shape
        (k_h, k_w), (s_h, s_w), (p_h, p_w) = self.kernel_size, self.stride, self.padding
        weight, bias = self.parameters()

        # Forward: shifted copies of the rows, then one product per row of the output.
        lines = channels * k_w + 1
        shifted = scope.zeros((height + 2 * p_h, lines, out_width, batch_size))
        shifted[:, -1] = 1.0
        inner = shifted[p_h : p_h + height]
        windows = _windows(shifted, out_height, k_h, s_h)
        kernel = scope.zeros((filters, k_h, lines))
        weights = kernel[:, :, :-1].reshape(filters, k_h, k_w, channels)
        y = scope.empty((out_height, filters, out_width, batch_size))
        y_rows = y.reshape(out_height, filters, -1)

        forward: list[Operation] = [
            partial(np.copyto, weights, weight.data.transpose(0, 2, 3, 1)),
            partial(np.copyto, kernel[:, 0, -1], bias.data),
        ]
        for v in range(k_w):
            to, of = _overlap(out_width, width, s_w, v - p_w)
            block = slice(v * channels, (v + 1) * channels)
            forward.append(partial(np.copyto, inner[:, block, to], x[:, :, of]))
        forward.append(partial(np.matmul, kernel.reshape(filters, -1), windows, y_rows))
        bound = Bound(y, forward=forward)
        if not scope.backward:
            return bound

        # Backward: the gradient of the kernel, all places together.
        dy = bound.grad = scope.empty(y.shape)
        total = scope.empty((k_h, lines, filters))
        gather = self._gather_one if batch_size == 1 and self.stride == (1, 1) else self._gather
        d_weights = total[:, :-1].reshape(k_h, k_w, channels, filters)
        bound.backward = [
            *gather(shifted, windows, dy, total, scope),
            partial(np.copyto, weight.grad, d_weights.transpose(3, 2, 0, 1)),
            partial(np.copyto, bias.grad, total[0, -1]),
        ]
        if dx is not None:
            bound.backward += self._input_gradient(dy, dx, scope)
        return bound

    def _gather(
        self, shifted: Array, windows: Array, dy: Array, total: Array, scope: Scope
    ) -> list[Operation]:
        """dK (kH, lines, filters): the product of each row's window and its dy, summed."""
        out_height, filters = dy.shape[:2]
        dy_columns = dy.reshape(out_height, filters, -1).transpose(0, 2, 1)
        per_row = scope.empty((out_height, windows.shape[1], filters))
        return [
            partial(np.matmul, windows, dy_columns, per_row),
            partial(np.add.reduce, per_row, 0, None, total.reshape(-1, filters)),
        ]

    def _gather_one(
        self, shifted: Array, windows: Array, dy: Array, total: Array, scope: Scope
    ) -> list[Operation]:
        """The same for one example, whose rows are too short for a product each: turned so that
        a line holds all its rows, the window of kernel row u is one long line from row u on.
        """
        height, lines, width, _ = shifted.shape
        out_height, filters = dy.shape[:2]
        turned = scope.empty((lines, height, width))
        dy_turned = scope.empty((filters, out_height, width))
        row, number = width * turned.itemsize, turned.itemsize
        windows = as_strided(
            turned,
            (len(total), lines, out_height * width),
            (row, height * row, number),
            writeable=False,
        )
        return [
            partial(np.copyto, turned, shifted[..., 0].transpose(1, 0, 2)),
            partial(np.copyto, dy_turned, dy[..., 0].transpose(1, 0, 2)),
            partial(np.matmul, windows, dy_turned.reshape(filters, -1).T, total),
        ]

    def _input_gradient(self, dy: Array, dx: Array, scope: Scope) -> list[Operation]:
        """dx: the same sliding product, over dy, with every kernel turned by 180°."""
        height, channels, width, batch_size = dx.shape
        filters, out_height, out_width = self.output_shape
        (k_h, k_w), (s_h, s_w), (p_h, p_w) = self.kernel_size, self.stride, self.padding
        weight = self.parameters()[0].data

        # Row i of dy stands at row i·s + (kH − 1 − p) of a taller picture, zeros elsewhere.
        shifted = scope.zeros((height + k_h - 1, filters * k_w, width, batch_size))
        windows = _windows(shifted, height, k_h, 1)
        turned = scope.empty((channels, k_h, k_w, filters))
        to_rows, of_rows = _spread(height + k_h - 1, out_height, s_h, k_h - 1 - p_h)
        operations: list[Operation] = [
            partial(np.copyto, turned, weight[:, :, ::-1, ::-1].transpose(1, 2, 3, 0)),
        ]
        for v in range(k_w):
            to, of = _spread(width, out_width, s_w, k_w - 1 - p_w - v)
            block = slice(v * filters, (v + 1) * filters)
            operations.append(partial(np.copyto, shifted[to_rows, block, to], dy[of_rows, :, of]))
        rows = dx.reshape(height, channels, -1)
        operations.append(partial(np.matmul, turned.reshape(channels, -1), windows, rows))
        return operations


def _windows(shifted: Array, count: int, k_h: int, stride: int) -> Array:
    """Return (count, kH·lines, W·N): the overlapping matrices under ``count`` kernel places."""
    _, lines, width, batch_size = shifted.shape
    step, line = shifted.strides[:2]
    return as_strided(
        shifted,
        (count, k_h * lines, width * batch_size),
        (step * stride, line, shifted.itemsize),
        writeable=False,
    )


def _overlap(count: int, size: int, stride: int, shift: int) -> tuple[slice, slice]:
    """Return the slices of places i and of pixels i·stride + shift, i < count, within ``size``."""
    first = max(0, -(shift // stride))
    last = min(count - 1, (size - 1 - shift) // stride)
    if last < first:
        return slice(0, 0), slice(0, 0)
    start = first * stride + shift
    return slice(first, last + 1), slice(start, last * stride + shift + 1, stride)


def _spread(size: int, count: int, stride: int, shift: int) -> tuple[slice, slice]:
    """Return the slices of pixels i·stride + shift within ``size`` and of places i < count."""
    places, pixels = _overlap(count, size, stride, shift)
    return pixels, places
