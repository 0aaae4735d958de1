"""The plane as two neurons see it: its grid, bent, with the points carried along."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import painting, theme
from gui.plane import Wash
from gui.plane_marks import ink, paint_marker
from gui.twin import Twin

EMPTY = "The bent plane appears here"
CELLS = 96  # of an edge of the coloured ground
SLOWLY = 0.15  # part of the way that the scale goes in a frame
MARGIN = 0.08  # of the span, kept free around
RADIUS = 3.2


class BentView(Twin, QWidget):
    """`set_bent` takes grid lines and points in the two neurons' values."""

    contents = ("_grid", "_points", "_labels", "_split", "_range", "_names")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bent_view")
        self.setAccessibleName("Bent plane")
        self.setToolTip(
            "Where the two neurons put every place of the plane. Lines of one colour were\n"
            "parallel. The network has won when a straight line can part the classes here."
        )
        self.setMinimumSize(140, 140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._grid: NDArray[np.float32] | None = None
        self._points: NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._labels: NDArray[np.int64] = np.empty(0, np.int64)
        self._split: NDArray[np.float32] | None = None
        self._range: NDArray[np.float64] | None = None  # low x, low y, high x, high y
        self._pixels: NDArray[np.uint8] | None = None  # kept while a QImage looks at it
        self._names = ("", "")

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def forget(self) -> None:
        """Begin anew: other neurons have other scales."""
        self._grid = self._range = None
        self.update()

    def set_axes(self, across: str, up: str) -> None:
        """Names of the two neurons."""
        self._names = (across, up)
        self.update()

    def set_labels(self, labels: NDArray[np.int64]) -> None:
        """The classes (N,) of the points to come."""
        self._labels = labels

    def set_bent(
        self,
        grid: NDArray[np.float32],
        points: NDArray[np.float32],
        split: NDArray[np.float32] | None = None,
    ) -> None:
        """Lines (2, L, S, 2) and points (N, 2); `split` (K, 3) are weights and bias of the end."""
        if not np.isfinite(grid).all():
            return
        self._grid, self._points, self._split = grid, points, split
        low, high = grid.reshape(-1, 2).min(axis=0), grid.reshape(-1, 2).max(axis=0)
        span = np.maximum(high - low, 1e-3)
        wanted = np.concatenate([low - MARGIN * span, high + MARGIN * span])
        if self._range is None:
            self._range = wanted
        else:
            self._range += SLOWLY * (wanted - self._range)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        square = painting.square_in(self)
        painting.paint_paper(painter, square)
        if self._grid is None or self._range is None:
            painting.paint_sentence(painter, square, EMPTY)
            return
        inner = square.adjusted(1, 1, -1, -1)
        painter.setClipRect(inner)
        if self._split is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(inner, self._ground(self._split))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for way, role in enumerate(("muted", "text")):
            lines = self._to_pixels(self._grid[way], inner)
            for i, line in enumerate(lines):
                middle = i == len(lines) // 2
                painter.setPen(
                    QPen(theme.colour(role, 0.8 if middle else 0.32), 1.6 if middle else 1)
                )
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))
        ground = theme.colour("window")
        places = self._to_pixels(self._points, inner)
        for (x, y), label in zip(places.tolist(), self._labels.tolist(), strict=False):
            painter.setPen(QPen(ground, 1))
            painter.setBrush(ink(label))
            paint_marker(painter, x, y, label, RADIUS)
        painter.setFont(theme.font(theme.CAPTION))
        painter.setPen(theme.colour("muted"))
        box = inner.adjusted(6, 4, -6, -4)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, f"{self._names[0]} →"
        )
        painter.drawText(
            box, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, f"↑ {self._names[1]}"
        )

    def _to_pixels(self, values: NDArray[np.float32], area: QRectF) -> NDArray[np.float64]:
        assert self._range is not None
        low, high = self._range[:2], self._range[2:]
        share = (values - low) / (high - low)
        made = np.empty(share.shape)
        made[..., 0] = area.left() + share[..., 0] * area.width()
        made[..., 1] = area.bottom() - share[..., 1] * area.height()
        return np.asarray(np.clip(made, -1e5, 1e5))

    def _ground(self, split: NDArray[np.float32]) -> QImage:
        """How sure the last layer is of each class, everywhere here: straight lines part them."""
        assert self._range is not None
        low, high = self._range[:2], self._range[2:]
        steps = (np.arange(CELLS) + 0.5) / CELLS
        x = low[0] + steps * (high[0] - low[0])
        y = high[1] - steps * (high[1] - low[1])
        values = split[:, 0, None, None] * x + split[:, 1, None, None] * y[:, None]
        values = (values + split[:, 2, None, None]).reshape(len(split), -1)
        shares = np.exp(np.maximum(values - values.max(axis=0), -60))
        shares = (shares / shares.sum(axis=0)).astype(np.float32)
        colours = theme.colours()
        self._pixels = Wash(colours.name, colours.window, len(split)).picture(shares)
        return QImage(self._pixels.data, CELLS, CELLS, 4 * CELLS, QImage.Format.Format_RGBX8888)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()
