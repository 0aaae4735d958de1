"""Train a network on a data set.

    python -m nn train --preset mnist --data DATA --epochs 5 --l2 0.001 --out digits.json

Pictures larger than the network's input are cropped: at a random place in training, from the
middle in tests. Ctrl-C stops; what was learned until then is still written to --out, from where
--resume goes on with the epochs that are left.
"""

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from nn.commands.common import (
    Bar,
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
from nn.data.datasets import Dataset
from nn.fitting import EpochDone, Finished, FitOptions, StepDone
from nn.formats import json_file
from nn.metrics import Evaluation
from nn.network import Network
from nn.optimizers import OPTIMIZERS, Optimizer
from nn.training import Trainer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train`."""
    words = "a preset, a .txt or a saved network"
    parser.add_argument("network", nargs="?", metavar="NETWORK", help=words)
    parser.add_argument("--preset", metavar="NETWORK", help="the same")
    add_data(parser)
    add_crops(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the network")
    parser.add_argument("--resume", action="store_true", help="go on from --out if it is there")
    parser.add_argument("--epochs", type=int, default=1, help="times through the data (1)")
    parser.add_argument("--batch", type=int, default=20, help="examples a step (20)")
    parser.add_argument(
        "--optimizer", choices=sorted(OPTIMIZERS), default="adadelta", help="(adadelta)"
    )
    parser.add_argument("--lr", type=float, help="learning rate (the optimizer's own)")
    parser.add_argument("--l1", type=float, default=0.0, help="pull of L1 on the weights (0)")
    parser.add_argument("--l2", type=float, default=0.0, help="pull of L2 on the weights (0)")
    parser.add_argument("--flip", action="store_true", help="mirror half of the pictures")
    parser.add_argument("--shift", type=int, default=0, help="move pictures by up to N pixels (0)")
    parser.add_argument(
        "--validation", type=float, default=0.0, help="part put aside to watch the training (0)"
    )
    parser.add_argument("--patience", type=int, help="stop after N epochs without a better one")
    parser.add_argument("--keep-best", action="store_true", help="keep the best epoch's weights")
    parser.add_argument("--workers", type=int, default=1, help="processes, 1 or 2 (1)")
    parser.add_argument("--seed", type=int, default=0, help="of weights, order and crops (0)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Train, tell how it goes, test, and save."""
    folder = data_folder(_by_option(arguments))
    if arguments.out is not None and arguments.out.suffix.lower() != ".json":
        raise ValueError(f"--out {arguments.out.name}: the suffix must be .json")
    network, done = _network(arguments)
    data = read_data(folder, network)
    check_classes(network, data)
    network.class_names = list(data.class_names)
    prepared = preparation(network, data, flip=arguments.flip, shift=arguments.shift)
    if done >= arguments.epochs:
        raise ValueError(f"{arguments.out.name} has learned for {done} epochs; ask for more")
    options = FitOptions(
        epochs=arguments.epochs - done,
        batch_size=arguments.batch,
        preparation=prepared,
        patience=arguments.patience,
        keep_best=arguments.keep_best,
    )
    test = data.test
    if arguments.validation:
        parts = data.split(arguments.validation, arguments.seed)
        watched = parts.validation
        if watched is not None:
            options = replace(options, validation=(watched.images, watched.labels))
        data = parts.train
    trainer = Trainer(
        network,
        _optimizer(arguments.optimizer, arguments.lr),
        arguments.seed + done,
        l1=arguments.l1,
        l2=arguments.l2,
        workers=arguments.workers,
    )
    about = _about(arguments, data)
    fitting = _Fitting(done, arguments.epochs, arguments.json)
    try:
        with trainer:
            reason = fitting.run(trainer, data, options)
    except KeyboardInterrupt:
        _save(network, arguments.out, {**about, "epochs": fitting.done})
        raise
    if reason == "diverged":
        raise ValueError("training diverged: the loss is not a finite number; try a smaller --lr")
    seen = None if test is None else tested(network, test, prepared, arguments.crops)
    about["epochs"] = fitting.done
    if seen is not None:
        about["test"] = {"crops": arguments.crops, **_as_json(seen)}
    _save(network, arguments.out, about)
    if arguments.json:
        print_json(
            {
                "event": "finished",
                "reason": reason,
                "steps": trainer.steps,
                "test": None if seen is None else _as_json(seen),
            }
        )
    elif seen is not None:
        print(f"test: {seen.accuracy:.2%} of {seen.total:,} right, loss {seen.loss:.4f}")
    return 0


def _by_option(arguments: argparse.Namespace) -> argparse.Namespace:
    """With --preset, the one place that was given is the data's."""
    if arguments.preset is not None and arguments.network is not None:
        if arguments.place is not None:
            raise ValueError("name the network once, as NETWORK or as --preset NETWORK")
        arguments.place, arguments.network = Path(arguments.network), None
    if arguments.preset is None and arguments.network is None:
        raise ValueError("name a network, as NETWORK or as --preset NETWORK")
    return arguments


def _network(arguments: argparse.Namespace) -> tuple[Network, int]:
    """Return the network to train, and for how many epochs it has learned already."""
    if arguments.resume and arguments.out is None:
        raise ValueError("--resume goes on from --out: name that file, too")
    if arguments.resume and arguments.out.exists():
        network, about = json_file.load_with_about(arguments.out)
        done = about.get("epochs", 0)
        return network, done if isinstance(done, int) else 0
    return read_network(arguments.network or arguments.preset, arguments.seed), 0


def _about(arguments: argparse.Namespace, data: Dataset) -> dict[str, Any]:
    """Return how the weights were made, for the file to tell."""
    left_out = {"place", "network", "preset", "data", "out", "json", "resume"}
    options = " ".join(
        f"--{name.replace('_', '-')}" + ("" if value is True else f" {value}")
        for name, value in vars(arguments).items()
        if name not in left_out and value not in (None, False)
    )
    name = arguments.network or arguments.preset
    return {
        "command": f"python -m nn train --preset {Path(name).name} --data DATA {options}",
        "data": f"{data.name}, {len(data):,} pictures",
        "seed": arguments.seed,
        "date": date.today().isoformat(),
    }


class _Fitting:
    """Trains to the end, telling how it goes; ``done`` counts whole epochs."""

    def __init__(self, done: int, epochs: int, as_json: bool) -> None:
        self.done, self.epochs, self._as_json = done, epochs, as_json
        self._before = done

    def run(self, trainer: Trainer, data: Dataset, options: FitOptions) -> str:
        """Return why it ended."""
        bar = Bar()
        try:
            for event in trainer.fit(data.images, data.labels, options):
                if isinstance(event, StepDone):
                    self._show(bar, event)
                elif isinstance(event, Finished):
                    return event.reason
                else:
                    self.done += 1
                    bar.clear()
                    _tell(replace(event, epoch=self.done, epochs=self.epochs), self._as_json)
        finally:
            bar.clear()
        raise AssertionError("the last event tells that training is finished")

    def _show(self, bar: Bar, event: StepDone) -> None:
        epoch = self._before + event.epoch
        bar.show(
            (epoch - 1 + event.batch / event.batches) / self.epochs,
            f"epoch {epoch}/{self.epochs}  loss {event.loss:.4f}  {event.accuracy:.1%} right",
        )


def _tell(event: EpochDone, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "event": "epoch",
                "epoch": event.epoch,
                "loss": event.loss,
                "accuracy": event.accuracy,
                "validation": None if event.validation is None else _as_json(event.validation),
                "seconds": event.seconds,
                "best": event.best,
            }
        )
        return
    line = f"epoch {event.epoch}/{event.epochs}: loss {event.loss:.4f}, {event.accuracy:.2%} right"
    if event.validation is not None:
        seen = event.validation
        line += f"; validation {seen.loss:.4f}, {seen.accuracy:.2%}"
    print(f"{line}; {event.seconds:.1f} s", flush=True)


def _optimizer(kind: str, lr: float | None) -> Optimizer:
    return OPTIMIZERS[kind]() if lr is None else OPTIMIZERS[kind](lr=lr)  # type: ignore[call-arg]


def _save(network: Network, path: Path | None, about: dict[str, Any]) -> None:
    if path is not None:
        json_file.save(network, path, about)


def _as_json(seen: Evaluation) -> dict[str, float]:
    return {"loss": seen.loss, "accuracy": seen.accuracy, "total": seen.total}
