"""Work that takes a while, as a generator of how far it is.

A job is a generator that yields a `Progress` now and then and returns its result. Whoever drives
it, a window's task or a shell's bar, takes what it yields:

    result = yield from job             within another job
    result = finish(job)                to the end, without looking

Closing the generator (`job.close()`) cancels the job; it tidies up behind itself.
"""

from collections.abc import Generator
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes:
        doing: what it is busy with, for people, like "fetching train-images-idx3-ubyte.gz".
        done, total: in `unit`; total is None while it isn't known.
        unit: "bytes" or "pictures".
        seconds_left: an estimate, or None while there is no ground for one.
    """

    doing: str
    done: int
    total: int | None
    unit: str = "bytes"
    seconds_left: float | None = None


Job: TypeAlias = Generator[Progress, None, Result]


def finish(job: "Job[Result]") -> Result:
    """Run a job to its end and return its result."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            result: Result = end.value
            return result


class Clock:
    """Estimates the time left from the pace so far, the last seconds counting most."""

    _MEMORY = 5.0
    """Seconds after which a pace counts for a third."""

    def __init__(self, done: int = 0) -> None:
        self._at, self._done = monotonic(), done
        self._began = self._at
        self._pace = 0.0

    def left(self, done: int, total: int | None) -> float | None:
        """Return the seconds from `done` to `total`, or None for the first half second."""
        now = monotonic()
        passed = now - self._at
        if passed > 0.1:
            # The plain mean at first, a running one after that.
            share = passed / min(self._MEMORY, max(passed, now - self._began))
            share = min(share, 1.0)
            self._pace += share * ((done - self._done) / passed - self._pace)
            self._at, self._done = now, done
        if total is None or self._pace <= 0 or now - self._began < 0.5:
            return None
        return max(0.0, (total - done) / self._pace)
