"""Thinning and smoothing of curves."""

import numpy as np
import pytest

from gui import curves


def test_thinning_keeps_the_peaks_and_the_ends():
    x = np.arange(100_000.0)
    y = np.sin(x / 3000)
    y[70_123], y[99_998] = 50, -50
    thin_x, thin_y = curves.thinned(x, y, 2000)
    assert len(thin_x) <= 2010
    assert thin_y.max() == 50
    assert thin_y.min() == -50
    assert thin_x[0] == 0
    assert thin_x[-1] == 99_999
    assert (np.diff(thin_x) > 0).all()


@pytest.mark.parametrize("count", [0, 1, 5, 2000])
def test_short_curves_stay_as_they_are(count):
    x = np.arange(float(count))
    assert curves.thinned(x, x, 2000)[1] is x


def test_smoothing_is_a_mean_over_neighbours():
    np.testing.assert_allclose(curves.smoothed(np.array([0.0, 3, 0, 3, 0]), 3), [1.5, 1, 2, 1, 1.5])


def test_smoothing_a_constant_changes_nothing():
    np.testing.assert_allclose(curves.smoothed(np.full(50, 0.25), 9), 0.25)


def test_what_is_not_finite_is_left_out():
    x, y = curves.finite([1, 2, 3, 4], [0.5, float("nan"), float("inf"), 0.25])
    assert x.tolist() == [1, 4]
    assert y.tolist() == [0.5, 0.25]


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="one length"):
        curves.finite([1, 2], [1])
