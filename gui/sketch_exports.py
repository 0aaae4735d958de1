"""What the Sketch workspace offers to other programs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from math import isfinite

from gui.exporting import offers
from gui.exporting.exportable import Exportable, Film, History, Picture, by_itself
from gui.exporting.naming import of_classes
from gui.session import Session
from gui.widgets.loss_plot import LossPlot
from gui.widgets.network_view import NetworkView


def exports(
    session: Session, view: NetworkView, held: Callable[[], AbstractContextManager[None]]
) -> list[Exportable]:
    """The network, its picture, its loss, and its training as a film."""
    training, name = session.training, of_classes(session.classes)

    def caption() -> str:
        loss = training.losses.last
        told = f"{of_classes(session.classes)}   step {session.step_count:,}"
        return f"{told}   loss {loss:.4g}" if isfinite(loss) else told

    def curve() -> LossPlot:
        plot = LossPlot()
        plot.set_history(*training.losses.tail())
        return plot

    def rows() -> list[tuple[float, float]]:
        steps, losses = training.losses.tail()
        return list(zip(steps.tolist(), losses.tolist(), strict=True))

    return [
        offers.network(training, lambda: session.network, session.classes, html={"kind": "sketch"}),
        Picture("Network view", f"{name}, network", offers.NETWORK, view.paint_to, caption),
        Picture("Loss curve", f"{name}, loss", offers.PLOT, by_itself(curve), caption),
        History(f"{name}, history", ("step", "loss"), rows),
        Film(f"{name}, training", view, lambda: session.step_count, held),
    ]
