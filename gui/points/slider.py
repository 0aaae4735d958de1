"""A slider with its name and its value."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from gui import theme

NAME, VALUE = 52, 34  # logical pixels


class NamedSlider(QWidget):
    """Whole positions from `low` to `high`; `told` makes the words of a position."""

    moved = Signal(int)

    def __init__(
        self, name: str, tip: str, low: int, high: int, told: Callable[[int], str]
    ) -> None:
        super().__init__()
        self._told = told
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(low, high)
        self.slider.setObjectName(f"{name.lower()}_slider")
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(tip)
        self.setToolTip(tip)
        label = QLabel(name)
        label.setFixedWidth(NAME)
        self._value = QLabel(told(low))
        self._value.setFixedWidth(VALUE)
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._value.setFont(theme.font())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        self.slider.valueChanged.connect(self._on_value_changed)

    @property
    def value(self) -> int:
        return self.slider.value()

    def set_value(self, value: int) -> None:
        """Show a position that came from elsewhere; emits nothing."""
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self._value.setText(self._told(self.slider.value()))

    def _on_value_changed(self, value: int) -> None:
        self._value.setText(self._told(value))
        self.moved.emit(value)
