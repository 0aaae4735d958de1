"""One tile of the inspector under the magnifying glass: its values, its cursor, its words. Qt-free.

What is enlarged is one feature map or kernel, or, of a flat layer, all its numbers in a square.
"""

from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np

from gui.layer_arithmetic import ConvolutionSum, Explanation, Place, explain
from gui.layer_facts import LayerFacts, Section
from gui.layer_words import (
    explanation_words,
    place_words,
    range_words,
    tile_name,
    unravel,
    value_words,
)
from gui.tiles import Floats, Look, Sheet
from nn.inspection import Inspection
from nn.layers.base import Layer
from nn.network import Network


@dataclass(frozen=True)
class Subject:
    """What is enlarged: a tile of a section of a layer (0 is the input); of a matrix a row."""

    layer: int
    section: int
    tile: int
    row: int = 0


class Enlarged:
    """A subject of a network with a cursor on one of its values.

    Attributes:
        inspection: whose values are read; to be replaced by later ones of the same network.
        cursor: row and column of what is enlarged.
        chosen_channel: whose products are shown; None for the channel that adds most.
    """

    def __init__(
        self,
        network: Network,
        facts: list[LayerFacts],
        inspection: Inspection,
        subject: Subject,
        cursor: tuple[int, int] | None = None,
    ) -> None:
        self.network = network
        self.inspection = inspection
        self.subject = subject
        self.facts = facts[subject.layer]
        self.section: Section = self.facts.sections[subject.section]
        self.chosen_channel: int | None = None
        shape = self.section.shape
        self.is_list = self.section.look.matrix or shape[1:] == (1, 1)
        count = shape[2] if self.section.look.matrix else shape[0]
        columns = max(1, ceil(sqrt(count)))
        high, wide = (1, 1) if self.is_list else shape[-2:]
        self._cells = (count, high, wide, columns) if self.is_list else (1, high, wide, 1)
        if self.is_list and not self.section.look.matrix:
            cursor = divmod(subject.tile, columns)
        self.cursor = self._strongest() if cursor is None else cursor

    # -- values ------------------------------------------------------------------------------

    @property
    def layer(self) -> Layer | None:
        """The layer it belongs to; None for the input."""
        return self.network.layers[self.subject.layer - 1] if self.subject.layer else None

    @property
    def raw(self) -> Floats:
        """All values of the section, in the engine's shape."""
        return self.section.read(self.inspection)

    @property
    def values(self) -> Floats:
        """What is enlarged, as tiles: one map or kernel, or a tile for every number of a list."""
        if self.section.look.matrix:
            rows: Floats = self.raw.reshape(-1, self.section.shape[2])
            chosen: Floats = rows[self.subject.row].reshape(-1, 1, 1)
            return chosen
        arranged = self.section.arrange(self.raw)
        if self.is_list:
            return arranged
        return arranged[self.subject.tile : self.subject.tile + 1]

    @property
    def look(self) -> Look:
        """How these tiles are coloured."""
        return Look(True) if self.section.look.matrix else self.section.look

    def sheet(self, side: float, largest_value: float) -> Sheet:
        """The values as large as fits into `side` device pixels, a value at most so large."""
        count, high, wide, columns = self._cells
        edge = max(Sheet(count, high, wide, columns, 0, 1.0, 1.0).shape)
        scale = min(side / edge, largest_value)
        scale = float(floor(scale)) if scale >= 1 else max(scale, 1e-3)
        return Sheet(count, high, wide, columns, 0, scale, scale)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of what is enlarged."""
        count, high, wide, columns = self._cells
        return Sheet(count, high, wide, columns, 0, 1.0, 1.0).shape

    def holds(self, row: int, column: int) -> bool:
        """True when there is a value."""
        rows, columns = self.size
        within = 0 <= row < rows and 0 <= column < columns
        return within and (not self.is_list or row * columns + column < self._cells[0])

    def _strongest(self) -> tuple[int, int]:
        """The value farthest from zero."""
        values = self.values
        strength = np.abs(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0))
        if values.ndim == 4:
            strength = strength.max(axis=1)
        return divmod(int(strength.argmax()), self.size[1])

    # -- the value under the cursor ----------------------------------------------------------

    @property
    def place(self) -> Place:
        """The index of the value under the cursor in the section's raw values."""
        row, column = self.cursor
        section, subject = self.section, self.subject
        flat = row * self.size[1] + column
        if section.look.matrix:
            return unravel(subject.row * section.shape[2] + flat, section.raw)
        if self.is_list:
            return unravel(flat, section.raw)
        if section.look.colour:
            return (0, row, column) if len(section.raw) == 3 else (subject.tile, 0, row, column)
        if len(section.raw) == 4:
            channels = section.raw[1]
            across = min(channels, section.look.across or channels)
            return (*divmod(subject.tile, across), row, column)
        return (subject.tile, row, column)

    @property
    def explanation(self) -> Explanation:
        """How it came about, where that can be told; for a dense weight, how its unit did."""
        section, at = self.section, self.place
        if section.gradient:
            return None
        if section.look.matrix and self.facts.kind == "dense":
            at = at[:1]
        elif section.what != "activations":
            return None
        return explain(self.network, self.inspection, self.subject.layer, at)

    @property
    def channel(self) -> int:
        """The channel whose products are shown."""
        found = self.explanation
        if not isinstance(found, ConvolutionSum):
            return 0
        if self.chosen_channel is None:
            return found.strongest_channel
        return min(self.chosen_channel, len(found.window) - 1)

    # -- words -------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What is enlarged: "Convolution 1 · activations · map 4"."""
        name = tile_name(self.section, self.subject.tile, self.network, self.subject.layer)
        parts = (self.facts.title, self.section.title.lower(), "" if self.is_list else name)
        return " · ".join(part for part in parts if part)

    @property
    def told(self) -> list[str]:
        """The value under the cursor, and how it came about or what stands around it."""
        at = self.place
        where = place_words(self.section, at, self.network, self.subject.layer)
        lines = [f"{where}: {value_words(self.section, self.raw, at)}"]
        words = explanation_words(self.explanation, self.facts.kind)
        if not words and self.values.size > 1:
            words = f"here {range_words(self.values)}"
        return [*lines, words] if words else lines
