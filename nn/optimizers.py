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
        self.bound = False
        self.lr = lr

    @property
    def lr(self) -> float:
        """The learning rate, a finite number of at least 0."""
        return self._lr

    @lr.setter
    def lr(self, value: float) -> None:
        self._lr = _number("lr", value, 0.0, np.inf)
        if self.bound:
            self._rate[...] = self._lr

    def bind(self, parameters: Array, gradients: Array) -> None:
        """Take the flat vectors to work on and forget everything remembered."""
        self.parameters, self.gradients = parameters, gradients
        self.scratch = np.zeros_like(parameters)
        self._rate = np.array(self._lr, parameters.dtype)
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
        self.updates += 1
        self.update()

    @abstractmethod
    def update(self) -> None:
        """Apply the formula, in place."""

    def _average(self, slot: str, values: Array, rho: float) -> None:
        """Move a running mean of squares: a ← ρ a + (1 − ρ) values²."""
        mean, scratch = self.state[slot], self.scratch
        np.multiply(mean, rho, mean)
        np.multiply(values, values, scratch)
        np.multiply(scratch, 1.0 - rho, scratch)
        np.add(mean, scratch, mean)

    def _move_by_quotient(self, above: Array, below: Array, eps: float) -> None:
        """w ← w − lr · above / (below + eps); ``below`` is overwritten."""
        if eps:
            np.add(below, eps, below)
        np.divide(above, below, below)
        np.multiply(below, self._rate, below)
        np.subtract(self.parameters, below, self.parameters)

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


class Nesterov(Optimizer):
    """Nesterov's momentum, which looks ahead: v ← μ v + g, w ← w − lr·(g + μ v).

    Sutskever, Martens, Dahl, Hinton 2013, in the form PyTorch uses. Defaults: lr 0.01,
    momentum 0.9.
    """

    kind = "nesterov"
    slots = ("velocity",)

    def __init__(self, lr: float = 0.01, momentum: float = 0.9) -> None:
        super().__init__(lr)
        self.momentum = _number("momentum", momentum, 0.0, 1.0)

    def config(self) -> dict[str, Any]:
        return {"lr": self.lr, "momentum": self.momentum}

    def update(self) -> None:
        velocity, scratch = self.state["velocity"], self.scratch
        np.multiply(velocity, self.momentum, velocity)
        np.add(velocity, self.gradients, velocity)
        np.multiply(velocity, self.momentum, scratch)
        np.add(scratch, self.gradients, scratch)
        np.multiply(scratch, self._rate, scratch)
        np.subtract(self.parameters, scratch, self.parameters)


class Adagrad(Optimizer):
    """Adagrad: a ← a + g², w ← w − lr·g / (√a + eps): weights that moved much move less.

    Duchi, Hazan, Singer 2011. Defaults: lr 0.01, eps 1e-10 (PyTorch's; Keras has lr 0.001,
    eps 1e-7 and begins with a = 0.1, we with 0).
    """

    kind = "adagrad"
    slots = ("squares",)

    def __init__(self, lr: float = 0.01, eps: float = 1e-10) -> None:
        super().__init__(lr)
        self.eps = _number("eps", eps, 0.0, 1.0)

    def config(self) -> dict[str, Any]:
        return {"lr": self.lr, "eps": self.eps}

    def update(self) -> None:
        squares, scratch = self.state["squares"], self.scratch
        np.multiply(self.gradients, self.gradients, scratch)
        np.add(squares, scratch, squares)
        np.sqrt(squares, scratch)
        self._move_by_quotient(self.gradients, scratch, self.eps)


class WindowedAdagrad(Optimizer):
    """Adagrad that forgets: a ← ρ a + (1 − ρ) g², w ← w − lr·g / √(a + eps).

    The "windowgrad" of ConvNetJS (Karpathy 2014): a moving mean in place of Adagrad's sum; RMSProp
    with eps inside the root. Defaults: lr 0.01, rho 0.95, eps 1e-8, as there.
    """

    kind = "windowed_adagrad"
    slots = ("squares",)

    def __init__(self, lr: float = 0.01, rho: float = 0.95, eps: float = 1e-8) -> None:
        super().__init__(lr)
        self.rho = _number("rho", rho, 0.0, 1.0)
        self.eps = _number("eps", eps, 0.0, 1.0)

    def config(self) -> dict[str, Any]:
        return {"lr": self.lr, "rho": self.rho, "eps": self.eps}

    def update(self) -> None:
        self._average("squares", self.gradients, self.rho)
        np.add(self.state["squares"], self.eps, self.scratch)
        np.sqrt(self.scratch, self.scratch)
        self._move_by_quotient(self.gradients, self.scratch, 0.0)


