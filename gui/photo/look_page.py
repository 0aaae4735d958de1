"""Photo: what is in the photo, what the network sees of it, what it says, and why."""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

import nn
from gui import photo_why, theme
from gui.actions import Actions, icon_button
from gui.photo.opener import Batch, Opener
from gui.photo_reading import Crop, Photo, Source
from gui.photo_session import PhotoSession, painted
from gui.photo_why import Answer, Known
from gui.tasks import Task, Tasks
from gui.widgets.boxes import Choice
from gui.widgets.crop_view import CropView
from gui.widgets.network_view import NetworkView
from gui.widgets.panel import Panel
from gui.widgets.photo_view import PhotoView
from gui.widgets.picture_wall import PictureWall
from gui.widgets.prediction_view import HEADER, ROW, PredictionView
from nn.data.augment import to_float
from nn.photo_familiarity import Familiarity
from nn.photo_model import PhotoModel

SIDE = 296  # logical pixels of the right column
CHIP = 104  # logical pixels
ROWS = 5  # classes that are seen without scrolling
SOON = 120  # milliseconds after the last change until the reasons are looked for
KINDS = (
    ("Off", photo_why.OFF),
    ("Hide and see", photo_why.OCCLUSION),
    ("Gradient", photo_why.GRADIENT),
)
WHY = {
    photo_why.OFF: "Choose how to ask what the answer comes from.",
    photo_why.OCCLUSION: "Each place is hidden in turn: amber speaks for the answer, "
    "blue against it.",
    photo_why.GRADIENT: "Amber: where a small change of colour would change the answer most.",
}


