"""A small network drawn as columns of maps: what each neuron responds to, all over the plane."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.twin import Twin

LARGEST, SMALLEST = 112.0, 14.0  # logical pixels of a map
HEADER, FOOTER = 18.0, 34.0
GAP = 6.0
BIG = 168.0  # the map under the pointer, enlarged
MOST_WIRES = 160  # more could not be told apart
WIRES_STAY = 0.1  # seconds


class NeuronMaps(Twin, QWidget):
    """`neuron_chosen` tells stage and neuron that were clicked, or entered with the keyboard."""

    contents = ("_stages", "_names", "_chosen")

    neuron_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("neuron_maps")
        self.setAccessibleName("Maps of the neurons")
        self.setToolTip("")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._stages: list[tuple[str, int]] = []
        self._names: Sequence[str] = ()
        self._pictures: list[NDArray[np.uint8]] = []
        self._weights: list[NDArray[np.float32]] = []
        self._biases: list[NDArray[np.float32]] = []
        self._chosen: tuple[tuple[int, int], ...] = ()
        self._wires = painting.Sheet()
        self._wired = 0.0  # when
        self._later = QTimer(self, singleShot=True, interval=round(1000 * WIRES_STAY))
        self._later.timeout.connect(self._forget_wires)
        self._at: tuple[int, int] | None = None  # under the pointer, or of the keyboard

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    # -- what is shown -----------------------------------------------------------------------

    def set_stages(self, stages: Sequence[tuple[str, int]], names: Sequence[str]) -> None:
        """Words and number of neurons of each column; `names` of the last column's classes."""
        self._stages, self._names = list(stages), tuple(names)
        self._pictures, self._weights, self._biases = [], [], []
        self._at = None
        self._forget_wires()

    def set_maps(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        weights: Sequence[NDArray[np.float32]],
        biases: Sequence[NDArray[np.float32]],
    ) -> None:
        """Pictures (units, S, S, 4) uint8 RGBX per stage; weights and biases from the second on."""
        if len(pictures) == len(self._stages) == len(weights) + 1:
            self._pictures = [np.ascontiguousarray(p) for p in pictures]
            self._weights, self._biases = list(weights), list(biases)
            self.update()

    def set_chosen(self, neurons: Sequence[tuple[int, int]]) -> None:
        """Ring the neurons (stage, index) that are looked at elsewhere."""
        self._chosen = tuple(neurons)
        self.update()

    # -- geometry ----------------------------------------------------------------------------

    def _shown(self, stage: int) -> int:
        return len(self._pictures[stage])

    def _edge(self) -> float:
        most = max((len(p) for p in self._pictures), default=1)
        high = self.height() - HEADER - FOOTER
        wide = self.width() / (2.1 * max(len(self._pictures), 1))
        return float(np.clip(min(high / most - GAP, wide), SMALLEST, LARGEST))

    def _tile(self, stage: int, index: int) -> QRectF:
        """Where a map lies."""
        edge, columns = self._edge(), len(self._pictures)
        room = self.width() - edge - 2
        x = 1 + room * (stage / max(columns - 1, 1))
        count = self._shown(stage)
        high = count * (edge + GAP) - GAP
        free = self.height() - HEADER - FOOTER
        y = HEADER + max(0.0, (free - high) / 2) + index * (edge + GAP)
        return QRectF(round(x), round(y), edge, edge)

    def _hit(self, position: QPointF) -> tuple[int, int] | None:
        for stage in range(len(self._pictures)):
            for index in range(self._shown(stage)):
                if self._tile(stage, index).contains(position):
                    return stage, index
        return None

    # -- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._pictures:
            painting.paint_sentence(
                painter, QRectF(self.rect()), "A map of every neuron appears here"
            )
            return
        self._paint_wires(painter)
        for stage in range(len(self._pictures)):
            self._paint_column(painter, stage)
        self._paint_words(painter)
        if self._at is not None:
            self._paint_enlarged(painter, *self._at)
        if self.hasFocus():
            painting.paint_focus_ring(painter, QRectF(self.rect()))

    def _paint_wires(self, painter: QPainter) -> None:
        """Wires change slowly and cost most: their picture is renewed a few times a second."""
        if perf_counter() - self._wired >= WIRES_STAY:
            self._wires.drop()
        elif not self._later.isActive():
            self._later.start()  # so that the last weights are shown, too
        self._wires.show(painter, QRectF(self.rect()), self._paint_strongest)

    def _paint_strongest(self, painter: QPainter) -> None:
        self._wired = perf_counter()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for wire in self._strongest():
            self._paint_wire(painter, *wire)

    def _strongest(self) -> list[tuple[int, int, int, float, float]]:
        """Stage, neuron before, neuron behind, weight and its part of the stage's largest."""
        found = []
        for stage, weight in enumerate(self._weights):
            most = max(float(np.abs(weight).max(initial=0.0)), 1.0)
            for j, row in enumerate((weight / most).tolist()):
                found += [
                    (stage, i, j, part, abs(part)) for i, part in enumerate(row) if abs(part) > 0.01
                ]
        touched = [w for w in found if self._at in ((w[0], w[1]), (w[0] + 1, w[2]))]
        strongest = sorted(found, key=lambda wire: wire[-1])[-MOST_WIRES:]
        return strongest + touched

    def _paint_wire(
        self, painter: QPainter, stage: int, i: int, j: int, weight: float, part: float
    ) -> None:
        begin, end = self._tile(stage, i), self._tile(stage + 1, j)
        touches = self._at in ((stage, i), (stage + 1, j))
        faint = 0.3 if self._at is not None and not touches else 1.0
        role = "positive" if weight > 0 else "negative"
        pen = QPen(theme.colour(role, (0.15 + 0.8 * part) * faint))
        pen.setWidthF(0.6 + 3.4 * part)
        painter.setPen(pen)
        x0, y0 = begin.right() + 1, begin.center().y()
        x1, y1 = end.left() - 1, end.center().y()
        path = QPainterPath(QPointF(x0, y0))
        bend = (x1 - x0) * 0.45
        path.cubicTo(x0 + bend, y0, x1 - bend, y1, x1, y1)
        painter.drawPath(path)

    def _forget_wires(self) -> None:
        self._wires.drop()
        self.update()

    def _paint_column(self, painter: QPainter, stage: int) -> None:
        pictures = self._pictures[stage]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(len(pictures)):
            tile = self._tile(stage, index)
            painter.drawImage(tile, _image(pictures[index]))
            ringed = (stage, index) in self._chosen
            role = "text" if ringed else "line"
            painter.setPen(QPen(theme.colour(role), 2 if ringed else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile.adjusted(-0.5, -0.5, 0.5, 0.5), 3, 3)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.CAPTION))
        painter.setPen(theme.colour("muted"))
        for stage, (words, units) in enumerate(self._stages):
            first = self._tile(stage, 0)
            last = self._tile(stage, self._shown(stage) - 1)
            box = QRectF(first.center().x() - 60, first.top() - HEADER, 120, HEADER - 2)
            if box.left() < 0:
                box.moveLeft(0)
                flag = Qt.AlignmentFlag.AlignLeft
            elif box.right() > self.width():
                box.moveRight(self.width())
                flag = Qt.AlignmentFlag.AlignRight
            else:
                flag = Qt.AlignmentFlag.AlignHCenter
            text = words if stage in (0, len(self._stages) - 1) else f"{units} {words}"
            painter.drawText(box, flag | Qt.AlignmentFlag.AlignVCenter, text)
            if stage == 1 and sum(w.size for w in self._weights) > MOST_WIRES:
                note = QRectF(0, self.height() - 16, self.width(), 16)
                told = f"The {MOST_WIRES} strongest wires are shown"
                painter.drawText(note, Qt.AlignmentFlag.AlignCenter, told)
            if units > self._shown(stage):
                box.moveTop(last.bottom() + 3)
                painter.drawText(box, flag, f"{self._shown(stage)} of {units}")

    def _paint_enlarged(self, painter: QPainter, stage: int, index: int) -> None:
        """The map under the pointer, with bias and weights in words."""
        tile = self._tile(stage, index)
        x = tile.right() + 10 if tile.center().x() < self.width() / 2 else tile.left() - BIG - 26
        y = float(np.clip(tile.center().y() - BIG / 2, 0, max(0, self.height() - BIG - 34)))
        card = QRectF(x, y, BIG + 16, BIG + 34)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("panel"))
        painter.drawRoundedRect(card, 8, 8)
        painter.drawImage(
            QRectF(card.left() + 8, card.top() + 8, BIG, BIG), _image(self._pictures[stage][index])
        )
        painter.setFont(theme.font(theme.CAPTION))
        painter.setPen(theme.colour("text"))
        box = QRectF(card.left() + 8, card.bottom() - 24, BIG, 20)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.words_of(stage, index))

    def words_of(self, stage: int, index: int) -> str:
        """A neuron in a few words."""
        if stage == 0:
            return ("x: right is positive", "y: up is positive")[index] if index < 2 else ""
        bias = f"bias {float(self._biases[stage - 1][index]):.2f}".replace("-", "−")
        if stage == len(self._stages) - 1 and index < len(self._names):
            return f"class {self._names[index]},  {bias}"
        return f"neuron {index + 1},  {bias}"

    # -- pointer and keys --------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._hit(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (hit := self._hit(event.position())) is not None:
            self.neuron_chosen.emit(*hit)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = event.key()
        if self._pictures and key in moves:
            stage, index = self._at or (1, -1)
            across, down = moves[Qt.Key(key)]
            stage = int(np.clip(stage + across, 0, len(self._pictures) - 1))
            self._point_at((stage, int(np.clip(index + down, 0, self._shown(stage) - 1))))
        elif self._at is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.neuron_chosen.emit(*self._at)
        elif self._at is not None and key == Qt.Key.Key_Escape:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)

    def _point_at(self, at: tuple[int, int] | None) -> None:
        if at != self._at:
            self._at = at
            self.setAccessibleDescription("" if at is None else self.words_of(*at))
            self._forget_wires()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget_wires()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._forget_wires()


def _image(picture: NDArray[np.uint8]) -> QImage:
    """A QImage over a picture that its owner keeps alive."""
    high, wide, _ = picture.shape
    return QImage(picture.data, wide, high, 4 * wide, QImage.Format.Format_RGBX8888)
