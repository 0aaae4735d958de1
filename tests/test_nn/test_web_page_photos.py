"""Networks as web pages, in a real browser: photos of every kind."""

import base64
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nn import photo_model
from nn.data.augment import Augment
from nn.data.painted import sample
from nn.data.photo import read_photo
from nn.formats import web_page
from nn.typing import Array
from tests.browser import Browser
from tests.test_nn.exported import random_network

CLOSE = 1e-4


def painting(width: int, height: int) -> Image.Image:
    """A picture as large as asked for, with shapes, soft colours and a little noise."""
    rng = np.random.default_rng(width)
    image = Image.fromarray(sample(5).transpose(1, 2, 0)).resize((width, height), Image.LANCZOS)
    noisy = np.asarray(image) + rng.normal(0, 6, (height, width, 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def photos(folder: Path) -> list[Path]:
    """Files of every kind that people have."""
    made: list[Path] = []

    def add(image: Image.Image, name: str, **options: Any) -> None:
        path = folder / f"{len(made)}-{name}"
        image.save(path, **options)
        made.append(path)

    plain, small = painting(523, 397), painting(70, 90)
    rng = np.random.default_rng(3)
    for sampling in ("4:4:4", "4:2:2", "4:2:0"):
        for progressive in (False, True):
            for image in (plain, small, painting(129, 300)):
                options = {"quality": 80, "subsampling": sampling, "progressive": progressive}
                add(image, "photo.jpg", **options)
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        add(plain, f"turned-{turn}.jpg", exif=exif)
        add(small, f"turned-{turn}.png", exif=exif)
    add(plain.convert("L"), "grey.jpg")
    add(plain.convert("CMYK"), "inks.jpg")
    add(plain, "red-green-blue.jpg", keep_rgb=True)
    add(plain, "restarts.jpg", restart_marker_blocks=7)
    add(plain, "restarts.jpg", restart_marker_rows=1, progressive=True)
    add(painting(4200, 3100), "very-large.jpg")
    add(painting(2200, 1700), "very-large.png")
    add(painting(3, 5), "tiny.jpg")
    add(painting(1, 1), "tiny.png")
    clear = plain.convert("RGBA")
    clear.putalpha(Image.fromarray(rng.integers(0, 256, (397, 523), np.uint8)))
    add(clear, "alpha.png")
    add(clear.convert("LA"), "grey-alpha.png")
    add(plain, "photo.png")
    add(plain.convert("L"), "grey.png")
    add(plain.convert("1"), "black-and-white.png")
    add(plain.quantize(200), "palette.png")
    add(plain.quantize(5), "palette-small.png", transparency=2)
    add(plain.quantize(60), "palette-alpha.png", transparency=bytes(range(0, 240, 4)))
    add(plain.convert("L"), "one-grey-clear.png", transparency=120)
    add(Image.fromarray(rng.integers(0, 65536, (60, 80)).astype(np.uint16)), "16-bit.png")
    deep = rng.integers(0, 65536, (50, 41, 4))
    for name, interlaced in (("16-bit.png", False), ("interlaced.png", True)):
        made.append(folder / name)
        made[-1].write_bytes(deep_png(deep, interlaced))
    add(plain, "bitmap.bmp")
    add(plain.quantize(100), "picture.gif")
    add(plain, "exact.webp", lossless=True)
    return made


def deep_png(pixels: Array, interlaced: bool) -> bytes:
    """A PNG of (H, W, 4) numbers of 16 bits."""
    height, width, _ = pixels.shape
    parts = [pixels[y::down, x::right] for x, y, right, down in (ADAM7 if interlaced else WHOLE)]
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for part in parts for line in part)
    header = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, interlaced)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))
        for name, held in chunks
    )


WHOLE = ((0, 0, 1, 1),)
ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def seen(browser: Browser) -> Array:
    """The pixels that the page shows as what the network reads, (3, H, W)."""
    edge, values = browser.run(
        "const canvas = document.getElementById('seen');"
        "const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
        "return [canvas.width, [...data]]"
    )
    return np.array(values).reshape(edge, edge, 4)[:, :, :3].transpose(2, 0, 1)


def bring(browser: Browser, path: Path) -> None:
    """Choose a file and wait until the page shows it, or says what is wrong with it."""
    browser.type("#file", str(path))
    wait_for(browser, path.name)


def wait_for(browser: Browser, name: str) -> None:
    browser.wait(
        "['name', 'trouble'].some((id) =>"
        " document.getElementById(id).textContent.startsWith(arguments[0]))",
        name,
    )


