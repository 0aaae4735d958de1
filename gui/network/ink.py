"""The network view's pens and colours, made once per theme from the theme's own."""

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gui import theme
from gui.network.wires import LEVELS
from gui.painting import mix

DIM = 0.24  # what is left of a wire's colour while another neuron is held
_REST = 0.065  # of a wire's hue at weight 0
_WHITE_HOT = 0.34  # how far the strongest wires go on towards white, in the dark
# Qt fills lines a hair wider than a pixel three times as fast as those of one pixel.
_QUICKEST = 1.02
_HALOS = ((19.0, 0.045), (10.5, 0.085), (5.5, 0.18))  # width and alpha of each ring
HALO_RINGS = len(_HALOS)
_HALO_FROM = 0.4  # part of full brightness from which a wire glows


class Ink:
    """Pens by level, sign and state, for one set of colours."""

    def __init__(self, colours: theme.Colours) -> None:
        self.dark = colours.name == "dark"
        self.ground = QColor(colours.panel)
        self.raised = QColor(colours.raised)
        self.line = QColor(colours.line)
        self.muted = QColor(colours.muted)
        self.text = QColor(colours.text)
        self.accent = QColor(colours.accent)
        self.positive = QColor(colours.positive)
        self.negative = QColor(colours.negative)
        self.rest = mix(self.ground, self.raised, 1.0)  # a neuron that does not fire
        self.glow = QColor(colours.text)  # one that does
        self._scale = 1.0
        self._pens: dict[tuple[int, bool, str], QPen] = {}  # for that scale

    def hue(self, negative: bool) -> QColor:
        """The colour of a sign."""
        return self.negative if negative else self.positive

    def wire(self, level: int, negative: bool) -> QColor:
        """The opaque colour of a wire."""
        part = (level + 0.5) / LEVELS
        colour = mix(self.ground, self.hue(negative), _REST + (1 - _REST) * part**0.95)
        if self.dark and part > 0.6:
            colour = mix(colour, QColor("#FFFFFF"), _WHITE_HOT * (part - 0.6) / 0.4)
        return colour

    def pen(self, level: int, negative: bool, style: str, scale: float) -> QPen:
        """The pen of a wire; `style` is "fine", "quick" (no antialiasing), "dim" or "held".

        `scale` is how many device pixels a logical one takes, zoom included.
        """
        if scale != self._scale:  # there are as many as places of the wheel
            self._pens.clear()
            self._scale = scale
        key = (level, negative, style)
        made = self._pens.get(key)
        if made is None:
            made = self._pens[key] = self._made(level, negative, style)
        return made

    def halo(self, level: int, negative: bool, ring: int) -> QPen | None:
        """The soft light around a strong wire, from the widest ring on; None for weak ones."""
        part = (level + 0.5) / LEVELS
        if part < _HALO_FROM:
            return None
        strength = (part - _HALO_FROM) / (1 - _HALO_FROM)
        colour = QColor(self.hue(negative))
        width, alpha = _HALOS[ring]
        colour.setAlphaF(alpha * (0.3 + 0.7 * strength) * (1 if self.dark else 0.6))
        return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)

    def _made(self, level: int, negative: bool, style: str) -> QPen:
        colour = self.wire(level, negative)
        width = 0.75 + 2.5 * (level + 0.5) / LEVELS
        if style == "dim":
            colour, width = mix(self.ground, colour, DIM), 0.8
        elif style == "quick":
            width = max(_QUICKEST, round(width * self._scale)) / self._scale
        elif style == "held":
            width = max(width, 1.2)
            colour = mix(self.ground, self.hue(negative), 0.35 + 0.65 * level / LEVELS)
        pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if style == "held" and negative:
            pen.setDashPattern([5.0 / width * 1.3, 3.0 / width * 1.3])
        return pen


@cache
def _ink_of(colours: theme.Colours) -> Ink:
    return Ink(colours)


def ink() -> Ink:
    """The ink of the theme in force."""
    return _ink_of(theme.colours())
