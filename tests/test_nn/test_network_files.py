"""Networks in files of all formats: what comes back, how a file is recognised, what is refused."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
from nn import cli, formats
from nn.formats import json_file, json_text, npz, npz_file, safetensors, tensors
from nn.network import Network

TEXT = (
    "input 5x6x2\nconv 3x2 x4\nbatchnorm\nleaky_relu 0.07\npool 2\nflatten\nmaxout 2\n"
    "dense 5 tanh\ndropout 0.3\nbatchnorm momentum 0.3\ndense 3\nloss softmax"
)
BACK = ("json", "npz", "safetensors")
"""Formats in which nothing is lost."""


@pytest.fixture
def network() -> Network:
    """A network that has learned a little."""
    made = Network.from_text(TEXT, seed=3, class_names=["a", "ö", "7 🦡"])
    rng = np.random.default_rng(0)
    trainer = nn.Trainer(made, nn.optimizers.Adam(0.01))
    for _ in range(5):
        trainer.step(rng.random((6, 2, 5, 6), np.float32), rng.integers(0, 3, 6))
    return made


def assert_same(found: Network, wanted: Network) -> None:
    assert found.to_text() == wanted.to_text()
    assert found.class_names == wanted.class_names
    assert found.parameters.dtype == wanted.parameters.dtype
    for name, values in tensors.arrays(wanted).items():
        assert tensors.arrays(found)[name].tobytes() == values.tobytes(), name
    x = np.random.default_rng(1).random((4, *wanted.input_shape)).astype(wanted.dtype)
    np.testing.assert_array_equal(found.predict(x), wanted.predict(x))


# -- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BACK)
def test_a_network_comes_back_bit_for_bit(name: str, network: Network, tmp_path: Path) -> None:
    path = tmp_path / f"net{formats.FORMATS[name].suffix}"
    network.save(path)
    assert_same(nn.load(path), network)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", BACK)
def test_the_content_tells_the_format_whatever_the_name(
    name: str, network: Network, tmp_path: Path
) -> None:
    path = tmp_path / "net.dat"
    network.save(path, format=name)
    assert_same(nn.load(path), network)
    path.replace(tmp_path / "net.json")
    assert_same(nn.load(tmp_path / "net.json"), network)


@pytest.mark.parametrize("name", ["npz", "safetensors"])
def test_float64_stays_float64(name: str, tmp_path: Path) -> None:
    path = tmp_path / "net"
    network = Network.from_text(TEXT, seed=1, dtype=np.float64)
    network.save(path, name)
    assert_same(nn.load(path), network)


@pytest.mark.parametrize("name", ["npz", "safetensors"])
def test_a_network_without_weights_can_be_kept(name: str, tmp_path: Path) -> None:
    network = Network.from_text("input 2x2x1\nflatten\nloss softmax")
    network.save(tmp_path / "net", name)
    assert_same(nn.load(tmp_path / "net"), network)


@pytest.mark.parametrize("name", formats.FORMATS)
def test_equal_networks_give_equal_bytes(name: str, tmp_path: Path) -> None:
    network = nn.presets.build("sketch", seed=4)
    for file in ("one", "two"):
        formats.save(network.copy(), tmp_path / file, name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_flat_list_goes_into_the_network_it_belongs_to_alone(tmp_path: Path) -> None:
    network, path = nn.presets.build("sketch", seed=4), tmp_path / "weights.json"
    network.save(path, "flat")
    assert len(json.loads(path.read_text())) == 470
    with pytest.raises(ValueError, match=r"weights\.json: holds 470 weights and not the network"):
        nn.load(path)
    found = formats.weights.load(path, nn.presets.build("sketch", seed=5))
    assert_same(found, network)


@pytest.mark.parametrize("name", [*BACK, "convnetjs"])
def test_half_a_character_in_a_name_does_not_make_a_file_that_can_not_be_read(
    name: str, tmp_path: Path
) -> None:
    network = nn.presets.build("badger")
    network.class_names = ["caf\udce9", "🦡"]
    network.save(tmp_path / "net", name)
    assert nn.load(tmp_path / "net").class_names in (["caf�", "🦡"], ["caf?", "🦡"])


# -- which format --------------------------------------------------------------------------------


def test_the_suffix_chooses_a_format_and_a_name_another(network: Network, tmp_path: Path) -> None:
    for form in formats.FORMATS.values():
        assert form.suffix.startswith(".")
        assert form.words
    network.save(tmp_path / "net.JSON")
    assert json.loads((tmp_path / "net.JSON").read_text())["format"] == "brightwire-network"
    network.save(tmp_path / "net.json", "flat")
    assert isinstance(json.loads((tmp_path / "net.json").read_text()), list)
    with pytest.raises(ValueError, match=r"net\.pkl: the suffix must be one of \.json, \.npz, .*"):
        network.save(tmp_path / "net.pkl")
    with pytest.raises(ValueError, match=r"format must be one of json, .*, got 'pickle'"):
        network.save(tmp_path / "net.json", "pickle")


def test_what_is_no_network_is_told_what_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(b"\x08\x08\x12\x02ab")
    with pytest.raises(ValueError, match=r"^net\.onnx: no network that can be read; those are j"):
        nn.load(path)
    (tmp_path / "x").write_text("hello")
    with pytest.raises(ValueError, match=r"^x: no network that can be read"):
        nn.load(tmp_path / "x")
    with pytest.raises(ValueError, match="folder"):
        nn.load(tmp_path)
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "missing.npz")


def test_formats_are_imported_when_they_are_used() -> None:
    code = "import nn.formats, sys; print([m for m in sys.modules if m.startswith('nn.formats.')])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ast.literal_eval(run.stdout) == ["nn.formats.reading"]


# -- files made to hurt --------------------------------------------------------------------------


def written(path: Path, name: str, arrays: dict, description: object) -> Path:
    if name == "npz":
        told = np.frombuffer(json_text.dump(description), np.uint8)
        path.write_bytes(npz.pack({npz_file.DESCRIPTION: told, **arrays}))
    else:
        path.write_bytes(safetensors.pack(arrays, description))
    return path


@pytest.mark.parametrize("name", ["npz", "safetensors"])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"1.weight": None}, r"1\.weight is missing"),
        ({"2.mean": None}, r"2\.mean is missing"),
        ({"1.weight": np.zeros(3, np.float32)}, r"1\.weight must be numbers of shape \(4, 2, 3, 2"),
        ({"1.bias": np.full(4, np.nan, np.float32)}, r"1\.bias must hold finite numbers"),
        ({"2.var": np.full(4, np.inf)}, r"2\.var must hold finite numbers"),
        ({"99.weight": np.zeros(1)}, r"the network has no '99\.weight'"),
        ({"text": "input 1x1x1\nflatten\ndense 60000\nloss softmax"}, r"1\.weight|2\.weight"),
        ({"text": "input 5x6x2\nhello"}, "line 2"),
        ({"text": "input 5x6x2\nflatten\ndense 3\nloss softmax"}, r"2\.weight must be"),
        ({"class_names": "{}"}, '"class_names" must be a list'),
        ({"class_names": "[1, 2, 3]"}, "class_names must be 3 texts"),
        ({"class_names": '["a"]'}, "class_names must be 3 texts"),
        ({"class_names": "["}, "damaged or cut off"),
        ({"version": "2"}, "a newer Brightwire has written it"),
        ({"format": "pt"}, "doesn't describe the network they belong to"),
        ({"text": None}, '"text" and "class_names" must be texts'),
    ],
)
def test_what_does_not_fit_together_is_refused_in_a_sentence(
    name: str, change: dict, message: str, network: Network, tmp_path: Path
) -> None:
    arrays = {**tensors.arrays(network), **{k: v for k, v in change.items() if k[0].isdigit()}}
    told = {**tensors.description(network), **{k: v for k, v in change.items() if k[0].isalpha()}}
    path = written(
        tmp_path / "net.dat",
        name,
        {key: values for key, values in arrays.items() if values is not None},
        {key: text for key, text in told.items() if text is not None},
    )
    with pytest.raises(ValueError, match=rf"^net\.dat: not a network file: .*{message}") as caught:
        nn.load(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["npz", "safetensors"])
def test_a_file_cut_off_anywhere_is_refused(name: str, tmp_path: Path) -> None:
    whole, cut = tmp_path / "net", tmp_path / f"cut.{name}"
    Network.from_text("input 2x2x1\nflatten\ndense 2\nloss softmax").save(whole, name)
    content = whole.read_bytes()
    for length in range(len(content)):
        cut.write_bytes(content[:length])
        with pytest.raises(ValueError, match=rf"^cut\.{name}: not a network file: "):
            nn.load(cut)


def safe(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def tensor(**change: object) -> dict:
    return {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **change}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "cut off, or no safetensors"),
        (b"\0" * 8, "cut off, or no safetensors"),
        (b"\xff" * 20, "cut off, or no safetensors"),
        ((1 << 60).to_bytes(8, "little") + b"{}", "cut off, or no safetensors"),
        (safe(b"[]"), "header must be an object"),
        (safe(b"{ "), "damaged or cut off"),
        (safe(b'{"a":' * 200), "nested too deeply"),
        (safe({"__metadata__": []}), "metadata must be texts"),
        (safe({"__metadata__": {"a": 1}}), "metadata must be texts"),
        (safe({"a": 1}), "must be F64, F32, F16 with a shape"),
        (safe(tensor(dtype="I64"), b"\0" * 8), "must be F64, F32, F16 with a shape"),
        (safe(tensor(dtype=["F32"]), b"\0" * 8), "must be F64, F32, F16 with a shape"),
        (safe(tensor(more=1), b"\0" * 8), "must be F64, F32, F16 with a shape"),
        (safe(tensor(shape=[-2]), b"\0" * 8), "must have a shape and offsets"),
        (safe(tensor(shape=[2.0]), b"\0" * 8), "must have a shape and offsets"),
        (safe(tensor(shape=[1] * 40), b"\0" * 8), "must have a shape and offsets"),
        (safe(tensor(data_offsets=[0]), b"\0" * 8), "must have a shape and offsets"),
        (safe(tensor(data_offsets=[8, 0]), b"\0" * 8), "not as large as it says"),
        (safe(tensor(shape=[1 << 40, 1 << 40]), b"\0" * 8), "not as large as it says"),
        (safe(tensor(data_offsets=[1, 9]), b"\0" * 9), "not as large as it says"),
        (safe({**tensor(), "b": tensor()["a"]}, b"\0" * 8), "not as large as it says"),
        (safe(tensor(), b"\0" * 7), "cut off, or has more in it"),
        (safe(tensor(), b"\0" * 9), "cut off, or has more in it"),
        (safe(tensor(), b"\0" * 8), "doesn't describe the network"),
    ],
)
def test_a_bad_safetensors_file_is_refused_in_a_sentence(
    content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"^net\.safetensors: not a network file: .*{message}"):
        nn.load(path)


def test_json_without_its_mark_is_told_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text('{"a": 1}')
    with pytest.raises(ValueError, match='expected an object with "format": "brightwire-network"'):
        nn.load(path)
    assert json_file.NAME == "brightwire-network"


# -- beside their peers ----------------------------------------------------------------------------


def test_numpy_reads_our_npz_and_we_what_numpy_wrote(network: Network, tmp_path: Path) -> None:
    network.save(tmp_path / "net.npz")
    with np.load(tmp_path / "net.npz", allow_pickle=False) as arrays:
        assert arrays["1.weight"].shape == (4, 2, 3, 2)
        assert json.loads(bytes(arrays["network"]))["text"] == TEXT
        np.savez_compressed(tmp_path / "again.npz", **arrays)
    assert_same(nn.load(tmp_path / "again.npz"), network)


def test_the_safetensors_package_reads_ours(network: Network, tmp_path: Path) -> None:
    peer = pytest.importorskip("safetensors", reason="safetensors, the peer, is missing")
    path = tmp_path / "net.safetensors"
    network.save(path)
    with peer.safe_open(path, framework="numpy") as file:
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata()
    wanted = tensors.arrays(network)
    assert set(found) == set(wanted)
    for name, values in wanted.items():
        assert found[name].dtype == values.dtype
        assert np.array_equal(found[name], values), name
    assert metadata["text"] == TEXT
    assert json.loads(metadata["class_names"]) == network.class_names


def test_we_read_what_the_safetensors_package_wrote(network: Network, tmp_path: Path) -> None:
    peer = pytest.importorskip("safetensors.numpy", reason="safetensors, the peer, is missing")
    path = tmp_path / "net.safetensors"
    arrays = {name: np.ascontiguousarray(a) for name, a in tensors.arrays(network).items()}
    peer.save_file(arrays, path, tensors.description(network))
    assert_same(nn.load(path), network)
    halves = {name: values.astype(np.float16) for name, values in arrays.items()}
    peer.save_file(halves, path, tensors.description(network))
    np.testing.assert_allclose(nn.load(path).parameters, network.parameters, rtol=1e-3, atol=1e-6)


def test_torch_trains_on_with_our_tensors_and_gives_them_back(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="torch, the peer, is missing")
    peer = pytest.importorskip("safetensors.torch", reason="safetensors, the peer, is missing")
    network = Network.from_text("input 1x1x4\nflatten\ndense 5 tanh\ndense 3\nloss softmax", seed=2)
    path = tmp_path / "net.safetensors"
    network.save(path)
    linear = torch.nn.Linear
    twin = torch.nn.Sequential(torch.nn.Flatten(), linear(4, 5), torch.nn.Tanh(), linear(5, 3))
    found = peer.load_file(path)
    # Layers are counted from 1 here, from 0 in a Sequential.
    twin.load_state_dict({f"{int(n[0]) - 1}{n[1:]}": tensor for n, tensor in found.items()})
    x = np.random.default_rng(0).random((6, 4, 1, 1), np.float32)
    with torch.no_grad():
        scores = torch.softmax(twin(torch.tensor(x)), 1).numpy()
    np.testing.assert_allclose(network.predict(x), scores, rtol=1e-5, atol=1e-6)
    changed = {f"{int(n[0]) + 1}{n[1:]}": t + 0.1 for n, t in twin.state_dict().items()}
    peer.save_file(changed, path, tensors.description(network))
    np.testing.assert_allclose(nn.load(path).parameters, network.parameters + 0.1, rtol=1e-6)


# -- convert -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", formats.FORMATS)
def test_convert_writes_every_format(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"out{formats.FORMATS[name].suffix}"
    assert cli.main(["convert", "badger", str(path), "--format", name]) == 0
    assert capsys.readouterr().out.startswith(f"{path.name}: 2,546 parameters in ")
    assert path.stat().st_size > 2546


def test_convert_keeps_what_is_said_of_a_network_where_the_format_has_a_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, copy, page = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "c.html"
    json_file.save(nn.presets.build("sketch"), first, {"trained_on": "Two letters & a dot."})
    assert cli.main(["convert", str(first), str(copy)]) == 0
    assert json_file.about(copy) == {"trained_on": "Two letters & a dot."}
    assert cli.main(["convert", str(copy), str(page)]) == 0
    assert "Two letters" in page.read_text()
    assert cli.main(["convert", str(first), str(tmp_path / "d.npz")]) == 0


def test_convert_goes_from_file_to_file_and_says_what_is_wrong(
    network: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.safetensors", tmp_path / "b.npz"
    network.save(first)
    assert cli.main(["convert", str(first), str(second), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bytes"] == second.stat().st_size
    assert_same(nn.load(second), network)
    assert cli.main(["convert", str(first), str(tmp_path / "c.exe")]) == 1
    assert "c.exe: the suffix must be one of .json" in capsys.readouterr().err
    assert cli.main(["convert", str(tmp_path / "gone.npz"), str(second)]) == 1
    assert "gone.npz: No such file" in capsys.readouterr().err
