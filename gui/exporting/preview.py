"""What is going to be exported, in small: a page, a frame, or the first lines of a table."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.exporting import pages
from gui.exporting.exportable import Picture

LINE = 17  # logical pixels of a line of text


class Preview(QWidget):
    """Shows one thing at a time. A picture is painted anew when there is more or less room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("export_preview")
        self.setAccessibleName("Preview")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 120)
        self._picture: tuple[Picture, str] | None = None
        self._image: QImage | None = None
        self._lines: list[str] = []
        self._sentence = ""

    def sizeHint(self) -> QSize:
        return QSize(420, 240)

    def show_picture(self, picture: Picture, look: str) -> None:
        """Show a picture's page in the `"dark"` or `"light"` colours."""
        self._show(f"{picture.title}, {picture.caption()}")
        self._picture = (picture, look)
        self._paint_page()

    def show_image(self, image: QImage, told: str) -> None:
        """Show an image, and tell those who don't see it what it is."""
        self._show(told)
        self._image = image

    def show_lines(self, lines: list[str]) -> None:
        """Show lines of text."""
        self._show("; ".join(lines[:3]))
        self._lines = lines

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence."""
        self._show(sentence)
        self._sentence = sentence

    def _show(self, told: str) -> None:
        self._picture = self._image = None
        self._lines, self._sentence = [], ""
        self.setAccessibleDescription(told)
        self.update()

    def _paint_page(self) -> None:
        if self._picture is not None and self.width() > 0:
            page = pages.room(self._picture[0])
            fits = min(self.width() / page.width(), self.height() / page.height(), 1.0)
            self._image = pages.image(*self._picture, fits * self.devicePixelRatioF())
            self._image.setDevicePixelRatio(self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._image is not None:
            self._paint_image(painter, self._image, area)
            return
        painting.paint_paper(painter, area)
        if self._sentence:
            painting.paint_sentence(painter, area, self._sentence)
        painter.setFont(theme.font(theme.CAPTION, mono=True))
        painter.setPen(theme.colour("muted"))
        metrics = painter.fontMetrics()
        for i, line in enumerate(self._lines[: int(area.height() - 16) // LINE]):
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, self.width() - 24)
            box = QRectF(12, 8 + i * LINE, self.width() - 24, LINE)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_image(self, painter: QPainter, image: QImage, area: QRectF) -> None:
        size = image.deviceIndependentSize()
        fits = min(area.width() / size.width(), area.height() / size.height(), 1.0)
        place = QRectF(0, 0, size.width() * fits, size.height() * fits)
        place.moveLeft((area.width() - place.width()) / 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._paint_page()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
