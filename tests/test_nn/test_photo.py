"""One photo from whatever a person drops: kinds of files, colours, turns, and what is refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from nn.data import photo
from nn.data.photo import open_photo, read_photo

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def saved(image, form="PNG", **options):
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def halves(size=(64, 48), left=RED, right=BLUE):
    image = Image.new("RGB", size, left)
    image.paste(right, (size[0] // 2, 0, *size))
    return image


def colour(pixels, row, column):
    return pixels[:, row, column].astype(int).tolist()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "PPM"])
def test_every_usual_kind_is_read_from_a_file_and_from_bytes(tmp_path, form):
    content = saved(halves(), form)
    path = tmp_path / "photo.any"
    path.write_bytes(content)
    pixels = read_photo(path, 16)
    assert pixels.shape == (3, 16, 16)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    np.testing.assert_allclose(colour(pixels, 8, 2), RED, atol=12)
    np.testing.assert_allclose(colour(pixels, 8, 13), BLUE, atol=12)
    np.testing.assert_array_equal(read_photo(content, 16), pixels)
    np.testing.assert_array_equal(read_photo(str(path), 16), pixels)


def test_a_name_that_lies_makes_no_difference(tmp_path):
    path = tmp_path / "really a png.jpg"
    path.write_bytes(saved(halves()))
    assert colour(read_photo(path), 5, 5) == list(RED)


def test_cropping_fills_the_square_and_fitting_shows_everything():
    wide = Image.new("RGB", (90, 30), GREEN)
    wide.paste(RED, (0, 0, 30, 30))
    wide.paste(BLUE, (60, 0, 90, 30))
    cropped = read_photo(wide, 30)
    assert (cropped == np.array(GREEN, np.uint8)[:, None, None]).all()
    fitted = read_photo(wide, 30, "fit")
    assert colour(fitted, 2, 15) == list(WHITE)
    assert colour(fitted, 15, 4) == list(RED)
    assert colour(fitted, 15, 25) == list(BLUE)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (3, 2)])
@pytest.mark.parametrize("fit", ["crop", "fit"])
def test_odd_proportions_make_a_square_all_the_same(shape, fit):
    pixels = read_photo(Image.new("RGB", shape, RED), 32, fit)
    assert pixels.shape == (3, 32, 32)
    assert colour(pixels, 16, 16)[0] == 255


# The upper left corner is red; turned as EXIF says, it comes to lie there again.
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_and_mirrored_as_exif_says(orientation):
    upright = Image.new("RGB", (40, 40), WHITE)
    upright.paste(RED, (0, 0, 20, 20))
    upright.paste(BLUE, (20, 0, 40, 20))
    transpose = Image.Transpose
    lying = {
        1: None,
        2: transpose.FLIP_LEFT_RIGHT,
        3: transpose.ROTATE_180,
        4: transpose.FLIP_TOP_BOTTOM,
        5: transpose.TRANSPOSE,
        6: transpose.ROTATE_90,
        7: transpose.TRANSVERSE,
        8: transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright if lying is None else upright.transpose(lying)
    pixels = read_photo(saved(stored, "PNG", exif=exif), 16)
    assert colour(pixels, 3, 3) == list(RED)
    assert colour(pixels, 3, 12) == list(BLUE)
    assert colour(pixels, 12, 3) == list(WHITE)


@pytest.mark.filterwarnings("ignore:Truncated File Read")  # so says Pillow, and goes on
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_data_is_no_reason_to_refuse_a_photo():
    content = saved(halves(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xffnonsense")
    assert read_photo(content).shape == (3, 32, 32)


def test_what_is_transparent_shows_white_paper():
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    assert colour(read_photo(saved(clear), 4), 1, 1) == list(WHITE)
    half = Image.new("RGBA", (8, 8), (255, 0, 0, 128))
    np.testing.assert_allclose(colour(read_photo(half, 4), 1, 1), (255, 127, 127), atol=1)
    grey = Image.new("LA", (8, 8), (0, 0))
    assert colour(read_photo(saved(grey), 4), 1, 1) == list(WHITE)
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    assert colour(read_photo(saved(palette, transparency=0), 4), 1, 1) == list(WHITE)
    assert colour(read_photo(saved(palette), 4), 1, 1) == list(RED)
    chosen = saved(Image.new("RGB", (8, 8), RED), transparency=RED)
    assert colour(read_photo(chosen, 4), 1, 1) == list(WHITE)
    for mode in ("RGBa", "La"):
        assert read_photo(Image.new(mode, (8, 8)), 4).min() == 255


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB", "HSV", "I", "F"])
def test_every_kind_of_colour_is_brought_to_red_green_blue(mode):
    pixels = read_photo(halves().convert("L" if mode in "IF" else "RGB").convert(mode), 8)
    assert pixels.shape == (3, 8, 8)
    assert len(np.unique(pixels.reshape(3, -1), axis=1).T) >= 2


def test_ink_colours_come_out_right():
    inks = Image.new("CMYK", (16, 16), (0, 255, 255, 0))  # magenta and yellow make red
    np.testing.assert_allclose(colour(read_photo(saved(inks, "JPEG"), 4), 1, 1), RED, atol=8)


def test_sixteen_bits_are_brought_to_eight():
    ramp = np.linspace(0, 65535, 64, dtype=np.uint16)[None].repeat(64, 0)
    for form in ("PNG", "TIFF"):
        pixels = read_photo(saved(Image.fromarray(ramp), form), 64)
        np.testing.assert_allclose(pixels[1, 32], ramp[0] / 257, atol=2)
    floats = Image.fromarray(np.linspace(0, 1, 64, dtype=np.float32)[None].repeat(64, 0))
    np.testing.assert_allclose(read_photo(floats, 64)[0, 0, ::63], [0, 255], atol=2)


def test_the_first_picture_of_an_animation_counts():
    first, second = Image.new("RGB", (16, 16), RED), Image.new("RGB", (16, 16), BLUE)
    for form in ("GIF", "PNG", "WEBP"):
        moving = saved(first, form, save_all=True, append_images=[second])
        np.testing.assert_allclose(colour(read_photo(moving, 4), 1, 1), RED, atol=8)


def test_arrays_are_pictures_too():
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8)
    np.testing.assert_array_equal(read_photo(grey, 8), np.stack([grey] * 3))
    np.testing.assert_array_equal(read_photo(grey[None], 8), np.stack([grey] * 3))
    np.testing.assert_array_equal(read_photo(grey[:, :, None], 8), np.stack([grey] * 3))
    rgb = np.stack([grey, grey + 1, grey + 2])
    np.testing.assert_array_equal(read_photo(rgb, 8), rgb)
    np.testing.assert_array_equal(read_photo(rgb.transpose(1, 2, 0), 8), rgb)
    np.testing.assert_array_equal(read_photo(rgb.astype(np.float32) / 255, 8), rgb)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((2, 3, 4, 5), np.uint8), r"expected shape .* got \(2, 3, 4, 5\)"),
        (np.zeros((5, 5, 2), np.uint8), r"got \(5, 5, 2\)"),
        (np.zeros((0, 5), np.uint8), r"got \(0, 5\)"),
        (np.zeros(5, np.uint8), r"got \(5,\)"),
        (np.full((5, 5), 2.0), "floats from 0 to 1, got 2 to 2"),
        (np.full((5, 5), np.nan), "floats from 0 to 1, got nan"),
        (np.zeros((5, 5), np.int64), "uint8 or float, got int64"),
        (np.zeros((5, 5), complex), "uint8 or float, got complex128"),
    ],
)
def test_arrays_that_are_no_picture_are_told(array, message):
    with pytest.raises(ValueError, match=message):
        read_photo(array)


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
GOOD = {form: saved(halves((200, 150)), form) for form in ("JPEG", "PNG", "GIF", "WEBP", "TIFF")}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (b"\0" * 1000, "is nothing but zeros"),
        (b"Dear diary,\ntoday\n", "is a text file"),
        ("Grüße\n".encode() * 30, "is a text file"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing, which has no pixels"),
        (b"<?xml version='1.0'?>\n<!-- hm -->\n<svg/>", "is an SVG drawing"),
        (HEIC, "is a HEIC photo"),
        (HEIC.replace(b"ftypheic", b"ftypmp42"), "is a film"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
        (b"PK\x03\x04" + bytes(50), "is a zip archive"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "is PostScript"),
        (bytes(range(1, 256)) * 4, "can't be read as a picture"),
        (b"\x89PNG\r\n\x1a\n", "can't be read as a picture"),
    ],
)
def test_what_is_no_picture_is_told_in_one_sentence(tmp_path, content, message):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as told:
        read_photo(path)
    assert str(told.value).startswith("holiday.jpg: ")
    assert "expected a JPEG, PNG" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("form", GOOD)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_cut_file_is_answered_with_a_sentence_or_a_picture(form, part):
    content = GOOD[form][: max(16, int(len(GOOD[form]) * part))]
    said = ""
    try:
        pixels = read_photo(content, 8)
    except ValueError as problem:
        said = str(problem)
    assert said.startswith("the picture: ") or pixels.shape == (3, 8, 8)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photo_that_is_cut_in_half_is_refused(form):
    with pytest.raises(ValueError, match=r"damaged or cut off|can't be read"):
        read_photo(GOOD[form][: len(GOOD[form]) // 2])


@pytest.mark.parametrize("form", GOOD)
def test_damaged_bytes_never_surprise(form):
    rng = np.random.default_rng(7)
    for _ in range(25):
        content = bytearray(GOOD[form])
        for place in rng.integers(0, len(content), 5):
            content[place] = rng.integers(256)
        try:
            assert read_photo(bytes(content), 8).shape == (3, 8, 8)
        except ValueError:
            continue


def png_of(width, height):
    """A PNG whose header promises any size; of its pixels there are hardly any."""

    def chunk(kind, content):
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)


@pytest.mark.parametrize(
    "size", [(9000, 9000), (11_000, 11_000), (60_000, 60_000), (2**31 - 1,) * 2]
)
def test_a_decompression_bomb_is_not_opened(size):
    with pytest.raises(ValueError, match="too many pixels to open, at most 40 million"):
        read_photo(png_of(*size), name="bomb.png")


def test_an_enormous_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(photo, "LARGEST_FILE", 2_000_000)
    path = tmp_path / "enormous.png"
    path.write_bytes(saved(halves()) + bytes(2_000_000))
    with pytest.raises(ValueError, match=r"enormous\.png: is larger than 2 MB"):
        read_photo(path)


def test_folders_pipes_and_missing_files_are_told(tmp_path):
    with pytest.raises(ValueError, match="is a folder"):
        read_photo(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_photo(tmp_path / "nothing.jpg")
    with pytest.raises(ValueError, match="expected a file, bytes or a picture, got NoneType"):
        read_photo(None)


@pytest.mark.parametrize("size", [0, 5000, 2.5, True])
def test_a_size_out_of_range_is_told(size):
    with pytest.raises(ValueError, match="size: expected a whole number from 1 to 4096"):
        read_photo(halves(), size)


def test_an_unknown_way_to_fit_is_told():
    with pytest.raises(ValueError, match="expected 'crop' or 'fit', got 'stretch'"):
        read_photo(halves(), 8, "stretch")


def test_a_large_jpeg_is_decoded_small_and_looks_the_same():
    large = halves((4000, 3000))
    content = saved(large, "JPEG")
    assert open_photo(content, 32).size[0] < 1000
    assert open_photo(content).size == (4000, 3000)
    np.testing.assert_allclose(read_photo(content), read_photo(large), atol=20)
