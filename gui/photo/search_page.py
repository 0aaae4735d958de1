"""Search: what Wikimedia Commons has, to classify with a click or to put into the data set."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import commons_api, theme
from gui.commons import Commons
from gui.commons_api import Found
from gui.photo_data import Credit, PhotoData
from gui.photo_reading import Photo, Source, read
from gui.photo_session import PhotoSession
from gui.tasks import Tasks
from gui.widgets.commons_grid import CommonsGrid

UNFILTERED = (
    "Results come from Wikimedia Commons as they are: nobody has filtered them, and anything may "
    "appear. Authors and licences are as stated there."
)
MOST = 240  # results kept in memory


class SearchPage(QWidget):
    """`chosen` tells which photo is to be looked at."""

    chosen = Signal(object)  # Source
    told = Signal(str, str)

    def __init__(self, session: PhotoSession, commons: Commons, tasks: Tasks) -> None:
        super().__init__()
        self.session, self.commons, self._tasks = session, commons, tasks
        self._results: list[Found] = []
        self._photos: dict[int, tuple[Source, NDArray[np.uint8]]] = {}  # and its middle square
        self._search = 0  # which search; answers to older ones are dropped

        self.term = QLineEdit()
        self.term.setObjectName("search_term")
        self.term.setAccessibleName("Search Wikimedia Commons")
        self.term.setPlaceholderText("Search Wikimedia Commons")
        self.term.setToolTip("What to search for; Enter begins (Ctrl+F goes here)")
        self.term.setMaxLength(200)
        self.go_button = QPushButton("Search")
        self.go_button.setObjectName("search_button")
        self.go_button.setToolTip("Ask Wikimedia Commons (Enter)")
        self.stop_button = QPushButton("Cancel")
        self.stop_button.setObjectName("search_cancel")
        self.stop_button.setToolTip("Stop searching and fetching (Esc)")
        self.state = QLabel("")
        self.state.setObjectName("search_state")
        self.state.setProperty("role", "muted")
        self.grid = CommonsGrid()
        self._lay_out()
        self._connect()
        self._show_state("")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self.term, 1)
        row.addWidget(self.go_button)
        row.addWidget(self.stop_button)
        chips = QHBoxLayout()
        chips.setSpacing(theme.SPACE // 2)
        for name in commons_api.PRESETS:
            chip = QPushButton(name)
            chip.setProperty("role", "chip")
            chip.setObjectName(f"preset_{name.replace(' ', '_')}")
            chip.setToolTip(f"Search Wikimedia Commons for “{name}”")
            chip.clicked.connect(lambda _=False, name=name: self.search(name))
            chips.addWidget(chip)
        chips.addStretch(1)
        chips.addWidget(self.state)
        word = QLabel(UNFILTERED)
        word.setProperty("role", "caption")
        word.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(row)
        column.addLayout(chips)
        column.addWidget(self.grid, 1)
        column.addWidget(word)

    def _connect(self) -> None:
        self.term.returnPressed.connect(lambda: self.search(self.term.text()))
        self.go_button.clicked.connect(lambda: self.search(self.term.text()))
        self.stop_button.clicked.connect(self.cancel)
        self.commons.found.connect(self._on_found)
        self.commons.searched.connect(self._on_searched)
        self.commons.failed.connect(self._on_failed)
        self.grid.result_chosen.connect(self._on_chosen)
        self.grid.menu_wanted.connect(self._on_menu_wanted)
        self.grid.more_wanted.connect(self._on_more_wanted)

    # -- searching ---------------------------------------------------------------------------

    def search(self, term: str) -> None:
        """Begin a search; an empty term only says so."""
        term = term.strip()
        if not term:
            self._show_state("Type something to search for.")
            self.term.setFocus()
            return
        self._search += 1
        self.term.setText(term)
        self._results.clear()
        self._photos.clear()
        self.grid.clear(f"Searching for “{term}” …")
        self.commons.search(term)
        self._show_state("Searching …")

    def cancel(self) -> None:
        """Stop searching and fetching; what is there stays."""
        self._search += 1
        self.commons.cancel()
        if not self._results:
            self.grid.clear()
        self._show_state("Cancelled.")

    def _on_found(self, results: tuple[Found, ...]) -> None:
        first = len(self._results)
        results = results[: MOST - first]
        self._results.extend(results)
        self.grid.add(results)
        for index, found in enumerate(results, first):
            self.commons.picture(
                found,
                partial(self._on_picture, self._search, index),
                partial(self._on_no_picture, self._search, index),
            )

    def _on_searched(self, more: bool) -> None:
        if not self._results:
            self.grid.clear("Nothing was found: try another word, perhaps in English.")
        count = len(self._results)
        self._show_state(f"{count} results; scroll for more" if more else f"{count} results")

    def _on_failed(self, sentence: str) -> None:
        if not self._results:
            self.grid.clear(sentence)
        self._show_state("")
        self.told.emit(sentence, "error")

    def _on_more_wanted(self) -> None:
        if self.commons.has_more and not self.commons.searching and len(self._results) < MOST:
            self._show_state("Searching …")
            self.commons.go_on()

    def _on_picture(self, search: int, index: int, content: bytes) -> None:
        if search != self._search:
            return
        found = self._results[index]
        origin = f"“{found.title}” by {found.author}, {found.licence}, Wikimedia Commons."
        task = self._tasks.run(read, Source(content, found.title, origin), self.session.size)
        task.finished.connect(partial(self._on_read, search, index))
        task.failed.connect(partial(self._on_no_picture, search, index))

    def _on_read(self, search: int, index: int, photo: Photo) -> None:
        if search == self._search:
            self._photos[index] = (photo.source, photo.middle)
            self.grid.set_picture(index, photo.shown)

    def _on_no_picture(self, search: int, index: int, sentence: str) -> None:
        if search == self._search:
            self.grid.set_problem(index, sentence)

    def _show_state(self, text: str) -> None:
        self.state.setText(text)
        self.stop_button.setEnabled(self.commons.searching)

    # -- using -------------------------------------------------------------------------------

    def _on_chosen(self, index: int) -> None:
        if index in self._photos:
            self.chosen.emit(self._photos[index][0])

    def _on_menu_wanted(self, index: int, where: QPoint) -> None:
        if index not in self._photos:
            return
        menu = QMenu(self)
        menu.addAction("Classify").triggered.connect(lambda: self._on_chosen(index))
        menu.addSeparator()
        data = self.session.data
        names = data.class_names if data else self.session.class_names
        for name in names:
            menu.addAction(f"Put into “{name}”").triggered.connect(
                lambda _=False, name=name: self.put(index, name)
            )
        menu.popup(where)

    def put(self, index: int, name: str) -> None:
        """Put a result into a class of the data set, which is made if there is none."""
        (_, picture), found = self._photos[index], self._results[index]
        data = self.session.data
        if data is None:
            empty = np.empty((0, *picture.shape), np.uint8)
            names = self.session.class_names
            data = PhotoData("Picked pictures", empty, np.empty(0, np.int64), names)
            self.session.set_data(data)
        try:
            words = data.add(picture[np.newaxis], data.name_class(name), [credit_of(found)])
        except ValueError as error:  # the data set has pictures of another size
            self.told.emit(str(error), "error")
            return
        self.grid.set_note(index, name)
        self.session.change_data()
        self.told.emit(words, "info")


def credit_of(found: Found) -> Credit:
    """What to write beside a picture from Commons."""
    return Credit(found.title, found.author, found.licence, found.licence_url, found.page)
