"""Training on points: the bridge from the pages of Points to the engine.

`PointsWorker` owns one network, in a thread of its own. A page talks to it through
`PointsTraining` and takes back, without waiting, the newest `Frame`: step, losses, and whatever
the page asked to be worked out from the network (`look`), such as a picture of its predictions.
A frame is made between two slices, and only when the page took the one before.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
from PySide6.QtCore import Signal

import nn
from gui.optimizer_settings import MEMORY
from gui.points_settings import AS_FAST_AS_POSSIBLE, History, PointSettings
from gui.worker import FRAME, Worker, WorkerThread
from nn.field import Field

NAN = float("nan")
MEASURE_EVERY = 0.1  # seconds between two losses over all points
CHUNK = 64  # batches drawn from the points at a time

Look = Callable[[], Any]
"""Works something out from the network; what it returns must be its own, never a buffer."""
MakeLook = Callable[["nn.Network"], Look]


@dataclass(frozen=True)
class Data:
    """Training and test examples: x (N, C, H, W) float32; y (N,) labels or (N, K) targets."""

    x: np.ndarray
    y: np.ndarray
    test_x: np.ndarray | None = None
    test_y: np.ndarray | None = None

    @classmethod
    def of_points(cls, train: Any, test: Any = None) -> "Data":
        """From `nn.data.points.Points`, whose coordinates become two channels."""
        if test is None or not len(test.y):
            return cls(as_batch(train.x), train.y)
        return cls(as_batch(train.x), train.y, as_batch(test.x), test.y)


def as_batch(x: np.ndarray) -> np.ndarray:
    """Coordinates (N, C) as a batch (N, C, 1, 1) float32."""
    return np.ascontiguousarray(x, np.float32).reshape(len(x), -1, 1, 1)


@dataclass(frozen=True)
class Frame:
    """One moment of a training. Losses and accuracies are NaN where there are no points."""

    network: "nn.Network"  # for its layout only: its weights move on
    step: int
    loss: float = NAN
    test_loss: float = NAN
    accuracy: float = NAN
    test_accuracy: float = NAN
    seen: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """A moment of a training to go back to."""

    network: "nn.Network"
    weights: list[np.ndarray]
    settings: PointSettings
    seed: int
    steps: int
    rows: np.ndarray


class PointsWorker(Worker):
    """Owns network, trainer, examples and looks."""

    diverged = Signal(int)

    def __init__(self, network: "nn.Network", settings: PointSettings, seed: int = 0) -> None:
        super().__init__()
        self.speed = AS_FAST_AS_POSSIBLE
        self.history = History()
        self.frame: Frame | None = None  # the newest that nobody took
        self.steps = 0
        self._data: Data | None = None
        self._batches: Iterator[tuple[np.ndarray, np.ndarray]] = iter(())
        self._makers: dict[str, MakeLook] = {}
        self.load(network, settings, seed)

    # -- the model ---------------------------------------------------------------------------

    def load(
        self, network: "nn.Network", settings: PointSettings, seed: int = 0, steps: int = 0
    ) -> None:
        """Train `network` from now on. Examples stay, if they fit it."""
        running = self.running
        self.pause()
        self.network, self.settings, self.seed = network, settings, seed
        self._looks = {name: make(network) for name, make in self._makers.items()}
        self._begin(steps)
        self._shuffle()
        self.publish()
        if running:
            self.play()

    def _begin(self, steps: int = 0) -> None:
        settings = self.settings
        self.trainer = nn.Trainer(
            self.network, settings.build_optimizer(), self.seed, l1=settings.l1, l2=settings.l2
        )
        self.trainer.steps = self.steps = steps
        if not steps:
            self.history.clear()
        self._measured = 0.0

    def reset(self, seed: int) -> None:
        """New weights from `seed`; steps and losses begin again."""
        self.seed = seed
        self.network.reset(seed)
        self._begin()
        self._shuffle()
        self.publish()

    def change(self, settings: PointSettings) -> None:
        """Go on with other settings; the weights stay, and what the same rule remembers."""
        old, self.settings = self.settings, settings
        if settings.optimizer != old.optimizer:
            self.trainer.optimizer = settings.build_optimizer()
        else:
            self.trainer.optimizer.lr = settings.lr
            if memory := MEMORY.get(settings.optimizer):
                setattr(self.trainer.optimizer, memory, settings.momentum)
        if (settings.l1, settings.l2) != (old.l1, old.l2):
            self.trainer.set_decay(settings.l1, settings.l2)
        if settings.batch_size != old.batch_size:
            self._shuffle()

    def restore_last_good(self) -> None:
        """Go back to the newest weights that were all finite numbers."""
        self.trainer.restore_last_good()
        self.publish()

    def mark(self) -> Mark:
        """A copy of this moment."""
        return Mark(
            self.network,
            self.network.checkpoint(),
            self.settings,
            self.seed,
            self.trainer.steps,
            self.history.rows(),
        )

    def go_back_to(self, mark: Mark) -> None:
        """Be as at `mark` again."""
        mark.network.restore(mark.weights)
        self.load(mark.network, mark.settings, mark.seed, mark.steps)
        self.history.restore(mark.rows)

    # -- examples and looks ------------------------------------------------------------------

    def set_data(self, data: Data | None) -> None:
        """Train on these examples from now on; None or none at all: there are no examples."""
        self._data = data if data is not None and len(data.x) else None
        self._shuffle()
        if self._data is None:
            self.pause()
        self.publish()

    def look(self, name: str, make: MakeLook | None) -> None:
        """Have every frame hold what `make(network)()` returns; None ends it."""
        self._makers.pop(name, None)
        self._looks.pop(name, None)
        if make is not None:
            self._makers[name] = make
            self._looks[name] = make(self.network)
        self.publish()

    def _shuffle(self) -> None:
        self._fields: list[tuple[Field, np.ndarray] | None] = [None, None]
        self._batches = iter(())
        data = self._data
        if data is None or not _fit(data, self.network):
            return
        self._batches = endless_batches(data, self.settings.batch_size, self.seed)
        self._fields[0] = Field(self.network, data.x), data.y
        if data.test_x is not None and data.test_y is not None and len(data.test_x):
            self._fields[1] = Field(self.network, data.test_x), data.test_y

    # -- training ----------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """True when there are examples that fit the network."""
        return self._fields[0] is not None

    def play(self) -> None:
        """Train until paused."""
        if self.is_ready:
            self.go_on(FRAME if self.speed else 0.0)

    def step_once(self) -> None:
        """One step on the next batch."""
        if self.is_ready:
            self._step()
            self.publish()

    def train(self, steps: int) -> None:
        """So many steps in one go."""
        for _ in range(steps if self.is_ready else 0):
            if not self._step():
                break
        self.publish()

    def set_speed(self, steps_a_frame: int) -> None:
        self.speed = steps_a_frame
        if self.running:
            self.play()

    def work(self, end: float) -> None:
        """Train for one slice, and make a frame if the page took the one before.

        `give_way` is written out here: a call a step costs a percent of the steps.
        """
        wanted = self.frame is None
        step, batches, turn = self.trainer.step, self._batches, self.turn
        for count in range(1, (self.speed or sys.maxsize) + 1):
            last = count == self.speed or perf_counter() >= end
            if step(*next(batches)).diverged:
                self._tell_diverged()
                return
            if last:
                break
            if not turn.is_set():
                turn.wait(FRAME)
        self.steps = self.trainer.steps
        if wanted:
            self.publish(often=True)

    def pause(self) -> None:
        """Stop working after this job, with a frame of where it ended."""
        was_running = self.running
        super().pause()
        if was_running:
            self.publish()

    def _step(self) -> bool:
        """One step; False when it diverged."""
        diverged = self.trainer.step(*next(self._batches)).diverged
        if diverged:
            self._tell_diverged()
        self.steps = self.trainer.steps
        return not diverged

    def _tell_diverged(self) -> None:
        self.steps = self.trainer.steps
        self.pause()
        self.diverged.emit(self.trainer.steps)

    def publish(self, *, often: bool = False) -> None:
        """Make a frame of now; losses are worked out a few times a second when `often`."""
        now, steps = perf_counter(), self.trainer.steps
        self.steps = steps
        if not often or self.history.is_short or now - self._measured >= MEASURE_EVERY:
            self._measured = now
            train, test = (self._measure(found) for found in self._fields)
            self._losses = (train[0], test[0], train[1], test[1])
            if self._fields[0] is not None:
                self.history.append(float(steps), *self._losses)
        seen = {name: see() for name, see in self._looks.items()}
        self.frame = Frame(self.network, steps, *self._losses, seen)

    def _measure(self, found: "tuple[Field, np.ndarray] | None") -> tuple[float, float]:
        if found is None:
            return NAN, NAN
        loss, correct = found[0].measure(found[1])
        return loss, correct / len(found[1])


def _fit(data: Data, network: "nn.Network") -> bool:
    """True when the network can train on these examples; between two requests it may not."""
    classes = network.output_shape[0]
    if data.x.shape[1:] != network.input_shape:
        return False
    if data.y.ndim == 2:
        return bool(data.y.shape[1] == classes)
    return all(y is None or not len(y) or int(y.max()) < classes for y in (data.y, data.test_y))


def endless_batches(data: Data, size: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All examples in a new random order each time, without end, `size` at a time."""
    rng = np.random.default_rng(seed)
    count = len(data.x)
    size = min(size, count)
    whole = count - count % size  # what is left over comes first the next time, most likely
    while True:
        order = rng.permutation(count)
        for start in range(0, whole, size * CHUNK):
            chosen = order[start : min(start + size * CHUNK, whole)]
            x, y = data.x[chosen], data.y[chosen]
            for i in range(0, len(chosen), size):
                yield x[i : i + size], y[i : i + size]


