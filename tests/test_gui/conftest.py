"""A real window with settings of its own."""

from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

import gui.app
from gui.main_window import MainWindow

PATIENCE = 30_000  # milliseconds


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """Really delete a test's widgets: outside an event loop nobody else does, and the next test
    would dress them all again.
    """
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def _settings_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each test's settings in a folder of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """A `qtbot` that waits long enough for a machine that has other things to do."""
    qtbot.waitUntil = partial(qtbot.waitUntil, timeout=PATIENCE)
    return qtbot


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The app's window, shown, with the hints of the first start seen."""
    made = gui.app.build(["brightwire"])
    made.settings.hints_seen = True
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.end()
