"""Classify: points of two to six classes, and a boundary that bends while the network learns."""

import os
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

import nn
import nn.point_presets
from gui import kept, layouts
from gui.actions import icon_button
from gui.kept import Parts
from gui.points.backdrop import look_at_plane
from gui.points.data_panel import DataPanel
from gui.points.dataset import LETTERS, Held, PointSet, Recipe
from gui.points.network_panel import NetworkPanel
from gui.points.page import Desk, Page
from gui.points.settings_panel import SettingsPanel
from gui.points.show_panel import ShowPanel
from gui.points.transport import Transport
from gui.points_batches import Data
from gui.points_settings import PointSettings
from gui.points_training import PointsTraining
from gui.points_worker import Frame, read_training
from gui.tasks import Tasks
from gui.widgets.class_chips import ClassChips
from gui.widgets.loss_pair import LossPair
from gui.widgets.panel import Panel
from gui.widgets.plane_view import PlaneView
from nn.data import points as point_files
from nn.data.points import MOST_CLASSES, MOST_POINTS, Read, empty, generate, split

SIDE, READINGS = 312, 204  # logical pixels of the left and the right column
PRESET = "classify"
SHAPE = (2, 1, 1)
HOW = "Click adds · Shift: the next class · Ctrl removes · drag paints · wheel zooms"
TEST_PART = 0.25  # of a data set is kept from training
LONGEST_NAME = 200  # characters of a class
EMPTY = "Click to add points, or choose a data set at the left"


@dataclass(frozen=True)
class Told:
    """What a session file says of this page beside points and training."""

    names: tuple[str, ...]
    recipe: Recipe  # that is shown
    is_made: bool  # and that the points are of
    label: int
    reach: float
    hard: bool
    tests: bool
    text: str


