"""The process that reads hostile files: a reader and a case a line comes in, an outcome goes out.

It lives on between cases; the one that starts it watches for a crash and for silence.
"""

import json
import os
import sys
import tempfile
import traceback
import warnings
from contextlib import suppress
from pathlib import Path

from tests.test_hostile import guard, naughty
from tests.test_hostile.readers import READERS


def main() -> None:
    warnings.simplefilter("error")
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a reader prints goes with the errors
    place = Path(sys.argv[1])
    watch = guard.Guard(place)
    watch.tidy()
    os.chdir(place / "cwd")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.update(HOME=str(place / "home"), TMPDIR=str(place / "tmp"))
    tempfile.tempdir = str(place / "tmp")
    (place / "in").mkdir()
    guard.limit_memory()
    primed: set[str] = set()
    replies.write('"ready"\n')
    for line in sys.stdin:
        name, case = json.loads(line)
        reader = {**READERS, **naughty.READERS}[name]
        try:
            if name in READERS and name not in primed:  # imports, caches
                primed.add(name)
                with suppress(ValueError):
                    reader.read(reader.lay(place / "in", reader.good_one()))
            path = reader.lay(place / "in", reader.content(case))
        except Exception:
            replies.write(json.dumps(f"BROKEN {traceback.format_exc()}") + "\n")
            break
        replies.write(json.dumps(watch.run(reader.read, path, reader.named)) + "\n")
    replies.close()


if __name__ == "__main__":
    main()
