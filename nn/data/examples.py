"""Drawings that come with the app: crosses, rings, bars and digits in several hands.

Each shape has a few templates, drawn point by point by the authors. A hand is a template
drawn once more with other slant, proportions, size, place and tremor, chosen by a seeded generator.
They serve the scripted training of `--screenshot`, lessons and tests; they are no data set to
measure on.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nn.data.drawings import Drawing

_Template = Sequence[Sequence[tuple[float, float]]]

CANVAS = 300.0
"""Edge of the canvas the drawings are placed on, in pixels."""

_TEMPLATES: dict[str, tuple[_Template, ...]] = {
    "X": (
        (
            ((12, 8), (24, 21), (37, 36), (49, 50), (64, 66), (78, 80), (92, 95)),
            ((90, 6), (77, 22), (63, 38), (50, 53), (35, 67), (21, 81), (8, 93)),
        ),
        (  # the second stroke begins at the bottom
            ((6, 14), (20, 25), (38, 39), (55, 55), (70, 68), (83, 79), (95, 88)),
            ((10, 96), (22, 84), (36, 68), (52, 48), (66, 32), (78, 18), (86, 7)),
        ),
        (  # swung strokes
            ((8, 10), (26, 18), (40, 31), (51, 48), (60, 66), (74, 82), (93, 90)),
            ((94, 12), (77, 17), (63, 31), (52, 49), (40, 67), (26, 83), (7, 91)),
        ),
        (  # in one go, over the right edge
            (
                *((9, 7), (25, 24), (42, 42), (60, 60), (77, 78), (90, 90), (97, 80), (98, 60)),
                *((97, 36), (94, 15), (82, 18), (65, 35), (47, 54), (29, 73), (10, 93)),
            ),
        ),
    ),
    "O": (
        (  # from the top, against the clock
            (
                *((52, 5), (36, 7), (21, 16), (10, 32), (6, 51), (10, 70), (22, 86), (39, 95)),
                *((57, 96), (75, 88), (88, 73), (95, 54), (92, 34), (82, 18), (67, 8), (50, 6)),
            ),
        ),
        (  # with the clock, and it overlaps
            (
                *((40, 10), (58, 4), (76, 11), (90, 27), (96, 48), (91, 70), (77, 88), (56, 96)),
                *((34, 92), (16, 78), (7, 58), (8, 36), (19, 18), (37, 7), (55, 5), (70, 11)),
            ),
        ),
        (  # not quite closed
            (
                *((62, 9), (45, 6), (27, 12), (13, 27), (7, 47), (11, 68), (24, 85), (44, 94)),
                *((64, 92), (82, 80), (92, 61), (93, 41), (86, 24), (76, 15)),
            ),
        ),
        (  # two halves
            ((50, 4), (30, 10), (14, 27), (8, 50), (14, 74), (31, 91), (51, 96)),
            ((49, 6), (69, 10), (86, 27), (93, 49), (87, 73), (71, 90), (50, 95)),
        ),
    ),
    "-": (
        (((4, 50), (20, 49), (41, 51), (62, 50), (80, 49), (97, 51)),),
        (((6, 56), (25, 53), (48, 50), (70, 47), (95, 44)),),
    ),
    "|": (
        (((50, 3), (51, 21), (49, 42), (50, 63), (51, 82), (50, 97)),),
        (((57, 5), (54, 27), (51, 49), (48, 72), (45, 96)),),
    ),
    "0": (
        (
            (
                *((54, 3), (42, 7), (33, 20), (28, 38), (27, 58), (32, 78), (43, 93), (55, 96)),
                *((66, 88), (73, 71), (75, 50), (72, 29), (65, 12), (53, 4)),
            ),
        ),
        (
            (
                *((47, 6), (61, 7), (71, 20), (77, 42), (74, 66), (64, 87), (49, 97), (36, 87)),
                *((27, 66), (25, 42), (31, 20), (43, 7)),
            ),
        ),
    ),
    "1": (
        (((51, 4), (50, 24), (50, 47), (49, 71), (50, 96)),),
        (((34, 27), (43, 17), (52, 5), (52, 26), (51, 50), (51, 74), (50, 96)),),
    ),
}

NAMES = tuple(_TEMPLATES)
"""Every shape that `hands` draws."""


def hands(name: str, count: int = 8, seed: int = 0) -> list[Drawing]:
    """Return `count` drawings of one shape, each in another hand.

    Args:
        name: one of NAMES.
        count: how many, 0 or more. The first ones stay the same when more are asked for.
        seed: another seed, other hands.

    Raises:
        ValueError: there is no such shape.
    """
    if name not in _TEMPLATES:
        raise ValueError(f"name: expected one of {', '.join(NAMES)}, got {name!r}")
    templates = _TEMPLATES[name]
    drawings = []
    for index in range(count):
        rng = np.random.default_rng((seed, NAMES.index(name), index))
        drawings.append(Drawing(_drawn_once_more(templates[index % len(templates)], rng)))
    return drawings


def dot(x: float = 120.0, y: float = 80.0) -> Drawing:
    """Return a drawing of one tap of the pen."""
    return Drawing([np.array([[x, y]])])


def _drawn_once_more(template: _Template, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Draw a template (in a box of 100) with one hand's habits and that hand's tremor."""
    angle = rng.normal(0, 0.07)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1, rng.normal(0, 0.08)], [0, 1]])
    stretch = np.diag(np.exp(rng.normal(0, 0.08, 2)))
    size = rng.uniform(1.4, 2.3)
    place = rng.uniform(-20, 20, 2) + CANVAS / 2
    strokes = []
    for template_stroke in template:
        path = _smooth(np.array(template_stroke, float) - 50)
        path = path @ (turn @ shear @ stretch).T * size + place
        # A slow wander of a few pixels, and the pixel grid of a mouse.
        knots = rng.normal(0, 2.0, (6, 2))
        at = np.linspace(0, 5, len(path))
        wander = np.stack([np.interp(at, np.arange(6), knots[:, axis]) for axis in (0, 1)], axis=1)
        strokes.append(np.clip(np.round(path + wander), 0, CANVAS))
    return strokes


def _smooth(points: NDArray[np.float64], steps: int = 4) -> NDArray[np.float64]:
    """Put points between the given ones, on the Catmull-Rom spline through them.

    p(t) = ½ (2b + (c − a) t + (2a − 5b + 4c − d) t² + (3b − a − 3c + d) t³) between b and c.
    Source: E. Catmull, R. Rom, "A class of local interpolating splines", 1974.
    """
    padded = np.concatenate((points[:1], points, points[-1:]))
    a, b, c, d = padded[:-3, None], padded[1:-2, None], padded[2:-1, None], padded[3:, None]
    t = (np.arange(steps) / steps)[None, :, None]
    between = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return np.concatenate((between.reshape(-1, 2), points[-1:]))
