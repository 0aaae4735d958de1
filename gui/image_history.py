"""What a training on pictures has measured so far: curves that stay short, marks, and numbers.

Qt-free. The training thread writes into a `Meter`; what the window gets is a `Progress`, which
nobody changes any more.
"""

from dataclasses import dataclass, field
from math import isfinite
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from gui import kept
from gui.kept import Parts
from nn.metrics import Window
from nn.training import StepResult

ROWS = 4096  # a history longer than this is thinned by joining neighbours
WINDOW = 50  # steps that a number is averaged over
MOST_JOINED = 1 << 40  # steps a row
PROBES = 25  # looks that the validation accuracy is averaged over
WARM_UP = 3  # steps that are not timed: buffers are made in them
SMOOTHING = 0.05
COLUMNS = ("step", "loss", "train", "validation")

Rows = NDArray[np.float64]


class History:
    """One row for every step: its number, loss, and both accuracies (NaN where unknown).

    When the room is full, each two rows become their mean, and rows are joined like this from
    then on: any length of training fits.
    """

    def __init__(self, room: int = ROWS) -> None:
        self._rows: Rows = np.empty((room, len(COLUMNS)))
        self._count = 0
        self._stride = 1  # steps a row
        self._sum = np.zeros(len(COLUMNS))
        self._pending = 0

    def add(self, step: int, loss: float, train: float, validation: float) -> None:
        """Append one step; losses and accuracies of one row are averaged."""
        self._sum += (step, loss, train, validation)
        self._pending += 1
        if self._pending < self._stride:
            return
        if self._count == len(self._rows):
            half = self._rows.reshape(-1, 2, len(COLUMNS)).mean(axis=1)
            self._rows[: len(half)] = half
            self._count, self._stride = len(half), 2 * self._stride
            if self._pending < self._stride:
                return
        self._rows[self._count] = self._sum / self._pending
        self._count += 1
        self._sum[:] = 0
        self._pending = 0

    def rows(self) -> Rows:
        """A copy, (n, 4): `COLUMNS`, oldest first."""
        return self._rows[: self._count].copy()

    def arrays(self) -> dict[str, Rows]:
        """All of it, for a session file; see `read`."""
        joined = np.array([*self._sum, self._pending, self._stride])
        return {"rows": self.rows(), "joined": joined}

    @classmethod
    def read(cls, parts: Parts, name: str) -> "History":
        """From the part that holds `arrays`; ValueError, one sentence, for what does not fit."""
        rows = kept.array(parts, name, "rows", np.float64, (None, len(COLUMNS)), finite=False)
        joined = kept.array(parts, name, "joined", np.float64, (len(COLUMNS) + 2,), finite=False)
        *total, pending, stride = joined.tolist()
        with kept.naming(name):
            if len(rows) > ROWS or not 0 <= pending <= stride <= MOST_JOINED or stride < 1:
                raise ValueError("the curves hold too many rows")
        made = cls()
        made._count = len(rows)
        made._rows[: len(rows)] = rows
        made._sum[:] = total
        made._pending, made._stride = int(pending), int(stride)
        return made


@dataclass(frozen=True)
class Mark:
    """Something that was changed at a step."""

    step: int
    text: str


