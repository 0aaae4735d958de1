"""Lives of the app that end by SIGKILL, and whether what was done in them is still there.

A `Life` is a process of `tests.one_life`. `ended` looks at the files as they are after it was
killed, and compares them with what it told until then.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from gui.keeping.slot import find
from nn.formats import archive
from tests.told import Told, told

PATIENCE = 60.0  # seconds for the app to start on a busy machine


class Life:
    """A process that works in `folder`, and the lines that it told."""

    def __init__(
        self, folder: Path, interval: int, seed: int, environment: dict[str, str], file: Path | None
    ) -> None:
        words = [sys.executable, "-m", "tests.one_life", str(folder)]
        words += ["--interval", str(interval), "--seed", str(seed)]
        if file is not None:
            words += ["--file", str(file)]
        self.file = file
        self.killed = 0.0
        self.lines: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):
                self.lines.append(json.loads(line))

    def until(self, true: Callable[[], object], seconds: float) -> None:
        """Wait until something is so, or so long, or until the process ends by itself."""
        end = time.monotonic() + seconds
        while not true() and time.monotonic() < end and self._process.poll() is None:
            time.sleep(0.0003)

    def told(self, what: str) -> list[dict[str, Any]]:
        return [line for line in list(self.lines) if what in line]

    @property
    def looks(self) -> list[tuple[float, Told]]:
        """When somebody looked, and what there was."""
        lines = list(self.lines)
        return [(li["at"], li[w]) for li in lines for w in ("back", "now") if w in li]

    @property
    def longest_pause(self) -> float:
        """Seconds in which the window told nothing: a busy machine held it up itself."""
        times = [line["at"] for line in list(self.lines)] + [self.killed]
        return max((b - a for a, b in pairwise(times)), default=0.0)

    @property
    def saved(self) -> Path | None:
        """The file that it saved last, or else opened."""
        paths = [Path(line["saved"]) for line in self.told("saved")]
        return paths[-1] if paths else self.file

    def kill(self) -> str:
        """End it, as the system would; what it printed as errors."""
        self.killed = time.monotonic()
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stderr is not None
        errors = self._process.stderr.read()
        self._process.stdout.close()  # type: ignore[union-attr]
        self._process.stderr.close()
        return errors


# -- moments ---------------------------------------------------------------------------------


def at_random(life: Life, folder: Path, chance: random.Random) -> None:
    """At any time, that of the start and of the offer included."""
    life.until(lambda: False, chance.uniform(0.3, 6.0))


def after_train(life: Life, folder: Path, chance: random.Random) -> None:
    """When a drawing was just written down, and is trained on."""
    _at_work(life, chance)
    seen = len(life.told("trains"))
    life.until(lambda: len(life.told("trains")) > seen, 5.0)
    time.sleep(chance.uniform(0, 0.004))


def while_saving(life: Life, folder: Path, chance: random.Random) -> None:
    """Between Save and the sentence that it is saved."""
    _at_work(life, chance)
    seen = len(life.told("saves"))
    life.until(lambda: len(life.told("saves")) > seen, 8.0)
    time.sleep(chance.uniform(0, 0.05))


def while_writing(life: Life, folder: Path, chance: random.Random) -> None:
    """While a new file stands beside an old one, or just after."""
    _at_work(life, chance)
    life.until(lambda: any(folder.glob("**/.*.part")), 8.0)
    time.sleep(chance.choice([0, 0, chance.uniform(0, 0.01)]))


def after_a_while(life: Life, folder: Path, chance: random.Random) -> None:
    """When an autosave or two of the product's own interval have been."""
    life.until(lambda: False, chance.uniform(20.0, 50.0))


def _at_work(life: Life, chance: random.Random) -> None:
    life.until(lambda: life.told("back"), PATIENCE)
    life.until(lambda: False, chance.uniform(0.0, 3.0))


MOMENTS = (at_random, after_train, while_saving, while_writing)


Moment = Callable[[Life, Path, random.Random], None]
MOMENTS: tuple[Moment, ...] = (at_random, after_train, while_saving, while_writing)


# -- what is left ----------------------------------------------------------------------------


def left(folder: Path) -> dict[str, Told]:
    """What the app finds lost in that folder, newest first; every file in it must be whole."""
    for path in folder.glob("**/*.brightwire"):
        archive.read(path)
    found = find(folder / "recovery")
    for one in found:
        assert not one.problem, one.problem
        one.slot.leave()
    return {one.slot.name: told(one.parts, one.drawings) for one in found}


def check(life: Life, before: Told | None, now: Told | None) -> dict[str, float]:
    """Compare what a life told with what there is now; the seconds of work that are gone, by kind.

    `before` is what it should have brought back; None for an empty session, before and now.
    """
    if not life.looks:  # it never came to work: what was there is still there
        assert now == before, f"a start changed what was lost: {before} became {now}"
        return {}
    (_, begun), *_ = life.looks
    if before is not None:
        assert {kind: begun[kind] for kind in before} == before, "it did not come back as it was"
    assert life.told("back")[0]["thumbnails"] == len(begun["samples"])
    now = begun if now is None else begun | now
    _check_drawings(life, now["samples"])
    kinds = "classes", "drawing", "points", "steps"
    return {"deleted": _late(life, now["samples"]), **{k: _loss(life, k, now[k]) for k in kinds}}


def _check_drawings(life: Life, found: dict[str, str]) -> None:
    """Each drawing that was trained on, and not deleted, is there as it was."""
    kept: dict[str, str | None] = {str(line["trains"]): None for line in life.told("trains")}
    for _, look in life.looks:
        kept |= look["samples"]
    for line in life.told("deletes"):
        kept.pop(str(line["deletes"]), None)
    for key, strokes in kept.items():
        assert key in found, f"drawing {key} was trained on and is gone"
        assert strokes in (None, found[key]), f"drawing {key} came back as another"


def _late(life: Life, found: dict[str, str]) -> float:
    """Seconds since the first drawing was deleted that is there again."""
    _, last = life.looks[-1]
    back = [line for line in life.told("deletes") if str(line["deletes"]) in found]
    since = [line["at"] for line in back if str(line["deletes"]) not in last["samples"]]
    return life.killed - min(since, default=life.killed)


def _loss(life: Life, kind: str, value: Any) -> float:
    """Seconds from the first change of this kind that is gone to the end."""
    held = [
        place
        for place, (_, look) in enumerate(life.looks)
        if (look[kind] <= value if kind == "steps" else look[kind] == value)
    ]
    assert held, f"{kind} is {value}, which it never was"
    gone = [at for at, _ in life.looks[held[-1] + 1 :]]
    return life.killed - min(gone, default=life.killed)


def check_saved(life: Life) -> None:
    """Each file that is said to be saved holds what there was then, or later."""
    for path in {line["saved"] for line in life.told("saved")}:
        done = max(line["at"] for line in life.told("saved") if line["saved"] == path)
        asked = [line["at"] for line in life.told("saves") if line["saves"] == path]
        begun = max(at for at in asked if at < done)
        before = [look for at, look in life.looks if at < begun]
        since = [before[-1], *(look for at, look in life.looks if at >= begun)]
        held = told(archive.read(Path(path)).parts)
        for kind in ("samples", "classes", "drawing", "points"):
            assert any(look[kind] == held[kind] for look in since), f"{path}: other {kind}"
