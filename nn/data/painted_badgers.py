"""Painted badgers: head-on, from the side, whole, bent to the ground; three kinds of face.

A head is painted in a frame whose unit is half its breadth, crown up and nose down; it is then
turned as the animal holds it. Proportions and markings follow the European badger (Meles meles),
with the American (Taxidea taxus) and the honey badger (Mellivora capensis) now and then.
"""

from dataclasses import dataclass

import numpy as np

from nn.data.painted_brush import Canvas, Colour, Field, Frame, ellipse, limb, union


@dataclass(frozen=True)
class _Coat:
    """Colours of one animal."""

    black: Colour
    white: Colour
    dark: Colour
    light: Colour
    kind: str


def paint(canvas: Canvas) -> None:
    """Paint one badger over the ground that is there."""
    coat = _coat(canvas)
    pose = _POSES[int(canvas.rng.choice(len(_POSES), p=_OFTEN))]
    frame = canvas.frame.placed(0.5, 0.5)
    if canvas.chance(0.5):
        frame = frame.mirrored()
    pose(canvas, frame, coat)


def _coat(canvas: Canvas) -> _Coat:
    kind = str(canvas.rng.choice(["european", "american", "honey"], p=[0.8, 0.12, 0.08]))
    warm = canvas.between(0, 1) ** 2  # most are grey, some brown
    tint = np.array([1 + 0.22 * warm, 1.0, 1 - 0.3 * warm])
    black = canvas.near(np.array([0.1, 0.09, 0.09]) * tint, 0.15)
    white = canvas.near(np.clip(np.array([0.88, 0.87, 0.85]) * (0.8 + 0.2 * tint), 0, 1), 0.05)
    dark = canvas.near(np.array([0.17, 0.16, 0.16]) * tint, 0.08)
    light = canvas.near(np.array([0.52, 0.51, 0.5]) * tint, 0.1)
    if kind == "honey":
        dark = light = canvas.near([0.16, 0.11, 0.08], 0.08)
    return _Coat(black, white, dark, light, kind)


# -- poses ----------------------------------------------------------------------------------


def _portrait(canvas: Canvas, frame: Frame, coat: _Coat) -> None:
    """The head fills much of the picture; shoulders behind it."""
    scale = canvas.between(0.24, 0.46)
    across, down = canvas.between(-0.16, 0.16), canvas.between(-0.14, 0.06)
    side = canvas.between(-0.5, 0.5)
    body = frame.placed(across + side * scale, down + scale * canvas.between(1.4, 2.1), scale)
    rough = canvas.rough(2.5, body) * 0.1
    form = union(
        ellipse(body, 0, 0.4, canvas.between(1.1, 1.6), canvas.between(1.4, 2.2)),
        ellipse(body, side * 1.6, -0.3, canvas.between(1.2, 1.7), canvas.between(0.8, 1.5)),
    )
    _furry(canvas, body, form + rough, coat)
    chest = ellipse(body, -side * 0.5, 0.3, canvas.between(0.5, 0.95), 1.6) + rough
    canvas.paint(canvas.mask(chest, body, 4), coat.black, canvas.between(0.4, 0.95))
    angle = canvas.rng.normal(0, 0.16)
    _head(canvas, frame.placed(across, down, scale, angle), coat, canvas.rng.normal(0, 0.35))


