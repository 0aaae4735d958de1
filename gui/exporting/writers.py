"""From what is exported and a format to the file: what the window does, and what a job does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, assert_never

from gui.exporting import pages, tables
from gui.exporting.exportable import Exportable, Film, History, NetworkExport, Picture
from gui.exporting.film import Frames
from nn import formats
from nn.data.progress import Job
from nn.formats.files import write_whole

Write = Callable[[Path], Any]
"""Writes a file; good for a job in another thread."""


class Way(NamedTuple):
    """A format as a person chooses it."""

    key: str
    suffix: str
    words: str


class Look(NamedTuple):
    """How a picture is painted: `"dark"` or `"light"`, and pixels for a logical one."""

    theme: str
    scale: float = 1.0


PICTURES = (
    Way("png", ".png", "PNG, for documents and everywhere else"),
    Way("svg", ".svg", "SVG, sharp at any size, for print and editing"),
)
TABLES = (Way("csv", ".csv", "CSV, for spreadsheets and other programs"),)
FILMS = (Way("gif", ".gif", "GIF, an animation that plays everywhere"),)


def ways(what: Exportable) -> tuple[Way, ...]:
    """The formats in which it can be had."""
    match what:
        case NetworkExport():
            return tuple(Way(f.name, f.suffix, _begun(f)) for f in formats.FORMATS.values())
        case Picture():
            return PICTURES
        case History():
            return TABLES
        case Film():
            return FILMS
    assert_never(what)


def _begun(form: formats.Format) -> str:
    """Its words with a capital, but for names that have none."""
    words = form.words
    return words if words.startswith(form.name) else words[:1].upper() + words[1:]


def writer(what: Exportable, way: Way, look: Look, frames: Frames) -> Write:
    """Take what must be of this moment, in the window's thread. `frames` are those of a film.

    What is returned raises ValueError, one sentence, for what the format can't hold, and OSError.
    """
    match what:
        case NetworkExport():
            return lambda path: _write_network(what, way.key, path)
        case Picture() if way.key == "svg":
            drawing = pages.svg(what, look.theme)
            return lambda path: write_whole(path, drawing)
        case Picture():
            image = pages.image(what, look.theme, look.scale)
            return lambda path: write_whole(path, pages.png(image))
        case History():
            rows = what.rows()
            return lambda path: write_whole(path, tables.to_csv(what.columns, rows))
        case Film():
            kept = frames.copy()
            return lambda path: _write_film(kept, path)
    assert_never(what)


def _write_network(what: NetworkExport, key: str, path: Path) -> None:
    formats.FORMATS[key].save(what.copy(), path, **what.options.get(key, {}))


def _write_film(frames: Frames, path: Path) -> Job[None]:
    from gui.exporting.gif import to_gif  # brings Pillow, for which the start need not wait

    content = yield from to_gif(frames)
    write_whole(path, content)
