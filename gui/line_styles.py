"""Lines that can be told apart without their colours: one ink and one dash pattern each. Qt-free.

The names of the patterns stand in words where a line is told to those who can't see it.
"""

DARK = (
    "#FFB454",
    "#58A9FF",
    "#4FD1A5",
    "#FF7A9C",
    "#C79BFF",
    "#E3DD63",
    "#4CD7E8",
    "#E0A58C",
    "#B8C2D0",
)
LIGHT = (
    "#B35C00",
    "#0B63C4",
    "#0B7A54",
    "#B8235A",
    "#6B3FC0",
    "#77700A",
    "#00717F",
    "#8A4B2A",
    "#4A5768",
)
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (6, 2.5),
    (2, 2),
    (7, 2, 1.5, 2),
    (9, 3),
    (1, 2.5),
    (7, 2, 1.5, 2, 1.5, 2),
    (4, 4),
    (8, 2, 3, 2),
)
"""Lengths of dash and gap in turn, in widths of the line."""


def ink(index: int, theme_name: str) -> str:
    """The colour of the line `index` in the dark or the light theme."""
    inks = DARK if theme_name == "dark" else LIGHT
    return inks[index % len(inks)]


def dash(index: int) -> tuple[float, ...]:
    """The dash pattern of the line `index`; empty for a whole line."""
    return DASHES[index % len(DASHES)]
