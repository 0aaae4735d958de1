"""Every reader given hostile files: it loads them, or refuses them in one sentence.

The small corpus is always the same; `-m long` reads new files by chance for
BRIGHTWIRE_FUZZ_MINUTES a reader (1 by default), from the seed BRIGHTWIRE_FUZZ_SEED on.
A finding names the command that repeats it.
"""

import os
import sys
import time
from collections.abc import Iterator

import pytest

from tests.test_hostile import pool
from tests.test_hostile.readers import READERS

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="memory is measured by Linux's /proc"
)

FEW = 12
"""Seeds of each reader in the small corpus."""
HEAVY = frozenset(
    """
    batchnorms blank bomb bytes categories cells columns copies data data-marks data-spaces dicts
    doubles drawings endless entries escapes ico-many keys labels-array large largest late-zero
    layers letters liar lines lines-of-strokes lists lists-in-lists many many-zeros names numbers
    objects one-line open operations overlap part-lists part-text points profile quote quotes rows
    shorts spaces strokes surrogates tags text texts too-large wide zeros
    """.split()  # noqa: SIM905
)
"""Bad files that take a good part of a second: read in the long run alone."""


def small_corpus() -> Iterator[tuple[str, pool.Case]]:
    for name, reader in READERS.items():
        if name == "workspaces":  # take a while to begin; their own tests spoil files, too
            continue
        quick = [case for case in reader.bad if case not in HEAVY]
        yield from ((name, case) for case in (*quick, *range(FEW)))


def test_the_small_corpus_of_hostile_files_harms_nobody() -> None:
    report = pool.run(small_corpus())
    assert not report.findings, "\n".join(map(str, report.findings))
    for name, counts in report.counts.items():
        assert counts["refused"] or name in NEVER_REFUSE, f"{name} refuses nothing"


NEVER_REFUSE = ("settings", "html", "network-text-typed", "folder")
"""These leave out what they don't understand, or tell it without an error."""


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_hostile_files_by_chance_harm_nobody(name: str) -> None:
    end = time.monotonic() + 60 * float(os.environ.get("BRIGHTWIRE_FUZZ_MINUTES", "1"))
    seed = int(os.environ.get("BRIGHTWIRE_FUZZ_SEED", "1000"))
    reader = READERS[name]
    report = pool.run((name, case) for case in (*reader.bad, *reader.large))
    findings = report.findings
    while time.monotonic() < end and not findings:
        findings = pool.run((name, case) for case in range(seed, seed + 500)).findings
        seed += 500
    assert not findings, "\n".join(map(str, findings))
