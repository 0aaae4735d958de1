"""Does a photo look like anything the network has learned from? A warning, not a verdict.

A network of two classes must answer one of them, whatever it is shown. Its features, which go into
the last layer, may tell that a photo is like neither: then they point elsewhere than those of the
training pictures, seen from their mean.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.explain import features
from nn.network import Network

CENTRES = 16
"""Typical directions kept of each class."""

KEPT = 0.95
"""Part of held-out pictures of the classes that must not be warned of."""

FAINT = 0.02
"""Standard deviation of a picture's values below which there is nothing to see."""


@dataclass(frozen=True, eq=False)
class Familiarity:
    """What the features of training pictures were like.

    ``mean`` (F,) of all; ``centres`` (K, F) unit vectors, the typical directions from it; a
    picture is strange when 1 less the cosine to the nearest is above ``threshold``.
    """

    mean: NDArray[np.float32]
    centres: NDArray[np.float32]
    threshold: float

    @classmethod
    def learned(
        cls,
        network: Network,
        images: NDArray[np.float32],
        labels: NDArray[np.int64],
        held_out: NDArray[np.float32],
        seed: int = 0,
    ) -> "Familiarity":
        """Return what training pictures are like, the threshold by pictures not trained on.

        ``images`` (N, C, H, W) float32 with ``labels`` (N,); ``held_out`` (M, C, H, W).
        """
        found = features(network, images)
        mean = found.mean(axis=0)
        rng = np.random.default_rng(seed)
        towards = _unit(found - mean)
        centres = np.concatenate(
            [_centres(towards[labels == label], CENTRES, rng) for label in np.unique(labels)]
        )
        blank = cls(mean, centres.astype(np.float32), 0.0)
        return cls(
            mean,
            blank.centres,
            float(np.quantile(blank.strangeness_of(features(network, held_out)), KEPT)),
        )

    def strangeness_of(self, found: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far features (N, F) are from all that was learned, (N,), 0 to 2."""
        if found.ndim != 2 or found.shape[1] != len(self.mean):
            raise ValueError(f"expected features (N, {len(self.mean)}), got {found.shape}")
        return np.asarray(1 - (_unit(found - self.mean) @ self.centres.T).max(axis=1), np.float32)

    def unlike_both(
        self, found: NDArray[np.float32], picture: NDArray[np.float32] | None = None
    ) -> str | None:
        """Return a sentence with the reason when a photo looks like neither class, else None.

        ``found`` (F,) are its features; ``picture`` (C, H, W) in [0, 1], where at hand, tells
        whether there is anything to see in it.
        """
        if picture is not None and float(picture.std(axis=(1, 2)).max()) < FAINT:
            return "There is next to nothing to see in this photo: it is all of one colour."
        strangeness = float(self.strangeness_of(found[None])[0])
        if strangeness <= self.threshold:
            return None
        return (
            "This photo may be neither: its features are unlike those of the training pictures "
            f"(distance {strangeness:.2f}, usual is up to {self.threshold:.2f})."
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as an object for a JSON file."""
        return {
            "mean": _rounded(self.mean),
            "centres": [_rounded(centre) for centre in self.centres],
            "threshold": round(self.threshold, 4),
        }

    @classmethod
    def from_json(cls, content: Any, width: int) -> "Familiarity":
        """Return it from `to_json`; ValueError when it doesn't fit ``width`` features."""
        try:
            mean = np.array(content["mean"], np.float32)
            centres = np.array(content["centres"], np.float32)
            threshold = float(content["threshold"])
        except (KeyError, TypeError, ValueError, OverflowError):
            raise ValueError('"familiarity" must hold mean, centres and threshold') from None
        fits = mean.shape == (width,) and centres.ndim == 2 and centres.shape[1] == width
        if not fits or not len(centres):
            raise ValueError(
                f'"familiarity" must be of {width} features, got shapes {mean.shape} '
                f"and {centres.shape}"
            )
        if not (np.isfinite(mean).all() and np.isfinite(centres).all() and 0 <= threshold <= 2):
            raise ValueError('"familiarity" must hold finite numbers and a threshold of 0 to 2')
        return cls(mean, centres, threshold)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), np.float32)


def _centres(
    towards: NDArray[np.float32], count: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return typical directions among unit vectors (N, F): k-means on the sphere."""
    centres = towards[rng.choice(len(towards), min(count, len(towards)), replace=False)]
    for _ in range(20):
        nearest = (towards @ centres.T).argmax(axis=1)
        sums = [towards[nearest == i].sum(axis=0) for i in range(len(centres))]
        centres = _unit(np.where(np.any(sums, axis=1, keepdims=True), sums, centres))
    return centres


def _rounded(values: NDArray[np.float32]) -> list[float]:
    return [round(float(value), 4) for value in values]
