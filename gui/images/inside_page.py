"""Inside: every layer for one example, while the network learns."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.image_looks import Look
from gui.image_session import ImageSession
from gui.layouts import side_by_side
from gui.widgets.layer_inspector import LayerInspector
from gui.widgets.panel import Panel

FOLLOW, PIN, DRAWN = range(3)


class InsidePage(QWidget):
    """Follows training, keeps one example, or shows what was drawn on the page Try."""

    def __init__(self, session: ImageSession) -> None:
        super().__init__()
        self.session = session
        self._shown: Look | None = None
        self._drawn: NDArray[np.uint8] | None = None
        self.inspector = LayerInspector()
        self.modes = QButtonGroup(self)
        chips = []
        for number, (text, tip) in enumerate(
            (
                ("Follow", "Show the picture that was trained on last"),
                ("Pin", "Keep the picture that is shown"),
                ("My drawing", "Show what is on the canvas of the page Try"),
            )
        ):
            chip = QPushButton(text)
            chip.setCheckable(True)
            chip.setProperty("role", "chip")
            chip.setObjectName(f"inside_{('follow', 'pin', 'drawn')[number]}")
            chip.setToolTip(tip)
            chip.setMinimumWidth(chip.sizeHint().width() + 20)  # it is bold when chosen
            self.modes.addButton(chip, number)
            chips.append(chip)
        chips[FOLLOW].setChecked(True)
        chips[DRAWN].setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE, 0, 0)
        self.caption = QLabel()
        self.caption.setProperty("role", "muted")
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        header = side_by_side(self.caption, *chips, spacing=theme.SPACE // 2)
        column.addWidget(Panel("Inside", self.inspector, header))
        self.modes.idClicked.connect(self._on_mode_chosen)
        self.inspector.inspection_wanted.connect(session.training.want_look)
        session.network_changed.connect(self._on_network_changed)
        session.dataset_changed.connect(self._on_network_changed)

    def study(self, picture: NDArray[np.uint8], label: int) -> None:
        """Pin a picture (C, H, W) of the data set."""
        self._pin(picture, label)
        self.modes.button(PIN).setChecked(True)

    def set_drawing(self, picture: NDArray[np.uint8] | None) -> None:
        """What is on the canvas now, (C, H, W), or None."""
        self._drawn = picture
        self.modes.button(DRAWN).setEnabled(picture is not None)
        if self.modes.checkedId() == DRAWN:
            if picture is None:
                self._follow()
            else:
                self._pin(picture, -1)

    def pull(self) -> None:
        """Show the newest look inside."""
        look = self.session.training.look
        if look is None or look is self._shown:
            return
        self._shown = look
        self.inspector.set_inspection(look.inspection, look.network)
        self.caption.setText(self._caption(look) + "  ")

    def _caption(self, look: Look) -> str:
        names = self.session.class_names
        label = names[look.label] if look.label < len(names) else str(look.label)
        what = "Last trained on" if self.modes.checkedId() == FOLLOW else "Pinned"
        if self.modes.checkedId() == DRAWN:
            what = "My drawing, taken for"
        return f"{what}: {label}   loss {look.inspection.loss:.3g}   step {look.step:,}"

    def _on_mode_chosen(self, mode: int) -> None:
        if mode == FOLLOW:
            self._follow()
        elif mode == DRAWN and self._drawn is not None:
            self._pin(self._drawn, -1)
        elif self._shown is not None:
            shown = self._shown
            self.session.training.pin(
                shown.inspection.activations[0][np.newaxis], shown.label, shown.row
            )

    def _follow(self) -> None:
        self.modes.button(FOLLOW).setChecked(True)
        self.session.training.follow()

    def _pin(self, picture: NDArray[np.uint8], label: int) -> None:
        """A label of -1 stands for what the network takes the picture for."""
        self.session.training.pin(self.session.prepared(picture[np.newaxis]), label)

    def _on_network_changed(self) -> None:
        self._shown = None
        self.inspector.clear()
        self.caption.clear()
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.session.training.want_look()
