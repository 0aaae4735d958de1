"""A titled box with room for small controls in its header."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import theme


class Panel(QFrame):
    """`title` and header controls above `body`."""

    def __init__(self, title: str, body: QWidget, *header: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName(title)
        self._header = QHBoxLayout()
        self._header.setSpacing(theme.SPACE // 2)
        if title:
            label = QLabel(title)
            label.setProperty("role", "title")
            self._header.addWidget(label)
        self._header.addStretch(1)
        for control in header:
            self._header.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, theme.SPACE, 12, 12)
        column.setSpacing(theme.SPACE)
        if title or header:
            column.addLayout(self._header)
        column.addWidget(body, 1)
