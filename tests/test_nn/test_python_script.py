"""Networks as Python scripts: they need numpy alone, predict the same, and are safe to run."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.formats import python_script
from nn.layers import Flatten
from nn.losses import SquaredError
from nn.network import Network
from tests.test_nn import exported
from tests.test_nn.test_gradients import chains

TINY = "input 1x2x1\nflatten\ndense 3\nloss softmax"

RUNNER = """
import runpy, sys

class OnlyNumpy:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {"numpy", *sys.stdlib_module_names}:
            raise ModuleNotFoundError(f"{name} is not numpy", name=name)

sys.meta_path.insert(0, OnlyNumpy())
import numpy as np

for script in sys.argv[1:]:
    predict = runpy.run_path(script)["predict"]
    np.save(script + ".y.npy", predict(np.load(script + ".x.npy")))
"""


def python(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    """A Python that takes nothing from its surroundings: no folder, no variables."""
    command = [sys.executable, "-I", "-X", "utf8", *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=120)


def predictions(
    folder: Path, cases: list[tuple[Network, np.ndarray]]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """What scripts say in a Python that has numpy alone, and what the networks say."""
    scripts = [folder / f"{i}.py" for i in range(len(cases))]
    for script, (network, x) in zip(scripts, cases, strict=True):
        python_script.save(network, script)
        np.save(f"{script}.x.npy", x)
    done = python("-W", "error", "-c", RUNNER, *scripts)
    assert done.returncode == 0, done.stderr
    return [
        (np.load(f"{script}.y.npy"), network.predict(x))
        for script, (network, x) in zip(scripts, cases, strict=True)
    ]


def loaded(network: Network) -> dict[str, Any]:
    """The names in a script that has been run here."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(python_script.script(network), "script.py", "exec"), names)
    return names


# -- the same numbers --------------------------------------------------------------------------


def test_with_numpy_alone_every_layer_and_loss_gives_the_same(tmp_path: Path) -> None:
    networks = [exported.random_network(text) for text in exported.TEXTS]
    cases = [(network, exported.random_pictures(network)) for network in networks]
    for text, (found, wanted) in zip(exported.TEXTS, predictions(tmp_path, cases), strict=True):
        assert found.shape == wanted.shape, text
        assert found.dtype == np.float32, text
        exported.assert_same(found, wanted)


def test_the_shipped_networks_see_the_same_in_real_pictures(
    tmp_path: Path, real_data: Path
) -> None:
    for found, wanted in predictions(tmp_path, list(exported.shipped(real_data))):
        exported.assert_same(found, wanted)
        np.testing.assert_array_equal(found.argmax(1), wanted.argmax(1))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(chains(), st.integers(1, 5), st.integers(0, 1000))
def test_a_random_chain_gives_the_same(text: str, batch: int, seed: int) -> None:
    try:
        network = exported.random_network(text, seed)
    except ValueError:
        return  # layers that do not fit on each other
    x = exported.random_pictures(network, batch, seed)
    exported.assert_same(loaded(network)["predict"](x), network.predict(x))


def test_the_weights_are_those_of_the_network_bit_for_bit() -> None:
    network = exported.random_network("input 5x4x2\nconv 3x2 x3\nbatchnorm\nflatten\nloss hinge")
    script = loaded(network)
    weight, bias = (parameter.data for parameter in network.layers[0].parameters())
    np.testing.assert_array_equal(script["CONV1"][0], weight)
    np.testing.assert_array_equal(script["CONV1"][1], bias)
    np.testing.assert_array_equal(
        script["BATCHNORM1"][3], network.layers[1].state()["var"].astype(np.float32)
    )


# -- the command line --------------------------------------------------------------------------


@pytest.fixture
def tiny(tmp_path: Path) -> tuple[Network, Path]:
    network = exported.random_network(TINY)
    network.class_names = ["eins", "zwei\n", "drei™"]
    python_script.save(network, tmp_path / "net.py")
    return network, tmp_path / "net.py"


def said(network: Network, x: np.ndarray) -> str:
    names = ["eins", "'zwei\\n'", "drei™"]
    scores = network.predict(x)[0]
    return "".join(f"{scores[k]:10.6f}  {names[k]}\n" for k in np.argsort(-scores))


def test_numbers_in_standard_input_are_answered_with_names(tiny: tuple[Network, Path]) -> None:
    network, script = tiny
    first, second = np.array([[[[0.25, -1.5]]], [[[3.0, 0.0]]]], np.float32)
    done = python(script, text=" 0.25, -1.5\n")
    assert (done.stdout, done.stderr) == (said(network, first[None]), "")
    done = python(script, text="0.25 -1.5\n3 0")
    assert done.stdout == (
        f"example 1\n{said(network, first[None])}example 2\n{said(network, second[None])}"
    )


@pytest.mark.parametrize("shape", [(1, 1, 2), (1, 1, 1, 2)])
def test_a_file_of_numpy_is_answered_with_names(
    tiny: tuple[Network, Path], shape: tuple[int, ...]
) -> None:
    network, script = tiny
    x = np.array([51, 255], np.uint8).reshape(shape)
    np.save(script.with_suffix(".npy"), x)
    done = python(script, script.with_suffix(".npy"))
    assert done.stdout == said(network, np.array([[[[0.2, 1.0]]]], np.float32))


def test_help_shows_the_network_and_how_to_ask_it(tiny: tuple[Network, Path]) -> None:
    _, script = tiny
    done = python(script, "--help")
    assert done.returncode == 0
    assert "    flatten\n    dense 3\n    loss softmax\n" in done.stdout
    assert "python this_file.py examples.npy" in done.stdout


