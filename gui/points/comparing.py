"""Several optimizers on the same network, start and batches, each as far as the others.

Every run has its own copy of the network and its own batches, drawn with the same seed: so the
n-th batch is the same for all, and a run that begins later does what the others did before it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

import nn
from gui import kept, optimizer_settings
from gui.kept import Parts
from gui.points_batches import Batches, Data
from gui.worker import FRAME, Worker, WorkerThread
from nn.field import Field
from nn.typing import Array

MOST_ROWS = 400  # of a run; beyond that every second goes, and half as many are measured
NAN = float("nan")


@dataclass(frozen=True)
class Entry:
    """An optimizer that takes part: what `MEMORY` names for it is `momentum`."""

    key: str
    optimizer: str
    lr: float
    momentum: float

    @property
    def folder(self) -> str:
        """What its part of a session file is called."""
        return self.key.lower().replace(" ", "_")

    def build(self) -> "nn.optimizers.Optimizer":
        """A new optimizer with these numbers."""
        return optimizer_settings.build(self.optimizer, self.lr, self.momentum)


@dataclass
class Task:
    """What all runs have in common."""

    network: "nn.Network"  # at its start; never trained itself
    data: Data
    batch_size: int = 10
    seed: int = 0


@dataclass(frozen=True)
class Told:
    """What a session file says of a run beside the trainer itself."""

    seen: int
    has_diverged: bool
    interval: int
    next: int
    order: dict[str, Any]


class Run:
    """One optimizer's training, with rows of examples seen, loss, training and test accuracy."""

    def __init__(
        self,
        entry: Entry,
        task: Task,
        trainer: "nn.Trainer | None" = None,
        batches: Batches | None = None,
    ) -> None:
        data = task.data
        self.entry = entry
        self.trainer = trainer or nn.Trainer(task.network.copy(), entry.build(), task.seed)
        self.network = self.trainer.network
        self.seen = 0
        self.has_diverged = False
        self.rows: list[tuple[float, ...]] = []
        self._batches = batches or Batches(data, task.batch_size, task.seed)
        self._train = Field(self.network, data.x), data.y
        self._test: tuple[Field, Array] | None = None
        if data.test_x is not None and data.test_y is not None and len(data.test_x):
            self._test = Field(self.network, data.test_x), data.test_y
        self._interval = max(1, len(data.x) // 2)  # examples between two rows
        self._next = self._interval
        self.measure()

    def state(self) -> Parts:
        """All of this run, from which another goes on bit for bit."""
        told = Told(self.seen, self.has_diverged, self._interval, self._next, self._batches.state())
        return {
            "run.json": kept.told(told),
            "history.npz": {"rows": np.array(self.rows, np.float64).reshape(-1, 4)},
            **kept.trainer_parts(self.trainer),
        }

    @classmethod
    def resume(cls, entry: Entry, task: Task, parts: Parts) -> "Run":
        """A run that goes on from `state`; ValueError, one sentence, for what does not fit."""
        told = kept.record(parts, "run.json", Told)
        rows = kept.array(parts, "history.npz", "rows", np.float64, (None, 4), finite=False)
        trainer, rule = kept.trainer(parts), entry.build()
        with kept.naming("run.json"):
            if (rule.kind, rule.config()) != (trainer.optimizer.kind, trainer.optimizer.config()):
                raise ValueError(f"{entry.key} should be {rule}, not {trainer.optimizer}")
            if trainer.network.to_text() != task.network.to_text():
                raise ValueError(f"{entry.key} trains another network than the others")
            if told.seen < 0 or told.interval < 1:
                raise ValueError("counts of examples can't be negative")
            batches = Batches(task.data, task.batch_size, state=told.order)
        run = cls(entry, task, trainer, batches)
        run.seen, run.has_diverged = told.seen, told.has_diverged
        run._interval, run._next = told.interval, told.next
        run.rows = [tuple(row) for row in rows[-MOST_ROWS:].tolist()]
        return run

    def step(self) -> None:
        """One batch."""
        x, y = next(self._batches.stream)
        if self.trainer.step(x, y).diverged:
            self.has_diverged = True
            self.measure()
            return
        self.seen += len(x)
        if self.seen >= self._next:
            self._next = self.seen + self._interval
            self.measure()

    def measure(self) -> None:
        """Append a row of now, once."""
        if self.rows and self.rows[-1][0] == self.seen:
            return
        loss, correct = self._train[0].measure(self._train[1])
        test = NAN
        if self._test is not None:
            test = self._test[0].measure(self._test[1])[1] / len(self._test[1])
        row = (float(self.seen), loss, correct / len(self._train[1]), test)
        if len(self.rows) >= MOST_ROWS:
            self.rows = [*self.rows[::2], row]  # another list: the window reads this one
            self._interval *= 2
        else:
            self.rows.append(row)


@dataclass
class Mark:
    """A moment to go back to; its runs rest there."""

    task: Task | None
    runs: dict[str, Run] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        return max((run.seen for run in self.runs.values()), default=0)


class ComparisonWorker(Worker):
    """Owns the runs; trains the one that is furthest behind."""

    def __init__(self) -> None:
        super().__init__()
        self.task: Task | None = None
        self.runs: dict[str, Run] = {}

    def load(self, task: Task | None, entries: tuple[Entry, ...]) -> Mark:
        """Begin anew with other things in common; what there was can be gone back to."""
        mark = self.mark()
        self.task = task
        self.runs = {} if task is None else {entry.key: Run(entry, task) for entry in entries}
        if not self.runs:
            self.pause()
        return mark

    def mark(self) -> Mark:
        return Mark(self.task, self.runs)

    def go_back_to(self, mark: Mark) -> None:
        self.task, self.runs = mark.task, mark.runs

    def resume(self, mark: Mark) -> None:
        """Go on with runs that were kept."""
        self.pause()
        self.go_back_to(mark)

    def state(self) -> Parts:
        """All runs, each in its folder."""
        parts: Parts = {}
        for run in self.runs.values():
            parts |= kept.within(run.entry.folder, run.state())
        return parts

    def enter(self, entry: Entry) -> None:
        """Let an optimizer take part, from the start; one of the same key makes room for it."""
        if self.task is not None:
            self.runs = {**self.runs, entry.key: Run(entry, self.task)}

    def leave(self, key: str) -> None:
        self.runs = {name: run for name, run in self.runs.items() if name != key}
        if not self.runs:
            self.pause()

    def play(self) -> None:
        if self._behind() is not None:
            self.go_on()

    def step_once(self) -> None:
        """One batch for every run that is not ahead of another."""
        least = min((run.seen for run in self._live()), default=0)
        for run in self._live():
            if run.seen == least:
                run.step()
                run.measure()

    def work(self, end: float) -> None:
        while perf_counter() < end:
            run = self._behind()
            if run is None:
                self.pause()
                return
            wanted = run.seen + 100
            while run.seen < wanted and not run.has_diverged and perf_counter() < end:
                run.step()
                if not self.turn.is_set():
                    self.turn.wait(FRAME)

    def _live(self) -> list[Run]:
        return [run for run in self.runs.values() if not run.has_diverged]

    def _behind(self) -> Run | None:
        return min(self._live(), key=lambda run: run.seen, default=None)


class Comparison(WorkerThread):
    """The page's side."""

    def __init__(self) -> None:
        self._worker: ComparisonWorker
        super().__init__(ComparisonWorker())
        self._changes = 0  # requests after which the runs are others

    @property
    def stamp(self) -> Hashable:
        """Another value whenever a run is another."""
        return self._changes, self.seen, self.running

    @property
    def seen(self) -> int:
        """Examples seen by all together; one that runs away counts too."""
        return sum(run.seen + run.has_diverged for run in self.runs.values())

    @property
    def state(self) -> Callable[[], Parts]:
        """Makes the parts of a session file, in the thread: for `later`."""
        return self._worker.state

    @property
    def runs(self) -> dict[str, Run]:
        """To be read, never to be trained: `seen`, `has_diverged`, and `rows_of`."""
        return self._worker.runs

    @property
    def task(self) -> Task | None:
        return self._worker.task

    def rows_of(self, key: str) -> Array:
        """The rows of a run, (n, 4), a copy; none when it takes no part."""
        run = self.runs.get(key)
        return np.array([] if run is None else run.rows.copy(), np.float64).reshape(-1, 4)

    def best_test(self) -> tuple[str, float]:
        """The key and the last test accuracy of the best run; "" and NaN when there is none."""
        found = [
            (run.rows[-1][3], key)
            for key, run in self.runs.items()
            if run.rows and isfinite(run.rows[-1][3])
        ]
        accuracy, key = max(found, default=(NAN, ""))
        return key, accuracy

    def load(self, task: Task | None, entries: tuple[Entry, ...]) -> Mark:
        """Waits for the slice to end."""
        self._changes += 1
        return self.ask(lambda: self._worker.load(task, entries))

    def go_back_to(self, mark: Mark) -> None:
        self._changes += 1
        self.ask(lambda: self._worker.go_back_to(mark))

    def resume(self, mark: Mark) -> None:
        """Go on with runs that were kept; they are in place when this returns."""
        self._changes += 1
        self.ask(lambda: self._worker.resume(mark))

    def enter(self, entry: Entry) -> None:
        self._changes += 1
        self.post(self._worker.enter, entry)

    def leave(self, key: str) -> None:
        self._changes += 1
        self.post(self._worker.leave, key)

    def play(self) -> None:
        self.post(self._worker.play)

    def step_once(self) -> None:
        self.post(self._worker.step_once)
