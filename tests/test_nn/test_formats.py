"""Files of networks: what is kept, and what a bad file is told."""

import json
from pathlib import Path

import numpy as np
import pytest

import nn
from nn.network import Network

TEXT = "input 4x4x1\nconv 3x3 x2\nbatchnorm\nflatten\ndense 3\nloss softmax"


def test_a_saved_network_comes_back_bit_for_bit(tmp_path: Path) -> None:
    network = Network.from_text(TEXT, seed=3, class_names=["a", "ö", "7"])
    trainer = nn.Trainer(network, nn.optimizers.SGD(0.1))
    rng = np.random.default_rng(0)
    x, y = rng.random((5, 1, 4, 4), dtype=np.float32), np.array([0, 1, 2, 0, 1])
    for _ in range(3):
        trainer.step(x, y)
    path = tmp_path / "net.json"
    network.save(path)
    back = nn.load(str(path))
    assert back.to_text() == network.to_text()
    assert back.class_names == network.class_names
    np.testing.assert_array_equal(back.parameters, network.parameters)
    np.testing.assert_array_equal(back.predict(x), network.predict(x))
    assert [p.name for p in tmp_path.iterdir()] == ["net.json"]


def test_training_goes_on_from_a_file_as_from_the_network(tmp_path: Path) -> None:
    text = TEXT.replace("dense 3", "dropout 0.5\ndense 3")
    network = Network.from_text(text, seed=3)
    network.save(tmp_path / "net.json")
    back = nn.load(tmp_path / "net.json")
    rng = np.random.default_rng(0)
    x, y = rng.random((30, 1, 4, 4), dtype=np.float32), rng.integers(0, 3, 30)
    for twin in (network, back):
        for _ in nn.Trainer(twin, nn.optimizers.Adam(), seed=9).fit(x, y):
            pass
    np.testing.assert_array_equal(back.parameters, network.parameters)


def test_an_old_file_stays_whole_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    network = Network.from_text(TEXT)
    network.save(path)
    before = path.read_bytes()
    network.class_names = [object()] * 3  # type: ignore[list-item]
    with pytest.raises(TypeError):
        network.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["net.json"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, 'expected an object with "format"'),
        ({"version": 2}, "a newer Brightwire has written it; update the app"),
        ({"version": -1}, "version must be 1, got -1"),
        ({"text": "input 4x4x1"}, '"text" must be a list of lines'),
        ({"text": ["input 4x4x1", "dense 2"]}, "line 2 \\('dense 2'\\)"),
        ({"class_names": [1, 2, 3]}, '"class_names" must be a list of texts'),
        ({"class_names": ["a"]}, "class_names must be 3 texts"),
        ({"parameters": [0.0]}, "the network has 51 parameters, but 1 are given"),
        ({"parameters": None}, "numbers, got nothing"),
        ({"parameters": [None] * 51}, '"parameters" must hold numbers only'),
        ({"parameters": [True] * 51}, '"parameters" must hold numbers only'),
        ({"parameters": [1e300] * 51}, '"parameters" must hold finite numbers'),
        ({"parameters": [float("nan")] * 51}, "it must hold finite numbers, got NaN"),
        ({"parameters": [10**400] * 51}, "finite numbers"),
        ({"state": {}}, '"state" must hold'),
        ({"state": {"2.mean": [0.0], "2.var": [1.0, 1.0]}}, '"2.mean" must be a list of 2'),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, change: dict, message: str) -> None:
    path = tmp_path / "net.json"
    Network.from_text(TEXT).save(path)
    document = json.loads(path.read_text())
    assert len(document["parameters"]) == 51
    path.write_text(json.dumps({**document, **change}))
    with pytest.raises(ValueError, match=f"net.json: not a network file: .*{message}"):
        nn.load(path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_what_is_no_json_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.json"
    path.write_bytes(content)
    with pytest.raises(
        ValueError, match=r"^net\.json: (not a network file|not a file|holds)"
    ) as told:
        nn.load(path)
    assert "\n" not in str(told.value)
