"""Exporting with real clicks and keys, in the window."""

import csv
import os
import xml.etree.ElementTree as ElementTree
from functools import partial

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import nn
from gui import theme
from gui.exporting import pages
from gui.exporting.dialog import ExportDialog
from gui.exporting.exportable import NetworkExport, Picture
from tests.driving import click
from tests.export_dialog import Answer, choose, opened, save, saved

# -- pictures --------------------------------------------------------------------------------


def test_a_picture_of_the_network_is_saved_as_png(taught, qtbot, tmp_path):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Network view")
    choose(dialog.format, "PNG")
    dialog.scale.setCurrentIndex(2)
    dialog.look.setCurrentIndex(1)
    assert dialog.scale.currentText() == "4×   3968 × 2400 pixels"
    offered = save(dialog, tmp_path / "net.png")
    saved(taught, qtbot, "net.png")
    assert offered == "X or O, network.png"
    with Image.open(tmp_path / "net.png") as made:
        assert made.size == (3968, 2400)
        shown = made.convert("RGB")
    assert shown.getpixel((1, 1)) == QColor(theme.LIGHT.panel).toTuple()[:3]
    assert len(shown.resize((200, 120)).getcolors(99999)) > 100


def test_the_folder_is_shown_when_asked_for(taught, qtbot, tmp_path):
    class Opener(QObject):
        shown = ""

        @Slot(QUrl)
        def open(self, url):
            self.shown = url.toLocalFile()

    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "open")
    save(opened(taught, qtbot), tmp_path / "a.json")
    saved(taught, qtbot, "a.json")
    click(taught, "message_action")
    QDesktopServices.unsetUrlHandler("file")
    assert opener.shown == str(tmp_path)


def test_a_curve_is_saved_as_svg_and_the_suffix_is_added(taught, qtbot, tmp_path):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Loss curve")
    choose(dialog.format, "SVG")
    assert not dialog.scale.isEnabled(), "shapes have no pixels"
    save(dialog, tmp_path / "curve")
    saved(taught, qtbot, "curve.svg")
    texts = [e.text for e in ElementTree.parse(tmp_path / "curve.svg").iter() if e.text]
    assert "Loss curve" in texts
    assert any("step 12" in text for text in texts)


def test_another_suffix_is_no_way_to_overwrite_a_file(taught, qtbot, tmp_path):
    (tmp_path / "mine.txt.json").write_text("mine")
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Network")
    choose(dialog.format, "JSON")
    save(dialog, tmp_path / "mine.txt")
    assert "mine.txt.json is there already" in taught.messages.text
    assert dialog.isVisible(), "to choose another name"
    assert (tmp_path / "mine.txt.json").read_text() == "mine"


@pytest.mark.parametrize("form", ["PNG", "SVG"])
def test_a_picture_is_copied(taught, qtbot, form):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Loss curve")
    choose(dialog.format, form)
    click(dialog, "export_copy")
    content = QGuiApplication.clipboard().mimeData()
    assert content.imageData().size().toTuple() == (1504, 920)
    assert content.hasFormat("image/svg+xml") == (form == "SVG")
    assert dialog.facts.text() == "Copied."


@pytest.mark.parametrize("look", ["dark", "light"])
def test_the_preview_shows_the_picture_in_the_colours_that_are_chosen(taught, qtbot, look):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Network view")
    dialog.look.setCurrentIndex({"light": 1, "dark": 2}[look])
    ground = QColor((theme.DARK if look == "dark" else theme.LIGHT).panel)
    shown = (
        dialog.preview.grab()
        .toImage()
        .convertToFormat(dialog.preview.grab().toImage().Format.Format_RGB32)
    )
    assert shown.pixelColor(8, 8) == ground
    assert "Network view" in dialog.preview.accessibleDescription()


# -- networks, histories ---------------------------------------------------------------------


@pytest.mark.parametrize("key", ["json", "npz", "safetensors"])
def test_a_network_leaves_and_comes_back(taught, qtbot, tmp_path, key):
    form = nn.formats.FORMATS[key]
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Network")
    choose(dialog.format, form.words[:4])
    qtbot.waitUntil(lambda: "The file takes" in dialog.facts.text())
    save(dialog, tmp_path / f"net{form.suffix}")
    saved(taught, qtbot, f"net{form.suffix}")
    back = nn.load(tmp_path / f"net{form.suffix}")
    assert back.class_names == ["X", "O"]
    assert np.array_equal(back.parameters, taught.session.network.parameters)


def test_every_format_is_offered_with_a_line_of_words(taught, qtbot):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Network")
    assert dialog.format.count() == len(nn.formats.FORMATS)
    for row in range(dialog.format.count()):
        dialog.format.setCurrentRow(row)
        qtbot.waitUntil(lambda: "…" not in dialog.facts.text())
        assert dialog.save_button.isEnabled() != bool(dialog.problem.text())


def test_what_a_format_cannot_hold_is_said_before_saving(window, qtbot):
    network = nn.Network.from_text(
        "input 4x4x1\nflatten\ndense 4\nbatchnorm\ndense 2\nloss softmax"
    )
    what = NetworkExport("x", "4-2", network.to_text(), network.copy)
    window.exporter.show([what])
    dialog = next(d for d in window.findChildren(ExportDialog) if d.isVisible())
    choose(dialog.format, "ConvNetJS")
    qtbot.waitUntil(lambda: bool(dialog.problem.text()))
    assert "batchnorm" in dialog.problem.text()
    assert not dialog.save_button.isEnabled()
    choose(dialog.format, "JSON")
    qtbot.waitUntil(lambda: "The file takes" in dialog.facts.text())
    assert dialog.save_button.isEnabled()
    assert not dialog.problem.isVisible()


