"""A training that is kept and resumed goes on bit for bit."""

from collections.abc import Callable

import numpy as np
import pytest

import nn
from nn import checkpoint, schedules
from nn.checkpoint import Checkpoint
from nn.data.augment import Augment
from nn.fitting import FitOptions
from nn.formats import json_text, npz
from nn.network import Network
from nn.optimizers import OPTIMIZERS
from nn.shuffle import Shuffle
from nn.training import Trainer

SMALL = "input 6x6x1\nconv 3x3 x3 relu\npool 2\nflatten\ndense 3\nloss softmax"
EVERYTHING = (
    "input 6x6x1\nconv 3x3 x4\nbatchnorm\nleaky_relu 0.07\ndropout 0.3\nflatten\nmaxout 2\n"
    "dense 8 tanh\nbatchnorm momentum 0.3\ndropout 0.15\ndense 3\nloss softmax"
)
SETTINGS = {
    "plain": {},
    "decay": {"l1": 0.001, "l2": 0.01},
    "gathered": {"accumulate": 3},
    "everything": {"accumulate": 2, "l1": 0.001, "l2": 0.02, "schedule": schedules.Cosine(0.1, 40)},
    "step decay": {"schedule": schedules.StepDecay(0.2, 3, 0.7)},
    "warm up": {"schedule": schedules.WarmUp(6, schedules.WarmUp(3, schedules.Constant(0.3)))},
}


def through_files(kept: Checkpoint) -> Checkpoint:
    """What comes of it when it is written and read."""
    document = json_text.parse(json_text.dump(kept.document))
    return Checkpoint(document, npz.unpack(npz.pack(kept.arrays)))


def trained(trainer: Trainer, steps: int, size: int = 6) -> list[float]:
    """Train on batches that come of the trainer's own random numbers; return the losses."""
    network = trainer.network
    losses = []
    for _ in range(steps):
        x = trainer.augmentation.random((size, *network.input_shape)).astype(network.dtype)
        y = trainer.shuffling.integers(0, network.output_shape[0], size)
        losses.append(trainer.step(x, y).loss)
    return losses


def assert_goes_on(trainer: Trainer, before: int = 7, after: int = 25, size: int = 6) -> Trainer:
    """Train, keep, go on in two ways; return the resumed one."""
    trained(trainer, before, size)
    resumed = checkpoint.resume(through_files(checkpoint.take(trainer)))
    assert resumed.network is not trainer.network
    assert trained(resumed, after, size) == trained(trainer, after, size)
    assert_same(resumed, trainer)
    return resumed


def assert_same(one: Trainer, other: Trainer) -> None:
    mine, its = checkpoint.take(one), checkpoint.take(other)
    assert mine.document == its.document
    assert list(mine.arrays) == list(its.arrays)
    for name, values in mine.arrays.items():
        assert values.tobytes() == its.arrays[name].tobytes(), name
    assert np.array_equal(one.last_good, other.last_good)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("text", [SMALL, EVERYTHING], ids=["small", "everything"])
def test_every_optimizer_goes_on_bit_for_bit(kind: str, text: str) -> None:
    network = Network.from_text(text, seed=2, class_names=["a", "ö", "7"])
    resumed = assert_goes_on(Trainer(network, OPTIMIZERS[kind](), seed=5))
    assert type(resumed.optimizer) is OPTIMIZERS[kind]
    assert resumed.network.class_names == ["a", "ö", "7"]
    assert resumed.steps == 32


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=list(SETTINGS))
@pytest.mark.parametrize("before", [0, 1, 16, 17])
def test_every_setting_goes_on_bit_for_bit(settings: dict, before: int) -> None:
    network = Network.from_text(EVERYTHING, seed=2)
    optimizer = nn.optimizers.SGD(lr=0.05, momentum=0.9)
    assert_goes_on(Trainer(network, optimizer, seed=1, **settings), before=before)


def test_an_update_that_is_half_gathered_is_finished_alike() -> None:
    trainer = Trainer(Network.from_text(SMALL), nn.optimizers.Adam(), accumulate=5)
    trained(trainer, 8)
    resumed = checkpoint.resume(through_files(checkpoint.take(trainer)))
    assert (resumed.pending, resumed.steps) == (3, 1)
    assert np.any(resumed.state()["sum"])
    trained(trainer, 2)
    trained(resumed, 2)
    assert resumed.steps == 2
    assert_same(resumed, trainer)


def test_settings_changed_on_the_way_are_kept() -> None:
    trainer = Trainer(Network.from_text(EVERYTHING), nn.optimizers.Nesterov(0.1, 0.5), seed=3)
    trained(trainer, 3)
    trainer.optimizer = nn.optimizers.RMSProp()
    trained(trainer, 3)
    trainer.optimizer.lr = 0.003
    trainer.optimizer.rho = 0.9
    trainer.set_decay(0.0, 0.05)
    trainer.network.layers[3].probability = 0.6
    trainer.rebind()
    resumed = assert_goes_on(trainer)
    assert resumed.optimizer.config() == {"lr": 0.003, "rho": 0.9, "eps": 1e-8}
    assert resumed.network.layers[3].probability == 0.6


