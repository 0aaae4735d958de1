"""Unpacking archives that climb out, link, lie and swell."""

import gzip
import io
import tarfile

import pytest

from nn.data.archives import unpacking
from nn.data.progress import finish

GOOD = {"batch/one.bin": b"1" * 700, "batch/two.bin": b"2" * 1024}
SIZES = {name: len(content) for name, content in GOOD.items()}


def file(name, content, **changes):
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    for attribute, value in changes.items():
        setattr(entry, attribute, value)
    return entry, content


def write(path, *entries, zipped=True):
    with tarfile.open(path, "w:gz" if zipped else "w", format=tarfile.PAX_FORMAT) as tar:
        for entry, content in entries:
            tar.addfile(entry, io.BytesIO(content))
    return path


def good_entries():
    return [file(name, content) for name, content in GOOD.items()]


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("zipped", [True, False])
def test_the_wanted_files_come_out_and_others_stay(tmp_path, out, zipped):
    folder = file("batch", b"", type=tarfile.DIRTYPE)
    read_me = file("batch/readme.html", b"hello")
    archive = write(tmp_path / "a", folder, read_me, *good_entries(), zipped=zipped)
    steps = list(unpacking(archive, out, SIZES))
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        "one.bin": GOOD["batch/one.bin"],
        "two.bin": GOOD["batch/two.bin"],
    }
    assert steps[-1].done == steps[-1].total == 1724


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (file("../climbed.bin", b"x"), "'../climbed.bin' would lie outside the folder"),
        (file("/climbed.bin", b"x"), "would lie outside"),
        (file("batch/../../climbed.bin", b"x"), "would lie outside"),
        (file("C:\\climbed.bin", b"x"), "would lie outside"),
        (file("batch/link", b"", type=tarfile.SYMTYPE, linkname="/etc"), "is a link"),
        (file("batch/hard", b"", type=tarfile.LNKTYPE, linkname="batch/one.bin"), "is a link"),
        (file("batch/device", b"", type=tarfile.CHRTYPE), "is no ordinary file"),
        (file("batch/pipe", b"", type=tarfile.FIFOTYPE), "is no ordinary file"),
    ],
)
def test_an_entry_that_no_data_set_needs_refuses_the_archive(tmp_path, out, entry, message):
    archive = write(tmp_path / "bad.tar.gz", entry, *good_entries())
    with pytest.raises(ValueError, match=message) as told:
        finish(unpacking(archive, out, SIZES))
    assert "bad.tar.gz: refused" in str(told.value)
    assert not (tmp_path / "climbed.bin").exists()
    assert list(out.iterdir()) == []


def test_a_file_of_another_size_is_refused(tmp_path, out):
    archive = write(tmp_path / "a", file("batch/one.bin", b"1" * 701))
    with pytest.raises(ValueError, match=r"one.bin: expected 700 bytes, got 701"):
        finish(unpacking(archive, out, SIZES))


def test_a_size_that_lies_is_found(tmp_path, out):
    """The header promises what the archive then has not."""
    path = tmp_path / "liar.tar"
    entry, _ = file("batch/one.bin", b"1" * 700)
    path.write_bytes(entry.tobuf() + b"1" * 100)
    with pytest.raises(ValueError, match="cut off"):
        finish(unpacking(path, out, {"batch/one.bin": 700}))


def test_a_name_of_a_gigabyte_is_not_read(tmp_path, out):
    """A header may say that the next entry's name is so long; tarfile would take the memory."""
    path = tmp_path / "long.tar"
    entry = tarfile.TarInfo("././@LongLink")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    path.write_bytes(entry.tobuf() + b"a" * 2048)
    with pytest.raises(ValueError, match="header asks for 1,073,741,824 bytes"):
        finish(unpacking(path, out, SIZES))


def test_what_swells_is_stopped(tmp_path, out):
    entry = tarfile.TarInfo("batch/bomb.bin")
    entry.size = 1 << 33
    with gzip.open(tmp_path / "bomb.tar.gz", "wb") as packed:
        packed.write(entry.tobuf() + b"\0" * 2_000_000)
    with pytest.raises(ValueError, match="unpacks to more than"):
        finish(unpacking(tmp_path / "bomb.tar.gz", out, SIZES))
    entry.size = 15_000_000
    with gzip.open(tmp_path / "bomb.tar.gz", "wb", 1) as packed:
        packed.write(entry.tobuf() + b"\0" * 15_000_000)
    with pytest.raises(ValueError, match="unpacks to more than"):
        finish(unpacking(tmp_path / "bomb.tar.gz", out, SIZES))


def test_a_thousand_and_one_entries_are_too_many(tmp_path, out):
    archive = write(tmp_path / "many", *(file(f"batch/{n}", b"") for n in range(1001)))
    with pytest.raises(ValueError, match="more than 1000 entries"):
        finish(unpacking(archive, out, SIZES))


@pytest.mark.parametrize("keep", [0, 5, 40, 80])
def test_a_cut_archive_is_told(tmp_path, out, keep):
    whole = write(tmp_path / "a", *good_entries()).read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[:keep])
    with pytest.raises(ValueError, match=r"cut.tar.gz: (the archive is damaged|expected batch/)"):
        finish(unpacking(tmp_path / "cut.tar.gz", out, SIZES))


def test_something_else_is_told(tmp_path, out):
    (tmp_path / "page.tar.gz").write_bytes(b"<html>" * 1000)
    with pytest.raises(ValueError, match="the archive is damaged"):
        finish(unpacking(tmp_path / "page.tar.gz", out, SIZES))


def test_a_missing_file_is_named(tmp_path, out):
    archive = write(tmp_path / "a", good_entries()[0])
    with pytest.raises(ValueError, match=r"expected batch/two\.bin in it, and found no such file"):
        finish(unpacking(archive, out, SIZES))
