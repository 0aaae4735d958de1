"""What the inspector says of a value: where it stands, what it is, how it came about. Qt-free."""

import numpy as np

from gui.layer_arithmetic import (
    ConvolutionSum,
    DenseSum,
    Explanation,
    Passing,
    Place,
    PoolChoice,
)
from gui.layer_facts import Section
from gui.network.words import number
from gui.tiles import Floats, Sheet, extent
from nn.network import Network


def place_of(section: Section, sheet: Sheet, raw: Floats, spot: tuple[int, int, int]) -> Place:
    """The index into a section's raw values of a spot (tile, row, column) of its sheet.

    For a tile in colour the index of its red value. Of a matrix whose columns stand for several
    inputs, that of the strongest of them.
    """
    tile, row, column = spot
    if section.look.colour:
        at = (tile, 0, row, column)
        return at[1:] if len(section.raw) == 3 else at
    if section.look.matrix:
        first = column * sheet.group
        inputs = section.shape[2]
        part = np.abs(np.nan_to_num(raw.reshape(-1, inputs)[row, first : first + sheet.group]))
        flat = row * inputs + first + int(part.argmax())
        return unravel(flat, section.raw)
    if len(section.raw) == 4:
        channels = min(section.raw[1], section.look.across or section.raw[1])
        return (*divmod(tile, channels), row, column)
    if section.shape[1:] == (1, 1):
        return unravel(tile, section.raw)
    return (tile, row, column)


def unravel(flat: int, shape: tuple[int, ...]) -> Place:
    """The index of a flat position."""
    return tuple(int(i) for i in np.unravel_index(flat, shape))


def place_words(section: Section, at: Place, network: Network, index: int) -> str:
    """Where a value stands: "map 3, row 5, column 7", "filter 2, channel 1, row 1, column 4"."""
    raw = section.raw
    if len(raw) == 4:
        names = ("filter", "channel", "row", "column")
        if section.look.colour:
            return f"filter {at[0] + 1}, row {at[2] + 1}, column {at[3] + 1}"
        return ", ".join(f"{name} {i + 1}" for name, i in zip(names, at, strict=True))
    if len(raw) == 3:
        if section.look.colour or (raw[0] == 1 and index == 0):
            return f"row {at[1] + 1}, column {at[2] + 1}"
        name = "channel" if index == 0 else "map"
        return f"{name} {at[0] + 1}, row {at[1] + 1}, column {at[2] + 1}"
    if len(raw) == 2:
        return f"{unit_name(network, index, at[0])}, {source_name(network, index, at[1])}"
    if section.what in ("activations", "gradients"):
        if _flattened(network, index):
            return f"number {at[0] + 1}: {source_name(network, index + 1, at[0])}"
        return unit_name(network, index, at[0])
    return f"{section.what} {at[0] + 1}"


def value_words(section: Section, raw: Floats, at: Place) -> str:
    """The value there; three for a tile in colour."""
    if section.look.colour:
        whole = raw[at[0]] if len(at) == 4 else raw
        colours = whole[:, at[-2], at[-1]]
        parts = zip(("red", "green", "blue"), colours.tolist(), strict=True)
        return ", ".join(f"{name} {short(value)}" for name, value in parts)
    return number(float(raw[at]))


def unit_name(network: Network, index: int, unit: int) -> str:
    """A class's name at the network's end, else "unit 3"."""
    shape = network.layers[index - 1].output_shape
    at_end = all(layer.output_shape == shape for layer in network.layers[index:])
    if at_end and shape == network.output_shape and unit < len(network.class_names):
        return f"class {network.class_names[unit]}"
    return f"unit {unit + 1}"


def source_name(network: Network, index: int, place: int) -> str:
    """What a flat layer's input is: "map 3, row 1, column 2" behind a flattened picture."""
    if index >= 2 and _flattened(network, index - 1):
        channels, high, wide = network.layers[index - 2].input_shape
        channel, rest = divmod(place, high * wide)
        row, column = divmod(rest, wide)
        if channels == 1:
            return f"row {row + 1}, column {column + 1}"
        return f"map {channel + 1}, row {row + 1}, column {column + 1}"
    return f"input {place + 1}"


