"""The pictures of one class, to look through, drag to another class, move by key, delete."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout

from gui import pictures, theme
from gui.photo_data import GONE
from gui.widgets.picture_wall import PictureWall

ROWS = "application/x-brightwire-picture"  # what is dragged: a row of the data set


class ClassColumn(QFrame):
    """`moved` asks for a picture to be put into a class (GONE: deleted)."""

    moved = Signal(int, int)  # row, label
    opened = Signal(int)  # row

    def __init__(self, label: int) -> None:
        super().__init__()
        self.label = label
        self.setProperty("role", "panel")
        self.setAcceptDrops(True)
        self._names: list[str] = []
        self._images: NDArray[np.uint8] | None = None
        self._pressed: QPoint | None = None
        self._title, self._count = QLabel(), QLabel()
        self._title.setProperty("role", "title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._count.setProperty("role", "muted")
        self.wall = PictureWall()
        self.wall.setObjectName(f"class_wall_{label}")
        self.wall.setToolTip(
            "Drag a picture to another class, or press its number; Delete takes it out.\n"
            "Enter or a double click shows it to the network."
        )
        self.wall.picture_opened.connect(self.opened)
        self.wall.installEventFilter(self)
        self.wall.viewport().installEventFilter(self)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(theme.SPACE // 2)
        column.addLayout(head)
        column.addWidget(self.wall, 1)

    def show_class(
        self, images: NDArray[np.uint8], rows: NDArray[np.int64], names: Sequence[str]
    ) -> None:
        """Show these rows of (N, 3, S, S); where one was looking stays in sight."""
        self._names = list(names)
        name = names[self.label]
        self._title.setText(f"{self.label + 1}  {name}")
        self._count.setText(f"{len(rows):,}")
        self.wall.setAccessibleName(f"Pictures of {name}")
        bar = self.wall.verticalScrollBar()
        scrolled = bar.value()
        if images is not self._images:
            self._images = images
            self.wall.set_pictures(images, np.full(len(images), self.label), names)
        here = self.wall.current_row
        before = self.wall.rows
        self.wall.set_rows(rows)
        bar.setValue(scrolled)
        if here is not None and self.wall.current_row is None and len(rows):
            place = int(np.searchsorted(before, here))  # the one after what went away
            self.wall.set_current(int(rows[min(place, len(rows) - 1)]))

    # -- moving ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            return self._on_key(event)
        if isinstance(event, QContextMenuEvent) and kind == QEvent.Type.ContextMenu:
            return self._on_menu(event)
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseButtonPress:
                left = event.button() == Qt.MouseButton.LeftButton
                self._pressed = event.position().toPoint() if left else None
            elif kind == QEvent.Type.MouseMove and self._pressed is not None:
                moved = (event.position().toPoint() - self._pressed).manhattanLength()
                if moved >= QApplication.startDragDistance():
                    self._pressed = None
                    self._drag()
                    return True
            elif kind == QEvent.Type.MouseButtonRelease:
                self._pressed = None
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        row = self.wall.current_row
        if row is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.moved.emit(row, GONE)
            return True
        label = event.key() - Qt.Key.Key_1
        if 0 <= label < min(len(self._names), 9):
            self.moved.emit(row, label)
            return True
        return False

    def _on_menu(self, event: QContextMenuEvent) -> bool:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            for row in self.wall.rows.tolist():
                box = self.wall.picture_rect(row)
                if box.contains(event.pos()):
                    self.wall.set_current(row)
                    break
                if box.top() > event.pos().y():
                    return True
        row = self.wall.current_row
        if row is None:
            return True
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Classify").triggered.connect(lambda: self.opened.emit(row))
        menu.addSeparator()
        for label, name in enumerate(self._names):
            if label != self.label:
                menu.addAction(f"Move to “{name}”").triggered.connect(
                    lambda _=False, label=label: self.moved.emit(row, label)
                )
        menu.addAction("Delete").triggered.connect(lambda: self.moved.emit(row, GONE))
        menu.popup(event.globalPos())
        return True

    def _drag(self) -> None:
        row = self.wall.current_row
        if row is None or self._images is None:
            return
        mime = QMimeData()
        mime.setData(ROWS, str(row).encode())
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.setPixmap(QPixmap.fromImage(pictures.to_image(self._images[row])))
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(ROWS):
            self._mark(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        self.moved.emit(int(bytes(event.mimeData().data(ROWS).data())), self.label)
        event.acceptProposedAction()

    def _mark(self, on: bool) -> None:
        """Say that what is dragged may be let go here."""
        self.setStyleSheet(
            f'QFrame[role="panel"] {{ border: 2px solid {theme.colours().accent}; }}' if on else ""
        )
