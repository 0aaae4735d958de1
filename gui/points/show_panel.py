"""What the plane shows beside the training points."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme


class ShowPanel(QWidget):
    """Probability or hard classes behind the points; test points or not."""

    hardness_chosen = Signal(bool)
    tests_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.probability = _chip("Probability", "How sure the network is, everywhere")
        self.hard = _chip("Hard", "The likeliest class everywhere")
        self.probability.setChecked(True)
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in (self.probability, self.hard):
            group.addButton(button)
            row.addWidget(button, 3 if button is self.probability else 2)
        self.tests = QCheckBox("Test points")
        self.tests.setObjectName("show_tests")
        self.tests.setChecked(True)
        self.tests.setToolTip(
            "A quarter of a data set is kept from training, to see whether it learned the rule.\n"
            "They are the hollow markers."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(row)
        column.addWidget(self.tests)
        self.hard.toggled.connect(self.hardness_chosen)
        self.tests.toggled.connect(self.tests_toggled)


def _chip(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setCheckable(True)
    button.setProperty("role", "chip")
    button.setObjectName(f"show_{text.lower()}")
    button.setToolTip(tip)
    return button
