"""Small pieces of layout that pages and workspaces share."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

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


def column(width: int | None = None, spacing: int = theme.SPACE) -> tuple[QWidget, QVBoxLayout]:
    """A widget, `width` logical pixels wide when given, and its layout from top to bottom."""
    made = QWidget()
    if width is not None:
        made.setFixedWidth(width)
    inside = QVBoxLayout(made)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.setSpacing(spacing)
    return made, inside


def caption(text: str = "") -> QLabel:
    """Small muted words that wrap and never ask for width."""
    made = QLabel(text)
    made.setProperty("role", "caption")
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made
