"""Files of weights alone."""

import json

import numpy as np
import pytest

import nn
from nn.formats import weights
from nn.presets import build


def test_a_flat_list_goes_out_and_comes_back_to_the_bit(tmp_path):
    network = build("badger", seed=5)
    weights.save(network, tmp_path / "w.json")
    numbers = json.loads((tmp_path / "w.json").read_text())
    assert len(numbers) == 2546
    other = build("badger", seed=6)
    before = other.parameters.copy()
    found = weights.load(tmp_path / "w.json", other)
    assert np.array_equal(found.parameters, network.parameters)
    assert np.array_equal(other.parameters, before)
    assert found.class_names == other.class_names


def test_the_order_is_layer_by_layer_weight_before_bias(tmp_path):
    (tmp_path / "w.json").write_text(json.dumps(list(range(2546))))
    network = weights.load(tmp_path / "w.json", build("badger"))
    found = [p.data for layer in network.layers for p in layer.parameters()]
    assert [p.shape for p in found] == [(8, 3, 3, 3), (8,), (16, 8, 3, 3), (16,), (2, 576), (2,)]
    assert found[0].ravel().tolist() == list(range(216))
    assert found[0][1, 0, 0, 0] == 27
    assert found[1].tolist() == list(range(216, 224))
    assert found[-1].tolist() == [2544, 2545]


def test_a_list_of_another_length_is_refused_with_both_numbers(tmp_path):
    (tmp_path / "w.json").write_text("[0.5, 1]")
    with pytest.raises(ValueError, match=r"w\.json: holds 2 weights, but .* has 2,546"):
        weights.load(tmp_path / "w.json", build("badger"))


def test_a_file_that_tells_its_network_gives_that_network(tmp_path):
    network = build("sketch", seed=1)
    network.save(tmp_path / "n.json")
    found = weights.load(tmp_path / "n.json", build("badger"))
    assert str(found) == str(network)
    assert np.array_equal(found.parameters, network.parameters)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "not a file of weights"),
        ("{", "not a file of weights"),
        ("[" * 100_000, "not a file of weights"),
        ("{}", "not a network file"),
        ("3", "not a network file"),
        (json.dumps([1] * 2545 + ["x"]), "must hold numbers only"),
        (json.dumps([1] * 2545 + [True]), "must hold numbers only"),
        (json.dumps([1] * 2545 + [1e300]), "must hold finite numbers"),
        (json.dumps([1] * 2545 + [10**400]), "not a file of weights"),
        (json.dumps([1] * 2545)[:-1] + ", NaN]", "finite numbers, got NaN"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence_that_names_it(tmp_path, content, reason):
    (tmp_path / "w.json").write_text(content)
    with pytest.raises(ValueError, match=reason) as caught:
        weights.load(tmp_path / "w.json", build("badger"))
    assert "w.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_said_about_a_network_is_kept_beside_it(tmp_path):
    network = build("sketch", seed=1)
    nn.formats.json_file.save(network, tmp_path / "n.json", {"trained_on": "crosses"})
    found, about = nn.formats.json_file.load_with_about(tmp_path / "n.json")
    assert np.array_equal(found.parameters, network.parameters)
    assert about == {"trained_on": "crosses"}
    assert np.array_equal(nn.load(tmp_path / "n.json").parameters, network.parameters)
    network.save(tmp_path / "plain.json")
    assert nn.formats.json_file.load_with_about(tmp_path / "plain.json")[1] == {}
