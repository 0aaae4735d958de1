"""Small numpy helpers that several layers share. Nothing here knows a layer or a network."""

from contextvars import Context, copy_context

import numpy as np

from nn.typing import Array


def quiet_context() -> Context:
    """Return a context in which numpy says nothing of overflow and NaN: they are looked for.

    numpy keeps that setting in a context variable, so ``quiet_context().run(f)`` does the work of
    ``with np.errstate(...)``, at a twentieth of its cost when the context is kept. It may not be
    run inside itself, or by two threads at once.
    """
    context = copy_context()
    context.run(np.seterr, over="ignore", invalid="ignore")
    return context


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
        height, channels, width, batch_size = inside.shape
        if batch_size == 1 and 1 in (height, channels) and inside.flags.c_contiguous:
            return inside.reshape(1, channels, height, width)  # the same order, quicker to copy to
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
    result: Array = logits - np.maximum.reduce(logits, axis=-1, keepdims=True)
    np.exp(result, result)
    np.divide(result, np.add.reduce(result, axis=-1, keepdims=True), result)
    return result


def sigmoid(x: Array) -> Array:
    """Return σ(x) = 1 / (1 + exp(−x)), written as ½ tanh(x / 2) + ½, which cannot overflow."""
    result: Array = 0.5 * np.tanh(0.5 * x) + 0.5
    return result
