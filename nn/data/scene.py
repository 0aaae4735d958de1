"""A painted picture to begin with: a sun that sets behind hills and into a lake.

Soft slopes, hard edges and fine ripples: what a network of the plane learns early, late and last.
"""

import numpy as np

from nn.typing import Array

_SKY = np.array([[0.16, 0.17, 0.42], [0.86, 0.38, 0.42], [1.0, 0.80, 0.46]], np.float32)
_LAKE = np.array([0.13, 0.19, 0.40], np.float32)
_SUN = np.array([1.0, 0.93, 0.66], np.float32)
_FAR, _NEAR = np.array([[0.36, 0.22, 0.44], [0.11, 0.13, 0.22]], np.float32)
_SHORE = 0.64
_SAMPLES = 2
"""Samples along each edge of a pixel, whose mean it is."""


def sunset(size: int = 128) -> Array:
    """Return the picture as (3, size, size) uint8, red, green, blue; 1 to 1024 pixels an edge."""
    if not 1 <= size <= 1024:
        raise ValueError(f"size must be 1 to 1024, got {size}")
    fine = size * _SAMPLES
    steps = ((np.arange(fine) + 0.5) / fine).astype(np.float32)
    x, y = np.meshgrid(steps, steps)
    colour = _above(x, y)
    wobble = 0.012 * np.sin(95 * y) * (y - _SHORE) / (1 - _SHORE) * 2.5
    mirrored = 0.55 * _above(x + wobble, 2 * _SHORE - y) + 0.45 * _LAKE
    glitter = np.exp(-(((x - 0.62) / 0.07) ** 2)) * (0.5 + 0.5 * np.sin(120 * y)) * 0.5
    mirrored = mirrored + glitter[..., None] * (_SUN - mirrored)
    colour = np.where((y > _SHORE)[..., None], mirrored, colour)
    tree = ((x - 0.17) / 0.055) ** 2 + ((y - 0.60) / 0.17) ** 2 < 1
    trunk = (np.abs(x - 0.17) < 0.012) & (y > 0.6) & (y < 0.86)
    bank = y > 0.95 - 0.25 * np.exp(-(((x - 0.12) / 0.24) ** 2))
    colour = np.where((tree | trunk | bank)[..., None], _NEAR, colour)
    pixels = colour.reshape(size, _SAMPLES, size, _SAMPLES, 3).mean(axis=(1, 3))
    return np.ascontiguousarray(
        np.round(np.clip(pixels, 0, 1) * 255).astype(np.uint8).transpose(2, 0, 1)
    )


def _above(x: Array, y: Array) -> Array:
    """Sky, sun and hills at places of the unit square, (..., 3)."""
    high = np.clip(y / _SHORE, 0, 1)[..., None]
    colour = np.where(
        high < 0.5,
        _SKY[0] + 2 * high * (_SKY[1] - _SKY[0]),
        _SKY[1] + (2 * high - 1) * (_SKY[2] - _SKY[1]),
    )
    far = np.hypot(x - 0.62, y - 0.44)
    glow = 0.6 * np.exp(-((far / 0.22) ** 2))[..., None]
    colour = colour + glow * (_SUN - colour)
    colour = np.where((far < 0.115)[..., None], _SUN, colour)
    hills = 0.52 + 0.05 * np.sin(7 * x + 0.6) + 0.03 * np.sin(17 * x)
    near = 0.60 - 0.10 * np.exp(-(((x - 0.95) / 0.22) ** 2)) + 0.015 * np.sin(23 * x)
    colour = np.where((y > hills)[..., None], _FAR, colour)
    shade = 0.5 * (_FAR + _NEAR)
    return np.asarray(np.where((y > near)[..., None], shade, colour))
