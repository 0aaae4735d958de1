"""Beard or badger: the model that ships, and how it is asked."""

import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nn
from nn import photo_command
from nn.data import painted
from nn.data.augment import to_float
from nn.photo_familiarity import Familiarity
from nn.photo_model import PhotoModel, shipped
from nn.presets import build


@pytest.fixture(scope="module")
def easy():
    """Painted pictures of both classes that the model knows, as large images."""
    found = {}
    for seed in range(100):
        label = painted.label_of(seed)
        if label in found:
            continue
        pixels = painted.sample(seed, size=96).transpose(1, 2, 0)
        if nn.beard_or_badger(pixels).probabilities[painted.CLASS_NAMES[label]] > 0.95:
            found[label] = Image.fromarray(pixels)
        if len(found) == 2:
            break
    return found


@pytest.fixture
def photos(tmp_path, easy):
    for label, name in ((0, "badger.png"), (1, "beard.png")):
        easy[label].save(tmp_path / name)
    (tmp_path / "broken.jpg").write_text("not a picture")
    return tmp_path


def test_the_model_that_ships_is_the_badger_preset_with_its_story():
    model = shipped()
    assert model.network.parameters.size == 2546
    assert model.network.to_text() == build("badger").to_text()
    assert model.network.class_names == ["badger", "beard"]
    for key in ("trained_on", "preprocessing", "recipe", "seed", "command", "date", "accuracy"):
        assert model.about[key] or key == "seed"
    assert model.familiarity is not None


def test_the_file_is_read_as_a_plain_network_too():
    path = os.path.join(os.path.dirname(nn.__file__), "..", "assets", "models")
    network = nn.load(os.path.join(path, "beard-or-badger.json"))
    assert np.array_equal(network.parameters, shipped().network.parameters)


@pytest.fixture(scope="module")
def pictures():
    """Painted pictures that the model has not learned from."""
    return painted.pictures(100, seed=12345)


def test_it_tells_painted_badgers_from_painted_beards(pictures):
    images, labels = pictures
    answers = shipped().network.predict(to_float(images)).argmax(axis=1)
    for label in (0, 1):
        assert np.mean(answers[labels == label] == label) > 0.8


def test_it_knows_the_real_photos(real_data):
    from nn.bench import photos as bench

    photos = bench.read(real_data / "photos")
    found = bench.views(photos.images)
    for view in ("colour", "grey"):
        right = bench.correct(shipped().network, found[view], photos.labels)
        for label in (0, 1):
            assert right[photos.labels == label].mean() > 0.9


def test_a_path_bytes_an_image_and_an_array_get_the_same_answer(tmp_path, easy):
    easy[0].save(tmp_path / "a.png")
    content = (tmp_path / "a.png").read_bytes()
    pixels = np.asarray(easy[0])
    answers = [
        nn.beard_or_badger(image)
        for image in (
            tmp_path / "a.png",
            str(tmp_path / "a.png"),
            content,
            easy[0],
            pixels,
            pixels.transpose(2, 0, 1),
        )
    ]
    label, probabilities = answers[0]
    assert label == "badger"
    assert list(probabilities) == ["badger", "beard"]
    assert sum(probabilities.values()) == pytest.approx(1, abs=1e-6)
    assert all(answer == answers[0] for answer in answers)


def test_a_bad_photo_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "empty.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match=r"empty\.jpg: is empty"):
        nn.beard_or_badger(tmp_path / "empty.jpg")
    with pytest.raises(OSError, match="No such file"):
        nn.beard_or_badger(tmp_path / "none.jpg")


def test_a_saved_model_answers_the_same_to_the_bit(tmp_path, easy):
    model = shipped()
    model.save(tmp_path / "m.json")
    again = PhotoModel.load(tmp_path / "m.json")
    assert again.classify(easy[1]) == model.classify(easy[1])
    assert again.about == model.about
    x = model.read(easy[1])
    found = nn.explain.features(model.network, x)
    mine, its = model.familiarity, again.familiarity
    assert np.array_equal(mine.strangeness_of(found), its.strangeness_of(found))
    assert model.unlike_both(x) == again.unlike_both(x)


def test_a_grey_network_is_asked_about_grey_photos(easy):
    network = nn.Network.from_text("input 12x12x1\nflatten\ndense 2\nloss softmax")
    model = PhotoModel(network)
    assert model.read(easy[0]).shape == (1, 1, 12, 12)
    assert model.unlike_both(model.read(easy[0])) is None
    assert set(model.classify(easy[0]).probabilities) == {"0", "1"}


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"fit": "stretch"}, '"fit" must be'),
        ({"familiarity": 3}, '"familiarity" must hold mean'),
        ({"familiarity": {"mean": [1], "centres": [[1]], "threshold": 1}}, "of 576 features"),
        (
            {"familiarity": {"mean": [0] * 576, "centres": [[0] * 576], "threshold": 9}},
            "threshold of 0 to 2",
        ),
    ],
)
def test_a_file_that_says_nonsense_is_refused(tmp_path, about, reason):
    nn.formats.json_file.save(build("badger"), tmp_path / "m.json", about)
    with pytest.raises(ValueError, match=reason) as caught:
        PhotoModel.load(tmp_path / "m.json")
    assert str(caught.value).startswith("m.json: ")


