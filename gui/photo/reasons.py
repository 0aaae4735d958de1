"""Why the network answers so: asked beside the window, the newest question counts."""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

import nn
from gui import photo_why
from gui.photo_session import PhotoSession
from gui.photo_why import Answer, Known
from gui.tasks import Task, Tasks
from nn.data.augment import to_float
from nn.photo_familiarity import Familiarity
from nn.photo_model import PhotoModel


class Reasons(NamedTuple):
    """The answer: a map or None, a warning or nothing, the closest pictures."""

    heat: NDArray[np.float32] | None
    warning: str
    closest: Answer | None
    known: Known | None


class Reasoner(QObject):
    """Asks the network of the newest snapshot; `answered` comes for the newest question alone."""

    answered = Signal(object)  # Reasons
    failed = Signal(str)

    def __init__(self, session: PhotoSession, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.session, self._tasks = session, tasks
        self._weights: NDArray[np.float32] | None = None
        self._known: Known | None = None
        self._known_of: object = None
        self._asking: Task | None = None

    @property
    def ready(self) -> bool:
        """True once the weights of the network in force are known."""
        return self._weights is not None

    def forget(self) -> None:
        """Wait for the weights of another network."""
        self._weights = None

    def take(self, weights: NDArray[np.float32]) -> None:
        """These are the network's weights now; they are copied."""
        self._weights = weights.copy()

    def network(self) -> "nn.Network | None":
        """A copy of the network as it was in the newest snapshot."""
        layout = self.session.network
        if self._weights is None or layout.parameters.size != self._weights.size:
            return None
        twin = layout.copy()
        twin.parameters[...] = self._weights
        return twin

    def ask(self, seen: NDArray[np.uint8], kind: str, own: int | None) -> None:
        """Ask about a picture (3, S, S), which may be a row of the data set itself."""
        network = self.network()
        if network is None or self.session.training.running:
            return
        if self._asking is not None:
            self._asking.cancel()
        data = self.session.data
        images = rows = None
        if data is not None and len(data) and data.images.shape[2] == self.session.size:
            images, rows = data.images, data.rows()
        key = (id(images), b"" if rows is None else rows.tobytes(), network.parameters.tobytes())
        known = self._known if key == self._known_of else None
        question = _Question(
            network,
            to_float(seen[np.newaxis]),
            kind,
            known,
            images,
            rows,
            own,
            self.session.familiarity,
        )
        task = self._tasks.run(_reasons, question)
        self._asking = task
        task.finished.connect(partial(self._on_answered, task, key))
        task.failed.connect(self.failed)

    def _on_answered(self, task: Task, key: object, found: Reasons) -> None:
        if task is self._asking:
            self._asking = None
            self._known, self._known_of = found.known, key
            self.answered.emit(found)


@dataclass(frozen=True, eq=False)
class _Question:
    network: "nn.Network"
    x: NDArray[np.float32]  # (1, 3, S, S)
    kind: str  # of reasons
    known: Known | None  # what was known already
    images: NDArray[np.uint8] | None  # of the data set
    rows: NDArray[np.int64] | None
    own: int | None  # the row that `x` itself is
    familiarity: Familiarity | None


def _reasons(asked: _Question) -> Reasons:
    heat = None
    if asked.kind != photo_why.OFF:
        heat = photo_why.heat(asked.network, asked.x, asked.kind)
    warning = None
    if asked.familiarity is not None:
        warning = PhotoModel(asked.network, {}, asked.familiarity).unlike_both(asked.x)
    if asked.images is None:
        return Reasons(heat, warning or "", None, None)
    known = asked.known or photo_why.know(asked.network, asked.images, asked.rows)
    closest = photo_why.compare(asked.network, asked.x, known, asked.own)
    return Reasons(heat, warning or "", closest, known)
