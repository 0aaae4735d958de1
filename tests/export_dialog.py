"""The export dialog as a person uses it: keys, clicks, and the file dialog that it asks with."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from gui.exporting.dialog import ExportDialog
from gui.main_window import MainWindow
from tests.driving import click


def press(window: QWidget, qtbot: QtBot, key: Qt.Key) -> None:
    if not window.isActiveWindow():  # a window manager sees to that when a dialog closes
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)


def opened(window: QWidget, qtbot: QtBot) -> ExportDialog:
    """Press Ctrl+E; the dialog."""
    press(window, qtbot, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(ExportDialog)))
    dialog = next(d for d in window.findChildren(ExportDialog) if d.isVisible())
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def choose(field: QListWidget, text: str) -> None:
    """Go to the row that begins so, with the keys."""
    field.setFocus()
    for _ in range(field.count()):
        if field.currentItem().text().startswith(text):
            return
        QTest.keyClick(field, Qt.Key.Key_Down)
        if field.currentRow() == field.count() - 1 and not field.currentItem().text().startswith(
            text
        ):
            QTest.keyClick(field, Qt.Key.Key_Home)
    assert field.currentItem().text().startswith(text)


class Answer(QObject):
    """Types a path into the next file dialog and presses Enter; without a path, Escape."""

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self.path, self.offered = path, ""
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            return
        self._timer.stop()
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        self.offered = line.text()
        if self.path is None:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            return
        line.selectAll()
        line.insert(str(self.path))  # as when it is pasted: typed, it would be completed
        QTest.keyClick(line, Qt.Key.Key_Return)


def save(dialog: ExportDialog, path: Path | None) -> str:
    """Click Save as… and give a path; what the file dialog offered."""
    answer = Answer(path)
    click(dialog, "export_save")
    return answer.offered


def saved(window: MainWindow, qtbot: QtBot, name: str) -> None:
    """Wait until the window says that it is saved."""
    qtbot.waitUntil(lambda: window.messages.text == f"Saved as {name}.")
