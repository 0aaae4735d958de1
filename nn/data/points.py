"""Points of a plane with a class each: made from a recipe and a seed, or read from a CSV file.

The plane reaches from -6 to 6 both ways, y up. Coordinates are (N, 2) float32, labels (N,) int64.
"""

import csv
import io
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nn.data.table import LONGEST_CELL, TOO_LONG
from nn.formats.reading import read_whole
from nn.typing import Array
from nn.words import shown

FEWEST_CLASSES, MOST_CLASSES = 2, 6
MOST_POINTS = 20_000
"""What a plane can show; more are thinned to that number when they are read."""
MOST_BYTES = 10_000_000
MOST_LINES = 500_000
REACH = 6.0


class Points(NamedTuple):
    """Places ``x`` (N, 2) float32 and labels ``y`` (N,) int64, from 0."""

    x: Array
    y: Array


class Read(NamedTuple):
    """What a file held: the points, the names of their classes, and remarks, each a sentence."""

    points: Points
    class_names: tuple[str, ...]
    remarks: tuple[str, ...]


def empty() -> Points:
    """No points."""
    return Points(np.empty((0, 2), np.float32), np.empty(0, np.int64))


# -- recipes -------------------------------------------------------------------------------


def _blobs(rng: np.random.Generator, y: Array, classes: int) -> Array:
    angle = 2 * np.pi * y / classes + np.pi / 4
    middles = 2.4 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return middles + rng.normal(0, 0.55, (len(y), 2))


def _circle(rng: np.random.Generator, y: Array, classes: int) -> Array:
    """Class 0 is the disc in the middle, every other class a ring around the one before."""
    step = 4.4 / (classes - 0.5)  # of which a quarter is the gap between two rings
    inner = np.where(y == 0, 0.0, (y - 0.25) * step)
    outer = np.where(y == 0, 0.5 * step, (y + 0.5) * step)
    radius = np.sqrt(rng.uniform(inner**2, outer**2))
    angle = rng.uniform(0, 2 * np.pi, len(y))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _xor(rng: np.random.Generator, y: Array, classes: int) -> Array:
    """Quadrants; the class is how many of the two coordinates are negative, modulo 2.

    With more classes the plane is cut into a checked pattern of `classes` columns and rows.
    """
    cells, gap = max(2, classes), 0.3
    width = 8.0 / cells
    row = rng.integers(0, cells, len(y))
    column = (row + y) % classes if classes > 2 else (row + 1 + y) % 2
    inside = rng.uniform(gap, width - gap, (len(y), 2)) if width > 2 * gap + 0.2 else width / 2
    return np.stack([column, row], axis=1) * width - 4.0 + inside


def _spiral(rng: np.random.Generator, y: Array, classes: int) -> Array:
    along = rng.uniform(0.08, 1.0, len(y))
    angle = 1.75 * along * 2 * np.pi + 2 * np.pi * y / classes
    return np.stack([np.sin(angle), np.cos(angle)], axis=1) * 4.6 * along[:, None]


def _moons(rng: np.random.Generator, y: Array, classes: int) -> Array:
    """Half circles, each other one turned round and put into its neighbour."""
    angle = rng.uniform(0, np.pi, len(y))
    up = np.where(y % 2 == 0, 1.0, -1.0)
    radius = 4.0 * 2 / (classes + 1)
    middle = (y - (classes - 1) / 2) * radius
    across = radius * np.cos(angle) + middle
    high = up * (radius * np.sin(angle) - radius / 4)
    return np.stack([across, high], axis=1) * (1.0, 1.2)


def _random(rng: np.random.Generator, y: Array, classes: int) -> Array:
    """Anywhere: nothing to learn but by heart."""
    return rng.uniform(-4.5, 4.5, (len(y), 2))


RECIPES: dict[str, Callable[[np.random.Generator, Array, int], Array]] = {
    "blobs": _blobs,
    "circle": _circle,
    "xor": _xor,
    "spiral": _spiral,
    "moons": _moons,
    "random": _random,
}
NAMES: tuple[str, ...] = tuple(RECIPES)


def generate(
    name: str, count: int = 200, noise: float = 0.0, seed: int = 0, classes: int = 2
) -> Points:
    """Return `count` points of a recipe, about as many of each class, in random order.

    ``noise`` is the standard deviation of what is added to both coordinates, in units of the
    plane, 0 to 2. ValueError for an unknown name or a number out of range.
    """
    if name not in RECIPES:
        raise ValueError(f"{name!r} is no data set of points; there are {', '.join(NAMES)}")
    if not 1 <= count <= MOST_POINTS:
        raise ValueError(f"count must be 1 to {MOST_POINTS:,}, got {count}")
    if not 0 <= noise <= 2:
        raise ValueError(f"noise must be 0 to 2, got {noise}")
    if not FEWEST_CLASSES <= classes <= MOST_CLASSES:
        raise ValueError(f"classes must be {FEWEST_CLASSES} to {MOST_CLASSES}, got {classes}")
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(count) % classes).astype(np.int64)
    x = RECIPES[name](rng, y, classes)
    x = x + noise * rng.normal(0, 1, x.shape)  # the same points at every noise
    return Points(np.clip(x, -REACH, REACH).astype(np.float32), y)


