"""JSON that takes more than it seems to."""

from tests.test_hostile.reader import Makers

JSON_BAD: Makers = {
    "empty": lambda: b"",
    "deep": lambda: b"[" * 100_000,
    "deep-closed": lambda: b"[" * 5000 + b"]" * 5000,
    "deep-objects": lambda: b'{"a":' * 100_000,
    "nan": lambda: b"NaN",
    "digits": lambda: b"9" * 1_000_000,
    "exponent": lambda: b"1e" + b"9" * 1_000_000,
    "objects": lambda: b"[" + b"{}," * 10_000_000 + b"{}]",
    "lists": lambda: b"[" + b"[]," * 10_000_000 + b"[]]",
    "numbers": lambda: b"[" + b"999," * 7_000_000 + b"9]",
    "texts": lambda: b"[" + b'"ab",' * 6_000_000 + b"1]",
    "keys": lambda: b"{" + b",".join(b'"%d":1' % i for i in range(1_500_000)) + b"}",
    "wide": lambda: '["😀'.encode() + b"a" * 30_000_000 + b'"]',
    "text": lambda: b'["' + b"a" * 10_000_000 + b'"]',
    "escapes": lambda: b'["' + b"\\u0041" * 5_000_000 + b'"]',
    "surrogates": lambda: b'["' + b"\\ud83d\\ude00" * 2_500_000 + b'"]',
    "utf-16": lambda: "[1, 2]".encode("utf-16"),
    "bom": lambda: b"\xef\xbb\xbf",
    "large": lambda: b"[" + b"0.123456789," * 2_600_000 + b"1]",
    "too-large": lambda: b" " * 33_000_000,
}
