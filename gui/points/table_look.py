"""What a network makes of rows that it did not learn from. Qt-free."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import nn
from gui.points.hidden import refitted
from gui.points.paint_look import paced
from nn.data.table import Table
from nn.data.table_batch import Batch
from nn.field import Field
from nn.typing import Array

SHARE = 0.2  # of the worker's time that may go into counting


@dataclass(frozen=True)
class Choice:
    """What is learnt: which column of a table from which others, and how much is held out."""

    table: Table
    target: int
    used: tuple[int, ...]
    test_part: float = 0.25


def look_at_answers(
    x: Array, y: Array, classes: int, share: float = SHARE
) -> "Callable[[nn.Network], Callable[[], Array]]":
    """For `PointsTraining.look`: counts[actual, predicted], (classes, classes) int64."""

    def make(network: "nn.Network") -> Callable[[], Array]:
        field = Field(network, x)

        def count() -> Array:
            predicted = field.run().argmax(axis=0)
            counts: Array = np.bincount(y * classes + predicted, minlength=classes * classes)
            return counts.reshape(classes, classes)

        return paced(count, share)

    return make


def network_for(batch: Batch, old: "nn.Network | None", seed: int) -> "nn.Network":
    """A new network for these rows, with the hidden layers of an old one where that is possible."""
    inputs, classes = len(batch.features), len(batch.class_names)
    if old is not None:
        try:
            return nn.Network.from_text(refitted(old.to_text(), inputs, classes), seed)
        except (ValueError, MemoryError):
            pass
    text = f"input 1x1x{inputs}\nflatten\ndense 16 relu\ndense {classes}\nloss softmax"
    return nn.Network.from_text(text, seed)
