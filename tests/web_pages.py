"""What a person does on a page of ours, and what is seen there."""

from typing import Any

import numpy as np

from nn.network import Network
from nn.typing import Array
from tests.browser import Browser


def draw_on_paper(browser: Browser, strokes: Any, pointer: str) -> None:
    """Draw on the page's paper, as large as fits."""
    left, top, edge = browser.run(
        "const pad = document.getElementById('pad'); pad.scrollIntoView({block: 'center'});"
        "const area = pad.getBoundingClientRect(); return [area.left, area.top, area.width]"
    )
    points = np.concatenate([np.asarray(stroke) for stroke in strokes])
    low, extent = points.min(axis=0), np.ptp(points, axis=0).max()
    placed = [
        ((np.asarray(stroke) - low) / extent * 0.8 * edge + 0.1 * edge + [left, top]).tolist()
        for stroke in strokes
    ]
    browser.draw([[(x, y) for x, y in stroke] for stroke in placed], pointer)
    wait_for_frame(browser)


def wait_for_frame(browser: Browser) -> None:
    """Wait until what was done is in sight."""
    browser.run("return new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))")


def shown(browser: Browser) -> dict[str, str]:
    """What the bars say, by class."""
    rows = browser.run(
        "return [...document.querySelectorAll('#classes li')].map((row) =>"
        " [row.firstChild.textContent, row.lastChild.textContent])"
    )
    return dict(rows)


def percents(network: Network, x: Array) -> dict[str, str]:
    scores = network.predict(x)[0].tolist()
    return {
        name: f"{round(score * 100)} %"
        for name, score in zip(network.class_names, scores, strict=True)
    }
