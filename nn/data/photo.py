"""One photo: from whatever a person drops to the pixels a network reads.

Files are data from outside. What a file is, its first bytes say, never its name; size and pixel
count are checked before anything is decoded; formats that could run programs are not opened.
"""

import io
import re
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

PhotoSource: TypeAlias = "str | Path | bytes | Image.Image | NDArray[np.generic]"
Fit: TypeAlias = Literal["crop", "fit"]

LARGEST_FILE = 64_000_000
"""Bytes."""

MOST_PIXELS = 40_000_000
"""Width times height of what is decoded: it may take ten bytes each on the way."""

MOST_PIXELS_OF = {"JPEG": 80_000_000, "MPO": 80_000_000, "WEBP": 16_000_000, "AVIF": 16_000_000}
"""Where it is otherwise: decoders of WebP and AVIF take twice as much, and a JPEG can be decoded
at a half, a quarter or an eighth of its size. All below Pillow's own limit.
"""

LARGEST_PLAIN = 4_000_000
"""Bytes of a pixmap written as text, which is slow to read."""

FORMATS = ("JPEG", "MPO", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF", "ICO", "PPM")
"""What is opened, if this Pillow knows it. Not EPS: reading one runs an interpreter."""

_GAP = rb"(?:\s|#[^\n]*\n)+"
_PIXMAP = re.compile(rb"P[14](?:%s\d+){2}|P[2356](?:%s\d+){3}" % (_GAP, _GAP))
"""How a pixmap begins; Pillow reads a comment letter by letter, however long it is."""

_WANTED = "a JPEG, PNG, GIF, BMP, WebP or TIFF picture"
_WHITE = (255, 255, 255)


def read_photo(
    source: PhotoSource, size: int = 32, fit: Fit = "crop", name: str | None = None
) -> NDArray[np.uint8]:
    """Return a photo as (3, size, size) uint8, red, green, blue, as a network reads it.

    Turned as its EXIF data says; transparency on white; the first picture of an animation; the
    aspect kept.

    Args:
        source: a file, a file's bytes, a PIL image, or an array (H, W), (H, W, 1 | 3 | 4) or
            (1 | 3 | 4, H, W), uint8 or float in [0, 1].
        size: edge in pixels, 1 to 4096.
        fit: "crop" fills the square and cuts off what sticks out on both sides; "fit" shows all
            of the photo, with white beside it.
        name: what an error calls the photo; by default the file's name.

    Raises:
        ValueError: one sentence with the name, what was wrong and what was expected.
        OSError: the file can't be opened.
    """
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= 4096:
        raise ValueError(f"size: expected a whole number from 1 to 4096, got {size!r}")
    if fit not in ("crop", "fit"):
        raise ValueError(f"fit: expected 'crop' or 'fit', got {fit!r}")
    image = open_photo(source, size, name)
    return np.ascontiguousarray(np.asarray(_squared(image, size, fit)).transpose(2, 0, 1))


def open_photo(
    source: PhotoSource, size: int | None = None, name: str | None = None
) -> Image.Image:
    """Return a photo as an upright RGB image without transparency, of any width and height.

    With a `size`, a large JPEG may come smaller, though with both edges at least twice that.
    Arguments and errors are those of `read_photo`.
    """
    if isinstance(source, Image.Image):
        return _decoded(source, name or "the picture", size)
    if isinstance(source, np.ndarray):
        return _from_array(source, name or "the array")
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), name or "the picture", size)
    if not isinstance(source, str | Path):
        raise ValueError(f"source: expected a file, bytes or a picture, got {_type(source)}")
    path = Path(source)
    name = name or path.name
    if path.is_dir():
        raise ValueError(f"{name}: is a folder, expected {_WANTED}")
    if path.exists() and not path.is_file():
        raise ValueError(f"{name}: is no ordinary file, expected {_WANTED}")
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    return _from_bytes(content, name, size)