def _whole(canvas: Canvas, frame: Frame, coat: _Coat) -> None:
    """The whole animal from the side or a little from the front, head low."""
    size = canvas.between(0.24, 0.42)
    body = frame.placed(canvas.between(-0.1, 0.08), canvas.between(-0.08, 0.1), size)
    tall = canvas.between(0.62, 0.95)
    rough = canvas.rough(3.0, body) * 0.07
    low = 0.5 * tall
    for u in (-0.95, -0.65, 0.45, 0.75):
        foot = (u + canvas.between(-0.2, 0.2), tall + canvas.between(0.25, 0.5))
        leg = limb(body, (u, low), foot, 0.24, 0.15) + rough
        canvas.paint(canvas.mask(leg, body, 1.2), coat.black)
    bend = canvas.between(-0.15, 0.25)
    form = union(
        ellipse(body, -0.45, 0, canvas.between(0.9, 1.2), tall),
        ellipse(body, 0.5, bend, 0.8, tall * canvas.between(0.65, 0.9)),
    )
    tail = limb(body, (-1.3, 0.2), (-1.75, canvas.between(0, 0.6)), 0.2, 0.1)
    _furry(canvas, body, union(form, tail) + rough, coat)
    belly = np.maximum(form, ellipse(body, -0.1, tall, 1.4, 0.35 * tall)) + rough
    canvas.shade(canvas.mask(belly, body, 8), 0.45)
    scale = canvas.between(0.36, 0.52)
    neck = (canvas.between(0.85, 1.25), canvas.between(0.0, 0.75))
    _furry(canvas, body, limb(body, (0.5, bend), neck, 0.55, 0.42) + rough, coat)
    angle = -canvas.between(0.1, 1.25)  # the nose points away from the body
    if canvas.chance(0.3):
        _profile_head(canvas, body.placed(*neck, scale, canvas.between(-0.1, 0.9)), coat)
    else:
        head = body.placed(*neck, scale, angle)
        _head(canvas, head, coat, canvas.rng.normal(-0.1, 0.45))


def _facing(canvas: Canvas, frame: Frame, coat: _Coat) -> None:
    """Walking or sitting towards us: a small head before a broad body."""
    size = canvas.between(0.24, 0.38)
    body = frame.placed(canvas.between(-0.12, 0.12), canvas.between(-0.06, 0.12), size)
    side = canvas.between(-0.7, 0.7)
    rough = canvas.rough(3.0, body) * 0.08
    for u in (-0.55, 0.5):
        foot = (u + canvas.between(-0.2, 0.2), canvas.between(1.0, 1.5))
        leg = limb(body, (u * 0.8, 0.3), foot, 0.36, 0.2) + rough
        canvas.paint(canvas.mask(leg, body, 1.2), coat.black)
    form = union(
        ellipse(body, 0, 0.1, canvas.between(0.75, 1.05), canvas.between(0.8, 1.2)),
        ellipse(body, side, -0.25, canvas.between(0.8, 1.2), canvas.between(0.7, 1.0)),
    )
    _furry(canvas, body, form + rough, coat)
    chest = ellipse(body, 0, 0.7, 0.6, 0.9) + rough
    canvas.paint(canvas.mask(np.maximum(chest, form), body, 5), coat.black, 0.85)
    head = body.placed(-side * 0.45, canvas.between(-0.75, -0.1), canvas.between(0.42, 0.7))
    _head(canvas, head.placed(0, 0, 1, canvas.rng.normal(0, 0.3)), coat, canvas.rng.normal(0, 0.4))


def _profile(canvas: Canvas, frame: Frame, coat: _Coat) -> None:
    """Head and neck from the side."""
    scale = canvas.between(0.2, 0.34)
    head = frame.placed(
        canvas.between(-0.12, 0.1), canvas.between(-0.12, 0.12), scale, canvas.between(-0.25, 0.6)
    )
    rough = canvas.rough(2.5, head) * 0.06
    back = (canvas.between(-2.6, -1.7), canvas.between(0.2, 1.5))
    _furry(
        canvas, head, limb(head, (-0.1, 0.05), back, 0.6, canvas.between(0.9, 1.5)) + rough, coat
    )
    throat = limb(head, (-0.1, 0.75), (back[0] * 0.8, back[1] + 0.9), 0.25, 0.6) + rough
    canvas.paint(canvas.mask(throat, head, 4), coat.black, canvas.between(0.3, 0.9))
    _profile_head(canvas, head, coat)


_POSES = [_portrait, _whole, _facing, _profile]
_OFTEN = [0.42, 0.3, 0.18, 0.1]


# -- parts ----------------------------------------------------------------------------------


def _furry(canvas: Canvas, frame: Frame, form: Field, coat: _Coat) -> None:
    """A body's coat: grizzled, light where the sky lights it, dark below."""
    bias = canvas.between(-0.5, 0.35)
    fur = canvas.fur(frame, coat.dark, coat.light, canvas.between(5, 9), 2.5, bias)
    inside = canvas.mask(form, frame, 1.5)
    if canvas.chance(0.4):  # the sun behind it
        canvas.paint(canvas.mask(form - 0.06, frame, 3), coat.light, canvas.between(0.2, 0.8))
    canvas.paint(inside, fur)
    light = np.clip(1.05 - 0.35 * frame.v, 0.55, 1.4)
    canvas.pixels *= 1 + inside[..., None] * (light[..., None] - 1)
    if coat.kind == "honey":
        mantle = np.maximum(form, frame.v + 0.25 + 0.1 * canvas.rough(2, frame))
        canvas.paint(canvas.mask(mantle, frame, 3), canvas.near([0.72, 0.66, 0.52], 0.08))


