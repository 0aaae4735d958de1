"""What a network with one input says along x, and what the neurons of a layer say there."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, log10

import numpy as np

import nn
from gui.points.hidden import hidden_layers
from nn.field import Field
from nn.typing import Array

PLACES = 241
MOST_RESPONSES = 64
FILL = 4.0  # how high the strongest response of a layer is shown, at most, in units of y


@dataclass(frozen=True)
class CurveSeen:
    """The curve (N,) at places (N,); responses (K, N) already times `scale`, or None."""

    along: Array
    curve: Array
    responses: Array | None
    scale: float


def look_along(reach: float, layer: int) -> "Callable[[nn.Network], Callable[[], CurveSeen]]":
    """For `PointsTraining.look`. `layer` counts hidden layers from 1; 0 shows no responses."""
    along = np.linspace(-reach, reach, PLACES, dtype=np.float32)

    def make(network: "nn.Network") -> Callable[[], CurveSeen]:
        hidden = hidden_layers(network)
        which = hidden[min(layer, len(hidden)) - 1].end if layer and hidden else None
        field = Field(network, along.reshape(-1, 1, 1, 1), layers=which is not None)

        def see() -> CurveSeen:
            curve = field.run()[0].copy()
            if which is None:
                return CurveSeen(along, curve, None, 1.0)
            responses = field.layers()[which][:MOST_RESPONSES]
            scale = round_scale(float(np.abs(responses).max()))
            return CurveSeen(along, curve, responses * np.float32(scale), scale)

        return see

    return make


def round_scale(strongest: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that keeps a response within `FILL`."""
    if not isfinite(strongest) or strongest <= 0:
        return 1.0
    wanted = min(max(FILL / strongest, 1e-6), 1e3)
    power = 10.0 ** int(np.floor(log10(wanted)))
    return float(f"{next(n * power for n in (5, 2, 1) if n * power <= wanted * 1.0001):.6g}")
