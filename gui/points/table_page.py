"""Table: a CSV file with a header, of which one column is learnt from the others."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QScrollArea

from gui import kept, layouts, theme
from gui.confusion import percent
from gui.kept import Parts
from gui.points import table_parts
from gui.points.column_list import ColumnList
from gui.points.network_panel import NetworkPanel
from gui.points.page import Desk, Page
from gui.points.settings_panel import SettingsPanel
from gui.points.slider import NamedSlider
from gui.points.table_look import Choice, look_at_answers, network_for
from gui.points.transport import Transport
from gui.points_batches import Data
from gui.points_settings import PointSettings
from gui.points_training import PointsTraining
from gui.points_worker import Frame, Mark, read_training
from gui.tasks import Task, Tasks
from gui.widgets import boxes
from gui.widgets.confusion_view import ConfusionView
from gui.widgets.loss_pair import LossPair
from gui.widgets.panel import Panel
from nn.data import fruit, table, table_batch
from nn.data.progress import Progress
from nn.data.table import Table

SIDE, READINGS = 300, 204  # logical pixels of the left and the right column
SETTINGS = PointSettings("sgd", 0.03, 0.9, 10, 0.0, 0.001)
PER_CENT = 5  # a position of the split's slider
FILES = "Tables (*.csv *.tsv *.txt);;All files (*)"


class TablePage(Page):
    """Table, network and settings at the left, the held-out rows in the middle, readings."""

    title = "Table"
    tip = "A CSV file with a header: learn one column from the others"
    verbs = frozenset({"open"})

    def __init__(self, desk: Desk) -> None:
        sample = table.parse(fruit.csv_text(), "Fruit stall")
        target = table_batch.likely_target(sample)
        assert target is not None
        self.choice = Choice(sample, target, _all_but(sample, target))
        self.batch = table_batch.prepare(sample, target)
        network = network_for(self.batch, None, 0)
        super().__init__(desk, PointsTraining(network, SETTINGS))
        self.tasks = Tasks(self)
        self._changes = 0  # of the choice
        self._reading: Task | None = None
        self.open_button, self.sample_button = QPushButton("Open …"), QPushButton("Sample")
        self.line = layouts.caption()
        self.target = boxes.Choice()
        self.split = NamedSlider(
            "Test", "Rows that are held out to test on", 0, 10, lambda i: f"{PER_CENT * i} %"
        )
        self.columns = ColumnList()
        self.network_panel = _TableNetwork(self)
        self.settings_panel = SettingsPanel(self)
        self.confusion = ConfusionView(things="rows")
        self.told_accuracy = QLabel()
        self.remarks = layouts.caption()
        self.losses = LossPair()
        self._lay_out()
        self._connect()
        self._show_choice()
        self._share()

    # -- composition -------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for button, name, tip in (
            (self.open_button, "table_open_button", "Open a CSV file (Ctrl+I), or drop one here"),
            (
                self.sample_button,
                "table_sample_button",
                "Invented fruit, with gaps as in real life",
            ),
        ):
            button.setObjectName(name)
            button.setToolTip(tip)
            button.setProperty("role", "quiet")
        self.target.setObjectName("table_target")
        self.target.setAccessibleName("Target")
        self.target.setToolTip("The column that is learnt, and predicted from the others")
        self.split.setObjectName("table_split")
        self.confusion.setToolTip(
            "A row is what held-out rows are, a column what they were predicted to be:\n"
            "what is right lies on the diagonal."
        )
        self.told_accuracy.setProperty("role", "title")
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE)
        word = QLabel("Target")
        word.setFixedWidth(52)
        head.addWidget(word)
        head.addWidget(self.target, 1)
        chosen, column = layouts.column(spacing=6)
        column.addWidget(self.line)
        column.addLayout(head)
        column.addWidget(self.split)
        column.addWidget(self.columns, 1)

        side, left = layouts.column(SIDE)
        left.addWidget(Panel("Table", chosen, self.open_button, self.sample_button), 3)
        left.addWidget(Panel("Network", self.network_panel), 1)
        left.addWidget(Panel("Training", self.settings_panel))

        middle, stack = layouts.column()
        stack.addWidget(Transport(self))
        stack.addWidget(self.told_accuracy)
        stack.addWidget(self.confusion, 1)

        self.remarks.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.remarks)
        scroll.setAccessibleName("Missing and left out")
        readings, right = layouts.column(READINGS)
        right.addWidget(Panel("Missing values", scroll), 2)
        right.addWidget(Panel("Loss", self.losses), 3)
        row = layouts.page_row(self)
        row.addWidget(side)
        row.addWidget(Panel("", middle), 1)
        row.addWidget(readings)

    def _connect(self) -> None:
        self.open_button.clicked.connect(self.open)
        self.sample_button.clicked.connect(self.show_sample)
        self.target.activated.connect(self._on_target_chosen)
        self.split.moved.connect(
            lambda i: self._use(replace(self.choice, test_part=PER_CENT * i / 100))
        )
        self.columns.used_changed.connect(lambda used: self._use(replace(self.choice, used=used)))
        self.running_changed.connect(lambda on: None if on else self._look())

    # -- files -------------------------------------------------------------------------------

    def show_sample(self) -> None:
        """The table of the beginning."""
        self._on_read(table.parse(fruit.csv_text(), "Fruit stall"))

    def open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a table", "", FILES)
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Read a table beside the window; when it can't be, say why and keep the one before."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = task = self.tasks.run(table.read, path)
        self.line.setText(f"Reading {path.name} …")
        task.progressed.connect(self._on_progressed)
        task.finished.connect(self._on_read)
        task.failed.connect(self._on_failed)

    def take(self, mime: QMimeData) -> bool:
        places = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if places:
            self.open_file(Path(places[0]))
        return bool(places)

    def _on_progressed(self, progress: Progress) -> None:
        self.line.setText(f"{progress.doing.capitalize()}: {progress.done:,} rows …")

    def _on_failed(self, text: str) -> None:
        self._show_choice()
        self.desk.say(text, "error")

    def _on_read(self, read: Table) -> None:
        target = table_batch.likely_target(read)
        if target is None:
            self._on_failed(
                f"{read.name} has no column that can be the target. "
                + table_batch.why_no_target(read.columns[-1])
            )
        else:
            self._use(Choice(read, target, _all_but(read, target), self.choice.test_part))

    # -- what is learnt ----------------------------------------------------------------------

    def _on_target_chosen(self, index: int) -> None:
        if index != self.choice.target:
            used = {*self.choice.used, self.choice.target} - {index}
            self._use(replace(self.choice, target=index, used=tuple(sorted(used))))

    def _use(self, choice: Choice, mark: Mark | None = None) -> None:
        """Learn this from now on, from new weights, or from those of `mark`."""
        training = self.training
        assert training is not None
        try:
            batch = table_batch.prepare(choice.table, choice.target, choice.used, choice.test_part)
            network = network_for(batch, training.network, training.seed)
        except (ValueError, MemoryError) as error:
            self._show_choice()
            self.desk.say(str(error) or "This table does not fit into memory.", "error")
            return
        before, old = training.mark(), self.choice
        self.choice, self.batch = choice, batch
        self._changes += 1
        training.look("confusion", None)  # the one before knows other rows
        training.set_data(None)
        if mark is None:
            training.load(network, None, training.seed)
        else:
            training.go_back_to(mark)
        self._share()
        self._show_choice()
        self.network_changed.emit()
        self.settings_changed.emit()
        if mark is None and before.steps:
            self.offer_back(
                "The network begins anew with these rows.", before, partial(self._use, old)
            )

    def _share(self) -> None:
        assert self.training is not None
        self.training.set_data(_data(self.batch))
        self._look()

    def why_not_ready(self) -> str:
        if len(np.unique(self.batch.train_y)) < 2:
            return "The training rows are all of one class: hold fewer rows out."
        return ""

    def apply(self) -> None:
        self.network_panel.apply()

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        return super().stamp(), self._changes, self.network_panel.editor.text()

    def state(self) -> Callable[[], Parts]:
        choice, text = self.choice, self.network_panel.editor.text()
        trained = super().state()
        return lambda: {**table_parts.of(choice, text), **trained()}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        if "left_out.json" in parts:
            return self._prepare_without(str(parts["left_out.json"]))
        choice, text = table_parts.read(parts)
        with kept.naming("page.json"):
            self.network_panel.check(text)
            batch = table_batch.prepare(choice.table, choice.target, choice.used, choice.test_part)
        shape = (len(batch.features), 1, 1)
        made = read_training(parts, _data(batch), shape, len(batch.class_names))

        def become() -> None:
            assert self.training is not None
            if self._reading is not None:
                self._reading.cancel()
            self.choice, self.batch = choice, batch
            self._changes += 1
            self.training.look("confusion", None)  # the one before knows other rows
            self._show_choice()
            self.go_on_with(made)
            self._look()
            self.network_panel.editor.set_text(text)

        return become

    def _prepare_without(self, name: str) -> Callable[[], None]:
        """As at the first start, with a sentence on the table that was too large to be kept."""
        become_first = self.prepare(self.first_state())

        def become() -> None:
            become_first()
            self.desk.say(
                f"The table {name[:80]} was too large for the session file: open it again.",
                "warning",
                ("Open", self.open),
            )

        return become

    # -- what is shown -----------------------------------------------------------------------

    def _show_choice(self) -> None:
        choice, batch = self.choice, self.batch
        held = len(batch.test_y)
        self.line.setText(
            f"{choice.table.name}: {len(batch.train_y):,} rows + {held:,} held out, "
            f"{len(batch.features):,} inputs"
        )
        self.target.clear()
        for column in choice.table.columns:
            self.target.addItem(column.name)
        self.target.setCurrentIndex(choice.target)
        self.split.set_value(round(100 * choice.test_part / PER_CENT))
        self.columns.set_columns(choice.table.columns, choice.target, choice.used)
        self.remarks.setText("\n\n".join(batch.remarks) or "Every row is complete.")
        self.network_panel.set_inputs(len(batch.features))

    def _look(self) -> None:
        """Have held-out rows counted; asked again, they are counted at once."""
        assert self.training is not None
        x, y, batch = self._rows_told()
        self.training.look("confusion", look_at_answers(x, y, len(batch.class_names)))

    def _rows_told(self) -> tuple[np.ndarray, np.ndarray, table_batch.Batch]:
        batch = self.batch
        if len(batch.test_y):
            return batch.test_x, batch.test_y, batch
        return batch.train_x, batch.train_y, batch

    def show_frame(self, frame: Frame) -> None:
        counts = frame.seen.get("confusion")
        names = self.batch.class_names
        if counts is None or len(counts) != len(names):
            return
        self.confusion.set_confusion(names, counts)
        right, total = int(np.trace(counts)), int(counts.sum())
        which = "held-out rows" if len(self.batch.test_y) else "training rows (none are held out)"
        self.told_accuracy.setText(f"{percent(right / total)} of {total:,} {which} are right")

    def show_rows(self, rows: np.ndarray) -> None:
        self.losses.set_rows(rows)

    def shut_down(self) -> None:
        super().shut_down()
        self.tasks.close()


class _TableNetwork(NetworkPanel):
    """Its network has as many inputs as the table asks for."""

    def __init__(self, page: TablePage) -> None:
        inputs = len(page.batch.features)
        super().__init__(page, (), (inputs, 1, 1), lambda: len(page.batch.class_names))

    def set_inputs(self, count: int) -> None:
        self._shape = (count, 1, 1)


def _data(batch: table_batch.Batch) -> Data:
    return Data(batch.train_x, batch.train_y, batch.test_x, batch.test_y)


def _all_but(read: Table, target: int) -> tuple[int, ...]:
    return tuple(i for i in range(len(read.columns)) if i != target)
