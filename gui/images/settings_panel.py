"""How training goes about it, at the left: the optimizer and its numbers, each live."""

from typing import Any

from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.image_session import ImageSession
from gui.image_settings import MEMORY, OPTIMIZER_NAMES
from gui.widgets.boxes import Choice
from gui.widgets.number_field import NumberField

MEMORY_TIP = {
    "momentum": "Momentum: the part of the last move that goes into the next",
    "rho": "rho: how much of the past a running mean keeps",
    "beta1": "beta1: how much of the past the mean of gradients keeps",
    "": "This optimizer keeps all of the past",
}


class SettingsPanel(QWidget):
    """Fields in two columns. What is changed applies from the next step on, without a reset."""

    def __init__(self, session: ImageSession) -> None:
        super().__init__()
        self.session = session
        self.optimizer = Choice()
        self.optimizer.setObjectName("optimizer")
        self.optimizer.setAccessibleName("Optimizer")
        self.optimizer.setToolTip("The rule that moves the weights; the weights stay")
        for key, name in OPTIMIZER_NAMES.items():
            self.optimizer.addItem(name, key)
        self.fields = {
            "lr": NumberField("Learning rate", "How far one step moves the weights", 1e-9, 1000),
            "momentum": NumberField("Momentum", MEMORY_TIP["momentum"], 0, 1, below=True),
            "batch_size": NumberField(
                "Batch", "Pictures that one update is made from", 1, 4096, whole=True
            ),
            "l1": NumberField("L1", "Pulls every weight to zero, each alike", 0, 1),
            "l2": NumberField("L2", "Pulls every weight to zero, large ones more", 0, 1),
            "dropout": NumberField(
                "Dropout",
                "Part of the values that dropout layers switch off; empty: as each layer says",
                0,
                1,
                below=True,
                empty="as is",
            ),
        }
        self._labels = {name: QLabel(field.accessibleName()) for name, field in self.fields.items()}
        self.problem = QLabel()
        self.problem.setProperty("role", "wrong")
        self.problem.setWordWrap(True)
        self.problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.problem.hide()
        self._lay_out()
        for name, field in self.fields.items():
            field.setObjectName(f"setting_{name}")
            field.value_committed.connect(lambda value, name=name: self._change(name, value))
            field.problem_changed.connect(self._on_problem_changed)
        self.optimizer.currentIndexChanged.connect(
            lambda _: self._change("optimizer", self.optimizer.currentData())
        )
        session.settings_changed.connect(self._show)
        session.network_changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE // 2)
        grid.addWidget(QLabel("Optimizer"), 0, 0)
        grid.addWidget(self.optimizer, 0, 1, 1, 3)
        places = (("lr", 1, 0), ("momentum", 1, 2), ("batch_size", 2, 0), ("dropout", 2, 2))
        for name, row, at in (*places, ("l1", 3, 0), ("l2", 3, 2)):
            grid.addWidget(self._labels[name], row, at)
            grid.addWidget(self.fields[name], row, at + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._labels["lr"].setText("Rate")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addLayout(grid)
        column.addWidget(self.problem)

    def _change(self, name: str, value: Any) -> None:
        if name == "batch_size":
            value = int(value)
        self.session.change(**{name: value})

    def _on_problem_changed(self, text: str) -> None:
        text = text or next((f.problem for f in self.fields.values() if f.problem), "")
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _show(self) -> None:
        settings = self.session.settings
        self.optimizer.blockSignals(True)
        self.optimizer.setCurrentIndex(list(OPTIMIZER_NAMES).index(settings.optimizer))
        self.optimizer.blockSignals(False)
        for name, field in self.fields.items():
            if getattr(settings, name) != field.value or not field.text():
                field.set_value(getattr(settings, name))
        word = MEMORY.get(settings.optimizer, "")
        self._labels["momentum"].setText(word.capitalize() or "Momentum")
        self.fields["momentum"].setToolTip(MEMORY_TIP[word])
        self.fields["momentum"].setEnabled(bool(word))
        has_dropout = any(layer.kind == "dropout" for layer in self.session.network.layers)
        self.fields["dropout"].setEnabled(has_dropout)
        self.fields["dropout"].setPlaceholderText("as is" if has_dropout else "none")
        tip = "" if has_dropout else "\nThis network has none: write a line “dropout 0.5”."
        self.fields["dropout"].setToolTip(
            f"Part of the values that dropout layers switch off; empty: as each layer says.{tip}"
        )
