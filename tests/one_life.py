"""One life of the app, which somebody ends: `python -m tests.one_life FOLDER`.

Brings back what was lost, then draws, trains, saves and so on at random in the real window, until
it is killed. On a line of its output each, as JSON, it tells at once what it does and what there
is then: see `tests.told`. Times are those of `time.monotonic`, which all processes share.
"""

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QListWidget, QPushButton

from gui import errors, theme
from gui.keeping.document import INTERVAL
from gui.keeping.slot import Lost
from gui.main_window import MainWindow
from gui.points.classify_page import ClassifyPage
from gui.settings import Forgetful, Settings
from gui.workspaces.points import PointsWorkspace
from nn.data import examples
from tests.driving import click, draw, find
from tests.told import told

BEAT = 60  # milliseconds between two things that are done
MOST_SAMPLES = 40
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def tell(**what: Any) -> None:
    """One line, which the other end has whatever becomes of this process."""
    os.write(1, (json.dumps({"at": time.monotonic(), **what}) + "\n").encode())


class Life:
    """Does things to a window until it is killed."""

    def __init__(self, window: MainWindow, folder: Path, seed: int) -> None:
        self.window, self.folder = window, folder
        self.random = random.Random(seed)
        self._saves = 0
        self._busy = False
        self._beats = QTimer(interval=BEAT)
        self._beats.timeout.connect(self._beat)
        document = window.document
        document.found.connect(lambda lost: QTimer.singleShot(0, window, lambda: self._on(lost)))
        document.saved.connect(lambda: tell(saved=str(document.path)))
        document.not_saved.connect(lambda why: tell(problem=why))
        document.not_opened.connect(lambda why: tell(problem=why))
        document.not_kept.connect(lambda why: tell(problem=why))
        window.session.sample_added.connect(lambda key, sample: self._about_to_train(key))

    def begin(self) -> None:
        """Go on from what is in the window now."""
        seen = self.window.sketch.sample_list
        shown = sum(seen.count(label) for label in range(len(self.window.session.classes)))
        tell(back=self._now(), thumbnails=shown, slot=self.window.document._slot.name)
        self._beats.start()

    # -- what was lost -----------------------------------------------------------------------

    def _on(self, lost: list[Lost]) -> None:
        """Forget all but the newest with the buttons of the offer, and bring that one back."""
        tell(lost={one.slot.name: one.problem for one in lost})
        if lost:
            self._answer_offer(len(lost))
        elif self.window.document.path is None and not self.window.document.saving:
            self.begin()

    def _answer_offer(self, count: int) -> None:
        offer = find(self.window, "recovery")
        words = "&Bring back"
        if count > 1:
            offer.findChild(QListWidget).setCurrentRow(count - 1)
            words = "&Forget it"
        else:
            self.window.document.opened.connect(self._on_back)
        button = next(b for b in offer.findChildren(QPushButton) if b.text() == words)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        if count > 1:
            QTimer.singleShot(50, self.window, lambda: self._answer_offer(count - 1))

    def _on_back(self) -> None:
        self.window.document.opened.disconnect(self._on_back)
        QTimer.singleShot(0, self.window, self.begin)

    # -- what is done ------------------------------------------------------------------------

    def _now(self) -> dict[str, Any]:
        return told(self.window.contents.state()())

    def _about_to_train(self, key: int) -> None:
        self.window.session.training.post(lambda: tell(trains=key))

    def _beat(self) -> None:
        if self._busy:
            return
        self._busy = True
        things = (
            *((12, self._lesson), (6, self._train), (6, self._scribble), (4, self._undo)),
            *((4, self._play), (3, self._delete), (3, self._save), (1, self._save_as)),
            *((2, self._visit), (4, self._points), (2, self._flip), (1, self._reseed)),
        )
        _, thing = self.random.choices(things, [weight for weight, _ in things])[0]
        thing()
        tell(done=thing.__name__, now=self._now())
        self._busy = False

    def _sketch(self) -> None:
        if self.window.workspace is not self.window.sketch:
            click(self.window, "sketch_button")

    def _draw(self, name: str) -> None:
        self._sketch()
        hand = self.random.choice(examples.hands(name, 20, seed=self.random.randrange(99)))
        draw(find(self.window, "canvas"), hand.strokes)

    def _lesson(self) -> None:
        if len(self.window.session.samples) < MOST_SAMPLES:
            label = self.random.randrange(2)
            self._sketch()
            QTest.keyClick(self.window.sketch, Qt.Key(Qt.Key.Key_1.value + label))
            self._draw("XO"[label])
            click(self.window, self.random.choice(["train_button", "train_ten_button"]))

    def _train(self) -> None:
        self._sketch()
        if not self.window.sketch.board.is_empty:
            click(self.window, self.random.choice(["train_button", "train_ten_button"]))

    def _scribble(self) -> None:
        self._draw(self.random.choice(["X", "O"]))

    def _undo(self) -> None:
        self._sketch()
        self.window.sketch.actions_[self.random.choice(["undo", "redo"])].trigger()

    def _play(self) -> None:
        self._sketch()
        click(self.window, self.random.choice(["train_all_button", "pause_button"]))

    def _flip(self) -> None:
        self._sketch()
        click(self.window, "raster_view")

    def _reseed(self) -> None:
        self._sketch()
        self.window.sketch.actions_["reseed"].trigger()

    def _delete(self) -> None:
        self._sketch()
        keys = list(self.window.session.samples_by_id)
        if keys:
            key = self.random.choice(keys)
            seen = self.window.sketch.sample_list
            tell(deletes=key)
            where = seen.thumbnail_rect(key).center()
            if seen.viewport().rect().contains(where):
                QTest.mouseClick(seen.viewport(), Qt.MouseButton.LeftButton, pos=where)
                QTest.keyClick(seen, Qt.Key.Key_Delete)

    def _visit(self) -> None:
        click(self.window, self.random.choice(["photo_button", "images_button", "points_button"]))

    def _points(self) -> None:
        click(self.window, "points_button")
        workspace = self.window.workspace
        assert isinstance(workspace, PointsWorkspace)
        plane = workspace.page_of(ClassifyPage).plane
        where = plane.rect().center()
        where.setX(self.random.randrange(20, max(plane.width() - 20, 21)))
        QTest.mouseClick(plane, Qt.MouseButton.LeftButton, pos=where)

    # -- files -------------------------------------------------------------------------------

    def _save(self) -> None:
        if self.window.document.path is None:
            self._save_as()
        else:
            tell(saves=str(self.window.document.path))
            QTest.keyClick(self.window, Qt.Key.Key_S, CONTROL)

    def _save_as(self) -> None:
        self._saves += 1
        path = self.folder / f"{os.getpid()} {self._saves}.brightwire"
        QTest.keyClick(self.window, Qt.Key.Key_S, CONTROL | SHIFT)
        dialog = self.window.findChild(QFileDialog)
        if dialog is None:  # the window is not in front
            return
        dialog.findChild(QLineEdit).setText(str(path))
        tell(saves=str(path))
        QTest.keyClick(dialog.findChild(QLineEdit), Qt.Key.Key_Return)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.one_life", description=__doc__)
    parser.add_argument("folder", type=Path, help="where sessions are saved and kept")
    parser.add_argument("--file", type=Path, help="a session file to open")
    parser.add_argument("--interval", type=int, default=INTERVAL, help="of autosaves, in ms")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    app = QApplication(["brightwire"])
    theme.apply(app, "dark")
    window = MainWindow(Settings(Forgetful(hints_seen=True)))
    errors.install(lambda text, kind: tell(problem=text))
    life = Life(window, options.folder, options.seed)
    window.resize(1200, 780)
    window.show()
    window.document.keep_in(options.folder / "recovery", options.interval)
    if options.file is not None:
        window.document.opened.connect(life._on_back)
        window.keeper.open_file(options.file)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
