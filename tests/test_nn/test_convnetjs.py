"""ConvNetJS's file of a network, read and written, against ConvNetJS itself in Node."""

import json
import os
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nn
from nn.bench.convnet_peer import VARIABLE
from nn.formats import convnet_text, convnetjs
from nn.network import Network

PEER = Path(__file__).with_name("convnetjs_peer.js")
Ask = Callable[..., dict[str, Any]]
QUICK = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """One Node process with ConvNetJS, for all tests of this file."""
    folder, node = os.environ.get(VARIABLE, ""), shutil.which("node")
    if node is None or not (Path(folder) / "node_modules" / "convnetjs").is_dir():
        pytest.skip(f"Node, or ConvNetJS in the folder that {VARIABLE} names, is missing")
    with subprocess.Popen(
        [node, str(PEER), folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None

        def answer(x: np.ndarray, **request: Any) -> dict[str, Any]:
            """Ask for the outputs for ``x`` (N, C, H, W)."""
            inputs = x.transpose(0, 2, 3, 1).reshape(len(x), -1).tolist()
            peer.stdin.write(json.dumps({**request, "inputs": inputs}) + "\n")
            peer.stdin.flush()
            line = peer.stdout.readline()
            assert line, "ConvNetJS failed; its error stands above"
            return json.loads(line)

        yield answer


def pictures(shape: tuple[int, ...], count: int = 3) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, *shape)).astype(np.float32)


def assert_same(ours: np.ndarray, theirs: list[list[float]]) -> None:
    np.testing.assert_allclose(ours, np.array(theirs), rtol=1e-5, atol=1e-5)


# -- networks at random --------------------------------------------------------------------------


class Chain:
    """Layer definitions of ConvNetJS that fit on each other, drawn one by one."""

    def __init__(self, draw: st.DrawFn, whole_groups: bool) -> None:
        self.draw, self.whole_groups = draw, whole_groups
        self.sx, self.sy, self.depth = self.number(1, 9), self.number(1, 9), self.number(1, 4)
        self.defs: list[dict[str, Any]] = [
            {"type": "input", "out_sx": self.sx, "out_sy": self.sy, "out_depth": self.depth}
        ]
        self.dropped = False  # since the last layer with weights

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def picture_layer(self) -> None:
        kinds = ["conv", "conv", "pool", "relu", "maxout", "dropout"]
        kinds += [] if self.dropped else ["lrn", "sigmoid", "tanh"]
        kind = self.draw(st.sampled_from(kinds))
        if kind in ("conv", "pool"):
            self.window(kind)
        elif kind == "maxout":
            groups = [n for n in (2, 3) if self.depth % n == 0]
            if groups:
                self.add({"type": "maxout", "group_size": self.draw(st.sampled_from(groups))})
        elif kind == "dropout":
            self.dropout({"type": "dropout"})
        elif kind == "lrn":
            options = {name: self.number(1, 8) / 4 for name in ("alpha", "beta", "k")}
            self.add({"type": "lrn", "n": self.number(1, 6), **options})
        else:
            self.add({"type": kind})

    def window(self, kind: str) -> None:
        pad = self.number(0, 2)
        least = pad + 1 if kind == "pool" else 1
        sx, sy = (min(self.number(least, 5), n + 2 * pad) for n in (self.sx, self.sy))
        if min(sx, sy) < least:
            return
        stride = self.number(1, 3)
        found = {"type": kind, "sx": sx, "sy": sy, "stride": stride, "pad": pad}
        self.sx = (self.sx + 2 * pad - sx) // stride + 1
        self.sy = (self.sy + 2 * pad - sy) // stride + 1
        if kind == "pool":
            self.defs.append(found)
        else:
            self.weighted({**found, "filters": self.number(1, 6)}, "filters")

    def fully_connected(self) -> None:
        self.sx = self.sy = 1
        self.weighted({"type": "fc", "num_neurons": self.number(1, 9)}, "num_neurons")

    def weighted(self, found: dict[str, Any], name: str) -> None:
        self.depth, self.dropped = found[name], False
        activation = self.draw(st.sampled_from([None, "relu", "sigmoid", "tanh", "maxout"]))
        if activation == "maxout":
            group = self.number(2, 3)
            if self.depth < group or (self.whole_groups and self.depth % group):
                activation = None
            else:
                found["group_size"], self.depth = group, self.depth // group
        if activation:
            found["activation"] = activation
        if self.draw(st.integers(0, 3)) == 0:
            self.dropout(found)
        else:
            self.defs.append(found)

    def dropout(self, found: dict[str, Any]) -> None:
        self.defs.append({**found, "drop_prob": self.number(1, 9) / 10})
        self.dropped = True

    def add(self, found: dict[str, Any]) -> None:
        self.depth //= found.get("group_size", 1)
        self.defs.append(found)


