"""A person who can't keep still: one random thing after another is done to the window."""

import random
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabWidget, QToolButton, QWidget

from gui.main_window import MainWindow
from gui.workspaces.sketch import SketchWorkspace
from nn.data import examples
from tests.driving import draw

LEFT = Qt.MouseButton.LeftButton
MOST_SAMPLES = 24
CLICKABLE = {  # painted places, where every click is harmless
    *("plane_view", "network_view", "neuron_maps", "picture_wall", "training_plot", "bits_view"),
    *("try_canvas", "raster_view", "layer_inspector", "prediction_view", "loss_plot"),
    *("photo_view", "curve_view", "confusion_view", "compare_plot"),
}
VERBS = (
    *("play", "play", "pause", "step", "batch", "reset", "reseed", "undo", "redo"),
    *("random", "why", "fit", "wipe", "clear"),
)


class Hands:
    """`do` does one of the things that `does` tells, at random; `done` counts them.

    Dialogs and menus that open are closed again a moment later.
    """

    def __init__(self, window: MainWindow, file: Path, places: Sequence[str], seed: int) -> None:
        """`file` is for sessions that are saved and opened; `places` are workspaces to be in."""
        self.window, self.file, self.places = window, file, places
        self.done: Counter[str] = Counter()
        self.random = random.Random(seed)
        self._leaves = QTimer(interval=150)  # of its own: dialogs run within a thing that is done
        self._leaves.timeout.connect(self._leave)
        self.begin()
        self._sketch = {
            "draw": (12, self._draw),
            "train": (12, lambda: self._trigger("train", "train_ten", "step", "epoch")),
            "undo": (6, lambda: self._trigger("undo", "undo", "redo", "clear")),
            "flip a cell": (4, lambda: self._click(self.sketch.board.raster_view)),
            "delete a sample": (5, self._delete),
            "choose a sample": (4, self._choose),
            "choose a label": (6, self._label),
            "add a class": (1, self._add_class),
            "remove a class": (2, self._remove_class),
            "reset": (2, lambda: self._trigger("reset", "reseed")),
            "other cells": (1, self._resize_grid),
            "other model": (1, self._model),
            "rate": (2, lambda: self._trigger("go_lr")),
            "look at the network": (8, lambda: self._look_at(self.sketch.network_view)),
            "fit": (2, lambda: self._trigger("fit")),
        }
        self._anywhere = {
            "hover": (10, self._hover),
            "click": (8, self._click_somewhere),
            "key": (4, self._key),
            "resize": (3, self._resize),
            "theme": (1, lambda: window.actions_["theme"].trigger()),
            "answer": (6, self._answer),
            "help": (1, lambda: window.actions_["help"].trigger()),
            "hints": (1, self._hints),
            "export": (1, lambda: window.actions_["export"].trigger()),
            "page": (5, self._page),
            "visit": (3, self._visit),
            "save": (2, lambda: window.document.save(file, over=True)),
            "open": (1, self._open),
            "new": (1, lambda: window.actions_["new"].trigger()),
        }
        self._elsewhere = {
            "work": (12, self._work),
        }

    def begin(self) -> None:
        self._leaves.start()

    def stop(self) -> None:
        self._leaves.stop()

    @property
    def sketch(self) -> SketchWorkspace:
        return self.window.sketch

    def do(self) -> None:
        """One thing, of those that can be done where the window is."""
        in_sketch = self.window.workspace is self.sketch
        things = self._anywhere | (self._sketch if in_sketch else self._elsewhere)
        weights = [weight for weight, _ in things.values()]
        name = self.random.choices(list(things), weights)[0]
        self.done[name] += 1
        things[name][1]()

    # -- in Sketch ---------------------------------------------------------------------------

    def _draw(self) -> None:
        hand = self.random.choice(examples.hands(self.random.choice("XO"), 12))
        draw(self.sketch.board.canvas, hand.strokes)
        if len(self.window.session.samples) < MOST_SAMPLES:
            self._trigger("train")

    def _trigger(self, *names: str) -> None:
        self.sketch.actions_[self.random.choice(names)].trigger()

    def _sample(self) -> int | None:
        ids = list(self.window.session.samples_by_id)
        return self.random.choice(ids) if ids else None

    def _delete(self) -> None:
        key = self._sample()
        if key is not None:
            where = self.sketch.sample_list.thumbnail_rect(key).center()
            self._press(self.sketch.sample_list.viewport(), where)
            QTest.keyClick(self.sketch.sample_list, Qt.Key.Key_Delete)

    def _choose(self) -> None:
        key = self._sample()
        if key is not None:
            where = self.sketch.sample_list.thumbnail_rect(key).center()
            self._press(self.sketch.sample_list.viewport(), where)
            QTest.keyClick(self.sketch.sample_list, Qt.Key.Key_Return)

    def _label(self) -> None:
        number = self.random.randint(1, len(self.window.session.classes))
        QTest.keyClick(self.sketch, Qt.Key(Qt.Key.Key_0.value + number))

    def _add_class(self) -> None:
        if len(self.window.session.classes) < 5:
            self._click(self.sketch.label_toggle.findChild(QToolButton))
            QTest.keyClick(QApplication.focusWidget() or self.sketch, Qt.Key.Key_Return)

    def _remove_class(self) -> None:
        if len(self.window.session.classes) > 2:
            toggle = self.sketch.label_toggle
            toggle.class_removed.emit(self.random.randrange(2, len(self.window.session.classes)))

    def _resize_grid(self) -> None:
        self.sketch.board.grid_size.setValue(self.random.choice((5, 6, 6, 8)))

    def _model(self) -> None:
        other = {"sketch": "sketch-cnn", "sketch-cnn": "sketch"}[self.window.session.preset]
        self.window._choose_model(other)

    def _look_at(self, view: QWidget) -> None:
        where = self._within(view)
        QTest.mouseMove(view, where)
        turn = QPoint(0, self.random.choice((-120, 120)))
        place, everywhere = QPointF(where), QPointF(view.mapToGlobal(where))
        none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        buttons = Qt.MouseButton.NoButton
        wheel = QWheelEvent(place, everywhere, QPoint(), turn, buttons, none, phase, False)
        QApplication.sendEvent(view, wheel)
        self._press(view, where)

    # -- anywhere ----------------------------------------------------------------------------

    def _hover(self) -> None:
        seen = [w for w in self.window.workspace.findChildren(QWidget) if w.isVisible()]
        widget = self.random.choice(seen)
        QTest.mouseMove(widget, self._within(widget))

    def _click_somewhere(self) -> None:
        seen = self.window.workspace.findChildren(QWidget)
        safe = [w for w in seen if w.isVisible() and w.objectName() in CLICKABLE]
        if safe:
            self._look_at(self.random.choice(safe))

    def _key(self) -> None:
        keys = Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Escape
        QTest.keyClick(QApplication.focusWidget() or self.window, self.random.choice(keys))

    def _resize(self) -> None:
        self.window.resize(self.random.randint(1024, 1380), self.random.randint(700, 880))

    def _answer(self) -> None:
        button = self.window.messages.findChild(QWidget, "message_action")
        if button is not None and button.isVisible() and button.property("text") != "Download":
            QTest.mouseClick(button, LEFT)

    def _hints(self) -> None:
        self.window.show_hints()
        QTimer.singleShot(100, self.window, lambda: self.window.hints.stop(quietly=True))

    def _visit(self) -> None:
        name = self.random.choice(self.places)
        self._click(self.window.findChild(QWidget, f"{name}_button"))

    def _open(self) -> None:
        if self.file.exists():
            self.window.document.load(self.file, partial(self.window.document.show, self.file))

    def _page(self) -> None:
        for tabs in self.window.workspace.findChildren(QTabWidget)[:1]:
            tabs.setCurrentIndex(self.random.randrange(tabs.count()))

    def _work(self) -> None:
        """Play, pause, step and the like, where there is such a thing."""
        actions = self.window.workspace.actions_
        where = type(self.window.workspace).__name__.removesuffix("Workspace").lower()
        name = f"{where}_{self.random.choice(VERBS)}"
        if name in actions:
            actions[name].trigger()

    # -- hands -------------------------------------------------------------------------------

    def _leave(self) -> None:
        """Close what opened over the window."""
        for opened in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if opened is not None:
                opened.close()

    def _within(self, widget: QWidget) -> QPoint:
        return QPoint(
            self.random.randrange(max(widget.width(), 1)),
            self.random.randrange(max(widget.height(), 1)),
        )

    def _click(self, widget: QWidget | None) -> None:
        assert widget is not None
        self._press(widget, self._within(widget))

    def _press(self, widget: QWidget, where: QPoint) -> None:
        QTest.mouseClick(widget, LEFT, pos=where)
