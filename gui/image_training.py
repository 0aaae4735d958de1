"""Training on pictures: the thread that owns the network of the Images workspace.

Like `gui.training`, nothing is emitted per step. The worker leaves what it has newest in
attributes, each set in one go, and the window reads them when it wants to: `progress`, `look`
(inside the network for one example), `wall` (answers to some test pictures), `trial`.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

import nn
from gui.image_history import History, Mark, Progress
from gui.image_settings import TrainingSettings, differences
from gui.worker import Worker, WorkerThread
from nn.data.augment import Augment
from nn.inspection import Inspection
from nn.metrics import Window, evaluate

WINDOW = 50  # steps that a number is averaged over
PROBE_EVERY = 5  # steps between two small looks at the validation pictures
PROBE = 20  # pictures of one look
PROBES = 25  # looks that the validation accuracy is averaged over
PUBLISH_EVERY = 0.1  # seconds
CHECK_BATCH = 256
LOOK_SHARE = 14  # a look inside may take one part in this many of the time
WATCH_EVERY = 0.5  # least seconds between two answers to pictures that are watched
SMOOTHING = 0.05
WARM_UP = 3  # steps that are not timed: buffers are made in them


@dataclass(frozen=True)
class End:
    """When to stop: after an epoch, at a validation accuracy (0 to 1), or when `patience` whole
    epochs brought no lower validation loss. None: not for this reason.
    """

    epoch: int | None = None
    accuracy: float | None = None
    patience: int | None = None


class Pictures(NamedTuple):
    """Pictures (N, C, H, W) uint8 with labels (N,) int64."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


class Look(NamedTuple):
    """Inside the network for one example: its label, its row among the training pictures (-1:
    it came from elsewhere), the step it was looked at, and the network that it belongs to."""

    inspection: Inspection
    label: int
    row: int
    step: int
    network: "nn.Network"


class Answers(NamedTuple):
    """Scores (n, classes) for the pictures asked about, at a step; `key` as the question's."""

    key: int
    scores: NDArray[np.float32]
    step: int


