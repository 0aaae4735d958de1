"""Train: a network of one's own for the data set, seen while it learns, and saved."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QWidget,
)

import nn
from gui import kept, layouts, photo_why, theme
from gui.actions import Actions, icon_button, text_button
from gui.kept import Parts
from gui.photo_session import PhotoSession
from gui.photo_training import MOST_EPOCHS, Recipe
from gui.tasks import Tasks
from gui.widgets.boxes import Choice
from gui.widgets.learning_rate import LearningRate
from gui.widgets.network_view import NetworkView
from gui.widgets.number_field import NumberField
from gui.widgets.panel import Panel
from gui.widgets.training_plot import TrainingPlot
from nn.photo_familiarity import Familiarity
from nn.photo_model import PhotoModel

SIDE = 300  # logical pixels of the left column
VARIETIES = (
    ("none", 0.0, "Pictures are learned just as they are"),
    ("some", 0.5, "Pictures are mirrored, moved, and changed in colour and light, a little"),
    ("much", 1.0, "Pictures are mirrored, moved, and changed in colour and light"),
)


@dataclass(frozen=True)
class Told:
    """What a session file says of this page: the fields."""

    recipe: Recipe
    anew: bool  # begin with new weights


class TrainPage(QWidget):
    """`pull` shows how the training stands."""

    told = Signal(str, str)
    needs_data = Signal()

    def __init__(self, session: PhotoSession, tasks: Tasks, actions: Actions) -> None:
        super().__init__()
        self.session, self._tasks, self._actions = session, tasks, actions
        self._recipe = Recipe()
        self.network_view = NetworkView()
        self.plot = TrainingPlot()
        self.facts = _words("", "caption")
        self.about = _words(session.words, "caption")
        self.epochs = NumberField(
            "Epochs", "How often every picture is seen", 1, MOST_EPOCHS, whole=True
        )
        self.learning_rate = LearningRate(self._recipe.lr)
        self.variety = Choice()
        self.start = Choice()
        self.numbers = {name: QLabel("–") for name in ("Step", "Epoch", "Loss", "Training")}
        self.numbers |= {name: QLabel("–") for name in ("Validation", "Best")}
        self._lay_out()
        self._connect()
        self._on_network_changed()
        self._on_data_changed()
        self._on_running_changed(False)

    def _lay_out(self) -> None:
        act = self._actions
        side, column = layouts.column(SIDE)
        column.addWidget(Panel("Training", self._training_box()))
        column.addWidget(Panel("How it goes", self._numbers_box()))
        column.addWidget(Panel("Network", self._network_box()))
        column.addStretch(1)
        network = Panel("Weights", self.network_view, icon_button(act["photo_fit"], "fit_train"))
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(network)
        parts.addWidget(Panel("Loss and accuracy", self.plot))
        parts.setHandleWidth(theme.SPACE)
        parts.setChildrenCollapsible(False)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.SPACE, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(side)
        row.addWidget(parts, 1)

    def _training_box(self) -> QWidget:
        act = self._actions
        self.epochs.setObjectName("photo_epochs")
        self.epochs.set_value(self._recipe.epochs)
        self.variety.setObjectName("photo_variety")
        self.variety.setAccessibleName("Variety")
        self.variety.setToolTip("How much pictures are changed by chance each time they are seen")
        for i, (text, value, tip) in enumerate(VARIETIES):
            self.variety.addItem(text, value)
            self.variety.setItemData(i, tip, Qt.ItemDataRole.ToolTipRole)
        self.variety.setCurrentIndex(len(VARIETIES) - 1)
        self.start.setObjectName("photo_start")
        self.start.setAccessibleName("Begin with")
        self.start.setToolTip("What the training begins with")
        self.start.addItem("new weights", True)
        self.start.addItem("the network as it is", False)
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.SPACE)
        train = QHBoxLayout()
        self.train_button = text_button(act["photo_train"], "photo_train_button", primary=True)
        train.addWidget(self.train_button, 2)
        train.addWidget(text_button(act["photo_stop"], "photo_stop_button"), 1)
        grid.addLayout(train, 0, 0, 1, 2)
        for row, (text, field) in enumerate(
            (
                ("Begin with", self.start),
                ("Epochs", self.epochs),
                ("Learning rate", self.learning_rate),
                ("Variety", self.variety),
            ),
            1,
        ):
            grid.addWidget(QLabel(text), row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.facts, 5, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        return box

    def _numbers_box(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.PANEL_GAP)
        grid.setVerticalSpacing(2)
        for i, (name, value) in enumerate(self.numbers.items()):
            head = QLabel(name)
            head.setProperty("role", "caption")
            value.setObjectName(f"number_{name.lower()}")
            value.setFont(theme.font(theme.BODY))
            grid.addWidget(head, i // 3 * 2, i % 3)
            grid.addWidget(value, i // 3 * 2 + 1, i % 3)
            grid.setColumnStretch(i % 3, 1)
        return box

    def _network_box(self) -> QWidget:
        act = self._actions
        box, column = layouts.column()
        column.addWidget(self.about)
        row = QHBoxLayout()
        row.addWidget(text_button(act["photo_save"], "photo_save_button"), 1)
        row.addWidget(text_button(act["photo_load"], "photo_load_button"), 1)
        row.addWidget(icon_button(act["photo_shipped"], "photo_shipped_button"))
        column.addLayout(row)
        return box

    def _connect(self) -> None:
        self._actions.connect_to(
            {
                "photo_train": self.train,
                "photo_stop": self.session.training.stop,
                "photo_save": self.choose_where_to_save,
                "photo_load": self.choose_what_to_load,
                "photo_shipped": self.load_shipped,
            }
        )
        self._actions["photo_fit"].triggered.connect(self.network_view.fit)
        self.learning_rate.value_committed.connect(self.session.training.set_lr)
        training = self.session.training
        training.running_changed.connect(self._on_running_changed)
        training.ended.connect(self._on_ended)
        training.diverged.connect(self._on_diverged)
        training.failed.connect(lambda text: self.told.emit(text, "error"))
        self.session.network_changed.connect(self._on_network_changed)
        self.session.data_changed.connect(self._on_data_changed)

    # -- training ----------------------------------------------------------------------------

    def train(self) -> None:
        """Train on the data set as the fields say, or go on where training rests."""
        if self.session.training.is_unfinished:
            self.session.training.go_on()
            return
        self.epochs.commit()
        self.learning_rate.commit()
        try:
            warning = self.session.train(self._fields.recipe, anew=self._fields.anew)
        except ValueError as error:
            self.told.emit(str(error), "warning")
            if self.session.data is None:
                self.needs_data.emit()
            return
        self.about.setText(self.session.words)
        if warning:
            self.told.emit(warning, "warning")

    @property
    def _fields(self) -> Told:
        """What the fields say."""
        recipe = Recipe(
            lr=self.learning_rate.value,
            epochs=int(self.epochs.value or 1),
            variety=float(self.variety.currentData()),
        )
        return Told(recipe, bool(self.start.currentData()))

    def _on_ended(self, why: str) -> None:
        self.pull()
        self.told.emit(why, "info")
        self._learn_what_is_usual()

    def _learn_what_is_usual(self) -> None:
        """So that later photos that are unlike all of these can be told."""
        split = self.session.split
        if split is None:
            return
        network = self.session.training.weights()
        task = self._tasks.run(photo_why.learn_what_is_usual, network, split)
        task.finished.connect(partial(self._on_learned, self.session.network, split))

    def _on_learned(
        self, network: "nn.Network", split: object, familiarity: Familiarity | None
    ) -> None:
        training = self.session.training
        if network is self.session.network and split is self.session.split and not training.running:
            self.session.familiarity = familiarity

    def _on_diverged(self, step: int) -> None:
        self.told.emit(
            f"Training ran away at step {step:,}: choose a smaller learning rate and train again.",
            "error",
        )

    def _on_running_changed(self, running: bool) -> None:
        unfinished = self.session.training.is_unfinished
        self.train_button.setText("Go on" if unfinished and not running else "Train")
        self._actions["photo_train"].setEnabled(not running)
        self._actions["photo_stop"].setEnabled(unfinished)
        for name in ("photo_save", "photo_load", "photo_shipped"):
            self._actions[name].setEnabled(not running)
        self.network_view.set_training(running)

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        """Another value whenever a field says something else."""
        return self._fields

    def made(self) -> Parts:
        """What the fields say."""
        return {"train.json": kept.told(self._fields)}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        """Check what `made` told of. What is returned makes the page so, and can't fail.

        Raises ValueError, one sentence, for what does not fit.
        """
        told = kept.record(parts, "train.json", Told)
        with kept.naming("train.json"):
            told.recipe.check()
            if told.recipe.variety not in [value for _, value, _ in VARIETIES]:
                raise ValueError(f"variety can't be {told.recipe.variety:g}")

        def become() -> None:
            self.learning_rate.set_value(told.recipe.lr)
            self.epochs.set_value(told.recipe.epochs)
            self.variety.setCurrentIndex(self.variety.findData(told.recipe.variety))
            self.start.setCurrentIndex(self.start.findData(told.anew))
            self._on_running_changed(False)
            self.pull()

        return become

    # -- files -------------------------------------------------------------------------------

    def choose_where_to_save(self) -> None:
        names = "-or-".join(self.session.class_names)[:60]
        where, _ = QFileDialog.getSaveFileName(
            self, "Save the network", f"{names}.json", "Networks (*.json)"
        )
        if where:
            self.save(Path(where))

    def save(self, path: Path) -> None:
        """Write the network; its suffix becomes .json where there is none."""
        path = path if path.suffix else path.with_suffix(".json")
        try:
            self.session.save(path)
        except (ValueError, OSError) as error:
            self.told.emit(f"{path.name} could not be saved: {error}", "error")
        else:
            self.told.emit(f"Saved as {path.name}.", "info")

    def choose_what_to_load(self) -> None:
        where, _ = QFileDialog.getOpenFileName(self, "Load a network", "", "Networks (*.json)")
        if where:
            self.load(Path(where))

    def load(self, path: Path) -> None:
        """Read a network's file beside the window, and work with it."""
        task = self._tasks.run(PhotoModel.load, path)
        task.finished.connect(partial(self._on_loaded, path.name))
        task.failed.connect(lambda text: self.told.emit(text, "error"))

    def _on_loaded(self, name: str, model: PhotoModel) -> None:
        try:
            self.session.use(model)
        except ValueError as error:
            self.told.emit(f"{name}: {error}", "error")
        else:
            self.told.emit(f"Loaded {name}.", "info")

    def load_shipped(self) -> None:
        """Back to the network that came with the app."""
        self.session.use_shipped()
        self.told.emit("Loaded beard or badger.", "info")

    # -- what is new -------------------------------------------------------------------------

    def _on_network_changed(self) -> None:
        self.network_view.set_network(self.session.network)
        self.network_view.set_class_names(self.session.class_names)
        self.about.setText(self.session.words or "Nothing is said of what it was trained on.")
        self.pull()

    def _on_data_changed(self) -> None:
        data = self.session.data
        if data is None:
            self.facts.setText("Open or build a data set first (Ctrl+3).")
            return
        counts = zip(data.counts(), data.class_names, strict=True)
        words = ", ".join(f"{n:,} {name}" for n, name in counts)
        self.facts.setText(
            f"{data.name}: {words}. One in five of each is kept for "
            f"validation; every class counts alike. {self.session.warning()}"
        )

    def show_snapshot(self, snapshot: "nn.snapshot.Snapshot") -> None:
        self.network_view.show_snapshot(snapshot)

    def pull(self) -> None:
        """Show numbers and curves as they are now."""
        state = self.session.training.state
        texts = {
            "Step": f"{state.step:,}",
            "Epoch": f"{state.epoch} of {state.epochs}" if state.epochs else "–",
            "Loss": f"{state.loss:.4g}" if isfinite(state.loss) else "–",
            "Training": _percent(state.train),
            "Validation": _percent(state.validation),
            "Best": f"{_percent(state.best)} ({state.best_epoch})" if state.best_epoch else "–",
        }
        for name, text in texts.items():
            self.numbers[name].setText(text)
        self.plot.set_rows(self.session.training.rows)


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %" if isfinite(part) else "–"


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
