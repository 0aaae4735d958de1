"""How the Images workspace trains: every number of it, and how two trainings differ."""

from dataclasses import dataclass, fields

from gui.optimizer_settings import MEMORY, OPTIMIZER_NAMES, OptimizerSettings
from nn.data.augment import Augment

TURN = 10.0  # degrees, either way
ZOOM = 0.1  # part by which a picture grows or shrinks at most
SHIFT = 2  # pixels, every way
VIEWS = (1, 4, 6)  # of a picture, that a prediction can average over


@dataclass(frozen=True)
class TrainingSettings(OptimizerSettings):
    """Everything about training that can change while it runs.

    `dropout` None leaves the dropout layers of the network as its text says. The augmentation is
    on or off each; `views` is how many views of a picture a prediction averages over.
    """

    optimizer: str = "adadelta"
    lr: float = 1.0
    momentum: float = 0.95
    batch_size: int = 20
    l1: float = 0.0
    l2: float = 0.001
    dropout: float | None = None
    crop: bool = True
    shift: bool = False
    flip: bool = False
    turn: bool = False
    zoom: bool = False
    views: int = 1

    def augmentation(self, picture: tuple[int, int, int], wanted: tuple[int, int, int]) -> Augment:
        """How pictures (C, H, W) become what the network wants, (C, H', W')."""
        edge = wanted[1]
        return Augment(
            crop=edge if edge < min(picture[1:]) else None,
            shift=SHIFT if self.shift else 0,
            flip=self.flip,
            turn=TURN if self.turn else 0.0,
            zoom=ZOOM if self.zoom else 0.0,
            random_crop=self.crop,
        )


WORDS = {
    "optimizer": "optimizer",
    "lr": "learning rate",
    "batch_size": "batch",
    "l1": "L1",
    "l2": "L2",
    "dropout": "dropout",
    "crop": "random crop",
    "shift": f"shift ±{SHIFT}",
    "flip": "flip",
    "turn": f"turn ±{TURN:g}°",
    "zoom": f"zoom ±{100 * ZOOM:g} %",
    "views": "views",
}


def differences(old: TrainingSettings, new: TrainingSettings) -> list[str]:
    """What is new, each in a few words, like `learning rate 0.1 → 0.01`."""
    found = []
    for field in fields(TrainingSettings):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        word = WORDS.get(field.name) or MEMORY.get(new.optimizer, "")
        if field.name == "momentum" and (not word or old.optimizer != new.optimizer):
            continue
        if isinstance(after, bool):
            found.append(f"{word} {'on' if after else 'off'}")
        elif field.name == "optimizer":
            found.append(f"{OPTIMIZER_NAMES[before]} → {OPTIMIZER_NAMES[after]}")
        else:
            found.append(f"{word} {_short(before)} → {_short(after)}")
    return found


def _short(value: float | None) -> str:
    return "as written" if value is None else f"{value:g}"
