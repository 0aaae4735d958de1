"""A page's network as text, with the presets that it can be replaced by."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

import nn
import nn.point_presets
from gui import theme
from gui.points.page import Page
from gui.points_settings import PointSettings
from gui.widgets.network_editor import NetworkEditor

LONGEST = 20_000  # characters of a text


class NetworkPanel(QWidget):
    """The editor above Apply; `presets_button` is meant for the panel's header.

    `shape` is the input (C, H, W) that the page feeds, `classes()` how many outputs it wants.
    Apply builds the network with new weights; a preset is applied at once, with its settings.
    """

    def __init__(
        self,
        page: Page,
        presets: Sequence[str],
        shape: tuple[int, int, int],
        classes: Callable[[], int],
    ) -> None:
        super().__init__()
        self.page, self._shape, self._classes = page, shape, classes
        self.editor = NetworkEditor()
        self.editor.setObjectName("points_network")
        self.apply_button = QPushButton("Apply")
        self.apply_button.setObjectName("points_apply_button")
        self.apply_button.setToolTip("Build the network of this text (Ctrl+Return)")
        self.apply_button.clicked.connect(page.apply)
        self.presets_button = self._menu_button(presets)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(self.editor, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.apply_button)
        column.addLayout(row)
        self.editor.checked.connect(lambda _problem: self._show_state())
        page.network_changed.connect(self.show_network)
        self.show_network()

    def _menu_button(self, presets: Sequence[str]) -> QToolButton:
        button = QToolButton()
        button.setObjectName("points_presets_button")
        button.setText("Presets ▾")
        button.setProperty("role", "quiet")
        button.setToolTip("Networks to begin with; each brings its settings")
        button.setAccessibleName("Presets")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name in presets:
            action = menu.addAction(nn.point_presets.find(name).sentence)
            action.setData(name)
            action.triggered.connect(lambda _=False, name=name: self.choose_preset(name))
        button.setMenu(menu)
        return button

    def choose_preset(self, name: str) -> None:
        """Build a preset's network and train with its settings."""
        self._build(nn.point_presets.text(name, self._classes()), PointSettings.of_preset(name))

    def apply(self) -> None:
        """Build what the text describes."""
        if self.editor.problem:
            self.page.desk.say(self.editor.problem, "error")
        elif self._is_changed():
            self._build(self.editor.text(), None)

    def _build(self, text: str, settings: PointSettings | None) -> None:
        training = self.page.training
        assert training is not None
        try:
            network = nn.Network.from_text(text, training.seed)
        except (ValueError, MemoryError) as error:
            self.page.desk.say(str(error) or "This network does not fit into memory.", "error")
            return
        mark = training.mark()
        training.load(network, settings, training.seed)
        self.page.network_changed.emit()
        self.page.settings_changed.emit()
        if mark.steps:
            self.page.offer_back("The network was built with new weights.", mark)

    @staticmethod
    def check(text: str) -> None:
        """Raise ValueError for a text that nobody would have typed here."""
        if len(text) > LONGEST:
            raise ValueError(f"text must have {LONGEST:,} characters at most")

    def show_network(self) -> None:
        """Show the text of the network in force."""
        assert self.page.training is not None
        self.editor.set_target(self._shape, self._classes())
        self.editor.set_text(short_text(self.page.training.network))
        self._show_state()

    def _is_changed(self) -> bool:
        assert self.page.training is not None
        try:
            wanted = nn.Network.from_text(self.editor.text()).to_text()
        except (ValueError, MemoryError):
            return False
        return wanted != self.page.training.network.to_text()

    def _show_state(self) -> None:
        self.apply_button.setEnabled(not self.editor.problem and self._is_changed())


def short_text(network: "nn.Network") -> str:
    """A network's text with `softmax 2` for a last `dense 2` and its loss."""
    lines = network.to_text().split("\n")
    last = lines[-2].split()
    if lines[-1] == "loss softmax" and len(last) == 2 and last[0] == "dense":
        lines[-2:] = [f"softmax {last[1]}"]
    return "\n".join(lines)
