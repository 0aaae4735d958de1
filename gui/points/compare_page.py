"""Optimizers compared: the same network, start and batches under several optimizers at once."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import isfinite
from time import perf_counter

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton

import nn
import nn.point_presets
from gui import kept, layouts, theme
from gui.actions import icon_button, text_button
from gui.kept import Parts
from gui.points.comparing import Comparison, Entry, Mark, Run, Task
from gui.points.network_panel import NetworkPanel, short_text
from gui.points.optimizer_panel import OptimizerPanel
from gui.points.page import Desk, Page
from gui.points_batches import Data
from gui.widgets.compare_plot import ComparePlot, Curve
from gui.widgets.network_editor import NetworkEditor
from gui.widgets.panel import Panel
from gui.widgets.recipe_picker import RecipePicker
from nn.data import points
from nn.words import shown

SIDE, PICKER = 300, 232  # logical pixels of the left column and the data sets
SHOW_EVERY = 0.25  # seconds between two paintings of the plots
COUNT, NOISE, TEST_PART, BATCH = 300, 0.15, 0.25, 10
SHAPE, CLASSES = (2, 1, 1), 2
TIPS = {
    "circle": "Circle: learnt soon by all",
    "xor": "XOR: a saddle to get away from",
    "spiral": "Spiral: the hard one",
    "moons": "Moons: two half circles in each other",
    "random": "Random: who learns by heart fastest?",
}
PRESETS = {"spiral": "classify-wide", "random": "classify-wide"}  # "classify" for the others


@dataclass(frozen=True)
class Told:
    """What a session file says of this page beside the runs."""

    recipe: str
    seed: int
    network: str  # which all runs begin with, from the seed
    rates: dict[str, float]
    taking_part: tuple[str, ...]
    log: bool
    text: str


class ComparePage(Page):
    """Optimizers, data and network at the left; the three plots beside."""

    title = "Optimizers"
    tip = "The same network, start and data under several optimizers at once"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, None)
        self.comparison = Comparison()
        self.comparison.running_changed.connect(self._on_running_changed)
        self.comparison.failed.connect(lambda text: self.desk.say(text, "error"))
        self.recipe, self.seed = "spiral", 0
        self.optimizers = OptimizerPanel()
        self.picker = RecipePicker(
            [
                (name, tip, partial(points.generate, name, 90, NOISE, 0, 2))
                for name, tip in TIPS.items()
            ]
        )
        self.editor = NetworkEditor()
        self.apply_button = QPushButton("Apply")
        self.log_box = QCheckBox("log loss")
        self.plot = ComparePlot()
        self._shown_at = 0.0
        self._shown_seen = -1
        self._pace = (perf_counter(), 0, 0.0)
        self._lay_out()
        self._connect()
        self.choose(self.recipe)

    # -- composition -------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.apply_button.setObjectName("compare_apply_button")
        self.apply_button.setProperty("role", "quiet")
        self.apply_button.setToolTip("Compare on the network of this text (Ctrl+Return)")
        self.editor.setObjectName("compare_network")
        self.log_box.setObjectName("compare_log")
        self.log_box.setToolTip("A logarithmic scale for the loss")
        side, left = layouts.column(SIDE)
        left.addWidget(Panel("Optimizers", self.optimizers))
        left.addWidget(_Leftover("Network", self.editor, self.apply_button), 1)

        act = self.desk.actions
        row = QHBoxLayout()
        row.setSpacing(0)
        play = text_button(act["points_play"], "compare_play_button", primary=True)
        play.setMinimumWidth(88)
        row.addWidget(play)
        row.addSpacing(theme.SPACE)
        for name in ("pause", "step", "reset", "reseed"):
            row.addWidget(icon_button(act[f"points_{name}"], f"compare_{name}_button"))
        row.addSpacing(2 * theme.SPACE)
        self.picker.setFixedWidth(PICKER)
        row.addWidget(self.picker)
        row.addStretch(1)
        row.addWidget(self.log_box)
        middle, stack = layouts.column()
        stack.addLayout(row)
        stack.addWidget(self.plot, 1)
        whole = layouts.page_row(self)
        whole.addWidget(side)
        whole.addWidget(Panel("", middle), 1)

    def _connect(self) -> None:
        self.optimizers.entered.connect(self._on_entered)
        self.optimizers.left.connect(self._on_left)
        self.picker.recipe_chosen.connect(self.choose)
        self.apply_button.clicked.connect(self.apply)
        self.editor.checked.connect(lambda problem: self.apply_button.setEnabled(not problem))
        self.log_box.toggled.connect(self.plot.set_log)

    # -- what is compared --------------------------------------------------------------------

    def choose(self, recipe: str) -> None:
        """Other data, and the network that suits them."""
        network = nn.point_presets.build(PRESETS.get(recipe, "classify"), self.seed)
        self._begin(network, "Other data: all begin anew.", recipe)

    def apply(self) -> None:
        if self.editor.problem:
            self.desk.say(self.editor.problem, "error")
            return
        try:
            network = nn.Network.from_text(self.editor.text(), self.seed)
        except (ValueError, MemoryError) as error:
            self.desk.say(str(error) or "This network does not fit into memory.", "error")
            return
        self._begin(network, "Another network: all begin anew.")

    def reset(self) -> None:
        """All from the same start again."""
        self._begin(self._task.network, "All begin anew from the same start.")

    def reseed(self) -> None:
        """All from another start, which is the same for all."""
        self.seed += 1
        network = self._task.network.copy()
        network.reset(self.seed)
        self._begin(network, "All begin anew from another start.")

    @property
    def _task(self) -> Task:
        task = self.comparison.task
        assert task is not None
        return task

    def _begin(self, network: "nn.Network", sentence: str, recipe: str = "") -> None:
        before, self.recipe = self.recipe, recipe or self.recipe
        task = Task(network, _data(self.recipe), BATCH, self.seed)
        mark = self.comparison.load(task, self.optimizers.entries)
        self._show_task()
        if mark.seen:
            back = partial(self._go_back, mark, before)
            self.desk.say(sentence, "info", ("Go back", back))

    def _go_back(self, mark: Mark, recipe: str) -> None:
        self.comparison.go_back_to(mark)
        self.recipe, self.seed = recipe, self._task.seed
        entries = {entry.key: entry for entry in self.optimizers.entries}
        for key in mark.runs.keys() - entries.keys():  # unticked since
            self.comparison.leave(key)
        for key, entry in entries.items():
            if key not in mark.runs or mark.runs[key].entry != entry:
                self.comparison.enter(entry)
        self.comparison.ask(lambda: None)
        self._show_task()

    def _show_task(self) -> None:
        self.picker.set_current(self.recipe)
        self.editor.set_target(SHAPE, CLASSES)
        self.editor.set_text(short_text(self._task.network))
        self.show_curves()

    def _on_entered(self, entry: Entry) -> None:
        self.comparison.enter(entry)
        self._show_soon()

    def _on_left(self, key: str) -> None:
        self.comparison.leave(key)
        self._show_soon()

    def _show_soon(self) -> None:
        self.comparison.ask(lambda: None)
        self.show_curves()

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        rates = tuple(self.optimizers.rates.values())
        return self.comparison.stamp, self.recipe, self.seed, rates, self.editor.text()

    def state(self) -> Callable[[], Parts]:
        told = Told(
            self.recipe,
            self.seed,
            self._task.network.to_text(),
            self.optimizers.rates,
            tuple(entry.key for entry in self.optimizers.entries),
            self.log_box.isChecked(),
            self.editor.text(),
        )
        runs = self.comparison.taken(self.comparison.state)
        return lambda: {"page.json": kept.told(told), **runs.result()}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        told = kept.record(parts, "page.json", Told)
        with kept.naming("page.json"):
            NetworkPanel.check(told.text)
            if told.recipe not in TIPS or told.seed < 0:
                raise ValueError(f"there is no data set {shown(told.recipe)}")
            entries = [self.optimizers.entry(key, lr) for key, lr in told.rates.items()]
            network = nn.Network.from_text(told.network, told.seed)
            if network.input_shape != SHAPE or network.output_shape != (CLASSES,):
                raise ValueError(f"the network must take {SHAPE} and tell {CLASSES} classes apart")
        task = Task(network, _data(told.recipe), BATCH, told.seed)
        runs = {}
        for entry in entries:
            if entry.key in told.taking_part:
                with kept.naming(entry.folder):
                    runs[entry.key] = Run.resume(entry, task, kept.below(entry.folder, parts))

        def become() -> None:
            self.recipe, self.seed = told.recipe, told.seed
            self.optimizers.show_entries(entries, tuple(runs))
            self.log_box.setChecked(told.log)
            self.comparison.resume(Mark(task, runs))
            self._show_task()
            self.editor.set_text(told.text)

        return become

    # -- training ----------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        return self.comparison.running

    def why_not_ready(self) -> str:
        if not self.optimizers.entries:
            return "No optimizer takes part: tick one at the left."
        if all(run.has_diverged for run in self.comparison.runs.values()):
            return "Every optimizer ran away: choose smaller learning rates."
        return ""

    def play(self) -> None:
        if self._is_ready():
            self.comparison.play()

    def pause(self) -> None:
        self.comparison.pause()

    def step(self) -> None:
        if self._is_ready():
            self.comparison.step_once()

    # -- what is shown -----------------------------------------------------------------------

    @contextmanager
    def held(self) -> Iterator[None]:
        with self.comparison.held():
            yield

    def pull(self) -> None:
        """Paint the plots anew, at most four times a second."""
        now = perf_counter()
        if now - self._shown_at >= SHOW_EVERY and self.comparison.seen != self._shown_seen:
            self.show_curves()
        then, seen, pace = self._pace
        if now - then >= SHOW_EVERY:
            pace = max(0, self.comparison.seen - seen) / (now - then)
            self._pace = (now, self.comparison.seen, pace)
            self.status_changed.emit(*self.status(pace))

    def show_curves(self) -> None:
        """Show all runs as they are now."""
        self._shown_at, self._shown_seen = perf_counter(), self.comparison.seen
        self.plot.set_curves(
            [
                Curve(key, self.optimizers.style_of(key), self.comparison.rows_of(key))
                for key in self.optimizers.boxes
                if key in self.comparison.runs
            ]
        )
        runs = self.comparison.runs
        self.optimizers.mark_diverged({key for key, run in runs.items() if run.has_diverged})

    def status(self, pace: float) -> tuple[str, str]:
        seen = max((run.seen for run in self.comparison.runs.values()), default=0)
        left = f"{seen:,} examples seen by each"
        if self.is_running:
            left += f"   {pace:,.0f} examples/s in all"
        key, accuracy = self.comparison.best_test()
        told = seen > 0 and isfinite(accuracy)
        return left, f"best on test points now: {key}, {100 * accuracy:.1f} %" if told else ""

    def _on_running_changed(self, running: bool) -> None:
        super()._on_running_changed(running)
        if not running:
            self.show_curves()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pause()

    def shut_down(self) -> None:
        self.comparison.close()


def _data(recipe: str) -> Data:
    made = points.generate(recipe, COUNT, NOISE, 0)
    return Data.of_points(*points.split(made, TEST_PART))


class _Leftover(Panel):
    """A panel content with what its neighbours leave: a text that may wrap would ask for more."""

    def hasHeightForWidth(self) -> bool:
        return False
