"""Fetching a data set from a real server on this machine."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gui.tasks import Tasks
from gui.widgets.download_dialog import DownloadDialog, in_words, size_in_words, time_in_words
from nn.data import download, transfer
from nn.data.progress import Progress
from nn.data.sources import RemoteFile, Source
from tests.server import Site, serving
from tests.widgets import shown

CONTENT = bytes(range(256)) * 2000  # 512,000 bytes
NAME = "pictures.bin"


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(transfer, "PAUSE", 0.0)
    monkeypatch.setenv("no_proxy", "*")
    with serving(Site({NAME: CONTENT}, after=256_000)) as running:
        yield running


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close()


@pytest.fixture
def source(site):
    checksum = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
    file = RemoteFile(NAME, len(CONTENT), len(CONTENT), md5=checksum)
    return Source("small", "Small set", "a few pictures", (site.url,), (file,))


@pytest.fixture
def dialog(qtbot, source, tasks, tmp_path):
    return shown(qtbot, DownloadDialog(source, tasks, tmp_path), 460, 320)


def button(dialog, name):
    return dialog.findChild(QPushButton, f"download_{name}")


def says(dialog, name="state"):
    return dialog.findChild(QLabel, f"download_{name}").text()


def click(dialog, name):
    QTest.mouseClick(button(dialog, name), Qt.MouseButton.LeftButton)


def half(dialog, site, qtbot):
    """Begin, and wait until half of it is there; the rest takes a moment."""
    site.stalls = 0.6
    click(dialog, "begin")
    qtbot.waitUntil(lambda: says(dialog, "figures") == "256 kB of 512 kB   50 %")


def test_size_source_and_place_are_told_before_anything_is_fetched(dialog, site, tmp_path):
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "512 kB" in texts
    assert site.url.split("/")[2] in texts
    assert str(tmp_path) in texts
    assert button(dialog, "begin").text() == "Download 512 kB"
    assert says(dialog) == "Nothing is fetched before you say so."
    assert site.requests == []


def test_a_click_fetches_it_and_the_dialog_closes(dialog, source, tmp_path, qtbot):
    with qtbot.waitSignal(dialog.fetched) as told:
        click(dialog, "begin")
    folder = told.args[0]
    assert folder == download.place(source, tmp_path)
    assert Path(folder, "pictures.bin").read_bytes() == CONTENT
    assert not dialog.isVisible()


def test_progress_is_told_in_bytes_and_per_cent(dialog, site, qtbot):
    half(dialog, site, qtbot)
    assert says(dialog) == "Fetching pictures.bin"
    assert not button(dialog, "begin").isVisible()
    assert button(dialog, "stop").text() == "Cancel"
    with qtbot.waitSignal(dialog.fetched):
        pass


def test_cancelling_keeps_what_came_and_the_rest_can_be_fetched(dialog, site, qtbot, source):
    half(dialog, site, qtbot)
    click(dialog, "stop")
    assert says(dialog).startswith("Stopping")
    qtbot.waitUntil(lambda: not dialog.fetching)
    assert button(dialog, "begin").text().startswith("Go on (")
    assert "what came is kept" in says(dialog)
    with qtbot.waitSignal(dialog.fetched):
        click(dialog, "begin")
    assert site.requests == [(NAME, None), (NAME, site.requests[1][1])]
    assert int(site.requests[1][1].removeprefix("bytes=").rstrip("-")) >= 256_000


def test_a_dialog_opened_after_a_break_offers_to_go_on(
    dialog, site, qtbot, source, tasks, tmp_path
):
    half(dialog, site, qtbot)
    click(dialog, "stop")
    qtbot.waitUntil(lambda: not dialog.fetching)
    again = shown(qtbot, DownloadDialog(source, tasks, tmp_path), 460, 320)
    assert button(again, "begin").text().startswith("Go on (")


def test_escape_cancels_and_closes_without_leaving_a_job(dialog, site, qtbot, tasks):
    half(dialog, site, qtbot)
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert not dialog.isVisible()


def test_closing_the_window_cancels_too(dialog, site, qtbot, tasks):
    half(dialog, site, qtbot)
    with qtbot.waitSignal(dialog.rejected):
        dialog.close()
    assert not tasks.busy


def test_the_dialog_does_not_outlive_the_app(dialog, site, qtbot, tasks):
    half(dialog, site, qtbot)
    tasks.close()
    assert not dialog.fetching
    with qtbot.waitSignal(dialog.rejected):
        dialog.close()
    assert not dialog.isVisible()


def test_a_refusal_is_told_in_a_sentence_and_can_be_tried_again(dialog, site, qtbot):
    del site.files[NAME]
    click(dialog, "begin")
    qtbot.waitUntil(lambda: not dialog.fetching)
    assert says(dialog).startswith("✗ pictures.bin could not be fetched: 127.0.0.1")
    assert "404" in says(dialog)
    site.files[NAME] = CONTENT
    with qtbot.waitSignal(dialog.fetched):
        click(dialog, "begin")


def test_a_wrong_checksum_is_told_and_leaves_nothing(dialog, site, qtbot, source, tmp_path):
    site.files[NAME] = CONTENT[::-1]
    click(dialog, "begin")
    qtbot.waitUntil(lambda: not dialog.fetching)
    assert "wrong checksum" in says(dialog)
    assert button(dialog, "begin").text() == "Download 512 kB"
    assert not list(download.place(source, tmp_path).iterdir())


def test_enter_begins_and_the_focus_goes_to_cancel(dialog, site, qtbot):
    dialog.activateWindow()
    site.stalls = 0.3
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.fetching
    qtbot.waitUntil(button(dialog, "stop").hasFocus)
    with qtbot.waitSignal(dialog.fetched):
        pass


def test_the_state_is_told_to_readers(dialog, site, qtbot):
    assert dialog.accessibleDescription() == "Nothing is fetched before you say so."
    half(dialog, site, qtbot)
    assert "of 512 kB" in dialog.accessibleDescription()
    with qtbot.waitSignal(dialog.fetched):
        pass


@pytest.mark.parametrize(
    ("count", "words"),
    [
        *((812, "812 B"), (999, "999 B"), (1000, "1.0 kB"), (28_881, "28.9 kB")),
        *((999_600, "1.0 MB"), (11_594_722, "11.6 MB"), (170_052_171, "170 MB"), (2.5e9, "2.5 GB")),
    ],
)
def test_sizes_are_told_as_people_read_them(count, words):
    assert size_in_words(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "a few seconds"), (22, "20 s"), (88, "90 s"), (100, "2 min"), (9000, "2 h")],
)
def test_times_are_told_as_people_read_them(seconds, words):
    assert time_in_words(seconds) == words


def test_progress_without_an_end_tells_what_is_done():
    assert in_words(Progress("reading", 1200, None, "pictures")) == "1,200 pictures"
    told = in_words(Progress("reading", 500, 1000, "pictures", 22.0))
    assert told == "500 pictures of 1,000 pictures   50 %   20 s left"
