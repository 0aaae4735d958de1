"""The perceptron's lesson, update by update, forwards and backwards. Qt-free."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import nn
import nn.perceptron
from gui import kept
from gui.kept import Parts
from nn.field import Field, grid
from nn.typing import Array

HIDDEN = "input 1x1x2\nflatten\ndense 4 tanh\ndense 1 sigmoid\nloss squared_error"
HIDDEN_LR = 1.0
LR = 0.5
MOST_LR = 1000.0
KEPT = 20_000  # updates that can be gone back through
SURE = 0.3  # how far a soft answer may be from the wanted one to count as learned


@dataclass(frozen=True)
class Update:
    """One update: the example, what was said, and the weights before and after it."""

    index: int
    x: tuple[float, float]
    target: float
    z: float
    output: float
    before: Array
    after: Array

    @property
    def error(self) -> float:
        """Wanted minus said."""
        return self.target - self.output

    @property
    def change(self) -> Array:
        """What was added to the weights, (P,)."""
        return np.asarray(self.after - self.before)


@dataclass(frozen=True)
class Told:
    """What a session file says of a lesson beside its updates."""

    gate: str
    seed: int
    hidden: bool
    lr: float
    position: int


class PerceptronLesson:
    """One neuron, or four hidden ones before it, and a truth table to learn."""

    def __init__(self, gate: str = "AND", seed: int = 0) -> None:
        self.gate, self.seed, self.hidden, self.lr = gate, seed, False, LR
        self.changes = 0  # how often anything was made another
        self._build()

    def _build(self) -> None:
        self.x, self.targets = nn.perceptron.gate(self.gate)
        if self.hidden:
            self.network = nn.Network.from_text(HIDDEN, self.seed, ["true"])
        else:
            self.network = nn.perceptron.build(self.seed)
        self.updates: list[Update] = []
        self.position = 0
        self._field: Field | None = None
        self._renew()

    def _renew(self) -> None:
        self.changes += 1
        self._trainer = nn.Trainer(self.network, nn.optimizers.SGD(lr=self.lr))

    # -- choices -----------------------------------------------------------------------------

    def choose(self, gate: str) -> None:
        """Another truth table, with one neuron again."""
        self.gate, self.hidden, self.lr = gate, False, LR
        self._build()

    def add_hidden(self, on: bool = True) -> None:
        """Put a layer of hidden neurons before the one, or take it away; weights are new."""
        self.hidden, self.lr = on, HIDDEN_LR if on else LR
        self._build()

    def reset(self, seed: int) -> None:
        """Begin again with the weights of a seed."""
        self.seed = seed
        self._build()

    def set_lr(self, lr: float) -> None:
        """Another learning rate from the next new update on; what would follow is forgotten."""
        self.lr = lr
        del self.updates[self.position :]
        self._renew()

    # -- forwards and backwards --------------------------------------------------------------

    def step(self) -> Update:
        """Go one update on: again the one that was gone back over, or a new one."""
        if self.position < len(self.updates):
            self.go_to(self.position + 1)
            return self.updates[self.position - 1]
        index = 0 if self.last is None else (self.last.index + 1) % len(self.targets)
        x = self.x[index : index + 1]
        z = float(self.network.outputs(x)[0, 0])
        said = float(self.network.predict(x)[0, 0])
        before = self.network.parameters.copy()
        result = self._trainer.step(x, self.targets[index : index + 1])
        if result.diverged:
            raise ValueError("The weights grew past all bounds: choose a smaller learning rate.")
        after = self.network.parameters.copy()
        place = (float(x[0, 0, 0, 0]), float(x[0, 1, 0, 0]))
        made = Update(index, place, float(self.targets[index, 0]), z, said, before, after)
        if len(self.updates) < KEPT:
            self.updates.append(made)
        else:
            self.updates = [*self.updates[1:], made]
        self.position = len(self.updates)
        self.changes += 1
        return made

    def back(self) -> bool:
        """Undo the last update; False at the beginning."""
        if not self.position:
            return False
        self.go_to(self.position - 1)
        return True

    def go_to(self, position: int) -> None:
        """Be as after so many of the updates."""
        position = min(max(position, 0), len(self.updates))
        if self.updates:
            at = self.updates[position - 1].after if position else self.updates[0].before
            self.network.parameters[...] = at
        self.position = position
        self.changes += 1

    # -- what a session file keeps -----------------------------------------------------------

    def state(self) -> Callable[[], Parts]:
        """What must be of this moment; what is returned makes the parts of it."""
        told = Told(self.gate, self.seed, self.hidden, self.lr, self.position)
        updates, now = self.updates.copy(), self.network.parameters.copy()

        def parts() -> Parts:
            # the weights after an update are those before the next
            weights = [*(update.before for update in updates), *(u.after for u in updates[-1:])]
            arrays = {
                "weights": np.stack(weights or [now]),
                "index": np.array([update.index for update in updates], np.int64),
                "z": np.array([update.z for update in updates], np.float64),
                "output": np.array([update.output for update in updates], np.float64),
            }
            return {"lesson.json": kept.told(told), "updates.npz": arrays}

        return parts

    @classmethod
    def read(cls, parts: Parts) -> "PerceptronLesson":
        """The lesson that `state` told of; ValueError, one sentence, for what does not fit."""
        told = kept.record(parts, "lesson.json", Told)
        with kept.naming("lesson.json"):
            if told.gate not in nn.perceptron.GATES or told.seed < 0 or not 0 < told.lr <= MOST_LR:
                raise ValueError(f"there is no lesson like {told}")
        made = cls(told.gate, told.seed)
        made.hidden, made.lr = told.hidden, told.lr
        made._build()
        size = made.network.parameters.size
        weights = kept.array(parts, "updates.npz", "weights", np.float32, (None, size))
        count = len(weights) - 1
        index = kept.array(parts, "updates.npz", "index", np.int64, (count,))
        z = kept.array(parts, "updates.npz", "z", np.float64, (count,))
        output = kept.array(parts, "updates.npz", "output", np.float64, (count,))
        with kept.naming("updates.npz"):
            if not 0 <= told.position <= count <= KEPT or not np.isin(index, range(4)).all():
                raise ValueError("the updates do not belong together")
        places = [(float(x), float(y)) for x, y in made.x[:, :, 0, 0]]
        made.updates = [
            Update(i, places[i], float(made.targets[i, 0]), z, output, before, after)
            for i, z, output, before, after in zip(
                index.tolist(), z.tolist(), output.tolist(), weights, weights[1:], strict=False
            )
        ]
        made.network.parameters[...] = weights[told.position]
        made.position = told.position
        return made

    # -- what is there to see ----------------------------------------------------------------

    @property
    def last(self) -> Update | None:
        """The update that led here."""
        return self.updates[self.position - 1] if self.position else None

    def answers(self) -> Array:
        """What the network says to every example, (N,)."""
        return np.asarray(self.network.predict(self.x)[:, 0])

    def right(self) -> Array:
        """Which examples it has right, (N,) bool."""
        return np.asarray((self.answers() > 0.5) == (self.targets[:, 0] > 0.5))

    @property
    def is_solved(self) -> bool:
        """True when all are right; a soft answer must be sure too."""
        if self.hidden:
            return bool((np.abs(self.answers() - self.targets[:, 0]) < SURE).all())
        return bool(self.right().all())

    def lines(self, parameters: Array | None = None) -> Array:
        """Weights and bias (neurons, 3) of the first layer: each neuron's line is where
        w · x + b = 0."""
        neurons = self.network.layers[1].output_shape[0]
        flat = self.network.parameters if parameters is None else parameters
        weight, bias = flat[: 2 * neurons].reshape(neurons, 2), flat[2 * neurons : 3 * neurons]
        return np.column_stack([weight, bias])

    def scores(self, size: int, reach: float) -> Array:
        """The answer all over the plane as scores (2, size²) of true and false."""
        if self._field is None or self._field.network is not self.network:
            self._field = Field(self.network, grid(size, reach))
        answer = self._field.run()[0]
        true = (answer > 0).astype(np.float32) if not self.hidden else np.clip(answer, 0, 1)
        return np.stack([true, 1 - true])


def ends_of(line: Array, reach: float) -> tuple[float, float, float, float] | None:
    """The two ends of w · x + b = 0 far outside a plane, or None where there is no line."""
    weight, bias = line[:2].astype(np.float64), float(line[2])
    length = float(np.hypot(*weight))
    if length < 1e-6:
        return None
    foot = -bias * weight / length**2
    along = np.array([-weight[1], weight[0]]) / length * 4 * reach
    if float(np.hypot(*foot)) > 50 * reach:
        return None
    a, b = foot - along, foot + along
    return float(a[0]), float(a[1]), float(b[0]), float(b[1])
