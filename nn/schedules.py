"""Learning-rate schedules: the rate as a function of the number of steps done, from 0."""

from abc import ABC, abstractmethod
from math import cos, isfinite, pi


def _positive(name: str, value: float) -> float:
    if not (isfinite(value) and value > 0):
        raise ValueError(f"{name} must be a finite number above 0, got {value}")
    return value


class Schedule(ABC):
    """A rule that tells the learning rate of each step."""

    @abstractmethod
    def rate(self, step: int) -> float:
        """Return the learning rate after ``step`` steps have been done."""


class Constant(Schedule):
    """Always ``lr``."""

    def __init__(self, lr: float) -> None:
        self.lr = _positive("lr", lr)

    def rate(self, step: int) -> float:
        return self.lr


class StepDecay(Schedule):
    """lr · factor^⌊step / every⌋: the rate falls by ``factor`` every ``every`` steps."""

    def __init__(self, lr: float, every: int, factor: float = 0.1) -> None:
        self.lr = _positive("lr", lr)
        self.every = int(_positive("every", every))
        self.factor = _positive("factor", factor)

    def rate(self, step: int) -> float:
        return self.lr * self.factor ** (step // self.every)


class Cosine(Schedule):
    """lowest + ½ (lr − lowest)(1 + cos(π · step / steps)), then ``lowest`` for good.

    Loshchilov and Hutter 2017 (SGDR), without restarts.
    """

    def __init__(self, lr: float, steps: int, lowest: float = 0.0) -> None:
        self.lr = _positive("lr", lr)
        self.steps = int(_positive("steps", steps))
        if not 0 <= lowest <= lr:
            raise ValueError(f"lowest must be from 0 to lr = {lr}, got {lowest}")
        self.lowest = lowest

    def rate(self, step: int) -> float:
        part = min(step / self.steps, 1.0)
        return self.lowest + 0.5 * (self.lr - self.lowest) * (1.0 + cos(pi * part))


class WarmUp(Schedule):
    """The rate of ``after``, growing from 1/steps of it to the whole of it in the first ``steps``.

    Goyal et al. 2017. Step 0 of ``after`` is step 0 here: warming up takes its first steps.
    """

    def __init__(self, steps: int, after: Schedule) -> None:
        self.steps = int(_positive("steps", steps))
        self.after = after

    def rate(self, step: int) -> float:
        return self.after.rate(step) * min((step + 1) / self.steps, 1.0)
