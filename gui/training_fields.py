"""The optimizer of a training and its numbers as fields, each live."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.optimizer_settings import BELOW, LIMITS, MEMORY, OPTIMIZER_NAMES, OptimizerSettings
from gui.widgets.boxes import Choice
from gui.widgets.number_field import NumberField

MEMORY_TIP = {
    "momentum": "Momentum: the part of the last move that goes into the next",
    "rho": "rho: how much of the past a running mean keeps",
    "beta1": "beta1: how much of the past the mean of gradients keeps",
    "": "This optimizer keeps all of the past",
}
DROPOUT_TIP = "Part of the values that dropout layers switch off; empty: as each layer says"


class TrainingFields(QWidget):
    """Fields in two columns. What is changed applies from the next step on, without a reset.

    Args:
        prefix: what the object names begin with.
        examples: what a batch is made of, like `Pictures`.
        names: the fields of the settings to show, in reading order.
    """

    changed = Signal(str, object)  # a field of the settings and its new value

    def __init__(self, prefix: str, examples: str, names: Sequence[str]) -> None:
        super().__init__()
        self.optimizer = Choice()
        self.optimizer.setObjectName(f"{prefix}_optimizer")
        self.optimizer.setAccessibleName("Optimizer")
        self.optimizer.setToolTip("The rule that moves the weights; the weights stay")
        for key, name in OPTIMIZER_NAMES.items():
            self.optimizer.addItem(name, key)
        self.fields = {name: _field(name, examples) for name in names}
        self._labels = {name: QLabel(field.accessibleName()) for name, field in self.fields.items()}
        self._labels["lr"].setText("Rate")
        self.problem = QLabel()
        self.problem.setProperty("role", "wrong")
        self.problem.setWordWrap(True)
        self.problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.problem.hide()
        self._lay_out()
        for name, field in self.fields.items():
            field.setObjectName(f"{prefix}_{name}")
            field.value_committed.connect(lambda value, name=name: self._on_committed(name, value))
            field.problem_changed.connect(self._on_problem_changed)
        self.optimizer.currentIndexChanged.connect(
            lambda _: self.changed.emit("optimizer", self.optimizer.currentData())
        )

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE // 2)
        grid.addWidget(QLabel("Optimizer"), 0, 0)
        grid.addWidget(self.optimizer, 0, 1, 1, 3)
        for i, (name, field) in enumerate(self.fields.items()):
            row, column = 1 + i // 2, 2 * (i % 2)
            grid.addWidget(self._labels[name], row, column)
            grid.addWidget(field, row, column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.SPACE // 2)
        whole.addLayout(grid)
        whole.addWidget(self.problem)

    def _on_committed(self, name: str, value: Any) -> None:
        self.changed.emit(name, int(value) if name == "batch_size" else value)

    def _on_problem_changed(self, text: str) -> None:
        text = text or next((f.problem for f in self.fields.values() if f.problem), "")
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def show_settings(self, settings: OptimizerSettings) -> None:
        """Show the optimizer and the numbers of `settings`."""
        self.optimizer.blockSignals(True)
        self.optimizer.setCurrentIndex(self.optimizer.findData(settings.optimizer))
        self.optimizer.blockSignals(False)
        for name, field in self.fields.items():
            value = getattr(settings, name)
            if value != field.value or not field.text():
                field.set_value(value)
        word = MEMORY.get(settings.optimizer, "")
        self._labels["momentum"].setText(word.capitalize() or "Momentum")
        self.fields["momentum"].setToolTip(MEMORY_TIP[word])
        self.fields["momentum"].setEnabled(bool(word))


def _field(name: str, examples: str) -> NumberField:
    title, tip = {
        "lr": ("Learning rate", "How far one step moves the weights"),
        "momentum": ("Momentum", MEMORY_TIP["momentum"]),
        "batch_size": ("Batch", f"{examples} that one update is made from"),
        "l1": ("L1", "Pulls every weight to zero, each alike"),
        "l2": ("L2", "Pulls every weight to zero, large ones more"),
        "dropout": ("Dropout", DROPOUT_TIP),
    }[name]
    return NumberField(
        title,
        tip,
        *LIMITS[name],
        whole=name == "batch_size",
        below=name in BELOW,
        empty="as is" if name == "dropout" else "",
    )
