"""How weights begin: He, Glorot, LeCun and uniform. Biases begin at zero.

A layer whose weights begin too large saturates or explodes, one whose weights begin too small
says nothing; each rule below picks a spread that keeps the size of the signal from layer to
layer. ``fan_in`` and ``fan_out`` are the numbers of inputs and outputs one weight serves.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from nn.typing import Array, Shape


class Initializer(ABC):
    """A rule that draws the first values of a weight array."""

    kind: ClassVar[str]

    @abstractmethod
    def draw(self, rng: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
        """Return float64 values of ``shape``; the network casts them to its own dtype."""

    def to_text(self) -> str:
        """Return the words that stand after ``init`` in a network text."""
        return self.kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Initializer) and self.to_text() == other.to_text()

    def __hash__(self) -> int:
        return hash(self.to_text())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v}' for k, v in vars(self).items())})"


class He(Initializer):
    """Normal with variance 2 / fan_in, for ReLU and its relatives (He et al. 2015)."""

    kind = "he"

    def draw(self, rng: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
        return rng.normal(0.0, np.sqrt(2.0 / fan_in), shape)


class Glorot(Initializer):
    """Uniform in ±√(6 / (fan_in + fan_out)), for tanh, sigmoid and logits (Glorot, Bengio 2010)."""

    kind = "glorot"

    def draw(self, rng: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
        limit = np.sqrt(6.0 / (fan_in + fan_out))
        return rng.uniform(-limit, limit, shape)


class LeCun(Initializer):
    """Normal with variance 1 / fan_in (LeCun, Bottou, Orr, Müller 1998, Efficient BackProp)."""

    kind = "lecun"

    def draw(self, rng: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
        return rng.normal(0.0, np.sqrt(1.0 / fan_in), shape)


class Uniform(Initializer):
    """Uniform in ±limit, the classroom's start; ``limit`` is a positive number, 0.5 if not told."""

    kind = "uniform"

    def __init__(self, limit: float = 0.5) -> None:
        if not (np.isfinite(limit) and limit > 0):
            raise ValueError(f"uniform needs a limit above 0, got {limit}")
        self.limit = float(limit)

    def draw(self, rng: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
        return rng.uniform(-self.limit, self.limit, shape)

    def to_text(self) -> str:
        return (
            f"{self.kind} {self.limit:g}"
            if float(f"{self.limit:g}") == self.limit
            else (f"{self.kind} {self.limit!r}")
        )


INITIALIZERS: dict[str, type[Initializer]] = {
    rule.kind: rule for rule in (He, Glorot, LeCun, Uniform)
}
