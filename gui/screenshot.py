"""`brightwire --screenshot FILE`: the real window after a short lesson, as a picture."""

import argparse
import re
import sys

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QTabWidget

from gui import motion, theme
from gui.main_window import MainWindow
from gui.settings import Forgetful, Settings
from nn.data import examples

LESSON = ("X", "O")


def take(options: argparse.Namespace) -> int:
    """Write the picture that `options` (of `gui.app`) ask for; the exit code."""
    size = re.fullmatch(r"(\d{3,4})x(\d{3,4})", options.size)
    if not size:
        print(f"Wanted --size like 1280x800, got {options.size}.", file=sys.stderr)
        return 2
    app = QApplication.instance() or QApplication(["brightwire"])
    assert isinstance(app, QApplication)
    theme.apply(app, options.theme or "dark")
    motion.enable(False)
    window = MainWindow(Settings(Forgetful(hints_seen=True)))
    window.resize(int(size[1]), int(size[2]))
    window.show()
    if options.workspace != "sketch":
        rehearse(window, options.workspace, options.page, options.seconds)
    else:
        if options.model != window.session.preset:
            window.session.choose_preset(options.model)
        lesson(window, options.lessons)
    saved = window.grab().save(str(options.screenshot))
    window.end()
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


def rehearse(window: MainWindow, name: str, page: str, seconds: float) -> None:
    """Show a page of a workspace by its title, and train there for some seconds."""
    workspace = window.show_workspace(name)
    wait(4.0)  # for what it loads at its first visit
    for tabs in workspace.findChildren(QTabWidget):
        for i in range(tabs.count()):
            if page.casefold() == tabs.tabText(i).casefold():
                tabs.setCurrentIndex(i)
    for verb, pause in (("play", seconds), ("pause", 0.0)):
        for action in (verb, f"{name}_{verb}"):
            if action in workspace.actions_:
                workspace.actions_[action].trigger()
        wait(pause)
    wait(0.5)


def wait(seconds: float) -> None:
    """Let the window live for some seconds."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def settle(window: MainWindow, seconds: float = 0.5) -> None:
    """Let the training thread finish what it was asked, and the window show it."""
    window.session.training.ask(lambda: None)
    wait(seconds)
