"""What is exported, file by file, read back by other programs."""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

import nn
from gui import theme
from gui.exporting import pages, tables, writers
from gui.exporting.exportable import NetworkExport, Picture, by_itself
from gui.exporting.film import MOST_BYTES, MOST_FRAMES, Frames
from gui.exporting.gif import LAST, to_gif
from gui.exporting.naming import file_name, of_classes
from gui.exporting.writers import Look
from gui.widgets.confusion_view import ConfusionView
from gui.widgets.loss_plot import LossPlot
from gui.widgets.network_view import NetworkView
from gui.widgets.plane_view import PlaneView
from gui.widgets.training_plot import TrainingPlot
from nn.data.progress import finish
from tests.widgets import image_pixels as pixels


def rendered(svg, size):
    """An SVG as another program shows it."""
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(image.rect()))
    painter.end()
    return pixels(image)


def network_picture():
    view = NetworkView()
    view.set_network(nn.presets.build("sketch", seed=1, class_names=["a <b>", "Ö & é"]))
    return Picture("Network view", "x", (960, 540), view.paint_to, lambda: "step 0")


def loss_picture():
    plot = LossPlot()
    steps = np.arange(1, 301)
    plot.set_history(steps, np.exp(-steps / 90) + 0.1 * np.sin(steps) ** 2)
    return Picture("Loss curve", "x", (720, 400), by_itself(plot.twin), lambda: "step 300")


def curves_picture():
    plot = TrainingPlot()
    steps = np.arange(1.0, 401)
    plot.set_rows(np.stack([steps, 2 / steps, 1 - 1 / steps, 1 - 1.5 / steps], axis=1))
    return Picture("Loss and accuracy", "x", (720, 400), by_itself(plot.twin), lambda: "step 400")


def plane_picture():
    plane = PlaneView()
    places = np.random.default_rng(0).uniform(-4, 4, (60, 2)).astype(np.float32)
    plane.set_points(places, (places[:, 0] > 0).astype(np.int64))
    return Picture("Boundary", "x", (560, 560), by_itself(plane.twin), lambda: "step 0")


def matrix_picture():
    view = ConfusionView()
    view.set_confusion(["cat", "dog", "owl"], [[9, 1, 0], [2, 7, 1], [0, 0, 5]])
    return Picture("Confusion matrix", "x", (560, 560), by_itself(view.twin), lambda: "step 0")


