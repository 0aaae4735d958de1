"""What is said of layers and their numbers."""

import pytest

import nn
from gui.layer_facts import describe, parameter_formula
from gui.layer_words import cell_text, short


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("input 8x8x3\nconv 3x3 x4 stride 2\nflatten\ndense 2\nloss softmax", "4x3x3x3+4 = 112"),
        ("input 8x8x1\nflatten\ndense 30\ndense 2\nloss softmax", ""),
        ("input 8x8x2\nbatchnorm\nflatten\ndense 2\nloss softmax", "2+2 = 4"),
    ],
)
def test_the_formula_follows_the_shapes(text, formula):
    assert parameter_formula(nn.Network.from_text(text).layers[0]) == formula


def test_too_many_tiles_are_limited_and_the_caption_says_so():
    network = nn.Network.from_text(
        "input 8x8x1\nconv 1x1 x300\nconv 3x3 x40\nflatten\ndense 100\ndense 2\nloss softmax"
    )
    facts = describe(network)
    assert facts[1].sections[0].note == "the first 256 of 300 maps"
    assert facts[2].sections[2].note == "the first 32 of 40 filters, the first 32 of 300 channels"
    assert facts[4].sections[2].note == "the first 64 of 100 units"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-1.234, "−1.23"), (0.0123, "0.012"), (123.4, "123"), (-4e-5, "−4.0e−5"),
     (float("nan"), "NaN"), (float("-inf"), "−∞")],
)  # fmt: skip
def test_numbers_are_short_with_a_true_minus(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.254, ".25"), (-0.999, "−1.00"), (12.7, "13"), (-0.001, ".00"), (250.2, "250")],
)
def test_a_cells_number_is_shorter_still(value, text):
    assert cell_text(value) == text
