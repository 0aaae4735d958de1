"""The Sketch journey in a real X window: xdotool moves the pointer, a screenshot shows the end."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageGrab

from nn.data import examples

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed"),
    pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed"),
]

# Runs the app as `brightwire` does, and tells where its widgets stand and how it ended.
_APP = """
import json, sys
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from gui.app import build
window = build(["brightwire", "--theme", "dark"])
window.settings.hints_seen = True
window.move(0, 0)
window.resize(1200, 780)
window.show()
def tell():
    print(json.dumps({
        w.objectName(): [*w.mapToGlobal(QPoint(0, 0)).toTuple(), w.width(), w.height()]
        for w in window.findChildren(QWidget) if w.objectName()
    }), flush=True)
QTimer.singleShot(700, tell)
QApplication.exec()
print(json.dumps({
    "steps": window.session.step_count,
    "labels": [s.label for s in window.session.samples],
    "threads": window.session.training.alive,
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
            "XDG_CONFIG_HOME": str(folder),
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


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    yield Screen(f":{number}", tmp_path)
    server.terminate()
    server.wait(timeout=10)


def part(picture: Image.Image, place: list[int]) -> np.ndarray:
    left, top, width, height = place
    return np.asarray(picture.crop((left, top, left + width, top + height)), dtype=np.float32)


def test_drawing_and_training_with_the_pointer_of_a_real_screen(screen: Screen) -> None:
    app = subprocess.Popen(
        [sys.executable, "-c", _APP],
        env=screen.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert app.stdout is not None
        places = json.loads(app.stdout.readline())
        screen.click(places["canvas"])
        screen.do("key", "ctrl+z")
        before = screen.picture()
        for i in range(3):
            for label, name in enumerate(("X", "O")):
                screen.do("key", str(label + 1))
                screen.draw(places["canvas"], examples.hands(name, 3)[i].strokes)
                screen.click(places["train_button"])
        screen.do("key", "shift+t")
        time.sleep(0.5)
        after = screen.picture()
        screen.do("key", "ctrl+q")
        out, errors = app.communicate(timeout=30)
    finally:
        app.kill()
    end = json.loads(out.splitlines()[-1])
    assert end == {"steps": 16, "labels": [0, 1, 0, 1, 0, 1], "threads": False}, errors
    assert app.returncode == 0

    # The pen's ink is on the canvas, cells are filled, the guess stands in the panel.
    for name in ("canvas", "raster_view", "prediction_view", "network_view", "sample_list"):
        difference = np.abs(part(after, places[name]) - part(before, places[name]))
        assert difference.max() > 60, f"nothing to be seen in {name}"
    # The network glows: its brightest pixels are brighter than before.
    glow = [np.percentile(part(p, places["network_view"]).sum(axis=2), 99) for p in (before, after)]
    assert glow[1] > glow[0]
