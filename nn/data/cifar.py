"""CIFAR-10 files: the binary layout and the Python one.

Binary: 3,073 bytes a picture, the label and then the red, green and blue planes row by row.
Python: a pickle of a dict with "data" (N, 3072) uint8 and "labels". A pickle is a program; this
one is read by an unpickler that knows numbers, texts, lists, dicts and arrays, and nothing that
runs. Its arrays are not even numpy's until their size has been checked.

Source of the layouts: A. Krizhevsky, www.cs.toronto.edu/~kriz/cifar.html.
"""

import io
import pickle
import pickletools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from nn.formats.reading import opened
from nn.words import shown

CLASS_NAMES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
IMAGE_SHAPE = (3, 32, 32)
PIXELS = 3 * 32 * 32
RECORD = 1 + PIXELS
MOST_PICTURES = 20_000
"""Of one file; the official ones have 10,000."""

Batch = tuple[NDArray[np.uint8], NDArray[np.int64]]


def read_binary(path: str | Path) -> Batch:
    """Read a file of the binary layout, plain or gzipped.

    Returns:
        images (N, 3, 32, 32) uint8 and labels (N,) int64, 0 to 9.

    Raises:
        ValueError: one sentence with the file, what was wrong and what was expected.
        OSError: the file can't be opened.
    """
    path = Path(path)
    content = _read(path, MOST_PICTURES * RECORD)
    count, rest = divmod(len(content), RECORD)
    if rest or not count:
        raise ValueError(
            f"{path}: expected pictures of {RECORD:,} bytes each, "
            f"got {len(content):,} bytes, which are {count:,} pictures and {rest:,} bytes"
        )
    records = np.frombuffer(content, np.uint8).reshape(count, RECORD)
    images = records[:, 1:].reshape(count, *IMAGE_SHAPE).copy()
    return images, _checked_labels(path, records[:, 0])


def read_python(path: str | Path) -> Batch:
    """Read a file of the Python layout, plain or gzipped; returns and errors as `read_binary`."""
    path = Path(path)
    batch = read_pickle(path)
    if not isinstance(batch, dict):
        raise ValueError(f"{path}: expected a dict with data and labels, got {_type(batch)}")
    data = batch.get(b"data", batch.get("data"))
    labels = batch.get(b"labels", batch.get("labels"))
    if not isinstance(data, _Array):
        raise ValueError(f'{path}: "data": expected an array, got {_type(data)}')
    pixels = data.to_numpy(path)
    if pixels.dtype != np.uint8 or pixels.shape != (len(pixels), PIXELS) or not len(pixels):
        raise ValueError(
            f'{path}: "data": expected uint8 of shape (N, {PIXELS}), '
            f"got {pixels.dtype} of shape {pixels.shape}"
        )
    values = labels.to_numpy(path).ravel() if isinstance(labels, _Array) else labels
    if not isinstance(values, list | np.ndarray):
        raise ValueError(f'{path}: "labels": expected a list of whole numbers, got {_type(labels)}')
    if len(values) != len(pixels):
        raise ValueError(
            f'{path}: "labels": expected one for each of {len(pixels):,} pictures, '
            f"got {len(values):,}"
        )
    values = list(values) if isinstance(values, list) else values.tolist()
    if not all(type(value) is int for value in values):
        raise ValueError(f'{path}: "labels": expected a list of whole numbers')
    if min(values) < 0 or max(values) >= len(CLASS_NAMES):
        wrong = min(values) if min(values) < 0 else max(values)
        raise ValueError(f"{path}: expected labels from 0 to 9, got {shown(wrong)}")
    images = pixels.reshape(len(pixels), *IMAGE_SHAPE).copy()
    return images, np.array(values, np.int64)


def read_pickle(path: str | Path) -> Any:
    """Return what a pickle of plain data holds; arrays as `_Array`, Python 2's texts as bytes.

    Raises:
        ValueError: it is damaged, or holds anything but numbers, texts, lists, dicts and arrays;
            the name of what was refused is told.
    """
    path = Path(path)
    content = _read(path, MOST_PICTURES * (PIXELS + 100))
    if not content.startswith(b"\x80"):
        raise ValueError(f"{path}: expected a CIFAR batch in Python's layout (a pickle)")
    _look_over(path, content)
    try:
        return _Unpickler(content).load()
    except _RefusedError as problem:
        raise ValueError(f"{path}: {problem}") from None
    except Exception:  # a damaged pickle may raise anything at all
        raise ValueError(f"{path}: the pickle is damaged or cut off") from None


