"""A table and what is learnt from it, as parts of a session file. Qt-free."""

from dataclasses import dataclass

import numpy as np

from gui import kept
from gui.kept import Parts
from gui.points.table_look import Choice
from nn.data.table import MOST_COLUMNS, MOST_ROWS, Column, Table

LARGEST = 1e30  # a number in a cell, as `nn.data.table` reads them
MOST_BYTES = 40_000_000
"""A table that takes more is left out: the file that it came from has it."""


@dataclass(frozen=True)
class ToldColumn:
    """A column without its values."""

    name: str
    is_number: bool
    names: tuple[str, ...]
    missing: int
    odd: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A table without its values, what is learnt of it, and the network's text."""

    name: str
    rows: int
    total: int
    remarks: tuple[str, ...]
    columns: tuple[ToldColumn, ...]
    target: int
    used: tuple[int, ...]
    test_part: float
    text: str


def of(choice: Choice, text: str) -> Parts:
    """The parts; with a table that is too large, a note of its name alone."""
    table = choice.table
    words = sum(len(name) for column in table.columns for name in column.names)
    if 8 * table.rows * len(table.columns) + 4 * words > MOST_BYTES:
        return {"left_out.json": table.name}
    columns = tuple(
        ToldColumn(c.name, c.is_number, c.names, c.missing, c.odd) for c in table.columns
    )
    told = Told(
        table.name,
        table.rows,
        table.total,
        table.remarks,
        columns,
        choice.target,
        choice.used,
        choice.test_part,
        text,
    )
    numbers = [c.numbers for c in table.columns if c.numbers is not None]
    codes = [c.codes for c in table.columns if c.codes is not None]
    arrays = {
        "numbers": np.array(numbers, np.float64).reshape(-1, table.rows),
        "codes": np.array(codes, np.int32).reshape(-1, table.rows),
    }
    return {"page.json": kept.told(told), "table.npz": arrays}


def read(parts: Parts) -> tuple[Choice, str]:
    """What is learnt, and the text. ValueError, one sentence, for what does not fit."""
    told = kept.record(parts, "page.json", Told)
    count = len(told.columns)
    with kept.naming("page.json"):
        if not (1 <= told.rows <= MOST_ROWS and 2 <= count <= MOST_COLUMNS):
            raise ValueError(f"a table can't have {told.rows} rows and {count} columns")
        if not (0 <= told.target < count and all(0 <= i < count for i in told.used)):
            raise ValueError(f"the table has no column {told.target}, or none of {told.used}"[:80])
    many = sum(column.is_number for column in told.columns)
    shape = (many, told.rows)
    numbers = iter(kept.array(parts, "table.npz", "numbers", np.float64, shape, finite=False))
    codes = iter(kept.array(parts, "table.npz", "codes", np.int32, (count - many, told.rows)))
    columns = []
    for column in told.columns:
        values = next(numbers) if column.is_number else None
        words = None if column.is_number else next(codes).astype(np.int64)
        with kept.naming("table.npz"):
            if words is not None and not -1 <= words.min() <= words.max() < len(column.names):
                raise ValueError(f"column “{column.name[:40]}” has a value without a name")
            if values is not None and (np.abs(values) >= LARGEST).any():
                raise ValueError(f"column “{column.name[:40]}” has a value beyond all bounds")
        columns.append(Column(column.name, values, words, column.names, column.missing, column.odd))
    table = Table(told.name, tuple(columns), told.rows, told.total, told.remarks)
    return Choice(table, told.target, told.used, told.test_part), told.text
