"""The container of session files: what comes back, and what is refused."""

import hashlib
import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nn.formats import archive, npz, zips

WRITTEN = "2025-01-31T12:00:00Z"
PARTS = {
    "sketch/settings.json": {"size": 6, "speed": None, "names": ["X", "ö 🦡"], "lr": 0.1},
    "sketch/samples.ndjson": [{"label": 0, "strokes": [[[0.1, 1e-9]]]}, [], "\n\u2028"],
    "sketch/weights.npz": {
        "parameters": np.arange(6, dtype=np.float32).reshape(2, 3),
        "state.3.mean": np.array([0.1, -0.0]),
        "steps": np.array(7),
        "seen": np.array([True, False]),
        "none": np.zeros((0, 4), np.uint8),
    },
    "points/history.npz": {},
}


def packed(parts: dict = PARTS) -> bytes:
    return archive.pack(parts, "Brightwire 0.1.0", WRITTEN)


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return {name: source.read(name) for name in source.namelist()}


def rezipped(found: dict[str, bytes], **change: bytes | None) -> bytes:
    return zips.pack({n: c for n, c in {**found, **change}.items() if c is not None})


def signed(contents: dict[str, bytes], **change: object) -> bytes:
    """A session file of these parts with right checksums."""
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    manifest = {
        "format": archive.FORMAT,
        "version": archive.VERSION,
        "app": "Brightwire 0.1.0",
        "written": WRITTEN,
        "parts": checksums,
        **change,
    }
    return zips.pack({"manifest.json": json.dumps(manifest).encode(), **contents})


def refusal(content: bytes) -> str:
    with pytest.raises(ValueError, match=r"^mine\.brightwire can't be opened: ") as caught:
        archive.unpack(content, "mine.brightwire")
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300
    return message.removeprefix("mine.brightwire can't be opened: ")


def assert_same(found: object, wanted: object) -> None:
    if isinstance(wanted, np.ndarray):
        assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
        assert found.tobytes() == wanted.tobytes()
    elif isinstance(wanted, dict):
        assert list(found) == list(wanted)
        for name, value in wanted.items():
            assert_same(found[name], value)
    else:
        assert found == wanted


# -- whole files -------------------------------------------------------------------------------


def test_parts_come_back_to_the_bit(tmp_path: Path) -> None:
    path = tmp_path / "mine.brightwire"
    checksum = archive.write(path, PARTS, "Brightwire 0.1.0")
    assert checksum == hashlib.sha256(path.read_bytes()).hexdigest()
    found = archive.read(path)
    assert (found.version, found.app) == (archive.VERSION, "Brightwire 0.1.0")
    assert found.written.endswith("Z")
    assert_same(found.parts, {name: PARTS[name] for name in sorted(PARTS)})
    assert [p.name for p in tmp_path.iterdir()] == ["mine.brightwire"]


def test_half_a_character_does_not_make_a_file_that_can_not_be_opened() -> None:
    names = ["caf\udce9", "\\udce9", "🦡", "\ud83e", "\\\\\udd21\ud83e"]
    found = archive.unpack(packed({"a.json": names}), "mine.brightwire").parts["a.json"]
    assert found == ["caf�", "\\udce9", "🦡", "�", "\\\\��"]


def test_equal_parts_give_equal_bytes() -> None:
    turned = {name: PARTS[name] for name in reversed(PARTS)}
    assert packed() == packed(turned)
    assert packed() != archive.pack(PARTS, "Brightwire 0.1.0", "2025-01-31T12:00:01Z")


def test_arrays_that_are_read_can_not_be_written_into() -> None:
    arrays = archive.unpack(packed(), "mine.brightwire").parts["sketch/weights.npz"]
    assert not any(values.flags.writeable for values in arrays.values())


def test_any_zip_program_and_numpy_can_look_inside() -> None:
    found = entries(packed())
    manifest = json.loads(found["manifest.json"])
    assert manifest["format"] == "brightwire-session"
    assert set(manifest["parts"]) == set(PARTS)
    assert len(found["sketch/samples.ndjson"].splitlines()) == 3
    with np.load(io.BytesIO(found["sketch/weights.npz"])) as arrays:
        assert arrays["steps"] == 7


