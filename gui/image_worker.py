"""Training on pictures: the thread that owns the network of the Images workspace.

Like `gui.training`, nothing is emitted per step. The worker leaves what it has newest in
attributes, each set in one go, and the window reads them when it wants to: `progress`, and what
`looks` has seen.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

import nn
from gui import kept
from gui.image_history import Meter, Progress
from gui.image_looks import Example, Looks, readable
from gui.image_settings import VIEWS, TrainingSettings, differences
from gui.kept import Parts
from gui.worker import Worker
from nn import generators
from nn.data.augment import Augment
from nn.metrics import evaluate
from nn.shuffle import Shuffle

PROBE_EVERY = 5  # steps between two small looks at the validation pictures
PROBE = 20  # pictures of one look
PUBLISH_EVERY = 0.1  # seconds
CHECK_BATCH = 256


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


@dataclass(frozen=True)
class Told:
    """What a session file says of a training beside trainer and meter."""

    settings: TrainingSettings
    written: tuple[float, ...]  # probabilities of the dropout layers as the text says
    epochs: int
    order: dict[str, Any] | None  # of the pictures; None: there are none
    probing: dict[str, Any]


class Resumed(NamedTuple):
    """A training that was kept, ready to go on once its pictures are there."""

    trainer: "nn.Trainer"
    settings: TrainingSettings
    meter: Meter
    epochs: int
    order: Shuffle | None
    probing: np.random.Generator


def read_training(parts: Parts) -> Resumed:
    """The training that `ImageWorker.state` told of; ValueError, one sentence, for what does not
    fit.
    """
    told, meter = kept.record(parts, "training.json", Told), Meter.read(parts)
    trainer = kept.trainer(parts)
    with kept.naming("training.json"):
        told.settings.check(trainer)
        layers = _dropouts(trainer.network)
        if len(layers) != len(told.written) or not all(0 <= p < 1 for p in told.written):
            raise ValueError(f"written must hold a probability for each of {len(layers)} layers")
        for layer, probability in zip(layers, told.written, strict=True):
            layer.written_probability = probability
        if told.epochs < 0 or told.settings.views not in VIEWS:
            raise ValueError("epochs or views are counted wrongly")
        order = None if told.order is None else Shuffle.resume(told.order)
        probing = generators.from_json(told.probing)
    return Resumed(trainer, told.settings, meter, told.epochs, order, probing)


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
        self.looks = Looks()
        self._meter: Meter | None = None
        self._shuffle: Shuffle | None = None  # the order of the pictures
        self._awaited = False  # the order was kept, and its pictures are on their way
        self._probing = np.random.default_rng(0)
        self.load(network)

    # -- the model ---------------------------------------------------------------------------

    def load(self, network: "nn.Network", steps: int = 0) -> None:
        """Train `network` from now on, with the same optimizer and settings, made anew."""
        self.pause()
        self.network = network
        self.trainer = nn.Trainer(network, self.settings.build_optimizer(), seed=0)
        self.trainer.set_decay(self.settings.l1, self.settings.l2)
        self.trainer.steps = steps
        self.looks.begin(self.trainer)
        if self.train is not None and not readable(network, self.train.images.shape[1:]):
            self.train = self.validation = None  # others are on their way
        self._set_dropout()
        self._set_preparation()
        self.clear()

    def reset(self, seed: int) -> None:
        """New weights from `seed`."""
        self.network.reset(seed)
        self.load(self.network)

    def clear(self) -> None:
        """Forget what was measured; the network stays as it is."""
        self._meter = Meter()
        self._epochs = 0
        self._end = End()
        self._best: tuple[float, int] = (float("inf"), 0)
        self._shuffle_anew()
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
        self._set_preparation()
        self.looks.forget_examples()
        kept_order, self._awaited = self._shuffle if self._awaited else None, False
        if self.train is not None:
            first = self.augment.look(self.train.images[:1])
            self.looks.latest = Example(first, int(self.train.labels[0]), 0)
        if kept_order is None or train is None or kept_order.count != len(train.images):
            self.meter.forget_probes()
            self._shuffle_anew()
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
            self.meter.mark(self.trainer.steps, ", ".join(changed))
            self._publish()

    @property
    def meter(self) -> Meter:
        assert self._meter is not None
        return self._meter

    def _set_dropout(self) -> None:
        """Give every dropout layer the probability in force, or back its own."""
        wanted = self.settings.dropout
        for layer in _dropouts(self.network):
            own = getattr(layer, "written_probability", layer.probability)
            layer.written_probability = own
            layer.probability = own if wanted is None else wanted
        self.trainer.rebind()

    def _set_preparation(self) -> None:
        wanted = self.network.input_shape
        picture = wanted if self.train is None else self.train.images.shape[1:]
        try:
            self.augment = self.settings.augmentation(picture, wanted)  # type: ignore[arg-type]
        except ValueError:
            self.augment = Augment()
        self.looks.augment, self.looks.views = self.augment, self.settings.views

    def _shuffle_anew(self) -> None:
        self._shuffle = None if self.train is None else Shuffle(len(self.train.images))
        self._awaited = False
        self._chore: Iterator[None] | None = None

    # -- what a session file keeps -----------------------------------------------------------

    def state(self) -> Parts:
        """All of this training, from which another goes on bit for bit with the same pictures."""
        told = Told(
            self.settings,
            tuple(layer.written_probability for layer in _dropouts(self.network)),
            self._epochs,
            None if self._shuffle is None else self._shuffle.state(),
            generators.to_json(self._probing),
        )
        return {
            "training.json": kept.told(told),
            **self.meter.state(),
            **kept.trainer_parts(self.trainer),
        }

    def resume(self, made: Resumed) -> None:
        """Go on with a training that was kept; its pictures come with `set_pictures`."""
        self.pause()
        self.settings, self.trainer = made.settings, made.trainer
        self.network = made.trainer.network
        self.looks.begin(self.trainer)
        self.train = self.validation = None
        self._set_dropout()
        self._set_preparation()
        self._meter, self._epochs = made.meter, made.epochs
        self._end, self._best = End(), (float("inf"), 0)
        self._shuffle, self._awaited = made.order, True
        self._probing = made.probing
        self._chore = None
        self._publish()

    # -- training ----------------------------------------------------------------------------

    def play(self, end: End) -> None:
        """Train until paused or until `end`."""
        if self.train is None:
            return
        self._end = end
        self._best = (float("inf"), self._epochs)
        self.meter.begin()
        self.go_on()

    def play_epoch(self) -> None:
        """Train until the end of the epoch that is begun or to come."""
        self.play(End(epoch=self._epochs + 1))

    def step_once(self, count: int | None = None) -> None:
        """One update on the next `count` examples; None: a whole batch."""
        if self.train is not None:
            self._step(count or self.settings.batch_size)
            self.looks.renew(self.running)
            self._publish()

    def work(self, end: float) -> None:
        """Train for one slice, with looks in between."""
        while self.running:
            if self._chore is None:
                self._step(self.settings.batch_size)
            elif next(self._chore, self) is self:
                self._chore = None
            self.looks.renew(self.running)
            now = time.perf_counter()
            if now - self.meter.told >= PUBLISH_EVERY:
                self._publish()
            if now >= end:
                break
            self.give_way()

    def pause(self) -> None:
        super().pause()
        if self._meter is not None:
            self._publish()

    def _step(self, count: int) -> None:
        assert self.train is not None and self._shuffle is not None
        images, labels = self.train
        rows = self._shuffle.take(count)
        x = self.augment.train(images[rows], self.trainer.augmentation)
        y = labels[rows]
        begun = time.thread_time()  # of this thread alone: others on the machine do not count
        result = self.trainer.step(x, y)
        taken = (time.thread_time() - begun) / len(rows)
        self.looks.latest = Example(x[-1:], int(y[-1]), int(rows[-1]))
        if result.diverged:
            self.pause()
            self.diverged.emit(self.trainer.steps)
            return
        if self.trainer.steps % PROBE_EVERY == 1:
            self._probe()
        self.meter.add_step(result, taken)
        if not self._shuffle.left:
            self._epochs += 1
            self._on_epoch()
        elif self.meter.validation_accuracy >= (self._end.accuracy or 2.0):
            reached = f"{100 * self.meter.validation_accuracy:.1f} %"
            self._stop(f"Reached {reached} on validation pictures.")

    def _probe(self) -> None:
        """Look at a few validation pictures, and measure what going forward takes."""
        pictures = self.validation or self.train
        assert pictures is not None
        rows = self._probing.integers(0, len(pictures.images), PROBE)
        x = self.augment.look(pictures.images[rows])
        begun = time.thread_time()
        outputs = self.network.outputs(x)
        taken = (time.thread_time() - begun) / PROBE
        right = int((outputs.argmax(axis=1) == pictures.labels[rows]).sum())
        self.meter.add_probe(None if self.validation is None else right, PROBE, taken)

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
        self.looks.follow()
        self.looks.renew(self.running)

    def pin(self, example: Example) -> None:
        self.looks.pin(example)
        self.looks.renew(self.running)

    def want_look(self) -> None:
        self.looks.want()
        self.looks.renew(self.running)

    def watch(self, key: int, images: NDArray[np.uint8] | None) -> None:
        self.looks.watch(key, images)
        self.looks.renew(self.running)

    # -- telling -----------------------------------------------------------------------------

    def _publish(self) -> None:
        count = 0 if self._shuffle is None else self._shuffle.count
        inside = self._shuffle.taken if self._shuffle is not None and self._shuffle.left else 0
        to_come = None
        if self._end.epoch is not None:
            to_come = (self._end.epoch - self._epochs) * count - inside
        epoch = self._epochs + (inside / count if count else 0.0)
        self.progress = self.meter.progress(self.trainer.steps, epoch, self.running, to_come)


def _dropouts(network: "nn.Network") -> list[Any]:
    """The dropout layers, to which a probability `written_probability` is added here."""
    return [layer for layer in network.layers if layer.kind == "dropout"]