def _from_bytes(content: bytes, name: str, size: int | None) -> Image.Image:
    if not content:
        raise ValueError(f"{name}: is empty (0 bytes), expected {_WANTED}")
    if len(content) > LARGEST_FILE:
        raise ValueError(f"{name}: is larger than {LARGEST_FILE // 1_000_000} MB, too much to open")
    if re.match(rb"P[1-6]", content) and not _PIXMAP.match(content[:10_000]):
        raise _damaged(name)
    if content[:2] in (b"P1", b"P2", b"P3") and len(content) > LARGEST_PLAIN:
        raise ValueError(f"{name}: is a picture written as text, too long to read; save it as PNG")
    other = _other_kind(content)
    if other:
        raise ValueError(f"{name}: is {other}, expected {_WANTED}")
    try:
        image = Image.open(io.BytesIO(content), formats=_formats())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except Exception:  # a decoder fed with foreign bytes may raise anything at all
        raise ValueError(f"{name}: can't be read as a picture, expected {_WANTED}") from None
    with image:
        return _decoded(image, name, size, ours=True)


def _decoded(image: Image.Image, name: str, size: int | None, *, ours: bool = False) -> Image.Image:
    """Decode an opened image, turn it upright and put it on white; in place if it is ``ours``."""
    width, height = image.size
    if width < 1 or height < 1:
        raise ValueError(f"{name}: has no pixels ({width}×{height})")
    try:
        if size is not None and image.format in ("JPEG", "MPO"):
            image.draft(None, (2 * size, 2 * size))  # decodes at a half, quarter or eighth
    except Exception:  # as above
        raise _damaged(name) from None
    if width * height > (most := _most_pixels(image)):
        raise _too_many_pixels(name, f"{width}×{height}", most)
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels(name, f"{width}×{height}")
    try:
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except MemoryError:
        raise ValueError(f"{name}: takes more memory to open than there is") from None
    except Exception:
        raise _damaged(name) from None
    try:
        return _on_white(_eight_bit(_upright(image, ours)))
    except Exception:
        raise ValueError(
            f"{name}: has colours of a kind ({image.mode}) that can't be read"
        ) from None


def _most_pixels(image: Image.Image) -> int:
    if "progressive" in image.info:  # all of such a JPEG is kept, however small it is decoded
        return MOST_PIXELS
    return MOST_PIXELS_OF.get(image.format or "", MOST_PIXELS)


def _upright(image: Image.Image, ours: bool) -> Image.Image:
    """Turn and mirror as EXIF says; damaged EXIF data is no reason to refuse a photo."""
    try:
        if image.getexif().get(ExifTags.Base.Orientation, 1) == 1:
            return image
        if not ours:
            return ImageOps.exif_transpose(image)
        ImageOps.exif_transpose(image, in_place=True)
        return image
    except Exception:
        return image


def _eight_bit(image: Image.Image) -> Image.Image:
    """Bring 16- and 32-bit and float grey to 8 bits; other images stay as they are."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        values = np.asarray(image)
        strips = [slice(top, bottom) for top, bottom in _strips(image)]
        top = max(float(_finite(values[strip]).max()) for strip in strips)
        full = 1.0 if image.mode == "F" and top <= 1 else 255.0 if top <= 255 else 65535.0
        grey = np.empty(values.shape, np.uint8)
        for strip in strips:
            scaled = np.clip(_finite(values[strip]) / max(full, top) * 255, 0, 255)
            grey[strip] = scaled.round()
        return Image.fromarray(grey)
    return image


def _finite(values: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.nan_to_num(values.astype(np.float64), posinf=0, neginf=0)


def _strips(image: Image.Image) -> list[tuple[int, int]]:
    """Return tops and bottoms of strips of about a million pixels, to save memory."""
    rows = max(1, 1_000_000 // image.width)
    return [(top, min(top + rows, image.height)) for top in range(0, image.height, rows)]


def _on_white(image: Image.Image) -> Image.Image:
    """Return RGB; what is transparent shows white paper."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        # La and RGBa (already multiplied by alpha) convert only to their plain twins.
        plain = {"La": "LA", "RGBa": "RGBA"}.get(image.mode)
        paper = Image.new("RGB", image.size, _WHITE)
        for top, bottom in _strips(image):
            strip = image.crop((0, top, image.width, bottom))
            strip = (strip.convert(plain) if plain else strip).convert("RGBA")
            white = Image.new("RGBA", strip.size, (*_WHITE, 255))
            paper.paste(Image.alpha_composite(white, strip).convert("RGB"), (0, top))
        return paper
    return image if image.mode == "RGB" else image.convert("RGB")


