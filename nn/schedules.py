"""Learning-rate schedules: the rate as a function of the number of steps done, from 0."""

from abc import ABC, abstractmethod
from math import cos, isfinite, pi
from typing import Any, ClassVar


def _positive(name: str, value: float) -> float:
    if not (isfinite(value) and value > 0):
        raise ValueError(f"{name} must be a finite number above 0, got {value}")
    return value


def _whole(name: str, value: float) -> int:
    if not 1 <= value < 1 << 62:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value}")
    return int(value)


class Schedule(ABC):
    """A rule that tells the learning rate of each step; its attributes are its options."""

    kind: ClassVar[str]

    @abstractmethod
    def rate(self, step: int) -> float:
        """Return the learning rate after ``step`` steps have been done."""

    def config(self) -> dict[str, Any]:
        """Return the options by name: ``type(s)(**s.config())`` is its twin."""
        return dict(vars(self))


class Constant(Schedule):
    """Always ``lr``."""

    kind = "constant"

    def __init__(self, lr: float) -> None:
        self.lr = _positive("lr", lr)

    def rate(self, step: int) -> float:
        return self.lr


class StepDecay(Schedule):
    """lr · factor^⌊step / every⌋: the rate falls by ``factor`` every ``every`` steps."""

    kind = "step_decay"

    def __init__(self, lr: float, every: int, factor: float = 0.1) -> None:
        self.lr = _positive("lr", lr)
        self.every = _whole("every", every)
        self.factor = _positive("factor", factor)

    def rate(self, step: int) -> float:
        return self.lr * self.factor ** (step // self.every)


class Cosine(Schedule):
    """lowest + ½ (lr − lowest)(1 + cos(π · step / steps)), then ``lowest`` for good.

    Loshchilov and Hutter 2017 (SGDR), without restarts.
    """

    kind = "cosine"

    def __init__(self, lr: float, steps: int, lowest: float = 0.0) -> None:
        self.lr = _positive("lr", lr)
        self.steps = _whole("steps", steps)
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

    kind = "warm_up"

    def __init__(self, steps: int, after: Schedule) -> None:
        self.steps = _whole("steps", steps)
        self.after = after

    def rate(self, step: int) -> float:
        return self.after.rate(step) * min((step + 1) / self.steps, 1.0)


SCHEDULES: dict[str, type[Schedule]] = {
    rule.kind: rule for rule in (Constant, StepDecay, Cosine, WarmUp)
}