@dataclass(frozen=True)
class Progress:
    """How a training stands. Accuracies are parts of 1 over the last steps, NaN before any;
    times are seconds for one example; `seconds_left` is None where no end is set.
    """

    step: int = 0
    examples: int = 0
    epoch: float = 0.0
    loss: float = float("nan")
    decay_loss: float = 0.0
    train_accuracy: float = float("nan")
    validation_accuracy: float = float("nan")
    forward_time: float = float("nan")
    backward_time: float = float("nan")
    examples_per_second: float = 0.0
    seconds_left: float | None = None
    rows: Rows = field(default_factory=lambda: np.empty((0, len(COLUMNS))))
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a session file says of a meter beside its arrays; times None where not known."""

    examples: int
    steps: int
    probe_count: int
    forward: float | None
    backward: float | None
    decay_loss: float
    marks: tuple[Mark, ...]


class Meter:
    """Takes down what every step did, and tells how things stand."""

    def __init__(self) -> None:
        self.examples = 0
        self.told = perf_counter()  # when the pace was worked out last
        self._told_examples = 0
        self._pace = 0.0
        self._history = History()
        self._marks: tuple[Mark, ...] = ()
        self._window = Window(WINDOW)
        self._forward = self._backward = float("nan")
        self._decay_loss = 0.0
        self._steps = 0
        self.forget_probes()

    def forget_probes(self) -> None:
        """The validation pictures are others now."""
        self._probes = Window(PROBES)
        self._probe_count = 0

    def begin(self) -> None:
        """Training goes on from a pause, which does not count for the pace."""
        self.told, self._told_examples = perf_counter(), self.examples

    def mark(self, step: int, text: str) -> None:
        """Something was changed at a step."""
        self._marks = (*self._marks, Mark(step, text))

    def add_step(self, result: StepResult, seconds: float) -> None:
        """Take down a step, which took so many seconds an example."""
        self.examples += result.count
        self._decay_loss = result.decay_loss
        self._window.add(result.loss, result.correct, result.count)
        self._steps += 1
        if self._steps > WARM_UP:
            self._backward = _smooth(self._backward, seconds)
        self._history.add(result.step, result.loss, self._window.accuracy, self._probes.accuracy)

    def add_probe(self, right: int | None, count: int, seconds: float) -> None:
        """Take down a look at `count` pictures, of which `right` were right (None: they are not
        for validation), and which took so many seconds an example going forward.
        """
        self._forward = _smooth(self._forward, seconds)
        if right is not None:
            self._probes.add(0.0, right, count)
            self._probe_count += 1

    @property
    def validation_accuracy(self) -> float:
        """Part of 1 over the last probes; NaN while these are too few to be sure of it."""
        return self._probes.accuracy if self._probe_count >= PROBES else float("nan")

    def progress(self, step: int, epoch: float, running: bool, to_come: int | None) -> Progress:
        """How things stand, with so many examples to come (None: no end is set)."""
        now = perf_counter()
        if now - self.told >= 0.05:
            fresh = max(0, self.examples - self._told_examples) / (now - self.told)
            self._pace = fresh if not self._pace else 0.8 * self._pace + 0.2 * fresh
            self.told, self._told_examples = now, self.examples
        left = None
        if running and to_come is not None and self._pace:
            left = max(0, to_come) / self._pace
        return Progress(
            step=step,
            examples=self.examples,
            epoch=epoch,
            loss=self._window.loss,
            decay_loss=self._decay_loss,
            train_accuracy=self._window.accuracy,
            validation_accuracy=self._probes.accuracy,
            forward_time=self._forward,
            backward_time=self._backward_time(),
            examples_per_second=self._pace if running else 0.0,
            seconds_left=left,
            rows=self._history.rows(),
            marks=self._marks,
        )

    def state(self) -> Parts:
        """All of it but the pace, as parts of a session file."""
        told = Told(
            self.examples,
            self._steps,
            self._probe_count,
            self._forward if isfinite(self._forward) else None,
            self._backward if isfinite(self._backward) else None,
            self._decay_loss,
            self._marks,
        )
        arrays = {"window": self._window.steps, "probes": self._probes.steps}
        return {"meter.json": kept.told(told), "curves.npz": {**self._history.arrays(), **arrays}}

    @classmethod
    def read(cls, parts: Parts) -> "Meter":
        """The meter that `state` told of; ValueError, one sentence, for what does not fit."""
        told = kept.record(parts, "meter.json", Told)
        made = cls()
        made._history = History.read(parts, "curves.npz")
        made._window, made._probes = (
            Window.resume(size, kept.array(parts, "curves.npz", key, np.float64, (None, 3)))
            for key, size in (("window", WINDOW), ("probes", PROBES))
        )
        made.examples = made._told_examples = told.examples
        made._steps, made._probe_count = told.steps, told.probe_count
        made._forward = float("nan") if told.forward is None else told.forward
        made._backward = float("nan") if told.backward is None else told.backward
        made._decay_loss, made._marks = told.decay_loss, told.marks
        return made

    def _backward_time(self) -> float:
        """What is left of a step without going forward."""
        rest = self._backward - self._forward
        return max(0.0, rest) if isfinite(rest) else float("nan")


def _smooth(old: float, new: float) -> float:
    """A running mean that begins with its first value."""
    return new if not isfinite(old) else old + SMOOTHING * (new - old)
