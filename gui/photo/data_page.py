"""Data set: all pictures by class, sorted by hand; and building one from searches or a folder."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from gui import layouts, theme
from gui.actions import Actions, icon_button, text_button
from gui.photo.builder import MOST, Builder
from gui.photo.class_column import ClassColumn
from gui.photo_data import PhotoData, opening, saving
from gui.photo_session import PhotoSession
from gui.tasks import Task, Tasks
from gui.widgets.boxes import NumberBox
from gui.widgets.panel import Panel
from nn.data.progress import Progress

SIDE = 300  # logical pixels of the left column
NARROWEST = 180  # of a class
START = (("badger", "badger animal"), ("beard", "man with beard portrait"))
EMPTY = (
    "The pictures of a data set appear here, a column for each class.\n"
    "Open a folder with a sub-folder for each class,\n"
    "or with files named class_001.jpg; or build one at the left."
)


class DataPage(QWidget):
    """Moves, deletions and additions go through the session's data set and can be taken back."""

    opened = Signal(int)  # a row of the data set, to be looked at
    told = Signal(str, str)

    def __init__(
        self, session: PhotoSession, builder: Builder, tasks: Tasks, actions: Actions
    ) -> None:
        super().__init__()
        self.session, self.builder, self._tasks, self._actions = session, builder, tasks, actions
        self._opening: Task | None = None
        self._columns: list[ClassColumn] = []
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setObjectName("data_facts")
        self.bar = QProgressBar()
        self.bar.setObjectName("build_progress")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.state = QLabel("")
        self.state.setObjectName("build_state")
        self.state.setProperty("role", "caption")
        self.state.setWordWrap(True)
        self.names = [QLineEdit(name) for name, _ in START]
        self.terms = [QLineEdit(term) for _, term in START]
        self.count = NumberBox()
        self.build_button = QPushButton("Build …")
        self.add_button = QPushButton("+ class")
        self._rows = QGridLayout()
        self._stack = QStackedWidget()
        self._walls = QHBoxLayout()
        self._lay_out()
        self._connect()
        self._on_data_changed()
        self._show_busy("")

    def _lay_out(self) -> None:
        side, column = layouts.column(SIDE)
        column.addWidget(Panel("Data set", self._file_box(), *self._undo_buttons()))
        column.addWidget(Panel("Build from Wikimedia Commons", self._build_box()))
        column.addStretch(1)
        inner = QWidget()
        inner.setLayout(self._walls)
        self._walls.setContentsMargins(0, 0, 0, 0)
        self._walls.setSpacing(theme.SPACE)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        empty = QLabel(EMPTY)
        empty.setProperty("role", "muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        self._stack.addWidget(Panel("", empty))
        self._stack.addWidget(scroll)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.SPACE, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(side)
        row.addWidget(self._stack, 1)

    def _undo_buttons(self) -> list[QWidget]:
        return [
            icon_button(self._actions[name], f"{name}_button")
            for name in ("photo_undo", "photo_redo")
        ]

    def _file_box(self) -> QWidget:
        box, column = layouts.column()
        column.addWidget(self.facts)
        row = QHBoxLayout()
        row.addWidget(text_button(self._actions["photo_folder"], "open_folder_button"), 1)
        row.addWidget(text_button(self._actions["photo_save_data"], "save_data_button"), 1)
        column.addLayout(row)
        return box

    def _build_box(self) -> QWidget:
        box, column = layouts.column()
        self._rows.setSpacing(theme.SPACE // 2)
        for place, words in enumerate(("Class", "Search for")):
            head = QLabel(words)
            head.setProperty("role", "caption")
            self._rows.addWidget(head, 0, place)
        self._rows.setColumnStretch(0, 2)
        self._rows.setColumnStretch(1, 3)
        for i in range(len(self.names)):
            self._place_row(i)
        column.addLayout(self._rows)
        row = QHBoxLayout()
        self.count.setObjectName("build_count")
        self.count.setAccessibleName("Pictures of each class")
        self.count.setToolTip(f"Pictures of each class, up to {MOST}")
        self.count.setRange(1, MOST)
        self.count.setValue(60)
        self.add_button.setObjectName("add_class_button")
        self.add_button.setToolTip("One more class")
        self.build_button.setObjectName("build_button")
        self.build_button.setToolTip(
            "Choose an empty folder; then search, fetch, resize to 32×32 and save there"
        )
        row.addWidget(self.add_button)
        row.addStretch(1)
        row.addWidget(QLabel("of each"))
        row.addWidget(self.count)
        column.addLayout(row)
        column.addWidget(self.build_button)
        column.addWidget(self.bar)
        column.addWidget(self.state)
        return box

    def _place_row(self, i: int) -> None:
        for place, (field, what) in enumerate(((self.names[i], "Name"), (self.terms[i], "Search"))):
            field.setAccessibleName(f"{what} of class {i + 1}")
            field.setObjectName(f"build_{what.lower()}_{i}")
            field.setToolTip("What the class is called" if place == 0 else "What to search for")
            field.setMaxLength(120)
            field.setCursorPosition(0)
            self._rows.addWidget(field, i + 1, place)

    def _connect(self) -> None:
        self._actions.connect_to(
            {
                "photo_folder": self.choose_folder,
                "photo_save_data": self.choose_where_to_save,
                "photo_undo": lambda: self._take_back("undo"),
                "photo_redo": lambda: self._take_back("redo"),
            }
        )
        self.session.data_changed.connect(self._on_data_changed)
        self.build_button.clicked.connect(self._on_build_clicked)
        self.add_button.clicked.connect(self.add_class)
        self.builder.progressed.connect(self._on_building)
        self.builder.built.connect(self._on_built)
        self.builder.failed.connect(self._on_build_failed)
        self.builder.stopped.connect(lambda: self._show_busy("Stopped."))

    # -- sorting -----------------------------------------------------------------------------

    def _on_data_changed(self) -> None:
        data = self.session.data
        self._stack.setCurrentIndex(0 if data is None else 1)
        for name, text in (("photo_undo", "undo_text"), ("photo_redo", "redo_text")):
            self._actions[name].setEnabled(bool(data and getattr(data, text)))
        self._actions["photo_save_data"].setEnabled(bool(data))
        if data is None:
            self.facts.setText("None yet. Without one, Random paints pictures.")
            return
        while len(self._columns) < len(data.class_names):
            made = ClassColumn(len(self._columns))
            made.setMinimumWidth(NARROWEST)
            made.moved.connect(self._on_moved)
            made.opened.connect(self.opened)
            self._columns.append(made)
            self._walls.addWidget(made)
        for label, column in enumerate(self._columns):
            column.setVisible(label < len(data.class_names))
            if label < len(data.class_names):
                column.show_class(data.images, data.rows(label), data.class_names)
        edited = "  ·  changed" if data.edited else ""
        self.facts.setText(f"{data.name}: {len(data):,} pictures{edited}")
        self.facts.setToolTip(data.note)

    def _on_moved(self, row: int, label: int) -> None:
        data = self.session.data
        if data is not None and (words := data.move([row], label)):
            self.session.change_data()
            self.told.emit(f"{words} Ctrl+Z takes it back.", "info")

    def _take_back(self, which: str) -> None:
        data = self.session.data
        if data is not None and (words := getattr(data, which)()):
            self.session.change_data()
            self.told.emit(f"{'Taken back' if which == 'undo' else 'Done again'}: {words}", "info")

    # -- folders -----------------------------------------------------------------------------

    def choose_folder(self) -> None:
        where = QFileDialog.getExistingDirectory(self, "A folder of pictures by class")
        if where:
            self.open_folder(Path(where))

    def cancel(self) -> None:
        """Give up what is being read or built."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        self.builder.stop()
        self._show_busy("")

    def open_folder(self, folder: Path) -> None:
        """Read a folder as the data set, beside the window."""
        if self._opening is not None:
            self._opening.cancel()
        task = self._tasks.run(opening, folder, self.session.size)
        self._opening = task
        task.progressed.connect(self._on_reading)
        task.finished.connect(partial(self._on_opened, task))
        task.failed.connect(self._on_open_failed)

    def _on_reading(self, progress: Progress) -> None:
        self._show_busy(f"{progress.done:,} of {progress.total:,} pictures read")
        self.bar.setRange(0, progress.total or 0)
        self.bar.setValue(progress.done)

    def _on_opened(self, task: Task, data: PhotoData) -> None:
        if task is self._opening:
            self._opening = None
            self._show_busy("")
            self.session.set_data(data)
            self.told.emit(data.note, "info")

    def _on_open_failed(self, sentence: str) -> None:
        self._opening = None
        self._show_busy("")
        self.told.emit(sentence, "error")

    def choose_where_to_save(self) -> None:
        where = QFileDialog.getExistingDirectory(self, "An empty folder for the pictures")
        if where:
            self.save_to(Path(where))

    def save_to(self, folder: Path) -> None:
        """Write the pictures as they are sorted now, with their credits."""
        if self.session.data is None:
            return
        task = self._tasks.run(saving, self.session.data, folder)
        task.finished.connect(self._on_data_saved)
        task.failed.connect(lambda text: self.told.emit(text, "error"))

    def _on_data_saved(self, folder: Path) -> None:
        self._on_data_changed()
        self.told.emit(f"Saved in {folder}, with the sources and licences in SOURCES.csv.", "info")

    # -- building ----------------------------------------------------------------------------

    def add_class(self) -> None:
        """One more row for a class."""
        if len(self.names) < 8:
            self.names.append(QLineEdit())
            self.terms.append(QLineEdit())
            self._place_row(len(self.names) - 1)
            self.names[-1].setFocus()

    def _on_build_clicked(self) -> None:
        if self.builder.busy:
            self.builder.stop()
            return
        where = QFileDialog.getExistingDirectory(self, "An empty folder for the new data set")
        if where:
            self.build_in(Path(where))

    def build_in(self, folder: Path) -> None:
        """Build what the fields say, into an empty folder."""
        pairs = [
            (name.text().strip(), term.text().strip())
            for name, term in zip(self.names, self.terms, strict=True)
            if name.text().strip() or term.text().strip()
        ]
        try:
            self.builder.build(pairs, self.count.value(), self.session.size, folder)
        except (ValueError, OSError) as error:
            self.told.emit(str(error), "error")
            return
        self._show_busy("Searching …")

    def _on_building(self, doing: str, done: int, total: int) -> None:
        self._show_busy(f"{doing}: {done:,} of {total:,} pictures")
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _on_built(self, data: PhotoData, problems: list[str]) -> None:
        self._show_busy("")
        self.session.set_data(data)
        left_out = f" {len(problems)} could not be used: {problems[0]}" if problems else ""
        self.told.emit(
            f"Built {data.name}. Look through it and delete what doesn't fit.{left_out}",
            "warning" if problems else "info",
        )

    def _on_build_failed(self, sentence: str) -> None:
        self._show_busy("")
        self.told.emit(sentence, "error")

    def _show_busy(self, text: str) -> None:
        busy = self.builder.busy
        self.build_button.setText("Stop" if busy else "Build …")
        self.bar.setVisible(busy or self._opening is not None)
        self.state.setText(text or "Pictures are fetched small; authors and licences are kept.")
