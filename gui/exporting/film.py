"""Frames of a training, few enough for the memory. Qt-free."""

import zlib

import numpy as np
from numpy.typing import NDArray

EVERY = 0.1  # seconds between two frames
MOST_FRAMES = 240
MOST_BYTES = 48_000_000  # of frames, compressed
LONGEST_EDGE = 480  # pixels
Pixels = NDArray[np.uint8]


class Frames:
    """Frames of one size, oldest first.

    When there are too many, every second one goes, and from then on half as many come: so a
    training of any length fits, and is shown in at most MOST_FRAMES × EVERY seconds.
    """

    def __init__(self) -> None:
        self._kept: list[bytes] = []
        self._shape: tuple[int, ...] = ()
        self._stride = 1
        self._turn = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, index: int) -> Pixels:
        flat = np.frombuffer(zlib.decompress(self._kept[index]), np.uint8)
        return flat.reshape(self._shape)

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels; None before the first frame."""
        return (self._shape[1], self._shape[0]) if self._shape else None

    @property
    def bytes(self) -> int:
        """What the frames take."""
        return sum(map(len, self._kept))

    def wants(self) -> bool:
        """Whether the frame of now is to be added; to be asked once for each."""
        wanted = self._turn == 0
        self._turn = (self._turn + 1) % self._stride
        return wanted

    def add(self, pixels: Pixels) -> None:
        """Keep a frame, (H, W, 3)."""
        if self._shape and pixels.shape != self._shape:
            raise ValueError(f"frame: expected {self._shape}, got {pixels.shape}")
        self._shape = pixels.shape
        self._kept.append(zlib.compress(pixels.tobytes(), 1))
        if len(self._kept) > MOST_FRAMES or self.bytes > MOST_BYTES:
            self._kept = self._kept[::2]
            self._stride *= 2

    def copy(self) -> "Frames":
        """The frames until now, for another thread."""
        twin = Frames()
        twin._kept, twin._shape = self._kept.copy(), self._shape
        return twin
