"""A real HTTP server on this machine's loopback that misbehaves as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Files by name, and how they are served. `requests` collects (name, Range header or None)."""

    files: dict[str, bytes] = field(default_factory=dict)
    ranges: bool = True
    tells_length: bool = True
    breaks: int = 0  # answers that break off in the middle before one goes well
    after: int = 0  # bytes that come before a break
    answers: int = 1_000_000  # after so many requests it has nothing any more
    refusals: int = 0  # answers of 503 before one goes well
    stalls: float = 0.0  # seconds of silence in the middle
    wrong_start: bool = False  # a Content-Range that doesn't fit
    moved_to: str = ""  # where it sends on to
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site; its `url` is set meanwhile."""
    ending = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format, *args):
            pass

        def do_GET(self):
            name = self.path.lstrip("/")
            wanted = self.headers.get("Range")
            site.requests.append((name, wanted))
            if site.moved_to:
                self.send_response(302)
                self.send_header("Location", site.moved_to)
                self.end_headers()
                return
            if site.refusals:
                site.refusals -= 1
                self.send_error(503)
                return
            if name not in site.files or len(site.requests) > site.answers:
                self.send_error(404)
                return
            content = site.files[name]
            whole = len(content)
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            if not site.ranges:
                start = 0
            if start >= whole > 0:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{whole}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = content[start:]
            self.send_response(206 if start else 200)
            if start:
                told = 0 if site.wrong_start else start
                self.send_header("Content-Range", f"bytes {told}-{whole - 1}/{whole}")
            if site.tells_length:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if site.breaks:
                site.breaks -= 1
                self.wfile.write(content[: site.after])
                self.close_connection = True
                return
            if site.stalls:
                self.wfile.write(content[: site.after])
                self.wfile.flush()
                ending.wait(site.stalls)
                content = content[site.after :]
            self.wfile.write(content)

        def handle(self):
            # A client that has heard enough hangs up.
            with suppress(BrokenPipeError, ConnectionResetError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield site
    finally:
        ending.set()
        server.shutdown()
        server.server_close()
        thread.join()
