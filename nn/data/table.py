"""Tables to learn from: a CSV file with a header, whose columns are numbers or categories.

A file from outside is data: every cell is text that may mean a number, a category or nothing.
What had to be left out or guessed is told in `remarks`, each a sentence.
"""

import csv
import io
from collections.abc import Iterable
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import NamedTuple, TextIO

import numpy as np

from nn.data.progress import Job, Progress, finish
from nn.formats.reading import size_of
from nn.typing import Array
from nn.words import shown

MOST_BYTES = 1_000_000_000
MOST_ROWS = 50_000
"""Rows that are used; of more a random part is."""
MOST_COLUMNS = 500
MOST_CATEGORIES = 50
"""Different values of a category that is learnt from; a name or an address has more."""
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-"})
MOSTLY = 0.8
"""Part of a column's values that must be numbers for it to be one of numbers."""
MOST_CELLS = 1_000_000
"""Of the rows that are used; with many columns these are fewer than `MOST_ROWS`."""
LONGEST_CELL = 100_000
TOO_LONG = "a value is too long; perhaps a closing quotation mark is missing"
KEPT_OF_A_CELL = 64
"""Letters: neither a number nor a category that is learnt from has more."""
LONGEST_LINE = 1_000_000
LOOK_EVERY = 1_000_000
"""Letters."""
_SNIFFED = 65_536


class Column(NamedTuple):
    """One column: ``numbers`` (N,) float64 with NaN where missing, or ``codes`` (N,) int64 into
    ``names`` with -1 where missing; the other one is None. ``odd`` cells were no numbers.
    """

    name: str
    numbers: Array | None
    codes: Array | None
    names: tuple[str, ...]
    missing: int
    odd: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return self.numbers is not None


class Table(NamedTuple):
    """The columns of a file, ``rows`` rows of the ``total`` that it has, and remarks."""

    name: str
    columns: tuple[Column, ...]
    rows: int
    total: int
    remarks: tuple[str, ...]


def read(path: str | Path, seed: int = 0) -> Job[Table]:
    """Read a CSV file with a header; yields how far it is.

    Values are separated by comma, semicolon, tab or bar, and may be quoted. Of more than
    `MOST_ROWS` rows a random part is used, drawn with `seed`. Raises ValueError, one sentence
    with file, line and what was wanted; OSError as it comes.
    """
    path = Path(path)
    size = size_of(path)
    if size > MOST_BYTES:
        raise ValueError(
            f"{path.name} has {size / 1e6:,.0f} MB, at most {MOST_BYTES / 1e6:,.0f} MB are read"
        )
    with path.open("rb") as raw:
        start = raw.read(_SNIFFED)
    if start[:4] == b"PK\x03\x04":
        raise ValueError(
            f"{path.name} is a workbook or archive, not text: save the sheet as CSV first"
        )
    if b"\0" in start:
        raise ValueError(f"{path.name} is not text in UTF-8; save it as CSV in UTF-8")
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return (yield from _gather(lines, path.name, seed))
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not text in UTF-8; save it as CSV in UTF-8") from None


def parse(text: str, name: str = "the text", seed: int = 0) -> Table:
    """Read CSV text; see `read`. ``name`` stands in errors."""
    return finish(_gather(io.StringIO(text, newline=""), name, seed))


# -- rows ----------------------------------------------------------------------------------


