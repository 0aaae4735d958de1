"""Which optimizers are compared, each with its learning rate and the line that it has in plots."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.optimizer_settings import LIMITS
from gui.points.comparing import Entry
from gui.widgets.compare_plot import pen_of
from gui.widgets.number_field import NumberField

ENTRIES = (
    Entry("SGD", "sgd", 0.03, 0.0),
    Entry("Momentum", "sgd", 0.03, 0.9),
    Entry("Nesterov", "nesterov", 0.03, 0.9),
    Entry("Adagrad", "adagrad", 0.1, 0.0),
    Entry("Windowed Adagrad", "windowed_adagrad", 0.01, 0.95),
    Entry("Adadelta", "adadelta", 1.0, 0.95),
    Entry("RMSProp", "rmsprop", 0.01, 0.9),
    Entry("Adam", "adam", 0.01, 0.9),
    Entry("AdamW", "adamw", 0.01, 0.9),
)
CHECKED = frozenset({"SGD", "Momentum", "Adagrad", "Adadelta", "Adam"})
TIPS = {
    "SGD": "Straight down the slope of each batch",
    "Momentum": "Nine tenths of the last move go into the next",
    "Nesterov": "Momentum that looks ahead",
    "Adagrad": "Weights that moved much move less and less",
    "Windowed Adagrad": "Adagrad that forgets the distant past",
    "Adadelta": "Steps from the ratio of past moves to past gradients",
    "RMSProp": "Gradients divided by their recent size",
    "Adam": "Momentum divided by the recent size of gradients",
    "AdamW": "Adam with a decay of weights of its own",
}
FIELD, ROW = 62, 30  # logical pixels


class OptimizerPanel(QWidget):
    """`entered` tells an optimizer that takes part from now on, or begins anew; `left` a key."""

    entered = Signal(object)
    left = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._entries = {entry.key: entry for entry in ENTRIES}
        self.boxes: dict[str, QCheckBox] = {}
        self.fields: dict[str, NumberField] = {}
        self._problem = QLabel()
        self._problem.setProperty("role", "problem")
        self._problem.setWordWrap(True)
        self._problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._problem.hide()
        rows = QWidget()
        rows.setFixedHeight(len(ENTRIES) * ROW)
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for i, entry in enumerate(ENTRIES):
            box, field = self._box(entry), self._field(entry)
            grid.addWidget(_Swatch(i), i, 0)
            grid.addWidget(box, i, 1)
            grid.addWidget(field, i, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(rows)
        column.addWidget(self._problem)

    def _box(self, entry: Entry) -> QCheckBox:
        box = QCheckBox(entry.key)
        box.setObjectName(f"compare_{entry.key.lower().replace(' ', '_')}")
        box.setToolTip(f"{TIPS[entry.key]}.\nOne that comes later catches up with the others.")
        box.setChecked(entry.key in CHECKED)
        box.toggled.connect(lambda on, key=entry.key: self._on_toggled(key, on))
        self.boxes[entry.key] = box
        return box

    def _field(self, entry: Entry) -> NumberField:
        field = NumberField(
            f"Learning rate of {entry.key}",
            "Learning rate; another one begins anew",
            *LIMITS["lr"],
        )
        field.setObjectName(f"rate_{entry.key.lower().replace(' ', '_')}")
        field.setFixedWidth(FIELD)
        field.set_value(entry.lr)
        field.value_committed.connect(lambda lr, key=entry.key: self._on_rate(key, lr))
        field.problem_changed.connect(self._on_problem_changed)
        self.fields[entry.key] = field
        return field

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those that take part."""
        return tuple(self._entries[key] for key, box in self.boxes.items() if box.isChecked())

    @property
    def rates(self) -> dict[str, float]:
        """The learning rate of every optimizer."""
        return {key: entry.lr for key, entry in self._entries.items()}

    @staticmethod
    def entry(key: str, lr: float) -> Entry:
        """An optimizer with another learning rate; ValueError when it can't be had."""
        entry = next((entry for entry in ENTRIES if entry.key == key), None)
        if entry is None or not LIMITS["lr"][0] <= lr <= LIMITS["lr"][1]:
            raise ValueError(f"there is no optimizer “{key[:40]}” with learning rate {lr:g}")
        return replace(entry, lr=lr)

    def show_entries(self, entries: Sequence[Entry], taking_part: Sequence[str]) -> None:
        """Show optimizers that came from elsewhere, and which take part; emits nothing."""
        for entry in entries:
            self._entries[entry.key] = entry
            self.fields[entry.key].set_value(entry.lr)
        for key, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(key in taking_part)
            box.blockSignals(False)

    @staticmethod
    def style_of(key: str) -> int:
        """Which of `gui.line_styles` an optimizer has; always the same."""
        return next(i for i, entry in enumerate(ENTRIES) if entry.key == key)

    def mark_diverged(self, keys: set[str]) -> None:
        """Tell those that ran away."""
        for key, box in self.boxes.items():
            box.setText(f"{key}  ✗ ran away" if key in keys else key)

    def _on_toggled(self, key: str, on: bool) -> None:
        if on:
            self.entered.emit(self._entries[key])
        else:
            self.left.emit(key)

    def _on_rate(self, key: str, lr: float) -> None:
        self._entries[key] = replace(self._entries[key], lr=lr)
        if self.boxes[key].isChecked():
            self.entered.emit(self._entries[key])

    def _on_problem_changed(self, text: str) -> None:
        text = text or next((f.problem for f in self.fields.values() if f.problem), "")
        self._problem.setText(text)
        self._problem.setVisible(bool(text))


class _Swatch(QWidget):
    """A piece of an optimizer's line."""

    def __init__(self, style: int) -> None:
        super().__init__()
        self._style = style
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(44, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen_of(self._style, 2.0))
        painter.drawLine(QPointF(0, 9), QPointF(self.width(), 9))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)
