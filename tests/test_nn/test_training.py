"""The trainer: one step by hand, decay, accumulation, divergence, data sets, looking inside."""

import warnings

import numpy as np
import pytest

import nn
from nn import fitting, gradcheck
from nn.data.augment import Augment
from nn.network import Network
from nn.training import Trainer

SMALL = "input 4x4x1\nconv 3x3 x2 pad 1 relu\npool 2\nflatten\ndense 3\nloss softmax"
EXPLODING = "input 3x3x1\nflatten\ndense 8 relu\ndense 8 relu\ndense 2\nloss squared_error"


def data(count: int, network: Network, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.random((count, *network.input_shape)).astype(network.dtype)
    return x, rng.integers(0, network.output_shape[0], count)


def test_a_step_by_hand() -> None:
    network = Network.from_text("input 1x2x1\nflatten\ndense 1 sigmoid\nloss squared_error")
    network.parameters[...] = [0.2, -0.4, 0.1]
    x = np.array([1.0, 0.5], np.float32).reshape(1, 1, 1, 2)
    result = Trainer(network, nn.optimizers.SGD(lr=0.5)).step(x, np.array([[1.0]], np.float32))
    output = 1 / (1 + np.exp(-(0.2 - 0.4 * 0.5 + 0.1)))
    slope = (output - 1.0) * output * (1 - output)
    expected = np.array([0.2, -0.4, 0.1]) - 0.5 * slope * np.array([1.0, 0.5, 1.0])
    np.testing.assert_allclose(network.parameters, expected, rtol=1e-6)
    assert result.loss == pytest.approx(0.5 * (output - 1) ** 2, rel=1e-6)
    assert (result.correct, result.count, result.step, result.diverged) == (1, 1, 1, False)


def test_the_sketch_network_learns_two_drawings() -> None:
    network = nn.presets.build("sketch")
    trainer = Trainer(network, nn.optimizers.SGD(lr=0.5))
    cross, ring = np.eye(6, dtype=np.float32), np.ones((6, 6), np.float32)
    ring[1:-1, 1:-1] = 0
    for _ in range(200):
        trainer.step(cross[None, None], np.array([0]))
        trainer.step(ring[None, None], np.array([1]))
    scores = network.predict(np.stack([cross, ring])[:, None])
    assert scores[0, 0] > 0.9 > 0.1 > scores[0, 1]
    assert scores[1, 1] > 0.9 > 0.1 > scores[1, 0]
    assert trainer.steps == 400


def test_the_learning_rate_applies_at_once() -> None:
    network = nn.presets.build("sketch")
    trainer = Trainer(network, nn.optimizers.SGD(lr=0.5))
    x, y = data(1, network)
    trainer.step(x, y)
    before = network.parameters.copy()
    trainer.optimizer.lr = 0.0
    trainer.step(x, y)
    np.testing.assert_array_equal(network.parameters, before)
    trainer.optimizer.lr = 2.0
    trainer.step(x, y)
    np.testing.assert_allclose(
        before - network.parameters, 2 * network.gradients, rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0], "an array of 1 labels or targets, one for each example, got list"),
        (np.array(0), r"got int64 of shape \(\)"),
        (np.array([0, 1]), r"got int64 of shape \(2,\)"),
        (np.array([3]), "labels must be 0 to 2 for 3 classes, got 3"),
        (np.array([0.5]), "integer labels"),
    ],
)
def test_a_wrong_label_is_refused_and_nothing_moves(y, message: str) -> None:
    network = Network.from_text(SMALL)
    trainer = Trainer(network, nn.optimizers.SGD())
    before = network.parameters.copy()
    with pytest.raises(ValueError, match=message):
        trainer.step(data(1, network)[0], y)
    np.testing.assert_array_equal(network.parameters, before)
    assert trainer.steps == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_picture_that_is_not_finite_is_refused_and_nothing_moves(bad: float) -> None:
    network = Network.from_text(SMALL)
    trainer = Trainer(network, nn.optimizers.SGD(lr=0.1, momentum=0.9))
    x, y = data(2, network)
    trainer.step(x, y)
    before = network.parameters.copy()
    x[1, 0, 2, 2] = bad
    with pytest.raises(ValueError, match="x must hold finite numbers"):
        trainer.step(x, y)
    np.testing.assert_array_equal(network.parameters, before)


