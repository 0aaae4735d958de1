"""Curves that stay short however long the training, settings that differ, axes that are round."""

import numpy as np
import pytest

from gui.chart import Axis, loss_range, short
from gui.image_history import History
from gui.image_settings import TrainingSettings, differences
from gui.optimizer_settings import MEMORY, OPTIMIZER_NAMES, defaults_of
from nn.optimizers import OPTIMIZERS


def test_a_history_keeps_every_step_while_there_is_room() -> None:
    history = History(room=8)
    for step in range(5):
        history.add(step, step / 2, 0.1, float("nan"))
    rows = history.rows()
    assert rows[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert rows[:, 1].tolist() == [0, 0.5, 1, 1.5, 2]
    assert np.isnan(rows[:, 3]).all()


def test_a_long_history_is_joined_by_means_and_stays_in_order() -> None:
    history = History(room=64)
    for step in range(10_000):
        history.add(step, float(step), 0.5, 0.25)
    rows = history.rows()
    assert 32 <= len(rows) <= 64
    assert (np.diff(rows[:, 0]) > 0).all()
    assert np.allclose(rows[:, 0], rows[:, 1])
    assert rows[0, 0] < 300
    assert rows[-1, 0] > 9_600
    assert np.allclose(rows[:, 2], 0.5)


def test_every_optimizer_of_the_engine_can_be_chosen_with_its_own_numbers() -> None:
    assert set(OPTIMIZER_NAMES) == set(OPTIMIZERS)
    for kind in OPTIMIZERS:
        lr, momentum = defaults_of(kind)
        made = TrainingSettings(optimizer=kind, lr=lr, momentum=momentum).build_optimizer()
        assert made.config() == OPTIMIZERS[kind]().config()
        if kind in MEMORY:
            assert getattr(made, MEMORY[kind]) == momentum


def test_differences_are_told_in_a_few_words() -> None:
    old = TrainingSettings()
    assert differences(old, old) == []
    new = TrainingSettings(lr=0.1, l2=0.0, flip=True, dropout=0.5, momentum=0.9)
    assert differences(old, new) == [
        "learning rate 1 → 0.1",
        "rho 0.95 → 0.9",
        "L2 0.001 → 0",
        "dropout as written → 0.5",
        "flip on",
    ]
    assert differences(old, TrainingSettings(optimizer="sgd", momentum=0.0)) == ["Adadelta → SGD"]


@pytest.mark.parametrize("log", [False, True])
def test_an_axis_reads_back_what_it_placed(log: bool) -> None:
    axis = Axis(0.01, 5.0, 200.0, -180.0, log)
    values = np.array([0.01, 0.3, 5.0])
    pixels = axis.place(values)
    assert pixels[0] == 200
    assert pixels[-1] == pytest.approx(20)
    assert [axis.value(pixel) for pixel in pixels] == pytest.approx(values.tolist())


def test_ticks_are_round_and_on_the_axis() -> None:
    assert Axis(0, 2.4, 0, 100).ticks(5) == pytest.approx([0, 0.5, 1, 1.5, 2])
    assert Axis(90, 100, 0, 100).ticks(2) == pytest.approx([90, 95, 100])
    assert Axis(0.003, 30, 0, 100, log=True).ticks(4) == pytest.approx([0.01, 0.1, 1, 10])


def test_a_wild_loss_does_not_flatten_the_curve() -> None:
    losses = np.append(np.ones(1000), 1e6)
    assert loss_range(losses, log=False)[1] < 2
    assert loss_range(np.array([np.nan]), log=True) == (0.01, 1.0)


def test_numbers_are_short() -> None:
    assert [short(v) for v in (0.0, 0.1234, 12.5, 1500, 12_000, 3e6, 1e-5, float("nan"))] == [
        "0", "0.123", "12.5", "1,500", "12k", "3M", "1e-5", "–",
    ]  # fmt: skip
