"""Measure one epoch of MNIST: `mnist` preset, Adadelta, batch 20, L2 0.001, random 24×24 crops.

The accuracy is that of the test set's centre crops. With torch and ConvNetJS where they are
installed, all in turn, slice by slice; the parts are medians over the slices. ConvNetJS would take
minutes, so its epoch is reckoned from some examples of each slice.
"""

import argparse
import json
import sys
from collections.abc import Generator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from nn import optimizers, presets
from nn.bench import convnet_peer
from nn.bench.engine import machine
from nn.bench.workloads import WORKLOADS
from nn.data.augment import Augment
from nn.data.datasets import Dataset
from nn.data.loading import load_folder
from nn.fitting import FitOptions
from nn.metrics import evaluate
from nn.training import Trainer

Epoch = Generator[float, None, float]
"""An epoch at work: yields the seconds of each slice, returns the test accuracy (0: unknown)."""


@dataclass(frozen=True)
class Plan:
    """How everybody trains; all run in turn, a slice of ``steps`` at a time."""

    batch: int = 20
    l2: float = 0.001
    crop: int = 24
    steps: int = 150

    def slices(self, data: Dataset) -> int:
        """Return the slices of an epoch."""
        return -(-len(data) // (self.batch * self.steps))


PLAN = Plan()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bench mnist`."""
    parser.add_argument("data", type=Path, metavar="DATA", help="the folder with MNIST's files")
    parser.add_argument("--seed", type=int, default=0, help="of weights, order and crops (0)")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    parser.add_argument("--convnetjs", type=Path, metavar="FOLDER", help="as in 'bench'")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    data = load_folder(arguments.data)
    if data.test is None or data.image_shape != (1, 28, 28):
        raise ValueError(f"{arguments.data}: expected MNIST with its test set, got {data.name}")
    epochs = {"nn": _ours(data, arguments.seed, 1), "nn x2": _ours(data, arguments.seed, 2)}
    notes = []
    if not arguments.alone:
        try:
            from nn.bench import torch_peer

            epochs["torch 1"] = torch_peer.mnist_epoch(data, arguments.seed, PLAN)
        except ImportError:
            notes.append("torch is missing: pip install 'brightwire[reference]'")
        peer, missing = convnet_peer.find(arguments.convnetjs)
        if peer is None:
            notes.append(missing)
        else:
            epochs["convnetjs (reckoned)"] = _convnetjs(peer, len(data))
    times, accuracy = _in_turn(epochs)
    seconds = {name: sum(slices) for name, slices in times.items()}
    parts = {
        name: {ours: _part(times[ours], slices) for ours in ("nn", "nn x2")}
        for name, slices in times.items()
        if not name.startswith("nn")
    }
    if arguments.json:
        report = {"machine": machine(), "seconds": seconds, "accuracy": accuracy, "parts": parts}
        print(json.dumps({**report, "notes": notes}, indent=1))
        return 0
    print(machine())
    for name, time in seconds.items():
        right = f", {accuracy[name]:.2%} of the test set right" if accuracy[name] else ""
        part = ""
        if name in parts:
            part = f"; ours took {parts[name]['nn']:.3f} and {parts[name]['nn x2']:.3f} of it"
        print(f"{name}: {time:.2f} s{right}{part}")
    for note in notes:
        print(note, file=sys.stderr)
    return 0


def _in_turn(epochs: dict[str, Epoch]) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Run all epochs slice by slice in turn; return the seconds of the slices, the accuracies."""
    times: dict[str, list[float]] = {name: [] for name in epochs}
    accuracy: dict[str, float] = {}
    while len(accuracy) < len(epochs):
        for name, epoch in epochs.items():
            if name in accuracy:
                continue
            try:
                times[name].append(next(epoch))
            except StopIteration as end:
                accuracy[name] = end.value
    return times, accuracy


def _part(ours: list[float], theirs: list[float]) -> float:
    """Return the median over the slices of our time over theirs."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def _ours(data: Dataset, seed: int, workers: int) -> Epoch:
    """Train an epoch with the engine."""
    network = presets.build("mnist", seed=seed)
    prepared = Augment(crop=PLAN.crop)
    options = FitOptions(1, PLAN.batch, prepared)
    with Trainer(network, optimizers.Adadelta(), seed, l2=PLAN.l2, workers=workers) as trainer:
        events = trainer.fit(data.images, data.labels, options)
        for _ in range(PLAN.slices(data)):
            started = perf_counter()
            for _ in islice(events, PLAN.steps):
                pass
            yield perf_counter() - started
    assert data.test is not None
    seen = evaluate(network, data.test.images, data.test.labels, prepared.look)
    if not np.isfinite(seen.loss):
        raise ValueError("training diverged")
    return seen.accuracy


def _convnetjs(peer: convnet_peer.ConvNetJS, examples: int) -> Epoch:
    """Reckon the slices of an epoch from a few examples each."""
    workload = next(w for w in WORKLOADS if w.preset == "mnist" and w.batch == PLAN.batch)
    peer.measure(workload, 100)  # lets Node compile
    whole = PLAN.steps * PLAN.batch
    for start in range(0, examples, whole):
        us = peer.measure(workload, 2 * PLAN.batch)
        yield us / 1e6 * min(whole, examples - start)
    peer.close()
    return 0.0
