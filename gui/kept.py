"""What a session file keeps, told as parts and checked as it is read back.

A part is JSON or arrays, by its suffix. JSON is that of a record: a frozen dataclass, whose types
say what is good. So a page or a workspace writes down once what is kept of it:

    parts = {"page.json": kept.told(Kept("circle", 3)), "points.npz": {"x": x}}
    page = kept.record(parts, "page.json", Kept)
    x = kept.array(parts, "points.npz", "x", np.float32, (None, 2))

What does not fit is a ValueError of one sentence, which names the part and the value.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

import nn
from nn import checkpoint
from nn.typing import Array

Parts = dict[str, Any]
"""A part of a session file under its name: `nn.formats.archive` tells what it can be."""

MOST_POINTS = 500_000  # of a drawing
FARTHEST = 1e4  # paper units from the corner to a point of a drawing
DOCUMENT, ARRAYS = "trainer.json", "trainer.npz"
LARGEST_WHOLE = 1 << 53
WORDS = {bool: "true or false", int: "a whole number", float: "a finite number", str: "a text"}
Record = TypeVar("Record")


# -- folders ---------------------------------------------------------------------------------


def within(folder: str, parts: Parts) -> Parts:
    """The same parts, in a folder."""
    return {f"{folder}/{name}": value for name, value in parts.items()}


def below(folder: str, parts: Parts) -> Parts:
    """The parts that lie in a folder, named from there."""
    start = f"{folder}/"
    return {
        name.removeprefix(start): value for name, value in parts.items() if name.startswith(start)
    }


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Have errors begin with the name of what is being read."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


# -- records ---------------------------------------------------------------------------------


def told(value: Any) -> Any:
    """A record as JSON values; what is in it already stays as it is."""
    if is_dataclass(value):
        return {field.name: told(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [told(item) for item in value]
    return value


def record(parts: Parts, name: str, kind: type[Record]) -> Record:
    """The record of this kind that a part holds; what is missing in it has its default."""
    with naming(name):
        made: Record = _read(kind, _part(parts, name), "")
        return made


def _part(parts: Parts, name: str) -> Any:
    if name not in parts:
        raise ValueError("it is missing")
    return parts[name]


def _read(kind: Any, value: Any, where: str) -> Any:
    if kind is Any:
        return value
    if is_dataclass(kind):
        return _read_record(kind, value, where)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:
        if value is None:
            return None
        return _read(next(one for one in inner if one is not NoneType), value, where)
    if origin is tuple:
        return _read_tuple(inner, value, where)
    if origin is dict:
        if not isinstance(value, dict) or not all(type(key) is str for key in value):
            raise ValueError(f"{where} must be an object")
        return {key: _read(inner[1], item, f"{where}.{key}") for key, item in value.items()}
    if kind is float:
        good = type(value) in (int, float) and abs(value) < 1e300 and isfinite(value)
    elif kind is int:
        good = type(value) is int and abs(value) <= LARGEST_WHOLE
    else:
        good = type(value) is kind
    if not good:
        raise ValueError(f"{where} must be {WORDS[kind]}")
    return float(value) if kind is float else value


def _read_record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where or 'it'} must be an object")
    hints = get_type_hints(kind)
    found = {}
    for field in fields(kind):
        inside = f"{where}.{field.name}" if where else field.name
        if field.name in value:
            found[field.name] = _read(hints[field.name], value[field.name], inside)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{inside} is missing")
    return kind(**found)


def _read_tuple(inner: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{where} must be a list")
    if inner[-1] is Ellipsis:
        return tuple(_read(inner[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if len(value) != len(inner):
        raise ValueError(f"{where} must be a list of {len(inner)}")
    return tuple(
        _read(kind, item, f"{where}[{i}]")
        for i, (kind, item) in enumerate(zip(inner, value, strict=True))
    )


# -- arrays ----------------------------------------------------------------------------------


def array(
    parts: Parts,
    name: str,
    key: str,
    dtype: Any,
    shape: tuple[int | None, ...],
    *,
    finite: bool = True,
) -> Array:
    """An array of a part, of this type and shape (None: any length); not copied."""
    with naming(name):
        held = _part(parts, name)
        value = held.get(key) if isinstance(held, Mapping) else None
        if not isinstance(value, np.ndarray):
            raise ValueError(f"the array “{key}” is missing")
        wanted = " × ".join("any" if n is None else str(n) for n in shape)
        if value.dtype != dtype or len(value.shape) != len(shape):
            raise ValueError(
                f"“{key}” must be {np.dtype(dtype)} of {wanted}, not {value.dtype} of {value.shape}"
            )
        if any(n not in (None, found) for n, found in zip(shape, value.shape, strict=True)):
            raise ValueError(f"“{key}” must be {wanted}, not {value.shape}")
        if finite and value.dtype.kind == "f" and not np.isfinite(value).all():
            raise ValueError(f"“{key}” must hold finite numbers")
        return value


# -- drawings --------------------------------------------------------------------------------


def stroke_arrays(strokes: Sequence[Array]) -> dict[str, Array]:
    """The strokes (N, 3) of a canvas as two arrays."""
    return {
        "points": np.concatenate([np.empty((0, 3), np.float32), *strokes]),
        "lengths": np.array([len(stroke) for stroke in strokes], np.int64),
    }


def strokes(parts: Parts, name: str) -> tuple[Array, ...]:
    """The strokes that a part holds as `stroke_arrays`."""
    points = array(parts, name, "points", np.float32, (None, 3))
    lengths = array(parts, name, "lengths", np.int64, (None,))
    with naming(name):
        if len(lengths) and (lengths.min() < 1 or lengths.max() > len(points)):
            raise ValueError("a stroke has no points, or too many")
        if lengths.sum() != len(points):
            raise ValueError(f"strokes of {lengths.sum()} points can't be made of {len(points)}")
        if len(points) > MOST_POINTS or (np.abs(points) > FARTHEST).any():
            raise ValueError("there are too many points, or one lies beyond all bounds")
    return tuple(np.split(points, lengths.cumsum()[:-1])) if len(lengths) else ()


# -- trainings -------------------------------------------------------------------------------


def trainer_parts(trainer: "nn.Trainer") -> Parts:
    """A training with its network; to be called in its thread."""
    taken = checkpoint.take(trainer)
    return {DOCUMENT: taken.document, ARRAYS: taken.arrays}


def trainer(parts: Parts) -> "nn.Trainer":
    """A training that goes on, with a network of its own."""
    with naming(DOCUMENT):
        document = _part(parts, DOCUMENT)
    with naming(ARRAYS):
        arrays = _part(parts, ARRAYS)
        if not isinstance(arrays, dict) or not all(
            isinstance(array, np.ndarray) for array in arrays.values()
        ):
            raise ValueError("it must hold arrays")
    with naming(DOCUMENT):
        made = checkpoint.resume(checkpoint.Checkpoint(document, arrays))
        plain = made.workers == made.accumulate == 1 and made.schedule is None
        if not plain or made.network.dtype != np.float32:
            raise ValueError("it must be a plain training in float32")
    return made
