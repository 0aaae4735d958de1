"""Histories as CSV files (RFC 4180), by the csv module. Qt-free."""

import csv
import io
from collections.abc import Sequence
from math import isfinite


def to_csv(columns: Sequence[str], rows: Sequence[Sequence[float | str]]) -> bytes:
    """A header and a line a row, in UTF-8 without a byte order mark: what is written is ASCII
    unless a text in it is not. Numbers have a decimal point and as many digits as give back the
    same number; what is not finite is an empty field.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # its dialect is RFC 4180's: commas, "\r\n", quotes where needed
    writer.writerow(columns)
    writer.writerows([_field(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _field(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if not isfinite(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e16 else repr(float(value))
