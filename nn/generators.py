"""Random generators as JSON values, so that they can go on where they were."""

from typing import Any

import numpy as np

_ENDS = {"state": 1 << 128, "inc": 1 << 128, "has_uint32": 2, "uinteger": 1 << 32}


def to_json(generator: np.random.Generator) -> dict[str, int]:
    """Return where a generator of `np.random.default_rng` (PCG64) is, as whole numbers."""
    found = generator.bit_generator.state
    return {**found["state"], "has_uint32": found["has_uint32"], "uinteger": found["uinteger"]}


def from_json(value: Any) -> np.random.Generator:
    """Return a new generator that goes on from there. Raises ValueError, one sentence."""
    generator = np.random.default_rng(0)
    restore(generator, value)
    return generator


def restore(generator: np.random.Generator, value: Any) -> None:
    """Have a generator go on from there. Raises ValueError, one sentence, for what doesn't fit."""
    if not isinstance(value, dict) or set(value) != set(_ENDS):
        raise ValueError(f"a random generator must be an object with {', '.join(_ENDS)}")
    for name, end in _ENDS.items():
        if type(value[name]) is not int or not 0 <= value[name] < end:
            raise ValueError(f"a random generator's {name} must be a whole number below {end}")
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": value["state"], "inc": value["inc"]},
        "has_uint32": value["has_uint32"],
        "uinteger": value["uinteger"],
    }
