"""Training: forward ▸ loss ▸ backward ▸ optimizer step, and what a person wants to know of it."""

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nn.fitting import Event, FitOptions, fit
from nn.functional import quiet_context
from nn.inspection import Inspection, inspect
from nn.network import Network
from nn.optimizers import Optimizer
from nn.plan import Plan
from nn.schedules import Schedule
from nn.typing import Array

if TYPE_CHECKING:
    from nn.workers import Partner

GOOD_STATE_EVERY = 16
"""Steps between two copies of the weights that are kept for going back."""

LEAST_SHARED = 4
"""Examples from which a second process is worth the while."""


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

    ``l1`` and ``l2`` pull weights (not biases) towards zero: they add l1 · Σ|w| + ½ l2 · Σ w² to
    the loss, reported apart as ``decay_loss``. ``accumulate`` is how many calls of `step` give
    their gradients to one update. A ``schedule`` sets the learning rate before every update.

    ``workers`` 2 lets a second process compute half of every batch of 4 examples or more (see
    `nn.workers`): the same results, to rounding, sooner where there is a second core. End it with
    `close` or a ``with`` block; a program that uses it needs ``if __name__ == "__main__":``.

    All randomness comes from generators made from ``seed``, one for each purpose, so a seed
    repeats a run bit for bit on one machine.
    """

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer,
        seed: int = 0,
        *,
        l1: float = 0.0,
        l2: float = 0.0,
        accumulate: int = 1,
        schedule: Schedule | None = None,
        workers: int = 1,
    ) -> None:
        if accumulate < 1:
            raise ValueError(f"accumulate must be at least 1, got {accumulate}")
        if workers not in (1, 2):
            raise ValueError(f"workers must be 1 or 2, got {workers}")
        self.network = network
        self.optimizer = optimizer
        self.seed = seed
        self.schedule = schedule
        self.steps = 0
        shuffling, augmentation, dropout = np.random.SeedSequence(seed).spawn(3)
        self.shuffling = np.random.default_rng(shuffling)
        self.augmentation = np.random.default_rng(augmentation)
        self._dropout = np.random.default_rng(dropout)
        self.set_decay(l1, l2)
        self.accumulate = accumulate
        self.pending = 0
        """Steps whose gradients are gathered and wait for the others of their update."""
        self._sum = np.zeros_like(network.parameters)
        self._quiet = quiet_context()
        self._plans: dict[int, Plan] = {}
        self._plan: Plan | None = None
        self.workers = workers
        self._shares = workers == 2 and not any(layer.whole_batch for layer in network.layers)
        self._partner: Partner | None = None
        self._before = network.parameters.copy()
        self._good = network.parameters.copy()
        self._candidate = network.parameters.copy()

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer. Another one can take over at any time; the weights stay."""
        return self._optimizer

    @optimizer.setter
    def optimizer(self, optimizer: Optimizer) -> None:
        optimizer.bind(self.network.parameters, self.network.gradients)
        self._optimizer = optimizer

    def set_decay(self, l1: float, l2: float) -> None:
        """Change the decay from the next step on; ValueError unless finite and at least 0."""
        if not (isfinite(l1) and isfinite(l2) and l1 >= 0 and l2 >= 0):
            raise ValueError(f"l1 and l2 must be finite and at least 0, got {l1} and {l2}")
        self.l1, self.l2 = l1, l2
        self._decay = Decay(self.network, l1, l2) if l1 or l2 else None

    def rebind(self) -> None:
        """Bind the layers anew at the next step, after an option like dropout's probability
        was changed. Weights, optimizer and random numbers go on as they are.
        """
        self._plans.clear()
        self._plan = None

    @property
    def generators(self) -> dict[str, np.random.Generator]:
        """Where its random numbers come from, by what they are for."""
        return {
            "shuffling": self.shuffling,
            "augmentation": self.augmentation,
            "dropout": self._dropout,
        }

    def state(self) -> dict[str, Array]:
        """Return the arrays (P,) it keeps between steps beside the network's and the optimizer's:
        the sum of gathered gradients, and weights to go back to.
        """
        return {"sum": self._sum, "good": self._good, "candidate": self._candidate}

    # -- one step ---------------------------------------------------------------------------

    def step(self, x: Array, y: Array) -> StepResult:
        """Do one optimizer step on a batch.

        ``x`` (N, C, H, W) of the network's dtype; ``y`` (N,) integer labels, or (N, classes)
        float targets. Raises ValueError for a wrong shape, dtype or label, and for NaN or
        infinity in ``x`` or ``y``; the weights are untouched then.

        When the loss or the weights would become non-finite, ``diverged`` is True and the weights
        stay as they were before the step.
        """
        return self._quiet.run(self._step, x, y)

    def _step(self, x: Array, y: Array) -> StepResult:
        plan = self._plan
        if (
            plan is None
            or type(x) is not np.ndarray
            or x.shape != plan.input_shape
            or x.dtype != self.network.dtype
        ):
            plan = self._plan_for(x)
        count = x.shape[0]
        if type(y) is not np.ndarray or y.ndim == 0 or y.shape[0] != count:
            raise ValueError(
                f"y must be an array of {count} labels or targets, one for each example, "
                f"got {_told(y)}"
            )
        if self._shares and count >= LEAST_SHARED:
            loss, correct = self._run_shared(x, y)
        elif plan.batch_size == count:
            loss = plan.run_step(x, y, 1.0 / count) / count
            correct = plan.loss.correct()
        else:
            loss, correct = self._run_tiles(plan, x, y, 1.0 / count)
            loss /= count
        if not isfinite(loss):
            return self._refuse(x, loss, correct)
        if self.accumulate > 1 and not self._all_gathered():
            return StepResult(loss, correct, count, self.steps, False)
        decay_loss = 0.0 if self._decay is None else self._decay.add()
        if not self._update():
            return self._refuse(x, loss, correct)
        return StepResult(loss, correct, count, self.steps, False, decay_loss)

    def _update(self) -> bool:
        """Move the weights; True if they stayed finite, else they are as before."""
        parameters = self.network.parameters
        np.copyto(self._before, parameters)
        if self.schedule is not None:
            self._optimizer.lr = self.schedule.rate(self.steps)
        self._optimizer.step()
        if not isfinite(parameters.dot(parameters)):
            np.copyto(parameters, self._before)
            return False
        self.steps += 1
        if self.steps % GOOD_STATE_EVERY == 0:
            self._keep_good_state()
        return True

    def _all_gathered(self) -> bool:
        """Add this batch's gradients to the others; when all are there, leave their mean."""
        gradients = self.network.gradients
        np.add(self._sum, gradients, self._sum)
        self.pending += 1
        if self.pending < self.accumulate:
            return False
        np.multiply(self._sum, 1.0 / self.accumulate, gradients)
        self._sum.fill(0)
        self.pending = 0
        return True

    def _plan_for(self, x: Array) -> Plan:
        """Check ``x`` and return the plan for its batch size, or for one tile of a large batch."""
        self.network.check_batch(x)
        size = self.network.tile_for(len(x))
        self._plan = plan = self._plan_of(size)
        return plan

    def _plan_of(self, size: int) -> Plan:
        if size not in self._plans:
            if len(self._plans) >= 6:
                del self._plans[next(iter(self._plans))]
            self._plans[size] = self.network.plan(size, self._dropout)
        return self._plans[size]

    def _run_tiles(self, plan: Plan, x: Array, y: Array, scale: float) -> tuple[float, int]:
        """Run a batch tile by tile and leave the sum of the gradients, times ``scale``; return
        the loss summed over the batch, and how many were right.
        """
        gradients = self.network.gradients
        total = np.zeros_like(gradients)
        loss, correct = 0.0, 0
        for start in range(0, len(x), plan.batch_size):
            part = slice(start, start + plan.batch_size)
            tile = self._plan_of(len(x[part]))
            loss += tile.run_step(x[part], y[part], scale)
            correct += tile.loss.correct()
            total += gradients
        np.copyto(gradients, total)
        return loss, correct

    def _run_shared(self, x: Array, y: Array) -> tuple[float, int]:
        """Run one half of a batch here and the other in the second process."""
        from nn.workers import Partner  # multiprocessing is imported only where it is used

        half = (len(x) + 1) // 2
        if self._partner is None or self._partner.most < len(x) - half:
            self.close()
            self._partner = Partner(self.network, len(x) - half, self.seed)
        plan, scale = self._plan_of(self.network.tile_for(half)), 1.0 / len(x)
        plan.loss.check(y)
        try:
            self._partner.start(x[half:], y[half:], scale)
            loss, correct = self._run_tiles(plan, x[:half], y[:half], scale)
            their_loss, their_correct, gradients = self._partner.finish()
        except BaseException:  # Ctrl-C, say: leave no answer behind for the next question
            self.close()
            raise
        np.add(self.network.gradients, gradients, self.network.gradients)
        return (loss + their_loss) * scale, correct + their_correct

    def close(self) -> None:
        """End the second process, if there is one. Training can go on; it is started again."""
        if self._partner is not None:
            self._partner.close()
            self._partner = None

    def __enter__(self) -> "Trainer":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # -- when it goes wrong -----------------------------------------------------------------

    def _refuse(self, x: Array, loss: float, correct: int) -> StepResult:
        """Answer a step whose loss or weights were not finite; the weights have not moved."""
        self.reset_optimizer()
        if not np.isfinite(x).all():
            raise ValueError("x must hold finite numbers, got NaN or infinity")
        return StepResult(loss, correct, len(x), self.steps, True)

    def call_good(self) -> None:
        """Take the weights of now as good, for `restore_last_good`: to be called before a change
        that may go wrong, such as another learning rate.
        """
        np.copyto(self._good, self.network.parameters)
        np.copyto(self._candidate, self.network.parameters)

    def _keep_good_state(self) -> None:
        """Keep the weights of now; what was kept before has proved good for many steps since."""
        self._good, self._candidate = self._candidate, self._good
        np.copyto(self._candidate, self._before)

    @property
    def last_good(self) -> Array:
        """A copy (P,) of weights after which training went well for at least 16 steps more;
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
        self._optimizer.reset()
        self._sum.fill(0)
        self.pending = 0

    # -- whole data sets, and looking inside ------------------------------------------------

    def fit(self, x: Array, y: Array, options: FitOptions | None = None) -> Iterator[Event]:
        """Train on a data set, yielding events until it is finished (see `nn.fitting`).

        ``x`` (N, C, H, W), ``y`` (N,) integer labels. ``options.preparation`` turns stored
        pictures, for example uint8, into batches. Raises ValueError at once for a wrong length.
        """
        if len(x) != len(y) or len(x) == 0:
            raise ValueError(
                f"x and y must be equally long and not empty, got {len(x)} and {len(y)}"
            )
        return fit(self, x, y, FitOptions() if options is None else options)

    def inspect(self, x: Array, y: Array) -> Inspection:
        """Return what one example (1, C, H, W) causes in every layer and what comes back; nothing
        of the network changes. See `nn.inspection.Inspection`.
        """
        return inspect(self.network, x, y)


class Decay:
    """L1 and L2 decay of a network's weights; biases are spared."""

    def __init__(self, network: Network, l1: float, l2: float) -> None:
        self.network = network
        chosen = np.zeros_like(network.parameters)
        for _, spec, parameter in network.specs():
            chosen[parameter.offset : parameter.offset + spec.size] = spec.decays
        self._l1, self._l2 = l1 * chosen, l2 * chosen
        self._uses_l1 = l1 > 0
        self._scratch = np.zeros_like(chosen)

    def add(self) -> float:
        """Add l1 · sign(w) + l2 · w to the gradients; return l1 · Σ|w| + ½ l2 · Σ w²."""
        parameters, gradients, scratch = (
            self.network.parameters,
            self.network.gradients,
            self._scratch,
        )
        np.multiply(self._l2, parameters, scratch)
        np.add(gradients, scratch, gradients)
        loss = 0.5 * float(scratch.dot(parameters))
        if self._uses_l1:
            np.sign(parameters, scratch)
            np.multiply(scratch, self._l1, scratch)
            np.add(gradients, scratch, gradients)
            loss += float(scratch.dot(parameters))
        return loss


def _told(y: object) -> str:
    """Return what ``y`` is, for an error."""
    if isinstance(y, np.ndarray):
        return f"{y.dtype} of shape {y.shape}"
    return f"{type(y).__name__} {y!r:.40}"
