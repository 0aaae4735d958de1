"""Data sets as they are downloaded or lie in folders, and photos."""

import io
import struct
import tarfile
from pathlib import Path
from random import Random

import numpy as np

from gui import photo_reading
from nn.data import cifar, folders, idx, loading, photo
from nn.data.archives import unpacking
from tests.test_hostile import bend, pickles, pictures
from tests.test_hostile.reader import Makers, Reader, bomb, told, zipped


def _idx(shape: tuple[int, ...], code: int = 8, content: bytes | None = None) -> bytes:
    size = int(np.prod(shape)) * {8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8}.get(code, 1)
    head = struct.pack(f">HBB{len(shape)}I", 0, code, len(shape), *shape)
    return head + (bytes(i % 10 for i in range(size)) if content is None else content)


IDX_BAD: Makers = {
    "empty": lambda: b"",
    "claim": lambda: _idx((2**32 - 1,) * 8, 14, b"x"),
    "no-rows": lambda: _idx((0, 2**32 - 1, 2**32 - 1), 8, b""),
    "axes": lambda: _idx((1,) * 255, 8, b"x"),
    "floats": lambda: _idx((3,), 13, b"\x7f\xc0\0\0" * 3),
    "bytes": bomb(_idx((200, 1_000_000), 8, b""), b"\0", 200),
    "doubles": bomb(_idx((60, 1000, 1000), 14, b""), b"\0", 480),
    "shorts": bomb(_idx((100, 1000, 1000), 11, b""), b"\0", 200),
    "endless": bomb(_idx((10, 1000, 1000), 8, b""), b"\0", 700),
}
LABELS_BAD: Makers = {
    **IDX_BAD,
    "many": bomb(_idx((200_000_000,), 8, b""), b"\0", 200),
    "signed": lambda: _idx((3,), 9, b"\xff\0\1"),
}


def _cifar_binary(rng: Random) -> bytes:
    return b"".join(bytes([rng.randrange(10)]) + rng.randbytes(3072) for _ in range(3))


CIFAR_BAD: Makers = {
    "empty": lambda: b"",
    "zeros": bomb(b"", bytes(3073), 300),
    "endless": bomb(b"", b"\0", 700),
    "label": lambda: b"\x0a" + bytes(3072),
}
_MEMBERS = {"batch/one.bin": 700, "batch/two.bin": 1024}


def _tar(rng: Random) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=rng.choice((1, 2))) as tar:
        for name, size in _MEMBERS.items():
            entry = tarfile.TarInfo(name)
            entry.size = size
            if rng.random() < 0.1:
                entry.name = rng.choice(("../evil", "/tmp/evil", "batch/one.bin", "a" * 300, "x:y"))
            if rng.random() < 0.1:
                entry.type = rng.choice(
                    (b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"S", b"L", b"x")
                )
                entry.linkname = rng.choice(("/etc/passwd", "../../x", "batch/one.bin"))
            tar.addfile(entry, io.BytesIO(bytes(size)))
    return out.getvalue()


def _bent_tar(content: bytes, rng: Random) -> bytes:
    """Spoil a tar file, mostly with the checksums of its headers put right again."""
    made = bytearray(bend.bent(content, rng) if rng.random() < 0.7 else content)
    for at in range(0, len(made) - 511, 512):
        if made[at + 257 : at + 262] == b"ustar":
            made[at + 148 : at + 156] = b" " * 8
            made[at + 148 : at + 156] = b"%06o\0 " % sum(made[at : at + 512])
    return bytes(made)


def _unpacked(path: Path) -> None:
    told(unpacking(path, path.parent / "out", _MEMBERS))


_CLASS_PICTURES = {
    "train/a/1.png": lambda: pictures.good(3),
    "train/b/1.png": lambda: pictures.good(4),
}


READERS: dict[str, Reader] = {
    "idx": Reader(
        lambda path: idx.read(path),
        lambda rng: _idx(
            (rng.randrange(4), 5, 6)[: rng.randrange(1, 4)], rng.choice((8, 9, 11, 12, 13, 14))
        ),
        zipped(bend.bent),
        IDX_BAD,
    ),
    "mnist-images": Reader(
        lambda path: told(loading.loading(path.parent)),
        lambda rng: _idx((3, 5, 5)),
        zipped(bend.bent),
        IDX_BAD,
        file="set/train-images-idx3-ubyte",
        named=False,
        beside={"set/train-labels-idx1-ubyte": lambda: _idx((3,))},
    ),
    "mnist-labels": Reader(
        lambda path: told(loading.loading(path.parent)),
        lambda rng: _idx((3,)),
        zipped(bend.bent),
        LABELS_BAD,
        file="set/train-labels-idx1-ubyte",
        named=False,
        beside={"set/train-images-idx3-ubyte": lambda: _idx((3, 5, 5))},
    ),
    "cifar-binary": Reader(
        cifar.read_binary, _cifar_binary, zipped(bend.bent), CIFAR_BAD, file="hostile.bin"
    ),
    "cifar-python": Reader(
        cifar.read_python,
        lambda rng: pickles.good(),
        zipped(pickles.bent_pickle),
        {**pickles.BAD, **CIFAR_BAD},
        file="data_batch_1",
    ),
    "tar": Reader(
        _unpacked, _tar, zipped(_bent_tar), {"zeros": bomb(b"", b"\0", 300)}, file="a.tar"
    ),
    "photo": Reader(
        lambda path: photo.read_photo(path),
        lambda rng: pictures.good(rng.randrange(1000)),
        pictures.bent_picture,
        pictures.BAD,
        pictures.LARGE,
    ),
    "photo-shown": Reader(
        lambda path: photo_reading.read(photo_reading.Source(path, path.name), 32),
        lambda rng: pictures.good(rng.randrange(1000)),
        pictures.bent_picture,
        pictures.BAD,
        pictures.LARGE,
    ),
    "folder": Reader(
        lambda path: told(folders.reading(path.parents[2], 16)),
        lambda rng: pictures.good(rng.randrange(1000)),
        pictures.bent_picture,
        pictures.BAD,
        file="set/train/a/2.png",
        named=False,
        beside={f"set/{name}": make for name, make in _CLASS_PICTURES.items()},
    ),
}
