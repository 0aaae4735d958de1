"""Where points of the plane lie on the screen, and the colours of classes there. Qt-free."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAREST, FARTHEST = 1.0, 12.0  # half a side of what can be shown, in units of the plane
DARK = ("#FFB454", "#58A9FF", "#4FD1A5", "#FF7A9C", "#C79BFF", "#E3DD63")
LIGHT = ("#B35C00", "#0B63C4", "#0B7A54", "#B8235A", "#6B3FC0", "#77700A")
"""Inks of the classes, told apart on the theme's ground; shapes tell them apart too."""
STRENGTH = {"dark": 0.46, "light": 0.34}
"""How much of its ink the surest place of the background has."""


@dataclass(frozen=True)
class Plane:
    """A square of the plane, half a side of `reach` round the origin, in a square of pixels."""

    left: float
    top: float
    side: float
    reach: float = 5.0

    def to_pixels(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        """Pixels (N, 2), y down, of places (N, 2), y up."""
        scale = self.side / (2 * self.reach)
        placed = np.empty((len(x), 2))
        placed[:, 0] = self.left + (x[:, 0] + self.reach) * scale
        placed[:, 1] = self.top + (self.reach - x[:, 1]) * scale
        return placed

    def to_plane(self, x: float, y: float) -> tuple[float, float]:
        """The place under a pixel."""
        scale = 2 * self.reach / self.side
        return (x - self.left) * scale - self.reach, self.reach - (y - self.top) * scale

    def ticks(self) -> list[float]:
        """A few round values from -reach to reach."""
        step = next(s for s in (0.25, 0.5, 1.0, 2.0, 5.0) if self.reach / s <= 4.5)
        most = int(self.reach / step - 1e-9)
        return [i * step for i in range(-most, most + 1)]


def inks(theme_name: str) -> NDArray[np.float32]:
    """The class colours of a theme, (6, 3) from 0 to 255."""
    texts = DARK if theme_name == "dark" else LIGHT
    return np.array([rgb(text) for text in texts], np.float32)


def rgb(text: str) -> tuple[int, int, int]:
    """`#RRGGBB` as three numbers from 0 to 255."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


class Wash:
    """Turns scores into a background picture: the colours of one theme, for K classes."""

    def __init__(self, theme_name: str, ground: str, classes: int) -> None:
        self._inks = inks(theme_name)[:classes]
        self._ground = np.array(rgb(ground), np.float32)
        self._strength = STRENGTH[theme_name]
        sure = np.linspace(-1, 1, 256, dtype=np.float32)[:, None]
        ink = np.where(sure < 0, self._inks[0], self._inks[min(1, classes - 1)])
        alpha = self._strength * np.abs(sure) ** 0.8
        table = np.full((256, 4), 255, np.uint8)
        table[:, :3] = np.round(self._ground * (1 - alpha) + ink * alpha)
        self._packed = table.view(np.uint32).ravel()  # four bytes at a time: quicker to look up

    def picture(self, scores: NDArray[np.float32], *, hard: bool = False) -> NDArray[np.uint8]:
        """(S, S, 4) uint8 RGBX for probabilities (K, S²); what is not finite stays ground."""
        size = round(scores.shape[1] ** 0.5)
        if len(scores) == 2:
            sure = np.round(scores[1]) if hard else scores[1]
            level = sure * np.float32(255)
            if not np.isfinite(level[0]):  # weights that are no numbers spoil every place
                level = np.full_like(level, 127.0)
            picture = self._packed.take(level.astype(np.uint8))
            pixels: NDArray[np.uint8] = picture.view(np.uint8)
            return pixels.reshape(size, size, 4)
        count = len(scores)
        best = scores.max(axis=0)
        with np.errstate(invalid="ignore"):
            sure = np.clip((best - 1 / count) / (1 - 1 / count), 0, 1)
        shares = (scores == best).astype(np.float32) if hard else scores
        alpha = self._strength * (np.ones_like(sure) if hard else np.sqrt(np.sqrt(sure)) * sure)
        made = np.full((scores.shape[1], 4), 255, np.uint8)
        colour = shares.T @ self._inks
        mixed = self._ground + (colour - self._ground) * alpha[:, None]
        made[:, :3] = np.clip(np.nan_to_num(mixed, nan=127.0), 0, 255)
        return made.reshape(size, size, 4)
