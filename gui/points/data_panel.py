"""Where the points of a page come from: a recipe with noise, number, classes and seed, or CSV."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.points.dataset import Recipe
from gui.points.slider import NamedSlider
from gui.widgets.boxes import NumberBox
from gui.widgets.recipe_picker import RecipePicker
from nn.data import points
from nn.data.points import FEWEST_CLASSES, MOST_CLASSES

TIPS = {
    "blobs": "Blobs: a straight line will do",
    "circle": "Circle: a disc within a ring",
    "xor": "XOR: opposite corners belong together",
    "spiral": "Spiral: the hard one",
    "moons": "Moons: two half circles in each other",
    "random": "Random: nothing to learn but by heart",
}
COUNTS = (10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000)
NOISES = tuple(i / 20 for i in range(31))
MOST_SEED = 9999
FILES = "Points (*.csv *.tsv *.txt);;All files (*)"


class DataPanel(QWidget):
    """`recipe_changed` tells a recipe, `classes_chosen` a number of classes alone.

    Files are chosen here and opened by the page.
    """

    recipe_changed = Signal(object)
    classes_chosen = Signal(int)
    import_wanted = Signal(str)
    export_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.recipe = Recipe()
        self.picker = RecipePicker(
            [(name, tip, partial(points.generate, name, 90, 0.15)) for name, tip in TIPS.items()]
        )
        self.noise = NamedSlider(
            "Noise", "How far points stray", 0, len(NOISES) - 1, lambda i: f"{NOISES[i]:.2f}"
        )
        self.noise.setObjectName("points_noise")
        self.count = NamedSlider(
            "Points",
            "How many points, training and test together",
            0,
            len(COUNTS) - 1,
            lambda i: f"{COUNTS[i]:,}",
        )
        self.count.setObjectName("points_count")
        self.classes = _box("Classes", FEWEST_CLASSES, MOST_CLASSES)
        self.seed = _box("Seed", 0, MOST_SEED)
        self.classes.setToolTip("How many classes; what the network learned stays")
        self.seed.setToolTip("Another seed, other points of the same kind")
        self.import_button = QPushButton("Import …")
        self.import_button.setObjectName("points_import_button")
        self.import_button.setToolTip("Read points from a CSV file: x, y, class (Ctrl+I)")
        self.export_button = QPushButton("Export …")
        self.export_button.setObjectName("points_export_button")
        self.export_button.setToolTip("Write all points into a CSV file: x, y, class")
        self._lay_out()
        self.picker.recipe_chosen.connect(lambda name: self._change(name=name))
        self.noise.moved.connect(lambda i: self._change(noise=NOISES[i]))
        self.count.moved.connect(lambda i: self._change(count=COUNTS[i]))
        self.classes.valueChanged.connect(self.classes_chosen)
        self.seed.valueChanged.connect(lambda n: self._change(seed=n))
        self.import_button.clicked.connect(self.ask_for_import)
        self.export_button.clicked.connect(self._ask_for_export)
        self.set_recipe(self.recipe)

    def _lay_out(self) -> None:
        numbers = QHBoxLayout()
        numbers.setSpacing(theme.SPACE)
        for name, box in (("Classes", self.classes), ("Seed", self.seed)):
            numbers.addWidget(QLabel(name))
            numbers.addWidget(box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.picker)
        column.addWidget(self.noise)
        column.addWidget(self.count)
        column.addLayout(numbers)

    def files(self) -> tuple[QToolButton | QPushButton, ...]:
        """Import and export, for the panel's header."""
        for button in (self.import_button, self.export_button):
            button.setProperty("role", "quiet")
        return self.import_button, self.export_button

    @staticmethod
    def check(recipe: Recipe) -> None:
        """Raise ValueError for a recipe that can't be shown here."""
        inside = FEWEST_CLASSES <= recipe.classes <= MOST_CLASSES and 0 <= recipe.seed <= MOST_SEED
        known = recipe.name in TIPS and recipe.noise in NOISES and recipe.count in COUNTS
        if not (inside and known):
            raise ValueError(f"there are no points like {recipe}")

    def set_recipe(self, recipe: Recipe, *, is_made: bool = True) -> None:
        """Show a recipe; `is_made` is False when the points came from elsewhere."""
        self.recipe = recipe
        self.picker.set_current(recipe.name if is_made else "")
        self.noise.set_value(NOISES.index(recipe.noise))
        self.count.set_value(COUNTS.index(recipe.count))
        for box, value in ((self.classes, recipe.classes), (self.seed, recipe.seed)):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def _change(self, **changes: object) -> None:
        self.set_recipe(replace(self.recipe, **changes))  # type: ignore[arg-type]
        self.recipe_changed.emit(self.recipe)

    def ask_for_import(self) -> None:
        """Let a file be chosen."""
        path, _ = QFileDialog.getOpenFileName(self, "Import points", "", FILES)
        if path:
            self.import_wanted.emit(path)

    def _ask_for_export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Export points", "points.csv", FILES)
        if path:
            self.export_wanted.emit(str(Path(path)))


def _box(name: str, low: int, high: int) -> NumberBox:
    box = NumberBox()
    box.setRange(low, high)
    box.setObjectName(f"points_{name.lower()}")
    box.setAccessibleName(name)
    return box
