"""Pictures of a data set on the screen: from (C, H, W) bytes to crisp pixels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from gui import theme
from gui.wall_layout import WallLayout

Images = NDArray[np.uint8]
Pixels = NDArray[np.uint32]

OPAQUE = np.uint32(0xFF000000)
_GREY: Pixels = OPAQUE | (np.arange(256, dtype=np.uint32) * np.uint32(0x010101))


def check(images: Images, labels: NDArray[np.int64], names: Sequence[str]) -> None:
    """Raise ValueError unless images are (N, C, H, W) uint8 with a named label each."""
    if images.dtype != np.uint8 or images.ndim != 4 or 0 in images.shape[1:]:
        raise ValueError(
            f"images: expected uint8 of shape (N, C, H, W), got {images.dtype} {images.shape}"
        )
    if labels.shape != (len(images),):
        raise ValueError(f"labels: expected one for each of {len(images)}, got {labels.shape}")
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < len(names):
        raise ValueError(
            f"labels: expected 0 to {len(names) - 1}, got {labels.min()} to {labels.max()}"
        )


def to_pixels(images: Images) -> Pixels:
    """Return pictures (n, C, H, W) as opaque 0xAARRGGBB, (n, H, W); their mean unless C is 3."""
    if images.shape[1] == 3:
        pixels = images[:, 0].astype(np.uint32)
        for plane in (1, 2):
            pixels <<= np.uint32(8)
            pixels |= images[:, plane]
        pixels |= OPAQUE
        return pixels
    if images.shape[1] == 1:
        return _GREY[images[:, 0]]
    mean: Images = images.mean(axis=1).astype(np.uint8)
    return _GREY[mean]


def to_image(picture: Images) -> QImage:
    """Return one picture (C, H, W) as an image of its own pixels."""
    return from_pixels(to_pixels(picture[np.newaxis])[0])


def from_pixels(pixels: Pixels) -> QImage:
    """Return 0xAARRGGBB pixels (H, W), opaque, as an image with memory of its own."""
    high, wide = pixels.shape
    held = np.ascontiguousarray(pixels)
    return QImage(held.data, wide, high, wide * 4, QImage.Format.Format_RGB32).copy()


def from_rgb(pixels: Images) -> QImage:
    """Return red, green and blue (H, W, 3) as an image with memory of its own."""
    high, wide, _ = pixels.shape
    held = np.ascontiguousarray(pixels)
    return QImage(held.data, wide, high, wide * 3, QImage.Format.Format_RGB888).copy()


def to_rgb(image: QImage) -> Images:
    """Return an image as red, green and blue, (H, W, 3), with memory of their own."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def fitted(image: QImage, area: QRectF, ratio: float) -> QRect:
    """Where a picture goes in the middle of an area, both in device pixels.

    It is enlarged by a whole number, so that its pixels stay squares of one size, or made
    smaller to fit.
    """
    wide, high = image.width(), image.height()
    left, top = round(area.x() * ratio), round(area.y() * ratio)
    room_wide, room_high = int(area.width() * ratio), int(area.height() * ratio)
    scale = min(room_wide / wide, room_high / high)
    if scale >= 1:
        scale = int(scale)
    wide, high = max(1, int(wide * scale)), max(1, int(high * scale))
    return QRect(left + (room_wide - wide) // 2, top + (room_high - high) // 2, wide, high)


def paint_picture(painter: QPainter, area: QRectF, image: QImage) -> QRectF:
    """Paint a picture as large and crisp as it goes into an area; return where it lies."""
    ratio = painter.device().devicePixelRatioF()
    spot = fitted(image, area, ratio)
    smaller = spot.width() < image.width()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.scale(1 / ratio, 1 / ratio)
    if smaller:
        image = image.scaled(
            spot.size(),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    painter.drawImage(spot, image)
    painter.restore()
    return QRectF(spot.x() / ratio, spot.y() / ratio, spot.width() / ratio, spot.height() / ratio)


def strip(images: Images, laid: WallLayout) -> QPixmap:
    """Return pictures (n, C, H, W) as one line of a wall, gaps in the ground's colour between."""
    pixels = to_pixels(images)
    wide, high = laid.thumb
    if laid.scale > 1:
        pixels = pixels.repeat(laid.scale, axis=2)
    elif laid.scale < 1:
        pixels = np.stack([_smaller(picture, wide, high) for picture in pixels])
    ground = np.uint32(theme.colour("window").rgba())
    line = np.full((pixels.shape[1], len(images), wide + laid.gap), ground, np.uint32)
    line[:, :, :wide] = pixels.transpose(1, 0, 2)
    flat = line.reshape(len(line), -1)[:, : -laid.gap]
    if laid.scale > 1:
        flat = flat.repeat(laid.scale, axis=0)
    pixmap = QPixmap.fromImage(from_pixels(flat))
    pixmap.setDevicePixelRatio(laid.ratio)
    return pixmap


def _smaller(pixels: Pixels, wide: int, high: int) -> Pixels:
    """A picture (H, W) made smaller, smoothly."""
    image = from_pixels(pixels).scaled(
        wide, high, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(high, -1)
    return rows[:, :wide].copy()


def words(row: int, label: int, taken_for: int, names: Sequence[str]) -> str:
    """What is known of a picture, for a tooltip or a reader; `taken_for` is -1 when unknown."""
    text = f"Picture {row:,}: {names[label]}"
    if taken_for == label:
        return f"{text}, predicted right ✓"
    if 0 <= taken_for < len(names):
        return f"{text}, predicted {names[taken_for]} ✗"
    return text
