"""A server on loopback that speaks as much of the MediaWiki API as a search needs, well or badly.

What is searched for decides what it does: see `PLAYS`. Any other word finds striped pictures
(`badger`) or blotched ones, `Wiki.count` of them, a page at a time.
"""

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
from PIL import Image

PLAYS = ("refused", "html", "down", "silent", "nothing", "hostile")
HOSTILE = ("cut.jpg", "page.html", "empty.jpg", "round.jpg", "huge.jpg", "gone.jpg", "local.jpg")


@dataclass
class Wiki:
    """`requests` collects (path, search word, offset, user agent)."""

    count: int = 5
    page: int = 3
    requests: list[tuple[str, str, str, str]] = field(default_factory=list)
    url: str = ""
    api: str = ""


def jpeg(seed: int, stripes: bool, size: tuple[int, int] = (48, 40)) -> bytes:
    """A picture to tell apart from those of the other kind."""
    rng = np.random.default_rng(seed)
    wide, high = size
    pixels = rng.integers(60, 200, (high, wide, 3), dtype=np.uint8)
    if stripes:
        pixels[:, :: 2 * max(1, wide // 8)] = 255
        for x in range(0, wide, wide // 4):
            pixels[:, x : x + wide // 8] = (20, 20, 30)
    else:
        pixels[high // 2 :] = (190, 120, 90)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=92)
    return out.getvalue()


@contextmanager
def wiki() -> Iterator[Wiki]:
    """Serve; `url` and `api` are set meanwhile."""
    site = Wiki()
    ending = threading.Event()

    def page(name: str, index: int) -> dict[str, object]:
        return {
            "title": f"File:{name}",
            "index": index,
            "imageinfo": [
                {
                    "thumburl": f"{site.url}thumb/{name}",
                    "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{name}",
                    "mime": "image/jpeg",
                    "extmetadata": {
                        "Artist": {"value": "<a href='//x.org'>Ann <b>Example</b></a>"},
                        "LicenseShortName": {"value": "CC BY-SA 4.0"},
                        "LicenseUrl": {"value": "https://creativecommons.org/licenses/by-sa/4.0"},
                    },
                }
            ],
        }

    def results(word: str, offset: int) -> dict[str, object]:
        if word == "nothing":
            return {"batchcomplete": True}
        if word == "hostile":
            names = [*HOSTILE, "good.jpg"]
            return {"query": {"pages": [page(name, i) for i, name in enumerate(names)]}}
        last = min(offset + site.page, site.count)
        pages = [page(f"{word}-{i}.jpg", i) for i in range(offset, last)]
        answer: dict[str, object] = {"query": {"pages": pages[::-1]}}
        if last < site.count:
            answer["continue"] = {"gsroffset": last, "continue": "gsroffset||"}
        return answer

    class Handler(BaseHTTPRequestHandler):
        timeout = 2  # Qt may keep a connection open that nothing comes through

        def log_message(self, format, *args):
            pass

        def do_GET(self):
            parts = urlsplit(self.path)
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            word = asked.get("gsrsearch", "").removesuffix(" filetype:bitmap")
            agent = self.headers.get("User-Agent", "")
            site.requests.append((parts.path, word, asked.get("gsroffset", "0"), agent))
            if parts.path == "/w/api.php":
                self.search(word, int(asked.get("gsroffset", "0")))
            else:
                self.picture(parts.path.rpartition("/")[2])

        def search(self, word: str, offset: int) -> None:
            if word == "silent":
                ending.wait(30)
            elif word == "down":
                self.send_error(503)
            elif word == "html":
                self.answer(b"<html>not found</html>", "text/html")
            elif word == "refused":
                self.answer(
                    json.dumps({"error": {"code": "x", "info": "Too <b>fast</b>"}}).encode()
                )
            else:
                self.answer(json.dumps(results(word, offset)).encode())

        def picture(self, name: str) -> None:
            if name == "round.jpg":
                self.send_response(302)
                self.send_header("Location", self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif name == "local.jpg":
                self.send_response(302)
                self.send_header("Location", "file:///etc/hostname")
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif name == "gone.jpg":
                self.send_error(404)
            elif name == "huge.jpg":
                self.send_response(200)
                self.send_header("Content-Type", "image/jpeg")
                self.send_header("Content-Length", str(5_000_000_000))
                self.end_headers()
            elif name == "silent.jpg":
                ending.wait(30)
            elif name == "page.html":
                self.answer(b"<html><img src=x></html>", "text/html")
            elif name == "empty.jpg":
                self.answer(b"", "image/jpeg")
            else:
                content = jpeg(len(name) + sum(name.encode()), name.startswith("badger"))
                self.answer(
                    content[: len(content) // 2] if name == "cut.jpg" else content, "image/jpeg"
                )

        def answer(self, content: bytes, kind: str = "application/json") -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def handle(self):
            with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}/"
    site.api = f"{site.url}w/api.php"
    try:
        yield site
    finally:
        ending.set()
        server.shutdown()
        server.server_close()
        thread.join()
