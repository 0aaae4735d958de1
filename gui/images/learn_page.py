"""Learn: play and pause, the numbers, the curves, and what training makes of a picture."""

from math import isfinite

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import layouts, theme
from gui.actions import Actions, icon_button, text_button
from gui.image_history import Progress
from gui.image_session import ImageSession
from gui.image_settings import SHIFT, TURN, ZOOM
from gui.image_worker import End
from gui.widgets.augment_view import AugmentView
from gui.widgets.boxes import Choice
from gui.widgets.number_field import NumberField
from gui.widgets.numbers_view import NumbersView
from gui.widgets.panel import Panel
from gui.widgets.training_plot import TrainingPlot

VARIANTS = 12
ENDS = (
    ("paused", "", 0.0),
    ("epoch", "epoch", 5.0),
    ("validation %", "accuracy", 99.0),
    ("no better for", "patience", 3.0),
)
AUGMENTATION = (
    ("crop", "Random crop", "Cut the network's input from a random place, not the middle"),
    ("shift", f"Shift ±{SHIFT}", f"Move by up to {SHIFT} pixels every way"),
    ("flip", "Flip", "Mirror half of the pictures left to right"),
    ("turn", f"Turn ±{TURN:g}°", f"Turn by up to {TURN:g} degrees either way"),
    ("zoom", f"Zoom ±{100 * ZOOM:g} %", f"Make larger or smaller by up to {100 * ZOOM:g} %"),
)


