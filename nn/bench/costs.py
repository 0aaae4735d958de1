"""Measure what the engine costs: its import, its memory, and how a step's time grows.

Time should grow in proportion to the batch and to the pixels of a picture. Memory is that of a
process that trains the `mnist` preset on as many pictures as MNIST has.
"""

import argparse
import json
import subprocess
import sys
from statistics import median
from time import perf_counter

import numpy as np

from nn import optimizers, presets
from nn.bench.engine import machine
from nn.training import Trainer

BATCHES = (1, 4, 20, 64, 256)
EDGES = (24, 36, 48, 64)

IMPORT = """
import time, numpy
started = time.perf_counter()
import nn
nn.Trainer, nn.presets, nn.optimizers, nn.losses, nn.snapshot, nn.data
print(time.perf_counter() - started)
"""

MEMORY = """
import resource, sys
import numpy as np
from nn import FitOptions, Trainer, optimizers, presets
from nn.data.augment import Augment
rng = np.random.default_rng(0)
images = rng.integers(0, 256, (60_000, 1, 28, 28), dtype=np.uint8)
labels = rng.integers(0, 10, 60_000)
trainer = Trainer(presets.build("mnist"), optimizers.Adadelta())
options = FitOptions(1, 20, Augment(crop=24))
for step, _ in enumerate(trainer.fit(images, labels, options)):
    if step == 300:
        break
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak if sys.platform == "darwin" else peak * 1024)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bench costs`."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    seconds = median(_ask(IMPORT) for _ in range(7))
    peak = _ask(MEMORY)
    batches = {batch: step_time(24, batch) for batch in BATCHES}
    edges = {edge: step_time(edge, 20) for edge in EDGES}
    if arguments.json:
        report = {
            "machine": machine(),
            "import_seconds": seconds,
            "training_bytes": peak,
            "us_per_example_by_batch": batches,
            "us_per_example_by_edge": edges,
        }
        print(json.dumps(report, indent=1))
        return 0
    print(machine())
    print(f"import beyond numpy: {seconds:.3f} s (goal 0.15)")
    print(f"memory while training MNIST: {peak / 1e6:.0f} MB (goal 400)")
    print("mnist, 24x24, by batch:")
    for batch, us in batches.items():
        print(f"  {batch:4}  {us:8.1f} µs an example")
    print("mnist, batch 20, by edge of the picture:")
    for edge, us in edges.items():
        print(f"  {edge:4}  {us:8.1f} µs an example, {us / edge**2 * 1000:.0f} ns a pixel")
    return 0


def step_time(edge: int, batch: int) -> float:
    """Return the time of a step of the mnist preset, in microseconds an example."""
    network = presets.build("mnist", size=edge)
    trainer = Trainer(network, optimizers.Adadelta())
    rng = np.random.default_rng(0)
    x = rng.random((batch, 1, edge, edge), dtype=np.float32)
    y = rng.integers(0, 10, batch)
    trainer.step(x, y)
    times = []
    for _ in range(15):
        started = perf_counter()
        trainer.step(x, y)
        times.append(perf_counter() - started)
    return median(times) / batch * 1e6


def _ask(script: str) -> float:
    """Return the number that a fresh Python process prints."""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if found.returncode:
        raise ValueError(f"the measured process failed: {found.stderr.strip().splitlines()[-1]}")
    return float(found.stdout)
