"""Drawn digits: handwriting made up, so that training can begin at once and offline.

A template of `digit_shapes` is drawn once more in another hand: its points tremble, a spline runs
through them, then slant, turn, proportions, a slow wobble and an elastic change of the paper, and
a pen of random width whose pressure changes along the way. All pictures of one style are made
together. The pen and the layout are `nn.data.pen`, as for what a person draws.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nn.data import pen
from nn.data.datasets import Dataset
from nn.data.digit_shapes import SHAPES, Stroke

SIZE = 28
"""Edge of a picture in pixels."""

CLASS_NAMES = tuple(str(digit) for digit in SHAPES)

_MOST = 1_000_000
_PART = 512
"""Pictures that are made together; each part has a generator of its own."""

_SWING = 18.0
"""How far apart points still tremble alike, in hundredths of the digit's height."""

_STEADIER = {0: 0.7, 1: 0.5}
"""Part of the tremor that is left to an oval and a bar, which hands draw in one swing."""

_STEPS = 12
"""Points on the spline between two points of a template."""


@dataclass(frozen=True)
class Hand:
    """How far hands differ. Lengths are parts of the digit's height; each is a deviation."""

    tremor: float = 0.065
    slant: float = 0.20
    slant_mean: float = 0.03
    turn: float = 0.12
    stretch: float = 0.18
    elastic: float = 0.075
    waist: float = 0.08
    width: float = 0.28
    width_mean: float = 2.4
    pressure: float = 0.12


def make(count: int, seed: int = 0, hand: Hand | None = None) -> Dataset:
    """Return `count` drawn digits.

    The classes come in turn (0, 1, …, 9, 0, …), so that any stretch of them is balanced; the
    first pictures stay the same when more are asked for.

    Args:
        count: 1 to 1,000,000.
        seed: another seed, other hands.
        hand: how far hands differ; the default is made to resemble real ones.

    Returns:
        A data set of (count, 1, 28, 28) uint8, bright ink on black.

    Raises:
        ValueError: count is out of range.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= _MOST:
        raise ValueError(f"count: expected a whole number from 1 to {_MOST:,}, got {count!r}")
    hand = hand or Hand()
    labels = np.arange(count, dtype=np.int64) % len(SHAPES)
    images = np.empty((count, 1, SIZE, SIZE), np.uint8)
    for start in range(0, count, _PART):
        rng = np.random.default_rng((seed, start // _PART))
        made = _part(np.arange(start, start + _PART) % len(SHAPES), rng, hand)
        images[start : start + _PART, 0] = made[: count - start]
    return Dataset("Drawn digits", images, labels, CLASS_NAMES)


def _part(labels: NDArray[np.int64], rng: np.random.Generator, hand: Hand) -> NDArray[np.uint8]:
    """Return pictures (n, 28, 28) of the given digits."""
    widths = hand.width_mean * np.exp(rng.normal(0, hand.width, len(labels)))
    widths = np.clip(widths, 1.2, 6.0)
    pieces, owners, radii = [], [], []
    for digit, styles in SHAPES.items():
        rows = np.flatnonzero(labels == digit)
        odds = np.array([often for often, _ in styles])
        chosen = rng.choice(len(styles), len(rows), p=odds / odds.sum())
        for style in range(len(styles)):
            mine = rows[chosen == style]
            if not len(mine):
                continue
            points = _drawn(digit, style, len(mine), rng, hand)
            pieces.append(points.reshape(-1, 2))
            owners.append(np.repeat(mine, points.shape[1]))
            swell = 1 + hand.pressure * _waves(points.shape[:2], rng)
            radii.append((widths[mine, None] / 2 * swell).reshape(-1))
    order = np.argsort(np.concatenate(owners), kind="stable")
    which = np.concatenate(owners)[order]
    starts = np.searchsorted(which, np.arange(len(labels)))
    laid = pen.lay_out(np.concatenate(pieces)[order], starts, widths, SIZE)
    made = pen.ink(laid, which, np.concatenate(radii)[order], len(labels), SIZE)
    return pen.to_grey(made)


def _drawn(
    digit: int, style: int, count: int, rng: np.random.Generator, hand: Hand
) -> NDArray[np.float64]:
    """Return dabs (count, K, 2) of one style in `count` hands, one height long, about 0."""
    controls, spline, smooth = _template(digit, style)
    tremor = hand.tremor * _STEADIER.get(digit, 1)
    tremble = smooth @ rng.normal(0, tremor, (count, *controls.shape))
    points = spline @ (controls + tremble)
    # Where the middle lies: large loops above small ones, or the other way round.
    waist = rng.normal(0, hand.waist, (count, 1))
    points[:, :, 1] += waist * np.cos(np.pi * points[:, :, 1])
    points += hand.elastic * _elastic(points, rng)
    angle = rng.normal(0, hand.turn, count)
    cos, sin = np.cos(angle), np.sin(angle)
    slant = rng.normal(hand.slant_mean, hand.slant, count)
    wide = np.exp(rng.normal(0, hand.stretch, count))
    x = points[:, :, 0] * wide[:, None] - points[:, :, 1] * slant[:, None]
    y = points[:, :, 1]
    turned: NDArray[np.float64] = np.stack(
        (x * cos[:, None] - y * sin[:, None], x * sin[:, None] + y * cos[:, None]), axis=2
    )
    return turned


def _elastic(points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a smooth random displacement of deviation about 1 for points (n, K, 2)."""
    moved = np.zeros_like(points)
    for _ in range(3):
        frequency = rng.normal(0, 2.2, (len(points), 2, 2))
        phase = rng.uniform(0, 2 * np.pi, (len(points), 1, 2))
        moved += np.sin(points @ frequency + phase)
    return moved * 0.8


