"""The confusion matrix: what each class was predicted to be, with precision and recall."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QToolTip, QWidget

from gui import painting, theme
from gui.confusion import HOW_TO_READ, Confusion, percent

LEAST, MOST = 20, 84  # edge of a cell, in logical pixels
ROOMY = 34  # from this edge on a cell shows its per cent too
MEASURE = 62  # width of the columns of precision and recall
LINE = 18  # of text
NARROW = 320  # below this width precision and recall have no room
PAD = 6
EMPTY = "The confusion matrix appears here after Evaluate: what each class was predicted to be"


class ConfusionView(QAbstractScrollArea):
    """Rows actual, columns predicted; headers stay in sight while many classes scroll.

    `cell_chosen` tells (actual, predicted) of the cell that was clicked or entered.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusion_view")
        self.setAccessibleName("Confusion matrix")
        self.setToolTip(
            f"{HOW_TO_READ}\nThe stronger its colour, the more pictures a cell counts "
            "(by logarithm).\nClick a cell, or press Enter, to see its pictures."
        )
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 160)
        self.viewport().setAutoFillBackground(False)
        self.setCornerWidget(QWidget())  # Qt's own is a dark square
        self.viewport().setMouseTracking(True)
        self._names: list[str] = []
        self._table: Confusion | None = None
        self._cell = (-1, -1)  # under the keyboard's cursor
        self._hovered = (-1, -1)
        self._edge = LEAST
        self._aside = 0.0  # width of the names of rows
        self._above = 0.0  # height of the names of columns
        self._upright = False  # names of columns turned
        self._painted: QPixmap | None = None  # the cells in sight: hundreds of texts
        self._describe()

    # What others ask and say

    def set_confusion(self, names: Sequence[str], counts: ArrayLike | None) -> None:
        """Show counts[actual, predicted] (classes, classes) of classes so named, or nothing.

        Raises:
            ValueError: counts are no square of whole numbers, one row a name.
        """
        table = None if counts is None else Confusion.of(counts)
        if table is not None and len(table.counts) != len(names):
            raise ValueError(f"counts: expected {len(names)} classes, got {len(table.counts)}")
        if list(names) != self._names:
            self._cell = self._hovered = (-1, -1)
        self._names, self._table = list(names), table
        self._measure()
        self._describe()
        self.viewport().update()

    @property
    def current_cell(self) -> tuple[int, int] | None:
        """(actual, predicted) of the cell under the cursor."""
        return self._cell if self._cell[0] >= 0 else None

    def cell_rect(self, actual: int, predicted: int) -> QRectF:
        """Where a cell lies in the viewport."""
        left, top = self._origin()
        x = left + predicted * self._edge - self.horizontalScrollBar().value()
        y = top + actual * self._edge - self.verticalScrollBar().value()
        return QRectF(x, y, self._edge, self._edge)

    def sizeHint(self) -> QSize:
        return QSize(520, 480)

    def _describe(self) -> None:
        table = self._table
        if table is None:
            text = EMPTY
        else:
            right = int(np.trace(table.counts))
            text = f"{percent(table.accuracy)} right, {right:,} of {table.total:,}."
            if self._cell[0] >= 0:
                text += f" {table.sentence(*self._cell, self._names)}."
            text += f" {HOW_TO_READ}"
        self.setAccessibleDescription(text)

    # Geometry: sentence, names of columns, cells with names and measures beside, read-out

    def _foot(self) -> float:
        return LINE + PAD

    def _head(self) -> float:
        """Height of the sentence above; where it would take too much, the tooltip has it."""
        metrics = QFontMetricsF(theme.font(theme.CAPTION))
        lines = ceil(metrics.horizontalAdvance(HOW_TO_READ) * 1.05 / max(self._wide(), 60.0))
        high = lines * metrics.lineSpacing() + PAD
        return high if high < self.viewport().height() / 6 else 0.0

    def _beside(self) -> float:
        """Width of precision and recall, for which a narrow view has no room."""
        return 2.0 * MEASURE + PAD if self.viewport().width() >= NARROW else 0.0

    def _wide(self) -> float:
        return float(self.viewport().width() - 2 * PAD)

    def _origin(self) -> tuple[float, float]:
        """Where the first cell lies before scrolling."""
        return PAD + LINE + self._aside, self._head() + LINE + self._above

    def _room(self) -> tuple[float, float]:
        """What is left for cells."""
        left, top = self._origin()
        wide = self.viewport().width() - left - self._beside() - PAD
        return max(wide, LEAST), max(self.viewport().height() - top - self._foot(), LEAST)

    def _measure(self) -> None:
        self._painted = None
        count = len(self._names) if self._table is not None else 0
        horizontal, vertical = self.horizontalScrollBar(), self.verticalScrollBar()
        if not count:
            horizontal.setRange(0, 0)
            vertical.setRange(0, 0)
            return
        metrics = QFontMetricsF(theme.font(theme.CAPTION))
        longest = ceil(max(metrics.horizontalAdvance(name) for name in self._names)) + PAD + 2
        self._aside = min(longest, max(self._wide() * 0.22, 24.0))
        self._above = float(LINE)
        room_wide, _ = self._room()
        # Names that are wider than their column stand upright.
        self._upright = longest > max(min(room_wide / count, MOST), LEAST)
        if self._upright:
            self._above = min(longest, max(self.viewport().height() * 0.2, 24.0))
        wide, high = self._room()
        self._edge = int(max(LEAST, min(MOST, wide / count, high / count)))
        for bar, room in ((horizontal, wide), (vertical, high)):
            bar.setRange(0, max(0, ceil(count * self._edge - room)))
            bar.setPageStep(max(1, int(room)))
            bar.setSingleStep(self._edge)

    def _cell_at(self, where: QPoint) -> tuple[int, int]:
        if self._table is None or not self._window().contains(where.toPointF()):
            return -1, -1
        first = self.cell_rect(0, 0)
        column = int((where.x() - first.x()) // self._edge)
        row = int((where.y() - first.y()) // self._edge)
        inside = 0 <= row < len(self._names) and 0 <= column < len(self._names)
        return (row, column) if inside else (-1, -1)

    def _window(self) -> QRectF:
        """The part of the viewport that shows cells."""
        wide, high = self._room()
        whole = len(self._names) * self._edge
        return QRectF(*self._origin(), min(wide, whole), min(high, whole))

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().toPoint())
        if cell[0] >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(*cell)
            self.cell_chosen.emit(*cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._cell_at(event.position().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover((-1, -1))
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(event.pos())
            text = self.toolTip()
            if self._table is not None and cell[0] >= 0:
                text = f"{self._table.sentence(*cell, self._names)}\nClick to see them"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self._names) - 1
        row, column = self._cell
        goal = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
            Qt.Key.Key_Home: (row, 0),
            Qt.Key.Key_End: (row, last),
            Qt.Key.Key_PageUp: (0, column),
            Qt.Key.Key_PageDown: (last, column),
        }.get(key)
        if self._table is None:
            super().keyPressEvent(event)
        elif goal is not None:
            at = (0, 0) if row < 0 else (max(0, min(goal[0], last)), max(0, min(goal[1], last)))
            self._go_to(*at)
        elif row >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.cell_chosen.emit(row, column)
        else:
            super().keyPressEvent(event)

    def _go_to(self, row: int, column: int) -> None:
        self._cell = (row, column)
        box, window = self.cell_rect(row, column), self._window()
        for bar, near, far in (
            (self.horizontalScrollBar(), box.left() - window.left(), box.right() - window.right()),
            (self.verticalScrollBar(), box.top() - window.top(), box.bottom() - window.bottom()),
        ):
            if near < 0:
                bar.setValue(int(bar.value() + near))
            elif far > 0:
                bar.setValue(ceil(bar.value() + far))
        self._describe()
        self.viewport().update()

    def _hover(self, cell: tuple[int, int]) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if cell[0] >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if (
            self._table is not None
            and self._cell[0] < 0
            and event.reason() != Qt.FocusReason.MouseFocusReason
        ):
            self._go_to(0, 0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._painted = None
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._measure()
            self.viewport().update()
        super().changeEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = QRectF(self.viewport().rect())
        table = self._table
        if table is None:
            painting.paint_sentence(painter, area, EMPTY)
            if self.hasFocus():
                painting.paint_focus_ring(painter, area)
            return
        window = self._window()
        painter.setFont(theme.font(theme.CAPTION))
        self._paint_words(painter, table, window)
        shown = self._cell if self._hovered[0] < 0 else self._hovered
        self._paint_column_names(painter, window, shown[1])
        self._paint_row_names(painter, table, window, shown[0])
        ratio = self.devicePixelRatioF()
        if self._painted is None or self._painted.devicePixelRatio() != ratio:
            self._painted = self._cells(table, window, ratio)
        painter.drawPixmap(window.topLeft(), self._painted)
        painter.setClipRect(window.adjusted(-2, -2, 2, 2))
        for cell, role, width in (
            (self._hovered, "muted", 1.5),
            (self._cell, "accent" if self.hasFocus() else "text", 2.0),
        ):
            if cell[0] >= 0:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour(role), width))
                painter.drawRoundedRect(self.cell_rect(*cell).adjusted(0, 0, -1, -1), 2, 2)

    def _paint_words(self, painter: QPainter, table: Confusion, window: QRectF) -> None:
        head = QRectF(PAD, 0, self._wide(), self._head())
        painter.setPen(theme.colour("muted"))
        if not head.isEmpty():
            painter.drawText(head, int(Qt.TextFlag.TextWordWrap), HOW_TO_READ)
        painter.drawText(
            QRectF(window.left(), head.bottom(), max(window.width(), 90.0), LINE),
            int(Qt.AlignmentFlag.AlignVCenter),
            "predicted ▸",
        )
        painter.save()
        painter.translate(PAD, window.top())
        painter.rotate(90)
        painter.drawText(
            QRectF(0, -LINE, max(window.height(), 60.0), LINE),
            int(Qt.AlignmentFlag.AlignVCenter),
            "actual ▸",
        )
        painter.restore()
        cell = self._cell if self._hovered[0] < 0 else self._hovered
        right = int(np.trace(table.counts))
        text = (
            table.sentence(*cell, self._names)
            if cell[0] >= 0
            else f"{percent(table.accuracy)} right: {right:,} of {table.total:,} pictures"
        )
        foot = QRectF(PAD, window.bottom() + PAD, self._wide(), LINE)
        painter.setPen(theme.colour("text"))
        painter.drawText(
            foot,
            int(Qt.AlignmentFlag.AlignVCenter),
            painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(foot.width())),
        )

    def _paint_column_names(self, painter: QPainter, window: QRectF, lit: int) -> None:
        metrics = painter.fontMetrics()
        painter.save()
        painter.setClipRect(
            QRectF(window.left(), 0, window.width(), window.top()).adjusted(0, 0, 2, 0)
        )
        for column, name in enumerate(self._names):
            box = self.cell_rect(0, column)
            painter.setPen(theme.colour("text" if column == lit else "muted"))
            if self._upright:
                short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(self._above - 2))
                painter.save()
                painter.translate(box.left(), window.top() - 3)
                painter.rotate(-90)
                painter.drawText(
                    QRectF(0, 0, self._above, box.width()),
                    int(Qt.AlignmentFlag.AlignVCenter),
                    short,
                )
                painter.restore()
            else:
                above = QRectF(box.left(), window.top() - LINE, box.width(), LINE)
                painter.drawText(above, int(Qt.AlignmentFlag.AlignCenter), name)
        painter.restore()

    def _paint_row_names(
        self, painter: QPainter, table: Confusion, window: QRectF, lit: int
    ) -> None:
        metrics = painter.fontMetrics()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        to_right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        both = (("precision", table.precision), ("recall", table.recall))
        measures = both if self._beside() else ()
        painter.setPen(theme.colour("muted"))
        for index, (title, _) in enumerate(measures):
            left = window.right() + PAD + index * MEASURE
            painter.drawText(QRectF(left, window.top() - LINE, MEASURE, LINE), to_right, title)
        painter.save()
        painter.setClipRect(QRectF(0, window.top(), self.viewport().width(), window.height()))
        for row, name in enumerate(self._names):
            box = self.cell_rect(row, 0)
            painter.setPen(theme.colour("text" if row == lit else "muted"))
            short = metrics.elidedText(
                name, Qt.TextElideMode.ElideRight, int(self._aside - PAD + 1)
            )
            beside = QRectF(PAD + LINE, box.top(), self._aside - PAD, box.height())
            painter.drawText(beside, to_right, short)
            for index, (_, shares) in enumerate(measures):
                left = window.right() + PAD + index * MEASURE + PAD
                self._paint_measure(
                    painter,
                    QRectF(left, box.top(), MEASURE - PAD, box.height()),
                    float(shares[row]),
                    to_right | middle,
                )
        painter.restore()

    def _paint_measure(self, painter: QPainter, box: QRectF, share: float, flags: int) -> None:
        track = QRectF(box.left() + 4, box.center().y() + 8, box.width() - 4, 3)
        if box.height() >= 30:
            painter.fillRect(track, theme.colour("raised"))
            part = share if np.isfinite(share) else 0.0
            painter.fillRect(
                QRectF(track.left(), track.top(), track.width() * part, 3), theme.colour("muted")
            )
            box = box.adjusted(0, -4, 0, -4)
        painter.setPen(theme.colour("text"))
        painter.drawText(box, flags, percent(share))

    def _cells(self, table: Confusion, window: QRectF, ratio: float) -> QPixmap:
        """The cells in sight, painted once and kept until something changes."""
        pixmap = QPixmap(ceil(window.width() * ratio), ceil(window.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        edge, count = self._edge, len(table.counts)
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        columns = range(across // edge, min(ceil((across + window.width()) / edge), count))
        rows = range(down // edge, min(ceil((down + window.height()) / edge), count))
        painter.setFont(theme.font(theme.CAPTION if edge >= 30 else 9))
        for row in rows:
            for column in columns:
                box = QRectF(column * edge - across, row * edge - down, edge - 1, edge - 1)
                self._paint_cell(painter, table, row, column, box)
        painter.end()
        return pixmap

    def _paint_cell(
        self, painter: QPainter, table: Confusion, row: int, column: int, box: QRectF
    ) -> None:
        count = int(table.counts[row, column])
        role = "right" if row == column else "wrong"
        strength = float(table.strengths[row, column])
        ground = painting.mix(
            theme.colour("raised"), theme.colour(role), 0.75 * strength if count else 0.0
        )
        painter.fillRect(box, ground)
        if not count:
            return
        painter.setPen(_ink_on(ground))
        edge, centre = self._edge, int(Qt.AlignmentFlag.AlignCenter)
        if edge < ROOMY:
            painter.drawText(box, centre, _fitting(count, painter.fontMetrics(), edge - 2))
            return
        share = float(table.row_shares[row, column])
        painter.setFont(theme.font(theme.BODY if edge >= 44 else theme.CAPTION, bold=row == column))
        text = _fitting(count, painter.fontMetrics(), edge - 2)
        painter.drawText(box.adjusted(0, 0, 0, -box.height() * 0.34), centre, text)
        painter.setFont(theme.font(theme.CAPTION if edge >= 56 else 10 if edge >= 44 else 9))
        painter.drawText(
            box.adjusted(0, box.height() * 0.42, 0, 0),
            centre,
            percent(share, 1 if share < 0.0995 or edge >= 56 else 0),
        )


def _fitting(count: int, metrics: QFontMetrics, room: int) -> str:
    """A count as exactly as goes into so many pixels: 1,028, else 1028, else 1k."""
    for text in (f"{count:,}", str(count)):
        if metrics.horizontalAdvance(text) <= room:
            return text
    return f"{round(count / 1000)}k"


def _ink_on(ground: QColor) -> QColor:
    """Black or white, whichever is told better from the ground."""
    parts = (ground.redF(), ground.greenF(), ground.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return QColor("#000000") if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else QColor("#ffffff")
