"""One photo: from whatever a person drops to the pixels a network reads.

Files are data from outside. What a file is, its first bytes say, never its name; size and pixel
count are checked before anything is decoded; formats that could run programs are not opened.
"""

import io
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

PhotoSource: TypeAlias = "str | Path | bytes | Image.Image | NDArray[np.generic]"
Fit: TypeAlias = Literal["crop", "fit"]

LARGEST_FILE = 100_000_000
"""Bytes."""

MOST_PIXELS = 80_000_000
"""Width times height; below Pillow's own limit, so that this one speaks first."""

FORMATS = ("JPEG", "MPO", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF", "ICO", "PPM")
"""What is opened, if this Pillow knows it. Not EPS: reading one runs an interpreter."""

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
        return _decoded(image, name, size)


def _decoded(image: Image.Image, name: str, size: int | None) -> Image.Image:
    """Decode an opened image, turn it upright and put it on white."""
    width, height = image.size
    if width < 1 or height < 1:
        raise ValueError(f"{name}: has no pixels ({width}×{height})")
    if width * height > MOST_PIXELS:
        raise _too_many_pixels(name, f"{width}×{height}")
    try:
        if size is not None and image.format in ("JPEG", "MPO"):
            image.draft(None, (2 * size, 2 * size))  # decodes at a half, quarter or eighth
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except MemoryError:
        raise ValueError(f"{name}: takes more memory to open than there is") from None
    except Exception:  # as above
        raise ValueError(f"{name}: is damaged or cut off, expected a whole picture") from None
    try:
        return _on_white(_eight_bit(_upright(image)))
    except Exception:
        raise ValueError(
            f"{name}: has colours of a kind ({image.mode}) that can't be read"
        ) from None


def _upright(image: Image.Image) -> Image.Image:
    """Turn and mirror as EXIF says; damaged EXIF data is no reason to refuse a photo."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _eight_bit(image: Image.Image) -> Image.Image:
    """Bring 16- and 32-bit and float grey to 8 bits; other images stay as they are."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(image).astype(np.float64), posinf=0, neginf=0)
        top = float(values.max())
        full = 1.0 if image.mode == "F" and top <= 1 else 255.0 if top <= 255 else 65535.0
        scaled = np.clip(values / max(full, top) * 255, 0, 255)
        return Image.fromarray(scaled.round().astype(np.uint8))
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """Return RGB; what is transparent shows white paper."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        # La and RGBa (already multiplied by alpha) convert only to their plain twins.
        plain = {"La": "LA", "RGBa": "RGBA"}.get(image.mode)
        image = (image.convert(plain) if plain else image).convert("RGBA")
        paper = Image.new("RGBA", image.size, (*_WHITE, 255))
        return Image.alpha_composite(paper, image).convert("RGB")
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


def _too_many_pixels(name: str, got: str = "more") -> ValueError:
    return ValueError(
        f"{name}: has too many pixels to open, at most {MOST_PIXELS // 1_000_000} million "
        f"are allowed, got {got}"
    )


def _type(value: object) -> str:
    return type(value).__name__
