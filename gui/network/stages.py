"""What of a network is drawn: its stages, from the inputs to the outputs, and the links between.

A stage is what stands in one column: inputs, neurons, or feature maps. Layers that only reshape or
bend what came before (flatten, activations, dropout) join the stage before them. Qt-free.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

LARGEST_GRID = 400
"""Inputs up to which every input is a cell of its own; beyond, they are one picture."""

StageKind = Literal["grid", "picture", "neurons", "maps"]
LinkKind = Literal["dense", "kernels", "through"]


@dataclass(frozen=True)
class Slot:
    """Where an array lies in the network's flat vector."""

    offset: int
    shape: tuple[int, ...]

    def read(self, flat: Floats) -> Floats:
        """The array as a view of `flat`, (parameters,)."""
        values: Floats = flat[self.offset : self.offset + int(np.prod(self.shape))]
        shaped: Floats = values.reshape(self.shape)
        return shaped


@dataclass(frozen=True)
class Stage:
    """One column of the drawing.

    Attributes:
        kind: "grid" and "picture" are inputs; "neurons" are flat; "maps" are channels as tiles.
        index: place of its values in `Network.activations`.
        shape: of those values, (C, H, W) or (F,).
        units: what can be pointed at: cells, neurons or maps.
        name: "input", "hidden 2", "conv 1", "pool 1", "output".
        caption: what stands beneath the column.
        weight, bias: of the layer that makes it, where there is one.
    """

    kind: StageKind
    index: int
    shape: tuple[int, ...]
    units: int
    name: str
    caption: str
    weight: Slot | None = None
    bias: Slot | None = None
    is_output: bool = False


@dataclass(frozen=True)
class Link:
    """What runs between two neighbouring stages.

    Wire `k` runs from source place `k % inputs` to target unit `k // inputs`. A place is an index
    into the flattened source for "dense", and a tile for "kernels"; "through" has wires `k` from
    map `k` to map `k`, without weights.
    """

    source: int
    target: int
    kind: LinkKind
    inputs: int
    outputs: int
    weight: Slot | None = None

    @property
    def count(self) -> int:
        """Number of wires."""
        return self.outputs if self.kind == "through" else self.inputs * self.outputs

    @property
    def fan_in(self) -> int:
        """Weights that meet in one target value."""
        return 1 if self.weight is None else int(np.prod(self.weight.shape[1:]))

    def values(self, flat: Floats) -> Floats:
        """(count,) what each wire carries, from the flat vector of weights or of their change.

        A kernel's wire carries its root mean square, with the sign of its sum.
        """
        if self.weight is None:
            return np.zeros(self.count, np.float32)
        weight = self.weight.read(flat)
        if self.kind == "dense":
            wires: Floats = weight.reshape(-1)
            return wires
        kernels = weight.reshape(self.outputs, self.inputs, -1)
        with np.errstate(over="ignore", invalid="ignore"):
            size = np.sqrt(np.mean(np.square(kernels), axis=2))
            signed = np.where(kernels.sum(axis=2) < 0, -size, size)
        carried: Floats = signed.astype(np.float32).reshape(-1)
        return carried

    def ends(self, ids: Ids) -> tuple[Ids, Ids]:
        """Source places and target units of wires."""
        if self.kind == "through":
            return ids, ids
        return ids % self.inputs, ids // self.inputs


@dataclass(frozen=True)
class Plan:
    """All stages of a network, and its links, each between a stage and the next."""

    stages: tuple[Stage, ...]
    links: tuple[Link, ...]

    def places(self, stage: int, unit: int) -> Ids:
        """The indices into a stage's flattened values that belong to one unit."""
        shape = self.stages[stage].shape
        if self.stages[stage].kind == "maps":
            area = int(np.prod(shape[1:]))
            return np.arange(unit * area, (unit + 1) * area)
        channels = shape[0] if len(shape) == 3 and self.stages[stage].kind == "picture" else 1
        return unit + np.arange(channels) * self.stages[stage].units

    def touching(self, link: Link, stage: int, unit: int) -> Ids:
        """The wires of a link that end at one unit of one stage."""
        if link.kind == "through":
            return np.array([unit]) if stage in (link.source, link.target) else _NONE
        if stage == link.target:
            return unit * link.inputs + np.arange(link.inputs)
        if stage != link.source:
            return _NONE
        if link.kind == "dense":
            places = self.places(stage, unit)
        else:
            places = np.array([unit if link.inputs > 1 else 0])
        return (np.arange(link.outputs)[:, None] * link.inputs + places).reshape(-1)


