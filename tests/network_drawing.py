"""The network view: networks, lessons and pointers for its tests, and how bright its wires are."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import nn
from gui.network.ink import ink
from gui.widgets.network_view import NetworkView
from nn.snapshot import Snapshot, SnapshotBuffer
from tests.widgets import pixels

Draw = Callable[..., NetworkView]
"""`drawn` without its first argument."""


class Lesson:
    """A network with one drawing: makes snapshots the way the trainer's thread does."""

    def __init__(self, network: nn.Network) -> None:
        self.network = network
        self.trainer = nn.Trainer(network, nn.optimizers.SGD(lr=0.5), seed=0)
        self.buffer = SnapshotBuffer(network)
        self.x = np.zeros((1, *network.input_shape), np.float32)
        self.x[..., ::2] = 1.0

    def now(self) -> Snapshot:
        self.buffer.publish(self.trainer.steps, 0.1, self.x)
        return self.buffer.take()

    def step(self) -> Snapshot:
        self.buffer.remember()
        self.trainer.step(self.x, np.array([0]))
        return self.now()


def sketch(**options: object) -> nn.Network:
    return nn.presets.build("sketch", seed=0, **options)


def drawn(
    qtbot: QtBot, network: nn.Network | None, width: int = 900, height: int = 440
) -> NetworkView:
    """The view of a network that was shown one drawing."""
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(width, height)
    if network is not None:
        view.set_network(network)
        view.show_snapshot(Lesson(network).now())
    view.show()
    qtbot.waitExposed(view)
    return view


def light(view: NetworkView, wire: tuple[int, int, int, int]) -> float:
    """How far the pixels at a wire's middle are from the ground; (column, unit) twice."""
    middle = (view.on_screen(*wire[:2]) + view.on_screen(*wire[2:])) / 2
    x, y = round(middle.x()), round(middle.y())
    ground = np.array(ink().ground.getRgb()[:3])
    patch = pixels(view)[y - 2 : y + 3, x - 2 : x + 3]
    return float(np.abs(patch - ground).sum(axis=2).max())


def strongest_wire(network: nn.Network) -> tuple[int, int]:
    """(hidden, output) of the strongest wire between them."""
    weight = [p.data for layer in network.layers for p in layer.parameters()][2]
    output, hidden = np.unravel_index(np.argmax(np.abs(weight)), weight.shape)
    return int(hidden), int(output)


def point(view: NetworkView, at: QPointF) -> None:
    QTest.mouseMove(view, QPoint(3, 3))
    QTest.mouseMove(view, at.toPoint())
    QApplication.processEvents()


def wheel(view: NetworkView, turns: float, at: QPointF | None = None) -> None:
    where = view.rect().toRectF().center() if at is None else at
    event = QWheelEvent(
        where,
        view.mapToGlobal(where),
        QPoint(0, 0),
        QPoint(0, round(120 * turns)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)
