"""What a session file keeps of the Sketch workspace: told as parts, and checked as it is read.

::

    settings.json    the chosen preset, label and speed, and whether the drawing was trained on
    samples.ndjson   every sample with its id and its strokes: see `nn.formats.samples`
    drawing.npz      what is on the canvas: points (N, 3) float32 of x, y and width, the lengths
                     of the strokes (K,), and the cells flipped by hand (S, S)
    trainer.json, trainer.npz   the network and its training: see `nn.checkpoint`
    training.json    the shuffled order of the samples, and how many losses there ever were
    losses.npz       the losses of the last steps (n,) float64
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

import nn
from gui import kept
from nn.data.drawings import Sample
from nn.formats import samples as sample_format
from nn.formats.archive import Parts
from nn.shuffle import Shuffle

PRESETS = ("sketch", "sketch-cnn")  # what this workspace can train
SMALLEST_GRID, LARGEST_GRID = 4, 32
FEWEST_CLASSES, MOST_CLASSES = 2, 26
LONGEST_NAME = 24  # characters
DRAWING = "drawing.npz"


@dataclass(frozen=True)
class Settings:
    """What is chosen, and what tells how the drawing and the samples came about."""

    preset: str = PRESETS[0]
    seed: int = 0
    next_id: int = 0  # of the next sample
    label: int = 0  # the class that the drawing is
    speed: int = 0  # steps a frame; 0 is as fast as possible
    trained: bool = False  # whether the drawing on the canvas was trained on
    flips_trained: bool = False


class Made(NamedTuple):
    """What the person made and set."""

    settings: Settings
    samples: dict[int, Sample]
    strokes: Sequence[np.ndarray]  # (N, 3) float32: x, y, width
    flips: np.ndarray | None  # (S, S) bool


class Trained(NamedTuple):
    """A training that goes on as if it had never stopped."""

    trainer: "nn.Trainer"
    shuffle: Shuffle | None
    losses: np.ndarray
    loss_count: int

    @property
    def grid_size(self) -> int:
        """Cells along one edge of the network's input."""
        return int(self.trainer.network.input_shape[-1])


@dataclass(frozen=True)
class _Order:
    shuffle: Any
    loss_count: int


def first() -> tuple[Made, Trained]:
    """Everything as it is at the very first start."""
    settings = Settings()
    network = nn.presets.build(settings.preset, seed=settings.seed)
    rate = nn.optimizers.SGD(lr=nn.presets.learning_rate(settings.preset))
    trained = Trained(nn.Trainer(network, rate, seed=0), None, np.empty(0), 0)
    return Made(settings, {}, (), None), trained


# -- telling ---------------------------------------------------------------------------------


def made_parts(made: Made) -> Parts:
    """What the person made, as parts."""
    drawing = kept.stroke_arrays(made.strokes)
    if made.flips is not None:
        drawing["flips"] = made.flips
    return {
        "settings.json": kept.told(made.settings),
        "samples.ndjson": [told_sample(key, sample) for key, sample in made.samples.items()],
        DRAWING: drawing,
    }


def told_sample(key: int, sample: Sample) -> dict[str, Any]:
    """A sample with its id as a JSON value."""
    return {"id": key, **sample_format.to_json(sample)}


def trained_parts(trained: Trained) -> Parts:
    """A training as parts; to be called in its thread."""
    shuffle = None if trained.shuffle is None else trained.shuffle.state()
    return {
        **kept.trainer_parts(trained.trainer),
        "training.json": kept.told(_Order(shuffle, trained.loss_count)),
        "losses.npz": {"losses": trained.losses},
    }


# -- reading ---------------------------------------------------------------------------------


def read(parts: Parts) -> tuple[Made, Trained]:
    """What the parts tell of. ValueError, one sentence, for what does not fit together."""
    trained = _read_trained(parts)
    names = trained.trainer.network.class_names
    settings = kept.record(parts, "settings.json", Settings)
    drawings = _list(parts, "samples.ndjson")
    with kept.naming("samples.ndjson"):
        sample_format.check_amount(drawings)
    samples = dict(read_sample(value) for value in drawings)
    with kept.naming("settings.json"):
        if settings.preset not in PRESETS:
            raise ValueError(f"the preset must be one of {', '.join(PRESETS)}")
        if not 0 <= settings.label < len(names):
            raise ValueError(f"the label must be one of {len(names)} classes")
        if min(settings.seed, settings.speed) < 0:
            raise ValueError("seed and speed must be 0 or more")
        if settings.next_id <= max(samples, default=-1):
            raise ValueError("the next id must be above those of the samples")
    with kept.naming("samples.ndjson"):
        if len(samples) != len(parts["samples.ndjson"]):
            raise ValueError("two samples have the same id")
        if any(sample.label >= len(names) for sample in samples.values()):
            raise ValueError(f"a sample has a label that none of {len(names)} classes has")
    with kept.naming("training.json"):
        if (trained.shuffle.count if trained.shuffle is not None else 0) != len(samples):
            raise ValueError("the order of the samples must have as many as there are")
    strokes = kept.strokes(parts, DRAWING)
    return Made(settings, samples, strokes, _read_flips(parts, trained.grid_size)), trained


def read_sample(value: Any) -> tuple[int, Sample]:
    """A sample's id and the sample; ValueError for what is none."""
    sample = sample_format.from_json(value)
    key = value.get("id")
    if type(key) is not int or not 0 <= key < 1 << 53:
        raise ValueError("a drawing's id must be a whole number from 0")
    return key, sample


def _list(parts: Parts, name: str) -> list[Any]:
    with kept.naming(name):
        if not isinstance(parts.get(name), list):
            raise ValueError("it is missing")
        found: list[Any] = parts[name]
        return found


def _read_trained(parts: Parts) -> Trained:
    trainer = kept.trainer(parts)
    network = trainer.network
    with kept.naming(kept.DOCUMENT):
        size = int(network.input_shape[-1])
        if network.input_shape != (1, size, size) or not SMALLEST_GRID <= size <= LARGEST_GRID:
            raise ValueError(
                f"the network must read {SMALLEST_GRID}×{SMALLEST_GRID} to "
                f"{LARGEST_GRID}×{LARGEST_GRID} cells"
            )
        names = network.class_names
        if not FEWEST_CLASSES <= len(names) <= MOST_CLASSES:
            raise ValueError(f"there must be {FEWEST_CLASSES} to {MOST_CLASSES} classes")
        if len({name.casefold() for name in names}) < len(names):
            raise ValueError("two classes have the same name")
        if not all(name.strip() and len(name) <= LONGEST_NAME for name in names):
            raise ValueError(f"the classes need names of 1 to {LONGEST_NAME} characters")
    order = kept.record(parts, "training.json", _Order)
    losses = kept.array(parts, "losses.npz", "losses", np.float64, (None,))
    with kept.naming("training.json"):
        if order.loss_count < len(losses):
            raise ValueError("the count of losses must be that of the losses kept, or more")
        shuffle = None if order.shuffle is None else Shuffle.resume(order.shuffle)
    return Trained(trainer, shuffle, losses, order.loss_count)


def _read_flips(parts: Parts, size: int) -> np.ndarray | None:
    if "flips" not in parts[DRAWING]:
        return None
    return kept.array(parts, DRAWING, "flips", np.bool_, (size, size))
