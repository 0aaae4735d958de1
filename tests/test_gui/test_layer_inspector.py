"""Looking inside: layers, tiles, what is read from them, by mouse and by keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

import nn
from gui import theme
from gui.layer_words import short
from gui.widgets.layer_inspector import LayerInspector
from nn.inspection import inspect
from tests.inspector import card, example, point_at
from tests.widgets import amount, pixels, shown

LEFT = Qt.MouseButton.LeftButton


# -- facts --------------------------------------------------------------------------------------


def test_every_layer_has_a_card_in_order(inspector):
    assert [card.facts.title for card in inspector.cards] == [
        "Input",
        "Convolution 1",
        "ReLU 1",
        "Max pooling 1",
        "Convolution 2",
        "ReLU 2",
        "Max pooling 2",
        "Flatten",
        "Dense",
    ]


def test_a_convolution_tells_its_size_filter_stride_and_parameter_formula(inspector):
    facts = card(inspector, "Convolution 1").facts
    assert facts.size == "24×24×8"
    assert facts.facts == "filter 5×5×1 · stride 1 · padding 2 · parameters 8x5x5x1+8 = 208"


def test_minimum_and_maximum_of_values_and_gradients_stand_over_the_tiles(inspector, digits):
    inspection = example(digits)
    captions = card(inspector, "Convolution 1").captions
    low, high = inspection.activations[1].min(), inspection.activations[1].max()
    assert captions[0] == f"Activations {short(low)} to {short(high)}"
    low, high = inspection.gradients[1].min(), inspection.gradients[1].max()
    assert captions[1] == f"Activation gradients {short(low)} to {short(high)}"
    assert [c.split(" −")[0].split(" 0")[0] for c in captions[2:4]] == [
        "Weights",
        "Weight gradients",
    ]


def test_a_wide_dense_layer_is_one_strip_that_says_what_a_column_is(qtbot):
    network = nn.Network.from_text("input 32x32x3\nflatten\ndense 5\nloss softmax")
    inspector = shown(qtbot, LayerInspector(), 660, 600)
    inspector.set_inspection(example(network), network)
    layer = card(inspector, "Dense")
    weights = layer.tile_rect(2, 0)
    group = -(-3072 // int(inspector.cards[0].tile_rect(1, 0).left() - 12 - 24))
    assert layer.captions[2].endswith(f" · each column the strongest of {group} inputs")
    assert weights.height() > 10


# -- what is seen -------------------------------------------------------------------------------


def test_signed_values_are_amber_and_blue_and_others_are_not(inspector, qtbot):
    weights, relu = card(inspector, "Convolution 1"), card(inspector, "ReLU 1")
    section = weights.tile_rect(2, 0).united(weights.tile_rect(2, 7)).toRect()
    assert amount(weights, "positive", section, 60) > 20
    assert amount(weights, "negative", section, 60) > 20
    section = relu.tile_rect(0, 0).united(relu.tile_rect(0, 7)).toRect()
    red, _, blue = (pixels(relu, section)[..., i] for i in range(3))
    assert np.abs(red - blue).max() < 40


def test_zero_is_the_panels_ground_in_both_themes(qtbot, digits):
    for look in ("dark", "light"):
        inspector = shown(qtbot, LayerInspector(), 660, 700, look)
        still = example(digits)
        still.gradients[1][:] = 0
        inspector.set_inspection(still, digits)
        tile = card(inspector, "Convolution 1").tile_rect(1, 2).toRect().adjusted(1, 1, -1, -1)
        assert (
            amount(card(inspector, "Convolution 1"), "panel", tile, 0)
            == tile.width() * tile.height()
        )


def test_the_first_convolution_of_a_colour_network_is_in_colour(qtbot):
    network = nn.presets.build("cifar")
    weight = network.layers[0].parameters()[0].data
    weight[:] = 0
    weight[0, 0], weight[1, 1], weight[2, 2] = 1, 1, 1  # a red, a green and a blue filter
    inspector = shown(qtbot, LayerInspector(), 660, 700)
    inspector.set_inspection(example(network), network)
    layer = card(inspector, "Convolution 1")
    for filter_ in range(3):
        middle = layer.tile_rect(2, filter_).center().toPoint()
        colour = layer.grab().toImage().pixelColor(middle)
        assert np.argmax([colour.red(), colour.green(), colour.blue()]) == filter_
    assert card(inspector, "Convolution 2").facts.sections[2].look.colour == ""


def test_a_colour_picture_is_one_tile_in_its_colours(qtbot):
    network = nn.presets.build("cifar")
    x = np.zeros((1, 3, 32, 32), np.float32)
    x[:, 1] = 0.5
    inspector = shown(qtbot, LayerInspector(), 660, 700)
    inspector.set_inspection(inspect(network, x, np.array([0])), network)
    picture = inspector.cards[0]
    colour = picture.grab().toImage().pixelColor(picture.tile_rect(0, 0).center().toPoint())
    assert (colour.red(), colour.green(), colour.blue()) == (0, 127, 0)


def test_one_scale_per_tile_makes_a_faint_tile_visible(inspector, qtbot, digits):
    inspection = example(digits)
    inspection.activations[2][:] = 0
    inspection.activations[2][0, 5, 5] = 10.0
    inspection.activations[2][3, 5, 5] = 0.01
    inspector.set_inspection(inspection, digits)
    relu = card(inspector, "ReLU 1")
    area = relu.tile_rect(0, 3).toRect()
    assert amount(relu, "text", area, 40) == 0
    with qtbot.waitSignal(inspector.scale_chosen) as told:
        QTest.mouseClick(inspector.findChild(QPushButton, "scale_per_tile"), LEFT)
    assert told.args == [True]
    assert amount(relu, "text", area, 40) > 0
    inspector.findChild(QPushButton, "scale_per_layer").click()
    assert amount(relu, "text", area, 40) == 0


def test_a_new_theme_repaints_the_tiles(inspector):
    theme.apply(QApplication.instance(), "light")
    QApplication.processEvents()
    relu = card(inspector, "ReLU 1")
    assert amount(relu, "text", relu.tile_rect(0, 0).united(relu.tile_rect(0, 7)).toRect(), 90) > 0
    theme.apply(QApplication.instance(), "dark")


@pytest.mark.parametrize("width", [340, 480, 660, 1200, 2400])
def test_nothing_leaves_the_card_at_any_width(inspector, width):
    inspector.resize(width, 700)
    QApplication.processEvents()
    for layer in inspector.cards:
        for number, section in enumerate(layer.facts.sections):
            if not layer.is_folded:
                last = 0 if section.look.matrix else section.shape[0] - 1
                assert layer.rect().toRectF().contains(layer.tile_rect(number, last))


def test_facts_that_find_no_room_beside_the_name_stand_below_it_wholly(inspector):
    layer = card(inspector, "Convolution 1")
    low = layer.tile_rect(0, 0).top()
    inspector.resize(340, 700)
    QApplication.processEvents()
    narrow = card(inspector, "Convolution 1")
    assert " · ".join(narrow._fact_lines) == narrow.facts.facts
    assert narrow.tile_rect(0, 0).top() == low + 2 * 18


# -- hover --------------------------------------------------------------------------------------


def test_pointing_at_a_value_reads_its_channel_place_and_value(inspector, digits):
    point_at(inspector, card(inspector, "Convolution 1"), 0, 2, 4, 6)
    value = example(digits).activations[1][2, 4, 6]
    sign = "−" if value < 0 else ""
    assert inspector.readout == f"map 3, row 5, column 7: {sign}{abs(value):.4f}"


def test_pointing_at_a_kernel_of_a_later_layer_tells_filter_and_channel(inspector, digits):
    point_at(inspector, card(inspector, "Convolution 2"), 2, 8 * 3 + 5, 1, 0)
    value = digits.layers[3].parameters()[0].data[3, 5, 1, 0]
    assert inspector.readout.startswith("filter 4, channel 6, row 2, column 1: ")
    assert f"{abs(value):.4f}" in inspector.readout


def test_pointing_at_an_output_tells_its_class(inspector):
    point_at(inspector, card(inspector, "Dense"), 0, 7, 0, 0)
    assert inspector.readout.startswith("class 7: ")


def test_a_dense_weight_is_named_by_its_class_and_the_map_it_reads(inspector, digits):
    point_at(inspector, card(inspector, "Dense"), 2, 0, 9, 17)
    assert inspector.readout.startswith("class 9, map 2, row 1, column 2: ")


def test_the_read_out_goes_when_the_pointer_leaves(inspector):
    layer = card(inspector, "Convolution 1")
    point_at(inspector, layer, 0, 0, 0, 0)
    assert inspector.readout
    QApplication.sendEvent(layer, QEvent(QEvent.Type.Leave))
    assert inspector.readout == ""


# -- folding and keys ---------------------------------------------------------------------------


def test_a_click_on_the_name_folds_the_layer_and_another_network_keeps_it_folded(inspector, digits):
    layer = card(inspector, "ReLU 1")
    tall = layer.height()
    QTest.mouseClick(layer, LEFT, pos=QPoint(60, 12))
    assert layer.is_folded
    assert layer.height() < 60 < tall
    other = digits.copy()
    inspector.set_inspection(example(other), other)
    assert card(inspector, "ReLU 1").is_folded
    assert not card(inspector, "ReLU 2").is_folded


def test_all_layers_fold_and_unfold_with_one_button(inspector):
    button = inspector.findChild(QToolButton, "fold_all")
    button.click()
    assert all(layer.is_folded for layer in inspector.cards)
    assert button.text() == "Unfold all"
    button.click()
    assert not any(layer.is_folded for layer in inspector.cards)


def test_a_layer_is_worked_by_keys_alone(inspector, qtbot):
    inspector.activateWindow()
    layer = card(inspector, "Convolution 1")
    layer.setFocus()
    qtbot.waitUntil(layer.hasFocus)
    QTest.keyClick(layer, Qt.Key.Key_Space)
    assert layer.is_folded
    QTest.keyClick(layer, Qt.Key.Key_Return)
    assert not layer.is_folded
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(layer, key)
    assert "Activations map 6" in layer.accessibleDescription()
    QTest.keyClick(layer, Qt.Key.Key_Return)
    assert inspector.detail.enlarged.subject.tile == 5
    assert inspector.detail.hasFocus()


def test_the_cursor_goes_from_values_to_their_gradients_and_down_to_the_weights(inspector):
    layer = card(inspector, "Convolution 1")
    layer.setFocus()
    QTest.keyClick(layer, Qt.Key.Key_Left)
    for _ in range(8):
        QTest.keyClick(layer, Qt.Key.Key_Right)
    assert "Activation gradients map 1" in layer.accessibleDescription()
    QTest.keyClick(layer, Qt.Key.Key_Left)
    assert "Activations map 8" in layer.accessibleDescription()
    QTest.keyClick(layer, Qt.Key.Key_Down)
    assert "Weights filter 1" in layer.accessibleDescription()


def test_it_says_what_it_is(inspector):
    assert inspector.objectName() == "layer_inspector"
    assert inspector.accessibleName() == "Looking inside"
    layer = card(inspector, "Convolution 1")
    assert layer.accessibleName() == "Convolution 1, output 24×24×8"
    assert "parameters 8x5x5x1+8 = 208; Activations " in layer.accessibleDescription()
    assert layer.toolTip()
    assert inspector.detail.toolTip()
    assert inspector.detail.accessibleName()
