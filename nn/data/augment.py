"""From stored pictures to batches: crop, shift, flip, and the look-up from bytes to numbers.

Data sets stay uint8; a batch becomes float32 in [0, 1] only when it is needed. Training draws a
place for each picture; looking always takes the middle.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

AS_FLOAT = (np.arange(256) / 255.0).astype(np.float32)
"""The number for each byte."""


class Augment:
    """How pictures (N, C, H, W), uint8 or float32, become batches of float32.

    ``crop`` cuts a square of that edge: at a random place in training, from the middle otherwise.
    ``shift`` moves by up to that many pixels up, down, left and right, zeros coming in.
    ``flip`` mirrors half of the training pictures left to right.
    """

    def __init__(self, crop: int | None = None, shift: int = 0, flip: bool = False) -> None:
        if crop is not None and crop < 1:
            raise ValueError(f"crop must be at least 1 pixel, got {crop}")
        if shift < 0:
            raise ValueError(f"shift must be at least 0 pixels, got {shift}")
        self.crop, self.shift, self.flip = crop, shift, flip

    def train(self, images: NDArray[Any], rng: np.random.Generator) -> NDArray[np.float32]:
        """Return a batch (N, C, H', W') with a random place and side for each picture."""
        self._check(images)
        if self.shift:
            pad = (self.shift, self.shift)
            height, width = images.shape[2:]
            images = np.pad(images, ((0, 0), (0, 0), pad, pad))
            images = _random_windows(images, height, width, rng)
        if self.crop is not None:
            images = _random_windows(images, self.crop, self.crop, rng)
        if self.flip:
            mirrored = rng.random(len(images)) < 0.5
            images = np.where(mirrored[:, None, None, None], images[..., ::-1], images)
        return to_float(images)

    def look(self, images: NDArray[Any]) -> NDArray[np.float32]:
        """Return a batch (N, C, H', W') as the network shall see it outside training."""
        self._check(images)
        if self.crop is not None:
            top = (images.shape[2] - self.crop) // 2
            left = (images.shape[3] - self.crop) // 2
            images = images[:, :, top : top + self.crop, left : left + self.crop]
        return to_float(images)

    def _check(self, images: NDArray[Any]) -> None:
        if images.ndim != 4:
            raise ValueError(f"pictures must be (N, C, H, W), got shape {images.shape}")
        if self.crop is not None and self.crop > min(images.shape[2:]):
            raise ValueError(
                f"cannot crop {self.crop} pixels from pictures of "
                f"{images.shape[2]}x{images.shape[3]}"
            )


def to_float(images: NDArray[Any]) -> NDArray[np.float32]:
    """Return uint8 pictures as float32 in [0, 1], and float32 pictures as they are."""
    if images.dtype == np.uint8:
        numbers: NDArray[np.float32] = AS_FLOAT[images]
        return numbers
    if images.dtype == np.float32:
        return np.ascontiguousarray(images)
    raise ValueError(f"pictures must be uint8 or float32, got {images.dtype}")


def _random_windows(
    images: NDArray[Any], height: int, width: int, rng: np.random.Generator
) -> NDArray[Any]:
    """Return, of each picture, a window at a random place."""
    windows = sliding_window_view(images, (height, width), axis=(2, 3))
    count, _, rows, columns = windows.shape[:4]
    tops, lefts = rng.integers(0, rows, count), rng.integers(0, columns, count)
    chosen: NDArray[Any] = windows[np.arange(count), :, tops, lefts]
    return chosen