def _waves(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return slow random waves of deviation about 1 along the second axis of (n, K)."""
    count, length = shape
    at = np.linspace(0, 1, length)
    cycles = rng.uniform(0.3, 2.0, (count, 1))
    phase = rng.uniform(0, 2 * np.pi, (count, 1))
    waves: NDArray[np.float64] = np.sqrt(2) * np.sin(2 * np.pi * cycles * at + phase)
    return waves


@cache
def _template(
    digit: int, style: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a style's points (P, 2), one height long about 0; its spline (K, P); and what makes
    neighbouring points tremble together (P, P), so that a line swings and has no kinks.
    """
    strokes = SHAPES[digit][style][1]
    controls = np.array([point for stroke in strokes for point in stroke], float)
    centre = (controls.min(axis=0) + controls.max(axis=0)) / 2
    splines = _diagonal([_evenly(_spline(len(stroke)), stroke) for stroke in strokes])
    return (controls - centre) / 100, splines, _together(controls)


def _diagonal(blocks: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the blocks along the diagonal of one matrix."""
    whole = np.zeros(np.sum([block.shape for block in blocks], axis=0))
    row = column = 0
    for block in blocks:
        whole[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return whole


def _together(controls: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix (P, P) that lets points near each other tremble alike.

    Noise of deviation 1 keeps that deviation. Neighbours on a line swing together, and where two
    lines meet they stay together: a loop that was closed stays closed.
    """
    apart = np.hypot(*(controls[:, None] - controls).transpose(2, 0, 1))
    near = np.exp(-0.5 * (apart / _SWING) ** 2)
    shared: NDArray[np.float64] = near / np.sqrt((near**2).sum(axis=1, keepdims=True))
    return shared


def _spline(count: int) -> NDArray[np.float64]:
    """Return the matrix (K, count) that takes points to points on the spline through them.

    p(t) = ½ (2b + (c - a) t + (2a - 5b + 4c - d) t² + (3b - a - 3c + d) t³) between b and c.
    Source: E. Catmull, R. Rom, "A class of local interpolating splines", 1974.
    """
    t = np.linspace(0, 1, _STEPS, endpoint=False)
    weights = 0.5 * np.stack(
        (
            -t + 2 * t**2 - t**3,
            2 - 5 * t**2 + 3 * t**3,
            t + 4 * t**2 - 3 * t**3,
            -(t**2) + t**3,
        ),
        axis=1,
    )
    matrix = np.zeros(((count - 1) * _STEPS + 1, count))
    for segment in range(count - 1):
        rows = slice(segment * _STEPS, (segment + 1) * _STEPS)
        for k in range(4):
            matrix[rows, min(max(segment - 1 + k, 0), count - 1)] += weights[:, k]
    matrix[-1, -1] = 1
    return matrix


def _evenly(spline: NDArray[np.float64], stroke: Stroke) -> NDArray[np.float64]:
    """Return the spline's matrix with its points an even way apart, about half a pixel."""
    path = spline @ np.array(stroke, float)
    travelled = np.append(0, np.cumsum(np.hypot(*np.diff(path, axis=0).T)))
    count = int(np.ceil(travelled[-1] / 100 * pen.INK_PART * SIZE / pen.SPACING)) + 1
    at = np.interp(np.linspace(0, travelled[-1], count), travelled, np.arange(len(path)))
    low = np.minimum(at.astype(int), len(path) - 2)
    part = (at - low)[:, None]
    even: NDArray[np.float64] = spline[low] * (1 - part) + spline[low + 1] * part
    return even
