"""Where the parts of a confusion matrix lie, and how they are painted.

From above: how to read it, the names of columns, the cells with the names of rows at their left
and recall at their right, precision below, and a line that says what one cell means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QPainter

from gui import painting, theme
from gui.confusion import Confusion, how_to_read, percent

LEAST, MOST = 20, 84  # edge of a cell, in logical pixels
ROOMY = 34  # from this edge on a cell shows its per cent too
MEASURE = 70  # width of the column of recall
LINE = 18  # of text
PAD = 6
NARROW = 260  # below this width precision and recall have no room

MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)
TO_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True)
class Plan:
    """Where things lie in a view, in logical pixels.

    Attributes:
        count: classes.
        edge: of a cell.
        window: the part of the view that shows cells, all of them or as many as fit.
        wide: of texts from the left border to the right one.
        head: height of the sentence on top; 0 where it would take too much.
        aside: width of the names of rows.
        above: height of the names of columns.
        upright: whether the names of columns stand.
        measured: whether there is room for precision and recall.
    """

    count: int
    edge: int
    window: QRectF
    wide: float
    head: float
    aside: float
    above: float
    upright: bool
    measured: bool

    @property
    def hidden(self) -> tuple[int, int]:
        """How far cells can be scrolled to the side and down."""
        whole = self.count * self.edge
        return ceil(whole - self.window.width()), ceil(whole - self.window.height())


def plan(names: Sequence[str], wide: int, high: int) -> Plan:
    """Lay a matrix of these classes out in a view of a size."""
    metrics = QFontMetricsF(theme.font(theme.CAPTION))
    texts = float(wide - 2 * PAD)
    lines = ceil(metrics.horizontalAdvance(how_to_read()) * 1.05 / max(texts, 60.0))
    head = lines * metrics.lineSpacing() + PAD
    head = head if head < high / 6 else 0.0
    longest = ceil(max(metrics.horizontalAdvance(name) for name in names)) + PAD + 2
    aside = min(longest, max(texts * 0.22, 24.0))
    measured = wide >= NARROW
    left = PAD + LINE + aside
    room_wide = max(wide - left - PAD - (MEASURE + PAD if measured else 0), LEAST)
    upright = longest > max(min(room_wide / len(names), MOST), LEAST)
    above = min(longest, max(high * 0.2, 24.0)) if upright else float(LINE)
    foot = LINE + PAD + (LINE if measured else 0)
    room_high = high - head - LINE - above - foot
    if room_high < len(names) * LEAST <= room_high + head:
        room_high, head = room_high + head, 0.0  # rather all classes than the sentence
    room_high = max(room_high, LEAST)
    top = head + LINE + above
    edge = int(max(LEAST, min(MOST, room_wide / len(names), room_high / len(names))))
    whole = len(names) * edge
    window = QRectF(left, top, min(room_wide, whole), min(room_high, whole))
    return Plan(len(names), edge, window, texts, head, aside, above, upright, measured)


@dataclass(frozen=True)
class Shown:
    """What is painted: a matrix, laid out, scrolled, with one cell that is talked about."""

    names: Sequence[str]
    table: Confusion
    plan: Plan
    across: int  # pixels scrolled
    down: int
    cell: tuple[int, int]  # (actual, predicted); -1 for none

    def cell_rect(self, actual: int, predicted: int) -> QRectF:
        """Where a cell lies in the view."""
        edge, window = self.plan.edge, self.plan.window
        return QRectF(
            window.left() + predicted * edge - self.across,
            window.top() + actual * edge - self.down,
            edge,
            edge,
        )


def paint_around(painter: QPainter, shown: Shown) -> None:
    """Everything but the cells."""
    painter.setFont(theme.font(theme.CAPTION))
    _paint_words(painter, shown)
    _paint_column_names(painter, shown)
    _paint_row_names(painter, shown)
    if shown.plan.measured:
        _paint_recall(painter, shown)
        _paint_precision(painter, shown)


def paint_cells(painter: QPainter, shown: Shown) -> None:
    """The cells in sight: hundreds of texts, whose pixels are to be kept."""
    laid, table = shown.plan, shown.table
    window, edge = laid.window, laid.edge
    painter.setClipRect(window)
    across, down = shown.across, shown.down
    columns = range(across // edge, min(ceil((across + window.width()) / edge), laid.count))
    rows = range(down // edge, min(ceil((down + window.height()) / edge), laid.count))
    for row in rows:
        for column in columns:
            box = shown.cell_rect(row, column).adjusted(0, 0, -1, -1)
            _paint_cell(painter, table, row, column, box)


def _paint_words(painter: QPainter, shown: Shown) -> None:
    laid, table = shown.plan, shown.table
    window = laid.window
    painter.setPen(theme.colour("muted"))
    if laid.head:
        head = QRectF(PAD, 0, laid.wide, laid.head)
        painter.drawText(head, int(Qt.TextFlag.TextWordWrap), how_to_read(table.things))
    axis = QRectF(window.left(), laid.head, max(window.width(), 90.0), LINE)
    painter.drawText(axis, MIDDLE, "predicted ▸")
    painter.save()
    painter.translate(PAD, window.top())
    painter.rotate(90)
    painter.drawText(QRectF(0, -LINE, max(window.height(), 60.0), LINE), MIDDLE, "actual ▸")
    painter.restore()
    right = int(np.trace(table.counts))
    text = f"{percent(table.accuracy)} right: {right:,} of {table.total:,} {table.things}"
    if shown.cell[0] >= 0:
        text = table.sentence(*shown.cell, shown.names)
    top = window.bottom() + PAD + (LINE if laid.measured else 0)
    painter.setPen(theme.colour("text"))
    short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(laid.wide))
    painter.drawText(QRectF(PAD, top, laid.wide, LINE), MIDDLE, short)


def _paint_column_names(painter: QPainter, shown: Shown) -> None:
    laid, window = shown.plan, shown.plan.window
    metrics = painter.fontMetrics()
    painter.save()
    painter.setClipRect(QRectF(window.left(), 0, window.width() + 2, window.top()))
    for column, name in enumerate(shown.names):
        box = shown.cell_rect(0, column)
        painter.setPen(theme.colour("text" if column == shown.cell[1] else "muted"))
        if laid.upright:
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(laid.above - 2))
            painter.save()
            painter.translate(box.left(), window.top() - 3)
            painter.rotate(-90)
            painter.drawText(QRectF(0, 0, laid.above, box.width()), MIDDLE, short)
            painter.restore()
        else:
            above = QRectF(box.left(), window.top() - LINE, box.width(), LINE)
            painter.drawText(above, CENTRE, name)
    painter.restore()


def _paint_row_names(painter: QPainter, shown: Shown) -> None:
    laid, window = shown.plan, shown.plan.window
    metrics = painter.fontMetrics()
    painter.save()
    painter.setClipRect(QRectF(0, window.top(), window.left(), window.height()))
    for row, name in enumerate(shown.names):
        box = shown.cell_rect(row, 0)
        painter.setPen(theme.colour("text" if row == shown.cell[0] else "muted"))
        short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(laid.aside - PAD + 1))
        beside = QRectF(PAD + LINE, box.top(), laid.aside - PAD, box.height())
        painter.drawText(beside, TO_RIGHT, short)
    painter.restore()


def _paint_recall(painter: QPainter, shown: Shown) -> None:
    """A column beside the cells: how much of each row was found."""
    window = shown.plan.window
    left = window.right() + PAD
    painter.setPen(theme.colour("muted"))
    painter.drawText(QRectF(left, window.top() - LINE, MEASURE, LINE), TO_RIGHT, "recall")
    painter.save()
    painter.setClipRect(QRectF(left, window.top(), MEASURE + PAD, window.height()))
    for row, share in enumerate(shown.table.recall.tolist()):
        box = QRectF(left, shown.cell_rect(row, 0).top(), MEASURE, shown.plan.edge)
        if box.height() >= 30:
            track = QRectF(box.left() + 12, box.center().y() + 8, box.width() - 12, 3)
            painter.fillRect(track, theme.colour("raised"))
            track.setWidth(track.width() * (share if np.isfinite(share) else 0.0))
            painter.fillRect(track, theme.colour("muted"))
            box = box.adjusted(0, -4, 0, -4)
        painter.setPen(theme.colour("text" if row == shown.cell[0] else "muted"))
        painter.drawText(box, TO_RIGHT, percent(share))
    painter.restore()


def _paint_precision(painter: QPainter, shown: Shown) -> None:
    """A line below the cells: how much of each column is right."""
    laid, window = shown.plan, shown.plan.window
    edge, top = laid.edge, window.bottom() + 2
    painter.setPen(theme.colour("muted"))
    title = "precision" if edge >= 48 else "precision %"
    painter.drawText(QRectF(window.right() + PAD, top, MEASURE, LINE), TO_RIGHT, title)
    painter.save()
    painter.setClipRect(QRectF(window.left(), top, window.width() + 2, LINE))
    painter.setFont(theme.font(theme.CAPTION if edge >= 30 else 9))
    for column, share in enumerate(shown.table.precision.tolist()):
        painter.setPen(theme.colour("text" if column == shown.cell[1] else "muted"))
        text = percent(share, 1 if edge >= 28 else 0)
        text = text if edge >= 48 else text.removesuffix(" %")
        painter.drawText(QRectF(shown.cell_rect(0, column).left(), top, edge, LINE), CENTRE, text)
    painter.restore()


def _paint_cell(painter: QPainter, table: Confusion, row: int, column: int, box: QRectF) -> None:
    count = int(table.counts[row, column])
    role = "right" if row == column else "wrong"
    strength = 0.75 * float(table.strengths[row, column]) if count else 0.0
    ground = painting.mix(theme.colour("raised"), theme.colour(role), strength)
    painter.fillRect(box, ground)
    if not count:
        return
    painter.setPen(_ink_on(ground))
    edge = int(box.width()) + 1
    if edge < ROOMY:
        painter.setFont(theme.font(theme.CAPTION if edge >= 30 else 9))
        painter.drawText(box, CENTRE, _fitting(count, painter.fontMetrics(), edge - 2))
        return
    share = float(table.row_shares[row, column])
    painter.setFont(theme.font(theme.BODY if edge >= 44 else theme.CAPTION, bold=row == column))
    text = _fitting(count, painter.fontMetrics(), edge - 2)
    painter.drawText(box.adjusted(0, 0, 0, -box.height() * 0.34), CENTRE, text)
    painter.setFont(theme.font(theme.CAPTION if edge >= 56 else 10 if edge >= 44 else 9))
    painter.drawText(
        box.adjusted(0, box.height() * 0.42, 0, 0),
        CENTRE,
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