class LearnPage(QWidget):
    """`show_progress` takes what is new, a few times a second."""

    needs_data = Signal()

    def __init__(self, session: ImageSession, actions: Actions) -> None:
        super().__init__()
        self.session, self._actions = session, actions
        self.numbers = NumbersView()
        self.plot = TrainingPlot()
        self.variants = AugmentView()
        self.log = QPushButton("Log")
        self.log.setCheckable(True)
        self.log.setProperty("role", "chip")
        self.log.setObjectName("log_scale")
        self.log.setToolTip("A logarithmic scale for the loss")
        self.end = Choice()
        self.end.setObjectName("train_until")
        self.end.setAccessibleName("When training stops")
        self.end.setToolTip("When training stops by itself")
        for text, key, _ in ENDS:
            self.end.addItem(text, key)
        self.end_value = NumberField(
            "The end", "Epoch, per cent, or epochs without progress", 1, 1e6
        )
        self.end_value.setObjectName("end_value")
        self.end_value.setFixedWidth(56)
        self._unit = QLabel("epochs")
        self.boxes = {name: QCheckBox(text) for name, text, _ in AUGMENTATION}
        for name, _, tip in AUGMENTATION:
            self.boxes[name].setToolTip(tip)
            self.boxes[name].setObjectName(f"augment_{name}")
        self._random = np.random.default_rng(0)
        self._lay_out()
        self._connect()
        self._show_end()
        self._on_settings_changed()
        self.show_progress(Progress())

    def _lay_out(self) -> None:
        act = self._actions
        controls = QHBoxLayout()
        controls.setSpacing(0)
        self.play_button = text_button(act["images_play"], "images_play_button", primary=True)
        self.play_button.setMinimumWidth(96)
        controls.addWidget(self.play_button)
        controls.addSpacing(theme.SPACE)
        self.pause_button = icon_button(act["images_pause"], "images_pause_button")
        controls.addWidget(self.pause_button)
        for name in ("step", "batch", "epoch", "reset", "reseed"):
            action = act[f"images_{name}"]
            controls.addWidget(icon_button(action, f"images_{name}_button"))
        controls.addStretch(1)
        controls.addWidget(QLabel("Train until"))
        controls.addSpacing(theme.SPACE)
        controls.addWidget(self.end)
        controls.addSpacing(theme.SPACE // 2)
        controls.addWidget(self.end_value)
        controls.addSpacing(theme.SPACE // 2)
        controls.addWidget(self._unit)
        top, above = layouts.column()
        above.addLayout(controls)
        above.addWidget(self.numbers)

        bottom, below = layouts.column()
        boxes = QHBoxLayout()
        boxes.setSpacing(2 * theme.SPACE)
        for box in self.boxes.values():
            boxes.addWidget(box)
        boxes.addStretch(1)
        below.addLayout(boxes)
        below.addWidget(self.variants)

        clear = icon_button(act["images_clear"], "clear_plot_button")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(Panel("", top))
        column.addWidget(Panel("Curves", self.plot, self.log, clear), 1)
        column.addWidget(Panel("Augmentation", bottom))

    def _connect(self) -> None:
        training = self.session.training
        self._actions.connect_to(
            {
                "images_play": self.play,
                "images_pause": training.pause,
                "images_step": lambda: self._with_data(lambda: training.step_once(1)),
                "images_batch": lambda: self._with_data(training.step_once),
                "images_epoch": lambda: self._with_data(training.play_epoch),
                "images_reset": lambda: self.session.reset_weights(self.session.seed),
                "images_reseed": lambda: self.session.reset_weights(self.session.seed + 1),
                "images_clear": self.session.clear_curves,
            }
        )
        self.log.toggled.connect(self.plot.set_log)
        self.end.currentIndexChanged.connect(self._show_end)
        self.variants.more_wanted.connect(self._show_variants)
        for name, box in self.boxes.items():
            box.toggled.connect(lambda on, name=name: self.session.change(**{name: on}))
        self.session.settings_changed.connect(self._on_settings_changed)
        self.session.dataset_changed.connect(self._show_variants)
        self.session.network_changed.connect(self._show_variants)
        self.session.run_ended.connect(self._on_run_ended)
        training.running_changed.connect(self._on_running_changed)
        self._on_running_changed(False)

    # -- training ----------------------------------------------------------------------------

    @property
    def control(self) -> QWidget:
        """Play, or Pause while training runs."""
        return self.play_button if self.play_button.isEnabled() else self.pause_button

    def play(self) -> None:
        """Train until the end that is set."""
        self._with_data(lambda: self.session.training.play(self._end()))

    def _with_data(self, go: object) -> None:
        if self.session.dataset is None:
            self.needs_data.emit()
        else:
            go()  # type: ignore[operator]

    def _end(self) -> End:
        key, value = self.end_of
        if key == "accuracy":
            return End(accuracy=value / 100)
        if key == "epoch":
            # an end that lies behind would stop at once: train that many epochs more
            done = int(self.session.training.progress.epoch)
            return End(epoch=int(value) if value > done else done + int(value))
        return End(patience=int(value)) if key == "patience" else End()

    def _show_end(self) -> None:
        _, key, usual = ENDS[self.end.currentIndex()]
        self.end_value.setVisible(bool(key))
        self.end_value.set_value(usual)
        self._unit.setVisible(key == "patience")

    def set_end(self, key: str, value: float) -> None:
        """Choose when training stops; `end_of` tells it."""
        self.end.setCurrentIndex([other for _, other, _ in ENDS].index(key))
        self.end_value.set_value(value)

    @property
    def end_of(self) -> tuple[str, float]:
        """When training stops: a key of `ENDS` and its number."""
        return self.end.currentData(), float(self.end_value.value or 1)

    def _on_running_changed(self, running: bool) -> None:
        if running and self.play_button.hasFocus():  # a disabled button would lose the focus
            self._actions["images_pause"].setEnabled(True)
            self.pause_button.setFocus()
        elif not running and self.pause_button.hasFocus():
            self._actions["images_play"].setEnabled(True)
            self.play_button.setFocus()
        self._actions["images_play"].setEnabled(not running)
        self._actions["images_pause"].setEnabled(running)
        for name in ("images_step", "images_batch", "images_epoch"):
            self._actions[name].setEnabled(not running)

    # -- what is shown -----------------------------------------------------------------------

    def show_progress(self, now: Progress) -> None:
        """Show numbers and curves."""
        self.numbers.set_numbers(numbers(now))
        self.plot.set_marks(now.marks)
        self.plot.set_rows(now.rows)

    def _on_run_ended(self) -> None:
        self._show_last_run()

    def _show_last_run(self) -> None:
        last = self.session.last_run
        if last is not None:
            changes = ", ".join(self.session.changes_since_last_run())
            self.plot.set_last_run(last.rows, changes)

    def _on_settings_changed(self) -> None:
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(getattr(self.session.settings, name))
            box.blockSignals(False)
        self._show_variants()
        self._show_last_run()

    def _show_variants(self) -> None:
        dataset = self.session.dataset
        self._show_last_run()
        self.boxes["crop"].setEnabled(self.session.augmentation().crop is not None)
        if dataset is None or dataset.image_shape[0] != self.session.network.input_shape[0]:
            self.variants.set_pictures(None, None)
            return
        row = int(self._random.integers(len(dataset)))
        same = np.repeat(dataset.images[row : row + 1], VARIANTS, axis=0)
        variants = self.session.augmentation().train(same, self._random)
        self.variants.set_pictures(dataset.images[row], variants)


def numbers(now: Progress) -> list[tuple[str, str]]:
    """Names and values for the row of numbers."""
    return [
        ("Loss", _number(now.loss, ".4g")),
        ("Decay loss", _number(now.decay_loss, ".3g")),
        ("Training", _percent(now.train_accuracy)),
        ("Validation", _percent(now.validation_accuracy)),
        ("Epoch", f"{now.epoch:.2f}"),
        ("Forward", _time(now.forward_time)),
        ("Backward", _time(now.backward_time)),
        ("Pictures / s", f"{now.examples_per_second:,.0f}" if now.examples_per_second else "–"),
        ("Pictures seen", f"{now.examples:,}"),
        ("Time left", _left(now.seconds_left)),
    ]


def _number(value: float, form: str) -> str:
    return format(value, form) if isfinite(value) else "–"


def _percent(part: float) -> str:
    return f"{100 * part:.1f} %" if isfinite(part) else "–"


def _time(seconds: float) -> str:
    """A duration of one example."""
    if not isfinite(seconds):
        return "–"
    return f"{1e6 * seconds:.0f} µs" if seconds < 1e-3 else f"{1e3 * seconds:.2f} ms"


def _left(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
