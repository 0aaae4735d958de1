"""Painted beards: the lower half of a face, or a whole one, with hair of every shape and tone.

A face is painted in a frame whose unit is half its breadth, with the mouth near the origin: the
nose's tip at v = -0.5, eyes at -1.2, the chin at 0.95.
"""

from dataclasses import dataclass

import numpy as np

from nn.data.painted_brush import Canvas, Colour, Field, Frame, ellipse, limb, union

_SKINS = np.array(
    [
        [0.98, 0.84, 0.75],
        [0.92, 0.72, 0.6],
        [0.82, 0.6, 0.45],
        [0.68, 0.46, 0.33],
        [0.5, 0.32, 0.22],
        [0.33, 0.2, 0.14],
        [0.2, 0.13, 0.1],
    ]
)
_HAIRS = np.array(
    [
        [0.06, 0.05, 0.05],
        [0.1, 0.08, 0.07],
        [0.2, 0.14, 0.1],
        [0.34, 0.23, 0.15],
        [0.52, 0.29, 0.15],
        [0.66, 0.52, 0.34],
        [0.5, 0.49, 0.48],
        [0.68, 0.67, 0.66],
        [0.9, 0.89, 0.87],
    ]
)
_HAIRS_OFTEN = np.array([22, 20, 12, 7, 4, 3, 12, 10, 10]) / 100


@dataclass(frozen=True)
class _Person:
    """Colours and the shape of one face."""

    skin: Colour
    hair: Colour
    second: Colour
    lips: Colour
    yaw: float
    smile: float
    opened: float


def paint(canvas: Canvas) -> None:
    """Paint one bearded face over the ground that is there."""
    person = _person(canvas)
    far = canvas.chance(0.2)
    scale = canvas.between(0.18, 0.38) if far else canvas.between(0.42, 0.68)
    middle = (canvas.between(0.38, 0.62), canvas.between(0.46, 0.6) + (0.08 if far else 0))
    frame = canvas.frame.placed(*middle, scale, float(canvas.rng.normal(0, 0.12)))
    if canvas.chance(0.5):
        frame = frame.mirrored()
    v = frame.v + canvas.rough(1.2, frame) * 0.02
    u = frame.u + canvas.rough(1.2, frame) * 0.02
    _shoulders(canvas, frame, person)
    # Turning the head moves what lies in front of its axis, most in the middle.
    turned = u - person.yaw * 0.55 * np.clip(1 - (u - person.yaw * 0.25) ** 2, 0, 1)
    face = Frame(turned, v, frame.unit)
    form = _form(canvas, face)
    if canvas.chance(0.3):  # hair behind the cheeks
        long = canvas.between(-0.6, 0.9)
        locks = np.maximum(ellipse(face, 0, -0.7, 1.22, 1.9), face.v - long)
        canvas.paint(canvas.mask(locks, frame, 3), canvas.near(person.hair, 0.08))
    inside = canvas.mask(form, frame, 2)
    _skin(canvas, face, frame, inside, person)
    _features(canvas, face, frame, person)
    _beard(canvas, face, frame, form, person)
    _mouth(canvas, face, frame, person)
    if canvas.chance(0.25):
        _glasses(canvas, face, frame)


def _person(canvas: Canvas) -> _Person:
    place = canvas.between(0, len(_SKINS) - 1.001)
    low = int(place)
    skin = canvas.near(_SKINS[low] + (place - low) * (_SKINS[low + 1] - _SKINS[low]), 0.05)
    first = int(canvas.rng.choice(len(_HAIRS), p=_HAIRS_OFTEN))
    hair = canvas.near(_HAIRS[first], 0.07)
    salted = canvas.chance(0.35)
    second = canvas.near(_HAIRS[int(canvas.rng.integers(6, 9))] if salted else hair * 1.5, 0.08)
    lips = np.clip(skin * np.array([0.92, 0.62, 0.62]), 0, 1)
    yaw = float(np.clip(canvas.rng.normal(0, 0.35), -0.95, 0.95))
    smile = canvas.between(-0.15, 0.45)
    opened = canvas.between(0.05, 0.16) if canvas.chance(0.4) else 0.0
    return _Person(skin, hair, second, canvas.near(lips, 0.06), yaw, smile, opened)


def _form(canvas: Canvas, face: Frame) -> Field:
    jaw = canvas.between(0.72, 0.95)
    return union(
        ellipse(face, 0, -0.85, 1.0, canvas.between(1.4, 1.6)),
        ellipse(face, 0, 0.05, jaw, canvas.between(0.85, 1.0)),
    )


