"""A neural network engine in plain numpy, made to be read: layers, losses, optimizers, training.

Parts are imported when they are first used. So ``import nn`` costs nothing, and a program can
still say how many threads numpy's BLAS may use (``OPENBLAS_NUM_THREADS``) before numpy loads.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from nn import bench as bench
    from nn import checkpoint as checkpoint
    from nn import data as data
    from nn import explain as explain
    from nn import fitting as fitting
    from nn import formats as formats
    from nn import gradcheck as gradcheck
    from nn import layers as layers
    from nn import losses as losses
    from nn import metrics as metrics
    from nn import optimizers as optimizers
    from nn import presets as presets
    from nn import schedules as schedules
    from nn import snapshot as snapshot
    from nn import training as training
    from nn.fitting import FitOptions as FitOptions
    from nn.network import Network as Network
    from nn.photo_model import beard_or_badger as beard_or_badger
    from nn.snapshot import SnapshotBuffer as SnapshotBuffer
    from nn.training import StepResult as StepResult
    from nn.training import Trainer as Trainer

_HOMES = {
    "FitOptions": "nn.fitting",
    "Network": "nn.network",
    "SnapshotBuffer": "nn.snapshot",
    "StepResult": "nn.training",
    "Trainer": "nn.training",
    "beard_or_badger": "nn.photo_model",
}
_MODULES = (
    "bench",
    "checkpoint",
    "data",
    "explain",
    "fitting",
    "formats",
    "gradcheck",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "presets",
    "schedules",
    "snapshot",
    "training",
)


def load(path: "str | Path") -> "Network":
    """Return the network in a file, whose format is recognised by what is in it (see `nn.formats`).

    Raises ValueError, one sentence that names the file, for one that is none or is broken.
    """
    from nn import formats

    return formats.load(path)


def __getattr__(name: str) -> Any:
    """Import a part when it is first used."""
    if name in _MODULES:
        return import_module(f"nn.{name}")
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'nn' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES, *_MODULES])
