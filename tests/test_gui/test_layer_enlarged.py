"""One tile of the layer inspector enlarged, and the sum that made a value of it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

import nn
from gui.widgets.layer_inspector import LayerInspector
from nn.inspection import inspect
from tests.inspector import card, example
from tests.widgets import shown

LEFT = Qt.MouseButton.LeftButton


def test_a_click_enlarges_a_tile_and_shows_its_sum(inspector, qtbot, digits):
    layer = card(inspector, "Convolution 1")
    with qtbot.waitSignal(inspector.tile_enlarged) as told:
        QTest.mouseClick(layer, LEFT, pos=layer.cell_rect(0, 2, 4, 6).center().toPoint())
    assert told.args == [1, 0, 2]
    assert inspector.detail.isVisible()
    assert inspector.detail.hasFocus()
    enlarged = inspector.detail.enlarged
    assert enlarged.title == "Convolution 1 · activations · map 3"
    assert enlarged.cursor == (4, 6)
    value, words = enlarged.told
    assert value.startswith("map 3, row 5, column 7: ")
    assert words.startswith("25 products: ")
    assert words.endswith(value.split(": ")[1])


def test_pointer_and_arrows_choose_the_activation_that_is_explained(inspector, qtbot):
    inspector.enlarge(4, 0, 5, 3, 3)
    QApplication.processEvents()
    detail = inspector.detail
    detail.setFocus()
    QTest.mouseMove(detail, detail.value_rect(7, 2).center().toPoint())
    assert detail.enlarged.cursor == (7, 2)
    before = detail.grab().toImage()
    QTest.keyClick(detail, Qt.Key.Key_Right)
    QTest.keyClick(detail, Qt.Key.Key_Up)
    assert detail.enlarged.cursor == (6, 3)
    assert "row 7, column 4" in detail.accessibleDescription()
    assert detail.grab().toImage() != before
    for _ in range(30):
        QTest.keyClick(detail, Qt.Key.Key_Left)
    assert detail.enlarged.cursor == (6, 0)


def test_a_channel_is_chosen_by_a_click_or_by_page_keys(inspector):
    inspector.enlarge(4, 0, 5, 3, 3)
    QApplication.processEvents()
    detail = inspector.detail
    strongest = detail.enlarged.explanation.strongest_channel
    assert detail.enlarged.channel == strongest
    detail.grab()
    other = (strongest + 3) % 8
    QTest.mouseClick(detail, LEFT, pos=detail.channel_rects[other].center().toPoint())
    assert detail.enlarged.channel == other
    QTest.keyClick(detail, Qt.Key.Key_PageDown)
    assert detail.enlarged.channel == (other + 1) % 8
    QTest.keyClick(detail, Qt.Key.Key_PageUp)
    QTest.keyClick(detail, Qt.Key.Key_PageUp)
    assert detail.enlarged.channel == (other - 1) % 8


def test_a_dense_weight_row_opens_as_the_unit_it_belongs_to(inspector):
    layer = card(inspector, "Dense")
    inspector._scroll.ensureWidgetVisible(layer)
    QTest.mouseClick(layer, LEFT, pos=layer.cell_rect(2, 0, 6, 30).center().toPoint())
    assert inspector.detail.enlarged.subject.row == 6
    assert inspector.detail.enlarged.told[0].startswith("class 6, map ")
    assert inspector.detail.enlarged.told[1].startswith("256 products: ")


@pytest.mark.parametrize("preset", ["mnist", "cifar", "badger", "sketch", "sketch-cnn"])
@pytest.mark.parametrize("width", [340, 660, 1200])
def test_every_section_of_every_preset_can_be_enlarged_and_read(qtbot, preset, width):
    network = nn.presets.build(preset)
    inspector = shown(qtbot, LayerInspector(), width, 600)
    x = np.random.default_rng(0).random((1, *network.input_shape), dtype=np.float32)
    inspector.set_inspection(inspect(network, x, np.array([1])), network)
    for layer in inspector.cards:
        for section in range(len(layer.facts.sections)):
            inspector.enlarge(layer.facts.index, section, 0)
            inspector.detail.grab()
            assert inspector.detail.enlarged.told[0].count(": ") >= 1


def test_escape_and_the_cross_close_the_enlarged_tile(inspector, qtbot):
    for close in (
        lambda: QTest.keyClick(inspector.detail, Qt.Key.Key_Escape),
        lambda: QTest.mouseClick(inspector.findChild(QToolButton, "close_tile"), LEFT),
    ):
        inspector.enlarge(1, 0, 2)
        inspector.detail.setFocus()
        with qtbot.waitSignal(inspector.tile_closed):
            close()
        assert not inspector.detail.isVisible()
    assert card(inspector, "Convolution 1").hasFocus()


def test_in_a_low_place_the_enlarged_tile_takes_the_layers_room_until_it_closes(inspector):
    inspector.resize(660, 300)
    QApplication.processEvents()
    inspector.enlarge(4, 0, 5)
    QApplication.processEvents()
    assert not inspector.cards[0].isVisible()
    assert inspector.rect().contains(
        inspector.detail.geometry().translated(inspector._splitter.pos())
    )
    inspector.close_tile()
    assert inspector.cards[0].isVisible()


def test_the_enlarged_tile_follows_new_inspections(inspector, digits):
    inspector.enlarge(1, 0, 2, 4, 6)
    first = inspector.detail.enlarged.told
    inspector.set_inspection(example(digits, seed=9), digits)
    assert inspector.detail.enlarged.cursor == (4, 6)
    assert inspector.detail.enlarged.told != first
