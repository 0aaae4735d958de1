"""Small pieces of layout that pages and workspaces share."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

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


def page_row(page: QWidget) -> QHBoxLayout:
    """The layout of a page below its tab: columns from left to right."""
    row = QHBoxLayout(page)
    row.setContentsMargins(0, theme.SPACE, 0, 0)
    row.setSpacing(theme.SPACE)
    return row


def tabs(name: str, pages: Mapping[str, QWidget]) -> QTabWidget:
    """The pages of a workspace by title, in tabs; `name` is the object name."""
    made = QTabWidget()
    made.setObjectName(name)
    made.setDocumentMode(True)
    made.tabBar().setDrawBase(False)
    for title, page in pages.items():
        made.addTab(page, title)
    return made


def caption(text: str = "") -> QLabel:
    """Small muted words that wrap and never ask for width."""
    made = QLabel(text)
    made.setProperty("role", "caption")
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made
