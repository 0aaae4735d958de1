"""Photos and data sets of photos as parts of a session file. Qt-free."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gui import kept
from gui.kept import Parts
from gui.photo_data import GONE, Credit, PhotoData
from gui.photo_reading import LARGEST_SHOWN, Crop, Photo, Picture, Source, pixels_of
from nn.data.datasets import Dataset

MOST_BYTES = 40_000_000
"""Pictures of a data set that take more are left out: their folder has them."""
MOST_OPENED = 4000
"""Photos of those opened together that are kept, each as small as a network sees it."""
LARGEST = 512  # pixels along an edge of what a network sees


# -- data sets -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToldData:
    """A data set without its pictures; `credits` are those that occur, each once."""

    name: str
    note: str
    class_names: tuple[str, ...]
    edited: bool
    credits: tuple[Credit, ...]


def data_parts(data: PhotoData) -> Callable[[], Parts]:
    """Take a data set as it is now; what is returned makes the parts of it."""
    images, labels, names, credits = (
        data.images,
        data.labels.copy(),
        tuple(data.class_names),
        data.credits.copy(),
    )

    def parts() -> Parts:
        if images.nbytes > MOST_BYTES:
            return {"left_out.json": data.name}
        places = {credit: i for i, credit in enumerate(dict.fromkeys(credits))}
        told = ToldData(data.name, data.note, names, data.edited, tuple(places))
        arrays = {
            "images": images,
            "labels": labels,
            "credits": np.array([places[credit] for credit in credits], np.int64),
        }
        return {"data.json": kept.told(told), "data.npz": arrays}

    return parts


def read_data(parts: Parts) -> PhotoData | None:
    """A data set from its parts; None where there is none. ValueError for what does not fit."""
    if "data.json" not in parts:
        return None
    told = kept.record(parts, "data.json", ToldData)
    images = _pictures(parts, "data.npz")
    labels = kept.array(parts, "data.npz", "labels", np.int64, (len(images),))
    places = kept.array(parts, "data.npz", "credits", np.int64, (len(images),))
    with kept.naming("data.npz"):
        _within(labels, GONE, len(told.class_names))
        _within(places, 0, len(told.credits))
    credits = [told.credits[place] for place in places.tolist()]
    data = PhotoData(told.name, images, labels, told.class_names, credits, told.note)
    data.edited = told.edited
    return data


def learning_parts(dataset: Dataset) -> Parts:
    """What a training under way learns from; nothing where that is too large."""
    if dataset.images.nbytes > MOST_BYTES:
        return {}
    return {
        "learning.json": {"name": dataset.name, "class_names": list(dataset.class_names)},
        "learning.npz": {"images": dataset.images, "labels": dataset.labels},
    }


@dataclass(frozen=True)
class ToldLearning:
    """What a training under way learns from, without the pictures."""

    name: str
    class_names: tuple[str, ...]


def read_learning(parts: Parts) -> Dataset:
    """From `learning_parts`; ValueError, one sentence, for what does not fit."""
    told = kept.record(parts, "learning.json", ToldLearning)
    images = _pictures(parts, "learning.npz")
    labels = kept.array(parts, "learning.npz", "labels", np.int64, (len(images),))
    with kept.naming("learning.npz"):
        return Dataset(told.name, images, labels, told.class_names)


def _pictures(parts: Parts, name: str) -> NDArray[np.uint8]:
    """Pictures (N, 3, S, S)."""
    images = kept.array(parts, name, "images", np.uint8, (None, 3, None, None))
    with kept.naming(name):
        if images.shape[2] != images.shape[3] or not 1 <= images.shape[2] <= LARGEST:
            raise ValueError(f"pictures can't be of {images.shape[1:]}")
    return images


def _within(values: NDArray[np.int64], low: int, end: int) -> None:
    if len(values) and not (values.min() >= low and values.max() < end):
        raise ValueError(f"a picture has a class or a credit that is not in {low} to {end - 1}")


# -- photos that were opened -----------------------------------------------------------------


@dataclass(frozen=True)
class KeptPhoto:
    """A photo of those opened together: from its file while that is there, else as it was seen."""

    path: str  # empty: from no file
    square: Picture

    def __call__(self) -> Picture:
        try:
            return pixels_of(Path(self.path)) if self.path else self.square
        except (OSError, ValueError):
            return self.square


@dataclass(frozen=True)
class ToldSource:
    """Where a photo comes from, without its pixels."""

    name: str
    origin: str
    label: int | None
    row: int | None
    path: str

    @classmethod
    def of(cls, source: Source) -> "ToldSource":
        what = source.what
        path = str(what) if isinstance(what, Path) else getattr(what, "path", "")
        return cls(source.name, source.origin, source.label, source.row, path)

    def source(self, square: Picture) -> Source:
        """To be opened again; a file on another computer is none of ours to ask for."""
        path = "" if self.path.startswith(("//", "\\\\")) else self.path
        what = KeptPhoto(path, square)
        return Source(what, self.name, self.origin, self.label, self.row)


@dataclass(frozen=True)
class ToldPhotos:
    """The photo in sight, its square, and those that were opened together, of `total`."""

    photo: ToldSource | None
    crop: Crop
    opened: tuple[ToldSource, ...]
    total: int
    place: int  # of the photo in sight among them


def photo_parts(
    photo: Photo | None,
    crop: Crop,
    opened: Sequence[Source],
    images: NDArray[np.uint8],
    place: int,
) -> Parts:
    """The photo in sight, and those opened together with their squares (N, 3, S, S)."""
    told = ToldPhotos(
        None if photo is None else ToldSource.of(photo.source),
        Crop(float(crop.left), float(crop.top), float(crop.edge)),
        tuple(ToldSource.of(source) for source in opened[:MOST_OPENED]),
        len(opened),
        place,
    )
    parts: Parts = {
        "photos.json": kept.told(told),
        "opened.npz": {"images": images[:MOST_OPENED]},
    }
    if photo is not None:
        parts["photo.npz"] = {"shown": photo.shown, "middle": photo.middle}
    return parts


def read_photos(
    parts: Parts,
) -> tuple[ToldPhotos, Photo | None, list[Source], NDArray[np.uint8]]:
    """From `photo_parts`: what is told, the photo, those opened together, and their squares."""
    told = kept.record(parts, "photos.json", ToldPhotos)
    images = _pictures(parts, "opened.npz")
    with kept.naming("photos.json"):
        if len(images) != len(told.opened):
            raise ValueError(f"there are {len(images)} pictures of {len(told.opened)} photos")
        if not 0 <= told.place < max(told.total, 1):
            raise ValueError(f"there is no photo {told.place}")
    opened = [source.source(image) for source, image in zip(told.opened, images, strict=True)]
    if told.photo is None:
        return told, None, opened, images
    shown = kept.array(parts, "photo.npz", "shown", np.uint8, (None, None, 3))
    middle = kept.array(parts, "photo.npz", "middle", np.uint8, (3, None, None))
    with kept.naming("photo.npz"):
        high, wide = shown.shape[:2]
        edges = middle.shape[1:]
        if not (min(high, wide) >= 1 and max(high, wide) <= LARGEST_SHOWN):
            raise ValueError(f"a photo can't be of {wide}×{high} pixels")
        if edges[0] != edges[1] or not 1 <= edges[0] <= LARGEST:
            raise ValueError(f"what a network sees can't be of {edges}")
    from PIL import Image  # for whoever opens photos

    shown = np.ascontiguousarray(shown)
    source = told.photo.source(shown.transpose(2, 0, 1))
    return told, Photo(source, shown, middle, Image.fromarray(shown)), opened, images
