"""Settings survive a store that gives strings back, and garbage."""

import pytest

from gui.settings import Forgetful, Settings


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
