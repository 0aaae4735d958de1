"""The Photo workspace in its window, where the web is a server on loopback."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.web_drop import Rules
from gui.workspaces.photo import PhotoWorkspace
from tests.commons import Wiki

TIME = 20_000  # milliseconds until a test gives up; nothing takes nearly as long


def in_front(
    window: MainWindow, site: Wiki, qtbot: QtBot, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> PhotoWorkspace:
    """The workspace in front, with a first photo; it keeps what it fetches in `cache`."""

    def make(name: str) -> PhotoWorkspace:
        assert name == "photo"
        return PhotoWorkspace(
            window.session,
            window.say,
            endpoint=site.api,
            commons_rules=Rules(hosts=("127.0.0.1",), loopback=True, silence=5, seconds=10),
            rules=Rules(loopback=True, silence=5, seconds=10),
            cache=cache,
        )

    monkeypatch.setattr(window, "_make", make)
    made = window.show_workspace("photo")
    assert isinstance(made, PhotoWorkspace)
    qtbot.waitUntil(lambda: made.look_page.photo is not None, timeout=TIME)
    return made


def until_shown(qtbot: QtBot, photo: PhotoWorkspace, name: str) -> None:
    """Wait until a photo is in sight and the network has answered."""
    page = photo.look_page

    def there() -> bool:
        photo.pull()
        return (
            page.photo is not None
            and page.photo.source.name == name
            and bool(page.prediction_view.winner)
        )

    qtbot.waitUntil(there, timeout=TIME)


def picked(photo: PhotoWorkspace, qtbot: QtBot, word: str) -> None:
    """Search and wait until every result has its picture or says why not."""
    grid = photo.search_page.grid
    photo.search_page.search(word)
    qtbot.waitUntil(
        lambda: len(grid) > 0 and all(card.image or card.problem for card in grid._cards),
        timeout=TIME,
    )
