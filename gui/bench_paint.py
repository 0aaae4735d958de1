"""Measure how long one repaint of the network view takes: `python -m gui.bench_paint`.

At rest the view is painted smoothly and everything anew, as after a single step; a repaint
without news, as under the moving pointer, is a copy of kept pixels. While training the view paints
without antialiasing. Times are of the painting thread's processor, so that what else runs on the
machine counts little.
"""

import argparse
import json
import os
import statistics
import sys
import time
from typing import Any

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

import nn
from gui import motion, theme
from gui.widgets.network_view import NetworkView


def repaint_times(
    network: Any, size: tuple[int, int] = (900, 440), rounds: int = 60, ratio: float = 1.0
) -> dict[str, float]:
    """Median milliseconds of one repaint of the view of `network` after a new snapshot.

    Each round's snapshot holds another random drawing and weights that all differ a little from
    the round's before, as after a step. The network itself is left as it is.
    `ratio` is how many device pixels a logical one takes. A QApplication must exist.
    """
    network = network.copy()
    view = NetworkView()
    view.resize(QSize(*size))
    view.set_network(network)
    view.set_class_names(network.class_names)
    image = QImage(QSize(*size) * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    snapshots = nn.snapshot.SnapshotBuffer(network)
    rng = np.random.default_rng(0)
    figures = {}
    moved = motion.enabled()
    motion.enable(False)
    try:
        for name, training in (("at rest", False), ("while training", True)):
            view.set_training(training)
            times, again = [], []
            for step in range(rounds):
                drawing = (rng.random((1, *network.input_shape)) < 0.3).astype(np.float32)
                network.parameters *= np.float32(1 + 1e-4 * rng.standard_normal())
                snapshots.publish(step, 0.0, drawing)
                begin = time.thread_time()
                view.show_snapshot(snapshots.take())
                view.render(image)
                middle = time.thread_time()
                view.render(image)
                times.append(middle - begin)
                again.append(time.thread_time() - middle)
            figures[f"repaint {name}, ms"] = 1000 * statistics.median(times)
            if not training:
                figures["repaint without news, ms"] = 1000 * statistics.median(again)
    finally:
        motion.enable(moved)
        view.deleteLater()
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gui.bench_paint", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--size", default="900x440", help="of the view, as WIDTHxHEIGHT")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(["brightwire"])
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    figures = {
        name: repaint_times(nn.presets.build(name, seed=0), (width, height), options.rounds)
        for name in nn.presets.NAMES
    }
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    for network, rows in figures.items():
        for name, value in rows.items():
            print(f"{network:12} {name:28} {value:8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
