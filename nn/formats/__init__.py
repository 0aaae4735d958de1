"""Files of networks. A file is data and is never run; docs/formats.md tells what each one holds.

A format is a module with ``save(network, path, **options)`` and, where it can be read back,
``load(path) -> Network``; a row in FORMATS makes it known. Modules are imported when used.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn.formats.reading import size_of

if TYPE_CHECKING:
    from nn.network import Network

Recognise = Callable[[bytes], object]
"""Tells by the first bytes of a file, at most 4096, whether it is of a format."""


@dataclass(frozen=True)
class Format:
    """One way to write a network. ``recognises`` is None where it can't be read back; ``tells`` is
    True where ``save`` takes what is said of the network, ``about``.
    """

    name: str
    suffix: str
    words: str
    module: str
    recognises: Recognise | None = None
    tells: bool = False

    def save(self, network: "Network", path: str | Path, **options: Any) -> None:
        """Write ``network`` to ``path``; ``options`` are those of the module's ``save``."""
        import_module(f"nn.formats.{self.module}").save(network, Path(path), **options)

    @property
    def load(self) -> "Callable[[Path], Network] | None":
        """What returns the network in a file of this format, None where there is no way back."""
        return None if self.recognises is None else import_module(f"nn.formats.{self.module}").load


def _json(pattern: bytes) -> Recognise:
    return re.compile(rb"(?:\xef\xbb\xbf)?\s*" + pattern, re.DOTALL).match


def _safetensors(begin: bytes) -> bool:
    return begin[8:9] == b"{" and int.from_bytes(begin[:8], "little") < 1 << 32


_OURS = _json(rb'\{.*"format"\s*:\s*"brightwire-network"')
_CONVNETJS = _json(rb'\{.*"layer_type"\s*:')
_LIST = _json(rb"\[")
_ZIP = re.compile(rb"PK\x03\x04").match

FORMATS = {
    form.name: form
    for form in (
        Format("json", ".json", "JSON, readable and complete", "json_file", _OURS, tells=True),
        Format("npz", ".npz", "npz, for numpy", "npz_file", _ZIP),
        Format(
            "safetensors", ".safetensors", "safetensors, for torch", "safetensors", _safetensors
        ),
        Format("convnetjs", ".json", "ConvNetJS, for web pages", "convnetjs", _CONVNETJS),
        Format("onnx", ".onnx", "ONNX, for other programs", "onnx"),
        Format("html", ".html", "a web page that predicts", "web_page", tells=True),
        Format("python", ".py", "a Python script that needs numpy alone", "python_script"),
        Format("flat", ".json", "the weights alone, as one list", "weights", _LIST),
    )
}
"""By name. Of several with one suffix the first is meant when only the suffix is given."""


def save(network: "Network", path: str | Path, format: str | None = None, **options: Any) -> None:
    """Write ``network`` beside ``path`` and rename, so that no half file is ever left there.

    ``format`` is a name in FORMATS; without it the suffix of ``path`` decides. ``options`` are
    those of the format's module. Raises ValueError, one sentence, for a format that isn't there
    and for a network that has no place in it; OSError when the file can't be written.
    """
    format_of(Path(path), format).save(network, path, **options)


def format_of(path: Path, name: str | None = None) -> Format:
    """Return the format of this name, or else that of the path's suffix; ValueError for neither."""
    if name is not None:
        if name not in FORMATS:
            raise ValueError(f"the format must be one of {', '.join(FORMATS)}, got {name!r}")
        return FORMATS[name]
    found = _with_suffix(path)
    if found is None:
        known = ", ".join(dict.fromkeys(form.suffix for form in FORMATS.values()))
        raise ValueError(
            f"{path.name}: the suffix must be one of {known}, got {path.suffix or 'none'!r}"
        )
    return found


def load(path: str | Path) -> "Network":
    """Return the network in a file, whose format is recognised by its first bytes, or else taken
    to be that of its suffix.

    Raises ValueError, one sentence that names the file, for what is no network; OSError when the
    file can't be read.
    """
    path = Path(path)
    size_of(path)  # of a folder or a pipe there is none
    with path.open("rb") as file:
        begin = file.read(4096)
    recognised = (f for f in FORMATS.values() if f.recognises and f.recognises(begin))
    found = next(recognised, _with_suffix(path))
    if found is None or found.load is None:
        names = ", ".join(form.name for form in FORMATS.values() if form.recognises)
        raise ValueError(f"{path.name}: no network that can be read; those are {names}")
    return found.load(path)


def _with_suffix(path: Path) -> Format | None:
    suffix = path.suffix.lower()
    return next((form for form in FORMATS.values() if form.suffix == suffix), None)
