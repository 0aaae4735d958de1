"""Test a saved network on a data set: its official test set, or all of it where there is none.

python -m nn evaluate digits.json --data DATA --crops 4 --json
"""

import argparse

import numpy as np

from nn.commands.common import (
    add_crops,
    add_data,
    add_json,
    check_classes,
    data_folder,
    preparation,
    print_json,
    read_data,
    read_network,
    tested,
)
from nn.metrics import Evaluation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `evaluate`."""
    parser.add_argument("network", metavar="NETWORK", help="a saved network")
    add_data(parser)
    add_crops(parser)
    parser.add_argument("--flip", action="store_true", help="mirror every second of the crops")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Test and print."""
    network = read_network(arguments.network)
    data = read_data(data_folder(arguments), network)
    data = data.test or data
    check_classes(network, data)
    seen = tested(network, data, preparation(network, data, flip=arguments.flip), arguments.crops)
    if arguments.json:
        print_json(
            {
                "loss": seen.loss,
                "accuracy": seen.accuracy,
                "correct": seen.correct,
                "total": seen.total,
                "count": seen.total,
                "crops": arguments.crops,
                "class_names": list(data.class_names),
                "confusion": seen.confusion.tolist(),
            }
        )
        return 0
    print(f"{seen.accuracy:.2%} right: {seen.correct:,} of {seen.total:,}; loss {seen.loss:.4f}")
    print(_table(seen, data.class_names))
    return 0


def _table(seen: Evaluation, names: tuple[str, ...]) -> str:
    """Return a line for each class: how many there are, how many were right, taken for what."""
    width = max(len(name) for name in ("class", *names))
    lines = [f"{'class':<{width}}  {'count':>6}  {'right':>7}  most often taken for"]
    for label, (name, row) in enumerate(zip(names, seen.confusion, strict=True)):
        count = int(row.sum())
        wrong = row.copy()
        wrong[label] = 0
        other = f"{names[int(np.argmax(wrong))]} ({wrong.max()})" if wrong.any() else ""
        right = f"{row[label] / count:.2%}" if count else ""
        lines.append(f"{name:<{width}}  {count:>6,}  {right:>7}  {other}".rstrip())
    return "\n".join(lines)