def asked(browser: Browser) -> dict[str, float]:
    """What the console function says of the picture in sight."""
    answer = browser.run("return beardOrBadger(document.getElementById('shown'))")
    assert answer["label"] == max(answer["probabilities"], key=answer["probabilities"].get)
    chances: dict[str, float] = answer["probabilities"]
    return chances


def check_photo(browser: Browser, path: Path) -> None:
    complaint = browser.run("return document.getElementById('trouble').textContent")
    assert not complaint, complaint
    np.testing.assert_array_equal(seen(browser), read_photo(path), err_msg=path.name)
    wanted = photo_model.beard_or_badger(path)
    assert asked(browser) == pytest.approx(wanted.probabilities, abs=CLOSE)
    assert browser.run("return document.getElementById('winner').textContent") == wanted.label


@pytest.mark.browser
def test_photos_of_every_kind_are_read_pixel_by_pixel_as_in_the_app(browser, pages, tmp_path):
    browser.open(pages["beard-or-badger"])
    for path in photos(tmp_path):
        bring(browser, path)
        check_photo(browser, path)


@pytest.mark.browser
def test_real_photos_are_read_pixel_by_pixel_as_in_the_app(browser, pages, real_data):
    browser.open(pages["beard-or-badger"])
    paths = sorted((real_data / "photos").glob("*.jpg"))[::6]
    assert paths
    for path in paths:
        bring(browser, path)
        check_photo(browser, path)


@pytest.mark.browser
def test_all_of_a_photo_can_be_shown_on_white_and_in_grey(browser, tmp_path):
    network = random_network(
        "input 20x20x1\nconv 3x3 x4 relu\npool 2\nflatten\ndense 2\nloss softmax"
    )
    network.parameters *= 0.1
    web_page.save(network, tmp_path / "fit.html", about={"fit": "fit"})
    browser.open(tmp_path / "fit.html")
    fitted = photo_model.PhotoModel(network, fit="fit")
    for size in ((300, 100), (99, 250), (20, 20), (13, 7)):
        path = tmp_path / f"{size[0]}.png"
        painting(*size).save(path)
        bring(browser, path)
        told = browser.run("return classify(document.getElementById('shown'))")
        wanted = fitted.classify(path).probabilities
        assert told["probabilities"] == pytest.approx(wanted, abs=CLOSE)


@pytest.mark.browser
def test_a_network_that_reads_the_middle_of_a_larger_picture(browser, tmp_path):
    network = random_network("input 24x24x3\navgpool 4\nflatten\ndense 3\nloss softmax")
    web_page.save(network, tmp_path / "middle.html", picture_size=32)
    browser.open(tmp_path / "middle.html")
    path = tmp_path / "photo.jpg"
    painting(200, 150).save(path)
    bring(browser, path)
    told = browser.run("return classify(document.getElementById('shown'))")
    wanted = network.predict(Augment(crop=24).look(read_photo(path)[np.newaxis]))[0]
    assert list(told["probabilities"].values()) == pytest.approx(wanted, abs=CLOSE)


@pytest.mark.browser
def test_a_photo_can_be_dropped(browser, pages, tmp_path):
    browser.open(pages["beard-or-badger"])
    path = tmp_path / "dropped.jpg"
    painting(180, 120).save(path)
    browser.drop(path, 200, 300)
    wait_for(browser, path.name)
    check_photo(browser, path)


