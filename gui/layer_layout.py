"""Where a layer's sections lie on its card: values left, their gradients right. Qt-free."""

from collections.abc import Sequence
from dataclasses import dataclass

from gui.layer_facts import Section
from gui.tiles import Sheet, place

CAPTION = 18  # logical pixels, as everything below
MARGIN = 12
BETWEEN = 12  # between sections
TWO_COLUMNS = 440  # narrowest body with values and their gradients side by side

Spot = tuple[int, int, int, int]
"""(section, tile, row, column)."""
Box = tuple[float, float, float, float]
"""Left, top, width, height."""


@dataclass(frozen=True)
class Placed:
    """A section on the card: corner of its tiles and room in logical pixels.

    `atlas_row` is where its image begins in the card's.
    """

    number: int
    section: Section
    sheet: Sheet
    left: float
    top: float
    room: float
    atlas_row: int
    ratio: float

    @property
    def corner(self) -> tuple[int, int]:
        """The tiles' left and top in whole device pixels."""
        return round(self.left * self.ratio), round(self.top * self.ratio)

    def box(self, within: Box | None = None) -> Box:
        """A box of the sheet, by default all of it, in the card's logical pixels."""
        x, y, wide, high = (0.0, 0.0, *self.sheet.size) if within is None else within
        left, top = self.corner
        ratio = self.ratio
        return (left + x) / ratio, (top + y) / ratio, wide / ratio, high / ratio

    def at(self, x: float, y: float) -> Spot | None:
        """The spot at a point of the card."""
        left, top = self.corner
        found = self.sheet.at(x * self.ratio - left, y * self.ratio - top)
        return None if found is None else (self.number, *found)


@dataclass(frozen=True)
class CardLayout:
    """Sections in place, the card's height, and rows and columns of an image for all of them."""

    placed: tuple[Placed, ...]
    height: float
    atlas: tuple[int, int]


def lay_out(sections: Sequence[Section], width: float, top: float, ratio: float) -> CardLayout:
    """Place sections from `top` on, in pairs where `width` allows it, all in logical pixels."""
    inner = max(width - 2 * MARGIN, 48)
    both = inner >= TWO_COLUMNS
    room = (inner - 2 * BETWEEN) // 2 if both else inner
    placed: list[Placed] = []
    rows, widest, y = 0, 1, top
    for number, section in enumerate(sections):
        right = both and number % 2
        sheet = place(section.shape, section.look, int(room * ratio), ratio)
        left = MARGIN + (room + 2 * BETWEEN if right else 0)
        start = placed[-1].top - CAPTION if right else y
        placed.append(Placed(number, section, sheet, left, start + CAPTION, room, rows, ratio))
        high, wide = sheet.shape
        rows, widest = rows + high, max(widest, wide)
        y = max(y, start + CAPTION + sheet.size[1] / ratio + BETWEEN)
    return CardLayout(tuple(placed), y + 4 if placed else y, (max(rows, 1), widest))


def next_tile(
    placed: Sequence[Placed], now: tuple[int, int], across: int, down: int
) -> tuple[int, int] | None:
    """The (section, tile) a step away, over the section's end into the next; None for none.

    Sideways leads to the neighbouring section, up and down to that of the same column.
    """
    section, tile = now
    sheet = placed[section].sheet
    tile += across + down * sheet.columns
    if 0 <= tile < sheet.count:
        return section, tile
    section += across + 2 * down
    if not 0 <= section < len(placed):
        return None
    return section, 0 if across + down > 0 else placed[section].sheet.count - 1
