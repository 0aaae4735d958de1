"""Sketch: draw a character, click Train, and watch the wires brighten."""

import time
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager

import numpy as np
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from gui import layouts, sketch_state, theme
from gui.actions import SKETCH, SKETCH_KEYS, icon_button, text_button
from gui.drawing_board import DrawingBoard
from gui.exporting.exportable import Exportable
from gui.paper import Page
from gui.session import Mark, Session
from gui.sketch_exports import exports
from gui.sketch_state import FEWEST_CLASSES, Made, Settings
from gui.training import AS_FAST_AS_POSSIBLE
from gui.widgets.boxes import Choice
from gui.widgets.label_toggle import LabelToggle
from gui.widgets.learning_rate import LearningRate
from gui.widgets.loss_plot import LossPlot
from gui.widgets.network_view import NetworkView
from gui.widgets.panel import Panel
from gui.widgets.prediction_view import PredictionView
from gui.widgets.sample_list import SampleList
from gui.worker import FRAME
from gui.workspace import Say, Workspace
from nn.formats.archive import Parts

SPEEDS = (
    ("1 a frame", 1),
    ("10 a frame", 10),
    ("100 a frame", 100),
    ("fastest", AS_FAST_AS_POSSIBLE),
)
SLOWER = 0.25  # seconds between two looks at loss and speed: a plot costs more than a network
SIDE_WIDTH = 296  # logical pixels of the right column


