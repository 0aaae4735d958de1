"""What a drop or a paste holds: files, pictures as such, or addresses on the web."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from gui import web_drop
from gui.photo_reading import Source

# A browser says with one of these that what is dragged comes from a web page.
FROM_A_PAGE = (
    "text/html",
    "text/x-moz-url",
    "application/x-moz-file-promise-url",
    "chromium/x-renderer-taint",
)
RAW = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/bmp")
MOST_ADDRESSES = 20


@dataclass
class Dropped:
    """What to open: at most one of `paths`, `image`, `content` and `url` is there.

    `problem` is a sentence when there was something that may not be opened.
    """

    paths: list[Path] = field(default_factory=list)
    image: QImage | None = None
    content: bytes = b""
    url: str = ""
    problem: str = ""

    def __bool__(self) -> bool:
        return bool(self.paths or self.image or self.content or self.url or self.problem)


def looks_usable(mime: QMimeData) -> bool:
    """True when a drop may hold a photo; quick, for while it hovers."""
    return mime.hasUrls() or mime.hasImage() or any(mime.hasFormat(form) for form in RAW)


def look_at(mime: QMimeData) -> Dropped:
    """Decide what to open. A picture as such comes before an address that must be fetched."""
    from_page = any(mime.hasFormat(form) for form in FROM_A_PAGE)
    urls = [url for url in mime.urls()[:100_000] if not url.isEmpty()]
    files = [url for url in urls if url.isLocalFile() and not url.host()]
    if files and not from_page:
        return Dropped(paths=[Path(url.toLocalFile()) for url in files])
    for form in RAW:
        if mime.hasFormat(form) and (content := bytes(mime.data(form).data())):
            return Dropped(content=content)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Dropped(image=image)
    address = web_drop.picture_in(mime.html()) if mime.hasHtml() else ""
    if not address.startswith(("http:", "https:", "data:", "//")):
        address = ""
    address = address or (_spelled(urls[0]) if urls else "")
    if not address and mime.hasText():
        text = mime.text().strip()
        if text.startswith(("http://", "https://", "data:image/", "file:")) and "\n" not in text:
            address = text
    if not address:
        return Dropped()
    if address.startswith("//"):
        address = f"https:{address}"
    if address.startswith("data:"):
        try:
            return Dropped(content=web_drop.data_of(address, web_drop.Rules().most_bytes))
        except ValueError as error:
            return Dropped(problem=str(error))
    return Dropped(url=address)


def _spelled(url: QUrl) -> str:
    return bytes(url.toEncoded().data()).decode("ascii", "replace")


def source_of(image: QImage, name: str, origin: str) -> Source:
    """A decoded picture as a source; slow for a large one, and safe beside the window."""
    from nn.data.photo import MOST_PIXELS

    wide, high = image.width(), image.height()
    if wide * high > MOST_PIXELS:
        raise ValueError(f"{name}: has too many pixels to open, got {wide}×{high}")
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(high, plain.bytesPerLine())
    pixels = rows[:, : 4 * wide].reshape(high, wide, 4).copy()
    return Source(pixels, name, origin)
