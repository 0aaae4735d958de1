"""Chance for photos in training: mirror, frame, colour, light, sharpness, grain.

What a network could lean on instead of the shape (the green of grass, the brightness of a face) is
drawn anew each time, for all classes alike.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.augment import to_float, transformed

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""ITU-R BT.601: what red, green and blue add to brightness."""


class Jitter:
    """A preparation for `Trainer.fit`: pictures (N, 3, H, W), uint8 or float32, to float32.

    ``strength`` 0 changes nothing but the number type; 1 is the recipe of the shipped weights.
    ``grey`` is the part of the pictures that lose all colour.
    """

    def __init__(self, strength: float = 1.0, grey: float = 0.4) -> None:
        if not 0 <= strength <= 2:
            raise ValueError(f"strength: expected 0 to 2, got {strength}")
        if not 0 <= grey <= 1:
            raise ValueError(f"grey: expected 0 to 1, got {grey}")
        self.strength, self.grey = strength, grey

    def train(self, images: NDArray[Any], rng: np.random.Generator) -> NDArray[np.float32]:
        """Return the pictures (N, 3, H, W) changed by chance, float32 in [0, 1]."""
        x = to_float(images)
        k = self.strength
        if not k:
            return x
        count = len(x)

        def draw(low: float, high: float) -> NDArray[np.float32]:
            return rng.uniform(low, high, (count, 1, 1, 1)).astype(np.float32)

        turn = rng.uniform(-0.2, 0.2, count) * k
        x = transformed(x, turn, np.exp(rng.uniform(-0.18, 0.22, count) * k))
        moved = rng.integers(-round(3 * k), round(3 * k) + 1, (count, 2))
        x = np.stack([_moved(one, *by) for one, by in zip(x, moved, strict=True)])
        x = np.where(rng.random((count, 1, 1, 1)) < 0.5, x[..., ::-1], x)
        x = _recoloured(x, rng, k)
        luma = np.tensordot(x, LUMA, (1, 0))[:, None]
        keep = np.where(rng.random((count, 1, 1, 1)) < self.grey, 0, draw(0.2, 1.2))
        x = luma + keep.astype(np.float32) * (x - luma)
        x = np.clip(x, 0, 1) ** np.exp(draw(-0.35, 0.35) * k)
        middle = x.mean(axis=(1, 2, 3), keepdims=True)
        x = middle + (x - middle) * np.exp(draw(-0.4, 0.3) * k) + draw(-0.12, 0.12) * k
        soft = (x + x[..., [0, *range(x.shape[3] - 1)]]) / 2
        soft = (soft + soft[:, :, [0, *range(x.shape[2] - 1)]]) / 2
        x = x + draw(-0.3, 0.8) * k * (soft - x)
        x = x + rng.standard_normal(x.shape, np.float32) * (draw(0, 0.03) * k)
        changed: NDArray[np.float32] = np.ascontiguousarray(np.clip(x, 0, 1), np.float32)
        return changed

    def look(self, images: NDArray[Any]) -> NDArray[np.float32]:
        """Return the pictures as they are, float32 in [0, 1]."""
        return to_float(images)


def greyed(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return pictures (N, 3, H, W) without their colours, still with three channels."""
    luma = np.tensordot(images, LUMA, (1, 0))[:, None]
    return np.ascontiguousarray(np.repeat(luma, 3, axis=1), np.float32)


def _moved(image: NDArray[np.float32], down: int, right: int) -> NDArray[np.float32]:
    """Return a picture (C, H, W) moved by whole pixels, its border repeated."""
    rows = np.clip(np.arange(image.shape[1]) - down, 0, image.shape[1] - 1)
    columns = np.clip(np.arange(image.shape[2]) - right, 0, image.shape[2] - 1)
    moved: NDArray[np.float32] = image[:, rows[:, None], columns]
    return moved


def turned(
    images: NDArray[np.float32], angles: NDArray[np.floating], tints: NDArray[Any] | None = None
) -> NDArray[np.float32]:
    """Return pictures (N, 3, H, W) with hues turned by ``angles`` (N,) about the grey axis.

    Angles are in radians: a third of a circle makes green of red. ``tints`` (N, 3) are factors of
    red, green and blue. What leaves the range is cut to [0, 1].
    """
    count = len(images)
    cos, sin = np.cos(angles)[:, None, None], np.sin(angles)[:, None, None]
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / np.sqrt(3)
    matrix = cos * np.eye(3) + (1 - cos) / 3 + sin * cross  # Rodrigues' formula
    if tints is not None:
        matrix = matrix * tints[:, :, None]
    flat = matrix.astype(np.float32) @ images.reshape(count, 3, -1)
    made: NDArray[np.float32] = np.clip(flat.reshape(images.shape), 0, 1)
    return made


def _recoloured(
    x: NDArray[np.float32], rng: np.random.Generator, strength: float
) -> NDArray[np.float32]:
    """Turn hues, to any other for half of the pictures, and tint the light."""
    count = len(x)
    wide = rng.random(count) < 0.5
    angles = np.where(wide, rng.uniform(-np.pi, np.pi, count), rng.normal(0, 0.3, count))
    return turned(x, angles * strength, np.exp(rng.normal(0, 0.12 * strength, (count, 3))))