def test_a_large_batch_in_tiles_goes_on_bit_for_bit() -> None:
    network = nn.presets.build("mnist")
    assert network.tile_for(150) < 150
    assert_goes_on(Trainer(network, nn.optimizers.Adadelta(), seed=1), 2, 3, size=150)


def test_float64_goes_on_in_float64() -> None:
    network = Network.from_text(EVERYTHING, dtype=np.float64)
    resumed = assert_goes_on(Trainer(network, nn.optimizers.AdamW()))
    assert resumed.network.dtype == np.float64


def test_two_processes_go_on_bit_for_bit() -> None:
    network = Network.from_text(SMALL.replace("relu", "tanh"), seed=2)
    with Trainer(network, nn.optimizers.Adam(), seed=4, workers=2) as trainer:
        trained(trainer, 3)
        with checkpoint.resume(through_files(checkpoint.take(trainer))) as resumed:
            assert resumed.workers == 2
            trained(trainer, 3)
            trained(resumed, 3)
            assert_same(resumed, trainer)


def test_a_training_on_a_data_set_goes_on_from_an_epochs_end() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (30, 1, 8, 8), np.uint8), rng.integers(0, 3, 30)
    options = FitOptions(batch_size=7, preparation=Augment(crop=6, flip=True))
    trainer = Trainer(Network.from_text(EVERYTHING), nn.optimizers.Adagrad(), seed=8)
    for _ in range(2):
        list(trainer.fit(x, y, options))
    resumed = checkpoint.resume(through_files(checkpoint.take(trainer)))
    for one in (trainer, resumed):
        list(one.fit(x, y, options))
    assert_same(resumed, trainer)


def test_with_a_shuffle_it_goes_on_in_the_midst_of_an_epoch() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.random((23, 1, 6, 6), np.float32), rng.integers(0, 3, 23)

    def go(trainer: Trainer, shuffle: Shuffle, steps: int) -> None:
        for _ in range(steps):
            rows = shuffle.take(4)
            trainer.step(x[rows], y[rows])

    trainer, shuffle = Trainer(Network.from_text(SMALL), nn.optimizers.SGD(0.1)), Shuffle(23)
    go(trainer, shuffle, 8)
    resumed = checkpoint.resume(checkpoint.take(trainer))
    again = Shuffle.resume(shuffle.state())
    go(trainer, shuffle, 20)
    go(resumed, again, 20)
    assert_same(resumed, trainer)


def test_after_a_divergence_the_same_weights_are_gone_back_to() -> None:
    text = "input 3x3x1\nflatten\ndense 8 relu\ndense 8 relu\ndense 2\nloss squared_error"
    trainer = Trainer(Network.from_text(text, seed=1), nn.optimizers.SGD(0.01), seed=1)
    trained(trainer, 40)
    trainer.optimizer.lr = 1e6
    resumed = checkpoint.resume(through_files(checkpoint.take(trainer)))
    for one in (trainer, resumed):
        while not one.step(np.full((1, 1, 3, 3), 9, np.float32), np.array([0])).diverged:
            pass
        one.restore_last_good()
        trained(one, 0)
    assert_same(resumed, trainer)


def test_a_checkpoint_does_not_move_with_the_training() -> None:
    trainer = Trainer(Network.from_text(EVERYTHING), nn.optimizers.Adam())
    trained(trainer, 3)
    kept = checkpoint.take(trainer)
    before = through_files(kept)
    trained(trainer, 20)
    assert kept.document == before.document
    for name, values in kept.arrays.items():
        assert np.array_equal(values, before.arrays[name])
    resumed = checkpoint.resume(kept)
    trained(resumed, 20)
    assert_same(resumed, trainer)
    assert np.array_equal(kept.arrays["parameters"], before.arrays["parameters"])


def test_what_nobody_could_make_again_is_not_taken() -> None:
    class Mine(nn.optimizers.SGD):
        pass

    class Steep(schedules.Constant):
        pass

    network = Network.from_text(SMALL)
    with pytest.raises(ValueError, match="a Mine can't be kept, only sgd, nesterov"):
        checkpoint.take(Trainer(network, Mine()))
    trainer = Trainer(network, nn.optimizers.SGD(), schedule=schedules.WarmUp(2, Steep(0.1)))
    with pytest.raises(ValueError, match="a Steep can't be kept, only constant, step_decay"):
        checkpoint.take(trainer)


# -- documents that don't fit ---------------------------------------------------------------------


