"""A second process that computes half of every batch, over shared memory.

Python runs one thread at a time, so a second core needs a second process. The partner holds a
twin of the network. For each batch it gets the weights and its half of the examples, and gives
back the sum of its gradients: a few copies of some kilobytes, two semaphores, no pickling.
"""

import multiprocessing
import weakref
from multiprocessing.context import SpawnProcess
from typing import Any

import numpy as np

from nn.functional import quiet_context
from nn.network import Network
from nn.plan import Plan
from nn.typing import Array

PATIENCE = 0.5
"""Seconds between two looks whether the other process still lives."""


class Partner:
    """A process that computes gradients of `network` for batches of at most ``most`` examples.

    Call `start` with a batch, do something else, then `finish`. Weights are those of ``network``
    at `start`. `close` ends the process; so does the end of the program.
    """

    def __init__(self, network: Network, most: int, seed: int) -> None:
        self.network = network
        self.most = most
        context = multiprocessing.get_context("spawn")
        code = network.dtype.char
        classes = network.output_shape[0]
        sizes = {
            "parameters": network.parameters.size,
            "gradients": network.gradients.size,
            "x": most * int(np.prod(network.input_shape)),
            "y": most * classes,
            "told": 4,  # examples, whether y is labels, then back: loss, right ones
        }
        shared = {
            name: context.RawArray("d" if name in ("y", "told") else code, max(size, 1))
            for name, size in sizes.items()
        }
        self._arrays = _views(shared, network)
        self._go, self._done = context.Semaphore(0), context.Semaphore(0)
        self._process = context.Process(
            target=_serve,
            args=(network.to_text(), code, shared, self._go, self._done, seed, most),
            name="nn partner",
            daemon=True,
        )
        self._process.start()
        self.close = weakref.finalize(self, _end, self._process, self._arrays["told"], self._go)

    def start(self, x: Array, y: Array, scale: float) -> None:
        """Hand over examples ``x`` (n, C, H, W) with labels or targets ``y``, both checked."""
        arrays, count = self._arrays, len(x)
        np.copyto(arrays["parameters"], self.network.parameters)
        np.copyto(arrays["x"][:count], x)
        if y.ndim == 1:
            arrays["y"][:count, 0] = y
        else:
            arrays["y"][:count] = y
        arrays["told"][:] = count, y.ndim, scale, 0
        self._go.release()

    def finish(self) -> tuple[float, int, Array]:
        """Wait for the partner; return the loss summed over its examples, how many were right,
        and its gradients (P,), valid until the next `start`. RuntimeError if it has died.
        """
        while not self._done.acquire(timeout=PATIENCE):
            if not self._process.is_alive():
                raise RuntimeError(
                    f"the second process of the trainer ended with code {self._process.exitcode}"
                )
        told = self._arrays["told"]
        return float(told[2]), int(told[3]), self._arrays["gradients"]


def _views(shared: dict[str, Any], network: Network) -> dict[str, Array]:
    """Return the shared memory as arrays."""
    flat = {
        name: np.frombuffer(memory, np.float64 if name in ("y", "told") else network.dtype)
        for name, memory in shared.items()
    }
    flat["x"] = flat["x"].reshape(-1, *network.input_shape)
    flat["y"] = flat["y"].reshape(-1, network.output_shape[0])
    return flat


def _end(process: SpawnProcess, told: Array, go: Any) -> None:
    """Ask the process to end, and see to it that it does."""
    told[0] = 0
    go.release()
    process.join(2.0)
    if process.is_alive():
        process.kill()
        process.join()


def _serve(
    text: str, code: str, shared: dict[str, Any], go: Any, done: Any, seed: int, most: int
) -> None:
    """What the second process does until it is told to end or is left alone."""
    network = Network.from_text(text, dtype=np.dtype(code))
    arrays, plans = _views(shared, network), dict[int, Plan]()
    rng, parent = np.random.default_rng(seed), multiprocessing.parent_process()
    total = np.zeros_like(network.gradients)

    def work(count: int, axes: int, scale: float) -> tuple[float, int]:
        np.copyto(network.parameters, arrays["parameters"])
        tile, loss, correct = network.tile_for(count), 0.0, 0
        total.fill(0)
        for start in range(0, count, tile):
            part = slice(start, min(start + tile, count))
            size = part.stop - start
            if size not in plans:
                plans[size] = network.plan(size, rng)
            y = arrays["y"][part]
            labels = y[:, 0].astype(np.int64) if axes == 1 else y
            loss += plans[size].run_step(arrays["x"][part], labels, scale)
            correct += plans[size].loss.correct()
            np.add(total, network.gradients, total)
        np.copyto(arrays["gradients"], total)
        return loss, correct

    quiet = quiet_context()
    while True:
        try:
            if not go.acquire(timeout=PATIENCE):
                if parent is not None and not parent.is_alive():
                    return
                continue
            count, axes, scale = arrays["told"][:3].tolist()
            if not count:
                return
            arrays["told"][2:] = quiet.run(work, int(count), int(axes), scale)
            done.release()
        except KeyboardInterrupt:  # Ctrl-C reaches both processes; the first one decides
            continue
