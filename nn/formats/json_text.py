"""JSON from files that may be hostile, and JSON for them.

A short text can become much memory (a list of empty objects takes thirty times its file) or nest
deeper than a program can follow: its marks are counted before it is read.
"""

import json
import re
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from nn.formats.reading import read_whole

LARGEST_FILE = 32_000_000
"""Bytes; about two and a half million weights."""

MOST_MEMORY = 240_000_000
_TAKES = {b",": 40, b"[": 100, b"{": 240, b'"': 70}
"""Bytes that Python takes at most for what such a mark stands for."""
_DEEPEST = 64
_NOT_NESTING = bytes(set(range(256)) - set(b"[]{}"))
# JSON writes rarer letters as two halves, surrogates, each of which alone is no letter.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_HALF = re.compile(rb"\\\\|" + _PAIR.pattern + rb"|(\\u[dD][89a-fA-F]..)")

_encoder = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def dump(value: Any) -> bytes:
    """Return a JSON value as one line of ASCII. ValueError for NaN and infinity; TypeError for
    what has no place in JSON. Half a character, as a file's name may have, becomes "�".
    """
    content = _encoder.encode(value).encode("ascii")
    if _SURROGATE.search(content):
        return _HALF.sub(lambda found: rb"\ufffd" if found[1] else found[0], content)
    return content


def read(path: Path, most: int = LARGEST_FILE) -> Any:
    """Return what a JSON file holds; errors as `parse` and `nn.formats.reading.read_whole`."""
    return parse(read_whole(path, most))


def parse(content: bytes, most_memory: int = MOST_MEMORY) -> Any:
    """Return the value of a JSON text in UTF-8.

    Raises ValueError, a sentence without the file's name, for one that is damaged, takes more than
    ``most_memory`` bytes once it is read, nests more than 64 deep, or has NaN, Infinity or half a
    character in it. A number too large for a float, like 1e999, comes as infinity.
    """
    if memory(content) > most_memory:
        raise ValueError("it holds more values than fit into memory")
    nesting = np.frombuffer(content.translate(None, _NOT_NESTING), np.uint8) | 0x20
    depth = np.cumsum(np.where(nesting == ord("{"), 1, -1))  # [ and ] differ from { and } by 0x20
    if depth.max(initial=0) > _DEEPEST:
        raise ValueError(f"it is nested too deeply, more than {_DEEPEST} lists in each other")
    if _SURROGATE.search(content) and _SURROGATE.search(
        _PAIR.sub(b"", content.replace(rb"\\", b" "))
    ):
        raise ValueError("a text in it has half a character")
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is damaged or cut off in line {error.lineno}") from None
    except _NotFiniteError:
        raise
    except ValueError:  # Python's own bound on digits
        raise ValueError("a number in it is too long") from None


def memory(content: bytes) -> int:
    """Return at most how many bytes the values of a JSON text take, about."""
    return sum(content.count(mark) * size for mark, size in _TAKES.items()) + len(content)


def kind(value: Any) -> str:
    """Return what a JSON value is, for a sentence."""
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, str):
        return "a text" if value else "an empty text"
    if isinstance(value, bool):
        return "a truth value"
    return "nothing" if value is None else "a number"


class _NotFiniteError(ValueError):
    """NaN and Infinity, which JSON doesn't have and Python reads all the same."""


def _no_constant(name: str) -> NoReturn:
    raise _NotFiniteError(f"it must hold finite numbers, got {name}")
