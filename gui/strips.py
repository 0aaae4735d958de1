"""Where the thumbnails of several classes lie: strips with a header, side by side or stacked.

Qt-free. Items are numbered through all classes, class after class; y counts from the top of the
whole list, however far it is scrolled.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

THUMB = 36  # edge of a thumbnail, in logical pixels, as all measures here
GAP = 4
HEADER = 24
BETWEEN = 8  # between two classes
EDGE = 4  # room for the ring around a thumbnail
LEAST = 3 * THUMB + 2 * GAP  # narrowest that a class gets with another one beside it


class Strips:
    """The places for `counts[k]` items of each class k in a list of a given width.

    Two classes stand side by side where there is room, so that both are seen at once.
    """

    def __init__(self, counts: Sequence[int], width: int) -> None:
        self.counts = list(counts)
        self.starts = [0, *accumulate(self.counts)]  # of each class in the numbering, and the end
        room = width - 2 * EDGE
        self.across = max(1, min((room + BETWEEN) // (LEAST + BETWEEN), len(self.counts), 2))
        self.width = max((room + BETWEEN) // self.across - BETWEEN, THUMB)  # of one class
        self.columns = max(1, (self.width + GAP) // (THUMB + GAP))
        self.corners: list[tuple[int, int]] = []  # of each class's header
        y = 0
        for first in range(0, len(self.counts), self.across):
            together = range(first, min(first + self.across, len(self.counts)))
            for place in range(len(together)):
                self.corners.append((EDGE + place * (self.width + BETWEEN), y))
            y += HEADER + max(map(self.rows, together)) * (THUMB + GAP) + BETWEEN
        self.height = max(y - BETWEEN + EDGE, 0)

    def rows(self, label: int) -> int:
        """Rows of thumbnails of a class."""
        return -(-self.counts[label] // self.columns)

    def label_of(self, item: int) -> int:
        """The class that an item belongs to."""
        return bisect_right(self.starts, item) - 1

    def corner(self, item: int) -> tuple[int, int]:
        """Left and top of an item's thumbnail."""
        label = self.label_of(item)
        row, column = divmod(item - self.starts[label], self.columns)
        x, y = self.corners[label]
        return x + column * (THUMB + GAP), y + HEADER + row * (THUMB + GAP)

    def is_in_first_row(self, item: int) -> bool:
        """True for the items right below their class's header."""
        return item - self.starts[self.label_of(item)] < self.columns

    def item_at(self, x: int, y: int) -> int:
        """The item whose thumbnail is at a point; -1 beside all."""
        tops = [top for _, top in self.corners[:: self.across]]
        line, place = bisect_right(tops, y) - 1, (x - EDGE) // (self.width + BETWEEN)
        label = line * self.across + place
        if line < 0 or not 0 <= place < self.across or label >= len(self.corners):
            return -1
        left, top = self.corners[label]
        row, below = divmod(y - top - HEADER, THUMB + GAP)
        column, beside = divmod(x - left, THUMB + GAP)
        item = self.starts[label] + row * self.columns + column
        hit = row >= 0 and 0 <= column < self.columns and below < THUMB and beside < THUMB
        return item if hit and item < self.starts[label + 1] else -1

    def beyond(self, item: int, *, down: bool) -> int:
        """The item one row further; where the class ends, in the next one below or above."""
        label = self.label_of(item)
        row, column = divmod(item - self.starts[label], self.columns)
        row += 1 if down else -1
        while not 0 <= row < self.rows(label):
            label += self.across if down else -self.across
            if not 0 <= label < len(self.counts):
                return item
            row = 0 if down else self.rows(label) - 1
        return min(self.starts[label] + row * self.columns + column, self.starts[label + 1] - 1)

    def items_between(self, label: int, top: int, bottom: int) -> range:
        """The items of a class that are at least partly between two heights."""
        y = self.corners[label][1] + HEADER
        first = max(0, (top - y) // (THUMB + GAP)) * self.columns
        behind = max(0, (bottom - y) // (THUMB + GAP) + 1) * self.columns
        start = self.starts[label]
        return range(start + first, start + min(behind, self.counts[label]))
