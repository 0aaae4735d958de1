"""A neural network engine in plain numpy, made to be read: layers, losses, optimizers, training."""

from typing import TYPE_CHECKING, Any

from nn import losses, optimizers, presets, schedules, snapshot
from nn.fitting import FitOptions
from nn.network import Network
from nn.snapshot import SnapshotBuffer
from nn.training import StepResult, Trainer

if TYPE_CHECKING:
    from pathlib import Path

    from nn import data as data

__all__ = [
    "FitOptions",
    "Network",
    "SnapshotBuffer",
    "StepResult",
    "Trainer",
    "data",
    "load",
    "losses",
    "optimizers",
    "presets",
    "schedules",
    "snapshot",
]


def load(path: "str | Path") -> Network:
    """Return the network in a file that `Network.save` wrote; ValueError names a bad file."""
    from nn import formats

    return formats.load(path)


def __getattr__(name: str) -> Any:
    """Import ``nn.data`` and other parts when they are first used: the engine starts faster."""
    if name in ("bench", "data", "formats", "gradcheck", "layers", "metrics"):
        import importlib

        return importlib.import_module(f"nn.{name}")
    raise AttributeError(f"module 'nn' has no attribute {name!r}")
