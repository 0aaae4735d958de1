"""Optimizers: golden traces by the papers' formulas, and torch where it has them."""

from collections.abc import Callable, Iterator
from math import cos, pi, sqrt
from typing import Any

import numpy as np
import pytest

from nn import schedules
from nn.network import Network
from nn.optimizers import (
    OPTIMIZERS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Nesterov,
    Optimizer,
    RMSProp,
    WindowedAdagrad,
)
from nn.training import Trainer

Rule = Callable[[float, float, dict[str, float], int], float]
"""From w, g, what is remembered, and the step from 1: the next w."""


def sgd(w: float, g: float, m: dict[str, float], t: int) -> float:
    m["v"] = 0.9 * m.get("v", 0.0) + g
    return w - 0.1 * m["v"]


def nesterov(w: float, g: float, m: dict[str, float], t: int) -> float:
    m["v"] = 0.9 * m.get("v", 0.0) + g
    return w - 0.1 * (g + 0.9 * m["v"])


def adagrad(w: float, g: float, m: dict[str, float], t: int) -> float:
    m["a"] = m.get("a", 0.0) + g * g
    return w - 0.1 * g / (sqrt(m["a"]) + 1e-10)


def windowed_adagrad(w: float, g: float, m: dict[str, float], t: int) -> float:
    m["a"] = 0.95 * m.get("a", 0.0) + 0.05 * g * g
    return w - 0.1 * g / sqrt(m["a"] + 1e-8)


def rmsprop(w: float, g: float, m: dict[str, float], t: int) -> float:
    m["a"] = 0.99 * m.get("a", 0.0) + 0.01 * g * g
    return w - 0.1 * g / (sqrt(m["a"]) + 1e-8)


def adadelta(w: float, g: float, m: dict[str, float], t: int) -> float:
    m["a"] = 0.95 * m.get("a", 0.0) + 0.05 * g * g
    move = g * sqrt(m.get("d", 0.0) + 1e-6) / sqrt(m["a"] + 1e-6)
    m["d"] = 0.95 * m.get("d", 0.0) + 0.05 * move * move
    return w - 0.5 * move


def adam(w: float, g: float, m: dict[str, float], t: int) -> float:
    m["m"] = 0.9 * m.get("m", 0.0) + 0.1 * g
    m["v"] = 0.999 * m.get("v", 0.0) + 0.001 * g * g
    mean, square = m["m"] / (1 - 0.9**t), m["v"] / (1 - 0.999**t)
    return w - 0.1 * mean / (sqrt(square) + 1e-8)


def adamw(w: float, g: float, m: dict[str, float], t: int) -> float:
    return adam(w - 0.1 * 0.05 * w, g, m, t)


RULES: list[tuple[Optimizer, Rule]] = [
    (SGD(0.1, momentum=0.9), sgd),
    (Nesterov(0.1), nesterov),
    (Adagrad(0.1), adagrad),
    (WindowedAdagrad(0.1), windowed_adagrad),
    (RMSProp(0.1), rmsprop),
    (Adadelta(0.5), adadelta),
    (Adam(0.1), adam),
    (AdamW(0.1, weight_decay=0.05), adamw),
]


def gradients(count: int) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(0)
    for _ in range(count):
        yield rng.normal(size=4) * [1.0, 0.01, 100.0, 0.0]


