"""Lines and words of a network text: what is read next, and errors that show where it stood."""

from dataclasses import dataclass

LARGEST_EDGE = 4096
LARGEST_COUNT = 65536


class TextError(ValueError):
    """A network text that cannot be read."""


def shown(value: object, most: int = 60) -> str:
    """Return a value for a sentence, as Python writes it, its middle left out if it is long."""
    text = repr(value)
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 :]}"


@dataclass(frozen=True)
class Line:
    """A line of the text with its number from 1; ``source`` is as the person wrote it."""

    number: int
    source: str

    def error(self, message: str) -> TextError:
        return TextError(f"line {self.number} ({shown(self.source.strip())}): {message}")


class Words:
    """The words of one line, taken from the left."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._words = line.source.split("#")[0].lower().replace(",", " ").split()

    def __bool__(self) -> bool:
        return bool(self._words)

    def peek(self) -> str:
        """Return the next word, or an empty text at the end."""
        return self._words[0] if self._words else ""

    def take(self, wanted: str) -> str:
        """Return the next word and step over it; an error at the end says what was ``wanted``."""
        if not self._words:
            raise self.line.error(f"the line ends where there should be {wanted}")
        return self._words.pop(0)

    def take_if(self, word: str) -> bool:
        """Step over ``word`` if it comes next, and tell whether it did."""
        if self.peek() == word:
            self._words.pop(0)
            return True
        return False

    def whole(self, wanted: str, least: int, most: int = LARGEST_COUNT) -> int:
        """Return the next word as a whole number within [least, most]."""
        word = self.take(wanted)
        return self._as_whole(word, word, wanted, least, most)

    def _as_whole(self, part: str, word: str, wanted: str, least: int, most: int) -> int:
        if not (part.isascii() and part.isdigit()) or not least <= int(part[:9]) <= most:
            raise self.line.error(
                f"{shown(word)} should be {wanted}, a whole number from {least} to {most}"
            )
        return int(part)

    def size(self, wanted: str, count: int, least: int = 1) -> tuple[int, ...]:
        """Return the next word, like ``28x28x1``, as ``count`` whole numbers."""
        word = self.take(wanted)
        parts = word.split("x")
        if len(parts) != count:
            raise self.line.error(f"{shown(word)} should be {wanted}")
        return tuple(self._as_whole(p, word, wanted, least, LARGEST_EDGE) for p in parts)

    def square(self, wanted: str, least: int = 1) -> tuple[int, int]:
        """Return the next word, ``3`` or ``3x5``, as (vertical, horizontal)."""
        if "x" in self.peek():
            height, width = self.size(wanted, 2, least)
            return height, width
        edge = self.whole(wanted, least, LARGEST_EDGE)
        return edge, edge

    def number(self, wanted: str) -> float:
        """Return the next word as a finite number."""
        word = self.take(wanted)
        try:
            value = float(word)
        except ValueError:
            value = float("nan")
        if not abs(value) < 1e30:
            raise self.line.error(f"{shown(word)} should be {wanted}, a number")
        return value

    def options(self, *names: str) -> dict[str, float]:
        """Return the options that follow, each a name and a number, in any order."""
        found: dict[str, float] = {}
        while self.peek() in names:
            name = self.take("an option")
            if name in found:
                raise self.line.error(f"{name!r} stands twice")
            found[name] = self.number(f"the {name}")
        return found

    def next_is_number(self) -> bool:
        """Tell whether the next word begins like a number."""
        return self.peek()[:1] in set("0123456789.+-") and self.peek() != ""