def test_a_large_batch_in_tiles_equals_one_in_one_piece() -> None:
    network = Network.from_text(SMALL, dtype=np.float64)
    tiled, whole = network.copy(), network.copy()
    tiled.tile_size = 7
    x, y = data(30, network)
    results = [Trainer(net, nn.optimizers.SGD(0.5)).step(x, y) for net in (tiled, whole)]
    assert results[0].loss == pytest.approx(results[1].loss)
    assert results[0].correct == results[1].correct
    np.testing.assert_allclose(tiled.gradients, whole.gradients, atol=1e-14)
    np.testing.assert_allclose(tiled.parameters, whole.parameters, atol=1e-14)


def test_gathered_gradients_equal_those_of_the_whole_batch() -> None:
    network = Network.from_text(SMALL, dtype=np.float64)
    one_by_one, together = network.copy(), network.copy()
    x, y = data(6, network)
    gathering = Trainer(one_by_one, nn.optimizers.SGD(0.5), accumulate=6, l2=0.1)
    for i in range(6):
        np.testing.assert_array_equal(one_by_one.parameters, network.parameters)
        result = gathering.step(x[i : i + 1], y[i : i + 1])
        assert result.step == (1 if i == 5 else 0)
    Trainer(together, nn.optimizers.SGD(0.5), l2=0.1).step(x, y)
    np.testing.assert_allclose(one_by_one.parameters, together.parameters, atol=1e-14)


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.3), (0.2, 0.0), (0.2, 0.3)])
def test_decay_has_the_numeric_gradient_and_spares_biases(l1: float, l2: float) -> None:
    network = Network.from_text(SMALL, dtype=np.float64)
    network.parameters += 0.01
    trainer = Trainer(network, nn.optimizers.SGD(lr=0.0), l1=l1, l2=l2)
    x, y = data(2, network)

    def loss() -> float:
        result = trainer.step(x, y)
        return result.loss + result.decay_loss

    loss()
    computed = network.gradients.copy()
    slopes = gradcheck.numeric_gradient(loss, network.parameters)
    assert gradcheck.relative_error(computed, slopes) < 1e-6
    weights = np.concatenate(
        [p.data.ravel() for _, spec, p in network.specs() if spec.name == "weight"]
    )
    expected = l1 * np.abs(weights).sum() + 0.5 * l2 * (weights**2).sum()
    assert trainer.step(x, y).decay_loss == pytest.approx(expected)


def test_a_seed_repeats_a_run_bit_for_bit() -> None:
    text = SMALL.replace("flatten", "dropout 0.3\nflatten")
    finals = []
    for seed in (4, 4, 5):
        network = Network.from_text(text, seed=1)
        trainer = Trainer(network, nn.optimizers.Adam(), seed=seed)
        options = fitting.FitOptions(epochs=2, batch_size=4, preparation=Augment(shift=1))
        x, y = data(30, network)
        events = list(trainer.fit(x, y, options))
        assert isinstance(events[-1], fitting.Finished)
        finals.append(network.parameters.copy())
    np.testing.assert_array_equal(finals[0], finals[1])
    assert (finals[0] != finals[2]).any()


def test_switching_the_optimizer_keeps_the_weights() -> None:
    network = Network.from_text(SMALL)
    trainer = Trainer(network, nn.optimizers.Adam())
    x, y = data(4, network)
    trainer.step(x, y)
    before = network.parameters.copy()
    trainer.optimizer = nn.optimizers.SGD(lr=0.1)
    np.testing.assert_array_equal(network.parameters, before)
    trainer.step(x, y)
    np.testing.assert_allclose(
        network.parameters, before - np.float32(0.1) * network.gradients, rtol=1e-6
    )


