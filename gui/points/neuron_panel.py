"""How many hidden neurons: a slider with a question."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

import nn
from gui.points.hidden import hidden_layers, with_width
from gui.points.page import Page
from gui.points.slider import NamedSlider
from gui.points_worker import Mark

MOST = 40
QUESTION = "How many do you need?"
SETTLED = 700  # milliseconds without a move, after which the network before is offered back


class NeuronPanel(QWidget):
    """Every move builds the network anew, with so many neurons in each hidden layer."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.slider = NamedSlider(
            "Hidden", "Neurons in each hidden layer; each move begins anew", 1, MOST, str
        )
        self.slider.setObjectName("neurons_slider")
        self._line = QLabel()
        self._line.setProperty("role", "caption")
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._before: Mark | None = None
        self._settle = QTimer(self, singleShot=True, interval=SETTLED)
        self._settle.timeout.connect(self._offer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.slider)
        column.addWidget(self._line)
        self.slider.moved.connect(self._on_moved)
        page.network_changed.connect(self.show_network)
        self.show_network()

    def show_network(self) -> None:
        """Show how many the network in force has."""
        assert self.page.training is not None
        network = self.page.training.network
        hidden = hidden_layers(network)
        self.slider.setEnabled(bool(hidden))
        if not hidden:
            self._line.setText("This network has no hidden layer")
            return
        self.slider.set_value(min(hidden[0].width, MOST))
        self._line.setText(QUESTION)

    def forget(self) -> None:
        """Offer nothing back that was before now."""
        self._settle.stop()
        self._before = None

    def _on_moved(self, count: int) -> None:
        training = self.page.training
        assert training is not None
        text = with_width(training.network.to_text(), count)
        network = nn.Network.from_text(text, training.seed)
        if self._before is None:
            self._before = training.mark()
        training.load(network, None, training.seed)
        self._settle.start()
        self.page.network_changed.emit()

    def _offer(self) -> None:
        before, self._before = self._before, None
        if before is not None and before.steps:
            self.page.offer_back("The network begins anew with other numbers of neurons.", before)
