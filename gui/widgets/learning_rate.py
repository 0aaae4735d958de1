"""The learning rate as a field that accepts only what a trainer can use."""

import math

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMoveEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gui import theme

LARGEST = 1000.0
SMALLEST = 1e-9
EDGE = theme.PANEL_GAP  # free room between the sentence and the window's border
SENTENCE_STAYS = 6000  # milliseconds, after the field lost the focus


class LearningRate(QLineEdit):
    """Commits a number above 0 and up to 1000 on Enter or when the focus leaves.

    What can't be used is said right below the field (`problem`), which turns to `wrong`; the last
    good value stays in force and comes back with Esc. Up and Down step through 1, 2, 5, 10.
    """

    value_committed = Signal(float)
    problem_changed = Signal(str)

    def __init__(self, value: float = 0.5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learning_rate")
        self.setAccessibleName("Learning rate")
        self.setToolTip(
            "Learning rate: how far one step moves the weights. It applies at once.\n"
            "Up and Down change it in steps of 1, 2, 5."
        )
        self.setMaxLength(24)
        self._value = float(value)
        self._problem = ""
        self._note: QLabel | None = None
        self._forget = QTimer(self, singleShot=True, interval=SENTENCE_STAYS)
        self._forget.timeout.connect(lambda: self._say(""))
        self.setText(spelled(self._value))
        self.textEdited.connect(self._on_text_edited)
        self.returnPressed.connect(self.commit)

    @property
    def value(self) -> float:
        """The last good value."""
        return self._value

    @property
    def problem(self) -> str:
        """Why the text can't be used; empty when all is well."""
        return self._problem

    def set_value(self, value: float) -> None:
        """Show a value that came from elsewhere; emits nothing."""
        self._value = float(value)
        self.setText(spelled(self._value))
        self._say("")

    def commit(self) -> None:
        """Take the text as the new value, or say why it can't be."""
        try:
            value = parsed(self.text())
        except ValueError as problem:
            self._say(f"{problem}; {spelled(self._value)} stays.")
            return
        self._say("")
        self.setText(spelled(value))
        if value != self._value:
            self._value = value
            self.value_committed.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.setText(spelled(stepped(self._value, up=event.key() == Qt.Key.Key_Up)))
            self.commit()
        elif event.key() == Qt.Key.Key_Escape and (
            self._problem or self.text() != spelled(self._value)
        ):
            self.set_value(self._value)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        self.commit()
        if self._problem:
            self.setText(spelled(self._value))
            self._mark(False)
            self._forget.start()

    def _on_text_edited(self) -> None:
        self._say("")

    # The sentence below the field

    def _say(self, problem: str) -> None:
        self._forget.stop()
        self._mark(bool(problem))
        if problem != self._problem:
            self._problem = problem
            self.setAccessibleDescription(problem)
            self._show_note()
            self.problem_changed.emit(problem)

    def _mark(self, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def _show_note(self) -> None:
        if self._note is None:
            if not self._problem:
                return
            self._note = QLabel(self.window())
            self._note.setProperty("role", "problem")
            self._note.setWordWrap(True)
            self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._note.setText(self._problem)
        self._note.setVisible(bool(self._problem) and self.isVisible())
        self._place_note()

    def _place_note(self) -> None:
        note, window = self._note, self.window()
        if note is None or note.isHidden():
            return
        if note.parentWidget() is not window:
            note.setParent(window)
            note.show()
        room = window.width() - 2 * EDGE
        wide = min(max(self.width(), 240), room)
        note.setFixedWidth(wide)
        note.ensurePolished()
        note.setFixedHeight(max(note.heightForWidth(wide), note.fontMetrics().height()))
        corner = self.mapTo(window, QPoint(0, self.height() + 4))
        left = min(max(corner.x(), EDGE), window.width() - wide - EDGE)
        top = corner.y()
        if top + note.height() > window.height() - 4:
            top = self.mapTo(window, QPoint(0, -note.height() - 4)).y()
        note.move(left, max(top, 0))
        note.raise_()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._place_note()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_note()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_note()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._note is not None:
            self._note.hide()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self._say("")


def parsed(text: str) -> float:
    """The learning rate that a text means; a decimal comma is fine.

    Raises:
        ValueError: with the reason, a sentence without its full stop.
    """
    try:
        value = float(text.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        shown = text.strip()
        what = f"“{shown}” is no number" if shown else "A number is needed, like 0.5"
        raise ValueError(what) from None
    if math.isnan(value):
        raise ValueError("Not-a-number can't be a learning rate")
    if value <= 0:
        raise ValueError("The learning rate must be above 0")
    if value > LARGEST:
        raise ValueError(f"The learning rate can be {LARGEST:g} at most")
    if value < SMALLEST:
        raise ValueError(f"Below {SMALLEST:g} nothing would be learnt")
    return value


def spelled(value: float) -> str:
    """A value as short text that reads back as the same number to six digits."""
    return f"{value:.6g}"


def stepped(value: float, *, up: bool) -> float:
    """The next value above or below on the scale 1, 2, 5, 10, within what is accepted."""
    exponent = math.floor(math.log10(value))
    scale = [
        factor * 10.0**power for power in range(exponent - 1, exponent + 3) for factor in (1, 2, 5)
    ]
    if up:
        chosen = min(step for step in scale if step > value * (1 + 1e-6))
    else:
        chosen = max(step for step in scale if step < value * (1 - 1e-6))
    return float(f"{min(max(chosen, SMALLEST), LARGEST):.6g}")