def warm_ups(depth: int) -> dict:
    if not depth:
        return {"kind": "constant", "config": {"lr": 0.1}}
    return {"kind": "warm_up", "config": {"steps": 2, "after": warm_ups(depth - 1)}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": None}, "must tell its network's text"),
        ({"text": "input 6x6x1\nflatten\nloss"}, "line 3"),
        ({"text": "input 6x6x1\nflatten\ndense 4\nloss softmax"}, "class_names must be 4 texts"),
        (
            {"text": "input 60x60x1\nflatten\ndense 3000\ndense 3\nloss softmax"},
            "the network has 10,812,003 parameters, but 69 are given",
        ),
        ({"class_names": None}, "text and class_names"),
        ({"class_names": ["a"]}, "class_names must be 3 texts"),
        ({"class_names": [1, 2, 3]}, "class_names must be 3 texts"),
        ({"optimizer": None}, "optimizer must be one of sgd"),
        ({"optimizer": {"kind": "os.system", "config": {}}}, "optimizer must be one of sgd"),
        ({"optimizer": {"kind": ["sgd"], "config": {}}}, "optimizer must be one of sgd"),
        ({"optimizer": {"kind": "sgd", "config": {"path": 1}}}, "has no such options"),
        ({"optimizer": {"kind": "sgd", "config": {"lr": "1"}}}, "'lr' must be a finite number"),
        ({"optimizer": {"kind": "sgd", "config": {"lr": -1}}}, "lr must be"),
        ({"optimizer": {"kind": "sgd", "config": {"lr": 10**400}}}, "'lr' must be a finite number"),
        ({"optimizer": {"kind": "adam", "config": {}}}, "see 'optimizer."),
        ({"schedule": {"kind": "sgd", "config": {}}}, "schedule must be one of constant"),
        ({"schedule": {"kind": "cosine", "config": {"lr": 1}}}, "has no such options"),
        (
            {"schedule": {"kind": "step_decay", "config": {"lr": 1, "every": 0.5}}},
            "every must be a whole number",
        ),
        ({"schedule": warm_ups(40)}, "must not be nested more than 8 deep"),
        ({"steps": -1}, "steps must be a whole number"),
        ({"steps": 1 << 70}, "steps must be a whole number"),
        ({"steps": True}, "steps must be a whole number"),
        ({"updates": 1.5}, "updates must be a whole number"),
        ({"seed": None}, "seed must be a whole number"),
        ({"accumulate": 0}, "accumulate must be at least 1"),
        ({"pending": 3}, "pending must be a whole number"),
        ({"workers": 100}, "workers must be 1 or 2"),
        ({"l1": None}, "'l1' must be a finite number"),
        ({"l2": float("nan")}, "'l2' must be a finite number"),
        ({"l2": -1}, "l1 and l2 must be finite and at least 0"),
        ({"generators": {}}, "needs the generators shuffling, augmentation, dropout"),
        (
            {"generators": {"shuffling": 1, "augmentation": 1, "dropout": 1}},
            "a random generator must be an object",
        ),
    ],
)
def test_a_document_that_does_not_fit_is_refused_in_a_sentence(change: dict, message: str) -> None:
    trainer = Trainer(Network.from_text(SMALL), nn.optimizers.SGD(), accumulate=3)
    kept = checkpoint.take(trainer)
    with pytest.raises(ValueError, match=message) as caught:
        checkpoint.resume(Checkpoint({**kept.document, **change}, kept.arrays))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("document", [None, [], "x", {}])
def test_what_is_no_document_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match="a training"):
        checkpoint.resume(Checkpoint(document, {}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("parameters", None, "parameters must be an array of float32"),
        ("parameters", lambda a: a.astype(np.int32), "parameters must be an array of float32"),
        ("parameters", lambda a: a.astype(np.float16), "parameters must be an array of float32"),
        ("parameters", lambda a: a[1:], "parameters, but 68 are given"),
        ("parameters", lambda a: a.reshape(3, -1), r"must be float32 of shape \(69,\), got"),
        ("parameters", lambda a: a * np.nan, "parameters must hold finite numbers"),
        ("good", lambda a: a * np.inf, "good must hold finite numbers"),
        ("good", lambda a: a[:, None], "good must be float32 of shape"),
        ("sum", None, "needs other arrays, see 'sum'"),
        ("optimizer.velocity", lambda a: a.astype(np.float64), "velocity must be float32"),
        ("more", np.zeros, "needs other arrays, see 'more'"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_in_a_sentence(
    name: str, change: Callable | None, message: str
) -> None:
    kept = checkpoint.take(Trainer(Network.from_text(SMALL), nn.optimizers.SGD()))
    arrays = dict(kept.arrays)
    with np.errstate(invalid="ignore"):
        if change is None:
            del arrays[name]
        else:
            arrays[name] = change(arrays.get(name, 3))
    with pytest.raises(ValueError, match=message) as caught:
        checkpoint.resume(Checkpoint(kept.document, arrays))
    assert "\n" not in str(caught.value)
