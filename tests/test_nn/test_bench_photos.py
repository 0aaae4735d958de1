"""The evaluation on photos by subject, on photos that are made up."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from nn.bench import photos as bench
from nn.cli import main
from nn.data import painted
from nn.data.augment import to_float
from nn.photo_model import PhotoModel
from nn.photo_recipe import learn


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Painted pictures that stand for photos: eight of each class, two of each subject."""
    folder = tmp_path_factory.mktemp("photos")
    images, labels = painted.pictures(16, seed=9)
    with (folder / "SOURCES.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "class", "subject"])
        for i, (image, label) in enumerate(zip(images, labels, strict=True)):
            name = f"{painted.CLASS_NAMES[label]}_{i:03}.png"
            Image.fromarray(image.transpose(1, 2, 0)).save(folder / name)
            rows.writerow([name, painted.CLASS_NAMES[label], f"{label}:{i // 4}@{i}"])
    return folder


def test_photos_are_read_with_their_subjects(folder):
    photos = bench.read(folder)
    assert photos.images.shape == (16, 3, 32, 32)
    assert np.bincount(photos.labels).tolist() == [8, 8]
    assert photos.groups[:3] == ["0:0", "1:0", "0:0"]
    assert photos.counted() == (
        "8 real photos of beards and only 8 crops of 8 badgers from 4 photos"
    )


def test_a_subject_is_never_on_both_sides(folder):
    photos = bench.read(folder)
    for seed in range(10):
        fold = bench.folds(photos, 4, seed)
        groups = np.array(photos.groups)
        assert all(len(set(fold[groups == group])) == 1 for group in set(photos.groups))
        for number in range(4):  # both classes in every fold
            assert set(photos.labels[fold == number]) == {0, 1}
    assert not np.array_equal(bench.folds(photos, 4, 0), bench.folds(photos, 4, 1))
    with pytest.raises(ValueError, match="5 folds need as many subjects, got 4"):
        bench.folds(photos, 5, 0)


def test_a_threshold_is_fitted_on_either_side():
    values = np.array([0.1, 0.2, 0.8, 0.9], np.float32)
    threshold, above = bench.fitted(values, np.array([0, 0, 1, 1]))
    assert 0.2 < threshold < 0.8
    assert above == 1
    assert bench.fitted(values, np.array([1, 1, 0, 0]))[1] == 0


def test_the_baselines_measure_what_they_say():
    green = np.zeros((1, 3, 4, 4), np.float32)
    green[:, 1] = 0.5
    assert bench.green_excess(green)[0] == pytest.approx(1)
    assert bench.brightness(green)[0] == pytest.approx(0.587 / 2)
    assert np.allclose(bench.green_excess(np.full((1, 3, 4, 4), 0.3, np.float32)), 0)


def test_hues_turn_and_greys_stay():
    red = np.zeros((1, 3, 2, 2), np.uint8)
    red[:, 0] = 120
    shown = bench.views(red)
    assert shown["hues"].shape == (2, 3, 2, 2)
    assert np.allclose(shown["hues"][0, :, 0, 0], [0, 120 / 255, 0], atol=1e-6)
    assert np.allclose(shown["hues"][1, :, 0, 0], [0, 0, 120 / 255], atol=1e-6)
    grey = np.full((1, 3, 2, 2), 90, np.uint8)
    assert np.allclose(bench.views(grey)["hues"], 90 / 255, atol=1e-6)


def test_the_command_prints_a_table_and_json(folder, capsys):
    few = ["--data", str(folder), "--seeds", "2", "--folds", "2", "--steps", "40", "--painted", "8"]
    assert main(["bench", "photos", *few]) == 0
    said = capsys.readouterr().out
    for way in (*bench.SOURCES, *bench.BASELINES):
        assert sum(line.startswith(way) for line in said.splitlines()) == 3
    assert "seeds 0 to 1" in said
    assert main(["bench", "photos", "--json", "--source", "real", *few]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["seeds"] == [0, 1]
    real = next(r for r in report["results"] if (r["way"], r["view"]) == ("real", "colour"))
    assert len(real["balanced"]) == 2
    assert real["balanced"][0] == pytest.approx((real["badger"][0] + real["beard"][0]) / 2)


def test_the_shipped_file_is_made_by_a_command(folder, tmp_path, capsys):
    out = tmp_path / "m.json"
    few = ["--steps", "70", "--painted", "20", "--seed", "3"]
    report = {
        "photos": "16",
        "seeds": [0],
        "results": [
            {"way": "both", "view": "grey", "badger": [0.5], "beard": [1], "balanced": [0.75]}
        ],
    }
    (tmp_path / "r.json").write_text(json.dumps(report))
    more = ["--data", str(folder), "--report", str(tmp_path / "r.json")]
    assert main(["train", "beard-or-badger", "--out", str(out), *few, *more]) == 0
    assert "8 crops of 8 badgers" in capsys.readouterr().out
    model = PhotoModel.load(out)
    assert str(tmp_path) not in out.read_text()
    assert "--seed 3" in model.about["command"]
    assert model.about["accuracy"]["real photos it never saw"]["grey"]["balanced"] == 0.75
    assert main(["bench", "photos", "--data", str(folder), "--model", str(out)]) == 0
    assert "It learned from: 20 pictures" in capsys.readouterr().out
    painted_only = ["train", "beard-or-badger", "--out", str(out), *few]
    assert main(painted_only) == 0
    assert "not one photo" in PhotoModel.load(out).about["trained_on"]


def test_a_bad_list_of_photos_is_refused(tmp_path, capsys):
    (tmp_path / "SOURCES.csv").write_text("file,class\na.jpg,badger\n")
    assert main(["bench", "photos", "--data", str(tmp_path)]) == 1
    assert "subject" in capsys.readouterr().err
    (tmp_path / "SOURCES.csv").write_text("file,class,subject\na.jpg,cat,c\n")
    assert main(["bench", "photos", "--data", str(tmp_path)]) == 1
    assert "badger and beard" in capsys.readouterr().err


def test_the_recipe_repeats_itself_and_learns():
    source = painted.pictures(24, seed=2)
    first = learn([source], painted.CLASS_NAMES, seed=4, steps=200)
    again = learn([source], painted.CLASS_NAMES, seed=4, steps=200)
    assert np.array_equal(first.parameters, again.parameters)
    assert first.class_names == ["badger", "beard"]
    steps = []
    learned = learn([source], painted.CLASS_NAMES, 4, 1500, after_block=steps.append)
    assert steps[-1] == 1500
    answers = learned.predict(to_float(source[0])).argmax(axis=1)
    assert (answers == source[1]).mean() > 0.75
    with pytest.raises(ValueError, match=r"pictures of all 2 classes, got \[12, 0\]"):
        learn([(source[0][::2], source[1][::2])], painted.CLASS_NAMES)
