"""A network text checked as it is typed, and ConvNetJS's lists turned into it."""

import pytest

import nn
from gui.network_text import check, fitted, misfit
from nn.formats.convnet_text import looks_like_convnet, to_network_text


def test_every_line_tells_what_comes_out_of_it_and_its_parameters() -> None:
    facts = check(nn.presets.build("mnist").to_text())
    assert [line.output for line in facts.lines] == [
        "24×24×1", "24×24×8", "12×12×8", "12×12×16", "4×4×16", "256", "10", "",
    ]  # fmt: skip
    assert [line.parameters for line in facts.lines] == [0, 208, 0, 3216, 0, 0, 2570, 0]
    assert facts.parameters == 5994
    assert facts.problem == ""


def test_cifars_preset_has_the_known_number_of_parameters() -> None:
    assert check(nn.presets.build("cifar").to_text()).parameters == 22_466


@pytest.mark.parametrize("name", nn.presets.ALL_NAMES)
def test_the_check_agrees_with_the_engine_on_every_preset(name: str) -> None:
    network = nn.presets.build(name)
    facts = check(network.to_text())
    assert facts.parameters == network.parameters.size
    assert (facts.classes,) == network.output_shape
    assert facts.input_shape == network.input_shape


def test_every_wrong_line_has_its_own_sentence_and_the_others_keep_their_shapes() -> None:
    facts = check("input 28x28x1\nconv 5x5 8\n# a note\n\nflatten\ndense ten\nloss softmax")
    assert facts.lines[0].output == "28×28×1"
    assert "like x8" in facts.lines[1].problem
    assert "number of units" in facts.lines[5].problem
    assert facts.problem == facts.lines[1].problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("\n\n", "empty"),
        ("input 28x28x1", "a layer should follow"),
        ("input 28x28x1\nflatten\ndense 10", "the loss"),
        ("input 8x8x1\nconv 3x3 x2\nloss softmax", "ends with pictures"),
        ("input 8x8x1\nflatten\nsoftmax 3\ndense 3", "nothing may follow"),
        ("input 4000x4000x3\nflatten\ndense 9\nloss softmax", "too many"),
        ("input 8x8x1\npool 9\nflatten\nsoftmax 2", "does not fit"),
    ],
)
def test_what_is_wrong_with_the_whole_is_told_as_a_sentence(text: str, problem: str) -> None:
    found = check(text).problem
    assert problem.lower() in found.lower()
    assert found.endswith(".")
    assert found[0].isupper() or not found[0].isalpha()


def test_a_text_that_does_not_fit_the_data_says_what_does_not() -> None:
    facts = check("input 28x28x1\nflatten\nsoftmax 10")
    assert misfit(facts, (1, 28, 28), 10) == ""
    assert "colour" in misfit(facts, (3, 28, 28), 10)
    assert "20×20" in misfit(facts, (1, 20, 20), 10)
    assert "3 classes" in misfit(facts, (1, 28, 28), 3)


def test_fitting_changes_the_input_and_the_number_of_classes_alone() -> None:
    text = "input 24x24x1\nconv 5x5 x8 relu\nflatten\ndense 30 relu\ndense 10\nloss softmax"
    made = fitted(text, (3, 32, 32), 4)
    assert made.split("\n") == [
        "input 24x24x3", "conv 5x5 x8 relu", "flatten", "dense 30 relu", "dense 4", "loss softmax",
    ]  # fmt: skip
    assert fitted(text, (1, 64, 64), 10).startswith("input 64x64x1")
    assert fitted("nonsense", (1, 28, 28), 10) == "nonsense"


MNIST = """
layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1}); // 28 cut to 24
layer_defs.push({type:'conv', sx:5, filters:8, stride:1, pad:2, activation:'relu'});
layer_defs.push({type:'pool', sx:2, stride:2});
layer_defs.push({type:'conv', sx:5, filters:16, stride:1, pad:2, activation:'relu'});
layer_defs.push({type:'pool', sx:3, stride:3});
layer_defs.push({type:'softmax', num_classes:10});
net = new convnetjs.Net(); net.makeLayers(layer_defs);
trainer = new convnetjs.SGDTrainer(net, {method:'adadelta', batch_size:20, l2_decay:0.001});
"""


def test_convnetjs_mnist_demo_becomes_our_preset() -> None:
    assert looks_like_convnet(MNIST)
    assert to_network_text(MNIST) == nn.presets.build("mnist").to_text()


def test_json_and_a_saved_network_are_read_too() -> None:
    listed = (
        '[{"type": "input", "out_sx": 8, "out_sy": 6, "out_depth": 3},'
        ' {"type": "fc", "num_neurons": 5, "activation": "tanh", "drop_prob": 0.5},'
        ' {"type": "svm", "num_classes": 2}]'
    )
    assert to_network_text(listed) == (
        "input 6x8x3\nflatten\ndense 5 tanh\ndropout 0.5\ndense 2\nloss hinge"
    )
    saved = (
        '{"layers": [{"layer_type": "input", "out_depth": 1, "out_sx": 4, "out_sy": 4},'
        '{"layer_type": "conv", "sx": 3, "sy": 3, "stride": 1, "pad": 1, "out_depth": 2,'
        ' "filters": [{"w": {"0": 0.1}}]}, {"layer_type": "relu"},'
        '{"layer_type": "fc", "out_depth": 3}, {"layer_type": "softmax", "out_depth": 3}]}'
    )
    assert to_network_text(saved) == (
        "input 4x4x1\nconv 3x3 x2 pad 1\nrelu\nflatten\ndense 3\nloss softmax"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("layer_defs = [];", "no layer"),
        ("layer_defs.push({type:'fc', num_neurons:3});", "first layer"),
        ("layer_defs.push({type:'input', out_depth:1}); layer_defs.push({type:'magic'})", "magic"),
        ("layer_defs.push({type:'input', out_depth:evil()});", "not worked out"),
        ("layer_defs.push({type:'input', out_depth:1", "cut off"),
        ("layer_defs.push({type:'input', out_depth:1.5});", "whole number"),
        ("[" * 100 + "{type:'input'}", "nested"),
        ("{type:'input', out_depth: 'x'.constructor}", "expected"),
    ],
)
def test_a_bad_list_is_refused_in_one_sentence_and_never_run(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        to_network_text(text)
