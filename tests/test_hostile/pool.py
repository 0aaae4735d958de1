"""Runs cases in child processes that live on between them, and watches for the dead and hung."""

import json
import os
import queue
import select
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

Case = int | str
"""A seed, or the name of one of the reader's own bad files."""

PATIENCE = 30.0
"""Seconds without an answer after which a child counts as hung."""
_ROOT = Path(__file__).parents[2]


class Finding(NamedTuple):
    reader: str
    case: Case
    what: str

    def __str__(self) -> str:
        return f"{self.what}\n    python -m tests.test_hostile {self.reader} {self.case}"


class Report(NamedTuple):
    """How many cases of each reader loaded and were refused, the findings, some sentences."""

    counts: dict[str, Counter[str]]
    findings: list[Finding]
    sentences: dict[str, set[str]]


def run(cases: Iterable[tuple[str, Case]], workers: int = 2, patience: float = PATIENCE) -> Report:
    """Run every case and tell what happened."""
    waiting: queue.SimpleQueue[tuple[str, Case]] = queue.SimpleQueue()
    report = Report({}, [], {})
    for reader, case in cases:
        report.counts.setdefault(reader, Counter())
        report.sentences.setdefault(reader, set())
        waiting.put((reader, case))
    threads = [
        threading.Thread(target=_work, args=(waiting, report, patience)) for _ in range(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return report


def _work(waiting: "queue.SimpleQueue[tuple[str, Case]]", report: Report, patience: float) -> None:
    child: _Child | None = None
    while True:
        try:
            reader, case = waiting.get_nowait()
        except queue.Empty:
            break
        child = child or _Child(patience)
        outcome = child.ask(reader, case)
        if outcome is None:
            report.findings.append(Finding(reader, case, f"{reader}: {child.end()}"))
            report.counts[reader]["found"] += 1
            child = None
        elif outcome.startswith("BROKEN"):  # the case could not be made: a mistake of ours
            report.findings.append(Finding(reader, case, outcome))
            break
        elif outcome.startswith("FOUND"):
            report.findings.append(Finding(reader, case, f"{reader}: {outcome[6:]}"))
            report.counts[reader]["found"] += 1
        else:
            kind, _, sentence = outcome.partition(": ")
            report.counts[reader][kind] += 1
            if sentence:
                report.sentences[reader].add(sentence)
    if child:
        child.end()


class _Child:
    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._silent = False
        self._place = tempfile.TemporaryDirectory(prefix="hostile-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.test_hostile.child", self._place.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin, self._process.stdout
        assert self._from.readline() == '"ready"\n'

    def ask(self, reader: str, case: Case) -> str | None:
        """Return the outcome of a case; None when the child is dead or hung."""
        try:
            self._to.write(json.dumps([reader, case]) + "\n")
            self._to.flush()
        except BrokenPipeError:
            return None
        ready, _, _ = select.select([self._from], [], [], self._patience)
        self._silent = not ready
        line = self._from.readline() if ready else ""
        return str(json.loads(line)) if line else None

    def end(self) -> str:
        """End the process and tell how it was."""
        if self._silent:
            self._process.kill()
        with suppress(BrokenPipeError):
            self._to.close()
        self._from.close()
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._place.cleanup()
        if self._silent:
            return f"silent for {self._patience:g} s"
        return f"the process ended with {code}"
