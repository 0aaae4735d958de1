"""Settings survive a store that gives strings back, and garbage."""

import json
from pathlib import Path

import pytest

from gui.settings import Forgetful, Settings, SettingsFile


def test_a_new_store_gives_the_defaults() -> None:
    settings = Settings(Forgetful())
    assert (settings.theme, settings.motion, settings.hints_seen) == ("system", True, False)


@pytest.mark.parametrize("value", [True, "true", "True"])
def test_a_flag_that_came_back_as_text_is_still_a_flag(value: object) -> None:
    assert Settings(Forgetful(hints_seen=value)).hints_seen is True


@pytest.mark.parametrize("value", ["maybe", None, 3.5, [], b"\xff"])
def test_garbage_counts_as_the_default(value: object) -> None:
    settings = Settings(Forgetful(theme=value, motion=value, hints_seen=value))
    assert (settings.theme, settings.motion, settings.hints_seen) == ("system", True, False)


def test_what_is_set_is_read_back() -> None:
    settings = Settings(Forgetful())
    settings.theme, settings.motion, settings.hints_seen = "light", False, True
    assert (settings.theme, settings.motion, settings.hints_seen) == ("light", False, True)


def test_what_is_set_is_there_at_the_next_start(tmp_path: Path) -> None:
    place = tmp_path / "new" / "settings.json"
    first = Settings(SettingsFile(place))
    first.theme = "light"
    Settings(SettingsFile(place)).motion = False  # another window
    later = Settings(SettingsFile(place))
    assert (later.theme, later.motion, later.hints_seen) == ("light", False, False)
    assert json.loads(place.read_text()) == {"theme": "light", "motion": False}


@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe", b"[" * 100_000, b"[1]", b'{"theme": 3'])
def test_a_settings_file_of_garbage_gives_the_defaults_and_is_written_anew(
    tmp_path: Path, garbage: bytes
) -> None:
    place = tmp_path / "settings.json"
    place.write_bytes(garbage)
    settings = Settings(SettingsFile(place))
    assert (settings.theme, settings.motion, settings.hints_seen) == ("system", True, False)
    settings.theme = "dark"
    assert Settings(SettingsFile(place)).theme == "dark"


def test_settings_that_cannot_be_written_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    settings = Settings(SettingsFile(tmp_path / "settings.json"))
    settings.theme = "dark"
    assert settings.theme == "system"
