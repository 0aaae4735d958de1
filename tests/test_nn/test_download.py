"""Fetching data sets from a real server that breaks off, lies and stalls."""

import gzip
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from nn.data import download, sources, transfer
from nn.data.download import bytes_to_fetch, data_folder, fetching, is_here, place
from nn.data.progress import finish
from nn.data.sources import RemoteFile, Source
from nn.data.transfer import DownloadError
from tests.server import Site, serving

CONTENT = {
    "pictures.gz": bytes(range(256)) * 3000,
    "labels.gz": b"0123456789" * 50,
}
PACKED = {name: gzip.compress(plain, 1, mtime=0) for name, plain in CONTENT.items()}


def md5(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


DIGITS = Source(
    "digits",
    "Digits",
    "a small data set",
    ("http://nowhere.invalid/",),
    tuple(
        RemoteFile(name, len(PACKED[name]), len(plain), unpacked_md5=md5(plain))
        for name, plain in CONTENT.items()
    ),
)
SIZE = sum(map(len, PACKED.values()))


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(transfer, "PAUSE", 0.0)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def site():
    with serving(Site(dict(PACKED))) as running:
        yield running


def fetch(site, folder, source=DIGITS, timeout=5.0):
    return finish(fetching(source, folder, [site.url], timeout))


def assert_whole(home):
    assert {path.name: path.read_bytes() for path in home.iterdir()} == PACKED


def test_a_data_set_is_fetched_whole_and_only_once(site, tmp_path):
    assert not is_here(DIGITS, tmp_path)
    assert bytes_to_fetch(DIGITS, tmp_path) == SIZE
    home = fetch(site, tmp_path)
    assert home == place(DIGITS, tmp_path)
    assert_whole(home)
    assert is_here(DIGITS, tmp_path)
    assert bytes_to_fetch(DIGITS, tmp_path) == 0
    asked = len(site.requests)
    assert fetch(site, tmp_path) == home
    assert len(site.requests) == asked


def test_progress_rises_to_the_whole_size(site, tmp_path):
    steps = list(fetching(DIGITS, tmp_path, [site.url]))
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == SIZE
    assert {step.total for step in steps} == {SIZE}
    assert steps[0].doing == "fetching pictures.gz"
    assert steps[-1].unit == "bytes"


@pytest.mark.parametrize("ranges", [True, False])
def test_a_break_in_mid_transfer_is_mended(site, tmp_path, ranges):
    site.ranges, site.breaks, site.after = ranges, 2, 1000
    assert_whole(fetch(site, tmp_path))
    asked = [wanted for name, wanted in site.requests if name == "pictures.gz"]
    assert asked == [None, "bytes=1000-", "bytes=2000-" if ranges else "bytes=1000-"]


def test_a_cancelled_fetch_is_gone_on_with_where_it_was(site, tmp_path):
    site.stalls, site.after = 5.0, 1500
    job = fetching(DIGITS, tmp_path, [site.url])
    while next(job).done < 1500:
        pass
    job.close()
    assert [path.name for path in place(DIGITS, tmp_path).iterdir()] == ["pictures.gz.part"]
    assert bytes_to_fetch(DIGITS, tmp_path) == SIZE - 1500
    site.stalls = 0
    site.requests.clear()
    assert_whole(fetch(site, tmp_path))
    assert site.requests[0] == ("pictures.gz", "bytes=1500-")


def test_what_was_begun_elsewhere_and_does_not_fit_is_fetched_anew(site, tmp_path):
    home = place(DIGITS, tmp_path)
    home.mkdir(parents=True)
    (home / "pictures.gz.part").write_bytes(b"x" * 700)
    (home / "labels.gz.part").write_bytes(b"x" * 100_000)  # more than there is
    assert_whole(fetch(site, tmp_path))


def test_a_part_that_is_whole_already_is_taken(site, tmp_path):
    home = place(DIGITS, tmp_path)
    home.mkdir(parents=True)
    (home / "pictures.gz.part").write_bytes(PACKED["pictures.gz"])
    assert_whole(fetch(site, tmp_path))


def test_a_server_that_goes_on_at_the_wrong_place_is_not_believed(site, tmp_path):
    site.breaks, site.after, site.wrong_start = 1, 1000, True
    assert_whole(fetch(site, tmp_path))


def test_a_server_that_tells_no_length_will_do(site, tmp_path):
    site.tells_length = False
    assert_whole(fetch(site, tmp_path))


def test_a_busy_server_is_asked_again(site, tmp_path):
    site.refusals = 2
    assert_whole(fetch(site, tmp_path))


def test_the_next_mirror_takes_over_from_one_that_has_nothing(site, tmp_path):
    with serving(Site()) as empty:
        home = finish(fetching(DIGITS, tmp_path, [empty.url, site.url]))
    assert_whole(home)


def test_the_next_mirror_goes_on_from_where_the_first_gave_up(site, tmp_path):
    with serving(Site(dict(PACKED), breaks=1, after=1200, answers=1)) as dying:
        home = finish(fetching(DIGITS, tmp_path, [dying.url, site.url]))
    assert_whole(home)
    assert site.requests[0] == ("pictures.gz", "bytes=1200-")


def test_a_break_without_a_byte_is_forgiven_only_so_often(site, tmp_path):
    site.breaks = 99
    with pytest.raises(DownloadError, match="broke off after 0 of"):
        fetch(site, tmp_path)
    assert len(site.requests) == transfer.TRIES


def test_a_wrong_checksum_is_told_and_nothing_is_left(site, tmp_path):
    site.files["labels.gz"] = gzip.compress(b"9876543210" * 50)
    with pytest.raises(DownloadError, match=r"labels.gz could not be fetched: 127.* wrong checks"):
        fetch(site, tmp_path)
    assert [path.name for path in place(DIGITS, tmp_path).iterdir()] == ["pictures.gz"]
    assert not is_here(DIGITS, tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (PACKED["pictures.gz"][:-20], "damaged or cut off"),
        (b"<html>please log in</html>", "damaged or cut off"),
        (b"", "damaged or cut off|wrong checksum"),
        (gzip.compress(b"\0" * 30_000_000), "unpacks to more than 768,000 bytes"),
        (b"x" * 2_000_000, "sends more than the .* bytes expected"),
    ],
    ids=["cut off", "a page", "nothing", "a bomb", "too long"],
)
def test_a_server_that_gives_something_else_is_told(site, tmp_path, content, message):
    site.files["pictures.gz"] = content
    with pytest.raises(DownloadError, match=message):
        fetch(site, tmp_path)
    assert list(place(DIGITS, tmp_path).iterdir()) == []


