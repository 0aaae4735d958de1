"""Reader of pen drawings: one JSON object a line (ndjson), plain or gzipped.

Each line is `{"label": "X", "writer": "someone", "strokes": [[[x, y], ...], ...]}` with x to the
right, y down, in any unit. Blank lines are skipped. Files are data from outside: everything is
checked, and a bad one is answered with one sentence.
"""

import gzip
import json
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

_LONGEST_LINE = 4_000_000
_MOST_DRAWINGS = 200_000
_MOST_BYTES = 500_000_000


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
    read_bytes = 0
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if zipped else raw
        for number, line in enumerate(_lines(stream, path), start=1):
            read_bytes += len(line)
            if len(line) > _LONGEST_LINE or read_bytes > _MOST_BYTES:
                raise ValueError(f"{path}, line {number}: too long for a file of pen drawings")
            if not line.strip():
                continue
            if len(drawings) >= _MOST_DRAWINGS:
                raise ValueError(f"{path}: more than {_MOST_DRAWINGS:,} drawings")
            try:
                drawings.append(_drawing(line))
            except _BadLineError as problem:
                raise ValueError(f"{path}, line {number}: {problem}") from None
    if not drawings:
        raise ValueError(f"{path}: expected one drawing a line, found none")
    return drawings


class _BadLineError(Exception):
    """What is wrong with one line."""


def _lines(stream: IO[bytes], path: Path) -> Iterator[bytes]:
    try:
        while line := stream.readline(_LONGEST_LINE + 1):
            yield line
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise ValueError(f"{path}: the gzip data is damaged or cut off") from None


def _drawing(line: bytes) -> PenDrawing:
    try:
        record = json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise _BadLineError("expected a JSON object") from None
    if not isinstance(record, dict):
        raise _BadLineError(f"expected a JSON object, got {_kind(record)}")
    strokes = record.get("strokes")
    if not isinstance(strokes, list) or not strokes:
        raise _BadLineError(f'"strokes": expected a list of strokes, got {_kind(strokes)}')
    return PenDrawing(
        _text(record, "label"), _text(record, "writer"), [_stroke(stroke) for stroke in strokes]
    )


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value or len(value) > 200:
        raise _BadLineError(f'"{key}": expected a short text, got {_kind(value)}')
    return value


def _stroke(points: object) -> NDArray[np.float32]:
    if not isinstance(points, list) or not points:
        raise _BadLineError(f"a stroke: expected a list of [x, y] points, got {_kind(points)}")
    for point in points:
        if not isinstance(point, list) or len(point) != 2 or not all(map(_is_number, point)):
            raise _BadLineError(f"a point: expected [x, y], got {json.dumps(point)[:40]}")
    return np.array(points, np.float32)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e30 and not (isinstance(value, float) and math.isnan(value))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    if value is None:
        return "nothing"
    if value in ([], "", {}):
        return "an empty one"
    return names.get(type(value), "a number")
