"""Nothing piles up: not from opening windows, not from going about in one, not from long training.

The long ones print what they measure; see `tests.long_run`.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QTabWidget
from pytestqt.qtbot import QtBot

from gui.actions import WORKSPACES
from gui.main_window import MainWindow
from gui.tasks import Task
from tests import held
from tests.screen import open_screen

pytestmark = pytest.mark.skipif(not held.PROCESS.is_dir(), reason="there is no /proc to count in")


ROUNDS = 20
POOLS = 4  # idle threads, with a handle each, that pools may have kept by chance
MOST_MEMORY = 5_000_000 // 1024  # kB that it may grow by after the warm-up
STEPS = {"sketch": 1_000_000, "points": 300_000, "images": 20_000, "photo": 20_000}


def visit_everything(window: MainWindow) -> None:
    """Each page of each workspace, and what opens over the window."""
    for name in WORKSPACES:
        for tabs in window.show_workspace(name).findChildren(QTabWidget):
            for page in range(tabs.count()):
                tabs.setCurrentIndex(page)
                QCoreApplication.processEvents()
    window.show_workspace("sketch")
    window.actions_["export"].trigger()
    QCoreApplication.processEvents()
    for dialog in window.findChildren(QDialog):
        dialog.close()


def test_going_about_leaves_nothing_behind(window: MainWindow, qtbot: QtBot) -> None:
    def at_rest() -> held.Held:
        """What is held when no job is under way; a pool keeps its idle threads for a while."""
        qtbot.waitUntil(lambda: not any(task.running for task in window.findChildren(Task)))
        QCoreApplication.processEvents()
        return held.now()[0]

    for _ in range(2):
        visit_everything(window)
        before = at_rest()
    for _ in range(ROUNDS):
        visit_everything(window)
    after = at_rest()
    for kind in ("objects", "timers", "ticking"):
        assert getattr(after, kind) <= getattr(before, kind), f"{kind}: {before} became {after}"
    for kind in ("threads", "handles"):
        assert getattr(after, kind) <= getattr(before, kind) + POOLS, f"{before} became {after}"


def test_a_trial_export_that_ends_after_its_dialog_was_closed_is_dropped(
    window: MainWindow, qtbot: QtBot
) -> None:
    for _ in range(5):
        window.actions_["export"].trigger()
        QCoreApplication.processEvents()
        for dialog in window.findChildren(QDialog):
            dialog.close()
    qtbot.waitUntil(lambda: not any(task.running for task in window.findChildren(Task)))
    assert not window.messages.text


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A screen: X where Xvfb is installed, else none at all."""
    own = {**os.environ, **held.ONE_HEAP, "XDG_DATA_HOME": str(tmp_path / "data")}
    if not shutil.which("Xvfb"):
        yield own
        return
    with open_screen(tmp_path) as screen:
        yield {**screen.environment, **own, "QT_QPA_PLATFORM": "xcb"}


@pytest.mark.long
@pytest.mark.parametrize("home", STEPS)
def test_long_training_takes_no_more_memory_threads_or_time(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str], home: str
) -> None:
    words = [sys.executable, "-m", "tests.long_run", home, "--steps", str(STEPS[home])]
    done = subprocess.run(words, env=environment, capture_output=True, text=True)
    with capsys.disabled():
        print(done.stdout)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    for kind in ("needed", "in_use"):
        assert last["growth"][kind] < MOST_MEMORY
    for kind in ("objects", "timers", "ticking"):
        assert last["growth"][kind] <= 0, last["more"]
    for kind in ("threads", "handles"):
        assert last["growth"][kind] <= POOLS
    assert last["pace"] > 0.9
