"""Session files, the networks' files with arrays, and what is kept in them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import nn
from nn import checkpoint, generators
from nn.checkpoint import Checkpoint
from nn.formats import (
    archive,
    convnetjs,
    json_text,
    npz,
    npz_file,
    safetensors,
    samples,
    tensors,
    zips,
)
from nn.shuffle import Shuffle
from tests.test_hostile import bend
from tests.test_hostile.json_cases import JSON_BAD
from tests.test_hostile.networks import NETWORK_BAD, made, used
from tests.test_hostile.reader import Makers, Reader

WRITTEN = "2025-01-31T12:00:00Z"


def _npz_part(name: str, content: bytes, rng: Random) -> bytes:
    """Spoil one entry of an .npz file."""
    if name == "network.npy":
        return bend.npy(
            f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({len(content) - 128},), }}",
            bend.bent_json(content[128:], rng),
        )
    return bend.bent_npy(content, rng)


def _entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {entry.filename: file.read(entry) for entry in file.infolist()}


def bent_npz(content: bytes, rng: Random) -> bytes:
    return bend.bent_zip(_entries(content), rng, _npz_part)


def _session(rng: Random) -> bytes:
    trainer = nn.Trainer(made(rng), nn.optimizers.Adam())
    kept = checkpoint.take(trainer)
    parts = {
        "sketch/settings.json": {"size": 6, "classes": ["X", "O"], "lr": 0.5},
        "sketch/samples.ndjson": [{"label": i, "strokes": [[[0.5, i], [3, 4]]]} for i in range(3)],
        "sketch/trainer.json": kept.document,
        "sketch/trainer.npz": kept.arrays,
    }
    return archive.pack(parts, "Brightwire 0.1.0", WRITTEN)


def bent_session(content: bytes, rng: Random) -> bytes:
    """Spoil a session file: a part with the checksum put right again, or the zip around."""
    parts = _entries(content)
    if rng.random() < 0.4:
        return bend.bent_zip(parts, rng, lambda name, data, rng: bend.bent(data, rng))
    name = rng.choice(list(parts))
    if name == archive.MANIFEST:
        return zips.pack({**parts, name: bend.bent_json(parts[name], rng)})
    if name.endswith(".npz"):
        parts[name] = bent_npz(parts[name], rng)
    elif name.endswith(".ndjson"):
        lines = parts[name].splitlines() or [b"{}"]
        lines[rng.randrange(len(lines))] = bend.bent_json(rng.choice(lines), rng)
        parts[name] = b"\n".join(lines)
    else:
        parts[name] = bend.bent_json(parts[name], rng)
    return _packed(parts)


def _packed(parts: dict[str, bytes], **changes: Any) -> bytes:
    """A session file of any parts, with a manifest that tells the truth but for ``changes``."""
    sums = {name: hashlib.sha256(parts[name]).hexdigest() for name in parts}
    sums.pop(archive.MANIFEST, None)
    manifest = {
        "format": archive.FORMAT,
        "version": archive.VERSION,
        "app": "Brightwire 0.1.0",
        "written": WRITTEN,
        "parts": sums,
        **changes,
    }
    return bend.zipped(
        [
            bend.Entry(name.encode(), data, deflated=True)
            for name, data in {**parts, archive.MANIFEST: json.dumps(manifest).encode()}.items()
        ]
    )


def _read_session(path: Path) -> None:
    """Open a session file, and take from it what the workspaces would."""
    parts = archive.read(path).parts
    for value in parts.get("sketch/samples.ndjson", []):
        samples.from_json(value).drawing.raster(6)
    if {"sketch/trainer.json", "sketch/trainer.npz"} <= set(parts):
        _resumed(Checkpoint(parts["sketch/trainer.json"], parts["sketch/trainer.npz"]))


def _resumed(kept: Checkpoint) -> None:
    trainer = checkpoint.resume(kept)
    used(trainer.network)
    if sum(layer.multiply_adds() for layer in trainer.network.layers) < 1_000_000:
        x = np.zeros((2, *trainer.network.input_shape), trainer.network.dtype)
        trainer.step(x, np.zeros(2, np.int64))


def _nested(depth: int) -> bytes:
    content = _packed({"a.json": b"1"})
    for _ in range(depth):
        content = bend.zipped([bend.Entry(b"a.zip", content, deflated=True)])
    return content


ZIP_BAD: Makers = {
    "empty": lambda: b"",
    "end": lambda: b"PK\5\6" + bytes(18),
    "ends": lambda: b"PK\5\6" * 100_000,
    "entries": lambda: bend.zipped([bend.Entry(b"%d" % i, b"") for i in range(65535)]),
    "one-name": lambda: bend.zipped([bend.Entry(b"a.json", b"1")] * 4000),
    "bomb": lambda: bend.zipped([bend.Entry(b"manifest.json", bytes(300_000_000), deflated=True)]),
    "liar": lambda: bend.zipped(
        [bend.Entry(b"manifest.json", bytes(300_000_000), deflated=True, size=100)]
    ),
    "overlap": lambda: bend.zipped(
        [bend.Entry(b"a%d.json" % i, bytes(1000), offset=0) for i in range(3000)]
    ),
    "nested": lambda: _nested(50),
    "encrypted": lambda: bend.zipped([bend.Entry(b"manifest.json", b"{}", flags=1)]),
    "climbs": lambda: _packed({"../../evil.json": b"1"}),
    "absolute": lambda: _packed({"/tmp/evil.json": b"1"}),
    "drive": lambda: _packed({"C:\\evil.json": b"1"}),
    "comment": lambda: bend.zipped([bend.Entry(b"manifest.json", b"{}")], comment=b"x" * 65535),
    "zip64": lambda: bend.zipped(
        [
            bend.Entry(
                b"manifest.json", b"{}", size=-1, packed=-1, extra=b"\1\0\x10\0" + b"\xff" * 16
            )
        ]
    ),
    "lines": lambda: _packed({"a.ndjson": b"\n" * 30_000_000}),
    "lists": lambda: _packed({"a.ndjson": b"[[],[],[],[],[],[],[],[],[]]\n" * 1_000_000}),
    "numbers": lambda: _packed({"a.ndjson": b"[1.5,2.5]\n" * 3_000_000}),
    "one-line": lambda: _packed({"a.ndjson": b"[" + b"[]," * 8_000_000 + b"1]"}),
    "part-lists": lambda: _packed({"a.json": b"[" + b"{}," * 10_000_000 + b"1]"}),
    "part-deep": lambda: _packed({"a.json": b"[" * 100_000}),
    "part-text": lambda: _packed({"a.json": b'"' + "😀".encode() + b"a" * 30_000_000 + b'"'}),
    "part-nan": lambda: _packed({"a.json": b"[NaN, Infinity]"}),
    "part-of-no-kind": lambda: _packed({"a.pickle": b"cos\nsystem\n(S'true'\ntR."}),
    "newer": lambda: _packed({}, version=2, app="x" * 5000),
    "older": lambda: _packed({"samples.ndjson": b"[]"}, version=0),
    "version": lambda: _packed({}, version=-(2**63)),
    "app": lambda: _packed({}, app=["x"]),
    **{
        f"array-{i}": (
            lambda header=header: _packed(
                {"a.npz": bend.zipped([bend.Entry(b"a.npy", bend.npy(header, bytes(16)))])}
            )
        )
        for i, header in enumerate(bend.HEADERS)
    },
    "zeros": lambda: _packed(
        {"a.npz": bend.zipped([bend.Entry(b"a.npy", _zeros(30_000_000), deflated=True)])}
    ),
    "many-zeros": lambda: _packed(
        {f"a{i}.npz": bend.zipped([bend.Entry(b"a.npy", _zeros(7_000_000))]) for i in range(12)}
    ),
}


def _zeros(count: int) -> bytes:
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count},), }}"
    return bend.npy(header, bytes(4 * count))


NPZ_BAD: Makers = {
    **ZIP_BAD,
    **{
        f"array-{i}": (
            lambda header=header: bend.zipped(
                [bend.Entry(b"network.npy", bend.npy(header, bytes(16)))]
            )
        )
        for i, header in enumerate(bend.HEADERS)
    },
    "zeros": lambda: bend.zipped([bend.Entry(b"network.npy", _zeros(30_000_000), deflated=True)]),
    "many-zeros": lambda: bend.zipped(
        [bend.Entry(b"a%d.npy" % i, _zeros(7_000_000), deflated=True) for i in range(12)]
    ),
}


def _npz_network(rng: Random) -> bytes:
    network = made(rng)
    text = np.frombuffer(json_text.dump(tensors.description(network)), np.uint8)
    return npz.pack({npz_file.DESCRIPTION: text, **tensors.arrays(network)})


# -- safetensors -------------------------------------------------------------------------------


def _safetensors(rng: Random) -> bytes:
    network = made(rng)
    return safetensors.pack(tensors.arrays(network), tensors.description(network))


def _bent_safetensors(content: bytes, rng: Random) -> bytes:
    if rng.random() < 0.3:
        return bend.bent(content, rng)
    length = int.from_bytes(content[:8], "little")
    return _tensors(bend.bent_json(content[8 : 8 + length], rng), content[8 + length :])


def _tensors(header: bytes, data: bytes = b"", length: int | None = None) -> bytes:
    size = len(header) if length is None else length
    return size.to_bytes(8, "little") + header + data


def _tensor(dtype: Any, shape: Any, offsets: Any) -> bytes:
    return json.dumps({"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}).encode()


TENSORS_BAD: Makers = {
    "empty": lambda: b"",
    "length": lambda: _tensors(b"{}", length=2**64 - 1),
    "length-32": lambda: _tensors(b"{}", length=2**32),
    "deep": lambda: _tensors(b'{"a":' * 100_000),
    "range": lambda: _tensors(_tensor("F32", [4], [0, 2**62]), bytes(16)),
    "below": lambda: _tensors(_tensor("F32", [4], [-16, 0]), bytes(16)),
    "overlap": lambda: _tensors(
        json.dumps(
            {name: {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} for name in ("a", "b")}
        ).encode(),
        bytes(8),
    ),
    "shape": lambda: _tensors(_tensor("F32", [2**40, 2**40, 0], [0, 0])),
    "axes": lambda: _tensors(_tensor("F32", [1] * 200, [0, 4]), bytes(4)),
    "true": lambda: _tensors(_tensor("F32", [True], [False, 4]), bytes(4)),
    "objects": lambda: _tensors(_tensor("O", [1], [0, 8]), bytes(8)),
    "names": lambda: _tensors(b"{" + b",".join(b'"%d":{}' % i for i in range(300_000)) + b"}"),
    "name": lambda: _tensors(b'{"' + b"a" * 3_000_000 + b'":1}'),
    "zeros": lambda: _tensors(_tensor("F32", [32_000_000], [0, 128_000_000]), bytes(128_000_000)),
}

# -- ConvNetJS, samples, trainings -------------------------------------------------------------


def _convnetjs(rng: Random) -> bytes:
    volume = {"sx": 3, "sy": 3, "depth": 2}
    biases = {"sx": 1, "sy": 1, "depth": 3, "w": [0.1, -0.2, 0.3]}
    flat = {"sx": 1, "sy": 1, "depth": 12, "w": [rng.uniform(-1, 1) for _ in range(12)]}
    size = {"out_sx": 4, "out_sy": 4}
    layers = [
        {"layer_type": "input", **size, "out_depth": 2},
        {
            "layer_type": "conv",
            "sx": 3,
            "sy": 3,
            "stride": 1,
            "pad": 1,
            "in_depth": 2,
            **size,
            "out_depth": 3,
            "l1_decay_mul": 0,
            "l2_decay_mul": 1,
            "biases": biases,
            "filters": [{**volume, "w": [rng.uniform(-1, 1) for _ in range(18)]} for _ in range(3)],
        },
        {"layer_type": "relu", **size, "out_depth": 3},
        {
            "layer_type": "pool",
            "sx": 2,
            "sy": 2,
            "stride": 2,
            "pad": 0,
            "in_depth": 3,
            "out_sx": 2,
            "out_sy": 2,
            "out_depth": 3,
        },
        {"layer_type": "dropout", "out_sx": 2, "out_sy": 2, "out_depth": 3, "drop_prob": 0.5},
        {
            "layer_type": "fc",
            "out_sx": 1,
            "out_sy": 1,
            "out_depth": 2,
            "num_inputs": 12,
            "filters": [flat, flat],
            "biases": {"sx": 1, "sy": 1, "depth": 2, "w": [0, 1]},
        },
        {"layer_type": "softmax", "out_sx": 1, "out_sy": 1, "out_depth": 2, "num_inputs": 2},
    ]
    return json.dumps({"layers": layers, "class_names": ["a", "b"]}).encode()


def _json(read: Callable[[Any], Any]) -> Callable[[Path], Any]:
    """A reader of JSON values as one of files."""
    return lambda path: read(json_text.parse(path.read_bytes()))


def _checkpoint(rng: Random) -> bytes:
    rules = (nn.optimizers.SGD(0.1), nn.optimizers.Adam(), nn.optimizers.Adadelta())
    trainer = nn.Trainer(made(rng), rng.choice(rules), accumulate=rng.choice((1, 3)))
    kept = checkpoint.take(trainer)
    arrays = {name: [str(a.dtype), list(a.shape)] for name, a in kept.arrays.items()}
    return json.dumps([kept.document, arrays]).encode()


TYPES = ("float32", "float64", "float16", "int64", "uint8", "bool")


def _resume(value: Any) -> None:
    """Resume a training whose arrays have these types and shapes."""
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], dict):
        raise ValueError("two are wanted: a document and arrays")
    arrays = {}
    for name, told in value[1].items():
        try:
            kind, shape = told
            if kind in TYPES and np.prod(shape, dtype=float) < 10_000_000:
                arrays[name] = np.zeros(tuple(shape), kind)
        except (TypeError, ValueError):
            continue  # no such array comes out of an .npz
    _resumed(Checkpoint(value[0], arrays))


def _shuffle(rng: Random) -> Shuffle:
    shuffle = Shuffle(20, rng.randrange(9), rng.choice((1, 4)))
    shuffle.take(rng.randrange(1, 9))
    return shuffle


READERS: dict[str, Reader] = {
    "session": Reader(
        _read_session, _session, bent_session, ZIP_BAD, file="hostile.brightwire", named=False
    ),
    "npz": Reader(
        lambda path: used(npz_file.load(path)),
        _npz_network,
        bent_npz,
        NPZ_BAD,
        file="hostile.npz",
    ),
    "safetensors": Reader(
        lambda path: used(safetensors.load(path)),
        _safetensors,
        _bent_safetensors,
        TENSORS_BAD,
        file="hostile.safetensors",
    ),
    "convnetjs": Reader(
        lambda path: used(convnetjs.load(path)),
        _convnetjs,
        bend.bent_json,
        NETWORK_BAD,
        file="hostile.json",
    ),
    "any-network": Reader(
        lambda path: used(nn.load(path)),
        lambda rng: rng.choice((_npz_network, _safetensors, _convnetjs))(rng),
        bend.bent,
        {**NETWORK_BAD, **TENSORS_BAD, **NPZ_BAD},
        file="hostile",
    ),
    "samples": Reader(
        _json(lambda value: samples.from_json(value).drawing.raster(16)),
        lambda rng: json.dumps(
            {
                "label": 1,
                "strokes": [[[rng.random(), 2], [3, 4]], [[5, 6.5]]],
                "edited": ["010", "101", "010"],
            }
        ).encode(),
        bend.bent_json,
        {
            **JSON_BAD,
            "cells": lambda: json.dumps(
                {"label": 0, "strokes": [], "edited": ["1" * 3000] * 3000}
            ).encode(),
            "far": lambda: b'{"label":0,"strokes":[[[1e308,-1e308],[-1e308,1e-320]]]}',
            "points": lambda: b'{"label":0,"strokes":[[' + b"[1,2]," * 1_000_000 + b"[1,2]]]}",
            "strokes": lambda: b'{"label":0,"strokes":[' + b"[[1,2]]," * 400_000 + b"[[1,2]]]}",
        },
        named=False,
    ),
    "checkpoint": Reader(_json(_resume), _checkpoint, bend.bent_json, JSON_BAD, named=False),
    "generator": Reader(
        _json(lambda value: generators.from_json(value).random()),
        lambda rng: json.dumps(
            generators.to_json(np.random.default_rng(rng.randrange(9)))
        ).encode(),
        bend.bent_json,
        JSON_BAD,
        named=False,
    ),
    "shuffle": Reader(
        _json(lambda value: Shuffle.resume(value).take(10)),
        lambda rng: json.dumps(_shuffle(rng).state()).encode(),
        bend.bent_json,
        JSON_BAD,
        named=False,
    ),
}