def _squared(image: Image.Image, size: int, fit: Fit) -> Image.Image:
    """Scale to a square, averaging over what becomes one pixel."""
    width, height = image.size
    smooth = Image.Resampling.LANCZOS
    if fit == "crop":
        edge = min(width, height)
        left, top = (width - edge) / 2, (height - edge) / 2
        box = (left, top, left + edge, top + edge)
        return image.resize((size, size), smooth, box, reducing_gap=3.0)
    scale = size / max(width, height)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    paper = Image.new("RGB", (size, size), _WHITE)
    small = image.resize(inner, smooth, reducing_gap=3.0)
    paper.paste(small, ((size - inner[0]) // 2, (size - inner[1]) // 2))
    return paper


def _from_array(array: NDArray[np.generic], name: str) -> Image.Image:
    wanted = "(H, W), (H, W, 1 | 3 | 4) or (1 | 3 | 4, H, W)"
    pixels = array
    if pixels.ndim == 3 and pixels.shape[2] not in (1, 3, 4) and pixels.shape[0] in (1, 3, 4):
        pixels = pixels.transpose(1, 2, 0)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.ndim not in (2, 3) or pixels.size == 0 or pixels.shape[2:] not in ((), (3,), (4,)):
        raise ValueError(f"{name}: expected shape {wanted}, got {array.shape}")
    if pixels.shape[0] * pixels.shape[1] > MOST_PIXELS:
        raise _too_many_pixels(name, f"{pixels.shape[1]}×{pixels.shape[0]}")
    if pixels.dtype.kind == "f":
        low, high = float(pixels.min()), float(pixels.max())
        if not (low >= 0 and high <= 1):
            raise ValueError(f"{name}: expected floats from 0 to 1, got {low:g} to {high:g}")
        pixels = (pixels.astype(np.float64) * 255 + 0.5).astype(np.uint8)
    elif pixels.dtype != np.uint8:
        raise ValueError(f"{name}: expected uint8 or float, got {pixels.dtype}")
    return _on_white(Image.fromarray(np.ascontiguousarray(pixels)))


def _other_kind(content: bytes) -> str | None:
    """Name what a file is if it is something known that is not opened."""
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<svg") or (
        head.startswith(b"<?xml") and b"<svg" in content[:4096].lower()
    ):
        return "an SVG drawing, which has no pixels"
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        if brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
            return "a HEIC photo, which is not read here (share or export it as JPEG)"
        if brand not in (b"avif", b"avis"):
            return "a film"
    known = {b"%pdf": "a PDF document", b"pk\x03\x04": "a zip archive", b"%!ps": "PostScript"}
    for begin, what in known.items():
        if head.startswith(begin):
            return what
    if not any(content[:512]):
        return "nothing but zeros"
    text = set(content[:512]) <= set(range(32, 256)) | set(b"\t\n\r\f")
    pixmap = content[:1] == b"P" and content[1:2] in b"123456"
    if text and not pixmap and content[:2] != b"BM":
        return "a text file"
    return None


@cache
def _formats() -> tuple[str, ...]:
    Image.init()
    return tuple(form for form in FORMATS if form in Image.OPEN)


def _too_many_pixels(name: str, got: str = "more", most: int = MOST_PIXELS) -> ValueError:
    return ValueError(
        f"{name}: has too many pixels to open, at most {most // 1_000_000} million "
        f"are allowed, got {got}; make it smaller first"
    )


def _damaged(name: str) -> ValueError:
    return ValueError(f"{name}: is damaged or cut off, expected a whole picture")


def _type(value: object) -> str:
    return type(value).__name__
