"""What every page of Points is: a widget with a training, in front or not."""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, NamedTuple

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gui.actions import Actions
from gui.kept import Parts
from gui.points_settings import PointSettings
from gui.points_training import PointsTraining
from gui.points_worker import Frame, Mark, Resumed
from gui.workspace import Say

PULL = 28  # milliseconds between two frames: 35 a second
SLOWER = 0.2  # seconds between two looks at history and pace


class Desk(NamedTuple):
    """What the workspace gives to its pages."""

    actions: Actions
    say: Say


class Page(QWidget):
    """One page. See `gui.points` for what it overrides and what it is given."""

    title = ""
    tip = ""
    verbs: frozenset[str] = frozenset()  # of open, undo, redo, back: those that the page has
    status_changed = Signal(str, str)
    network_changed = Signal()  # another network, or other class names
    settings_changed = Signal()
    running_changed = Signal(bool)

    def __init__(self, desk: Desk, training: PointsTraining | None) -> None:
        super().__init__()
        self.desk, self.training = desk, training
        self._pace = (perf_counter(), 0, 0.0)
        self._frames = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=PULL)
        self._frames.timeout.connect(self._on_frame)
        if training is not None:
            training.running_changed.connect(self._on_running_changed)
            training.diverged.connect(self._on_diverged)
            training.failed.connect(lambda text: self.desk.say(text, "error"))

    # -- to override -------------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """Show what is new."""

    def show_rows(self, rows: Any) -> None:
        """Show the history, (n, 5)."""

    def why_not_ready(self) -> str:
        """Why there is nothing to train on, as a sentence; empty when there is."""
        return ""

    def status(self, pace: float) -> tuple[str, str]:
        """The left and right end of the footer."""
        if self.training is None:
            return "", ""
        left = [f"step {self.training.step_count:,}"]
        if self.training.running:
            left.append(f"{pace:,.0f} steps/s")
        return "   ".join(left), ""

    def take(self, mime: QMimeData) -> bool:
        """Use what was dropped or pasted; False when it is nothing for this page."""
        return False

    def stamp(self) -> Hashable:
        """Another value whenever what was made, set or trained here is another."""
        return None if self.training is None else self.training.stamp

    def made(self) -> Parts:
        """What a session file keeps of this page beside its training, taken quickly."""
        return {}

    @abstractmethod
    def prepare(self, parts: Parts) -> Callable[[], None]:
        """Check what `state` told of. What is returned makes the page so, and can't fail.

        Raises ValueError, one sentence, for what does not fit.
        """

    # -- what a session file keeps -----------------------------------------------------------

    @property
    def folder(self) -> str:
        """Where its parts lie."""
        return self.title.lower()

    def state(self) -> Callable[[], Parts]:
        """As that of a workspace: what must be of this moment, and what makes parts of it."""
        made = self.made()
        if self.training is None:
            return lambda: made
        trained = self.training.taken(self.training.state)
        return lambda: {**made, **trained.result()}

    def remember_first_state(self) -> None:
        """Take how everything is now for how it is at the very first start."""
        self.first_state = self.state()

    def go_on_with(self, made: Resumed) -> None:
        """Train on what was kept."""
        assert self.training is not None
        self.training.resume(made)
        self.network_changed.emit()
        self.settings_changed.emit()

    # -- training ----------------------------------------------------------------------------

    @property
    def settings(self) -> PointSettings:
        assert self.training is not None
        return self.training.settings

    def change(self, settings: PointSettings) -> None:
        """Use other settings at once."""
        assert self.training is not None
        self.training.change(settings)
        self.settings_changed.emit()

    def play(self) -> None:
        """Train until paused."""
        if self.training is not None and self._is_ready():
            self.training.play()

    def pause(self) -> None:
        """Stop; nothing is lost."""
        if self.training is not None:
            self.training.pause()

    def step(self) -> None:
        """One step."""
        if self.training is not None and self._is_ready():
            self.training.step_once()

    def reset(self) -> None:
        """The same random weights again."""
        if self.training is not None:
            self._reset(self.training.seed, "the same")

    def reseed(self) -> None:
        """Other random weights."""
        if self.training is not None:
            self._reset(self.training.seed + 1, "other")

    def apply(self) -> None:
        """Build the network that the page's text describes."""

    def back(self) -> None:
        """Undo the last update."""

    def open(self) -> None:
        """Open a file."""

    def undo(self) -> None:
        """Take the last change of the data back."""

    def redo(self) -> None:
        """Bring it back."""

    @property
    def is_running(self) -> bool:
        """True while the page trains."""
        return self.training is not None and self.training.running

    def _is_ready(self) -> bool:
        reason = self.why_not_ready()
        if reason:
            self.desk.say(reason)
        return not reason

    def _reset(self, seed: int, which: str) -> None:
        assert self.training is not None
        mark = self.training.mark()
        self.training.reset(seed)
        if mark.steps:
            self.offer_back(f"The network starts again from {which} random weights.", mark)

    def offer_back(
        self, sentence: str, mark: Mark, back: Callable[[Mark], object] | None = None
    ) -> None:
        """Say what happened, and offer to undo it."""
        self.desk.say(sentence, "info", ("Go back", lambda: (back or self.go_back_to)(mark)))

    def go_back_to(self, mark: Mark) -> None:
        """Be as at `mark` again."""
        assert self.training is not None
        self.training.go_back_to(mark)
        self.network_changed.emit()
        self.settings_changed.emit()

    def _on_diverged(self, step: int) -> None:
        assert self.training is not None
        self.desk.say(
            f"Training ran away at step {step:,}. Choose a smaller learning rate.",
            "error",
            ("Go back to good weights", self.training.restore_last_good),
        )

    def _on_running_changed(self, running: bool) -> None:
        self.running_changed.emit(running)

    # -- in front ----------------------------------------------------------------------------

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the training wait while the window paints: two Python threads that fight for the
        interpreter at every call of Qt would both crawl, so they take turns instead.
        """
        if self.training is None:
            yield
        else:
            with self.training.held():
                yield

    def _on_frame(self) -> None:
        with self.held():
            self.pull()

    def pull(self) -> None:
        """Show the newest frame, if there is one; look at history and pace less often."""
        if self.training is None:
            return
        frame = self.training.take()
        if frame is not None:
            self.show_frame(frame)
        now, steps = perf_counter(), self.training.step_count
        then, steps_then, pace = self._pace
        if now - then >= SLOWER:
            pace = max(0, steps - steps_then) / (now - then)
            self._pace = (now, steps, pace)
        elif self.training.running or frame is None:
            return
        if frame is not None or steps != steps_then:
            self.show_rows(self.training.history.rows())
        self.status_changed.emit(*self.status(pace))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._frames.start()
        self.pull()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._frames.stop()

    def shut_down(self) -> None:
        """End every thread and job of this page."""
        if self.training is not None:
            self.training.close()
