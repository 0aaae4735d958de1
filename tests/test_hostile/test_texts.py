"""Texts that are almost right, by a grammar: each is read, or refused in a sentence."""

import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui import commons_api, network_text, web_drop
from nn.data import points, table
from nn.formats import convnet_text, json_text, samples
from nn.network import Network
from tests.test_hostile.guard import judged

NUMBER = st.one_of(
    st.integers(-2, 40).map(str),
    st.floats(width=16).map(str),
    st.sampled_from(["1e999", "٣", "²", "1_0", "0x1", "+5", "", "4096", "65536", "9" * 40]),
)
ODD = st.text(max_size=6)


def lines(*parts: Any) -> st.SearchStrategy[str]:
    """One line of words, some of them odd."""
    words = [st.one_of(part, part, part, ODD) if i else part for i, part in enumerate(parts)]
    return st.tuples(*words).map(" ".join)


SIZE = st.lists(NUMBER, min_size=1, max_size=4).map("x".join)
WORD = st.sampled_from(
    [
        "relu",
        "tanh",
        "sigmoid",
        "leaky_relu",
        "init",
        "uniform",
        "he",
        "pad",
        "stride",
        "alpha",
        "k",
        "eps",
    ]
)
LAYER = st.one_of(
    lines(st.just("conv"), SIZE, NUMBER.map("x{}".format), WORD, SIZE),
    lines(st.sampled_from(["pool", "avgpool"]), SIZE, st.just("stride"), SIZE),
    lines(st.sampled_from(["dense", "maxout", "dropout", "lrn", "softmax"]), NUMBER),
    lines(st.sampled_from(["dense", "lrn", "batchnorm"]), NUMBER, WORD, NUMBER),
    st.sampled_from(["flatten", "relu", "batchnorm", "dropout", "loss hinge", "loss softmax"]),
    ODD,
)
NETWORK = st.tuples(
    lines(st.just("input"), SIZE),
    st.lists(LAYER, max_size=5),
    st.sampled_from(["loss softmax", ""]),
).map(lambda made: "\n".join([made[0], *made[1], made[2]]))

KEYS = st.sampled_from(
    [
        "type",
        "sx",
        "sy",
        "filters",
        "stride",
        "pad",
        "activation",
        "num_neurons",
        "out_sx",
        "drop_prob",
    ]
)
VALUE = st.one_of(
    NUMBER, st.sampled_from(["'conv'", "'fc'", "'pool'", "'input'", '"relu"', "null"]), ODD
)
CONVNET = st.lists(
    st.lists(st.tuples(KEYS, VALUE).map(":".join), max_size=6).map(
        lambda pairs: f"layer_defs.push({{{','.join(pairs)}}});"
    ),
    max_size=4,
).map("\n".join)

CELL = st.one_of(NUMBER, st.sampled_from(["A", "B", '"a,b"', '"', "NA", " "]), ODD)
CSV = st.tuples(
    st.sampled_from([",", ";", "\t"]), st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=6)
).map(lambda made: "\n".join(made[0].join(row) for row in made[1]))

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ODD),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["label", "strokes", "edited", "query", "pages"]), inner),
    ),
    max_leaves=20,
)
URL = st.tuples(
    st.sampled_from(["http://", "https://", "//", "data:image/png;base64,", "file:", ""]),
    st.text(string.ascii_letters + string.digits + "./:@[]%#?x-é℀", max_size=30),
).map("".join)

PAGE = st.text("<>!-[]CDATA img='\"/&#;?src ", max_size=60)


def holds(read: Callable[[Any], Any], value: Any) -> None:
    try:
        read(value)
    except Exception as error:
        told = judged(error, Path("text"), named=False)
        assert told.startswith("refused"), told


READERS: dict[str, tuple[Callable[[Any], Any], st.SearchStrategy[Any]]] = {
    "a network": (Network.from_text, NETWORK),
    "a network as it is typed": (network_text.check, NETWORK),
    "a ConvNetJS list": (convnet_text.to_network_text, CONVNET),
    "a table": (table.parse, CSV),
    "points": (points.parse_csv, CSV),
    "a drawing": (samples.from_json, JSON),
    "JSON": (
        json_text.parse,
        st.one_of(
            st.binary(),
            ODD.map(
                str.encode,
            ),
        ),
    ),
    "an address": (web_drop.problem_with, URL),
    "an address that is redirected to": (lambda url: web_drop.redirected("http://a.b/", url), URL),
    "a data address": (lambda url: web_drop.data_of(url, 1_000_000), URL),
    "a piece of a page": (
        web_drop.picture_in,
        st.text("<>!-[]CDATA img='\"/&#;?src ", max_size=60),
    ),
    "an answer of Commons": (lambda value: commons_api.read(json_text.dump(value)), JSON),
}


@pytest.mark.parametrize("name", READERS)
def test_a_text_is_read_or_refused_in_a_sentence(name: str) -> None:
    read, texts = READERS[name]

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(texts)
    def check(text: Any) -> None:
        holds(read, text)

    check()


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_many_texts_are_read_or_refused_in_a_sentence(name: str) -> None:
    read, texts = READERS[name]

    @settings(max_examples=10_000, deadline=None)
    @given(texts)
    def check(text: Any) -> None:
        holds(read, text)

    check()
