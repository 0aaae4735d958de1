"""Looking inside: layers, tiles, what is read from them, and the arithmetic."""

import time
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton

import nn
from gui import theme
from gui.layer_arithmetic import ConvolutionSum, DenseSum, PoolChoice, explain
from gui.layer_facts import describe, parameter_formula
from gui.layer_words import cell_text, explanation_words, short
from gui.widgets.layer_inspector import EMPTY, LayerInspector
from nn.inspection import Inspection, inspect
from tests.widgets import amount, pixels, shown

LEFT = Qt.MouseButton.LeftButton


def example(network, seed=0):
    """A picture that the network has not seen, with label 1."""
    rng = np.random.default_rng(seed)
    x = rng.random((1, *network.input_shape), dtype=np.float32)
    return inspect(network, x, np.array([1]))


@pytest.fixture(scope="module")
def digits():
    """The network for digits, trained a little."""
    network = nn.presets.build("mnist", seed=3)
    trainer = nn.Trainer(network, nn.optimizers.SGD(lr=0.05), seed=0)
    rng = np.random.default_rng(0)
    for _ in range(20):
        x = rng.random((10, 1, 24, 24), dtype=np.float32)
        trainer.step(x, np.arange(10))
    return network


@pytest.fixture
def view(qtbot, digits):
    """The inspector with an example of the network for digits."""
    view = shown(qtbot, LayerInspector(), 660, 700)
    view.set_refresh_rate(0)
    view.set_inspection(example(digits), digits)
    QApplication.processEvents()
    return view


def card(view, title):
    return next(card for card in view.cards if card.facts.title == title)


def point_at(view, card, *spot):
    """Move the mouse onto a value of a card."""
    view._scroll.ensureWidgetVisible(card)
    middle = card.cell_rect(*spot).center()
    spot_at = QPoint(int(middle.x()), int(middle.y()))
    QTest.mouseMove(card, spot_at + QPoint(3, 3))
    QTest.mouseMove(card, spot_at)


# -- facts --------------------------------------------------------------------------------------


def test_every_layer_has_a_card_in_order(view):
    assert [card.facts.title for card in view.cards] == [
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


def test_a_convolution_tells_its_size_filter_stride_and_parameter_formula(view):
    facts = card(view, "Convolution 1").facts
    assert facts.size == "24×24×8"
    assert facts.facts == "filter 5×5×1 · stride 1 · padding 2 · parameters 8x5x5x1+8 = 208"


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("input 8x8x3\nconv 3x3 x4 stride 2\nflatten\ndense 2\nloss softmax", "4x3x3x3+4 = 112"),
        ("input 8x8x1\nflatten\ndense 30\ndense 2\nloss softmax", ""),
        ("input 8x8x2\nbatchnorm\nflatten\ndense 2\nloss softmax", "2+2 = 4"),
    ],
)
def test_the_formula_follows_the_shapes(text, formula):
    assert parameter_formula(nn.Network.from_text(text).layers[0]) == formula


def test_minimum_and_maximum_of_values_and_gradients_stand_over_the_tiles(view, digits):
    inspection = example(digits)
    captions = card(view, "Convolution 1").captions
    low, high = inspection.activations[1].min(), inspection.activations[1].max()
    assert captions[0] == f"Activations {short(low)} to {short(high)}"
    low, high = inspection.gradients[1].min(), inspection.gradients[1].max()
    assert captions[1] == f"Activation gradients {short(low)} to {short(high)}"
    assert [c.split(" −")[0].split(" 0")[0] for c in captions[2:4]] == [
        "Weights",
        "Weight gradients",
    ]


def test_too_many_tiles_are_limited_and_the_caption_says_so():
    network = nn.Network.from_text(
        "input 8x8x1\nconv 1x1 x300\nconv 3x3 x40\nflatten\ndense 100\ndense 2\nloss softmax"
    )
    facts = describe(network)
    assert facts[1].sections[0].note == "the first 256 of 300 maps"
    assert facts[2].sections[2].note == "the first 32 of 40 filters, the first 32 of 300 channels"
    assert facts[4].sections[2].note == "the first 64 of 100 units"


