"""Networks: their text, JSON, weights, and what ConvNetJS has."""

import json
from pathlib import Path
from random import Random

import numpy as np

import nn
from gui import network_text
from nn.formats import convnet_text, json_file, weights
from nn.network import Network
from nn.photo_model import PhotoModel
from tests.test_hostile import bend
from tests.test_hostile.bend import Raw, written
from tests.test_hostile.json_cases import JSON_BAD
from tests.test_hostile.reader import Makers, Reader, of_text

TEXTS = (
    "input 6x6x1\nflatten\ndense 12 tanh\ndense 2\nloss softmax",
    "input 8x8x3\nconv 3x3 x4 pad 1 relu\nbatchnorm\npool 2\nflatten\ndropout 0.5\ndense 3\n"
    "loss hinge",
    "input 9x7x2 # comment\nlrn 3 alpha 0.1 beta 0.5 k 1\nconv 3 x6 stride 2\nmaxout 2\navgpool 2\n"
    "flatten\ndense 4 leaky_relu 0.1 init uniform 0.5\nsoftmax 5",
    "input 8x8x1\nconv 5x3 x8 pad 2x1 stride 1x2 sigmoid init he\npool 3 stride 2\nflatten\n"
    "dense 2 init lecun\nloss squared_error",
)


def made(rng: Random) -> Network:
    return Network.from_text(rng.choice(TEXTS), seed=rng.randrange(9))


def used(network: Network) -> None:
    """Look at a network that was read, and try it unless that is a lot of work."""
    nn.Network.from_text(network.to_text(), class_names=network.class_names)
    assert np.isfinite(network.parameters).all()
    if sum(layer.multiply_adds() for layer in network.layers) < 20_000_000:
        network.predict(np.zeros((1, *network.input_shape), np.float32))


def _network_file(rng: Random) -> bytes:
    network = made(rng)
    return json.dumps(
        {
            "format": json_file.NAME,
            "version": 1,
            "text": network.to_text().splitlines(),
            "class_names": network.class_names,
            "parameters": network.parameters.tolist(),
            "state": {k: v.tolist() for k, v in network.state().items()},
            "about": {"fit": "crop", "accuracy": 0.5},
        }
    ).encode()


def _photo_model_file(rng: Random) -> bytes:
    document = json.loads(_network_file(Random(1)))
    network = Network.from_text("input 8x8x3\nflatten\ndense 5 relu\ndense 2\nloss softmax")
    centres = [[float(i == j) for j in range(5)] for i in range(3)]
    return json.dumps(
        {
            **document,
            "text": network.to_text().splitlines(),
            "class_names": ["badger", "beard"],
            "parameters": network.parameters.tolist(),
            "state": {},
            "about": {
                "fit": "crop",
                "familiarity": {"mean": [0.1] * 5, "centres": centres, "threshold": 0.7},
            },
        }
    ).encode()


def _photo_model(path: Path) -> None:
    model = PhotoModel.load(path)
    used(model.network)
    if max(model.network.input_shape) < 100:
        x = model.read(np.zeros((9, 9, 3), np.uint8))
        model.answer(x)
        model.unlike_both(x)


_FILE = {
    "format": json_file.NAME,
    "version": 1,
    "text": TEXTS[0].splitlines(),
    "class_names": ["a", "b"],
}
NETWORK_BAD: Makers = {
    **JSON_BAD,
    "version": lambda: written({**_FILE, "version": "a" * 10_000_000}).encode(),
    "version-deep": lambda: written({**_FILE, "version": Raw("[" * 60 + "]" * 60)}).encode(),
    "names": lambda: written(
        {**_FILE, "class_names": ["a" * 5_000_000], "parameters": []}
    ).encode(),
    "line": lambda: written({**_FILE, "text": ["input " + "6" * 90_000]}).encode(),
    "huge": lambda: _huge("input 760x1x1\nflatten\ndense 65536\nloss softmax", 65536),
    "huge-picture": lambda: _huge("input 4096x4096x4096\npool 4096\nflatten\nloss softmax", 4096),
    "huge-state": lambda: _huge("input 1x1x4096\nbatchnorm\nflatten\nloss softmax", 4096),
    "layers": lambda: _huge("input 1x1x1\nflatten\n" + "relu\n" * 15_000 + "loss softmax", 1),
    "1e400": lambda: written({**_FILE, "parameters": [Raw("1e400")] * 470}).encode(),
    "1e39": lambda: written({**_FILE, "parameters": [1e39] * 470}).encode(),
}


