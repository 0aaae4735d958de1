"""Pictures of every kind that is opened, good ones and bad ones, made by code."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from tests.test_hostile.bend import EXTREMES, bent

KINDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("JPEG", "RGB", {}),
    ("JPEG", "L", {"progressive": True}),
    ("JPEG", "CMYK", {}),
    ("PNG", "RGB", {}),
    ("PNG", "RGBA", {}),
    ("PNG", "P", {"transparency": 3}),
    ("PNG", "LA", {}),
    ("PNG", "I;16", {}),
    ("PNG", "1", {}),
    ("GIF", "P", {"save_all": True}),
    ("BMP", "RGB", {}),
    ("BMP", "P", {}),
    ("WEBP", "RGBA", {"save_all": True}),
    ("WEBP", "RGB", {"lossless": True}),
    ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    ("TIFF", "CMYK", {"compression": "tiff_deflate"}),
    ("TIFF", "F", {}),
    ("TIFF", "1", {"compression": "group4"}),
    ("TIFF", "L", {"compression": "packbits", "save_all": True}),
    ("AVIF", "RGBA", {}),
    ("ICO", "RGBA", {}),
    ("PPM", "RGB", {}),
    ("PPM", "I", {}),
    ("MPO", "RGB", {"save_all": True}),
)


@cache
def good(kind: int) -> bytes:
    """A picture of one of `KINDS`, with EXIF data, some with a second picture behind it."""
    form, mode, options = KINDS[kind % len(KINDS)]
    made = _picture(mode, 19, 23)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "maker"
    more = {"append_images": [_picture(mode, 19, 23)]} if options.get("save_all") else {}
    if form in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "MPO"):
        more["exif"] = exif
    out = io.BytesIO()
    made.save(out, form, **options, **more)
    return out.getvalue()


def _picture(mode: str, width: int, height: int) -> Image.Image:
    values = np.arange(width * height * 4, dtype=np.uint32).reshape(height, width, 4) * 7
    if mode in ("F", "I", "I;16"):
        kind = {"F": np.float32, "I": np.int32, "I;16": np.uint16}[mode]
        return Image.fromarray((values[:, :, 0] * 60).astype(kind))
    return Image.fromarray((values % 251).astype(np.uint8), "RGBA").convert(mode)


def bent_picture(content: bytes, rng: Random) -> bytes:
    """Spoil a picture; a PNG gets right checksums again, else none of it would be looked at."""
    if content.startswith(b"\x89PNG") and rng.random() < 0.7:
        return _bent_png(content, rng)
    return bent(content, rng)


def _bent_png(content: bytes, rng: Random) -> bytes:
    chunks = list(_chunks(content))
    at = rng.randrange(len(chunks))
    kind, data = chunks[at]
    match rng.randrange(7):
        case 0:
            chunks.insert(rng.randrange(len(chunks)), (kind, data))
        case 1:
            del chunks[at]
        case 2:
            other = rng.choice((b"IHDR", b"IDAT", b"PLTE", b"tRNS", b"iCCP", b"eXIf", b"zTXt"))
            chunks[at] = (rng.choice((other, b"acTL", b"fcTL", b"fdAT", b"CgBI", b"iTXt")), data)
        case 3:
            sizes = [rng.choice(EXTREMES) % 2**32 for _ in range(2)]
            chunks[0] = (b"IHDR", struct.pack(">II", *sizes) + chunks[0][1][8:])
        case 4:
            chunks[0] = (b"IHDR", chunks[0][1][:8] + rng.randbytes(5))
        case _:
            chunks[at] = (kind, bent(data, rng))
    return png(chunks)


def _chunks(content: bytes) -> Any:
    at = 8
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        yield content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        at += size + 12


def png(chunks: list[tuple[bytes, bytes]]) -> bytes:
    """Return a PNG of chunks, with their lengths and checksums."""
    made = b"\x89PNG\r\n\x1a\n"
    for kind, data in chunks:
        made += struct.pack(">I", len(data)) + kind + data
        made += struct.pack(">I", zlib.crc32(kind + data))
    return made


def zeros_png(width: int, height: int, depth: int, colour: int, interlaced: int = 0) -> bytes:
    """Return a small PNG of a large picture, all zeros."""
    parts = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = 1 + (width * depth * parts + 7) // 8
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(bytes(row)) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    palette = [(b"PLTE", bytes(768)), (b"tRNS", bytes(256))] if colour == 3 else []
    return png([(b"IHDR", head), *palette, (b"IDAT", data), (b"IEND", b"")])


def saved(form: str, mode: str, width: int, height: int, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, form, **options)
    return out.getvalue()


BAD: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "zeros": lambda: bytes(5000),
    "a-claim": lambda: png(
        [(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 6, 0, 0, 0)), (b"IDAT", b"x")]
    ),
    "no-width": lambda: png([(b"IHDR", struct.pack(">IIBBBBB", 0, 9, 8, 6, 0, 0, 0))]),
    "no-pixels.ppm": lambda: b"P6 0 0 255\n",
    "a-line": lambda: saved("PNG", "RGB", 100_000, 1),
    "a-column": lambda: saved("PNG", "L", 1, 100_000),
    "texts": lambda: png(
        [
            (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            *[(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000)))] * 200,
            (b"IDAT", zlib.compress(b"\0\0")),
            (b"IEND", b""),
        ]
    ),
    "profile": lambda: png(
        [
            (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            (b"iCCP", b"a\0\0" + zlib.compress(bytes(300_000_000), 9)),
            (b"IDAT", zlib.compress(b"\0\0")),
            (b"IEND", b""),
        ]
    ),
    "tiff-loop": lambda: b"II*\0\x08\0\0\0" + b"\0\0" + b"\x08\0\0\0",
    "tiff-tags": lambda: b"II*\0\x08\0\0\0\xff\xff" + b"\0\1\4\0\xff\xff\xff\xff\0\0\0\0" * 65535,
    "tiff-claim": lambda: _tiff(60000, 60000),
    "tiff-strips": lambda: _tiff(1, 2_000_000),
    "plain-ppm": lambda: b"P3 4000 4000 255\n" + b"1 " * 3_000_000,
    "ppm-comment": lambda: b"P6 #" + b"a" * 10_000_000,
    "svg": lambda: b"<svg xmlns='x'><image href='file:///etc/passwd'/></svg>",
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
    "gif-frames": lambda: _frames(20_000),
    "ico-many": lambda: b"\0\0\1\0\xff\xff" + b"\1\1\0\0\1\0\x20\0\x10\0\0\0\x16\0\0\0" * 65535,
}
"""What needs no large picture; each is made in a moment."""

EDGE = 6300  # squared a little less than MOST_PIXELS
LARGE: dict[str, Callable[[], bytes]] = {
    "png-grey": lambda: zeros_png(EDGE, EDGE, 8, 0),
    "png-bits": lambda: zeros_png(EDGE, EDGE, 1, 0),
    "png-16": lambda: zeros_png(EDGE, EDGE, 16, 0),
    "png-colour-16": lambda: zeros_png(EDGE, EDGE, 16, 2),
    "png-clear-16": lambda: zeros_png(EDGE, EDGE, 16, 6),
    "png-colour": lambda: zeros_png(EDGE, EDGE, 8, 2),
    "png-clear": lambda: zeros_png(EDGE, EDGE, 8, 6),
    "png-grey-clear": lambda: zeros_png(EDGE, EDGE, 8, 4),
    "png-palette": lambda: zeros_png(EDGE, EDGE, 8, 3),
    "png-interlaced": lambda: zeros_png(EDGE, EDGE, 8, 6, 1),
    "jpeg": lambda: saved("JPEG", "RGB", EDGE, EDGE),
    "jpeg-4:4:4": lambda: saved("JPEG", "RGB", EDGE, EDGE, subsampling=0),
    "jpeg-progressive": lambda: saved("JPEG", "RGB", EDGE, EDGE, progressive=True, subsampling=0),
    "jpeg-cmyk": lambda: saved("JPEG", "CMYK", EDGE, EDGE, progressive=True),
    "jpeg-turned": lambda: saved("JPEG", "RGB", EDGE, EDGE, exif=_turned()),
    "png-turned": lambda: saved("PNG", "RGBA", EDGE, EDGE, exif=_turned()),
    "gif": lambda: saved("GIF", "P", EDGE, EDGE, transparency=0),
    "webp": lambda: saved("WEBP", "RGBA", 3990, 3990, lossless=True, method=0),
    "webp-lossy": lambda: saved("WEBP", "RGB", 3990, 3990, method=0),
    "webp-long": lambda: saved("WEBP", "RGB", 16383, 2400, method=0),
    "avif": lambda: saved("AVIF", "RGB", 3990, 3990, speed=10),
    "avif-clear": lambda: saved("AVIF", "RGBA", 3990, 3990, speed=10, subsampling="4:4:4"),
    "jpeg-80": lambda: saved("JPEG", "RGB", 8900, 8900),
    "jpeg-80-progressive": lambda: saved("JPEG", "RGB", 8900, 8900, progressive=True),
    "png-80": lambda: zeros_png(8900, 8900, 8, 2),
    "bmp": lambda: saved("BMP", "1", EDGE, EDGE),
    "tiff-lzw": lambda: saved("TIFF", "RGB", EDGE, EDGE, compression="tiff_lzw"),
    "tiff-clear": lambda: saved("TIFF", "RGBA", EDGE, EDGE, compression="tiff_deflate"),
    "tiff-cmyk": lambda: saved("TIFF", "CMYK", EDGE, EDGE, compression="tiff_deflate"),
    "tiff-float": lambda: saved("TIFF", "F", EDGE, EDGE, compression="tiff_deflate"),
    "tiff-whole": lambda: saved("TIFF", "I", EDGE, EDGE, compression="tiff_deflate"),
    "tiff-group4": lambda: saved("TIFF", "1", EDGE, EDGE, compression="group4"),
    "ppm-plain": lambda: b"P2 %d %d 255\n" % (EDGE, EDGE) + b"1 " * (EDGE * EDGE),
    "ppm-bits": lambda: b"P4 %d %d\n" % (EDGE, EDGE) + bytes(EDGE * (EDGE // 8 + 1)),
    "ico": lambda: _icon(zeros_png(EDGE, EDGE, 8, 6)),
}
"""The largest that are allowed, in all their kinds: seconds to make."""


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 5
    return exif


def _tiff(width: int, height: int) -> bytes:
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1)]
    tags += [(262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, 1, width)]
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHLL", *tag) for tag in tags)
    return b"II*\0\x08\0\0\0" + body + bytes(4)


def _frames(count: int) -> bytes:
    head = b"GIF89a\1\0\1\0\x80\0\0" + b"\0\0\0\xff\xff\xff"
    return head + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0" * count + b";"


def _icon(inner: bytes) -> bytes:
    return b"\0\0\1\0\1\0" + b"\0\0\0\0\1\0\x20\0" + struct.pack("<II", len(inner), 22) + inner
