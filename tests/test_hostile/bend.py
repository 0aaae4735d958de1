"""Ways to spoil bytes, JSON, zip files and the headers of arrays. All chance comes from a seed."""

import json
import struct
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

Bend = Callable[[bytes, Random], bytes]

EXTREMES = (0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, 2**24, 2**31 - 1, 2**31)
EXTREMES = (*EXTREMES, 2**32 - 1, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1)
TOKENS = (
    b"\0" * 8,
    b"\xff" * 8,
    b"\r\n",
    b"../../",
    b"%n%s",
    b'"',
    b"{",
    b"]",
    b"PK\3\4",
    b"\x80\2",
)


def bent(content: bytes, rng: Random) -> bytes:
    """Spoil bytes in one to three places."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        content = rng.choice(_BYTES)(content, rng)
    return content


def _place(content: bytes, rng: Random) -> int:
    """Somewhere in the bytes, as often in their first hundred as in the rest."""
    return rng.randrange(min(len(content), rng.choice((100, 1 << 30))) or 1)


def _flip(content: bytes, rng: Random) -> bytes:
    if not content:
        return content
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        changed[_place(content, rng)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _run(content: bytes, rng: Random) -> bytes:
    at, long = _place(content, rng), rng.choice((1, 4, 16, 200))
    return content[:at] + rng.choice((b"\0", b"\xff", b"A", b"7")) * long + content[at + long :]


def _cut(content: bytes, rng: Random) -> bytes:
    at = _place(content, rng)
    return content[:at] if rng.random() < 0.7 else content[: -at or None]


def _insert(content: bytes, rng: Random) -> bytes:
    at = _place(content, rng)
    return content[:at] + rng.choice((*TOKENS, rng.randbytes(rng.randrange(1, 64)))) + content[at:]


def _double(content: bytes, rng: Random) -> bytes:
    at, long = _place(content, rng), rng.randrange(1, 300)
    return content[: at + long] + content[at : at + long] * rng.choice((1, 1, 50)) + content[at:]


def _drop(content: bytes, rng: Random) -> bytes:
    at = _place(content, rng)
    return content[:at] + content[at + rng.choice((1, 2, 4, 30, 300)) :]


def _swap(content: bytes, rng: Random) -> bytes:
    a, b = sorted((_place(content, rng), _place(content, rng)))
    return content[:a] + content[b:] + content[a:b]


def _integer(content: bytes, rng: Random) -> bytes:
    at, size = _place(content, rng), rng.choice((1, 2, 4, 8))
    value = rng.choice(EXTREMES) % (1 << 8 * size)
    return content[:at] + value.to_bytes(size, rng.choice(("big", "little"))) + content[at + size :]


_BYTES: tuple[Bend, ...] = (_flip, _run, _cut, _insert, _double, _drop, _swap, _integer, _integer)


def bent_text(content: bytes, rng: Random) -> bytes:
    """Spoil a text: numbers and words changed, lines doubled, dropped, moved, lengthened."""
    lines = content.decode("utf-8", "replace").split("\n")
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(lines))
        words = lines[at].split(" ")
        word = rng.randrange(len(words))
        match rng.randrange(8):
            case 0:
                words[word] = rng.choice(_WORDS)
            case 1:
                words.insert(word, rng.choice(_WORDS))
            case 2:
                words[word] = _renumbered(words[word], rng)
            case 3:
                words[word] = words[word].translate(_DIGITS)
            case 4:
                lines.insert(at, rng.choice(lines))
            case 5:
                words = []
            case 6:
                words = words * rng.choice((2, 40))
            case _:
                words[word] = words[word][::-1] + rng.choice(_WORDS)
        lines[at] = " ".join(words)
    made = "\n".join(lines).encode("utf-8", "replace")
    return made if rng.random() < 0.8 else bent(made, rng)


_WORDS = (
    *(
        "-1",
        "0",
        "1e999",
        "nan",
        "inf",
        "0x10",
        "1_000",
        "٣",
        "²",
        "½",
        "99999999999",
        "4096x4096x1",
    ),
    *("1x1x0", "4096x4096x4096", "x", "x65536", "stride", "pad", "0.5", "1e-320", "init", "loss"),
    *("softmax", "#", "\0", "\u202e", "\N{PILE OF POO}", "A" * 5000, ",", '"', "'", "{", "input"),
)
_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _renumbered(word: str, rng: Random) -> str:
    number = str(rng.choice((*EXTREMES, -1, 1e308, "9" * 5000, 0.1)))
    return "".join(number if c.isdigit() and rng.random() < 0.5 else c for c in word)


# -- JSON --------------------------------------------------------------------------------------


class Raw(str):
    """Stands in a JSON value for text that goes into the file as it is."""


JSON_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 10, 2**31, 2**53, 2**64, 1e308, -1e308, 1e-320, 0.5),
    *("", "a", "a" * 3000, "\0", "\u202e", "../../x", "²", [], {}, [[]], [None], {"a": 1}, [1, 2]),
    *(Raw("NaN"), Raw("Infinity"), Raw("-Infinity"), Raw("1e999"), Raw("-0"), Raw("9" * 5000)),
    *(Raw('"\\ud800"'), Raw("[" * 60 + "]" * 60), Raw("[" * 2000), Raw('{"a":1,"a":2}'), Raw("'")),
)


def bent_json(content: bytes, rng: Random) -> bytes:
    """Spoil a JSON text: other types and sizes, keys gone and doubled, other encodings."""
    if rng.random() < 0.2:
        return bent(content, rng)
    value = json.loads(content)
    for _ in range(rng.choice((1, 1, 2, 4))):
        value = _changed(value, rng)
    text = written(value)
    match rng.randrange(20):
        case 0:
            return b"\xef\xbb\xbf" + text.encode()
        case 1:
            return text.encode("utf-16")
        case 2:
            return text.encode("utf-32-be")
        case 3:
            return text.encode("latin-1", "replace") + b"\xe9"
        case 4:
            return bent(text.encode(), rng)
    return text.encode()


def _changed(value: Any, rng: Random) -> Any:
    """The value with one of its places spoiled, any depth."""
    inner = isinstance(value, list | dict) and value and rng.random() < 0.85
    if not inner:
        return _twisted(value, rng)
    if isinstance(value, dict):
        key = rng.choice(list(value))
        match rng.randrange(10):
            case 0:
                return {k: v for k, v in value.items() if k != key}
            case 1:
                return {**value, rng.choice(("", "x", "__proto__", "a" * 300, key + " ")): 1}
            case 2:
                return {k: value[rng.choice(list(value))] if k == key else value[k] for k in value}
        return {**value, key: _changed(value[key], rng)}
    at = rng.randrange(len(value))
    match rng.randrange(10):
        case 0:
            return value[:at] + value[at + 1 :]
        case 1:
            return value[: at + 1] + value[at:]
        case 2:
            return value[:at]
        case 3:
            return value * rng.choice((2, 30 if len(value) < 1000 else 1))
    return [*value[:at], _changed(value[at], rng), *value[at + 1 :]]


def _twisted(value: Any, rng: Random) -> Any:
    if isinstance(value, str) and value and rng.random() < 0.5:
        return bent_text(value.encode(), rng).decode("utf-8", "replace")
    if type(value) in (int, float) and rng.random() < 0.5:
        return rng.choice((-value, value + 1, value * 1000, value / 3, float(value)))
    if rng.random() < 0.1:
        return [value]
    return rng.choice(JSON_VALUES)


def written(value: Any) -> str:
    """Return JSON text, with what stands in `Raw` as it is."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    if isinstance(value, dict):
        pairs = (f"{json.dumps(str(k))}:{written(v)}" for k, v in value.items())
        return f"{{{','.join(pairs)}}}"
    return json.dumps(value)


