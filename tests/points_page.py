"""Show one page of Points alone, and train it by steps that are counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.actions import POINTS, Actions
from gui.points.page import Desk, Page
from tests.widgets import shown

Told = list[tuple[str, str, Any]]


@contextmanager
def a_page(
    qtbot: QtBot, kind: Any, told: Told, size: tuple[int, int] = (992, 580)
) -> Iterator[Any]:
    """A page of this kind; what it says is appended to `told` as text, kind and action."""

    def say(text: str, kind: str = "info", action: Any = None) -> None:
        told.append((text, kind, action))

    holder = QWidget()
    qtbot.addWidget(holder)
    actions = Actions(POINTS, holder)
    actions.refresh_icons()
    page: Page = shown(qtbot, kind(Desk(actions, say)), *size)
    settle(page)
    yield page
    page.shut_down()


def settle(page: Any) -> None:
    """What was posted is done, and its frame shown."""
    if page.training is not None:
        page.training.ask(lambda: None)
    page.pull()


def train(page: Any, steps: int) -> float:
    """Do so many steps in the page's thread, and return the loss over all training examples."""
    worker = page.training._worker

    def do() -> float:
        for _ in range(steps):
            worker._step()
        worker.publish()
        return float(worker._losses[0])

    loss: float = page.training.ask(do)
    page.pull()
    return loss
