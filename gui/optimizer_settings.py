"""The optimizer of a training and the numbers that go with it. Qt-free."""

from dataclasses import dataclass

import nn

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