def test_a_schedule_sets_the_learning_rate() -> None:
    network = Network.from_text(SMALL)
    schedule = nn.schedules.StepDecay(0.4, every=2, factor=0.5)
    trainer = Trainer(network, nn.optimizers.SGD(), schedule=schedule)
    rates = []
    for _ in range(5):
        trainer.step(*data(1, network))
        rates.append(trainer.optimizer.lr)
    assert rates == [0.4, 0.4, 0.2, 0.2, 0.1]


# -- divergence ---------------------------------------------------------------------------------


def test_a_step_that_would_break_the_weights_is_not_taken() -> None:
    network = Network.from_text(EXPLODING)
    trainer = Trainer(network, nn.optimizers.SGD(lr=1e9))
    x, y = data(3, network)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = [trainer.step(x, y) for _ in range(20)]
    assert results[-1].diverged
    assert np.isfinite(network.parameters).all()


@pytest.mark.parametrize("lr", [1e5, 1e9])
def test_going_back_leads_to_weights_that_train_well(lr: float) -> None:
    network = Network.from_text(EXPLODING)
    trainer = Trainer(network, nn.optimizers.SGD(lr=0.01, momentum=0.5))
    x, y = data(8, network)
    for _ in range(300):
        good = trainer.step(x, y)
    trainer.optimizer.lr = lr
    for _ in range(1000):
        result = trainer.step(x, y)
        if result.diverged:
            break
    assert result.diverged
    kept = trainer.last_good
    for _ in range(200):  # a bad step never overwrites what was kept
        trainer.step(x, y)
    np.testing.assert_array_equal(trainer.last_good, kept)
    trainer.restore_last_good()
    np.testing.assert_array_equal(network.parameters, kept)
    trainer.optimizer.lr = 0.01
    again = trainer.step(x, y)
    assert not again.diverged
    assert again.loss < 2 * good.loss + 0.1


# -- data sets ----------------------------------------------------------------------------------


