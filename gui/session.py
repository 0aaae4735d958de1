"""What a person has made: the classes, the samples, and the network with how far it is trained."""

from collections.abc import Hashable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QObject, Signal

import nn
from gui.sketch_state import LONGEST_NAME, MOST_CLASSES, Made, Trained, read_sample
from gui.training import Training
from nn.data.drawings import Drawing, Sample
from nn.data.strokes import normalise
from nn.shuffle import Shuffle


class Mark(NamedTuple):
    """Enough of a session to come back to it: see `Session.mark` and `Session.go_back_to`."""

    preset: str
    seed: int
    network: "nn.Network"
    steps: int
    samples: dict[int, Sample]
    lr: float


class Session(QObject):
    """Reads are plain attributes; every change goes through a method and is signalled."""

    sample_added = Signal(int, Sample)  # its id; before anything is trained on it
    trained = Signal()  # Train was clicked
    samples_changed = Signal()
    classes_changed = Signal()
    network_changed = Signal()

    def __init__(self, preset: str = "sketch") -> None:
        super().__init__()
        self.preset = preset
        self.seed = 0
        self.lr = nn.presets.learning_rate(preset)
        self.training = Training(nn.presets.build(preset, seed=self.seed), self.lr)
        self._samples: dict[int, Sample] = {}
        self._next_id = 0

    @property
    def network(self) -> "nn.Network":
        """The network in force. Another thread trains it: read, never write."""
        return self.training.network

    @property
    def classes(self) -> list[str]:
        return list(self.network.class_names)

    @property
    def samples(self) -> list[Sample]:
        return list(self._samples.values())

    @property
    def samples_by_id(self) -> dict[int, Sample]:
        return dict(self._samples)

    @property
    def step_count(self) -> int:
        """SGD steps since the weights were last made anew."""
        return self.training.step_count

    @property
    def grid_size(self) -> int:
        """Cells along one edge of the network's input."""
        return int(self.network.input_shape[-1])

    # -- samples -----------------------------------------------------------------------------

    def add_sample(self, drawing: Drawing, label: int) -> int:
        """Keep `drawing` as an example of class `label`; its id."""
        made = self._next_id
        self._next_id += 1
        self._samples[made] = Sample(drawing, label)
        self.sample_added.emit(made, self._samples[made])
        self._samples_have_changed()
        return made

    def find(self, drawing: Drawing) -> int | None:
        """The id of the sample with the same strokes and cells as `drawing`, or None."""
        strokes, cells = normalise(drawing.strokes), drawing.raster(self.grid_size)
        for sample_id, sample in self._samples.items():
            kept = sample.drawing
            if (
                len(kept.strokes) == len(strokes)
                and np.array_equal(kept.raster(self.grid_size), cells)
                and all(map(_alike, normalise(kept.strokes), strokes))
            ):
                return sample_id
        return None

    def relabel_sample(self, sample_id: int, label: int) -> None:
        self._samples[sample_id] = replace(self._samples[sample_id], label=label)
        self._samples_have_changed()

    def delete_sample(self, sample_id: int) -> None:
        del self._samples[sample_id]
        self._samples_have_changed()

    def restore_sample(self, sample_id: int, sample: Sample) -> None:
        """Put a deleted sample back where it was."""
        self._samples = dict(sorted({**self._samples, sample_id: sample}.items()))
        self._samples_have_changed()

    def _samples_have_changed(self, shuffle: Shuffle | None = None) -> None:
        x, y = nn.data.drawings.to_batch(self.samples, self.grid_size)
        self.training.set_samples(x, y, shuffle)
        self.samples_changed.emit()

    def train(self, x: np.ndarray, label: int, times: int) -> None:
        """`times` SGD steps on one drawing, x (1, 1, S, S)."""
        self.training.train(x, np.array([label], dtype=np.int64), times)
        self.trained.emit()

    # -- classes -----------------------------------------------------------------------------

    def problem_with_name(self, name: str, but_for: int | None = None) -> str:
        """Why no class may be called `name`, as a sentence; empty when one may."""
        others = [c.casefold() for i, c in enumerate(self.classes) if i != but_for]
        if not name.strip():
            return "A class needs a name: type at least one character."
        if name.strip().casefold() in others:
            return f"There is a class “{name.strip()}” already: choose another name."
        if len(name.strip()) > LONGEST_NAME:
            return f"That name is too long: use at most {LONGEST_NAME} characters."
        if but_for is None and len(others) >= MOST_CLASSES:
            return f"{MOST_CLASSES} classes are the most that fit."
        return ""

    def add_class(self, name: str) -> None:
        """A new class, last in the row; what the others learned stays."""
        kept = list(range(len(self.classes)))
        self._change_classes([*self.classes, name.strip()], [*kept, None])

    def rename_class(self, index: int, name: str) -> None:
        names = self.classes
        names[index] = name.strip()
        self._change_classes(names, list(range(len(names))))

    def remove_class(self, index: int) -> None:
        """Drop a class with its samples; what the others learned stays."""
        kept = [i for i in range(len(self.classes)) if i != index]
        self._samples = {
            key: replace(sample, label=kept.index(sample.label))
            for key, sample in self._samples.items()
            if sample.label != index
        }
        self._change_classes([self.classes[i] for i in kept], list(kept))

    def _change_classes(self, names: list[str], sources: list[int | None]) -> None:
        network = self.training.ask(
            lambda: self.network.with_classes(names, sources, seed=self.seed)
        )
        self._install(network, self.step_count)
        self.classes_changed.emit()

    # -- the network -------------------------------------------------------------------------

    def choose_preset(self, preset: str) -> None:
        """Another network for the same classes and samples, with new weights."""
        self.preset = preset
        self.lr = nn.presets.learning_rate(preset)
        self._build(size=None)

    def resize_grid(self, size: int) -> None:
        """Another number of input cells: the same network at that size, with new weights."""
        self._build(size)

    def reset_weights(self, seed: int) -> None:
        """New weights for the same network; samples and classes stay."""
        self.seed = seed
        self.training.reset(seed)

    def set_lr(self, lr: float) -> None:
        self.lr = lr
        self.training.set_lr(lr)

    def _build(self, size: int | None) -> None:
        self._install(
            nn.presets.build(self.preset, seed=self.seed, size=size, class_names=self.classes)
        )

    def _install(self, network: "nn.Network", steps: int = 0) -> None:
        self.training.load(network, self.lr, steps)
        self.network_changed.emit()
        self._samples_have_changed()

    # -- going back --------------------------------------------------------------------------

    def mark(self) -> Mark:
        """Where things stand now, with the weights as they are between two steps."""
        network, steps = self.training.ask(lambda: (self.network.copy(), self.step_count))
        return Mark(self.preset, self.seed, network, steps, dict(self._samples), self.lr)

    def go_back_to(self, mark: Mark) -> None:
        """Make classes, samples and network what they were at `mark`."""
        self.preset, self.seed, self.lr = mark.preset, mark.seed, mark.lr
        self._samples = dict(mark.samples)
        self._install(mark.network, mark.steps)
        self.classes_changed.emit()

    # -- session files -----------------------------------------------------------------------

    @property
    def next_id(self) -> int:
        """The id of the next sample; none is given twice."""
        return self._next_id

    @property
    def stamp(self) -> Hashable:
        """Another value whenever anything here is another."""
        return self.lr, tuple(self._samples.items()), self.training.stamp

    def restore(self, made: Made, trained: Trained) -> None:
        """Go on with a session that was kept."""
        self.preset, self.seed = made.settings.preset, made.settings.seed
        self.lr = trained.trainer.optimizer.lr
        self._samples, self._next_id = dict(made.samples), made.settings.next_id
        self.training.resume(trained)
        self.network_changed.emit()
        self._samples_have_changed(trained.shuffle)
        self.classes_changed.emit()
        self.training.ask(lambda: None)  # so that `stamp` is that of what is here now

    def bring_back(self, drawings: Iterable[Any]) -> None:
        """Take in samples that were written down one by one: see `gui.keeping.slot`.

        One that can't be read is passed over, and so is one that is here already.
        """
        found = {}
        for drawing in drawings:
            with suppress(ValueError):
                key, sample = read_sample(drawing)
                name = str(drawing.get("class"))
                if name not in self.classes and not self.problem_with_name(name):
                    self.add_class(name)
                if key not in self._samples and name in self.classes:
                    found[key] = replace(sample, label=self.classes.index(name))
        self._samples = dict(sorted({**self._samples, **found}.items()))
        self._next_id = max(self._next_id, *(key + 1 for key in found), 0)
        self._samples_have_changed()

    def close(self) -> None:
        self.training.close()


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, atol=1e-3))
