"""Data that a person changes, with undo: what it was before each change is kept. Qt-free."""

from typing import Generic, TypeVar

KEPT = 200  # changes that can be undone
Held = TypeVar("Held")


class Undoable(Generic[Held]):
    """`now` is replaced, never changed. All between two `begin`s is one step of undo.

    `changes` counts how often it was replaced.
    """

    def __init__(self, now: Held) -> None:
        self.changes = 0
        self.start_with(now)

    def start_with(self, now: Held) -> None:
        """Be this from now on, with nothing to undo."""
        self.now = now
        self._done: list[Held] = []
        self._undone: list[Held] = []

    @property
    def now(self) -> Held:
        return self._now

    @now.setter
    def now(self, now: Held) -> None:
        self._now = now
        self.changes += 1

    def begin(self) -> None:
        """What follows belongs together."""
        if not self._done or self._done[-1] is not self.now:
            self._done = [*self._done[-KEPT:], self.now]
        self._undone.clear()

    def undo(self) -> bool:
        """Be as before the last change; False when there is none."""
        while self._done:
            before = self._done.pop()
            if before is not self.now:
                self._undone.append(self.now)
                self.now = before
                return True
        return False

    def redo(self) -> bool:
        """Undo the last undo."""
        if not self._undone:
            return False
        self._done.append(self.now)
        self.now = self._undone.pop()
        return True
