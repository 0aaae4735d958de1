"""What the Images workspace works on: a data set, its split, the network, the training."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, Signal

import nn
from gui import kept, network_text
from gui.image_history import COLUMNS, ROWS, Rows
from gui.image_settings import TrainingSettings, differences
from gui.image_training import ImageTraining
from gui.image_worker import Pictures, read_training
from gui.kept import Parts
from gui.optimizer_settings import defaults_of
from nn.data import pen
from nn.data.augment import Augment
from nn.data.datasets import Dataset, Split
from nn.data.drawings import Drawing

KEYS = ("drawn", "mnist", "cifar-10", "folder", "drawings")  # of data sets
SMALLEST, LARGEST = 8, 64  # pixels along an edge of a folder's pictures
PRESET = "mnist"
LONGEST = 100_000  # characters of a network's text
DRAWINGS = "Your drawings"  # the data set of what was drawn in Sketch
SPLIT = (0.2, 0.0)  # parts of the pictures that are kept for validation and for testing


@dataclass(frozen=True)
class Run:
    """A training that lies behind: its curves, and what it was trained with."""

    rows: Rows
    settings: TrainingSettings
    text: str
    dataset: str


@dataclass(frozen=True)
class Origin:
    """Where a data set comes from: the key of an offer; for a folder which, and how its pictures
    are read.
    """

    key: str = "drawn"
    folder: str = ""
    size: int = 32
    channels: int = 3

    def check(self) -> None:
        """Raise ValueError where nothing could come from."""
        known = self.key in KEYS and SMALLEST <= self.size <= LARGEST and self.channels in (1, 3)
        if not known or "\0" in self.folder:
            raise ValueError(f"there is no data set like {self}"[:200])


@dataclass(frozen=True)
class ToldRun:
    """What a session file says of a training that lies behind, beside its curves."""

    settings: TrainingSettings
    text: str
    dataset: str


@dataclass(frozen=True)
class Told:
    """What a session file says of the session beside its training."""

    text: str
    is_preset: bool
    origin: Origin
    validation: float
    test: float
    seed: int
    last_run: ToldRun | None


class ImageSession(QObject):
    """Reads are plain attributes; every change goes through a method and is signalled."""

    dataset_changed = Signal()  # another data set or another split
    network_changed = Signal()  # another network, or its weights made anew
    settings_changed = Signal()
    run_ended = Signal()  # the curves begin again; `last_run` has the old ones

    def __init__(self) -> None:
        super().__init__()
        self.settings = TrainingSettings()
        self.dataset: Dataset | None = None  # None: none yet, or it could not be had again
        self.origin = Origin()
        self.split: Split | None = None
        self.parts = SPLIT
        self.seed = 0
        self.last_run: Run | None = None
        network = nn.presets.build(PRESET, seed=self.seed)
        self.text = network.to_text()
        self._is_preset = True  # the text is none that a person wrote
        self.training = ImageTraining(network, self.settings)

    @property
    def network(self) -> "nn.Network":
        """The network in force. Another thread trains it: read, never write."""
        return self.training.network

    @property
    def class_names(self) -> list[str]:
        """Of the data set, or of the network while there is none."""
        return list(self.dataset.class_names if self.dataset else self.network.class_names)

    @property
    def picture_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of the data set's pictures, or what the network takes while there is none."""
        if self.dataset is not None:
            return self.dataset.image_shape
        channels, height, width = self.network.input_shape
        return channels, height, width

    @property
    def test(self) -> Dataset | None:
        """What to test on: the official test set, else the validation pictures."""
        if self.split is None:
            return None
        return self.split.test or self.split.validation

    # -- data --------------------------------------------------------------------------------

    def misfit(self, dataset: Dataset) -> str:
        """Why the network can't learn a data set, as a sentence; empty when it can."""
        facts = network_text.check(self.text)
        return network_text.misfit(facts, dataset.image_shape, len(dataset.class_names))

    def set_dataset(self, dataset: Dataset, origin: Origin) -> str:
        """Train on another data set. A network that fits it goes on as it is; otherwise its text
        is fitted, with new weights. Returns what was done to the network, empty for nothing.
        """
        self.training.pause()
        self.dataset, self.origin = dataset, origin
        self.split = dataset.split(self.parts[0], 0, self.parts[1])
        done = ""
        if misfit := self.misfit(dataset):
            text, done = self._text_for(dataset, misfit)
            self._install(nn.Network.from_text(text, self.seed, dataset.class_names), text)
        elif list(self.network.class_names) != list(dataset.class_names):
            self.network.class_names = list(dataset.class_names)
            self.network_changed.emit()
        self._send_pictures()
        self.dataset_changed.emit()
        return done

    def _text_for(self, dataset: Dataset, misfit: str) -> tuple[str, str]:
        """A text that fits a data set, and what was done: the one in force with another input and
        end where a person wrote it, else the preset for such pictures.
        """
        shape, classes = dataset.image_shape, len(dataset.class_names)
        text = network_text.fitted(self.text, shape, classes)
        usable = not network_text.misfit(network_text.check(text), shape, classes)
        if usable and not self._is_preset:
            return text, f"{misfit} It was fitted to the data set, with new weights."
        self._is_preset = True
        name = "mnist" if shape[0] == 1 else "cifar"
        text = network_text.fitted(nn.presets.build(name).to_text(), shape, classes)
        if not network_text.misfit(network_text.check(text), shape, classes):
            return text, f"{misfit} The network is “{name}” now, with new weights."
        channels, height, width = shape
        text = f"input {height}x{width}x{channels}\nflatten\ndense {classes}\nloss softmax"
        return text, f"{misfit} The network is a single layer now."

    def set_parts(self, validation: float, test: float) -> None:
        """Keep other parts of every class for validation and testing, together below 1."""
        self.parts = validation, test
        if self.dataset is not None:
            self.split = self.dataset.split(validation, 0, test)
            self._send_pictures()
            self.dataset_changed.emit()

    def _send_pictures(self) -> None:
        assert self.split is not None
        train, validation = self.split.train, self.split.validation
        self.training.set_pictures(
            Pictures(train.images, train.labels),
            None if validation is None else Pictures(validation.images, validation.labels),
        )

    # -- the network -------------------------------------------------------------------------

    def problem_with(self, text: str) -> str:
        """Why this text can't be applied, as a sentence; empty when it can."""
        facts = network_text.check(text)
        if self.dataset is None:
            return facts.problem
        return network_text.misfit(facts, self.dataset.image_shape, len(self.dataset.class_names))

    def preset_text(self, name: str) -> str:
        """A preset's text, fitted to the data set."""
        text = nn.presets.build(name).to_text()
        if self.dataset is None:
            return text
        return network_text.fitted(text, self.dataset.image_shape, len(self.dataset.class_names))

    def apply_text(self, text: str) -> None:
        """Build the network that `text` describes; optimizer and settings stay.

        Raises:
            ValueError: the text has a problem, or does not fit the data set.
        """
        if problem := self.problem_with(text):
            raise ValueError(problem)
        names = self.class_names if self.dataset is not None else None
        self._is_preset = any(
            text.strip() == self.preset_text(name).strip() for name in nn.presets.ALL_NAMES
        )
        self._install(nn.Network.from_text(text, self.seed, names), text)

    def load_network(self, network: "nn.Network") -> None:
        """Go on with a network from a file.

        Raises:
            ValueError: it does not fit the data set.
        """
        text = network.to_text()
        if problem := self.problem_with(text):
            raise ValueError(problem)
        if self.dataset is not None:
            network.class_names = self.class_names
        self._is_preset = False
        self._install(network, text)

    def reset_weights(self, seed: int) -> None:
        """New weights for the same network."""
        self._end_run()
        self.seed = seed
        self.training.reset(seed)
        self.network_changed.emit()

    def clear_curves(self) -> None:
        """Begin the curves anew; the network goes on."""
        self._end_run()
        self.training.clear()

    def _install(self, network: "nn.Network", text: str) -> None:
        self._end_run()
        self.text = text
        self.training.load(network)
        self.network_changed.emit()

    def _end_run(self) -> None:
        rows = self.training.progress.rows
        if len(rows) > 1:
            name = self.dataset.name if self.dataset else ""
            self.last_run = Run(rows, self.settings, self.text, name)
        self.run_ended.emit()

    def changes_since_last_run(self) -> list[str]:
        """What differs now from the run before, each in a few words."""
        last = self.last_run
        if last is None:
            return []
        found = differences(last.settings, self.settings)
        if last.text != self.text:
            found.insert(0, "another network")
        if self.dataset is not None and last.dataset != self.dataset.name:
            found.insert(0, f"{last.dataset} → {self.dataset.name}")
        return found or ["nothing but the weights"]

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        """Another value whenever what was made, set or trained is another."""
        return self.training.stamp, self.text, self.origin, self.parts, self.settings

    def state(self) -> Callable[[], Parts]:
        """What must be of this moment, and what makes parts of it."""
        last, rows = self.last_run, np.empty((0, len(COLUMNS)))
        run = None
        if last is not None:
            run, rows = ToldRun(last.settings, last.text, last.dataset), last.rows
        told = Told(self.text, self._is_preset, self.origin, *self.parts, self.seed, run)
        trained = self.training.taken(self.training.state)
        return lambda: {
            "session.json": kept.told(told),
            "last_run.npz": {"rows": rows},
            **trained.result(),
        }

    def prepare(self, parts: Parts) -> Callable[[], None]:
        """Check what `state` told of. What is returned makes the session so, and can't fail; the
        data set is to be got again from `origin`.

        Raises ValueError, one sentence, for what does not fit.
        """
        told, made = kept.record(parts, "session.json", Told), read_training(parts)
        shape = (None, len(COLUMNS))
        rows = kept.array(parts, "last_run.npz", "rows", np.float64, shape, finite=False)
        network = made.trainer.network
        with kept.naming("session.json"):
            told.origin.check()
            facts = network_text.check(told.text) if len(told.text) <= LONGEST else None
            if facts is None or (facts.input_shape, facts.classes, facts.parameters) != (
                network.input_shape,
                *network.output_shape,
                network.parameters.size,
            ):
                raise ValueError("text does not describe the network")
            if not (told.validation >= 0 <= told.test and told.validation + told.test < 1):
                raise ValueError("validation and test must be parts of 1")
            if told.seed < 0 or len(rows) > ROWS:
                raise ValueError("a seed or a count of rows is beyond all bounds")
        run = told.last_run

        def become() -> None:
            self.text, self._is_preset, self.seed = told.text, told.is_preset, told.seed
            self.parts, self.origin = (told.validation, told.test), told.origin
            self.dataset = self.split = None
            self.settings = made.settings
            self.last_run = None if run is None else Run(rows, run.settings, run.text, run.dataset)
            self.training.resume(made)
            self.network_changed.emit()
            self.settings_changed.emit()
            self.dataset_changed.emit()

        return become

    # -- settings ----------------------------------------------------------------------------

    def change(self, **settings: Any) -> None:
        """Change some of the settings, from the next step on."""
        if "optimizer" in settings and settings["optimizer"] != self.settings.optimizer:
            lr, momentum = defaults_of(settings["optimizer"])
            settings = {"lr": lr, "momentum": momentum, **settings}
        new = replace(self.settings, **settings)
        if new != self.settings:
            self.settings = new
            self.training.set_settings(new)
            self.settings_changed.emit()

    def picture_of(self, strokes: Sequence[ArrayLike]) -> NDArray[np.uint8]:
        """A drawing as a picture (C, H, W) like those of the data set."""
        channels, height, _ = self.picture_shape
        if self.dataset is not None and self.dataset.name == DRAWINGS:
            cells = Drawing([np.asarray(stroke) for stroke in strokes]).raster(height)
            return (cells * 255).astype(np.uint8)[np.newaxis]
        ink = pen.picture(strokes, height)
        return np.repeat(ink[np.newaxis] if channels == 1 else 255 - ink[np.newaxis], channels, 0)

    def augmentation(self) -> Augment:
        """How pictures of the data set become what the network reads."""
        channels, height, width = self.network.input_shape
        return self.settings.augmentation(self.picture_shape, (channels, height, width))

    def prepared(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Pictures (N, C, H, W) as the network reads them when it only looks."""
        return self.augmentation().look(images)

    def close(self) -> None:
        self.training.close()
