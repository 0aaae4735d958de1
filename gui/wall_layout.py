"""Where the thumbnails of a wall lie: in lines, on whole device pixels, so that they stay crisp.

Everything is in device pixels but what says otherwise.
"""

from dataclasses import dataclass
from typing import NamedTuple

SIZES = (32, 48, 64, 96, 144)  # edges that thumbnails are drawn nearest to, in logical pixels
GAP = 4  # between thumbnails, in logical pixels
EDGE = 6  # between the wall's border and its thumbnails, in logical pixels


class Spot(NamedTuple):
    """A rectangle."""

    x: int
    y: int
    wide: int
    high: int


@dataclass(frozen=True)
class WallLayout:
    """A wall of `count` thumbnails.

    Attributes:
        ratio: device pixels for each logical one.
        count: thumbnails in all.
        thumb: width and height of one.
        scale: how many times its picture a thumbnail is; 0 where it is made smaller.
        columns: thumbnails in a line.
        left: where the first column begins; what is left over is shared by both sides.
    """

    ratio: float
    count: int
    thumb: tuple[int, int]
    scale: int
    columns: int
    left: int

    @classmethod
    def of(
        cls, count: int, picture: tuple[int, int], room: int, size: int, ratio: float
    ) -> "WallLayout":
        """Lay out `count` pictures of (height, width) pixels over `room` logical pixels.

        A thumbnail's longer edge is the whole multiple of its picture's that is nearest to `size`
        logical pixels, or `size` where the picture is larger than that.
        """
        high, wide = picture
        wanted = size * ratio
        longest = max(high, wide)
        scale = int(wanted / longest + 0.5)
        part = scale if scale >= 1 else wanted / longest
        thumb = (max(1, round(wide * part)), max(1, round(high * part)))
        gap, whole = _gap(ratio), round(room * ratio)
        step = thumb[0] + gap
        columns = max(1, (whole - 2 * round(EDGE * ratio) + gap) // step)
        left = max(0, (whole - columns * step + gap) // 2)
        return cls(ratio, count, thumb, scale, columns, left)

    @property
    def gap(self) -> int:
        """Between two thumbnails."""
        return _gap(self.ratio)

    @property
    def pitch(self) -> int:
        """From one line to the next."""
        return self.thumb[1] + self.gap

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """Of the whole wall, in logical pixels."""
        edges = 2 * round(EDGE * self.ratio)
        return round((self.lines * self.pitch - self.gap + edges) / self.ratio)

    @property
    def line_height(self) -> int:
        """From one line to the next, in logical pixels."""
        return max(1, round(self.pitch / self.ratio))

    def top(self, line: int, scrolled: int) -> int:
        """Where a line begins in the view when so many logical pixels are scrolled."""
        return round(EDGE * self.ratio) + line * self.pitch - round(scrolled * self.ratio)

    def spot(self, place: int, scrolled: int) -> Spot:
        """Where the thumbnail at a place lies in the view."""
        line, column = divmod(place, self.columns)
        x = self.left + column * (self.thumb[0] + self.gap)
        return Spot(x, self.top(line, scrolled), *self.thumb)

    def place_at(self, x: float, y: float, scrolled: int) -> int:
        """The place of the thumbnail at a point in logical pixels of the view; −1 for none."""
        column, across = divmod(round(x * self.ratio) - self.left, self.thumb[0] + self.gap)
        line, down = divmod(round(y * self.ratio) - self.top(0, scrolled), self.pitch)
        if not 0 <= column < self.columns or line < 0:
            return -1
        if across >= self.thumb[0] or down >= self.thumb[1]:
            return -1
        place = line * self.columns + column
        return place if place < self.count else -1

    def first_whole(self, scrolled: int) -> int:
        """The first place of the first line that is wholly in sight; −1 where there is none."""
        line = max(0, -(self.top(0, scrolled) // self.pitch))
        return min(line * self.columns, self.count - 1)

    def in_sight(self, scrolled: int, high: int) -> range:
        """The lines of which something is seen in a view of `high` logical pixels."""
        top = self.top(0, scrolled)
        first = max(0, -top // self.pitch)
        return range(first, min((round(high * self.ratio) - top) // self.pitch + 1, self.lines))


def _gap(ratio: float) -> int:
    return max(1, round(GAP * ratio))
