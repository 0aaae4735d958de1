"""The reader of IDX files."""

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn.data import idx

CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def packed(array):
    code = CODES[array.dtype.str[1:]]
    header = bytes((0, 0, code, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


PICTURES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


@given(
    st.sampled_from(list(CODES)).flatmap(
        lambda code: hnp.arrays(code, hnp.array_shapes(max_dims=4, min_side=0, max_side=4))
    ),
    st.booleans(),
)
def test_every_type_and_shape_comes_back(tmp_path_factory, array, zipped):
    path = tmp_path_factory.getbasetemp() / "any.idx"
    path.write_bytes(gzip.compress(packed(array)) if zipped else packed(array))
    found = idx.read(path)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected an IDX file"),
        (b"\x89PNG\r\n\x1a\n", "begins with 89 50 4e 47"),
        (b"\0\0\x08\x00", "expected an IDX file"),
        (b"\0\0\x07\x01\0\0\0\0", "expected an IDX file"),
        (b"\0\0\x08\x03\0\0\0\x02", "the header is cut off"),
        (packed(PICTURES)[:-1], r"expected 24 bytes for an array of shape \(2, 3, 4\), got 23"),
        (packed(PICTURES) + b"!", r"expected 24 bytes for an array of shape .* got more"),
        (packed(PICTURES.ravel()), "expected an array of 3 axes, got one of 1"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "promises .* 79,.* bytes; at most 200,000,000"),
        (b"\0\0\x08\x03" + struct.pack(">3I", 1000, 1000, 190) + b"x", "got 1$"),
        (gzip.compress(packed(PICTURES), mtime=0)[:-6], "the gzip data is damaged or cut off"),
        (gzip.compress(packed(PICTURES), mtime=0)[:4] + b"nonsense", "damaged or cut off"),
    ],
)
def test_a_bad_file_is_answered_with_one_sentence(tmp_path, content, message):
    path = tmp_path / "bad-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as told:
        idx.read(path, axes=3)
    assert str(path) in str(told.value)


def test_a_gzip_bomb_is_read_no_further_than_its_header_promises(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(packed(PICTURES) + bytes(50_000_000), 1))
    with pytest.raises(ValueError, match="got more"):
        idx.read(path)


def test_a_limit_can_be_set(tmp_path):
    path = tmp_path / "pictures"
    path.write_bytes(packed(PICTURES))
    with pytest.raises(ValueError, match="at most 23 are allowed"):
        idx.read(path, most_bytes=23)