@pytest.mark.parametrize(("optimizer", "rule"), RULES, ids=lambda v: getattr(v, "kind", ""))
def test_a_golden_trace_by_the_papers_formula(optimizer: Optimizer, rule: Rule) -> None:
    w, g = np.array([1.0, -2.0, 0.5, 3.0]), np.zeros(4)
    optimizer.bind(w, g)
    expected, memory = list(w), [{} for _ in w]
    for step, grad in enumerate(gradients(10), 1):
        g[...] = grad
        optimizer.step()
        expected = [
            rule(old, slope, kept, step)
            for old, slope, kept in zip(expected, grad, memory, strict=True)
        ]
        np.testing.assert_allclose(w, expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(g, grad)


@pytest.mark.parametrize(("optimizer", "rule"), RULES, ids=lambda v: getattr(v, "kind", ""))
def test_reset_forgets_everything_but_the_weights(optimizer: Optimizer, rule: Rule) -> None:
    w, g = np.ones(4), np.ones(4)
    optimizer.bind(w, g)
    optimizer.step()
    first = w.copy()
    optimizer.step()
    optimizer.reset()
    w[...] = 1
    optimizer.step()
    np.testing.assert_array_equal(w, first)


TORCH: list[tuple[Optimizer, str, dict[str, Any]]] = [
    (SGD(0.1), "SGD", {"lr": 0.1}),
    (SGD(0.05, momentum=0.9), "SGD", {"lr": 0.05, "momentum": 0.9}),
    (Nesterov(0.05), "SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    (Adagrad(), "Adagrad", {}),
    (RMSProp(0.001), "RMSprop", {"lr": 0.001}),
    (Adadelta(), "Adadelta", {"rho": 0.95}),
    (Adam(), "Adam", {}),
    (AdamW(), "AdamW", {}),
]


@pytest.mark.parametrize(("optimizer", "name", "options"), TORCH)
def test_ten_steps_of_a_network_equal_torch(
    optimizer: Optimizer, name: str, options: dict[str, Any]
) -> None:
    from tests.test_nn.torch_twin import TorchTwin, torch

    text = "input 8x9x2\nconv 3x3 x4 pad 1 tanh\navgpool 2\nflatten\ndense 6 sigmoid\ndense 3"
    network = Network.from_text(f"{text}\nloss softmax", seed=2)
    twin = TorchTwin(network)
    trainer = Trainer(network, optimizer)
    peer = getattr(torch.optim, name)(twin.tensors(), **options)
    rng = np.random.default_rng(0)
    for _ in range(10):
        x = rng.normal(size=(6, *network.input_shape)).astype(np.float32)
        y = rng.integers(0, 3, 6)
        trainer.step(x, y)
        peer.zero_grad()
        twin.loss(x, y).backward()
        peer.step()
    for parameter, leaf in twin.leaves:
        np.testing.assert_allclose(parameter.data, leaf.detach().numpy(), rtol=1e-5, atol=1e-5)


def test_the_defaults_are_the_ones_the_docs_tell() -> None:
    told = {name: rule().config() for name, rule in OPTIMIZERS.items()}
    assert told["adadelta"] == {"lr": 1.0, "rho": 0.95, "eps": 1e-6}
    assert told["adam"] == {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert told["sgd"] == {"lr": 0.01, "momentum": 0.0}
    for name, rule in OPTIMIZERS.items():
        assert repr(rule(**told[name])) == repr(rule())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(lr=-1.0), "lr must be a finite number of at least 0, got -1.0"),
        (lambda: SGD(lr=float("nan")), "lr must be a finite number of at least 0, got nan"),
        (lambda: SGD(lr=float("inf")), "got inf"),
        (lambda: SGD(lr="fast"), "lr must be a number, got 'fast'"),
        (lambda: SGD(momentum=1.0), "momentum must be at least 0 and below 1, got 1.0"),
        (lambda: Adam(beta2=1.5), "beta2 must be at least 0 and below 1, got 1.5"),
        (lambda: Adadelta(rho=-0.1), "rho must be at least 0"),
        (lambda: AdamW(weight_decay=-1), "weight_decay must be a finite number"),
    ],
)
def test_a_number_out_of_range_is_refused(make: Callable[[], Optimizer], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_refused_learning_rate_leaves_the_old_one() -> None:
    optimizer = SGD(0.3)
    with pytest.raises(ValueError, match="got -1"):
        optimizer.lr = -1
    assert optimizer.lr == 0.3


def test_schedules_by_hand() -> None:
    assert schedules.Constant(0.2).rate(1000) == 0.2
    falling = schedules.StepDecay(1.0, every=10)
    assert [falling.rate(s) for s in (0, 9, 10, 20)] == pytest.approx([1, 1, 0.1, 0.01])
    wave = schedules.Cosine(1.0, steps=100, lowest=0.2)
    assert wave.rate(0) == pytest.approx(1.0)
    assert wave.rate(25) == pytest.approx(0.2 + 0.4 * (1 + cos(pi / 4)))
    assert wave.rate(100) == wave.rate(1000) == pytest.approx(0.2)
    warm = schedules.WarmUp(4, wave)
    assert warm.rate(0) == pytest.approx(0.25)
    assert warm.rate(3) == pytest.approx(wave.rate(3))
    for make in (
        lambda: schedules.Constant(0),
        lambda: schedules.StepDecay(1, 0),
        lambda: schedules.Cosine(1, 5, 2),
        lambda: schedules.WarmUp(0, wave),
    ):
        with pytest.raises(ValueError, match=r"got (0|2)"):
            make()
