"""What the tests of the engine share: a browser, and pages of networks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nn import presets
from nn.formats import json_file, web_page
from tests.browser import CHROMIUM, DRIVER, Browser

MODELS = Path(__file__).parents[2] / "assets" / "models"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium without a window; skips where there is none."""
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("chromium or chromedriver is not installed")
    with Browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of a sketch network, of the digits and of beard or badger."""
    folder = tmp_path_factory.mktemp("pages")
    web_page.save(presets.build("sketch", seed=1), folder / "sketch.html")
    for name in ("mnist", "beard-or-badger"):
        network, about = json_file.load_with_about(MODELS / f"{name}.json")
        web_page.save(network, folder / f"{name}.html", about=about)
    return {path.stem: path for path in folder.iterdir()}
