"""Which addresses may be fetched when something from the web is dropped or pasted.

A web page decides what its pictures are called when they are dragged. So an address from there may
lead to the public web alone: not to files of this computer, nor to machines of its own network,
which would answer the app but not the page. The same rules hold after every redirect.
"""

import base64
import binascii
import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

LONGEST = 8192  # characters of an address
MOST_ESCAPES = 300_000  # like %20 in a data: address; each takes two hundred bytes to read
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home", ".home.arpa")


@dataclass(frozen=True)
class Rules:
    """What may be fetched, and how much of it.

    Attributes:
        hosts: if any, only these hosts.
        loopback: allow this computer's loopback, for tests against a server of their own.
        most_bytes: of one answer.
        most_redirects: one after another.
        silence: seconds without a byte after which a fetch is given up.
        seconds: for everything, redirects too.
    """

    hosts: tuple[str, ...] = ()
    loopback: bool = False
    most_bytes: int = 30_000_000
    most_redirects: int = 5
    silence: float = 10.0
    seconds: float = 40.0


def problem_with(url: str, rules: Rules = Rules()) -> str:
    """Why this address may not be fetched, as a sentence; empty when it may."""
    if len(url) > LONGEST:
        return "This address is too long to be that of a picture."
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip(".").lower(), parts.port
    except ValueError:
        return f"“{short(url)}” is no address that can be understood."
    if parts.scheme == "file":
        return "A web page may not point the app to files of this computer. Open the file instead."
    if parts.scheme not in ("http", "https"):
        return f"Only http and https addresses are fetched, not “{short(parts.scheme or url)}:”."
    if not host:
        return f"“{short(url)}” names no host to fetch from."
    if parts.username or parts.password:
        return "An address with a user name or password in it is not fetched."
    if rules.hosts:
        allowed = ", ".join(rules.hosts)
        return "" if host in rules.hosts else f"“{short(host)}” is not one of {allowed}."
    if address := _address(host):
        return problem_with_address(address, rules)
    if host == "localhost":
        return problem_with_address("127.0.0.1", rules)
    if "." not in host or host.endswith(_LOCAL_NAMES):
        return f"“{short(host)}” is a machine of this network; only the public web is fetched from."
    return ""


def problem_with_address(address: str, rules: Rules = Rules()) -> str:
    """Why nothing may be fetched from this numeric address, as a sentence; empty when it may."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"“{short(address)}” is no address of a machine."
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    if found.is_loopback and rules.loopback:
        return ""
    if found.is_loopback:
        return "A web page may not point the app to this computer itself."
    if not found.is_global or found.is_multicast or found.is_reserved:
        return "This address is inside this network; only the public web is fetched from."
    return ""


def redirected(url: str, location: str) -> str:
    """The address that an answer from `url` sends on to, however odd it is."""
    try:
        return urljoin(url, location.strip())
    except ValueError:
        return location.strip()


def short(text: str, most: int = 60) -> str:
    """A text for a sentence: without control characters, cut in the middle where it is long."""
    plain = "".join(c for c in text if c.isprintable())
    return plain if len(plain) <= most else f"{plain[: most // 2]}…{plain[-most // 2 :]}"


def picture_in(html: str) -> str:
    """The address of the first picture in a piece of a web page; empty when there is none."""
    finder = _Finder()
    with suppress(AssertionError):  # what Python's parser says to a mark that it doesn't know
        finder.feed(html[:200_000])
    return finder.found


def data_of(url: str, most_bytes: int) -> bytes:
    """The bytes that a `data:` address holds in itself.

    Raises:
        ValueError: it holds no picture, or too much; one sentence.
    """
    head, comma, body = url.partition(",")
    if not comma or not head.lower().startswith("data:image/"):
        raise ValueError("The dropped data: address holds no picture.")
    if len(body) > 2 * most_bytes or body.count("%") > MOST_ESCAPES:
        raise ValueError(f"The dropped picture is larger than {most_bytes // 1_000_000} MB.")
    raw = unquote_to_bytes(body)
    if not head.lower().endswith(";base64"):
        return raw
    try:
        return base64.b64decode(re.sub(rb"\s", b"", raw), validate=True)
    except binascii.Error:
        raise ValueError("The dropped data: address is damaged.") from None


def _address(host: str) -> str:
    """The numeric address that a host is, in any spelling that a resolver would take."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    parts = host.split(".")
    if len(parts) > 4 or not all(re.fullmatch(r"0[xX][0-9a-fA-F]*|[0-9]+", part) for part in parts):
        return ""
    try:  # 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1
        numbers = [
            int(p, 16 if p[:2].lower() == "0x" else 8 if p[0] == "0" and len(p) > 1 else 10)
            if p.lower() != "0x"
            else 0
            for p in parts
        ]
        *high, low = numbers
        value = low + sum(number << (24 - 8 * i) for i, number in enumerate(high))
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        return "0.0.0.0"  # no resolver agrees on it: refused


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and not self.found:
            self.found = (dict(attrs).get("src") or "").strip()
