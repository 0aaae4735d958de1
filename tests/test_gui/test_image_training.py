"""The thread that trains on pictures: it obeys, it measures, and it is never slowed much."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

import nn
from gui.image_settings import TrainingSettings
from gui.image_training import ImageTraining
from gui.image_worker import End, Pictures
from nn.data import digits
from nn.data.datasets import Dataset

SOON = 60_000  # milliseconds
TEXT = "input 24x24x1\nflatten\ndense 16 relu\ndropout 0.5\ndense 10\nloss softmax"


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return digits.make(500)


@pytest.fixture
def training(qtbot: QtBot, drawn: Dataset) -> Iterator[ImageTraining]:
    made = ImageTraining(nn.Network.from_text(TEXT), TrainingSettings())
    train, validation = Pictures(drawn.images, drawn.labels), Pictures(drawn.images, drawn.labels)
    made.set_pictures(train, validation)
    made.ask(lambda: None)
    yield made
    made.close()


def settled(training: ImageTraining) -> None:
    training.ask(lambda: None)


def test_it_trains_in_a_thread_of_its_own_and_ends_when_told(training: ImageTraining) -> None:
    assert training.ask(threading.get_ident) != threading.get_ident()
    training.play()
    training.close()
    training.close()
    assert not training.alive


def test_a_step_is_one_picture_and_a_batch_is_what_is_set(training: ImageTraining) -> None:
    training.step_once(1)
    training.step_once()
    training.set_settings(TrainingSettings(batch_size=7))
    training.step_once()
    settled(training)
    assert (training.progress.step, training.progress.examples) == (3, 28)


def test_it_stops_at_an_epoch_and_tells_how_far_it_is(
    training: ImageTraining, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(training.ended, timeout=SOON) as told:
        training.play(End(epoch=2))
    assert "epoch 2" in told.args[0]
    settled(training)
    assert training.progress.epoch == 2.0
    assert training.progress.examples == 1000
    assert len(training.progress.rows) == 50


def test_it_stops_at_an_accuracy(training: ImageTraining, qtbot: QtBot) -> None:
    with qtbot.waitSignal(training.ended, timeout=SOON) as told:
        training.play(End(accuracy=0.3))
    assert "Reached" in told.args[0]


def test_changes_are_marked_and_keep_weights_and_counts(training: ImageTraining) -> None:
    training.step_once()
    before = training.ask(training.network.parameters.copy)
    training.set_settings(TrainingSettings(lr=0.5, dropout=0.25, l1=0.01))
    training.set_settings(TrainingSettings(optimizer="adam", lr=0.001, momentum=0.9, l2=0.0))
    settled(training)
    assert np.array_equal(before, training.ask(training.network.parameters.copy))
    assert [mark.step for mark in training.progress.marks] == [1, 1]
    worker = training._worker
    assert worker.trainer.optimizer.kind == "adam"
    assert worker.trainer.steps == 1


def test_dropout_is_live_and_comes_back_as_it_was_written(training: ImageTraining) -> None:
    layer = next(layer for layer in training.network.layers if layer.kind == "dropout")
    training.set_settings(TrainingSettings(dropout=0.1))
    settled(training)
    assert layer.probability == 0.1
    training.step_once()
    training.set_settings(TrainingSettings(dropout=None))
    settled(training)
    assert layer.probability == 0.5


def test_another_network_keeps_the_optimizer_and_its_numbers(training: ImageTraining) -> None:
    training.set_settings(TrainingSettings(optimizer="nesterov", lr=0.02, momentum=0.8, l2=0.5))
    training.load(nn.Network.from_text(TEXT.replace("16", "8")))
    settled(training)
    optimizer = training._worker.trainer.optimizer
    assert (optimizer.kind, optimizer.lr, optimizer.momentum) == ("nesterov", 0.02, 0.8)
    training.step_once()
    settled(training)
    assert training.progress.decay_loss > 0


def test_pictures_that_do_not_fit_the_network_are_let_go(training: ImageTraining) -> None:
    colour = nn.Network.from_text(TEXT.replace("24x24x1", "24x24x3"))
    training.load(colour)
    training.play()
    training.want_look()
    training.step_once()
    settled(training)
    assert training.progress.step == 0
    assert training.look is None
    assert not training.running


def test_a_look_is_of_the_pinned_picture_until_it_follows_again(
    training: ImageTraining, drawn: Dataset
) -> None:
    x = np.full((1, 1, 24, 24), 0.25, np.float32)
    training.pin(x, label=-1)
    settled(training)
    pinned = training.look
    assert pinned is not None
    assert np.array_equal(pinned.inspection.activations[0], x[0])
    assert pinned.label == int(training.network.predict(x).argmax())
    training.step_once()
    training.follow()
    settled(training)
    assert training.look is not None
    assert 0 <= training.look.row < len(drawn)


def test_looking_takes_a_small_part_of_the_time_however_often_it_is_asked_for(
    training: ImageTraining, qtbot: QtBot
) -> None:
    training.play()
    looks = 0
    seen = None
    steps = training.progress.step

    def ask() -> bool:
        nonlocal looks, seen
        training.want_look()
        if training.look is not seen:
            seen, looks = training.look, looks + 1
        return training.progress.step > steps + 300

    qtbot.waitUntil(ask, timeout=SOON)
    assert looks < 150  # a look costs more than a step of this network; all were asked for


def test_the_newest_trial_is_answered(training: ImageTraining) -> None:
    for tone in (0.1, 0.9):
        training.try_picture(np.full((1, 1, 24, 24), tone, np.float32))
    settled(training)
    assert training.trial is not None
    assert training.trial.inspection.activations[0].max() == np.float32(0.9)


def test_watched_pictures_are_answered_over_the_views_that_are_set(
    training: ImageTraining, drawn: Dataset
) -> None:
    training.set_settings(TrainingSettings(views=4))
    training.watch(7, drawn.images[:5])
    settled(training)
    answers = training.wall
    assert answers is not None
    assert answers.key == 7
    assert answers.scores.shape == (5, 10)
    assert np.allclose(answers.scores.sum(axis=1), 1, atol=1e-5)


def test_a_run_away_is_told_and_the_weights_stay_finite(
    training: ImageTraining, qtbot: QtBot
) -> None:
    training.set_settings(TrainingSettings(optimizer="sgd", lr=1e30))
    with qtbot.waitSignal(training.diverged, timeout=SOON):
        training.play()
    settled(training)
    assert not training.running
    training.restore_last_good()
    assert np.isfinite(training.ask(training.network.parameters.copy)).all()


def test_no_pictures_no_training(training: ImageTraining) -> None:
    training.set_pictures(None, None)
    training.play()
    training.step_once()
    settled(training)
    assert not training.running
    assert training.progress.step == 0
