"""Paints how an activation came about: windows, kernels, products, sums, contributions."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from gui import layer_ink, theme
from gui.layer_arithmetic import ConvolutionSum, DenseSum, PoolChoice
from gui.layer_words import cell_text, short
from gui.tiles import Floats, shade
from nn.layers.base import Layer

SMALLEST_TEXT = 24.0  # cells below show no numbers
LARGEST_CELL = 38.0
SIGN = 22.0  # room for × and =
TITLE = 16.0
CHANNEL_WIDE, CHANNEL_HIGH = 44.0, 22.0
ROW = 19.0
WIDEST_BARS = 360.0
CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class Source:
    """What a layer reads: (C, H, W), and whether its colours are those of signed values.

    `word` is what one of its channels is called.
    """

    values: Floats
    signed: bool
    word: str = "channel"

    def name(self, what: str, channel: int) -> str:
        """What of the only channel, or of one of several: "window", "window · map 4"."""
        return f"{what} · {self.word} {channel + 1}" if len(self.values) > 1 else what


@dataclass
class Touchable:
    """Where the channels' sums were painted, for clicks; whether the input was, too."""

    source_shown: bool = False
    channels: list[QRectF] = field(default_factory=list)


def room_for(layer: Layer) -> float:
    """The width in which window, kernel and products show their numbers."""
    return float(3 * layer.config()["kernel_size"][1] * (SMALLEST_TEXT + 1) + 2 * SIGN)


def paint_convolution(
    painter: QPainter, area: QRectF, found: ConvolutionSum, channel: int, source: "Source"
) -> Touchable:
    """Window × kernel = products of one channel, and below what each channel adds."""
    high, wide = found.window.shape[1:]
    many = len(found.window) > 1
    below = TITLE + CHANNEL_HIGH + 10 if many else 0.0
    cell = min(
        LARGEST_CELL,
        (area.width() - 2 * SIGN) / (3 * wide),
        (area.height() - TITLE - below) / high,
    )
    cell = max(float(int(cell)), 2.0)
    products = found.products[channel]
    grids = (
        (source.name("window", channel), found.window[channel], found.inside, None, source.signed),
        ("kernel", found.kernel[channel], None, float(np.abs(_tame(found.kernel)).max()), True),
        ("products", products, found.inside, None, True),
    )
    x = area.left()
    for place, (title, values, inside, largest, signed) in enumerate(grids):
        grid = QRectF(x, area.top() + TITLE, cell * wide, cell * high)
        _paint_title(painter, QRectF(x, area.top(), cell * wide + SIGN - 6, TITLE), title)
        paint_grid(painter, grid, values, inside=inside, largest=largest, signed=signed)
        if place < 2:
            _paint_sign(painter, grid, "×" if place == 0 else "=")
        x = grid.right() + SIGN
    beside = QRectF(x, area.top(), area.right() - x, TITLE + cell * high)
    touch = Touchable(paint_source(painter, beside, source, channel, found.corner, (high, wide)))
    if many:
        top = area.top() + TITLE + cell * high + 8
        strip = QRectF(area.left(), top, area.width(), TITLE + CHANNEL_HIGH)
        touch.channels = _paint_channels(painter, strip, found.channel_sums, channel, source.word)
    return touch


def paint_pool(
    painter: QPainter, area: QRectF, found: PoolChoice, channel: int, source: "Source"
) -> None:
    """The window of a pool, with a ring around the winner."""
    high, wide = found.window.shape
    cell = min(48.0, area.width() / 2 / wide, (area.height() - TITLE) / high)
    grid = QRectF(area.left(), area.top() + TITLE, cell * wide, cell * high)
    _paint_title(painter, QRectF(area.left(), area.top(), area.width(), TITLE), "window")
    paint_grid(painter, grid, found.window, found.inside, signed=source.signed)
    beside = area.adjusted(cell * wide + SIGN, 0, 0, 0)
    paint_source(painter, beside, source, channel, found.corner, (high, wide))
    if found.winner is not None:
        row, column = found.winner
        won = QRectF(grid.left() + column * cell, grid.top() + row * cell, cell, cell)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        paint_ring(painter, won)


