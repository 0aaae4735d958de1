"""Recording: frames of what trains, taken a few times a second from what is in sight."""

from collections.abc import Hashable
from time import perf_counter

from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from gui import pictures, theme
from gui.exporting.exportable import Film
from gui.exporting.film import EVERY, LONGEST_EDGE, Frames, Pixels


class Recorder(QObject):
    """Films one `Film` at a time, and keeps the frames until the next is begun.

    A frame is taken when a step was done since the one before, and while the widget is in sight.
    """

    changed = Signal()  # begun, ended, or a second older

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frames = Frames()
        self.what: Film | None = None  # what the frames are of
        self._began = 0.0
        self._told = 0
        self._moment: Hashable = None
        self._timer = QTimer(self, interval=round(1000 * EVERY))
        self._timer.timeout.connect(self._on_timeout)

    @property
    def running(self) -> bool:
        """True while frames are taken."""
        return self._timer.isActive()

    @property
    def seconds(self) -> int:
        """How long it has been recording."""
        return int(perf_counter() - self._began) if self.running else 0

    def start(self, what: Film) -> None:
        """Begin a new film; the frames of the one before are gone."""
        self.what, self.frames = what, Frames()
        self._began, self._told = perf_counter(), 0
        self._moment = object()  # unlike any
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """End the film with a frame of now."""
        if self.running:
            self._timer.stop()
            self._take(last=True)
            self.changed.emit()

    def _on_timeout(self) -> None:
        self._take()
        if self.seconds != self._told:
            self._told = self.seconds
            self.changed.emit()

    def _take(self, *, last: bool = False) -> None:
        what = self.what
        if what is None or not what.widget.isVisible():
            return
        moment = what.moment()
        if moment != self._moment and (self.frames.wants() or last):
            self._moment = moment
            with what.held():
                pixels = _painted(what.widget, self.frames.size)
            self.frames.add(pixels)  # the training goes on meanwhile


def _painted(widget: QWidget, size: tuple[int, int] | None) -> Pixels:
    """What a widget shows, (H, W, 3), as large as the frames before it, or as LONGEST_EDGE says."""
    ratio = widget.devicePixelRatioF()
    whole = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    whole.setDevicePixelRatio(ratio)
    whole.fill(theme.colour("panel"))
    widget.render(whole, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    whole.setDevicePixelRatio(1.0)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    room = QSize(LONGEST_EDGE, LONGEST_EDGE) if size is None else QSize(*size)
    small = whole.scaled(room.boundedTo(whole.size()) if size is None else room, keep, smooth)
    if size is not None and small.size() != room:  # the window was given another shape
        frame = QImage(room, QImage.Format.Format_RGB32)
        frame.fill(theme.colour("panel"))
        painter = QPainter(frame)
        left, top = room.width() - small.width(), room.height() - small.height()
        painter.drawImage(QPointF(left // 2, top // 2), small)
        painter.end()
        small = frame
    return pictures.to_rgb(small)
