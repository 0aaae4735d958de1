"""`python -m gui.bench`: how smooth the window is, and what it costs the training.

Figures, each the median of some rounds in this one run:

- `first paint`: seconds from the start of a process to the first paint of its window;
- `repaint`: milliseconds to paint the network view once, at rest and while training;
- while training on all samples as fast as possible: frames a second, how late (99th percentile)
  a 4 ms timer of the window's thread fires, and steps a second with the window as a ratio to the
  same training without one;
- `points`: the same for Points, with a background of 200×200 cells; see `gui.bench_points`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

import nn
from gui import bench_points, motion, theme
from gui.bench_paint import repaint_times
from gui.main_window import MainWindow
from gui.screenshot import lesson, settle
from gui.settings import Forgetful, Settings
from gui.sketch_state import PRESETS

TICK = 4  # milliseconds of the timer whose lateness is measured
_PROBE = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from gui.app import build
class Watch(QObject):
    def eventFilter(self, widget, event):
        if event.type() == QEvent.Type.Paint:
            print(time.monotonic() - float(sys.argv[1]), flush=True)
            window.close()
        return False
window = build(["brightwire"])
window.settings.hints_seen = True
watch = Watch()
window.sketch.network_view.installEventFilter(watch)
window.show()
from PySide6.QtWidgets import QApplication
QApplication.exec()
"""


class PaintCounter(QObject):
    """Counts the paint events of the object that it watches."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def first_paint(rounds: int = 5) -> float:
    """Seconds from the start of a process to the first paint of the network view, warm."""
    times = []
    for _ in range(rounds + 1):
        begun = time.monotonic()
        command = [sys.executable, "-c", _PROBE, str(begun)]
        with TemporaryDirectory() as folder:  # the person's own files are none of ours
            own = {**os.environ, "XDG_DATA_HOME": folder}
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=own)
        times.append(float(done.stdout.split()[0]))
    return statistics.median(times[1:])  # the first may have been cold


def without_window(window: MainWindow, seconds: float) -> float:
    """Steps a second of the same training on a copy of the network, in this thread alone."""
    session = window.session
    trainer = nn.Trainer(session.network.copy(), nn.optimizers.SGD(lr=session.lr), seed=0)
    x, y = nn.data.drawings.to_batch(session.samples, session.grid_size)
    order = np.random.default_rng(0).permutation(len(x))
    steps, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for i in order:
            trainer.step(x[i : i + 1], y[i : i + 1])
        steps += len(order)
    return steps / (time.perf_counter() - begun)


def with_window(window: MainWindow, seconds: float) -> tuple[float, float, float]:
    """Steps a second, frames a second and the timer's p99 lateness in ms, while training."""
    counter = PaintCounter()
    view = window.sketch.network_view
    view.installEventFilter(counter)
    ticks: list[float] = []
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    loop = QEventLoop()
    window.session.training.play()
    QTimer.singleShot(300, loop.quit)  # warm up
    loop.exec()
    counter.count, steps = 0, window.session.step_count
    timer.start()
    begun = time.perf_counter()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
    passed = time.perf_counter() - begun
    steps = window.session.step_count - steps
    frames = counter.count
    window.session.training.pause()
    settle(window)
    view.removeEventFilter(counter)
    late = np.maximum(1000 * np.diff(ticks) - TICK, 0)
    return steps / passed, frames / passed, float(np.percentile(late, 99))


def live(window: MainWindow, rounds: int, seconds: float) -> dict[str, float]:
    """Both kinds of training in turn, so that what else the machine does hits both alike."""
    alone, shown = [], []
    for _ in range(rounds):
        alone.append(without_window(window, seconds))
        shown.append(with_window(window, seconds))
    steps, frames, late = (list(values) for values in zip(*shown, strict=True))
    return {
        "steps/s without the window": statistics.median(alone),
        "steps/s with the window": statistics.median(steps),
        "steps/s, ratio": statistics.median(b / a for a, b in zip(alone, steps, strict=True)),
        "frames/s while training": statistics.median(frames),
        "p99 lateness of a 4 ms timer, ms": statistics.median(late),
    }


def measure(rounds: int = 5, seconds: float = 2.0) -> dict[str, dict[str, float]]:
    """All figures, by model."""
    app = QApplication.instance() or QApplication(["brightwire"])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    motion.enable(True)
    figures: dict[str, dict[str, float]] = {"window": {"first paint, s": first_paint(rounds)}}
    for model in PRESETS:
        window = MainWindow(Settings(Forgetful(hints_seen=True)))
        window.resize(1280, 800)
        window.show()
        if model != window.session.preset:
            window.session.choose_preset(model)
        lesson(window, drawings=10, clicks=1)
        figures[model] = {**repaint_times(window.session.network), **live(window, rounds, seconds)}
        window.end()
    figures["points"] = bench_points.measure(rounds, seconds)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gui.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each training")
    options = parser.parse_args()
    figures = measure(options.rounds, options.seconds)
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    for group, rows in figures.items():
        for name, value in rows.items():
            print(f"{group:12} {name:40} {value:12,.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