def _shoulders(canvas: Canvas, frame: Frame, person: _Person) -> None:
    neck = limb(frame, (0, 0.2), (0, 2.5), canvas.between(0.55, 0.85), 0.9)
    canvas.paint(canvas.mask(neck, frame, 2), np.asarray(person.skin) * canvas.between(0.45, 0.85))
    if canvas.chance(0.75):
        cloth = canvas.rng.uniform(0.03, 0.95, 3)
        if canvas.chance(0.5):
            cloth = np.full(3, canvas.between(0.03, 0.95))
        top = canvas.between(0.9, 1.6)
        slope = canvas.between(-0.4, 0.3)
        form = top + slope * np.abs(frame.u) - frame.v
        canvas.paint(canvas.mask(form, frame, 2), canvas.near(cloth, 0.05))


def _skin(canvas: Canvas, face: Frame, frame: Frame, inside: Field, person: _Person) -> None:
    """Skin, rounded by the light: darker towards the edges and on the side away from it."""
    canvas.paint(inside, person.skin)
    light = canvas.between(-0.35, 0.35)
    steep = canvas.between(0.15, 0.5)
    tone = 1.08 - steep * face.u**2 + light * face.u + 0.04 * canvas.rough(2, frame)
    canvas.pixels *= 1 + inside[..., None] * (np.clip(tone, 0.3, 1.5)[..., None] - 1)
    for side in (-1, 1):  # cheeks
        cheek = ellipse(face, side * 0.55, -0.5, 0.3, 0.25)
        canvas.shade(canvas.mask(cheek, frame, 10), canvas.between(1.0, 1.25))


def _features(canvas: Canvas, face: Frame, frame: Frame, person: _Person) -> None:
    """Nose, folds, and whatever of eyes, brows and hair comes into the picture."""
    shift = person.yaw * 0.12
    broad = canvas.between(0.24, 0.36)
    tip = canvas.between(-0.6, -0.44)
    bridge = limb(face, (shift * 0.3, -1.4), (shift, tip), 0.12, 0.2)
    canvas.shade(canvas.mask(bridge - 0.1, frame, 7), canvas.between(0.75, 0.95))
    canvas.shade(canvas.mask(bridge, frame, 5), canvas.between(1.05, 1.35))
    wings = ellipse(face, shift, tip + 0.04, broad, 0.17)
    canvas.shade(canvas.mask(wings - 0.06, frame, 4), canvas.between(0.6, 0.85))
    canvas.paint(canvas.mask(wings, frame, 3), person.skin, 0.8)
    glow = ellipse(face, shift * 1.2, tip - 0.06, 0.12, 0.12)
    canvas.shade(canvas.mask(glow, frame, 4), canvas.between(1.05, 1.4))
    for side in (-1, 1):
        nostril = ellipse(face, shift + side * broad * 0.48, tip + 0.14, 0.1, 0.055, side * 0.3)
        canvas.shade(canvas.mask(nostril, frame, 1.5), canvas.between(0.2, 0.6))
        fold = limb(face, (side * (broad + 0.06), tip), (side * 0.58, 0.0), 0.035, 0.02)
        canvas.shade(canvas.mask(fold, frame, 3), canvas.between(0.55, 0.95))
        socket = ellipse(face, side * 0.42, -1.18, 0.3, 0.2)
        canvas.shade(canvas.mask(socket, frame, 6), canvas.between(0.5, 0.85))
        white = ellipse(face, side * 0.42, -1.15, 0.17, 0.07)
        canvas.paint(canvas.mask(white, frame), (0.85, 0.83, 0.8), 0.8)
        iris = ellipse(face, side * 0.42, -1.15, 0.08, 0.08)
        canvas.paint(canvas.mask(iris, frame), (0.15, 0.1, 0.08))
        brow = limb(face, (side * 0.2, -1.42), (side * 0.66, -1.46), 0.06, 0.04)
        canvas.paint(canvas.mask(brow, frame, 2), person.hair, 0.85)
    line = canvas.between(-2.2, -1.85)
    top = np.maximum(ellipse(face, 0, -1.0, 1.12, 1.55), face.v - line - 0.4 * face.u**2)
    canvas.paint(canvas.mask(top, frame, 2), person.hair, float(canvas.chance(0.75)))


