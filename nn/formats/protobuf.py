"""Writing protocol buffers, the encoding of ONNX files: fields one after another, each a number
that tells which field it is and of which kind, and then its value.

Source: protobuf.dev/programming-guides/encoding. A message is the bytes of its fields joined; a
message within a message is a field of bytes.
"""

import struct

_VARINT, _BYTES, _FLOAT32 = 0, 2, 5


def number(field: int, value: int) -> bytes:
    """Return a field with a whole number of at most 64 bits."""
    return _varint(field << 3 | _VARINT) + _varint(value & 0xFFFF_FFFF_FFFF_FFFF)


def real(field: int, value: float) -> bytes:
    """Return a field with a float32."""
    return _varint(field << 3 | _FLOAT32) + struct.pack("<f", value)


def content(field: int, value: bytes | str) -> bytes:
    """Return a field with a text, with bytes, or with a message."""
    if isinstance(value, str):
        value = value.encode("utf-8", "replace")  # half a character, as JSON can hold, becomes "?"
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first; 128 says that more follow."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