# -- arrays and zips ---------------------------------------------------------------------------


def npy(header: str | bytes, data: bytes, version: int = 1) -> bytes:
    """Return an .npy file with any header."""
    raw = header.encode() if isinstance(header, str) else header
    raw += b" " * (-(len(raw) + 11) % 64) + b"\n"
    size = struct.pack("<H" if version == 1 else "<I", len(raw) & (0xFFFF if version == 1 else -1))
    return b"\x93NUMPY" + bytes([version, 0]) + size + raw + data


HEADERS = (
    "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }",
    "{'descr': '>f4', 'fortran_order': False, 'shape': (4,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -2), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 18446744073709551615), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1e3,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (True,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': " + str((1,) * 100) + ", }",
    "{'descr': [('a', '<f4'), ('b', '|O')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4,<f4', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<U2000000000', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f2', 'fortran_order': False, 'shape': (8,), }",
    "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,), }",
    "__import__('os').system('true')",
    "{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "(" * 5000 + ")" * 5000 + "), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "9" * 5000 + ",), }",
    "[" * 30000,
    "{'descr': '<f4', 'fortran_order': False}",
    "{'shape': (4,), 'descr': '<f4', 'fortran_order': 1}",
    "",
    "\xff",
)


def bent_npy(content: bytes, rng: Random) -> bytes:
    """Spoil an .npy file: its header or any byte of it."""
    if rng.random() < 0.5:
        return bent(content, rng)
    return npy(rng.choice(HEADERS), content[128:], rng.choice((1, 1, 1, 2, 3, 0, 255)))


