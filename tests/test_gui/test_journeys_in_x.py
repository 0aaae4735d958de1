"""The Sketch journey in a real X window: xdotool moves the pointer, a screenshot shows the end."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

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
        screen.do("key", "ctrl+q")
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
