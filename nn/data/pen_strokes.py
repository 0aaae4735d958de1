"""Reader of pen drawings: one JSON object a line (ndjson), plain or gzipped.

Each line is `{"label": "X", "writer": "someone", "strokes": [[[x, y], ...], ...]}` with x to the
right, y down, in any unit. Blank lines are skipped. Files are data from outside: everything is
checked, and a bad one is answered with one sentence.
"""

from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.formats import json_text
from nn.formats.json_text import kind
from nn.formats.reading import opened
from nn.words import shown

_LONGEST_LINE = 1_000_000
_MOST_LINES = 50_000
_MOST_BYTES = 12_000_000
_MOST_STROKES = 100_000


@dataclass(frozen=True, eq=False)
class PenDrawing:
    """A drawing as read: label and writer are not empty, strokes are (N, 2) float32, N ≥ 1."""

    label: str
    writer: str
    strokes: list[NDArray[np.float32]]


def read(path: str | Path) -> list[PenDrawing]:
    """Read all drawings of an ndjson or ndjson.gz file.

    Raises:
        ValueError: the file is damaged, too large or holds something else; one sentence with the
            file, the line and what was expected.
        OSError: the file can't be opened.
    """
    path = Path(path)
    drawings: list[PenDrawing] = []
    read_bytes = strokes = 0
    with opened(path) as stream:
        for number in count(1):
            line = stream.readline(_LONGEST_LINE + 1)
            if not line:
                break
            read_bytes += len(line)
            if len(line) > _LONGEST_LINE or read_bytes > _MOST_BYTES or number > _MOST_LINES:
                raise ValueError(f"{path}, line {number}: too long for a file of pen drawings")
            if not line.strip():
                continue
            try:
                drawings.append(_drawing(line))
            except _BadLineError as problem:
                raise ValueError(f"{path}, line {number}: {problem}") from None
            strokes += len(drawings[-1].strokes)
            if strokes > _MOST_STROKES:
                raise ValueError(f"{path}, line {number}: more than {_MOST_STROKES:,} strokes")
    if not drawings:
        raise ValueError(f"{path}: expected one drawing a line, found none")
    return drawings


class _BadLineError(Exception):
    """What is wrong with one line."""


def _drawing(line: bytes) -> PenDrawing:
    try:
        record = json_text.parse(line)
    except ValueError as error:
        raise _BadLineError(f"expected a JSON object, but {error}") from None
    if not isinstance(record, dict):
        raise _BadLineError(f"expected a JSON object, got {kind(record)}")
    strokes = record.get("strokes")
    if not isinstance(strokes, list) or not strokes:
        raise _BadLineError(f'"strokes": expected a list of strokes, got {kind(strokes)}')
    return PenDrawing(
        _text(record, "label"), _text(record, "writer"), [_stroke(stroke) for stroke in strokes]
    )


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value or len(value) > 200:
        raise _BadLineError(f'"{key}": expected a short text, got {kind(value)}')
    return value


def _stroke(points: object) -> NDArray[np.float32]:
    if not isinstance(points, list) or not points:
        raise _BadLineError(f"a stroke: expected a list of [x, y] points, got {kind(points)}")
    if set(map(type, points)) <= {list} and set(map(len, points)) == {2}:
        numbers = set(map(type, chain.from_iterable(points)))
        if numbers <= {int, float}:
            with suppress(OverflowError):  # a whole number of hundreds of digits
                found = np.array(points, np.float64)
                if (np.abs(found) < 1e30).all():
                    return found.astype(np.float32)
    wrong = next(point for point in points if not _is_point(point))
    raise _BadLineError(f"a point: expected [x, y], got {shown(wrong, 40)}")


def _is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(value) in (int, float) and abs(value) < 1e30 for value in point)
    )