class Entry(NamedTuple):
    """One entry of a zip file, with every field that can lie. None is the truth."""

    name: bytes
    data: bytes
    deflated: bool = False
    method: int | None = None
    crc: int | None = None
    size: int | None = None
    packed: int | None = None
    flags: int = 0
    offset: int | None = None
    local_name: bytes | None = None
    extra: bytes = b""


def zipped(entries: Sequence[Entry], comment: bytes = b"", count: int | None = None) -> bytes:
    """Return a zip file of entries as they say they are."""
    body, index = bytearray(), bytearray()
    for entry in entries:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        raw = packer.compress(entry.data) + packer.flush() if entry.deflated else entry.data
        told = (
            _or(entry.method, 8 if entry.deflated else 0),
            *(0, 33),
            _or(entry.crc, zlib.crc32(entry.data)) & 0xFFFFFFFF,
            _or(entry.packed, len(raw)) & 0xFFFFFFFF,
            _or(entry.size, len(entry.data)) & 0xFFFFFFFF,
        )
        local = entry.name if entry.local_name is None else entry.local_name
        sizes = len(entry.name), len(entry.extra)
        index += b"PK\1\2" + struct.pack("<HHHHHHLLLHH", 20, 20, entry.flags, *told, *sizes)
        index += struct.pack("<HHHLL", 0, 0, 0, 0, _or(entry.offset, len(body)) & 0xFFFFFFFF)
        index += entry.name + entry.extra
        body += b"PK\3\4" + struct.pack("<HHHHHLLLHH", 20, entry.flags, *told, len(local), 0)
        body += local + raw
    number = _or(count, len(entries)) & 0xFFFF
    end = struct.pack("<HHHHLLH", 0, 0, number, number, len(index), len(body), len(comment))
    return bytes(body + index) + b"PK\5\6" + end + comment


def _or(given: int | None, true: int) -> int:
    return true if given is None else given


def bent_zip(
    parts: dict[str, bytes], rng: Random, inner: Callable[[str, bytes, Random], bytes]
) -> bytes:
    """Make a zip file of parts, of which one is not what it should be."""
    entries = [Entry(name.encode(), data, rng.random() < 0.5) for name, data in parts.items()]
    at = rng.randrange(len(entries))
    one = entries[at]
    extreme = rng.choice((*EXTREMES, len(one.data) - 1, len(one.data) + 1))
    match rng.randrange(14):
        case 0:
            one = one._replace(name=rng.choice(_NAMES), local_name=rng.choice((None, one.name)))
        case 1:
            entries.insert(at, one)
        case 2:
            one = one._replace(size=extreme)
        case 3:
            one = one._replace(packed=extreme)
        case 4:
            one = one._replace(crc=extreme)
        case 5:
            one = one._replace(method=rng.choice((0, 8, 9, 12, 14, 93, 99, 65535)))
        case 6:
            one = one._replace(flags=rng.choice((1, 8, 64, 0x800, 0x2001, 0xFFFF)))
        case 7:
            one = one._replace(offset=rng.choice((extreme, 0, 40)))
        case 8:
            entries.pop(at)
            return zipped(entries) if entries else b""
        case 9:
            return zipped(entries, comment=rng.randbytes(rng.choice((1, 65535))))
        case 10:
            return zipped(entries, count=extreme)
        case 11:
            one = one._replace(local_name=rng.choice(_NAMES))
        case 12:
            return bent(zipped(entries), rng)
        case _:
            one = one._replace(data=inner(one.name.decode(), one.data, rng))
    entries[at] = one
    return zipped(entries)


_NAMES = (
    *(b"../../evil.json", b"/tmp/evil.json", b"C:\\evil.json", b"a\\..\\..\\b", b"", b"\0", b"a/"),
    *(b"manifest.json", b"x" * 65535, b"\xff\xfe", "\u202e.json".encode(), b"a//b", b"./a", b"CON"),
)