class ClassifyPage(Page):
    """Data, network and settings at the left, the plane in the middle, readings at the right."""

    title = "Classify"
    tip = "Points of two to six classes, and the boundary between them"
    verbs = frozenset({"open", "undo", "redo"})
    points_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        network = nn.point_presets.build(PRESET, seed=0)
        super().__init__(desk, PointsTraining(network, PointSettings.of_preset(PRESET)))
        self.points, self.tasks = PointSet(), Tasks(self)
        self.label = 0
        self.plane = PlaneView()
        self.plane.set_hint(EMPTY)
        self.data_panel = DataPanel()
        self.network_panel = NetworkPanel(
            self, nn.point_presets.CLASSIFY, SHAPE, lambda: len(self.points.now.names)
        )
        self.settings_panel = SettingsPanel(self)
        self.show_panel = ShowPanel()
        self.losses = LossPair()
        self.chips = ClassChips()
        self.clear_button = QPushButton("Clear")
        self.transport = Transport(self)
        self._share = QTimer(self, singleShot=True, interval=30)
        self._lay_out()
        self._connect()
        self._make(self.data_panel.recipe)

    # -- composition -------------------------------------------------------------------------

    def _lay_out(self) -> None:
        side, left = layouts.column(SIDE)
        left.addWidget(Panel("Data", self.data_panel, *self.data_panel.files()))
        left.addWidget(Panel("Network", self.network_panel, self.network_panel.presets_button), 1)
        left.addWidget(Panel("Training", self.settings_panel))

        middle, stack = layouts.column()
        stack.addWidget(self.transport)
        stack.addWidget(self.plane, 1)
        how = layouts.caption(HOW)
        how.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        stack.addWidget(how)

        brush = QWidget()
        self.clear_button.setObjectName("points_clear_button")
        self.clear_button.setToolTip("Remove every point (can be undone)")
        self.clear_button.setProperty("role", "quiet")
        column = QVBoxLayout(brush)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.chips)

        readings, right = layouts.column(READINGS)
        act = self.desk.actions
        tools = [
            icon_button(act["points_undo"], "points_undo_button"),
            icon_button(act["points_redo"], "points_redo_button"),
            self.clear_button,
        ]
        right.addWidget(Panel("Add", brush, *tools))
        right.addWidget(Panel("Show", self.show_panel))
        right.addWidget(Panel("Loss", self.losses), 1)

        row = layouts.page_row(self)
        row.addWidget(side)
        row.addWidget(Panel("", middle), 1)
        row.addWidget(readings)

    def _connect(self) -> None:
        self.plane.stroke_began.connect(self.points.begin)
        self.plane.point_added.connect(self._on_point_added)
        self.plane.point_removed.connect(self._on_point_removed)
        self.plane.reach_changed.connect(lambda _: self._look())
        self.chips.label_chosen.connect(self.choose_label)
        self.clear_button.clicked.connect(self.clear)
        self.data_panel.recipe_changed.connect(self._make)
        self.data_panel.classes_chosen.connect(self._on_classes_chosen)
        self.data_panel.import_wanted.connect(self.import_csv)
        self.data_panel.export_wanted.connect(self.export_csv)
        self.show_panel.hardness_chosen.connect(lambda _: self._look())
        self.show_panel.tests_toggled.connect(lambda _: self._show_points())
        self._share.timeout.connect(self._share_points)
        for number in range(1, MOST_CLASSES + 1):
            key = QShortcut(QKeySequence(str(number)), self)
            key.activated.connect(lambda i=number - 1: self.choose_label(i))

    # -- points ------------------------------------------------------------------------------

    def choose_label(self, index: int) -> None:
        """The class of the points that a click adds."""
        if 0 <= index < len(self.points.now.names):
            self.label = index
            self.chips.set_current(index)

    def _make(self, recipe: Recipe) -> None:
        """Points of a recipe in the place of those that there are."""
        made = generate(recipe.name, recipe.count, recipe.noise, recipe.seed, recipe.classes)
        train, test = split(made, TEST_PART, recipe.seed)
        were_own = self.points.now.is_own
        self.points.replace(Held(train, test, LETTERS[: recipe.classes], recipe))
        self._on_points_changed()
        if were_own:
            self.desk.say("Your points made room for these.", "info", ("Undo", self.undo))

    def _on_classes_chosen(self, count: int) -> None:
        """A recipe is made anew with so many classes; one's own points stay."""
        held = self.points.now
        if held.recipe is not None:
            self._make(replace(held.recipe, classes=count))
            return
        gone = self.points.set_classes(count)
        self._on_points_changed()
        if gone:
            points = "1 point" if gone == 1 else f"{gone:,} points"
            self.desk.say(f"{points} went with their class.", "info", ("Undo", self.undo))

    def _on_point_added(self, x: float, y: float, other: bool) -> None:
        label = (self.label + other) % len(self.points.now.names)
        if self.points.add(x, y, label):
            self._on_points_changed()
        else:
            self.desk.say(f"{MOST_POINTS:,} points are the most that fit.")

    def _on_point_removed(self, x: float, y: float) -> None:
        if self.points.remove_nearest(x, y):
            self._on_points_changed()

    def clear(self) -> None:
        """Remove every point."""
        held = self.points.now
        if len(held.train.y) or len(held.test.y):
            self.points.replace(Held(empty(), empty(), held.names))
            self._on_points_changed()
            self.desk.say("All points are gone.", "info", ("Undo", self.undo))

    def undo(self) -> None:
        if self.points.undo():
            self._on_points_changed()

    def redo(self) -> None:
        if self.points.redo():
            self._on_points_changed()

    def _on_points_changed(self) -> None:
        names = self.points.now.names
        self.label = min(self.label, len(names) - 1)
        self._show_points()
        assert self.training is not None
        if self.training.network.output_shape[0] != len(names):
            self._share_points()
            self._fit_classes(len(names))
        elif not self._share.isActive():
            self._share.start()  # many points of one drag go over at once

    def _show_points(self) -> None:
        train, test, names, recipe = self.points.now
        self.plane.set_class_names(names)
        shown = (test.x, test.y) if self.show_panel.tests.isChecked() and len(test.y) else None
        self.plane.set_points(train.x, train.y, shown)
        counts = np.bincount(train.y, minlength=len(names)).tolist()
        self.chips.set_classes(names, counts)
        self.chips.set_current(self.label)
        shown_recipe = replace(recipe or self.data_panel.recipe, classes=len(names))
        self.data_panel.set_recipe(shown_recipe, is_made=recipe is not None)

    def _share_points(self) -> None:
        """Have the training use the points as they are now."""
        assert self.training is not None
        self._share.stop()
        self.training.set_data(_data(self.points.now))
        self.points_changed.emit()

    def _fit_classes(self, classes: int) -> None:
        """Give the network as many outputs as there are classes; what it learned stays."""
        training = self.training
        assert training is not None
        network = training.network
        kept = network.output_shape[0]
        sources = [i if i < kept else None for i in range(classes)]
        names = [str(i) for i in range(classes)]
        try:
            made = network.with_classes(names, sources, training.seed)
        except ValueError:
            made = nn.point_presets.build(PRESET, training.seed, classes)
        training.load(made, None, training.seed)
        self.network_changed.emit()

    def why_not_ready(self) -> str:
        train = self.points.now.train
        if not len(train.y):
            return "There are no points yet: click into the plane, or choose a data set."
        return ""

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        text = self.network_panel.editor.text()
        return super().stamp(), self.points.changes, self.data_panel.recipe, text

    def made(self) -> Parts:
        if self._share.isActive():
            self._share_points()
        held = self.points.now
        told = Told(
            held.names,
            self.data_panel.recipe,
            held.recipe is not None,
            self.label,
            self.plane.reach,
            self.show_panel.hard.isChecked(),
            self.show_panel.tests.isChecked(),
            self.network_panel.editor.text(),
        )
        return {"page.json": kept.told(told), **held.parts()}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        told = kept.record(parts, "page.json", Told)
        with kept.naming("page.json"):
            self.data_panel.check(told.recipe)
            self.network_panel.check(told.text)
            if told.recipe.classes != len(told.names) or max(map(len, told.names)) > LONGEST_NAME:
                raise ValueError(f"there are no classes like {told.names}"[:100])
            if not 0 <= told.label < len(told.names):
                raise ValueError(f"label can't be {told.label}")
        held = Held.read(parts, told.names, told.recipe if told.is_made else None)
        made = read_training(parts, _data(held), SHAPE, len(held.names))

        def become() -> None:
            self._share.stop()
            self.points.start_with(held)
            self.label = told.label
            self.data_panel.recipe = told.recipe
            (self.show_panel.hard if told.hard else self.show_panel.probability).setChecked(True)
            self.show_panel.tests.setChecked(told.tests)
            self.plane.set_reach(told.reach)
            self._show_points()
            self.go_on_with(made)
            self.points_changed.emit()
            self.network_panel.editor.set_text(told.text)

        return become

    # -- files -------------------------------------------------------------------------------

    def open(self) -> None:
        self.data_panel.ask_for_import()

    def import_csv(self, path: str) -> None:
        """Points from a CSV file in the place of those that there are, or a sentence why not.

        It is read beside the window: a million rows take seconds.
        """
        task = self.tasks.run(_read, path)
        task.finished.connect(lambda read: self._on_read(Path(path).name, read))
        task.failed.connect(
            lambda why: self.desk.say(f"{Path(path).name} was not imported: {why}.", "error")
        )

    def _on_read(self, name: str, read: Read) -> None:
        train, test = split(read.points, TEST_PART)
        if len(np.unique(train.y)) < len(np.unique(read.points.y)):
            train, test = read.points, empty()
        self.points.replace(Held(train, test, read.class_names))
        self._on_points_changed()
        told = f"{len(read.points.y):,} points from {name}."
        self.desk.say(" ".join([told, *read.remarks]), "info", ("Undo", self.undo))

    def export_csv(self, path: str) -> None:
        """Write all points; the file is complete or not there."""
        train, test, names, _ = self.points.now
        every = point_files.Points(
            np.concatenate([train.x, test.x]), np.concatenate([train.y, test.y])
        )
        beside = Path(path).with_name(Path(path).name + ".part")
        try:
            beside.write_text(point_files.to_csv(every, names), encoding="utf-8", newline="")
            os.replace(beside, path)
        except OSError as error:
            self.desk.say(f"{Path(path).name} was not written: {error.strerror}.", "error")
        else:
            self.desk.say(f"{len(every.y):,} points are in {Path(path).name}.")

    def take(self, mime: QMimeData) -> bool:
        places = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if len(places) == 1 and places[0].lower().endswith((".csv", ".tsv", ".txt")):
            self.import_csv(places[0])
            return True
        return False

    # -- what is shown -----------------------------------------------------------------------

    def _look(self) -> None:
        """Ask for the background, while this page is in front."""
        assert self.training is not None
        if not self.isVisible():
            return
        hard = self.show_panel.hard.isChecked()
        self.training.look("plane", look_at_plane(self.plane.reach, hard=hard))

    def show_frame(self, frame: Frame) -> None:
        if (seen := frame.seen.get("plane")) is not None:
            self.plane.set_background(seen.picture, seen.reach)

    def show_rows(self, rows: np.ndarray) -> None:
        if not len(self.points.now.train.y) and len(rows):
            rows = np.vstack([rows, [rows[-1, 0], *[np.nan] * 4]])  # nothing to be right about
        self.losses.set_rows(rows)

    def apply(self) -> None:
        self.network_panel.apply()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        assert self.training is not None
        self.training.look("plane", None)

    def shut_down(self) -> None:
        """End the training and a file that is being read."""
        self.tasks.close()
        super().shut_down()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "show_panel"):
            self._look()


def _data(held: Held) -> Data | None:
    return Data.of_points(held.train, held.test) if len(held.train.y) else None


def _read(path: str) -> Read:
    """Read a file of points; ValueError says in a few words why it cannot be."""
    try:
        return point_files.read_csv(path)
    except OSError as error:
        raise ValueError(error.strerror or "it cannot be read") from None
