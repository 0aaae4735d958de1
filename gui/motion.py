"""Whether things may move: one switch, set from the settings, asked by every animation."""

LONGEST = 200  # milliseconds

_enabled = True


def enabled() -> bool:
    """True when animations may run."""
    return _enabled


def enable(on: bool) -> None:
    """Turn all animation on or off."""
    global _enabled
    _enabled = on
