"""Snapshots: how a window sees a network that another thread is training.

A triple buffer. The writer fills one slot, a second holds the newest finished snapshot, the third
belongs to the reader. Publishing and taking swap slots; nobody ever waits and nothing is torn.
"""

import threading

import numpy as np

from nn.network import Network
from nn.typing import Array


class Snapshot:
    """One moment of a network. Its arrays stay as they are until the next `SnapshotBuffer.take`.

    ``parameters`` and ``change`` are flat (P,); ``activations`` has, for one example, the input
    and every layer's output, (C, H, W) or (F,); ``outputs`` (classes,) are the prediction. Both
    are None when no example was given. ``network`` is for its layout only: its weights move on.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.step = 0
        self.loss = 0.0
        self.parameters: Array = np.zeros_like(network.parameters)
        self.change: Array = np.zeros_like(network.parameters)
        self.activations: list[Array] | None = None
        self.outputs: Array | None = None


class SnapshotBuffer:
    """One writer thread calls `remember` and `publish`; one reader thread calls `take`."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._writing, self._newest, self._reading = (Snapshot(network) for _ in range(3))
        self._fresh = False
        self._swap = threading.Lock()
        self._before = np.zeros_like(network.parameters)
        self._remembered = False

    @property
    def wanted(self) -> bool:
        """True when the reader has taken the last snapshot: the writer may publish another."""
        return not self._fresh

    def remember(self) -> None:
        """Copy the weights as they are before a step, so that `publish` can tell the change."""
        np.copyto(self._before, self.network.parameters)
        self._remembered = True

    def publish(self, step: int, loss: float, x: Array | None = None) -> None:
        """Publish the weights, their change since `remember` (else zeros) and what ``x`` causes.

        ``x`` is one example, (1, C, H, W), or None.
        """
        slot = self._writing
        slot.step, slot.loss = step, loss
        np.copyto(slot.parameters, self.network.parameters)
        if self._remembered:
            with np.errstate(over="ignore", invalid="ignore"):
                np.subtract(slot.parameters, self._before, slot.change)
        else:
            slot.change.fill(0)
        self._remembered = False
        if x is None:
            slot.activations = slot.outputs = None
        else:
            if len(x) != 1:
                raise ValueError(f"x must be one example (1, C, H, W), got shape {x.shape}")
            flowing = self.network.activations(x)
            slot.activations = [values[0] for values in flowing]
            slot.outputs = self.network.loss.scores(flowing[-1])[0]
        with self._swap:
            self._writing, self._newest = self._newest, slot
            self._fresh = True

    def take(self) -> Snapshot | None:
        """Return the newest snapshot, or None when there is none since the last call."""
        with self._swap:
            if not self._fresh:
                return None
            self._reading, self._newest = self._newest, self._reading
            self._fresh = False
        return self._reading
