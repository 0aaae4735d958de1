"""Photo: beard or badger? Drop a photo, see what the network makes of it, and train one's own."""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from gui import kept, layouts, theme
from gui.actions import PHOTO
from gui.commons import Commons, manager
from gui.commons_api import ENDPOINT
from gui.exporting.exportable import Exportable
from gui.kept import Parts
from gui.photo.builder import Builder
from gui.photo.data_page import DataPage
from gui.photo.exports import exports
from gui.photo.look_page import LookPage
from gui.photo.opener import Opener
from gui.photo.search_page import SearchPage
from gui.photo.train_page import TrainPage
from gui.photo_reading import Photo
from gui.photo_session import PhotoSession
from gui.session import Session
from gui.tasks import Tasks
from gui.web_drop import Rules
from gui.worker import FRAME
from gui.workspace import Say, Workspace
from nn.photo_model import PhotoModel

SLOWER = 15  # frames between two looks at numbers and curves
FILES = "Photos (*.jpg *.jpeg *.png *.gif *.webp *.bmp *.tif *.tiff *.avif);;All files (*)"


@dataclass(frozen=True)
class Told:
    """What a session file says of the workspace beside session and pages."""

    page: int  # in front


class PhotoWorkspace(Workspace):
    """Pages in tabs: Photo, Search, Data set, Train.

    Args:
        endpoint, commons_rules, rules, cache: in place of the real ones, for tests: where
            Commons answers, what may be fetched from it, what may be fetched for a dropped
            address, and where fetched pictures are kept.
    """

    frame = round(1000 * FRAME)
    more_keys = (
        ("← →", "The photo before or after (while the photo has the focus)"),
        ("Shift and an arrow, + − 0", "Move, resize, centre the square (on the photo)"),
        ("1 … 9, Delete", "Move a picture to a class, or delete it (in the data set)"),
    )

    def __init__(
        self,
        session: Session,
        say: Say,
        endpoint: str = ENDPOINT,
        commons_rules: Rules | None = None,
        rules: Rules | None = None,
        cache: Path | None = None,
    ) -> None:
        super().__init__(PHOTO, session, say)
        self.actions_.refresh_icons()
        self.session = PhotoSession(PhotoModel.load())
        self.tasks = Tasks(self)
        self._web = manager(self, cache)
        self.opener = Opener(self.tasks, self._web, self, rules)
        self.commons = Commons(self._web, self, endpoint, commons_rules)
        self.builder = Builder(self.tasks, self._web, self, endpoint, commons_rules)
        self.look_page = LookPage(self.session, self.opener, self.tasks, self.actions_)
        self.search_page = SearchPage(self.session, self.commons, self.tasks)
        self.data_page = DataPage(self.session, self.builder, self.tasks, self.actions_)
        self.train_page = TrainPage(self.session, self.tasks, self.actions_)
        self.pages = layouts.tabs(
            "photo_pages",
            {
                "Photo": self.look_page,
                "Search": self.search_page,
                "Data set": self.data_page,
                "Train": self.train_page,
            },
        )
        self._tick = 0
        self._doing = ""
        self._lay_out()
        self._connect()
        self._first_state = self.state()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PANEL_GAP, 0, theme.PANEL_GAP, 4)
        column.addWidget(self.pages)

    def _connect(self) -> None:
        show = self.pages.setCurrentWidget
        self.actions_.connect_to(
            {
                "photo_open": self.choose,
                "photo_paste": self.paste,
                "page_photo": lambda: show(self.look_page),
                "page_search": lambda: show(self.search_page),
                "page_data_set": lambda: show(self.data_page),
                "page_train": lambda: show(self.train_page),
                "photo_search": self._go_to_search,
                "photo_cancel": self._cancel,
            }
        )
        for page in (self.look_page, self.search_page, self.data_page, self.train_page):
            page.told.connect(lambda text, kind: self.say(text, kind))
        self.opener.failed.connect(lambda text: self.say(text, "error"))
        self.opener.progressed.connect(self._on_doing)
        self.opener.opened.connect(self._on_opened)
        self.search_page.chosen.connect(self.look_page.open_alone)
        self.data_page.opened.connect(
            lambda row: self.look_page.open_alone(self.session.source_of(row))
        )
        self.train_page.needs_data.connect(lambda: show(self.data_page))
        self.actions_["photo_random"].triggered.connect(lambda: show(self.look_page))
        self.pages.currentChanged.connect(self._on_page_changed)

    # -- photos ------------------------------------------------------------------------------

    def take(self, dropped: QMimeData) -> bool:
        """Open what was dropped; False when there is no photo in it."""
        return self.opener.take(dropped)

    def paste(self) -> None:
        """Open what the clipboard holds."""
        if not self.opener.take(QGuiApplication.clipboard().mimeData(), "pasted"):
            self.say("The clipboard holds no picture, file or address of a picture.")

    def choose(self) -> None:
        """Ask for photos and open them."""
        names, _ = QFileDialog.getOpenFileNames(self, "Open photos", "", FILES)
        if names:
            self.opener.open_paths([Path(name) for name in names])

    def _on_opened(self, photo: Photo) -> None:
        self.pages.setCurrentWidget(self.look_page)

    def _go_to_search(self) -> None:
        self.pages.setCurrentWidget(self.search_page)
        self.search_page.term.setFocus()
        self.search_page.term.selectAll()

    def _cancel(self) -> None:
        if self.opener.busy:
            self.opener.cancel()
            self.say("Cancelled.")
        elif self.commons.searching:
            self.search_page.cancel()

    def _on_doing(self, text: str) -> None:
        self._doing = text
        self._show_status()
        self._allow_cancel()

    def _allow_cancel(self) -> None:
        """Esc is free for the widgets while there is nothing to cancel."""
        self.actions_["photo_cancel"].setEnabled(self.opener.busy or self.commons.searching)

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        return self.session.stamp(), self.look_page.stamp(), self.train_page.stamp()

    def state(self) -> Callable[[], Parts]:
        told = Told(self.pages.currentIndex())
        made = {
            "workspace.json": kept.told(told),
            **self.look_page.made(),
            **self.train_page.made(),
        }
        session = self.session.state()
        return lambda: {**made, **session()}

    def restore(self, parts: Parts) -> None:
        parts = parts or self._first_state()
        told = kept.record(parts, "workspace.json", Told)
        with kept.naming("workspace.json"):
            if not 0 <= told.page < self.pages.count():
                raise ValueError(f"there is no page {told.page}")
        pages = (self.session, self.look_page, self.train_page)
        ready = [page.prepare(parts) for page in pages]
        self.opener.cancel()
        self.data_page.cancel()
        for become in ready:
            become()
        self.pages.setCurrentIndex(told.page)
        self._show_first_photo()
        self.session.training.ask(lambda: None)  # so that `stamp` tells what is here now
        self._tell_what_was_kept(parts)

    def _tell_what_was_kept(self, parts: Parts) -> None:
        if "left_out.json" in parts:
            name = str(parts["left_out.json"])[:80]
            self.say(
                f"The data set “{name}” was too large for the session file: open it again.",
                "warning",
                ("Open", self.data_page.choose_folder),
            )
        state = self.session.training.state
        if self.session.training.is_unfinished:
            self.say(
                f"A training rests in epoch {state.epoch} of {state.epochs}.",
                "info",
                ("Go on", self.train_page.train),
            )

    # -- what is new -------------------------------------------------------------------------

    def _on_page_changed(self) -> None:
        self.look_page.watch()  # publishes: the page that comes in sight shows what is now
        self.pull()

    def look(self) -> None:
        self._tick += 1
        self.pull(whole=self._tick % SLOWER == 0)

    def pull(self, whole: bool = True) -> None:
        """Show the newest snapshot on the page in sight; numbers and curves when `whole`."""
        snapshot = self.session.training.take()
        if snapshot is not None:
            if self.pages.currentWidget() is self.train_page:
                self.train_page.show_snapshot(snapshot)
            self.look_page.show_snapshot(snapshot)
        if whole:
            if self.pages.currentWidget() is self.train_page:
                self.train_page.pull()
            self._show_status()
            self._allow_cancel()

    def _show_status(self) -> None:
        state = self.session.training.state
        left = self._doing
        if not left and self.session.training.running:
            left = f"training: epoch {state.epoch} of {state.epochs}, step {state.step:,}"
        network = self.session.network
        right = f"{network.parameters.size:,} parameters"
        self.status_changed.emit(left, right)

    def exports(self) -> list[Exportable]:
        learns = self.pages.currentWidget() is self.train_page
        view = (self.train_page if learns else self.look_page).network_view
        return exports(self.session, view, self.train_page.plot, self.held)

    # -- coming and going --------------------------------------------------------------------

    def held(self) -> AbstractContextManager[None]:
        return self.session.training.held()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_first_photo()

    def _show_first_photo(self) -> None:
        """Some picture where none is open."""
        nothing = self.look_page.photo is None and not self.opener.busy
        if self.isVisible() and nothing and not self._closed:
            self.look_page.show_random()

    def shut_down(self) -> None:
        """End the training, every job and every fetch; nothing is left behind."""
        super().shut_down()
        self.opener.cancel()
        self.commons.cancel()
        self.builder.stop()
        self.tasks.close()
        self.session.close()
