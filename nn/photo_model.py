"""Beard or badger? The network that ships, and the one way to ask it about a photo."""

from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn.data.augment import to_float
from nn.data.photo import Fit, PhotoSource, read_photo
from nn.explain import features
from nn.formats import json_file
from nn.network import Network
from nn.photo_familiarity import Familiarity

FILE = "beard-or-badger.json"


class Answer(NamedTuple):
    """The most probable class, and the probability (0 to 1) of each by its name."""

    label: str
    probabilities: dict[str, float]


@dataclass(frozen=True, eq=False)
class PhotoModel:
    """A network for photos, and what its file says of it.

    ``about`` tells what it was trained on and how it did, for people to read. ``familiarity`` is
    None when the file doesn't say what its training pictures were like.
    """

    network: Network
    about: dict[str, Any] = field(default_factory=dict)
    familiarity: Familiarity | None = None
    fit: Fit = "crop"

    @classmethod
    def load(cls, path: str | Path | None = None) -> "PhotoModel":
        """Return the model in a file that `save` or `Network.save` wrote; by default that shipped.

        Raises:
            ValueError: one sentence that names the file and what was wrong with it.
            OSError: the file can't be read.
        """
        if path is None:
            shipped = resources.files("assets") / "models" / FILE
            with resources.as_file(shipped) as file:
                return cls.load(file)
        path = Path(path)
        network, about = json_file.load_with_about(path)
        try:
            channels, height, width = network.input_shape
            if channels not in (1, 3) or height != width:
                raise ValueError(
                    f"expected a network for square pictures of 1 or 3 channels, "
                    f"got {height}×{width}×{channels}"
                )
            if about.get("fit", "crop") not in ("crop", "fit"):
                raise ValueError(f'"fit" must be "crop" or "fit", got {about["fit"]!r}')
            known = about.pop("familiarity", None)
            familiarity = None
            if known is not None:
                wide = features(network, np.zeros((1, *network.input_shape), np.float32)).shape[1]
                familiarity = Familiarity.from_json(known, wide)
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from None
        return cls(network, about, familiarity, about.get("fit", "crop"))

    def save(self, path: str | Path) -> None:
        """Write the network and what is said of it; `nn.load` reads the network alone."""
        json_file.save(self.network, Path(path), self.told)

    @property
    def told(self) -> dict[str, Any]:
        """What the file says beside the network."""
        told = {"fit": self.fit, **self.about}
        if self.familiarity is not None:
            told["familiarity"] = self.familiarity.to_json()
        return told

    def read(self, image: PhotoSource, name: str | None = None) -> NDArray[np.float32]:
        """Return a photo as the network takes it: (1, C, edge, edge) float32 in [0, 1].

        ``name`` is what an error calls the photo. Errors are those of `nn.data.photo.read_photo`.
        """
        channels, edge, _ = self.network.input_shape
        pixels = to_float(read_photo(image, edge, self.fit, name)[None])
        if channels == 1:
            weights = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
            pixels = np.ascontiguousarray(np.tensordot(pixels, weights, (1, 0))[:, None])
        return pixels

    def classify(self, image: PhotoSource, name: str | None = None) -> Answer:
        """Return what a photo shows: a file, bytes, a PIL image or an array; see `read`."""
        return self.answer(self.read(image, name))

    def answer(self, x: NDArray[np.float32]) -> Answer:
        """Return what one prepared picture (1, C, edge, edge) shows."""
        chances = [float(chance) for chance in self.network.predict(x)[0]]
        names = self.network.class_names
        return Answer(names[int(np.argmax(chances))], dict(zip(names, chances, strict=True)))

    def unlike_both(self, x: NDArray[np.float32]) -> str | None:
        """Return a warning when a prepared picture (1, C, edge, edge) looks like neither class.

        None when it doesn't, or when the file doesn't say what the training pictures were like.
        """
        if self.familiarity is None:
            return None
        return self.familiarity.unlike_both(features(self.network, x)[0], x[0])


@cache
def shipped() -> PhotoModel:
    """Return the model that comes with the app; read once. Copy its network to train it."""
    return PhotoModel.load()


def beard_or_badger(image: PhotoSource) -> Answer:
    """Tell whether a photo shows a beard or a badger.

    Args:
        image: a file's path, its bytes, a PIL image, or an array (H, W), (H, W, 1 | 3 | 4) or
            (1 | 3 | 4, H, W), uint8 or float in [0, 1].

    Returns:
        label and probabilities: ``("beard", {"badger": 0.07, "beard": 0.93})``.

    Raises:
        ValueError: one sentence with the photo's name and what was wrong with it.
        OSError: the file can't be opened.
    """
    return shipped().classify(image)
