"""Search Wikimedia Commons: results page by page, and their small pictures.

Everything runs in the window's own event loop; nothing waits. One search at a time: a new one
ends the one before. Pictures come a few at a time, as a polite guest asks for them.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkDiskCache

from gui import commons_api
from gui.commons_api import Found
from gui.fetch import Fetch
from gui.web_drop import Rules

CACHE_BYTES = 64_000_000
AT_ONCE = 3
LARGEST_PICTURE = 8_000_000  # bytes; a small version has a hundredth of that
NAME = "Wikimedia Commons"

Take = Callable[[bytes], object]
Refuse = Callable[[str], object]


def manager(parent: QObject, cache: Path | None = None) -> QNetworkAccessManager:
    """A network access manager that keeps what it fetched on disk."""
    made = QNetworkAccessManager(parent)
    kept = QNetworkDiskCache(made)
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
    kept.setCacheDirectory(str(cache or Path(base) / "commons"))
    kept.setMaximumCacheSize(CACHE_BYTES)
    made.setCache(kept)
    return made


class Commons(QObject):
    """One person's window to Commons.

    Args:
        web: fetches.
        endpoint, rules: in place of the real ones, for tests.
    """

    found = Signal(object)  # tuple[Found, ...], to be shown after those before
    searched = Signal(bool)  # an answer came; True when there is more to ask for
    failed = Signal(str)  # the search, in one sentence

    def __init__(
        self,
        web: QNetworkAccessManager,
        parent: QObject | None = None,
        endpoint: str = commons_api.ENDPOINT,
        rules: Rules | None = None,
    ) -> None:
        super().__init__(parent)
        self._web, self._endpoint = web, endpoint
        self._rules = rules or Rules(
            hosts=commons_api.HOSTS, most_bytes=LARGEST_PICTURE, seconds=30.0
        )
        self._term = ""
        self._more: dict[str, str] | None = None
        self._search: Fetch | None = None
        self._waiting: deque[tuple[Found, Take, Refuse]] = deque()
        self._under_way: set[Fetch] = set()

    @property
    def searching(self) -> bool:
        return self._search is not None

    @property
    def has_more(self) -> bool:
        return self._more is not None

    def search(self, term: str) -> None:
        """Begin a new search; what the one before still fetches is dropped."""
        self.cancel()
        self._term, self._more = term, None
        self._ask()

    def go_on(self) -> None:
        """Ask for the results after those that came."""
        if self._more is not None and not self.searching:
            self._ask()

    def cancel(self) -> None:
        """Stop searching and fetching; nothing is emitted any more."""
        self._waiting.clear()
        for fetch in (self._search, *self._under_way):
            if fetch is not None:
                fetch.cancel()
        self._search = None
        self._under_way.clear()

    def picture(self, found: Found, take: Take, refuse: Refuse) -> None:
        """Have `take(bytes)` called with a result's picture, or `refuse(sentence)`."""
        self._waiting.append((found, take, refuse))
        self._start_waiting()

    # -- answers -----------------------------------------------------------------------------

    def _ask(self) -> None:
        url = commons_api.url_for(self._term, self._more, self._endpoint)
        self._search = Fetch(self._web, url, self._rules, NAME, picture=False)
        self._search.finished.connect(self._on_answer)
        self._search.failed.connect(self._on_failed)

    def _on_answer(self, content: bytes) -> None:
        self._search = None
        try:
            answer = commons_api.read(content[: commons_api.MOST_BYTES])
        except ValueError as error:
            self.failed.emit(str(error))
            return
        self._more = answer.more
        self.found.emit(answer.results)
        self.searched.emit(self.has_more)

    def _on_failed(self, sentence: str) -> None:
        self._search = None
        self.failed.emit(sentence)

    def _start_waiting(self) -> None:
        while self._waiting and len(self._under_way) < AT_ONCE:
            found, take, refuse = self._waiting.popleft()
            name = f"“{found.title}”"
            fetch = Fetch(self._web, found.thumbnail, self._rules, name, picture=True)
            self._under_way.add(fetch)
            fetch.finished.connect(partial(self._on_ended, fetch, take))
            fetch.failed.connect(partial(self._on_ended, fetch, refuse))

    def _on_ended(self, fetch: Fetch, tell: Callable[..., object], what: object) -> None:
        self._under_way.discard(fetch)
        tell(what)
        self._start_waiting()
