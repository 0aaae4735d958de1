"""Photos come from the web to Photo: dropped from a page, fetched, searched for."""

import io

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest

from gui.fetch import OFFLINE
from gui.web_drop import Rules
from tests.commons import HOSTILE, jpeg
from tests.driving import click, drop
from tests.photo_page import TIME, picked, until_shown

# -- from the web -----------------------------------------------------------------------------


def from_a_page(url: str) -> QMimeData:
    mime = QMimeData()
    mime.setHtml(f'<a href="https://example.org/"><img src="{url}"></a>')
    mime.setUrls([QUrl(url)])
    return mime


def test_an_address_is_fetched_and_shown(window, photo, qtbot, site):
    assert drop(window, from_a_page(f"{site.url}thumb/badger-1.jpg"))
    until_shown(qtbot, photo, "badger-1.jpg")
    assert site.url in photo.look_page.origin.text()


def test_the_numbers_of_a_named_host_are_looked_up_first(window, photo, qtbot, site):
    url = f"{site.url}thumb/beard-1.jpg".replace("127.0.0.1", "localhost")
    assert drop(window, from_a_page(url))
    until_shown(qtbot, photo, "beard-1.jpg")
    photo.opener.rules = Rules()
    assert drop(window, from_a_page("http://no-such-host.invalid/a.jpg"))
    qtbot.waitUntil(lambda: OFFLINE in window.messages.text, timeout=TIME)


def test_the_image_data_of_a_drop_comes_before_its_address(window, photo, qtbot):
    mime = from_a_page("https://example.org/x.jpg")
    out = io.BytesIO()
    Image.new("RGB", (40, 40), (9, 99, 9)).save(out, "PNG")
    mime.setData("image/png", out.getvalue())
    assert drop(window, mime)
    until_shown(qtbot, photo, "the dropped picture")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("page.html", "web page"),
        ("huge.jpg", "larger than"),
        ("round.jpg", "without end"),
        ("local.jpg", "files of this computer"),
        ("gone.jpg", "404"),
        ("empty.jpg", "empty"),
        ("cut.jpg", "damaged"),
    ],
)
def test_a_bad_address_is_one_sentence(window, photo, qtbot, site, name, sentence):
    before = photo.look_page.photo
    drop(window, from_a_page(f"{site.url}thumb/{name}"))
    qtbot.waitUntil(lambda: sentence in window.messages.text, timeout=TIME)
    assert photo.look_page.photo is before


def test_an_address_that_hangs_can_be_cancelled(window, photo, qtbot, site):
    drop(window, from_a_page(f"{site.url}thumb/silent.jpg"))
    qtbot.waitUntil(lambda: len(site.requests) == 1, timeout=TIME)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.messages.text == "Cancelled."
    assert not photo.opener.busy


def test_an_address_that_hangs_is_given_up(window, photo, qtbot, site):
    photo.opener.rules = Rules(loopback=True, silence=0.2, seconds=1)
    drop(window, from_a_page(f"{site.url}thumb/silent.jpg"))
    qtbot.waitUntil(lambda: "in time" in window.messages.text, timeout=TIME)


def test_a_web_page_may_not_name_files_or_this_computer(window, photo, qtbot, tmp_path, site):
    path = tmp_path / "mine.jpg"
    path.write_bytes(jpeg(1, True))
    photo.opener.rules = Rules()
    for url, sentence in (
        (QUrl.fromLocalFile(str(path)).toString(), "files of this computer"),
        (f"{site.url}thumb/a.jpg", "this computer itself"),
        ("http://192.168.0.1/a.jpg", "inside this network"),
    ):
        mime = QMimeData()
        mime.setHtml("<p>from a page</p>")
        mime.setUrls([QUrl(url)])
        drop(window, mime)
        qtbot.waitUntil(lambda s=sentence: s in window.messages.text, timeout=TIME)
    assert site.requests == []


def test_a_drop_without_a_photo_is_told(window, photo):
    mime = QMimeData()
    mime.setText("words")
    assert not drop(window, mime)
    mime.setHtml("<b>words</b>")
    assert not drop(window, mime)
    assert "no photo" in window.messages.text


# -- search -----------------------------------------------------------------------------------


def test_a_search_finds_more_and_a_click_classifies(window, photo, qtbot, site):
    photo.actions_["photo_search"].trigger()
    page = photo.search_page
    qtbot.keyClicks(page.term, "badger")
    QTest.keyClick(page.term, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.grid) >= 3, timeout=TIME)
    page.grid.more_wanted.emit()
    qtbot.waitUntil(lambda: len(page.grid) == 5 and len(page._photos) == 5, timeout=TIME)
    assert [found.title for found in page._results] == [f"badger-{i}" for i in range(5)]
    assert all("Brightwire" in agent for *_, agent in site.requests)
    where = page.grid.card_rect(2).center().toPoint()
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    until_shown(qtbot, photo, "badger-2")
    assert photo.pages.currentWidget() is photo.look_page
    assert "Ann Example, CC BY-SA 4.0" in photo.look_page.origin.text()


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("refused", "refused the search: Too fast."),
        ("html", "no search result"),
        ("down", "busy"),
    ],
)
def test_a_search_that_fails_says_why(window, photo, qtbot, word, sentence):
    photo.search_page.search(word)
    qtbot.waitUntil(lambda: sentence in window.messages.text, timeout=TIME)
    assert sentence in photo.search_page.grid.accessibleDescription()


def test_a_search_without_results_says_so(photo, qtbot):
    photo.search_page.search("nothing")
    grid = photo.search_page.grid
    qtbot.waitUntil(lambda: "Nothing was found" in grid.accessibleDescription(), timeout=TIME)


def test_hostile_pictures_fail_one_by_one_and_the_good_one_is_shown(photo, qtbot, site):
    picked(photo, qtbot, "hostile")
    cards = photo.search_page.grid._cards
    assert [bool(card.problem) for card in cards] == [True] * len(HOSTILE) + [False]


def test_a_search_can_be_cancelled_and_replaced(photo, qtbot, site):
    photo.search_page.search("silent")
    qtbot.waitUntil(lambda: len(site.requests) == 1, timeout=TIME)
    click(photo.window(), "search_cancel")
    assert not photo.commons.searching
    photo.search_page.search("silent")
    picked(photo, qtbot, "beard")
    assert len(photo.search_page.grid) == 3


def test_offline_the_search_says_so_and_the_rest_goes_on(window, photo, qtbot):
    photo.commons._endpoint = "http://127.0.0.1:9/w/api.php"  # nobody answers there
    photo.search_page.search("badger")
    qtbot.waitUntil(lambda: OFFLINE in window.messages.text, timeout=TIME)
    before = photo.look_page.photo
    photo.actions_["photo_random"].trigger()
    qtbot.waitUntil(lambda: photo.look_page.photo is not before, timeout=TIME)
