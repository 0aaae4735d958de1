"""What workspaces offer alike."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import nn
from gui.exporting.exportable import NetworkExport
from gui.exporting.naming import of_classes
from gui.worker import WorkerThread

NETWORK, PLOT, SQUARE = (960, 540), (720, 400), (560, 560)
"""Sizes of pictures, in logical pixels."""

ACCURACY = "accuracy (0 to 1)"
CURVES = ("step", "loss", f"training {ACCURACY}", f"validation {ACCURACY}")
"""The columns of `gui.image_history.History`."""


def network(
    training: WorkerThread,
    now: Callable[[], "nn.Network"],
    class_names: list[str],
    **options: Mapping[str, Any],
) -> NetworkExport:
    """The network that `now` tells, copied between two steps of its training; its classes are
    named as a person sees them.
    """
    shown = now()
    name = of_classes(class_names)
    words = f"{shown}: {shown.parameters.size:,} weights, for {name}"

    def copy() -> "nn.Network":
        twin = now().copy()
        twin.class_names = class_names
        return twin

    return NetworkExport(name, words, shown.to_text(), partial(training.ask, copy), options)
