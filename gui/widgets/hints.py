"""The first hints: bubbles that point at a few widgets, one after another."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme

WIDTH = 264
ARROW = 9
GAP = 4  # between the target and the arrow's tip


class Ring(QWidget):
    """A ring around the target that lets every event through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)


class Bubble(QWidget):
    """A title, a sentence, and the buttons; with an arrow on one side."""

    clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hint_bubble")
        self.side = "top"  # the side of the bubble that the arrow is on
        self.tip = 40.0  # the arrow's place along that side
        self.title, self.text, self.count = QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "title")
        self.text.setWordWrap(True)
        self.count.setProperty("role", "caption")
        self.next = QPushButton("Next")
        self.skip = QToolButton()
        self.skip.setProperty("role", "quiet")
        self.skip.setToolTip("Close the hints (Esc)")
        self.skip.setAccessibleName("Close the hints")
        self.next.setToolTip("Next hint")
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.skip)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.next)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(14 + ARROW, 8 + ARROW, 10 + ARROW, 12 + ARROW)
        column.setSpacing(theme.SPACE)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addLayout(foot)
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the theme's icons."""
        self.skip.setIcon(theme.icon("close", "muted"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # what is under the bubble doesn't hear of it
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(ARROW, ARROW, -ARROW, -ARROW)
        path = QPainterPath()
        path.addRoundedRect(box, theme.RADIUS, theme.RADIUS)
        path = path.united(self._arrow(box)).simplified()
        painter.setPen(QPen(theme.colour("accent"), 1.2))
        painter.setBrush(theme.colour("raised"))
        painter.drawPath(path)

    def _arrow(self, box: QRectF) -> QPainterPath:
        path, at = QPainterPath(), self.tip
        if self.side in ("top", "bottom"):
            base, end = (
                (box.top() + 1, 1.0)
                if self.side == "top"
                else (box.bottom() - 1, box.bottom() + ARROW - 1)
            )
            corners = [QPointF(at - ARROW, base), QPointF(at, end), QPointF(at + ARROW, base)]
        else:
            base, end = (
                (box.left() + 1, 1.0)
                if self.side == "left"
                else (box.right() - 1, box.right() + ARROW - 1)
            )
            corners = [QPointF(base, at - ARROW), QPointF(end, at), QPointF(base, at + ARROW)]
        path.addPolygon(corners)
        path.closeSubpath()
        return path


class Hints(QObject):
    """Shows hints over a window. Only the bubble itself takes the mouse: all else stays usable."""

    finished = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._hints: list[tuple[QWidget, str, str]] = []
        self._index = -1
        self._ring: Ring | None = None
        self._bubble: Bubble | None = None
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._place)

    @property
    def active(self) -> bool:
        """True while a hint is shown."""
        return self._index >= 0

    @property
    def text(self) -> str:
        """Title and sentence in sight; empty when none is."""
        return ": ".join(self._hints[self._index][1:]) if self.active else ""

    def start(self, hints: Sequence[tuple[QWidget, str, str]]) -> None:
        """Show hints, each (the widget pointed at, title, sentence), from the first on."""
        self.stop(quietly=True)
        self._hints = list(hints)
        if not self._hints:
            return
        self._ring = Ring(self._parent)
        self._bubble = Bubble(self._parent)
        self._bubble.clicked.connect(self.advance)
        self._bubble.next.clicked.connect(self.advance)
        self._bubble.skip.clicked.connect(lambda: self.stop())
        self._parent.installEventFilter(self)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._show(0)

    def advance(self) -> None:
        """Show the next hint, or finish after the last."""
        if not self.active:
            return
        if self._index + 1 < len(self._hints):
            self._show(self._index + 1)
        else:
            self.stop()

    def stop(self, *, quietly: bool = False) -> None:
        """Take the hints away; `finished` tells so unless it is done quietly."""
        if not self.active:
            return
        self._index = -1
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._parent.removeEventFilter(self)
        for widget in (self._ring, self._bubble):
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._ring = self._bubble = None
        if not quietly:
            self.finished.emit()

    def _show(self, index: int) -> None:
        ring, bubble = self._ring, self._bubble
        if ring is None or bubble is None:
            return
        self._index = index
        _, title, text = self._hints[index]
        bubble.title.setText(title)
        bubble.text.setText(text)
        bubble.count.setText(f"{index + 1} of {len(self._hints)}")
        bubble.next.setText("Next" if index + 1 < len(self._hints) else "Done")
        bubble.setAccessibleName(f"Hint: {title}")
        bubble.setAccessibleDescription(text)
        ring.show()
        bubble.show()
        self._place()

    def _place(self) -> None:
        """Put the bubble where it fits beside its target: below, above, right, left."""
        ring, bubble = self._ring, self._bubble
        if ring is None or bubble is None or not self.active:
            return
        target = self._hints[self._index][0]
        room = self._parent.rect().adjusted(4, 4, -4, -4)
        shown = target.isVisible() and target.window() is self._parent.window()
        box = QRect(target.mapTo(self._parent, QPoint(0, 0)), target.size()) if shown else room
        bubble.setFixedWidth(WIDTH + 2 * ARROW)
        bubble.setFixedHeight(bubble.column.heightForWidth(WIDTH + 2 * ARROW))
        size = bubble.size()
        side, spot = _spot(box, size, room)
        bubble.side = side
        middle = box.center() - spot
        along, edge = (
            (middle.x(), size.width()) if side in ("top", "bottom") else (middle.y(), size.height())
        )
        bubble.tip = float(min(max(along, 3 * ARROW), edge - 3 * ARROW))
        bubble.move(spot)
        ring.setGeometry(box.adjusted(-4, -4, 4, 4).intersected(self._parent.rect()))
        ring.raise_()
        bubble.raise_()
        bubble.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.active:
            return False
        kind = event.type()
        if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            if escape and self._is_of_this_window(watched):
                event.accept()
                if kind == QEvent.Type.KeyPress:
                    self.stop()
                return True
        elif watched is self._parent and kind in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._settle.start()
        return False

    def _is_of_this_window(self, watched: QObject) -> bool:
        window = self._parent.window()
        if isinstance(watched, QWidget):
            return watched.window() is window
        return window.isVisible() and watched is window.windowHandle()


def _spot(box: QRect, size: QSize, room: QRect) -> tuple[str, QPoint]:
    """The arrow's side and the bubble's corner, best place first."""
    centred = QPoint(box.center().x() - size.width() // 2, box.center().y() - size.height() // 2)
    choices = [
        ("top", QPoint(centred.x(), box.bottom() + GAP)),
        ("bottom", QPoint(centred.x(), box.top() - GAP - size.height())),
        ("left", QPoint(box.right() + GAP, centred.y())),
        ("right", QPoint(box.left() - GAP - size.width(), centred.y())),
    ]
    for side, spot in choices:
        free = room.top() <= spot.y() and spot.y() + size.height() <= room.bottom()
        wide = room.left() <= spot.x() and spot.x() + size.width() <= room.right()
        if (side in ("top", "bottom") and free) or (side in ("left", "right") and wide):
            return side, _inside(spot, size, room)
    return "bottom", _inside(centred, size, room)


def _inside(spot: QPoint, size: QSize, room: QRect) -> QPoint:
    return QPoint(
        max(room.left(), min(spot.x(), room.right() - size.width())),
        max(room.top(), min(spot.y(), room.bottom() - size.height())),
    )
