"""Start the app: read the command line, check the system, build the window, run."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a second thread only costs at these sizes

from gui import system_check

if TYPE_CHECKING:
    from gui.main_window import MainWindow

WORKSPACES = ("sketch", "photo", "images", "points")
DESCRIPTION = "Draw a character, click Train, and watch a neural network learn."


def main(argv: Sequence[str] | None = None) -> int:
    """The command `brightwire`; returns the process's exit code."""
    words = list(sys.argv if argv is None else ["brightwire", *argv])
    options = _parser().parse_args(words[1:])
    if options.screenshot:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    if problem := system_check.problem():
        print(problem, file=sys.stderr)
        return 1
    try:
        from PySide6.QtWidgets import QApplication  # needs the libraries
    except ImportError as error:
        print(system_check.explain(error), file=sys.stderr)
        return 1
    if options.screenshot:
        from gui import screenshot

        return screenshot.take(options)
    window = build(words)
    window.show()
    code = QApplication.exec()
    window.end()  # if the system ended the app: what was kept is offered at the next start
    return code


def build(argv: Sequence[str] = ("brightwire",)) -> "MainWindow":
    """The window, not yet shown, in an application that is made if there is none.

    `argv` is as in `sys.argv`, the program's name first.
    """
    from PySide6.QtWidgets import QApplication

    options = _parser().parse_args(list(argv)[1:])
    app = QApplication.instance() or QApplication(list(argv)[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Brightwire")
    app.setOrganizationName("Brightwire")
    app.setDesktopFileName("brightwire")

    from gui import errors, motion, theme
    from gui.main_window import MainWindow
    from gui.settings import Settings, SettingsFile
    from nn.data.download import data_folder

    settings = Settings(SettingsFile(data_folder() / "settings.json"))
    theme.apply(app, options.theme or settings.theme)
    motion.enable(settings.motion)
    window = MainWindow(settings)
    errors.install(window.say)
    window.document.keep_in(data_folder() / "recovery")
    if options.file is not None:
        window.keeper.open_file(options.file)
    return window


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="brightwire", description=DESCRIPTION)
    parser.add_argument("file", nargs="?", type=Path, help="a session file (.brightwire) to open")
    parser.add_argument(
        "--theme", choices=("dark", "light", "system"), help="look for this start; else as set"
    )
    picture = parser.add_argument_group("a picture of the window, without a screen")
    picture.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="train a little, write a PNG, and end"
    )
    picture.add_argument("--size", default="1280x800", help="width x height (default 1280x800)")
    picture.add_argument("--scale", type=float, default=1.0, help="device pixel ratio (default 1)")
    picture.add_argument(
        "--workspace", choices=WORKSPACES, default="sketch", help="which to show (default sketch)"
    )
    picture.add_argument("--page", default="", help="page of that workspace, by its title")
    picture.add_argument(
        "--seconds", type=float, default=5.0, help="of training in another workspace (default 5)"
    )
    picture.add_argument(
        "--model", choices=("sketch", "sketch-cnn"), default="sketch", help="for Sketch"
    )
    picture.add_argument(
        "--lessons", type=int, default=10, help="drawings per class before it (default 10)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
