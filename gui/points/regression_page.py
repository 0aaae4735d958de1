"""Regression: points of a curve, and a network that learns to run through them."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QPushButton

import nn
import nn.point_presets
from gui import kept, layouts
from gui.actions import icon_button
from gui.kept import Parts
from gui.points.curve_look import CurveSeen, look_along
from gui.points.curve_panel import CurvePanel, CurveRecipe
from gui.points.curve_points import CurvePoints, Held
from gui.points.hidden import hidden_layers
from gui.points.network_panel import NetworkPanel
from gui.points.neuron_panel import NeuronPanel
from gui.points.page import Desk, Page
from gui.points.settings_panel import SettingsPanel
from gui.points.transport import Transport
from gui.points_batches import Data, as_batch
from gui.points_settings import PointSettings
from gui.points_training import PointsTraining
from gui.points_worker import Frame, read_training
from gui.widgets.boxes import Choice
from gui.widgets.curve_view import REACH, CurveView
from gui.widgets.loss_pair import LossPair
from gui.widgets.panel import Panel
from nn.data import functions
from nn.data.functions import MOST_POINTS, Curve

SIDE, READINGS = 300, 204  # logical pixels of the left and the right column
PRESET = "regression"
SHAPE = (1, 1, 1)
TEST_POINTS = 100  # of the same function, to see what happens between the points
EMPTY = "Click to add points, or choose a function at the left"


@dataclass(frozen=True)
class Told:
    """What a session file says of this page beside points and training."""

    recipe: CurveRecipe
    layer: int  # whose neurons are shown
    text: str


class RegressionPage(Page):
    """Data, neurons, network and settings at the left, the curve, readings at the right."""

    title = "Regression"
    tip = "Points of a curve, and a network that learns to run through them"
    verbs = frozenset({"undo", "redo"})

    def __init__(self, desk: Desk) -> None:
        network = nn.point_presets.build(PRESET, seed=0)
        super().__init__(desk, PointsTraining(network, PointSettings.of_preset(PRESET)))
        self.points = CurvePoints()
        self.curve = CurveView()
        self.curve.set_hint(EMPTY)
        self.curve_panel = CurvePanel()
        self.neuron_panel = NeuronPanel(self)
        self.network_panel = NetworkPanel(self, (PRESET,), SHAPE, lambda: 1)
        self.settings_panel = SettingsPanel(self)
        self.transport = Transport(self)
        self.losses = LossPair(accuracies=False)
        self.layer = Choice()
        self.clear_button = QPushButton("Clear")
        self.counts = _caption()
        self._share = QTimer(self, singleShot=True, interval=30)
        self._share.timeout.connect(self._share_points)
        self._lay_out()
        self._connect()
        self._show_layers()
        self._make(self.curve_panel.recipe)

    # -- composition -------------------------------------------------------------------------

    def _lay_out(self) -> None:
        side, left = layouts.column(SIDE)
        left.addWidget(Panel("Data", self.curve_panel, self.curve_panel.again_button))
        left.addWidget(Panel("Network", self.network_panel, self.network_panel.presets_button), 1)
        left.addWidget(Panel("Training", self.settings_panel))

        middle, stack = layouts.column()
        stack.addWidget(self.transport)
        stack.addWidget(self.curve, 1)
        stack.addWidget(_caption("Click adds · Ctrl+click removes · drag paints", centred=True))

        self.clear_button.setObjectName("curve_clear_button")
        self.clear_button.setToolTip("Remove every point (can be undone)")
        self.clear_button.setProperty("role", "quiet")
        self.layer.setObjectName("curve_layer")
        self.layer.setAccessibleName("Neurons shown")
        self.layer.setToolTip("The layer whose neurons are drawn as pale curves")
        readings, right = layouts.column(READINGS)
        act = self.desk.actions
        tools = [
            icon_button(act["points_undo"], "points_undo_button"),
            icon_button(act["points_redo"], "points_redo_button"),
            self.clear_button,
        ]
        right.addWidget(Panel("Points", self.counts, *tools))
        right.addWidget(Panel("Hidden neurons", self.neuron_panel))
        right.addWidget(Panel("Neurons as curves", self.layer))
        right.addWidget(Panel("Loss", self.losses), 1)

        whole = layouts.page_row(self)
        whole.addWidget(side)
        whole.addWidget(Panel("", middle), 1)
        whole.addWidget(readings)

    def _connect(self) -> None:
        self.curve.stroke_began.connect(self.points.begin)
        self.curve.point_added.connect(self._on_point_added)
        self.curve.point_removed.connect(self._on_point_removed)
        self.curve_panel.recipe_changed.connect(self._make)
        self.clear_button.clicked.connect(self.clear)
        self.layer.currentIndexChanged.connect(lambda _: self._look())
        self.network_changed.connect(self._show_layers)

    # -- points ------------------------------------------------------------------------------

    def _make(self, recipe: CurveRecipe) -> None:
        """Points of a recipe in the place of those that there are."""
        train = functions.generate(recipe.name, recipe.count, recipe.noise, recipe.seed)
        test = functions.generate(recipe.name, TEST_POINTS, recipe.noise, recipe.seed + 1_000_000)
        inside = np.abs(test.x) <= np.abs(train.x).max()
        self.points.replace(train, Curve(test.x[inside], test.y[inside]))
        self._on_points_changed()

    def _on_point_added(self, x: float, y: float) -> None:
        if self.points.add(x, y):
            self._on_points_changed()
        else:
            self.desk.say(f"{MOST_POINTS:,} points are the most that fit.")

    def _on_point_removed(self, x: float, y: float) -> None:
        if self.points.remove_nearest(x, y):
            self._on_points_changed()

    def clear(self) -> None:
        """Remove every point."""
        if len(self.points.now.train.x):
            self.points.replace(functions.empty())
            self._on_points_changed()
            self.desk.say("All points are gone.", "info", ("Undo", self.undo))

    def undo(self) -> None:
        if self.points.undo():
            self._on_points_changed()

    def redo(self) -> None:
        if self.points.redo():
            self._on_points_changed()

    def _on_points_changed(self) -> None:
        self._show_points()
        if not self._share.isActive():
            self._share.start()  # many points of one drag go over at once

    def _show_points(self) -> None:
        self.curve.set_points(*self.points.now.train)
        train, test = (len(part.x) for part in self.points.now)
        self.clear_button.setEnabled(train > 0)
        self.counts.setText(f"{train:,} to learn from, {test:,} to test on")

    def _share_points(self) -> None:
        """Have the training use the points as they are now."""
        assert self.training is not None
        self._share.stop()
        self.training.set_data(_data(self.points.now))

    def _is_ready(self) -> bool:
        if self._share.isActive():
            self._share_points()
        return super()._is_ready()

    def why_not_ready(self) -> str:
        if not len(self.points.now.train.x):
            return "There are no points yet: click beside the axes, or choose a function."
        return ""

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        text = self.network_panel.editor.text()
        return super().stamp(), self.points.changes, self.curve_panel.recipe, text

    def made(self) -> Parts:
        if self._share.isActive():
            self._share_points()
        told = Told(
            self.curve_panel.recipe, self.layer.currentIndex(), self.network_panel.editor.text()
        )
        return {"page.json": kept.told(told), **self.points.now.parts()}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        told = kept.record(parts, "page.json", Told)
        with kept.naming("page.json"):
            self.curve_panel.check(told.recipe)
            self.network_panel.check(told.text)
        held = Held.read(parts)
        made = read_training(parts, _data(held), SHAPE, 1)

        def become() -> None:
            self._share.stop()
            self.neuron_panel.forget()
            self.points.start_with(held)
            self.curve_panel.set_recipe(told.recipe)
            self._show_points()
            self.go_on_with(made)
            self.layer.setCurrentIndex(min(max(told.layer, 0), self.layer.count() - 1))
            self.network_panel.editor.set_text(told.text)

        return become

    # -- what is shown -----------------------------------------------------------------------

    def _show_layers(self) -> None:
        assert self.training is not None
        kept = self.layer.currentIndex()
        self.layer.blockSignals(True)
        self.layer.clear()
        self.layer.addItem("none", 0)
        for hidden in hidden_layers(self.training.network):
            self.layer.addItem(f"layer {hidden.number}: {hidden.words}", hidden.number)
        last = self.layer.count() - 1
        self.layer.setCurrentIndex(last if kept < 0 else min(kept, last))
        self.layer.blockSignals(False)
        self._look()

    def _look(self) -> None:
        assert self.training is not None
        self.training.look("curve", look_along(REACH, self.layer.currentData() or 0))

    def show_frame(self, frame: Frame) -> None:
        seen = frame.seen.get("curve")
        if isinstance(seen, CurveSeen):
            text = self.layer.currentText()
            if seen.scale != 1:
                text += f", shown ×{seen.scale:g}"
            self.curve.set_curve(seen.along, seen.curve, seen.responses, text)

    def show_rows(self, rows: np.ndarray) -> None:
        self.losses.set_rows(rows)

    def apply(self) -> None:
        self.network_panel.apply()


def _data(held: Held) -> Data | None:
    train, test = held
    if not len(train.x):
        return None
    tests = (as_batch(test.x), test.y[:, None]) if len(test.x) else (None, None)
    return Data(as_batch(train.x), train.y[:, None], *tests)


def _caption(text: str = "", *, centred: bool = False) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "caption")
    if centred:
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
