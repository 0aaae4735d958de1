"""What the Photo workspace offers to other programs."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from gui.exporting import offers
from gui.exporting.exportable import Exportable, Film, History, Picture, by_itself
from gui.exporting.naming import of_classes
from gui.photo_session import PhotoSession
from gui.widgets.network_view import NetworkView
from gui.widgets.training_plot import TrainingPlot
from nn.photo_model import PhotoModel


def exports(
    session: PhotoSession,
    view: NetworkView,
    plot: TrainingPlot,
    held: Callable[[], AbstractContextManager[None]],
) -> list[Exportable]:
    """The network, the picture of it in `view`, the curves, and its training as a film."""
    training, name = session.training, of_classes(session.class_names)
    about = PhotoModel(session.network, session.about, session.familiarity)

    def caption() -> str:
        return f"{of_classes(session.class_names)}   step {training.state.step:,}"

    return [
        offers.network(
            training,
            lambda: session.network,
            session.class_names,
            json={"about": about.told},
            html={"about": about.told},
        ),
        Picture("Network view", f"{name}, network", offers.NETWORK, view.paint_to, caption),
        Picture("Loss and accuracy", f"{name}, curves", offers.PLOT, by_itself(plot.twin), caption),
        History(f"{name}, history", offers.CURVES, lambda: training.rows.tolist()),
        Film(f"{name}, training", view, lambda: training.state.step, held),
    ]
