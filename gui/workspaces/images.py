"""Images: train on a data set of pictures, and look at everything while it learns."""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from gui import kept, layouts, theme
from gui.actions import IMAGES
from gui.exporting.exportable import Exportable
from gui.image_session import LONGEST, ImageSession
from gui.images.data_page import DataPage
from gui.images.data_panel import DataPanel
from gui.images.data_sources import DataSources
from gui.images.evaluator import Evaluator
from gui.images.exports import exports
from gui.images.inside_page import InsidePage
from gui.images.learn_page import ENDS, LearnPage
from gui.images.network_panel import NetworkPanel
from gui.images.settings_panel import SettingsPanel
from gui.images.test_page import TestPage
from gui.images.try_page import TryPage
from gui.kept import Parts
from gui.session import Session
from gui.tasks import Tasks
from gui.widgets.panel import Panel
from gui.workspace import Say, Workspace

SIDE = 320  # logical pixels of the left column
SLOWER = 5  # frames between two looks at numbers and curves


@dataclass(frozen=True)
class Told:
    """What a session file says of the workspace beside session and drawing."""

    page: int  # in front
    end: str  # of training, as `LearnPage.end_of`
    end_value: float
    text: str  # of the editor, applied or not


class ImagesWorkspace(Workspace):
    """Data set, network and settings at the left; the pages in tabs at the right."""

    frame = 50
    more_keys = (
        ("Arrows, Enter", "Go through pictures, layers and the confusion matrix, and open"),
        ("Arrows", "Read values of the curves (while the plot has the focus)"),
        ("Up, Down", "Make a number of the settings larger or smaller"),
    )

    def __init__(self, session: Session, say: Say) -> None:
        super().__init__(IMAGES, session, say)
        self.actions_.refresh_icons()
        self.session = ImageSession()
        self.tasks = Tasks(self)
        self.sources = DataSources(self.tasks, session, self)
        self.evaluator = Evaluator(self.session, self.tasks)
        self.data_panel = DataPanel(self.session, self.sources)
        self.network_panel = NetworkPanel(self.session, self.actions_)
        self.settings_panel = SettingsPanel(self.session)
        self.data_page = DataPage(self.session, self.evaluator)
        self.learn_page = LearnPage(self.session, self.actions_)
        self.inside_page = InsidePage(self.session)
        self.test_page = TestPage(self.session, self.evaluator, self.actions_)
        self.try_page = TryPage(self.session, self.actions_)
        self.pages = layouts.tabs(
            "pages",
            {
                "Data": self.data_page,
                "Learn": self.learn_page,
                "Inside": self.inside_page,
                "Test": self.test_page,
                "Try": self.try_page,
            },
        )
        self._tick = 0
        self._lay_out()
        self._connect()
        self._first_state = self.state()
        self.sources.get_again(self.session.origin)

    def _lay_out(self) -> None:
        side, column = layouts.column(SIDE)
        column.addWidget(Panel("Data set", self.data_panel))
        column.addWidget(Panel("Network", self.network_panel, self.network_panel.header), 1)
        column.addWidget(Panel("Training", self.settings_panel))
        self.pages.setCurrentWidget(self.learn_page)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PANEL_GAP, 0, theme.PANEL_GAP, theme.SPACE)
        row.setSpacing(theme.SPACE)
        row.addWidget(side)
        row.addWidget(self.pages, 1)

    def _connect(self) -> None:
        show = self.pages.setCurrentWidget
        self.actions_.connect_to(
            {
                "page_data": lambda: show(self.data_page),
                "page_learn": lambda: show(self.learn_page),
                "page_inside": lambda: show(self.inside_page),
                "page_test": lambda: show(self.test_page),
                "page_try": lambda: show(self.try_page),
                "images_open": lambda: self.sources.choose("folder"),
                "images_evaluate": lambda: show(self.test_page),
            }
        )
        for part in (self.data_panel, self.network_panel, self.try_page):
            part.told.connect(self.say)
        self.learn_page.needs_data.connect(
            lambda: self.say("There is no data set yet: choose one at the left.")
        )
        for page in (self.data_page, self.test_page):
            page.study_wanted.connect(self._study)
        self.try_page.picture_changed.connect(self.inside_page.set_drawing)
        self.sources.gone.connect(self._on_gone)
        self.evaluator.failed.connect(lambda text: self.say(text, "error"))
        training = self.session.training
        training.diverged.connect(self._on_diverged)
        training.ended.connect(lambda why: self.say(why))
        training.failed.connect(lambda text: self.say(text, "error"))
        self.pages.currentChanged.connect(self._on_page_changed)

    # -- what is new -------------------------------------------------------------------------

    def look(self) -> None:
        self._tick += 1
        self.pull(whole=self._tick % SLOWER == 0)

    def _on_page_changed(self) -> None:
        self.pull(whole=True)
        for page, first in (
            (self.data_page, self.data_page.wall),
            (self.learn_page, self.learn_page.control),
            (self.test_page, self.test_page.wall),
            (self.try_page, self.try_page.canvas),
        ):
            if self.pages.currentWidget() is page:
                first.setFocus()

    def pull(self, whole: bool = True) -> None:
        """Show what is new on the page in sight; numbers and curves when it is the `whole`."""
        page = self.pages.currentWidget()
        if page is self.inside_page:
            self.inside_page.pull()
        elif page is self.try_page:
            self.try_page.pull()
        if not whole:
            return
        now = self.session.training.progress
        if page is self.learn_page:
            self.learn_page.show_progress(now)
        elif page is self.test_page:
            self.test_page.pull()
            self.test_page.renew()
        left = [f"step {now.step:,}", f"epoch {now.epoch:.2f}"]
        if now.examples_per_second:
            left.append(f"{now.examples_per_second:,.0f} pictures/s")
        right = ""
        if np.isfinite(now.validation_accuracy):
            right = f"validation {100 * now.validation_accuracy:.1f} %"
        self.status_changed.emit("   ".join(left), right)

    def _study(self, picture: NDArray[np.uint8], label: int) -> None:
        self.inside_page.study(picture, label)
        self.pages.setCurrentWidget(self.inside_page)

    def _on_diverged(self, step: int) -> None:
        self.say(
            f"Training ran away at step {step:,}: the numbers grew past all bounds. "
            "Choose a smaller learning rate.",
            "error",
            ("Go back to the last good weights", self.session.training.restore_last_good),
        )

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        text = self.network_panel.editor.text()
        return self.session.stamp(), self.try_page.stamp(), self.learn_page.end_of, text

    def state(self) -> Callable[[], Parts]:
        text = self.network_panel.editor.text()
        told = Told(self.pages.currentIndex(), *self.learn_page.end_of, text)
        made = {"workspace.json": kept.told(told), **self.try_page.made()}
        session = self.session.state()
        return lambda: {**made, **session()}

    def restore(self, parts: Parts) -> None:
        parts = parts or self._first_state()
        told = kept.record(parts, "workspace.json", Told)
        with kept.naming("workspace.json"):
            if not 0 <= told.page < self.pages.count():
                raise ValueError(f"there is no page {told.page}")
            if len(told.text) > LONGEST:
                raise ValueError(f"text must have {LONGEST:,} characters at most")
            if told.end not in [key for _, key, _ in ENDS] or not 0 < told.end_value <= 1e6:
                raise ValueError(f"training can't end at {told.end[:40]} {told.end_value:g}")
        ready = self.session.prepare(parts), self.try_page.prepare(parts)
        self.sources.cancel()
        for become in ready:
            become()
        self.network_panel.editor.set_text(told.text)
        self.learn_page.set_end(told.end, told.end_value)
        self.pages.setCurrentIndex(told.page)
        self.sources.get_again(self.session.origin)

    def _on_gone(self, why: str, key: str) -> None:
        """The data set of a session that was opened can't be had."""
        get: tuple[str, Callable[[], object]]
        get = "Download", partial(self.sources.choose, key)
        if not key:
            get = "Choose a folder", partial(self.sources.choose, "folder")
        self.say(f"{why} The network is kept: choose its pictures to go on.", "warning", get)

    # -- pictures and folders that are dropped -----------------------------------------------

    def take(self, dropped: QMimeData) -> bool:
        """Open a folder as a data set; try a picture where pictures are tried, else leave it."""
        places = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
        if places and places[0].is_dir():
            self.sources.open_folder(places[0])
            return True
        return self.pages.currentWidget() is self.try_page and self.try_page.try_mime(dropped)

    def exports(self) -> list[Exportable]:
        plot, inspector = self.learn_page.plot, self.inside_page.inspector
        return exports(self.session, plot, inspector, self.test_page.confusion, self.held)

    # -- coming and going --------------------------------------------------------------------

    def held(self) -> AbstractContextManager[None]:
        return self.session.training.held()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._closed:
            self.learn_page.play_button.setFocus()

    def shut_down(self) -> None:
        """End the training and every job; nothing is left behind."""
        super().shut_down()
        self.tasks.close()
        self.session.close()
