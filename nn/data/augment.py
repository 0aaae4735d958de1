"""From stored pictures to batches: crop, shift, flip, and the look-up from bytes to numbers.

Data sets stay uint8; a batch becomes float32 in [0, 1] only when it is needed. Training draws a
place for each picture; looking always takes the middle.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Augment:
    """How pictures (N, C, H, W), uint8 or float32, become batches of float32.

    ``crop`` cuts a square of that edge: at a random place in training, from the middle otherwise.
    ``shift`` moves by up to that many pixels up, down, left and right, zeros coming in.
    ``flip`` mirrors half of the training pictures left to right. ``turn`` turns by up to that many
    degrees either way, and ``zoom`` makes larger or smaller by up to that part; the border's
    pixels fill what comes in. ``random_crop`` False cuts from the middle in training too.
    """

    def __init__(
        self,
        crop: int | None = None,
        shift: int = 0,
        flip: bool = False,
        turn: float = 0.0,
        zoom: float = 0.0,
        random_crop: bool = True,
    ) -> None:
        if crop is not None and crop < 1:
            raise ValueError(f"crop must be at least 1 pixel, got {crop}")
        if shift < 0:
            raise ValueError(f"shift must be at least 0 pixels, got {shift}")
        if not 0 <= turn <= 180:
            raise ValueError(f"turn must be 0 to 180 degrees, got {turn}")
        if not 0 <= zoom < 1:
            raise ValueError(f"zoom must be at least 0 and below 1, got {zoom}")
        self.crop, self.shift, self.flip = crop, shift, flip
        self.turn, self.zoom, self.random_crop = turn, zoom, random_crop

    def train(self, images: NDArray[Any], rng: np.random.Generator) -> NDArray[np.float32]:
        """Return a batch (N, C, H', W') with a random place and side for each picture."""
        self._check(images)
        if self.turn or self.zoom:
            angles = np.deg2rad(rng.uniform(-self.turn, self.turn, len(images)))
            scales = 1 + rng.uniform(-self.zoom, self.zoom, len(images))
            images = transformed(images, angles, scales)
        if self.shift:
            pad = (self.shift, self.shift)
            height, width = images.shape[2:]
            images = np.pad(images, ((0, 0), (0, 0), pad, pad))
            images = _random_windows(images, height, width, rng)
        if self.crop is not None and self.random_crop:
            images = _random_windows(images, self.crop, self.crop, rng)
        elif self.crop is not None:
            images = self._middle(images)
        if self.flip:
            mirrored = rng.random(len(images)) < 0.5
            images = np.where(mirrored[:, None, None, None], images[..., ::-1], images)
        return to_float(images)

    def look(self, images: NDArray[Any]) -> NDArray[np.float32]:
        """Return a batch (N, C, H', W') as the network shall see it outside training."""
        self._check(images)
        return to_float(images if self.crop is None else self._middle(images))

    def views(self, images: NDArray[Any], count: int) -> list[NDArray[np.float32]]:
        """Return ``count`` batches (N, C, H', W') of views to average predictions over.

        One view is the middle. Four are cut a little off the middle, towards the corners; with
        more, the middle comes first. Where ``flip`` is on, every second one is mirrored.
        """
        self._check(images)
        edge = images.shape[2:] if self.crop is None else (self.crop, self.crop)
        room = min(images.shape[2] - edge[0], images.shape[3] - edge[1])
        off = max(1, room // 4)
        corners = [(-off, -off), (off, off), (-off, off), (off, -off)]
        nearer = [(0, -off), (0, off), (-off, 0), (off, 0)]
        places = corners if count == 4 else [(0, 0), (0, 0)][: 1 + self.flip] + corners + nearer
        if not 1 <= count <= len(places):
            raise ValueError(f"count must be 1 to {len(places)} views, got {count}")
        padded = np.pad(images, ((0, 0), (0, 0), (off, off), (off, off)))
        top = (images.shape[2] - edge[0]) // 2 + off
        left = (images.shape[3] - edge[1]) // 2 + off
        found = []
        for number, (down, right) in enumerate(places[:count]):
            rows = slice(top + down, top + down + edge[0])
            columns = slice(left + right, left + right + edge[1])
            view = padded[:, :, rows, columns]
            found.append(to_float(view[..., ::-1] if self.flip and number % 2 else view))
        return found

    def _middle(self, images: NDArray[Any]) -> NDArray[Any]:
        assert self.crop is not None
        top = (images.shape[2] - self.crop) // 2
        left = (images.shape[3] - self.crop) // 2
        middle: NDArray[Any] = images[:, :, top : top + self.crop, left : left + self.crop]
        return middle

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
        # The same numbers as by look-up, several times faster: 255 divides as a float32.
        numbers: NDArray[np.float32] = np.divide(images, np.float32(255), dtype=np.float32)
        return numbers
    if images.dtype == np.float32:
        return np.ascontiguousarray(images)
    raise ValueError(f"pictures must be uint8 or float32, got {images.dtype}")


def transformed(
    images: NDArray[Any], angles: NDArray[np.floating], scales: NDArray[np.floating]
) -> NDArray[Any]:
    """Return pictures (N, C, H, W) turned by ``angles`` (N,), radians, and scaled by ``scales``.

    Between pixels values are interpolated in both directions; the type of number stays.
    """
    count, _, height, width = images.shape
    y = np.arange(height, dtype=np.float32) - np.float32((height - 1) / 2)
    x = np.arange(width, dtype=np.float32) - np.float32((width - 1) / 2)
    cos = (np.cos(angles) / scales).astype(np.float32)[:, None, None]
    sin = (np.sin(angles) / scales).astype(np.float32)[:, None, None]
    rows = cos * y[:, None] - sin * x + np.float32((height - 1) / 2)
    columns = sin * y[:, None] + cos * x + np.float32((width - 1) / 2)
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    down, across = (rows - top)[:, None], (columns - left)[:, None]
    flat = images.reshape(count, images.shape[1], -1)

    def at(row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.float32]:
        place = (row * width + column).reshape(count, 1, -1)
        found = np.take_along_axis(flat, np.broadcast_to(place, flat.shape), axis=2)
        return found.reshape(images.shape).astype(np.float32)

    above = at(top, left) * (1 - across) + at(top, right) * across
    below = at(bottom, left) * (1 - across) + at(bottom, right) * across
    made = above * (1 - down) + below * down
    result: NDArray[Any] = np.rint(made).astype(np.uint8) if images.dtype == np.uint8 else made
    return result


def _random_windows(
    images: NDArray[Any], height: int, width: int, rng: np.random.Generator
) -> NDArray[Any]:
    """Return, of each picture, a window at a random place."""
    count, channels = images.shape[:2]
    tops = rng.integers(0, images.shape[2] - height + 1, count).tolist()
    lefts = rng.integers(0, images.shape[3] - width + 1, count).tolist()
    chosen = np.empty((count, channels, height, width), images.dtype)
    for window, image, top, left in zip(chosen, images, tops, lefts, strict=True):
        window[...] = image[:, top : top + height, left : left + width]
    return chosen
