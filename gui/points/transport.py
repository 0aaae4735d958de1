"""Play, pause, step, reset, new weights and speed: one row for every page."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.actions import icon_button, text_button
from gui.points.page import Page
from gui.points_settings import SPEEDS
from gui.widgets.boxes import Choice


class Transport(QWidget):
    """Buttons of the workspace's actions, which reach the page in front, and the page's speed."""

    def __init__(self, page: Page, *more: QWidget) -> None:
        super().__init__()
        self.page = page
        act = page.desk.actions
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.play_button = text_button(act["points_play"], "points_play_button", primary=True)
        self.play_button.setMinimumWidth(88)
        row.addWidget(self.play_button)
        row.addSpacing(theme.SPACE)
        for name in ("pause", "step", "reset", "reseed"):
            row.addWidget(icon_button(act[f"points_{name}"], f"points_{name}_button"))
        self.speed = Choice()
        self.speed.setObjectName("points_speed")
        self.speed.setAccessibleName("Training speed")
        self.speed.setToolTip("How many steps are done between two frames of the screen")
        for text, steps in SPEEDS:
            self.speed.addItem(text, steps)
        self.speed.setCurrentIndex(len(SPEEDS) - 1)
        self.speed.currentIndexChanged.connect(self._on_speed_chosen)
        if page.training is not None:
            page.training.speed_changed.connect(self._show_speed)
        row.addSpacing(theme.SPACE)
        row.addWidget(self.speed)
        row.addStretch(1)
        for widget in more:
            row.addSpacing(theme.SPACE)
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _on_speed_chosen(self, index: int) -> None:
        if self.page.training is not None:
            self.page.training.set_speed(self.speed.itemData(index))

    def _show_speed(self, steps: int) -> None:
        self.speed.blockSignals(True)
        self.speed.setCurrentIndex(self.speed.findData(steps))
        self.speed.blockSignals(False)
