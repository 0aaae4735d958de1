"""Stages, places, wires and words of the network view: all of it without Qt."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

import nn
from gui.network import wires as network_wires
from gui.network import words as network_words
from gui.network.camera import LARGEST_ZOOM, SMALLEST_ZOOM, Camera
from gui.network.layout import Column, NetworkLayout, lay_out
from gui.network.shown import Shown
from gui.network.stages import plan

DEEP = """
input 16x16x3
conv 3x3 x16 pad 1 relu
pool 2
conv 3x3 x20 relu
pool 2
flatten
dense 64 relu
dense 30 tanh
dense 10
loss softmax
"""
ROOMS = [(0, 0), (48, 48), (240, 160), (330, 200), (700, 420), (1600, 900), (3800, 2000)]


def sketch(**options: object) -> nn.Network:
    return nn.presets.build("sketch", seed=0, **options)


def deep() -> nn.Network:
    return nn.Network.from_text(DEEP, seed=0)


def corners(column: Column) -> np.ndarray:
    """(n, 4) left, top, right, bottom of every unit and every kernel tile."""
    half = np.array(column.unit) / 2
    boxes = [np.hstack([column.centres - half, column.centres + half])]
    if column.kernels is not None:
        half = np.array(column.kernel) / 2
        boxes.append(np.hstack([column.kernels - half, column.kernels + half]))
    return np.vstack(boxes)


def test_the_layout_needs_no_qt() -> None:
    code = "import sys, gui.network.shown, gui.network.camera; assert 'PySide6' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_activations_and_flatten_join_the_stage_before_them() -> None:
    stages = plan(sketch()).stages
    assert [stage.caption for stage in stages] == ["36 inputs", "12 · sigmoid", "2 outputs"]
    assert [stage.name for stage in stages] == ["input", "hidden", "output"]
    x = np.ones((1, 1, 6, 6), np.float32)
    shapes = [a.shape[1:] for a in sketch().activations(x)]
    assert [shapes[stage.index] for stage in stages] == [stage.shape for stage in stages]


def test_a_convolution_and_a_pool_are_columns_of_maps() -> None:
    made = plan(deep())
    assert [stage.kind for stage in made.stages] == (
        ["picture", "maps", "maps", "maps", "maps", "neurons", "neurons", "neurons"]
    )
    assert [link.kind for link in made.links] == (
        ["kernels", "through", "kernels", "through", "dense", "dense", "dense"]
    )
    assert [stage.name for stage in made.stages][5:] == ["hidden 1", "hidden 2", "output"]


def test_a_wire_carries_the_weight_between_its_two_ends() -> None:
    network = sketch()
    link = plan(network).links[0]
    wires = np.array([0, 35, 36, 400])
    sources, targets = link.ends(wires)
    weight = next(p for layer in network.layers for p in layer.parameters()).data
    assert np.array_equal(link.values(network.parameters)[wires], weight[targets, sources])


def test_a_kernels_wire_carries_its_size_with_the_sign_of_its_sum() -> None:
    network = deep()
    link = plan(network).links[2]
    weight = link.weight.read(network.parameters)
    value = link.values(network.parameters)[5 * 16 + 3]
    assert abs(value) == pytest.approx(np.sqrt(np.mean(weight[5, 3] ** 2)), rel=1e-5)
    assert np.sign(value) == np.sign(weight[5, 3].sum())


def test_the_wires_of_a_unit_are_those_that_end_there() -> None:
    for network in (sketch(), sketch(size=32), deep()):
        made = plan(network)
        for link in made.links:
            for stage in (link.source, link.target):
                for unit in (0, made.stages[stage].units - 1):
                    found = set(made.touching(link, stage, unit).tolist())
                    sources, targets = link.ends(np.arange(link.count))
                    ends = targets if stage == link.target else sources
                    if stage == link.target or link.kind == "through":
                        wanted = np.flatnonzero(ends == unit)
                    elif link.kind == "kernels":
                        wanted = np.flatnonzero(ends == (unit if link.inputs > 1 else 0))
                    else:
                        wanted = np.flatnonzero(np.isin(ends, made.places(stage, unit)))
                    assert found == set(wanted.tolist())


@pytest.mark.parametrize("room", ROOMS)
def test_every_unit_lies_in_the_room_and_columns_never_overlap(room: tuple[int, int]) -> None:
    many = [f"class {i}" for i in range(26)]
    networks = [sketch(), sketch(size=32), sketch(class_names=many), deep()]
    networks.append(nn.presets.build("sketch-cnn", seed=0))
    for network in networks:
        layout = lay_out(network, *room)
        boxes = [corners(column) for column in layout.columns]
        for box in boxes:
            assert np.isfinite(box).all()
            assert (box[:, :2] >= -0.01).all()
            assert (box[:, 2] <= layout.width + 0.01).all()
            assert (box[:, 3] <= layout.height + 0.01).all()
        for left, right in pairwise(boxes):
            assert left[:, 2].max() <= right[:, 0].min() + 0.01
        assert layout.caption_y < layout.height


def test_outputs_leave_room_for_their_names() -> None:
    layout = lay_out(sketch(), 700, 420, label_width=120)
    right = corners(layout.columns[-1])[:, 2].max()
    assert layout.width - right >= 120


def test_a_thousand_neurons_stand_in_several_columns() -> None:
    network = nn.Network.from_text("input 4x4x1\nflatten\ndense 1000 relu\ndense 2\nloss softmax")
    column = lay_out(network, 900, 420).columns[1]
    assert len({round(x, 2) for x in column.centres[:, 0].tolist()}) > 3
    assert len(np.unique(column.centres.round(2), axis=0)) == 1000


def test_wires_begin_at_the_pixel_of_a_map_they_weigh() -> None:
    network = deep()
    layout = lay_out(network, 1300, 560)
    pool = layout.columns[4]
    _, height, width = pool.stage.shape
    place = 3 * height * width + 1 * width + 2  # map 3, row 1, column 2
    (x, y), centre = pool.anchors(np.array([place]))[0], pool.centres[3]
    assert x == pytest.approx(centre[0] + pool.unit[0] * (2.5 / width - 0.5), abs=0.01)
    assert y == pytest.approx(centre[1] + pool.unit[1] * (1.5 / height - 0.5), abs=0.01)


def test_a_point_finds_its_unit_and_empty_ground_none() -> None:
    layout = lay_out(deep(), 1300, 560)
    for place, column in enumerate(layout.columns):
        for unit in (0, column.stage.units - 1):
            assert layout.unit_at(*column.centres[unit].tolist()) == (place, unit)
    assert layout.unit_at(1, 1) is None


def reachable(layout: NetworkLayout, start: tuple[int, int]) -> set[tuple[int, int]]:
    seen, todo = {start}, [start]
    while todo:
        at = todo.pop()
        for direction in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            new = layout.neighbour(*at, *direction)
            if new not in seen:
                seen.add(new)
                todo.append(new)
    return seen


@pytest.mark.parametrize("network", [sketch(), deep()], ids=["sketch", "deep"])
def test_arrows_reach_every_unit(network: nn.Network) -> None:
    layout = lay_out(network, 1000, 440)
    everything = {
        (place, unit)
        for place, column in enumerate(layout.columns)
        for unit in range(column.stage.units)
    }
    assert reachable(layout, (1, 0)) == everything


# -- wires -------------------------------------------------------------------------------------


def test_growing_weights_look_brighter() -> None:
    link = plan(sketch()).links[0]
    fresh = np.random.default_rng(0).uniform(-0.5, 0.5, link.count).astype(np.float32)
    brightness = network_wires.Brightness(link, fresh)
    brightness.follow(fresh)
    calm = brightness(fresh).max()
    brightness.follow(2 * fresh)
    assert calm < 0.4 < 0.8 < brightness(2 * fresh).max() <= 1.0


def test_the_reference_rises_at_once_and_falls_slowly() -> None:
    link = plan(sketch()).links[0]
    brightness = network_wires.Brightness(link)
    brightness.follow(np.full(link.count, 9.0, np.float32))
    assert brightness.reference == 9.0
    brightness.follow(np.full(link.count, 0.5, np.float32))
    assert 8.5 < brightness.reference < 9.0
    for _ in range(2000):
        brightness.follow(np.full(link.count, 0.5, np.float32))
    assert brightness.reference == brightness.floor


def test_what_is_no_number_is_dark_and_leaves_the_rest_as_it_is() -> None:
    link = plan(sketch()).links[0]
    brightness = network_wires.Brightness(link)
    values = np.array([np.nan, np.inf, -np.inf, 0.9], np.float32)
    brightness.follow(values)
    levels = brightness(values)
    assert levels[:3].tolist() == [0, 0, 0]
    assert levels[3] > 0.5


def test_of_too_many_wires_the_strongest_are_chosen_and_the_view_says_so() -> None:
    network = sketch(size=32)
    layout = lay_out(network, 900, 440)
    values = layout.links[0].values(network.parameters)
    chosen = network_wires.choose(layout, 0, values, network_wires.Brightness(layout.links[0]))
    least = np.sort(np.abs(values))[-network_wires.STRONGEST]
    assert len(chosen.ids) == network_wires.STRONGEST
    assert np.abs(values[chosen.ids]).min() == least
    assert network_wires.note(layout) == "The strongest 400 of 12,288 wires are shown"
    assert network_wires.note(lay_out(sketch(), 900, 440)) == ""


def test_a_held_units_wires_are_shown_even_where_they_are_weak() -> None:
    network = sketch(size=32)
    layout = lay_out(network, 900, 440)
    values = layout.links[0].values(network.parameters)
    brightness = network_wires.Brightness(layout.links[0])
    chosen = network_wires.choose(layout, 0, values, brightness, held=(0, 77))
    own = layout.plan.touching(layout.links[0], 0, 77)
    assert set(own.tolist()) == set(chosen.ids[chosen.held].tolist())


def test_buckets_hold_every_wire_once_dim_and_weak_ones_first() -> None:
    network = sketch()
    layout = lay_out(network, 900, 440)
    link = layout.links[0]
    values = link.values(network.parameters)
    brightness = network_wires.Brightness(link)
    chosen = network_wires.choose(layout, 0, values, brightness, held=(1, 3))
    buckets = chosen.buckets()
    assert sorted(np.concatenate([part for *_, part in buckets]).tolist()) == list(range(432))
    order = [(held, level) for level, _, held, _ in buckets]
    assert order == sorted(order)
    for level, negative, _, part in buckets:
        assert (chosen.levels[part] == level).all()
        assert ((values[chosen.ids[part]] < 0) == negative).all()


def test_the_nearest_wire_is_found_and_a_bright_one_wins_a_draw() -> None:
    lines = np.array([[0, 0, 100, 0], [0, 2, 100, 2], [0, 50, 100, 50]], np.float32)
    assert network_wires.nearest(lines, 50, 0.4) == 0
    assert network_wires.nearest(lines, 50, 1.0, levels=np.array([0, 31, 0], np.uint8)) == 1
    assert network_wires.nearest(lines, 50, 25) is None
    assert network_wires.nearest(lines, 110, 50) is None
    assert network_wires.nearest(np.zeros((0, 4), np.float32), 0, 0) is None


def test_the_flash_is_brightest_where_the_change_is_largest() -> None:
    change = np.array([0.0, 0.01, -0.02, np.nan], np.float32)
    assert network_wires.flash_levels(change, np.arange(4)).tolist() == [0, 0.5, 1, 0]
    assert not network_wires.flash_levels(np.zeros(4, np.float32), np.arange(4)).any()


# -- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.5, "+0.5000"),
        (-1.25, "−1.2500"),
        (0.0, "+0.0000"),
        (-0.0000138, "−0.0000138"),
        (3e-9, "+3.00·10^−9"),
        (float("nan"), "not a number"),
        (float("-inf"), "not a number (infinite)"),
    ],
)
def test_numbers_are_written_to_be_read(value: float, words: str) -> None:
    assert network_words.number(value, signed=True) == words


def test_a_wire_is_told_with_its_ends_weight_sign_change_and_bias() -> None:
    network = sketch()
    shown = Shown(network)
    lines = shown.about(wire=(0, 36 * 4 + 7))
    weight = float(shown.plan.links[0].values(network.parameters)[36 * 4 + 7])
    assert lines[0] == "input row 2, column 2 → hidden 5"
    assert lines[1].startswith(f"weight {network_words.number(weight, signed=True)} (")
    assert ("(negative)" in lines[1]) == (weight < 0)
    assert lines[-1] == "bias there +0.0000"


def test_every_unit_and_every_kind_of_wire_can_be_told() -> None:
    for network in (sketch(), deep(), nn.presets.build("sketch-cnn", seed=0)):
        shown = Shown(network)
        buffer = nn.snapshot.SnapshotBuffer(network)
        for x in (None, np.ones((1, *network.input_shape), np.float32)):
            buffer.publish(1, 0.5, x)
            shown.take(buffer.take())
            for stage, what in enumerate(shown.plan.stages):
                assert all(shown.about(unit=(stage, unit)) for unit in (0, what.units - 1))
            for place, link in enumerate(shown.plan.links):
                assert all(shown.about(wire=(place, wire)) for wire in (0, link.count - 1))


def test_the_summary_names_the_classes_and_what_is_held() -> None:
    shown = Shown(sketch())
    shown.hold((1, 2))
    assert shown.summary == "36 inputs, 12 sigmoid, 2 outputs (X, O); held: hidden 3"


# -- camera ------------------------------------------------------------------------------------


def test_zooming_keeps_the_point_under_the_pointer() -> None:
    camera = Camera()
    camera.resize(800, 400)
    before = camera.to_layout(300, 120)
    camera.zoom_by(2.5, 300, 120)
    assert camera.to_layout(300, 120) == pytest.approx(before)
    assert camera.to_view(*before) == pytest.approx((300, 120))


def test_zoom_has_bounds_and_nonsense_is_ignored() -> None:
    camera = Camera()
    camera.resize(800, 400)
    camera.zoom_by(1e12, 0, 0)
    assert camera.zoom == LARGEST_ZOOM
    for nonsense in (float("nan"), float("inf"), 0.0, -1.0):
        camera.zoom_by(nonsense, 0, 0)
    assert camera.zoom == LARGEST_ZOOM
    camera.zoom_by(1e-12, 0, 0)
    assert camera.zoom == SMALLEST_ZOOM


def test_the_network_cannot_be_pushed_out_of_sight() -> None:
    camera = Camera()
    camera.resize(800, 400)
    for dx, dy in ((1e6, 1e6), (-1e7, -1e7)):
        camera.pan_by(dx, dy)
        x, y = camera.to_layout(400, 200)
        assert 0 <= x <= 800
        assert 0 <= y <= 400
