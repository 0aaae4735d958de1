"""Repeat the app's lesson with real pen drawings and ask about the hands of other writers.

A lesson draws k drawings PER CLASS in turn (X, O, X, O, ...: k = 10 is ten X and ten O) and clicks
Train r times on each; a click is one SGD step on that drawing at the preset's learning rate. In the
column "on all" each drawing gets one click, and then Train on all runs: one sample a step, in an
order shuffled anew for each round. Accuracy is that of the most probable class over all drawings of
the two labels by writers none of whose drawings was trained on, in percent. Each seed draws other
writers (70 in 100 may teach, the others are asked), other drawings and other first weights; printed
is the mean over all seeds and its standard error.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn import optimizers, presets
from nn.data import pen_strokes
from nn.data.drawings import Drawing, Sample, to_batch
from nn.data.pen_strokes import PenDrawing
from nn.network import Network
from nn.training import Trainer

PRESETS = ("sketch", "sketch-cnn")
PAIRS = (("X", "O"), ("-", "|"), ("0", "1"))
DRAWINGS = (1, 5, 10, 30)
CLICKS = (1, 10)
STEPS_ON_ALL = 300
TEACHERS = 0.7
"""Part of the writers whose drawings may be taught with."""


@dataclass(frozen=True)
class Goal:
    """An accuracy that a lesson on X and O is to reach."""

    preset: str
    drawings: int
    way: str
    accuracy: float


GOALS = (Goal("sketch", 10, "x10", 0.95), Goal("sketch-cnn", 5, "on all", 0.97))


@dataclass(frozen=True)
class Result:
    """Accuracies (0 to 1) of one way of teaching, one for each seed."""

    preset: str
    classes: str
    drawings: int
    way: str
    mean: float
    error: float
    worst: float
    accuracies: list[float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bench sketch`."""
    parser.add_argument(
        "--strokes",
        required=True,
        type=Path,
        metavar="FILE",
        help="pen drawings, .ndjson or .ndjson.gz: label, writer and strokes on each line",
    )
    parser.add_argument(
        "--seeds", type=_positive, default=20, help="how many shuffles of the writers (20)"
    )
    parser.add_argument(
        "--steps",
        type=_positive,
        default=STEPS_ON_ALL,
        help=f"steps of Train on all ({STEPS_ON_ALL})",
    )
    parser.add_argument(
        "--preset",
        action="append",
        choices=PRESETS,
        help=f"a preset to teach; may be given again ({' and '.join(PRESETS)})",
    )
    parser.add_argument(
        "--classes",
        action="append",
        type=_pair,
        metavar="A/B",
        help="two labels to tell apart; may be given again (X/O, -/| and 0/1)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Teach every preset every pair of labels, and print what came of it."""
    drawings = pen_strokes.read(arguments.strokes)
    results = []
    for preset in arguments.preset or PRESETS:
        for pair in arguments.classes or PAIRS:
            if sys.stderr.isatty():
                print(f"teaching {preset} {'/'.join(pair)} ...", file=sys.stderr)
            results += teach(preset, pair, drawings, range(arguments.seeds), arguments.steps)
    if arguments.json:
        report = {
            "seeds": arguments.seeds,
            "steps_on_all": arguments.steps,
            "results": [asdict(result) for result in results],
        }
        print(json.dumps(report, indent=1))
    else:
        print(f"Accuracy in % on other writers' drawings, mean ± error of {arguments.seeds} seeds")
        print(f"Train on all: {arguments.steps} steps\n")
        print(table(results))
        print("\n".join(goals(results)))
    return 0


def teach(
    preset: str,
    classes: tuple[str, str],
    drawings: Sequence[PenDrawing],
    seeds: Sequence[int],
    steps_on_all: int = STEPS_ON_ALL,
) -> list[Result]:
    """Give the lesson once for each seed, in every way.

    Raises:
        ValueError: there are too few drawings or writers of a class.
    """
    own = [drawing for drawing in drawings if drawing.label in classes]
    samples = [Sample(Drawing(d.strokes), classes.index(d.label)) for d in own]
    writers = [drawing.writer for drawing in own]
    accuracies: dict[tuple[int, str], list[float]] = {
        (count, way): [] for count in DRAWINGS for way in ("x1", "x10", "on all")
    }
    for seed in seeds:
        lesson, others = split(samples, writers, max(DRAWINGS), seed, classes)
        for clicks in CLICKS:
            taught = _clicks(preset, classes, lesson, others, clicks, seed)
            for count, accuracy in zip(DRAWINGS, taught, strict=True):
                accuracies[count, f"x{clicks}"].append(accuracy)
        for count in DRAWINGS:
            shown = lesson[: count * len(classes)]
            accuracy = _train_on_all(preset, classes, shown, others, steps_on_all, seed)
            accuracies[count, "on all"].append(accuracy)
    return [
        Result(preset, "/".join(classes), count, way, float(np.mean(of)), _error(of), min(of), of)
        for (count, way), of in accuracies.items()
    ]


def split(
    samples: Sequence[Sample],
    writers: Sequence[str],
    per_class: int,
    seed: int,
    classes: tuple[str, ...] = ("0", "1"),
) -> tuple[list[Sample], list[Sample]]:
    """Choose a lesson, and the drawings of writers that don't appear in it.

    TEACHERS of the writers may draw for the lesson (more where that is too few drawings).

    Returns:
        the lesson: per_class drawings of each class in turn; and all drawings of other writers.
    """
    rng = np.random.default_rng(seed)
    order = list(rng.permutation(sorted(set(writers))))
    by_writer: dict[str, list[Sample]] = {writer: [] for writer in order}
    for sample, writer in zip(samples, writers, strict=True):
        by_writer[writer].append(sample)
    pools: list[list[Sample]] = [[] for _ in classes]
    teachers = 0
    while teachers < int(TEACHERS * len(order)) or any(len(pool) < per_class for pool in pools):
        if teachers == len(order):
            break
        for sample in by_writer[order[teachers]]:
            pools[sample.label].append(sample)
        teachers += 1
    others = [sample for writer in order[teachers:] for sample in by_writer[writer]]
    counts = [sum(sample.label == label for sample in samples) for label in range(len(classes))]
    for label in np.argsort(counts):  # the scarcest is the one to complain about
        pool, name = pools[label], classes[label]
        if len(pool) < per_class or not any(sample.label == label for sample in others):
            raise ValueError(
                f"label {name!r}: expected {per_class} drawings to teach with and some by other "
                f"writers, got {counts[label]} in all"
            )
    chosen = [[pool[i] for i in rng.permutation(len(pool))[:per_class]] for pool in pools]
    return [sample for turn in zip(*chosen, strict=True) for sample in turn], others


def accuracy(network: Network, x: NDArray[np.float32], y: NDArray[np.int64]) -> float:
    """Return the part (0 to 1) of pictures whose most probable class is the right one."""
    return float(np.mean(network.predict(x).argmax(axis=1) == y))


def table(results: Sequence[Result]) -> str:
    """Set the results as a table, one line for each preset, pair and number of drawings."""
    head = ("preset", "classes", "drawings a class", "Train x1", "Train x10", "on all")
    lines = [f"{head[0]:11} {head[1]:7} {head[2]:>16} {head[3]:>14} {head[4]:>14} {head[5]:>14}"]
    cells: dict[tuple[str, str, int], dict[str, str]] = {}
    for result in results:
        row = cells.setdefault((result.preset, result.classes, result.drawings), {})
        row[result.way] = f"{100 * result.mean:.1f} ±{100 * result.error:.1f}"
    for (preset, classes, count), row in cells.items():
        columns = "".join(f" {row.get(way, ''):>14}" for way in ("x1", "x10", "on all"))
        lines.append(f"{preset:11} {classes:7} {count:>16}{columns}")
    return "\n".join(lines)


def goals(results: Sequence[Result]) -> Iterator[str]:
    """Yield a line for each goal that the results speak about."""
    for goal in GOALS:
        for result in results:
            aim = (goal.preset, "X/O", goal.drawings, goal.way)
            if (result.preset, result.classes, result.drawings, result.way) == aim:
                verdict = "reached" if result.mean >= goal.accuracy else "MISSED"
                yield (
                    f"goal {goal.preset} X/O, {goal.drawings} a class, {goal.way}: "
                    f"at least {100 * goal.accuracy:.0f}, "
                    f"got {100 * result.mean:.1f} ±{100 * result.error:.1f}: {verdict}"
                )


def _trainer(preset: str, classes: tuple[str, str], seed: int) -> tuple[Trainer, int]:
    network = presets.build(preset, seed=seed, class_names=list(classes))
    optimizer = optimizers.SGD(lr=presets.learning_rate(preset))
    return Trainer(network, optimizer, seed=seed), network.input_shape[-1]


def _clicks(
    preset: str,
    classes: tuple[str, str],
    lesson: Sequence[Sample],
    others: Sequence[Sample],
    clicks: int,
    seed: int,
) -> list[float]:
    """Click Train `clicks` times on each drawing; the accuracy after each count of DRAWINGS."""
    trainer, size = _trainer(preset, classes, seed)
    x_others, y_others = to_batch(others, size)
    after = []
    for number, sample in enumerate(lesson, start=1):
        x, y = to_batch([sample], size)
        for _ in range(clicks):
            trainer.step(x, y)
        if number in [count * len(classes) for count in DRAWINGS]:
            after.append(accuracy(trainer.network, x_others, y_others))
    return after


def _train_on_all(
    preset: str,
    classes: tuple[str, str],
    lesson: Sequence[Sample],
    others: Sequence[Sample],
    steps: int,
    seed: int,
) -> float:
    """Click Train once on each drawing, then train on all of them for `steps` steps."""
    trainer, size = _trainer(preset, classes, seed)
    x, y = to_batch(lesson, size)
    rng = np.random.default_rng(seed)
    order = list(range(len(lesson)))
    while len(order) < len(lesson) + steps:
        order += rng.permutation(len(lesson)).tolist()
    for row in order[: len(lesson) + steps]:
        trainer.step(x[row : row + 1], y[row : row + 1])
    return accuracy(trainer.network, *to_batch(others, size))


def _error(values: Sequence[float]) -> float:
    """Standard error of the mean: sample deviation over the square root of the count."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    labels = text.split("/")
    if len(labels) != 2 or not all(labels) or labels[0] == labels[1]:
        raise argparse.ArgumentTypeError(f"expected two labels such as X/O, got {text!r}")
    return labels[0], labels[1]
