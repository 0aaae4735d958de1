"""The commands that train, test, predict and show networks, as a person calls them."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn
from nn import cli
from nn.bench import costs, engine, workloads


def write_idx(path: Path, values: np.ndarray) -> None:
    header = struct.pack(">HBB", 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(header + values.astype(np.uint8).tobytes())


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """A folder in MNIST's format: ten kinds of bright squares."""
    folder = tmp_path / "digits"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for part, count in (("train", 400), ("t10k", 60)):
        labels = rng.integers(0, 10, count)
        images = rng.integers(0, 40, (count, 28, 28))
        for image, label in zip(images, labels, strict=True):
            row, column = divmod(int(label), 4)
            image[5 + 6 * row : 11 + 6 * row, 3 + 5 * column : 8 + 5 * column] = 250
        write_idx(folder / f"{part}-images-idx3-ubyte", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte", labels)
    return folder


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command that succeeds prints."""
    code = cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out


def complaint(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """The exit code of a command that fails, and its one sentence."""
    code = cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return code, err


def test_a_network_is_trained_saved_tested_and_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, digits: Path
) -> None:
    from PIL import Image

    saved = tmp_path / "digits.json"
    told = answer(
        capsys, "train", "mnist", digits, "--epochs", 6, "--l2", 0.0001, "--out", saved,
        "--optimizer", "adam", "--lr", 0.005, "--validation", 0.2, "--keep-best",
    )  # fmt: skip
    lines = told.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [f"epoch {i}/6" for i in range(1, 7)]
    assert lines[-1].startswith("test: ")
    assert nn.load(saved).class_names == list("0123456789")

    seen = json.loads(answer(capsys, "evaluate", saved, digits, "--json"))
    assert seen["total"] == 60
    assert seen["accuracy"] > 0.9
    assert np.sum(seen["confusion"]) == 60
    assert "most often taken for" in answer(capsys, "evaluate", saved, digits)

    picture = np.zeros((24, 24), np.uint8)
    picture[3:9, 1:6] = 250  # label 0, cut from the middle
    Image.fromarray(picture).save(tmp_path / "zero.png")
    guess = json.loads(answer(capsys, "predict", saved, tmp_path / "zero.png", "--json"))
    assert next(iter(guess["scores"])) == "0"
    assert answer(capsys, "predict", saved, tmp_path / "zero.png").startswith("zero.png: 0 ")


def test_json_tells_an_event_a_line(capsys: pytest.CaptureFixture[str], digits: Path) -> None:
    told = answer(capsys, "train", "mnist", digits, "--epochs", 2, "--json")
    events = [json.loads(line) for line in told.splitlines()]
    assert [event["event"] for event in events] == ["epoch", "epoch", "finished"]
    assert events[-1]["steps"] == 40
    assert events[-1]["test"]["total"] == 60


def test_a_summary_is_shown_of_presets_texts_and_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = tmp_path / "net.txt"
    text.write_text("input 6x6x1\nflatten\ndense 2\nloss softmax\n")
    assert "36" in answer(capsys, "summary", text)
    assert "5,994" in answer(capsys, "summary", "mnist")
    assert json.loads(answer(capsys, "summary", "badger", "--json"))["parameters"] == 2546
    text.write_text("input 6x6x1\nflatten\ndence 2\nloss softmax\n")
    code, sentence = complaint(capsys, "summary", text)
    assert code == 1
    assert "net.txt: line 3 ('dence 2'): 'dence' is no layer" in sentence


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["train", "mnist", "nowhere"], 1, "nowhere"),
        (["train", "nothing", "nowhere"], 1, "'nothing' is no network: expected a preset"),
        (["train", "sketch", "DIGITS"], 1, "10 classes, but the network has 2 outputs"),
        (["train", "cifar", "DIGITS"], 1, "pictures of 28x28x1, but the network takes 32x32x3"),
        (["train", "mnist", "DIGITS", "--batch", "0"], 1, "batch_size must be at least 1"),
        (["train", "mnist", "DIGITS", "--optimizer", "magic"], 2, "invalid choice: 'magic'"),
        (["train", "mnist", "DIGITS", "--optimizer", "sgd", "--lr", "1e9"], 1, "diverged"),
        (["evaluate", "missing.json", "DIGITS"], 1, "missing.json: No such file"),
        (["predict", "mnist", "missing.png"], 1, "missing.png: No such file"),
        (["predict", "mnist", "missing.png", "--top", "0"], 1, "--top must be at least 1"),
        (["summary"], 2, "required"),
        (["bench", "--only", "W9"], 1, "W1 to W4"),
    ],
)
def test_a_failure_is_one_sentence_and_an_exit_code(
    capsys: pytest.CaptureFixture[str],
    digits: Path,
    arguments: list[str],
    code: int,
    sentence: str,
) -> None:
    given = [str(digits) if word == "DIGITS" else word for word in arguments]
    found, said = complaint(capsys, *given)
    assert found == code
    assert sentence in said


def test_ctrl_c_keeps_what_was_learned(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    digits: Path,
) -> None:
    steps = 0
    whole = nn.Trainer.step

    def interrupted(self: nn.Trainer, x: np.ndarray, y: np.ndarray) -> nn.StepResult:
        nonlocal steps
        steps += 1
        if steps == 5:
            raise KeyboardInterrupt
        return whole(self, x, y)

    monkeypatch.setattr(nn.Trainer, "step", interrupted)
    saved = tmp_path / "net.json"
    code, sentence = complaint(capsys, "train", "mnist", digits, "--out", saved)
    assert code == 130
    assert "stopped" in sentence
    assert nn.load(saved).parameters.size == 5994


def test_python_m_nn_runs_numpy_with_one_blas_thread() -> None:
    script = (
        "import os, runpy, sys; os.environ.pop('OPENBLAS_NUM_THREADS', None);"
        "import nn; assert 'numpy' not in sys.modules;"
        "sys.argv = ['nn', 'summary', 'sketch'];"
        "runpy.run_module('nn.__main__', run_name='nn.__main__');"
        "assert 'numpy' not in sys.modules; print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (found.returncode, found.stdout.strip()) == (0, "1"), found.stderr


def test_the_benchmark_measures_and_reports(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRIGHTWIRE_CONVNETJS", raising=False)
    told = answer(capsys, "bench", "--only", "W1", "--rounds", 2, "--slice", 0.01, "--json")
    report = json.loads(told)
    assert [line["name"] for line in report["workloads"]] == ["W1"]
    assert report["workloads"][0]["us_per_example"]["nn"] > 0
    assert any("ConvNetJS is missing" in note for note in report["notes"])
    table = answer(capsys, "bench", "--only", "W1", "--rounds", 1, "--slice", 0.01)
    assert "W1 sketch, sgd, batch 1" in table
    told = answer(capsys, "bench", "--only", "W1", "--rounds", 1, "--slice", 0.01, "--markdown")
    assert told.startswith("| workload |")


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    line = engine.Line(workloads.WORKLOADS[0], {"nn": [1.0, 2.0, 4.0], "peer": [3.0, 8.0, 8.0]})
    assert line.ratio("peer") == 3.0
    assert line.us("nn") == 2.0


@pytest.mark.parametrize("workload", workloads.WORKLOADS, ids=lambda w: w.line)
def test_every_workload_runs(workload: workloads.Workload) -> None:
    run = workloads.make_run(workload)
    run()
    run()


def test_the_time_of_a_step_is_measured_at_any_size() -> None:
    assert costs.step_time(24, 2) > 0


def test_the_options_of_the_house_name_network_and_data_and_average_over_crops(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, digits: Path
) -> None:
    saved = tmp_path / "digits.json"
    answer(capsys, "train", "--preset", "mnist", "--data", digits, "--crops", 4, "--out", saved)
    about = json.loads(saved.read_text())["about"]
    assert about["epochs"] == 1
    assert about["seed"] == 0
    assert about["test"]["crops"] == 4
    assert str(tmp_path) not in json.dumps(about)
    seen = json.loads(answer(capsys, "evaluate", saved, "--data", digits, "--crops", 4, "--json"))
    assert (seen["count"], seen["crops"]) == (60, 4)
    assert seen["accuracy"] == about["test"]["accuracy"]


def test_training_is_resumed_where_it_was_stopped(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, digits: Path
) -> None:
    saved = tmp_path / "digits.json"
    given = ("train", "--preset", "mnist", "--data", digits, "--out", saved, "--resume")
    assert answer(capsys, *given).startswith("epoch 1/1")
    assert answer(capsys, *given, "--epochs", 3).startswith("epoch 2/3")
    assert json.loads(saved.read_text())["about"]["epochs"] == 3
    code, told = complaint(capsys, *given, "--epochs", 3)
    assert code == 1
    assert "3 epochs" in told


@pytest.mark.parametrize(
    "given", [("train", "--preset", "mnist"), ("train", "mnist", "a", "--data", "b"), ("train",)]
)
def test_a_name_too_few_or_too_many_is_told(
    capsys: pytest.CaptureFixture[str], given: tuple[str, ...]
) -> None:
    code, told = complaint(capsys, *given)
    assert code == 1
    assert "name" in told


def test_an_epoch_is_measured_with_its_accuracy(
    capsys: pytest.CaptureFixture[str], digits: Path
) -> None:
    report = json.loads(answer(capsys, "bench", "mnist", digits, "--alone", "--json"))
    assert set(report["seconds"]) == {"nn", "nn x2"}
    assert report["accuracy"]["nn"] == pytest.approx(report["accuracy"]["nn x2"], abs=0.1)
    assert report["parts"] == {}
    assert "right" in answer(capsys, "bench", "mnist", digits, "--alone")


@pytest.mark.long
def test_mnist_reaches_98_percent_in_one_epoch(real_data: Path) -> None:
    """Adadelta, batch 20, L2 0.001, random crops; the centre crops of the test set."""
    from nn.data.augment import Augment
    from nn.data.loading import load_folder

    if not (real_data / "mnist").is_dir():
        pytest.skip("the folder that BRIGHTWIRE_DATA names holds no mnist")
    data = load_folder(real_data / "mnist")
    network = nn.presets.build("mnist", seed=0)
    prepared = Augment(crop=24)
    trainer = nn.Trainer(network, nn.optimizers.Adadelta(), l2=0.001)
    for _ in trainer.fit(data.images, data.labels, nn.FitOptions(1, 20, prepared)):
        pass
    assert data.test is not None
    seen = nn.metrics.evaluate(network, data.test.images, data.test.labels, prepared.look)
    assert seen.accuracy >= 0.98