def split(points: Points, test_part: float, seed: int = 0) -> tuple[Points, Points]:
    """Return training and test points, drawn from each class alike; both keep their order."""
    rng = np.random.default_rng(seed)
    held = np.zeros(len(points.y), bool)
    for label in np.unique(points.y):
        mine = np.flatnonzero(points.y == label)
        held[rng.permutation(mine)[: round(test_part * len(mine))]] = True
    return Points(points.x[~held], points.y[~held]), Points(points.x[held], points.y[held])


# -- CSV -----------------------------------------------------------------------------------


def to_csv(points: Points, class_names: tuple[str, ...]) -> str:
    """Return the points as CSV text with the header x, y, class."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["x", "y", "class"])
    for (x, y), label in zip(points.x.tolist(), points.y.tolist(), strict=True):
        writer.writerow([f"{x:.6g}", f"{y:.6g}", class_names[label]])
    return text.getvalue()


def read_csv(path: str | Path) -> Read:
    """Read a CSV file of two coordinates and a class a row, with or without a header.

    Values are separated by comma, semicolon or tab. Points beyond the plane are all brought into
    it with one scale; of more than `MOST_POINTS` a random part is kept; both are remarked on.
    Raises ValueError, one sentence with file, row and what was wanted; OSError as it comes.
    """
    path = Path(path)
    try:
        text = read_whole(path, MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not text in UTF-8") from None
    return parse_csv(text, path.name)


def parse_csv(text: str, name: str = "the text") -> Read:
    """Read CSV text; see `read_csv`. ``name`` stands in errors."""
    if "\0" in text:
        raise ValueError(f"{name} is not text: it holds zero bytes")
    places: list[tuple[float, float]] = []
    labels: list[int] = []
    names: dict[str, int] = {}
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in rows:
            if rows.line_num > MOST_LINES:
                raise ValueError(f"{name} has more than {MOST_LINES:,} lines, too many for points")
            if not any(cell.strip() for cell in row):
                continue
            where = f"{name}, line {rows.line_num}"
            if len(row) != 3:
                raise ValueError(
                    f"{where}: a point needs 3 values, x, y and class, but there are {len(row)}"
                )
            if not places and not _is_number(row[0]) and not _is_number(row[1]):
                continue  # the header
            places.append((_number(row[0], "x", where), _number(row[1], "y", where)))
            label = row[2].strip()
            if not label:
                raise ValueError(f"{where}: the class is empty")
            if label not in names and len(names) == MOST_CLASSES:
                raise ValueError(
                    f"{where}: {shown(label)} would be class {MOST_CLASSES + 1}, "
                    f"at most {MOST_CLASSES} can be shown"
                )
            labels.append(names.setdefault(label, len(names)))
    except csv.Error:
        raise ValueError(f"{name}, line {rows.line_num}: {TOO_LONG}") from None
    if not places:
        raise ValueError(f"{name} holds no points; a row is x, y and class, like 1.5, -2, A")
    return _fitted(np.array(places), np.array(labels, np.int64), tuple(names))


def _fitted(x: Array, y: Array, names: tuple[str, ...]) -> Read:
    """Thin, sort the classes by name and bring the points into the plane."""
    remarks = []
    if len(x) > MOST_POINTS:
        kept = np.sort(np.random.default_rng(0).choice(len(x), MOST_POINTS, replace=False))
        remarks.append(f"{len(x):,} rows: {MOST_POINTS:,} of them, drawn at random, are used.")
        x, y = x[kept], y[kept]
    order = sorted(range(len(names)), key=lambda i: _natural(names[i]))
    y = np.argsort(order)[y]
    names = tuple(names[i] for i in order)
    far = float(np.abs(x).max())
    if far > REACH:
        low, high = x.min(axis=0), x.max(axis=0)
        scale = (REACH - 1) / max(float((high - low).max()) / 2, 1e-300)
        x = (x / far - (low / far + high / far) / 2) * (far * min(scale, 1e300))
        remarks.append(f"Values reach {far:g}: all were moved and scaled to fit the plane.")
    if len(names) == 1:
        remarks.append("There is one class only: add points of another to have a boundary.")
        names = (*names, "B" if names[0] != "B" else "A")
    elif len(np.unique(x, axis=0)) == 1:
        remarks.append("All points are one and the same place: no boundary can part them.")
    return Read(Points(x.astype(np.float32), y.astype(np.int64)), names, tuple(remarks))


def _natural(name: str) -> tuple[int, float, str]:
    return (0, float(name), name) if _is_number(name) else (1, 0.0, name)


def _is_number(text: str) -> bool:
    """True for a finite number."""
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _number(text: str, what: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{where}: {what} is {shown(text.strip())}, which is no number") from None
    if not abs(value) < 1e30:
        raise ValueError(f"{where}: {what} is {shown(text.strip())}, a finite number is needed")
    return value
