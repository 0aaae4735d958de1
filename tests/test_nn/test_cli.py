"""The command line, in this process and as a person starts it."""

import json
import subprocess
import sys

import pytest

from nn import cli
from nn.data import examples


@pytest.fixture
def pens(tmp_path):
    """A file of pen drawings by twelve writers, drawn by ourselves."""
    path = tmp_path / "pens.ndjson"
    with path.open("w") as out:
        for name in ("X", "O"):
            for index, drawing in enumerate(examples.hands(name, 72)):
                record = {
                    "label": name,
                    "writer": f"writer {index % 12}",
                    "strokes": [stroke.tolist() for stroke in drawing.strokes],
                }
                out.write(json.dumps(record) + "\n")
    return path


def complaint(capsys, *arguments):
    """The exit code and the one line on stderr; stdout stays empty."""
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return code, err


def test_help_lists_every_command(capsys):
    assert cli.main(["--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for command in cli.COMMANDS:
        assert f"  {command.words}" in out
        assert command.help in out


def test_help_of_a_command_tells_its_options_and_what_k_means(capsys):
    assert cli.main(["bench", "sketch", "--help"]) == 0
    out = capsys.readouterr().out
    assert "--strokes FILE" in out
    assert "k drawings PER CLASS" in out


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.words)
def test_every_command_answers_help(capsys, command):
    assert cli.main([*command.words.split(), "--help"]) == 0
    assert f"python -m nn {command.words}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: COMMAND"),
        (["paint"], "unknown command 'paint', expected one of: train"),
        (["--fast"], "required: COMMAND"),
        (["bench", "sketch"], "required: --strokes"),
        (["bench", "sketch", "--strokes"], "expected one argument"),
        (["bench", "sketch", "--strokes", "f", "--seeds", "0"], "at least 1, got '0'"),
        (["bench", "sketch", "--strokes", "f", "--seeds", "²"], "at least 1, got '²'"),
        (["bench", "sketch", "--strokes", "f", "--classes", "XO"], "such as X/O, got 'XO'"),
        (["bench", "sketch", "--strokes", "f", "--classes", "X/X"], "such as X/O, got 'X/X'"),
        (["bench", "sketch", "--strokes", "f", "--preset", "big"], "invalid choice: 'big'"),
        (["bench", "sketch", "--strokes", "f", "more"], "unrecognized arguments: more"),
    ],
)
def test_a_wrong_command_line_gets_one_sentence_and_exit_code_2(capsys, arguments, words):
    code, sentence = complaint(capsys, *arguments)
    assert code == 2
    assert words in sentence


def test_a_missing_file_gets_one_sentence_and_exit_code_1(capsys, tmp_path):
    code, sentence = complaint(capsys, "bench", "sketch", "--strokes", str(tmp_path / "gone.gz"))
    assert code == 1
    assert "gone.gz: No such file" in sentence


def test_a_folder_is_no_file(capsys, tmp_path):
    code, sentence = complaint(capsys, "bench", "sketch", "--strokes", str(tmp_path))
    assert code == 1
    assert f"{tmp_path.name}: is no file to read, but a folder" in sentence


def test_a_bad_file_gets_one_sentence_with_its_line(capsys, tmp_path):
    path = tmp_path / "pens.ndjson"
    path.write_text("no drawing\n")
    code, sentence = complaint(capsys, "bench", "sketch", "--strokes", str(path))
    assert code == 1
    assert "pens.ndjson, line 1: expected a JSON object" in sentence


def test_labels_that_the_file_has_not_are_named(capsys, pens):
    code, sentence = complaint(
        capsys, "bench", "sketch", "--strokes", str(pens), "--classes", "X/Q"
    )
    assert code == 1
    assert "label 'Q'" in sentence


def test_the_lesson_prints_json_that_parses(capsys, pens):
    arguments = ["--strokes", str(pens), "--seeds", "2", "--steps", "5"]
    chosen = ["--preset", "sketch", "--classes", "X/O"]
    assert cli.main(["bench", "sketch", *arguments, *chosen, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    report = json.loads(out)
    assert report["seeds"] == 2
    assert {result["drawings"] for result in report["results"]} == {1, 5, 10, 30}
    assert {result["way"] for result in report["results"]} == {"x1", "x10", "on all"}
    for result in report["results"]:
        assert len(result["accuracies"]) == 2
        assert 0 <= result["worst"] <= result["mean"] <= 1


def test_the_lesson_prints_a_table(capsys, pens):
    arguments = ["--strokes", str(pens), "--seeds", "1", "--steps", "5", "--classes", "X/O"]
    assert cli.main(["bench", "sketch", *arguments]) == 0
    out = capsys.readouterr().out
    assert out.count("sketch-cnn  X/O") == 4
    assert "goal sketch X/O, 10 a class, x10: at least 95" in out


def test_it_starts_as_a_module_and_leaves_no_traceback():
    def start(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "nn", *arguments], capture_output=True, text=True, timeout=60
        )

    shown = start("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "bench sketch" in shown.stdout
    wrong = start("bench", "sketch", "--strokes", "/nowhere/at/all")
    assert wrong.returncode == 1
    assert wrong.stderr.count("\n") == 1
