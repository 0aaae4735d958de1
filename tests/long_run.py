"""`python -m tests.long_run`: train for long while somebody is busy at the window, and measure.

Each line of the output is a JSON object: what the process holds (see `tests.held`) with the window
at rest in the same state, after so many steps; and how many steps a second of its processor time
the training thread does then, with nothing else to do. The last line compares the last quarter of
the measurements with the first, which comes after a warm-up.
"""

import argparse
import faulthandler
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.actions import WORKSPACES
from gui.main_window import MainWindow
from gui.photo_data import PhotoData
from gui.screenshot import wait
from gui.settings import Forgetful, Settings
from gui.tasks import Task
from nn.data import examples
from tests import held
from tests.busy import Hands

WARM_UP = 0.2  # of the steps
PARTS = 20  # measurements after it
QUIET = 1.0  # seconds of training alone for a measurement
BEAT = 25  # milliseconds between two things that are done
PLAYS = {  # what begins a training, and what ends it
    "sketch": ("play", "pause"),
    "photo": ("photo_train", "photo_stop"),
    "images": ("images_play", "images_pause"),
    "points": ("points_play", "points_pause"),
}


class LongRun:
    """One workspace trains on and on, while that or everything is used."""

    def __init__(self, window: MainWindow, folder: Path, home: str, seed: int) -> None:
        self.window, self.home = window, home
        self._file = folder / "rest.brightwire"
        # In Sketch all are visited now and then: the others train beside it.
        places = ("sketch", *WORKSPACES) if home == "sketch" else (home,)
        self.hands = Hands(window, folder / "busy.brightwire", places, seed)
        self.steps = 0
        self._last = 0
        self._goal = self._things = 0
        self._loop, self._beats = QEventLoop(), QTimer(interval=BEAT)
        self._beats.timeout.connect(self._beat)
        self._begin()

    def _begin(self) -> None:
        """A session as it is again whenever the window rests."""
        for name in WORKSPACES:
            self.window.show_workspace(name)
            wait(1.0)
            self._until_done()
            self._run_once(name)
        self.window.show_workspace(self.home)
        if self.home == "photo":
            self._workspace().session.set_data(noise())
        for label, name in enumerate("XO"):
            for drawing in examples.hands(name, 3):
                self.window.session.add_sample(drawing, label)
        self.window.document.save(self._file)
        self._until_done()

    def _run_once(self, name: str) -> None:
        """Have each training run for a moment: it makes its timer when it runs first."""
        workspace = self.window.contents.made[name]
        play, stop = PLAYS[name]
        # Each page of Points has one of its own; the first is in front at the end.
        for page in reversed(range(workspace.tabs.count() if name == "points" else 1)):
            if name == "points":
                workspace.tabs.setCurrentIndex(page)
            for verb in (play, stop):
                workspace.actions_[verb].trigger()
                wait(0.2)

    def until(self, steps: int, things: int) -> None:
        """Be busy until so many steps and things were done in all."""
        self._goal, self._things = steps, things
        self._beats.start()
        self._loop.exec()

    def _beat(self) -> None:
        self._count()
        if self.steps >= self._goal and self.hands.done.total() >= self._things:
            self._beats.stop()
            self._loop.quit()
        else:
            self.hands.do()
            self._train()

    def measure(self) -> tuple[dict[str, float], Counter[str]]:
        """Rest, train a moment with nothing else to do, and tell what is held."""
        self._rest()
        self._train()
        wait(0.2)
        training = self._training()
        before, worked = self._now(), training.ask(time.thread_time)
        begun = time.perf_counter()
        wait(QUIET)
        done, now = self._now() - before, training.ask(time.thread_time)
        passed = time.perf_counter() - begun
        self._rest()
        counts, kinds = held.now()
        self.hands.begin()
        figures = {
            "steps": self.steps,
            "things": self.hands.done.total(),
            "steps/s": round(done / passed),
            "steps/cpu-s": round(done / max(now - worked, 1e-9)),
            **counts._asdict(),
        }
        return figures, kinds

    def _rest(self) -> None:
        """Open the session of the beginning again."""
        self._count()
        window, document = self.window, self.window.document
        wait(0.3)  # for dialogs to be closed
        self.hands.stop()
        window.hints.stop(quietly=True)
        window.messages.dismiss()
        self._until_done()
        document.load(self._file, partial(document.show, self._file))
        window.resize(1200, 780)
        wait(0.5)
        self._until_done()
        wait(0.5)
        assert window.contents.front == self.home
        document.detach()
        self._last = self._now()

    def _until_done(self) -> None:
        """Wait for everything that is under way beside the window."""
        while any(task.running for task in self.window.findChildren(Task)):
            wait(0.1)

    # -- the training at home ----------------------------------------------------------------

    def _workspace(self) -> Any:
        return self.window.contents.made[self.home]

    def _training(self) -> Any:
        workspace = self._workspace()
        return workspace.pages[0].training if self.home == "points" else workspace.session.training

    def _now(self) -> int:
        """Steps that the training at home has done."""
        training = self._training()
        if self.home in ("sketch", "points"):
            return int(training.step_count)
        return int((training.progress if self.home == "images" else training.state).step)

    def _count(self) -> None:
        now = self._now()
        self.steps += now - self._last if now >= self._last else now
        self._last = now

    def _train(self) -> None:
        """Have it train, where it does not."""
        if self.window.contents.front == self.home and not self._training().running:
            self._workspace().actions_[PLAYS[self.home][0]].trigger()


