"""The MediaWiki API as Wikimedia Commons speaks it: what to ask, and what an answer says.

An answer is data from outside: whatever doesn't have the expected form is left out.
https://www.mediawiki.org/wiki/API:Search and API:Imageinfo
"""

from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from nn.formats import json_text

ENDPOINT = "https://commons.wikimedia.org/w/api.php"
HOSTS = ("commons.wikimedia.org", "upload.wikimedia.org")
USER_AGENT = "Brightwire/0.1 (desktop teaching app; a person searches, one request at a time)"
PRESETS = (
    "badger",
    "beard",
    "cat portrait",
    "dog portrait",
    "strawberry",
    "lighthouse",
    "bicycle",
    "owl",
)
WIDTH = 330  # pixels: a size that Commons keeps ready
PAGE = 24  # results an answer
MOST_BYTES = 4_000_000  # of an answer in words
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff")


@dataclass(frozen=True)
class Found:
    """One picture: where a small version lies, what it is called, whose it is."""

    title: str
    author: str
    licence: str
    licence_url: str
    page: str
    thumbnail: str


@dataclass(frozen=True)
class Answer:
    """Some results, best first, and how to ask for more; None when there is no more."""

    results: tuple[Found, ...]
    more: dict[str, str] | None


def url_for(term: str, more: dict[str, str] | None = None, endpoint: str = ENDPOINT) -> str:
    """The request that searches pictures for `term`."""
    asked = {
        "action": "query",
        "format": "json",
        "formatversion": "2",
        "generator": "search",
        "gsrsearch": f"{term.strip()} filetype:bitmap",
        "gsrnamespace": "6",
        "gsrlimit": str(PAGE),
        "prop": "imageinfo",
        "iiprop": "url|mime|extmetadata",
        "iiurlwidth": str(WIDTH),
        "iiextmetadatafilter": "Artist|LicenseShortName|LicenseUrl",
        **(more or {}),
    }
    return f"{endpoint}?{urlencode(asked)}"


def read(content: bytes) -> Answer:
    """What an answer says.

    Raises:
        ValueError: it is an error of the server's, or no answer of this API at all.
    """
    try:
        said = json_text.parse(content)
    except ValueError:
        raise ValueError("Wikimedia Commons sent something that is no search result.") from None
    if not isinstance(said, dict):
        raise ValueError("Wikimedia Commons sent something that is no search result.")
    if "error" in said:
        raise ValueError(f"Wikimedia Commons refused the search: {_refusal(said['error'])}")
    pages = _get(said, "query", "pages")
    if isinstance(pages, dict):  # as formatversion 1 has it
        pages = list(pages.values())
    if not isinstance(pages, list):
        pages = []
    pages = [page for page in pages if isinstance(page, dict)]
    pages.sort(key=lambda page: _whole(page.get("index")))
    results = tuple(found for page in pages[: 4 * PAGE] if (found := _found(page)))
    return Answer(results, _more(said.get("continue")))


def _found(page: dict[str, Any]) -> Found | None:
    information = page.get("imageinfo")
    if not isinstance(information, list) or not information or not isinstance(information[0], dict):
        return None
    info = information[0]
    thumbnail = _text(info.get("thumburl"))
    if not thumbnail or _text(info.get("mime")) not in PICTURES:
        return None
    about = info.get("extmetadata")
    title = plain(_text(page.get("title"))).removeprefix("File:").rpartition(".")
    return Found(
        title=title[0] or title[2],
        author=plain(_text(_get(about, "Artist", "value"))) or "author not stated",
        licence=plain(_text(_get(about, "LicenseShortName", "value"))) or "licence not stated",
        licence_url=_web(_text(_get(about, "LicenseUrl", "value"))),
        page=_web(_text(info.get("descriptionurl"))),
        thumbnail=thumbnail,
    )


def plain(html: str, most: int = 120) -> str:
    """The words of a piece of HTML, in one line."""
    stripper = _Stripper()
    with suppress(AssertionError):  # what Python's parser says to a mark that it doesn't know
        stripper.feed(html[:10_000])
        stripper.close()
    words = " ".join("".join(stripper.words).split())
    words = "".join(c for c in words if c.isprintable())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _more(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict) or not value:
        return None
    return {
        str(key): str(item)
        for key, item in list(value.items())[:10]
        if isinstance(item, str | int) and len(str(item)) < 500
    }


def _refusal(error: Any) -> str:
    info = plain(_text(_get(error, "info"))) or plain(_text(_get(error, "code")))
    return f"{info or 'it did not say why'}".rstrip(".") + "."


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _web(url: str) -> str:
    url = f"https:{url}" if url.startswith("//") else url
    return url if url.startswith(("https://", "http://")) and len(url) < 2000 else ""


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 1_000_000


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in ("script", "style")))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)
