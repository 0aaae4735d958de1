"""Losses by hand, and what they refuse."""

import numpy as np
import pytest

from nn.layers import Scope
from nn.losses import BoundLoss, Loss, MulticlassHinge, SoftmaxCrossEntropy, SquaredError
from nn.network import Network
from nn.optimizers import SGD
from nn.training import Trainer


def bound(loss: Loss, outputs: list[list[float]]) -> BoundLoss:
    """The loss on outputs (N, classes)."""
    inside = np.array(outputs).T.copy()
    scope = Scope(np.dtype(np.float64), True, True, np.random.default_rng(0))
    return loss.bind(inside, np.zeros_like(inside), scope)


def test_squared_error_by_hand() -> None:
    at_work = bound(SquaredError(), [[0.5, 0.25], [1.0, 0.0]])
    at_work.set_targets(np.array([0, 1]))
    assert at_work.measure() == pytest.approx(0.5 * (0.25 + 0.0625) + 0.5 * 2)
    np.testing.assert_allclose(at_work.grad.T, [[-0.5, 0.25], [1.0, -1.0]])
    assert at_work.correct() == 1


def test_softmax_cross_entropy_by_hand() -> None:
    at_work = bound(SoftmaxCrossEntropy(), [[0.0, np.log(3.0)]])
    at_work.set_targets(np.array([1]))
    assert at_work.measure(scale=2.0) == pytest.approx(-np.log(0.75))
    np.testing.assert_allclose(at_work.grad.T, [[0.5, -0.5]])


def test_softmax_cross_entropy_of_large_logits_stays_finite() -> None:
    at_work = bound(SoftmaxCrossEntropy(), [[1e4, 0.0], [-1e4, 1e4]])
    at_work.set_targets(np.array([1, 1]))
    assert at_work.measure() == pytest.approx(1e4)
    assert np.isfinite(at_work.grad).all()


def test_multiclass_hinge_by_hand() -> None:
    at_work = bound(MulticlassHinge(), [[2.0, 2.5, -3.0], [5.0, 1.0, 0.0]])
    at_work.set_targets(np.array([0, 0]))
    assert at_work.measure() == pytest.approx(1.5)
    np.testing.assert_allclose(at_work.grad.T, [[-1, 1, 0], [0, 0, 0]])
    np.testing.assert_array_equal(at_work.outputs.T, [[2.0, 2.5, -3.0], [5.0, 1.0, 0.0]])


def test_targets_are_labels_or_a_number_for_each_class() -> None:
    for loss in (SquaredError(), SoftmaxCrossEntropy(), MulticlassHinge()):
        by_label = bound(loss, [[0.3, -0.2], [0.1, 0.9]])
        by_target = bound(loss, [[0.3, -0.2], [0.1, 0.9]])
        by_label.set_targets(np.array([1, 0], np.int8))
        by_target.set_targets(np.array([[0.0, 1.0], [1.0, 0.0]], np.float32))
        assert by_label.measure() == by_target.measure()
        np.testing.assert_array_equal(by_label.grad, by_target.grad)
        assert by_label.correct() == by_target.correct()


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.array([0, 2]), "labels must be 0 to 1 for 2 classes, got 2"),
        (np.array([-1, 0]), "got -1"),
        (np.array([0.0, 1.0]), r"got float64 of shape \(2,\)"),
        (np.array([True, False]), "got bool"),
        (np.array([[0, 1], [1, 0]]), "got int64"),
        (np.ones((2, 3)), r"float targets \(N, 2\), got float64 of shape \(2, 3\)"),
        (np.array([[np.nan, 1.0], [0.0, 1.0]]), "finite"),
    ],
)
def test_wrong_targets_are_refused(y: np.ndarray, message: str) -> None:
    for loss in (SquaredError(), SoftmaxCrossEntropy(), MulticlassHinge()):
        with pytest.raises(ValueError, match=message):
            bound(loss, [[0.3, -0.2], [0.1, 0.9]]).set_targets(y)


def test_a_single_label_is_checked_too() -> None:
    with pytest.raises(ValueError, match="labels must be 0 to 1 for 2 classes, got 5"):
        bound(SquaredError(), [[0.0, 1.0]]).set_targets(np.array([5]))


def test_targets_must_make_sense_for_the_loss() -> None:
    y = np.array([[0.5, 0.1]])
    with pytest.raises(ValueError, match="sum to 1"):
        bound(SoftmaxCrossEntropy(), [[0.0, 1.0]]).set_targets(y)
    with pytest.raises(ValueError, match="1 at one class"):
        bound(MulticlassHinge(), [[0.0, 1.0]]).set_targets(y)
    bound(SquaredError(), [[0.0, 1.0]]).set_targets(y)


def test_one_example_of_very_many_classes_takes_no_square_of_memory():
    network = Network.from_text("input 1x1x1\nflatten\ndense 60000\nloss softmax")
    trainer = Trainer(network, SGD(0.1))
    x = np.ones((1, 1, 1, 1), np.float32)
    before = trainer.step(x, np.array([59_999])).loss
    assert trainer.step(x, np.array([59_999])).loss < before
    assert network.predict(x)[0].argmax() == 59_999
