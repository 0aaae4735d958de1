"""Inside: what every neuron of Classify responds to, and how a layer bends the plane."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel

from gui import kept, layouts, theme
from gui.kept import Parts
from gui.points.classify_page import ClassifyPage
from gui.points.inner import MOST_POINTS, Ask, look_inside, stages
from gui.points.page import Desk, Page
from gui.points.transport import Transport
from gui.points_worker import Frame
from gui.widgets.bent_view import BentView
from gui.widgets.boxes import Choice
from gui.widgets.neuron_maps import NeuronMaps
from gui.widgets.panel import Panel

WHAT = (
    "Each picture is the plane as one neuron sees it: amber where it is positive, blue where "
    "negative. Point at one to enlarge it; click to see the plane through it."
)
WON = "A straight line parts all points here: the layers before have bent the plane until it could."
BENT = "What these two neurons make of the plane. Its grid lines were straight and parallel once."
NOT_YET = "The last layer can only draw straight lines here. Train, and watch the plane bend."


@dataclass(frozen=True)
class Told:
    """What a session file says of this page: a stage, and two of its neurons."""

    pair: tuple[int, int, int]


class InsidePage(Page):
    """Shares data, network and training with `ClassifyPage`; nothing is trained twice."""

    title = "Inside"
    tip = "A map of every neuron, and how a layer bends the plane"
    verbs = frozenset({"undo", "redo"})

    def __init__(self, desk: Desk, classify: ClassifyPage) -> None:
        super().__init__(desk, None)
        self.classify = classify
        self.training = classify.training
        self.maps = NeuronMaps()
        self.bent = BentView()
        self.layer, self.first, self.second = (_choice(*words) for words in _CHOICES)
        self.transport = Transport(self)
        self.note = _caption(NOT_YET)
        self._pair = (1, 0, 1)
        self._lay_out()
        self._connect()
        self._on_network_changed()

    def _lay_out(self) -> None:
        left, column = layouts.column()
        column.addWidget(self.transport)
        column.addWidget(self.maps, 1)
        column.addWidget(_caption(WHAT))

        right, column = layouts.column()
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE // 2)
        row.addWidget(self.layer, 2)
        for word, choice in (("→", self.first), ("↑", self.second)):
            row.addWidget(QLabel(word))
            row.addWidget(choice, 1)
        column.addLayout(row)
        column.addWidget(self.bent, 1)
        column.addWidget(self.note)

        whole = layouts.page_row(self)
        whole.addWidget(Panel("", left), 5)
        whole.addWidget(Panel("The plane, bent", right), 4)

    def _connect(self) -> None:
        classify = self.classify
        classify.network_changed.connect(self._on_network_changed)
        classify.points_changed.connect(self._look)
        classify.running_changed.connect(self.running_changed)
        self.layer.currentIndexChanged.connect(lambda i: self.choose(i + 1, 0, 1))
        for choice in (self.first, self.second):
            choice.currentIndexChanged.connect(
                lambda _: self.choose(
                    self._pair[0], self.first.currentIndex(), self.second.currentIndex()
                )
            )
        self.maps.neuron_chosen.connect(self._on_neuron_chosen)

    # -- which neurons -----------------------------------------------------------------------

    def choose(self, stage: int, first: int, second: int) -> None:
        """Look at the plane through two neurons of a stage."""
        assert self.training is not None
        found = stages(self.training.network)
        stage = min(max(stage, 1), len(found) - 1)
        most = found[stage].units - 1
        pair = (stage, min(max(first, 0), most), min(max(second, 0), most))
        if pair != self._pair:
            self._pair = pair
            self.bent.forget()
        self._show_choice()
        self._look()

    def _on_neuron_chosen(self, stage: int, index: int) -> None:
        """The neuron goes to the axis across; what was there goes up."""
        old, first, second = self._pair
        if stage == 0:
            return
        if stage != old:
            self.choose(stage, index, index + 1 if index == 0 else 0)
        elif index != first:
            self.choose(stage, index, first if index == second else second)

    def _show_choice(self) -> None:
        assert self.training is not None
        found = stages(self.training.network)
        stage, first, second = self._pair
        names = [f"Layer {i}: {s.words}" for i, s in enumerate(found[1:-1], 1)]
        _fill(self.layer, [*names, "Output, before softmax"], stage - 1)
        neurons = [f"{i + 1}" for i in range(found[stage].units)]
        _fill(self.first, neurons, first)
        _fill(self.second, neurons, second)
        self.bent.set_axes(f"neuron {first + 1}", f"neuron {second + 1}")
        self.maps.set_chosen([(stage, first), (stage, second)])

    def _on_network_changed(self) -> None:
        assert self.training is not None
        found = stages(self.training.network)
        self.maps.set_stages([(s.words, s.units) for s in found], self.classify.points.now.names)
        self._pair = (0, 0, 0)
        self.choose(max(1, len(found) - 2), 0, 1)

    # -- what is shown -----------------------------------------------------------------------

    def _look(self) -> None:
        """Ask for what is shown, while this page is in front."""
        assert self.training is not None
        if not self.isVisible():
            return
        train = self.classify.points.now.train
        self.bent.set_labels(train.y[:MOST_POINTS])
        ask = Ask(self.classify.plane.reach, train.x[:MOST_POINTS], *self._pair)
        self.training.look("inside", look_inside(ask))

    def show_frame(self, frame: Frame) -> None:
        if (seen := frame.seen.get("inside")) is None:
            return
        self.maps.set_maps(seen.pictures, seen.weights, seen.biases)
        self.bent.set_bent(seen.grid, seen.points, seen.split)
        if seen.split is None:
            self.note.setText(BENT)
        else:
            self.note.setText(WON if frame.accuracy == 1 else NOT_YET)

    def status(self, pace: float) -> tuple[str, str]:
        return self.classify.status(pace)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        assert self.training is not None
        self.training.look("inside", None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "maps"):
            self._look()

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        return None

    def state(self) -> Callable[[], Parts]:
        parts = {"page.json": kept.told(Told(self._pair))}
        return lambda: parts

    def prepare(self, parts: Parts) -> Callable[[], None]:
        told = kept.record(parts, "page.json", Told)
        return lambda: self.choose(*told.pair)

    # -- training is Classify's --------------------------------------------------------------

    def play(self) -> None:
        self.classify.play()

    def pause(self) -> None:
        self.classify.pause()

    def step(self) -> None:
        self.classify.step()

    def reset(self) -> None:
        self.classify.reset()

    def reseed(self) -> None:
        self.classify.reseed()

    def undo(self) -> None:
        self.classify.undo()

    def redo(self) -> None:
        self.classify.redo()

    def shut_down(self) -> None:
        """Nothing here is its own."""


_CHOICES = (
    ("bent_layer", "Layer", "Which layer's neurons are the axes"),
    ("bent_first", "Neuron across", "The neuron whose values go to the right"),
    ("bent_second", "Neuron up", "The neuron whose values go up"),
)


def _choice(object_name: str, name: str, tip: str) -> Choice:
    box = Choice()
    box.setObjectName(object_name)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setMinimumContentsLength(2)
    return box


def _fill(box: Choice, texts: list[str], chosen: int) -> None:
    box.blockSignals(True)
    if [box.itemText(i) for i in range(box.count())] != texts:
        box.clear()
        box.addItems(texts)
    box.setCurrentIndex(chosen)
    box.blockSignals(False)


def _caption(text: str) -> QLabel:
    label = layouts.caption(text)
    label.setMinimumHeight(2 * 15)  # two lines, whatever it says
    return label
