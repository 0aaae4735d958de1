"""The network text: what it reads, what it writes back, and what it says of mistakes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.network import Network

ENDING = "\nflatten\ndense 2\nloss softmax"
LINES = [
    "conv 3x3 x4",
    "conv 5x3 x2 pad 2x1 stride 3x1 tanh init he",
    "conv 1x1 x2 relu",
    "conv 3x3 x2 pad 1 init uniform 0.25",
    "pool 2",
    "pool 3x1 stride 2",
    "pool 3 pad 1 stride 2",
    "pool 2x3 pad 1x2",
    "avgpool 2",
    "avgpool 3 stride 1x2",
    "relu",
    "leaky_relu 0.2",
    "leaky_relu 0.01",
    "sigmoid",
    "tanh",
    "softmax",
    "maxout 2",
    "dropout 0.25",
    "lrn 5",
    "lrn 3 alpha 0.001 beta 0.5 k 2",
    "batchnorm",
    "batchnorm momentum 0.3 eps 0.001",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_comes_back_as_it_was(line: str) -> None:
    text = f"input 9x8x4\n{line}{ENDING}"
    assert Network.from_text(text).to_text() == text


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(LINES), max_size=4),
    st.lists(st.sampled_from(["dense 6 sigmoid init lecun", "dense 4", *LINES[8:]]), max_size=3),
    st.sampled_from(["softmax", "squared_error", "hinge"]),
)
def test_a_text_comes_back_as_the_same_text(
    pictures: list[str], features: list[str], loss: str
) -> None:
    text = "\n".join(["input 9x8x4", *pictures, "flatten", *features, "dense 2", f"loss {loss}"])
    try:
        network = Network.from_text(text, seed=4)
    except ValueError:
        return  # layers that do not fit on each other
    written = network.to_text()
    twin = Network.from_text(written, seed=4)
    assert twin.to_text() == written
    assert (twin.parameters == network.parameters).all()
    assert [repr(layer) for layer in twin.layers] == [repr(layer) for layer in network.layers]


def test_capitals_spaces_comments_and_empty_lines_are_forgiven() -> None:
    text = """
      # a network
      INPUT  6x6x1   # height, width, channels

      Flatten
        dense   12  Sigmoid  INIT uniform .5
      softmax 3
    """
    assert Network.from_text(text).to_text() == (
        "input 6x6x1\nflatten\ndense 12 sigmoid init uniform 0.5\ndense 3\nloss softmax"
    )


def test_the_input_is_height_by_width_by_channels() -> None:
    assert Network.from_text(f"input 4x5x3{ENDING}").input_shape == (3, 4, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the network text is empty"),
        ("# only a comment\n\n", "the network text is empty"),
        ("dense 2\nloss softmax", "line 1 ('dense 2'): 'dense' should be 'input'"),
        ("input 6x6", "line 1 ('input 6x6'): '6x6' should be height x width x channels"),
        ("input 6x0x1", "'6x0x1' should be height x width x channels, like 28x28x1, a whole"),
        ("input 6x6x1 7", "did not expect '7' here"),
        ("input 6x6x1", "line 1 ('input 6x6x1'): a layer should follow the input"),
        ("input 6x6x1\nflatten\ndense 2", "line 3 ('dense 2'): the last line should be the loss"),
        ("input 6x6x1\nflatten\ndence 2\nloss softmax", "line 3 ('dence 2'): 'dence' is no layer"),
        (
            "input 6x6x1\nflatten\ndense\nloss softmax",
            "the line ends where there should be the number of units",
        ),
        ("input 6x6x1\nflatten\ndense 0\nloss softmax", "'0' should be the number of units"),
        ("input 6x6x1\nflatten\ndense -3\nloss softmax", "'-3' should be the number of units"),
        ("input 6x6x1\nflatten\ndense 2.5\nloss softmax", "'2.5' should be the number of units"),
        ("input 6x6x1\nflatten\ndense ²\nloss softmax", "'²' should be the number of units"),
        ("input 6x6x1\nflatten\ndense 99999999999999999999\nloss softmax", "a whole number from"),
        ("input 6x6x1\nflatten\ndense 2 gelu\nloss softmax", "did not expect 'gelu' here"),
        ("input 6x6x1\nflatten\ndense 2 relu tanh\nloss softmax", "'tanh' is a second activation"),
        ("input 6x6x1\nflatten\ndense 2 init magic\nloss softmax", "'magic' is no initialiser"),
        ("input 6x6x1\nflatten\ndense 2 init\nloss softmax", "the name of an initialiser"),
        ("input 6x6x1\nflatten\ndense 2 init uniform -1\nloss softmax", "limit above 0, got -1"),
        ("input 6x6x1\nconv 5x5 8\nloss softmax", "'8' should be the number of filters, like x8"),
        ("input 6x6x1\nconv 5x5x5 x8\nloss softmax", "'5x5x5' should be the kernel, like 5x5"),
        ("input 6x6x1\nconv 9x9 x8\nloss softmax", "line 2 ('conv 9x9 x8'): conv kernel 9x9"),
        ("input 6x6x1\nflatten\npool 2\nloss softmax", "line 3 ('pool 2'): pool needs a picture"),
        ("input 6x6x1\ndense 2\nloss softmax", "put a line 'flatten' before it"),
        ("input 6x6x1\nflatten\nloss magic", "'magic' is no loss; there are softmax"),
        ("input 6x6x1\nflatten\nloss softmax\nrelu", "line 4 ('relu'): nothing may follow"),
        ("input 6x6x1\nrelu\nloss softmax", "one number a class"),
        ("input 6x6x1\nflatten\ndropout 1\nloss softmax", "below 1, got 1"),
        ("input 6x6x1\nflatten\ndropout nan\nloss softmax", "'nan' should be the probability"),
        ("input 6x6x1\nflatten\nleaky_relu 3\nloss softmax", "0 to 1, got 3"),
        ("input 6x6x1\nlrn 5 beta 1 beta 2\nloss softmax", "'beta' stands twice"),
        ("input 6x6x1\nflatten\nmaxout 5\nloss softmax", "maxout 5 needs a number of inputs"),
        ("input 6x6x1\nflatten\nsoftmax\nloss softmax", "the softmax loss takes logits"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_word(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Network.from_text(text)


def test_a_network_too_large_is_refused_before_it_takes_memory() -> None:
    with pytest.raises(ValueError, match="parameters, at most 25,000,000"):
        Network.from_text("input 2000x2000x1\nflatten\ndense 65536\nloss softmax")
    with pytest.raises(ValueError, match=r"one picture would become 1,073,741,9.. numbers"):
        Network.from_text("input 4096x4096x64\npool 4096\nflatten\nloss softmax")


def test_only_text_is_read() -> None:
    with pytest.raises(ValueError, match="must be a str, got bytes"):
        Network.from_text(b"input 6x6x1")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at most 100,000 letters"):
        Network.from_text("#" * 100_001)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet="inputdensecovflart 0123456789x.\n#-²", max_size=80))
def test_no_text_makes_anything_but_a_network_or_a_value_error(text: str) -> None:
    try:
        Network.from_text(f"input 6x6x1\n{text}")
    except ValueError:
        return