def test_each_mirrors_answer_is_told(tmp_path):
    with (
        serving(Site()) as empty,
        serving(Site(refusals=99)) as busy,
        pytest.raises(DownloadError) as told,
    ):
        finish(fetching(DIGITS, tmp_path, [empty.url, busy.url]))
    assert "answered 404 Not Found" in str(told.value)
    assert "answered 503" in str(told.value)
    assert "\n" not in str(told.value)


def test_nobody_at_home_is_told(tmp_path):
    with serving(Site()) as gone:
        url = gone.url
    with pytest.raises(DownloadError, match="can't be reached"):
        finish(fetching(DIGITS, tmp_path, [url]))


def test_a_server_that_falls_silent_is_given_up(site, tmp_path):
    site.stalls, site.after = 9, 0
    with pytest.raises(DownloadError, match="did not answer in time"):
        fetch(site, tmp_path, timeout=0.05)


def test_being_sent_on_to_a_file_of_this_machine_is_refused(site, tmp_path):
    site.moved_to = "file:///etc/hostname"
    with pytest.raises(DownloadError, match="not allowed"):
        fetch(site, tmp_path)


@pytest.mark.parametrize("url", ["file:///tmp/", "ftp://example.org/", "example.org"])
def test_other_addresses_than_http_are_refused(tmp_path, url):
    with pytest.raises(ValueError, match="http or https"):
        finish(fetching(DIGITS, tmp_path, [url]))


def test_a_full_disk_is_told_before_anything_is_fetched(site, tmp_path, monkeypatch):
    free = download.shutil.disk_usage(tmp_path)._replace(free=500)
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: free)
    with pytest.raises(DownloadError, match=r"Digits needs .* MB in .* are free"):
        fetch(site, tmp_path)
    assert site.requests == []


# -- an archive -------------------------------------------------------------------------------

MEMBERS = {"batches/one.bin": b"1" * 4096, "batches/two.bin": b"2" * 5000}


def archive_of(files):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def packed_source(archive, members):
    sizes = tuple((name, len(content)) for name, content in members.items())
    return Source(
        "packed",
        "Packed",
        "an archive",
        (),
        (RemoteFile("all.tar.gz", len(archive), 9096, md5=md5(archive)),),
        sizes,
    )


def test_an_archive_is_fetched_unpacked_and_thrown_away(tmp_path):
    archive = archive_of({**MEMBERS, "batches/read me.html": b"hello"})
    source = packed_source(archive, MEMBERS)
    with serving(Site({"all.tar.gz": archive}, breaks=1, after=20)) as site:
        home = fetch(site, tmp_path, source)
        assert {path.name: path.read_bytes() for path in home.iterdir()} == {
            "one.bin": b"1" * 4096,
            "two.bin": b"2" * 5000,
        }
        assert is_here(source, tmp_path)
        asked = len(site.requests)
        fetch(site, tmp_path, source)
        assert len(site.requests) == asked


def test_an_archive_without_one_of_its_files_leaves_nothing(tmp_path):
    archive = archive_of({"batches/one.bin": MEMBERS["batches/one.bin"]})
    source = packed_source(archive, MEMBERS)
    with (
        serving(Site({"all.tar.gz": archive})) as site,
        pytest.raises(ValueError, match=r"expected batches/two\.bin in it"),
    ):
        fetch(site, tmp_path, source)
    assert list(place(source, tmp_path).iterdir()) == []


# -- where it goes ----------------------------------------------------------------------------


def test_the_data_folder_is_the_users(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "brightwire"
    assert data_folder(tmp_path / "mine") == tmp_path / "mine"
    monkeypatch.setenv("XDG_DATA_HOME", "relative/folder")
    assert data_folder() == Path.home() / ".local" / "share" / "brightwire"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr("sys.platform", "darwin")
    assert data_folder().parts[-2:] == ("Application Support", "Brightwire")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert data_folder() == tmp_path / "Brightwire"


def test_the_table_of_sources_is_complete():
    for name, source in sources.SOURCES.items():
        assert source.name == name
        assert all(url.startswith("https://") and url.endswith("/") for url in source.mirrors)
        assert all(file.md5 or file.unpacked_md5 for file in source.files)
    assert sources.MNIST.size == 11_594_722
    assert sources.CIFAR10.size == 170_052_171


def test_the_real_files_have_the_checksums_of_the_table(real_data):
    for file in sources.MNIST.files:
        path = real_data / "mnist" / file.name
        if not path.is_file():
            pytest.skip(f"{file.name} is not in the folder that BRIGHTWIRE_DATA names")
        assert transfer.check(file, path) is None
