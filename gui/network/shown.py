"""What a network view shows: one network's newest moment, its place, its wires, what is held.

Qt-free: the widget asks it what to paint and what lies under the pointer.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gui.network.layout import NetworkLayout, place
from gui.network.stages import Plan, plan
from gui.network.wires import REACH, Brightness, ShownWires, choose, nearest, note
from gui.network.words import State, about_unit, about_wire, summary, unit_name

Unit = tuple[int, int]
"""(column, unit)."""

Wire = tuple[int, int]
"""(link, wire)."""


class Shown:
    """A network in a room; `held` is a unit whose wires stay while the rest is dimmed."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.plan: Plan = plan(network)
        parameters = network.parameters.copy()
        self.state = State(parameters=parameters, class_names=list(network.class_names))
        self.held: Unit | None = None
        self.layout: NetworkLayout = place(self.plan, 0, 0)
        links = self.plan.links
        self._brightness = [Brightness(link, link.values(parameters)) for link in links]
        self._wires: tuple[ShownWires, ...] | None = None
        self._follow()

    def lay_out(self, width: float, height: float, label_width: float) -> None:
        """Give it a room."""
        self.layout = place(self.plan, width, height, label_width)
        self._wires = None

    def name_classes(self, names: Sequence[str]) -> None:
        """Name the outputs."""
        self.state = replace(self.state, class_names=list(names))

    def take(self, snapshot: Any) -> bool:
        """Copy a snapshot of this network; True when its weights differ from those before."""
        activations, outputs = snapshot.activations, snapshot.outputs
        before = self.state.parameters
        differ = before is None or not np.array_equal(snapshot.parameters, before)
        self.state = replace(
            self.state,
            parameters=snapshot.parameters.copy(),
            change=snapshot.change.copy(),
            activations=None if activations is None else [a.copy() for a in activations],
            outputs=None if outputs is None else outputs.copy(),
            step=snapshot.step,
        )
        if differ:
            self._follow()
            self._wires = None
        return differ

    def hold(self, unit: Unit | None) -> None:
        """Hold a unit, or none."""
        self.held = unit
        self._wires = None

    @property
    def wires(self) -> tuple[ShownWires, ...]:
        """The wires to draw, link by link."""
        if self._wires is None:
            flat = self.state.parameters
            assert flat is not None
            self._wires = tuple(
                choose(self.layout, i, link.values(flat), self._brightness[i], self.held)
                for i, link in enumerate(self.plan.links)
            )
        return self._wires

    @property
    def held_name(self) -> str:
        """The held unit's name; empty when none is held."""
        return "" if self.held is None else unit_name(self.plan, *self.held, self.state)

    @property
    def note(self) -> str:
        """What the view says of itself: what is held, and of what only the strongest is drawn."""
        held = f"Held: {self.held_name} (dashed is negative; Esc lets go)" if self.held else ""
        return " · ".join(part for part in (held, note(self.layout)) if part)

    @property
    def summary(self) -> str:
        """All in one line, for those who don't see it."""
        told = summary(self.plan)
        if self.state.class_names:
            told += f" ({', '.join(self.state.class_names)})"
        return f"{told}; held: {self.held_name}" if self.held else told

    def about(self, unit: Unit | None = None, wire: Wire | None = None) -> list[str]:
        """Lines about a unit or a wire."""
        if unit is not None:
            return about_unit(self.plan, *unit, self.state)
        if wire is not None:
            return about_wire(self.layout, self.layout.links[wire[0]], wire[1], self.state)
        return []

    def wire_at(self, x: float, y: float, zoom: float) -> Wire | None:
        """The wire near a point of the layout; only held ones while a unit is held."""
        for wires in self.wires:
            ids, levels = wires.ids, wires.levels
            if wires.held is not None:
                ids, levels = ids[wires.held], levels[wires.held]
            if not len(ids):
                continue
            lines = self.layout.lines(self.layout.links[wires.link], ids)
            if not lines[:, 0].min() - REACH <= x <= lines[:, 2].max() + REACH:
                continue
            found = nearest(lines, x, y, REACH / zoom, levels)
            if found is not None:
                return wires.link, int(ids[found])
        return None

    def _follow(self) -> None:
        """Let each link's brightness follow its weights."""
        assert self.state.parameters is not None
        for link, brightness in zip(self.plan.links, self._brightness, strict=True):
            brightness.follow(link.values(self.state.parameters))
