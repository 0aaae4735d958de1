"""One hostile file in one reader: what it may do, and what it did.

Runs in a child process. A file may load, or be refused in one sentence. Whatever else happens is
told as a finding: another error, a sentence nobody could act on, more than 2 seconds or 512 MB,
something written, opened or run.
"""

import ast
import ctypes
import gc
import os
import re
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 2.0
"""Of the processor's time, so that a busy machine makes no findings."""
MEGABYTES = 512
LONGEST_SENTENCE = 500
ROOM = 1_500_000_000
"""Bytes of address space a reader gets beyond what the process has; then MemoryError."""

JARGON = re.compile(
    r"object at 0x|Traceback|codec|<class|NoneType|\[Errno|recursion|Expecting|unpack requires"
    r"|dtype\(|ndarray|numpy\.|invalid literal|could not convert|broadcast|out of bounds"
    r"|cannot reshape|field limit|netloc|does not appear"
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORBIDDEN = (
    *("os.", "subprocess.", "socket.", "shutil.", "tempfile.", "ctypes.", "urllib.", "webbrowser."),
    *("pickle.find_class", "exec", "compile", "code.__new__", "pty.", "ftplib.", "http.", "mmap."),
)
_HARMLESS = ("os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.putenv", "os.listxattr")
_ROOTS = tuple(
    {os.path.realpath(root) for root in (sys.prefix, sys.base_prefix, Path(__file__).parents[2])}
)
_MEMORY_FILES = ("/proc/", "/sys/", "/dev/null", "/etc/mime.types", "/usr/share/")


class Guard:
    """Watches what the process opens and runs while a reader reads."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.found: list[str] = []
        self.armed = False
        self._libc = ctypes.CDLL(None)
        sys.addaudithook(self._hook)

    def run(self, read: Callable[[Path], Any], path: Path, named: bool) -> str:
        """Return "loads", "refused: …" with the sentence, or "FOUND …"."""
        before = self._listing()
        self.found.clear()
        _lowest_peak()
        began = Clock()
        outcome = self._outcome(read, path, named)
        seconds = began.longest()
        peak = _peak()
        if peak > 200:
            gc.collect()
            self._libc.malloc_trim(0)
        found = list(self.found)
        if seconds > SECONDS:
            found.append(f"took {seconds:.1f} s")
        if peak > MEGABYTES:
            found.append(f"took {peak:.0f} MB")
        if (after := self._listing()) != before:
            found.append(f"left files: {sorted(after ^ before)[:3]}")
            self.tidy()
        if outcome.startswith("FOUND"):
            found.insert(0, outcome.removeprefix("FOUND "))
        return f"FOUND {'; '.join(found)}" if found else outcome

    def tidy(self) -> None:
        for name in ("cwd", "tmp", "home"):
            shutil.rmtree(self.place / name, ignore_errors=True)
            (self.place / name).mkdir(parents=True)

    def _outcome(self, read: Callable[[Path], Any], path: Path, named: bool) -> str:
        self.armed = True
        try:
            read(path)
        except Exception as error:
            self.armed = False
            return judged(error, path, named)
        finally:
            self.armed = False
        return "loads"

    def _listing(self) -> set[str]:
        out = self.place / "in" / "out"  # where what is unpacked may go
        return {str(path) for path in self.place.rglob("*") if out not in path.parents}

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.armed or not (event == "open" or event.startswith(_FORBIDDEN)):
            return
        self.armed = False  # what is looked up below is our own doing
        try:
            what = self._complaint(event, args)
        finally:
            self.armed = True
        if what:
            self.found.append(what)
            raise PermissionError(what)

    def _complaint(self, event: str, args: tuple[Any, ...]) -> str:
        if event == "open":
            return self._opening(*args)
        if event in _HARMLESS:
            return ""
        if event in ("exec", "compile"):
            name = args[0].co_filename if event == "exec" else str(args[1])
            if os.path.realpath(name).startswith(_ROOTS) or name.startswith("<frozen"):
                return ""  # a module of ours or of Python's, imported late
            if _called_from(ast.parse):
                return ""
        return f"ran {event} {str(args)[:80]}"

    def _opening(self, path: Any, mode: Any, flags: int) -> str:
        if isinstance(path, int):
            return ""
        name = os.path.realpath(os.fsdecode(path))
        inside = name.startswith(os.path.realpath(self.place))
        if flags & _WRITING and not name.startswith(os.path.realpath(self.place / "in" / "out")):
            return f"opened {name} for writing"
        if inside or name.startswith((*_ROOTS, *_MEMORY_FILES)):
            return ""
        return f"opened {name}"


class Clock:
    """The longest time without a word: a job that tells how far it is may take its time."""

    latest: "Clock | None" = None

    def __init__(self) -> None:
        Clock.latest = self
        self._most = 0.0
        self._at = time.process_time()

    def tick(self) -> None:
        now = time.process_time()
        self._most = max(self._most, now - self._at)
        self._at = now

    def longest(self) -> float:
        self.tick()
        return self._most


def limit_memory() -> None:
    """Keep a reader that takes all memory from taking the machine's."""
    size = int(re.findall(r"VmSize:\s+(\d+)", Path("/proc/self/status").read_text())[0]) * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size + ROOM, size + ROOM))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def judged(error: Exception, path: Path, named: bool) -> str:
    """Return "refused: …" for an error that a person can act on, else "FOUND …"."""
    kind, text = type(error), str(error)
    ours = kind.__module__.split(".")[0] in ("nn", "gui")
    if isinstance(error, OSError):
        return f"refused: {text}"
    if not (kind is ValueError or (ours and isinstance(error, ValueError))):
        return f"FOUND {kind.__name__}: {text[:200]!r}{_where(error)}"
    text = text.replace(str(path.parent), "…")
    if len(text) > LONGEST_SENTENCE or not text.isprintable() or len(text) < 10:
        return f"FOUND no sentence ({len(text)} letters): {text[:200]!r}"
    if jargon := JARGON.search(re.sub(r"'[^']*'", "…", text)):
        return f"FOUND the word {jargon[0]!r} in {text[:200]!r}"
    if named and path.name not in text:
        return f"FOUND no file named in {text[:200]!r}"
    return f"refused: {text}"


def _where(error: Exception) -> str:
    frame = error.__traceback__
    place = ""
    while frame:
        file = frame.tb_frame.f_code.co_filename
        if "/nn/" in file or "/gui/" in file:
            place = f" at {'/'.join(file.split('/')[-3:])}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place


def _called_from(function: Any) -> bool:
    frame = sys._getframe(1)
    while frame:
        if frame.f_code is function.__code__:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _lowest_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """The most memory since then, in MB."""
    return int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024
