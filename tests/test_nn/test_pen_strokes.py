"""The reader of pen drawings."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import pen_strokes

GOOD = {"label": "X", "writer": "ann", "strokes": [[[0, 0], [10, 10.5]], [[10, 0]]]}


def line(**changes):
    return json.dumps(GOOD | changes).encode() + b"\n"


def test_plain_and_gzipped_lines_read_alike(tmp_path):
    text = line() + b"\n" + line(label="O", writer="bob")
    (tmp_path / "plain.ndjson").write_bytes(text)
    (tmp_path / "packed.ndjson.gz").write_bytes(gzip.compress(text))
    plain = pen_strokes.read(tmp_path / "plain.ndjson")
    packed = pen_strokes.read(str(tmp_path / "packed.ndjson.gz"))
    for drawings in (plain, packed):
        assert [(d.label, d.writer) for d in drawings] == [("X", "ann"), ("O", "bob")]
        first, second = drawings[0].strokes
        assert first.dtype == np.float32
        np.testing.assert_array_equal(first, np.array([[0, 0], [10, 10.5]], np.float32))
        assert second.shape == (1, 2)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b"[1, 2]\n", "expected a JSON object, got a list"),
        (b"hello\n", "expected a JSON object"),
        (b"\xff\xfe\n", "expected a JSON object"),
        (b"[" * 100_000 + b"\n", "expected a JSON object"),
        (line(label=""), '"label": expected a short text, got an empty text'),
        (line(label=7), '"label": expected a short text, got a number'),
        (line(writer=None), '"writer": expected a short text, got nothing'),
        (line(strokes=[]), '"strokes": expected a list of strokes, got an empty list'),
        (line(strokes="scribble"), '"strokes": expected a list of strokes, got a text'),
        (line(strokes=[[]]), "a stroke: expected a list of .* points, got an empty list"),
        (line(strokes=[{"x": 1}]), "a stroke: expected a list of .* points, got an object"),
        (line(strokes=[[[1, 2, 3]]]), r"a point: expected \[x, y\], got \[1, 2, 3\]"),
        (line(strokes=[[[1, "2"]]]), r"a point: expected \[x, y\]"),
        (line(strokes=[[[True, 2]]]), r"a point: expected \[x, y\]"),
        (line(strokes=[[[10**40, 2]]]), r"a point: expected \[x, y\]"),
        (line(strokes=[[[float("nan"), 2]]]), "expected a JSON object"),
        (b'{"label": "X", "writer": "a", "strokes": [[[1e999, 2]]]}\n', "a point: expected"),
        (b"x" * 4_000_002, "too long"),
    ],
)
def test_a_bad_line_is_named_in_one_sentence(tmp_path, bad, message):
    path = tmp_path / "pens.ndjson"
    path.write_bytes(line() + bad)
    with pytest.raises(ValueError, match=f"pens.ndjson, line 2: .*{message}") as caught:
        pen_strokes.read(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300 + len(str(path))


def test_a_cut_off_archive_is_named(tmp_path):
    path = tmp_path / "pens.ndjson.gz"
    path.write_bytes(gzip.compress(line() * 50)[:-12])
    with pytest.raises(ValueError, match=r"pens\.ndjson\.gz: the gzip data is damaged or cut off"):
        pen_strokes.read(path)


def test_an_empty_file_is_named(tmp_path):
    path = tmp_path / "pens.ndjson"
    path.write_bytes(b"\n\n")
    with pytest.raises(ValueError, match="expected one drawing a line, found none"):
        pen_strokes.read(path)


def test_a_missing_file_is_an_os_error_with_its_name(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        pen_strokes.read(tmp_path / "nowhere.ndjson")


@given(st.binary(max_size=300))
def test_no_bytes_bring_anything_but_a_value_error(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "pens.ndjson"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"pens\.ndjson"):
        pen_strokes.read(path)


def test_the_real_drawings_are_read(real_strokes):
    drawings = pen_strokes.read(real_strokes)
    assert len(drawings) == 2520
    assert len({drawing.label for drawing in drawings}) == 21
    assert {drawing.label for drawing in drawings} >= set("XO-|01")
    assert len({drawing.writer for drawing in drawings}) > 100