class PointsTraining(WorkerThread):
    """The page's side: requests, and what can be read without waiting."""

    diverged = Signal(int)

    def __init__(self, network: "nn.Network", settings: PointSettings, seed: int = 0) -> None:
        self._worker: PointsWorker
        super().__init__(PointsWorker(network, settings, seed))
        self.network, self.settings, self.seed = network, settings, seed
        self._worker.diverged.connect(self.diverged)

    # -- read without waiting ----------------------------------------------------------------

    @property
    def step_count(self) -> int:
        return self._worker.steps

    @property
    def history(self) -> History:
        return self._worker.history

    def take(self) -> Frame | None:
        """The newest frame of the network in force, or None when there is nothing new."""
        frame, self._worker.frame = self._worker.frame, None
        return frame if frame is not None and frame.network is self.network else None

    # -- requests ----------------------------------------------------------------------------

    def load(
        self, network: "nn.Network", settings: PointSettings | None = None, seed: int = 0
    ) -> None:
        """Train another network from now on, from step 0; a running training goes on with it."""
        self.network, self.seed = network, seed
        self.settings = self.settings if settings is None else settings
        self.post(self._worker.load, network, self.settings, seed)

    def change(self, settings: PointSettings) -> None:
        """Other settings from the next step on."""
        self.settings = settings
        self.post(self._worker.change, settings)

    def set_data(self, data: Data | None) -> None:
        self.post(self._worker.set_data, data)

    def look(self, name: str, make: MakeLook | None) -> None:
        self.post(self._worker.look, name, make)

    def reset(self, seed: int) -> None:
        self.seed = seed
        self.post(self._worker.reset, seed)

    def mark(self) -> Mark:
        """This moment, to `go_back_to`; waits for the slice to end."""
        return self.ask(self._worker.mark)

    def go_back_to(self, mark: Mark) -> None:
        self.network, self.settings, self.seed = mark.network, mark.settings, mark.seed
        self.post(self._worker.go_back_to, mark)

    def restore_last_good(self) -> None:
        self.post(self._worker.restore_last_good)

    def play(self) -> None:
        self.post(self._worker.play)

    def step_once(self) -> None:
        self.post(self._worker.step_once)

    def train(self, steps: int) -> None:
        self.post(self._worker.train, steps)

    def set_speed(self, steps_a_frame: int) -> None:
        self.post(self._worker.set_speed, steps_a_frame)
