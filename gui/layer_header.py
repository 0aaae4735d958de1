"""The header of a layer's card: a chevron, its name, its size and its facts."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui import theme
from gui.layer_facts import LayerFacts
from gui.layer_layout import CAPTION, MARGIN

HEADER = 36  # height without lines of facts, in logical pixels
_TEXT_AT = MARGIN + 20
_FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def wrap(facts: LayerFacts, width: float) -> list[str]:
    """The facts as lines to stand under the name; none when they fit beside it."""
    if not facts.facts:
        return []
    metrics = QFontMetricsF(theme.font(theme.CAPTION))
    room = width - _TEXT_AT - MARGIN
    if _title_width(facts) + metrics.horizontalAdvance(f"{facts.size} · {facts.facts}") <= room:
        return []
    lines: list[str] = []
    for part in facts.facts.split(" · "):
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def paint(
    painter: QPainter, width: float, facts: LayerFacts, lines: Sequence[str], folded: bool
) -> None:
    """Paint it at the top of a card; `lines` are those of `wrap`."""
    if facts.index:
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QPointF(MARGIN, 0.5), QPointF(width - MARGIN, 0.5))
    painter.save()
    painter.translate(MARGIN + 6, HEADER / 2)
    if folded:
        painter.rotate(-90)
    theme.icon("chevron", "muted").paint(painter, QRect(-8, -8, 16, 16))
    painter.restore()
    line = QRectF(_TEXT_AT, 0, width - _TEXT_AT - MARGIN, HEADER)
    painter.setFont(theme.font(bold=True))
    painter.setPen(theme.colour("text"))
    painter.drawText(line, _FLAGS, facts.title)
    painter.setFont(theme.font(theme.CAPTION))
    painter.setPen(theme.colour("muted"))
    told = f"{facts.size} · {facts.facts}" if facts.facts and not lines else facts.size
    painter.drawText(line.adjusted(_title_width(facts), 1, 0, 1), _FLAGS, told)
    for place, told in enumerate(lines):
        row = QRectF(line.left(), HEADER - 6 + place * CAPTION, line.width(), CAPTION)
        painter.drawText(row, _FLAGS, told)


def _title_width(facts: LayerFacts) -> float:
    return QFontMetricsF(theme.font(bold=True)).horizontalAdvance(facts.title) + 10