def test_an_empty_session_is_a_file_too() -> None:
    assert archive.unpack(packed({}), "mine.brightwire").parts == {}


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"../up.json": 1}, ValueError),
        ({"/up.json": 1}, ValueError),
        ({"a//b.json": 1}, ValueError),
        ({"a\\b.json": 1}, ValueError),
        ({"manifest.json": 1}, ValueError),
        ({"a.pkl": 1}, ValueError),
        ({"a.json": float("nan")}, ValueError),
        ({"a.json": {1, 2}}, TypeError),
        ({"a.npz": {"x": np.array([None])}}, ValueError),
        ({"a.npz": {"x": np.array(["text"])}}, ValueError),
        ({"a.npz": {"x": np.array([1j])}}, ValueError),
        ({"a.npz": {"../x": np.zeros(1)}}, ValueError),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, parts: dict, error: type
) -> None:
    path = tmp_path / "mine.brightwire"
    archive.write(path, {})
    before = path.read_bytes()
    with pytest.raises(error):
        archive.write(path, parts)
    assert path.read_bytes() == before


def test_more_than_can_be_read_again_is_not_written() -> None:
    with pytest.raises(ValueError, match=r"more to keep than fits into a session file, see a\.npz"):
        packed({"a.npz": {"x": np.zeros(archive.LARGEST["npz"], np.uint8)}})
    with pytest.raises(
        ValueError, match=r"more to keep than fits into a session file, see a\.json"
    ):
        packed({"a.json": "x" * archive.LARGEST["json"]})


# -- broken and foreign files --------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"P", b"\x89PNG\r\n", b'{"a": 1}', b"\0" * 100])
def test_what_is_no_zip_is_no_session_file(content: bytes) -> None:
    assert refusal(content).startswith("it is no session file of Brightwire; choose one")


def test_another_zip_is_no_session_file() -> None:
    assert "no session file" in refusal(zips.pack({"word/document.xml": b"<a/>"}))
    other = json.dumps({"format": "other", "version": 1}).encode()
    assert "no session file" in refusal(zips.pack({"manifest.json": other}))
    assert "no session file" in refusal(zips.pack({"manifest.json": b"[]"}))
    assert "no session file" in refusal(npz.pack({"a": np.zeros(3)}))


def test_a_file_cut_off_anywhere_is_refused() -> None:
    content = packed()
    for length in range(len(content)):
        refusal(content[:length])
    assert "it is broken (its end is missing); open an older copy" in refusal(content[:500])


def test_a_bit_flipped_anywhere_is_found_or_does_no_harm() -> None:
    content = packed()
    wanted = archive.unpack(content, "mine.brightwire")
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        try:
            found = archive.unpack(bytes(damaged), "mine.brightwire")
        except ValueError as error:
            assert str(error).startswith("mine.brightwire can't be opened: ")  # noqa: PT017
            continue
        assert_same(found.parts, wanted.parts)


def test_a_part_that_was_changed_does_not_match_its_checksum() -> None:
    changed = rezipped(entries(packed()), **{"sketch/settings.json": b'{"size": 7}'})
    wanted = "broken (its part sketch/settings.json does not match its checksum)"
    assert wanted in refusal(changed)


@pytest.mark.parametrize(
    "change",
    [{"sketch/settings.json": None}, {"sketch/more.json": b"1"}, {"sketch/code.py": b"1"}],
)
def test_parts_that_are_missing_or_too_many_are_refused(change: dict) -> None:
    assert "doesn't list the parts" in refusal(rezipped(entries(packed()), **change))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1"},
        {"version": True},
        {"version": None},
        {"app": 3},
        {"written": None},
        {"parts": []},
        {"parts": {"a.json": 5}},
        {"parts": {}},
        {"version": -1},
    ],
)
def test_a_manifest_that_lacks_something_is_refused(change: dict) -> None:
    assert refusal(signed({"a.json": b"1"}, **change)).startswith("it is broken (")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"{", "can't be read"),
        ("a.json", b"\xff", "can't be read"),
        ("a.json", b"NaN", "finite numbers, got NaN"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b"9" * 5000, "a number in it is too long"),
        ("a.ndjson", b"1\n\n2\n", "can't be read"),
        ("a.ndjson", b"1 2\n", "can't be read"),
        ("a.py", b"print()", "no such part as 'a.py'"),
        ("a.npz", b"", "it is no zip file"),
        ("a.npz", zips.pack({"a.npy": b"\x80\x04N."}), "a.npy is no array of numbers"),
    ],
)
def test_a_part_that_makes_no_sense_is_named(name: str, content: bytes, message: str) -> None:
    found = refusal(signed({name: content}))
    assert message in found
    assert name in found


