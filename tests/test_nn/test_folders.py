"""Folders as data sets: pictures by sub-folder or by name, MNIST and CIFAR-10 recognised."""

import gzip
import os
import pickle
import shutil
import struct
import sys

import numpy as np
import pytest
from PIL import Image

from nn.data import folders
from nn.data.loading import load_folder, loading
from nn.data.progress import finish


def paint(path, colour=(200, 0, 0), size=(20, 14)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


def test_each_sub_folder_is_a_class(tmp_path):
    paint(tmp_path / "cats" / "a.png", (200, 0, 0))
    paint(tmp_path / "cats" / "b.png", (210, 0, 0))
    paint(tmp_path / "dogs" / "a.jpg", (0, 0, 200))
    (tmp_path / "empty").mkdir()
    (tmp_path / "cats" / "notes.txt").write_text("passed over")
    (tmp_path / "cats" / ".hidden.png").write_bytes(b"passed over, too")
    dataset = load_folder(tmp_path, size=8)
    assert dataset.class_names == ("cats", "dogs")
    assert dataset.class_counts().tolist() == [2, 1]
    assert dataset.images.shape == (3, 3, 8, 8)
    assert dataset.images[:, 0, 4, 4].tolist()[:2] == [200, 210]
    assert dataset.problems == ()
    assert dataset.note == f"{tmp_path}: 3 pictures of 2 classes (2 cats, 1 dogs)."


def test_without_sub_folders_the_name_up_to_the_last_underscore_is_the_class(tmp_path):
    for name in ("beard_001", "beard_002", "red_panda_1", "badger_7"):
        paint(tmp_path / f"{name}.png")
    dataset = load_folder(tmp_path, size=8)
    assert dataset.class_names == ("badger", "beard", "red_panda")
    assert dataset.class_counts().tolist() == [1, 2, 1]


def test_numbers_are_put_in_order_as_people_count(tmp_path):
    for name in ("10", "9", "2"):
        paint(tmp_path / name / "x.png")
    assert load_folder(tmp_path, size=4).class_names == ("2", "9", "10")


def test_train_and_test_folders_give_an_official_test_set(tmp_path):
    paint(tmp_path / "train" / "cat" / "1.png")
    paint(tmp_path / "train" / "dog" / "1.png")
    paint(tmp_path / "test" / "dog" / "2.png")
    dataset = load_folder(tmp_path, size=4)
    assert len(dataset) == 2
    assert dataset.test.class_counts().tolist() == [0, 1]
    assert dataset.note.endswith("(1 cat, 1 dog) and 1 to test with.")


def test_broken_files_are_listed_with_a_sentence_and_the_rest_goes_on(tmp_path):
    paint(tmp_path / "cat_1.png")
    paint(tmp_path / "dog_1.png")
    (tmp_path / "cat_2.png").write_bytes((tmp_path / "cat_1.png").read_bytes()[:45])
    (tmp_path / "cat_3.jpg").write_bytes(b"")
    (tmp_path / "ghost_1.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(50))
    (tmp_path / "drawn_1.svg").write_text("<svg/>")
    dataset = load_folder(tmp_path, size=4)
    assert dataset.class_names == ("cat", "dog")  # of the others none could be read
    assert len(dataset) == 2
    assert len(dataset.problems) == 4
    named = [problem.split(".")[0] for problem in dataset.problems]
    assert named == ["cat_2", "cat_3", "drawn_1", "ghost_1"]
    assert dataset.note.endswith("; 4 could not be used.")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads all files")
def test_a_file_that_may_not_be_read_is_listed(tmp_path):
    paint(tmp_path / "cat_1.png")
    paint(tmp_path / "cat_2.png")
    (tmp_path / "cat_2.png").chmod(0)
    assert "Permission denied" in load_folder(tmp_path, size=4).problems[0]


def test_a_file_that_vanishes_meanwhile_is_listed(tmp_path):
    for number in range(3):
        paint(tmp_path / f"cat_{number}.png")
    job = folders.reading(tmp_path, 4)
    next(job)
    (tmp_path / "cat_2.png").unlink()
    assert finish(job).problems == ("cat_2.png: No such file or directory",)


def test_progress_counts_pictures_and_a_closed_job_stops(tmp_path):
    for number in range(5):
        paint(tmp_path / f"cat_{number}.png")
    job = folders.reading(tmp_path, 4)
    steps = [next(job) for _ in range(3)]
    assert [(step.done, step.total, step.unit) for step in steps] == [
        (0, 5, "pictures"),
        (1, 5, "pictures"),
        (2, 5, "pictures"),
    ]
    assert steps[1].doing == "reading cat_1.png"
    job.close()


def test_grey_is_how_bright_the_colours_look(tmp_path):
    paint(tmp_path / "a_1.png", (255, 255, 255))
    paint(tmp_path / "a_2.png", (255, 0, 0))
    paint(tmp_path / "a_3.png", (0, 255, 0))
    dataset = load_folder(tmp_path, size=4, channels=1)
    assert dataset.images[:, 0, 0, 0].tolist() == [255, 76, 150]


def test_a_folder_without_a_usable_picture_is_told(tmp_path):
    with pytest.raises(ValueError, match="found no data set here; expected MNIST's files"):
        load_folder(tmp_path)
    (tmp_path / "cat_1.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match=r"none of its 1 pictures can be used; cat_1.jpg: is empt"):
        load_folder(tmp_path)
    with pytest.raises(ValueError, match="there is no such folder"):
        load_folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="is a file, expected the folder"):
        load_folder(tmp_path / "cat_1.jpg")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="found none"):
        folders.read(tmp_path / "empty")


def test_too_much_is_refused_before_memory_is_taken(tmp_path, monkeypatch):
    for number in range(3):
        paint(tmp_path / f"cat_{number}.png")
    with pytest.raises(ValueError, match="channels: expected 1"):
        load_folder(tmp_path, channels=2)
    monkeypatch.setattr(folders, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="choose a smaller size"):
        load_folder(tmp_path, size=32)
    monkeypatch.setattr(folders, "MOST_FILES", 2)
    with pytest.raises(ValueError, match=r"at most 2 pictures .* found 3"):
        load_folder(tmp_path)


# -- MNIST and CIFAR-10 -----------------------------------------------------------------------

RNG = np.random.default_rng(1)


def write_digits(folder, half, count, zipped=False, size=28, labels=None):
    folder.mkdir(exist_ok=True)
    images = RNG.integers(0, 256, (count, size, size), np.uint8)
    labels = np.arange(count, dtype=np.uint8) % 10 if labels is None else labels
    for name, array in (
        (f"{half}-images-idx3-ubyte", images),
        (f"{half}-labels-idx1-ubyte", labels),
    ):
        header = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
        content = header + array.tobytes()
        if zipped:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)
    return images


