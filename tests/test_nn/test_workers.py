"""A trainer with a second process: the same results, and no process left behind."""

import gc
import multiprocessing
import os
import signal
import time

import numpy as np
import pytest

import nn
from nn.network import Network
from nn.training import Trainer

TEXT = "input 6x6x2\nconv 3x3 x4 pad 1 relu\npool 2\nflatten\ndense 3\nloss softmax"


def data(count: int, network: Network) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.random((count, *network.input_shape)).astype(network.dtype)
    return x, rng.integers(0, network.output_shape[0], count)


def partners() -> list[str]:
    return [child.name for child in multiprocessing.active_children()]


@pytest.mark.parametrize("count", [4, 9, 70])
def test_two_processes_give_the_results_of_one(count: int) -> None:
    alone, shared = (Network.from_text(TEXT, seed=1, dtype=np.float64) for _ in range(2))
    one = Trainer(alone, nn.optimizers.SGD(0.5, momentum=0.9), l2=0.01)
    with Trainer(shared, nn.optimizers.SGD(0.5, momentum=0.9), l2=0.01, workers=2) as two:
        x, y = data(count, alone)
        targets = np.eye(3)[y]
        for wanted in (y, targets, y.astype(np.int8)):
            first, second = one.step(x, wanted), two.step(x, wanted)
            assert first.loss == pytest.approx(second.loss, abs=1e-12)
            assert first.correct == second.correct
            np.testing.assert_allclose(alone.gradients, shared.gradients, atol=1e-14)
        np.testing.assert_allclose(alone.parameters, shared.parameters, atol=1e-13)
        assert partners() == ["nn partner"]
    assert partners() == []


def test_single_steps_and_batch_normalisation_start_no_process() -> None:
    for text in (TEXT, TEXT.replace("pool 2", "batchnorm\npool 2")):
        network = Network.from_text(text)
        with Trainer(network, nn.optimizers.SGD(), workers=2) as trainer:
            trainer.step(*data(9 if "batchnorm" in text else 3, network))
            assert partners() == []


def test_the_process_ends_with_its_trainer_and_starts_again_when_needed() -> None:
    network = Network.from_text(TEXT)
    trainer = Trainer(network, nn.optimizers.SGD(), workers=2)
    trainer.step(*data(8, network))
    trainer.close()
    assert partners() == []
    trainer.step(*data(20, network))
    trainer.step(*data(40, network))  # more than the first one has room for
    assert partners() == ["nn partner"]
    del trainer
    gc.collect()
    assert partners() == []


def test_a_wrong_label_is_refused_before_anything_is_shared() -> None:
    network = Network.from_text(TEXT)
    with Trainer(network, nn.optimizers.SGD(), workers=2) as trainer:
        x, y = data(8, network)
        y[7] = 3
        for _ in range(2):
            with pytest.raises(ValueError, match="labels must be 0 to 2 for 3 classes, got 3"):
                trainer.step(x, y)
        y[7] = 2
        assert not trainer.step(x, y).diverged


def test_a_process_that_dies_is_told_and_replaced() -> None:
    network = Network.from_text(TEXT)
    with Trainer(network, nn.optimizers.SGD(), workers=2) as trainer:
        x, y = data(8, network)
        trainer.step(x, y)
        (child,) = multiprocessing.active_children()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        before = network.parameters.copy()
        with pytest.raises(RuntimeError, match="second process of the trainer ended"):
            trainer.step(x, y)
        np.testing.assert_array_equal(network.parameters, before)
        assert not trainer.step(x, y).diverged


def test_a_partner_whose_parent_is_gone_ends_by_itself() -> None:
    script = (
        "import os, nn, numpy as np\n"
        "if __name__ == '__main__':\n"
        f"    net = nn.Network.from_text({TEXT!r})\n"
        "    trainer = nn.Trainer(net, nn.optimizers.SGD(), workers=2)\n"
        "    trainer.step(np.zeros((8, 2, 6, 6), np.float32), np.zeros(8, int))\n"
        "    import multiprocessing\n"
        "    print(multiprocessing.active_children()[0].pid, flush=True)\n"
        "    os._exit(0)\n"
    )
    import subprocess
    import sys
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(script)
        file.flush()
        found = subprocess.run(
            [sys.executable, file.name],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
            timeout=60,
        )
    pid = int(found.stdout)
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        with open(f"/proc/{pid}/stat") as stat:
            if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                return  # ended; nobody has collected it yet
        time.sleep(0.1)
    raise AssertionError("the process still runs")


def test_workers_are_one_or_two() -> None:
    with pytest.raises(ValueError, match="workers must be 1 or 2, got 3"):
        Trainer(Network.from_text(TEXT), nn.optimizers.SGD(), workers=3)
