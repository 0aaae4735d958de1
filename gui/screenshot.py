"""`brightwire --screenshot FILE`: the real window after a short lesson, as a picture."""

import argparse
import re
import sys

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gui import motion, theme
from gui.main_window import MODELS, MainWindow
from gui.settings import Forgetful, Settings
from nn.data import examples

LESSON = ("X", "O")


def take(options: argparse.Namespace) -> int:
    """Write the picture that `options` (of `gui.app`) ask for; the exit code."""
    size = re.fullmatch(r"(\d{3,4})x(\d{3,4})", options.size)
    if not size or options.model not in MODELS:
        print(
            f"Wanted --size like 1280x800 and --model one of {', '.join(MODELS)}; "
            f"got {options.size} and {options.model}.",
            file=sys.stderr,
        )
        return 2
    app = QApplication.instance() or QApplication(["brightwire"])
    assert isinstance(app, QApplication)
    theme.apply(app, options.theme or "dark")
    motion.enable(False)
    window = MainWindow(Settings(Forgetful(hints_seen=True)))
    window.resize(int(size[1]), int(size[2]))
    window.show()
    if options.model != window.session.preset:
        window.session.choose_preset(options.model)
    lesson(window, options.lessons)
    saved = window.grab().save(str(options.screenshot))
    window.close()
    if not saved:
        print(f"Could not write {options.screenshot}: does its folder exist?", file=sys.stderr)
        return 1
    print(f"Wrote {options.screenshot}.")
    return 0


def lesson(window: MainWindow, drawings: int, clicks: int = 5) -> None:
    """Draw and train `drawings` of each class in turn, then show one that is new."""
    sketch = window.sketch
    hands = [examples.hands(name, drawings + 1) for name in LESSON]
    for i in range(drawings):
        for label in range(len(LESSON)):
            sketch.choose_label(label)
            sketch.board.canvas.set_strokes(hands[label][i].strokes)
            for _ in range(clicks):
                sketch.train()
    sketch.board.clear()
    sketch.board.canvas.set_strokes(hands[0][drawings].strokes)
    settle(window)


def settle(window: MainWindow, frames: int = 30) -> None:
    """Let the training thread finish what it was asked, and the window show it."""
    window.session.training.ask(lambda: None)
    loop = QEventLoop()
    QTimer.singleShot(frames * 16, loop.quit)
    loop.exec()