def test_a_picture_too_large_for_memory_is_not_offered(window):
    tall = Picture("Layers", "x", (1200, 9000), lambda painter, wide, high: None)
    small = Picture("Loss", "x", (600, 400), lambda painter, wide, high: None)
    window.exporter.show([small, tall])
    dialog = next(d for d in window.findChildren(ExportDialog) if d.isVisible())
    dialog.scale.setCurrentIndex(2)
    choose(dialog.what, "Layers")
    assert [dialog.scale.itemData(i) for i in range(dialog.scale.count())] == [1, 2]
    assert dialog.wanted_look.scale == 2


def test_the_dialog_may_close_before_the_file_was_tried_out(window, qtbot):
    network = nn.presets.build("mnist-strong")
    window.exporter.show([NetworkExport("x", "large", "", network.copy)])
    dialog = next(d for d in window.findChildren(ExportDialog) if d.isVisible())
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(ExportDialog))
    qtbot.waitUntil(lambda: not window.exporter._tasks.busy)


def test_the_history_opens_in_a_spreadsheet(taught, qtbot, tmp_path):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "History")
    assert dialog.facts.text() == "12 rows"
    save(dialog, tmp_path / "h.csv")
    saved(taught, qtbot, "h.csv")
    with (tmp_path / "h.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.reader(file))
    assert read[0] == ["step", "loss"]
    steps, losses = taught.session.training.losses.tail()
    assert [int(row[0]) for row in read[1:]] == list(range(1, 13)) == steps.tolist()
    assert np.array_equal(np.array([row[1] for row in read[1:]], np.float32), losses)


def test_classes_with_odd_names_make_no_odd_paths(taught, qtbot, tmp_path):
    taught.session.rename_class(0, "../../a:b")
    taught.session.rename_class(1, 'c\\d"*?')
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Network")
    offered = save(dialog, None)
    assert not set(offered) & set('/\\:*?"<>|')
    assert dialog.isVisible(), "it was thought over"


def test_the_last_folder_and_format_are_remembered(taught, qtbot, tmp_path):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Loss curve")
    choose(dialog.format, "SVG")
    save(dialog, tmp_path / "one.svg")
    saved(taught, qtbot, "one.svg")
    qtbot.waitUntil(lambda: not taught.findChildren(ExportDialog))
    again = opened(taught, qtbot)
    assert again.what.currentItem().text() == "Loss curve"
    assert again.way.key == "svg"
    assert taught.settings.export_folder == str(tmp_path)


def test_a_folder_that_takes_no_files_is_told(taught, qtbot, tmp_path, monkeypatch):
    def refuse(path, content):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("gui.exporting.writers.write_whole", refuse)
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Loss curve")
    save(dialog, tmp_path / "x.png")
    qtbot.waitUntil(lambda: taught.messages.kind == "error" and bool(taught.messages.text))
    assert taught.messages.text == (
        "x.png was not saved: permission denied. Choose another folder and try again."
    )
    assert "x.png" not in os.listdir(tmp_path)


# -- the four workspaces ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sketch", "photo", "images", "points"])
def test_every_workspace_has_something_to_take_along(window, qtbot, name):
    window.show_workspace(name)
    offers = window.workspace.exports()
    titles = [what.title for what in offers]
    assert titles[0] == "Network"
    assert "History" in titles
    assert titles[-1] == "Film of the training"
    dialog = opened(window, qtbot)
    for row in range(dialog.what.count()):
        dialog.what.setCurrentRow(row)
        assert dialog.format.count() >= 1
        assert dialog.preview.accessibleDescription()


@pytest.mark.parametrize("page", range(7))
@pytest.mark.parametrize("look", ["dark", "light"])
def test_every_page_of_points_paints_its_pictures(window, qtbot, page, look):
    workspace = window.show_workspace("points")
    workspace.tabs.setCurrentIndex(page)
    workspace.page.step()
    pictures = [what for what in workspace.exports() if isinstance(what, Picture)]
    assert pictures

    def is_full(picture):
        image = pages.image(picture, look, 1)
        places = [(x, y) for x in range(0, image.width(), 7) for y in range(50, 300, 7)]
        return len({image.pixel(*place) for place in places}) > 2

    for picture in pictures:
        qtbot.waitUntil(partial(is_full, picture))
        ElementTree.fromstring(pages.svg(picture, look))


# -- controls --------------------------------------------------------------------------------


def test_every_control_has_a_name_and_a_tip_and_is_reached_by_tab(taught, qtbot):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Network view")
    controls = [
        *(dialog.what, dialog.format, dialog.scale, dialog.look),
        *(dialog.copy_button, dialog.close_button, dialog.save_button),
    ]
    for control in controls:
        assert control.accessibleName(), control.objectName()
        assert control.toolTip(), control.objectName()
    dialog.what.setFocus()
    reached = []
    for _ in controls:
        reached.append(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert reached == controls


def test_enter_saves_and_escape_closes(taught, qtbot):
    dialog = opened(taught, qtbot)
    assert QApplication.focusWidget() is dialog.what
    for field in (dialog.what, dialog.format):
        field.setFocus()
        answer = Answer(None)
        QTest.keyClick(field, Qt.Key.Key_Return)  # asked twice, it would never end
        assert answer.offered == "X or O.json"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not taught.findChildren(ExportDialog))
