"""Training on drawings: the bridge from the Sketch workspace to the engine.

`TrainingWorker` owns the model, in a thread of its own. The window talks to it through `Training`,
and reads back two things without waiting: the newest snapshot, and the losses of the last steps.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from time import perf_counter
from typing import Any

import numpy as np
from PySide6.QtCore import Signal

import nn
from gui import sketch_state
from gui.sketch_state import Trained
from gui.worker import FRAME, Worker, WorkerThread
from nn.formats.archive import Parts
from nn.shuffle import Shuffle

AS_FAST_AS_POSSIBLE = 0

Batch = tuple[np.ndarray, np.ndarray]  # x (N, C, H, W), y (N,)


class LossHistory:
    """The losses of the last `size` steps; one thread writes, another reads."""

    def __init__(self, size: int = 2000) -> None:
        self._losses: deque[float] = deque(maxlen=size)
        self.count = 0  # of all steps ever appended

    def append(self, loss: float) -> None:
        self._losses.append(loss)
        self.count += 1

    def clear(self) -> None:
        self._losses.clear()
        self.count = 0

    def put_back(self, losses: np.ndarray, count: int) -> None:
        """Go on from the last of `count` losses, as `exact` told them."""
        self._losses.clear()
        self._losses.extend(losses.tolist())
        self.count = count

    def exact(self) -> np.ndarray:
        """The losses that are kept, oldest first: (n,) float64."""
        return np.array(self._losses.copy(), dtype=np.float64)

    @property
    def last(self) -> float:
        """The newest loss; not a number before the first step."""
        try:
            return self._losses[-1]
        except IndexError:
            return float("nan")

    def tail(self) -> tuple[np.ndarray, np.ndarray]:
        """Step numbers and losses, oldest first: two (n,) arrays of their own."""
        losses = np.array(self._losses.copy(), dtype=np.float32)  # a copy is made in one go
        return np.arange(self.count - len(losses), self.count) + 1, losses


class TrainingWorker(Worker):
    """Owns network, trainer, snapshots and samples."""

    diverged = Signal(int)  # the step at which loss or weights stopped being numbers

    def __init__(self, network: "nn.Network", lr: float) -> None:
        super().__init__()
        self.speed = AS_FAST_AS_POSSIBLE
        self.losses = LossHistory()
        self._samples: list[Batch] = []
        self._shuffle: Shuffle | None = None
        self._shuffled: Iterator[Batch] = iter(())  # the samples, over and over
        self._to_do: Iterator[Batch] = iter(())  # what to train on while running
        self.load(network, lr)

    # -- the model ---------------------------------------------------------------------------

    def load(self, network: "nn.Network", lr: float, steps: int = 0) -> None:
        """Train `network`, which has learned for `steps` steps, from now on.

        Samples and example are forgotten: they may have another shape.
        """
        self._take_over(network)
        self._begin(lr, steps)

    def resume(self, trained: Trained) -> None:
        """Go on with a training that was kept; its samples are set apart, as in `load`."""
        self._take_over(trained.trainer.network)
        self.trainer = trained.trainer
        self.losses.put_back(trained.losses, trained.loss_count)
        self._publish()

    def parts(self) -> Parts:
        """What `resume` needs to go on from here as if nothing had been, in copies."""
        losses = self.losses
        return sketch_state.trained_parts(
            Trained(self.trainer, self._shuffle, losses.exact(), losses.count)
        )

    def _take_over(self, network: "nn.Network") -> None:
        self.pause()
        self.network = network
        self.snapshots = nn.snapshot.SnapshotBuffer(network)
        self._watched: np.ndarray | None = None
        self.forget_samples()

    def reset(self, seed: int) -> None:
        """New weights from `seed`; the count of steps and the losses start again."""
        self.network.reset(seed)
        self._begin(self.trainer.optimizer.lr)

    def restore_last_good(self) -> None:
        """Go back to the newest weights that were all finite numbers."""
        self.trainer.restore_last_good()
        self.trainer.reset_optimizer()
        self._publish()

    def _begin(self, lr: float, steps: int = 0) -> None:
        self.trainer = nn.Trainer(self.network, nn.optimizers.SGD(lr=lr), seed=0)
        self.trainer.steps = steps
        if not steps:
            self.losses.clear()
        self._publish()

    def set_lr(self, lr: float) -> None:
        self.trainer.call_good()
        self.trainer.optimizer.lr = lr

    def watch(self, x: np.ndarray | None) -> None:
        """Show the network's answer to `x`, (1, C, H, W), in every snapshot from now on."""
        self._watched = x
        self._publish()

    # -- training ----------------------------------------------------------------------------

    def train(self, x: np.ndarray, y: np.ndarray, times: int) -> None:
        """`times` SGD steps on one batch, x (N, C, H, W) and y (N,)."""
        for _ in range(times):
            self.snapshots.remember()
            if not self._step(x, y):
                break
        self._publish()

    def set_samples(self, x: np.ndarray, y: np.ndarray, shuffle: Shuffle) -> None:
        """What "all samples" means from now on, and their order: x (N, C, H, W), y (N,)."""
        endless = self._to_do is self._shuffled
        self._samples = [(x[i : i + 1], y[i : i + 1]) for i in range(len(x))]
        self._shuffle = shuffle
        self._shuffled = map(self._samples.__getitem__, shuffle)
        if endless:
            self._to_do = self._shuffled

    def forget_samples(self) -> None:
        self._samples, self._shuffle = [], None

    def play(self) -> None:
        """Train on all samples until paused."""
        self._to_do = self._shuffled
        self._go_on()

    def play_epoch(self) -> None:
        """Train on as many samples as there are, then pause."""
        self._to_do = islice(self._shuffled, len(self._samples))
        self._go_on()

    def step_once(self) -> None:
        """One step on the next sample of the shuffled order."""
        if self._samples:
            self.train(*next(self._shuffled), times=1)

    def set_speed(self, steps_a_frame: int) -> None:
        self.speed = steps_a_frame
        if self.running:
            self._go_on()

    def _go_on(self) -> None:
        if self._samples:
            self.go_on(FRAME if self.speed else 0.0)

    def work(self, end: float) -> None:
        """Train for one slice; its last step is published if the window took the one before."""
        wanted = self.snapshots.wanted
        for count in range(1, (self.speed or sys.maxsize) + 1):
            last = count == self.speed or perf_counter() >= end
            if last and wanted:
                self.snapshots.remember()
            batch = next(self._to_do, None)
            if batch is None:  # the epoch is over
                self.pause()
                self._publish()
                return
            if not self._step(*batch):
                return
            if last:
                break
            self.give_way()
        if wanted:
            self._publish()

    def _step(self, x: np.ndarray, y: np.ndarray) -> bool:
        """One SGD step; False when it diverged."""
        result = self.trainer.step(x, y)
        if result.diverged:
            self.pause()
            self._publish()
            self.diverged.emit(self.trainer.steps)
            return False
        self.losses.append(result.loss)
        return True

    def _publish(self) -> None:
        self.snapshots.publish(self.trainer.steps, self.losses.last, self._watched)