def _gather(text: TextIO, name: str, seed: int) -> Job[Table]:
    lines = _Lines(text, name)
    header_line = next((line for line in lines if line.strip() or lines.read > LOOK_EVERY), "")
    if not header_line.strip():
        raise ValueError(f"{name} is empty; a header and rows are wanted, like age,height,kind")
    separator = max(",;\t|", key=header_line.count)
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(chain([header_line], lines), delimiter=separator)
    kept: list[list[str]] = []
    total = told = 0
    try:
        header = _checked_header(next(rows), name)
        most = min(MOST_ROWS, MOST_CELLS // len(header))
        pick = _Reservoir(seed, most)
        for row in rows:
            if lines.read - told > LOOK_EVERY:
                told = lines.read
                yield Progress(f"reading {name}", total, None, "rows")
            if len(row) != len(header):
                if not any(cell.strip() for cell in row):
                    continue
                raise ValueError(
                    f"{name}, line {rows.line_num}: {len(row)} values, but the header "
                    f"names {len(header)} columns"
                )
            if total < most:
                kept.append([cell[:KEPT_OF_A_CELL] for cell in row])
            elif total == pick.next:
                kept[pick.place()] = [cell[:KEPT_OF_A_CELL] for cell in row]
            total += 1
    except csv.Error:
        raise ValueError(f"{name}, line {rows.line_num}: {TOO_LONG}") from None
    if not total:
        raise ValueError(f"{name} has a header but no rows")
    remarks = []
    if total > len(kept):
        remarks.append(f"Of {total:,} rows {len(kept):,}, drawn at random, are used.")
    columns = []
    for i, title in enumerate(header):
        columns.append(_column(title, [row[i] for row in kept], comma=separator == ";"))
        yield Progress(f"reading {name}", total, None, "rows")
    return Table(name, tuple(columns), len(kept), total, tuple(remarks))


class _Lines:
    """The lines of a text, none longer than `LONGEST_LINE`, and how many letters were read."""

    def __init__(self, text: TextIO, name: str) -> None:
        self._text, self._name = text, name
        self.read = self._count = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self._count += 1
        self.read += len(line)
        if len(line) > LONGEST_LINE:
            raise ValueError(
                f"{self._name}, line {self._count}: has more than {LONGEST_LINE:,} letters; "
                f"a row of a table is much shorter"
            )
        return line


def _checked_header(cells: list[str], name: str) -> list[str]:
    header = [cell.strip()[:KEPT_OF_A_CELL] or f"column {i + 1}" for i, cell in enumerate(cells)]
    if len(header) < 2:
        raise ValueError(
            f"{name} has one column, {shown(header[0])}; at least two are wanted: something to "
            "learn from, and a target"
        )
    if len(header) > MOST_COLUMNS:
        raise ValueError(f"{name} has {len(header):,} columns, at most {MOST_COLUMNS} are read")
    if all(_is_number(cell) for cell in cells):
        raise ValueError(
            f"{name} has numbers in its first line, where the names of the columns are wanted"
        )
    twice = next((title for title in header if header.count(title) > 1), None)
    if twice is not None:
        raise ValueError(f"{name} has two columns named {shown(twice)}")
    return header


class _Reservoir:
    """Which rows beyond the first ``size`` take the place of another, each equally likely.

    Source: Li 1994, Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n))),
    algorithm L.
    """

    def __init__(self, seed: int, size: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._size = size
        self._w = 1.0
        self.next = size - 1
        self._skip()

    def _skip(self) -> None:
        self._w *= float(np.exp(np.log(self._rng.random()) / self._size))
        self.next += int(np.log(self._rng.random()) / np.log1p(-self._w)) + 1

    def place(self) -> int:
        self._skip()
        return int(self._rng.integers(self._size))


# -- columns -------------------------------------------------------------------------------


def _column(title: str, cells: Iterable[str], *, comma: bool) -> Column:
    texts = [cell.strip() for cell in cells]
    if comma:  # where semicolons part the values, a comma may stand for the decimal point
        numbers = np.array([_number(text.replace(",", ".")) for text in texts])
    else:
        numbers = np.array([_number(text) for text in texts])
    empty = np.array([text.casefold() in MISSING for text in texts])
    filled = int((~empty).sum())
    good = np.isfinite(numbers)
    if filled and int(good.sum()) >= MOSTLY * filled:
        odd = ~good & ~empty
        shown = dict.fromkeys(texts[i] for i in np.flatnonzero(odd)[:50])
        return Column(
            title, np.where(good, numbers, np.nan), None, (), int((~good).sum()), tuple(shown)
        )
    names = sorted({text for text, gone in zip(texts, empty, strict=True) if not gone}, key=natural)
    places = {text: i for i, text in enumerate(names)}
    codes = np.array(
        [-1 if gone else places[text] for text, gone in zip(texts, empty, strict=True)], np.int64
    )
    return Column(title, None, codes, tuple(names), int(empty.sum()))


def natural(text: str) -> tuple[int, float, str]:
    """Sorts numbers by value, before words by letter."""
    return (0, float(text), text) if _is_number(text) else (1, 0.0, text.casefold() + "\0" + text)


def _number(text: str) -> float:
    """A finite number below 1e30, or NaN."""
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if abs(value) < 1e30 else float("nan")


def _is_number(text: str) -> bool:
    return isfinite(_number(text))
