"""The network's text, at the left, with what it can be replaced by."""

from importlib import resources
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QVBoxLayout, QWidget

import nn
from gui import theme
from gui.actions import Actions, text_button
from gui.image_session import ImageSession
from gui.layouts import side_by_side
from gui.widgets.network_editor import NetworkEditor
from nn.formats import json_file

FILES = "Networks (*.json *.npz *.brightwire);;All files (*)"


def shipped_models() -> list[str]:
    """Names of the trained networks that come with the app."""
    folder = resources.files("assets").joinpath("models")
    if not folder.is_dir():
        return []
    here = {file.name for file in folder.iterdir()}
    return [name for name in nn.presets.ALL_NAMES if f"{name}.json" in here]


def _how_well(name: str) -> str:
    """What a shipped network's file says of its test, in a few words."""
    try:
        with resources.as_file(resources.files("assets") / "models" / f"{name}.json") as path:
            about = json_file.load_with_about(path)[1]
        test, data = about["test"], str(about["data"]).split(",")[0]
        return f": {100 * test['accuracy']:.2f} % of {test['total']:,} on {data}"
    except (OSError, ValueError, KeyError, TypeError):
        return " already"


class NetworkPanel(QWidget):
    """The editor; `header` has the menu of presets and Apply."""

    told = Signal(str, str)  # a sentence and its kind

    def __init__(self, session: ImageSession, actions: Actions) -> None:
        super().__init__()
        self.session = session
        self._apply = actions["images_apply"]
        self._apply.triggered.connect(self.apply)
        self.editor = NetworkEditor()
        actions["go_text"].triggered.connect(lambda: self.editor.setFocus())
        self.presets = self._menu_button()
        self.header = side_by_side(self.presets, text_button(self._apply, "apply_button"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(self.editor, 1)
        self.editor.checked.connect(lambda _problem: self._show_state())
        session.network_changed.connect(self._on_network_changed)
        session.dataset_changed.connect(self._on_dataset_changed)
        self._on_network_changed()

    def _menu_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("presets_button")
        button.setText("Presets ▾")
        button.setProperty("role", "quiet")
        button.setToolTip("Networks to begin with, trained ones, and files")
        button.setAccessibleName("Presets")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name in nn.presets.ALL_NAMES:
            if name not in nn.presets.NAMES:
                action = menu.addAction(f"{name}: {nn.presets.describe(name)}")
                action.setData(name)
                action.triggered.connect(lambda _=False, name=name: self.choose_preset(name))
        menu.addSeparator()
        for name in shipped_models():
            action = menu.addAction(f"{name}, trained{_how_well(name)}")
            action.triggered.connect(lambda _=False, name=name: self.load_shipped(name))
        menu.addAction("Open a trained network …").triggered.connect(self._open)
        menu.addAction("Save this network …").triggered.connect(self._save)
        button.setMenu(menu)
        return button

    # -- what the menu does ------------------------------------------------------------------

    def choose_preset(self, name: str) -> None:
        """Put a preset's text into the editor; Apply builds it."""
        self.editor.set_text(self.session.preset_text(name))
        self.editor.setFocus()

    def apply(self) -> None:
        """Build what the text describes."""
        steps = self.session.training.progress.step
        try:
            self.session.apply_text(self.editor.text())
        except ValueError as error:
            self.told.emit(str(error), "error")
            return
        if steps:
            self.told.emit("The network was built with new weights; the settings stay.", "info")

    def load_shipped(self, name: str) -> None:
        """Go on with a trained network that comes with the app."""
        with resources.as_file(resources.files("assets") / "models" / f"{name}.json") as path:
            self.load(path)

    def load(self, path: Path) -> None:
        """Go on with a network from a file."""
        try:
            network = nn.load(path)
            self.session.load_network(network)
        except (ValueError, OSError) as error:
            self.told.emit(f"{path.name} was not loaded: {error}", "error")
        else:
            self.told.emit(f"{path.name} is in place, trained.", "info")

    def _open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a trained network", "", FILES)
        if path:
            self.load(Path(path))

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Save this network", "network.json", FILES)
        if not path:
            return
        try:
            self.session.training.ask(self.session.network.copy).save(path)
        except (ValueError, OSError) as error:
            self.told.emit(f"{Path(path).name} was not saved: {error}", "error")

    # -- what is shown -----------------------------------------------------------------------

    def _on_network_changed(self) -> None:
        self.editor.set_text(self.session.text)
        self._on_dataset_changed()

    def _on_dataset_changed(self) -> None:
        session = self.session
        self.editor.set_target(session.picture_shape, len(session.class_names))
        self._show_state()

    def _show_state(self) -> None:
        changed = self.editor.text().strip() != self.session.text.strip()
        self._apply.setEnabled(changed and not self.editor.problem)
