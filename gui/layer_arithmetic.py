"""How one activation came about: the sum of a convolution, the winner of a pool. Qt-free."""

from dataclasses import dataclass

import numpy as np

from gui.tiles import Floats
from nn.inspection import Inspection
from nn.layers import AvgPool2D, Conv2D, Dense, MaxPool2D
from nn.network import Network

STRONGEST = 8  # contributions to a dense unit that are listed

Place = tuple[int, ...]
"""An index into one example's values: (channel, row, column) or (unit,)."""


@dataclass(frozen=True, eq=False)
class ConvolutionSum:
    """y = Σ window · kernel + bias.

    Attributes:
        window: (C, kH, kW) of the input, 0 where it lies outside.
        inside: (kH, kW), False in the padding.
        corner: row and column of the window's first value in the input; negative in the padding.
        kernel: (C, kH, kW).
        output: what the network has there.
    """

    window: Floats
    inside: np.ndarray
    corner: tuple[int, int]
    kernel: Floats
    bias: float
    output: float

    @property
    def products(self) -> Floats:
        """(C, kH, kW)."""
        with np.errstate(all="ignore"):
            made: Floats = self.window * self.kernel
        return made

    @property
    def channel_sums(self) -> Floats:
        """(C,): the products of each channel, added."""
        with np.errstate(all="ignore"):
            made: Floats = self.products.sum(axis=(1, 2))
        return made

    @property
    def strongest_channel(self) -> int:
        """The channel that adds most, in either direction."""
        return int(np.abs(np.nan_to_num(self.channel_sums)).argmax())


@dataclass(frozen=True, eq=False)
class PoolChoice:
    """y = the largest, or the mean, of a window.

    Attributes:
        window: (kH, kW) of one channel of the input, 0 where it lies outside.
        inside: (kH, kW), False in the padding.
        corner: row and column of its first value in the input; negative in the padding.
        winner: row and column in the window, None for a mean.
    """

    window: Floats
    inside: np.ndarray
    corner: tuple[int, int]
    winner: tuple[int, int] | None
    output: float


@dataclass(frozen=True, eq=False)
class DenseSum:
    """y = Σ x · w + bias.

    Attributes:
        strongest: the inputs that add most, in either direction, from the first on.
        values, weights, products: those of them.
        rest: all other products, added; others: how many.
    """

    strongest: list[int]
    values: Floats
    weights: Floats
    products: Floats
    rest: float
    others: int
    bias: float
    output: float


@dataclass(frozen=True)
class Passing:
    """One number in, one number out: activations, dropout, normalisation."""

    before: float
    output: float


Explanation = ConvolutionSum | PoolChoice | DenseSum | Passing | None


def explain(network: Network, inspection: Inspection, index: int, at: Place) -> Explanation:
    """How the activation of layer `index` (1 is the network's first) at a place came about.

    None where one number says nothing of it: the input, and layers that gather over channels.
    """
    if index == 0:
        return None
    layer = network.layers[index - 1]
    x, y = inspection.activations[index - 1], inspection.activations[index]
    output = float(y[at])
    if isinstance(layer, (Conv2D, MaxPool2D, AvgPool2D)):
        corner = (
            at[1] * layer.stride[0] - layer.padding[0],
            at[2] * layer.stride[1] - layer.padding[1],
        )
        if isinstance(layer, Conv2D):
            weight, bias = (p.data for p in inspection.parameters[index - 1])
            window, inside = _window(x, corner, layer.kernel_size)
            return ConvolutionSum(window, inside, corner, weight[at[0]], float(bias[at[0]]), output)
        (window,), inside = _window(x[at[0] : at[0] + 1], corner, layer.kernel_size)
        winner = None
        if isinstance(layer, MaxPool2D):
            # As in the layer: the upper of a column, then the left of the columns' winners.
            players = np.where(inside, window, np.float32(-np.inf))
            column = int(players.max(axis=0).argmax())
            winner = (int(players[:, column].argmax()), column)
        return PoolChoice(window, inside, corner, winner, output)
    if isinstance(layer, Dense):
        weight, bias = (p.data for p in inspection.parameters[index - 1])
        return _dense(x.reshape(-1), weight[at[0]], float(bias[at[0]]), output)
    if layer.kind in ("softmax", "lrn", "maxout"):
        return None
    if x.shape == y.shape:
        return Passing(float(x[at]), output)
    if x.size == y.size:  # flatten
        return Passing(float(x.reshape(y.shape)[at]), output)
    return None


def _window(x: Floats, corner: tuple[int, int], size: tuple[int, int]) -> tuple[Floats, np.ndarray]:
    """What lies under a window (C, kH, kW), zeros outside; and where it lies inside (kH, kW)."""
    _, high, wide = x.shape
    rows, columns = (np.arange(n) + start for n, start in zip(size, corner, strict=True))
    inside = ((rows >= 0) & (rows < high))[:, None] & ((columns >= 0) & (columns < wide))
    rows, columns = rows.clip(0, high - 1), columns.clip(0, wide - 1)
    return np.where(inside, x[:, rows[:, None], columns], np.float32(0)), inside


def _dense(x: Floats, weight: Floats, bias: float, output: float) -> DenseSum:
    with np.errstate(all="ignore"):
        products = x * weight
        order = np.argsort(-np.abs(np.nan_to_num(products)), kind="stable")
        chosen = order[:STRONGEST]
        rest = float(products[order[STRONGEST:]].sum())
    return DenseSum(
        [int(i) for i in chosen],
        x[chosen],
        weight[chosen],
        products[chosen],
        rest,
        max(0, len(order) - STRONGEST),
        bias,
        output,
    )
