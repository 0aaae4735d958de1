"""Small pictures beside a photo: the training pictures most like it, or those opened with it."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget

from gui import layouts, theme
from gui.photo_data import PhotoData
from gui.photo_why import Answer
from gui.widgets.picture_wall import PictureWall

CHIP = 104  # logical pixels
LOWEST = 104
NO_DATA = "Open or build a data set (Ctrl+3) to see which of its pictures are most alike."
CLOSEST, OPENED = 0, 1


class Shelf(QStackedWidget):
    """`closest_chip` and `opened_chip` choose what is seen; they belong into a panel's header."""

    row_opened = Signal(int)  # a closest picture: its row in the data set
    place_chosen = Signal(int)  # one of those opened: its place among them

    def __init__(self) -> None:
        super().__init__()
        self.closest, self.tray = PictureWall(), PictureWall()
        self.closest.setObjectName("closest")
        self.closest.setAccessibleName("Closest training pictures")
        self.tray.setObjectName("tray")
        self.tray.setAccessibleName("Photos")
        self.closest.picture_opened.connect(self.row_opened)
        self.tray.picture_chosen.connect(self.place_chosen)
        self._words = QLabel(NO_DATA)
        self._words.setProperty("role", "caption")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        page, column = layouts.column(spacing=theme.SPACE // 2)
        column.addWidget(self.closest, 1)
        column.addWidget(self._words)
        self.addWidget(page)
        self.addWidget(self.tray)
        self.setMinimumHeight(LOWEST)
        self.closest_chip = self._chip("Closest", "The training pictures that are most alike")
        self.opened_chip = self._chip("Opened", "The photos that were opened together")
        self.closest_chip.clicked.connect(partial(self.show_page, CLOSEST))
        self.opened_chip.clicked.connect(partial(self.show_page, OPENED))
        self._images: NDArray[np.uint8] | None = None
        self._place = 0
        self.forget_opened()
        self.show_closest(None, None)

    def _chip(self, text: str, tip: str) -> QPushButton:
        chip = QPushButton(text)
        chip.setObjectName(f"{text.lower()}_chip")
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setAutoExclusive(True)
        chip.setMinimumWidth(CHIP)
        chip.setToolTip(tip)
        return chip

    def show_page(self, page: int) -> None:
        """Show the closest pictures or those opened together."""
        self.setCurrentIndex(page)
        (self.closest_chip, self.opened_chip)[page].setChecked(True)

    # -- closest -----------------------------------------------------------------------------

    def show_closest(self, data: PhotoData | None, answer: Answer | None) -> None:
        """Show the pictures of `data` that `answer` names, nearest first; None: no answer yet."""
        self.closest.setVisible(data is not None)
        if data is None or answer is None:
            self._images = None
            self.closest.set_pictures(np.empty((0, 3, 1, 1), np.uint8), [], [])
            self._words.setText(NO_DATA if data is None else "")
            return
        labels = np.maximum(data.labels, 0)
        if self._images is not data.images:
            self._images = data.images
            self.closest.set_pictures(data.images, labels, data.class_names)
        self.closest.set_rows(answer.rows)
        names = [data.class_names[int(labels[row])] for row in answer.rows]
        parts = [f"{names.count(name)} {name}" for name in dict.fromkeys(names)]
        self._words.setText(f"Nearest first: {', '.join(parts)}. Double-click opens.")

    # -- opened together ---------------------------------------------------------------------

    def expect_opened(self, count: int, place: int = 0) -> None:
        """So many photos were opened together; the one at `place` is in sight."""
        self._place = place
        self.opened_chip.setVisible(count > 1)
        self.opened_chip.setText(f"Opened {count:,}")
        if count > 1:
            self.show_page(OPENED)

    def show_opened(
        self, images: NDArray[np.uint8], guess: NDArray[np.int64], names: list[str]
    ) -> str:
        """Show photos (N, 3, S, S) with the classes they are taken for; how many of each."""
        current = self.tray.current_row
        self.tray.set_pictures(images, guess, names)
        self.tray.set_current(self._place if current is None else current)
        counts = np.bincount(guess, minlength=len(names)).tolist()
        words = ", ".join(f"{n:,} {name}" for n, name in zip(counts, names, strict=True))
        self.opened_chip.setToolTip(words)
        return words

    def forget_opened(self) -> None:
        """There is but one photo."""
        self.opened_chip.hide()
        self.show_page(CLOSEST)
