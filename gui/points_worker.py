"""Training on points: the thread that owns the network of a page of Points.

A page takes back, without waiting, the newest `Frame`: step, losses, and whatever it asked to be
worked out from the network (`look`), such as a picture of its predictions. A frame is made between
two slices, and only when the page took the one before.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import Signal

import nn
from gui import kept
from gui.kept import Parts
from gui.optimizer_settings import MEMORY
from gui.points_batches import Batches, Data
from gui.points_settings import AS_FAST_AS_POSSIBLE, SPEEDS, History, PointSettings
from gui.worker import FRAME, Worker
from nn.field import Field

NAN = float("nan")
MEASURE_EVERY = 0.1  # seconds between two losses over all points

Look = Callable[[], Any]
"""Works something out from the network; what it returns must be its own, never a buffer."""
MakeLook = Callable[["nn.Network"], Look]


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


@dataclass(frozen=True)
class Told:
    """What a session file says of a training beside the trainer itself."""

    settings: PointSettings
    speed: int
    order: dict[str, Any] | None  # None: there are no examples


class Resumed(NamedTuple):
    """A training that was kept, ready to go on."""

    trainer: "nn.Trainer"
    settings: PointSettings
    speed: int
    data: Data | None
    batches: Batches | None
    rows: np.ndarray


def read_training(
    parts: Parts, data: Data | None, shape: tuple[int, int, int], outputs: int
) -> Resumed:
    """The training that `PointsWorker.state` told of, on these examples: (C, H, W) to so many
    outputs.

    Raises ValueError, one sentence, for what does not fit.
    """
    made = kept.record(parts, "training.json", Told)
    rows = kept.array(parts, "history.npz", "rows", np.float64, (None, 5), finite=False)
    trainer = kept.trainer(parts)
    with kept.naming("training.json"):
        network = trainer.network
        if network.input_shape != shape or network.output_shape != (outputs,):
            raise ValueError(f"the network must take {shape} and give {outputs} numbers")
        made.settings.check(trainer)
        if made.speed not in [steps for _, steps in SPEEDS]:
            raise ValueError(f"speed can't be {made.speed}")
        if (data is None) != (made.order is None):
            raise ValueError("an order is there if and only if there are examples")
        batches = None
        if data is not None:
            batches = Batches(data, made.settings.batch_size, state=made.order)
    return Resumed(trainer, made.settings, made.speed, data, batches, rows)


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
        self._batches: Batches | None = None  # None: there are no examples that fit
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

    # -- what a session file keeps -----------------------------------------------------------

    def state(self) -> Parts:
        """All of this training, from which another goes on bit for bit."""
        order = None if self._batches is None else self._batches.state()
        return {
            "training.json": kept.told(Told(self.settings, self.speed, order)),
            "history.npz": {"rows": self.history.rows()},
            **kept.trainer_parts(self.trainer),
        }

    def resume(self, made: Resumed) -> None:
        """Go on with a training that was kept."""
        self.pause()
        self.trainer, self.settings, self.speed = made.trainer, made.settings, made.speed
        self.network, self.seed = made.trainer.network, made.trainer.seed
        self.history.restore(made.rows)
        self._measured = 0.0
        self._looks = {name: make(self.network) for name, make in self._makers.items()}
        self._data = made.data
        self._use(made.batches)
        self.publish()

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
        """Begin the examples anew, in the order of the seed."""
        data = self._data
        fits = data is not None and _fit(data, self.network)
        self._use(Batches(data, self.settings.batch_size, self.seed) if data and fits else None)

    def _use(self, batches: Batches | None) -> None:
        """Take batches from here from now on."""
        self._fields: list[tuple[Field, np.ndarray] | None] = [None, None]
        self._batches = batches
        data = self._data
        if batches is None or data is None:
            return
        self._fields[0] = Field(self.network, data.x), data.y
        if data.test_x is not None and data.test_y is not None and len(data.test_x):
            self._fields[1] = Field(self.network, data.test_x), data.test_y

    # -- training ----------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """True when there are examples that fit the network."""
        return self._batches is not None

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
        assert self._batches is not None
        wanted = self.frame is None
        step, batches, turn = self.trainer.step, self._batches.stream, self.turn
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
        assert self._batches is not None
        diverged = self.trainer.step(*next(self._batches.stream)).diverged
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