def _flattened(network: Network, index: int) -> bool:
    if index == 0:
        return False
    layer = network.layers[index - 1]
    return layer.kind == "flatten" and len(layer.input_shape) == 3


def unit_label(network: Network, index: int, unit: int) -> str:
    """A unit's name where there is little room: a class's name, or its number."""
    return unit_name(network, index, unit).split(" ", 1)[1]


def tile_name(section: Section, tile: int, network: Network, index: int) -> str:
    """A tile's own name: "map 3", "filter 2, channel 1", "class 7"; empty for the only one."""
    if section.look.matrix:
        return ""
    if section.look.colour:
        return f"filter {tile + 1}" if len(section.raw) == 4 else ""
    if len(section.raw) == 4:
        channels = section.raw[1]
        if channels == 1:
            return f"filter {tile + 1}"
        across = min(channels, section.look.across or channels)
        return f"filter {tile // across + 1}, channel {tile % across + 1}"
    if section.shape[1:] == (1, 1):
        return place_words(section, unravel(tile, section.raw), network, index)
    if index == 0:
        return "" if section.raw[0] == 1 else f"channel {tile + 1}"
    return f"map {tile + 1}"


def range_words(values: Floats) -> str:
    """From where to where values go, and what is no number among them."""
    low, high, wrong = extent(values)
    if wrong == values.size:
        return "no numbers"
    words = "all 0" if low == high == 0 else f"{short(low)} to {short(high)}"
    return f"{words} · {wrong:,} not numbers" if wrong else words


def short(value: float) -> str:
    """A number in three figures, with a true minus."""
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "−∞" if value < 0 else "∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-3 or size >= 1e5:
        mantissa, exponent = f"{size:.1e}".split("e")
        text = f"{mantissa}e{int(exponent)}".replace("e-", "e−")
    elif size < 10:
        text = f"{size:.3f}" if size < 0.1 else f"{size:.2f}"
    else:
        text = f"{size:.1f}" if size < 100 else f"{size:.0f}"
    return f"−{text}" if value < 0 else text


def cell_text(value: float) -> str:
    """A number for a small cell: two decimals, without a leading zero."""
    if not np.isfinite(value):
        return short(value)
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 100:
        text = f"{size:.0f}" if size < 1000 else f"{size:.0e}".replace("e+0", "e")
    elif size >= 10:
        text = f"{size:.0f}"
    elif size < 0.005:
        return ".00"
    else:
        text = f"{size:.2f}" if size >= 0.995 else f"{size:.2f}"[1:]
    return f"−{text}" if value < 0 else text


def explanation_words(found: Explanation, kind: str, channel: int = 0) -> str:
    """The arithmetic in one line."""
    if isinstance(found, ConvolutionSum):
        channels = len(found.window)
        products = found.window.size
        with np.errstate(all="ignore"):
            total = float(found.products.sum())
        over = "" if channels == 1 else f" of {channels} channels"
        return (
            f"{products:,} products{over}: {short(total)} {_signed(found.bias)} bias "
            f"= {number(found.output)}"
        )
    if isinstance(found, PoolChoice):
        if found.winner is None:
            return f"mean of {found.window.size} values = {number(found.output)}"
        row, column = (a + b + 1 for a, b in zip(found.corner, found.winner, strict=True))
        return (
            f"largest of {found.inside.sum()} values: row {row}, column {column} of the input "
            f"= {number(found.output)}"
        )
    if isinstance(found, DenseSum):
        with np.errstate(all="ignore"):
            total = float(found.products.sum()) + found.rest
        count = len(found.strongest) + found.others
        return (
            f"{count:,} products: {short(total)} {_signed(found.bias)} bias "
            f"= {number(found.output)}"
        )
    if isinstance(found, Passing):
        if kind == "relu":
            return f"max(0, {number(found.before)}) = {number(found.output)}"
        if kind in ("flatten", "dropout"):
            return f"{number(found.before)} passes as it is"
        return f"{kind} of {number(found.before)} = {number(found.output)}"
    return ""


def _signed(value: float) -> str:
    """`+ 0.12` or `− 0.12`."""
    return f"− {short(-value)}" if value < 0 else f"+ {short(value)}"
