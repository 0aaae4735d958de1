"""The geometry of a plot: round ticks on a straight or a logarithmic axis. Qt-free."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high` on a way of `length` pixels that begins at `start`.

    A negative length runs upwards. Values at or below 0 lie at the beginning of a log axis.
    """

    low: float
    high: float
    start: float
    length: float
    log: bool = False

    def place(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels of values, any shape."""
        low, high = self._scaled(np.array([self.low, self.high]))
        share: NDArray[np.float64] = (self._scaled(values) - low) / (high - low)
        return self.start + share * self.length

    def value(self, pixel: float) -> float:
        """The value at a pixel."""
        low, high = self._scaled(np.array([self.low, self.high]))
        at = low + (pixel - self.start) / self.length * (high - low)
        return float(10.0**at if self.log else at)

    def _scaled(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        if not self.log:
            return np.asarray(values, np.float64)
        return np.asarray(np.log10(np.maximum(values, self.low)), np.float64)

    def ticks(self, wanted: int) -> list[float]:
        """About so many round values on the axis."""
        if self.log:
            found = [
                factor * 10.0**power
                for power in range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
                for factor in (1, 2, 5)
            ]
            inside = [v for v in found if self.low <= v <= self.high]
            tens = [v for v in inside if abs(log10(v) - round(log10(v))) < 1e-9]
            return tens if len(tens) >= 3 or len(inside) > 2 * wanted else inside
        span = self.high - self.low
        rough = span / max(wanted, 1)
        power = 10.0 ** floor(log10(rough))
        step = next(f * power for f in (1, 2, 5, 10) if f * power >= rough * 0.999)
        first = ceil(self.low / step - 1e-9)
        return [i * step for i in range(first, floor(self.high / step + 1e-9) + 1)]


def loss_range(values: NDArray[np.float64], log: bool) -> tuple[float, float]:
    """Where a loss axis begins and ends for these values; a few wild ones may leave it."""
    usable = values[np.isfinite(values) & (values > 0 if log else values >= 0)]
    if not len(usable):
        return (0.01, 1.0) if log else (0.0, 1.0)
    top = float(np.quantile(usable, 0.995)) if len(usable) > 200 else float(usable.max())
    if log:
        low = float(np.quantile(usable, 0.005))
        low, top = max(low / 1.2, 1e-9), top * 1.2
        return (low, top) if top / low > 2 else (low / 2, top * 2)
    return 0.0, max(top * 1.05, 1e-6)


def tick_texts(values: list[float]) -> list[str]:
    """Texts for the ticks of an axis, as exact as they are and as short as they can be."""
    texts = []
    for value in values:
        if abs(value) >= 1e9 or 0 < abs(value) < 1e-3:
            texts.append(f"{value:.3g}".replace("e-0", "e-").replace("e+", "e"))
        elif abs(value) >= 1e4:
            texts.append(f"{value / 1000:,.10g}k")
        else:
            texts.append(f"{value:,.6g}")
    return texts


def round_below(value: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that is not above `value` > 0."""
    power = 10.0 ** floor(log10(value))
    return float(f"{max(n * power for n in (1, 2, 5) if n * power <= value * (1 + 1e-9)):.6g}")


def short(value: float) -> str:
    """A number for an axis or a read-out in few characters."""
    if not isfinite(value):
        return "–"
    if abs(value) >= 1e6:
        return f"{value / 1e6:.3g}M"
    if abs(value) >= 1e4:
        return f"{value / 1e3:.3g}k"
    if value != 0 and abs(value) < 1e-3:
        return f"{value:.0e}".replace("e-0", "e-")
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
