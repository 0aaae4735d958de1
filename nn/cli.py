"""The engine's command line, `python -m nn`.

A command is a module with two functions:

    add_arguments(parser)      declares its arguments
    run(arguments) -> int      does the work, prints to stdout, returns the exit code

To add one, add a line to COMMANDS. A command's module is imported only when it is asked for.

Exit codes: 0 done, 1 the work failed (a bad file, say), 2 the command line was wrong, 130 stopped
by Ctrl-C. A failure is one sentence on stderr.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

PROGRAM = "python -m nn"


@dataclass(frozen=True)
class Command:
    """A command: the words that call it, the module that does it, one line of help."""

    words: str
    module: str
    help: str


COMMANDS = (
    Command("train", "nn.commands.train", "train a network on a data set"),
    Command(
        "train beard-or-badger", "nn.commands.photo_weights", "make the photo weights that ship"
    ),
    Command("evaluate", "nn.commands.evaluate", "test a saved network on a data set"),
    Command("predict", "nn.commands.predict", "tell what a saved network sees in pictures"),
    Command("summary", "nn.commands.summary", "show a network's layers, sizes and costs"),
    Command("convert", "nn.commands.convert", "write a network in another format"),
    Command("bench", "nn.bench.engine", "measure the engine: time of one training step"),
    Command("bench mnist", "nn.bench.mnist_epoch", "measure one epoch of MNIST"),
    Command("bench costs", "nn.bench.costs", "measure start, memory, and how time grows"),
    Command("bench photos", "nn.bench.photos", "ask about real photos of badgers and beards"),
    Command("bench sketch", "nn.bench.lesson", "repeat the app's lesson on real pen drawings"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default that of sys.argv) and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        command, rest = _find(given)
        module = importlib.import_module(command.module)
        parser = _Parser(
            prog=f"{PROGRAM} {command.words}",
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.add_arguments(parser)
        return int(module.run(parser.parse_args(rest)))
    except SystemExit as stop:  # argparse: --help, or a wrong command line
        return int(stop.code or 0)
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        _say(f"{where}{problem.strerror or problem}")
        return 1
    except (ValueError, ImportError) as problem:
        _say(str(problem))
        return 1
    except KeyboardInterrupt:
        _say("stopped")
        return 130


class _Parser(argparse.ArgumentParser):
    """Answers a wrong command line with one line, where argparse prints its usage as well."""

    def error(self, message: str) -> NoReturn:
        _say(f"{message} (see {self.prog} --help)")
        raise SystemExit(2)


def _find(given: list[str]) -> tuple[Command, list[str]]:
    """Return the command with the most words that `given` begins with, and what is left."""
    for command in sorted(COMMANDS, key=lambda known: -len(known.words.split())):
        words = command.words.split()
        if given[: len(words)] == words:
            return command, given[len(words) :]
    width = max(len(command.words) for command in COMMANDS)
    parser = _Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} COMMAND [options]",
        description="The engine of Brightwire, without a window.",
        epilog="commands:\n"
        + "".join(f"  {command.words:{width}}  {command.help}\n" for command in COMMANDS)
        + f"\n{PROGRAM} COMMAND --help tells a command's options.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("command", metavar="COMMAND", help="one of the commands below")
    if given and not given[0].startswith("-"):
        parser.error(
            f"unknown command {given[0]!r}, expected one of: "
            + ", ".join(command.words for command in COMMANDS)
        )
    parser.parse_args(given[:1])
    raise AssertionError("argparse has answered")


def _say(sentence: str) -> None:
    print(f"{PROGRAM}: {' '.join(sentence.split())}", file=sys.stderr)
