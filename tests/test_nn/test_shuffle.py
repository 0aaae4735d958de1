"""Rows in a random order that can be saved, and the generators that make it."""

import json

import numpy as np
import pytest

from nn import generators
from nn.shuffle import MOST_ROWS, Shuffle


def rows(shuffle: Shuffle, count: int) -> list[int]:
    return [next(shuffle) for _ in range(count)]


def test_every_row_comes_once_an_epoch_in_another_order_each_time() -> None:
    shuffle = Shuffle(50, seed=3)
    epochs = [rows(shuffle, 50) for _ in range(3)]
    assert all(sorted(epoch) == list(range(50)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]


def test_the_order_is_that_of_numpy_with_the_same_seed() -> None:
    random = np.random.default_rng(7)
    wanted = [*random.permutation(9), *random.permutation(9)]
    assert rows(Shuffle(9, seed=7), 18) == wanted


def test_taking_stops_where_an_epoch_ends() -> None:
    shuffle = Shuffle(10, seed=1)
    assert [len(shuffle.take(4)) for _ in range(6)] == [4, 4, 2, 4, 4, 2]
    assert shuffle.left == 0
    assert sorted([*shuffle.take(5), *shuffle.take(5)]) == list(range(10))


def test_it_tells_what_is_left_of_the_epoch() -> None:
    shuffle = Shuffle(3)
    found = [shuffle.left]
    for _ in range(4):
        next(shuffle)
        found.append(shuffle.left)
    assert found == [3, 2, 1, 0, 2]


def test_one_by_one_and_several_at_once_share_one_order() -> None:
    one, other = Shuffle(20, seed=2), Shuffle(20, seed=2)
    mixed = [*one.take(5), next(one), *one.take(14)]
    assert mixed == rows(other, 20)


def test_with_a_multiple_every_batch_is_whole() -> None:
    shuffle = Shuffle(11, seed=4, multiple=4)
    assert [len(shuffle.take(4)) for _ in range(6)] == [4] * 6
    assert [len(shuffle.take(100)) for _ in range(2)] == [8, 8]
    assert {row for _ in range(20) for row in shuffle.take(8)} == set(range(11))


@pytest.mark.parametrize("done", [0, 1, 12, 13, 26, 40])
def test_a_resumed_shuffle_goes_on_as_the_old_one(done: int) -> None:
    shuffle = Shuffle(13, seed=5)
    rows(shuffle, done)
    again = Shuffle.resume(json.loads(json.dumps(shuffle.state())))
    assert again.left == shuffle.left
    assert rows(again, 60) == rows(shuffle, 60)


def test_rows_taken_but_not_used_come_again() -> None:
    shuffle = Shuffle(30, seed=6, multiple=3)
    shuffle.take(30)
    chunk = shuffle.take(12)
    again = Shuffle.resume(shuffle.state(unused=9))
    assert np.array_equal(again.take(9), chunk[3:])
    assert rows(again, 40) == rows(shuffle, 40)


@pytest.mark.parametrize(("count", "multiple"), [(0, 1), (5, 0), (5, 6), (MOST_ROWS + 1, 1)])
def test_counts_out_of_range_are_refused(count: int, multiple: int) -> None:
    with pytest.raises(ValueError, match=f"got {count} and {multiple}"):
        Shuffle(count, 0, multiple)


@pytest.mark.parametrize(
    "change",
    [
        {"count": 10**18},
        {"count": 0},
        {"count": "13"},
        {"count": True},
        {"multiple": 14},
        {"taken": -1},
        {"taken": 14},
        {"taken": 1.0},
        {"generator": None},
        {"generator": {}},
        {"generator": {"state": 1, "inc": 1, "has_uint32": 0, "uinteger": 1 << 32}},
        {"generator": {"state": 1 << 128, "inc": 1, "has_uint32": 0, "uinteger": 0}},
        {"generator": {"state": -1, "inc": 1, "has_uint32": 0, "uinteger": 0}},
        {"generator": {"state": 0.5, "inc": 1, "has_uint32": 0, "uinteger": 0}},
    ],
)
def test_a_state_that_does_not_fit_is_refused_in_a_sentence(change: dict) -> None:
    with pytest.raises(ValueError, match=r"^a (shuffle|random generator)") as caught:
        Shuffle.resume({**Shuffle(13).state(), **change})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [None, [], 3, "x", {}])
def test_what_is_no_state_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="a shuffle's state must hold whole numbers"):
        Shuffle.resume(value)


def test_a_generator_goes_on_after_a_half_used_draw() -> None:
    generator = np.random.default_rng(1)
    generator.random(3, dtype=np.float32)  # 32 bits of a 64-bit draw are kept for the next
    again = generators.from_json(json.loads(json.dumps(generators.to_json(generator))))
    assert np.array_equal(again.random(5, np.float32), generator.random(5, np.float32))
    assert np.array_equal(again.permutation(9), generator.permutation(9))
