"""A table to begin with: fruit on a stall, invented, with gaps and quotes as real tables have."""

import csv
import io

import numpy as np

HEADER = ("weight in g", "length in mm", "skin", "colour", "stall", "price", "fruit")

# Weight, width and its spread, length over width, skins, colours; the kinds overlap on purpose.
_KINDS = {
    "apple": (165.0, 30.0, 0.95, ("smooth", "smooth", "rough"), ("red", "green", "yellow")),
    "lemon": (105.0, 22.0, 1.35, ("rough", "rough", "smooth"), ("yellow", "yellow", "green")),
    "orange": (180.0, 32.0, 1.0, ("rough",), ("orange", "orange", "yellow")),
    "pear": (170.0, 34.0, 1.45, ("smooth", "rough"), ("green", "yellow", "red")),
    "plum": (60.0, 15.0, 1.1, ("smooth",), ("purple", "red", "yellow")),
}
_STALLS = ("Amy's", "Ben & Daughter", 'the one by the well, "Luigi"')
_GAPS = 0.04


def csv_text(count: int = 300, seed: int = 0) -> str:
    """Return the table as CSV text with a header, `count` rows (1 to 100,000)."""
    if not 1 <= count <= 100_000:
        raise ValueError(f"count must be 1 to 100,000, got {count}")
    rng = np.random.default_rng(seed)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    names = tuple(_KINDS)
    for _ in range(count):
        name = names[rng.integers(len(names))]
        mean, spread, ratio, skins, colours = _KINDS[name]
        weight = max(mean + spread * rng.normal(), 20.0)
        length = 12.4 * (weight * ratio**2) ** (1 / 3) * (1 + 0.05 * rng.normal())
        row: list[str] = [
            f"{weight:.0f}",
            f"{length:.0f}",
            skins[rng.integers(len(skins))],
            colours[rng.integers(len(colours))],
            _STALLS[rng.integers(len(_STALLS))],
            f"{weight / 400 + 0.1 * rng.random():.2f}",
        ]
        for i in np.flatnonzero(rng.random(len(row)) < _GAPS):
            row[i] = "" if i != 0 else "n/a"
        writer.writerow([*row, name])
    return text.getvalue()