@pytest.mark.browser
def test_a_picture_can_be_pasted(browser, pages, tmp_path):
    browser.open(pages["beard-or-badger"])
    path = tmp_path / "pasted.png"
    painting(90, 60).save(path)
    browser.devtools(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    browser.run(
        "const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));"
        "const item = new ClipboardItem({'image/png': new Blob([bytes], {type: 'image/png'})});"
        "return navigator.clipboard.write([item]).then(() => true)",
        base64.b64encode(path.read_bytes()).decode(),
    )
    browser.keys_together("\ue009", "v")
    browser.wait("!document.getElementById('guess').hidden")
    np.testing.assert_array_equal(seen(browser), read_photo(path))


@pytest.mark.browser
def test_the_console_function_takes_images_canvases_and_files(browser, pages, tmp_path):
    browser.open(pages["beard-or-badger"])
    path = tmp_path / "photo.png"
    painting(150, 110).save(path)
    wanted = photo_model.beard_or_badger(path).probabilities
    script = """
        const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));
        const file = new Blob([bytes], {type: "image/png"});
        const image = new Image();
        image.src = URL.createObjectURL(file);
        return image.decode().then(async () => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.width, image.height];
            canvas.getContext("2d").drawImage(image, 0, 0);
            const found = [beardOrBadger(image), beardOrBadger(canvas), await classify(file)];
            return found.map(({probabilities}) => probabilities);
        })"""
    content = base64.b64encode(path.read_bytes()).decode()
    for told in browser.run(script, content):
        assert told == pytest.approx(wanted, abs=CLOSE)
    with pytest.raises(RuntimeError, match=r"Give me an image, a canvas, a video or a file"):
        browser.run("return beardOrBadger(document.body)")
    with pytest.raises(RuntimeError, match="wait until it has loaded"):
        browser.run("return beardOrBadger(new Image())")


@pytest.mark.browser
def test_the_copied_network_answers_in_the_console_of_another_page(browser, pages, tmp_path):
    path = tmp_path / "photo.png"
    painting(64, 64).save(path)
    other = tmp_path / "other.html"
    content = base64.b64encode(path.read_bytes()).decode()
    other.write_text(f"<title>another</title><img id=a src='data:image/png;base64,{content}'>")
    browser.open(pages["beard-or-badger"])
    browser.devtools(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    browser.run("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    browser.click("#copy")
    browser.wait("document.getElementById('copied').textContent.startsWith('Copied')")
    text = browser.run("return navigator.clipboard.readText()")
    browser.open(other)
    browser.wait("document.getElementById('a').complete")
    browser.run(text)
    told = browser.run("return beardOrBadger(document.getElementById('a'))")
    wanted = photo_model.beard_or_badger(path)
    assert told["label"] == wanted.label
    assert told["probabilities"] == pytest.approx(wanted.probabilities, abs=CLOSE)


@pytest.mark.browser
def test_the_page_warns_of_photos_like_neither_as_the_app_does(browser, pages, tmp_path):
    browser.open(pages["beard-or-badger"])
    shipped = photo_model.shipped()
    rng = np.random.default_rng(0)
    warned = 0
    for number in range(12):
        path = tmp_path / f"{number}.png"
        blank = np.full((32, 32, 3), 20 * number, np.uint8)
        noise = rng.integers(0, 256, (32, 32, 3), np.uint8)
        pictures = (sample(number).transpose(1, 2, 0), noise, blank)
        Image.fromarray(pictures[number % 3]).save(path)
        bring(browser, path)
        told = browser.run("return document.getElementById('warning').textContent")
        assert told == (shipped.unlike_both(shipped.read(path)) or "")
        assert browser.run("return document.getElementById('warning').checkVisibility()") == bool(
            told
        )
        warned += bool(told)
    assert 0 < warned < 12


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.jpg", b"", "empty.jpg: is empty (0 bytes)"),
        ("notes.png", b"hello, I am no picture", "notes.png: is a text file, expected a JPEG"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg: is an SVG"),
        ("paper.jpg", b"%PDF-1.7 \x00\x01", "paper.jpg: is a PDF document"),
        ("zeros.png", bytes(600), "zeros.png: is nothing but zeros"),
        ("apple.heic", b"\0\0\0\x18ftypheic" + bytes(99), "apple.heic: is a HEIC photo"),
        ("cut.jpg", "jpg", "cut.jpg: is damaged or cut off"),
        ("cut.png", "png", "cut.png: is damaged or cut off"),
        ("noise.gif", b"GIF89a\xff\xff\xff\xff\xf0\x01", "noise.gif: can't be read as a picture"),
        ("head.jpg", b"\xff\xd8\xff\xe0\0\x04", "head.jpg: is damaged or cut off"),
        ("huge.png", "huge", "huge.png: has too many pixels to open"),
        ("scan.tif", b"II*\0" + bytes(range(1, 99)), "scan.tif: is a TIFF picture"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence(browser, pages, tmp_path, name, content, sentence):
    if isinstance(content, str):
        held = io.BytesIO()
        painting(90, 90).save(held, "JPEG" if content == "jpg" else "PNG")
        kept = held.getvalue()
        content = (
            kept[:16] + b"\0\1\0\0" * 2 + kept[24:] if content == "huge" else kept[: len(kept) // 2]
        )
    path = tmp_path / name
    path.write_bytes(content)
    browser.open(pages["beard-or-badger"])
    bring(browser, path)
    trouble = browser.run("return document.getElementById('trouble').innerText")
    assert trouble.startswith(sentence)
    assert browser.run("return document.getElementById('waiting').checkVisibility()")