# -- files made to hurt ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../up.json", "/etc/up.json", "a/../b.json", "C:\\a.json", "a\0.json", "a" * 300]
)
def test_odd_names_are_refused(name: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        target.writestr("manifest.json", "{}")
        target.writestr(name, "1")
    assert "odd name" in refusal(file.getvalue()) or "\0" in name


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        target.writestr("manifest.json", "{}")
        target.writestr("a.json", "1")
        target.writestr("a.json", "2")
    assert "it has the part a.json twice" in refusal(file.getvalue())


def test_a_bomb_is_refused_by_what_it_says_before_it_is_inflated() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("manifest.json", b"0" * (zips.LARGEST_ENTRY + 1))
    assert "larger than 128 MB" in refusal(file.getvalue())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(3):
            target.writestr(f"{number}.npz", b"0" * (90 << 20))
    assert "larger than 192 MB" in refusal(file.getvalue())


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("manifest.json", b"0" * 10_000_000)
    content = file.getvalue().replace(struct.pack("<L", 10_000_000), struct.pack("<L", 100))
    assert "its part manifest.json is broken" in refusal(content)


def test_a_part_that_says_it_is_huge_takes_no_memory() -> None:
    content = packed({"a.json": 1})
    lying = content.replace(struct.pack("<LL", 3, 1), struct.pack("<LL", 3, 1 << 25))
    assert lying != content
    assert "its part a.json is broken" in refusal(lying)


def test_too_many_parts_are_refused() -> None:
    many = {f"{number}.json": b"1" for number in range(zips.MOST_ENTRIES + 1)}
    assert "too many parts" in refusal(zips.pack(many))


def test_a_text_that_would_fill_the_memory_with_lists_is_refused() -> None:
    text = b"[" + b"[]," * 3_000_000 + b"[]]"
    assert "it holds more values than fit" in refusal(signed({"a.json": text}))
    assert "it holds more values than fit" in refusal(signed({"a.ndjson": text}))
    half = b"[" + b"[]," * 1_200_000 + b"[]]"
    assert "part b.json can't be read: it holds" in refusal(
        signed({"a.json": half, "b.json": half})
    )


def test_lines_together_take_no_more_memory_than_one_value() -> None:
    lines = (b"[" + b"[]," * 1000 + b"[]]\n") * 3_000
    assert "it holds more values than fit" in refusal(signed({"a.ndjson": lines}))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_compression_are_refused(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as target:
        target.writestr("manifest.json", "{}")
    assert "broken" in refusal(file.getvalue())


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
        b"{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os').getpid(), }",
        b"{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
        b"{'descr': '<f4', 'shape': (1,), }",
        b"(" * 500,
    ],
)
def test_arrays_of_anything_but_numbers_are_refused(header: bytes) -> None:
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n" + b"\0" * 4
    found = refusal(signed({"a.npz": zips.pack({"x.npy": content})}))
    assert "its part x.npy is no array of numbers" in found


@pytest.mark.parametrize(
    "shape", [b"(2,)", b"(1000000000000,)", b"()", b"(99999999999, 99999999999, 0)", b"(1, 0)"]
)
def test_an_array_is_as_large_as_it_says_or_refused(shape: bytes) -> None:
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + b", }\n"
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + b"\0" * 4
    found = refusal(signed({"a.npz": zips.pack({"x.npy": content})}))
    assert "its part x.npy is not as large as it says" in found


# -- versions ----------------------------------------------------------------------------------


def test_a_newer_version_is_refused_whatever_is_in_it() -> None:
    newer = signed({"a.dat": b"?"}, version=2, app="Brightwire 9.0", parts="elsewhere")
    message = "a newer Brightwire has written it, Brightwire 9.0; update the app to open it"
    assert refusal(newer) == message


def test_a_file_of_version_0_opens_as_one_of_today() -> None:
    arrays = npz.pack({"parameters": np.ones(3, np.float32)})
    found = archive.unpack(
        signed(
            {"settings.json": b'{"size": 6}', "samples.ndjson": b"", "weights.npz": arrays},
            version=0,
            app="Brightwire 0.0.1",
        ),
        "old.brightwire",
    )
    assert (found.version, found.app) == (0, "Brightwire 0.0.1")
    assert found.parts["sketch/settings.json"] == {"size": 6}
    assert found.parts["sketch/samples.ndjson"] == []
    assert np.array_equal(found.parts["sketch/weights.npz"]["parameters"], np.ones(3))


def test_every_older_version_has_its_upgrade() -> None:
    assert sorted(archive.UPGRADES) == list(range(archive.VERSION))


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        archive.read(tmp_path / "missing.brightwire")
