"""The bridge to the engine: one thread owns the model, trains in slices and answers requests.

`TrainingWorker` lives in a `QThread`. The window talks to it through `Training`, which posts jobs
to that thread and reads back two things without waiting: the newest snapshot, and the losses of
the last steps. Nothing is emitted per step: views pull.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

import nn

FRAME = 0.016  # seconds between two paints at 60 Hz
SLICE = 0.004  # seconds of training between two looks at the queue of requests
AS_FAST_AS_POSSIBLE = 0
SWITCH_INTERVAL = (
    0.001  # seconds a thread may hold the interpreter; the default 0.005 halves the fps
)
PATIENCE = 10.0  # seconds that a blocking question may wait for a slice to end

Answer = TypeVar("Answer")


class LossHistory:
    """The losses of the last `size` steps, in a ring that one thread writes and one reads."""

    def __init__(self, size: int = 2000) -> None:
        self._losses = np.zeros(size, dtype=np.float32)
        self.count = 0  # of all steps ever appended

    def append(self, loss: float) -> None:
        self._losses[self.count % len(self._losses)] = loss
        self.count += 1

    def clear(self) -> None:
        self.count = 0

    def tail(self) -> tuple[np.ndarray, np.ndarray]:
        """Step numbers and losses, oldest first: two (n,) arrays of their own."""
        count, size = self.count, len(self._losses)
        steps = np.arange(max(0, count - size), count)
        return steps + 1, self._losses[steps % size]


class TrainingWorker(QObject):
    """Owns the model. Every method but the constructor runs in the training thread."""

    running_changed = Signal(bool)
    diverged = Signal(int)  # the step at which loss or weights stopped being numbers
    failed = Signal(str)

    def __init__(self, network: "nn.Network", lr: float) -> None:
        super().__init__()
        self.speed = AS_FAST_AS_POSSIBLE
        self.running = False
        self.losses = LossHistory()
        self._inputs: np.ndarray | None = None
        self._labels: np.ndarray | None = None
        self._order = np.zeros(0, dtype=np.int64)
        self._place = 0  # in the order
        self._stop_after: int | None = None  # steps left of "one epoch"
        self._timer: QTimer | None = None  # made in the thread that it ticks in
        self.load(network, lr)

    # -- the model ---------------------------------------------------------------------------

    def load(self, network: "nn.Network", lr: float, steps: int = 0) -> None:
        """Train `network`, which has learned for `steps` steps, from now on.

        Samples and example are forgotten: they may have another shape.
        """
        self._set_running(False)
        self.network = network
        self.snapshots = nn.snapshot.SnapshotBuffer(network)
        self._watched: np.ndarray | None = None
        self.forget_samples()
        self._begin(lr, steps)

    def reset(self, seed: int) -> None:
        """New weights from `seed`; the count of steps and the losses start again."""
        self.network.reset(seed)
        self._begin(self.trainer.optimizer.lr)

    def restore_last_good(self) -> None:
        """Go back to the newest weights that were all finite numbers."""
        self.trainer.restore_last_good()
        self.trainer.reset_optimizer()
        self._publish(self._last_loss())

    def _begin(self, lr: float, steps: int = 0) -> None:
        self.trainer = nn.Trainer(self.network, nn.optimizers.SGD(lr=lr), seed=0)
        self.trainer.steps = steps
        if not steps:
            self.losses.clear()
        self._publish(self._last_loss())

    def set_lr(self, lr: float) -> None:
        self.trainer.optimizer.lr = lr

    def watch(self, x: np.ndarray | None) -> None:
        """Show the network's answer to `x`, (1, C, H, W), in every snapshot from now on."""
        self._watched = x
        self._publish(self._last_loss())

    # -- training ----------------------------------------------------------------------------

    def train(self, x: np.ndarray, y: np.ndarray, times: int) -> None:
        """`times` SGD steps on one batch."""
        for _ in range(times):
            self.snapshots.remember()
            if not self._step(x, y):
                break
        self._publish(self._last_loss())

    def set_samples(self, x: np.ndarray, y: np.ndarray, seed: int) -> None:
        """What "all samples" means from now on: x (N, C, H, W), y (N,)."""
        self._inputs, self._labels = x, y
        self._random = np.random.default_rng(seed)
        self._shuffle()

    def forget_samples(self) -> None:
        self._inputs = self._labels = None

    def play(self) -> None:
        """Train on all samples until paused."""
        self._stop_after = None
        self._set_running(True)

    def play_epoch(self) -> None:
        """Train once on every sample, then pause."""
        if self._inputs is not None:
            self._stop_after = len(self._inputs)
            self._set_running(True)

    def pause(self) -> None:
        self._set_running(False)

    def step_once(self) -> None:
        """One step on the next sample of the shuffled order."""
        if self._inputs is not None:
            self.snapshots.remember()
            self._step_on_next()
            self._publish(self._last_loss())

    def set_speed(self, steps_a_frame: int) -> None:
        self.speed = steps_a_frame
        if self.running:
            self._set_running(True)

    def _set_running(self, on: bool) -> None:
        on = on and self._inputs is not None and len(self._inputs) > 0
        if on:
            if self._timer is None:
                self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
                self._timer.timeout.connect(self._on_timeout)
            self._timer.start(0 if self.speed == AS_FAST_AS_POSSIBLE else round(1000 * FRAME))
        elif self._timer is not None:
            self._timer.stop()
        if on != self.running:
            self.running = on
            self.running_changed.emit(on)

    @Slot()
    def _on_timeout(self) -> None:
        """Train for one slice; its last step is published if the window took the one before."""
        end = time.perf_counter() + SLICE
        steps = self.speed or sys.maxsize
        wanted = self.snapshots.wanted
        while self.running:
            steps -= 1
            last = steps <= 0 or time.perf_counter() >= end
            if last and wanted:
                self.snapshots.remember()
            self._step_on_next()
            if last:
                break
        if wanted and self.running:
            self._publish(self._last_loss())

    def _step_on_next(self) -> bool:
        assert self._inputs is not None and self._labels is not None
        if self._place == len(self._order):
            self._shuffle()
        i = self._order[self._place]
        self._place += 1
        if not self._step(self._inputs[i : i + 1], self._labels[i : i + 1]):
            return False
        if self._stop_after is not None:
            self._stop_after -= 1
            if self._stop_after == 0:
                self._set_running(False)
                self._publish(self._last_loss())
        return True

    def _step(self, x: np.ndarray, y: np.ndarray) -> bool:
        result = self.trainer.step(x, y)
        if result.diverged:
            self._set_running(False)
            self._publish(result.loss)
            self.diverged.emit(self.trainer.steps)
            return False
        self.losses.append(result.loss)
        return True

    def _shuffle(self) -> None:
        assert self._inputs is not None
        self._order = self._random.permutation(len(self._inputs))
        self._place = 0

    def _last_loss(self) -> float:
        _, losses = self.losses.tail()
        return float(losses[-1]) if len(losses) else float("nan")

    def _publish(self, loss: float) -> None:
        self.snapshots.publish(self.trainer.steps, loss, self._watched)

    # -- requests ----------------------------------------------------------------------------

    @Slot(object)
    def on_posted(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:
            self._set_running(False)
            self.failed.emit(str(error) or type(error).__name__)

    def quit(self) -> None:
        """Stop the thread that this runs in, with its timer."""
        self._set_running(False)
        self._timer = None
        self.thread().quit()


class Training(QObject):
    """The window's side: posts requests to the worker's thread, and never waits but in `ask`."""

    running_changed = Signal(bool)
    diverged = Signal(int)
    failed = Signal(str)
    _posted = Signal(object)

    def __init__(self, network: "nn.Network", lr: float) -> None:
        super().__init__()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._worker = TrainingWorker(network, lr)
        self._network = network
        self._thread = QThread()
        self._thread.setObjectName("training")
        self._worker.moveToThread(self._thread)
        self._posted.connect(self._worker.on_posted)
        self._worker.running_changed.connect(self.running_changed)
        self._worker.diverged.connect(self.diverged)
        self._worker.failed.connect(self.failed)
        self._thread.start()

    # -- read without waiting ----------------------------------------------------------------

    @property
    def network(self) -> "nn.Network":
        return self._network

    @property
    def step_count(self) -> int:
        return self._worker.trainer.steps

    @property
    def running(self) -> bool:
        return self._worker.running

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
        self._post(self._worker.load, network, lr, steps)

    def reset(self, seed: int) -> None:
        self._post(self._worker.reset, seed)

    def restore_last_good(self) -> None:
        self._post(self._worker.restore_last_good)

    def set_lr(self, lr: float) -> None:
        self._post(self._worker.set_lr, lr)

    def watch(self, x: np.ndarray | None) -> None:
        self._post(self._worker.watch, x)

    def train(self, x: np.ndarray, y: np.ndarray, times: int = 1) -> None:
        self._post(self._worker.train, x, y, times)

    def set_samples(self, x: np.ndarray, y: np.ndarray, seed: int = 0) -> None:
        if len(x):
            self._post(self._worker.set_samples, x, y, seed)
        else:
            self._post(self._worker.pause)
            self._post(self._worker.forget_samples)

    def play(self) -> None:
        self._post(self._worker.play)

    def play_epoch(self) -> None:
        self._post(self._worker.play_epoch)

    def pause(self) -> None:
        self._post(self._worker.pause)

    def step_once(self) -> None:
        self._post(self._worker.step_once)

    def set_speed(self, steps_a_frame: int) -> None:
        self._post(self._worker.set_speed, steps_a_frame)

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Run `question` in the training thread between two slices, and wait for its answer."""
        if not self._thread.isRunning():
            return question()
        answer: Future[Answer] = Future()

        def job() -> None:
            try:
                answer.set_result(question())
            except BaseException as error:  # handed over, not lost
                answer.set_exception(error)

        self._post(job)
        return answer.result(timeout=PATIENCE)

    def close(self) -> None:
        """Stop training and end the thread; safe to call twice."""
        if self._thread.isRunning():
            self._post(self._worker.quit)
            self._thread.wait()

    def _post(self, job: Callable[..., Any], *arguments: Any) -> None:
        self._posted.emit(partial(job, *arguments))
