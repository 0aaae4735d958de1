"""The engine against torch on networks drawn at random: forward, every gradient, the steps."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from nn.network import Network
from tests.test_nn.test_gradients import chains
from tests.test_nn.torch_twin import TorchTwin, torch

TEXTS = {
    "dense": "input 6x6x1\nflatten\ndense 12 sigmoid\ndense 4 sigmoid\nloss squared_error",
    "convolutions": """
        input 13x11x3
        conv 5x3 x4 pad 2x1 stride 2x1 tanh
        pool 2
        conv 3x3 x5 pad 1 relu
        pool 3 pad 1x2 stride 1
        flatten
        dense 7 leaky_relu 0.2
        dense 4
        loss softmax""",
    "every layer": """
        input 12x14x4
        conv 3x3 x6 pad 2 stride 2
        batchnorm
        relu
        lrn 4 alpha 0.4 beta 0.6
        maxout 2
        avgpool 2 stride 1
        pool 3x2 stride 2
        flatten
        dense 9
        batchnorm
        maxout 3
        dense 4
        softmax
        dense 4
        loss hinge""",
}
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}


def example(network: Network, batch: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(batch, *network.input_shape)).astype(np.float32)
    return x, rng.integers(0, network.output_shape[0], batch)


@pytest.mark.parametrize("batch", [2, 5])
@pytest.mark.parametrize("name", TEXTS)
def test_outputs_loss_and_every_gradient_equal_torch(name: str, batch: int) -> None:
    network = Network.from_text(TEXTS[name], seed=3)
    x, y = example(network, batch)
    twin = TorchTwin(network)
    looked = twin.outputs(x, training=False).detach().numpy()
    loss = twin.loss(x, y)
    loss.backward()
    np.testing.assert_allclose(network.outputs(x), looked, **TOLERANCE)
    result = nn.Trainer(network, nn.optimizers.SGD(lr=0.0)).step(x, y)
    assert result.loss == pytest.approx(loss.item(), abs=1e-5)
    for parameter, leaf in twin.leaves:
        np.testing.assert_allclose(parameter.grad, leaf.grad.numpy(), **TOLERANCE)


@pytest.mark.parametrize("batch", [1, 5])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("name", ["dense", "convolutions"])
def test_sgd_steps_equal_torch(name: str, momentum: float, batch: int) -> None:
    network = Network.from_text(TEXTS[name], seed=1)
    twin = TorchTwin(network)
    trainer = nn.Trainer(network, nn.optimizers.SGD(lr=0.1, momentum=momentum))
    peer: Any = torch.optim.SGD(twin.tensors(), lr=0.1, momentum=momentum)
    for step in range(3):
        x, y = example(network, batch, seed=step)
        trainer.step(x, y)
        peer.zero_grad()
        twin.loss(x, y).backward()
        peer.step()
    for parameter, leaf in twin.leaves:
        np.testing.assert_allclose(parameter.data, leaf.detach().numpy(), **TOLERANCE)


def test_the_gradient_of_the_picture_equals_torch() -> None:
    network = Network.from_text(TEXTS["convolutions"], seed=3)
    x, y = example(network, 3)
    twin = TorchTwin(network)
    picture = torch.tensor(x, requires_grad=True)
    torch.nn.functional.cross_entropy(twin.outputs(picture), torch.tensor(y)).backward()
    plan = network.plan(3, np.random.default_rng(0), input_gradient=True)
    plan.run_step(x, y, 1 / 3)
    np.testing.assert_allclose(plan.input_grad, picture.grad.numpy(), **TOLERANCE)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(chains(), st.integers(2, 5), st.integers(0, 1000))
def test_ten_steps_of_a_random_network_equal_torch(text: str, batch: int, seed: int) -> None:
    """Chains at random, all but dropout, whose random numbers are torch's own."""
    try:
        network = Network.from_text(without_dropout(text), seed=seed)
    except ValueError:
        return  # layers that do not fit on each other
    twin = TorchTwin(network)
    trainer = nn.Trainer(network, nn.optimizers.SGD(lr=0.02, momentum=0.5))
    peer: Any = torch.optim.SGD(twin.tensors(), lr=0.02, momentum=0.5)
    for step in range(10):
        x, y = example(network, batch, seed + step)
        loss = twin.loss(x, y)
        peer.zero_grad()
        loss.backward()
        result = trainer.step(x, y)
        assert result.loss == pytest.approx(loss.item(), rel=1e-4, abs=1e-4)
        if step == 0:
            for parameter, leaf in twin.leaves:
                np.testing.assert_allclose(parameter.grad, leaf.grad.numpy(), **TOLERANCE)
        peer.step()
    for parameter, leaf in twin.leaves:
        np.testing.assert_allclose(parameter.data, leaf.detach().numpy(), **TOLERANCE)
    assert trainer.steps == 10


def without_dropout(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("dropout"))
