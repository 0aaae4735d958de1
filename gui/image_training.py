"""Training on pictures: what the Images workspace asks of its thread, `gui.image_worker`."""

from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

import nn
from gui.image_history import Progress
from gui.image_looks import Answers, Example, Look
from gui.image_settings import TrainingSettings
from gui.image_worker import End, ImageWorker, Pictures, Resumed
from gui.kept import Parts
from gui.worker import WorkerThread


class ImageTraining(WorkerThread):
    """The window's side: requests, and what can be read without waiting."""

    diverged = Signal(int)
    ended = Signal(str)

    def __init__(self, network: "nn.Network", settings: TrainingSettings) -> None:
        self._worker: ImageWorker
        super().__init__(ImageWorker(network, settings))
        self._network = network
        self._changes = 0  # requests after which the training is another
        self._worker.diverged.connect(self.diverged)
        self._worker.ended.connect(self.ended)

    # -- read without waiting ----------------------------------------------------------------

    @property
    def network(self) -> "nn.Network":
        return self._network

    @property
    def stamp(self) -> Hashable:
        """Another value whenever the training is another."""
        return self._changes, self._worker.trainer.steps, self.running

    @property
    def state(self) -> Callable[[], Parts]:
        """Makes the parts of a session file, in the thread: for `later`."""
        return self._worker.state

    @property
    def progress(self) -> Progress:
        return self._worker.progress

    @property
    def look(self) -> Look | None:
        """The newest look inside the network in force."""
        return self._of_this_network(self._worker.looks.look)

    @property
    def trial(self) -> Look | None:
        """The newest look for a picture that was tried."""
        return self._of_this_network(self._worker.looks.trial)

    @property
    def wall(self) -> Answers | None:
        return self._worker.looks.wall

    def _of_this_network(self, look: Look | None) -> Look | None:
        return look if look is not None and look.network is self._network else None

    # -- requests ----------------------------------------------------------------------------

    def resume(self, made: Resumed) -> None:
        """Go on with a training that was kept; it is in place when this returns."""
        self._changes += 1
        self._network = made.trainer.network
        self.ask(lambda: self._worker.resume(made))

    def load(self, network: "nn.Network", steps: int = 0) -> None:
        self._changes += 1
        self._network = network
        self.post(self._worker.load, network, steps)

    def reset(self, seed: int) -> None:
        self._changes += 1
        self.post(self._worker.reset, seed)

    def clear(self) -> None:
        self._changes += 1
        self.post(self._worker.clear)

    def restore_last_good(self) -> None:
        self._changes += 1
        self.post(self._worker.restore_last_good)

    def set_pictures(self, train: Pictures | None, validation: Pictures | None) -> None:
        self.post(self._worker.set_pictures, train, validation)

    def set_settings(self, settings: TrainingSettings) -> None:
        self.post(self._worker.set_settings, settings)

    def play(self, end: End | None = None) -> None:
        self.post(self._worker.play, end or End())

    def play_epoch(self) -> None:
        self.post(self._worker.play_epoch)

    def step_once(self, count: int | None = None) -> None:
        self.post(self._worker.step_once, count)

    def follow(self) -> None:
        self.post(self._worker.follow)

    def pin(self, x: NDArray[np.float32], label: int, row: int = -1) -> None:
        """Look at this example, (1, C, H, W); see `gui.image_looks.Example`."""
        self.post(self._worker.pin, Example(x, label, row))

    def want_look(self) -> None:
        self.post(self._worker.want_look)

    def watch(self, key: int, images: NDArray[np.uint8] | None) -> None:
        self.post(self._worker.watch, key, images)

    def try_picture(self, x: NDArray[np.float32] | None) -> None:
        """Have `trial` show this picture (1, C, H, W), unless a newer one comes first."""
        self._worker.looks.ask_trial(x)
        self.post(self._worker.looks.do_trial)
