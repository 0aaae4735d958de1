"""A drawing with its label as a JSON value, and back, without losing a bit.

::

    {"label": 0, "strokes": [[[x, y], [x, y], …], …], "edited": ["010", "101", "010"]}

``edited`` is there only if cells were flipped by hand.
"""

from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.drawings import Drawing, Sample

LARGEST_LABEL = 1 << 31
MOST_STROKES = 100_000
"""Of all drawings that are kept together; each takes a few hundred bytes in memory."""


def to_json(sample: Sample) -> dict[str, Any]:
    """Return a sample as a JSON value. Points keep the float64 that the drawing has."""
    drawing = sample.drawing
    value: dict[str, Any] = {
        "label": int(sample.label),
        "strokes": [np.asarray(stroke).tolist() for stroke in drawing.strokes],
    }
    if drawing.edited is not None:
        digits = np.where(drawing.edited > 0, b"1", b"0")
        value["edited"] = [row.tobytes().decode() for row in digits]
    return value


def check_amount(values: list[Any]) -> None:
    """Raise ValueError, one sentence, for more drawings or strokes than can be kept together."""
    drawings = [value.get("strokes") for value in values if isinstance(value, dict)]
    count = sum(max(1, len(strokes)) for strokes in drawings if isinstance(strokes, list))
    if count > MOST_STROKES:
        raise ValueError(f"the drawings have more than {MOST_STROKES:,} strokes together")


def from_json(value: Any) -> Sample:
    """Return the sample of a JSON value. Raises ValueError, one sentence, for what is none."""
    if not isinstance(value, dict):
        raise ValueError("a drawing must be an object with a label and strokes")
    label, strokes = value.get("label"), value.get("strokes")
    if type(label) is not int or not 0 <= label < LARGEST_LABEL:
        raise ValueError("a drawing's label must be a whole number from 0")
    if not isinstance(strokes, list):
        raise ValueError("a drawing's strokes must be a list")
    check_amount([value])
    return Sample(Drawing([_points(points) for points in strokes], _cells(value)), label)


def _points(points: Any) -> NDArray[np.float64]:
    """Return a stroke as (N, 2) float64, all finite."""
    if not isinstance(points, list) or not points:
        raise ValueError("a stroke must be a list of points")
    if not (set(map(type, points)) == {list} and set(map(len, points)) == {2}):
        raise ValueError("a stroke's points must be like [x, y]")
    if not set(map(type, chain.from_iterable(points))) <= {int, float}:
        raise ValueError("a stroke's points must be numbers")
    try:
        found = np.array(points, np.float64)
    except OverflowError:  # a whole number of hundreds of digits
        found = np.full((1, 2), np.inf)
    if not np.isfinite(found).all():
        raise ValueError("a stroke's points must be finite numbers")
    return found


def _cells(value: dict[str, Any]) -> NDArray[np.float32] | None:
    """Return the edited cells as (S, S) float32 of 0 and 1, None if there are none."""
    rows = value.get("edited")
    if rows is None:
        return None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, str) for row in rows):
        raise ValueError("a drawing's edited cells must be a list of rows")
    digits = "".join(rows)
    if any(len(row) != len(rows) for row in rows) or set(digits) - {"0", "1"}:
        raise ValueError("a drawing's edited cells must be a square of 0 and 1")
    cells = np.array(list(digits), np.float32)
    return cells.reshape(len(rows), len(rows))
