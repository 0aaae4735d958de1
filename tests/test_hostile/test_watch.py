"""The watch over the readers sees what no reader may do."""

import re
import sys

import pytest

from tests.test_hostile import pool
from tests.test_hostile.naughty import DEEDS, HARMLESS

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="memory is measured by Linux's /proc"
)


def test_whatever_a_reader_does_that_it_may_not_is_found() -> None:
    report = pool.run([(name, 1) for name in (*DEEDS, *HARMLESS)], patience=5)
    found = {finding.reader: finding.what for finding in report.findings}
    assert set(found) == set(DEEDS)
    for name, (_, said) in DEEDS.items():
        assert re.search(said, found[name]), f"{name}: {found[name]}"


def test_a_finding_names_the_command_that_repeats_it() -> None:
    (finding,) = pool.run([("evaluates", 7)]).findings
    assert str(finding).endswith("python -m tests.test_hostile evaluates 7")