def test_a_wide_dense_layer_is_one_strip_that_says_what_a_column_is(qtbot):
    network = nn.Network.from_text("input 32x32x3\nflatten\ndense 5\nloss softmax")
    view = shown(qtbot, LayerInspector(), 660, 600)
    view.set_inspection(example(network), network)
    layer = card(view, "Dense")
    weights = layer.tile_rect(2, 0)
    group = -(-3072 // int(view.cards[0].tile_rect(1, 0).left() - 12 - 24))
    assert layer.captions[2].endswith(f" · each column the strongest of {group} inputs")
    assert weights.height() > 10


# -- what is seen -------------------------------------------------------------------------------


def test_signed_values_are_amber_and_blue_and_others_are_not(view, qtbot):
    weights, relu = card(view, "Convolution 1"), card(view, "ReLU 1")
    section = weights.tile_rect(2, 0).united(weights.tile_rect(2, 7)).toRect()
    assert amount(weights, "positive", section, 60) > 20
    assert amount(weights, "negative", section, 60) > 20
    section = relu.tile_rect(0, 0).united(relu.tile_rect(0, 7)).toRect()
    red, _, blue = (pixels(relu, section)[..., i] for i in range(3))
    assert np.abs(red - blue).max() < 40


def test_zero_is_the_panels_ground_in_both_themes(qtbot, digits):
    for look in ("dark", "light"):
        view = shown(qtbot, LayerInspector(), 660, 700, look)
        still = example(digits)
        still.gradients[1][:] = 0
        view.set_inspection(still, digits)
        tile = card(view, "Convolution 1").tile_rect(1, 2).toRect().adjusted(1, 1, -1, -1)
        assert amount(card(view, "Convolution 1"), "panel", tile, 0) == tile.width() * tile.height()


def test_the_first_convolution_of_a_colour_network_is_in_colour(qtbot):
    network = nn.presets.build("cifar")
    weight = network.layers[0].parameters()[0].data
    weight[:] = 0
    weight[0, 0], weight[1, 1], weight[2, 2] = 1, 1, 1  # a red, a green and a blue filter
    view = shown(qtbot, LayerInspector(), 660, 700)
    view.set_inspection(example(network), network)
    layer = card(view, "Convolution 1")
    for filter_ in range(3):
        middle = layer.tile_rect(2, filter_).center().toPoint()
        colour = layer.grab().toImage().pixelColor(middle)
        assert np.argmax([colour.red(), colour.green(), colour.blue()]) == filter_
    assert card(view, "Convolution 2").facts.sections[2].look.colour == ""


def test_a_colour_picture_is_one_tile_in_its_colours(qtbot):
    network = nn.presets.build("cifar")
    x = np.zeros((1, 3, 32, 32), np.float32)
    x[:, 1] = 0.5
    view = shown(qtbot, LayerInspector(), 660, 700)
    view.set_inspection(inspect(network, x, np.array([0])), network)
    picture = view.cards[0]
    colour = picture.grab().toImage().pixelColor(picture.tile_rect(0, 0).center().toPoint())
    assert (colour.red(), colour.green(), colour.blue()) == (0, 127, 0)


def test_one_scale_per_tile_makes_a_faint_tile_visible(view, qtbot, digits):
    inspection = example(digits)
    inspection.activations[2][:] = 0
    inspection.activations[2][0, 5, 5] = 10.0
    inspection.activations[2][3, 5, 5] = 0.01
    view.set_inspection(inspection, digits)
    relu = card(view, "ReLU 1")
    area = relu.tile_rect(0, 3).toRect()
    assert amount(relu, "text", area, 40) == 0
    with qtbot.waitSignal(view.scale_chosen) as told:
        QTest.mouseClick(view.findChild(QPushButton, "scale_per_tile"), LEFT)
    assert told.args == [True]
    assert amount(relu, "text", area, 40) > 0
    view.findChild(QPushButton, "scale_per_layer").click()
    assert amount(relu, "text", area, 40) == 0


def test_a_new_theme_repaints_the_tiles(view):
    theme.apply(QApplication.instance(), "light")
    QApplication.processEvents()
    relu = card(view, "ReLU 1")
    assert amount(relu, "text", relu.tile_rect(0, 0).united(relu.tile_rect(0, 7)).toRect(), 90) > 0
    theme.apply(QApplication.instance(), "dark")


@pytest.mark.parametrize("width", [340, 480, 660, 1200, 2400])
def test_nothing_leaves_the_card_at_any_width(view, width):
    view.resize(width, 700)
    QApplication.processEvents()
    for layer in view.cards:
        for number, section in enumerate(layer.facts.sections):
            if not layer.is_folded:
                last = 0 if section.look.matrix else section.shape[0] - 1
                assert layer.rect().toRectF().contains(layer.tile_rect(number, last))


def test_facts_that_find_no_room_beside_the_name_stand_below_it_wholly(view):
    layer = card(view, "Convolution 1")
    low = layer.tile_rect(0, 0).top()
    view.resize(340, 700)
    QApplication.processEvents()
    narrow = card(view, "Convolution 1")
    assert " · ".join(narrow._fact_lines) == narrow.facts.facts
    assert narrow.tile_rect(0, 0).top() == low + 2 * 18


# -- hover --------------------------------------------------------------------------------------


def test_pointing_at_a_value_reads_its_channel_place_and_value(view, digits):
    point_at(view, card(view, "Convolution 1"), 0, 2, 4, 6)
    value = example(digits).activations[1][2, 4, 6]
    sign = "−" if value < 0 else ""
    assert view.readout == f"map 3, row 5, column 7: {sign}{abs(value):.4f}"


def test_pointing_at_a_kernel_of_a_later_layer_tells_filter_and_channel(view, digits):
    point_at(view, card(view, "Convolution 2"), 2, 8 * 3 + 5, 1, 0)
    value = digits.layers[3].parameters()[0].data[3, 5, 1, 0]
    assert view.readout.startswith("filter 4, channel 6, row 2, column 1: ")
    assert f"{abs(value):.4f}" in view.readout


def test_pointing_at_an_output_tells_its_class(view):
    point_at(view, card(view, "Dense"), 0, 7, 0, 0)
    assert view.readout.startswith("class 7: ")


def test_a_dense_weight_is_named_by_its_class_and_the_map_it_reads(view, digits):
    point_at(view, card(view, "Dense"), 2, 0, 9, 17)
    assert view.readout.startswith("class 9, map 2, row 1, column 2: ")


def test_the_read_out_goes_when_the_pointer_leaves(view):
    layer = card(view, "Convolution 1")
    point_at(view, layer, 0, 0, 0, 0)
    assert view.readout
    QApplication.sendEvent(layer, QEvent(QEvent.Type.Leave))
    assert view.readout == ""


# -- the arithmetic -----------------------------------------------------------------------------


NETWORKS = [
    "input 9x7x3\nconv 3x3 x4 pad 1\nflatten\ndense 2\nloss softmax",
    "input 9x7x1\nconv 5x3 x4 pad 2 stride 2\nflatten\ndense 2\nloss softmax",
    "input 9x9x2\nconv 2x2 x3 stride 3\nflatten\ndense 2\nloss softmax",
]


@pytest.mark.parametrize("text", NETWORKS)
def test_window_times_kernel_and_bias_is_the_activation_everywhere(text):
    network = nn.Network.from_text(text, seed=5)
    network.parameters[:] += np.float32(0.1)
    inspection = example(network)
    for at in np.ndindex(inspection.activations[1].shape):
        found = explain(network, inspection, 1, at)
        assert isinstance(found, ConvolutionSum)
        total = found.products.sum() + found.bias
        assert total == pytest.approx(inspection.activations[1][at], abs=1e-5)
        assert found.channel_sums.sum() == pytest.approx(found.products.sum(), abs=1e-5)


def test_what_lies_outside_the_picture_is_marked_as_padding():
    network = nn.Network.from_text(NETWORKS[0])
    found = explain(network, example(network), 1, (0, 0, 0))
    assert found.corner == (-1, -1)
    assert found.inside.astype(int).tolist() == [[0, 0, 0], [0, 1, 1], [0, 1, 1]]
    assert (found.window[:, ~found.inside] == 0).all()


def test_the_pixel_that_wins_a_pool_is_the_one_that_gets_the_gradient():
    x = np.random.default_rng(0).integers(-3, 0, (1, 1, 8, 8)).astype(np.float32)  # many draws
    for pool in ("pool 2", "pool 3 pad 2 stride 3"):
        network = nn.Network.from_text(f"input 8x8x1\n{pool}\nflatten\ndense 2\nloss softmax")
        inspection = inspect(network, x, np.array([0]))
        for at in np.ndindex(inspection.activations[1].shape):
            found = explain(network, inspection, 1, at)
            assert isinstance(found, PoolChoice)
            row, column = np.add(found.corner, found.winner)
            assert inspection.activations[0][0, row, column] == found.output
            assert inspection.gradients[0][0, row, column] == inspection.gradients[1][at]


def test_a_pool_that_hangs_over_the_border_counts_what_is_inside():
    network = nn.Network.from_text(
        "input 8x8x1\npool 3 pad 2 stride 3\nflatten\ndense 2\nloss softmax"
    )
    found = explain(network, example(network), 1, (0, 0, 1))
    assert found.corner == (-2, 1)
    assert explanation_words(found, "maxpool").startswith("largest of 3 values: row 1, ")


def test_a_mean_pool_has_no_winner():
    network = nn.Network.from_text("input 8x8x1\navgpool 4\nflatten\ndense 2\nloss softmax")
    found = explain(network, example(network), 1, (0, 1, 1))
    assert found.winner is None
    assert found.output == pytest.approx(found.window.mean(), abs=1e-6)
    assert explanation_words(found, "avgpool").startswith("mean of 16 values = ")


def test_a_dense_unit_lists_its_strongest_contributions(digits):
    inspection = example(digits)
    found = explain(digits, inspection, 8, (4,))
    assert isinstance(found, DenseSum)
    total = found.products.sum() + found.rest + found.bias
    assert total == pytest.approx(inspection.activations[8][4], abs=1e-4)
    sizes = np.abs(found.products)
    assert (np.diff(sizes) <= 0).all()
    products = inspection.activations[7] * digits.layers[7].parameters()[0].data[4]
    assert sizes[0] == pytest.approx(np.abs(products).max())


def test_a_click_enlarges_a_tile_and_shows_its_sum(view, qtbot, digits):
    layer = card(view, "Convolution 1")
    with qtbot.waitSignal(view.tile_enlarged) as told:
        QTest.mouseClick(layer, LEFT, pos=layer.cell_rect(0, 2, 4, 6).center().toPoint())
    assert told.args == [1, 0, 2]
    assert view.detail.isVisible()
    assert view.detail.hasFocus()
    enlarged = view.detail.enlarged
    assert enlarged.title == "Convolution 1 · activations · map 3"
    assert enlarged.cursor == (4, 6)
    value, words = enlarged.told
    assert value.startswith("map 3, row 5, column 7: ")
    assert words.startswith("25 products: ")
    assert words.endswith(value.split(": ")[1])


def test_pointer_and_arrows_choose_the_activation_that_is_explained(view, qtbot):
    view.enlarge(4, 0, 5, 3, 3)
    QApplication.processEvents()
    detail = view.detail
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


def test_a_channel_is_chosen_by_a_click_or_by_page_keys(view):
    view.enlarge(4, 0, 5, 3, 3)
    QApplication.processEvents()
    detail = view.detail
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


def test_a_dense_weight_row_opens_as_the_unit_it_belongs_to(view):
    layer = card(view, "Dense")
    view._scroll.ensureWidgetVisible(layer)
    QTest.mouseClick(layer, LEFT, pos=layer.cell_rect(2, 0, 6, 30).center().toPoint())
    assert view.detail.enlarged.subject.row == 6
    assert view.detail.enlarged.told[0].startswith("class 6, map ")
    assert view.detail.enlarged.told[1].startswith("256 products: ")


@pytest.mark.parametrize("preset", ["mnist", "cifar", "badger", "sketch", "sketch-cnn"])
@pytest.mark.parametrize("width", [340, 660, 1200])
def test_every_section_of_every_preset_can_be_enlarged_and_read(qtbot, preset, width):
    network = nn.presets.build(preset)
    view = shown(qtbot, LayerInspector(), width, 600)
    x = np.random.default_rng(0).random((1, *network.input_shape), dtype=np.float32)
    view.set_inspection(inspect(network, x, np.array([1])), network)
    for layer in view.cards:
        for section in range(len(layer.facts.sections)):
            view.enlarge(layer.facts.index, section, 0)
            view.detail.grab()
            assert view.detail.enlarged.told[0].count(": ") >= 1


def test_escape_and_the_cross_close_the_enlarged_tile(view, qtbot):
    for close in (
        lambda: QTest.keyClick(view.detail, Qt.Key.Key_Escape),
        lambda: QTest.mouseClick(view.findChild(QToolButton, "close_tile"), LEFT),
    ):
        view.enlarge(1, 0, 2)
        view.detail.setFocus()
        with qtbot.waitSignal(view.tile_closed):
            close()
        assert not view.detail.isVisible()
    assert card(view, "Convolution 1").hasFocus()


def test_in_a_low_place_the_enlarged_tile_takes_the_layers_room_until_it_closes(view):
    view.resize(660, 300)
    QApplication.processEvents()
    view.enlarge(4, 0, 5)
    QApplication.processEvents()
    assert not view.cards[0].isVisible()
    assert view.rect().contains(view.detail.geometry().translated(view._splitter.pos()))
    view.close_tile()
    assert view.cards[0].isVisible()


def test_the_enlarged_tile_follows_new_inspections(view, digits):
    view.enlarge(1, 0, 2, 4, 6)
    first = view.detail.enlarged.told
    view.set_inspection(example(digits, seed=9), digits)
    assert view.detail.enlarged.cursor == (4, 6)
    assert view.detail.enlarged.told != first


# -- folding and keys ---------------------------------------------------------------------------


def test_a_click_on_the_name_folds_the_layer_and_another_network_keeps_it_folded(view, digits):
    layer = card(view, "ReLU 1")
    tall = layer.height()
    QTest.mouseClick(layer, LEFT, pos=QPoint(60, 12))
    assert layer.is_folded
    assert layer.height() < 60 < tall
    other = digits.copy()
    view.set_inspection(example(other), other)
    assert card(view, "ReLU 1").is_folded
    assert not card(view, "ReLU 2").is_folded


def test_all_layers_fold_and_unfold_with_one_button(view):
    button = view.findChild(QToolButton, "fold_all")
    button.click()
    assert all(layer.is_folded for layer in view.cards)
    assert button.text() == "Unfold all"
    button.click()
    assert not any(layer.is_folded for layer in view.cards)


def test_a_layer_is_worked_by_keys_alone(view, qtbot):
    view.activateWindow()
    layer = card(view, "Convolution 1")
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
    assert view.detail.enlarged.subject.tile == 5
    assert view.detail.hasFocus()


def test_the_cursor_goes_from_values_to_their_gradients_and_down_to_the_weights(view):
    layer = card(view, "Convolution 1")
    layer.setFocus()
    QTest.keyClick(layer, Qt.Key.Key_Left)
    for _ in range(8):
        QTest.keyClick(layer, Qt.Key.Key_Right)
    assert "Activation gradients map 1" in layer.accessibleDescription()
    QTest.keyClick(layer, Qt.Key.Key_Left)
    assert "Activations map 8" in layer.accessibleDescription()
    QTest.keyClick(layer, Qt.Key.Key_Down)
    assert "Weights filter 1" in layer.accessibleDescription()


# -- refreshing ---------------------------------------------------------------------------------


def test_inspections_are_asked_for_at_the_chosen_rate_and_not_while_hidden(qtbot, digits):
    view = shown(qtbot, LayerInspector(), 660, 600)
    asked = []
    view.inspection_wanted.connect(lambda: asked.append(time.monotonic()))
    view.inspection_wanted.connect(lambda: view.set_inspection(example(digits), digits))
    view.set_refresh_rate(20)
    qtbot.wait(600)
    assert 3 <= len(asked) <= 13
    view.hide()
    count = len(asked)
    qtbot.wait(200)
    assert len(asked) == count
    view.show()
    view.set_refresh_rate(0)
    qtbot.wait(200)
    assert len(asked) == count


def test_nothing_is_asked_for_before_the_last_has_come(qtbot):
    view = shown(qtbot, LayerInspector(), 660, 600)
    asked = []
    view.inspection_wanted.connect(lambda: asked.append(1))
    view.set_refresh_rate(20)
    qtbot.wait(500)
    assert len(asked) == 1
    assert not view.is_ready


def test_slow_painting_lowers_the_rate(view, qtbot):
    view.set_refresh_rate(20)
    view._cost = 100.0
    view._schedule()
    assert view._timer.interval() == 1250


def test_the_rate_is_chosen_from_a_menu(view, qtbot):
    actions = view.findChild(QToolButton, "refresh_rate").menu().actions()
    with qtbot.waitSignal(view.refresh_chosen) as told:
        actions[2].trigger()
    assert told.args == [2.0]
    assert view.refresh_rate == 2.0
    assert view.findChild(QToolButton, "refresh_rate").text() == "2 × a second ▾"
    with pytest.raises(ValueError, match="0 to 60"):
        view.set_refresh_rate(float("nan"))


@pytest.mark.parametrize(("width", "text"), [(340, "5/s ▾"), (900, "5 × a second ▾")])
def test_the_controls_find_room_and_do_not_overlap(view, width, text):
    view.set_refresh_rate(5)
    view.set_caption("Training picture 7")
    view.resize(width, 500)
    QApplication.processEvents()
    names = ("scale_per_layer", "scale_per_tile", "refresh_rate", "fold_all")
    parts = [view.findChild(QAbstractButton, name).geometry() for name in names]
    assert all(a.right() < b.left() for a, b in pairwise(parts))
    assert parts[-1].right() <= width
    assert view.findChild(QToolButton, "refresh_rate").text() == text


def test_only_what_is_seen_is_painted(view, digits):
    counts = {layer.facts.title: 0 for layer in view.cards}

    def count(title):
        counts[title] += 1

    for layer in view.cards:
        layer.painted.connect(lambda _, title=layer.facts.title: count(title))
    view.set_inspection(example(digits, 4), digits)
    QApplication.processEvents()
    assert counts["Input"] == 1
    assert counts["Convolution 1"] == 1
    assert counts["Dense"] == 0
    assert view.is_ready
    assert view.refresh_cost > 0


# -- bad input ----------------------------------------------------------------------------------


def test_without_an_inspection_the_place_says_what_will_appear(qtbot):
    view = shown(qtbot, LayerInspector(), 660, 400)
    assert view.accessibleDescription() == EMPTY
    assert amount(view, "muted") > 100
    view.enlarge(1, 0, 0)
    assert not view.detail.isVisible()


def test_clear_empties_it_again(view):
    view.enlarge(1, 0, 0)
    view.clear()
    QApplication.processEvents()
    assert view.cards == []
    assert not view.detail.isVisible()
    assert view.accessibleDescription() == EMPTY


def test_an_inspection_of_another_network_is_refused_and_the_view_stays(view, digits):
    other = nn.presets.build("badger")
    with pytest.raises(ValueError, match="expected those of"):
        view.set_inspection(example(other), digits)
    assert len(view.cards) == 9
    view.set_inspection(example(other), other)
    assert card(view, "Convolution 1").facts.size == "30×30×8"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 3e38, -1e-40])
