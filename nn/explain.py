"""Why a network answers as it does: what it looks at, what it has seen that is alike.

Nothing here changes a network.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn.network import Network
from nn.typing import Array


def occlusion(
    network: Network,
    x: Array,
    label: int | None = None,
    patch: int = 6,
    stride: int = 2,
) -> NDArray[np.float32]:
    """Return how much each place of a picture speaks for a class, found by hiding it.

    A square of the picture's mean colour is moved over the picture; what a place gets is by how
    much the class's lead (its output less the best of the others) falls, on average over the
    squares that hide it. (M. Zeiler and R. Fergus, 2014, asked for the probability; the lead goes
    on to differ where the network is sure.)

    Args:
        x: one picture (1, C, H, W) as the network takes it.
        label: the class asked about; by default the winner.
        patch: edge of the square, 1 to the picture's smaller edge.
        stride: pixels from square to square, 1 to patch, so that every place is hidden.

    Returns:
        (H, W): positive where the picture speaks for the class, negative where against it.
    """
    *_, heat = occluding(network, x, label, patch, stride)
    return heat


def occluding(
    network: Network,
    x: Array,
    label: int | None = None,
    patch: int = 6,
    stride: int = 2,
) -> Iterator[NDArray[np.float32]]:
    """Yield what is known of `occlusion` after each row of squares; the last is the whole."""
    _check_one(network, x)
    height, width = x.shape[2:]
    if not 1 <= patch <= min(height, width):
        raise ValueError(f"patch: expected 1 to {min(height, width)} pixels, got {patch}")
    if not 1 <= stride <= patch:
        raise ValueError(f"stride: expected 1 to patch ({patch}) pixels, got {stride}")
    outputs = network.outputs(x)
    label = _label(outputs[0], label)
    lead = _lead(outputs, label)[0]
    mean = x.mean(axis=(2, 3), keepdims=True)[0]
    total = np.zeros((height, width))
    count = np.zeros((height, width))
    # Squares begin outside the picture, so that its border is hidden as often as its middle.
    rows, columns = (range(stride - patch, edge, stride) for edge in (height, width))
    for top in rows:
        hidden = np.repeat(x, len(columns), axis=0)
        places = [np.s_[max(top, 0) : top + patch, max(left, 0) : left + patch] for left in columns]
        for picture, place in zip(hidden, places, strict=True):
            picture[:, *place] = mean
        falls = lead - _lead(network.outputs(hidden), label)
        for place, fall in zip(places, falls, strict=True):
            total[place] += fall
            count[place] += 1
        yield (total / np.maximum(count, 1)).astype(np.float32)


def saliency(network: Network, x: Array, label: int | None = None) -> NDArray[np.float32]:
    """Return how strongly a class's output depends on each pixel: its gradient.

    As in K. Simonyan, A. Vedaldi and A. Zisserman, 2014: of the gradient of the output before the
    softmax, the largest magnitude of the colours.

    Args:
        x: one picture (1, C, H, W) as the network takes it.
        label: the class asked about; by default the winner.

    Returns:
        (H, W), at least 0.
    """
    return np.asarray(np.abs(logit_gradient(network, x, label)).max(axis=0), np.float32)


def logit_gradient(network: Network, x: Array, label: int | None = None) -> NDArray[np.float32]:
    """Return the gradient (C, H, W) of a class's output with respect to the picture."""
    _check_one(network, x)
    rng = np.random.default_rng(0)  # drawn from by no layer that only looks
    plan = network.plan(1, rng, training=False, input_gradient=True, fast=False)
    kept = network.gradients.copy()
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            outputs = plan.run_forward(x)
            chosen = _label(outputs[0], label)
            grad = plan.bound[-1].grad
            assert grad is not None
            assert plan.input_grad is not None
            grad.fill(0)
            grad[chosen] = 1
            for operation in plan.backward:
                operation()
        return np.array(plan.input_grad[0], np.float32)
    finally:
        np.copyto(network.gradients, kept)


# -- features -------------------------------------------------------------------------------


def features(network: Network, x: Array) -> NDArray[np.float32]:
    """Return what goes into the last dense layer, (N, F), for pictures (N, C, H, W)."""
    last = max(
        (i for i, layer in enumerate(network.layers) if layer.kind == "dense"),
        default=None,
    )
    if last is None:
        raise ValueError("features: expected a network with a dense layer, got none")
    found = [network.activations(x[i : i + 64])[last] for i in range(0, len(x), 64)]
    if not found:
        raise ValueError("features: expected at least one picture, got none")
    return np.concatenate(found).reshape(len(x), -1).astype(np.float32)


class Nearest(NamedTuple):
    """The closest of many pictures: their places in the list, and distances, nearest first."""

    indices: NDArray[np.int64]
    distances: NDArray[np.float32]


def nearest(own: NDArray[np.float32], known: NDArray[np.float32], count: int = 5) -> Nearest:
    """Return the pictures whose features point the same way.

    Args:
        own: features (F,) of the picture asked about.
        known: features (N, F) of the pictures to choose from.
        count: how many, at most N are given.

    Returns:
        indices (count,) into `known` and distances (count,): 1 less the cosine, 0 to 2.
    """
    if own.ndim != 1 or known.ndim != 2 or known.shape[1] != own.shape[0]:
        raise ValueError(
            f"nearest: expected features (F,) and (N, F), got {own.shape} and {known.shape}"
        )
    lengths = np.linalg.norm(known, axis=1) * np.linalg.norm(own)
    away = 1 - known @ own / np.maximum(lengths, 1e-12)
    order = np.argsort(away, kind="stable")[: max(count, 0)]
    return Nearest(order.astype(np.int64), away[order].astype(np.float32))


def _label(outputs: Array, label: int | None) -> int:
    if label is None:
        return int(outputs.argmax())
    if not 0 <= label < len(outputs):
        raise ValueError(f"label: expected 0 to {len(outputs) - 1}, got {label}")
    return label


def _lead(outputs: Array, label: int) -> Array:
    """How far a class is ahead of the best other one, for each row."""
    others = np.delete(outputs, label, axis=1)
    lead: Array = outputs[:, label] - (others.max(axis=1) if others.shape[1] else 0)
    return lead


def _check_one(network: Network, x: Array) -> None:
    network.check_batch(x)
    if len(x) != 1:
        raise ValueError(f"expected one picture (1, C, H, W), got {len(x)}")
