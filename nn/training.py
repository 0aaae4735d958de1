"""Training: forward ▸ loss ▸ backward ▸ optimizer step, and what a person wants to know of it."""

from math import isfinite
from typing import NamedTuple

import numpy as np

from nn.network import Network
from nn.optimizers import Optimizer
from nn.plan import Plan
from nn.typing import Array

GOOD_STATE_EVERY = 64
"""Steps between two copies of the weights that are kept for going back."""


class StepResult(NamedTuple):
    """What one step did. ``loss`` is the mean over the batch, measured before the weights moved."""

    loss: float
    correct: int
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs here
    step: int
    diverged: bool
    decay_loss: float = 0.0


class Trainer:
    """Trains one network with one optimizer.

    All randomness comes from generators made from ``seed``, one for each purpose, so a seed
    repeats a run bit for bit on one machine.
    """

    def __init__(self, network: Network, optimizer: Optimizer, seed: int = 0) -> None:
        self.network = network
        self.optimizer = optimizer
        optimizer.bind(network.parameters, network.gradients)
        self.seed = seed
        shuffling, augmentation, dropout = np.random.SeedSequence(seed).spawn(3)
        self.shuffling = np.random.default_rng(shuffling)
        self.augmentation = np.random.default_rng(augmentation)
        self._dropout = np.random.default_rng(dropout)
        self.steps = 0
        self._plans: dict[int, Plan] = {}
        self._plan: Plan | None = None
        self._before = network.parameters.copy()
        self._good = network.parameters.copy()
        self._candidate = network.parameters.copy()

    # -- one step ---------------------------------------------------------------------------

    def step(self, x: Array, y: Array) -> StepResult:
        """Do one optimizer step on a batch.

        ``x`` (N, C, H, W) of the network's dtype; ``y`` (N,) integer labels, or (N, classes)
        float targets. Raises ValueError for a wrong shape, dtype or label, and for NaN or
        infinity in ``x`` or ``y``; the weights are untouched then.

        When the loss or the weights would become non-finite, ``diverged`` is True and the weights
        stay as they were before the step.
        """
        plan = self._plan
        if (
            plan is None
            or type(x) is not np.ndarray
            or x.shape != plan.input_shape
            or x.dtype != self.network.dtype
        ):
            plan = self._plan_for(x)
        if type(y) is not np.ndarray or y.ndim == 0:
            raise ValueError(
                f"y must be an array of labels (N,) or targets (N, classes), got {y!r:.60}"
            )
        if y.shape[0] != x.shape[0]:
            raise ValueError(
                f"y must have one entry for each of {x.shape[0]} examples, got shape {y.shape}"
            )
        with np.errstate(over="ignore", invalid="ignore"):
            if plan.batch_size == x.shape[0]:
                loss = plan.run_step(x, y, 1.0 / plan.batch_size) / plan.batch_size
                correct = plan.loss.correct()
            else:
                loss, correct = self._run_tiles(plan, x, y)
            if not isfinite(loss):
                return self._refuse(x, loss, correct)
            parameters = self.network.parameters
            np.copyto(self._before, parameters)
            self.optimizer.step()
            if not isfinite(parameters.dot(parameters)):
                np.copyto(parameters, self._before)
                return self._refuse(x, loss, correct)
        self.steps = steps = self.steps + 1
        if steps % GOOD_STATE_EVERY == 0:
            self._keep_good_state()
        return StepResult(loss, correct, x.shape[0], steps, False)

    def _plan_for(self, x: Array) -> Plan:
        """Check ``x`` and return the plan for its batch size, or for one tile of a large batch."""
        self.network.check_batch(x)
        size = min(len(x), self.network.tile_size())
        self._plan = plan = self._plan_of(size)
        return plan

    def _plan_of(self, size: int) -> Plan:
        if size not in self._plans:
            if len(self._plans) >= 6:
                del self._plans[next(iter(self._plans))]
            self._plans[size] = self.network.plan(size, self._dropout)
        return self._plans[size]

    def _run_tiles(self, plan: Plan, x: Array, y: Array) -> tuple[float, int]:
        """Run a large batch tile by tile and leave the mean gradient; return mean loss, correct."""
        gradients = self.network.gradients
        total = np.zeros_like(gradients)
        loss, correct = 0.0, 0
        for start in range(0, len(x), plan.batch_size):
            part = slice(start, start + plan.batch_size)
            tile = self._plan_of(len(x[part]))
            loss += tile.run_step(x[part], y[part], 1.0 / len(x))
            correct += tile.loss.correct()
            total += gradients
        np.copyto(gradients, total)
        return loss / len(x), correct

    # -- when it goes wrong -----------------------------------------------------------------

    def _refuse(self, x: Array, loss: float, correct: int) -> StepResult:
        """Answer a step whose loss or weights were not finite; the weights have not moved."""
        self.optimizer.reset()
        if not np.isfinite(x).all():
            raise ValueError("x must hold finite numbers, got NaN or infinity")
        return StepResult(loss, correct, len(x), self.steps, True)

    def _keep_good_state(self) -> None:
        """Keep the weights of now; what was kept before has proved good for many steps since."""
        self._good, self._candidate = self._candidate, self._good
        np.copyto(self._candidate, self._before)

    @property
    def last_good(self) -> Array:
        """A copy (P,) of weights after which training went well for at least 64 steps more;
        before there are any, the weights at the start.
        """
        return self._good.copy()

    def restore_last_good(self) -> None:
        """Put `last_good` back into the network and forget the optimizer's memory."""
        np.copyto(self.network.parameters, self._good)
        np.copyto(self._candidate, self._good)
        self.reset_optimizer()

    def reset_optimizer(self) -> None:
        """Forget momentum and running means, for example after the weights were replaced."""
        self.optimizer.reset()
