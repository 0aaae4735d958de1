"""The shell command ``beard-or-badger PHOTO...``: one line a photo, ``FILE: beard 93 %``."""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

PROGRAM = "beard-or-badger"

# One BLAS thread is the fastest at these sizes; it must be said before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer about all photos and return the exit code: 0, or 1 if some could not be read."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(_parser().parse_args(arguments))
    except SystemExit as stop:  # argparse: --help, or a wrong command line
        return int(stop.code or 0)
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Tell for each photo whether it shows a beard or a badger. A photo that can't "
        "be read gets a line of its own on stderr, and the exit code is 1 in the end.",
        allow_abbrev=False,
    )
    parser.add_argument("photos", nargs="+", metavar="PHOTO", help="a picture file")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print a list of objects: file, label, probabilities; or file, error",
    )
    parser.add_argument("--model", metavar="FILE", help="another network than the one shipped")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    from nn.photo_model import PhotoModel

    try:
        model = PhotoModel.load(arguments.model)
    except (ValueError, OSError) as problem:
        print(f"{PROGRAM}: {_sentence(problem)}", file=sys.stderr)
        return 1
    found: list[dict[str, Any]] = []
    failed = False
    for photo in arguments.photos:
        try:
            x = model.read(photo, name=photo)
        except (ValueError, OSError) as problem:
            failed = True
            # What went wrong without the name, which stands before it.
            reason = _sentence(problem).removeprefix(f"{photo}: ")
            found.append({"file": photo, "error": reason})
            if not arguments.json:
                print(_printable(f"{photo}: {reason}"), file=sys.stderr, flush=True)
            continue
        answer = model.answer(x)
        found.append({"file": photo, "label": answer.label, "probabilities": answer.probabilities})
        if not arguments.json:
            sure = 100 * answer.probabilities[answer.label]
            print(_printable(f"{photo}: {answer.label} {sure:.0f} %"), flush=True)
            warning = model.unlike_both(x)
            if warning:
                print(_printable(f"{photo}: {warning}"), file=sys.stderr, flush=True)
    if arguments.json:
        print(json.dumps(found, indent=1))
    return int(failed)


def _sentence(problem: Exception) -> str:
    """Return one line for an error, without the file's name where the system said it."""
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    return " ".join(str(problem).split())


def _printable(line: str) -> str:
    """Return a line that any terminal can take: odd bytes and control characters escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


if __name__ == "__main__":
    raise SystemExit(main())
