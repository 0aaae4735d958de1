"""The icons: each can be drawn, in any role's colour."""

from importlib import resources
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize

from gui import theme

ICONS = sorted(
    path.name.removesuffix(".svg") for path in resources.files("assets").joinpath("icons").iterdir()
)
NEEDED = [
    "undo",
    "redo",
    "clear",
    "copy",
    "play",
    "pause",
    "step",
    "epoch",
    "reset",
    "reseed",
    "faster",
    "plus",
    "close",
    "fit",
    "sun",
    "moon",
    "gear",
    "help",
    "sketch",
    "photo",
    "images",
    "points",
    "tick",
    "cross",
    "network",
    "train",
    "trash",
    "edit",
    "info",
    "warning",
]


def test_none_is_missing():
    assert not set(NEEDED) - set(ICONS)


@pytest.mark.parametrize("name", ICONS)
def test_each_is_drawn_with_one_pen_in_the_colour_asked_for(name):
    text = resources.files("assets").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == "0 0 20 20"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.6"
    assert root.get("fill") == "none"
    assert "#" not in text


@pytest.mark.parametrize("name", ICONS)
def test_each_leaves_ink_and_stays_inside(qapp, name):
    image = theme.icon(name, "accent").pixmap(QSize(20, 20), 3.0).toImage()
    inked = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 60
    ]
    assert len(inked) > 20
    edge = image.width() - 1
    assert all(0 < x < edge and 0 < y < edge for x, y in inked)
