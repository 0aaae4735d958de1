"""Tables, points and pen drawings."""

import json
from pathlib import Path
from random import Random

from nn.data import pen_strokes, points, table, table_batch
from tests.test_hostile import bend
from tests.test_hostile.reader import Makers, Reader, bomb, told, zipped


def _csv(rng: Random) -> bytes:
    mark = rng.choice(",;\t|")
    rows = [("age", "height", "kind")]
    rows += [(str(rng.randrange(99)), f"{rng.random():.3f}", rng.choice("XO")) for _ in range(20)]
    rows += [("", "n/a", "X"), ('"a ""b"" c"', "1e3", "O")]
    return "\n".join(mark.join(row) for row in rows).encode()


def _points_csv(rng: Random) -> bytes:
    rows = [
        f"{rng.uniform(-5, 5):.3f},{rng.uniform(-5, 5):.3f},{rng.choice('AB')}" for _ in range(20)
    ]
    return "\n".join(["x,y,class", *rows]).encode()


def _table(path: Path) -> None:
    found = told(table.read(path))
    target = table_batch.likely_target(found)
    if target is not None:
        table_batch.prepare(found, target)


CSV_BAD: Makers = {
    "empty": lambda: b"",
    "bom": lambda: b"\xef\xbb\xbf",
    "zeros": lambda: bytes(1000),
    "late-zero": lambda: b"a,b,c\n" + b"1,2,X\n" * 50_000 + b"\0,1,X\n",
    "line": lambda: b"a" * 60_000_000,
    "wide-line": lambda: "😀".encode() + b"a" * 30_000_000,
    "commas": lambda: b"a,b,c" + b"," * 1_000_000 + b"\n1,2,3\n",
    "quote": lambda: b'a,b,c\n"' + b"1,2,3\n" * 200_000,
    "cells": lambda: b"a,b,c\n" + (b"x" * 90_000 + b",1,X\n") * 600,
    "columns": lambda: (
        b",".join(b"c%d" % i for i in range(500)) + b"\n" + (b"12345," * 499 + b"X\n") * 20_000
    ),
    "returns": lambda: b"x,y,class\r" + b"1,2,A\r" * 10_000,
    "blank": lambda: b"x,y,class\n" + b"\n" * 10_000_000,
    "categories": lambda: b"a,b,c\n" + b"".join(b"w%d,%d,X\n" % (i, i) for i in range(50_000)),
    "latin-1": lambda: b"\xe9t\xe9,b,c\n1,2,X\n",
    "utf-16": lambda: "x,y,class\n1,2,A\n".encode("utf-16"),
    "digits": lambda: "x,y,class\n١,٢,A\n1_0,2,B\n".encode(),
    "long-number": lambda: b"x,y,class\n" + b"1" * 5000 + b",2,A\n" + b"9" * 400 + b",2,A\n",
    "extreme": lambda: b"x,y,class\n1e29,-1e29,A\n1e-320,nan,B\n",
    "headers": lambda: b"a" * 5_000_000 + b",b\n1,2\n",
    "rows": lambda: b"x,y,class\n" + b"1.5,2.5,A\n" * 2_000_000,
}


def _drawings(rng: Random) -> bytes:
    lines = [
        {
            "label": rng.choice("XO"),
            "writer": "w",
            "strokes": [[[rng.randrange(99), rng.random()] for _ in range(9)] for _ in range(2)],
        }
        for _ in range(4)
    ]
    return "\n".join(map(json.dumps, lines)).encode()


def _bent_lines(content: bytes, rng: Random) -> bytes:
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    lines[at] = bend.bent_json(lines[at], rng)
    return b"\n".join(lines)


_LINE = b'{"label":"X","writer":"w","strokes":[[[1,2]]]}\n'
DRAWINGS_BAD: Makers = {
    "empty": lambda: b"",
    "deep": lambda: b"[" * 100_000,
    "blank": bomb(b"", b"\n", 60),
    "zeros": bomb(b"", b"\0", 700),
    "spaces": bomb(b"", b" ", 700),
    "drawings": bomb(b"", _LINE, 60),
    "strokes": lambda: (
        b'{"label":"X","writer":"w","strokes":[' + b"[[1,2]]," * 400_000 + b"[[1,2]]]}"
    ),
    "lines-of-strokes": bomb(
        b"", b'{"label":"X","writer":"w","strokes":[' + b"[[1,2]]," * 30_000 + b"[[1,2]]]}\n", 60
    ),
    "points": bomb(
        b"", b'{"label":"X","writer":"w","strokes":[[' + b"[1,2]," * 40_000 + b"[1,2]]]}\n", 60
    ),
    "objects": lambda: b'{"label":"X","writer":"w","strokes":[' + b"{}," * 1_200_000 + b"1]}",
    "number": lambda: (
        b'{"label":"X","writer":"w","strokes":[[[1e999,-1e29],[' + b"9" * 4000 + b",2]]]}"
    ),
    "label": lambda: b'{"label":"' + b"a" * 1_000_000 + b'"}',
    "controls": lambda: b'{"label":"\\u0000\\u202e","writer":"\\ud800","strokes":[[[1,2]]]}',
}


READERS: dict[str, Reader] = {
    "pen-drawings": Reader(
        pen_strokes.read, _drawings, zipped(_bent_lines), DRAWINGS_BAD, file="hostile.ndjson"
    ),
    "table": Reader(_table, _csv, bend.bent_text, CSV_BAD, file="hostile.csv"),
    "points": Reader(points.read_csv, _points_csv, bend.bent_text, CSV_BAD, file="hostile.csv"),
}