def _head(canvas: Canvas, frame: Frame, coat: _Coat, yaw: float) -> None:
    """A head seen from before or above, turned by ``yaw`` (about -1 to 1)."""
    yaw = float(np.clip(yaw, -0.9, 0.9))
    pitch = canvas.between(0.68, 1.15)
    v = frame.v / pitch
    u = frame.u - yaw * 0.42 * (v + 0.3)
    u = u + yaw * 0.3 * np.clip(1 - u * u, 0, 1)
    head = Frame(
        u + canvas.rough(1.5, frame) * 0.03, v + canvas.rough(1.5, frame) * 0.03, frame.unit
    )
    slim = canvas.between(0.85, 1.1)
    for side in (-1, 1):
        ear = ellipse(head, side * 0.78, -0.78, canvas.between(0.22, 0.3), 0.28)
        canvas.paint(canvas.mask(ear, frame), coat.black)
        rim = ellipse(head, side * 0.82, -0.94, 0.2, canvas.between(0.09, 0.15), side * 0.4)
        canvas.paint(canvas.mask(rim, frame), coat.white, canvas.between(0.5, 1))
    form = union(
        ellipse(head, 0, -0.15, 0.92, 0.82),
        ellipse(head, 0, 0.25, canvas.between(0.75, 1.12), 0.5),
        limb(head, (0, 0.3), (0, canvas.between(1.05, 1.3)), 0.62 * slim, 0.3),
    )
    rim = canvas.mask(form - 0.1, frame, 5)
    canvas.shade(rim, canvas.between(0.5, 0.95))
    inside = canvas.mask(form, frame, canvas.between(1, 2))
    {"european": _striped, "american": _american, "honey": _honey}[coat.kind](
        canvas, head, frame, coat, inside
    )
    nose = ellipse(head, 0, canvas.between(1.2, 1.35), canvas.between(0.2, 0.28), 0.17)
    canvas.paint(canvas.mask(nose, frame), canvas.near([0.12, 0.09, 0.09], 0.06))
    if canvas.chance(0.14):
        _open_mouth(canvas, head, frame)


def _striped(canvas: Canvas, head: Frame, frame: Frame, coat: _Coat, inside: Field) -> None:
    """White, with a black stripe from beside the nose over each eye to the ear."""
    canvas.paint(inside, coat.white)
    canvas.shade(
        inside * np.clip(0.2 + 0.5 * np.abs(head.u) + 0.1 * canvas.rough(3, frame), 0, 1), 0.7
    )
    broad = canvas.between(0.8, 1.3)
    start = canvas.between(0.75, 1.1)
    for side in (-1, 1):
        eye = (side * 0.43, canvas.between(0.15, 0.3))
        stripe = union(
            limb(head, (side * 0.26, start), eye, 0.08 * broad, 0.18 * broad),
            limb(head, eye, (side * 0.62, -0.85), 0.18 * broad, 0.25 * broad),
        )
        canvas.paint(canvas.mask(stripe, frame, 1.3) * inside, coat.black, canvas.between(0.85, 1))
        spot = ellipse(head, side * 0.43, 0.25, 0.08, 0.08)
        canvas.shade(canvas.mask(spot, frame), 0.3)
        if canvas.chance(0.3):
            glint = ellipse(head, side * 0.43 + 0.03, 0.22, 0.03, 0.03)
            canvas.paint(canvas.mask(glint, frame), coat.white, 0.8)
    if canvas.chance(0.6):  # the throat under the cheeks
        throat = ellipse(head, 0, canvas.between(1.5, 1.7), 0.7, 0.3)
        outside = canvas.mask(throat, frame, 3) * (1 - inside)
        canvas.paint(outside, coat.black, canvas.between(0.3, 0.9))