# -- neither --------------------------------------------------------------------------------


def test_pictures_of_the_classes_are_seldom_warned_of(pictures):
    model = shipped()
    warned = [model.unlike_both(x[None]) is not None for x in to_float(pictures[0])]
    assert np.mean(warned) < 0.2


def test_noise_and_an_empty_picture_are_warned_of():
    model = shipped()
    noise = np.random.default_rng(0).random((40, 3, 32, 32), np.float32)
    warned = [model.unlike_both(x[None]) for x in noise]
    assert np.mean([warning is not None for warning in warned]) > 0.25
    assert any("unlike those of the training pictures" in (warning or "") for warning in warned)
    flat = np.full((1, 3, 32, 32), 0.4, np.float32)
    assert "all of one colour" in model.unlike_both(flat)


def test_familiarity_is_learned_from_features(pictures):
    network = build("badger", seed=1)
    images, labels = pictures
    known = Familiarity.learned(network, to_float(images), labels, to_float(images))
    assert known.mean.shape == (576,)
    assert known.centres.shape == (32, 576)
    assert np.allclose(np.linalg.norm(known.centres, axis=1), 1, atol=1e-3)
    found = nn.explain.features(network, to_float(images))
    above = known.strangeness_of(found) > known.threshold
    assert above.mean() == pytest.approx(0.05, abs=0.03)
    with pytest.raises(ValueError, match=r"expected features \(N, 576\)"):
        known.strangeness_of(np.zeros((1, 3), np.float32))


# -- the shell ------------------------------------------------------------------------------


def test_the_command_is_installed_with_the_app():
    root = Path(nn.__file__).parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"]["beard-or-badger"] == "nn.photo_command:main"


def test_the_command_prints_one_line_a_photo(photos, capsys):
    names = [str(photos / name) for name in ("badger.png", "beard.png")]
    assert photo_command.main(names) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    for line, name, label in zip(lines, names, ("badger", "beard"), strict=True):
        assert line.startswith(f"{name}: {label} ")
        assert line.endswith(" %")
        assert 50 <= int(line.split()[-2]) <= 100


def test_a_bad_photo_gets_its_own_line_and_the_others_are_answered(photos, capsys):
    names = [str(photos / name) for name in ("broken.jpg", "none.jpg", "beard.png", ".")]
    assert photo_command.main(names) == 1
    said = capsys.readouterr()
    assert said.out.startswith(f"{names[2]}: beard ")
    problems = [line for line in said.err.splitlines() if "may be neither" not in line]
    assert problems[0].startswith(f"{names[0]}: is a text file, expected ")
    assert problems[1] == f"{names[1]}: No such file or directory"
    assert problems[2].startswith(f"{names[3]}: is a folder")
    assert len(problems) == 3


def test_json_is_a_list_of_objects(photos, capsys):
    names = [str(photos / "badger.png"), str(photos / "broken.jpg")]
    assert photo_command.main(["--json", *names]) == 1
    said = capsys.readouterr()
    good, bad = json.loads(said.out)
    assert set(good) == {"file", "label", "probabilities"}
    assert good["file"] == names[0]
    assert good["label"] == "badger"
    assert good["probabilities"] == nn.beard_or_badger(names[0]).probabilities
    assert set(bad) == {"file", "error"}
    assert bad["error"].startswith("is a text file")
    assert said.err == ""


def test_another_model_can_be_asked(photos, tmp_path, capsys):
    build("badger", class_names=["cat", "dog"]).save(tmp_path / "m.json")
    assert photo_command.main(["--model", str(tmp_path / "m.json"), str(photos / "beard.png")]) == 0
    assert capsys.readouterr().out.split(": ")[1].startswith(("cat", "dog"))
    assert photo_command.main(["--model", str(photos / "broken.jpg"), "x"]) == 1
    assert capsys.readouterr().err.startswith("beard-or-badger: broken.jpg: not a network file")


def test_a_wrong_command_line_is_told(capsys):
    assert photo_command.main([]) == 2
    assert "PHOTO" in capsys.readouterr().err
    assert photo_command.main(["--help"]) == 0


def test_a_hostile_name_does_not_reach_the_terminal(tmp_path, capsys):
    assert photo_command.main([str(tmp_path / "a\x1b[31m\nb.jpg")]) == 1
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert said.count("\n") == 1


def test_the_command_starts_quickly_and_without_qt(photos):
    script = (
        "import sys; from nn.photo_command import main; code = main(sys.argv[1:]); "
        "assert not any('PySide' in name or 'shiboken' in name for name in sys.modules); "
        "sys.exit(code)"
    )
    root = os.path.dirname(os.path.dirname(nn.__file__))
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", script, str(photos / "beard.png")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert done.returncode == 0, done.stderr
    assert "beard.png: beard" in done.stdout
    # What it computed; by the clock it would measure how busy the machine is.
    after = os.times()
    spent = after.children_user + after.children_system
    assert spent - before.children_user - before.children_system < 0.5


def test_bytes_that_are_no_picture_are_refused():
    with pytest.raises(ValueError, match="the picture: "):
        nn.beard_or_badger(io.BytesIO(b"\x00" * 100).getvalue())
