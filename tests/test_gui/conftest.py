"""A real window with settings of its own."""

from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import gui.app
import nn
from gui import motion, theme
from gui.main_window import MainWindow
from gui.screenshot import lesson
from gui.session import Session
from gui.widgets.layer_inspector import LayerInspector
from gui.workspaces.images import ImagesWorkspace
from gui.workspaces.photo import PhotoWorkspace
from tests import images_page, photo_page
from tests.commons import Wiki, wiki
from tests.driving import until_quiet
from tests.inspector import inspecting, trained_on_digits
from tests.network_drawing import Draw, drawn

PATIENCE = 30_000  # milliseconds


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """Really delete a test's widgets: outside an event loop nobody else does, and the next test
    would dress them all again.
    """
    yield
    if QCoreApplication.instance() is not None:
        # Without a screen the clipboard outlives Python: what Python made must not stay in it.
        QGuiApplication.clipboard().clear()
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


@pytest.fixture
def taught(window: MainWindow) -> MainWindow:
    """The window after a short lesson in Sketch."""
    lesson(window, 3, clicks=2)
    until_quiet(window)
    return window


@pytest.fixture
def session() -> Iterator[Session]:
    """Drawings and a network of Sketch, without a window."""
    made = Session()
    yield made
    made.close()


@pytest.fixture
def images(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ImagesWorkspace:
    """Images in front, with few drawn digits."""
    return images_page.in_front(window, qtbot, monkeypatch)


@pytest.fixture
def site() -> Iterator[Wiki]:
    """What `photo` takes for Wikimedia Commons."""
    with wiki() as made:
        yield made


@pytest.fixture
def photo(
    window: MainWindow, site: Wiki, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> PhotoWorkspace:
    """Photo in front; the web is a server on loopback."""
    return photo_page.in_front(window, site, qtbot, tmp_path / "cache", monkeypatch)


@pytest.fixture
def draw_network(qtbot: QtBot, qapp: QApplication) -> Iterator[Draw]:
    """Shows a network in a view of its own, dark and with motion."""

    def usual() -> None:
        theme.apply(qapp, "dark")
        motion.enable(True)

    usual()
    yield partial(drawn, qtbot)
    usual()


@pytest.fixture(scope="session")
def digits() -> nn.Network:
    """The network for digits, trained a little."""
    return trained_on_digits()


@pytest.fixture
def inspector(qtbot: QtBot, digits: nn.Network) -> LayerInspector:
    """The layer inspector with an example of the network for digits."""
    return inspecting(qtbot, digits)
