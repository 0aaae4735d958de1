"""What the pages of Points offer to other programs."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

import nn
from gui import theme
from gui.exporting import offers
from gui.exporting.exportable import Exportable, Film, History, Picture, by_itself
from gui.plane import Wash
from gui.points.backdrop import look_at_plane
from gui.points.classify_page import ClassifyPage
from gui.points.compare_page import ComparePage
from gui.points.inner import Ask, look_inside
from gui.points.inside_page import InsidePage
from gui.points.page import Page
from gui.points.paint_page import PaintPage
from gui.points.perceptron_page import CELLS, REACH, PerceptronPage
from gui.points.regression_page import RegressionPage
from gui.points.table_page import TablePage
from gui.widgets.loss_pair import LossPair
from gui.widgets.neuron_maps import NeuronMaps
from gui.widgets.plane_view import PlaneView

FINE = 400  # cells of the edge of a plane's background in a file
WIDE = (900, 480)  # logical pixels of two pictures side by side
COLUMNS = (
    "step",
    "training loss",
    "test loss",
    f"training {offers.ACCURACY}",
    f"test {offers.ACCURACY}",
)
COMPARED = ("optimizer", "examples seen", "loss", *COLUMNS[3:])
Seen = TypeVar("Seen")


def exports(page: Page) -> list[Exportable]:
    """What there is on this page."""
    match page:
        case ClassifyPage():
            boundary = by_itself(lambda: _boundary(page))
            return _trained(page, page.plane, _picture(page, "Boundary", boundary), page.losses)
        case InsidePage():
            maps = _picture(page, "Neurons", by_itself(lambda: _maps(page)), WIDE)
            bent = _picture(page, "Bent plane", by_itself(page.bent.twin))
            return _trained(page, page.maps, maps, page.classify.losses, bent)
        case RegressionPage():
            curve = _picture(page, "Curve", by_itself(page.curve.twin), offers.PLOT)
            return _trained(page, page.curve, curve, page.losses)
        case PaintPage():
            pair = _picture(page, "Painting", by_itself(page.pair.twin), WIDE)
            return _trained(page, page.pair, pair, page.losses)
        case TablePage():
            matrix = _picture(page, "Confusion matrix", by_itself(page.confusion.twin))
            return _trained(page, page.confusion, matrix, page.losses)
        case PerceptronPage():
            lesson = page.lesson
            line = _picture(page, "Perceptron", by_itself(lambda: _line(page)))
            film = Film(_name(page, "training"), page.plane, lambda: lesson.position, page.held)
            return [line, film]
        case ComparePage():
            return _compared(page)
    return []


def _name(page: Page, what: str) -> str:
    return f"{page.title}, {what}"


def _picture(
    page: Page,
    title: str,
    paint: Callable[..., object],
    size: tuple[int, int] = offers.SQUARE,
) -> Picture:
    return Picture(title, _name(page, title.lower()), size, paint, lambda: _caption(page))


def _caption(page: Page) -> str:
    left, right = page.status(0.0)
    return "   ".join(part for part in (page.title, left, right) if part)


def _trained(
    page: Page, filmed: QWidget, picture: Picture, losses: LossPair, *more: Picture
) -> list[Exportable]:
    """A page with a training, of which `picture` tells most."""
    training = page.training
    assert training is not None
    return [
        offers.network(training, lambda: training.network, _class_names(page)),
        picture,
        *more,
        _picture(page, "Loss", by_itself(losses.twin), offers.PLOT),
        History(_name(page, "history"), COLUMNS, lambda: training.history.rows().tolist()),
        Film(_name(page, "training"), filmed, lambda: training.step_count, page.held),
    ]


def _class_names(page: Page) -> list[str]:
    match page:
        case ClassifyPage():
            return list(page.points.now.names)
        case InsidePage():
            return list(page.classify.points.now.names)
        case TablePage():
            return list(page.batch.class_names)
        case PaintPage():
            return ["red", "green", "blue"]
    return ["y"]


def _seen(page: Page, make: "Callable[[nn.Network], Callable[[], Seen]]") -> Seen:
    """What a look sees now, worked out in the training's thread between two steps."""
    training = page.training
    assert training is not None
    return training.ask(lambda: make(training.network)())


def _boundary(page: ClassifyPage) -> PlaneView:
    """The plane with a background that is worked out for it, in the colours in force."""
    plane, hard = page.plane.twin(), page.show_panel.hard.isChecked()
    plane.set_background(_seen(page, look_at_plane(plane.reach, hard=hard, size=FINE)).picture)
    return plane


def _maps(page: InsidePage) -> NeuronMaps:
    maps = page.maps.twin()
    inner = _seen(page, look_inside(Ask(page.classify.plane.reach)))
    maps.set_maps(inner.pictures, inner.weights, inner.biases)
    return maps


def _line(page: PerceptronPage) -> PlaneView:
    plane, ink = page.plane.twin(), theme.colours()
    scores = page.lesson.scores(CELLS, 2 * REACH)
    plane.set_background(Wash(ink.name, ink.window, 2).picture(scores), 2 * REACH)
    return plane


def _compared(page: ComparePage) -> list[Exportable]:
    def rows() -> list[tuple[str | float, ...]]:
        runs = page.comparison
        return [(key, *row) for key in runs.runs for row in runs.rows_of(key).tolist()]

    def seen() -> int:
        return sum(run.seen for run in page.comparison.runs.values())

    return [
        _picture(page, "Optimizers", by_itself(page.plot.twin), (820, 560)),
        History(_name(page, "history"), COMPARED, rows),
        Film(_name(page, "training"), page.plot, seen, page.held),
    ]