def test_any_numbers_are_shown_and_read_without_complaint(view, digits, value):
    whole = example(digits)
    bad = Inspection(
        value,
        [np.full_like(values, value) for values in whole.activations],
        [np.full_like(values, value) for values in whole.gradients],
        [
            tuple(
                p._replace(data=np.full_like(p.data, value), grad=np.full_like(p.grad, value))
                for p in layer
            )
            for layer in whole.parameters
        ],
    )
    view.set_inspection(bad, digits)
    for layer in view.cards:
        layer.grab()
        for section in range(len(layer.facts.sections)):
            view.enlarge(layer.facts.index, section, 0)
            view.detail.grab()
    words = card(view, "Convolution 1").captions[0]
    if not np.isfinite(value):
        assert words == "Activations no numbers"
        layer = card(view, "Convolution 1")
        area = layer.tile_rect(0, 1).toRect().adjusted(2, 2, -2, -2)
        assert amount(layer, "wrong", area, 0) == area.width() * area.height()


def test_a_few_values_that_are_no_numbers_are_counted(view, digits):
    inspection = example(digits)
    inspection.activations[1][0, 0, :3] = np.nan
    view.set_inspection(inspection, digits)
    assert card(view, "Convolution 1").captions[0].endswith(" · 3 not numbers")
    point_at(view, card(view, "Convolution 1"), 0, 0, 0, 1)
    assert view.readout == "map 1, row 1, column 2: not a number"


