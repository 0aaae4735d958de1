"""Opening a data set that lies on this machine: whatever the folder holds, it is recognised.

    MNIST               t10k-images-idx3-ubyte.gz …            official names, with or without .gz
    CIFAR-10            data_batch_1.bin …, data_batch_1 …     binary or Python layout
    pictures            one sub-folder a class, or class_number.jpg

Parts of a data set are enough: whichever batches are there are read.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from nn.data import cifar, idx
from nn.data.datasets import Dataset
from nn.data.progress import Job, Progress, finish

_DIGITS = tuple("0123456789")
_MNIST_BYTES = 200_000_000
_MNIST_LABELS = 1_000_000
_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
_TEST_BATCH = "test_batch"


def load_folder(path: str | Path, size: int = 32, channels: int = 3) -> Dataset:
    """Open the data set in a folder; see `loading`."""
    return finish(loading(path, size, channels))


def loading(path: str | Path, size: int = 32, channels: int = 3) -> Job[Dataset]:
    """Open the data set in a folder, as a job that tells how far it is.

    Args:
        path: the folder; one that holds nothing but the folder of a data set will do, too.
        size, channels: of the pictures, where it is a folder of pictures (`nn.data.folders`).

    Returns:
        The data set. Its `note` says in a sentence what was found.

    Raises:
        ValueError: nothing was recognised, or a file is bad; one sentence that says why.
        OSError: the folder can't be read.
    """
    folder = Path(path)
    if not folder.exists():
        raise ValueError(f"{folder}: there is no such folder")
    if not folder.is_dir():
        raise ValueError(f"{folder}: is a file, expected the folder that a data set lies in")
    for home in (folder, *_inner(folder)):
        if _mnist_files(home, "train") or _mnist_files(home, "t10k"):
            return (yield from _mnist(home))
        if any(_cifar_file(home, name) for name in (*_BATCHES, _TEST_BATCH)):
            return (yield from _cifar(home))
    from nn.data import folders  # Pillow is needed for pictures alone

    if folders.has_pictures(folder):
        return (yield from folders.reading(folder, size, channels=channels))
    raise ValueError(
        f"{folder}: found no data set here; expected MNIST's files (such as "
        f"train-images-idx3-ubyte.gz), CIFAR-10's (such as data_batch_1.bin), or pictures in one "
        f"sub-folder for each class or named class_number.jpg"
    )


def _inner(folder: Path) -> list[Path]:
    """Return the one visible sub-folder, as archives unpack to, or those that MNIST names."""
    inner = [entry for entry in folder.iterdir() if entry.is_dir() and entry.name[0] != "."]
    if len(inner) == 1:
        return inner
    return sorted(entry for entry in inner if entry.name in ("raw", "mnist"))


# -- MNIST ------------------------------------------------------------------------------------


def _mnist_files(folder: Path, half: str) -> tuple[Path, Path] | None:
    """Return the files of pictures and labels of "train" or "t10k", if both are there."""
    images = _named(folder, f"{half}-images-idx3-ubyte", f"{half}-images.idx3-ubyte")
    labels = _named(folder, f"{half}-labels-idx1-ubyte", f"{half}-labels.idx1-ubyte")
    if images and labels:
        return images, labels
    if images or labels:
        missing = "labels-idx1" if images else "images-idx3"
        raise ValueError(f"{folder}: {half}-{missing}-ubyte is missing beside {images or labels}")
    return None


def _named(folder: Path, *names: str) -> Path | None:
    """Return the file of one of these names, with or without .gz."""
    for name in names:
        for path in (folder / name, folder / f"{name}.gz"):
            if path.is_file():
                return path
    return None


def _mnist(folder: Path) -> Job[Dataset]:
    halves: list[tuple[str, Dataset]] = []
    for half in ("train", "t10k"):
        files = _mnist_files(folder, half)
        if files:
            yield Progress(f"reading {files[0].name}", len(halves), 2, "files")
            halves.append((half, _mnist_half(*files)))
    return _found("MNIST", folder, [half for _, half in halves], halves[0][0] == "train")


def _mnist_half(image_file: Path, label_file: Path) -> Dataset:
    images = idx.read(image_file, 3, _MNIST_BYTES)
    labels = idx.read(label_file, 1, _MNIST_LABELS)
    for path, array in ((image_file, images), (label_file, labels)):
        if array.dtype != np.uint8 or not array.size:
            raise ValueError(
                f"{path}: expected at least one number of type uint8, "
                f"got {array.dtype} of shape {array.shape}"
            )
    if len(labels) != len(images):
        raise ValueError(
            f"{label_file}: expected a label for each of {len(images):,} pictures, "
            f"got {len(labels):,}"
        )
    if labels.max() > 9:
        raise ValueError(f"{label_file}: expected labels from 0 to 9, got {labels.max()}")
    return Dataset("MNIST", images[:, None], labels.astype(np.int64), _DIGITS)


# -- CIFAR-10 ---------------------------------------------------------------------------------


def _cifar_file(folder: Path, name: str) -> Path | None:
    return _named(folder, f"{name}.bin", name)


def _cifar(folder: Path) -> Job[Dataset]:
    names = [name for name in (*_BATCHES, _TEST_BATCH) if _cifar_file(folder, name)]
    batches = []
    for done, name in enumerate(names):
        path = _cifar_file(folder, name)
        assert path is not None
        yield Progress(f"reading {path.name}", done, len(names), "files")
        binary = path.name.removesuffix(".gz").endswith(".bin")
        batches.append(cifar.read_binary(path) if binary else cifar.read_python(path))
    train = [batch for name, batch in zip(names, batches, strict=True) if name != _TEST_BATCH]
    tests = [batch for name, batch in zip(names, batches, strict=True) if name == _TEST_BATCH]
    batches.clear()
    halves: list[Dataset] = []
    for half in (train, tests):
        if half:
            images = half[0][0] if len(half) == 1 else np.concatenate([batch[0] for batch in half])
            labels = np.concatenate([batch[1] for batch in half])
            halves.append(Dataset("CIFAR-10", images, labels, cifar.CLASS_NAMES))
    dataset = _found("CIFAR-10", folder, halves, bool(train))
    if 0 < len(train) < len(_BATCHES):
        note = f"{dataset.note[:-1]}; {len(train)} of {len(_BATCHES)} training files are here."
        return replace(dataset, note=note)
    return dataset


def _found(name: str, folder: Path, halves: list[Dataset], has_training: bool) -> Dataset:
    """Join a training and a test half, and say what there is."""
    first = halves[0]
    if len(halves) == 2:
        test = replace(halves[1], name=f"{name} (test)")
        note = f"{folder}: {name}, {len(first):,} pictures and {len(test):,} to test with."
        try:
            return replace(first, test=test, note=note)
        except ValueError:
            raise ValueError(
                f"{folder}: the test pictures {test.image_shape} have another shape than the "
                f"training pictures {first.image_shape}"
            ) from None
    what = "pictures, without the test set" if has_training else "pictures of the test set alone"
    return replace(first, note=f"{folder}: {name}, {len(first):,} {what}.")