def _huge(text: str, classes: int) -> bytes:
    names = ["a"] * classes
    document = {**_FILE, "text": text.splitlines(), "class_names": names, "parameters": []}
    return written(document).encode()


TEXT_BAD: Makers = {
    "largest": lambda: b"input 380x1x1\nflatten\ndense 65535\nloss softmax",
    "too-large": lambda: b"input 4096x4096x64\nflatten\ndense 65536\nloss softmax",
    "picture": lambda: b"input 4096x4096x4096\npool 4096\nflatten\nloss softmax",
    "filters": lambda: b"input 2000x2000x1\nconv 3 x65536\nflatten\nloss softmax",
    "layers": lambda: b"input 1x1x1\nflatten\n" + b"relu\n" * 15_000 + b"loss softmax",
    "spaces": lambda: b"input 1x1x1\n" + b" " * 90_000,
    "comment": lambda: b"#" * 99_999,
    "lines": lambda: b"\n" * 99_999,
    "long": lambda: b"input" + b"x1" * 49_000,
    "letters": lambda: b"a" * 10_000_000,
    "digits": lambda: "input ٦x٦x1\nflatten\ndense ²\nloss softmax".encode(),
    "controls": lambda: b"input 6x6x1\x0b\x0c\x1c\xc2\x85flatten\xe2\x80\xa8dense 2\nloss softmax",
    "pad": lambda: b"input 2x2x1\nconv 1 x1 pad 4096\nflatten\nloss softmax",
    "batchnorms": lambda: b"input 1x1x4096\n" + b"batchnorm\n" * 9_000 + b"flatten\nloss softmax",
}

CONVNET = (
    "layer_defs = [];\nlayer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1});\n"
    "layer_defs.push({type:'conv', sx:5, filters:8, stride:1, pad:2, activation:'relu'});\n"
    "layer_defs.push({type:'pool', sx:2, stride:2});\n"
    "layer_defs.push({type:'fc', num_neurons:20, activation:'maxout', drop_prob:0.5});\n"
    "layer_defs.push({type:'softmax', num_classes:10});\n"
)
CONVNET_BAD: Makers = {
    "deep": lambda: b"layer_defs=" + b"[" * 100_000,
    "deep-objects": lambda: b"{a:" * 100_000,
    "quotes": lambda: b'{"' * 100_000,
    "comments": lambda: b"/*" * 100_000,
    "escapes": lambda: b"{'" + b"\\" * 99_999,
    "code": lambda: b"layer_defs.push({type:'input', out_sx:eval('1'), out_sy:require('fs')});",
    "numbers": lambda: b"[" + b"1," * 600_000,
    "infinite": lambda: b"[{type:'input', out_sx:1e999, out_sy:-1e999, out_depth:1}]",
    "letters": lambda: b"a " * 900_000,
    "layers": lambda: b"[" + b"{type:'relu'}," * 90_000,
    "name": lambda: b"[{type:'" + b"a" * 1_000_000 + b"'}]",
}


READERS: dict[str, Reader] = {
    "network-text": Reader(
        of_text(lambda text: used(Network.from_text(text))),
        lambda rng: rng.choice(TEXTS).encode(),
        bend.bent_text,
        TEXT_BAD,
        named=False,
    ),
    "network-text-typed": Reader(
        of_text(lambda text: network_text.fitted(text, (3, 28, 28), 7)),
        lambda rng: rng.choice(TEXTS).encode(),
        bend.bent_text,
        TEXT_BAD,
        named=False,
    ),
    "convnet-text": Reader(
        of_text(lambda text: Network.from_text(convnet_text.to_network_text(text))),
        lambda rng: CONVNET.encode(),
        lambda content, rng: (bend.bent, bend.bent_text)[rng.randrange(2)](content, rng),
        {**TEXT_BAD, **CONVNET_BAD},
        named=False,
    ),
    "json": Reader(
        lambda path: used(nn.load(path)),
        _network_file,
        bend.bent_json,
        NETWORK_BAD,
        file="hostile.json",
    ),
    "photo-model": Reader(
        _photo_model, _photo_model_file, bend.bent_json, NETWORK_BAD, file="hostile.json"
    ),
    "weights": Reader(
        lambda path: used(weights.load(path, Network.from_text(TEXTS[0]))),
        lambda rng: json.dumps([rng.uniform(-1, 1) for _ in range(470)]).encode(),
        bend.bent_json,
        NETWORK_BAD,
        file="hostile.json",
    ),
}
