"""CIFAR-10's two layouts; pickles that want to do more than hold data."""

import gzip
import os
import pickle
import struct
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.data import cifar

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (5, 3, 32, 32), np.uint8)
LABELS = [3, 0, 9, 9, 1]


def binary(images=IMAGES, labels=LABELS):
    rows = [bytes((label,)) + image.tobytes() for image, label in zip(images, labels, strict=True)]
    return b"".join(rows)


def batch(**changes):
    plain = {
        b"batch_label": b"training batch 1 of 5",
        b"labels": LABELS,
        b"data": IMAGES.reshape(5, 3072),
        b"filenames": [b"a.png"] * 5,
    }
    return plain | {name.encode(): value for name, value in changes.items()}


def written(tmp_path, content, name="data_batch_1"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("zipped", [False, True])
def test_the_binary_layout_is_read(tmp_path, zipped):
    path = written(tmp_path, gzip.compress(binary()) if zipped else binary())
    images, labels = cifar.read_binary(path)
    np.testing.assert_array_equal(images, IMAGES)
    assert labels.tolist() == LABELS
    assert labels.dtype == np.int64


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "got 0 bytes"),
        (binary()[:-1], "got 15,364 bytes, which are 4 pictures and 3,072 bytes"),
        (binary(labels=[3, 0, 10, 9, 1]), "labels from 0 to 9, got 10 at picture 2"),
        (gzip.compress(binary())[:-5], "damaged or cut off"),
    ],
)
def test_a_bad_binary_file_is_told(tmp_path, content, message):
    with pytest.raises(ValueError, match=message) as told:
        cifar.read_binary(written(tmp_path, content))
    assert "data_batch_1" in str(told.value)


def test_a_file_that_unpacks_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(cifar, "MOST_PICTURES", 100)
    path = written(tmp_path, gzip.compress(bytes(cifar.RECORD * 2000), 1))
    with pytest.raises(ValueError, match="longer than a CIFAR file of 100 pictures"):
        cifar.read_binary(path)


@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("zipped", [False, True])
def test_the_python_layout_is_read(tmp_path, protocol, zipped):
    content = pickle.dumps(batch(), protocol)
    images, labels = cifar.read_python(
        written(tmp_path, gzip.compress(content) if zipped else content)
    )
    np.testing.assert_array_equal(images, IMAGES)
    assert labels.tolist() == LABELS


def python_2_batch():
    """The official files' own bytes: protocol 2, texts of Python 2, numpy's old module names."""
    pixels = IMAGES.tobytes()
    return (
        b"\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x15training batch 1 of 5q\x03"
        + b"U\x06labelsq\x04]q\x05("
        + b"".join(b"K" + bytes((label,)) for label in LABELS)
        + b"eU\x04dataq\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08"
        + b"K\x00\x85U\x01b\x87Rq\x09(K\x01K\x05M\x00\x0c\x86cnumpy\ndtype\nq\x0aU\x02u1K\x00K\x01"
        + b"\x87Rq\x0b(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T"
        + struct.pack("<i", len(pixels))
        + pixels
        + b"tbu."
    )


def test_a_file_written_by_python_2_is_read(tmp_path):
    images, labels = cifar.read_python(written(tmp_path, python_2_batch()))
    np.testing.assert_array_equal(images, IMAGES)
    assert labels.tolist() == LABELS


