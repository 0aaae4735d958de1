"""A titled box with room for small controls in its header."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import theme

HEADER_HEIGHT = 32  # logical pixels, with or without controls: titles stand in one line


class Panel(QFrame):
    """`title` and header controls above `body`."""

    def __init__(self, title: str, body: QWidget, *header: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName(title)
        self._header = QHBoxLayout()
        self._header.setSpacing(0)
        label = QLabel(title)
        label.setProperty("role", "title")
        label.setMinimumHeight(HEADER_HEIGHT)
        self._header.addWidget(label)
        self._header.addSpacing(theme.SPACE // 2)
        self._header.addStretch(1)
        for control in header:
            self._header.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4 if title else 12, 12, 12)
        column.setSpacing(theme.SPACE // 2)
        if title:
            column.addLayout(self._header)
        column.addWidget(body, 1)
