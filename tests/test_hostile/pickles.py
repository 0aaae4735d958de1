"""Pickles as CIFAR-10 batches have them, and such as no batch has."""

import pickle
import struct
from collections.abc import Callable
from functools import cache
from random import Random

import numpy as np

from tests.test_hostile.bend import bent


@cache
def good() -> bytes:
    """A batch of three pictures, as Python 2 wrote them."""
    data = (np.arange(3 * 3072) % 251).astype(np.uint8).reshape(3, 3072)
    return pickle.dumps({b"data": data, b"labels": [0, 9, 4], b"batch_label": b"one"}, 2)


def bent_pickle(content: bytes, rng: Random) -> bytes:
    """Spoil a pickle, or make a program of chance for the machine that runs them."""
    if rng.random() < 0.6:
        return bent(content, rng)
    return b"\x80\2" + b"".join(rng.choice(_PIECES) for _ in range(rng.randrange(1, 40))) + b"."


_ARRAY = b"cnumpy.core.multiarray\n_reconstruct\n"
_PIECES = (
    *(b"(", b")", b"]", b"}", b"N", b"\x88", b"K\5", b"I9\n", b"F1.5\n", b"U\3abc", b"X\1\0\0\0a"),
    *(b"t", b"\x85", b"\x86", b"\x87", b"a", b"e", b"s", b"u", b"0", b"1", b"2", b"l", b"d"),
    *(b"q\0", b"q\1", b"h\0", b"h\1", b"p5\n", b"g5\n", b"r\xff\xff\xff\x7f", b"\x94"),
    *(b"R", b"R", b"b", b"b", _ARRAY, b"cnumpy\ndtype\n", b"cnumpy\nndarray\n", b"U\2u1", b"U\1|"),
    *(b"c_codecs\nencode\n", b"c__builtin__\nbytes\n", b"cposix\nsystem\n", b"\x93", b"\x81"),
    *(
        b"P0\n",
        b"Q",
        b"\x82\1",
        b"i__builtin__\neval\n",
        b"o",
        b"\x95\xff\xff\xff\xff\xff\xff\xff\x7f",
    ),
)


def _array(shape: str, raw: bytes, code: bytes = b"U\2u1") -> bytes:
    """The pickle of an array, protocol 2, whatever it claims."""
    dtype = (
        b"cnumpy\ndtype\n(" + code + b"K\0K\1tR(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"
    )
    start = _ARRAY + b"(cnumpy\nndarray\n(K\0tU\1btR"
    content = b"T" + struct.pack("<I", len(raw)) + raw
    return start + b"(K\1(" + shape.encode("latin-1") + b"t" + dtype + b"\x89" + content + b"tb"


def _batch(data: bytes, labels: bytes) -> bytes:
    return b"\x80\2}(U\4data" + data + b"U\6labels" + labels + b"u."


def _copies(count: int) -> bytes:
    """A text of a million letters, encoded again and again."""
    text = b"X" + struct.pack("<I", 1_000_000) + b"a" * 1_000_000
    return (
        b"\x80\2c_codecs\nencode\nq\0"
        + text
        + b"X\6\0\0\0latin1\x86q\1"
        + b"h\0h\1R" * count
        + b"."
    )


_FOUR = "K\4M\0\x0c"
BAD: dict[str, Callable[[], bytes]] = {
    "os.system": lambda: b"cos\nsystem\n(S'true'\ntR.",
    "os.system-2": lambda: b"\x80\2cposix\nsystem\nX\4\0\0\0true\x85R.",
    "eval": lambda: b"\x80\2c__builtin__\neval\nX\1\0\0\x001\x85R.",
    "build": lambda: b"\x80\2" + _ARRAY + b"}U\x08__dict__}sb.",
    "memo": lambda: b"\x80\2]r\xff\xff\xff\x7f.",
    "memo-text": lambda: b"\x80\2]p2147483647\n.",
    "frame": lambda: b"\x80\4\x95\xff\xff\xff\xff\xff\xff\xff\x7f.",
    "length": lambda: b"\x80\4\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.",
    "digits": lambda: b"\x80\2L" + b"9" * 1_000_000 + b"L\n.",
    "copies": lambda: _copies(5000),
    "few-copies": lambda: _copies(50),
    "labels-array": lambda: _batch(
        _array(_FOUR, bytes(4 * 3072)), _array("J\0\0\0\2", bytes(1 << 25))
    ),
    "labels-deep": lambda: _batch(_array(_FOUR, bytes(4 * 3072)), _array("K\1" * 8, b"\0")),
    "labels-big": lambda: _batch(
        _array("K\1M\0\x0c", bytes(3072)), b"](" + b"L" + b"9" * 4000 + b"L\ne"
    ),
    "shape-empty": lambda: _batch(_array("K\0M\0\x0c", b""), b"]"),
    "shape-huge": lambda: _batch(_array("L99999999999999999999L\nK\0", b""), b"]"),
    "objects": lambda: _batch(_array("K\1", b"12345678", b"U\2O8"), b"]"),
    "operations": lambda: b"\x80\2" + b"N0" * 900_000 + b"N.",
    "dicts": lambda: b"\x80\2" + b"}" * 1_900_000 + b".",
    "lists-in-lists": lambda: b"\x80\2" + b"]" * 500_000 + b"a" * 499_999 + b".",
    "itself": lambda: b"\x80\2]q\0h\0a.",
}
