"""All of a training at one moment, so that it can go on later as if it had never stopped.

What goes on is the same bit for bit: weights, what layers and optimizer remember, gathered
gradients, and every random number. Only the second process of ``workers=2`` begins its random
numbers anew, which a network with dropout notices.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from nn import generators
from nn.network import Network
from nn.optimizers import OPTIMIZERS
from nn.schedules import SCHEDULES, Schedule
from nn.training import Trainer
from nn.typing import Array
from nn.words import shown

FINITE = ("parameters", "good", "candidate")
"""Arrays that a training never lets become NaN or infinite."""

_LARGEST = 1 << 62
"""Of counts and seeds."""
_DEEPEST = 8
"""Schedules within schedules."""


class Checkpoint(NamedTuple):
    """A training at one moment: JSON values, and arrays by name. Both are copies."""

    document: dict[str, Any]
    arrays: dict[str, Array]


def take(trainer: Trainer) -> Checkpoint:
    """Return a training as it is between two steps.

    Raises ValueError for an optimizer or a schedule that is none of `nn`'s: `resume` would not
    know how to make it.
    """
    optimizer, schedule = trainer.optimizer, trainer.schedule
    document = {
        "text": trainer.network.to_text(),
        "class_names": list(trainer.network.class_names),
        "optimizer": _told(OPTIMIZERS, optimizer),
        "updates": optimizer.updates,
        "schedule": None if schedule is None else _told(SCHEDULES, schedule),
        "steps": int(trainer.steps),
        "seed": int(trainer.seed),
        "l1": float(trainer.l1),
        "l2": float(trainer.l2),
        "accumulate": int(trainer.accumulate),
        "pending": trainer.pending,
        "workers": trainer.workers,
        "generators": {
            purpose: generators.to_json(generator)
            for purpose, generator in trainer.generators.items()
        },
    }
    return Checkpoint(document, {name: array.copy() for name, array in _arrays(trainer).items()})


def resume(checkpoint: Checkpoint) -> Trainer:
    """Return a trainer, with a network of its own, that goes on from there.

    Raises ValueError, one sentence, for what doesn't fit; sizes are compared before memory is
    taken for them.
    """
    document, arrays = checkpoint
    if not isinstance(document, dict):
        raise ValueError("a training must be an object")
    trainer = Trainer(
        _network(document, arrays),
        _made(OPTIMIZERS, document.get("optimizer"), "optimizer"),
        _whole(document, "seed"),
        l1=_number(document.get("l1"), "l1"),
        l2=_number(document.get("l2"), "l2"),
        accumulate=_whole(document, "accumulate"),
        workers=_whole(document, "workers"),
    )
    if document.get("schedule") is not None:
        trainer.schedule = _made(SCHEDULES, document["schedule"], "schedule")
    trainer.steps = _whole(document, "steps")
    trainer.optimizer.updates = _whole(document, "updates")
    trainer.pending = _whole(document, "pending", trainer.accumulate - 1)
    saved = document.get("generators")
    if not isinstance(saved, dict) or set(saved) != set(trainer.generators):
        raise ValueError(f"a training needs the generators {', '.join(trainer.generators)}")
    for purpose, generator in trainer.generators.items():
        generators.restore(generator, saved[purpose])
    _fill(_arrays(trainer), arrays)
    return trainer


def _arrays(trainer: Trainer) -> dict[str, Array]:
    """Return the arrays of a training by name, not copied."""
    return {
        "parameters": trainer.network.parameters,
        **{f"state.{name}": values for name, values in trainer.network.state().items()},
        **{f"optimizer.{slot}": values for slot, values in trainer.optimizer.state.items()},
        **trainer.state(),
    }


def _network(document: dict[str, Any], arrays: Mapping[str, Array]) -> Network:
    text, names = document.get("text"), document.get("class_names")
    parameters = arrays.get("parameters")
    if not isinstance(text, str) or not isinstance(names, list):
        raise ValueError("a training must tell its network's text and class_names")
    if parameters is None or parameters.dtype not in (np.float32, np.float64):
        raise ValueError("a training's parameters must be an array of float32 or float64")
    return Network.from_text(
        text, class_names=names, dtype=parameters.dtype, parameters=parameters.reshape(-1)
    )


def _fill(targets: Mapping[str, Array], arrays: Mapping[str, Array]) -> None:
    """Copy arrays into those of the same names, if they are of the same shapes and types."""
    if set(arrays) != set(targets):
        odd = min(set(arrays) ^ set(targets))
        raise ValueError(f"a training of this kind needs other arrays, see {shown(odd)}")
    for name, target in targets.items():
        found = arrays[name]
        if found.shape != target.shape or found.dtype != target.dtype:
            raise ValueError(
                f"a training's {name} must be {target.dtype} of shape {target.shape}, "
                f"got {found.dtype} {found.shape}"
            )
        if name in FINITE and not np.isfinite(found).all():
            raise ValueError(f"a training's {name} must hold finite numbers")
        np.copyto(target, found)


# -- optimizers and schedules --------------------------------------------------------------------


def _told(rules: Mapping[str, type[Any]], thing: Any) -> dict[str, Any]:
    """Return a thing's kind and options as JSON values."""
    if type(thing) is not rules.get(getattr(thing, "kind", "")):
        raise ValueError(
            f"a {type(thing).__name__} can't be kept, only {', '.join(rules)}; "
            f"take it out of the trainer first"
        )
    return {
        "kind": thing.kind,
        "config": {
            name: _told(SCHEDULES, value) if isinstance(value, Schedule) else float(value)
            for name, value in thing.config().items()
        },
    }


def _made(rules: Mapping[str, type[Any]], value: Any, what: str, depth: int = 0) -> Any:
    """Return the thing that `_told` told of."""
    kind = value.get("kind") if isinstance(value, dict) else None
    config = value.get("config") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in rules or not isinstance(config, dict):
        raise ValueError(f"a training's {what} must be one of {', '.join(rules)}")
    if depth > _DEEPEST:
        raise ValueError(f"a training's {what} must not be nested more than {_DEEPEST} deep")
    options = {
        name: _made(SCHEDULES, option, what, depth + 1)
        if isinstance(option, dict)
        else _number(option, name)
        for name, option in config.items()
    }
    try:
        return rules[kind](**options)
    except TypeError:
        raise ValueError(
            f"a training's {what} {kind} has no such options: {shown(config)}"
        ) from None


def _number(value: Any, name: str) -> float:
    if type(value) not in (int, float) or not -1e38 < value < 1e38:
        raise ValueError(f"a training's {shown(name)} must be a finite number, got {shown(value)}")
    return float(value)


def _whole(document: dict[str, Any], name: str, most: int = _LARGEST) -> int:
    value = document.get(name)
    if type(value) is not int or not 0 <= value <= most:
        end = "" if most == _LARGEST else f" to {most}"
        raise ValueError(
            f"a training's {name} must be a whole number from 0{end}, got {shown(value)}"
        )
    return value