class SketchWorkspace(Workspace):
    """Canvas ▸ normalised ▸ raster ▸ bits above, the network below, the lesson at the right."""

    frame = round(1000 * FRAME)
    more_keys = SKETCH_KEYS

    def __init__(self, session: Session, say: Say) -> None:
        super().__init__(SKETCH, session, say)
        self.session = session
        self._label = 0
        self._pace = (time.perf_counter(), 0, 0.0)  # when, step count then, steps a second
        self._last_change = ""

        self.board = DrawingBoard(self.actions_, session.grid_size)
        self.network_view = NetworkView()
        self.prediction_view = PredictionView()
        self.label_toggle = LabelToggle()
        self.learning_rate = LearningRate()
        self.sample_list = SampleList()
        self.loss_plot = LossPlot()
        self.speed = _speed()

        self._lay_out()
        self._connect()
        self._on_network_changed()
        self._on_classes_changed()
        self._on_samples_changed()
        self._on_running_changed(False)

    # -- composition -------------------------------------------------------------------------

    def _lay_out(self) -> None:
        act = self.actions_
        network = Panel("Network", self.network_view, icon_button(act["fit"], "fit_button"))
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.PANEL_GAP, 0, theme.PANEL_GAP, 4)
        grid.setSpacing(theme.SPACE)
        grid.addWidget(self.board, 0, 0)
        grid.addWidget(network, 1, 0)
        grid.addWidget(self._side(), 0, 1, 2, 1)
        grid.setRowStretch(0, 1)
        grid.setRowStretch(1, 2)
        grid.setColumnStretch(0, 1)

    def _side(self) -> QWidget:
        side, column = layouts.column(SIDE_WIDTH)
        column.addWidget(Panel("Prediction", self.prediction_view), 4)
        column.addWidget(Panel("", self._lesson()))
        column.addWidget(Panel("Samples", self.sample_list), 3)
        column.addWidget(Panel("Loss", self.loss_plot), 3)
        return side

    def _lesson(self) -> QWidget:
        """Label, Train, Train on all: what turns drawings into learning."""
        act = self.actions_
        lesson, column = layouts.column()
        label = QHBoxLayout()
        label.addWidget(QLabel("This is"))
        label.addWidget(self.label_toggle, 1)
        column.addLayout(label)

        train = QHBoxLayout()
        self.train_button = text_button(act["train"], "train_button", primary=True)
        train.addWidget(self.train_button, 2)
        train.addWidget(text_button(act["train_ten"], "train_ten_button"), 1)
        column.addLayout(train)

        play = QHBoxLayout()
        play.setSpacing(0)
        play.addWidget(text_button(act["play"], "train_all_button"), 1)
        play.addSpacing(theme.SPACE // 2)
        for name in ("pause", "step", "epoch", "reset", "reseed"):
            play.addWidget(icon_button(act[name], f"{name}_button"))
        column.addLayout(play)

        rate = QHBoxLayout()
        rate.addWidget(QLabel("Learning rate"))
        rate.addWidget(self.learning_rate, 1)
        rate.addWidget(self.speed)
        column.addLayout(rate)
        return lesson

    def _connect(self) -> None:
        session = self.session
        self.actions_.connect_to(
            {
                "train": self.train,
                "train_ten": lambda: self.train(10),
                "play": lambda: self._with_samples(session.training.play),
                "pause": session.training.pause,
                "step": lambda: self._with_samples(session.training.step_once),
                "epoch": lambda: self._with_samples(session.training.play_epoch),
                "reset": lambda: self._reset(session.seed),
                "reseed": lambda: self._reset(session.seed + 1),
                "fit": self.network_view.fit,
                "go_lr": self.learning_rate.setFocus,
                "go_speed": self.speed.setFocus,
                "go_samples": self.sample_list.setFocus,
                "go_network": self.network_view.setFocus,
            }
        )
        self.board.changed.connect(self._on_drawing_changed)
        self.board.grid_size.valueChanged.connect(self._on_grid_size_changed)
        self.label_toggle.label_chosen.connect(self.choose_label)
        self.label_toggle.class_added.connect(self._on_class_added)
        self.label_toggle.class_renamed.connect(self._on_class_renamed)
        self.label_toggle.class_removed.connect(self._on_class_removed)
        self.learning_rate.value_committed.connect(session.set_lr)
        self.speed.currentIndexChanged.connect(
            lambda i: session.training.set_speed(self.speed.itemData(i))
        )
        self.sample_list.sample_chosen.connect(self._on_sample_chosen)
        self.sample_list.sample_deleted.connect(self._on_sample_deleted)
        self.sample_list.sample_relabelled.connect(session.relabel_sample)

        session.samples_changed.connect(self._on_samples_changed)
        session.classes_changed.connect(self._on_classes_changed)
        session.network_changed.connect(self._on_network_changed)
        session.training.running_changed.connect(self._on_running_changed)
        session.training.diverged.connect(self._on_diverged)
        session.training.failed.connect(lambda text: self.say(text, "error"))

    # -- the drawing -------------------------------------------------------------------------

    @property
    def _batch(self) -> np.ndarray:
        """The drawing as the network reads it, (1, 1, S, S) float32."""
        return self.board.raster.reshape(1, 1, self.board.cells, self.board.cells)

    def _on_drawing_changed(self) -> None:
        self.session.training.watch(None if self.board.is_empty else self._batch)

    def choose_label(self, index: int) -> None:
        """Name the class of the drawing; a drawing that was trained on makes room."""
        if not 0 <= index < len(self.session.classes):
            return
        changed = index != self._label
        self._show_label(index)
        if changed and self._is_sample():
            self.board.clear()

    def _show_label(self, index: int) -> None:
        self._label = index
        self.label_toggle.set_current(index)
        self.board.canvas.set_hint(f"Draw “{self.session.classes[index]}” here")

    def _is_sample(self) -> bool:
        """True when this very drawing was trained on; one drawn alike anew is another."""
        board = self.board
        return not board.is_untrained and self.session.find(board.drawing()) is not None

    def _on_grid_size_changed(self, size: int) -> None:
        if size == self.session.grid_size:
            return
        mark = self.session.mark()
        self.session.resize_grid(size)
        if mark.steps:
            self._offer_to_go_back(f"{size}×{size} cells need a network with new weights.", mark)

    # -- training ----------------------------------------------------------------------------

    def train(self, times: int = 1) -> None:
        """`times` SGD steps on the drawing, which becomes a sample if it isn't one yet."""
        if self.board.is_empty:
            self.say(f"Draw “{self.session.classes[self._label]}” first, then click Train.")
            return
        if not self._is_sample():
            self.session.add_sample(self.board.drawing(), self._label)
            self.board.mark_trained()
        self.session.train(self._batch, self._label, times)

    def _with_samples(self, go: Callable[[], object]) -> None:
        if self.session.samples:
            go()
        else:
            self.say("There are no samples yet: draw something and click Train first.")

    def _reset(self, seed: int) -> None:
        mark = self.session.mark()
        self.session.training.pause()
        self.session.reset_weights(seed)
        self.network_view.clear_hold()
        if mark.steps:
            which = "the same" if seed == mark.seed else "other"
            self._offer_to_go_back(f"The network starts again from {which} random weights.", mark)

    def _offer_to_go_back(self, text: str, mark: Mark) -> None:
        self.say(text, "info", ("Go back", lambda: self.session.go_back_to(mark)))

    def _on_diverged(self, step: int) -> None:
        self.say(
            f"Training ran away at step {step:,}. Choose a smaller learning rate.",
            "error",
            ("Go back to good weights", self.session.training.restore_last_good),
        )

    def _on_running_changed(self, running: bool) -> None:
        self.actions_["play"].setEnabled(not running)
        self.actions_["pause"].setEnabled(running)
        self.network_view.set_training(running)

    # -- samples and classes -----------------------------------------------------------------

    def _on_samples_changed(self) -> None:
        size = self.session.grid_size
        self.sample_list.set_samples(
            self.session.classes,
            [(i, s.label, s.drawing.raster(size)) for i, s in self.session.samples_by_id.items()],
        )

    def _on_sample_chosen(self, sample_id: int) -> None:
        sample = self.session.samples_by_id[sample_id]
        self.board.show_drawing(sample.drawing)
        self.board.mark_trained()
        self._show_label(sample.label)

    def _on_sample_deleted(self, sample_id: int) -> None:
        sample = self.session.samples_by_id[sample_id]
        self.session.delete_sample(sample_id)
        name = self.session.classes[sample.label]
        self.say(
            f"Deleted a sample of “{name}”.",
            "info",
            ("Undo", lambda: self.session.restore_sample(sample_id, sample)),
        )

    def _on_classes_changed(self) -> None:
        names = self.session.classes
        self.label_toggle.set_classes(names)
        self.network_view.set_class_names(names)
        self._show_label(min(self._label, len(names) - 1))

    def _on_class_added(self, name: str) -> None:
        if problem := self.session.problem_with_name(name):
            self.label_toggle.refuse(-1, problem)
        else:
            self.session.add_class(name)
            self.choose_label(len(self.session.classes) - 1)

    def _on_class_renamed(self, index: int, name: str) -> None:
        if problem := self.session.problem_with_name(name, but_for=index):
            self.label_toggle.refuse(index, problem)
        else:
            self.session.rename_class(index, name)

    def _on_class_removed(self, index: int) -> None:
        names = self.session.classes
        if len(names) <= FEWEST_CLASSES:
            self.label_toggle.refuse(index, f"A network needs at least {FEWEST_CLASSES} classes.")
            return
        mark = self.session.mark()
        lost = sum(sample.label == index for sample in self.session.samples)
        self.session.remove_class(index)
        if self._label > index:
            self._show_label(self._label - 1)
        samples = "1 sample" if lost == 1 else f"{lost} samples"
        self.say(
            f"Removed “{names[index]}” and its {samples}.",
            "info",
            ("Undo", lambda: self.session.go_back_to(mark)),
        )

    def _on_network_changed(self) -> None:
        session = self.session
        self.network_view.set_network(session.network)
        self.network_view.set_class_names(session.classes)
        self.learning_rate.set_value(session.lr)
        self.board.set_cells(session.grid_size)
        self._on_drawing_changed()

    # -- session files -----------------------------------------------------------------------

    def stamp(self) -> Hashable:
        return self.session.stamp, self.board.stamp, self._label, self.speed.currentIndex()

    def state(self) -> Callable[[], Parts]:
        trained, board, page = self.session.training.parts(), self.board, self.board.canvas.page
        settings = Settings(
            preset=self.session.preset,
            seed=self.session.seed,
            next_id=self.session.next_id,
            label=self._label,
            speed=self.speed.currentData(),
            trained=page.trained,
            flips_trained=board.flips_trained,
        )
        made = Made(settings, self.session.samples_by_id, page.strokes, board.flips)
        return lambda: {**sketch_state.made_parts(made), **trained}

    def restore(self, parts: Parts) -> None:
        made, trained = sketch_state.read(parts) if parts else sketch_state.first()
        settings = made.settings
        self.session.restore(made, trained)
        self.speed.setCurrentIndex(max(self.speed.findData(settings.speed), 0))
        page = Page(tuple(made.strokes))
        page.trained = settings.trained
        self.board.begin_with(page, made.flips, settings.flips_trained)
        self._show_label(settings.label)
        self._last_change = ""
        self.network_view.clear_hold()

    # -- what is new -------------------------------------------------------------------------

    def look(self) -> None:
        self.pull()

    def pull(self) -> None:
        """Show the newest snapshot, if there is one; look at loss and speed less often."""
        snapshot = self.session.training.take()
        if snapshot is not None:
            self.network_view.show_snapshot(snapshot)
            self.prediction_view.set_prediction(self.session.classes, snapshot.outputs)
            if changed := int(np.count_nonzero(snapshot.change)):
                self._last_change = f"last step changed {changed:,} of {snapshot.change.size:,}"
        now, steps = time.perf_counter(), self.session.step_count
        then, steps_then, pace = self._pace
        if now - then >= SLOWER:
            pace = max(0, steps - steps_then) / (now - then)
            self._pace = (now, steps, pace)
        elif self.session.training.running or snapshot is None:
            return
        if steps != steps_then or snapshot is not None:
            self.loss_plot.set_history(*self.session.training.losses.tail())
        self.status_changed.emit(*self._status(pace))

    def _status(self, pace: float) -> tuple[str, str]:
        loss = self.session.training.losses.last
        left = [f"step {self.session.step_count:,}"]
        if np.isfinite(loss):
            left.append(f"loss {loss:.4g}")
        if self.session.training.running:
            left.append(f"{pace:,.0f} steps/s")
        return "   ".join(left), self._last_change if self.session.step_count else ""

    def exports(self) -> list[Exportable]:
        return exports(self.session, self.network_view, self.held)

    def held(self) -> AbstractContextManager[None]:
        return self.session.training.held()


def _speed() -> Choice:
    box = Choice()
    box.setObjectName("speed")
    box.setAccessibleName("Training speed")
    box.setToolTip("How many steps Train on all does between two frames of the screen (V)")
    for text, steps in SPEEDS:
        box.addItem(text, steps)
    box.setCurrentIndex(len(SPEEDS) - 1)
    return box
