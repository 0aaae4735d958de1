"""What a session's parts tell of the work in it, in few words, to be compared with others."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.formats.archive import Parts

Told = dict[str, Any]


def told(parts: Parts, drawings: Iterable[dict[str, Any]] = ()) -> Told:
    """The work in these parts and in drawings of the journal; JSON values."""
    if "sketch/trainer.json" not in parts:  # no autosave yet
        return {"samples": {str(one["id"]): _strokes(one) for one in drawings}}
    trainer = parts["sketch/trainer.json"]
    samples = [*parts["sketch/samples.ndjson"], *drawings]
    work = {
        "samples": {str(one["id"]): _strokes(one) for one in samples},
        "classes": trainer["class_names"],
        "steps": [parts["sketch/settings.json"]["seed"], trainer["steps"]],
        "drawing": _digest(*(array for _, array in sorted(parts["sketch/drawing.npz"].items()))),
        "points": 0,
    }
    if points := parts.get("points/classify/points.npz"):
        work["points"] = len(points["x"]) + len(points["test_x"])
    return work


def _strokes(sample: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(sample["strokes"]).encode()).hexdigest()[:12]


def _digest(*arrays: np.ndarray) -> str:
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:12]
