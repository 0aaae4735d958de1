"""Inside a network of the plane: a map of each neuron, and how a layer bends the plane.

Worked out in the worker's thread for a frame. A stage is the input, a hidden layer after its
activation, or the output.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

import nn
from gui import theme
from gui.plane import inks, rgb
from nn import field as fields
from nn.typing import Array

MAP = 48  # cells of a map's edge
MOST_MAPS = 20  # neurons of a stage that are shown
LINES, SAMPLES = 17, 61  # grid lines each way, and places along each
MOST_POINTS = 400  # of the data that are carried along
ACTIVATIONS = frozenset({"relu", "leaky_relu", "sigmoid", "tanh"})


@dataclass(frozen=True)
class Stage:
    """One column of the network: its words, how many neurons, and where its values come from."""

    words: str
    units: int
    output: int  # index of the layer whose output it is
    dense: int = -1  # index of the dense layer before it; -1 for the input


@dataclass(frozen=True)
class Inner:
    """A moment: pictures (units, S, S, 4) and weights (units, units before) of every stage.

    `grid` (2, LINES, SAMPLES, 2) and `points` (N, 2) are where the plane's grid and points lie for
    the two neurons that were asked for; `split` is, where the network ends with one layer on just
    these two, weight and bias (classes, 3) of it.
    """

    pictures: list[Array]
    weights: list[Array]
    biases: list[Array]
    grid: Array
    points: Array
    split: Array | None = None


def stages(network: "nn.Network") -> list[Stage]:
    """The input, every dense layer with its activation, and the output."""
    found = [Stage("input", int(np.prod(network.input_shape)), 0)]
    layers = network.layers
    for i, layer in enumerate(layers):
        if layer.kind != "dense":
            continue
        after = i + 1 < len(layers) and layers[i + 1].kind in ACTIVATIONS
        words = layers[i + 1].kind if after else "linear"
        found.append(Stage(words, layer.output_shape[0], i + after, i))
    found[-1] = Stage("output", found[-1].units, found[-1].output, found[-1].dense)
    return found


@dataclass(frozen=True)
class Ask:
    """What a page wants to see: the plane's reach, points (N, 2), a stage and two neurons."""

    reach: float
    points: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))
    stage: int = 1
    first: int = 0
    second: int = 1


def look_inside(ask: Ask) -> "Callable[[nn.Network], Callable[[], Inner]]":
    """For `PointsTraining.look`."""
    ink = theme.colours()

    def make(network: "nn.Network") -> Callable[[], Inner]:
        return _Looker(network, ask, ink)

    return make


class _Looker:
    """One network looked at: maps, grid lines and points go through it in one pass."""

    def __init__(self, network: "nn.Network", ask: Ask, ink: theme.Colours) -> None:
        self._network, self._ask, self._stages = network, ask, stages(network)
        cells = fields.grid(MAP, ask.reach)
        lines = grid_lines(ask.reach).reshape(-1, 2, 1, 1)
        points = ask.points[:MOST_POINTS].reshape(-1, 2, 1, 1)
        places = np.concatenate([cells, lines, points]).astype(np.float32)
        self._field = fields.Field(network, places, layers=True)
        self._cells, self._lines = len(cells), len(lines)
        self._tables = [_table(ink.window, ink.negative, ink.positive)] * len(self._stages)
        self._classes = [
            _table(ink.window, ink.window, f"#{int(r):02x}{int(g):02x}{int(b):02x}")
            for r, g, b in inks(ink.name)
        ]

    def __call__(self) -> Inner:
        outputs = self._field.run()
        layers = self._field.layers()
        pictures, weights, biases = [], [], []
        for number, stage in enumerate(self._stages):
            values = layers[stage.output][:MOST_MAPS, : self._cells]
            if number == len(self._stages) - 1:
                pictures.append(self._shares(outputs[:, : self._cells].copy()))
            else:
                pictures.append(_shades(values, self._tables[number]))
            if stage.dense >= 0:
                weight, bias = self._network.layers[stage.dense].parameters()
                weights.append(weight.data[:MOST_MAPS, :MOST_MAPS].copy())
                biases.append(bias.data[:MOST_MAPS].copy())
        stage = self._stages[min(self._ask.stage, len(self._stages) - 1)]
        pair = [min(self._ask.first, stage.units - 1), min(self._ask.second, stage.units - 1)]
        bent = layers[stage.output][pair, self._cells :].T.copy()
        return Inner(
            pictures,
            weights,
            biases,
            bent[: self._lines].reshape(2, LINES, SAMPLES, 2),
            bent[self._lines :],
            self._split(),
        )

    def _shares(self, outputs: Array) -> Array:
        scores = fields.scores(self._network, outputs)[:MOST_MAPS]
        made = np.empty((len(scores), MAP, MAP, 4), np.uint8)
        for label, row in enumerate(scores):
            level = (np.clip(np.nan_to_num(row), 0, 1) * 127 + 128).astype(np.uint8)
            table = self._classes[label % len(self._classes)]
            made[label] = table[level].reshape(MAP, MAP, 4)
        return made

    def _split(self) -> Array | None:
        """The last layer's lines, when it stands right behind the two neurons that are shown."""
        found = self._stages
        at = min(self._ask.stage, len(found) - 1)
        if at != len(found) - 2 or found[at].units != 2 or self._ask.first == self._ask.second:
            return None
        weight, bias = self._network.layers[found[-1].dense].parameters()
        order = [self._ask.first, self._ask.second]
        return np.column_stack([weight.data[:, order], bias.data])


def grid_lines(reach: float) -> Array:
    """Places (2, LINES, SAMPLES, 2): lines along y, then lines along x."""
    across = np.linspace(-reach, reach, LINES, dtype=np.float32)
    along = np.linspace(-reach, reach, SAMPLES, dtype=np.float32)
    made = np.empty((2, LINES, SAMPLES, 2), np.float32)
    made[0, ..., 0], made[0, ..., 1] = across[:, None], along
    made[1, ..., 0], made[1, ..., 1] = along, across[:, None]
    return made


def _table(ground: str, low: str, high: str) -> Array:
    """256 colours RGBX from `low` over `ground` to `high`."""
    part = np.linspace(-1, 1, 256, dtype=np.float32)[:, None]
    end = np.where(part < 0, np.array(rgb(low), np.float32), np.array(rgb(high), np.float32))
    alpha = 0.9 * np.abs(part)
    made = np.full((256, 4), 255, np.uint8)
    made[:, :3] = np.round(np.array(rgb(ground), np.float32) * (1 - alpha) + end * alpha)
    return made


def _shades(values: Array, table: Array) -> Array:
    """Values (units, S²) as pictures: each neuron in its own scale, 0 in the middle."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        most = np.abs(values).max(axis=1, keepdims=True)
        level = np.nan_to_num(values / np.maximum(most, 1e-9), nan=0.0, posinf=0.0, neginf=0.0)
    made: Array = table[(np.clip(level, -1, 1) * 127 + 128).astype(np.uint8)]
    return made.reshape(-1, MAP, MAP, 4)
