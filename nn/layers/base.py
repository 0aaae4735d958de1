"""What every layer is: a description, and the numpy calls it makes once a batch size is known.

A layer has two lives. First it *describes* itself: from its options and the shape of its input
it knows its output shape, its parameters, and the line of text that says the same. Then a
network *binds* it to buffers of one batch size, and the layer answers with two short lists of
numpy calls on those buffers: what to do forwards and what to do backwards. Training repeats the
two lists and allocates next to nothing.

Inside the engine arrays are laid out ``(H, C, W, N)`` for pictures and ``(F, N)`` for flat
features; at every public door they are ``(N, C, H, W)`` and ``(N, F)``.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np

from nn.initializers import Initializer
from nn.typing import Array, DType, Operation, Shape


class Parameter(NamedTuple):
    """One array of a layer: views into the network's two flat vectors.

    ``data`` and ``grad`` have the same shape; ``offset`` is where both start in the flat vectors.
    """

    name: str
    data: Array
    grad: Array
    offset: int


@dataclass(frozen=True)
class ParameterSpec:
    """What a layer asks of the network: an array of ``shape`` and how to fill it at the start.

    ``initializer`` None means the constant ``fill``; ``decays`` tells whether L1 and L2 apply.
    """

    name: str
    shape: Shape
    fan_in: int = 1
    fan_out: int = 1
    initializer: Initializer | None = None
    fill: float = 0.0
    decays: bool = False

    @property
    def size(self) -> int:
        """Number of values."""
        return int(np.prod(self.shape))


@dataclass
class Scope:
    """What a layer may know while it is bound.

    ``backward`` tells that gradients are wanted. ``training`` is False when the network only
    looks: dropout rests then, and batch normalisation uses what it remembers. ``may_overwrite``
    tells that nobody needs the layer's input after it.
    """

    dtype: DType
    training: bool
    backward: bool
    rng: np.random.Generator
    may_overwrite: bool = False

    def empty(self, shape: Shape) -> Array:
        """Return a new buffer whose values do not matter yet."""
        return np.zeros(shape, self.dtype)

    def zeros(self, shape: Shape) -> Array:
        """Return a new buffer of zeros, parts of which stay zero for good."""
        return np.zeros(shape, self.dtype)

    def constant(self, value: float) -> Array:
        """Return ``value`` as a 0-d array: numpy takes those faster than Python numbers."""
        return np.array(value, self.dtype)


@dataclass
class Bound:
    """A layer bound to buffers.

    ``output`` is what ``forward`` writes; ``grad`` (same shape) is where the next layer puts the
    loss's gradient with respect to it, for ``backward`` to read; None when nobody asks for it.
    ``spare`` tells that backward does not need ``output``, so that the next layer may write on it.
    """

    output: Array
    grad: Array | None = None
    forward: list[Operation] = field(default_factory=list)
    backward: list[Operation] = field(default_factory=list)
    spare: bool = True


class Layer(ABC):
    """One link of the chain. Subclasses set ``kind`` and implement the abstract methods."""

    kind: ClassVar[str]
    monotone: ClassVar[bool] = False
    """True for elementwise functions that never decrease: they commute with max pooling."""

    whole_batch: ClassVar[bool] = False
    """True for layers in which examples of a batch meet: such a batch is never cut into tiles."""

    joins_line: ClassVar[bool] = False
    """True for activations, which a network text writes on the line of the layer before."""

    input_shape: Shape
    output_shape: Shape

    def __init__(self) -> None:
        self._parameters: tuple[Parameter, ...] = ()

    # -- describing -------------------------------------------------------------------------

    def connect(self, input_shape: Shape) -> None:
        """Learn the shape of one input example and work out the shape of one output example.

        Raises ValueError when the layer cannot stand on such an input.
        """
        self.input_shape = input_shape
        self.output_shape = self.shape_after(input_shape)

    @abstractmethod
    def shape_after(self, input_shape: Shape) -> Shape:
        """Return the output shape for an input shape, both of one example; ValueError if none."""

    def parameter_specs(self) -> tuple[ParameterSpec, ...]:
        """Return the arrays this layer learns, in the order they take in the flat vector."""
        return ()

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the layer's arrays: views of the network's flat vectors."""
        return self._parameters

    def attach(self, parameters: tuple[Parameter, ...]) -> None:
        """Take the views that the network made for `parameter_specs`."""
        self._parameters = parameters

    def state(self) -> dict[str, Array]:
        """Return arrays that are kept with the weights but not learned by gradient."""
        return {}

    def reset_state(self) -> None:  # noqa: B027 - most layers keep nothing
        """Set the arrays of `state` to what they are before any training."""

    def multiply_adds(self) -> int:
        """Return the multiplications that one example costs going forward."""
        return 0

    def product_size(self) -> int:
        """Return the multiplications one example adds to the layer's largest matrix product."""
        return 0

    def config(self) -> dict[str, Any]:
        """Return the layer's options by name: ``type(layer)(**layer.config())`` is its twin."""
        return {}

    @abstractmethod
    def to_text(self) -> str:
        """Return the layer's line in a network text."""

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.config().items())
        return f"{type(self).__name__}({options})"

    # -- working ----------------------------------------------------------------------------

    @abstractmethod
    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        """Return buffers and operations for the batch in ``x``.

        ``x`` is the previous layer's output, inside layout. ``dx``, of the same shape, is where
        backward must write the gradient with respect to ``x``; None when nobody asks for it.
        """


class Elementwise(Layer):
    """A function applied to every number alone: output shape = input shape."""

    joins_line = True
    monotone = True

    def shape_after(self, input_shape: Shape) -> Shape:
        return input_shape

    def to_text(self) -> str:
        return self.kind


def require_picture(kind: str, shape: Shape) -> tuple[int, int, int]:
    """Return ``shape`` as (C, H, W); ValueError naming the layer when it is flat already."""
    if len(shape) != 3:
        raise ValueError(
            f"{kind} needs a picture (C, H, W), but its input is flat with {shape[0]} values; "
            f"put it before 'flatten'"
        )
    return shape[0], shape[1], shape[2]


def numbered(layers: Iterable[Layer]) -> list[str]:
    """Return a name for each layer of a chain: ``conv1``, ``relu1``, ``conv2`` …"""
    seen = Counter[str]()
    names = []
    for layer in layers:
        seen[layer.kind] += 1
        names.append(f"{layer.kind}{seen[layer.kind]}")
    return names


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)