def test_a_network_of_dense_layers_alone_is_shown(qtbot):
    network = nn.presets.build("sketch")
    x = np.ones((1, 1, 6, 6), np.float32)
    view = shown(qtbot, LayerInspector(), 660, 600)
    view.set_inspection(inspect(network, x, np.array([0])), network)
    assert [layer.facts.title for layer in view.cards][1:3] == ["Flatten", "Dense 1"]
    point_at(view, card(view, "Sigmoid 2"), 0, 1, 0, 0)
    assert view.readout.startswith("class O: 0.")


# -- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-1.234, "−1.23"), (0.0123, "0.012"), (123.4, "123"), (-4e-5, "−4.0e−5"),
     (float("nan"), "NaN"), (float("-inf"), "−∞")],
)  # fmt: skip
def test_numbers_are_short_with_a_true_minus(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.254, ".25"), (-0.999, "−1.00"), (12.7, "13"), (-0.001, ".00"), (250.2, "250")],
)
def test_a_cells_number_is_shorter_still(value, text):
    assert cell_text(value) == text


def test_it_says_what_it_is(view):
    assert view.objectName() == "layer_inspector"
    assert view.accessibleName() == "Looking inside"
    layer = card(view, "Convolution 1")
    assert layer.accessibleName() == "Convolution 1, output 24×24×8"
    assert "parameters 8x5x5x1+8 = 208; Activations " in layer.accessibleDescription()
    assert layer.toolTip()
    assert view.detail.toolTip()
    assert view.detail.accessibleName()
