"""Which pictures of a data set are looked at: by class, by predicted class, by right or wrong."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Outcome = Literal["all", "right", "wrong"]
OUTCOMES: tuple[Outcome, ...] = ("all", "right", "wrong")


@dataclass(frozen=True)
class Wanted:
    """What a picture must be to be shown.

    Attributes:
        label: its class, or None for any.
        predicted: the class it was taken for, or None for any.
        outcome: "all", "right" (predicted as labelled) or "wrong".
    """

    label: int | None = None
    predicted: int | None = None
    outcome: Outcome = "all"

    @property
    def needs_predictions(self) -> bool:
        """True when it can't be answered from the labels alone."""
        return self.predicted is not None or self.outcome != "all"


def matching(
    labels: ArrayLike, predicted: ArrayLike | None, wanted: Wanted = Wanted()
) -> NDArray[np.int64]:
    """Return the rows (n,) int64, in order, of the pictures that are wanted.

    Args:
        labels: (N,) class of each picture.
        predicted: (N,) class each was taken for, -1 where unknown; None while none is known:
            a wish that needs them is then not fulfilled by any picture.

    Raises:
        ValueError: labels and predictions differ in number.
    """
    classes = np.asarray(labels)
    fits = np.ones(len(classes), bool)
    if wanted.label is not None:
        fits &= classes == wanted.label
    if wanted.needs_predictions:
        if predicted is None:
            return np.empty(0, np.int64)
        taken_for = np.asarray(predicted)
        if taken_for.shape != classes.shape:
            raise ValueError(
                f"predicted: expected {len(classes)}, one per label, got {len(taken_for)}"
            )
        fits &= taken_for >= 0
        if wanted.predicted is not None:
            fits &= taken_for == wanted.predicted
        if wanted.outcome != "all":
            fits &= (taken_for == classes) == (wanted.outcome == "right")
    return np.flatnonzero(fits).astype(np.int64)