def stripes(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Pictures with a bright row or a bright column, uint8."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 60, (count, 1, 6, 6), dtype=np.uint8)
    y = rng.integers(0, 2, count)
    for picture, label, place in zip(x[:, 0], y, rng.integers(1, 5, count), strict=True):
        if label:
            picture[place] = 255
        else:
            picture[:, place] = 255
    return x, y


STRIPES = "input 5x5x1\nconv 3x3 x4 relu\npool 3\nflatten\ndense 2\nloss softmax"


def test_fit_tells_every_step_every_epoch_and_the_end() -> None:
    network = Network.from_text(STRIPES)
    trainer = Trainer(network, nn.optimizers.Adam(lr=0.01))
    options = fitting.FitOptions(
        epochs=6, batch_size=16, preparation=Augment(crop=5), validation=stripes(60, seed=1)
    )
    x, y = stripes(200)
    events = list(trainer.fit(x, y, options))
    steps = [e for e in events if isinstance(e, fitting.StepDone)]
    epochs = [e for e in events if isinstance(e, fitting.EpochDone)]
    assert [e.step for e in steps] == list(range(1, 6 * 13 + 1))
    assert {e.batches for e in steps} == {13}
    assert [e.epoch for e in epochs] == [1, 2, 3, 4, 5, 6]
    assert epochs[-1].validation is not None
    assert epochs[-1].validation.accuracy > 0.95
    assert epochs[-1].validation.confusion.sum() == 60
    assert isinstance(events[-1], fitting.Finished)
    assert events[-1].reason == "finished"


def test_the_best_weights_come_back_after_an_early_stop() -> None:
    network = Network.from_text(STRIPES)
    trainer = Trainer(network, nn.optimizers.SGD(lr=0.05))
    options = fitting.FitOptions(
        epochs=50,
        batch_size=10,
        preparation=Augment(crop=5),
        validation=stripes(40, seed=1),
        patience=2,
        keep_best=True,
    )
    best = None
    for event in trainer.fit(*stripes(40), options):
        if isinstance(event, fitting.EpochDone):
            if event.best:
                best = network.parameters.copy()
            if event.epoch == 2:
                trainer.optimizer.lr = 3.0  # from here on it gets worse
    assert isinstance(event, fitting.Finished)
    assert event.reason == "early stop"
    np.testing.assert_array_equal(network.parameters, best)


def test_fit_stops_when_training_diverges() -> None:
    network = Network.from_text(EXPLODING)
    trainer = Trainer(network, nn.optimizers.SGD(lr=1e9))
    x, y = data(40, network)
    events = list(trainer.fit(x, y, fitting.FitOptions(epochs=5, batch_size=4)))
    assert events[-1] == fitting.Finished("diverged", 0)
    assert np.isfinite(network.parameters).all()


def test_fit_can_be_left_between_two_steps() -> None:
    network = Network.from_text(STRIPES)
    trainer = Trainer(network, nn.optimizers.SGD())
    running = trainer.fit(*stripes(40), fitting.FitOptions(preparation=Augment(crop=5)))
    next(running)
    running.close()
    assert trainer.steps == 1


def test_fit_refuses_what_makes_no_sense() -> None:
    network = Network.from_text(STRIPES)
    trainer = Trainer(network, nn.optimizers.SGD())
    x, y = stripes(4)
    with pytest.raises(ValueError, match="equally long and not empty, got 4 and 3"):
        trainer.fit(x, y[:3])
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        fitting.FitOptions(batch_size=0)
    with pytest.raises(ValueError, match="accumulate must be at least 1, got 0"):
        Trainer(network, nn.optimizers.SGD(), accumulate=0)
    with pytest.raises(ValueError, match="l1 and l2 must be finite and at least 0"):
        Trainer(network, nn.optimizers.SGD(), l2=-1.0)


def test_a_window_forgets_old_steps() -> None:
    window = nn.metrics.Window(2)
    assert np.isnan(window.loss)
    window.add(float("nan"), 0, 1)
    window.add(1.0, 1, 1)
    window.add(3.0, 2, 3)
    assert window.loss == pytest.approx(10 / 4)
    assert window.accuracy == pytest.approx(3 / 4)


# -- looking inside -----------------------------------------------------------------------------


def test_inspect_shows_every_activation_and_gradient_and_changes_nothing() -> None:
    network = Network.from_text(SMALL, dtype=np.float64)
    trainer = Trainer(network, nn.optimizers.SGD(0.1))
    x, y = data(4, network)
    trainer.step(x, y)
    parameters, gradients = network.parameters.copy(), network.gradients.copy()
    seen = trainer.inspect(x[:1], y[:1])
    np.testing.assert_array_equal(network.parameters, parameters)
    np.testing.assert_array_equal(network.gradients, gradients)
    for expected, values in zip(network.activations(x[:1]), seen.activations, strict=True):
        np.testing.assert_array_equal(expected[0], values)
    for values, slope in zip(seen.activations, seen.gradients, strict=True):
        assert values.shape == slope.shape

    def loss() -> float:
        return trainer.inspect(x[:1], y[:1]).loss

    slopes = gradcheck.numeric_gradient(loss, x[:1])[0]
    assert gradcheck.relative_error(seen.gradients[0], slopes) < 1e-6
    weight = network.layers[0].parameters()[0]
    slopes = gradcheck.numeric_gradient(loss, weight.data)
    assert gradcheck.relative_error(seen.parameters[0][0].grad, slopes) < 1e-6
    probabilities = network.predict(x[:1])[0]
    probabilities[y[0]] -= 1
    np.testing.assert_allclose(seen.gradients[-1], probabilities, atol=1e-12)


def test_inspect_takes_one_example() -> None:
    network = Network.from_text(SMALL)
    with pytest.raises(ValueError, match="one example, got 2 pictures"):
        Trainer(network, nn.optimizers.SGD()).inspect(*data(2, network))
