"""How smoothly Points paints its background, and what that costs the training.

The Classify preset, 2-6-2-2, on 200 points of a circle, as fast as it can, with a background of
200×200 cells in a window of 1280×800; in turn with the same training without a window.
"""

import statistics
import time

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

import nn
import nn.point_presets
from gui.main_window import MainWindow
from gui.points.classify_page import PRESET, ClassifyPage
from gui.points_batches import Batches, Data
from gui.points_settings import PointSettings
from gui.settings import Forgetful, Settings
from gui.workspaces.points import PointsWorkspace

WARM_UP = 300  # milliseconds


class _Paints(QObject):
    """Counts the paints of the plane that show another background than the one before."""

    def __init__(self, page: ClassifyPage) -> None:
        super().__init__()
        self._page, self.count = page, 0
        self._last = page.plane.background_key

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._page.plane.background_key != self._last:
            self._last = self._page.plane.background_key
            self.count += 1
        return False


def without_window(page: ClassifyPage, seconds: float) -> float:
    """Steps a second of the same training, in this thread alone."""
    settings = PointSettings.of_preset(PRESET)
    network = nn.point_presets.build(PRESET)
    trainer = nn.Trainer(network, settings.build_optimizer(), l2=settings.l2)
    train, test, _, _ = page.points.now
    batches = Batches(Data.of_points(train, test), settings.batch_size).stream
    steps, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for _ in range(50):
            trainer.step(*next(batches))
        steps += 50
    return steps / (time.perf_counter() - begun)


def with_window(page: ClassifyPage, seconds: float) -> tuple[float, float]:
    """Steps a second, and backgrounds painted a second."""
    training = page.training
    assert training is not None
    loop, paints = QEventLoop(), _Paints(page)
    page.plane.installEventFilter(paints)
    page.play()
    QTimer.singleShot(WARM_UP, loop.quit)
    loop.exec()
    paints.count, steps = 0, training.step_count
    begun = time.perf_counter()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
    passed = time.perf_counter() - begun
    steps, frames = training.step_count - steps, paints.count
    page.pause()
    QTimer.singleShot(WARM_UP, loop.quit)
    loop.exec()
    page.plane.removeEventFilter(paints)
    return steps / passed, frames / passed


def measure(rounds: int, seconds: float) -> dict[str, float]:
    """The figures, each the median of some rounds; both kinds of training in turn."""
    window = MainWindow(Settings(Forgetful(hints_seen=True)))
    window.resize(1280, 800)
    window.show()
    workspace = window.show_workspace("points")
    assert isinstance(workspace, PointsWorkspace)
    page = workspace.page_of(ClassifyPage)
    assert isinstance(page, ClassifyPage)
    alone, shown = [], []
    for _ in range(rounds):
        alone.append(without_window(page, seconds))
        shown.append(with_window(page, seconds))
    window.end()
    steps, frames = (list(values) for values in zip(*shown, strict=True))
    return {
        "steps/s without the window": statistics.median(alone),
        "steps/s with the window": statistics.median(steps),
        "steps/s, ratio": statistics.median(b / a for a, b in zip(alone, steps, strict=True)),
        "backgrounds/s while training": statistics.median(frames),
    }
