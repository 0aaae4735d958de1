"""Parts of a session file: through a file and back, compared, and spoilt in many ways."""

import copy
import json
import random
from typing import Any

import numpy as np

from nn.formats import archive
from nn.formats.archive import Parts

ODD = (None, True, -1, 0, 7, 2.5, 1e300, 10**40, "", "nonsense", [], [3], {}, {"a": 1})


def through_a_file(parts: Parts) -> Parts:
    """The parts as they are after they were written and read."""
    return archive.unpack(archive.pack(parts, "Brightwire", "2025-01-31T12:00:00Z"), "a").parts


def differing(one: Parts, other: Parts) -> list[str]:
    """The names of parts, and of arrays in them, that are not the same."""
    found = sorted(set(one) ^ set(other))
    for name in set(one) & set(other):
        if not name.endswith(".npz"):
            if json.dumps(one[name]) != json.dumps(other[name]):
                found.append(name)
            continue
        mine, its = one[name], other[name]
        found += [f"{name}:{key}" for key in set(mine) ^ set(its)]
        for key in set(mine) & set(its):
            if mine[key].dtype != its[key].dtype or mine[key].tobytes() != its[key].tobytes():
                found.append(f"{name}:{key}")
    return found


def spoilt(parts: Parts, chance: random.Random) -> Parts:
    """A copy in which one thing is gone, of another type, or of another shape."""
    made = copy.deepcopy(parts)
    name = chance.choice(sorted(made))
    if chance.random() < 0.1:
        del made[name]
    elif name.endswith(".npz"):
        _spoil_array(made[name], chance)
    else:
        made[name] = _spoilt_value(made[name], chance)
    return made


def _spoilt_value(value: Any, chance: random.Random) -> Any:
    """A JSON value with one thing in it spoilt."""
    inner: list[Any] = []
    if isinstance(value, dict):
        inner = sorted(value)
    elif isinstance(value, (list, tuple)):
        value = list(value)
        inner = list(range(len(value)))
    if not inner or chance.random() < 0.1:
        return copy.deepcopy(chance.choice(ODD))
    place = chance.choice(inner)
    if chance.random() < 0.2:
        del value[place]
    else:
        value[place] = _spoilt_value(value[place], chance)
    return value


def _spoil_array(arrays: dict[str, np.ndarray], chance: random.Random) -> None:
    key = chance.choice(sorted(arrays))
    old = arrays[key].copy()
    with np.errstate(all="ignore"):
        match chance.randrange(7):
            case 0:
                del arrays[key]
            case 1:
                kinds = [np.float64, np.int32, np.uint8, np.bool_]
                arrays[key] = old.astype(chance.choice(kinds))
            case 2:
                arrays[key] = old[:-1] if old.ndim else old.reshape(1)
            case 3:
                arrays[key] = old[np.newaxis]
            case 4:
                arrays[key] = np.concatenate([old, old]) if old.ndim else old
            case 5:
                arrays[key] = np.zeros_like(old)
            case _ if old.size:
                worst = [-1, 250] if old.dtype.kind in "iub" else [np.nan, np.inf, -1e30]
                value = np.array(chance.choice(worst)).astype(old.dtype)
                old.reshape(-1)[chance.randrange(old.size)] = value
                arrays[key] = old