class ImageWorker(Worker):
    """Owns network, trainer and pictures."""

    diverged = Signal(int)  # at which step
    ended = Signal(str)  # a sentence: why training stopped by itself

    def __init__(self, network: "nn.Network", settings: TrainingSettings) -> None:
        super().__init__()
        self.settings = settings
        self.train: Pictures | None = None
        self.validation: Pictures | None = None
        self.progress = Progress()
        self.look: Look | None = None
        self.wall: Answers | None = None
        self.trial: Look | None = None
        self._picture: tuple[int, int, int] = network.input_shape  # type: ignore[assignment]
        self._pinned: tuple[NDArray[np.float32], int, int] | None = None  # x, label, row
        self._last: tuple[NDArray[np.float32], int, int] | None = None
        self._look_wanted = False
        self._look_due = 0.0
        self._watched: tuple[int, NDArray[np.uint8]] | None = None
        self._watch_due = 0.0
        self._asked: NDArray[np.float32] | None = None
        self._random = np.random.default_rng(0)
        self.load(network)

    # -- the model ---------------------------------------------------------------------------

    def load(self, network: "nn.Network", steps: int = 0) -> None:
        """Train `network` from now on, with the same optimizer and settings, made anew."""
        self.pause()
        self.network = network
        self.trainer = nn.Trainer(network, self.settings.build_optimizer(), seed=0)
        self.trainer.set_decay(self.settings.l1, self.settings.l2)
        self.trainer.steps = steps
        self._pinned = self._last = None
        self._watched = None
        self.look = self.wall = self.trial = None
        if not self._fits(self._picture):
            self.train = self.validation = None  # others are on their way
        self._set_dropout()
        self._set_preparation()
        self.clear()

    def _fits(self, picture: tuple[int, ...]) -> bool:
        """True when the network can read pictures (C, H, W), cut to its size."""
        channels, height, width = self.network.input_shape
        return channels == picture[0] and height <= picture[1] and width <= picture[2]

    def reset(self, seed: int) -> None:
        """New weights from `seed`."""
        self.network.reset(seed)
        self.load(self.network)

    def clear(self) -> None:
        """Forget what was measured; the network stays as it is."""
        self._history = History()
        self._marks: tuple[Mark, ...] = ()
        self._window = Window(WINDOW)
        self._probes = Window(PROBES)
        self._forward = self._backward = float("nan")
        self._measured = 0
        self._decay_loss = 0.0
        self._examples = 0
        self._seen = 0  # of this epoch
        self._epochs = 0
        self._order = np.zeros(0, dtype=np.int64)
        self._chore: Iterator[None] | None = None
        self._end = End()
        self._best: tuple[float, int] = (float("inf"), 0)
        self._pace = (time.perf_counter(), 0, 0.0)
        self._publish()

    def restore_last_good(self) -> None:
        self.trainer.restore_last_good()
        self._publish()

    def set_pictures(self, train: Pictures | None, validation: Pictures | None) -> None:
        """Train on these from now on; the network's weights and the curves stay."""
        self.train, self.validation = train, validation
        if train is None or not len(train.images):
            self.pause()
            self.train = None
        else:
            self._picture = train.images.shape[1:]
        self._pinned = self._last = None
        self._order = np.zeros(0, dtype=np.int64)
        self._seen = 0
        self._chore = None
        self._probes = Window(PROBES)
        self._set_preparation()
        self._publish()

    def set_settings(self, settings: TrainingSettings) -> None:
        """Change what differs from the settings in force, at once and without a reset."""
        old, self.settings = self.settings, settings
        changed = differences(old, settings)
        if settings.optimizer != old.optimizer:
            self.trainer.optimizer = settings.build_optimizer()
        elif (settings.lr, settings.momentum) != (old.lr, old.momentum):
            twin = settings.build_optimizer()
            for name, value in twin.config().items():
                setattr(self.trainer.optimizer, name, value)
        if (settings.l1, settings.l2) != (old.l1, old.l2):
            self.trainer.set_decay(settings.l1, settings.l2)
        if settings.dropout != old.dropout:
            self._set_dropout()
        self._set_preparation()
        if changed and self.trainer.steps:
            self._marks = (*self._marks, Mark(self.trainer.steps, ", ".join(changed)))
            self._publish()

    def _set_dropout(self) -> None:
        """Give every dropout layer the probability in force, or back its own."""
        wanted = self.settings.dropout
        for layer in self.network.layers:
            if layer.kind != "dropout":
                continue
            own = getattr(layer, "written_probability", layer.probability)  # type: ignore[attr-defined]
            layer.written_probability = own  # type: ignore[attr-defined]
            layer.probability = own if wanted is None else wanted  # type: ignore[attr-defined]
        self.trainer.rebind()

    def _set_preparation(self) -> None:
        try:
            self.augment = self.settings.augmentation(self._picture, self.network.input_shape)  # type: ignore[arg-type]
        except ValueError:
            self.augment = Augment()

    # -- training ----------------------------------------------------------------------------

    def play(self, end: End) -> None:
        """Train until paused or until `end`."""
        if self.train is None:
            return
        self._end = end
        self._best = (float("inf"), self._epochs)
        self._pace = (time.perf_counter(), self._examples, self._pace[2])
        self.go_on()

    def step_once(self, count: int | None = None) -> None:
        """One update on the next `count` examples; None: a whole batch."""
        if self.train is not None:
            self._step(count or self.settings.batch_size)
            self._look_if_due()
            self._publish()

    def work(self, end: float) -> None:
        while self.running:
            if self._chore is not None:
                if next(self._chore, self) is self:
                    self._chore = None
            else:
                self._step(self.settings.batch_size)
            now = time.perf_counter()
            self._look_if_due()
            self._watch_if_due()
            if now - self._pace[0] >= PUBLISH_EVERY:
                self._publish()
            if now >= end:
                break
            self.give_way()

    def pause(self) -> None:
        super().pause()
        if hasattr(self, "_history"):
            self._publish()

    def _step(self, count: int) -> None:
        assert self.train is not None
        images, labels = self.train
        if self._seen >= len(self._order):
            self._order = self._random.permutation(len(images))
            self._seen = 0
        rows = self._order[self._seen : self._seen + count]
        self._seen += len(rows)
        x = self.augment.train(images[rows], self.trainer.augmentation)
        y = labels[rows]
        begun = time.thread_time()  # of this thread alone: others on the machine do not count
        result = self.trainer.step(x, y)
        taken = (time.thread_time() - begun) / len(rows)
        self._last = (x[-1:], int(y[-1]), int(rows[-1]))
        if result.diverged:
            self.pause()
            self.diverged.emit(self.trainer.steps)
            return
        self._examples += len(rows)
        self._decay_loss = result.decay_loss
        self._window.add(result.loss, result.correct, result.count)
        self._measured += 1
        if self._measured > WARM_UP:
            self._backward = _smooth(self._backward, taken)
        if self.trainer.steps % PROBE_EVERY == 0 or not isfinite(self._forward):
            self._probe()
        self._history.add(
            self.trainer.steps, result.loss, self._window.accuracy, self._probes.accuracy
        )
        if self._seen >= len(self._order):
            self._epochs += 1
            self._on_epoch()
        elif self._probes_are_full and self._probes.accuracy >= (self._end.accuracy or 2.0):
            self._stop(f"Reached {100 * self._probes.accuracy:.1f} % on validation pictures.")

    @property
    def _probes_are_full(self) -> bool:
        return len(self._probes._steps) == PROBES

    def _probe(self) -> None:
        """Look at a few validation pictures, and measure what going forward takes."""
        pictures = self.validation or self.train
        assert pictures is not None
        rows = self._random.integers(0, len(pictures.images), PROBE)
        x = self.augment.look(pictures.images[rows])
        begun = time.thread_time()
        outputs = self.network.outputs(x)
        self._forward = _smooth(self._forward, (time.thread_time() - begun) / PROBE)
        if self.validation is not None:
            right = int((outputs.argmax(axis=1) == pictures.labels[rows]).sum())
            self._probes.add(0.0, right, PROBE)

    def _on_epoch(self) -> None:
        if self._end.epoch is not None and self._epochs >= self._end.epoch:
            self._stop(f"Finished epoch {self._epochs}.")
        elif self._end.patience is not None and self.validation is not None and self.running:
            self._chore = self._check(self.validation, self._end.patience)

    def _check(self, pictures: Pictures, patience: int) -> Iterator[None]:
        """Measure the loss on all validation pictures, in parts; stop when it stays high."""
        total = 0.0
        for start in range(0, len(pictures.images), CHECK_BATCH):
            part = slice(start, start + CHECK_BATCH)
            images, labels = pictures.images[part], pictures.labels[part]
            total += evaluate(self.network, images, labels, self.augment.look).loss * len(labels)
            yield
        loss = total / len(pictures.images)
        if loss < self._best[0]:
            self._best = (loss, self._epochs)
        elif self._epochs - self._best[1] >= patience:
            self._stop(f"Stopped early: no better since epoch {self._best[1]}.")

    def _stop(self, why: str) -> None:
        if self.running:
            self.pause()
            self.ended.emit(why)

    # -- looking -----------------------------------------------------------------------------

    def follow(self) -> None:
        """Look at what was trained on last."""
        self._pinned = None
        self.want_look()

    def pin(self, x: NDArray[np.float32], label: int, row: int = -1) -> None:
        """Look at this example, (1, C, H, W) as the network reads it, from now on. A label of -1
        stands for whatever the network takes it for.
        """
        if x.shape[1:] == self.network.input_shape:
            self._pinned = (x, label, row)
            self.want_look()

    def want_look(self) -> None:
        """Make a new `look`: now, or while training as soon as it takes little of the time."""
        self._look_wanted = True
        self._look_if_due()

    def _look_if_due(self) -> None:
        begun = time.perf_counter()
        if not self._look_wanted or (self.running and begun < self._look_due):
            return
        chosen = self._pinned or self._last or self._first()
        if chosen is None:
            return
        self._look_wanted = False
        self.look = self._inside(*chosen)
        done = time.perf_counter()
        self._look_due = done + LOOK_SHARE * (done - begun)

    def _first(self) -> tuple[NDArray[np.float32], int, int] | None:
        if self.train is None:
            return None
        return self.augment.look(self.train.images[:1]), int(self.train.labels[0]), 0

    def _inside(self, x: NDArray[np.float32], label: int, row: int) -> Look:
        if label < 0:
            label = int(self.network.outputs(x)[0].argmax())
        labels = np.array([label], dtype=np.int64)
        inspection = self.trainer.inspect(x, labels)
        return Look(inspection, label, row, self.trainer.steps, self.network)

    def watch(self, key: int, images: NDArray[np.uint8] | None) -> None:
        """Answer to these pictures once, in `wall`: now, or while training when it is time."""
        fits = images is not None and self._fits(images.shape[1:])
        self._watched = (key, images) if images is not None and fits else None
        self._watch_if_due()

    def _watch_if_due(self) -> None:
        begun = time.perf_counter()
        if self._watched is None or (self.running and begun < self._watch_due):
            return
        key, images = self._watched
        self._watched = None
        scores = self.scores(images)
        self.wall = Answers(key, scores, self.trainer.steps)
        done = time.perf_counter()
        self._watch_due = done + max(WATCH_EVERY, LOOK_SHARE * (done - begun))

    def scores(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The answers (n, classes) to pictures, averaged over the views that are set."""
        views = self.augment.views(images, self.settings.views)
        total = np.sum([self.network.predict(view) for view in views], axis=0)
        mean: NDArray[np.float32] = (total / len(views)).astype(np.float32)
        return mean

    def want_trial(self, x: NDArray[np.float32] | None) -> None:
        """Set by the window's thread: the newest picture to try; older ones are not computed."""
        self._asked = x

    def do_trial(self) -> None:
        """Look inside for the newest picture, as if its label were what the network says."""
        x, self._asked = self._asked, None
        if x is not None and x.shape[1:] == self.network.input_shape:
            self.trial = self._inside(x, -1, -1)

    # -- telling -----------------------------------------------------------------------------

    def _publish(self) -> None:
        now = time.perf_counter()
        then, examples, pace = self._pace
        if now - then >= PUBLISH_EVERY / 2:
            fresh = max(0, self._examples - examples) / (now - then)
            pace = fresh if not pace else 0.8 * pace + 0.2 * fresh
            self._pace = (now, self._examples, pace)
        count = len(self.train.images) if self.train is not None else 0
        left = None
        if self._end.epoch is not None and count and pace and self.running:
            left = max(0, self._end.epoch * count - self._epochs * count - self._seen) / pace
        inside = self._seen / count if count and self._seen < count else 0.0
        self.progress = Progress(
            step=self.trainer.steps,
            examples=self._examples,
            epoch=self._epochs + inside,
            loss=self._window.loss,
            decay_loss=self._decay_loss,
            train_accuracy=self._window.accuracy,
            validation_accuracy=self._probes.accuracy,
            forward_time=self._forward,
            backward_time=max(0.0, self._backward - self._forward),
            examples_per_second=pace if self.running else 0.0,
            seconds_left=left,
            rows=self._history.rows(),
            marks=self._marks,
        )


def _smooth(old: float, new: float) -> float:
    """A running mean that begins with its first value."""
    return new if not isfinite(old) else old + SMOOTHING * (new - old)


class ImageTraining(WorkerThread):
    """The window's side: requests, and what can be read without waiting."""

    diverged = Signal(int)
    ended = Signal(str)

    def __init__(self, network: "nn.Network", settings: TrainingSettings) -> None:
        self._worker: ImageWorker
        super().__init__(ImageWorker(network, settings))
        self._network = network
        self._worker.diverged.connect(self.diverged)
        self._worker.ended.connect(self.ended)

    # -- read without waiting ----------------------------------------------------------------

    @property
    def network(self) -> "nn.Network":
        return self._network

    @property
    def progress(self) -> Progress:
        return self._worker.progress

    @property
    def look(self) -> Look | None:
        """The newest look inside the network in force."""
        return self._of_this_network(self._worker.look)

    @property
    def trial(self) -> Look | None:
        """The newest look for a picture that was tried."""
        return self._of_this_network(self._worker.trial)

    @property
    def wall(self) -> Answers | None:
        return self._worker.wall

    def _of_this_network(self, look: Look | None) -> Look | None:
        return look if look is not None and look.network is self._network else None

    # -- requests ----------------------------------------------------------------------------

    def load(self, network: "nn.Network", steps: int = 0) -> None:
        self._network = network
        self.post(self._worker.load, network, steps)

    def reset(self, seed: int) -> None:
        self.post(self._worker.reset, seed)

    def clear(self) -> None:
        self.post(self._worker.clear)

    def restore_last_good(self) -> None:
        self.post(self._worker.restore_last_good)

    def set_pictures(self, train: Pictures | None, validation: Pictures | None) -> None:
        self.post(self._worker.set_pictures, train, validation)

    def set_settings(self, settings: TrainingSettings) -> None:
        self.post(self._worker.set_settings, settings)

    def play(self, end: End | None = None) -> None:
        self.post(self._worker.play, end or End())

    def play_epoch(self) -> None:
        self.post(lambda: self._worker.play(End(epoch=self._worker._epochs + 1)))

    def step_once(self, count: int | None = None) -> None:
        self.post(self._worker.step_once, count)

    def follow(self) -> None:
        self.post(self._worker.follow)

    def pin(self, x: NDArray[np.float32], label: int, row: int = -1) -> None:
        self.post(self._worker.pin, x, label, row)

    def want_look(self) -> None:
        self.post(self._worker.want_look)

    def watch(self, key: int, images: NDArray[np.uint8] | None) -> None:
        self.post(self._worker.watch, key, images)

    def try_picture(self, x: NDArray[np.float32] | None) -> None:
        """Have `trial` show this picture (1, C, H, W), unless a newer one comes first."""
        self._worker.want_trial(x)
        self.post(self._worker.do_trial)
