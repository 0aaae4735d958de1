"""What hostile files once did here: each hole by name, closed."""

import os
import pickle
import struct
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from gui import commons_api, web_drop
from gui.keeping import slot
from gui.settings import Settings, SettingsFile
from nn.data import cifar, idx, loading, pen_strokes, photo, points, table
from nn.data.archives import unpacking
from nn.data.progress import finish
from nn.formats import archive, json_text, samples, weights
from nn.network import Network
from tests.test_hostile import pickles, pictures
from tests.test_hostile.data_sets import LABELS_BAD
from tests.test_hostile.networks import NETWORK_BAD
from tests.test_hostile.tables import CSV_BAD, DRAWINGS_BAD

SMALL = "input 6x6x1\nflatten\ndense 2\nloss softmax"


def laid(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_settings_run_no_pickle(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "evil"),)

    name, program = b"PySide::PyObjectWrapper\0", pickle.dumps(Evil(), 2)
    raw = struct.pack(">II", 127, len(name)) + name + struct.pack(">I", len(program)) + program
    escaped = "".join(f"\\x{byte:x}" for byte in raw)  # as QSettings writes a QVariant
    path = laid(tmp_path, "settings.json", f"[General]\ntheme=@Variant({escaped})\n".encode())
    assert Settings(SettingsFile(path)).theme == "system"
    assert not (tmp_path / "evil").exists()


def test_no_file_of_ours_uses_settings_that_run_pickles() -> None:
    root = Path(nn.__file__).parents[1]
    for path in (root / "gui").rglob("*.py"):
        assert "QSettings" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("line", [b'{"id": [1]}', b'{"id": {}}', b"[1]", b"3", b'{"id": tru', b""])
def test_a_journal_of_garbage_keeps_no_drawing_from_coming_back(
    tmp_path: Path, line: bytes
) -> None:
    good = b'{"id": 7, "label": 0, "strokes": [[[1, 2]]]}'
    laid(tmp_path, "000001-aa.0.journal", line + b"\n" + good + b"\n" + line)
    (lost,) = slot.find(tmp_path)
    assert [drawing["id"] for drawing in lost.drawings] == [7]


@pytest.mark.parametrize("path", ["/dev/zero", "/", "\0", "nothing/here"])
@pytest.mark.parametrize("samples", [[3], [{"id": []}], [None]])
def test_an_autosave_of_garbage_does_not_stop_the_start(
    tmp_path: Path, path: str, samples: list[Any]
) -> None:
    note = {"path": path, "digest": "x", "saved": True, "generation": 0}
    parts = {slot.NOTE: note, "sketch/samples.ndjson": samples}
    archive.write(tmp_path / "000001-aa.brightwire", parts)
    (lost,) = slot.find(tmp_path)
    assert lost.drawings == []


READS: dict[str, Callable[[Path], Any]] = {
    "a network": nn.load,
    "weights": lambda path: weights.load(path, Network.from_text(SMALL)),
    "a session": archive.read,
    "an IDX file": idx.read,
    "a CIFAR batch": cifar.read_binary,
    "a CIFAR pickle": cifar.read_python,
    "pen drawings": pen_strokes.read,
    "a table": lambda path: finish(table.read(path)),
    "points": points.read_csv,
    "a photo": photo.read_photo,
}


@pytest.mark.parametrize("what", READS)
def test_a_pipe_is_no_file_and_nobody_waits_for_it(tmp_path: Path, what: str) -> None:
    path = tmp_path / "pipe.json"
    os.mkfifo(path)
    with pytest.raises(ValueError, match=r"pipe\.json"):
        READS[what](path)


@pytest.mark.parametrize("what", READS)
def test_a_folder_is_no_file(tmp_path: Path, what: str) -> None:
    with pytest.raises(ValueError, match=tmp_path.name):
        READS[what](tmp_path)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("few-copies", "the same text is encoded again and again"),
        ("labels-array", "expected one for each of 4 pictures, got 33,554,432"),
        ("labels-big", "expected labels from 0 to 9, got 9999"),
        ("shape-huge", "refused: an array of shape"),
        ("operations", "more involved than a CIFAR batch"),
        ("memo", "numbers an object 2147483647"),
        ("os.system-2", "asks for 'posix.system'"),
        ("eval", "asks for '__builtin__.eval'"),
    ],
)
def test_a_pickle_takes_no_more_than_a_batch_does(tmp_path: Path, case: str, said: str) -> None:
    path = laid(tmp_path, "data_batch_1", pickles.BAD[case]())
    with pytest.raises(ValueError, match=said) as caught:
        cifar.read_python(path)
    assert len(str(caught.value)) < 300 + len(str(path))


def test_an_array_of_no_rows_but_endless_columns_is_refused(tmp_path: Path) -> None:
    path = laid(tmp_path, "a-idx3", struct.pack(">HBB3I", 0, 8, 3, 0, 2**32 - 1, 2**32 - 1))
    with pytest.raises(ValueError, match="a-idx3: its header promises"):
        idx.read(path)


def test_two_hundred_million_labels_are_not_unpacked(tmp_path: Path) -> None:
    laid(tmp_path, "train-images-idx3-ubyte", struct.pack(">HBB3I", 0, 8, 3, 1, 1, 1) + b"\0")
    laid(tmp_path, "train-labels-idx1-ubyte", LABELS_BAD["many"]())
    with pytest.raises(ValueError, match=r"200,000,000 bytes; at most 1,000,000"):
        loading.load_folder(tmp_path)


