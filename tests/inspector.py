"""The layer inspector with an example of a network, and where things lie in it."""

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import nn
from gui.layer_card import LayerCard
from gui.widgets.layer_inspector import LayerInspector
from nn.inspection import Inspection, inspect
from tests.widgets import shown


def example(network: nn.Network, seed: int = 0) -> Inspection:
    """A picture that the network has not seen, with label 1."""
    rng = np.random.default_rng(seed)
    x = rng.random((1, *network.input_shape), dtype=np.float32)
    return inspect(network, x, np.array([1]))


def trained_on_digits() -> nn.Network:
    """The network for digits, trained a little."""
    network = nn.presets.build("mnist", seed=3)
    trainer = nn.Trainer(network, nn.optimizers.SGD(lr=0.05), seed=0)
    rng = np.random.default_rng(0)
    for _ in range(20):
        x = rng.random((10, 1, 24, 24), dtype=np.float32)
        trainer.step(x, np.arange(10))
    return network


def inspecting(qtbot: QtBot, network: nn.Network) -> LayerInspector:
    """The inspector with an example of the network, refreshed only when told."""
    view = shown(qtbot, LayerInspector(), 660, 700)
    view.set_refresh_rate(0)
    view.set_inspection(example(network), network)
    QApplication.processEvents()
    return view


def card(view: LayerInspector, title: str) -> LayerCard:
    return next(card for card in view.cards if card.facts.title == title)


def point_at(view: LayerInspector, card: LayerCard, *spot: int) -> None:
    """Move the mouse onto a value of a card: its section, tile, row and column."""
    view._scroll.ensureWidgetVisible(card)
    middle = card.cell_rect(*spot).center()
    spot_at = QPoint(int(middle.x()), int(middle.y()))
    QTest.mouseMove(card, spot_at + QPoint(3, 3))
    QTest.mouseMove(card, spot_at)
