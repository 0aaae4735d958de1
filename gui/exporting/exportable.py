"""What a workspace offers to be taken to other programs, as data.

A workspace tells it in `exports()`; the dialog, the recorder and the writers need nothing else.
`name` is what the file is called by itself, in plain words: they are made safe later.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

import nn

Paint = Callable[[QPainter, int, int], object]
"""Paints into a room of so many logical pixels, from the painter's origin."""


@dataclass(frozen=True)
class NetworkExport:
    """A network.

    `copy` is asked in another thread and returns the network as it is between two steps.
    `options` are what the writer of a format is told besides, by the format's name.
    """

    name: str
    words: str  # what it is, in one line
    text: str  # its layers, line by line
    copy: Callable[[], "nn.Network"]
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    title: str = "Network"


@dataclass(frozen=True)
class Picture:
    """A picture of `size` logical pixels; `caption` says of which moment it is."""

    title: str
    name: str
    size: tuple[int, int]
    paint: Paint
    caption: Callable[[], str] = str


@dataclass(frozen=True)
class History:
    """A table: names of columns, with units, and rows of numbers or texts, oldest first.

    What is not known is NaN.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Sequence[Sequence[float | str]]]
    title: str = "History"


@dataclass(frozen=True)
class Film:
    """What can be filmed while it trains: a widget, and a value that is another one with every
    step. `held` has the training wait while a frame is painted.
    """

    name: str
    widget: QWidget
    moment: Callable[[], Hashable]
    held: Callable[[], AbstractContextManager[None]]
    title: str = "Film of the training"


Exportable = NetworkExport | Picture | History | Film


def by_itself(make: Callable[[], QWidget]) -> Paint:
    """Paint a widget that is made for it and shown nowhere: in the colours that are in force."""

    def paint(painter: QPainter, width: int, height: int) -> None:
        widget = make()
        widget.resize(width, height)
        widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
        widget.deleteLater()

    return paint
