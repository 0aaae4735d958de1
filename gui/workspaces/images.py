"""Images: train on a data set of pictures, and look at everything while it learns."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QWidget

from gui import theme
from gui.actions import IMAGES, Actions
from gui.image_session import ImageSession
from gui.session import Session
from gui.tasks import Tasks

Say = Callable[..., None]


class ImagesWorkspace(QWidget):
    """Data set, network and settings at the left; the pages in tabs at the right."""

    status_changed = Signal(str, str)

    def __init__(self, say: Say, sketch: Callable[[], Session]) -> None:
        super().__init__()
        self.actions_ = Actions(IMAGES, self)
        self.addActions(self.actions_.all())
        self.actions_.refresh_icons()
        self.session = ImageSession()
        self.tasks = Tasks(self)
        self.pages = QTabWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PANEL_GAP, 0, theme.PANEL_GAP, theme.SPACE)
        row.addWidget(self.pages, 1)

    def shut_down(self) -> None:
        """End the training and every job; nothing is left behind."""
        self.tasks.close()
        self.session.close()
