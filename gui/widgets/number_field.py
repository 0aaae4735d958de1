"""A field for one number within bounds; a small brother of the learning rate's field."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class NumberField(QLineEdit):
    """Commits a number from `low` to `high` on Enter or when the focus leaves.

    What can't be used is told by `problem_changed` and marked; the last good value stays in force
    and comes back with Esc. An `empty` word, when there is one, stands for None.
    """

    value_committed = Signal(object)  # float, or None where `empty` allows it
    problem_changed = Signal(str)

    def __init__(
        self,
        name: str,
        tip: str,
        low: float,
        high: float,
        *,
        whole: bool = False,
        below: bool = False,
        empty: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setMaxLength(16)
        self._name, self._low, self._high = name, low, high
        self._whole, self._below, self._empty = whole, below, empty
        self._value: float | None = None if empty else low
        self.problem = ""
        if empty:
            self.setPlaceholderText(empty)
        self.textEdited.connect(lambda: self._say(""))
        self.returnPressed.connect(self.commit)

    @property
    def value(self) -> float | None:
        """The last good value."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a value that came from elsewhere; emits nothing."""
        self._value = value
        self.setText(spelled(value))
        self.setCursorPosition(0)
        self._say("")

    def commit(self) -> None:
        """Take the text as the new value, or say why it can't be."""
        try:
            value = self._parsed()
        except ValueError as error:
            self._say(str(error))
            return
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.value_committed.emit(value)

    def _parsed(self) -> float | None:
        text = self.text().strip().replace("−", "-").replace(",", ".")
        if self._empty and text.lower() in ("", self._empty.lower()):
            return None
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"{self._name}: “{text}” is no number.") from None
        inside = self._low <= value and (value < self._high if self._below else value <= self._high)
        if not (math.isfinite(value) and inside):
            end = "below" if self._below else "at most"
            raise ValueError(
                f"{self._name} must be at least {self._low:g} and {end} {self._high:g}."
            )
        if self._whole and value != int(value):
            raise ValueError(f"{self._name} must be a whole number.")
        return value

    def _say(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            self.setProperty("wrong", bool(problem))
            self.style().unpolish(self)
            self.style().polish(self)
            self.setAccessibleDescription(problem)
            self.problem_changed.emit(problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != spelled(self._value):
            self.set_value(self._value)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._value:
            self._step(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def _step(self, direction: int) -> None:
        """One up or down where numbers are whole, else double or half."""
        assert self._value is not None
        value = self._value + direction if self._whole else self._value * 2.0**direction
        if self._low <= value <= self._high and not (self._below and value == self._high):
            self.setText(spelled(value))
            self.commit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        self.commit()
        if self.problem:
            self.setText(spelled(self._value))


def spelled(value: float | None) -> str:
    """A value as short text that reads back as the same number to six digits."""
    return "" if value is None else f"{value:.6g}"