@pytest.mark.parametrize("zipped", [False, True])
def test_mnist_is_recognised_with_or_without_gz(tmp_path, zipped):
    images = write_digits(tmp_path, "train", 12, zipped)
    write_digits(tmp_path, "t10k", 3, not zipped)
    dataset = load_folder(tmp_path)
    np.testing.assert_array_equal(dataset.images[:, 0], images)
    assert dataset.labels.tolist() == [*range(10), 0, 1]
    assert dataset.class_names == tuple("0123456789")
    assert len(dataset.test) == 3
    assert dataset.note == f"{tmp_path}: MNIST, 12 pictures and 3 to test with."


def test_a_part_of_mnist_will_do(tmp_path):
    write_digits(tmp_path, "t10k", 3)
    assert "3 pictures of the test set alone" in load_folder(tmp_path).note
    shutil.rmtree(tmp_path)
    write_digits(tmp_path, "train", 4)
    dataset = load_folder(tmp_path)
    assert dataset.test is None
    assert "4 pictures, without the test set" in dataset.note


def test_a_data_set_one_folder_deeper_is_found(tmp_path):
    write_digits(tmp_path / "MNIST", "train", 4)
    assert len(load_folder(tmp_path)) == 4


def test_bad_mnist_files_are_told(tmp_path):
    write_digits(tmp_path, "train", 4)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(ValueError, match="train-labels-idx1-ubyte is missing beside"):
        load_folder(tmp_path)
    write_digits(tmp_path, "train", 4, labels=np.zeros(5, np.uint8))
    with pytest.raises(ValueError, match="a label for each of 4 pictures, got 5"):
        load_folder(tmp_path)
    write_digits(tmp_path, "train", 4, labels=np.full(4, 11, np.uint8))
    with pytest.raises(ValueError, match="labels from 0 to 9, got 11"):
        load_folder(tmp_path)
    write_digits(tmp_path, "train", 4)
    write_digits(tmp_path, "t10k", 2, size=20)
    with pytest.raises(ValueError, match="another shape than the training pictures"):
        load_folder(tmp_path)
    write_digits(tmp_path, "train", 0)
    with pytest.raises(ValueError, match="at least one number"):
        load_folder(tmp_path)


def write_cifar(folder, name, count, python=False):
    images = RNG.integers(0, 256, (count, 3072), np.uint8)
    labels = [number % 10 for number in range(count)]
    if python:
        (folder / name).write_bytes(pickle.dumps({b"data": images, b"labels": labels}, 2))
    else:
        rows = np.concatenate((np.array(labels, np.uint8)[:, None], images), axis=1)
        (folder / f"{name}.bin").write_bytes(rows.tobytes())
    return images


@pytest.mark.parametrize("python", [False, True])
def test_cifar_is_recognised_in_both_layouts_and_in_part(tmp_path, python):
    first = write_cifar(tmp_path, "data_batch_1", 11, python)
    third = write_cifar(tmp_path, "data_batch_3", 10, python)
    write_cifar(tmp_path, "test_batch", 4, python)
    dataset = load_folder(tmp_path)
    expected = np.concatenate((first, third)).reshape(-1, 3, 32, 32)
    np.testing.assert_array_equal(dataset.images, expected)
    assert dataset.class_names[3] == "cat"
    assert len(dataset.test) == 4
    assert dataset.note.endswith("4 to test with; 2 of 5 training files are here.")
    assert [step.total for step in loading(tmp_path)] == [3, 3, 3]


def test_the_test_batch_alone_will_do(tmp_path):
    write_cifar(tmp_path, "test_batch", 4)
    assert "4 pictures of the test set alone" in load_folder(tmp_path).note


def test_the_real_data_is_recognised(real_data):
    found = {name: real_data / name for name in ("mnist", "cifar-10-sample", "photos")}
    for name, folder in found.items():
        if not folder.is_dir():
            pytest.skip(f"{name} is not in the folder that BRIGHTWIRE_DATA names")
    digits = load_folder(found["mnist"])
    assert (len(digits), len(digits.test)) == (60_000, 10_000)
    sample = load_folder(found["cifar-10-sample"])
    assert (len(sample), len(sample.test)) == (10_000, 1_000)
    photos = load_folder(found["photos"])
    assert photos.class_names == ("badger", "beard")
    assert photos.problems == ()
