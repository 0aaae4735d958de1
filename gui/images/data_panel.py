"""The data set in use, at the left: which, and how it is parted."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.image_session import DRAWINGS, LARGEST, SMALLEST, ImageSession, Origin
from gui.images.data_sources import DataSources
from gui.widgets.boxes import Choice, NumberBox
from gui.widgets.data_menu import DataMenu
from gui.widgets.split_slider import SplitSlider
from nn.data.datasets import Dataset


class DataPanel(QWidget):
    """Menu, note and split; for a folder of pictures also the size they are brought to."""

    told = Signal(str, str)  # a sentence and its kind

    def __init__(self, session: ImageSession, sources: DataSources) -> None:
        super().__init__()
        self.session, self.sources = session, sources
        self.menu = DataMenu()
        self.split = SplitSlider()
        self.note = QLabel()
        self.note.setProperty("role", "caption")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.edge = _size_box()
        self.colour = _colour_box()
        self._folder = QWidget()
        row = QHBoxLayout(self._folder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("Pictures of"))
        row.addWidget(self.edge)
        row.addWidget(QLabel("px in"))
        row.addWidget(self.colour, 1)
        self._folder.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(self.menu)
        column.addWidget(self.note)
        column.addWidget(self._folder)
        column.addWidget(self.split)
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.menu.pressed.connect(lambda: self.menu.set_offers(self.sources.offers()))
        self.menu.data_chosen.connect(self.sources.choose)
        self.sources.loaded.connect(self._on_loaded)
        self.sources.got_again.connect(self._on_got_again)
        self.sources.failed.connect(lambda text: self.told.emit(text, "error"))
        self.sources.progressed.connect(self._on_progressed)
        self.split.split_changed.connect(self.session.set_parts)
        self.edge.valueChanged.connect(self._reopen)
        self.colour.currentIndexChanged.connect(self._reopen)
        self.session.dataset_changed.connect(self._show)

    def _on_got_again(self, dataset: Dataset) -> None:
        """The network that was kept stays as it is, whatever became of its pictures."""
        if misfit := self.session.misfit(dataset):
            self.sources.gone.emit(f"{dataset.name} is no longer what it was. {misfit}", "")
        else:
            self._on_loaded(self.session.origin, dataset)

    def _on_loaded(self, origin: Origin, made: Dataset) -> None:
        done = self.session.set_dataset(made, origin)
        if len(made.class_names) < 2:
            self.told.emit(
                f"{made.name} has one class only: there is nothing to tell apart.", "warning"
            )
        elif made.problems:
            more = f" And {len(made.problems) - 1} more." if len(made.problems) > 1 else ""
            self.told.emit(made.problems[0] + more, "warning")
        elif done:
            self.told.emit(done, "info")

    def _on_progressed(self, text: str) -> None:
        if text:
            self.note.setText(text)
        else:
            self._show()

    def _reopen(self) -> None:
        if folder := self.sources.folder.folder:
            self.sources.open_folder(Path(folder), self.edge.value(), self.colour.currentData())

    def _show(self) -> None:
        dataset, origin = self.session.dataset, self.session.origin
        if dataset is None:
            self.menu.set_current(origin.key)
            self.split.set_total(0)
            self.note.setText("No pictures yet")
            return
        official = dataset.test
        self.menu.set_current(origin.key, dataset.name)
        self.split.set_total(len(dataset), None if official is None else len(official))
        self.split.set_split(*self.session.parts)
        channels, height, width = dataset.image_shape
        kind = {1: "grey", 3: "colour"}.get(channels, f"{channels} channels")
        self.note.setText(f"{len(dataset):,} pictures, {height}×{width} {kind}")
        self.note.setToolTip(dataset.note)
        plain = dataset.name in ("MNIST", "CIFAR-10", DRAWINGS)
        self._folder.setVisible(origin.key == "folder" and not plain)
        self.edge.blockSignals(True)
        self.edge.setValue(origin.size)
        self.edge.blockSignals(False)
        self.colour.blockSignals(True)
        self.colour.setCurrentIndex(self.colour.findData(origin.channels))
        self.colour.blockSignals(False)


def _size_box() -> NumberBox:
    box = NumberBox()
    box.setObjectName("folder_size")
    box.setRange(SMALLEST, LARGEST)
    box.setValue(32)
    box.setKeyboardTracking(False)
    box.setAccessibleName("Size of the pictures")
    box.setToolTip(f"Pixels along an edge that pictures are brought to, {SMALLEST} to {LARGEST}")
    box.setFixedWidth(56)
    return box


def _colour_box() -> Choice:
    box = Choice()
    box.setObjectName("folder_colour")
    box.setAccessibleName("Colour or grey")
    box.setToolTip("Whether pictures keep their colours")
    box.addItem("colour", 3)
    box.addItem("grey", 1)
    return box
