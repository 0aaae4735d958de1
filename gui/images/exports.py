"""What the Images workspace offers to other programs."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.exporting import offers
from gui.exporting.exportable import Exportable, Film, History, Paint, Picture, by_itself
from gui.exporting.naming import of_classes
from gui.image_session import DRAWINGS, ImageSession
from gui.layer_card import LayerCard
from gui.widgets.confusion_view import ConfusionView
from gui.widgets.layer_inspector import LayerInspector
from gui.widgets.training_plot import TrainingPlot


def _layers(cards: Sequence[LayerCard]) -> tuple[tuple[int, int], Paint]:
    """All layers one above the other, in sight or not: their size, and their painter."""

    def paint(painter: QPainter, width: int, height: int) -> None:
        for card in cards:
            by_itself(card.twin)(painter, width, card.height())
            painter.translate(0, card.height())

    return (cards[0].width(), sum(card.height() for card in cards)), paint


def _page(session: ImageSession) -> dict[str, Any]:
    """How a web page makes of a drawing or a photo what the network reads here."""
    channels, edge, _ = session.picture_shape
    if channels != 1:
        return {"kind": "photo", "picture_size": edge}
    if session.dataset is not None and session.dataset.name == DRAWINGS:
        return {"kind": "sketch"}
    return {"kind": "pen", "picture_size": edge}


def exports(
    session: ImageSession,
    plot: TrainingPlot,
    inspector: LayerInspector,
    confusion: ConfusionView,
    held: Callable[[], AbstractContextManager[None]],
) -> list[Exportable]:
    """The network, the curves, its layers and the test once they were looked at, and a film of
    whichever of the three widgets is in sight.
    """
    training, name = session.training, of_classes(session.class_names)

    def caption() -> str:
        data = "" if session.dataset is None else f"{session.dataset.name}   "
        return f"{data}{session.network}   step {training.progress.step:,}"

    def rows() -> list[list[float]]:
        told: list[list[float]] = training.progress.rows.tolist()
        return told

    seen: list[QWidget] = [plot, inspector, confusion]
    filmed = next((widget for widget in seen if widget.isVisible()), plot)
    found: list[Exportable] = [
        offers.network(training, lambda: session.network, session.class_names, html=_page(session)),
        Picture("Loss and accuracy", f"{name}, curves", offers.PLOT, by_itself(plot.twin), caption),
    ]
    if inspector.cards:
        found.append(Picture("Layers", f"{name}, layers", *_layers(inspector.cards), caption))
    if confusion.has_counts:
        matrix = by_itself(confusion.twin)
        found.append(
            Picture("Confusion matrix", f"{name}, confusion", offers.SQUARE, matrix, caption)
        )
    return [
        *found,
        History(f"{name}, history", offers.CURVES, rows),
        Film(f"{name}, training", filmed, lambda: training.progress.step, held),
    ]
