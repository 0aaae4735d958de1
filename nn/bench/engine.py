"""Measure the engine: time of a training step, beside torch and ConvNetJS where installed.

In every round each workload runs with each engine in turn; a ratio is taken within a round, and the
table shows the median of the rounds. Times are microseconds an example.

Where a batch is large enough two ratios stand side by side: of one process, and of two
(`Trainer(workers=2)`).

Everybody has the same job: take a batch as an array (numpy's, JavaScript's), train on it or
predict, and answer with the mean loss and how many were right, or with the probabilities.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from nn.bench import convnet_peer
from nn.bench.workloads import WORKLOADS, Run, Workload, make_run
from nn.training import LEAST_SHARED

TWO = "nn x2"
"""What the table calls the engine with its second process, where a batch is large enough."""

Measure = Callable[[], float]
"""Runs for a while and returns microseconds an example."""


@dataclass
class Line:
    """The times of one workload, in microseconds an example, one of each peer in every round."""

    workload: Workload
    times: dict[str, list[float]] = field(default_factory=dict)

    def us(self, peer: str) -> float:
        """Median time of a peer."""
        return median(self.times[peer])

    def ratio(self, peer: str, ours: str = "nn") -> float:
        """Median over the rounds of the peer's time over ours: how many times faster we are."""
        pairs = zip(self.times[peer], self.times[ours], strict=True)
        return median(theirs / ours for theirs, ours in pairs)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bench`."""
    parser.add_argument("--rounds", type=int, default=9, help="rounds to take the median of (9)")
    parser.add_argument(
        "--slice", type=float, default=0.15, help="seconds a peer runs in a round (0.15)"
    )
    parser.add_argument(
        "--only", action="append", metavar="W", help="a workload, W1 to W4; may be given again"
    )
    parser.add_argument(
        "--convnetjs",
        type=Path,
        metavar="FOLDER",
        help=f"the folder in which 'npm install convnetjs' was run (or ${convnet_peer.VARIABLE})",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON instead of a table")
    form.add_argument("--markdown", action="store_true", help="print the README's table")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    chosen = [w for w in WORKLOADS if not arguments.only or w.name in arguments.only]
    if not chosen or arguments.rounds < 1 or arguments.slice <= 0:
        raise ValueError("expected --rounds of at least 1, --slice above 0, --only W1 to W4")
    peer, missing = convnet_peer.find(arguments.convnetjs)
    notes = [missing] if missing else []
    try:
        pairs = []
        for workload in chosen:
            _say(f"warming up {workload.line}")
            measures = {"nn": _measure(make_run(workload), workload.batch, arguments.slice)}
            if workload.batch >= LEAST_SHARED:
                shared = make_run(workload, workers=2)
                measures[TWO] = _measure(shared, workload.batch, arguments.slice)
            measures |= _torch_measures(workload, arguments.slice, notes)
            if peer is not None:
                measures["convnetjs"] = _convnet_measure(peer, workload, arguments.slice)
            pairs.append((Line(workload, {peer: [] for peer in measures}), measures))
        for number in range(1, arguments.rounds + 1):
            _say(f"round {number} of {arguments.rounds}")
            for line, measures in pairs:
                for name, measure in measures.items():
                    line.times[name].append(measure())
        lines = [line for line, _ in pairs]
    finally:
        if peer is not None:
            peer.close()
    if arguments.json:
        print(json.dumps(_report(lines, notes), indent=1))
    elif arguments.markdown:
        print(markdown(lines))
        print(f"\n{machine()}.")
    else:
        print(machine())
        print(table(lines))
        for note in dict.fromkeys(notes):
            print(note)
    return 0


# -- measuring --------------------------------------------------------------------------------


def _measure(run: Run, batch: int, seconds: float) -> Measure:
    """Warm up, find how often to run, and return the measuring."""
    for _ in range(3):
        run()
    started, calls = perf_counter(), 0
    while perf_counter() - started < seconds / 2:
        run()
        calls += 1
    count = max(1, 2 * calls)

    def measure() -> float:
        started = perf_counter()
        for _ in range(count):
            run()
        return (perf_counter() - started) / count / batch * 1e6

    return measure


def _torch_measures(workload: Workload, seconds: float, notes: list[str]) -> dict[str, Measure]:
    """Torch on one thread and on all, each with its faster optimizer; empty where it is missing."""
    try:
        from nn.bench import torch_peer
    except ImportError:
        notes.append("torch is missing: pip install 'brightwire[reference]'")
        return {}
    found: dict[str, Measure] = {}
    for threads in sorted({1, os.cpu_count() or 1}):
        torch_peer.set_threads(threads)
        ways = [
            _measure(torch_peer.make_run(workload, foreach), workload.batch, seconds)
            for foreach in (False, True)
        ]
        best = min(ways, key=lambda way: min(way() for _ in range(3)))

        def measure(best: Measure = best, threads: int = threads) -> float:
            torch_peer.set_threads(threads)
            return best()

        found[f"torch {threads}"] = measure
    return found


def _convnet_measure(peer: convnet_peer.ConvNetJS, workload: Workload, seconds: float) -> Measure:
    """ConvNetJS learns one example at a time whatever the batch: time a few of them."""
    unit = workload.gather if workload.gather > 1 else min(workload.batch, 4)
    peer.measure(workload, 2000 if workload.preset == "sketch" else 20)  # lets Node compile
    us = peer.measure(workload, unit)
    count = max(unit, round(seconds * 1e6 / us))
    return lambda: peer.measure(workload, count)


def _say(what: str) -> None:
    if sys.stderr.isatty():
        print(f"{what} ...", file=sys.stderr)


# -- telling ----------------------------------------------------------------------------------


def machine() -> str:
    """Return one line about the machine and the versions that were measured."""
    cpu = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    return (
        f"{cpu}, {os.cpu_count()} cores, {platform.system()}; Python "
        f"{platform.python_version()}, numpy {np.__version__}, BLAS threads: {threads}"
    )


def table(lines: list[Line]) -> str:
    """Return the table; a ratio is followed by what it must reach and what we hope for."""
    peers = list(dict.fromkeys(["nn", TWO, *(peer for line in lines for peer in line.times)]))
    rows = [["µs an example", *peers, "vs torch 1", "must / aim", "vs ConvNetJS", "must / aim"]]
    for line in lines:
        row = [line.workload.line]
        row += [f"{line.us(peer):,.1f}" if peer in line.times else "" for peer in peers]
        for peer, i in (("torch 1", 0), ("convnetjs", 1)):
            ratios = [
                line.ratio(peer, ours)
                for ours in ("nn", TWO)
                if ours in line.times and peer in line.times
            ]
            row.append("; ".join(f"{ratio:.2f}x" for ratio in ratios) or "–")
            row.append(f"{line.workload.wanted[i]:g} / {line.workload.hoped[i]:g}")
        rows.append(row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    texts = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([texts[0], "-" * len(texts[0]), *texts[1:]])


def markdown(lines: list[Line]) -> str:
    """Return the table of the README: our times, and how many times faster we are."""
    rows = ["| workload | µs an example | against torch, 1 thread | against ConvNetJS |"]
    rows.append("|---|---|---|---|")
    for line in lines:
        ours = [name for name in ("nn", TWO) if name in line.times]
        cells = [" / ".join(f"{line.us(name):,.0f}" for name in ours)]
        for peer in ("torch 1", "convnetjs"):
            ratios = [line.ratio(peer, name) for name in ours if peer in line.times]
            cells.append(" / ".join(f"{ratio:.1f}×" for ratio in ratios) or "–")
        rows.append(f"| {line.workload.line} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _report(lines: list[Line], notes: list[str]) -> dict[str, object]:
    return {
        "machine": machine(),
        "notes": list(dict.fromkeys(notes)),
        "workloads": [
            {
                **asdict(line.workload),
                "us_per_example": {peer: line.us(peer) for peer in line.times},
                "times_faster": {
                    ours: {
                        peer: line.ratio(peer, ours)
                        for peer in line.times
                        if not peer.startswith("nn")
                    }
                    for ours in ("nn", TWO)
                    if ours in line.times
                },
            }
            for line in lines
        ],
    }
