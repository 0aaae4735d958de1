"""The Paint page: a picture, what the network paints of it, and its learning rate."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from gui.points.paint_look import LEARNT, PAINTED, colour_error, examples, look_at_painting, paced
from gui.points.paint_page import START, PaintPage
from gui.widgets.colour_pair_view import ColourPairView
from gui.widgets.log_slider import LogSlider
from nn import point_presets
from nn.data import scene
from tests.points_page import a_page, settle, train
from tests.widgets import pixels, shown


@pytest.fixture
def told():
    return []


@pytest.fixture
def page(qtbot, told):
    with a_page(qtbot, PaintPage, told) as made:
        yield made


@pytest.fixture
def red_and_blue(tmp_path):
    """A file: red at the left, blue at the right."""
    array = np.zeros((40, 40, 3), np.uint8)
    array[:, :20, 0] = array[:, 20:, 2] = 255
    path = tmp_path / "flag.png"
    Image.fromarray(array).save(path)
    return path


def test_the_page_begins_with_a_painted_picture_and_the_preset(page):
    assert page.name == START
    assert page.training.network.to_text().count("dense 20 relu") == 7
    assert (page.settings.lr, page.settings.momentum, page.settings.batch_size) == (0.01, 0.9, 5)
    assert page.why_not_ready() == ""


def test_the_painting_grows_sharper_while_it_learns(page):
    """2,000 steps take nine tenths of the error away, and the painting is nearer the picture."""
    wanted = scene.sunset(PAINTED).transpose(1, 2, 0).astype(float)

    def far():
        page._look()
        settle(page)
        return np.abs(page.pair._pixels[1] - wanted).mean()

    before, far_before = train(page, 1), far()
    after, far_after = train(page, 2000), far()
    assert after < before / 10
    assert far_after < far_before / 2


def test_a_dropped_picture_is_learnt(page, qtbot, told, red_and_blue):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(red_and_blue))])
    assert page.take(mime)
    qtbot.waitUntil(lambda: page.name == "flag.png", timeout=5000)
    assert page.picture.shape == (3, LEARNT, LEARNT)
    first = train(page, 1)
    assert train(page, 1500) < first / 5
    page._look()
    settle(page)
    painted = page.pair._pixels[1].astype(int)
    left, right = painted[:, :50].mean(axis=(0, 1)), painted[:, -50:].mean(axis=(0, 1))
    assert left[0] > left[2] + 100
    assert right[2] > right[0] + 100
    assert told[-1][2][0] == "Undo"
    told[-1][2][1]()
    assert page.name == START


def test_a_picture_from_the_clipboard_is_learnt(page, qtbot):
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    mime = QMimeData()
    mime.setImageData(image)
    assert page.take(mime)
    qtbot.waitUntil(lambda: page.name == "the picture", timeout=5000)
    assert page.picture[:, 0, 0].tolist() == [0, 255, 0]


def test_what_is_no_picture_is_told_and_the_old_one_stays(page, qtbot, told, tmp_path):
    path = tmp_path / "words.png"
    path.write_text("hello")
    page.open_file(path)
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert "words.png" in told[-1][0]
    assert told[-1][1] == "error"
    assert page.name == START
    assert not page.take(QMimeData())


def test_an_address_is_not_fetched_and_says_what_to_do(page, told):
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/cat.png")])
    assert page.take(mime)
    assert told[-1][0] == "Save the picture first, and drop its file here."


def test_the_slider_and_the_field_are_one_learning_rate(page):
    page.rate.slider.setValue(page.rate.slider.value() + 50)
    assert page.settings.lr == pytest.approx(0.1)
    assert page.settings_panel.fields["lr"].value == pytest.approx(0.1)
    page.settings_panel.fields["lr"].setText("0.004")
    page.settings_panel.fields["lr"].commit()
    assert page.rate.value == 0.004


def test_a_learning_rate_that_is_too_large_is_told(page, told, qtbot):
    page.rate.slider.setValue(page.rate.slider.maximum())
    page.play()
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert "Choose a smaller learning rate" in told[-1][0]


# -- the parts -----------------------------------------------------------------------------


def test_examples_are_places_from_minus_one_to_one_and_their_colours():
    picture = scene.sunset(16)
    data = examples(picture)
    assert len(data.x) + len(data.test_x) == 256
    x, y = (np.concatenate(parts) for parts in ((data.x, data.test_x), (data.y, data.test_y)))
    top_left = np.flatnonzero((x[:, 0, 0, 0] < -0.9) & (x[:, 1, 0, 0] > 0.9))
    assert np.allclose(y[top_left[0]] * 255, picture[:, 0, 0], atol=1e-3)
    assert np.abs(x).max() < 1
    assert examples(scene.sunset(1)).test_x is None


def test_a_painting_shows_what_the_network_says():
    network = point_presets.build("paint", 0)
    painted = look_at_painting(8)(network)()
    assert painted.shape == (8, 8, 3)
    assert painted.dtype == np.uint8


def test_a_slow_look_is_not_repeated_at_once():
    import time

    calls = []

    def see():
        calls.append(time.sleep(0.01))
        return len(calls)

    look = paced(see, 0.001)
    assert [look(), look(), look()] == [1, 1, 1]


def test_the_error_of_colours_is_told_in_per_cent():
    assert colour_error(0.5 * 3 * 0.1**2) == "colours are off by 10.0 %"
    assert colour_error(float("nan")) == ""


def test_both_pictures_are_painted_side_by_side(qtbot):
    view = shown(qtbot, ColourPairView(), 420, 240)
    for set_one, colour in ((view.set_picture, (200, 0, 0)), (view.set_painting, (0, 0, 200))):
        set_one(np.full((4, 4, 3), colour, np.uint8))
    left, right = (pixels(view, square.toRect()) for square in view.squares())
    assert np.allclose(left[10:-10, 10:-10], [200, 0, 0], atol=2)
    assert np.allclose(right[10:-10, 10:-10], [0, 0, 200], atol=2)
    QTest.mouseMove(view, view.squares()[1].center().toPoint())
    assert view._pointer == (pytest.approx(0.5, abs=0.02), pytest.approx(0.5, abs=0.02))
    with pytest.raises(ValueError, match=r"expected \(H, W, 3\), got \(3, 4, 4\)"):
        view.set_picture(np.zeros((3, 4, 4), np.uint8))


def test_a_high_room_has_the_pictures_above_each_other(qtbot):
    view = shown(qtbot, ColourPairView(), 220, 500)
    first, second = view.squares()
    assert first.left() == second.left()
    assert first.bottom() < second.top()
    view.grab()


def test_a_logarithmic_slider_has_equal_ways_for_equal_factors(qtbot):
    slider = shown(qtbot, LogSlider("Rate", "How far", 1e-5, 1.0), 240, 40)
    seen = []
    slider.value_changed.connect(seen.append)
    slider.set_value(0.01)
    assert not seen
    assert slider.slider.value() / slider.slider.maximum() == pytest.approx(0.6)
    slider.setFocus()
    QTest.keyClick(slider.slider, Qt.Key.Key_PageUp)
    assert seen[-1] == pytest.approx(0.032, abs=0.001)
    slider.set_value(50.0)
    assert slider.value == 50.0
    with pytest.raises(ValueError, match="above 0"):
        slider.set_value(0.0)
    with pytest.raises(ValueError, match="0 < low < high"):
        LogSlider("Rate", "", 1.0, 0.1)
    QTest.mouseClick(slider.slider, Qt.MouseButton.LeftButton, pos=QPoint(2, 8))
    assert slider.value < 50.0
