"""Photo: what is in the photo, what the network sees of it, what it says, and why."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

import nn
from gui import kept, layouts, photo_parts, photo_why, theme
from gui.actions import Actions, icon_button
from gui.kept import Parts
from gui.photo.opener import Batch, Opener
from gui.photo.reasons import Reasoner, Reasons
from gui.photo.shelf import Shelf
from gui.photo_reading import Crop, Photo, Source
from gui.photo_session import PhotoSession, painted
from gui.tasks import Tasks
from gui.widgets.boxes import Choice
from gui.widgets.crop_view import CropView
from gui.widgets.network_view import NetworkView
from gui.widgets.panel import Panel
from gui.widgets.photo_view import PhotoView
from gui.widgets.prediction_view import HEADER, ROW, PredictionView
from nn.data.augment import to_float

SIDE = 296  # logical pixels of the right column
GUESSED = 32  # photos at once: a larger piece of work would hold up the window
TWO_LINES = 30  # logical pixels of a caption
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


@dataclass(frozen=True)
class Told:
    """What a session file says of this page beside its photos."""

    why: int  # place among `KINDS`
    strength: int  # of the map, in per cent


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
        self._changes = 0  # of photos that came from outside
        self.reasoner = Reasoner(session, tasks, self)

        self.photo_view = PhotoView()
        self.crop_view = CropView()
        self.network_view = NetworkView()
        self.prediction_view = PredictionView()
        self.warning = _words("", "problem")
        self.warning.setObjectName("strange_warning")
        self.warning.hide()
        self.origin = _words("", "caption")
        self.origin.setObjectName("origin")
        self.origin.setFixedHeight(TWO_LINES)
        self.origin.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.about = _words(session.words, "caption")
        self.about.setObjectName("about_model")
        self.why = Choice()
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.why_words = _words(WHY[photo_why.OFF], "caption")
        self.shelf = Shelf()
        self._lay_out()
        self._connect()
        self._on_network_changed()

    def _lay_out(self) -> None:
        act = self._actions
        buttons = [
            icon_button(act[name], f"{name}_button")
            for name in ("photo_open", "photo_random", "photo_previous", "photo_next")
        ]
        photo, column = layouts.column(spacing=theme.SPACE // 2)
        column.addWidget(self.photo_view, 1)
        column.addWidget(self.origin)
        network = Panel("Network", self.network_view, icon_button(act["photo_fit"], "fit_photo"))
        above = QWidget()
        pair = QHBoxLayout(above)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(theme.SPACE)
        pair.addWidget(Panel("Photo", photo, *buttons), 5)
        pair.addWidget(Panel("What it sees", self.crop_view), 4)
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE)
        for part, share in ((above, 10), (network, 9)):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
            left.addWidget(part, share)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.SPACE, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addLayout(left, 1)
        row.addWidget(self._side())

    def _side(self) -> QWidget:
        side, column = layouts.column(SIDE)
        answer, words = layouts.column(spacing=theme.SPACE // 2)
        words.addWidget(self.prediction_view)
        words.addWidget(self.warning)
        words.addWidget(self.about)
        column.addWidget(Panel("Prediction", answer))
        column.addWidget(Panel("Why", self._reasons_box(), self.why))
        shelf = self.shelf
        column.addWidget(Panel("Pictures", shelf, shelf.closest_chip, shelf.opened_chip), 1)
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
        body, column = layouts.column(spacing=theme.SPACE // 2)
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
        self.shelf.place_chosen.connect(lambda place: self.opener.open(self.batch.sources[place]))
        self.shelf.row_opened.connect(lambda row: self.open_alone(self.session.source_of(row)))
        self.reasoner.answered.connect(self._on_answered)
        self.reasoner.failed.connect(lambda text: self.told.emit(text, "error"))
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
            row = self.shelf.tray.current_row
            place = ((-1 if row is None else row) + step) % len(self.batch.sources)
            self.shelf.tray.set_current(place)
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
        if photo.source.row is None:
            self._changes += 1
        self._show_photo(photo)
        self.photo_view.setFocus()
        self._look()

    def _show_photo(self, photo: Photo | None) -> None:
        self.photo = photo
        if photo is None:
            self.photo_view.set_photo(None)
            self.crop_view.set_picture(None)
            self.seen = None
        else:
            self.photo_view.set_photo(photo.shown, photo.source.name)
        self.origin.setText("" if photo is None else photo.source.origin or photo.source.name)
        self.origin.setToolTip(self.origin.text())

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
        self._changes += 1
        self._show_batch(batch)
        self._sort_batch(tell=not batch.problems)
        count = len(batch.sources)
        if batch.problems:
            bad = len(batch.problems)
            more = f" And {bad - 1:,} more could not be read." if bad > 1 else ""
            photos = "1 photo is" if count == 1 else f"{count:,} photos are"
            self.told.emit(f"{photos} open. {batch.problems[0].rstrip('.')}.{more}", "warning")

    def _show_batch(self, batch: Batch, place: int = 0) -> None:
        self.batch = batch
        self.shelf.expect_opened(len(batch.sources), place)

    def _sort_batch(self, tell: bool = False) -> None:
        """Guess all photos of the batch, beside the window."""
        network = self.reasoner.network()
        if len(self.batch.sources) < 2 or network is None:
            return
        if network.input_shape[1:] != self.batch.images.shape[2:]:
            return
        task = self._tasks.run(_guess, network, self.batch.images)
        task.finished.connect(partial(self._on_guessed, self.batch, network, tell))

    def _on_guessed(
        self, batch: Batch, network: "nn.Network", tell: bool, guess: NDArray[np.int64]
    ) -> None:
        if batch is not self.batch:
            return
        words = self.shelf.show_opened(batch.images, guess, network.class_names)
        if tell:
            self.told.emit(f"{len(guess):,} photos: {words}. Arrows go through them.", "info")

    def _forget_batch(self) -> None:
        self.batch = Batch()
        self.shelf.forget_opened()

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        """Another value whenever another photo was opened from outside."""
        return self._changes

    def made(self) -> Parts:
        """The photo in sight, those that were opened together, and how reasons are looked for."""
        told = Told(self.why.currentIndex(), self.strength.value())
        place = min(self.shelf.tray.current_row or 0, max(len(self.batch.sources) - 1, 0))
        photos = photo_parts.photo_parts(
            self.photo,
            self.photo_view.crop,
            self.batch.sources,
            self.batch.images,
            place,
        )
        return {"look.json": kept.told(told), **photos}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        """Check what `made` told of. What is returned makes the page so, and can't fail.

        Raises ValueError, one sentence, for what does not fit.
        """
        told = kept.record(parts, "look.json", Told)
        with kept.naming("look.json"):
            if not (0 <= told.why < len(KINDS) and 0 <= told.strength <= 100):
                raise ValueError(f"there are no reasons like {told}")
        photos, photo, opened, images = photo_parts.read_photos(parts)

        def become() -> None:
            self._forget_batch()
            self._show_photo(photo)
            if photo is not None:
                self.photo_view.set_crop(photos.crop)
            if opened:
                self._show_batch(Batch(opened, images), min(photos.place, len(opened) - 1))
            self.why.setCurrentIndex(told.why)
            self.strength.setValue(told.strength)
            self._look()
            if photos.total > len(opened):
                self.told.emit(
                    f"Of {photos.total:,} photos that were open the first {len(opened):,} are "
                    "here again; the others are in their folder.",
                    "info",
                )

        return become

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

    def _ask(self) -> None:
        """Look for the reasons and the closest pictures, beside the window."""
        if self.seen is not None and self.photo is not None:
            self.reasoner.ask(self.seen, self.kind, self.photo.source.row)

    def _on_answered(self, found: Reasons) -> None:
        if self.kind != photo_why.OFF:
            self.photo_view.set_heat(found.heat)
        self.shelf.show_closest(self.session.data, found.closest)
        self.warning.setText(found.warning)
        self.warning.setVisible(bool(found.warning))

    # -- what is new -------------------------------------------------------------------------

    def _on_network_changed(self) -> None:
        self.network_view.set_network(self.session.network)
        self.network_view.set_class_names(self.session.class_names)
        self.about.setText(self.session.words)
        self.opener.size = self.session.size
        self.reasoner.forget()
        self.warning.hide()
        names = self.session.class_names
        self.prediction_view.set_prediction(names, None)
        self.prediction_view.setFixedHeight(HEADER + ROW * min(len(names), ROWS) + 8)
        self._look()

    def _on_data_changed(self) -> None:
        self.shelf.show_closest(self.session.data, None)
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
        first = not self.reasoner.ready
        self.reasoner.take(snapshot.parameters)
        self.network_view.show_snapshot(snapshot)
        self.prediction_view.set_prediction(self.session.class_names, snapshot.outputs)
        if first and self.seen is not None:
            self._soon.start(SOON)
        if first:
            self._sort_batch()

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
        network.predict(to_float(images[i : i + GUESSED])).argmax(axis=1)
        for i in range(0, len(images), GUESSED)
    ]
    return np.concatenate(found).astype(np.int64)


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
