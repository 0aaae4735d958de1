"""A real X server of one's own, with a pointer, keys and pictures of what is to be seen."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageGrab

Place = list[int]  # left, top, width, height on the screen

# Runs the app as `brightwire` does. On a line of its input it tells where its widgets stand, and
# at the end how it ended.
_APP = """
import json, sys, threading
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget
from gui.app import build
window = build(["brightwire", "--theme", "dark", *sys.argv[1:]])
window.settings.hints_seen = True
window.move(0, 0)
window.resize(1200, 780)
window.show()
class Asked(QObject):
    line = Signal(str)
def tell(line):
    print(json.dumps({
        w.objectName(): [*w.mapToGlobal(QPoint(0, 0)).toTuple(), w.width(), w.height()]
        for w in window.findChildren(QWidget) if w.objectName() and w.isVisible()
    }), flush=True)
asked = Asked()
asked.line.connect(tell, Qt.ConnectionType.QueuedConnection)
def listen():
    for line in sys.stdin:
        asked.line.emit(line)
threading.Thread(target=listen, daemon=True).start()
QApplication.exec()
print(json.dumps({
    "steps": window.session.step_count,
    "labels": [s.label for s in window.session.samples],
    "alive": window.session.training.alive,
}), flush=True)
"""


class Screen:
    """One Xvfb, its pointer and keys."""

    def __init__(self, display: str, folder: Path) -> None:
        self.display = display
        self.environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_DATA_HOME": str(folder),
        }

    def do(self, *words: object) -> None:
        command = ["xdotool", *(str(word) for word in words)]
        subprocess.run(command, env=self.environment, check=True, timeout=20)

    def picture(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def draw(self, place: list[int], strokes: list[np.ndarray]) -> None:
        points = np.concatenate(strokes)
        low, size = points.min(axis=0), float(np.ptp(points, axis=0).max())
        left, top, width, height = place
        edge = 0.6 * min(width, height)
        corner = np.array([left + (width - edge) / 2, top + (height - edge) / 2])
        for stroke in strokes:
            path = (corner + (stroke - low) / size * edge).astype(int)
            words: list[object] = ["mousemove", *path[0], "mousedown", 1]
            for point in path[1 :: max(1, len(path) // 12)]:
                words += ["mousemove", *point, "sleep", 0.01]
            self.do(*words, "mouseup", 1, "sleep", 0.03)

    def click(self, place: list[int]) -> None:
        left, top, width, height = place
        self.do("mousemove", left + width // 2, top + height // 2, "click", 1, "sleep", 0.05)

    def focus(self) -> None:
        """Give the keys back to the window, as a window manager does when a dialog closes."""
        self.do("search", "--onlyvisible", "--name", "– Brightwire$", "windowfocus", "sleep", 0.3)

    def quit(self) -> None:
        """Quit by keys; what is not saved is not wanted."""
        self.do("key", "ctrl+q", "sleep", 0.5, "key", "alt+d")

    def app(self, *words: object) -> "App":
        return App(self, *words)


class App:
    """Brightwire in a process of its own on that screen."""

    def __init__(self, screen: Screen, *words: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _APP, *map(str, words)],
            env=screen.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def places(self) -> dict[str, Place]:
        """Where each visible widget that has a name stands now."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("where\n")
        self._process.stdin.flush()
        found: dict[str, Place] = json.loads(self._process.stdout.readline())
        return found

    def end(self) -> tuple[dict[str, object], int, str]:
        """How it ended: what it told, its exit code, and what it printed as errors."""
        out, errors = self._process.communicate(timeout=60)
        return json.loads(out.splitlines()[-1]), self._process.returncode, errors

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def open_screen(folder: Path) -> Iterator[Screen]:
    """Xvfb on a display number that is free; settings lie in `folder`."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    yield Screen(f":{number}", folder)
    server.terminate()
    server.wait(timeout=10)


def part(picture: Image.Image, place: list[int]) -> np.ndarray:
    left, top, width, height = place
    return np.asarray(picture.crop((left, top, left + width, top + height)), dtype=np.float32)
