"""Data: every picture of the data set, as a wall and one by one."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from gui import layouts
from gui.image_session import ImageSession
from gui.images.evaluator import Evaluated, Evaluator, Part, Share
from gui.layouts import side_by_side
from gui.picture_rows import Wanted, matching
from gui.widgets.boxes import Choice
from gui.widgets.class_counts import ClassCounts
from gui.widgets.panel import Panel
from gui.widgets.picture_browser import PictureBrowser
from gui.widgets.picture_filter import PictureFilter
from gui.widgets.picture_wall import PictureWall

SIDE = 240  # logical pixels of the right column
PARTS: tuple[tuple[str, Part], ...] = (("Training and validation", "all"), ("Test", "test"))


class DataPage(QWidget):
    """Filter and wall at the left; the chosen picture and the class counts at the right."""

    study_wanted = Signal(object, int)  # a picture (C, H, W) uint8 and its label

    def __init__(self, session: ImageSession, evaluator: Evaluator) -> None:
        super().__init__()
        self.session, self.evaluator = session, evaluator
        self.part = Choice()
        self.part.setObjectName("picture_part")
        self.part.setAccessibleName("Which pictures")
        self.part.setToolTip("Pictures to learn from, or pictures to test on")
        for text, key in PARTS:
            self.part.addItem(text, key)
        self.filter = PictureFilter()
        self.wall = PictureWall()
        self.browser = PictureBrowser()
        self.counts = ClassCounts()
        self.predict = QPushButton("Predict")
        self.predict.setObjectName("predict_button")
        self.predict.setToolTip("Have the network look at all of these, to filter by its answers")
        self._lay_out()
        self._connect()
        self._on_dataset_changed()

    def _lay_out(self) -> None:
        left, column = layouts.column()
        column.addWidget(self.filter)
        column.addWidget(self.wall, 1)
        right, side = layouts.column(SIDE)
        side.addWidget(Panel("Picture", self.browser), 3)
        side.addWidget(Panel("Classes", self.counts), 2)
        row = layouts.page_row(self)
        row.addWidget(Panel("Pictures", left, side_by_side(self.part, self.predict)), 1)
        row.addWidget(right)

    def _connect(self) -> None:
        self.part.currentIndexChanged.connect(self._show_pictures)
        self.filter.filter_changed.connect(self._on_filter_changed)
        self.wall.picture_chosen.connect(self.browser.set_current)
        self.wall.picture_opened.connect(self._on_opened)
        self.browser.picture_changed.connect(self.wall.set_current)
        self.predict.clicked.connect(lambda: self.evaluator.start(self._part))
        self.session.dataset_changed.connect(self._on_dataset_changed)
        self.evaluator.finished.connect(self._on_evaluated)
        self.evaluator.forgotten.connect(self._show_predictions)
        self.evaluator.running_changed.connect(self._on_running_changed)
        self.evaluator.progressed.connect(self._on_progressed)

    @property
    def _part(self) -> Part:
        part: Part = self.part.currentData()
        return part

    def show_rows(self, part: Part, wanted: Wanted) -> None:
        """Show the pictures of a part that fit."""
        self.part.setCurrentIndex([key for _, key in PARTS].index(part))
        self.filter.set_wanted(wanted)
        self._on_filter_changed(wanted)

    def _on_dataset_changed(self) -> None:
        split, dataset = self.session.split, self.session.dataset
        counts = None if split is None else split.class_counts()
        self.counts.set_counts(dataset.class_names if dataset else [], counts)
        self._show_pictures()

    def _show_pictures(self) -> None:
        data = self.evaluator.data(self._part)
        if data is None:
            empty = np.empty((0, 1, 1, 1), np.uint8)
            self.wall.set_pictures(empty, [], [])
            self.browser.set_pictures(empty, [], [])
            self.filter.set_classes([])
            self.filter.set_counts(0, 0)
            return
        self.wall.set_pictures(data.images, data.labels, data.class_names)
        self.browser.set_pictures(data.images, data.labels, data.class_names)
        self.filter.set_classes(data.class_names)
        self._show_predictions()
        self._on_filter_changed(self.filter.wanted)

    def _show_predictions(self) -> None:
        data, result = self.evaluator.data(self._part), self.evaluator.results.get(self._part)
        fits = data is not None and result is not None and len(result.predicted) == len(data)
        predicted = result.predicted if result is not None and fits else None
        self.wall.set_predictions(predicted)
        self.browser.set_predictions(predicted)
        self.filter.set_predictions_known(predicted is not None)

    def _on_filter_changed(self, wanted: Wanted) -> None:
        data, result = self.evaluator.data(self._part), self.evaluator.results.get(self._part)
        if data is None:
            return
        known = result is not None and len(result.predicted) == len(data)
        rows = matching(data.labels, result.predicted if result and known else None, wanted)
        self.wall.set_rows(rows)
        self.browser.set_rows(rows)
        self.filter.set_counts(len(rows), len(data))

    def _on_evaluated(self, made: Evaluated) -> None:
        if made.part == self._part:
            self._show_predictions()
            self._on_filter_changed(self.filter.wanted)

    def _on_running_changed(self, running: bool) -> None:
        self.predict.setEnabled(not running)
        self.predict.setText("Predict")

    def _on_progressed(self, share: Share) -> None:
        self.predict.setText(f"{100 * share.done // max(share.total, 1)} %")

    def _on_opened(self, row: int) -> None:
        data = self.evaluator.data(self._part)
        if data is not None:
            self.study_wanted.emit(data.images[row], int(data.labels[row]))