def test_what_is_no_example_is_refused_in_one_sentence(tiny: tuple[Network, Path]) -> None:
    _, script = tiny
    array, empty = script.with_name("array.npy"), script.with_name("empty.npy")
    np.save(array, np.zeros((2, 1)))
    empty.write_bytes(b"")
    for arguments, text, message in [
        ((), "1 2 3", "an example has 2 numbers, got 3"),
        ((), "", "an example has 2 numbers, got 0"),
        ((), "one two", "could not convert string to float: 'one'"),
        ((array,), "", "an example has the shape (1, 1, 2), got (2, 1)"),
        ((empty,), "", "EOF"),
        ((script,), "", "magic string"),
        ((script.with_name("missing.npy"),), "", "No such file"),
    ]:
        done = python(script, *arguments, text=text)
        assert done.returncode == 2
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_an_array_of_objects_is_not_unpickled(tiny: tuple[Network, Path]) -> None:
    _, script = tiny
    np.save(script.with_suffix(".npy"), np.array([[[print, 1]]], object), allow_pickle=True)
    done = python(script, script.with_suffix(".npy"))
    assert done.returncode == 2
    assert "Object arrays cannot be loaded when allow_pickle=False" in done.stderr


# -- a pleasure to read ------------------------------------------------------------------------


def parts(network: Network) -> ast.Module:
    return ast.parse(python_script.script(network))


def test_only_the_functions_that_the_network_needs_are_there() -> None:
    def functions(text: str) -> list[str]:
        body = parts(Network.from_text(text)).body
        return [part.name for part in body if isinstance(part, ast.FunctionDef)]

    assert functions(TINY) == [
        *("predict", "flatten", "dense", "softmax", "read", "main", "arrays"),
    ]
    assert functions("input 4x4x1\npool 2\ndropout 0.5\nflatten\nloss hinge") == [
        *("predict", "maxpool", "flatten", "windows", "read", "main", "arrays"),
    ]


def test_predict_has_one_line_a_layer() -> None:
    text = "input 6x5x2\nconv 3x3 x4 pad 1 relu\ndropout 0.25\nflatten\ndense 3\nloss softmax"
    script = python_script.script(Network.from_text(text))
    assert script[script.index("    x = conv") : script.index("def conv")].rstrip() == (
        "    x = conv(x, *CONV1, stride=(1, 1), padding=(1, 1))  # (N, 4, 6, 5)\n"
        "    x = relu(x)  # (N, 4, 6, 5)\n"
        "    # dropout 0.25: in training alone\n"
        "    x = flatten(x)  # (N, 120)\n"
        "    x = dense(x, *DENSE1)  # (N, 3)\n"
        "    return softmax(x)"
    )


@pytest.mark.parametrize("text", exported.TEXTS)
def test_lines_are_short_and_there_is_nothing_to_evaluate(text: str) -> None:
    script = python_script.script(Network.from_text(text))
    assert max(len(line) for line in script.splitlines()) <= 100
    words = {node.id for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Name)}
    assert not words & {"eval", "exec", "compile", "open_code", "__import__"}


def test_a_script_keeps_to_the_form_of_this_project(tmp_path: Path) -> None:
    text = "input 9x8x6\nconv 3x3 x6\nbatchnorm\nmaxout 2\nlrn 3\nflatten\ndense 4\nloss softmax"
    network = Network.from_text(text)
    python_script.save(network, tmp_path / "net.py")
    options = ["--isolated", "--no-cache", "--line-length", "100", str(tmp_path)]
    for job in (["check"], ["format", "--check", "--config", "format.quote-style='preserve'"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *job, *options], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


# -- class names are texts of a person ---------------------------------------------------------

NASTY = [
    '"""\nraise SystemExit',
    "'''",
    "']\nraise SystemExit\n['",
    "\\",
    "\\'",
    "{text}",
    "%(prog)s %d",
    "\r\n\x00\u2028\u202e",
    "\ud800",
    "日本 'é' 🙂",
    "# noqa",
    "",
]


def assert_safe(names: list[str]) -> None:
    network = Network.from_text(f"input 1x1x{len(names)}\nflatten\nloss hinge")
    harmless = parts(network)
    network.class_names = names
    written = python_script.script(network).encode()
    found = ast.parse(written)
    for tree, wanted in ((found, names), (harmless, [str(i) for i in range(len(names))])):
        (listed,) = [part for part in tree.body if ast.unparse(part).startswith("CLASS_NAMES")]
        assert isinstance(listed, ast.Assign)
        assert ast.literal_eval(listed.value) == wanted
        tree.body.remove(listed)
    assert ast.dump(found) == ast.dump(harmless)


def test_class_names_that_look_like_python_stay_texts() -> None:
    assert_safe(NASTY)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.text(st.characters()), min_size=1, max_size=4))
def test_any_class_names_stay_texts(names: list[str]) -> None:
    assert_safe(names)


def test_nasty_names_come_out_of_the_command_line_as_one_line_each(tmp_path: Path) -> None:
    network = Network.from_text(f"input 1x1x{len(NASTY)}\nflatten\nloss hinge")
    network.class_names = NASTY
    python_script.save(network, tmp_path / "net.py")
    done = python(tmp_path / "net.py", text=" ".join(map(str, range(len(NASTY), 0, -1))))
    assert (done.returncode, done.stderr) == (0, "")
    shown = [line[12:] for line in done.stdout.split("\n")[:-1]]
    assert shown == [name if name.isprintable() else repr(name) for name in NASTY]


def test_a_layer_that_has_no_function_is_named() -> None:
    network = Network((1, 1, 2), [Flatten(), exported.Wave()], SquaredError())
    with pytest.raises(ValueError, match="the layer 'wave' can't be written as a Python script"):
        python_script.script(network)
