"""A slider on a logarithmic scale: as far from 0.001 to 0.01 as from 0.01 to 0.1."""

from math import log10

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from gui import theme
from gui.chart import Axis

STEPS = 50  # positions a decade
HANDLE = 14  # logical pixels, as in the style sheet
VALUE = 56
SCALE = 16


class LogSlider(QWidget):
    """Values from `low` to `high`, rounded to two digits; `value_changed` tells each move.

    A value beyond the ends that comes from elsewhere is told as it is, with the handle at the end.
    """

    value_changed = Signal(float)

    def __init__(
        self, name: str, tip: str, low: float, high: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        if not 0 < low < high:
            raise ValueError(f"expected 0 < low < high, got {low} and {high}")
        self.setObjectName("log_slider")
        self.setToolTip(f"{tip}\nThe scale is logarithmic. Left and Right move it by a little.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._low, self._high = low, high
        self._value = low
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round(STEPS * log10(high / low)))
        self.slider.setPageStep(STEPS // 2)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(self.toolTip())
        self._text = QLabel()
        self._text.setFixedWidth(VALUE)
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.setFocusProxy(self.slider)
        ways = QVBoxLayout()
        ways.setSpacing(0)
        ways.addWidget(self.slider)
        self._scale = _Scale(low, high)
        ways.addWidget(self._scale)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addLayout(ways, 1)
        row.addWidget(self._text)
        self.slider.valueChanged.connect(self._on_moved)
        self.set_value(low)

    @property
    def value(self) -> float:
        """The value in force."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value that came from elsewhere; emits nothing."""
        if not value > 0:
            raise ValueError(f"expected a value above 0, got {value}")
        self._value = value
        self.slider.blockSignals(True)
        self.slider.setValue(round(STEPS * log10(value / self._low)))
        self.slider.blockSignals(False)
        self._tell()

    def _on_moved(self, position: int) -> None:
        value = self._low * 10 ** (position / STEPS)
        self._value = min(float(f"{value:.2g}"), self._high)
        self._tell()
        self.value_changed.emit(self._value)

    def _tell(self) -> None:
        self._text.setText(spelled(self._value))
        self.slider.setAccessibleDescription(spelled(self._value))


class _Scale(QWidget):
    """Ticks at 1, 2, 5 of every decade, and its figures."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self._low, self._high = low, high
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, SCALE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(10))
        axis = Axis(self._low, self._high, HANDLE / 2, self.width() - HANDLE, log=True)
        first, last = round(log10(self._low)), round(log10(self._high))
        for power in range(first, last + 1):
            for digit in (1, 2, 5):
                value = digit * 10.0**power
                if value > self._high * 1.001 or value < self._low * 0.999:
                    continue
                x = round(float(axis.place(np.array(value)))) + 0.5
                painter.setPen(QPen(theme.colour("muted" if digit == 1 else "line"), 1))
                painter.drawLine(int(x), 0, int(x), 3 if digit == 1 else 2)
            if last - first > 3 and (power - first) % 2:
                continue
            x = float(axis.place(np.array(10.0**power)))
            box = QRectF(min(max(x - 24, 0), self.width() - 48), 3, 48, 13)
            flags = Qt.AlignmentFlag.AlignHCenter
            if x < 24:
                flags = Qt.AlignmentFlag.AlignLeft
            elif x > self.width() - 24:
                flags = Qt.AlignmentFlag.AlignRight
            painter.setPen(theme.colour("muted"))
            painter.drawText(box, flags | Qt.AlignmentFlag.AlignTop, spelled(10.0**power))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)


def spelled(value: float) -> str:
    """A value in few characters, without an exponent down to a hundred thousandth."""
    if value >= 1e-5:
        return f"{value:.6f}".rstrip("0").rstrip(".") if value < 1 else f"{value:.4g}"
    return f"{value:.1e}".replace("e-0", "e-")
