"""ONNX files: onnxruntime predicts the same from them, and a viewer finds all names and shapes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import layers
from nn.formats import onnx as onnx_file
from nn.losses import SquaredError
from nn.network import Network
from tests.test_nn import exported
from tests.test_nn.test_gradients import chains

onnx: Any = pytest.importorskip("onnx", reason="onnx, which checks the files, is missing")
runtime: Any = pytest.importorskip("onnxruntime", reason="onnxruntime, the peer, is missing")

TEXT = """
    input 9x8x3
    conv 3x3 x6 pad 1 relu
    lrn 4
    batchnorm
    pool 3 pad 1 stride 2
    maxout 2
    dropout 0.25
    flatten
    dense 4
    loss softmax"""


def run(network: Network, x: np.ndarray) -> dict[str, np.ndarray]:
    """What onnxruntime makes of a network's file, after the checker has read all of it."""
    content = onnx_file.model(network)
    onnx.checker.check_model(content, full_check=True)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"input": x}), strict=True))


def assert_predicts_the_same(network: Network, x: np.ndarray) -> None:
    found = run(network, x)
    if network.loss.kind == "softmax":
        assert list(found) == ["logits", "probabilities"]
        exported.assert_same(found["probabilities"], network.predict(x))
    else:
        assert list(found) == ["scores"]
    exported.assert_same(next(iter(found.values())), network.outputs(x))


@pytest.mark.parametrize("text", exported.TEXTS)
def test_onnxruntime_predicts_the_same(text: str) -> None:
    network = exported.random_network(text)
    assert_predicts_the_same(network, exported.random_pictures(network))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(chains(), st.integers(1, 5), st.integers(0, 1000))
def test_onnxruntime_predicts_the_same_from_a_random_chain(
    text: str, batch: int, seed: int
) -> None:
    try:
        network = exported.random_network(text, seed)
    except ValueError:
        return  # layers that do not fit on each other
    assert_predicts_the_same(network, exported.random_pictures(network, batch, seed))


def test_every_layer_is_among_those_compared() -> None:
    compared = {layer.kind for text in exported.TEXTS for layer in Network.from_text(text).layers}
    classes = [getattr(layers, name) for name in layers.__all__]
    assert compared == {kind.kind for kind in classes if hasattr(kind, "kind")}


def test_the_shipped_networks_see_the_same_in_real_pictures(real_data: Path) -> None:
    for network, pictures in exported.shipped(real_data):
        assert_predicts_the_same(network, pictures)
        found = run(network, pictures)["probabilities"]
        np.testing.assert_array_equal(found.argmax(1), network.predict(pictures).argmax(1))


def test_a_network_in_float64_is_written_as_float32() -> None:
    network = exported.random_network(TEXT)
    x = exported.random_pictures(network)
    exported.assert_same(run(network.astype(np.float64), x)["logits"], network.outputs(x))


def test_one_file_takes_any_number_of_pictures() -> None:
    network = exported.random_network(TEXT)
    for count in (1, 7):
        assert_predicts_the_same(network, exported.random_pictures(network, count))


# -- what a viewer shows -----------------------------------------------------------------------


def shapes(values: Any) -> dict[str, list[int | str]]:
    return {
        value.name: [size.dim_param or size.dim_value for size in value.type.tensor_type.shape.dim]
        for value in values
    }


def test_nodes_and_weights_are_called_after_their_layers() -> None:
    graph = onnx.load_from_string(onnx_file.model(exported.random_network(TEXT))).graph
    nodes = {node.name: node for node in graph.node}
    assert [name for name in nodes if "." not in name] == [
        *("conv1", "relu1", "lrn1", "batchnorm1", "maxpool1", "maxout1", "dropout1"),
        *("flatten1", "dense1", "probabilities"),
    ]
    assert nodes["maxpool1"].doc_string == "pool 3 pad 1 stride 2"
    assert list(nodes["dense1"].input) == ["flatten1", "dense1.weight", "dense1.bias"]
    weights = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    assert weights["conv1.weight"] == [6, 3, 3, 3]
    assert weights["batchnorm1.mean"] == [6]


def test_the_weights_are_those_of_the_network() -> None:
    network = exported.random_network(TEXT)
    graph = onnx.load_from_string(onnx_file.model(network)).graph
    (kernel,) = [tensor for tensor in graph.initializer if tensor.name == "conv1.weight"]
    wanted = network.layers[0].parameters()[0].data
    np.testing.assert_array_equal(onnx.numpy_helper.to_array(kernel), wanted)


def test_every_tensor_has_the_shape_that_onnx_works_out_itself() -> None:
    model = onnx.load_from_string(onnx_file.model(exported.random_network(TEXT)))
    graph = model.graph
    assert shapes(graph.input) == {"input": ["batch", 3, 9, 8]}
    assert shapes(graph.output) == {"logits": ["batch", 4], "probabilities": ["batch", 4]}
    told = shapes(graph.value_info)
    outputs = {name for node in graph.node for name in node.output}
    assert set(told) == outputs - {"logits", "probabilities"}
    assert told["maxpool1"] == ["batch", 6, 5, 4]
    del graph.value_info[:]
    found = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    assert shapes(found.graph.value_info) == told


def test_class_names_stand_in_the_file_whatever_is_in_them() -> None:
    names = ['the "X"', "Ö\n", "日本", "\x00"]
    network = Network.from_text("input 1x1x4\nflatten\nloss softmax", class_names=names)
    model = onnx.load_from_string(onnx_file.model(network))
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(metadata["class_names"]) == names
    assert metadata["network"] == network.to_text()
    assert model.producer_name == "Brightwire"
    assert 'the "X", Ö' in model.doc_string
    assert 'the "X", Ö' in model.graph.output[1].doc_string
    session = runtime.InferenceSession(model.SerializeToString())
    assert json.loads(session.get_modelmeta().custom_metadata_map["class_names"]) == names


def test_readers_of_2020_know_the_versions_and_the_same_network_gives_the_same_file(
    tmp_path: Path,
) -> None:
    network = exported.random_network(TEXT)
    for name in ("a.onnx", "b.onnx"):
        onnx_file.save(network, tmp_path / name)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
    model = onnx.load(tmp_path / "a.onnx")
    assert (model.ir_version, model.opset_import[0].version) == (7, 13)


def test_a_layer_that_onnx_files_do_not_know_is_named() -> None:
    network = Network((1, 1, 2), [layers.Flatten(), exported.Wave()], SquaredError())
    with pytest.raises(ValueError, match="the layer 'wave' can't be written as ONNX yet"):
        onnx_file.model(network)
