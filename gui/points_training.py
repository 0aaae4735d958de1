"""Training on points: what a page of Points asks of its thread, `gui.points_worker`."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import Signal

import nn
from gui.kept import Parts
from gui.points_batches import Data
from gui.points_settings import History, PointSettings
from gui.points_worker import Frame, MakeLook, Mark, PointsWorker, Resumed
from gui.worker import WorkerThread


class PointsTraining(WorkerThread):
    """The page's side: requests, and what can be read without waiting."""

    diverged = Signal(int)
    speed_changed = Signal(int)  # steps a frame

    def __init__(self, network: "nn.Network", settings: PointSettings, seed: int = 0) -> None:
        self._worker: PointsWorker
        super().__init__(PointsWorker(network, settings, seed))
        self.network, self.settings, self.seed = network, settings, seed
        self._changes = 0  # requests after which the training is another
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

    @property
    def stamp(self) -> Hashable:
        """Another value whenever the training is another."""
        return self._changes, self._worker.steps, self.running

    @property
    def state(self) -> Callable[[], Parts]:
        """Makes the parts of a session file, in the thread: for `later`."""
        return self._worker.state

    # -- requests ----------------------------------------------------------------------------

    def resume(self, made: Resumed) -> None:
        """Go on with a training that was kept; it is in place when this returns."""
        self._changes += 1
        self.network, self.seed = made.trainer.network, made.trainer.seed
        self.settings = made.settings
        self.speed_changed.emit(made.speed)
        self.ask(lambda: self._worker.resume(made))

    def load(
        self, network: "nn.Network", settings: PointSettings | None = None, seed: int = 0
    ) -> None:
        """Train another network from now on, from step 0; a running training goes on with it."""
        self._changes += 1
        self.network, self.seed = network, seed
        self.settings = self.settings if settings is None else settings
        self.post(self._worker.load, network, self.settings, seed)

    def change(self, settings: PointSettings) -> None:
        """Other settings from the next step on."""
        self._changes += 1
        self.settings = settings
        self.post(self._worker.change, settings)

    def set_data(self, data: Data | None) -> None:
        self.post(self._worker.set_data, data)

    def look(self, name: str, make: MakeLook | None) -> None:
        self.post(self._worker.look, name, make)

    def reset(self, seed: int) -> None:
        self._changes += 1
        self.seed = seed
        self.post(self._worker.reset, seed)

    def mark(self) -> Mark:
        """This moment, to `go_back_to`; waits for the slice to end."""
        return self.ask(self._worker.mark)

    def go_back_to(self, mark: Mark) -> None:
        self._changes += 1
        self.network, self.settings, self.seed = mark.network, mark.settings, mark.seed
        self.post(self._worker.go_back_to, mark)

    def restore_last_good(self) -> None:
        self._changes += 1
        self.post(self._worker.restore_last_good)

    def play(self) -> None:
        self.post(self._worker.play)

    def step_once(self) -> None:
        self.post(self._worker.step_once)

    def train(self, steps: int) -> None:
        self.post(self._worker.train, steps)

    def set_speed(self, steps_a_frame: int) -> None:
        self._changes += 1
        self.speed_changed.emit(steps_a_frame)
        self.post(self._worker.set_speed, steps_a_frame)
