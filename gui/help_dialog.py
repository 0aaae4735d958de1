"""F1: every key, by what it does."""

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
from gui.actions import ELSEWHERE, IMAGES, SKETCH, WINDOW


class HelpDialog(QDialog):
    """The table of all commands that have a key."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setObjectName("help_dialog")
        self.resize(560, 560)
        table = QWidget()
        grid = QGridLayout(table)
        grid.setHorizontalSpacing(2 * theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE)
        grid.setColumnStretch(1, 1)
        rows: list[tuple[str, str]] = []
        for title, commands in (("Sketch", SKETCH), ("Images", IMAGES), ("Everywhere", WINDOW)):
            rows.append((title, ""))
            rows += [(" or ".join(c.keys), c.tip) for c in commands if c.keys]
        for row, (keys, what) in enumerate((*rows, *ELSEWHERE)):
            key = QLabel(keys)
            if what:
                key.setFont(theme.font(bold=True))
            else:
                key.setProperty("role", "title")
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
