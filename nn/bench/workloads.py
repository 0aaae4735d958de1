"""What the engine's benchmark runs: four networks, each with its optimizer and batch sizes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn import optimizers, presets
from nn.network import Network
from nn.training import Trainer

Run = Callable[[], object]


@dataclass(frozen=True)
class Workload:
    """One line of the table.

    ``batch`` examples are learned at once; with ``gather`` they come one at a time and the
    weights move after every ``gather``. With ``predict`` one picture is only looked at.
    ``wanted`` and ``hoped`` are the ratios to reach, against torch on one thread and ConvNetJS.
    """

    name: str
    preset: str
    batch: int
    optimizer: str
    wanted: tuple[float, float]
    hoped: tuple[float, float]
    gather: int = 1
    predict: bool = False

    @property
    def line(self) -> str:
        """What the table calls it."""
        if self.predict:
            return f"{self.name} {self.preset}, one prediction"
        way = (
            f"one at a time, update every {self.gather}"
            if self.gather > 1
            else (f"batch {self.batch}")
        )
        return f"{self.name} {self.preset}, {self.optimizer}, {way}"


WORKLOADS = (
    Workload("W1", "sketch", 1, "sgd", (25, 1.0), (40, 1.7)),
    Workload("W2", "badger", 1, "sgd", (5, 30), (6.5, 40)),
    Workload("W2", "badger", 1, "sgd", (4, 30), (5.5, 40), predict=True),
    Workload("W2", "badger", 32, "sgd", (1.5, 60), (2.9, 110)),
    Workload("W3", "mnist", 1, "adadelta", (5, 30), (6.5, 36), gather=20),
    Workload("W3", "mnist", 20, "adadelta", (1.5, 60), (2.9, 120)),
    Workload("W3", "mnist", 64, "adadelta", (1.1, 65), (2.0, 120)),
    Workload("W3", "mnist", 128, "adadelta", (1.1, 65), (2.0, 120)),
    Workload("W4", "cifar", 4, "adadelta", (1.3, 55), (2.1, 90)),
    Workload("W4", "cifar", 64, "adadelta", (0.8, 55), (1.5, 120)),
)

LEARNING_RATE = 0.01
"""Of SGD; Adadelta has 1.0."""


def make_optimizer(kind: str) -> optimizers.Optimizer:
    """Return the workload's optimizer."""
    return optimizers.SGD(LEARNING_RATE) if kind == "sgd" else optimizers.Adadelta()


def example(network: Network, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a batch of noise with labels, the same every time."""
    rng = np.random.default_rng(0)
    x = rng.random((batch, *network.input_shape), dtype=np.float32)
    return x, rng.integers(0, network.output_shape[0], batch)


def make_run(workload: Workload, workers: int = 1) -> Run:
    """Return a function that does one step (or prediction) of the workload with this engine."""
    network = presets.build(workload.preset)
    x, y = example(network, workload.batch)
    if workload.predict:
        return lambda: network.predict(x)
    trainer = Trainer(
        network, make_optimizer(workload.optimizer), accumulate=workload.gather, workers=workers
    )
    return lambda: trainer.step(x, y)
