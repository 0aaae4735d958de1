"""Pictures as files: a page with a title, the moment and the picture, as pixels or as shapes."""

import re

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gui import theme
from gui.exporting.exportable import Picture

MARGIN, HEAD = 16, 44  # logical pixels
DOTS = 96  # an inch: a pixel of an SVG is a pixel of the screen


def room(picture: Picture) -> QRect:
    """The page around a picture whose corner is the origin, in logical pixels."""
    wide, high = picture.size
    return QRect(-MARGIN, -HEAD, wide + 2 * MARGIN, high + HEAD + MARGIN)


def paint(painter: QPainter, picture: Picture, look: str) -> None:
    """The page in the `"dark"` or `"light"` colours; the painter's origin is the picture's."""
    with theme.painting_in(look):
        painter.fillRect(room(picture), theme.colour("panel"))
        line = QRectF(0, -HEAD, picture.size[0], HEAD)
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
        picture.paint(painter, *picture.size)
        painter.restore()


def image(picture: Picture, look: str, scale: float) -> QImage:
    """The page with `scale` pixels for a logical one."""
    page = room(picture)
    made = QImage(page.size() * scale, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(scale)
    made.setText("Title", f"{picture.title}: {picture.caption()}")
    made.setText("Software", "Brightwire")
    painter = QPainter(made)
    painter.translate(-page.topLeft())
    paint(painter, picture, look)
    painter.end()
    return made


def png(made: QImage) -> bytes:
    """The file of an image; good for another thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not made.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise ValueError("the picture is too large; choose a smaller size")
    return bytes(buffer.data().data())


def svg(picture: Picture, look: str) -> bytes:
    """The file of the page as shapes and text."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    made = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # the one that clips
    made.setOutputDevice(buffer)
    made.setResolution(DOTS)
    made.setSize(room(picture).size())
    made.setViewBox(room(picture))  # rather than move the painter: Qt would not move its clips
    made.setTitle(picture.title)
    made.setDescription(f"{picture.caption()}. Made with Brightwire.")
    painter = QPainter(made)
    paint(painter, picture, look)
    painter.end()
    drawing = bytes(buffer.data().data())
    for written, wanted in _CORRECTIONS:
        drawing = re.sub(written, wanted, drawing)
    return drawing


_CORRECTIONS = (
    # Where that family is missing another one without serifs is to come.
    (rb'font-family="([^"]+)"', rb'font-family="\1, sans-serif"'),
    # Large pixels of small pictures stay squares.
    (rb'image-rendering="optimizeSpeed"', rb'style="image-rendering: pixelated"'),
)