class Reduced:
    """Pickles as a call of any function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (os.system, ("touch ran",), r"(posix|nt)\.system"),
        (eval, ("open('ran', 'w')",), r"(builtins|__builtin__)\.eval"),
        (getattr, ("", "join"), r"(builtins|__builtin__)\.getattr"),
        (subprocess.check_call, (["touch", "ran"],), r"(subprocess|commands)\.check_call"),
        (np.zeros, (10**9,), r"numpy(\.\w+)*\.zeros|_?zeros"),
        (np.load, ("ran",), r"numpy(\..*)?\.load"),
        (np.ndarray, ((10**12,),), "numpy.ndarray called directly"),
        (bytearray, (10**12,), "bytearray"),
        (bytes, (10**12,), "bytes"),
    ],
)
def test_a_pickle_that_would_run_something_is_refused_by_name(
    tmp_path, monkeypatch, protocol, function, arguments, name
):
    monkeypatch.chdir(tmp_path)
    content = pickle.dumps(batch(extra=Reduced(function, *arguments)), protocol)
    with pytest.raises(ValueError, match=rf"data_batch_1: refused.*{name}"):
        cifar.read_python(written(tmp_path, content))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected a CIFAR batch"),
        (b"hello", "expected a CIFAR batch"),
        (b"\x80\x02.", "damaged or cut off"),
        (pickle.dumps(batch(), 2)[:-40], "damaged or cut off"),
        (pickle.dumps([1, 2], 2), "expected a dict with data and labels, got list"),
        (pickle.dumps(batch(data=[1]), 2), '"data": expected an array, got list'),
        (pickle.dumps(batch(data=None), 2), '"data": expected an array, got nothing'),
        (pickle.dumps(batch(data=IMAGES), 2), r"shape \(N, 3072\), got uint8 of shape \(5, 3, 32"),
        (pickle.dumps(batch(data=np.zeros((5, 3072))), 2), "got float64"),
        (pickle.dumps(batch(data=np.zeros((0, 3072), np.uint8)), 2), r"shape \(0, 3072\)"),
        (pickle.dumps(batch(labels=[1]), 2), "one for each of 5 pictures, got 1"),
        (pickle.dumps(batch(labels=[1, 2, 3, 4, 10]), 2), "labels from 0 to 9, got 10"),
        (pickle.dumps(batch(labels=[True] * 5), 2), "expected a list of whole numbers"),
        (pickle.dumps(batch(labels="abcde"), 2), "whole numbers, got str"),
        (pickle.dumps(batch(data=np.array([{}, 1], object)), 2), "refused: an array of 'O8'"),
        (b"\x80\x02}r\xff\xff\xff\x7f.", "refused: the pickle numbers an object"),
        (b"\x80\x02X\xff\xff\xff\x7fabc.", "damaged or cut off"),
        (b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b"abc.", "damaged or cut off"),
        (b"\x80\x02(ios\nsystem\n.", "operation INST is not plain data"),
        (b"\x80\x02U\x01aQ.", "operation BINPERSID is not plain data"),
        (b"\x80\x02" + b"N\x85" * 100 + b".", "more involved than a CIFAR batch"),
        (b"\x80\x02cnumpy\ndtype\nN}U\x08__init__Ns\x86b.", "refused: it tries to change"),
    ],
)
def test_a_bad_python_file_is_told(tmp_path, content, message):
    with pytest.raises(ValueError, match=message) as told:
        cifar.read_python(written(tmp_path, content))
    assert "data_batch_1" in str(told.value)
    assert "\n" not in str(told.value)


def test_an_array_that_promises_more_than_it_has_is_refused(tmp_path):
    liar = python_2_batch().replace(
        b"K\x01K\x05M\x00\x0c\x86", b"K\x01J\xff\xff\xff\x7fM\x00\x0c\x86"
    )
    with pytest.raises(ValueError, match="takes 6,597,069,763,584 bytes, got 15,360"):
        cifar.read_python(written(tmp_path, liar))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 15_600), st.integers(0, 255), st.booleans())
def test_a_damaged_byte_is_answered_with_a_sentence_or_with_pictures(
    tmp_path_factory, place, value, cut
):
    content = bytearray(python_2_batch())
    place = min(place, 150) if place % 2 else len(content) - 1 - place % 20
    content[place] = value
    path = tmp_path_factory.getbasetemp() / "damaged_batch"
    path.write_bytes(content[:place] if cut else content)
    said = ""
    try:
        images, labels = cifar.read_python(path)
    except ValueError as problem:
        said = str(problem)
    assert "damaged_batch" in said or len(images) == len(labels) == 5


def test_the_real_files_are_read(real_data):
    path = real_data / "cifar-10-sample" / "data_batch_1.bin.gz"
    if not path.is_file():
        pytest.skip("data_batch_1.bin.gz is not in the folder that BRIGHTWIRE_DATA names")
    images, labels = cifar.read_binary(path)
    assert images.shape == (10_000, 3, 32, 32)
    assert np.bincount(labels).min() > 900