@st.composite
def definitions(draw: st.DrawFn, whole_groups: bool = False) -> list[dict[str, Any]]:
    """A list for ``net.makeLayers``; maxout groups may leave a rest unless ``whole_groups``."""
    chain = Chain(draw, whole_groups)
    for _ in range(draw(st.integers(0, 5))):
        chain.picture_layer()
    for _ in range(draw(st.integers(0, 2))):
        chain.fully_connected()
    kind, count = draw(st.sampled_from(["softmax", "svm", "regression"])), draw(st.integers(1, 5))
    name = "num_neurons" if kind == "regression" else "num_classes"
    return [*chain.defs, {"type": kind, name: count}]


@settings(QUICK, max_examples=200)
@given(defs=definitions(), seed=st.integers(1, 10**6))
def test_a_network_of_convnetjs_predicts_the_same_here(
    ask: Ask, tmp_path: Path, defs: list[dict[str, Any]], seed: int
) -> None:
    first = defs[0]
    x = pictures((first["out_depth"], first["out_sy"], first["out_sx"]))
    told = ask(x, defs=defs, seed=seed)
    path = tmp_path / "net.json"
    path.write_text(json.dumps(told["net"]))
    assert_same(nn.load(path).predict(x), told["outputs"])


@settings(QUICK, max_examples=200)
@given(defs=definitions(whole_groups=True), seed=st.integers(1, 10**6))
def test_a_network_of_ours_predicts_the_same_in_convnetjs(
    ask: Ask, tmp_path: Path, defs: list[dict[str, Any]], seed: int
) -> None:
    network = random_network(convnet_text.to_network_text(json.dumps(defs)), seed)
    assert_predicts_the_same_there(network, ask, tmp_path)


def random_network(text: str, seed: int = 1) -> Network:
    network = Network.from_text(text, seed)
    rng = np.random.default_rng(seed)
    for _, spec, parameter in network.specs():
        if spec.name == "bias":
            parameter.data[...] = rng.normal(size=spec.shape)
    return network


def assert_predicts_the_same_there(network: Network, ask: Ask, folder: Path) -> None:
    """Also that the file comes back with weights that are the same bit for bit."""
    x, path = pictures(network.input_shape), folder / "net.json"
    network.save(path, format="convnetjs")
    back = nn.load(path)
    np.testing.assert_array_equal(back.parameters, network.parameters)
    assert (back.class_names, back.loss.kind) == (network.class_names, network.loss.kind)
    told = ask(x, net=json.loads(path.read_text()))
    assert_same(network.predict(x), told["outputs"])


# -- cases by name -------------------------------------------------------------------------------

OURS = {
    "one pixel": "input 1x1x1\nflatten\ndense 2\nloss softmax",
    "one pixel in colour": "input 1x1x3\nflatten\ndense 4\nmaxout 2\nloss hinge",
    "colour, wider than high": "input 4x9x3\nconv 3x5 x4 pad 1 stride 2\nflatten\ndense 3\n"
    "loss squared_error",
    "pooling over the border": "input 7x5x2\npool 3 pad 1 stride 2\nflatten\ndense 3\nloss softmax",
    "pooling that leaves a rest": "input 8x9x2\npool 3x2 stride 3\nflatten\ndense 3\nloss softmax",
    "activations after flatten": "input 3x4x2\nflatten\nrelu\ntanh\ndropout 0.3\ndense 2\n"
    "loss softmax",
    "dropout far from the weights": "input 5x5x2\nconv 2x2 x4\ndropout 0.2\nrelu\npool 2\n"
    "maxout 2\nflatten\ndropout 0.7\ndense 3\nloss softmax",
    "dropout of nothing": "input 3x3x1\nflatten\ndropout 0\ntanh\ndense 2\nloss softmax",
    "outputs through a sigmoid": "input 6x6x1\nflatten\ndense 5 sigmoid\ndense 2 sigmoid\n"
    "loss squared_error",
    "no fully connected layer": "input 4x4x3\nconv 4x4 x3\nflatten\nloss softmax",
    "one map as outputs": "input 4x3x3\nconv 2x2 x1\nflatten\nloss hinge",
    "no weights at all": "input 1x1x3\nflatten\nloss softmax",
}


@pytest.mark.parametrize("name", OURS)
def test_special_networks_of_ours_predict_the_same_in_convnetjs(
    name: str, ask: Ask, tmp_path: Path
) -> None:
    assert_predicts_the_same_there(random_network(OURS[name]), ask, tmp_path)


@pytest.mark.parametrize("name", nn.presets.ALL_NAMES)
def test_every_preset_goes_to_convnetjs_or_says_which_layer_does_not(
    name: str, ask: Ask, tmp_path: Path
) -> None:
    network = nn.presets.build(name)
    foreign = [layer for layer in network.layers if layer.kind in ("batchnorm", "leaky_relu")]
    if foreign:
        with pytest.raises(ValueError, match=f"no layer like '{foreign[0].to_text()}'"):
            convnetjs.save(network, tmp_path / "net.json")
    else:
        assert_predicts_the_same_there(network, ask, tmp_path)