PICTURES = {
    "network": (network_picture, ["36 inputs", "a <b>", "Ö & é", "positive"]),
    "loss": (loss_picture, ["step", "0.2", "100"]),
    "curves": (curves_picture, ["Loss", "Accuracy", "training", "validation", "100 %"]),
    "plane": (plane_picture, ["−2", "2"]),
    "matrix": (matrix_picture, ["cat", "owl", "precision", "recall"]),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_png_has_the_size_and_the_ground_that_were_chosen(qapp, name, look, scale):
    theme.apply(qapp, "light" if look == "dark" else "dark")  # the app's own look is another
    picture = PICTURES[name][0]()
    made = Image.open(io.BytesIO(pages.png(pages.image(picture, look, scale))))
    wide, high = picture.size
    assert made.format == "PNG"
    assert made.size == (scale * (wide + 32), scale * (high + 60))
    ground = QColor((theme.DARK if look == "dark" else theme.LIGHT).panel)
    for corner in ((2, 2), (made.width - 3, made.height - 3)):
        assert made.convert("RGB").getpixel(corner) == ground.toTuple()[:3]
    assert made.text["Title"].startswith(picture.title)
    assert theme.colours().name != look, "the app's look must stay"
    theme.apply(qapp, "dark")


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("look", ["dark", "light"])
def test_an_svg_shows_what_the_png_shows(qapp, name, look):
    theme.apply(qapp, "dark")
    picture = PICTURES[name][0]()
    drawing = pages.svg(picture, look)
    image = pages.image(picture, look, 1)
    difference = np.abs(rendered(drawing, image.size()) - pixels(image))
    assert difference.mean() < 4
    assert (difference.max(axis=2) > 80).mean() < 0.04


@pytest.mark.parametrize("name", PICTURES)
def test_an_svg_holds_shapes_and_readable_text(qapp, name):
    theme.apply(qapp, "dark")
    make, words = PICTURES[name]
    picture = make()
    root = ElementTree.fromstring(pages.svg(picture, "light"))
    space = "{http://www.w3.org/2000/svg}"
    texts = ["".join(text.itertext()) for text in root.iter(f"{space}text")]
    assert picture.title in texts
    assert {word for word in words if not any(word in text for text in texts)} == set()
    assert not list(root.iter(f"{space}image")), "pixels in a drawing of shapes"
    assert root.get("viewBox") == f"-16 -44 {picture.size[0] + 32} {picture.size[1] + 60}"


def test_clips_of_an_svg_lie_around_what_they_clip(qapp):
    theme.apply(qapp, "dark")
    drawing = pages.svg(curves_picture(), "light").decode()
    edges = [
        tuple(float(number) for number in re.findall(r"[ML]([\d.]+),([\d.]+)", path)[0])
        for path in re.findall(r'<clipPath[^>]*>\s*<path[^>]* d="([^"]+)"', drawing)
    ]
    assert (39.0, 16.0) in edges, "the loss's clip begins at the chart's own corner"
    assert drawing.count('matrix(1,0,0,1,0,0)"') > 20, "nothing is moved after it was clipped"


def test_small_pictures_in_an_svg_are_cut_out_of_the_larger_one(qapp):
    theme.apply(qapp, "dark")
    view = NetworkView()
    view.set_network(nn.presets.build("sketch-cnn", seed=0))
    picture = Picture("Network view", "x", (960, 540), view.paint_to)
    drawing, image = pages.svg(picture, "light"), pages.image(picture, "light", 1)
    assert drawing.count(b"<image") >= 4
    assert np.abs(rendered(drawing, image.size()) - pixels(image)).mean() < 4


def test_what_is_on_the_screen_is_not_touched_by_a_picture_of_it(qapp):
    theme.apply(qapp, "dark")
    plot = LossPlot()
    plot.resize(280, 120)
    plot.set_history([1, 2, 3], [0.3, 0.2, 0.1])
    before = pixels(plot.grab().toImage())
    picture = Picture("Loss curve", "x", (720, 400), by_itself(plot.twin))
    pages.image(picture, "light", 4)
    assert plot.size().toTuple() == (280, 120)
    assert np.array_equal(pixels(plot.grab().toImage()), before)


# -- tables ----------------------------------------------------------------------------------


def test_a_csv_is_read_back_exactly_by_csv_and_numpy():
    rows = [(1, 0.1, float("nan")), (2, 1 / 3, 0.5), (3.5, 1e-300, float("inf"))]
    content = tables.to_csv(("step", "loss", 'accuracy, "0 to 1"'), rows)
    assert content.startswith(b"step,loss,"), "no byte order mark"
    assert content.endswith(b"\r\n")
    read = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert read[0] == ["step", "loss", 'accuracy, "0 to 1"']
    assert read[1] == ["1", "0.1", ""]
    assert float(read[2][1]) == 1 / 3
    values = np.genfromtxt(io.BytesIO(content), delimiter=",", skip_header=1)
    assert values[:, 0].tolist() == [1, 2, 3.5]
    assert values[2, 1] == 1e-300
    assert np.isnan(values[0, 2])


@given(st.lists(st.lists(st.floats() | st.text(), min_size=2, max_size=2), max_size=20))
def test_any_table_comes_back(rows):
    content = tables.to_csv(("a", "b"), rows).decode("utf-8", "surrogatepass")
    read = list(csv.reader(io.StringIO(content, newline="")))
    assert len(read) == 1 + len(rows)
    for told, row in zip(read[1:], rows, strict=True):
        for field, value in zip(told, row, strict=True):
            if isinstance(value, str):
                assert field == value
            else:
                assert field == "" if not np.isfinite(value) else float(field) == value


# -- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("X or O", "X or O.png"),
        ("../../etc/passwd", "etc-passwd.png"),
        ("a/b:c*d?", "a-b-c-d.png"),
        ("  .hidden", "hidden.png"),
        ("con", "brightwire con.png"),
        ("", "brightwire.png"),
        ("…\n\t\u202e", "….png"),
        ("é" * 200, "é" * 80 + ".png"),
    ],
)
def test_a_file_name_is_safe(words, name):
    assert file_name(words, ".png") == name