def _beard(canvas: Canvas, face: Frame, frame: Frame, form: Field, person: _Person) -> None:
    """Beard and moustache, by where they grow; edges are rough, hairs run down."""
    u, v = np.abs(face.u), face.v
    rough = canvas.rough(4, frame) * 0.05 + canvas.rough(1.5, frame) * 0.05
    kind = str(canvas.rng.choice(["full", "goatee", "chin", "long"], p=[0.5, 0.2, 0.08, 0.22]))
    reach = canvas.between(0.0, 0.1)
    around = union(form - reach, ellipse(face, 0, 0.5, canvas.between(0.6, 0.85), 0.6))
    if kind == "long":
        down = canvas.between(0.5, 1.6)
        broad = canvas.between(0.6, 1.0)
        around = union(form - canvas.between(0.05, 0.2), ellipse(face, 0, down * 0.6, broad, down))
    lip, corner = canvas.between(0.18, 0.32), canvas.between(0.36, 0.52)
    start, steep = canvas.between(-0.15, 0.25), canvas.between(0.5, 1.7)
    line = [lip, lip + 0.03, min(start, lip), start - 0.8 * steep]
    region = np.maximum(around, _below(u, v, [0, 0.28, corner, corner + 0.8], line))
    if kind == "goatee":
        ring = ellipse(face, 0, 0.25, canvas.between(0.45, 0.62), canvas.between(0.55, 0.75))
        region = np.maximum(ring, _below(u, v, [0, 0.28, corner], [lip, lip + 0.03, -0.8]))
    elif kind == "chin":
        region = ellipse(face, 0, 0.75, canvas.between(0.35, 0.6), canvas.between(0.35, 0.7))
    tache = limb(
        Frame(u, v - person.smile * -0.2 * u, face.unit),
        (0.05, canvas.between(-0.26, -0.16)),
        (canvas.between(0.35, 0.55), canvas.between(-0.1, 0.15)),
        canvas.between(0.09, 0.17),
        canvas.between(0.05, 0.13),
    )
    if kind != "chin" or canvas.chance(0.5):
        region = union(region, tache)
    thick = canvas.between(0.55, 1.0) if canvas.chance(0.6) else canvas.between(0.85, 1.0)
    cells = canvas.between(5, 11)
    bias = canvas.between(-0.8, 0.1)
    coat = canvas.fur(frame, person.hair, person.second, cells, canvas.between(1.5, 4), bias)
    if canvas.chance(0.3):  # grey begins at the chin
        grey = np.clip(1 - np.hypot(face.u / 0.5, (v - 0.75) / 0.6), 0, 1)[..., None]
        coat = coat + grey * canvas.between(0.3, 0.9) * (np.float32(0.8) - coat)
    fade = canvas.between(1.5, 6)
    canvas.shade(canvas.mask(region - 0.08, frame, 8), canvas.between(0.8, 1.0))
    canvas.paint(canvas.mask(region + rough, frame, fade), coat, thick)
    under = np.maximum(region, canvas.between(0.75, 1.1) - v)
    canvas.shade(canvas.mask(under, frame, 10), canvas.between(0.5, 1.0))


def _below(u: Field, v: Field, places: list[float], heights: list[float]) -> Field:
    """Distance below a line given by some of its points."""
    made: Field = np.interp(u, places, heights).astype(np.float32) - v
    return made


def _mouth(canvas: Canvas, face: Frame, frame: Frame, person: _Person) -> None:
    """Lips, with teeth or the dark between them when the mouth is open."""
    broad = canvas.between(0.28, 0.42) + 0.1 * max(person.smile, 0)
    curved = Frame(face.u, face.v + person.smile * 0.6 * face.u**2 - 0.06, face.unit)
    tall = canvas.between(0.06, 0.11) + person.opened
    lips = ellipse(curved, 0, 0, broad, tall)
    canvas.paint(canvas.mask(lips, frame, 1.5), person.lips, canvas.between(0.6, 1))
    if person.opened:
        gap = ellipse(curved, 0, -0.02, broad * 0.85, person.opened)
        teeth = canvas.chance(0.75)
        canvas.paint(
            canvas.mask(gap, frame),
            canvas.near([0.92, 0.89, 0.83], 0.06) if teeth else canvas.near([0.2, 0.08, 0.08]),
        )
    else:
        line = ellipse(curved, 0, 0, broad, 0.03)
        canvas.shade(canvas.mask(line, frame, 1.5), canvas.between(0.3, 0.7))


def _glasses(canvas: Canvas, face: Frame, frame: Frame) -> None:
    """The rims of a pair of glasses; often only their lower edge is in the picture."""
    colour = canvas.near([0.12, 0.1, 0.1], 0.1)
    for side in (-1, 1):
        lens = np.abs(ellipse(face, side * 0.45, -1.12, 0.36, canvas.between(0.24, 0.34)))
        canvas.paint(canvas.mask(lens - canvas.between(0.01, 0.04), frame), colour, 0.8)
