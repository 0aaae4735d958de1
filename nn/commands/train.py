"""Train a network on a data set.

    python -m nn train mnist DATA --l2 0.001 --out digits.json

Pictures larger than the network's input are cropped: at a random place in training, from the
middle in tests. Ctrl-C stops; what was learned until then is still written to --out.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from nn.commands.common import (
    Bar,
    add_data,
    add_json,
    check_classes,
    preparation,
    print_json,
    read_data,
    read_network,
)
from nn.data.augment import Augment
from nn.data.datasets import Dataset
from nn.fitting import EpochDone, Finished, FitOptions, StepDone
from nn.metrics import Evaluation, evaluate
from nn.network import Network
from nn.optimizers import OPTIMIZERS, Optimizer
from nn.training import Trainer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train`."""
    parser.add_argument("network", metavar="NETWORK", help="a preset, a .txt or a saved network")
    add_data(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the network")
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
    network = read_network(arguments.network, arguments.seed)
    data = read_data(arguments.data, network)
    check_classes(network, data)
    network.class_names = list(data.class_names)
    prepared = preparation(network, data, flip=arguments.flip, shift=arguments.shift)
    options = FitOptions(
        epochs=arguments.epochs,
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
        arguments.seed,
        l1=arguments.l1,
        l2=arguments.l2,
        workers=arguments.workers,
    )
    try:
        with trainer:
            reason = _fit(trainer, data, options, arguments.json)
    except KeyboardInterrupt:
        _save(network, arguments.out)
        raise
    if reason == "diverged":
        raise ValueError("training diverged: the loss is not a finite number; try a smaller --lr")
    tested = _test(network, test, prepared)
    _save(network, arguments.out)
    if arguments.json:
        print_json(
            {
                "event": "finished",
                "reason": reason,
                "steps": trainer.steps,
                "test": None if tested is None else _as_json(tested),
            }
        )
    elif tested is not None:
        print(f"test: {tested.accuracy:.2%} of {tested.total:,} right, loss {tested.loss:.4f}")
    return 0


def _fit(trainer: Trainer, data: Dataset, options: FitOptions, as_json: bool) -> str:
    """Train to the end and return why it ended."""
    bar = Bar()
    try:
        for event in trainer.fit(data.images, data.labels, options):
            if isinstance(event, StepDone):
                _show(bar, event, options.epochs)
            elif isinstance(event, Finished):
                return event.reason
            else:
                bar.clear()
                _tell(event, as_json)
    finally:
        bar.clear()
    raise AssertionError("the last event tells that training is finished")


def _show(bar: Bar, event: StepDone, epochs: int) -> None:
    part = (event.epoch - 1 + event.batch / event.batches) / epochs
    bar.show(
        part,
        f"epoch {event.epoch}/{epochs}  loss {event.loss:.4f}  {event.accuracy:.1%} right",
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


def _test(network: Network, test: Dataset | None, prepared: Augment) -> Evaluation | None:
    return None if test is None else evaluate(network, test.images, test.labels, prepared.look)


def _save(network: Network, path: Path | None) -> None:
    if path is not None:
        network.save(path)


def _as_json(seen: Evaluation) -> dict[str, float]:
    return {"loss": seen.loss, "accuracy": seen.accuracy, "total": seen.total}
