"""The colours of values in the layer inspector, made once per theme from the theme's own."""

from functools import cache

from PySide6.QtGui import QColor

from gui import theme
from gui.painting import mix
from gui.tiles import Pixels, colour_table


def table(signed: bool) -> Pixels:
    """256 colours for `gui.tiles`: blue over the panel's ground to amber, or ground to ink."""
    return _table(theme.colours(), signed)


def between() -> QColor:
    """The ground between tiles."""
    return QColor(_between(theme.colours()))


@cache
def _table(colours: theme.Colours, signed: bool) -> Pixels:
    above = colours.positive if signed else colours.text
    return colour_table(
        colours.panel, above, colours.negative, colours.wrong, _between(colours)
    )  # fmt: skip


@cache
def _between(colours: theme.Colours) -> str:
    return mix(QColor(colours.raised), QColor(colours.line), 0.35).name()
