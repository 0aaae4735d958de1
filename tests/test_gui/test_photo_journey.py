"""The Photo workspace as a person uses it: drop, paste, search, build, sort, train, save, load."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui.fetch import OFFLINE
from gui.main_window import MainWindow
from gui.photo_data import GONE
from gui.web_drop import Rules
from gui.workspaces.photo import PhotoWorkspace
from nn.photo_model import PhotoModel
from tests.commons import HOSTILE, Wiki, jpeg, wiki
from tests.driving import click, drop, files, find

TIME = 20_000  # milliseconds until a test gives up; nothing takes nearly as long


@pytest.fixture
def site() -> Iterator[Wiki]:
    with wiki() as made:
        yield made


@pytest.fixture
def photo(window: MainWindow, site: Wiki, qtbot: QtBot, tmp_path: Path, monkeypatch):
    """The workspace in its window, where the web is a server on loopback."""

    def make(name: str) -> PhotoWorkspace:
        assert name == "photo"
        return PhotoWorkspace(
            window.session,
            window.say,
            endpoint=site.api,
            commons_rules=Rules(hosts=("127.0.0.1",), loopback=True, silence=5, seconds=10),
            rules=Rules(loopback=True, silence=5, seconds=10),
            cache=tmp_path / "cache",
        )

    monkeypatch.setattr(window, "_make", make)
    made = window.show_workspace("photo")
    assert isinstance(made, PhotoWorkspace)
    qtbot.waitUntil(lambda: made.look_page.photo is not None, timeout=TIME)
    return made


def until_shown(qtbot: QtBot, photo: PhotoWorkspace, name: str) -> None:
    """Wait until a photo is in sight and the network has answered."""
    page = photo.look_page

    def there() -> bool:
        photo.pull()
        return (
            page.photo is not None
            and page.photo.source.name == name
            and bool(page.prediction_view.winner)
        )

    qtbot.waitUntil(there, timeout=TIME)


def picked(photo: PhotoWorkspace, site: Wiki, qtbot: QtBot, word: str) -> None:
    """Search and wait until every result has its picture or says why not."""
    grid = photo.search_page.grid
    photo.search_page.search(word)
    qtbot.waitUntil(
        lambda: len(grid) > 0 and all(card.image or card.problem for card in grid._cards),
        timeout=TIME,
    )


# -- one photo --------------------------------------------------------------------------------


def test_a_photo_dropped_on_another_workspace_brings_photo_forward(window, photo, qtbot, tmp_path):
    path = tmp_path / "badger.jpg"
    path.write_bytes(jpeg(1, True, (200, 120)))
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert window.workspace is window.sketch
    assert drop(window, files(path))
    assert window.workspace is photo
    until_shown(qtbot, photo, "badger.jpg")
    wanted = PhotoModel.load().classify(path)
    qtbot.waitUntil(lambda: photo.look_page.prediction_view.winner == wanted.label, timeout=TIME)
    assert photo.look_page.photo_view.hasFocus()


def test_painted_pictures_are_shown_at_first_and_called_so(photo, qtbot):
    assert "Painted by this app" in photo.look_page.origin.text()
    seen = photo.look_page.photo
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: photo.look_page.photo is not seen, timeout=TIME)
    assert photo.look_page.photo.source.row == seen.source.row - 1


def test_what_the_network_learned_from_is_said_plainly(photo):
    assert "badgers" in photo.look_page.about.text()


def test_a_bad_file_is_one_sentence_and_the_photo_stays(window, photo, qtbot, tmp_path):
    before = photo.look_page.photo
    for name, content in (
        ("text.jpg", b"hello, this is no picture at all"),
        ("empty.png", b""),
        ("cut.jpg", jpeg(1, True)[:300]),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert drop(window, files(path))
        qtbot.waitUntil(lambda name=name: window.messages.text.startswith(name), timeout=TIME)
        assert window.messages.kind == "error"
        assert photo.look_page.photo is before


def test_many_files_go_on_past_the_broken_ones(window, photo, qtbot, tmp_path):
    for i in range(4):
        (tmp_path / f"{i}.jpg").write_bytes(jpeg(i, i % 2 == 0))
    (tmp_path / "1.jpg").write_bytes(b"not a picture, this")
    assert drop(window, files(tmp_path))
    tray = photo.look_page.shelf.tray
    qtbot.waitUntil(lambda: len(tray.rows) == 3, timeout=TIME)
    assert "3 photos are open" in window.messages.text
    assert "1.jpg: is a text file" in window.messages.text
    until_shown(qtbot, photo, "0.jpg")
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Right)
    until_shown(qtbot, photo, "2.jpg")
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Left)
    QTest.keyClick(photo.look_page.photo_view, Qt.Key.Key_Left)
    until_shown(qtbot, photo, "3.jpg")


def test_a_picture_is_pasted(window, photo, qtbot):
    image = QImage(60, 40, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(image)
    photo.setFocus()
    photo.actions_["photo_paste"].trigger()
    until_shown(qtbot, photo, "the pasted picture")
    assert photo.look_page.seen.reshape(3, -1).mean(axis=1).round().tolist() == [0, 128, 0]


def test_an_empty_clipboard_is_told(window, photo):
    QGuiApplication.clipboard().setText("just words")
    photo.actions_["photo_paste"].trigger()
    assert "no picture" in window.messages.text


def test_moving_the_square_changes_what_the_network_sees(window, photo, qtbot, tmp_path):
    path = tmp_path / "wide.png"
    pixels = np.zeros((60, 200, 3), np.uint8)
    pixels[:, 100:] = 255
    Image.fromarray(pixels).save(path)
    drop(window, files(path))
    until_shown(qtbot, photo, "wide.png")
    view = photo.look_page.photo_view
    middle = view.crop_rect().center().toPoint()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    for step in (20, 200, 400):
        QTest.mouseMove(view, middle + QPointF(step, 0).toPoint())
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: bool((photo.look_page.seen == 255).all()), timeout=TIME)


@pytest.mark.parametrize("kind", [1, 2])
def test_the_reasons_lie_over_the_photo(window, photo, qtbot, tmp_path, kind):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(1, True, (200, 120)))
    drop(window, files(path))
    until_shown(qtbot, photo, "a.jpg")
    photo.look_page.why.setCurrentIndex(kind)
    qtbot.waitUntil(lambda: photo.look_page.photo_view.has_heat, timeout=TIME)
    photo.look_page.why.setCurrentIndex(0)
    assert not photo.look_page.photo_view.has_heat


def test_a_photo_of_one_colour_is_warned_of(window, photo, qtbot, tmp_path):
    path = tmp_path / "grey.png"
    Image.new("RGB", (50, 50), (120, 120, 120)).save(path)
    drop(window, files(path))
    until_shown(qtbot, photo, "grey.png")
    qtbot.waitUntil(photo.look_page.warning.isVisible, timeout=TIME)
    assert "one colour" in photo.look_page.warning.text()


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
    picked(photo, site, qtbot, "hostile")
    cards = photo.search_page.grid._cards
    assert [bool(card.problem) for card in cards] == [True] * len(HOSTILE) + [False]


def test_a_search_can_be_cancelled_and_replaced(photo, qtbot, site):
    photo.search_page.search("silent")
    qtbot.waitUntil(lambda: len(site.requests) == 1, timeout=TIME)
    click(photo.window(), "search_cancel")
    assert not photo.commons.searching
    photo.search_page.search("silent")
    picked(photo, site, qtbot, "beard")
    assert len(photo.search_page.grid) == 3


def test_offline_the_search_says_so_and_the_rest_goes_on(window, photo, qtbot):
    photo.commons._endpoint = "http://127.0.0.1:9/w/api.php"  # nobody answers there
    photo.search_page.search("badger")
    qtbot.waitUntil(lambda: OFFLINE in window.messages.text, timeout=TIME)
    before = photo.look_page.photo
    photo.actions_["photo_random"].trigger()
    qtbot.waitUntil(lambda: photo.look_page.photo is not before, timeout=TIME)


# -- a data set of one's own ------------------------------------------------------------------


def test_a_result_is_put_into_a_class(photo, qtbot, site):
    picked(photo, site, qtbot, "badger")
    photo.search_page.put(0, "badger")
    photo.search_page.put(1, "badger")
    data = photo.session.data
    assert data.counts() == [2, 0]
    assert data.credits[1].author == "Ann Example"


def built(photo: PhotoWorkspace, qtbot: QtBot, folder: Path, count: int = 5) -> None:
    photo.pages.setCurrentWidget(photo.data_page)
    for i, name in enumerate(("badger", "beard")):
        photo.data_page.names[i].setText(name)
        photo.data_page.terms[i].setText(name)
    photo.data_page.count.setValue(count)
    photo.data_page.build_in(folder)
    qtbot.waitUntil(lambda: photo.session.data is not None, timeout=TIME)


def test_build_sort_train_save_and_load_again(window, photo, qtbot, site, tmp_path):
    built(photo, qtbot, tmp_path / "set")
    data = photo.session.data
    assert data.counts() == [5, 5]
    assert (tmp_path / "set" / "badger_005.jpg").is_file()
    table = (tmp_path / "set" / "SOURCES.csv").read_text(encoding="utf-8")
    assert table.count("CC BY-SA 4.0") == 10

    wall = photo.data_page._columns[0].wall
    wall.setFocus()
    QTest.keyClick(wall, Qt.Key.Key_Home)
    QTest.keyClick(wall, Qt.Key.Key_Delete)
    assert data.counts() == [4, 5]
    QTest.keyClick(wall, Qt.Key.Key_2)
    assert data.counts() == [3, 6]
    for _ in range(2):
        photo.actions_["photo_undo"].trigger()
    assert data.counts() == [5, 5]

    page = photo.train_page
    photo.pages.setCurrentWidget(page)
    page.epochs.set_value(3)
    page.variety.setCurrentIndex(0)
    with qtbot.waitSignal(photo.session.training.ended, timeout=TIME):
        click(window, "photo_train_button")
    qtbot.waitUntil(lambda: not photo.session.training.running, timeout=TIME)
    assert photo.session.training.state.step == 24  # 4 of each, 3 times
    assert len(page.plot._rows) == 24
    assert "10 pictures" in photo.session.words

    path = tmp_path / "mine.json"
    page.save(path)
    x = np.random.default_rng(0).random((1, 3, 32, 32), dtype=np.float32)
    wanted = photo.session.training.weights().predict(x)
    page.load_shipped()
    assert not np.array_equal(photo.session.training.weights().predict(x), wanted)

    other = PhotoWorkspace(window.session, window.say, cache=tmp_path / "cache2")
    try:
        other.train_page.load(path)
        qtbot.waitUntil(lambda: "10 pictures" in other.session.words, timeout=TIME)
        np.testing.assert_array_equal(other.session.training.weights().predict(x), wanted)
    finally:
        other.shut_down()
        other.deleteLater()


def test_building_can_be_stopped(photo, qtbot, site, tmp_path):
    photo.data_page.terms[0].setText("silent")
    photo.data_page.build_in(tmp_path / "set")
    qtbot.waitUntil(lambda: len(site.requests) == 1, timeout=TIME)
    with qtbot.waitSignal(photo.builder.stopped, timeout=TIME):
        find(photo.window(), "build_button").click()
    assert not (tmp_path / "set").exists()
    assert photo.session.data is None


def test_building_leaves_out_what_cannot_be_used_and_says_so(window, photo, qtbot, site, tmp_path):
    photo.data_page.terms[0].setText("hostile")
    photo.data_page.terms[1].setText("beard")
    photo.data_page.count.setValue(8)
    photo.data_page.build_in(tmp_path / "set")
    qtbot.waitUntil(lambda: photo.session.data is not None, timeout=TIME)
    assert photo.session.data.counts() == [1, 5]
    assert f"{len(HOSTILE)} could not be used" in window.messages.text


def test_a_folder_that_is_not_empty_is_not_built_into(window, photo, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    photo.data_page.build_in(tmp_path)
    assert "not empty" in window.messages.text


def test_a_picture_is_dragged_to_another_class(photo, qtbot, tmp_path):
    for i in range(3):
        for name in ("owl", "pear"):
            (tmp_path / f"{name}_{i}.jpg").write_bytes(jpeg(i, name == "owl"))
    photo.data_page.open_folder(tmp_path)
    qtbot.waitUntil(lambda: photo.session.data is not None, timeout=TIME)
    photo.pages.setCurrentWidget(photo.data_page)
    column = photo.data_page._columns[1]
    mime = QMimeData()
    mime.setData("application/x-brightwire-picture", b"0")
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    where = QPointF(column.rect().center())
    move = Qt.DropAction.MoveAction
    QApplication.sendEvent(column, QDragEnterEvent(where.toPoint(), move, mime, button, key))
    QApplication.sendEvent(column, QDropEvent(where, move, mime, button, key))
    assert photo.session.data.counts() == [2, 4]
    photo.data_page._on_moved(1, GONE)
    assert photo.session.data.counts() == [1, 4]
    photo.look_page.show_random()
    qtbot.waitUntil(lambda: photo.pages.currentWidget() is photo.look_page, timeout=TIME)
    assert "Picture" in photo.look_page.origin.text()
    qtbot.waitUntil(lambda: len(photo.look_page.shelf.closest.rows) > 0, timeout=TIME)


def test_training_can_be_stopped_and_needs_a_data_set(window, photo, qtbot, tmp_path):
    photo.pages.setCurrentWidget(photo.train_page)
    click(window, "photo_train_button")
    assert "no data set" in window.messages.text
    assert photo.pages.currentWidget() is photo.data_page
    built(photo, qtbot, tmp_path / "set", 3)
    photo.pages.setCurrentWidget(photo.train_page)
    photo.train_page.epochs.set_value(10_000)
    click(window, "photo_train_button")
    qtbot.waitUntil(lambda: photo.session.training.state.epoch > 1, timeout=TIME)
    qtbot.waitUntil(find(window, "photo_stop_button").isEnabled, timeout=TIME)
    with qtbot.waitSignal(photo.session.training.ended, timeout=TIME):
        click(window, "photo_stop_button")
    assert "stopped" in window.messages.text


def test_every_control_has_a_name_and_a_tooltip(photo):
    for button in photo.findChildren(QPushButton):
        assert button.text() or button.accessibleName()
        assert button.toolTip(), button.text()


def test_real_photos_are_told_apart(window, photo, qtbot, real_data):
    folder = real_data / "photos"
    if not folder.is_dir():
        pytest.skip("there are no photos in the folder that BRIGHTWIRE_DATA names")
    names = sorted(folder.glob("badger_*.jpg"))[:3] + sorted(folder.glob("beard_*.jpg"))[:3]
    drop(window, files(*names))
    qtbot.waitUntil(lambda: len(photo.look_page.shelf.tray.rows) == 6, timeout=TIME)
    until_shown(qtbot, photo, names[0].name)
