"""Networks as web pages, in a real browser: drawings."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn import presets
from nn.data import pen, pen_strokes
from nn.data.augment import Augment
from nn.data.drawings import Drawing
from nn.data.examples import hands
from nn.formats import json_file, web_page
from nn.network import Network
from nn.typing import Array
from tests.browser import Browser
from tests.web_pages import draw_on_paper, percents, shown

MNIST = Path(__file__).parents[2] / "assets" / "models" / "mnist.json"


def as_lists(strokes: Any) -> list[list[list[float]]]:
    return [np.asarray(stroke, float).tolist() for stroke in strokes]


AWKWARD = [
    [],
    [[[3, 4]]],
    [[[3, 4], [3, 4], [3, 4]]],
    [[[0, 0], [10, 0]]],
    [[[5, 9], [5, -9]], [[5, 0]]],
    [[[0, 0], [6, 6]], [[6, 0], [0, 6]]],
    [[], [[1, 2], [1e-12, 5]]],
    [[[1e200, -1e200], [-1e200, 1e200]], [[0, 1e200]]],
    [[[1e-310, 0], [0, 1e-310]]],
]


def drawings() -> list[list[list[list[float]]]]:
    found = [d for name in ("X", "O", "-", "1") for d in hands(name, 8, seed=3)]
    return [as_lists(drawing.strokes) for drawing in found]


def of_cells(network: Network, strokes: Any) -> Array:
    cells = Drawing(strokes).raster(network.input_shape[1])
    return cells[np.newaxis, np.newaxis]


def of_digits(network: Network, strokes: Any) -> Array:
    return Augment(crop=24).look(pen.picture(strokes, 28)[np.newaxis, np.newaxis])


def compare_drawings(browser: Browser, network: Network, all_strokes: Any, road: Any) -> None:
    told = browser.run("return arguments[0].map((strokes) => predict(strokes))", all_strokes)
    wanted = network.predict(np.concatenate([road(network, strokes) for strokes in all_strokes]))
    scores = [[one["probabilities"][name] for name in network.class_names] for one in told]
    np.testing.assert_allclose(np.array(scores), wanted, atol=1e-4)


@pytest.mark.browser
def test_drawings_are_read_as_the_app_reads_them(browser, pages):
    browser.open(pages["sketch"])
    compare_drawings(browser, presets.build("sketch", seed=1), drawings() + AWKWARD, of_cells)
    browser.open(pages["mnist"])
    compare_drawings(browser, json_file.load(MNIST), drawings() + AWKWARD, of_digits)


@pytest.mark.browser
def test_many_real_drawings_are_read_as_the_app_reads_them(browser, pages, real_strokes, tmp_path):
    found = pen_strokes.read(real_strokes)[::5]
    strokes = [as_lists(drawing.strokes) for drawing in found]
    browser.open(pages["sketch"])
    compare_drawings(browser, presets.build("sketch", seed=1), strokes, of_cells)
    browser.open(pages["mnist"])
    compare_drawings(browser, json_file.load(MNIST), strokes, of_digits)
    fine = presets.build("sketch-cnn", seed=2, size=32)
    web_page.save(fine, tmp_path / "fine.html")
    browser.open(tmp_path / "fine.html")
    compare_drawings(browser, fine, strokes, of_cells)


# -- drawing by hand -----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("pointer", ["mouse", "touch", "pen"])
@pytest.mark.parametrize("page", ["sketch", "mnist"])
def test_a_drawing_by_hand_is_answered_as_in_the_app(browser, pages, page, pointer):
    network = presets.build("sketch", seed=1) if page == "sketch" else json_file.load(MNIST)
    browser.open(pages[page])
    browser.wait("document.getElementById('waiting').checkVisibility()")
    draw_on_paper(browser, hands("X", 1, seed=5)[0].strokes, pointer)
    drawn = browser.run("return strokes")
    assert len(drawn) == 2
    assert min(len(stroke) for stroke in drawn) >= 5
    x = (of_cells if page == "sketch" else of_digits)(network, drawn)
    assert shown(browser) == percents(network, x)
    winner = network.class_names[int(network.predict(x)[0].argmax())]
    assert browser.run("return document.getElementById('winner').textContent") == winner
    browser.wait(f"document.getElementById('said').textContent.includes('Looks like {winner}')")
    browser.click("#undo")
    assert len(browser.run("return strokes")) == 1
    browser.click("#clear")
    browser.wait("document.getElementById('waiting').checkVisibility()")


@pytest.mark.browser
def test_one_can_draw_with_the_keys_alone(browser, pages):
    browser.open(pages["sketch"])
    space, right, down, delete, tab = " ", "\ue014", "\ue015", "\ue017", "\ue004"
    for _ in range(5):
        browser.keys(tab)
        if browser.run("return document.activeElement.id") == "pad":
            break
    browser.keys(space, right, right, right, space, down, space, down, down)
    across, upright = browser.run("return strokes")
    step = 1 / 24
    assert across == pytest.approx(np.array([[0.5 + i * step, 0.5] for i in range(4)]))
    assert upright == pytest.approx(
        np.array([[0.5 + 3 * step, 0.5 + i * step] for i in range(1, 4)])
    )
    browser.keys(delete)
    assert browser.run("return strokes") == []
