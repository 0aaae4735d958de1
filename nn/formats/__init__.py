"""Files of networks. The suffix chooses the format; a file is data and is never run."""

from pathlib import Path

from nn.formats import json_file
from nn.network import Network

FORMATS = {".json": json_file}


def _format_of(path: Path) -> object:
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        known = ", ".join(FORMATS)
        raise ValueError(
            f"{path.name}: the suffix must be one of {known}, got {path.suffix or 'none'!r}"
        ) from None


def save(network: Network, path: str | Path) -> None:
    """Write ``network`` beside ``path`` and rename, so that no half file is ever left there."""
    _format_of(Path(path))
    json_file.save(network, Path(path))


def load(path: str | Path) -> Network:
    """Return the network in a file. Raises ValueError in one sentence that names the file."""
    _format_of(Path(path))
    return json_file.load(Path(path))
