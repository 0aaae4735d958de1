"""What the app says where Qt would abort."""

import os
import subprocess
import sys

import pytest

from gui import system_check


def test_no_screen_is_said_with_a_way_out() -> None:
    said = system_check.problem({}, "linux")
    assert "no screen" in said
    assert "--screenshot" in said


def test_an_offscreen_platform_needs_no_screen() -> None:
    assert system_check.problem({"QT_QPA_PLATFORM": "offscreen"}, "linux") == ""


def test_a_screen_that_does_not_answer_is_said() -> None:
    assert "does not answer" in system_check.problem({"DISPLAY": ":987"}, "linux")


def test_other_systems_bring_their_own_libraries() -> None:
    assert system_check.problem({}, "darwin") == ""


def test_a_missing_library_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(system_check.ALWAYS, "libnotthere.so.7", "libnotthere7")
    said = system_check.problem({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert said == "Brightwire needs libraries of the system: sudo apt-get install libnotthere7"


def test_an_import_error_of_qt_names_the_package() -> None:
    error = ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
    assert system_check.explain(error).endswith("apt-get install libegl1")


def test_the_app_ends_with_a_sentence_instead_of_an_abort_where_there_is_no_screen() -> None:
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "gui"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "no screen" in done.stderr
    assert "Traceback" not in done.stderr
