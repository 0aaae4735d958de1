"""What the Photo workspace works on: the network and what it was trained on, and a data set."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

import nn
from gui import kept, photo_parts
from gui.kept import Parts
from gui.photo_data import PhotoData
from gui.photo_reading import Source
from gui.photo_training import (
    PARTS,
    Lesson,
    PhotoTraining,
    Pictures,
    Recipe,
    read_training,
)
from nn.data.datasets import Dataset, Split
from nn.explain import features
from nn.photo_familiarity import Familiarity
from nn.photo_model import PhotoModel

PRESET = "badger"
MOST_CLASSES = 26
PAINTED_SIZE = 160  # pixels
FEW = 40  # pictures of a class, below which a warning is in place


@dataclass(frozen=True)
class Told:
    """What a session file says of the session beside training and data set."""

    shipped: bool  # the network is that which comes with the app, and is not in the file
    about: dict[str, Any]
    threshold: float | None  # of what is familiar; None where that is not known
    recipe: Recipe | None  # of a training under way


class PhotoSession(QObject):
    """Reads are plain attributes; every change goes through a method and is signalled."""

    data_changed = Signal()
    network_changed = Signal()

    def __init__(self, model: PhotoModel) -> None:
        """Begins with `model`, the one that is shipped."""
        super().__init__()
        self.is_shipped = True  # nothing was changed of that network
        self._changes = 0  # of network and data set
        self.about = dict(model.about)
        self.familiarity = model.familiarity  # None while it isn't known what is usual
        self.data: PhotoData | None = None
        self.split: Split | None = None  # what was trained on last, and validated with
        self._recipe: Recipe | None = None  # and how
        self.training = PhotoTraining(model.network.copy())
        self._random = np.random.default_rng()

    @property
    def network(self) -> "nn.Network":
        return self.training.network

    @property
    def class_names(self) -> list[str]:
        """Of the network."""
        return list(self.network.class_names)

    @property
    def size(self) -> int:
        """Edge in pixels of what the network reads."""
        return int(self.network.input_shape[-1])

    # -- network -----------------------------------------------------------------------------

    @property
    def words(self) -> str:
        """What the network was trained on, for people."""
        said = self.about.get("trained_on")
        return f"Trained on {said[0].lower()}{said[1:]}" if isinstance(said, str) and said else ""

    def use(self, model: PhotoModel) -> None:
        """Work with another network.

        Raises:
            ValueError: it doesn't read pictures in colour.
        """
        channels = model.network.input_shape[0]
        if channels != 3:
            raise ValueError(
                f"This network reads pictures of {channels} channels; here it must read colour."
            )
        self._changes += 1
        self.is_shipped = False
        self.about, self.familiarity = dict(model.about), model.familiarity
        self.split = None
        self.training.load(model.network.copy())
        self.network_changed.emit()

    def use_shipped(self) -> None:
        """Work with the network that comes with the app."""
        self.use(PhotoModel.load())
        self.is_shipped = True

    def train(self, recipe: Recipe, *, anew: bool) -> str:
        """Train on the data set; with `anew`, from new weights. Returns a warning, or nothing.

        Raises:
            ValueError: nothing can be learned from the data set; one sentence.
        """
        data = self.data
        if data is None:
            raise ValueError("There is no data set yet: open a folder, or build one first.")
        if problem := data.problem():
            raise ValueError(problem)
        dataset = data.dataset()
        names = list(dataset.class_names)
        if len(names) > MOST_CLASSES:
            raise ValueError(f"At most {MOST_CLASSES} classes can be told apart here.")
        self._prepare_network(names, recipe.seed, anew, dataset.image_shape[-1])
        self.split = split = dataset.split(PARTS, recipe.seed)
        self.familiarity = None
        self.training.train(_lesson(split, recipe))
        self.is_shipped = False
        self._recipe = recipe
        counts = dataset.class_counts().tolist()
        parts = ", ".join(f"{n:,} {name}" for n, name in zip(counts, names, strict=True))
        before = "" if anew else " after what it had learned before"
        self.about = {
            "trained_on": f"{len(dataset):,} pictures of “{data.name}” ({parts}){before}.",
            "recipe": (
                f"plain SGD, one picture a step, every class as often, learning rate "
                f"{recipe.lr:g}, variety {recipe.variety:g}; the best of {recipe.epochs} epochs "
                f"on validation"
            ),
        }
        return self.warning()

    def warning(self) -> str:
        """What is to be feared of learning from so few pictures; empty where there are enough."""
        counts = [] if self.data is None else self.data.counts()
        few = [i for i, count in enumerate(counts) if 0 < count < FEW]
        if not few or self.data is None:
            return ""
        lowest = min(few, key=lambda i: counts[i])
        return (
            f"Only {counts[lowest]} pictures of “{self.data.class_names[lowest]}”: a network may "
            f"learn what is around them, such as the colour of the ground."
        )

    def _prepare_network(self, names: Sequence[str], seed: int, anew: bool, size: int) -> None:
        """Give the network these classes in this order, keeping what it learned unless `anew`."""
        old = self.class_names
        if anew or size != self.size:
            network = nn.presets.build(PRESET, seed=seed, size=size, class_names=names)
        elif old == list(names):
            return
        else:
            rows = [old.index(name) if name in old else None for name in names]
            network = self.training.weights().with_classes(names, rows, seed)
        self.training.load(network)
        self.network_changed.emit()

    def model(self) -> PhotoModel:
        """A copy of the network as it is, with what is to be said of it."""
        return PhotoModel(self.training.weights(), dict(self.about), self.familiarity)

    def save(self, path: Path) -> None:
        """Write the network as it is to a JSON file, with what it was trained on."""
        self.model().save(path)

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        """Another value whenever what was made, set or trained is another."""
        return self._changes, self.training.stamp, self.familiarity is not None

    def state(self) -> Callable[[], Parts]:
        """What must be of this moment, and what makes parts of it."""
        data = dict if self.data is None else photo_parts.data_parts(self.data)
        if self.is_shipped:
            told = Told(True, {}, None, None)
            return lambda: {"session.json": kept.told(told), **data()}
        trained = self.training.taken(self.training.standing)
        known, about, split, recipe = self.familiarity, dict(self.about), self.split, self._recipe

        def parts() -> Parts:
            standing = trained.result()
            learning: Parts = {}
            if "lesson.json" in standing and split is not None:
                learning = photo_parts.learning_parts(split.dataset)
            under_way = recipe if learning else None
            told = Told(False, about, None if known is None else known.threshold, under_way)
            made = {"session.json": kept.told(told), **standing, **learning, **data()}
            if known is not None:
                made["familiarity.npz"] = {"mean": known.mean, "centres": known.centres}
            return made

        return parts

    def prepare(self, parts: Parts) -> Callable[[], None]:
        """Check what `state` told of. What is returned makes the session so, and can't fail.

        Raises ValueError, one sentence, for what does not fit.
        """
        told, data = kept.record(parts, "session.json", Told), photo_parts.read_data(parts)
        become_network = self.use_shipped if told.shipped else self._prepare_own(told, parts)

        def become() -> None:
            become_network()
            self.set_data(data)

        return become

    def _prepare_own(self, told: Told, parts: Parts) -> Callable[[], None]:
        split: Split | None = None
        lesson: Lesson | None = None
        if told.recipe is not None:
            with kept.naming("session.json"):
                told.recipe.check()
            split = photo_parts.read_learning(parts).split(PARTS, told.recipe.seed)
            lesson = _lesson(split, told.recipe)
        made = read_training(parts, lesson)
        network = made.trainer.network
        with kept.naming(kept.DOCUMENT):
            channels, high, wide = network.input_shape
            if channels != 3 or high != wide or wide > photo_parts.LARGEST:
                raise ValueError("the network must read square pictures in colour")
            if split is not None and list(split.dataset.class_names) != network.class_names:
                raise ValueError("the network must know the classes of its pictures")
        familiarity = (
            None if told.threshold is None else _familiarity(told.threshold, network, parts)
        )

        def become() -> None:
            self._changes += 1
            self.is_shipped = False
            self.about, self.familiarity = dict(told.about), familiarity
            self.split, self._recipe = split, told.recipe
            self.training.resume(made)
            self.network_changed.emit()

        return become

    # -- data --------------------------------------------------------------------------------

    def set_data(self, data: PhotoData | None) -> None:
        self._changes += 1
        self.data = data
        self.data_changed.emit()

    def change_data(self) -> None:
        """Tell that something in the data set was moved, deleted, added or brought back."""
        self._changes += 1
        self.data_changed.emit()

    def source_of(self, row: int) -> Source:
        """A picture of the data set as something to look at."""
        assert self.data is not None
        label = int(self.data.labels[row])
        name = self.data.class_names[label] if label >= 0 else "deleted"
        credit = self.data.credits[row]
        origin = f"Picture {row + 1} of “{self.data.name}”, labelled {name}."
        if credit.title:
            origin += f" “{credit.title}”, {credit.author}, {credit.licence}."
        return Source(self.data.images[row], f"{name} {row + 1}", origin, label, row)

    def any_source(self) -> Source:
        """A picture by chance: from the data set, or painted where there is none."""
        if self.data is not None and len(self.data):
            return self.source_of(int(self._random.choice(self.data.rows())))
        return painted(int(self._random.integers(1_000_000)))

    def next_to(self, row: int, step: int) -> Source | None:
        """The picture of the data set before or after one, round and round."""
        if self.data is None or not len(self.data):
            return None
        rows = self.data.rows()
        place = int(np.searchsorted(rows, row)) + step
        return self.source_of(int(rows[place % len(rows)]))

    def close(self) -> None:
        self.training.close()


def _lesson(split: Split, recipe: Recipe) -> Lesson:
    validation = split.validation
    return Lesson(
        balanced(split.train), None if validation is None else balanced(validation), recipe
    )


def _familiarity(threshold: float, network: "nn.Network", parts: Parts) -> Familiarity:
    """What is familiar to a network."""
    blank = np.zeros((1, *network.input_shape), np.float32)
    width = features(network, blank).shape[1]
    mean = kept.array(parts, "familiarity.npz", "mean", np.float32, (width,))
    centres = kept.array(parts, "familiarity.npz", "centres", np.float32, (None, width))
    with kept.naming("familiarity.npz"):
        if not len(centres) or not 0 <= threshold <= 2:
            raise ValueError("there must be centres, and a threshold from 0 to 2")
    return Familiarity(mean, centres, threshold)


def balanced(dataset: Dataset) -> Pictures:
    """All pictures, those of the smaller classes several times: every class is seen as often.

    Else a network that always said the larger class would be right most of the time.
    """
    counts = dataset.class_counts()
    most = int(counts.max())
    rows = [
        np.resize(np.flatnonzero(dataset.labels == label), most)
        for label in np.flatnonzero(counts).tolist()
    ]
    chosen = np.concatenate(rows)
    return Pictures(dataset.images[chosen], dataset.labels[chosen])


def painted(seed: int) -> Source:
    """A badger or a beard that the app paints itself."""
    from nn.data import painted as paint

    label = paint.label_of(seed)
    origin = f"Painted by this app as a {paint.CLASS_NAMES[label]}; it is no photo."
    make = partial(paint.sample, seed, label, PAINTED_SIZE)  # slow: for a job
    return Source(make, f"painted {seed}", origin, label, -1 - seed)
