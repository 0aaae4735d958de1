"""Workspaces that are kept and taken up again: as many as a test wants, and what they refuse."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.workspace import Workspace
from nn.formats.archive import Parts
from tests.kept import differing, spoilt, through_a_file
from tests.widgets import shown

W = TypeVar("W", bound=Workspace)


class Said(list[str]):
    """Sentences that were told; `action` is what the last one offers."""

    def __call__(self, text: str, kind: str = "info", action: Any = None) -> None:
        self.append(text)
        self.action = action


@contextmanager
def making(qtbot: QtBot, new: Callable[[], W]) -> Iterator[Callable[[], W]]:
    """Makes workspaces as at the first start, and ends them all at last."""
    made: list[W] = []

    def make() -> W:
        made.append(shown(qtbot, new(), 1240, 680))
        return made[-1]

    yield make
    for workspace in made:
        workspace.shut_down()


def kept(workspace: Workspace) -> Parts:
    """What a session file would keep of it now."""
    return through_a_file(workspace.state()())


def refusals(workspace: W, settle: Callable[[W], object], examples: int) -> list[str]:
    """Restore what is kept of it, spoilt in as many ways; the sentences of those refused.

    A refusal is one line and changes nothing, and what is not spoilt fits after all of them.
    """
    good = kept(workspace)
    sentences: list[str] = []

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def spoil(seed: int) -> None:
        before, stamp = kept(workspace), workspace.stamp()
        try:
            workspace.restore(spoilt(good, random.Random(seed)))
        except ValueError as error:
            sentences.append(str(error))
            assert workspace.stamp() == stamp
            assert differing(before, kept(workspace)) == []
        settle(workspace)

    spoil()
    assert all(sentence and "\n" not in sentence for sentence in sentences)
    workspace.restore(good)
    assert differing(good, kept(workspace)) == []
    return sentences
