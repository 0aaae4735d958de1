"""Measure one epoch of MNIST: `mnist` preset, Adadelta, batch 20, L2 0.001, random 24×24 crops.

The accuracy is that of the test set's centre crops. With torch and ConvNetJS where they are
installed; ConvNetJS would take minutes, so its epoch is reckoned from a few hundred examples.
"""

import argparse
import json
import sys
from pathlib import Path
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

BATCH = 20
L2 = 0.001
CROP = 24
CONVNETJS_EXAMPLES = 400


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
    seconds, accuracy = {}, {}
    seconds["nn"], accuracy["nn"] = _ours(data, arguments.seed, 1)
    seconds["nn x2"], accuracy["nn x2"] = _ours(data, arguments.seed, 2)
    notes = []
    if not arguments.alone:
        try:
            from nn.bench import torch_peer

            epoch = torch_peer.mnist_epoch(data, arguments.seed, BATCH, L2, CROP)
            seconds["torch 1"], accuracy["torch 1"] = epoch
        except ImportError:
            notes.append("torch is missing: pip install 'brightwire[reference]'")
        peer, missing = convnet_peer.find(arguments.convnetjs)
        if peer is None:
            notes.append(missing)
        else:
            workload = next(w for w in WORKLOADS if w.preset == "mnist" and w.batch == BATCH)
            peer.measure(workload, 100)  # lets Node compile
            us = peer.measure(workload, CONVNETJS_EXAMPLES)
            seconds["convnetjs (reckoned)"] = us * len(data) / 1e6
            peer.close()
    if arguments.json:
        report = {"machine": machine(), "seconds": seconds, "accuracy": accuracy, "notes": notes}
        print(json.dumps(report, indent=1))
        return 0
    print(machine())
    for name, time in seconds.items():
        parts = f"{seconds['nn'] / time:.3f} and {seconds['nn x2'] / time:.3f}"
        part = "" if name.startswith("nn") else f"; ours took {parts} of it"
        right = f", {accuracy[name]:.2%} of the test set right" if name in accuracy else ""
        print(f"{name}: {time:.2f} s{right}{part}")
    for note in notes:
        print(note, file=sys.stderr)
    return 0


def _ours(data: Dataset, seed: int, workers: int) -> tuple[float, float]:
    """Return the seconds of the epoch and the test accuracy."""
    network = presets.build("mnist", seed=seed)
    prepared = Augment(crop=CROP)
    with Trainer(network, optimizers.Adadelta(), seed, l2=L2, workers=workers) as trainer:
        started = perf_counter()
        for _ in trainer.fit(data.images, data.labels, FitOptions(1, BATCH, prepared)):
            pass
        seconds = perf_counter() - started
    assert data.test is not None
    seen = evaluate(network, data.test.images, data.test.labels, prepared.look)
    if not np.isfinite(seen.loss):
        raise ValueError("training diverged")
    return seconds, seen.accuracy
