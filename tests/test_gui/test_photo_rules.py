"""What the Photo workspace decides without a window: addresses, answers, sorting, squares."""

import csv
import json

import numpy as np
import pytest

from gui import commons_api, web_drop
from gui.photo_data import GONE, Credit, PhotoData, opening, read_credits, safe_name, saving
from gui.photo_reading import Crop, Source, gather, read
from gui.web_drop import Rules
from nn.data.photo import read_photo
from nn.data.progress import finish
from tests.commons import jpeg

# -- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.jpg",
        "http://example.org:8080/a.jpg?x=1",
        "https://93.184.216.34/a.jpg",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/a.jpg",
        "https://bücher.example/a.jpg",
    ],
)
def test_the_public_web_may_be_fetched_from(url):
    assert web_drop.problem_with(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file://server/share/a.jpg",
        "ftp://example.org/a.jpg",
        "javascript:alert(1)",
        "http://localhost/a.jpg",
        "http://LOCALHOST./a.jpg",
        "http://127.0.0.1:8000/a.jpg",
        "http://127.1/a.jpg",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.5.4/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1%25eth0]/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://100.64.0.1/",
        "http://router/",
        "http://printer.local/",
        "http://user:word@example.org/",
        "https:///a.jpg",
        "http://[::1",
        "https://example.org:99999999/",
        "https://example.org/" + "a" * 10_000,
        "",
    ],
)
def test_what_leads_elsewhere_is_refused_with_a_sentence(url):
    assert web_drop.problem_with(url).endswith((".", ":”."))


def test_loopback_is_for_tests_that_ask_for_it():
    assert web_drop.problem_with("http://127.0.0.1:8000/a.jpg", Rules(loopback=True)) == ""
    assert web_drop.problem_with("http://10.0.0.1/a.jpg", Rules(loopback=True))
    assert web_drop.problem_with_address("127.0.0.1")
    assert web_drop.problem_with_address("::ffff:10.0.0.1")
    assert not web_drop.problem_with_address("93.184.216.34")


def test_a_redirect_is_seen_from_where_it_came():
    assert web_drop.redirected("https://a.org/x/y.jpg", "../z.jpg") == "https://a.org/z.jpg"
    assert web_drop.problem_with(web_drop.redirected("https://a.org/", "//localhost/x"))


def test_the_picture_in_a_piece_of_a_page_is_found():
    html = '<meta charset="utf-8"><a href="https://a.org/"><img alt="" src="https://a.org/p.jpg">'
    assert web_drop.picture_in(html) == "https://a.org/p.jpg"
    assert web_drop.picture_in("<p>none</p>") == ""


def test_a_data_address_holds_its_picture_itself():
    assert web_drop.data_of("data:image/png;base64,aGFsbG8=", 100) == b"hallo"
    for url in ("data:text/html,x", "data:image/png;base64,%%%", "data:image/png"):
        with pytest.raises(ValueError, match="data: address"):
            web_drop.data_of(url, 100)
    with pytest.raises(ValueError, match="larger"):
        web_drop.data_of("data:image/png," + "a" * 5000, 1000)


# -- answers of Commons -----------------------------------------------------------------------


def test_an_answer_becomes_results_in_their_order_without_markup():
    def page(index, **changed):
        info = {"thumburl": "https://u/x.jpg", "mime": "image/jpeg", "extmetadata": {}, **changed}
        return {"title": f"File:Photo {index}.jpg", "index": index, "imageinfo": [info]}

    artist = {"Artist": {"value": "<script>bad()</script><a href='x'>Ann &amp; Bo</a>"}}
    answer = commons_api.read(
        json.dumps(
            {
                "continue": {"gsroffset": 24, "continue": "gsroffset||"},
                "query": {"pages": [page(2), page(1, extmetadata=artist), page(3, mime="x/pdf")]},
            }
        ).encode()
    )
    assert [found.title for found in answer.results] == ["Photo 1", "Photo 2"]
    assert answer.results[0].author == "Ann & Bo"
    assert answer.results[1].licence == "licence not stated"
    assert answer.more == {"gsroffset": "24", "continue": "gsroffset||"}
    assert "gsroffset=24" in commons_api.url_for("cat", answer.more)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[1]", b'"x"', b"\xff", b"[" * 100_000, b'{"error": {"info": "no"}}'],
)
def test_what_is_no_answer_is_told_in_a_sentence(content):
    with pytest.raises(ValueError, match=r"Wikimedia Commons .*\."):
        commons_api.read(content)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"query": []},
        {"query": {"pages": {"1": 5, "2": {"imageinfo": [[]]}}}},
        {"query": {"pages": [{"title": 3, "imageinfo": [{"thumburl": 4, "mime": []}]}]}},
    ],
)
def test_an_answer_of_another_form_has_no_results(content):
    assert commons_api.read(json.dumps(content).encode()).results == ()


