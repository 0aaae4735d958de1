"""Ctrl+E: what, in which format, how it will look; then where to."""

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import layouts, pictures, theme
from gui.exporting import pages, tables
from gui.exporting.exportable import Exportable, Film, History, NetworkExport, Picture
from gui.exporting.film import EVERY
from gui.exporting.preview import Preview
from gui.exporting.writers import Look, Way, ways
from gui.tasks import Task
from gui.widgets.boxes import Choice

if TYPE_CHECKING:
    from gui.exporting.exporter import Exporter

SIDE, WIDE, HIGH = 196, 820, 600  # logical pixels
SCALES, USUAL = (1, 2, 4), 1
THEMES = (("As now", ""), ("Light, for paper", "light"), ("Dark", "dark"))
LONGEST, MOST_PIXELS = 30_000, 50_000_000  # of a picture: its memory, and what Qt can paint
LINES = 24  # of a table that the preview may need
NOT_RECORDED = (
    "No frames yet. Press Record, then train: the film shows what changes, and Ctrl+R ends it."
)
W = TypeVar("W", bound=QWidget)


class ExportDialog(QDialog):
    """`exporter` does what is asked for here."""

    def __init__(self, exporter: "Exporter", offers: list[Exportable], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDE, HIGH)
        self._exporter = exporter
        self._trial: Task | None = None
        self.what = _list("export_what", "What", "What is exported")
        self.format = _list("export_format", "Format", "The format of the file")
        self.scale = _named(Choice(), "export_scale", "Size", "How many pixels the picture gets")
        self.look = _named(Choice(), "export_theme", "Colours", "The colours of the picture")
        self.facts = layouts.caption()
        self.facts.setObjectName("export_facts")
        self.problem = layouts.caption()
        self.problem.setObjectName("export_problem")
        self.problem.setProperty("role", "problem")
        self.preview = Preview()
        self.record_button = _button("Record", "export_record", "Film what changes (Ctrl+R)")
        self.copy_button = _button("Copy", "export_copy", "Copy the picture to the clipboard")
        self.close_button = _button("Close", "export_close", "Close (Esc)")
        self.save_button = _button("Save as…", "export_save", "Choose where to save it")
        self.save_button.setProperty("role", "primary")
        self.save_button.setDefault(True)
        self._lay_out()
        for what in offers:
            _add(self.what, what.title, what)
        for text, key in THEMES:
            self.look.addItem(text, key)
        self._connect()
        self.what.setCurrentRow(max(0, self._remembered(offers)))

    def _lay_out(self) -> None:
        left, column = layouts.column(SIDE)
        column.addWidget(_heading("What"))
        column.addWidget(self.what, 1)
        self.options, row = QWidget(), QHBoxLayout()
        self.options.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        for text, field in (("Size", self.scale), ("Colours", self.look)):
            row.addWidget(QLabel(text))
            row.addWidget(field, 1)
        right, column = layouts.column()
        column.addWidget(_heading("Format"))
        column.addWidget(self.format)
        column.addWidget(self.options)
        column.addWidget(self.facts)
        column.addWidget(self.problem)
        column.addWidget(self.preview, 1)
        parts = QHBoxLayout()
        parts.setSpacing(theme.PANEL_GAP)
        parts.addWidget(left)
        parts.addWidget(right, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addWidget(self.record_button)
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.save_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*4 * (theme.PANEL_GAP,))
        whole.setSpacing(theme.PANEL_GAP)
        whole.addLayout(parts, 1)
        whole.addLayout(buttons)

    def _connect(self) -> None:
        self.what.currentRowChanged.connect(self._on_what_chosen)
        self.format.currentRowChanged.connect(self._on_format_chosen)
        self.format.itemDoubleClicked.connect(lambda _: self.save_button.click())
        self.look.currentIndexChanged.connect(self._on_look_chosen)
        self.record_button.clicked.connect(self._on_record_clicked)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._save)
        self._exporter.recorder.changed.connect(self._on_recorder_changed)

    # -- what is chosen ----------------------------------------------------------------------

    @property
    def chosen(self) -> Exportable:
        """What is to be exported."""
        what: Exportable = self.what.currentItem().data(Qt.ItemDataRole.UserRole)
        return what

    @property
    def way(self) -> Way:
        """In which format."""
        way: Way = self.format.currentItem().data(Qt.ItemDataRole.UserRole)
        return way

    @property
    def wanted_look(self) -> Look:
        """How a picture is painted."""
        scale = self.scale.currentData() or 1
        return Look(self.look.currentData() or theme.colours().name, scale)

    def _remembered(self, offers: list[Exportable]) -> int:
        titles = [what.title for what in offers]
        last = self._exporter.settings.export_what
        return titles.index(last) if last in titles else 0

    def _on_what_chosen(self) -> None:
        what = self.chosen
        self.format.blockSignals(True)
        self.format.clear()
        for way in ways(what):
            _add(self.format, way.words, way)
        keys = [way.key for way in ways(what)]
        last = self._exporter.settings.export_format(type(what).__name__)
        self.format.setCurrentRow(keys.index(last) if last in keys else 0)
        self.format.blockSignals(False)
        rows = min(self.format.count(), 8)
        self.format.setFixedHeight(rows * self.format.sizeHintForRow(0) + 10)
        is_picture = isinstance(what, Picture)
        self.options.setVisible(is_picture)
        self.copy_button.setVisible(is_picture)
        self.record_button.setVisible(isinstance(what, Film))
        if isinstance(what, Picture):
            kept, size = self.scale.currentIndex(), pages.room(what)
            self.scale.clear()
            for n in SCALES:
                wide, high = n * size.width(), n * size.height()
                if n == 1 or (max(wide, high) <= LONGEST and wide * high <= MOST_PIXELS):
                    self.scale.addItem(f"{n}×   {wide} × {high} pixels", n)
            kept = USUAL if kept < 0 else kept
            self.scale.setCurrentIndex(min(kept, self.scale.count() - 1))
        self._on_format_chosen()

    def _on_format_chosen(self) -> None:
        what = self.chosen
        self._end_trial()
        self._tell("")
        self.scale.setEnabled(self.way.key == "png")
        match what:
            case NetworkExport():
                self.preview.show_lines(what.text.splitlines())
                self._try_out(what)
            case Picture():
                self.preview.show_picture(what, self.wanted_look.theme)
            case History():
                rows = what.rows()
                self._tell(f"{len(rows):,} rows" if len(rows) != 1 else "1 row")
                text = tables.to_csv(what.columns, rows[:LINES]).decode()
                self.preview.show_lines(text.splitlines())
            case Film():
                self._show_film(what)

    def _on_look_chosen(self) -> None:
        if isinstance(self.chosen, Picture):
            self.preview.show_picture(self.chosen, self.wanted_look.theme)

    # -- what is known of it before ----------------------------------------------------------

    def _tell(self, facts: str, problem: str = "") -> None:
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.save_button.setEnabled(not problem)

    def _try_out(self, what: NetworkExport) -> None:
        """Have the file made beside the window, to tell how large it is, or why it can't be."""
        self._tell(f"{what.words} …")
        self._trial = self._exporter.try_out(what, self.way)
        told = f"{what.words}. The file takes"
        self._trial.finished.connect(lambda size: self._tell(f"{told} {size}."))
        self._trial.failed.connect(lambda why: self._tell("", why))

    def _end_trial(self) -> None:
        """Whatever it will find, nobody waits for it any more."""
        if self._trial is not None:
            self._trial.cancel()

    def _show_film(self, film: Film) -> None:
        recorder, frames = self._exporter.recorder, self._exporter.frames_of(film)
        recording = recorder.running and bool(len(frames))
        self.record_button.setText("Stop" if recorder.running else "Record")
        if not len(frames):
            self._tell("")
            self.preview.show_sentence(NOT_RECORDED)
            self.save_button.setEnabled(False)
            return
        pixels = frames[len(frames) - 1]
        high, wide, _ = pixels.shape
        told = f"{len(frames)} frames of {wide} × {high} pixels, {len(frames) * EVERY:.1f} s"
        self._tell(f"{told} until now" if recording else told)
        self.preview.show_image(pictures.from_rgb(pixels), told)

    def _on_recorder_changed(self) -> None:
        if isinstance(self.chosen, Film):
            self._show_film(self.chosen)

    # -- buttons -----------------------------------------------------------------------------

    def _on_record_clicked(self) -> None:
        what = self.chosen
        if self._exporter.recorder.running:
            self._exporter.recorder.stop()
        elif isinstance(what, Film):
            self._exporter.begin_recording(what)
            self.accept()

    def _copy(self) -> None:
        what, look = self.chosen, self.wanted_look
        if isinstance(what, Picture):
            content = QMimeData()
            content.setImageData(pages.image(what, look.theme, look.scale))
            if self.way.key == "svg":
                content.setData("image/svg+xml", pages.svg(what, look.theme))
            QGuiApplication.clipboard().setMimeData(content)
            self._tell("Copied.")

    def _save(self) -> None:
        if self._exporter.save(self.chosen, self.way, self.wanted_look, self):
            self.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.what.setFocus()

    def done(self, result: int) -> None:
        self._end_trial()
        super().done(result)


def _named(widget: W, name: str, title: str, tip: str) -> W:
    widget.setObjectName(name)
    widget.setAccessibleName(title)
    widget.setToolTip(tip)
    return widget


def _list(name: str, title: str, tip: str) -> QListWidget:
    made = _named(QListWidget(), name, title, tip)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made


def _add(list_: QListWidget, text: str, data: object) -> None:
    item = QListWidgetItem(text)
    item.setData(Qt.ItemDataRole.UserRole, data)
    list_.addItem(item)


def _button(text: str, name: str, tip: str) -> QPushButton:
    made = _named(QPushButton(text), name, text, tip)
    made.setAutoDefault(False)
    return made


def _heading(text: str) -> QLabel:
    made = QLabel(text)
    made.setProperty("role", "title")
    return made