def paint_dense(
    painter: QPainter, area: QRectF, found: DenseSum, names: Sequence[str], all_inputs: int
) -> None:
    """The strongest contributions to a unit: input × weight = product, and a bar."""
    rows = max(1, min(len(names), int((area.height() - TITLE - ROW) / ROW)))
    title = f"strongest of {all_inputs:,} inputs"
    _paint_title(painter, QRectF(area.left(), area.top(), area.width(), TITLE), title)
    painter.setFont(theme.font(theme.CAPTION))
    metrics = QFontMetricsF(painter.font())
    widest = max(metrics.horizontalAdvance(name) for name in names[:rows])
    label = min(widest + 12, 0.42 * area.width())
    sums, product = 92.0, 50.0
    bars = QRectF(
        area.left() + label + sums + product + 8,
        area.top(),
        min(area.width() - label - sums - product - 8, WIDEST_BARS),
        0,
    )
    largest = float(np.abs(_tame(found.products)).max(initial=0.0)) or 1.0
    y = area.top() + TITLE
    for place in range(rows):
        value = float(found.products[place])
        told = metrics.elidedText(names[place], Qt.TextElideMode.ElideRight, label - 8)
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(area.left(), y, label, ROW), LEFT, told)
        painter.setPen(theme.colour("muted"))
        told = f"{short(float(found.values[place]))} × {short(float(found.weights[place]))}"
        painter.drawText(QRectF(area.left() + label, y, sums - 8, ROW), RIGHT, told)
        painter.setPen(theme.colour("text"))
        told = f"= {short(value)}"
        painter.drawText(QRectF(area.left() + label + sums - 8, y, product + 8, ROW), RIGHT, told)
        if bars.width() > 24 and np.isfinite(value):
            middle = bars.left() + bars.width() / 2
            length = value / largest * bars.width() / 2
            bar = QRectF(min(middle, middle + length), y + 4, abs(length), ROW - 8)
            painter.fillRect(bar, theme.colour("negative" if value < 0 else "positive"))
            painter.fillRect(QRectF(middle - 0.5, y + 1, 1, ROW - 2), theme.colour("muted"))
        y += ROW
    hidden = len(found.strongest) - rows
    with np.errstate(all="ignore"):
        rest = found.rest + float(found.products[rows:].sum())
    if found.others + hidden > 0:
        painter.setPen(theme.colour("muted"))
        told = f"and {found.others + hidden:,} more, together {short(rest)}"
        painter.drawText(QRectF(area.left(), y, area.width(), ROW), LEFT, told)