# -- a pickle of plain data -------------------------------------------------------------------

_PLAIN = """
    PROTO FRAME STOP MARK POP POP_MARK DUP NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG
    LONG1 FLOAT BINFLOAT STRING BINSTRING SHORT_BINSTRING BINBYTES SHORT_BINBYTES BINBYTES8
    UNICODE BINUNICODE SHORT_BINUNICODE BINUNICODE8 EMPTY_LIST LIST APPEND APPENDS EMPTY_DICT
    DICT SETITEM SETITEMS EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 PUT BINPUT LONG_BINPUT MEMOIZE
    GET BINGET LONG_BINGET GLOBAL STACK_GLOBAL REDUCE BUILD
""".split()  # noqa: SIM905
"""The pickle machine's operations that make data. Not among them: calling classes with arguments
of their choice (INST, OBJ, NEWOBJ), looking things up elsewhere (PERSID, EXT), buffers from
outside.
"""

_MOST_OPERATIONS = 8 * MOST_PICTURES
_MOST_CALLS = 64
_CALLS = ("TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "REDUCE", "BUILD")


def _look_over(path: Path, content: bytes) -> None:
    """Walk through a pickle without running it, and refuse what plain data does not need."""
    calls = 0
    try:
        for number, (operation, argument, _) in enumerate(pickletools.genops(content)):
            name = operation.name
            if name not in _PLAIN:
                raise _RefusedError(f"refused: the pickle's operation {name} is not plain data")
            if name in ("PUT", "LONG_BINPUT") and cast(int, argument) > number:
                # The unpickler would make room for as many objects as this says.
                raise _RefusedError(f"refused: the pickle numbers an object {argument}")
            calls += name in _CALLS
            if number > _MOST_OPERATIONS or calls > _MOST_CALLS:
                raise _RefusedError("refused: the pickle is more involved than a CIFAR batch")
    except _RefusedError as problem:
        raise ValueError(f"{path}: {problem}") from None
    except Exception:  # as above
        raise ValueError(f"{path}: the pickle is damaged or cut off") from None


class _RefusedError(Exception):
    """A pickle holds something that is not plain data."""


class _Dtype:
    """Stands in for numpy's dtype: plain numbers only."""

    def __init__(self, code: object = None, align: object = False, copy: object = False) -> None:
        text = code.decode("ascii", "replace") if isinstance(code, bytes) else code
        if text not in ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", "b1"):
            raise _RefusedError(f"refused: an array of {text!r}, expected plain numbers")
        self.code = str(text)
        self.order = "|"

    def __setstate__(self, state: object) -> None:
        order = state[1] if isinstance(state, tuple) and len(state) >= 2 else None
        order = order.decode("ascii", "replace") if isinstance(order, bytes) else order
        if order not in ("|", "<", ">", "="):
            raise _RefusedError("refused: an array whose numbers are of no plain kind")
        self.order = str(order)


class _Array:
    """Stands in for numpy's array until its size has been checked."""

    def __init__(self) -> None:
        self.shape: tuple[int, ...] = ()
        self.dtype: np.dtype[Any] | None = None
        self.columns_first = False
        self.content = b""

    def __setstate__(self, state: object) -> None:
        match state:
            case (
                int(),
                tuple() as shape,
                _Dtype() as dtype,
                bool() | int() as order,
                bytes() as raw,
            ):
                pass
            case _:
                raise _RefusedError("refused: an array that does not hold plain numbers")
        if not all(type(edge) is int and 0 <= edge < 1 << 31 for edge in shape) or len(shape) > 8:
            raise _RefusedError(f"refused: an array of shape {str(shape)[:60]}")
        found = np.dtype(dtype.order.replace("|", "=") + dtype.code)
        wanted = found.itemsize
        for edge in shape:
            wanted *= edge
        if wanted != len(raw):
            raise _RefusedError(
                f"an array of {found} and shape {shape} takes {wanted:,} bytes, got {len(raw):,}"
            )
        self.shape, self.dtype, self.columns_first, self.content = shape, found, bool(order), raw

    def to_numpy(self, path: Path) -> NDArray[Any]:
        """Return the array, not writable; ValueError where the pickle never filled it."""
        if self.dtype is None:
            raise ValueError(f"{path}: expected an array, got one without content")
        flat = np.frombuffer(self.content, self.dtype)
        return flat.reshape(self.shape, order="F" if self.columns_first else "C")


def _reconstruct(*_: object) -> _Array:
    """Stands in for numpy's function that makes an empty array to be filled afterwards."""
    return _Array()


def _scalar(dtype: object, content: object = b"") -> int | float:
    """Stands in for numpy's function that makes one number."""
    if not isinstance(dtype, _Dtype) or not isinstance(content, bytes):
        raise _RefusedError("refused: a number of no plain kind")
    found = np.dtype(dtype.order.replace("|", "=") + dtype.code)
    if len(content) != found.itemsize:
        raise _RefusedError(f"a number of {found} takes {found.itemsize} bytes, got {len(content)}")
    number: int | float = np.frombuffer(content, found)[0].item()
    return number


class _Encode:
    """Stands in for the way Python 3 writes bytes for Python 2: as a text in Latin-1.

    It makes no more bytes than the pickle has, else a text named once could be encoded often.
    """

    def __init__(self, room: int) -> None:
        self._room = room

    def __call__(self, text: object, encoding: object = "") -> bytes:
        names = ("latin1", "latin-1", b"latin1", b"latin-1")
        if not isinstance(text, str) or encoding not in names:
            raise _RefusedError("refused: a text in an encoding other than Latin-1")
        self._room -= len(text)
        if self._room < 0:
            raise _RefusedError("refused: the same text is encoded again and again")
        return text.encode("latin-1")


def _never(*_: object) -> NoReturn:
    """Stands in for the class numpy.ndarray, which is named but never called."""
    raise _RefusedError("refused: numpy.ndarray called directly")


def _no_bytes(*content: object) -> bytes:
    """Stands in for bytes(), by which Python 3 writes empty bytes for Python 2."""
    if content:
        raise _RefusedError("refused: bytes called with arguments")
    return b""


class _StandIn:
    """What a pickle gets for a name: it can be called, and not be changed by the pickle."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[..., object]) -> None:
        self._make = make

    def __call__(self, *arguments: object) -> object:
        return self._make(*arguments)

    def __setstate__(self, state: object) -> NoReturn:
        raise _RefusedError("refused: it tries to change what it was given")


_ADMITTED = {
    ("numpy.core.multiarray", "_reconstruct"): _StandIn(_reconstruct),
    ("numpy._core.multiarray", "_reconstruct"): _StandIn(_reconstruct),
    ("numpy.core.multiarray", "scalar"): _StandIn(_scalar),
    ("numpy._core.multiarray", "scalar"): _StandIn(_scalar),
    ("numpy", "ndarray"): _StandIn(_never),
    ("numpy", "dtype"): _StandIn(_Dtype),
    ("__builtin__", "bytes"): _StandIn(_no_bytes),
}


class _Unpickler(pickle.Unpickler):
    """Admits what plain data and arrays need, by stand-ins, and refuses the rest by name."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="bytes")
        self._encode = _StandIn(_Encode(len(content)))

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("_codecs", "encode"):
            return self._encode
        stand_in = _ADMITTED.get((module, name))
        if stand_in is None:
            raise _RefusedError(f"refused: it asks for {shown(f'{module}.{name}')}, not plain data")
        return stand_in

    def persistent_load(self, pid: object) -> NoReturn:
        raise _RefusedError("refused: it asks for an object from elsewhere")


# -- both layouts -----------------------------------------------------------------------------


def _read(path: Path, most: int) -> bytes:
    """Return a file's content, unzipped if need be, at most `most` bytes."""
    parts = []
    with opened(path) as stream:
        while (part := stream.read(1 << 20)) and most >= 0:
            parts.append(part)
            most -= len(part)
    if most < 0:
        raise ValueError(f"{path}: is longer than a CIFAR file of {MOST_PICTURES:,} pictures")
    return b"".join(parts)


def _checked_labels(path: Path, labels: NDArray[np.uint8]) -> NDArray[np.int64]:
    if labels.max() >= len(CLASS_NAMES):
        first = int(np.argmax(labels >= len(CLASS_NAMES)))
        raise ValueError(
            f"{path}: expected labels from 0 to 9, got {labels[first]} at picture {first}"
        )
    return labels.astype(np.int64)


def _type(value: object) -> str:
    return "nothing" if value is None else type(value).__name__.lstrip("_").lower()
