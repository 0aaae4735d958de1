"""The app is killed at any moment, and what was done in it is still there.

The real window in a process of its own, on a real X screen where there is one. Somebody draws,
labels, trains, deletes, saves and visits other workspaces in it; then SIGKILL ends the process, at
a random moment or right when something is being written; then the next one brings back what was
lost, and is killed in its turn.
"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.keeping.document import INTERVAL
from nn.formats import archive
from tests.lives import MOMENTS, PATIENCE, Life, Moment, after_a_while, check, check_saved, left
from tests.screen import open_screen
from tests.told import Told, told

SHORT = 2_000  # milliseconds between two autosaves, so that many are seen
SLACK = 5.0  # seconds to take, to write and to be killed; with the interval, half a minute


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A screen: X where Xvfb is installed, else none at all."""
    own = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    if not shutil.which("Xvfb"):
        yield own
        return
    with open_screen(tmp_path) as screen:
        yield {**screen.environment, **own, "QT_QPA_PLATFORM": "xcb"}


class Chain:
    """One life after the other in the same folder; each brings back what the last one lost."""

    def __init__(self, folder: Path, environment: dict[str, str], seed: int) -> None:
        self.folder, self.environment = folder, environment
        self.chance = random.Random(seed)
        self.lost: dict[str, Told] = {}  # by slot, newest first
        self.file: Path | None = None  # to be opened when nothing was lost
        self.worst: dict[tuple[int, str], float] = {}  # seconds, by interval and kind
        self.kills: Counter[str] = Counter()  # by moment
        self.found: Counter[str] = Counter()
        folder.mkdir()

    def one(self, interval: int, moment: Moment | None = None) -> None:
        """Begin a life, end it at a moment, and look what is left."""
        life = self._begin(interval, None if self.lost else self.file)
        self._look_at([self._end(life, moment)], interval)

    def two(self, interval: int) -> None:
        """The same with two at once; the first brings back what was lost."""
        lives = []
        for file in (None if self.lost else self.file, None):
            lives.append(self._begin(interval, file))
            lives[-1].until(lambda: lives[-1].told("lost"), PATIENCE)
        self._look_at([self._end(life) for life in lives], interval)

    def _begin(self, interval: int, file: Path | None) -> Life:
        return Life(self.folder, interval, self.chance.randrange(1 << 30), self.environment, file)

    def _end(self, life: Life, moment: Moment | None = None) -> Life:
        moment = moment or self.chance.choice(MOMENTS)
        moment(life, self.folder, self.chance)
        errors = life.kill()
        assert "Traceback" not in errors, errors
        assert not life.told("problem"), life.told("problem")
        self.kills[moment.__name__.replace("_", " ")] += 1
        return life

    def _look_at(self, lives: list[Life], interval: int) -> None:
        before, self.lost = self.lost, left(self.folder)
        worked = [bool(life.told("back")) for life in lives]
        most = sum(worked) + (0 if all(worked) else len(before))
        assert len(self.lost) <= most, f"{len(lives)} left {len(self.lost)} sessions"
        self.file = None
        for life in lives:
            self._look_at_one(life, before, interval)

    def _look_at_one(self, life: Life, before: dict[str, Told], interval: int) -> None:
        check_saved(life)
        offered = [name for line in life.told("lost") for name in line["lost"]]
        file = life.saved
        was = before[offered[0]] if offered else _inside(life.file)
        back = life.told("back")
        slot = back[0]["slot"] if back else next(iter(before), "")
        now = self.lost.get(slot, _inside(file))
        if not back:  # nothing but a start
            was = next(iter(before.values()), None) or was
        if not self.lost:
            self.file = file
        losses = check(life, was, now)
        most = interval / 1000 + SLACK + life.longest_pause
        assert max(losses.values(), default=0.0) < most, (losses, life.killed, life.lines[-20:])
        for kind, seconds in losses.items():
            known = self.worst.get((interval, kind), 0.0)
            self.worst[interval, kind] = max(known, round(seconds, 2))
        self.found["in a slot" if slot in self.lost else "in its file" if file else "empty"] += 1


def _inside(file: Path | None) -> Told | None:
    return None if file is None else told(archive.read(file).parts)


def test_nothing_is_lost_when_the_app_is_killed_again_and_again(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    chain = Chain(tmp_path / "work", environment, seed=7)
    for _ in range(3):
        chain.one(interval=SHORT)
    chain.two(interval=SHORT)


@pytest.mark.long
def test_nothing_is_lost_at_200_random_moments(
    tmp_path: Path, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    chain = Chain(tmp_path / "work", environment, seed=random.randrange(1 << 30))
    while chain.kills.total() < 200:
        turn = chain.kills.total() % 40
        if turn == 20:
            chain.one(INTERVAL, after_a_while)
        elif turn % 10 == 5:
            chain.two(SHORT)
        else:
            chain.one(SHORT)
        with capsys.disabled():
            print(chain.kills.total(), dict(chain.kills), dict(chain.found), chain.worst)
