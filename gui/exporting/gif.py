"""Animated GIFs from frames, by Pillow. Qt-free."""

import io

import numpy as np
from PIL import Image

from gui.exporting.film import EVERY, Frames
from nn.data.progress import Job, Progress

LAST = 2000  # milliseconds that the last frame stays
SAMPLED = 12  # frames that the colours are chosen from


def to_gif(frames: Frames) -> Job[bytes]:
    """A job that returns the file: all frames in the same colours, over and over.

    Raises:
        ValueError: there is no frame.
    """
    if not len(frames):
        raise ValueError("There is no frame yet: record while a network trains.")
    chosen, shown = _palette(frames)
    made = []
    for i in range(len(frames)):
        yield Progress("Making the film", i, len(frames), "frames")
        # Without dithering: what stays the same is the same in every frame, and nothing flickers.
        made.append(Image.fromarray(frames[i]).quantize(palette=chosen, dither=Image.Dither.NONE))
        made[-1].putpalette(shown)
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


def _palette(frames: Frames) -> tuple[Image.Image, list[int]]:
    """256 colours to choose from, and those to show: the same, but the commonest, which is the
    ground, as it is. Rare ones, such as the brightest wires, count as well.
    """
    places = np.unique(np.linspace(0, len(frames) - 1, SAMPLED).astype(int)).tolist()
    pixels = np.concatenate([frames[i].reshape(-1, 3) for i in places]).astype(np.uint32)
    packed = pixels[:, 0] << 16 | pixels[:, 1] << 8 | pixels[:, 2]
    found, counts = np.unique(packed, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=-1).astype(np.uint8)
    row = colours.repeat(np.ceil(np.log2(counts + 1)).astype(int), axis=0)
    chosen = Image.fromarray(row[None]).quantize(256, Image.Quantize.MEDIANCUT)
    ground = colours[counts.argmax()]
    place = np.asarray(Image.fromarray(ground[None, None]).quantize(palette=chosen)).item()
    shown = chosen.getpalette() or []
    shown[3 * place : 3 * place + 3] = ground.tolist()
    return chosen, shown
