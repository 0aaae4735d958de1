"""Pictures of badgers and beards that this program paints itself: to learn from, and to show.

No photo is in them. Grounds, light, blur and noise are drawn alike for both classes, so that
neither colour nor brightness tells which it is; what is left is the shape. The same seed paints
the same picture, at any size.
"""

import colorsys

import numpy as np
from numpy.typing import NDArray

from nn.data import painted_badgers, painted_beards
from nn.data.painted_brush import Canvas, Field, ellipse

CLASS_NAMES = ("badger", "beard")
_PAINTERS = (painted_badgers.paint, painted_beards.paint)
LARGEST = 1024


def sample(seed: int, label: int | None = None, size: int = 32) -> NDArray[np.uint8]:
    """Paint one picture.

    Args:
        seed: which picture, at least 0.
        label: 0 for a badger, 1 for a beard; None lets the seed decide (see `label_of`).
        size: edge in pixels, 8 to 1024.

    Returns:
        (3, size, size) uint8: red, green, blue, as `nn.data.photo.read_photo` gives them.

    Raises:
        ValueError: a number out of range.
    """
    if not 8 <= size <= LARGEST:
        raise ValueError(f"size: expected 8 to {LARGEST} pixels, got {size}")
    if label is None:
        label = label_of(seed)
    if label not in (0, 1):
        raise ValueError(f"label: expected 0 (badger), 1 (beard) or None, got {label!r}")
    canvas = Canvas(size, np.random.default_rng([_checked(seed), label]))
    _ground(canvas)
    _PAINTERS[label](canvas)
    _in_front(canvas)
    _light(canvas)
    picture = np.clip(canvas.finished(), 0, 1)
    return (_camera(picture, canvas) * 255 + 0.5).astype(np.uint8)


def label_of(seed: int) -> int:
    """The class of `sample(seed)`: 0 for a badger, 1 for a beard; half of all are each."""
    return int(np.random.default_rng([_checked(seed), 2]).integers(2))


