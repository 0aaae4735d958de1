"""One sentence to the person, with at most one thing to do about it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gui import theme

KINDS = {
    "info": ("info", "negative"),
    "warning": ("warning", "accent"),
    "error": ("cross", "wrong"),
}


class MessageBar(QFrame):
    """Hidden until `say`; shows the last sentence said."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self.setAccessibleName("Message")
        self.setProperty("role", "message")
        self._kind = "info"
        self._callable: Callable[[], object] | None = None
        self._sign = QLabel()
        self._sign.setFixedSize(20, 20)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton()
        self._button.setObjectName("message_action")
        self._button.clicked.connect(self._on_action_clicked)
        self._close = QToolButton()
        self._close.setProperty("role", "quiet")
        self._close.setAccessibleName("Dismiss message")
        self._close.setToolTip("Dismiss (Esc)")
        self._close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(theme.SPACE)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self._left: int | None = None  # milliseconds, while the pointer holds the bar open
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence in sight; empty when there is none."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def kind(self) -> str:
        """`"info"`, `"warning"` or `"error"`."""
        return self._kind

    def say(
        self,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
        timeout_ms: int | None = None,
    ) -> None:
        """Show a sentence in place of the last one.

        Args:
            text: plain text.
            kind: `"info"`, `"warning"` or `"error"`.
            action: what the button says, and what it calls; the bar closes first.
            timeout_ms: closes by itself after so long, unless it is pointed at; None: stays.

        Raises:
            ValueError: an unknown kind.
        """
        if kind not in KINDS:
            raise ValueError(f"kind: expected one of {', '.join(KINDS)}, got {kind!r}")
        self._kind = kind
        self._text.setText(text)
        self._callable = action[1] if action else None
        self._button.setText(action[0] if action else "")
        self._button.setVisible(action is not None)
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._dress()
        self.setAccessibleDescription(text)
        self.show()
        self._timer.stop()
        self._left = None
        if timeout_ms is not None:
            self._timer.start(timeout_ms)
        self._announce(text, urgent=kind == "error")

    def dismiss(self) -> None:
        """Close the bar."""
        self._timer.stop()
        self._callable = None
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    def _on_action_clicked(self) -> None:
        call = self._callable
        self.dismiss()
        if call is not None:
            call()

    def _announce(self, text: str, *, urgent: bool) -> None:
        if not QAccessible.isActive():
            return
        event = QAccessibleAnnouncementEvent(self, text)
        if urgent:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def _dress(self) -> None:
        name, role = KINDS[self._kind]
        self._sign.setPixmap(theme.icon(name, role).pixmap(20, 20))
        self._close.setIcon(theme.icon("close", "muted"))

    def enterEvent(self, event: QEnterEvent) -> None:
        if self._timer.isActive():
            self._left = self._timer.remainingTime()
            self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._left is not None and not self.isHidden():
            self._timer.start(max(self._left, 800))
        self._left = None
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and not self.isHidden():
            self._dress()
        super().changeEvent(event)