SMALL = "input 2x3x2\nconv 2x2 x3 relu\nflatten\ndense 2\nloss softmax"


def test_class_names_come_back(tmp_path: Path) -> None:
    network = Network.from_text(SMALL, class_names=["Katze", "犬"])
    network.save(tmp_path / "net.json", format="convnetjs")
    assert nn.load(tmp_path / "net.json").class_names == ["Katze", "犬"]


def test_weights_stand_in_the_order_row_column_channel(tmp_path: Path) -> None:
    network = Network.from_text("input 2x3x2\nconv 2x3 x1\nflatten\nloss hinge")
    network.parameters[:] = range(13)  # channel by channel: 0 to 5, 6 to 11; the bias is 12
    convnetjs.save(network, tmp_path / "net.json")
    saved = json.loads((tmp_path / "net.json").read_text())["layers"][1]
    assert saved["filters"] == [
        {"sx": 3, "sy": 2, "depth": 2, "w": [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]}
    ]
    assert saved["biases"]["w"] == [12]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("conv 2x2 x2\navgpool 2", "no layer like 'avgpool 2'"),
        ("conv 2x2 x2\nbatchnorm", "no layer like 'batchnorm'"),
        ("leaky_relu 0.1", "no layer like 'leaky_relu 0.1'"),
        ("softmax", "no layer like 'softmax'"),
        ("lrn 4", "no layer like 'lrn 4'"),
        ("conv 2x2 x2 stride 1x2", "no layer like 'conv 2x2 x2 stride 1x2'"),
        ("conv 2x2 x2 pad 0x1", "no layer like 'conv 2x2 x2 pad 0x1'"),
        ("pool 2x1", "no layer like 'pool 2x1'"),
        ("dropout 0.5\ntanh", "dropout should stand right before a conv or fully connected"),
        ("flatten\nmaxout 2", "'maxout 2' should stand before 'flatten'"),
    ],
)
def test_what_convnetjs_does_not_have_is_named_and_nothing_is_written(
    line: str, message: str, tmp_path: Path
) -> None:
    network = Network.from_text(f"input 4x4x2\n{line}\nflatten\ndense 2\nloss softmax")
    with pytest.raises(ValueError, match=message):
        convnetjs.save(network, tmp_path / "net.json")
    assert not list(tmp_path.iterdir())


def test_outputs_whose_order_would_change_are_refused(tmp_path: Path) -> None:
    network = Network.from_text("input 3x3x1\nconv 2x2 x2\nflatten\nloss softmax")
    with pytest.raises(ValueError, match="outputs should come from a fully connected layer"):
        convnetjs.save(network, tmp_path / "net.json")


def test_a_network_that_has_blown_up_is_not_written(tmp_path: Path) -> None:
    network = Network.from_text(SMALL)
    network.parameters[3] = np.nan
    with pytest.raises(ValueError, match="no finite numbers"):
        convnetjs.save(network, tmp_path / "net.json")


# -- bad files -----------------------------------------------------------------------------------


def saved_network() -> dict[str, Any]:
    return convnetjs.to_document(Network.from_text(SMALL))


