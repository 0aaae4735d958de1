"""Why the network answers so, and which pictures it finds alike. Jobs beside the window."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import nn
    from nn.data.datasets import Split
    from nn.photo_familiarity import Familiarity

OFF, OCCLUSION, GRADIENT = "off", "occlusion", "gradient"
CLOSEST = 18
FEWEST_TO_JUDGE = 8  # pictures kept for validation
MOST_KNOWN = 4000  # pictures compared with


def heat(network: "nn.Network", x: NDArray[np.float32], kind: str) -> NDArray[np.float32]:
    """Where the winner comes from, (H, W) from -1 (against it) to 1 (for it)."""
    from nn import explain

    if kind == OCCLUSION:
        found = explain.occlusion(network, x, patch=max(2, x.shape[-1] * 6 // 32))
    else:
        found = explain.saliency(network, x)
    most = float(np.abs(found).max(initial=0.0))
    return found / most if most > 0 else found


@dataclass(frozen=True, eq=False)
class Known:
    """What a network makes of pictures that it may be compared with.

    Attributes:
        features: (N, F) what goes into the last layer.
        rows: (N,) their places in the data set.
    """

    features: NDArray[np.float32]
    rows: NDArray[np.int64]


class Answer(NamedTuple):
    """The closest known pictures, nearest first: rows and distances."""

    rows: NDArray[np.int64]
    distances: NDArray[np.float32]


def know(
    network: "nn.Network", images: NDArray[np.uint8], rows: NDArray[np.int64] | None = None
) -> Known:
    """Look at pictures (N, 3, S, S), those of some rows or all."""
    from nn import explain
    from nn.data.augment import to_float

    rows = np.arange(len(images)) if rows is None else rows
    if len(rows) > MOST_KNOWN:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_KNOWN, replace=False))
    return Known(explain.features(network, to_float(images[rows])), rows)


def compare(
    network: "nn.Network", x: NDArray[np.float32], known: Known, own: int | None = None
) -> Answer:
    """Look for the known pictures closest to `x` (1, 3, S, S), which may be one of them itself."""
    from nn import explain

    if own is not None:
        others = known.rows != own
        known = Known(known.features[others], known.rows[others])
    near = explain.nearest(explain.features(network, x)[0], known.features, CLOSEST)
    return Answer(known.rows[near.indices], near.distances)


def learn_what_is_usual(network: "nn.Network", split: "Split") -> "Familiarity | None":
    """What the pictures that a network was trained on are like; None where they are too few."""
    from nn.data.augment import to_float
    from nn.photo_familiarity import Familiarity

    validation = split.validation
    if validation is None or len(validation) < FEWEST_TO_JUDGE:
        return None
    return Familiarity.learned(
        network,
        to_float(split.train.images[:MOST_KNOWN]),
        split.train.labels[:MOST_KNOWN],
        to_float(validation.images[:MOST_KNOWN]),
    )
