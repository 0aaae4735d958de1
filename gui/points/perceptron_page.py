"""Perceptron: one neuron, its line, and every update of it told."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QWidget,
)

import nn.perceptron
from gui import kept, layouts, theme
from gui.actions import icon_button, text_button
from gui.kept import Parts
from gui.plane import Wash
from gui.plane_painting import Line
from gui.points import perceptron_words as words
from gui.points.page import Desk, Page
from gui.points.perceptron_lesson import PerceptronLesson, Update, ends_of
from gui.widgets.boxes import Choice
from gui.widgets.learning_rate import LearningRate
from gui.widgets.panel import Panel
from gui.widgets.plane_view import PlaneView

REACH = 2.0
CELLS = 240
SIDE, TOLD = 276, 292  # logical pixels of the left and the right column
SPEEDS = (("1 a second", 1, 1), ("4 a second", 4, 1), ("20 a second", 20, 1), ("fastest", 40, 10))
ARROW = 0.8  # units of the plane for a weight vector of length 1
LONGEST = 1.7


@dataclass(frozen=True)
class Told:
    """What a session file says of this page beside the lesson."""

    speed: int  # place among `SPEEDS`


class PerceptronPage(Page):
    """Works in the window's thread: an update of one neuron takes microseconds."""

    title = "Perceptron"
    tip = "One neuron and its line, update by update"
    verbs = frozenset({"back"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, None)
        self.lesson = PerceptronLesson("AND")
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self.plane = PlaneView()
        self.plane.is_editable = False
        self.plane.radius = 7.0
        self.plane.set_reach(REACH)
        self.plane.set_class_names(("true", "false"))
        self.plane.setCursor(Qt.CursorShape.ArrowCursor)
        self.plane.setToolTip(
            "The line is where the neuron changes its mind; the arrow, its weights."
        )
        self.gates = {name: _chip(name) for name in nn.perceptron.GATES}
        self.table = _text("perceptron_table")
        self.told = _text("perceptron_update")
        self.why = _text("perceptron_why")
        self.hidden_button = QPushButton("Add a hidden layer")
        self.hidden_button.setObjectName("add_hidden_button")
        self.hidden_button.setToolTip(
            "Four neurons before the one: four lines, and a bent boundary"
        )
        self.rate = LearningRate(self.lesson.lr)
        self.rate.setObjectName("perceptron_rate")
        self.time = QSlider(Qt.Orientation.Horizontal)
        self.time.setObjectName("perceptron_time")
        self.time.setAccessibleName("Update")
        self.time.setToolTip("Go back and forth through all updates")
        self.speed = Choice()
        self.speed.setObjectName("perceptron_speed")
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("How many updates a second while playing")
        for text, *pace in SPEEDS:
            self.speed.addItem(text, tuple(pace))
        self.speed.setCurrentIndex(1)
        self._lay_out()
        self._connect()
        self.show_lesson()

    # -- composition -------------------------------------------------------------------------

    def _lay_out(self) -> None:
        row = layouts.page_row(self)
        row.addWidget(self._left())
        row.addWidget(Panel("", self._middle()), 1)
        told = Panel("This update", self.told)
        told.setFixedWidth(TOLD)
        row.addWidget(told)

    def _left(self) -> QWidget:
        gate, column = layouts.column()
        chips = QHBoxLayout()
        chips.setSpacing(3)
        group = QButtonGroup(self)
        for chip in self.gates.values():
            group.addButton(chip)
            chips.addWidget(chip, len(chip.text()))
        column.addLayout(chips)
        column.addWidget(self.table)
        rate = QHBoxLayout()
        rate.addWidget(QLabel("Learning rate"))
        rate.addWidget(self.rate, 1)
        column.addLayout(rate)

        why, column = layouts.column()
        column.addWidget(self.why)
        column.addStretch(1)
        column.addWidget(self.hidden_button)

        left, column = layouts.column(SIDE)
        column.addWidget(Panel("Truth table", gate))
        column.addWidget(Panel("Can one neuron do it?", why), 1)
        return left

    def _middle(self) -> QWidget:
        act = self.desk.actions
        middle, column = layouts.column()
        row = QHBoxLayout()
        row.setSpacing(0)
        play = text_button(act["points_play"], "perceptron_play_button", primary=True)
        play.setMinimumWidth(88)
        row.addWidget(play)
        row.addSpacing(theme.SPACE)
        for name in ("pause", "back", "step", "reset", "reseed"):
            row.addWidget(icon_button(act[f"points_{name}"], f"perceptron_{name}_button"))
        row.addSpacing(theme.SPACE)
        row.addWidget(self.speed)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.plane, 1)
        column.addWidget(self.time)
        return middle

    def _connect(self) -> None:
        for name, chip in self.gates.items():
            chip.clicked.connect(lambda _=False, name=name: self.choose_gate(name))
        self.hidden_button.clicked.connect(lambda: self.add_hidden(not self.lesson.hidden))
        self.rate.value_committed.connect(self._on_rate_committed)
        self.time.valueChanged.connect(self._on_time_moved)
        self.plane.reach_changed.connect(lambda _: self.show_lesson())
        self.speed.currentIndexChanged.connect(self._on_speed_chosen)

    # -- what a person does ------------------------------------------------------------------

    def choose_gate(self, name: str) -> None:
        """Another truth table; the neuron begins anew."""
        self.pause()
        self.lesson.choose(name)
        self._show_all()

    def add_hidden(self, on: bool = True) -> None:
        """Put four hidden neurons before the one, or take them away."""
        self.pause()
        self.lesson.add_hidden(on)
        self.speed.setCurrentIndex(len(SPEEDS) - 1 if on else 1)
        self._show_all()

    def _on_rate_committed(self, lr: float) -> None:
        self.lesson.set_lr(lr)
        self.show_lesson()

    def _on_time_moved(self, position: int) -> None:
        self.pause()
        self.lesson.go_to(position)
        self.show_lesson()

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def play(self) -> None:
        """Update after update, until all are right or paused."""
        if self.lesson.is_solved:
            self.desk.say("Every answer is right already: choose New weights, or another table.")
            return
        self._timer.start(round(1000 / self.speed.currentData()[0]))
        self.running_changed.emit(True)

    def _on_speed_chosen(self, _index: int) -> None:
        if self.is_running:
            self.play()

    def pause(self) -> None:
        if self.is_running:
            self._timer.stop()
            self.running_changed.emit(False)

    def step(self) -> None:
        self.pause()
        self._advance(1)

    def back(self) -> None:
        self.pause()
        self.lesson.back()
        self.show_lesson()

    def reset(self) -> None:
        self._begin(self.lesson.seed, "the same")

    def reseed(self) -> None:
        self._begin(self.lesson.seed + 1, "other")

    def _begin(self, seed: int, which: str) -> None:
        self.pause()
        old = self.lesson.seed, self.lesson.updates, self.lesson.position
        self.lesson.reset(seed)
        self._show_all()
        if old[1]:
            self.desk.say(
                f"It starts again from {which} random weights.",
                "info",
                ("Go back", lambda: self._restore(*old)),
            )

    def _restore(self, seed: int, updates: list[Update], position: int) -> None:
        self.pause()
        self.lesson.reset(seed)
        if len(updates) and updates[0].before.shape == self.lesson.network.parameters.shape:
            self.lesson.updates = updates
            self.lesson.go_to(position)
        self._show_all()

    def _on_timeout(self) -> None:
        self._advance(self.speed.currentData()[1])
        if self.lesson.is_solved:
            self.pause()

    def _advance(self, updates: int) -> None:
        try:
            for _ in range(updates):
                self.lesson.step()
        except ValueError as error:
            self.pause()
            self.desk.say(str(error), "error")
        self.show_lesson()

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        return self.lesson.changes, self.speed.currentIndex()

    def state(self) -> Callable[[], Parts]:
        lesson, told = self.lesson.state(), Told(self.speed.currentIndex())
        return lambda: {"page.json": kept.told(told), **lesson()}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        told = kept.record(parts, "page.json", Told)
        with kept.naming("page.json"):
            if not 0 <= told.speed < len(SPEEDS):
                raise ValueError(f"speed can't be {told.speed}")
        lesson = PerceptronLesson.read(parts)

        def become() -> None:
            self.pause()
            lesson.changes += self.lesson.changes  # never a count that was there before
            self.lesson = lesson
            self.speed.setCurrentIndex(told.speed)
            self._show_all()

        return become

    # -- what is shown -----------------------------------------------------------------------

    def _show_all(self) -> None:
        self.rate.set_value(self.lesson.lr)
        self.show_lesson()

    def show_lesson(self) -> None:
        """Show the lesson as it stands."""
        lesson = self.lesson
        self.gates[lesson.gate].setChecked(True)
        self.time.blockSignals(True)
        self.time.setRange(0, len(lesson.updates))
        self.time.setValue(lesson.position)
        self.time.setEnabled(bool(lesson.updates))
        self.time.blockSignals(False)
        self.plane.set_points(lesson.x[:, :, 0, 0], (lesson.targets[:, 0] < 0.5).astype(np.int64))
        ink = theme.colours()
        scores = lesson.scores(CELLS, 2 * REACH)
        wash = Wash(ink.name, ink.window, 2)
        self.plane.set_background(wash.picture(scores), 2 * REACH)
        self.plane.set_lines(self._lines())
        last = lesson.last
        self.plane.set_marked(-1 if last is None else last.index)
        self.table.setText(words.table(lesson))
        self.told.setText(words.update(lesson))
        self.why.setText(words.why(lesson))
        self.hidden_button.setText("Back to one neuron" if lesson.hidden else "Add a hidden layer")
        wanted = lesson.gate == "XOR" and not lesson.hidden
        if self.hidden_button.property("role") != ("primary" if wanted else ""):
            self.hidden_button.setProperty("role", "primary" if wanted else "")
            self.hidden_button.style().unpolish(self.hidden_button)
            self.hidden_button.style().polish(self.hidden_button)
        self.status_changed.emit(*self.status(0.0))

    def _lines(self) -> Sequence[Line]:
        lesson, made = self.lesson, []
        last = lesson.last
        if last is not None and not lesson.hidden:
            ends = ends_of(lesson.lines(last.before)[0], REACH)
            if ends is not None:
                made.append(Line(*ends, "muted", 1.5, dashed=True))
        for line in lesson.lines():
            ends = ends_of(line, REACH)
            if ends is None:
                continue
            made.append(Line(*ends, "muted" if lesson.hidden else "text", 2.0))
            weight, bias = line[:2].astype(np.float64), float(line[2])
            length = float(np.hypot(*weight))
            foot = -bias * weight / length**2
            tip = foot + weight / length * min(ARROW * length, LONGEST)
            role = "muted" if lesson.hidden else "accent"
            made.append(Line(foot[0], foot[1], tip[0], tip[1], role, 2.5, head=True))
        return made

    def status(self, pace: float) -> tuple[str, str]:
        right = self.lesson.right()
        left = f"update {self.lesson.position:,}"
        if self.lesson.position < len(self.lesson.updates):
            left += f" of {len(self.lesson.updates):,}"
        return left, f"{int(right.sum())} of {len(right)} right"

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pause()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "time"):
            self.show_lesson()

    def shut_down(self) -> None:
        self.pause()


def _chip(name: str) -> QPushButton:
    chip = QPushButton(name)
    chip.setCheckable(True)
    chip.setProperty("role", "chip")
    chip.setObjectName(f"gate_{name.lower()}")
    chip.setToolTip(words.GATES[name])
    chip.setStyleSheet("padding: 3px 2px")  # five stand in a row
    return chip


def _text(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
