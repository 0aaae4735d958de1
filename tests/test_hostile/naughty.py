"""Readers that do what none may do: so that the watch over the others is known to be awake."""

import ast
import faulthandler
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.test_hostile.reader import Reader


def _spin(path: Path) -> None:
    end = time.process_time() + 2.5
    while time.process_time() < end:
        pass


def _thread(path: Path) -> None:
    worker = threading.Thread(target=lambda: (path.parents[1] / "tmp" / "x").write_text("x"))
    worker.start()
    worker.join()


def _swallowed(path: Path) -> None:
    try:
        subprocess.run(["true"], check=False)
    except Exception:
        raise ValueError(f"{path.name}: no good") from None


def _raise(error: Exception) -> Callable[[Path], Any]:
    def read(path: Path) -> None:
        raise error

    return read


DEEDS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "writes": (lambda path: Path("evil.txt").write_text("x"), "opened .*evil.txt for writing"),
    "writes-beside": (lambda path: (path.parent / "x").write_text("x"), "for writing"),
    "writes-in-a-thread": (_thread, "for writing"),
    "removes": (lambda path: path.unlink(), "ran os.remove"),
    "looks-elsewhere": (lambda path: Path("/etc/passwd").read_text(), "opened /etc/passwd"),
    "evaluates": (lambda path: eval("1 + 1"), "ran compile"),
    "runs-a-shell": (lambda path: os.system("true"), "ran os.system"),
    "runs-quietly": (_swallowed, "ran subprocess.Popen"),
    "unpickles": (lambda path: pickle.loads(b"cos\ngetcwd\n)R."), "ran pickle.find_class"),
    "calls-home": (lambda path: socket.create_connection(("127.0.0.1", 9)), "ran socket"),
    "spins": (_spin, r"took [2-9].* s|silent"),
    "fills-memory": (lambda path: bytearray(600_000_000), "took 6.. MB"),
    "overfills-memory": (lambda path: bytearray(1 << 40), "MemoryError"),
    "another-error": (_raise(KeyError("a")), "KeyError"),
    "half-an-error": (lambda path: b"\xff".decode(), "UnicodeDecodeError"),
    "no-name": (_raise(ValueError("the file is broken, choose another")), "no file named"),
    "no-sentence": (_raise(ValueError("hostile.bin: " + "x" * 9000)), "no sentence"),
    "two-lines": (_raise(ValueError("hostile.bin: this\nand that")), "no sentence"),
    "jargon": (_raise(ValueError("hostile.bin: expected <class 'int'>")), "the word"),
    "recursion": (_raise(RecursionError("maximum depth")), "RecursionError"),
    "dies": (lambda path: faulthandler._sigsegv(), "the process ended with -11"),
    "sleeps": (lambda path: time.sleep(60), "silent for"),
}
"""By name: what is done, and what the finding says."""

HARMLESS: dict[str, Callable[[Path], Any]] = {
    "reads": lambda path: path.read_bytes(),
    "refuses": _raise(ValueError("hostile.bin: is broken, choose another")),
    "is-missing": lambda path: (path.parent / "nothing").read_bytes(),
    "reads-a-literal": lambda path: ast.literal_eval("{'a': (1, 2)}"),
    "prints": lambda path: sys.stdout.write("hello\n"),
}

READERS = {
    name: Reader(read, lambda rng: b"content")
    for name, read in {**{n: d for n, (d, _) in DEEDS.items()}, **HARMLESS}.items()
}
