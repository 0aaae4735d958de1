"""Which pictures fit a filter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.picture_rows import Wanted, matching

LABELS = np.array([0, 1, 2, 0, 1, 2])
PREDICTED = np.array([0, 2, 2, 1, 1, -1])


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        (Wanted(), [0, 1, 2, 3, 4, 5]),
        (Wanted(label=1), [1, 4]),
        (Wanted(predicted=2), [1, 2]),
        (Wanted(outcome="right"), [0, 2, 4]),
        (Wanted(outcome="wrong"), [1, 3]),
        (Wanted(label=1, predicted=2), [1]),
        (Wanted(label=2, outcome="wrong"), []),
    ],
)
def test_rows_fit_class_prediction_and_outcome(wanted, rows):
    assert matching(LABELS, PREDICTED, wanted).tolist() == rows


def test_without_predictions_only_the_class_can_be_asked_for():
    assert matching(LABELS, None, Wanted(label=2)).tolist() == [2, 5]
    assert matching(LABELS, None, Wanted(outcome="right")).size == 0
    assert matching(LABELS, None, Wanted(predicted=0)).size == 0


def test_predictions_must_be_as_many_as_labels():
    with pytest.raises(ValueError, match="expected 6, one per label, got 2"):
        matching(LABELS, [0, 1], Wanted(outcome="right"))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 3))))
def test_right_and_wrong_and_unknown_make_all(pairs):
    labels = np.array([label for label, _ in pairs], int)
    predicted = np.array([guess for _, guess in pairs], int)
    right = matching(labels, predicted, Wanted(outcome="right"))
    wrong = matching(labels, predicted, Wanted(outcome="wrong"))
    unknown = np.flatnonzero(predicted < 0)
    assert sorted([*right, *wrong, *unknown]) == list(range(len(pairs)))
