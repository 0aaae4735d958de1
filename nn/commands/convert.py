"""Write a network in another format.

python -m nn convert digits.json digits.onnx
python -m nn convert badger badger.json --format convnetjs

The format is that of OUT's suffix, or the one that is named.
"""

import argparse
from pathlib import Path

from nn import formats
from nn.commands.common import add_json, print_json, read_network
from nn.formats import json_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `convert`."""
    parser.add_argument("network", metavar="IN", help="a preset, a .txt or a saved network")
    parser.add_argument("out", type=Path, metavar="OUT", help="the file to write")
    parser.add_argument("--format", choices=formats.FORMATS, help="(as OUT's suffix says)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read, write, and tell."""
    network = read_network(arguments.network)
    form = formats.format_of(arguments.out, arguments.format)
    said = {"about": json_file.about(Path(arguments.network))} if form.tells else {}
    form.save(network, arguments.out, **said)
    size = arguments.out.stat().st_size
    if arguments.json:
        print_json(
            {"file": str(arguments.out), "bytes": size, "parameters": network.parameters.size}
        )
    else:
        print(f"{arguments.out.name}: {network.parameters.size:,} parameters in {size:,} bytes")
    return 0