@given(st.text())
def test_no_words_lead_out_of_the_folder(words):
    name = file_name(words, ".onnx")
    assert Path(name).name == name
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert name.endswith(".onnx")
    assert not name.startswith(".")
    assert name.encode("utf-8")
    assert len(name) <= 100


def test_many_classes_are_counted():
    assert of_classes(["X", "O"]) == "X or O"
    assert of_classes([str(i) for i in range(10)]) == "10 classes"


# -- networks --------------------------------------------------------------------------------


def written(network, key, folder):
    """The file that the dialog would write."""
    what = NetworkExport("x", "", "", network.copy)
    way = next(way for way in writers.ways(what) if way.key == key)
    path = folder / f"net{way.suffix}"
    writers.writer(what, way, Look("dark"), Frames())(path)
    return path


@pytest.mark.parametrize("key", sorted(nn.formats.FORMATS))
def test_every_format_of_networks_can_be_had(key, tmp_path):
    network = nn.presets.build("mnist", seed=3)
    path = written(network, key, tmp_path)
    assert path.stat().st_size > 1000
    if nn.formats.FORMATS[key].load is not None and key != "flat":
        assert np.array_equal(nn.load(path).parameters, network.parameters)


def test_every_format_has_words_that_begin_as_its_name_or_with_a_capital():
    for way in writers.ways(NetworkExport("x", "", "", nn.Network)):
        assert way.words[0].isupper() or way.words.startswith(way.key)


# -- films -----------------------------------------------------------------------------------


def frame(number, wide=120, high=60):
    """A bar that grows, over a ground with a light."""
    made = np.full((high, wide, 3), (24, 30, 40), np.uint8)
    made[20:40, : 4 + number] = (255, 180, 84)
    made[5, 5] = (0, 255, 0)
    return made


def frames_of(count, **size):
    frames = Frames()
    for number in range(count):
        if frames.wants():
            frames.add(frame(number % 100, **size))
    return frames


def test_a_gif_plays_for_ever_without_flicker_and_rests_on_its_last_frame():
    film = Image.open(io.BytesIO(finish(to_gif(frames_of(30)))))
    assert (film.format, film.size, film.n_frames) == ("GIF", (120, 60), 30)
    assert film.info["loop"] == 0
    durations, grounds = [], set()
    for number in range(film.n_frames):
        film.seek(number)
        durations.append(film.info["duration"])
        shown = film.convert("RGB")
        grounds.add(shown.getpixel((110, 50)))
        assert np.abs(np.subtract(shown.getpixel((1, 30)), (255, 180, 84))).max() <= 6
        assert np.abs(np.subtract(shown.getpixel((5, 5)), (0, 255, 0))).max() <= 6
    assert durations == [100] * 29 + [LAST]
    assert len(grounds) == 1, "what stays the same must not flicker"


def test_a_film_of_any_length_stays_small_and_tells_all_of_it():
    frames = frames_of(3000)
    assert MOST_FRAMES / 2 <= len(frames) <= MOST_FRAMES
    assert np.array_equal(frames[0], frame(0))
    assert len(finish(to_gif(frames))) < 2_000_000


def test_frames_that_do_not_compress_are_bounded_in_memory():
    random, frames = np.random.default_rng(0), Frames()
    for _ in range(100):
        frames.add(random.integers(0, 256, (480, 480, 3), np.uint8))
        assert frames.bytes <= MOST_BYTES
    assert len(frames) >= 20


def test_a_film_of_one_frame_or_of_none():
    assert Image.open(io.BytesIO(finish(to_gif(frames_of(1))))).n_frames == 1
    with pytest.raises(ValueError, match="no frame yet"):
        finish(to_gif(Frames()))


def test_frames_of_another_size_are_refused():
    frames = frames_of(1)
    with pytest.raises(ValueError, match="expected"):
        frames.add(frame(0, wide=50))
