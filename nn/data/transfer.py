"""Fetching one file over HTTP: going on after breaks, trying mirrors, checking the sum.

The file comes into a `.part`. A break, a cancel or the end of the program leaves it, and the next
try goes on from there (HTTP Range); a server that can't do that sends the whole file again. A
`.part` that was pieced together and turns out wrong is fetched once more in one go.
"""

import gzip
import hashlib
import http.client
import ssl
import urllib.error
import urllib.request
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from email.message import Message
from pathlib import Path
from time import sleep
from typing import IO, Any

from nn.data.sources import RemoteFile

TRIES = 3
"""Breaks in a row, without a byte between them, after which a mirror is given up."""

PAUSE = 0.5
"""Seconds before a mirror is asked again."""

_PIECE = 1 << 16
_SLACK = 1_000_000
"""Bytes by which a mirror's file may be longer than the table says; gzip packs differ."""


class DownloadError(OSError):
    """Something can't be fetched; one sentence with the file and what each mirror answered."""


def transfer(
    file: RemoteFile, part: Path, mirrors: Sequence[str], timeout: float
) -> Generator[int, None, None]:
    """Fetch a file into `part` until its checksum is right; yields how many bytes are there.

    Raises:
        DownloadError: no mirror gave the right file. `part` may be left, to go on from later.
        OSError: `part` can't be written.
    """
    complaints = []
    for mirror in mirrors:
        url = mirror.rstrip("/") + "/" + file.name
        while True:
            pieced = part.exists()
            try:
                yield from _with_patience(url, file, part, timeout)
            except _NoUseError as problem:
                complaints.append(f"{_host(url)} {problem}")
                break
            problem_found = check(file, part)
            if problem_found is None:
                return
            part.unlink()
            if not pieced:
                complaints.append(f"{_host(url)} gave a file that {problem_found}")
                break
    raise DownloadError(f"{file.name} could not be fetched: {'; '.join(complaints)}")


def check(file: RemoteFile, path: Path) -> str | None:
    """Return what is wrong with a fetched file, as the end of a sentence, or None."""
    with path.open("rb") as raw:
        if file.md5 is not None:
            got = hashlib.file_digest(raw, _md5).hexdigest()
            raw.seek(0)
            if got != file.md5:
                return f"has the wrong checksum (expected MD5 {file.md5}, got {got})"
        if file.unpacked_md5 is not None:
            return _check_unpacked(file, raw)
    return None


def _check_unpacked(file: RemoteFile, raw: IO[bytes]) -> str | None:
    digest, size = _md5(), 0
    try:
        with gzip.GzipFile(fileobj=raw) as stream:
            while piece := stream.read(1 << 20):
                size += len(piece)
                if size > file.unpacked_size:
                    return f"unpacks to more than {file.unpacked_size:,} bytes"
                digest.update(piece)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return "is damaged or cut off"
    if digest.hexdigest() != file.unpacked_md5:
        return (
            f"has the wrong checksum (expected MD5 {file.unpacked_md5} of its content, "
            f"got {digest.hexdigest()})"
        )
    return None


def _md5(content: bytes = b"") -> Any:
    # It finds damage, not forgers; a machine that forbids MD5 for secrets allows it for this.
    return hashlib.md5(content, usedforsecurity=False)


# -- one mirror -------------------------------------------------------------------------------


class _BreakError(Exception):
    """The connection broke; going on from where it was may help."""


class _NoUseError(Exception):
    """This mirror won't do; the next one may."""


def _with_patience(url: str, file: RemoteFile, part: Path, timeout: float) -> Iterator[int]:
    """Ask a mirror again after each break, as long as something comes."""
    idle = 0
    while True:
        before = _size(part)
        try:
            yield from _once(url, file, part, timeout)
            return
        except _BreakError as problem:
            idle = 0 if _size(part) > before else idle + 1
            if idle >= TRIES:
                raise _NoUseError(str(problem)) from None
        yield before  # a place where the job can be cancelled
        sleep(PAUSE)


def _once(url: str, file: RemoteFile, part: Path, timeout: float) -> Iterator[int]:
    """Fetch what is missing from `part` over one connection."""
    have = _size(part)
    headers = {"User-Agent": "Brightwire", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        response = _opener().open(urllib.request.Request(url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as answer:
        with closing(answer):
            if answer.code == 416:  # nothing behind what is there: it is whole, or something else
                if answer.headers.get("Content-Range", "").endswith(f"/{have}"):
                    return
                part.unlink(missing_ok=True)
                raise _BreakError("could not go on from where it broke") from None
            wait = answer.code in (408, 429) or answer.code >= 500
            raise (_BreakError if wait else _NoUseError)(
                f"answered {answer.code} {answer.reason}"
            ) from None
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise _explained(problem) from None
    with response:
        start = _start(response.status, response.headers, have)
        if start is None:
            part.unlink(missing_ok=True)
            raise _BreakError("could not go on from where it broke")
        length = response.headers.get("Content-Length", "")
        total = start + int(length) if length.isdecimal() else None
        most = file.size + _SLACK
        with part.open("ab" if start else "wb") as target:
            done = start
            yield done
            while True:
                if max(done, total or 0) > most:
                    part.unlink(missing_ok=True)
                    raise _NoUseError(f"sends more than the {file.size:,} bytes expected")
                try:
                    piece = response.read1(_PIECE)
                except (OSError, http.client.HTTPException, ValueError) as problem:
                    raise _explained(problem) from None
                if not piece:
                    break
                target.write(piece)
                target.flush()
                done += len(piece)
                yield done
    if total is not None and done < total:
        raise _BreakError(f"broke off after {done:,} of {total:,} bytes")


def _start(status: int, headers: Message, have: int) -> int | None:
    """Return the place in the file where an answer begins; None for one that doesn't fit."""
    if status != 206:
        return 0
    if headers.get("Content-Range", "").replace("bytes ", "bytes=").startswith(f"bytes={have}-"):
        return have
    return None


def _explained(problem: Exception) -> Exception:
    """Turn what the network raised into a break, or into no use where asking again is vain."""
    reason = problem.reason if isinstance(problem, urllib.error.URLError) else problem
    if isinstance(reason, TimeoutError):
        return _BreakError("did not answer in time")
    if isinstance(reason, ssl.SSLCertVerificationError):
        return _NoUseError(f"has a certificate that can't be trusted ({reason.verify_message})")
    if isinstance(reason, ConnectionResetError | http.client.HTTPException):
        return _BreakError("broke the connection")
    said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return _NoUseError(f"can't be reached ({said})")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http and https, and never from https to http."""

    def redirect_request(
        self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any
    ) -> Any:
        allowed = ("https://",) if req.full_url.startswith("https://") else ("http://", "https://")
        if not str(newurl).startswith(allowed):
            raise urllib.error.URLError(f"sends on to {str(newurl)[:80]}, which is not safe")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener that knows http and https alone, where urllib's own reads files as well."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener


def _host(url: str) -> str:
    return url.split("/")[2]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
