"""Test: guesses for some test pictures, and what the whole test set says."""

from collections import deque

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import layouts, theme
from gui.actions import Actions, text_button
from gui.image_session import ImageSession
from gui.image_settings import VIEWS
from gui.images.evaluator import Evaluated, Evaluator, Share
from gui.layouts import side_by_side
from gui.picture_rows import Wanted, matching
from gui.widgets.boxes import Choice
from gui.widgets.confusion_view import ConfusionView
from gui.widgets.panel import Panel
from gui.widgets.picture_wall import PictureWall
from gui.widgets.test_wall import TestWall

ON_WALL = 48  # pictures with cards
BESIDE = 152  # more pictures, others each time, for the rolling accuracy
ROLLING = 5  # looks that it is averaged over


class TestPage(QWidget):
    """The wall is renewed as training goes on; Evaluate measures on all test pictures."""

    __test__ = False  # not a test, whatever its name says

    study_wanted = Signal(object, int)  # a picture (C, H, W) uint8 and its label

    def __init__(self, session: ImageSession, evaluator: Evaluator, actions: Actions) -> None:
        super().__init__()
        self.session, self.evaluator = session, evaluator
        self.wall, self.cell_wall = TestWall(), PictureWall()
        self.confusion = ConfusionView()
        self.views = Choice()
        self.views.setObjectName("views")
        self.views.setAccessibleName("Views of a picture")
        self.views.setToolTip("A prediction averages over so many views, each cut a bit elsewhere")
        for count in VIEWS:
            self.views.addItem("1 view" if count == 1 else f"{count} views", count)
        self.evaluate = text_button(actions["images_evaluate"], "evaluate_button")
        self.rolling, self.verdict, self.cell = QLabel(), QLabel(), QLabel()
        self.others = QPushButton("Others")
        self.back = QPushButton("Back")
        self._rows: NDArray[np.int64] = np.empty(0, np.int64)
        self._asked: NDArray[np.int64] | None = None
        self._key = 0
        self._answered = -1  # step of the last answer
        self._recent: deque[tuple[int, int]] = deque(maxlen=ROLLING)
        self._random = np.random.default_rng(0)
        self._lay_out()
        self._connect(actions)
        self._on_dataset_changed()

    def _lay_out(self) -> None:
        for button, name, tip in (
            (self.others, "other_pictures", "Show other test pictures"),
            (self.back, "back_to_wall", "Back to the guesses"),
        ):
            button.setObjectName(name)
            button.setToolTip(tip)
        for label in (self.rolling, self.verdict, self.cell):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setWordWrap(True)
        self.rolling.setProperty("role", "muted")
        guesses, cell = QWidget(), QWidget()
        for page, head, wall in (
            (guesses, (self.rolling, self.others), self.wall),
            (cell, (self.cell, self.back), self.cell_wall),
        ):
            row = QHBoxLayout()
            row.addWidget(head[0], 1)
            row.addWidget(head[1])
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.SPACE)
            column.addLayout(row)
            column.addWidget(wall, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(guesses)
        self.stack.addWidget(cell)

        matrix, column = layouts.column(spacing=theme.SPACE // 2)
        column.addWidget(self.verdict)
        column.addWidget(self.confusion, 1)
        row = layouts.page_row(self)
        row.addWidget(Panel("Guesses", self.stack), 4)
        row.addWidget(Panel("Test set", matrix, side_by_side(self.views, self.evaluate)), 7)

    def _connect(self, actions: Actions) -> None:
        actions["images_evaluate"].triggered.connect(self._on_evaluate)
        self.views.currentIndexChanged.connect(
            lambda _: self.session.change(views=self.views.currentData())
        )
        self.others.clicked.connect(self._choose_pictures)
        self.back.clicked.connect(lambda: self.stack.setCurrentIndex(0))
        self.confusion.cell_chosen.connect(self.show_cell)
        self.wall.picture_chosen.connect(self._on_picture_chosen)
        self.cell_wall.picture_opened.connect(self._on_picture_chosen)
        self.evaluator.progressed.connect(self._on_progressed)
        self.evaluator.finished.connect(self._on_finished)
        self.evaluator.running_changed.connect(self._on_running_changed)
        self.evaluator.forgotten.connect(self._on_forgotten)
        self.session.dataset_changed.connect(self._on_dataset_changed)
        self.session.network_changed.connect(self._on_network_changed)
        self.session.settings_changed.connect(self._on_settings_changed)

    # -- the wall ----------------------------------------------------------------------------

    def _on_dataset_changed(self) -> None:
        names = self.session.class_names
        self.confusion.set_confusion(names, None)
        self._choose_pictures()

    def _choose_pictures(self) -> None:
        """Put other test pictures on the wall."""
        data = self.session.test
        self._recent.clear()
        self.stack.setCurrentIndex(0)
        if data is None:
            self.wall.set_pictures(np.empty((0, 1, 1, 1), np.uint8), [], [])
            return
        count = min(ON_WALL, len(data))
        self._rows = self._random.permutation(len(data))[:count]
        images, labels = data.images[self._rows], data.labels[self._rows]
        self.wall.set_pictures(images, labels, data.class_names, self._rows)
        self._ask()

    def _ask(self) -> None:
        """Ask the network about the wall, and about some pictures beside it."""
        data = self.session.test
        if data is None or not self.isVisible():
            return
        beside = self._random.integers(0, len(data), BESIDE)
        self._asked = np.concatenate((self._rows, beside))
        self._key += 1
        self._answered = self.session.training.progress.step
        self.session.training.watch(self._key, data.images[self._asked])

    def pull(self) -> None:
        """Show the newest answers, and ask anew where training has gone on."""
        answers, data = self.session.training.wall, self.session.test
        if data is None:
            return
        if answers is None or answers.key != self._key or self._asked is None:
            return
        if len(answers.scores) == len(self._asked):
            right = int((answers.scores.argmax(axis=1) == data.labels[self._asked]).sum())
            self._recent.append((right, len(self._asked)))
            self.wall.set_predictions(answers.scores[: len(self._rows)])
            total = sum(count for _, count in self._recent)
            share = 100 * sum(r for r, _ in self._recent) / total
            self.rolling.setText(f"Rolling: {share:.1f} % of {total:,}")
            self.rolling.setToolTip(f"Accuracy on the last {total:,} test pictures looked at")
        self._asked = None
        if self.session.training.progress.step != self._answered:
            self._ask()

    def renew(self) -> None:
        """Ask again when the network has moved since the last answer."""
        if self._asked is None and self.session.training.progress.step != self._answered:
            self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    # -- the whole test set ------------------------------------------------------------------

    def _on_evaluate(self) -> None:
        if self.evaluator.running:
            self.evaluator.cancel()
        elif self.session.test is not None:
            self.evaluator.start("test")
        else:
            self.verdict.setText("There are no pictures to test on: move a border of the split.")

    def _on_running_changed(self, running: bool) -> None:
        self.evaluate.setText("Cancel" if running else "Evaluate")
        if not running and not self.evaluator.results.get("test"):
            self._on_forgotten()

    def _on_progressed(self, share: Share) -> None:
        part = 100 * share.right / max(share.done, 1)
        self.verdict.setText(f"{share.done:,} of {share.total:,}: {part:.1f} % so far")

    def _on_finished(self, made: Evaluated) -> None:
        if made.part != "test":
            return
        data = self.session.test
        total = int(made.confusion.sum())
        kind = "test" if data is not None and self.session.split and self.session.split.test else ""
        views = "1 view" if made.views == 1 else f"{made.views} views"
        self.verdict.setText(
            f"{100 * made.accuracy:.2f} % of {total:,} {kind or 'validation'} pictures"
            f" ({views}, step {made.step:,})"
        )
        self.confusion.set_confusion(self.session.class_names, made.confusion)

    def _on_forgotten(self) -> None:
        self.verdict.setText("Evaluate measures on every test picture.")
        self.confusion.set_confusion(self.session.class_names, None)
        self.stack.setCurrentIndex(0)

    def show_cell(self, actual: int, predicted: int) -> None:
        """Show the test pictures of a class that were taken for another."""
        data, result = self.session.test, self.evaluator.results.get("test")
        if data is None or result is None or len(result.predicted) != len(data):
            return
        rows = matching(data.labels, result.predicted, Wanted(actual, predicted))
        names = data.class_names
        self.cell_wall.set_pictures(data.images, data.labels, names)
        self.cell_wall.set_predictions(result.predicted)
        self.cell_wall.set_rows(rows)
        self.cell.setText(f"{names[actual]} taken for {names[predicted]}: {len(rows):,}")
        self.stack.setCurrentIndex(1)

    def _on_picture_chosen(self, row: int) -> None:
        data = self.session.test
        if data is not None:
            self.study_wanted.emit(data.images[row], int(data.labels[row]))

    def _on_network_changed(self) -> None:
        self._recent.clear()
        self.rolling.setText("")
        self._asked = None
        self.wall.set_predictions(None)
        self._ask()

    def _on_settings_changed(self) -> None:
        self.views.blockSignals(True)
        if self.session.settings.views in VIEWS:
            self.views.setCurrentIndex(VIEWS.index(self.session.settings.views))
        self.views.blockSignals(False)