@pytest.mark.parametrize(
    "document", [[], None, 3, {}, {"layers": [3]}, {"layers": {"0": 1}}, {"layers": [{}]}]
)
def test_what_is_no_network_of_convnetjs_is_refused(document: Any, tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text(json.dumps(document))
    with pytest.raises(ValueError, match=r'net\.json: .* expected an object with "layers"'):
        convnetjs.load(tmp_path / "net.json")


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ((), [], "there is no layer in it"),
        ((0, "out_sx"), "3", "layer 1: out_sx should be a whole number, got '3'"),
        ((0, "out_sx"), 10**400, "layer 1: out_sx should be a whole number"),
        ((0, "out_depth"), None, "layer 1: out_depth or depth is missing"),
        ((0, "layer_type"), "relu", "the first layer should be of type 'input'"),
        ((1, "layer_type"), "quadtransform", "layer 2: type 'quadtransform' has no counterpart"),
        ((1, "layer_type"), [[[{}]]], "layer 2: type .* has no counterpart"),
        ((1, "stride"), 0, "stride"),
        ((1, "stride"), True, "layer 2: stride should be a whole number, got True"),
        ((1, "sx"), 60_000, "60000"),
        ((1, "sx"), 3, r'layer 2 \(conv\): "out_sx" should be 1'),
        ((1, "sx"), 4, r"layer 2 \(conv\): conv kernel 2x4 .* does not fit into a 2x3 picture"),
        ((1, "out_depth"), 4, r'layer 2 \(conv\): "filters" must be a list of 4'),
        ((1, "out_depth"), 65536, r'layer 2 \(conv\): "filters" must be a list of 65536'),
        ((1, "filters"), {}, r'layer 2 \(conv\): "filters" must be a list of 3'),
        ((1, "filters", 1), None, r'layer 2 \(conv\): "filter 2" must be a list of numbers'),
        ((1, "filters", 1, "w"), [0.0] * 7, '"filter 2" must hold 8 numbers, got 7'),
        ((1, "filters", 1, "w"), {"0": 1, "x": 2}, '"filter 2" must hold numbers only'),
        ((1, "filters", 1, "w", 0), "1", '"filter 2" must hold numbers only'),
        ((1, "filters", 1, "w", 0), None, '"filter 2" must hold numbers only'),
        ((1, "filters", 1, "w", 0), 1e300, '"filter 2" must hold finite numbers'),
        ((1, "filters", 1, "w", 0), float("nan"), "finite numbers, got NaN"),
        ((1, "biases"), [1, 2, 3], r'layer 2 \(conv\): "biases" must be a list of numbers'),
        ((3, "out_depth"), 65536, r'layer 4 \(fc\): "filters" must be a list of 65536'),
        ((4, "layer_type"), "relu", "the last line should be the loss"),
        ((3, "layer_type"), "softmax", "nothing may follow the loss"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_file_is_named_with_what_is_wrong(
    place: tuple[Any, ...], value: Any, message: str, tmp_path: Path
) -> None:
    document = saved_network()
    part: Any = document
    *way, last = ("layers", *place)
    for name in way:
        part = part[name]
    part[last] = value
    path = tmp_path / "net.json"
    path.write_text(json.dumps(document))
    with pytest.raises(
        ValueError, match=rf"^net\.json: no ConvNetJS network to go on with: .*{message}"
    ) as told:
        convnetjs.load(path)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 300


@pytest.mark.parametrize("names", ["ab", ["a"], [1, 2], {"a": 1, "b": 2}])
def test_class_names_that_do_not_fit_are_refused(names: Any, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(json.dumps({**saved_network(), "class_names": names}))
    with pytest.raises(ValueError, match=r"^net\.json: .*class_names"):
        convnetjs.load(path)


def test_shapes_that_promise_much_take_no_memory(tmp_path: Path) -> None:
    document = saved_network()
    document["layers"][0] |= {"out_sx": 4096, "out_sy": 4096, "out_depth": 4096}
    for layer in document["layers"][1:3]:
        layer |= {"out_sx": 4095, "out_sy": 4095, "out_depth": 65536}
    path = tmp_path / "net.json"
    path.write_text(json.dumps(document))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"^net\.json: "):
            convnetjs.load(path)
        assert tracemalloc.get_traced_memory()[1] < 64_000_000  # half of it to read the file
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "alpha_beta_k", [(0.5, 0.75, 2.0), (1e-4, 0.5, 1.0), (0.123456789012, 0.6, 1.5)]
)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 8])
def test_local_normalisation_reads_as_convnetjs_means_it(
    n: int, alpha_beta_k: tuple[float, ...], ask: Ask, tmp_path: Path
) -> None:
    defs = [
        {"type": "input", "out_sx": 2, "out_sy": 3, "out_depth": 5},
        {"type": "lrn", "n": n, **dict(zip(("alpha", "beta", "k"), alpha_beta_k, strict=True))},
        {"type": "softmax", "num_classes": 3},
    ]
    x = pictures((5, 3, 2))
    told = ask(x, defs=defs, seed=1)
    (tmp_path / "net.json").write_text(json.dumps(told["net"]))
    assert_same(nn.load(tmp_path / "net.json").predict(x), told["outputs"])


def numbers_or_junk() -> st.SearchStrategy[Any]:
    single = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    return st.recursive(
        single,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
        ),
        max_leaves=8,
    )


@settings(QUICK, max_examples=300)
@given(data=st.data())
def test_a_file_with_junk_anywhere_in_it_loads_or_is_refused_in_one_sentence(
    data: st.DataObject, tmp_path: Path
) -> None:
    document = saved_network()
    part: Any = document
    while True:  # walk to somewhere in the document
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.booleans()):
            break
        part = part[key]
    if data.draw(st.booleans()):
        part[key] = data.draw(numbers_or_junk())
    else:
        del part[key]
    path = tmp_path / "net.json"
    path.write_text(json.dumps(document))
    refused = ""
    try:
        assert convnetjs.load(path).predict(pictures((2, 2, 3), 1)).shape == (1, 2)
    except ValueError as error:
        refused = str(error)
    assert "\n" not in refused
    assert refused == "" or refused.startswith("net.json: no ConvNetJS network to go on with: ")
