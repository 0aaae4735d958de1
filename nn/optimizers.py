"""Optimizers: what to do with a gradient.

Each is a few operations in place on two flat vectors, the parameters w and their gradients g.
An optimizer is made with its numbers, and bound to a network's vectors by the trainer.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from nn.typing import Array


def _number(name: str, value: object, low: float, high: float, *, open_end: bool = True) -> float:
    """Return ``value`` as a float within [low, high) or [low, high]; ValueError otherwise."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, got {value!r}") from None
    inside = low <= number < high if open_end else low <= number <= high
    if not inside:
        if high == np.inf:
            raise ValueError(f"{name} must be a finite number of at least {low:g}, got {value}")
        end = "below" if open_end else "at most"
        raise ValueError(f"{name} must be at least {low:g} and {end} {high:g}, got {value}")
    return number


class Optimizer(ABC):
    """Base of all optimizers. ``lr``, the learning rate, can be set while training runs."""

    kind: ClassVar[str]
    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the vectors it remembers between steps, zero at the start."""

    def __init__(self, lr: float) -> None:
        self.lr = lr
        self.bound = False

    @property
    def lr(self) -> float:
        """The learning rate, a finite number of at least 0."""
        return self._lr

    @lr.setter
    def lr(self, value: float) -> None:
        self._lr = _number("lr", value, 0.0, np.inf)
        self._lr_changed = True

    def bind(self, parameters: Array, gradients: Array) -> None:
        """Take the flat vectors to work on and forget everything remembered."""
        self.parameters, self.gradients = parameters, gradients
        self.scratch = np.zeros_like(parameters)
        self._rate = np.array(self._lr, parameters.dtype)
        self._lr_changed = True
        self.state: dict[str, Array] = {name: np.zeros_like(parameters) for name in self.slots}
        self.updates = 0
        self.bound = True

    def reset(self) -> None:
        """Forget everything remembered: momentum, running means, the count of updates."""
        for slot in self.state.values():
            slot.fill(0)
        self.updates = 0

    def step(self) -> None:
        """Move the parameters once."""
        if self._lr_changed:
            self._rate[...] = self._lr
            self._lr_changed = False
        self.updates += 1
        self.update()

    @abstractmethod
    def update(self) -> None:
        """Apply the formula, in place."""

    def config(self) -> dict[str, Any]:
        """Return the numbers by name: ``type(o)(**o.config())`` is its twin."""
        return {"lr": self.lr}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v:g}' for k, v in self.config().items())})"


class SGD(Optimizer):
    """Stochastic gradient descent: w ← w − lr·g.

    With momentum μ > 0 (Polyak 1964, in the form PyTorch uses): v ← μ v + g, w ← w − lr·v.
    Defaults: lr 0.01, momentum 0.
    """

    kind = "sgd"
    slots = ("velocity",)

    def __init__(self, lr: float = 0.01, momentum: float = 0.0) -> None:
        super().__init__(lr)
        self.momentum = _number("momentum", momentum, 0.0, 1.0)

    def config(self) -> dict[str, Any]:
        return {"lr": self.lr, "momentum": self.momentum}

    def update(self) -> None:
        if self.momentum == 0.0:
            np.multiply(self.gradients, self._rate, self.scratch)
        else:
            velocity = self.state["velocity"]
            np.multiply(velocity, self.momentum, velocity)
            np.add(velocity, self.gradients, velocity)
            np.multiply(velocity, self._rate, self.scratch)
        np.subtract(self.parameters, self.scratch, self.parameters)


OPTIMIZERS: dict[str, type[Optimizer]] = {rule.kind: rule for rule in (SGD,)}