def noise() -> PhotoData:
    """Pictures of nothing, to train on."""
    chance = np.random.default_rng(0)
    images = chance.integers(0, 256, (60, 3, 32, 32), dtype=np.uint8)
    return PhotoData("noise", images, np.arange(60) % 2, ["even", "odd"])


def run(home: str, steps: int, things: int, seed: int, folder: Path) -> None:
    """Do the whole run and print it."""
    app = QApplication(["brightwire"])
    theme.apply(app, "dark")
    window = MainWindow(Settings(Forgetful(hints_seen=True)))
    window.document.keep_in(folder / "recovery")
    window.show()
    busy = LongRun(window, folder, home, seed)
    marks = [WARM_UP + (1 - WARM_UP) * i / PARTS for i in range(PARTS + 1)]
    measured = []
    begun = time.monotonic()
    for mark in marks:
        busy.until(round(mark * steps), round(mark * things))
        measured.append(busy.measure())
        tell(**measured[-1][0], seconds=round(time.monotonic() - begun))
    busy.hands.stop()
    window.end()
    tell(**compared(measured), done=busy.hands.done)


def compared(measured: Sequence[tuple[dict[str, float], Counter[str]]]) -> dict[str, Any]:
    """How the last quarter of the measurements differs from the first, in medians.

    What is of Qt or ours and there is `more` of; `pace` is of the most steps a second of processor
    time, for what else the machine does can only make them fewer.
    """
    quarter = len(measured) // 4
    early, late = (
        [counts for counts, _ in part] for part in (measured[:quarter], measured[-quarter:])
    )
    first, last = (
        {name: median(one[name] for one in part) for name in part[0]} for part in (early, late)
    )
    fastest = [max(one["steps/cpu-s"] for one in part) for part in (early, late)]
    more = measured[-1][1] - measured[0][1]
    return {
        "growth": {name: last[name] - first[name] for name in held.Held._fields},
        "pace": round(fastest[1] / fastest[0], 3),
        "more": {kind: n for kind, n in more.items() if kind.startswith(("Qt:", "gui.", "ticks"))},
    }


def tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.long_run", description=__doc__)
    parser.add_argument("home", choices=WORKSPACES, nargs="?", default="sketch")
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--things", type=int, default=3_000, help="that are done meanwhile")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faulthandler.register(signal.SIGUSR1)  # to see what it is at
    with TemporaryDirectory() as folder:
        run(options.home, options.steps, options.things, options.seed, Path(folder))
    QApplication.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
