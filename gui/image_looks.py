"""What is seen of a network while it trains: inside it for one example, and answers to pictures.

Qt-free. The training thread owns a `Looks` and gives it time between two steps; the window reads
`look`, `wall` and `trial`, each of which is set in one go.
"""

import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import nn
from nn.data.augment import Augment
from nn.inspection import Inspection

SHARE = 25  # a look may take one part in this many of the time
WATCH_EVERY = 0.5  # least seconds between two answers to pictures that are watched


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


class Example(NamedTuple):
    """One picture (1, C, H, W) as the network reads it. A label of -1 stands for whatever the
    network takes it for, a row of -1 for a picture from elsewhere."""

    x: NDArray[np.float32]
    label: int
    row: int


class Looks:
    """Looks that are asked for, done when there is time."""

    def __init__(self) -> None:
        self.look: Look | None = None
        self.wall: Answers | None = None
        self.trial: Look | None = None
        self.augment, self.views = Augment(), 1
        self.latest: Example | None = None  # what was trained on last
        self._pinned: Example | None = None
        self._wanted = False
        self._look_due = self._watch_due = 0.0
        self._watched: tuple[int, NDArray[np.uint8]] | None = None
        self._asked: NDArray[np.float32] | None = None

    def begin(self, trainer: "nn.Trainer") -> None:
        """Look at another network from now on; everything about the old one is dropped."""
        self._trainer, self._network = trainer, trainer.network
        self.look = self.wall = self.trial = None
        self._watched = None
        self.forget_examples()

    def forget_examples(self) -> None:
        """The data set has changed: neither follow nor keep what came from it."""
        self.latest = self._pinned = None

    def follow(self) -> None:
        """Look at what was trained on last."""
        self._pinned = None
        self._wanted = True

    def pin(self, example: Example) -> None:
        """Look at this example from now on."""
        if example.x.shape[1:] == self._network.input_shape:
            self._pinned = example
            self._wanted = True

    def want(self) -> None:
        """Make a new `look` as soon as it takes little of the time."""
        self._wanted = True

    def watch(self, key: int, images: NDArray[np.uint8] | None) -> None:
        """Answer to these pictures (n, C, H, W) once, in `wall`."""
        fits = images is not None and readable(self._network, images.shape[1:])
        self._watched = (key, images) if images is not None and fits else None

    def renew(self, running: bool) -> None:
        """Do what is asked for: at once, or while training when its time has come."""
        now = time.perf_counter()
        example = self._pinned or self.latest
        if self._wanted and example is not None and not (running and now < self._look_due):
            self._wanted = False
            self.look = self._inside(example)
            done = time.perf_counter()
            self._look_due = done + SHARE * (done - now)
        if self._watched is not None and not (running and now < self._watch_due):
            now = time.perf_counter()
            key, images = self._watched
            self._watched = None
            self.wall = Answers(key, self._scores(images), self._trainer.steps)
            done = time.perf_counter()
            self._watch_due = done + max(WATCH_EVERY, SHARE * (done - now))

    def ask_trial(self, x: NDArray[np.float32] | None) -> None:
        """Called by the window's thread: the newest picture to try; older ones are dropped."""
        self._asked = x

    def do_trial(self) -> None:
        """Look inside for the newest picture, as if its label were what the network says."""
        x, self._asked = self._asked, None
        if x is not None and x.shape[1:] == self._network.input_shape:
            self.trial = self._inside(Example(x, -1, -1))

    def _inside(self, example: Example) -> Look:
        x, label, row = example
        if label < 0:
            label = int(self._network.outputs(x)[0].argmax())
        inspection = self._trainer.inspect(x, np.array([label], dtype=np.int64))
        return Look(inspection, label, row, self._trainer.steps, self._network)

    def _scores(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The answers (n, classes) to pictures, averaged over the views that are set."""
        views = self.augment.views(images, self.views)
        total = np.sum([self._network.predict(view) for view in views], axis=0)
        mean: NDArray[np.float32] = (total / len(views)).astype(np.float32)
        return mean


def readable(network: "nn.Network", picture: tuple[int, ...]) -> bool:
    """True when a network can read pictures (C, H, W), cut to its size."""
    channels, height, width = network.input_shape
    return channels == picture[0] and height <= picture[1] and width <= picture[2]
