"""Snapshots: what they hold, and that two threads never see half of one."""

import threading

import numpy as np
import pytest

import nn


def test_a_snapshot_holds_weights_their_last_change_and_what_flows() -> None:
    network = nn.presets.build("sketch-cnn")
    trainer = nn.Trainer(network, nn.optimizers.SGD(0.01))
    snapshots = nn.snapshot.SnapshotBuffer(network)
    x = np.random.default_rng(0).random((1, 1, 28, 28), dtype=np.float32)
    before = network.parameters.copy()
    assert snapshots.take() is None
    assert snapshots.wanted
    snapshots.remember()
    result = trainer.step(x, np.array([1]))
    snapshots.publish(result.step, result.loss, x)
    assert not snapshots.wanted
    taken = snapshots.take()
    assert taken is not None
    assert snapshots.wanted
    assert snapshots.take() is None
    assert (taken.step, taken.loss) == (1, result.loss)
    np.testing.assert_array_equal(taken.parameters, network.parameters)
    np.testing.assert_array_equal(taken.change, network.parameters - before)
    assert taken.activations is not None
    for mine, its in zip(network.activations(x), taken.activations, strict=True):
        np.testing.assert_array_equal(mine[0], its)
    np.testing.assert_allclose(taken.outputs, network.predict(x)[0], atol=1e-6)
    assert taken.network is network


def test_without_a_remembered_state_nothing_has_changed() -> None:
    network = nn.presets.build("sketch")
    snapshots = nn.snapshot.SnapshotBuffer(network)
    snapshots.remember()
    network.parameters += 1
    snapshots.publish(1, 0.5)
    first = snapshots.take()
    assert first is not None
    np.testing.assert_allclose(first.change, 1, atol=1e-6)
    for step in range(3):  # through all three slots
        snapshots.publish(step, 0.5)
        taken = snapshots.take()
        assert taken is not None
        assert not taken.change.any()
        assert taken.activations is None
        assert taken.outputs is None


def test_a_newer_snapshot_replaces_one_that_nobody_took() -> None:
    network = nn.presets.build("sketch")
    snapshots = nn.snapshot.SnapshotBuffer(network)
    for step in range(5):
        snapshots.publish(step, 0.0)
    taken = snapshots.take()
    assert taken is not None
    assert taken.step == 4
    assert snapshots.take() is None


def test_only_one_example_can_be_looked_at() -> None:
    network = nn.presets.build("sketch")
    with pytest.raises(ValueError, match="one example"):
        nn.snapshot.SnapshotBuffer(network).publish(1, 0.0, np.zeros((2, 1, 6, 6), np.float32))


def test_a_reader_in_another_thread_never_sees_half_a_snapshot() -> None:
    network = nn.presets.build("sketch")
    snapshots = nn.snapshot.SnapshotBuffer(network)
    done = threading.Event()

    def write() -> None:
        for step in range(1, 20_001):
            snapshots.remember()
            network.parameters.fill(step)
            snapshots.publish(step, float(step))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = [0]
    while not (done.is_set() and not writer.is_alive()) or not snapshots.wanted:
        taken = snapshots.take()
        if taken is None:
            continue
        assert taken.step > seen[-1]
        assert taken.loss == taken.step
        assert (taken.parameters == taken.step).all()
        assert (taken.parameters - taken.change >= 0).all()
        assert (taken.parameters == taken.step).all()  # still, a moment later
        seen.append(taken.step)
    writer.join()
    assert seen[-1] == 20_000
    assert len(seen) > 2
