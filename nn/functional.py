"""Small numpy helpers that several layers share. Nothing here knows a layer or a network."""

import numpy as np

from nn.typing import Array


def to_inside(public: Array) -> Array:
    """Return a view of public ``(N, C, H, W)`` or ``(N, F)`` as the engine's inside layout.

    Inside, the batch comes last and the picture's rows first: ``(H, C, W, N)`` or ``(F, N)``.
    Then one row of a whole batch is one block of memory, and a convolution can slide down the
    picture without copying it (see `nn.layers.conv`).
    """
    if public.ndim == 4:
        return public.transpose(2, 1, 3, 0)
    return public.transpose(1, 0)


def to_public(inside: Array) -> Array:
    """Return a view of inside ``(H, C, W, N)`` or ``(F, N)`` as ``(N, C, H, W)`` or ``(N, F)``."""
    if inside.ndim == 4:
        return inside.transpose(3, 1, 0, 2)
    return inside.transpose(1, 0)


def inside_shape(shape: tuple[int, ...], batch_size: int) -> tuple[int, ...]:
    """Return the inside shape of a batch of examples of ``shape``, ``(C, H, W)`` or ``(F,)``."""
    if len(shape) == 3:
        channels, height, width = shape
        return (height, channels, width, batch_size)
    return (*shape, batch_size)


def softmax(logits: Array) -> Array:
    """Return exp(z) / Σ exp(z) along the last axis, computed without overflow."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def sigmoid(x: Array) -> Array:
    """Return σ(x) = 1 / (1 + exp(−x)), written as ½ tanh(x / 2) + ½, which cannot overflow."""
    result: Array = 0.5 * np.tanh(0.5 * x) + 0.5
    return result