_NONE: Ids = np.zeros(0, np.int64)


def plan(network: Any) -> Plan:
    """Read stages and links from an `nn.Network`'s layers; only shapes and slots are kept."""
    stages = [_input_stage(tuple(network.input_shape))]
    links: list[Link] = []
    groups = _groups(network.layers)
    flat_groups = [group for group in groups if group.weight is not None and group.is_flat]
    hidden = len(flat_groups) - (1 if groups and groups[-1].is_flat else 0)
    counts = {"conv": 0, "pool": 0, "hidden": 0}
    for place, group in enumerate(groups):
        last = place == len(groups) - 1
        family = "hidden" if group.is_flat else "conv" if group.weight is not None else "pool"
        counts[family] += 1
        name = f"{family} {counts[family]}"
        if last:
            name = "output"
        elif family == "hidden" and hidden == 1:
            name = "hidden"
        source = stages[-1]
        stages.append(
            Stage(
                kind="neurons" if group.is_flat else "maps",
                index=group.last + 1,
                shape=group.shape,
                units=group.shape[0],
                name=name,
                caption=_outputs(group.shape[0]) if last else group.caption,
                weight=group.weight,
                bias=group.bias,
                is_output=last,
            )
        )
        links.append(_link(source, group, len(stages) - 2))
    return Plan(tuple(stages), tuple(links))


@dataclass
class _Group:
    """Neighbouring layers that are drawn as one stage."""

    shape: tuple[int, ...]
    last: int  # index of the last layer that joined
    words: list[str]
    weight: Slot | None = None
    bias: Slot | None = None

    @property
    def is_flat(self) -> bool:
        return len(self.shape) == 1

    @property
    def caption(self) -> str:
        return " · ".join([str(self.shape[0]), *self.words])


def _groups(layers: Sequence[Any]) -> list[_Group]:
    groups: list[_Group] = []
    for index, layer in enumerate(layers):
        slots = {p.name: Slot(int(p.offset), tuple(p.data.shape)) for p in layer.parameters()}
        weight = slots.get("weight")
        shape = tuple(layer.output_shape)
        reshapes = len(shape) != len(layer.input_shape)
        if weight is not None and len(weight.shape) in (2, 4):
            words = [f"conv {_by(weight.shape[2:])}"] if len(weight.shape) == 4 else []
            groups.append(_Group(shape, index, words, weight, slots.get("bias")))
        elif not reshapes and shape != tuple(layer.input_shape) and len(shape) == 3:
            factor = [max(1, round(a / b)) for a, b in zip(layer.input_shape, shape, strict=True)]
            groups.append(_Group(shape, index, [f"{_kind(layer)} {_by(factor[1:])}"]))
        elif reshapes or not groups:
            continue  # flatten: the values stay where they are
        elif shape == groups[-1].shape:
            groups[-1].last = index
            groups[-1].words.append(_kind(layer))
    return groups


def _input_stage(shape: tuple[int, ...]) -> Stage:
    if len(shape) == 3 and shape[1] * shape[2] > 1 and shape[0] in (1, 3):
        area = shape[1] * shape[2]
        if shape[0] == 1 and area <= LARGEST_GRID:
            return Stage("grid", 0, shape, area, "input", f"{area:,} inputs")
        depth = f" × {shape[0]}" if shape[0] > 1 else ""
        return Stage("picture", 0, shape, area, "input", f"{_by(shape[1:])}{depth} inputs")
    if len(shape) == 3 and shape[1] * shape[2] > 1:
        return Stage("maps", 0, shape, shape[0], "input", f"{shape[0]} × {_by(shape[1:])} inputs")
    size = int(np.prod(shape))
    return Stage("neurons", 0, (size,), size, "input", f"{size:,} input{'s' * (size != 1)}")


def _link(source: Stage, group: _Group, place: int) -> Link:
    if group.weight is None:
        return Link(place, place + 1, "through", group.shape[0], group.shape[0])
    if len(group.weight.shape) == 2:
        rows, columns = group.weight.shape
        return Link(place, place + 1, "dense", columns, rows, group.weight)
    tiles = source.units if source.kind == "maps" else 1
    return Link(place, place + 1, "kernels", tiles, group.shape[0], group.weight)


def _kind(layer: Any) -> str:
    return {"maxpool": "pool"}.get(str(layer.kind), str(layer.kind))


def _by(sizes: Sequence[int]) -> str:
    return "×".join(str(size) for size in sizes)


def _outputs(count: int) -> str:
    return f"{count} output{'s' * (count != 1)}"