class RMSProp(Optimizer):
    """RMSProp: a ← ρ a + (1 − ρ) g², w ← w − lr·g / (√a + eps).

    Tieleman and Hinton 2012, Coursera lecture 6.5. Defaults: lr 0.01, rho 0.99, eps 1e-8
    (PyTorch's; Keras has lr 0.001, rho 0.9, eps 1e-7).
    """

    kind = "rmsprop"
    slots = ("squares",)

    def __init__(self, lr: float = 0.01, rho: float = 0.99, eps: float = 1e-8) -> None:
        super().__init__(lr)
        self.rho = _number("rho", rho, 0.0, 1.0)
        self.eps = _number("eps", eps, 0.0, 1.0)

    def config(self) -> dict[str, Any]:
        return {"lr": self.lr, "rho": self.rho, "eps": self.eps}

    def update(self) -> None:
        self._average("squares", self.gradients, self.rho)
        np.sqrt(self.state["squares"], self.scratch)
        self._move_by_quotient(self.gradients, self.scratch, self.eps)


class Adadelta(Optimizer):
    """Adadelta, which finds its own rate: a ← ρ a + (1 − ρ) g²,
    Δ = g · √(d + eps) / √(a + eps), d ← ρ d + (1 − ρ) Δ², w ← w − lr·Δ.

    Zeiler 2012. Defaults: lr 1.0, rho 0.95, eps 1e-6: the paper has no lr (so 1.0) and its rho
    and eps. Others disagree: PyTorch has lr 1.0, rho 0.9, eps 1e-6; Keras lr 0.001, rho 0.95,
    eps 1e-7; ConvNetJS no lr, rho 0.95, eps 1e-8. eps decides how fast it starts, since d begins
    at 0: on MNIST 1e-8 lost more than a percent in the first epoch against 1e-6.
    """

    kind = "adadelta"
    slots = ("squares", "moves")

    def __init__(self, lr: float = 1.0, rho: float = 0.95, eps: float = 1e-6) -> None:
        super().__init__(lr)
        self.rho = _number("rho", rho, 0.0, 1.0)
        self.eps = _number("eps", eps, 0.0, 1.0)

    def config(self) -> dict[str, Any]:
        return {"lr": self.lr, "rho": self.rho, "eps": self.eps}

    def bind(self, parameters: Array, gradients: Array) -> None:
        super().bind(parameters, gradients)
        self._move = np.zeros_like(parameters)

    def update(self) -> None:
        move, scratch = self._move, self.scratch
        self._average("squares", self.gradients, self.rho)
        np.add(self.state["moves"], self.eps, move)
        np.add(self.state["squares"], self.eps, scratch)
        np.divide(move, scratch, move)
        np.sqrt(move, move)
        np.multiply(move, self.gradients, move)
        self._average("moves", move, self.rho)
        np.multiply(move, self._rate, move)
        np.subtract(self.parameters, move, self.parameters)


class Adam(Optimizer):
    """Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², and in step t
    w ← w − lr · m̂ / (√v̂ + eps) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).

    Kingma and Ba 2015. Both means begin at 0 and are too small at first; *dividing* by 1 − βᵗ
    repairs that. Defaults: lr 0.001, beta1 0.9, beta2 0.999, eps 1e-8 (Keras: eps 1e-7).
    """

    kind = "adam"
    slots = ("means", "squares")

    def __init__(
        self, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> None:
        super().__init__(lr)
        self.beta1 = _number("beta1", beta1, 0.0, 1.0)
        self.beta2 = _number("beta2", beta2, 0.0, 1.0)
        self.eps = _number("eps", eps, 0.0, 1.0)

    def config(self) -> dict[str, Any]:
        return {"lr": self.lr, "beta1": self.beta1, "beta2": self.beta2, "eps": self.eps}

    def bind(self, parameters: Array, gradients: Array) -> None:
        super().bind(parameters, gradients)
        self._mean = np.zeros_like(parameters)

    def update(self) -> None:
        means, mean = self.state["means"], self._mean
        np.multiply(means, self.beta1, means)
        np.multiply(self.gradients, 1.0 - self.beta1, mean)
        np.add(means, mean, means)
        self._average("squares", self.gradients, self.beta2)
        np.divide(means, 1.0 - self.beta1**self.updates, mean)
        np.divide(self.state["squares"], 1.0 - self.beta2**self.updates, self.scratch)
        np.sqrt(self.scratch, self.scratch)
        self._move_by_quotient(mean, self.scratch, self.eps)


class AdamW(Adam):
    """Adam with decoupled weight decay: first w ← w − lr · weight_decay · w, then Adam's step.

    Loshchilov and Hutter 2019. Decays every parameter, biases too, as PyTorch does. Defaults:
    those of Adam and weight_decay 0.01 (PyTorch's; Keras has 0.004).
    """

    kind = "adamw"

    def __init__(
        self,
        lr: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(lr, beta1, beta2, eps)
        self.weight_decay = _number("weight_decay", weight_decay, 0.0, np.inf)

    def config(self) -> dict[str, Any]:
        return {**super().config(), "weight_decay": self.weight_decay}

    def update(self) -> None:
        np.multiply(self.parameters, self.lr * self.weight_decay, self.scratch)
        np.subtract(self.parameters, self.scratch, self.parameters)
        super().update()


OPTIMIZERS: dict[str, type[Optimizer]] = {
    rule.kind: rule
    for rule in (
        SGD,
        Nesterov,
        Adagrad,
        WindowedAdagrad,
        Adadelta,
        RMSProp,
        Adam,
        AdamW,
    )
}