# -- squares and photos -----------------------------------------------------------------------


def test_a_square_stays_inside_the_photo():
    assert Crop.middle(100, 60) == Crop(20, 0, 60)
    assert Crop(-50, 90, 40).within(100, 60) == Crop(0, 20, 40)
    assert Crop(0, 0, 900).within(100, 60).edge == 60
    assert Crop(40, 20, 10).scaled(2, 100, 60) == Crop(35, 15, 20)
    assert Crop(0, 0, 1).within(5, 4).edge == 4


def test_the_middle_square_is_read_as_everywhere_else(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(3, True, (300, 200)))
    photo = read(Source(path, path.name), 32)
    assert photo.shown.shape == (200, 300, 3)
    np.testing.assert_array_equal(photo.seen(None, 32), read_photo(path, 32))
    moved = photo.seen(Crop(0, 0, 100), 32)
    assert moved.shape == (3, 32, 32)
    assert not np.array_equal(moved, photo.seen(None, 32))


def test_files_and_folders_become_one_row_of_photos(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("in/b.jpg", "in/deep/c.png", "in/notes.txt", "a.bin"):
        (tmp_path / name).write_bytes(b"x")
    found = list(gather([tmp_path / "a.bin", tmp_path / "in"]))
    assert [source.name for source in found] == ["a.bin", "b.jpg", "c.png"]


@pytest.mark.parametrize("name", ["missing.jpg", "folder"])
def test_what_is_no_file_is_told_by_name(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match=name):
        read(Source(tmp_path / name, name), 32)


# -- sorting ----------------------------------------------------------------------------------


@pytest.fixture
def data() -> PhotoData:
    images = np.random.default_rng(0).integers(0, 256, (6, 3, 32, 32), dtype=np.uint8)
    return PhotoData("six", images, np.array([0, 0, 0, 1, 1, 1]), ["badger", "beard"])


def test_pictures_are_moved_deleted_and_brought_back(data):
    assert data.move([0, 1], 1) == "Moved 2 pictures to “beard”."
    assert data.delete([5]) == "Deleted 1 picture."
    assert data.counts() == [1, 4]
    assert data.undo() == "Deleted 1 picture."
    assert data.counts() == [1, 5]
    data.undo()
    assert data.counts() == [3, 3]
    assert data.undo() == ""
    data.redo()
    assert data.counts() == [1, 5]
    assert data.move([0], 1) == ""  # it is there already
    assert data.redo_text


def test_added_pictures_can_be_taken_back_too(data):
    data.move([0], 1)
    data.add(data.images[:2] // 2, data.name_class("sea gull!"), [Credit("one"), Credit("two")])
    assert data.class_names == ["badger", "beard", "sea-gull"]
    assert data.counts() == [2, 4, 2]
    data.undo()
    assert data.counts() == [2, 4, 0]
    data.undo()
    assert data.counts() == [3, 3, 0]
    assert data.labels.tolist().count(GONE) == 2


def test_a_set_with_one_full_class_can_teach_nothing(data):
    assert data.problem() == ""
    data.delete([3, 4])
    assert "two classes" in data.problem()


def test_what_is_saved_comes_back_with_its_credits(data, tmp_path):
    data.credits[4] = Credit("=SUM(A1)", "Ann", "CC0", "https://cc", "https://page")
    data.delete([3])
    folder = finish(saving(data, tmp_path / "set"))
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "SOURCES.csv",
        *(f"badger_00{i}.jpg" for i in (1, 2, 3)),
        *(f"beard_00{i}.jpg" for i in (1, 2)),
    ]
    with (folder / "SOURCES.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[3]["title"] == "'=SUM(A1)"  # no spreadsheet calculates it
    back = finish(opening(folder, 32))
    assert back.counts() == [3, 2]
    assert back.credits[3].author == "Ann"
    assert np.abs(back.images[0].astype(int) - data.images[0]).mean() < 40


def test_nothing_is_written_over(data, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ValueError, match="not empty"):
        finish(saving(data, tmp_path))


def test_a_damaged_table_of_credits_credits_nobody(tmp_path):
    (tmp_path / "SOURCES.csv").write_bytes(b"\xff\xfe\x00file")
    assert read_credits(tmp_path, ["a.jpg"]) == [Credit()]


def test_a_class_name_can_begin_a_file_name():
    assert safe_name(" ../sea gull ") == "sea-gull"
    for name in ("", " ", "../..", "--"):
        with pytest.raises(ValueError, match="name"):
            safe_name(name)
