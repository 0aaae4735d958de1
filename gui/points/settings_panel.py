"""How a page trains: the optimizer and its numbers, each live."""

from dataclasses import replace
from typing import Any

from gui.optimizer_settings import defaults_of
from gui.points.page import Page
from gui.training_fields import TrainingFields


class SettingsPanel(TrainingFields):
    """The settings of a page."""

    def __init__(self, page: Page) -> None:
        super().__init__("points", "Points", ("lr", "momentum", "batch_size", "l2"))
        self.problem.setProperty("role", "problem")
        self.page = page
        self.changed.connect(self._on_changed)
        page.settings_changed.connect(self._show)
        self._show()

    def _on_changed(self, name: str, value: Any) -> None:
        new = replace(self.page.settings, **{name: value})
        if name == "optimizer":  # begins with its own numbers: those of another mean other things
            lr, momentum = defaults_of(value)
            new = replace(new, lr=lr, momentum=momentum)
        self.page.change(new)

    def _show(self) -> None:
        self.show_settings(self.page.settings)
