"""A bar parted into training, validation and test pictures; its borders are dragged."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme

STEP = 0.01  # the borders stand at whole per cents
MOST = 0.9  # of the pictures may be put aside
BAR = 12
HANDLE = 18
TEXT = 17
HIGH = HANDLE + 4 + 2 * TEXT
PARTS = (("train", "accent"), ("validation", "negative"), ("test", "muted"))
EMPTY = "How a data set is parted for training and validation is set here"


class SplitSlider(QWidget):
    """Shares and numbers of training, validation and test pictures.

    A data set with an official test set has one border, between training and validation; the
    test pictures are told beside. Any other has two. Tab goes from border to border, Left and
    Right move by one per cent, Page Up and Down by ten.
    """

    split_changed = Signal(float, float)  # validation and test, parts of 0 to 0.9

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("split_slider")
        self.setAccessibleName("Split")
        self.setToolTip(
            "Training pictures teach the network; validation pictures only watch it learn.\n"
            "Drag a border, or use Left and Right."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(140)
        self._total = 0
        self._official: int | None = None
        self._shares = [0.2, 0.0]  # validation, test
        self._numbers: tuple[int, int, int] | None = None  # as counted, where somebody has
        self._handles = [_Handle(self, 0), _Handle(self, 1)]
        self._renew()

    def set_total(self, total: int, official_test: int | None = None) -> None:
        """Say how many pictures are parted (0: no data set), and how many an official test set has.

        Raises:
            ValueError: a number below 0.
        """
        if total < 0 or (official_test or 0) < 0:
            raise ValueError(
                f"total and official_test: expected 0 or more, got {total}, {official_test}"
            )
        self._total, self._official = total, official_test
        self._numbers = None
        if official_test is not None:
            self._shares[1] = 0.0
        self._renew()

    def set_split(self, validation: float, test: float = 0.0) -> None:
        """Show these parts of the pictures; nothing is emitted.

        Raises:
            ValueError: a part below 0, or both together above 0.9.
        """
        if not (validation >= 0 and test >= 0 and validation + test <= MOST + 1e-9):
            raise ValueError(
                f"validation and test: expected 0 or more, together up to {MOST}, "
                f"got {validation} and {test}"
            )
        shares = [validation, test if self._official is None else 0.0]
        if shares != self._shares:
            self._shares, self._numbers = shares, None
        self._renew()

    def set_numbers(self, training: int, validation: int, test: int) -> None:
        """Tell how many pictures each part has, as counted, until the split is changed.

        Each class is parted on its own, so that these may differ from the shares by a few.
        """
        self._numbers = (training, validation, test)
        self._renew()

    @property
    def split(self) -> tuple[float, float]:
        """Parts for validation and test."""
        return self._shares[0], self._shares[1]

    @property
    def numbers(self) -> tuple[int, int, int]:
        """Pictures for training, validation and test, as counted or else to rounding."""
        if self._numbers is not None:
            return self._numbers
        validation = round(self._total * self._shares[0])
        test = round(self._total * self._shares[1])
        training = self._total - validation - test
        return training, validation, test if self._official is None else self._official

    def sizeHint(self) -> QSize:
        return QSize(260, HIGH)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, HIGH)

    # What the handles ask

    def border(self, index: int) -> float:
        """Where a border stands, 0 to 1 from the left: after training, after validation."""
        return 1 - self._shares[1] - (self._shares[0] if index == 0 else 0.0)

    def move_border(self, index: int, to: float, tell: bool) -> None:
        """Put a border somewhere; the other keeps its place, or gives way."""
        where = round(max(1 - MOST, min(to, 1.0)) / STEP) * STEP
        first, second = self.border(0), self.border(1)
        if index == 0:
            first, second = where, max(where, second)
        else:
            first, second = min(where, first), where
        shares = [round(second - first, 2), round(1 - second, 2)]
        if shares != self._shares:
            self._shares, self._numbers = shares, None
            self._renew()
            if tell:
                self.tell()

    def tell(self) -> None:
        """Emit the split as it stands."""
        self.split_changed.emit(*self._shares)

    def track(self) -> QRectF:
        """The bar."""
        return QRectF(HANDLE / 2, (HANDLE - BAR) / 2 + 1, self.width() - HANDLE, BAR)

    def _renew(self) -> None:
        self._handles[0].setVisible(self._total > 0)
        self._handles[1].setVisible(self._total > 0 and self._official is None)
        self.setAccessibleDescription("; ".join(self._texts()) if self._total else EMPTY)
        for index, handle in enumerate(self._handles):
            handle.setAccessibleDescription(f"{self.border(index):.0%}".replace("%", " %"))
        self._place()
        self.update()

    def _texts(self) -> list[str]:
        shares = (1 - sum(self._shares), *self._shares)
        texts = []
        for (part, _), share, number in zip(PARTS, shares, self.numbers, strict=True):
            official = part == "test" and self._official is not None
            texts.append(f"{part} {number:,}, {'official' if official else f'{100 * share:.0f} %'}")
        return texts

    def _place(self) -> None:
        track = self.track()
        for index, handle in enumerate(self._handles):
            x = track.left() + track.width() * self.border(index)
            # Two borders at one place lie side by side, so that both can be taken.
            handle.move(round(x - HANDLE / 2), 1)
        if self._shares[0] == 0 and self._official is None:
            (self._handles[1] if self.border(1) < 1 else self._handles[0]).raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._total:
            return
        track = self.track()
        at = (event.position().x() - track.left()) / max(track.width(), 1.0)
        shown = [handle for handle in self._handles if not handle.isHidden()]
        nearest = min(shown, key=lambda handle: abs(self.border(handle.index) - at))
        if event.position().y() <= HANDLE + 2:
            nearest.setFocus(Qt.FocusReason.MouseFocusReason)
            self.move_border(nearest.index, at, tell=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._total:
            painting.paint_sentence(painter, QRectF(self.rect()), EMPTY)
            return
        track = self.track()
        borders = (0.0, self.border(0), self.border(1), 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        for (_, role), start, end in zip(PARTS, borders[:-1], borders[1:], strict=True):
            if end > start:
                part = QRectF(
                    track.left() + track.width() * start,
                    track.top(),
                    track.width() * (end - start),
                    track.height(),
                )
                painter.setBrush(theme.colour(role, 0.85))
                painter.drawRoundedRect(part.adjusted(0.5, 0, -0.5, 0), 3, 3)
        self._paint_numbers(painter)

    def _paint_numbers(self, painter: QPainter) -> None:
        """Three columns below the bar: the part's colour and name, its share and its number."""
        shares = (1 - sum(self._shares), *self._shares)
        top = HANDLE + 4
        small, body = theme.font(theme.CAPTION), theme.font(theme.BODY)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        metrics = QFontMetricsF(small)
        texts = []
        for (part, _), share in zip(PARTS, shares, strict=True):
            official = part == "test" and self._official is not None
            texts.append(f"{part} {'official' if official else f'{100 * share:.0f} %'}")
        if sum(metrics.horizontalAdvance(text) + 18 for text in texts) > self.width():
            texts = [text.replace("validation", "valid.") for text in texts]
        widths = [metrics.horizontalAdvance(text) + 14 for text in texts]
        spare = max(0.0, self.width() - sum(widths) - 4) / 2
        x = 2.0
        rows = zip(PARTS, texts, widths, self.numbers, strict=True)
        for (_, role), text, wide, number in rows:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(role))
            painter.drawRoundedRect(QRectF(x, top + TEXT / 2 - 4, 8, 8), 2, 2)
            painter.setFont(small)
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(x + 12, top, wide, TEXT), middle, text)
            painter.setFont(body)
            painter.setPen(theme.colour("text"))
            painter.drawText(QRectF(x + 12, top + TEXT, wide, TEXT), middle, f"{number:,}")
            x += wide + spare


