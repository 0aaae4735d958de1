"""Pictures as files: a page with a title, the moment and the picture, as pixels or as shapes."""

import re

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gui import theme
from gui.exporting.exportable import Picture

MARGIN, HEAD = 16, 44  # logical pixels
DOTS = 96  # an inch: a pixel of an SVG is a pixel of the screen


def size(picture: Picture) -> QSize:
    """Of the page, in logical pixels."""
    wide, high = picture.size
    return QSize(wide + 2 * MARGIN, high + HEAD + MARGIN)


def paint(painter: QPainter, picture: Picture, look: str) -> None:
    """The page in the `"dark"` or `"light"` colours."""
    room = size(picture)
    with theme.painting_in(look):
        painter.fillRect(QRectF(0, 0, room.width(), room.height()), theme.colour("panel"))
        line = QRectF(MARGIN, 0, room.width() - 2 * MARGIN, HEAD)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(theme.TITLE, bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, picture.title)
        taken = QFontMetricsF(painter.font()).horizontalAdvance(picture.title) + MARGIN
        painter.setFont(theme.font(theme.CAPTION))
        painter.setPen(theme.colour("muted"))
        metrics, right = QFontMetricsF(painter.font()), Qt.TextElideMode.ElideRight
        caption = metrics.elidedText(picture.caption(), right, line.width() - taken)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, caption)
        painter.save()
        painter.translate(QPointF(MARGIN, HEAD))
        painter.setClipRect(QRectF(0, 0, *picture.size))
        picture.paint(painter, *picture.size)
        painter.restore()


def image(picture: Picture, look: str, scale: float) -> QImage:
    """The page with `scale` pixels for a logical one."""
    made = QImage(size(picture) * scale, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(scale)
    made.setText("Title", f"{picture.title}: {picture.caption()}")
    made.setText("Software", "Brightwire")
    painter = QPainter(made)
    paint(painter, picture, look)
    painter.end()
    return made


def png(made: QImage) -> bytes:
    """The file of an image; good for another thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    made.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def svg(picture: Picture, look: str) -> bytes:
    """The file of the page as shapes and text."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    made = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # the one that clips
    made.setOutputDevice(buffer)
    made.setResolution(DOTS)
    made.setSize(size(picture))
    made.setViewBox(QRectF(QPointF(), size(picture).toSizeF()))
    made.setTitle(picture.title)
    made.setDescription(f"{picture.caption()}. Made with Brightwire.")
    painter = QPainter(made)
    paint(painter, picture, look)
    painter.end()
    # Where that family is missing another one without serifs is to come.
    family = rb'font-family="([^"]+)"'
    return re.sub(family, rb'font-family="\1, sans-serif"', bytes(buffer.data().data()))
