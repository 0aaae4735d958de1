"""Paint: a network that turns x and y into a colour learns a picture."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QVBoxLayout

import nn
import nn.point_presets
from gui import kept, layouts, theme
from gui.kept import Parts
from gui.photo.dropped import Dropped, look_at, source_of
from gui.points.network_panel import NetworkPanel
from gui.points.page import Desk, Page
from gui.points.paint_look import (
    LEARNT,
    PAINTED,
    colour_error,
    examples,
    look_at_painting,
)
from gui.points.settings_panel import SettingsPanel
from gui.points.transport import Transport
from gui.points_batches import Data
from gui.points_settings import PointSettings
from gui.points_training import PointsTraining
from gui.points_worker import Frame, read_training
from gui.tasks import Tasks
from gui.widgets.colour_pair_view import ColourPairView
from gui.widgets.log_slider import LogSlider
from gui.widgets.loss_pair import LossPair
from gui.widgets.panel import Panel
from nn.data import scene
from nn.data.photo import PhotoSource, read_photo
from nn.typing import Array

SIDE = 300  # logical pixels of the left column
CURVES = 168  # and of the panel of losses
PRESET = "paint"
SHAPE = (2, 1, 1)
START = "Sunset"
LONGEST_NAME = 255  # characters of a picture's
FILES = (
    "Pictures (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.avif *.ico *.ppm);;"
    "All files (*)"
)


@dataclass(frozen=True)
class Told:
    """What a session file says of this page beside picture and training."""

    name: str  # of the picture
    text: str


class PaintPage(Page):
    """Picture, learning rate, network and settings at the left; picture and painting beside."""

    title = "Paint"
    tip = "A network that learns a picture: from x and y to a colour"
    verbs = frozenset({"open", "undo"})

    def __init__(self, desk: Desk) -> None:
        network = nn.point_presets.build(PRESET, seed=0)
        super().__init__(desk, PointsTraining(network, PointSettings.of_preset(PRESET)))
        self.tasks = Tasks(self)
        self.picture: Array = np.empty((3, 0, 0), np.uint8)
        self.name = ""
        self._before: tuple[Array, Array, str] | None = None
        self._changes = 0  # of the picture
        self._shown: Array = self.picture
        self._loss = float("nan")
        self.pair = ColourPairView()
        self.picture_line = QLabel()
        self.open_button = QPushButton("Open …")
        self.start_button = QPushButton(START)
        self.rate = LogSlider("Learning rate", "How far one step moves the weights", 1e-5, 1.0)
        self.network_panel = NetworkPanel(self, (PRESET,), SHAPE, lambda: 3)
        self.settings_panel = SettingsPanel(self)
        self.losses = LossPair(accuracies=False)
        self._lay_out()
        self._connect()
        self._show_rate()
        self.show_start()
        self._look()

    # -- composition -------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for button, name, tip in (
            (self.open_button, "paint_open_button", "Open a picture (Ctrl+I), or drop one here"),
            (self.start_button, "paint_start_button", "The painted picture of the beginning"),
        ):
            button.setObjectName(name)
            button.setToolTip(tip)
            button.setProperty("role", "quiet")
        self.picture_line.setProperty("role", "caption")
        self.picture_line.setWordWrap(True)
        side, left = layouts.column(SIDE)
        left.addWidget(Panel("Picture", self.picture_line, self.open_button, self.start_button))
        left.addWidget(Panel("Learning rate", self.rate))
        left.addWidget(Panel("Network", self.network_panel, self.network_panel.presets_button), 1)
        left.addWidget(Panel("Training", self.settings_panel))

        middle, stack = layouts.column()
        stack.addWidget(Transport(self))
        stack.addWidget(self.pair, 1)
        curves = Panel("Loss", self.losses)
        curves.setFixedHeight(CURVES)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE)
        right.addWidget(Panel("", middle), 1)
        right.addWidget(curves)
        row = layouts.page_row(self)
        row.addWidget(side)
        row.addLayout(right, 1)

    def _connect(self) -> None:
        self.open_button.clicked.connect(self.open)
        self.start_button.clicked.connect(self.show_start)
        self.rate.value_changed.connect(self._on_rate_changed)
        self.settings_changed.connect(self._show_rate)
        self.running_changed.connect(lambda on: None if on else self._look())

    # -- the picture -------------------------------------------------------------------------

    def show_start(self) -> None:
        """Learn the painted picture of the beginning."""
        self.set_picture(scene.sunset(LEARNT), scene.sunset(2 * PAINTED), START)

    def set_picture(self, picture: Array, shown: Array, name: str) -> None:
        """Learn a picture (3, S, S) uint8 from now on; `shown` is the same, larger.

        The weights stay as they are.
        """
        if self.name:
            self._before = (self.picture, self._shown, self.name)
        data = examples(picture)
        self._show_picture(picture, shown, name, data)
        assert self.training is not None
        self.training.set_data(data)

    def _show_picture(self, picture: Array, shown: Array, name: str, data: Data) -> None:
        self._changes += 1
        self.picture, self._shown, self.name = picture, shown, name
        self.pair.set_picture(np.ascontiguousarray(shown.transpose(1, 2, 0)))
        tests = 0 if data.test_x is None else len(data.test_x)
        self.picture_line.setText(
            f"{name}: {LEARNT}×{LEARNT} pixels, of which {tests:,} only test. "
            "Drop any picture to learn it."
        )

    def open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Learn a picture", "", FILES)
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Learn a picture from a file, or say why not."""
        self._read(path, path.name)

    def undo(self) -> None:
        """Learn the picture before this one again."""
        if self._before is not None:
            self.set_picture(*self._before)

    def take(self, mime: QMimeData) -> bool:
        found = look_at(mime)
        if found.paths:
            self.open_file(found.paths[0])
            if len(found.paths) > 1:
                self.desk.say(f"Of {len(found.paths)} files the first one is learnt.")
        elif found.image is not None or found.content:
            self._read(found, "the picture")
        elif found.problem or found.url:
            self.desk.say(
                found.problem or "Save the picture first, and drop its file here.", "error"
            )
        return bool(found)

    def _read(self, source: Path | Dropped, name: str) -> None:
        task = self.tasks.run(_pictures, source, name)
        task.finished.connect(lambda made: self._on_read(name, *made))
        task.failed.connect(lambda text: self.desk.say(text, "error"))

    def _on_read(self, name: str, picture: Array, shown: Array) -> None:
        self.set_picture(picture, shown, name)
        self.desk.say(
            f"The network learns {name} now, from the weights it has.", "info", ("Undo", self.undo)
        )

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        return super().stamp(), self._changes, self.network_panel.editor.text()

    def made(self) -> Parts:
        told = Told(self.name, self.network_panel.editor.text())
        pixels = {"picture": self.picture, "shown": self._shown}
        return {"page.json": kept.told(told), "picture.npz": pixels}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        told = kept.record(parts, "page.json", Told)
        with kept.naming("page.json"):
            self.network_panel.check(told.text)
        picture, shown = (
            kept.array(parts, "picture.npz", key, np.uint8, (3, edge, edge))
            for key, edge in (("picture", LEARNT), ("shown", 2 * PAINTED))
        )
        data = examples(picture)
        made = read_training(parts, data, SHAPE, 3)

        def become() -> None:
            self._before = None
            self._show_picture(picture, shown, told.name[:LONGEST_NAME], data)
            self.go_on_with(made)
            self.network_panel.editor.set_text(told.text)

        return become

    # -- training ----------------------------------------------------------------------------

    def _on_rate_changed(self, lr: float) -> None:
        self.change(replace(self.settings, lr=lr))

    def _show_rate(self) -> None:
        if self.rate.value != self.settings.lr:
            self.rate.set_value(self.settings.lr)

    def apply(self) -> None:
        self.network_panel.apply()

    # -- what is shown -----------------------------------------------------------------------

    def _look(self) -> None:
        """Have the network paint; asked again, it paints at once."""
        assert self.training is not None
        self.training.look("painting", look_at_painting())

    def show_frame(self, frame: Frame) -> None:
        painted = frame.seen.get("painting")
        if painted is not None and painted.shape[2] == 3:
            self.pair.set_painting(painted)
        self._loss = frame.loss

    def show_rows(self, rows: np.ndarray) -> None:
        self.losses.set_rows(rows)

    def status(self, pace: float) -> tuple[str, str]:
        return super().status(pace)[0], colour_error(self._loss)

    def shut_down(self) -> None:
        super().shut_down()
        self.tasks.close()


def _pictures(source: Path | Dropped, name: str) -> tuple[Array, Array]:
    """A picture as it is learnt and as it is shown."""
    what: PhotoSource
    if isinstance(source, Path):
        what = source
    elif source.image is not None:
        pixels = source_of(source.image, name, "").what
        assert isinstance(pixels, np.ndarray)
        what = pixels
    else:
        what = source.content
    shown = read_photo(what, PAINTED * 2, name=name)
    return read_photo(np.ascontiguousarray(shown.transpose(1, 2, 0)), LEARNT), shown
