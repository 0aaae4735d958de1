"""The four workspaces, which become what a session file says."""

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

from nn.data.drawings import Drawing
from nn.formats import archive
from tests.test_hostile.reader import Reader
from tests.test_hostile.sessions import bent_session

NAMES = ("sketch", "photo", "images", "points")


class Restored:
    """The workspaces as the window has them, without a window."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        from gui.keeping.contents import Contents
        from gui.session import Session

        self.app = QApplication.instance() or QApplication(["hostile"])
        self.problems: list[BaseException] = []
        sys.excepthook = self._on_error
        session = Session()
        first, *others = (
            getattr(import_module(f"gui.workspaces.{name}"), f"{name.capitalize()}Workspace")
            for name in NAMES
        )
        self.contents = Contents("sketch", first(session, lambda *_, **__: None))
        for name, make in zip(NAMES[1:], others, strict=True):
            self.contents.add(name, make(session, lambda *_, **__: None))
        for i in range(4):
            session.add_sample(Drawing([[(0, 0), (i, 5)], [(i, 0), (0, 5)]]), i % 2)
        parts = self.contents.state()()
        self.good = archive.pack(parts, "Brightwire 0.1.0", "2025-01-31T12:00:00Z")

    def _on_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.problems.append(error)

    def restore(self, path: Path) -> None:
        """Become what a file says, and show it for a moment; what fails by itself is raised."""
        self.problems.clear()
        said = self.contents.restore(archive.read(path).parts)
        for _ in range(3):
            self.app.processEvents()
        if self.problems:
            raise self.problems[0]
        if said:  # a workspace that begins empty says why
            raise ValueError(f"{path.name}: {said[0]}")


@cache
def restored() -> Restored:
    return Restored()


def _good(rng: Random) -> bytes:
    return restored().good


def _read(path: Path) -> Any:
    restored().restore(path)


READERS: dict[str, Reader] = {
    "workspaces": Reader(_read, _good, bent_session, file="hostile.brightwire", named=False),
}
