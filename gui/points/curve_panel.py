"""Which points the Regression page makes: a function, how many, how noisy."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.points.slider import NamedSlider
from nn.data import functions

COUNTS = (5, 10, 15, 20, 30, 50, 100, 200, 500)
NOISES = tuple(i / 10 for i in range(21))
TITLES = {"x sin x": "x·sin x", "sine": "Sine", "step": "Step", "noise": "Noise"}
TIPS = {
    "x sin x": "Waves that grow to both sides",
    "sine": "Even waves",
    "step": "A jump: the slope is steeper than any",
    "noise": "No rule at all: nothing to learn but by heart",
}


@dataclass(frozen=True)
class CurveRecipe:
    """How points are made."""

    name: str = "x sin x"
    count: int = 20
    noise: float = 0.0
    seed: int = 0


class CurvePanel(QWidget):
    """`recipe_changed` tells a recipe; `again` makes other points of the same kind."""

    recipe_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.recipe = CurveRecipe()
        self.chips = {name: _chip(TITLES[name], TIPS[name]) for name in functions.NAMES}
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(4)
        for name, chip in self.chips.items():
            group.addButton(chip)
            row.addWidget(chip, len(TITLES[name]) + 3)
            chip.clicked.connect(lambda _=False, name=name: self._change(name=name))
        self.count = NamedSlider(
            "Points", "How many points to learn", 0, len(COUNTS) - 1, lambda i: f"{COUNTS[i]}"
        )
        self.count.setObjectName("curve_count")
        self.noise = NamedSlider(
            "Noise",
            "How far points stray from the function",
            0,
            len(NOISES) - 1,
            lambda i: f"{NOISES[i]:.1f}",
        )
        self.noise.setObjectName("curve_noise")
        self.again_button = QPushButton("Others")
        self.again_button.setObjectName("curve_again_button")
        self.again_button.setProperty("role", "quiet")
        self.again_button.setToolTip("Other points of the same function")
        self.again_button.clicked.connect(lambda: self._change(seed=self.recipe.seed + 1))
        self.count.moved.connect(lambda i: self._change(count=COUNTS[i]))
        self.noise.moved.connect(lambda i: self._change(noise=NOISES[i]))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.count)
        column.addWidget(self.noise)
        self.set_recipe(self.recipe)

    @staticmethod
    def check(recipe: CurveRecipe) -> None:
        """Raise ValueError for a recipe that can't be shown here."""
        known = recipe.name in TITLES and recipe.noise in NOISES and recipe.count in COUNTS
        if not (known and recipe.seed >= 0):
            raise ValueError(f"there are no points like {recipe}")

    def set_recipe(self, recipe: CurveRecipe) -> None:
        """Show a recipe."""
        self.recipe = recipe
        self.chips[recipe.name].setChecked(True)
        self.count.set_value(COUNTS.index(recipe.count))
        self.noise.set_value(NOISES.index(recipe.noise))

    def _change(self, **changes: object) -> None:
        self.set_recipe(replace(self.recipe, **changes))  # type: ignore[arg-type]
        self.recipe_changed.emit(self.recipe)


def _chip(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setCheckable(True)
    button.setProperty("role", "chip")
    button.setObjectName(f"curve_{text.split('·')[0].lower()}")
    button.setToolTip(tip)
    return button
