"""Repeats one case, or runs many: `python -m tests.test_hostile READER [CASE … | --seconds N]`."""

import argparse
import sys
import time
from itertools import islice

from tests.test_hostile import pool
from tests.test_hostile.readers import READERS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.test_hostile", description=__doc__)
    parser.add_argument("reader", help="one of " + ", ".join(READERS) + ", or all")
    parser.add_argument("cases", nargs="*", help="seeds, or names of bad files")
    parser.add_argument("--count", type=int, default=0, help="this many seeds, and all bad files")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--sentences", action="store_true", help="print what was said")
    found = parser.parse_args()
    for name in READERS if found.reader == "all" else [found.reader]:
        reader = READERS[name]
        cases: list[pool.Case] = [int(c) if c.isdigit() else c for c in found.cases]
        if not cases:
            seeds = range(found.first, found.first + found.count)
            cases = [*reader.bad, *reader.large, *seeds]
        began = time.monotonic()
        report = pool.run((name, case) for case in cases)
        counts = ", ".join(f"{n:,} {what}" for what, n in sorted(report.counts[name].items()))
        print(
            f"{name}: {len(cases):,} cases in {time.monotonic() - began:.0f} s: {counts}",
            flush=True,
        )
        for finding in islice(report.findings, 30):
            print(f"  {finding}", flush=True)
        if found.sentences:
            for sentence in sorted(report.sentences[name]):
                print(f"    {sentence}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
