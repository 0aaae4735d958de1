"""Use the window as a person does: find a widget, click it, draw with the mouse."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.keeping.question import Question
from gui.main_window import MainWindow


def draw(canvas: QWidget, strokes: Sequence[np.ndarray]) -> None:
    """Replay strokes (any units) on the canvas with the mouse, fitted to it."""
    points = np.concatenate(list(strokes))
    low, size = points.min(axis=0), max(float(np.ptp(points, axis=0).max()), 1.0)
    edge = 0.7 * min(canvas.width(), canvas.height())
    corner = np.array([canvas.width() - edge, canvas.height() - edge]) / 2
    for stroke in strokes:
        path = [QPoint(*(int(v) for v in corner + (p - low) / size * edge)) for p in stroke]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=path[0])
        for point in path[1:]:
            QTest.mouseMove(canvas, point)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=path[-1])


def until_quiet(window: MainWindow) -> None:
    """Let posted training end and its snapshot be shown."""
    QApplication.processEvents()
    window.session.training.ask(lambda: None)
    window.sketch.pull()
    QApplication.processEvents()


def question(window: MainWindow) -> Question | None:
    """The question that is open over the window."""
    asked = [q for q in window.findChildren(Question) if q.isVisible()]
    return asked[0] if asked else None


def answer(window: MainWindow, words: str) -> None:
    """Click an answer of the question that is open."""
    asked = question(window)
    assert asked is not None, "nothing is asked"
    button = next(b for b in asked.buttons if b.text().replace("&", "") == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def close_unsaved(window: MainWindow) -> None:
    """Close the window, and don't save what is not saved."""
    window.close()
    if question(window) is not None:
        answer(window, "Don't save")


def drop(window: MainWindow, mime: QMimeData) -> bool:
    """Drop something in the middle of the window; False when it was not taken."""
    actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    key = Qt.KeyboardModifier.NoModifier
    where = QPointF(window.rect().center())
    enter = QDragEnterEvent(where.toPoint(), actions, mime, button, key)
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(where, actions, mime, button, key)
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def find(parent: QWidget, name: str) -> QWidget:
    """The widget with this object name, in a window or in another widget."""
    widget = parent.findChild(QWidget, name)
    assert widget is not None, f"no widget is called {name}"
    return widget


def click(parent: QWidget, name: str) -> None:
    """Click the widget with this object name in its middle."""
    QTest.mouseClick(find(parent, name), Qt.MouseButton.LeftButton)
