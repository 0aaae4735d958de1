"""The Images workspace in its window, and what a person clicks and types there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.workspaces.images import ImagesWorkspace
from tests.driving import click

SOON = 60_000  # milliseconds that anything may take on a busy machine


def in_front(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ImagesWorkspace:
    """The workspace in front, with few drawn digits, so that they are there soon."""
    monkeypatch.setattr("gui.images.data_sources.DRAWN", 1000)
    click(window, "images_button")
    workspace = window.workspace
    assert isinstance(workspace, ImagesWorkspace)
    wait(qtbot, lambda: workspace.session.dataset is not None)
    return workspace


def typed(images: ImagesWorkspace, text: str) -> None:
    """Replace the network's text from the keyboard."""
    edit = images.network_panel.editor.edit
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for line in text.strip().split("\n"):
        QTest.keyClicks(edit, line)
        QTest.keyClick(edit, Qt.Key.Key_Return)


def go(images: ImagesWorkspace, page: int) -> None:
    """Click a tab."""
    bar = images.pages.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(page).center())


def wait(qtbot: QtBot, what: Callable[[], bool]) -> None:
    qtbot.waitUntil(what, timeout=SOON)


def open_folder(images: ImagesWorkspace, qtbot: QtBot, folder: Path) -> None:
    before = images.session.dataset
    images.sources.open_folder(folder)
    wait(qtbot, lambda: images.session.dataset is not before)
