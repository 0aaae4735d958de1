"""A network: a chain of layers over one flat vector of parameters and one of gradients."""

from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from nn import text as network_text
from nn.functional import to_public
from nn.initializers import Glorot, He
from nn.layers.base import Layer, Parameter, ParameterSpec
from nn.losses import Loss
from nn.plan import Plan
from nn.typing import Array, DType, Shape
from nn.words import shown

LARGEST_PARAMETER_COUNT = 25_000_000
LARGEST_EXAMPLE = 20_000_000
"""Numbers that one picture may become on its way, all layers together."""
LARGEST_BATCH = 1 << 20
TILE_FLOATS = 700_000
"""About how many numbers a tile of examples may keep in the processor's cache."""

_PIECE = 1 << 20

SMALL_PRODUCT = 1_000_000
"""Matrix products of at most so many multiplications go to OpenBLAS's fast small kernel."""

VECTOR = 16
"""Numbers in the processor's widest register: loops over a multiple of it leave no rest."""


class Network:
    """A chain of layers, its loss, its weights and the names of its classes.

    ``layers`` must be fresh (not part of another network); ``input_shape`` is (C, H, W).
    Weights are copied from the flat vector ``parameters`` if one is given, else they come from
    ``np.random.default_rng(seed)``. Raises ValueError when layers or the vector do not fit, before
    memory is taken for them.
    """

    def __init__(
        self,
        input_shape: Shape,
        layers: Sequence[Layer],
        loss: Loss,
        seed: int = 0,
        class_names: Sequence[str] | None = None,
        dtype: Any = np.float32,
        parameters: Array | None = None,
    ) -> None:
        self.input_shape = tuple(int(n) for n in input_shape)
        if len(self.input_shape) != 3 or min(self.input_shape) < 1:
            raise ValueError(f"input_shape must be (C, H, W) of positive sizes, got {input_shape}")
        self.dtype: DType = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"dtype must be float32 or float64, got {self.dtype}")
        self.layers: list[Layer] = list(layers)
        if not self.layers:
            raise ValueError("a network needs at least one layer")
        self.loss = loss
        self._connect()
        self.class_names = self._checked_names(class_names)
        self._allocate(None if parameters is None else parameters.size)
        self.tile_size = self._tile_size()
        self._views: dict[tuple[int, bool], Plan] = {}
        if parameters is None:
            self.reset(seed)
        else:
            np.copyto(self.parameters, parameters)
            self._reset_state()

    @classmethod
    def from_text(
        cls,
        text: str,
        seed: int = 0,
        class_names: Sequence[str] | None = None,
        dtype: Any = np.float32,
        parameters: Array | None = None,
    ) -> "Network":
        """Return the network a text describes (see `nn.text`); ValueError names line and word."""
        found = connected(text)
        return cls(
            found.input_shape, found.layers, found.loss, seed, class_names, dtype, parameters
        )

    # -- building ---------------------------------------------------------------------------

    def _connect(self) -> None:
        shape: Shape = self.input_shape
        for number, layer in enumerate(self.layers, 1):
            try:
                layer.connect(shape)
            except ValueError as error:
                raise ValueError(f"layer {number} ({layer.to_text()}): {error}") from None
            shape = layer.output_shape
        if len(shape) != 1:
            raise ValueError(
                f"the last layer must give one number a class, but gives pictures {shape}; "
                f"end with 'flatten' and 'dense'"
            )
        self.output_shape = shape
        numbers = sum(prod(s) for s in (self.input_shape, *(n.output_shape for n in self.layers)))
        if numbers > LARGEST_EXAMPLE:
            raise ValueError(
                f"one picture would become {numbers:,} numbers in this network, at most "
                f"{LARGEST_EXAMPLE:,} are allowed; make the input smaller"
            )

    def _allocate(self, given: int | None) -> None:
        """Make the two flat vectors, for as many weights as are given if any, and give every layer
        its views of them.
        """
        count = sum(spec.size for layer in self.layers for spec in layer.parameter_specs())
        if count > LARGEST_PARAMETER_COUNT:
            raise ValueError(
                f"the network would have {count:,} parameters, at most "
                f"{LARGEST_PARAMETER_COUNT:,} are allowed"
            )
        if given is not None and given != count:
            raise ValueError(f"the network has {count:,} parameters, but {given:,} are given")
        self.parameters: Array = np.zeros(count, self.dtype)
        self.gradients: Array = np.zeros(count, self.dtype)
        offset = 0
        for layer in self.layers:
            found = []
            for spec in layer.parameter_specs():
                part = slice(offset, offset + spec.size)
                data = self.parameters[part].reshape(spec.shape)
                grad = self.gradients[part].reshape(spec.shape)
                found.append(Parameter(spec.name, data, grad, offset))
                offset += spec.size
            layer.attach(tuple(found))

    def _checked_names(self, class_names: Sequence[str] | None) -> list[str]:
        classes = self.output_shape[0]
        if class_names is None:
            return [str(i) for i in range(classes)]
        names = list(class_names)
        if len(names) != classes or not all(isinstance(name, str) for name in names):
            raise ValueError(f"class_names must be {classes} texts, got {shown(names)}")
        return names

    def specs(self) -> list[tuple[Layer, ParameterSpec, Parameter]]:
        """Return every parameter with its layer and what the layer said of it, in flat order."""
        return [
            (layer, spec, parameter)
            for layer in self.layers
            for spec, parameter in zip(layer.parameter_specs(), layer.parameters(), strict=True)
        ]

    def reset(self, seed: int) -> None:
        """Draw new weights in place from ``seed``; the same seed gives the same weights."""
        rng = np.random.default_rng(seed)
        followers = dict(zip(self.layers, [*self.layers[1:], None], strict=True))
        for layer, spec, parameter in self.specs():
            if not spec.decays:
                parameter.data[...] = spec.fill
                continue
            follower = followers[layer]
            rectified = follower is not None and follower.kind in ("relu", "leaky_relu", "maxout")
            rule = spec.initializer or (He() if rectified else Glorot())
            flat = parameter.data.reshape(-1)
            for start in range(0, len(flat), _PIECE):  # drawn in float64: a piece at a time
                part = flat[start : start + _PIECE]
                part[...] = rule.draw(rng, part.shape, spec.fan_in, spec.fan_out)
        self._reset_state()

    def _reset_state(self) -> None:
        for layer in self.layers:
            layer.reset_state()

    # -- telling ----------------------------------------------------------------------------

    def to_text(self) -> str:
        """Return the text from which `from_text` makes the same network (weights aside)."""
        return network_text.to_text(self.input_shape, self.layers, self.loss)

    def summary(self) -> str:
        """Return a table: each layer's line, output shape, parameters and multiply-adds."""
        rows = [("layer", "output", "parameters", "multiply-adds")]
        rows.append(("input", _shape_text(self.input_shape), "", ""))
        total = 0
        for layer in self.layers:
            count = sum(spec.size for spec in layer.parameter_specs())
            work = layer.multiply_adds()
            total += work
            rows.append(
                (
                    layer.to_text(),
                    _shape_text(layer.output_shape),
                    f"{count:,}" if count else "",
                    f"{work:,}" if work else "",
                )
            )
        rows.append((self.loss.to_text(), "", "", ""))
        rows.append(("total", "", f"{self.parameters.size:,}", f"{total:,}"))
        widths = [max(len(row[i]) for row in rows) for i in range(4)]
        table = [
            f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}".rstrip()
            for a, b, c, d in rows
        ]
        rule = "-" * (sum(widths) + 6)
        return "\n".join([table[0], rule, *table[1:-1], rule, table[-1]])

    def __str__(self) -> str:
        """Return the sizes, like ``36-12-2``; pictures between as filters x height x width."""
        sizes = [
            self.layers[0].output_shape if self.layers[0].kind == "flatten" else self.input_shape
        ]
        sizes += [layer.output_shape for layer in self.layers if layer.parameter_specs()]
        return "-".join(_shape_text(size) for size in sizes)

    def __repr__(self) -> str:
        return f"<Network {self}, {self.parameters.size} parameters>"

    # -- using ------------------------------------------------------------------------------

    def check_batch(self, x: Array) -> Array:
        """Return ``x`` if it is a batch (N, C, H, W) of this network's dtype; ValueError if not."""
        if not isinstance(x, np.ndarray):
            raise ValueError(f"x must be a numpy array, got {type(x).__name__}")
        if x.ndim != 4 or x.shape[1:] != self.input_shape or x.shape[0] < 1:
            wanted = ", ".join(str(n) for n in self.input_shape)
            raise ValueError(f"x must have shape (N, {wanted}) with N of at least 1, got {x.shape}")
        if x.dtype != self.dtype:
            raise ValueError(f"x must be {self.dtype}, got {x.dtype}")
        return x

    def _tile_size(self) -> int:
        """Return how many examples a plan should take at most: as many as fit the cache, and
        whose matrix products are small ones.
        """
        if any(layer.whole_batch for layer in self.layers):
            return LARGEST_BATCH
        shapes = [self.input_shape, *(layer.output_shape for layer in self.layers)]
        largest = max(int(np.prod(shape)) for shape in shapes)
        product = max(layer.product_size() for layer in self.layers)
        return max(1, min(64, TILE_FLOATS // (4 * largest), SMALL_PRODUCT // max(product, 1)))

    def tile_for(self, count: int) -> int:
        """Return into tiles of how many examples a batch of ``count`` is best cut."""
        if count <= self.tile_size:
            return count
        if self.tile_size >= VECTOR:
            return self.tile_size // VECTOR * VECTOR
        return -(-count // -(-count // self.tile_size))  # tiles as equal as can be

    def plan(self, batch_size: int, rng: np.random.Generator, **options: bool) -> Plan:
        """Return new buffers and operations for a batch size; see `Plan` for the options."""
        return Plan(
            self.layers, self.loss, self.input_shape, batch_size, self.dtype, rng, **options
        )

    def _view_plan(self, batch_size: int, fast: bool) -> Plan:
        """Return a plan for looking only; its buffers are apart from any training step's."""
        key = (batch_size, fast)
        if key not in self._views:
            if len(self._views) >= 4:
                del self._views[next(iter(self._views))]
            rng = np.random.default_rng(0)  # drawn from by no layer that only looks
            self._views[key] = self.plan(batch_size, rng, training=False, backward=False, fast=fast)
        return self._views[key]

    def outputs(self, x: Array) -> Array:
        """Return the plain outputs (logits), (N, classes), for ``x`` (N, C, H, W)."""
        self.check_batch(x)
        count, tile = len(x), self.tile_for(len(x))
        with np.errstate(over="ignore", invalid="ignore"):
            if count <= tile:
                return self._view_plan(count, True).run_forward(x).copy()
            result = np.empty((count, *self.output_shape), self.dtype)
            for start in range(0, count, tile):
                part = x[start : start + tile]
                result[start : start + tile] = self._view_plan(len(part), True).run_forward(part)
        return result

    def predict(self, x: Array) -> Array:
        """Return scores (N, classes) for pictures ``x`` (N, C, H, W): probabilities for softmax
        cross-entropy, plain outputs for the other losses. Never disturbs a training step.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # weights may be as large as can be
            return self.loss.scores(self.outputs(x))

    def activations(self, x: Array) -> list[Array]:
        """Return copies of what flows: [0] is ``x``, [i + 1] the output of ``layers[i]``.

        Each is (N, C, H, W) or (N, F). Never disturbs a training step.
        """
        self.check_batch(x)
        plan = self._view_plan(len(x), False)
        with np.errstate(over="ignore", invalid="ignore"):
            plan.run_forward(x)
        return [x.copy(), *(to_public(bound.output).copy() for bound in plan.bound)]

    def state(self) -> dict[str, Array]:
        """Return the arrays that layers keep beside the weights, named ``layer number.name``."""
        return {
            f"{number}.{name}": values
            for number, layer in enumerate(self.layers, 1)
            for name, values in layer.state().items()
        }

    def checkpoint(self) -> list[Array]:
        """Return copies of the weights and of all that is kept beside them, for `restore`."""
        return [values.copy() for values in [self.parameters, *self.state().values()]]

    def restore(self, checkpoint: list[Array]) -> None:
        """Put a `checkpoint` of this network back, in place."""
        kept = [self.parameters, *self.state().values()]
        for values, saved in zip(kept, checkpoint, strict=True):
            np.copyto(values, saved)

    # -- copying ----------------------------------------------------------------------------

    def copy(self) -> "Network":
        """Return a network of its own with the same text, names and weights."""
        return self.astype(self.dtype)

    def astype(self, dtype: Any) -> "Network":
        """Return a copy that computes in ``dtype``, float32 or float64."""
        twin = Network.from_text(self.to_text(), 0, self.class_names, dtype, self.parameters)
        for name, values in twin.state().items():
            np.copyto(values, self.state()[name])
        return twin

    def with_classes(
        self, class_names: Sequence[str], sources: Sequence[int | None], seed: int = 0
    ) -> "Network":
        """Return a new network for other classes that keeps what it has learned.

        Output row k copies row ``sources[k]`` of this network's last dense layer, or begins
        anew (from ``seed``) where that is None. Everything before that layer is copied.
        """
        old_classes = self.output_shape[0]
        names, rows = list(class_names), list(sources)
        if len(names) != len(rows) or not names:
            raise ValueError(
                f"class_names and sources must be equally long and not empty, "
                f"got {len(names)} and {len(rows)}"
            )
        if any(row is not None and not 0 <= row < old_classes for row in rows):
            raise ValueError(f"sources must be None or 0 to {old_classes - 1}, got {rows}")
        last = max(
            (i for i, layer in enumerate(self.layers) if layer.parameter_specs()), default=-1
        )
        if last < 0 or self.layers[last].kind != "dense":
            raise ValueError(
                "the classes can only change when the last layer with weights is dense"
            )
        found = network_text.parse(self.to_text())
        found.layers[last].units = len(names)  # type: ignore[attr-defined]
        twin = Network(self.input_shape, found.layers, self.loss, seed, names, self.dtype)
        kept = self.layers[last].parameters()[0].offset
        twin.parameters[:kept] = self.parameters[:kept]
        for old, new in zip(
            self.layers[last].parameters(), twin.layers[last].parameters(), strict=True
        ):
            for k, row in enumerate(rows):
                if row is not None:
                    new.data[k] = old.data[row]
        return twin

    def save(self, path: str | Path, format: str | None = None) -> None:
        """Write the network to a file, in a format of `nn.formats.FORMATS`: the one that is named,
        for example "convnetjs", or else the one of the file's suffix.
        """
        from nn import formats

        formats.save(self, path, format)


def connected(text: str) -> network_text.Description:
    """Return what a network text describes, its layers knowing their shapes but without weights.

    Raises ValueError that names line and word.
    """
    found = network_text.parse(text)
    shape: Shape = found.input_shape
    for layer, line in zip(found.layers, found.lines, strict=True):
        try:
            layer.connect(shape)
        except ValueError as error:
            raise line.error(str(error)) from None
        shape = layer.output_shape
    return found


def _shape_text(shape: Shape) -> str:
    if len(shape) == 3:
        channels, height, width = shape
        return f"{height}x{width}x{channels}"
    return str(shape[0])
