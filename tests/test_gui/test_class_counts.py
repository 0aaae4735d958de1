"""The counts of pictures per class and part."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.widgets.class_counts import EMPTY, LEGEND, ROW, ClassCounts
from tests.widgets import amount, shown

NAMES = ["cat", "dog"]


@pytest.fixture
def counts(qtbot):
    made = shown(qtbot, ClassCounts(), 300, 160)
    made.set_counts(NAMES, {"train": [80, 40], "validation": [20, 10], "test": [0, 50]})
    return made


def row(index):
    return QRect(0, LEGEND + index * ROW, 300, ROW)


def test_the_empty_state_says_what_will_appear(qtbot):
    counts = shown(qtbot, ClassCounts(), 300, 160)
    assert counts.accessibleDescription() == EMPTY
    assert amount(counts, "muted") > 50


def test_every_class_is_told_with_its_parts(counts):
    assert counts.accessibleDescription() == (
        "cat: train 80, validation 20; dog: train 40, validation 10, test 50"
    )


def test_bars_are_as_long_as_their_counts(counts):
    cats = {part: amount(counts, role, row(0)) for part, role in ROLES}
    dogs = {part: amount(counts, role, row(1)) for part, role in ROLES}
    assert cats["train"] == pytest.approx(4 * cats["validation"], rel=0.1)
    assert cats["train"] == pytest.approx(2 * dogs["train"], rel=0.1)
    assert dogs["test"] > dogs["train"]


ROLES = (("train", "accent"), ("validation", "negative"), ("test", "muted"))


def test_a_part_may_be_missing(counts):
    counts.set_counts(NAMES, {"train": [3, 4]})
    assert counts.accessibleDescription() == "cat: train 3; dog: train 4"
    assert amount(counts, "negative") == 0


def test_a_class_without_pictures_is_still_named(counts):
    counts.set_counts(NAMES, {"train": [3, 0]})
    assert "dog: none" in counts.accessibleDescription()
    counts.set_counts(NAMES, {"train": [0, 0]})
    counts.grab()


def test_taking_the_counts_away_brings_the_empty_state_back(counts):
    counts.set_counts([], None)
    assert counts.accessibleDescription() == EMPTY


def test_many_classes_scroll_by_key(counts):
    table = np.zeros(26, int)
    table[25] = 9
    counts.set_counts([chr(65 + k) for k in range(26)], {"train": table})
    below = QRect(0, LEGEND, 290, 130)
    assert amount(counts, "accent", below) == 0
    for _ in range(10):
        QTest.keyClick(counts, Qt.Key.Key_PageDown)
    assert amount(counts, "accent", below) > 200


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_pointing_at_a_class_tells_its_numbers(counts):
    where = QPoint(20, LEGEND + ROW + 5)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, where, counts.viewport().mapToGlobal(where))
    QApplication.sendEvent(counts.viewport(), event)
    assert QToolTip.text() == "dog: train 40, validation 10, test 50"
    QToolTip.hideText()


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("size", [(120, 72), (1600, 900)])
def test_it_paints_at_any_size_in_both_themes(qtbot, look, size):
    counts = shown(qtbot, ClassCounts(), *size, look)
    counts.set_counts(["a very long name of a class indeed", "b"], {"train": [30_000, 20_000]})
    assert amount(counts, "accent") > 30


def test_what_does_not_fit_is_refused(counts):
    with pytest.raises(ValueError, match="among train, validation, test, got 'exam'"):
        counts.set_counts(NAMES, {"exam": [1, 2]})
    with pytest.raises(ValueError, match="train: expected 2 counts"):
        counts.set_counts(NAMES, {"train": [1, 2, 3]})


def test_it_has_its_names(counts):
    assert counts.objectName() == "class_counts"
    assert counts.accessibleName()
    assert counts.toolTip()
