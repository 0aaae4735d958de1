"""Show a network: its layers with output shapes, parameters and multiply-adds.

python -m nn summary mnist
"""

import argparse

from nn.commands.common import add_json, print_json, read_network


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `summary`."""
    parser.add_argument("network", metavar="NETWORK", help="a preset, a .txt or a saved network")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    network = read_network(arguments.network)
    if not arguments.json:
        print(network.summary())
        return 0
    print_json(
        {
            "text": network.to_text().splitlines(),
            "class_names": network.class_names,
            "input_shape": network.input_shape,
            "parameters": network.parameters.size,
            "layers": [
                {
                    "line": layer.to_text(),
                    "output_shape": layer.output_shape,
                    "parameters": sum(spec.size for spec in layer.parameter_specs()),
                    "multiply_adds": layer.multiply_adds(),
                }
                for layer in network.layers
            ],
        }
    )
    return 0