class _Handle(QWidget):
    """A border that can be dragged, and moved by keys when it has the focus."""

    def __init__(self, slider: SplitSlider, index: int) -> None:
        super().__init__(slider)
        self.index = index
        self._slider = slider
        name = "Border between training and validation" if index == 0 else "Border before test"
        self.setObjectName(f"split_border_{index}")
        self.setAccessibleName(name)
        self.setToolTip(f"{name}: drag it, or use Left and Right")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFixedSize(HANDLE, HANDLE)
        self._dragged = False
        self._before = slider.split if index else (0.0, 0.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = True
            self._before = self._slider.split
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged:
            track = self._slider.track()
            x = self.mapTo(self._slider, event.position()).x()
            to = (x - track.left()) / max(track.width(), 1.0)
            self._slider.move_border(self.index, to, tell=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = False
            self.update()
            if self._slider.split != self._before:
                self._slider.tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self._slider.border(self.index)
        to = {
            Qt.Key.Key_Left: here - STEP,
            Qt.Key.Key_Down: here - STEP,
            Qt.Key.Key_Right: here + STEP,
            Qt.Key.Key_Up: here + STEP,
            Qt.Key.Key_PageDown: here - 10 * STEP,
            Qt.Key.Key_PageUp: here + 10 * STEP,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
        else:
            self._slider.move_border(self.index, to, tell=True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role, width = ("accent", 2.0) if self.hasFocus() else ("panel", 2.0)
        painter.setPen(QPen(theme.colour(role), width))
        painter.setBrush(theme.colour("text"))
        painter.drawEllipse(QPointF(HANDLE / 2, HANDLE / 2), HANDLE / 2 - 2, HANDLE / 2 - 2)
