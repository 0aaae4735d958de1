"""The one thing we must know of our Qt binding."""

import sys

from PySide6.QtGui import QPen


def test_a_thousand_calls_lose_no_reference_to_none() -> None:
    """PySide6 6.12.0 loses one in nearly every void call on Python 3.10 and 3.11, and aborts."""
    pen = QPen()
    before = sys.getrefcount(None)
    for _ in range(1000):
        pen.setWidthF(1.5)
    assert sys.getrefcount(None) > before - 100
