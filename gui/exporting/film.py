"""Frames of a training, few enough for the memory, and the animated GIF made from them. Qt-free."""

import io
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nn.data.progress import Job, Progress

EVERY = 0.1  # seconds between two frames
MOST_FRAMES = 240
MOST_BYTES = 48_000_000  # of frames, compressed
LONGEST_EDGE = 480  # pixels
LAST = 2000  # milliseconds that the last frame stays
SAMPLED = 12  # frames that the colours are chosen from
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


def to_gif(frames: Frames) -> Job[bytes]:
    """A job that returns the file: all frames in the same colours, over and over.

    Raises:
        ValueError: there is no frame.
    """
    if not len(frames):
        raise ValueError("There is no frame yet: record while a network trains.")
    colours = _palette(frames)
    made = []
    for i in range(len(frames)):
        yield Progress("Making the film", i, len(frames), "frames")
        # Without dithering: what stays the same is the same in every frame, and nothing flickers.
        made.append(Image.fromarray(frames[i]).quantize(palette=colours, dither=Image.Dither.NONE))
    file = io.BytesIO()
    durations = [*[round(1000 * EVERY)] * (len(made) - 1), LAST]
    made[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=made[1:],
        duration=durations,
        loop=0,
        optimize=False,
    )
    return file.getvalue()


def _palette(frames: Frames) -> Image.Image:
    """256 colours for all frames: rare ones, such as the brightest wires, count as well."""
    places = np.unique(np.linspace(0, len(frames) - 1, SAMPLED).astype(int)).tolist()
    pixels = np.concatenate([frames[i].reshape(-1, 3) for i in places]).astype(np.uint32)
    packed = pixels[:, 0] << 16 | pixels[:, 1] << 8 | pixels[:, 2]
    found, counts = np.unique(packed, return_counts=True)
    told = np.repeat(found, np.ceil(np.log2(counts + 1)).astype(int))
    row = np.stack([told >> 16, told >> 8 & 255, told & 255], axis=-1).astype(np.uint8)
    return Image.fromarray(row[None]).quantize(256, Image.Quantize.MEDIANCUT)
