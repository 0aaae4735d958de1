"""Recording a film of the training with real clicks and keys, in the window."""

from PIL import Image, ImageSequence
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from gui import theme
from gui.exporting import exporter as exporting
from nn.data import examples
from tests.driving import click, find, until_quiet
from tests.export_dialog import Answer, choose, opened, press, save, saved


def record_a_lesson(window, qtbot, frames=6):
    """Ctrl+R, and training until there are enough frames."""
    press(window, qtbot, Qt.Key.Key_R)
    recorder = window.exporter.recorder
    assert recorder.running
    click(window, "train_all_button")
    qtbot.waitUntil(lambda: len(recorder.frames) >= frames)
    window.session.training.pause()
    until_quiet(window)


def test_training_is_recorded_and_saved_as_a_gif(taught, qtbot, tmp_path):
    button = find(taught, "record_button")
    assert button.text() == "Record"
    record_a_lesson(taught, qtbot)
    assert button.text().startswith("Recording 0:0")
    answer = Answer(tmp_path / "film.gif")
    press(taught, qtbot, Qt.Key.Key_R)
    saved(taught, qtbot, "film.gif")
    assert answer.offered == "X or O, training.gif"
    assert button.text() == "Record"
    with Image.open(tmp_path / "film.gif") as film:
        assert max(film.size) == 480
        assert film.info["loop"] == 0
        shown = [frame.convert("RGB") for frame in ImageSequence.Iterator(film)]
        assert film.info["duration"] >= 2000
    assert len(shown) >= 5
    ground = QColor(theme.colours().panel).toTuple()[:3]
    assert {frame.getpixel((x, 0)) for frame in shown for x in range(480)} == {ground}
    assert len({frame.tobytes() for frame in shown}) >= 5, "nothing moved"


def test_a_film_that_was_not_saved_waits_in_the_dialog(taught, qtbot, tmp_path):
    record_a_lesson(taught, qtbot)
    Answer(None)
    asked = Answer(None)
    press(taught, qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: "kept" in taught.messages.text)
    assert asked.offered
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Film")
    assert "frames of 480" in dialog.facts.text()
    save(dialog, tmp_path / "film.gif")
    saved(taught, qtbot, "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        assert film.n_frames >= 5


def test_recording_begins_in_the_dialog_too(taught, qtbot):
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Film")
    assert not dialog.save_button.isEnabled()
    click(dialog, "export_record")
    assert not dialog.isVisible()
    assert taught.exporter.recorder.running


def test_a_recording_without_training_says_so(taught, qtbot):
    press(taught, qtbot, Qt.Key.Key_R)
    taught.exporter.recorder.frames = type(taught.exporter.recorder.frames)()
    find(taught, "network_view").hide()
    press(taught, qtbot, Qt.Key.Key_R)
    assert taught.messages.text == exporting.NO_FRAMES


def test_nothing_is_recorded_while_nothing_changes(taught, qtbot):
    press(taught, qtbot, Qt.Key.Key_R)
    recorder = taught.exporter.recorder
    qtbot.waitUntil(lambda: len(recorder.frames) == 1)
    for _ in range(5):
        recorder._on_timeout()
    assert len(recorder.frames) == 1
    taught.sketch.board.canvas.set_strokes(examples.hands("X", 1)[0].strokes)
    click(taught, "train_button")
    until_quiet(taught)
    qtbot.waitUntil(lambda: len(recorder.frames) == 2)


def test_frames_keep_their_size_when_the_window_gets_another(taught, qtbot):
    press(taught, qtbot, Qt.Key.Key_R)
    recorder = taught.exporter.recorder
    qtbot.waitUntil(lambda: len(recorder.frames) == 1)
    size = recorder.frames.size
    taught.resize(1100, 900)
    click(taught, "train_button")
    until_quiet(taught)
    qtbot.waitUntil(lambda: len(recorder.frames) == 2)
    assert recorder.frames.size == size


def test_the_window_closes_while_it_records_and_saves(taught, qtbot, tmp_path):
    record_a_lesson(taught, qtbot, frames=2)
    dialog = opened(taught, qtbot)
    choose(dialog.what, "Network")
    save(dialog, tmp_path / "last.json")
    taught.end()
    assert not taught.exporter.recorder.running
