"""What the window asks of every workspace, and what a workspace may ask of the window."""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gui.actions import Actions, Command, Key
from gui.exporting.exportable import Exportable
from gui.session import Session
from nn.formats.archive import Parts


class Say(Protocol):
    """How a workspace tells the person something: one sentence, at most one thing to do."""

    def __call__(
        self,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None: ...


class Workspace(QWidget):
    """One way of learning. Its keys work while it is in front.

    `session` is the Sketch session, whose drawings other workspaces may read.
    """

    more_keys: tuple[Key, ...] = ()  # that its widgets know by themselves
    frame = 0  # milliseconds between two calls of `look`; 0: it is never called

    status_changed = Signal(str, str)  # left and right end of the footer

    def __init__(self, commands: tuple[Command, ...], session: Session, say: Say) -> None:
        super().__init__()
        self.actions_ = Actions(commands, self)
        self.addActions(self.actions_.all())
        self.drawings = session
        self.say = say
        self._closed = False
        self._frames = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._on_frame)

    def held(self) -> AbstractContextManager[None]:
        """Have the workspace's training wait while the window paints."""
        return nullcontext()

    def look(self) -> None:
        """Show what is new; called at every frame while the workspace is in front."""

    def take(self, dropped: QMimeData) -> bool:
        """Use what was dropped or pasted; False when it is nothing for this workspace."""
        return False

    # -- what a session file keeps of it -----------------------------------------------------

    def stamp(self) -> Hashable:
        """Another value whenever something that the person made, set or trained is another.

        Cheap, for it is asked for a few times a second: counts of steps and of changes.
        """
        return None

    def state(self) -> Callable[[], Parts]:
        """Take what must be of this moment, quickly; what is returned makes the parts of it.

        That may take its time: it is called once, in another thread. Names of parts are relative:
        "settings.json", "weights.npz".
        """
        return dict

    def restore(self, parts: Parts) -> None:
        """Become what `state` told of; {} is how everything is at the very first start.

        Raises ValueError, one sentence, for what does not fit; nothing has changed then.
        """

    def exports(self) -> list[Exportable]:
        """What can be taken out of here in the formats of others."""
        return []

    def shut_down(self) -> None:
        """End every thread and job."""
        self._closed = True
        self._frames.stop()

    def _on_frame(self) -> None:
        with self.held():
            self.look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.frame and not self._closed:
            self._frames.start(self.frame)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._frames.stop()
