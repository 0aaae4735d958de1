"""F1: every key, by what it does."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.actions import Key


class HelpDialog(QDialog):
    """Tables of keys and what they do, each under a title."""

    def __init__(self, parent: QWidget, sections: Sequence[tuple[str, Sequence[Key]]]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setObjectName("help_dialog")
        self.resize(560, 560)
        table = QWidget()
        grid = QGridLayout(table)
        grid.setHorizontalSpacing(2 * theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE)
        grid.setColumnStretch(1, 1)
        for title, keys in sections:
            heading = QLabel(title)
            heading.setProperty("role", "title")
            grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
            for names, what in keys:
                row = grid.rowCount()
                key = QLabel(names)
                key.setFont(theme.font(bold=True))
                grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignTop)
                text = QLabel(what)
                text.setWordWrap(True)
                grid.addWidget(text, row, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(table)
        scroll.setAccessibleName("All keys")
        close = QPushButton("Close")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * (theme.PANEL_GAP,))
        column.addWidget(scroll, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
