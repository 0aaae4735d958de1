"""Small pieces of layout that the pages share."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui import theme


def side_by_side(*widgets: QWidget, spacing: int = theme.SPACE) -> QWidget:
    """Controls in a row, as one, for a panel's header."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return made


def caption(name: str = "") -> QLabel:
    """A muted line that never asks for room: what does not fit is cut off, and told by a tip."""
    made = QLabel()
    made.setObjectName(name)
    made.setProperty("role", "muted")
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made
