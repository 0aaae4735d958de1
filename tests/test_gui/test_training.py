"""The training thread: it answers while it trains, and ends when it is told to."""

import math
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

import nn
from gui.training import LossHistory, Training
from nn.data import examples
from nn.data.drawings import Sample, to_batch
from nn.shuffle import Shuffle


@pytest.fixture
def samples() -> tuple[np.ndarray, np.ndarray]:
    made = [Sample(d, i) for i, n in enumerate("XO") for d in examples.hands(n, 4)]
    return to_batch(made, 6)


@pytest.fixture
def training(qtbot: QtBot) -> Iterator[Training]:
    made = Training(nn.presets.build("sketch", seed=0), lr=0.5)
    yield made
    made.close()


def test_a_step_is_published_with_the_change_it_made(
    training: Training, samples: tuple[np.ndarray, np.ndarray]
) -> None:
    x, y = samples[0][:1], samples[1][:1]
    before = training.ask(training.network.parameters.copy)
    training.watch(x)
    training.train(x, y)
    training.ask(lambda: None)
    snapshot = training.take()
    assert snapshot is not None
    assert snapshot.step == training.step_count == 1
    assert np.allclose(snapshot.change, snapshot.parameters - before)
    assert np.allclose(snapshot.outputs, training.network.predict(x)[0])


def test_it_trains_in_a_thread_of_its_own(training: Training) -> None:
    assert training.ask(threading.get_ident) != threading.get_ident()


def test_it_answers_within_a_few_slices_while_training_as_fast_as_possible(
    training: Training, samples: tuple[np.ndarray, np.ndarray], qtbot: QtBot
) -> None:
    training.set_samples(*samples)
    training.play()
    qtbot.waitUntil(lambda: training.step_count > 100)
    begun = time.perf_counter()
    assert training.ask(lambda: 42) == 42
    assert time.perf_counter() - begun < 2.0
    training.pause()
    qtbot.waitUntil(lambda: not training.running)


def test_pause_stops_at_once_and_play_goes_on(
    training: Training, samples: tuple[np.ndarray, np.ndarray], qtbot: QtBot
) -> None:
    training.set_samples(*samples)
    training.play()
    qtbot.waitUntil(lambda: training.step_count > 10)
    training.pause()
    training.ask(lambda: None)
    steps = training.step_count
    qtbot.wait(50)
    assert training.step_count == steps
    training.play()
    qtbot.waitUntil(lambda: training.step_count > steps)


def test_one_step_a_frame_is_about_sixty_a_second(
    training: Training, samples: tuple[np.ndarray, np.ndarray], qtbot: QtBot
) -> None:
    training.set_samples(*samples)
    training.set_speed(1)
    training.play()
    qtbot.wait(500)
    training.pause()
    training.ask(lambda: None)
    assert 1 <= training.step_count <= 40


def test_the_same_seed_visits_the_samples_in_the_same_order(
    samples: tuple[np.ndarray, np.ndarray], qtbot: QtBot
) -> None:
    ends = []
    for _ in range(2):
        training = Training(nn.presets.build("sketch", seed=3), lr=0.5)
        training.set_samples(*samples, Shuffle(len(samples[0]), seed=7))
        for _ in range(20):
            training.step_once()
        ends.append(training.ask(training.network.parameters.copy))
        training.close()
    assert np.array_equal(*ends)


def test_a_job_that_fails_is_told_and_the_thread_lives_on(training: Training, qtbot: QtBot) -> None:
    with qtbot.waitSignal(training.failed) as told:
        training.train(np.zeros((1, 1, 5, 5), np.float32), np.array([0]))
    assert "(1, 1, 5, 5)" in told.args[0]
    assert training.ask(lambda: 1) == 1


def test_a_question_that_fails_raises_where_it_was_asked(training: Training) -> None:
    with pytest.raises(ZeroDivisionError):
        training.ask(lambda: 1 / 0)


def test_playing_without_samples_does_nothing(training: Training) -> None:
    training.play()
    training.step_once()
    training.play_epoch()
    training.ask(lambda: None)
    assert not training.running
    assert training.step_count == 0


def test_losing_all_samples_stops_the_training(
    training: Training, samples: tuple[np.ndarray, np.ndarray], qtbot: QtBot
) -> None:
    training.set_samples(*samples)
    training.play()
    qtbot.waitUntil(lambda: training.step_count > 10)
    training.set_samples(samples[0][:0], samples[1][:0])
    qtbot.waitUntil(lambda: not training.running)


def test_closing_twice_is_safe_and_questions_are_still_answered(training: Training) -> None:
    training.close()
    training.close()
    assert training.ask(lambda: 1) == 1


def test_the_history_keeps_the_last_losses_in_order() -> None:
    history = LossHistory(size=4)
    for loss in range(6):
        history.append(loss)
    steps, losses = history.tail()
    assert steps.tolist() == [3, 4, 5, 6]
    assert losses.tolist() == [2, 3, 4, 5]
    history.clear()
    assert len(history.tail()[0]) == 0


def test_a_snapshot_of_a_network_that_was_replaced_is_not_shown(training: Training) -> None:
    training.ask(lambda: None)
    training.load(nn.presets.build("sketch", seed=1, size=8), lr=0.5)
    training.ask(lambda: None)
    snapshot = training.take()
    assert snapshot is not None
    assert snapshot.network is training.network
    assert math.isnan(snapshot.loss)
