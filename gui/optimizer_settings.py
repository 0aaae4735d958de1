"""The optimizer of a training and the numbers that go with it. Qt-free."""

from dataclasses import dataclass

import nn

LIMITS = {
    "lr": (1e-9, 1000.0),
    "momentum": (0.0, 1.0),
    "batch_size": (1, 4096),
    "l1": (0.0, 1.0),
    "l2": (0.0, 1.0),
    "dropout": (0.0, 1.0),
}
"""From where to where the numbers of a training may go."""

BELOW = frozenset({"momentum", "dropout"})
"""Those that must stay below their end."""

MEMORY = {
    "sgd": "momentum",
    "nesterov": "momentum",
    "windowed_adagrad": "rho",
    "adadelta": "rho",
    "rmsprop": "rho",
    "adam": "beta1",
    "adamw": "beta1",
}
"""What each optimizer calls the part of the past that it keeps; Adagrad keeps all of it."""

OPTIMIZER_NAMES = {
    "sgd": "SGD",
    "nesterov": "Nesterov",
    "adagrad": "Adagrad",
    "windowed_adagrad": "Windowed Adagrad",
    "adadelta": "Adadelta",
    "rmsprop": "RMSProp",
    "adam": "Adam",
    "adamw": "AdamW",
}


@dataclass(frozen=True)
class OptimizerSettings:
    """What can change while training runs; `momentum` is what `MEMORY` names for the optimizer."""

    optimizer: str = "sgd"
    lr: float = 0.01
    momentum: float = 0.1
    batch_size: int = 10
    l1: float = 0.0
    l2: float = 0.001

    def build_optimizer(self) -> "nn.optimizers.Optimizer":
        """A new optimizer with these numbers."""
        return build(self.optimizer, self.lr, self.momentum)

    def check(self, trainer: "nn.Trainer") -> None:
        """Raise ValueError, one sentence, unless these can be set, and a training has them."""
        if self.optimizer not in OPTIMIZER_NAMES:
            raise ValueError(f"there is no optimizer “{self.optimizer}”")
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name, None)
            inside = value is None or low <= value <= high
            if not inside or (name in BELOW and value == high):
                raise ValueError(f"{name} must be {low:g} to {high:g}, not {value:g}")
        mine, its = self.build_optimizer(), trainer.optimizer
        if (mine.kind, mine.config()) != (its.kind, its.config()):
            raise ValueError(f"the settings say {mine}, but the training has {its}")
        if (self.l1, self.l2) != (trainer.l1, trainer.l2):
            raise ValueError("the settings have another decay than the training")


def build(optimizer: str, lr: float, momentum: float) -> "nn.optimizers.Optimizer":
    """A new optimizer; `momentum` is what `MEMORY` names for it."""
    made = nn.optimizers.OPTIMIZERS[optimizer](lr=lr)
    if memory := MEMORY.get(optimizer):
        setattr(made, memory, momentum)
    return made


def defaults_of(optimizer: str) -> tuple[float, float]:
    """The learning rate and the momentum that an optimizer begins with."""
    config = nn.optimizers.OPTIMIZERS[optimizer]().config()  # type: ignore[call-arg]
    return config["lr"], config.get(MEMORY.get(optimizer, ""), 0.0)