def paint_source(
    painter: QPainter,
    area: QRectF,
    source: Source,
    channel: int,
    corner: tuple[int, int],
    window: tuple[int, int],
) -> bool:
    """One channel of the input with a ring around the window; False where room is missing."""
    side = min(area.width(), area.height() - TITLE)
    if side < 64:
        return False
    values = source.values[channel]
    high, wide = values.shape
    scale = side / max(high, wide)
    ratio = painter.device().devicePixelRatio()
    if scale * ratio >= 1:
        scale = int(scale * ratio) / ratio
    title = source.name("input", channel)
    _paint_title(painter, QRectF(area.left(), area.top(), area.width(), TITLE), title)
    pixels = np.ascontiguousarray(layer_ink.table(source.signed)[shade(values[None])[0]])
    image = QImage(pixels.data, wide, high, pixels.strides[0], QImage.Format.Format_RGB32)
    target = QRectF(area.left(), area.top() + TITLE, wide * scale, high * scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(target.adjusted(-1, -1, 1, 1), layer_ink.between())
    painter.drawImage(target, image)
    ring = QRectF(
        target.left() + corner[1] * scale,
        target.top() + corner[0] * scale,
        window[1] * scale,
        window[0] * scale,
    )
    paint_ring(painter, ring.intersected(target.adjusted(-2, -2, 2, 2)))
    return True


def paint_ring(painter: QPainter, cell: QRectF) -> None:
    """The ring around a chosen value, to be seen on any colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("panel"), 4))
    painter.drawRect(cell.adjusted(-1, -1, 1, 1))
    painter.setPen(QPen(theme.colour("accent"), 2))
    painter.drawRect(cell.adjusted(-1, -1, 1, 1))


def paint_colours(painter: QPainter, area: QRectF, values: Floats) -> None:
    """A kernel's three colours (3, h, w), each as a grid of numbers."""
    high, wide = values.shape[1:]
    cell = min(LARGEST_CELL, (area.width() - 2 * SIGN) / (3 * wide), (area.height() - TITLE) / high)
    cell = max(float(int(cell)), 2.0)
    largest = float(np.abs(_tame(values)).max())
    x = area.left()
    for title, channel in zip(("red", "green", "blue"), values, strict=True):
        grid = QRectF(x, area.top() + TITLE, cell * wide, cell * high)
        _paint_title(painter, QRectF(x, area.top(), cell * wide, TITLE), title)
        paint_grid(painter, grid, channel, largest=largest)
        x = grid.right() + SIGN


def paint_grid(
    painter: QPainter,
    area: QRectF,
    values: Floats,
    inside: np.ndarray | None = None,
    largest: float | None = None,
    signed: bool = True,
) -> None:
    """Numbers (h, w) in coloured cells; what lies outside the picture is left empty."""
    high, wide = values.shape
    across, down = area.width() / wide, area.height() / high
    colours = layer_ink.table(signed)[shade(values[None], largest=largest)[0]].tolist()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    with_text = across >= SMALLEST_TEXT
    painter.setFont(theme.font(10 if across < 34 else theme.CAPTION))
    line = QPen(layer_ink.between(), 1)
    for row in range(high):
        for column in range(wide):
            cell = QRectF(area.left() + column * across, area.top() + row * down, across, down)
            outside = inside is not None and not inside[row, column]
            ground = QColor(theme.colours().panel) if outside else QColor(colours[row][column])
            painter.setPen(line)
            painter.setBrush(ground)
            painter.drawRect(cell)
            if outside:
                painter.drawLine(cell.bottomLeft(), cell.topRight())
            elif with_text:
                painter.setPen(ink_on(ground))
                painter.drawText(cell, CENTRE, cell_text(float(values[row, column])))


def ink_on(ground: QColor) -> QColor:
    """Dark or light, whichever can be read on a colour (WCAG contrast)."""
    light = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (ground.redF(), ground.greenF(), ground.blueF())
    ]
    shine = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return QColor("#10151D") if shine > 0.18 else QColor("#FFFFFF")


def _paint_channels(
    painter: QPainter, area: QRectF, sums: Floats, chosen: int, word: str
) -> list[QRectF]:
    """What each channel adds; as many as there is room for, around the chosen one."""
    fitting = max(1, int((area.width() + 2) // (CHANNEL_WIDE + 2)))
    first = max(0, min(chosen - fitting // 2, len(sums) - fitting))
    last = min(len(sums), first + fitting)
    told = f"what each {word} adds"
    if last - first < len(sums):
        told += f" ({first + 1} to {last} of {len(sums)})"
    _paint_title(painter, QRectF(area.left(), area.top(), area.width(), TITLE), told)
    found = [QRectF()] * len(sums)
    colours = layer_ink.table(True)[shade(sums[None, None])[0, 0]].tolist()
    painter.setFont(theme.font(theme.CAPTION))
    for place in range(first, last):
        x = area.left() + (place - first) * (CHANNEL_WIDE + 2)
        cell = QRectF(x, area.top() + TITLE, CHANNEL_WIDE, CHANNEL_HIGH)
        ground = QColor(colours[place])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QPen(theme.colour("text"), 2) if place == chosen else QPen(layer_ink.between(), 1)
        painter.setPen(ring)
        painter.setBrush(ground)
        painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 3, 3)
        painter.setPen(ink_on(ground))
        painter.drawText(cell, CENTRE, cell_text(float(sums[place])))
        found[place] = cell
    return found


def _paint_title(painter: QPainter, line: QRectF, title: str) -> None:
    painter.setFont(theme.font(theme.CAPTION))
    painter.setPen(theme.colour("muted"))
    told = QFontMetricsF(painter.font()).elidedText(
        title, Qt.TextElideMode.ElideRight, line.width()
    )
    painter.drawText(line, LEFT, told)


def _paint_sign(painter: QPainter, grid: QRectF, sign: str) -> None:
    painter.setFont(theme.font(theme.TITLE))
    painter.setPen(theme.colour("muted"))
    middle = QPointF(grid.right() + SIGN / 2, grid.center().y())
    painter.drawText(QRectF(middle.x() - 12, middle.y() - 12, 24, 24), CENTRE, sign)


def _tame(values: Floats) -> Floats:
    return np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