def test_a_folder_of_the_size_of_the_wanted_file_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        entry = tarfile.TarInfo("batch/one.bin")
        entry.type, entry.size = tarfile.DIRTYPE, 0
        tar.addfile(entry)
    with pytest.raises(ValueError, match=r"one\.bin is a folder, expected a file"):
        finish(unpacking(tmp_path / "a.tar", tmp_path, {"batch/one.bin": 0}))


@pytest.mark.parametrize("html", ["<![foo[", "<![CDA TA[x", "<img src='a'><![if x"])
def test_marks_that_the_parser_does_not_know_are_passed_over(html: str) -> None:
    assert web_drop.picture_in(html) in ("", "a")
    assert isinstance(commons_api.plain(f"someone {html}"), str)


@pytest.mark.parametrize("location", ["http://[", "//[::1", "http://a\u2100b/"])
def test_being_sent_on_to_nowhere_is_told(location: str) -> None:
    address = web_drop.redirected("https://example.org/a.png", location)
    assert "no address that can be understood" in web_drop.problem_with(address)


def test_a_picture_of_a_million_escapes_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than 30 MB"):
        web_drop.data_of("data:image/png," + "%41" * 1_000_000, 30_000_000)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("huge", "at most 25,000,000 are allowed"),
        ("huge-picture", "one picture would become"),
        ("huge-state", "8,192 parameters, but 0 are given"),
        ("version", "version must be 1"),
        ("deep", "nested too deeply"),
        ("digits", "a number in it is too long"),
        ("objects", "more values than fit into memory"),
        ("utf-16", "not text in UTF-8"),
        ("too-large", "too large with 33.0 MB"),
    ],
)
def test_a_network_file_is_refused_before_it_takes_memory(
    tmp_path: Path, case: str, said: str
) -> None:
    path = laid(tmp_path, "net.json", NETWORK_BAD[case]())
    with pytest.raises(ValueError, match=said) as caught:
        nn.load(path)
    assert "net.json" in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", [b'"\\ud800"', b'["a", "\\udc00\\ud800"]', b'{"\\uDFFF": 1}'])
def test_half_a_character_is_refused_where_it_is_read(text: bytes) -> None:
    with pytest.raises(ValueError, match="half a character"):
        json_text.parse(text)


@pytest.mark.parametrize("text", [b'"\\ud83d\\ude00"', b'"\\\\ud800"', b'"\\\\\\\\udead"'])
def test_a_whole_character_in_two_halves_is_read(text: bytes) -> None:
    json_text.parse(text).encode()


def test_a_file_is_not_saved_that_would_not_open_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "LARGEST_FILE", 1000)
    network = Network.from_text(SMALL)
    with pytest.raises(ValueError, match=r"too large for JSON.*save it as \.npz"):
        network.save(tmp_path / "net.json")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("case", ["line", "commas"])
def test_a_table_of_one_endless_line_is_refused(tmp_path: Path, case: str) -> None:
    with pytest.raises(ValueError, match=r"^a\.csv, line 1: has more than 1,000,000 letters"):
        finish(table.read(laid(tmp_path, "a.csv", CSV_BAD[case]())))


def test_many_columns_leave_room_for_few_rows_and_long_cells_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "MOST_CELLS", 4000)
    wide = ",".join(f"c{i}" for i in range(400)) + "\n" + (("x" * 500 + ",") * 399 + "y\n") * 30
    found = finish(table.read(laid(tmp_path, "a.csv", wide.encode())))
    assert (found.total, found.rows) == (30, 10)
    assert len(found.columns[0].names[0]) == table.KEPT_OF_A_CELL


@pytest.mark.parametrize("case", ["blank", "lines-of-strokes"])
def test_endless_drawings_are_refused_soon(tmp_path: Path, case: str) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=r"a\.ndjson"):
        pen_strokes.read(laid(tmp_path, "a.ndjson", DRAWINGS_BAD[case]()))
    assert time.process_time() - began < 5


def test_drawings_of_a_million_strokes_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 100,000 strokes"):
        samples.from_json({"label": 0, "strokes": [[[1, 2]]] * 100_001})


@pytest.mark.parametrize("case", ["plain-ppm", "ppm-comment"])
def test_a_pixmap_that_is_slow_to_read_is_refused(tmp_path: Path, case: str) -> None:
    with pytest.raises(ValueError, match=r"a\.ppm"):
        photo.read_photo(laid(tmp_path, "a.ppm", pictures.BAD[case]()))


def test_words_of_any_length_make_a_short_sentence() -> None:
    for line in ("a" * 90_000, "input " + "6" * 90_000, "dense " + "x1" * 40_000):
        with pytest.raises(ValueError, match="line 1") as caught:
            Network.from_text(f"{line}\nflatten\nloss softmax")
        assert len(str(caught.value)) < 400


def test_weights_as_large_as_can_be_are_tried_without_a_warning() -> None:
    network = Network.from_text(SMALL)
    network.parameters[...] = 3e38
    network.predict(np.full((1, 1, 6, 6), 3e38, np.float32))


def test_a_network_that_is_read_draws_no_weights_and_takes_its_own() -> None:
    network = Network.from_text(SMALL, seed=3)
    twin = Network.from_text(SMALL, parameters=network.parameters)
    assert (twin.parameters == network.parameters).all()
    with pytest.raises(ValueError, match="has 74 parameters, but 3 are given"):
        Network.from_text(SMALL, parameters=network.parameters[:3])