class Training(WorkerThread):
    """The window's side: requests, and what can be read without waiting."""

    diverged = Signal(int)

    def __init__(self, network: "nn.Network", lr: float) -> None:
        self._worker: TrainingWorker
        super().__init__(TrainingWorker(network, lr))
        self._network = network
        self._jobs = 0  # that gave the network other weights in another way than by steps
        self._worker.diverged.connect(self.diverged)

    # -- read without waiting ----------------------------------------------------------------

    @property
    def network(self) -> "nn.Network":
        return self._network

    @property
    def step_count(self) -> int:
        return self._worker.trainer.steps

    @property
    def stamp(self) -> tuple[int, int, bool]:
        """Another value whenever the weights are others. While it runs, they are at any time."""
        return self._jobs, self.step_count, self.running

    @property
    def losses(self) -> LossHistory:
        return self._worker.losses

    def take(self) -> "nn.snapshot.Snapshot | None":
        """The newest snapshot of the network in force, or None when there is nothing new."""
        snapshot = self._worker.snapshots.take()
        return snapshot if snapshot is not None and snapshot.network is self._network else None

    # -- requests ----------------------------------------------------------------------------

    def load(self, network: "nn.Network", lr: float, steps: int = 0) -> None:
        self._network = network
        self._replace(self._worker.load, network, lr, steps)

    def resume(self, trained: Trained) -> None:
        self._network = trained.trainer.network
        self._replace(self._worker.resume, trained)

    def parts(self) -> Parts:
        """The training after all that was asked for before: see `gui.sketch_state`."""
        return self.ask(self._worker.parts)

    def reset(self, seed: int) -> None:
        self._replace(self._worker.reset, seed)

    def restore_last_good(self) -> None:
        self._replace(self._worker.restore_last_good)

    def _replace(self, job: Callable[..., None], *arguments: Any) -> None:
        self._jobs += 1
        self.post(job, *arguments)

    def set_lr(self, lr: float) -> None:
        self.post(self._worker.set_lr, lr)

    def watch(self, x: np.ndarray | None) -> None:
        self.post(self._worker.watch, x)

    def train(self, x: np.ndarray, y: np.ndarray, times: int = 1) -> None:
        self.post(self._worker.train, x, y, times)

    def set_samples(self, x: np.ndarray, y: np.ndarray, shuffle: Shuffle | None = None) -> None:
        """Train on these from now on, in the order of `shuffle`, or in a new one."""
        if len(x):
            self.post(self._worker.set_samples, x, y, shuffle or Shuffle(len(x)))
        else:
            self.post(self._worker.pause)
            self.post(self._worker.forget_samples)

    def play(self) -> None:
        self.post(self._worker.play)

    def play_epoch(self) -> None:
        self.post(self._worker.play_epoch)

    def step_once(self) -> None:
        self.post(self._worker.step_once)

    def set_speed(self, steps_a_frame: int) -> None:
        self.post(self._worker.set_speed, steps_a_frame)
