"""Brightwire in a process of its own that is killed: what it drew and trained is told line by line.

`Doomed(folder)` runs the real window without a screen. It draws and trains one character after
the other, with strokes of real hands, and tells of each as soon as its SGD step has run.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

_APP = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.app import build
from nn.data import examples
words = sys.argv[1:]
window = build(["brightwire", *words])
window.settings.hints_seen = True
window.resize(1024, 700)
window.show()
hands = [examples.hands(name, 8) for name in "XO"]
count = 0
def teach():
    global count
    sketch = window.sketch
    sketch.choose_label(count % 2)
    sketch.board.canvas.set_strokes(hands[count % 2][count // 2 % 8].strokes)
    sketch.train()
    count += 1
    window.session.training.post(lambda: print("trained", window.session.step_count, flush=True))
timer = QTimer(interval=PAUSE)
timer.timeout.connect(teach)
window.document.opened.connect(timer.start)
if not words:
    timer.start()
QApplication.exec()
"""


class Doomed:
    """A Brightwire that is to be killed; `pause` milliseconds lie between two drawings."""

    def __init__(self, folder: Path, *words: object, pause: int = 30) -> None:
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_DATA_HOME": str(folder),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", _APP.replace("PAUSE", str(pause)), *map(str, words)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def until_trained(self, count: int) -> None:
        """Wait until so many steps have run."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if int(line.split()[1]) >= count:
                return
        raise AssertionError("it ended before it had trained so much")

    def kill(self) -> int:
        """End it as a power cut does; how many steps it told of."""
        self._process.send_signal(signal.SIGKILL)
        out, _ = self._process.communicate()
        return len([line for line in out.splitlines() if line.startswith("trained ")])