def pictures(count: int, seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Paint ``count`` pictures, badger and beard in turn.

    Returns:
        pictures (count, 3, 32, 32) uint8 and labels (count,) int64; no two seeds share a picture.
    """
    labels = np.arange(count, dtype=np.int64) % 2
    seeds = np.random.SeedSequence(_checked(seed)).generate_state(count, np.uint64)
    made = [sample(int(s), int(label)) for s, label in zip(seeds, labels, strict=True)]
    return np.stack(made) if made else np.empty((0, 3, 32, 32), np.uint8), labels


def _checked(seed: int) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed: expected a whole number of at least 0, got {seed!r}")
    return int(seed)


def _colour(canvas: Canvas) -> NDArray[np.float64]:
    """Any colour, weak ones more often."""
    hue, value = canvas.between(0, 1), canvas.between(0.05, 0.98)
    return np.array(colorsys.hsv_to_rgb(hue, canvas.between(0, 1) ** 1.5, value))


_NATURAL = np.array(
    [
        [0.25, 0.45, 0.12],
        [0.4, 0.55, 0.2],
        [0.15, 0.25, 0.1],
        [0.6, 0.5, 0.32],
        [0.35, 0.26, 0.17],
        [0.75, 0.66, 0.45],
        [0.5, 0.5, 0.5],
        [0.15, 0.14, 0.14],
        [0.55, 0.65, 0.8],
        [0.9, 0.88, 0.85],
    ]
)


def _ground(canvas: Canvas) -> None:
    """What is behind: plain, graded, blurred, rough like grass or leaves, or walls and windows."""
    frame = canvas.frame
    one, two = (
        canvas.near(canvas.rng.choice(_NATURAL), 0.08) if canvas.chance(0.5) else _colour(canvas)
        for _ in range(2)
    )
    kind = canvas.rng.choice(
        ["white", "plain", "graded", "blurred", "rough", "walls"],
        p=[0.14, 0.1, 0.16, 0.2, 0.28, 0.12],
    )
    if kind == "white":
        canvas.pixels += np.float32(canvas.between(0.93, 1.0))
        return
    canvas.pixels += one.astype(np.float32)
    angle = canvas.between(0, 2 * np.pi)
    along = np.cos(angle) * (frame.u - 0.5) + np.sin(angle) * (frame.v - 0.5)
    if kind == "graded":
        canvas.paint(np.clip(0.5 + along, 0, 1), two)
    elif kind == "blurred":
        cells = canvas.between(1.5, 5)
        canvas.paint(np.clip(0.5 + 0.5 * canvas.rough(cells), 0, 1), two)
    elif kind == "rough":
        edge = canvas.between(0.1, 0.9) if canvas.chance(0.4) else -1.0
        tone = canvas.rough(canvas.between(12, 30), frame, canvas.between(1, 2.5))
        below = canvas.mask(edge + 0.02 * canvas.rough(6) - frame.v, frame, canvas.between(1, 6))
        strength = canvas.between(0.2, 0.6)
        canvas.paint(below, two if edge >= 0 else one)
        canvas.pixels *= 1 + (below * np.clip(strength * tone, -0.8, 0.9))[..., None]
    elif kind == "walls":
        for _ in range(int(canvas.rng.integers(1, 4))):
            cut = canvas.mask(along - canvas.between(-0.4, 0.4), frame)
            canvas.paint(cut, _colour(canvas), canvas.between(0.4, 1))


def _in_front(canvas: Canvas) -> None:
    """Sometimes a leaf, a hand, a stalk hides a part."""
    for _ in range(int(canvas.rng.choice([0, 1, 2, 4], p=[0.72, 0.16, 0.08, 0.04]))):
        blot = ellipse(
            canvas.frame,
            canvas.between(0, 1),
            canvas.between(0, 1),
            canvas.between(0.02, 0.12),
            canvas.between(0.03, 0.25),
            canvas.between(0, 3),
        )
        canvas.paint(canvas.mask(blot, canvas.frame, 2), _colour(canvas), canvas.between(0.5, 1))


def _light(canvas: Canvas) -> None:
    """Light from one side, of some colour; sometimes a hard shadow."""
    angle = canvas.between(0, 2 * np.pi)
    frame = canvas.frame
    along = np.cos(angle) * (frame.u - 0.5) + np.sin(angle) * (frame.v - 0.5)
    canvas.pixels *= np.exp(canvas.between(0, 0.6) * along)[..., None]
    if canvas.chance(0.15):
        shadow = canvas.mask(along - canvas.between(-0.4, 0.3), frame, canvas.between(1, 10))
        canvas.shade(shadow, canvas.between(0.4, 0.9))
    canvas.pixels *= np.exp(canvas.rng.normal(0, 0.07, 3)).astype(np.float32)


def _camera(picture: Field, canvas: Canvas) -> Field:
    """Exposure, contrast, blur or sharpening, and noise."""
    picture = picture ** np.float32(np.exp(canvas.rng.normal(0, 0.25)))
    middle = picture.mean()
    picture = middle + (picture - middle) * np.float32(canvas.between(0.7, 1.3))
    picture = picture * np.float32(np.exp(canvas.rng.normal(0, 0.12)))
    amount = canvas.between(-0.5, 0.9)
    if canvas.size >= 32:
        picture = picture + np.float32(amount) * (_blurred(picture, canvas.size // 32) - picture)
    grain = np.stack([canvas.rough(30) for _ in range(3)])[:, ::2, ::2]
    picture = picture + grain * np.float32(0.04 * canvas.between(0, 1) ** 2)
    made: Field = np.clip(picture, 0, 1)
    return made


def _blurred(picture: Field, radius: int) -> Field:
    """Each pixel the mean of three in both directions, ``radius`` apart."""
    for axis in (1, 2):
        pad = [(0, 0), (0, 0), (0, 0)]
        pad[axis] = (radius, radius)
        wide = np.pad(picture, pad, mode="edge")
        count = picture.shape[axis]
        parts = [
            np.take(wide, range(start, start + count), axis)
            for start in (0, radius, radius, 2 * radius)
        ]
        picture = np.mean(parts, axis=0, dtype=np.float32)
    return picture
