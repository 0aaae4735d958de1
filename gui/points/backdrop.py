"""The background of a plane: what a network says everywhere, as a picture, worked out for a frame.

It is made in the worker's thread, between two slices of training.
"""

from collections.abc import Callable
from dataclasses import dataclass

import nn
from gui import theme
from gui.plane import Wash
from nn import field
from nn.typing import Array

SIZE = 200  # cells of an edge


@dataclass(frozen=True)
class Backdrop:
    """A picture (S, S, 4) uint8 of the square with half a side `reach`."""

    picture: Array
    reach: float


def look_at_plane(
    reach: float, *, hard: bool = False, size: int = SIZE
) -> "Callable[[nn.Network], Callable[[], Backdrop]]":
    """For `PointsTraining.look`: the scores of a 2-input network, washed in the theme of now."""
    ink = theme.colours()

    def make(network: "nn.Network") -> Callable[[], Backdrop]:
        seen = field.Field(network, field.grid(size, reach))
        wash = Wash(ink.name, ink.window, network.output_shape[0])
        return lambda: Backdrop(wash.picture(seen.scores(), hard=hard), reach)

    return make
