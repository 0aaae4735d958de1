"""The workloads in torch, eager, for the benchmark. Importing this needs torch."""

from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from nn import presets
from nn.bench.workloads import LEARNING_RATE, Run, Workload, example
from nn.data.augment import Augment
from nn.data.datasets import Dataset
from nn.layers import Layer

if TYPE_CHECKING:
    from nn.bench.mnist_epoch import Epoch, Plan


def make_run(workload: Workload, foreach: bool) -> Run:
    """Return a function that does one step (or prediction) of the workload with torch.

    ``foreach`` chooses between torch's two ways to run an optimizer on the CPU.
    """
    network = presets.build(workload.preset)
    model = torch.nn.Sequential(*(_module(layer) for layer in network.layers))
    numpy_x, numpy_y = example(network, workload.batch)
    if workload.predict:
        return _predicting(model, numpy_x)
    classes = network.output_shape[0]
    optimizer: Any
    if workload.optimizer == "sgd":
        optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, foreach=foreach)
    else:
        optimizer = torch.optim.Adadelta(model.parameters(), rho=0.95, foreach=foreach)
    loss_of = _LOSSES[network.loss.kind]
    calls = 0

    def step() -> tuple[float, int]:
        nonlocal calls
        x, y = torch.from_numpy(numpy_x), torch.from_numpy(numpy_y)
        outputs = model(x)
        loss = loss_of(outputs, y, classes)
        loss.backward()
        calls += 1
        if calls % workload.gather == 0:
            optimizer.step()
            optimizer.zero_grad()
        return loss.item(), (outputs.argmax(1) == y).sum().item()

    return step


def _predicting(model: Any, numpy_x: Any) -> Run:
    def predict() -> object:
        with torch.inference_mode():
            return torch.softmax(model(torch.from_numpy(numpy_x)), 1).numpy()

    return predict


def _cross_entropy(outputs: Any, y: Any, classes: int) -> Any:
    return torch.nn.functional.cross_entropy(outputs, y)


def _squared_error(outputs: Any, y: Any, classes: int) -> Any:
    return 0.5 * ((outputs - torch.nn.functional.one_hot(y, classes)) ** 2).sum(1).mean()


_LOSSES = {"softmax": _cross_entropy, "squared_error": _squared_error}


def mnist_epoch(data: Dataset, seed: int, plan: "Plan") -> "Epoch":
    """Train an epoch of MNIST on one thread; yields the seconds of slices, returns the accuracy."""
    set_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model: Any = torch.nn.Sequential(*(_module(layer) for layer in presets.build("mnist").layers))
    weights = [p for p in model.parameters() if p.ndim > 1]
    biases = [p for p in model.parameters() if p.ndim == 1]
    groups: list[dict[str, Any]] = [{"params": weights, "weight_decay": plan.l2}]
    groups.append({"params": biases})
    optimizer = torch.optim.Adadelta(groups, rho=0.95, foreach=True)
    prepared = Augment(crop=plan.crop)
    order = rng.permutation(len(data))
    whole = plan.batch * plan.steps
    for first in range(0, len(data), whole):
        set_threads(1)
        started = perf_counter()
        for start in range(first, min(first + whole, len(data)), plan.batch):
            chosen = order[start : start + plan.batch]
            x = torch.from_numpy(prepared.train(data.images[chosen], rng))
            y = torch.from_numpy(data.labels[chosen])
            loss: Any = torch.nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        yield perf_counter() - started
    assert data.test is not None
    with torch.inference_mode():
        seen = model(torch.from_numpy(prepared.look(data.test.images))).argmax(1).numpy()
    return float((seen == data.test.labels).mean())


def set_threads(count: int) -> None:
    """Let torch use ``count`` threads from now on."""
    torch.set_num_threads(count)


def _module(layer: Layer) -> Any:
    options = layer.config()
    if layer.kind == "dense":
        return torch.nn.Linear(layer.input_shape[0], options["units"])
    if layer.kind == "conv":
        return torch.nn.Conv2d(
            layer.input_shape[0],
            options["filters"],
            options["kernel_size"],
            options["stride"],
            options["padding"],
        )
    if layer.kind == "maxpool":
        return torch.nn.MaxPool2d(options["kernel_size"], options["stride"], options["padding"])
    simple: dict[str, Any] = {
        "relu": torch.nn.ReLU,
        "sigmoid": torch.nn.Sigmoid,
        "flatten": torch.nn.Flatten,
    }
    return simple[layer.kind]()
