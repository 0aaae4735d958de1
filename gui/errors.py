"""The one place where an error becomes a message that a person can act on."""

import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any


def sentence(error: BaseException) -> str:
    """The error in the engine's own words where it has some; never empty."""
    return str(error).strip() or f"Something went wrong ({type(error).__name__})."


def install(say: Callable[[str, str], Any]) -> None:
    """Tell uncaught errors by `say(text, kind)`, and print their traceback for developers.

    Without this, PySide prints an error of a slot and goes on as if nothing had happened.
    """

    def on_error(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        traceback.print_exception(kind, error, trace)
        say(f"That did not work: {sentence(error)} Nothing you made is lost.", "error")

    def on_thread_error(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            on_error(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = on_error
    threading.excepthook = on_thread_error
