"""One picture of a data set, large: with an index box, a slider and arrows to go through them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QIcon,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import painting, pictures, theme
from gui.pictures import Images

EMPTY = "A picture appears here, large, once there is a data set"
NONE_FIT = "No picture fits what is asked for"


class PictureBrowser(QWidget):
    """The picture, its class, its index, and the ways to another.

    A row is a picture's place in the data set, counted from 0. With `set_rows`, slider and arrows
    go through those rows only; the index box then goes to the nearest of them.
    """

    picture_changed = Signal(int)  # row, when the person went to it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture_browser")
        self.setAccessibleName("Picture")
        self._images: Images = np.empty((0, 1, 1, 1), np.uint8)
        self._labels: NDArray[np.int64] = np.empty(0, np.int64)
        self._names: list[str] = []
        self._rows: NDArray[np.int64] = np.empty(0, np.int64)
        self._predicted: NDArray[np.int64] | None = None
        self._place = -1

        self._picture = _LargePicture()
        self._picture.stepped.connect(self._on_stepped)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._verdict = QLabel()
        self._verdict.setTextFormat(Qt.TextFormat.PlainText)
        self._index = _IndexBox()
        self._index.asked.connect(self._on_index_asked)
        self._index.stepped.connect(self._on_stepped)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("picture_slider")
        self._slider.setAccessibleName("Place among the pictures")
        self._slider.setToolTip("Drag to go through the pictures")
        self._slider.valueChanged.connect(self._on_slider_changed)
        self._back = self._arrow("Previous picture (Left)", -1)
        self._forth = self._arrow("Next picture (Right)", 1)
        self._caption = QLabel()
        self._caption.setProperty("role", "caption")
        self._lay_out()
        self._dress()
        self._show()

    def _lay_out(self) -> None:
        named = QHBoxLayout()
        named.setSpacing(theme.SPACE)
        named.addWidget(self._title, 1)
        named.addWidget(self._verdict)
        steps = QHBoxLayout()
        steps.setSpacing(theme.SPACE // 2)
        steps.addWidget(self._back)
        steps.addWidget(self._slider, 1)
        steps.addWidget(self._forth)
        steps.addWidget(self._index)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(self._picture, 1)
        column.addLayout(named)
        column.addLayout(steps)
        column.addWidget(self._caption)

    def _arrow(self, tip: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "icon")
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(" (")[0])
        button.setAutoRepeat(True)
        button.clicked.connect(lambda: self._on_stepped(by))
        return button

    # What others ask and say

    def set_pictures(self, images: Images, labels: ArrayLike, names: Sequence[str]) -> None:
        """Show the first picture of a data set; forgets rows and predictions.

        Args:
            images: (N, C, H, W) uint8; not copied.
            labels: (N,) indices into names.
            names: of the classes.

        Raises:
            ValueError: shapes, types or labels do not fit.
        """
        classes = np.asarray(labels, np.int64)
        pictures.check(images, classes, names)
        self._images, self._labels, self._names = images, classes, list(names)
        self._rows = np.arange(len(images))
        self._predicted = None
        self._place = 0 if len(images) else -1
        self._show()

    def set_rows(self, rows: ArrayLike | None) -> None:
        """Go through these rows (n,) only; None: through all. Stays at its row where it can.

        Raises:
            ValueError: a row is not in the data set.
        """
        wanted = np.arange(len(self._images)) if rows is None else np.asarray(rows, np.int64)
        if len(wanted) and not 0 <= int(wanted.min()) <= int(wanted.max()) < len(self._images):
            raise ValueError(
                f"rows: expected 0 to {len(self._images) - 1}, got {wanted.min()} to {wanted.max()}"
            )
        kept = self.current_row
        self._rows = wanted
        self._place = self._nearest(kept or 0)
        self._show()

    def set_predictions(self, predicted: ArrayLike | None) -> None:
        """Say what the network took each picture (N,) for, -1 where unknown.

        Raises:
            ValueError: there is not one for each picture.
        """
        known = None if predicted is None else np.asarray(predicted, np.int64)
        if known is not None and known.shape != self._labels.shape:
            raise ValueError(f"predicted: expected {len(self._labels)}, got {known.shape}")
        self._predicted = known
        self._show()

    def set_current(self, row: int) -> None:
        """Show a row, or the nearest of those gone through; nothing is emitted."""
        place = self._nearest(row)
        if place != self._place:
            self._place = place
            self._show()

    @property
    def current_row(self) -> int | None:
        """The row shown, if any."""
        return int(self._rows[self._place]) if self._place >= 0 else None

    def sizeHint(self) -> QSize:
        return QSize(280, 320)

    def _nearest(self, row: int) -> int:
        return int(np.abs(self._rows - row).argmin()) if len(self._rows) else -1

    # Going to another

    def _on_stepped(self, by: int) -> None:
        self._go_to(max(0, min(self._place + by, len(self._rows) - 1)))

    def _on_slider_changed(self, place: int) -> None:
        self._go_to(place)

    def _on_index_asked(self, row: int) -> None:
        self._go_to(self._nearest(row))
        self._show()  # the box may have asked for a row that isn't gone through

    def _go_to(self, place: int) -> None:
        if place != self._place and 0 <= place < len(self._rows):
            self._place = place
            self._show()
            self.picture_changed.emit(int(self._rows[place]))

    # Showing

    def _show(self) -> None:
        row = self.current_row
        for control in (self._slider, self._index, self._back, self._forth):
            control.setEnabled(row is not None)
        self._slider.blockSignals(True)
        self._slider.setRange(0, max(0, len(self._rows) - 1))
        self._slider.setPageStep(max(1, len(self._rows) // 20))
        self._index.set_row(row, len(self._images))
        if row is None:
            self._picture.set_picture(None, NONE_FIT if len(self._images) else EMPTY)
            self._title.clear()
            self._verdict.clear()
            self._caption.clear()
            text = NONE_FIT if len(self._images) else EMPTY
        else:
            self._slider.setValue(self._place)
            text = self._show_row(row)
        self._slider.blockSignals(False)
        self._back.setEnabled(self._place > 0)
        self._forth.setEnabled(0 <= self._place < len(self._rows) - 1)
        self.setAccessibleDescription(text)
        self._picture.setAccessibleDescription(text)

    def _show_row(self, row: int) -> str:
        picture, label = self._images[row], int(self._labels[row])
        taken_for = -1 if self._predicted is None else int(self._predicted[row])
        self._picture.set_picture(pictures.to_image(picture))
        self._title.setText(self._names[label])
        self._title.setToolTip(f"Labelled {self._names[label]}")
        self._show_verdict(label, taken_for)
        channels, high, wide = picture.shape
        kind = {1: "grey", 3: "colour"}.get(channels, f"{channels} channels")
        among = "" if len(self._rows) == len(self._images) else " that fit"
        self._caption.setText(
            f"{self._place + 1:,} of {len(self._rows):,}{among}   {wide}×{high} {kind}"
        )
        return pictures.words(row, label, taken_for, self._names)

    def _show_verdict(self, label: int, taken_for: int) -> None:
        known = 0 <= taken_for < len(self._names)
        right = taken_for == label
        sign = "✓ predicted right" if right else f"✗ predicted {self._names[taken_for]}"
        self._verdict.setText(sign if known else "")
        ink = theme.colours().right if right else theme.colours().wrong
        self._verdict.setStyleSheet(f"color: {ink}")

    def _dress(self) -> None:
        chevron = theme.icon("chevron").pixmap(20, 20, QIcon.Mode.Normal)
        faint = theme.icon("chevron").pixmap(20, 20, QIcon.Mode.Disabled)
        for button, angle in ((self._back, 90), (self._forth, -90)):
            icon = QIcon()
            turn = QTransform().rotate(angle)
            icon.addPixmap(chevron.transformed(turn), QIcon.Mode.Normal)
            icon.addPixmap(faint.transformed(turn), QIcon.Mode.Disabled)
            button.setIcon(icon)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
            self._show()
        super().changeEvent(event)


class _IndexBox(QLineEdit):
    """Takes a whole number, with or without commas; anything else is put back."""

    asked = Signal(int)
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("picture_index")
        self.setAccessibleName("Index of the picture")
        self.setToolTip("The picture's index in the data set, counted from 0: type one and Enter")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._row: int | None = None
        self.editingFinished.connect(self._on_editing_finished)

    def set_row(self, row: int | None, total: int) -> None:
        """Show a row of so many."""
        self._row = row
        self.setText("" if row is None else str(row))
        digits = "0" * max(3, len(str(total)))
        self.setFixedWidth(QFontMetrics(theme.font()).horizontalAdvance(digits) + 24)

    def _on_editing_finished(self) -> None:
        text = "".join(letter for letter in self.text() if letter not in ", _   ")
        if self._row is None or text == str(self._row):
            return
        # More digits than any data set has pictures would not fit into a number of Qt's.
        if text.isascii() and text.isdigit() and len(text) < 10:
            self.asked.emit(int(text))
        else:
            self.setText(str(self._row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(by)


class _LargePicture(QWidget):
    """The picture itself; Left, Right, Home, End and the wheel step."""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("large_picture")
        self.setAccessibleName("Picture")
        self.setToolTip("Left and Right go to the next picture, Page Up and Down by ten")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(64, 64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image: QImage | None = None
        self._sentence = EMPTY

    def set_picture(self, image: QImage | None, sentence: str = "") -> None:
        self._image, self._sentence = image, sentence
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = 2**31 - 1
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -10,
            Qt.Key.Key_PageDown: 10,
            Qt.Key.Key_Home: -far,
            Qt.Key.Key_End: far,
        }.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(by)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if self.hasFocus() and turned:
            self.stepped.emit(-1 if turned > 0 else 1)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        painting.paint_paper(painter, area)
        if self._image is None:
            painting.paint_sentence(painter, area, self._sentence)
        else:
            pictures.paint_picture(painter, area.adjusted(8, 8, -8, -8), self._image)
        if self.hasFocus():
            painting.paint_focus_ring(painter, area)