def _american(canvas: Canvas, head: Frame, frame: Frame, coat: _Coat, inside: Field) -> None:
    """Brown, a thin white stripe over the crown, white cheeks with a dark badge."""
    brown = canvas.near([0.45, 0.33, 0.22], 0.1)
    canvas.paint(inside, brown)
    for side in (-1, 1):
        cheek = ellipse(head, side * 0.62, 0.2, 0.35, 0.62, side * 0.3)
        canvas.paint(canvas.mask(cheek, frame, 2) * inside, coat.white, canvas.between(0.6, 1))
        badge = ellipse(head, side * 0.68, 0.0, 0.15, 0.32, side * 0.2)
        canvas.paint(canvas.mask(badge, frame, 1.5) * inside, coat.black, 0.9)
        eye = ellipse(head, side * 0.36, 0.3, 0.1, 0.09)
        canvas.paint(canvas.mask(eye, frame, 1.5), coat.black)
    line = limb(head, (0, -1.0), (0, canvas.between(0.2, 0.8)), 0.14, 0.07)
    canvas.paint(canvas.mask(line, frame) * inside, coat.white)


def _honey(canvas: Canvas, head: Frame, frame: Frame, coat: _Coat, inside: Field) -> None:
    """Dark, with a pale cap that ends in a straight line above the eyes."""
    canvas.paint(inside, coat.dark)
    cap = head.v - canvas.between(-0.25, 0.0) + 0.25 * np.abs(head.u) + 0.05 * canvas.rough(4, head)
    canvas.paint(canvas.mask(cap, frame, 2) * inside, canvas.near([0.82, 0.77, 0.65], 0.08))
    for side in (-1, 1):
        eye = ellipse(head, side * 0.4, 0.25, 0.08, 0.08)
        canvas.shade(canvas.mask(eye, frame), 0.3)


def _open_mouth(canvas: Canvas, head: Frame, frame: Frame) -> None:
    """A mouth that shows its teeth, below the nose."""
    tall = canvas.between(0.25, 0.5)
    mouth = ellipse(head, 0, 1.3 + tall, canvas.between(0.3, 0.45), tall)
    canvas.paint(canvas.mask(mouth - 0.14, frame), canvas.near([0.75, 0.7, 0.65], 0.1))
    canvas.paint(canvas.mask(mouth, frame), canvas.near([0.5, 0.2, 0.2], 0.1))
    for side in (-1, 1):
        tooth = ellipse(head, side * 0.2, 1.4, 0.06, 0.14)
        canvas.paint(canvas.mask(tooth, frame), canvas.near([0.9, 0.88, 0.8], 0.05))


def _profile_head(canvas: Canvas, frame: Frame, coat: _Coat) -> None:
    """A head from the side, its nose to the right."""
    end = (canvas.between(1.35, 1.75), canvas.between(0.1, 0.35))
    form = limb(frame, (0, 0), end, canvas.between(0.5, 0.62), 0.2) + 0.03 * canvas.rough(2, frame)
    inside = canvas.mask(form, frame)
    honey = coat.kind == "honey"
    canvas.paint(inside, coat.dark if honey else coat.white)
    canvas.shade(inside * np.clip(frame.v + 0.2, 0, 1), 0.6)
    if honey:
        cap = np.maximum(form, frame.v + canvas.between(0.05, 0.25))
        canvas.paint(canvas.mask(cap, frame), canvas.near([0.82, 0.77, 0.65], 0.08))
    broad = canvas.between(0.8, 1.25)
    eye = (canvas.between(0.65, 0.85), -0.08)
    stripe = union(
        limb(frame, (end[0] - 0.2, end[1] - 0.08), eye, 0.07 * broad, 0.15 * broad),
        limb(frame, eye, (-0.35, -0.22), 0.15 * broad, 0.24 * broad),
    )
    canvas.paint(canvas.mask(stripe, frame, 1.3) * inside, coat.black, canvas.between(0.8, 1))
    ear = ellipse(frame, -0.38, -0.28, 0.2, 0.24)
    canvas.paint(canvas.mask(ear, frame), coat.black)
    rim = ellipse(frame, -0.36, -0.46, 0.14, 0.08)
    canvas.paint(canvas.mask(rim, frame), coat.white, 0.8)
    nose = ellipse(frame, end[0] + 0.1, end[1] - 0.05, 0.14, 0.14)
    canvas.paint(canvas.mask(nose, frame), canvas.near([0.1, 0.08, 0.08], 0.05))
