"""Images: train on a data set of pictures, and look at everything while it learns."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QHBoxLayout, QTabWidget

from gui import theme
from gui.actions import IMAGES
from gui.image_session import ImageSession
from gui.session import Session
from gui.tasks import Tasks
from gui.workspace import Say, Workspace


class ImagesWorkspace(Workspace):
    """Data set, network and settings at the left; the pages in tabs at the right."""

    def __init__(self, session: Session, say: Say) -> None:
        super().__init__(IMAGES, session, say)
        self.session = ImageSession()
        self.tasks = Tasks(self)
        self.pages = QTabWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PANEL_GAP, 0, theme.PANEL_GAP, theme.SPACE)
        row.addWidget(self.pages, 1)

    @contextmanager
    def held(self) -> Iterator[None]:
        with self.session.training.held():
            yield

    def shut_down(self) -> None:
        """End the training and every job; nothing is left behind."""
        self.tasks.close()
        self.session.close()
