"""What the network view says of a wire or a neuron: names, values, last change. Qt-free."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isinf, isnan

import numpy as np

from gui.network.layout import NetworkLayout
from gui.network.stages import Floats, Link, Plan, Slot


@dataclass(frozen=True, eq=False)
class State:
    """One moment of the network, as the view shows it.

    Attributes:
        parameters: (P,) weights; None before the first snapshot.
        change: (P,) what the last step did to them.
        activations: values of every layer for the current drawing, or None without one.
        outputs: (classes,) the prediction, or None.
        step: how many steps were taken.
    """

    parameters: Floats | None = None
    change: Floats | None = None
    activations: Sequence[Floats] | None = None
    outputs: Floats | None = None
    step: int = 0
    class_names: Sequence[str] = field(default_factory=list)

    def values(self, plan: Plan, stage: int) -> Floats | None:
        """What a stage's values are, in its own shape; the prediction for the outputs."""
        what = plan.stages[stage]
        if what.is_output and self.outputs is not None:
            return self.outputs
        if self.activations is None or what.index >= len(self.activations):
            return None
        values = self.activations[what.index]
        if values.size != int(np.prod(what.shape)):
            return None
        return values.reshape(what.shape)

    def class_name(self, unit: int) -> str:
        """A class's name, or its number where it has none."""
        return self.class_names[unit] if unit < len(self.class_names) else f"class {unit + 1}"


def number(value: float, *, signed: bool = False) -> str:
    """A value to read: four figures, a true minus, and words for what is no number."""
    if isnan(value):
        return "not a number"
    if isinf(value):
        return "not a number (infinite)"
    size = abs(value)
    if size >= 1e5 or 0 < size < 1e-7:
        digits = f"{size:.2e}".replace("e", "·10^").replace("^-0", "^−").replace("^+0", "^")
    else:
        digits = f"{size:.7f}" if 0 < size < 1e-3 else f"{size:.4f}"
    sign = "−" if value < 0 else "+" if signed else ""
    return sign + digits


def percent(value: float) -> str:
    """A part of one as a percentage."""
    if not np.isfinite(value):
        return "–"
    return f"{100 * value:.0f} %"


def unit_name(plan: Plan, stage: int, unit: int, state: State) -> str:
    """'input row 2, column 5', 'hidden 3', 'map 4 of conv 1', 'output X'."""
    what = plan.stages[stage]
    if what.kind in ("grid", "picture"):
        row, column = divmod(unit, what.shape[2])
        return f"input row {row + 1}, column {column + 1}"
    if what.kind == "maps":
        return f"map {unit + 1} of {what.name}"
    if what.is_output:
        return f"output {state.class_name(unit)}"
    if what.name.startswith("hidden "):
        return f"{what.name}, neuron {unit + 1}"
    return f"{what.name} {unit + 1}"


def about_unit(plan: Plan, stage: int, unit: int, state: State) -> list[str]:
    """Lines about a neuron, a cell or a map; the first is its name."""
    what = plan.stages[stage]
    lines = [unit_name(plan, stage, unit, state)]
    values = state.values(plan, stage)
    if values is None:
        lines.append("value appears with a drawing")
    elif what.kind == "maps":
        finite = np.nan_to_num(values[unit])
        lines.append(f"values {number(float(finite.min()))} to {number(float(finite.max()))}")
    elif what.kind == "picture" and what.shape[0] > 1:
        lines.append(
            "values " + ", ".join(number(float(v)) for v in values.reshape(-1, what.units)[:, unit])
        )
    else:
        lines.append(f"value {number(float(values.reshape(-1)[unit]))}")
    bias = _read(what.bias, unit, state.parameters)
    if bias is not None:
        lines.append(f"bias {number(bias, signed=True)}")
        change = _read(what.bias, unit, state.change)
        if change is not None:
            lines.append(f"last change {number(change, signed=True)}")
    return lines


def about_wire(layout: NetworkLayout, link: Link, wire: int, state: State) -> list[str]:
    """Lines about a wire; the first says what it joins."""
    plan = layout.plan
    sources, targets = link.ends(np.array([wire]))
    source = int(sources[0])
    stage = plan.stages[link.source]
    target = unit_name(plan, link.target, int(targets[0]), state)
    if link.kind == "through":
        return [f"{unit_name(plan, link.source, source, state)} → {target}", "no weight: it picks"]
    if stage.kind == "maps" and link.kind == "dense":
        tile, pixel = divmod(source, int(np.prod(stage.shape[1:])))
        row, column = divmod(pixel, stage.shape[2])
        start = f"{unit_name(plan, link.source, tile, state)}, row {row + 1}, column {column + 1}"
    elif link.kind == "kernels" and stage.kind != "maps":
        start = "input"
    else:
        start = unit_name(plan, link.source, source % stage.units, state)
    lines = [f"{start} → {target}"]
    kind = "weight" if link.kind == "dense" else "kernel, root mean square"
    for word, flat in ((kind, state.parameters), ("last change", state.change)):
        if flat is not None:
            value = float(link.values(flat)[wire])
            sign = (
                ""
                if not np.isfinite(value) or not value or word != kind
                else (" (negative)" if value < 0 else " (positive)")
            )
            lines.append(f"{word} {number(value, signed=True)}{sign}")
    bias = _read(plan.stages[link.target].bias, int(targets[0]), state.parameters)
    if bias is not None:
        lines.append(f"bias there {number(bias, signed=True)}")
    return lines


def summary(plan: Plan) -> str:
    """The network in one line: '36 inputs, 12 sigmoid, 2 outputs'."""
    return ", ".join(stage.caption.replace(" · ", " ") for stage in plan.stages)


def _read(slot: Slot | None, unit: int, flat: Floats | None) -> float | None:
    if slot is None or flat is None:
        return None
    values = slot.read(flat).reshape(-1)
    return float(values[unit]) if unit < len(values) else None
