"""Ask before Qt aborts: are the system's libraries and a screen there?

Qt ends the process where a library of its X11 plugin is missing, with a text for developers.
These checks are made first, and say in one sentence what to install. Qt-free: no PySide6 here.
"""

import ctypes
import os
import re
import sys
from collections.abc import Iterable, Mapping

# Library file and the Debian package that holds it.
ALWAYS = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
FOR_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def problem(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """Why no window can be opened, as a sentence that says what to do; empty when one can."""
    if not platform.startswith("linux"):
        return ""
    if lacking := missing(ALWAYS):
        return _install(lacking)
    wanted = environment.get("QT_QPA_PLATFORM", "")
    if wanted and not wanted.startswith("xcb"):
        return ""
    if environment.get("WAYLAND_DISPLAY") and not wanted:
        return ""
    if not environment.get("DISPLAY"):
        return (
            "Brightwire found no screen to open its window on: start it from a desktop, or make "
            "a picture of it with: brightwire --screenshot FILE"
        )
    if lacking := missing(FOR_X11):
        return _install(lacking)
    if not _answers(environment["DISPLAY"]):
        return (
            f"The screen {environment['DISPLAY']} does not answer: check the variable DISPLAY, or "
            "make a picture of the window with: brightwire --screenshot FILE"
        )
    return ""


def missing(libraries: Mapping[str, str]) -> list[str]:
    """The Debian packages of those libraries that cannot be loaded."""
    return [package for library, package in libraries.items() if not _loads(library)]


def explain(error: ImportError) -> str:
    """An import error of PySide6 as a sentence that says what to install."""
    found = re.search(r"(lib[\w.+-]+\.so[.\d]*)", str(error))
    if found:
        library = found.group(1)
        package = {**ALWAYS, **FOR_X11}.get(library)
        return _install([package]) if package else f"Brightwire needs the library {library}."
    return "Brightwire needs PySide6: install it with  pip install brightwire"


def _install(packages: Iterable[str]) -> str:
    names = " ".join(packages)
    return f"Brightwire needs libraries of the system: sudo apt-get install {names}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _answers(display: str) -> bool:
    """True when an X server answers at `display`."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt brings its own way to say so
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    answers = not xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return bool(answers)