class LookPage(QWidget):
    """Shows one photo at a time; `pull` shows what the network makes of it now."""

    told = Signal(str, str)  # a sentence and its kind

    def __init__(
        self, session: PhotoSession, opener: Opener, tasks: Tasks, actions: Actions
    ) -> None:
        super().__init__()
        self.session, self.opener, self._tasks, self._actions = session, opener, tasks, actions
        self.photo: Photo | None = None
        self.seen: NDArray[np.uint8] | None = None  # (3, S, S)
        self.batch = Batch()
        self._weights: NDArray[np.float32] | None = None
        self._known: Known | None = None
        self._known_of: object = None
        self._closest_of: NDArray[np.uint8] | None = None
        self._asking: Task | None = None

        self.photo_view = PhotoView()
        self.crop_view = CropView()
        self.network_view = NetworkView()
        self.prediction_view = PredictionView()
        self.warning = _words("", "problem")
        self.warning.setObjectName("strange_warning")
        self.warning.hide()
        self.origin = _words("", "caption")
        self.origin.setObjectName("origin")
        self.about = _words(session.words, "caption")
        self.about.setObjectName("about_model")
        self.why = Choice()
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.why_words = _words(WHY[photo_why.OFF], "caption")
        self.closest = PictureWall()
        self.closest_words = _words("", "caption")
        self.tray = PictureWall()
        self.shelf = QStackedWidget()
        self.closest_page = QWidget()
        self.closest_chip = QPushButton("Closest")
        self.closest_chip.setObjectName("closest_chip")
        self.tray_chip = QPushButton("Opened")
        self.tray_chip.setObjectName("tray_chip")
        self._lay_out()
        self._connect()
        self._on_network_changed()
        self._show_closest(None)

    def _lay_out(self) -> None:
        act = self._actions
        self.closest.setObjectName("closest")
        self.closest.setAccessibleName("Closest training pictures")
        self.tray.setObjectName("tray")
        self.tray.setAccessibleName("Photos")
        buttons = [
            icon_button(act[name], f"{name}_button")
            for name in ("photo_open", "photo_random", "photo_previous", "photo_next")
        ]
        photo = QWidget()
        column = QVBoxLayout(photo)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(self.photo_view, 1)
        column.addWidget(self.origin)
        network = Panel("Network", self.network_view, icon_button(act["photo_fit"], "fit_photo"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, theme.SPACE, 0, 0)
        grid.setSpacing(theme.SPACE)
        grid.addWidget(Panel("Photo", photo, *buttons), 0, 0)
        grid.addWidget(Panel("What it sees", self.crop_view), 0, 1)
        grid.addWidget(network, 1, 0, 1, 2)
        grid.addWidget(self._side(), 0, 2, 2, 1)
        grid.setRowStretch(0, 5)
        grid.setRowStretch(1, 4)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 4)

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        answer = QWidget()
        words = QVBoxLayout(answer)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(theme.SPACE // 2)
        words.addWidget(self.prediction_view)
        words.addWidget(self.warning)
        words.addWidget(self.about)
        column.addWidget(Panel("Prediction", answer))
        column.addWidget(Panel("Why", self._reasons_box(), self.why))
        near = QVBoxLayout(self.closest_page)
        near.setContentsMargins(0, 0, 0, 0)
        near.setSpacing(theme.SPACE // 2)
        near.addWidget(self.closest, 1)
        near.addWidget(self.closest_words)
        self.shelf.addWidget(self.closest_page)
        self.shelf.addWidget(self.tray)
        self.shelf.setMinimumHeight(104)
        for i, (chip, tip) in enumerate(
            (
                (self.closest_chip, "The training pictures that are most alike"),
                (self.tray_chip, "The photos that were opened together"),
            )
        ):
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            chip.setMinimumWidth(CHIP)
            chip.setToolTip(tip)
            chip.clicked.connect(partial(self._show_shelf, i))
        column.addWidget(Panel("Pictures", self.shelf, self.closest_chip, self.tray_chip), 1)
        self._show_shelf(0)
        self.tray_chip.hide()
        return side

    def _reasons_box(self) -> QWidget:
        self.why.setObjectName("why")
        self.why.setAccessibleName("Why")
        self.why.setToolTip("A map over the photo: what the answer comes from (W)")
        for text, key in KINDS:
            self.why.addItem(text, key)
        self.strength.setObjectName("heat_strength")
        self.strength.setAccessibleName("Strength of the map")
        self.strength.setToolTip("How strongly the map covers the photo")
        self.strength.setRange(0, 100)
        self.strength.setValue(60)
        self.strength.setEnabled(False)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        row = QHBoxLayout()
        row.addWidget(QLabel("Strength"))
        row.addWidget(self.strength, 1)
        column.addLayout(row)
        column.addWidget(self.why_words)
        return body

    def _connect(self) -> None:
        self._actions.connect_to(
            {
                "photo_random": self.show_random,
                "photo_previous": partial(self.go, -1),
                "photo_next": partial(self.go, 1),
                "photo_fit": self.network_view.fit,
                "photo_why": self._next_kind,
            }
        )
        self.opener.opened.connect(self._on_opened)
        self.opener.batch_read.connect(self._on_batch)
        self.photo_view.crop_changed.connect(self._on_crop_changed)
        self.why.currentIndexChanged.connect(self._on_kind_changed)
        self.strength.valueChanged.connect(lambda v: self.photo_view.set_strength(v / 100))
        self.tray.picture_chosen.connect(self._on_tray_chosen)
        self.closest.picture_opened.connect(
            lambda row: self.opener.open(self.session.source_of(row))
        )
        self.session.network_changed.connect(self._on_network_changed)
        self.session.data_changed.connect(self._on_data_changed)
        self.session.training.running_changed.connect(self._on_running_changed)
        self._crop_timer = QTimer(self, singleShot=True, interval=16)  # one look a frame
        self._crop_timer.timeout.connect(self._look)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._ask)

    # -- which photo -------------------------------------------------------------------------

    def show_random(self) -> None:
        """A picture of the data set by chance, or one that the app paints."""
        self.open_alone(self.session.any_source())

    def open_alone(self, source: Source) -> None:
        """Open one photo that has nothing to do with those before."""
        self._forget_batch()
        self.opener.open(source)

    def go(self, step: int) -> None:
        """To the photo before or after: of the batch, else of the data set, else another."""
        if len(self.batch.sources) > 1:
            row = self.tray.current_row
            place = ((-1 if row is None else row) + step) % len(self.batch.sources)
            self.tray.set_current(place)
            self.opener.open(self.batch.sources[place])
            return
        row = None if self.photo is None else self.photo.source.row
        if row is not None and row < 0:  # painted from a seed
            self.opener.open(painted(max(0, -1 - row + step)))
        elif row is not None and (source := self.session.next_to(row, step)):
            self.opener.open(source)
        else:
            self.show_random()

    def _on_opened(self, photo: Photo) -> None:
        self.photo = photo
        self.photo_view.set_photo(photo.shown, photo.source.name)
        self.origin.setText(photo.source.origin or photo.source.name)
        self.photo_view.setFocus()
        self._look()

    def _on_crop_changed(self, crop: Crop) -> None:
        self._crop_timer.start()

    def _look(self) -> None:
        """Give the network the square as it is now."""
        if self.photo is None:
            return
        middle = Crop.middle(self.photo.width, self.photo.height)
        crop = self.photo_view.crop
        self.seen = self.photo.seen(None if crop == middle else crop, self.session.size)
        self.crop_view.set_picture(self.seen)
        self.watch()
        self._soon.start(SOON)

    def watch(self) -> None:
        """Have the network look at the square; a snapshot follows."""
        x = None if self.seen is None else to_float(self.seen[np.newaxis])
        self.session.training.watch(x)

    # -- many photos -------------------------------------------------------------------------

    def _on_batch(self, batch: Batch) -> None:
        self.batch = batch
        count = len(batch.sources)
        self.tray_chip.setVisible(count > 1)
        self.tray_chip.setText(f"Opened {count:,}")
        if count > 1:
            self._show_shelf(1)
            self._sort_batch()
        if batch.problems:
            bad = len(batch.problems)
            more = f" And {bad - 1:,} more could not be read." if bad > 1 else ""
            photos = "1 photo is" if count == 1 else f"{count:,} photos are"
            self.told.emit(f"{photos} open. {batch.problems[0].rstrip('.')}.{more}", "warning")

    def _sort_batch(self) -> None:
        """Guess all photos of the batch, beside the window."""
        network = self._copy()
        if network is None or network.input_shape[1:] != self.batch.images.shape[2:]:
            return
        task = self._tasks.run(_guess, network, self.batch.images)
        task.finished.connect(partial(self._on_guessed, self.batch, network))

    def _on_guessed(self, batch: Batch, network: "nn.Network", guess: NDArray[np.int64]) -> None:
        if batch is not self.batch:
            return
        current = self.tray.current_row
        self.tray.set_pictures(batch.images, guess, network.class_names)
        self.tray.set_current(current or 0)
        counts = np.bincount(guess, minlength=len(network.class_names)).tolist()
        words = ", ".join(
            f"{n:,} {name}" for n, name in zip(counts, network.class_names, strict=True)
        )
        self.tray_chip.setToolTip(words)
        if not batch.problems:
            self.told.emit(f"{len(guess):,} photos: {words}. Arrows go through them.", "info")

    def _on_tray_chosen(self, row: int) -> None:
        self.opener.open(self.batch.sources[row])

    def _forget_batch(self) -> None:
        self.batch = Batch()
        self.tray_chip.hide()
        self._show_shelf(0)

    def _show_shelf(self, page: int) -> None:
        """Show the closest pictures (0) or those opened together (1)."""
        self.shelf.setCurrentIndex(page)
        (self.closest_chip, self.tray_chip)[page].setChecked(True)

    # -- reasons -----------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """How reasons are looked for."""
        return str(self.why.currentData())

    def _next_kind(self) -> None:
        self.why.setCurrentIndex((self.why.currentIndex() + 1) % self.why.count())

    def _on_kind_changed(self) -> None:
        self.why_words.setText(WHY[self.kind])
        self.strength.setEnabled(self.kind != photo_why.OFF)
        if self.kind == photo_why.OFF:
            self.photo_view.set_heat(None)
        self._soon.start(0)

    def _copy(self) -> "nn.Network | None":
        """The network as it was in the newest snapshot, to ask beside the window."""
        layout = self.session.network
        if self._weights is None or layout.parameters.size != self._weights.size:
            return None
        twin = layout.copy()
        twin.parameters[...] = self._weights
        return twin

    def _ask(self) -> None:
        """Look for the reasons and the closest pictures, beside the window."""
        network = self._copy()
        if self.seen is None or network is None or self.session.training.running:
            return
        if self._asking is not None:
            self._asking.cancel()
        data = self.session.data
        images = None if data is None or not len(data) else data.images
        if images is not None and images.shape[2] != self.session.size:
            images = None
        rows = None if data is None or images is None else data.rows()
        key = (id(images), b"" if rows is None else rows.tobytes(), network.parameters.tobytes())
        known = self._known if key == self._known_of else None
        own = self.photo.source.row if self.photo is not None else None
        question = Question(
            network,
            to_float(self.seen[np.newaxis]),
            self.kind,
            known,
            images,
            rows,
            own,
            self.session.familiarity,
        )
        task = self._tasks.run(_reasons, question)
        self._asking = task
        task.finished.connect(partial(self._on_answered, task, key))
        task.failed.connect(lambda text: self.told.emit(text, "error"))

    def _on_answered(self, task: Task, key: object, found: "Reasons") -> None:
        if task is not self._asking:
            return
        self._asking = None
        self._known, self._known_of = found.known, key
        if self.kind != photo_why.OFF:
            self.photo_view.set_heat(found.heat)
        self._show_closest(found.closest)
        self.warning.setText(found.warning)
        self.warning.setVisible(bool(found.warning))

    def _show_closest(self, answer: Answer | None) -> None:
        data = self.session.data
        if answer is None or data is None:
            self._closest_of = None
            self.closest.set_pictures(np.empty((0, 3, 1, 1), np.uint8), [], [])
            self.closest.setVisible(data is not None)
            self.closest_words.setText(
                "Open or build a data set (Ctrl+3) to see which of its pictures are most alike."
                if data is None
                else ""
            )
            return
        labels = np.maximum(data.labels, 0)
        if self._closest_of is not data.images:
            self._closest_of = data.images
            self.closest.set_pictures(data.images, labels, data.class_names)
        self.closest.show()
        self.closest.set_rows(answer.rows)
        names = [data.class_names[int(labels[row])] for row in answer.rows]
        parts = [f"{names.count(name)} {name}" for name in dict.fromkeys(names)]
        self.closest_words.setText("Nearest first: " + ", ".join(parts) + ". Double-click opens.")

    # -- what is new -------------------------------------------------------------------------

    def _on_network_changed(self) -> None:
        self.network_view.set_network(self.session.network)
        self.network_view.set_class_names(self.session.class_names)
        self.about.setText(self.session.words)
        self.opener.size = self.session.size
        self._weights = None
        self.warning.hide()
        names = self.session.class_names
        self.prediction_view.set_prediction(names, None)
        self.prediction_view.setFixedHeight(HEADER + ROW * min(len(names), ROWS) + 8)
        self._look()

    def _on_data_changed(self) -> None:
        self._known_of = None
        self._show_closest(None)
        self._soon.start(SOON)

    def _on_running_changed(self, running: bool) -> None:
        self.network_view.set_training(running)
        self.about.setText(self.session.words)
        if running:
            self.warning.hide()
        else:
            self._soon.start(SOON)

    def show_snapshot(self, snapshot: "nn.snapshot.Snapshot") -> None:
        """Show what the network is and says in this moment."""
        if snapshot.network is not self.session.network:
            return
        first = self._weights is None
        self._weights = snapshot.parameters.copy()
        self.network_view.show_snapshot(snapshot)
        self.prediction_view.set_prediction(self.session.class_names, snapshot.outputs)
        if first and self.seen is not None:
            self._soon.start(SOON)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows that no widget wants go from photo to photo."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self.go(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()


def _guess(network: "nn.Network", images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The class of each picture (N, 3, S, S)."""
    found = [
        network.predict(to_float(images[i : i + 256])).argmax(axis=1)
        for i in range(0, len(images), 256)
    ]
    return np.concatenate(found).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked beside the window, and of which network."""

    network: "nn.Network"
    x: NDArray[np.float32]  # (1, 3, S, S)
    kind: str  # of reasons
    known: Known | None  # what was known already
    images: NDArray[np.uint8] | None  # of the data set
    rows: NDArray[np.int64] | None
    own: int | None  # the row that `x` itself is
    familiarity: Familiarity | None


class Reasons(NamedTuple):
    """The answer: a map or None, a warning or nothing, the closest pictures."""

    heat: NDArray[np.float32] | None
    warning: str
    closest: Answer | None
    known: Known | None


def _reasons(asked: Question) -> Reasons:
    heat = None
    if asked.kind != photo_why.OFF:
        heat = photo_why.heat(asked.network, asked.x, asked.kind)
    warning = None
    if asked.familiarity is not None:
        warning = PhotoModel(asked.network, {}, asked.familiarity).unlike_both(asked.x)
    if asked.images is None:
        return Reasons(heat, warning or "", None, None)
    known = asked.known or photo_why.know(asked.network, asked.images, asked.rows)
    closest = photo_why.compare(asked.network, asked.x, known, asked.own)
    return Reasons(heat, warning or "", closest, known)


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
