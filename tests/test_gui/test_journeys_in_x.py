"""One journey a workspace in a real X window: xdotool moves the pointer, pictures show the rest."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn.data import examples
from tests.screen import Screen, open_screen, part

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed"),
    pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed"),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with open_screen(tmp_path) as opened:
        yield opened


def test_drawing_and_training_with_the_pointer_of_a_real_screen(screen: Screen) -> None:
    app = screen.app()
    try:
        places = app.places()
        screen.click(places["canvas"])
        screen.do("key", "ctrl+z")
        before = screen.picture()
        for i in range(3):
            for label, name in enumerate(("X", "O")):
                screen.do("key", str(label + 1))
                screen.draw(places["canvas"], examples.hands(name, 3)[i].strokes)
                screen.click(places["train_button"])
        screen.do("key", "shift+t")
        time.sleep(0.5)
        after = screen.picture()
        screen.quit()
        end, code, errors = app.end()
    finally:
        app.kill()
    assert end == {"steps": 16, "labels": [0, 1, 0, 1, 0, 1], "alive": False}, errors
    assert code == 0

    # The pen's ink is on the canvas, cells are filled, the guess stands in the panel.
    for name in ("canvas", "raster_view", "prediction_view", "network_view", "sample_list"):
        difference = np.abs(part(after, places[name]) - part(before, places[name]))
        assert difference.max() > 60, f"nothing to be seen in {name}"
    # The network glows: its brightest pixels are brighter than before.
    glow = [np.percentile(part(p, places["network_view"]).sum(axis=2), 99) for p in (before, after)]
    assert glow[1] > glow[0]


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.2)


def changed(screen: Screen, before: Image.Image, place: list[int]) -> float:
    """By how much the most changed pixel of a place differs from before, 0 to 255."""
    return float(np.abs(part(screen.picture(), place) - part(before, place)).max())


def test_a_network_learns_drawn_digits_on_a_real_screen(screen: Screen) -> None:
    app = screen.app()
    try:
        screen.click(app.places()["images_button"])
        until(lambda: "pages" in app.places())
        screen.do("key", "ctrl+2")
        until(lambda: "training_plot" in app.places())
        time.sleep(4)  # for the digits to be drawn
        places = app.places()
        before = screen.picture()
        screen.do("key", "p")
        until(lambda: changed(screen, before, places["training_plot"]) > 60)
        screen.do("key", "p", "sleep", 0.5, "key", "ctrl+3")
        until(lambda: "layer_inspector" in app.places())
        screen.quit()
        _, code, errors = app.end()
    finally:
        app.kill()
    assert code == 0, errors
    assert "Traceback" not in errors


def test_points_clicked_on_a_real_screen_are_parted_by_a_boundary(screen: Screen) -> None:
    app = screen.app()
    try:
        screen.click(app.places()["points_button"])
        until(lambda: "plane_view" in app.places())
        places = app.places()
        before = screen.picture()
        left, top, width, height = places["plane_view"]
        for i in range(5):
            screen.do("mousemove", left + width // 3, top + height // 3 + 12 * i, "click", 1)
        screen.do("key", "p")
        until(lambda: changed(screen, before, places["plane_view"]) > 60)
        screen.do("sleep", 1, "key", "p")
        screen.quit()
        _, code, errors = app.end()
    finally:
        app.kill()
    assert code == 0, errors
    assert "Traceback" not in errors


def test_a_painted_badger_is_told_on_a_real_screen(screen: Screen) -> None:
    app = screen.app()
    try:
        screen.click(app.places()["photo_button"])
        until(lambda: "photo_view" in app.places())
        time.sleep(2)
        places = app.places()
        before = screen.picture()
        screen.do("mousemove", 600, 5, "key", "r")
        until(lambda: changed(screen, before, places["photo_view"]) > 60)
        until(lambda: changed(screen, before, places["network_view"]) > 30)
        screen.do("key", "w", "sleep", 1)
        screen.quit()
        _, code, errors = app.end()
    finally:
        app.kill()
    assert code == 0, errors
    assert "Traceback" not in errors


def test_what_is_saved_is_there_when_the_file_is_opened_and_training_goes_on(
    screen: Screen, tmp_path: Path
) -> None:
    path = tmp_path / "my letters.brightwire"
    app = screen.app()
    try:
        places = app.places()
        for label, name in enumerate("XO"):
            screen.do("key", str(label + 1))
            screen.draw(places["canvas"], examples.hands(name, 1)[0].strokes)
            screen.click(places["train_button"])
        screen.do("key", "ctrl+s", "sleep", 1)
        screen.do("key", "ctrl+a", "type", str(path))
        screen.do("key", "Return")
        until(path.exists)
        screen.do("sleep", 0.5)
        screen.focus()
        screen.do("key", "ctrl+q")
        end, code, errors = app.end()
    finally:
        app.kill()
    assert (end["steps"], end["labels"], code) == (2, [0, 1], 0), errors

    app = screen.app(path)
    try:
        until(lambda: "session_menu" in app.places())
        time.sleep(1)
        places = app.places()
        before = screen.picture()
        for _ in range(3):
            screen.click(places["step_button"])
        until(lambda: changed(screen, before, places["network_view"]) > 5)
        screen.do("key", "ctrl+s", "sleep", 1, "key", "ctrl+q")
        end, code, errors = app.end()
    finally:
        app.kill()
    assert (end["steps"], end["labels"], code) == (5, [0, 1], 0), errors
    assert "Traceback" not in errors
