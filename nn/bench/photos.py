"""Ask networks of the photo recipe about real photos of animals and faces they never saw.

DIR holds the photos and SOURCES.csv with the columns file, class (badger or beard) and subject. For
each seed the subjects are dealt into folds, each class by itself; a network learns from all folds
but one and is asked about that one, until every photo was asked about once. Subjects cut from one
photo (named PHOTO@a, PHOTO@b) stay together. The networks learn from painted pictures, from the
real photos of the other folds, or from both by turns. What was learned from painted pictures alone
has seen no photo at all, so one network a seed answers for all.

Balanced accuracy is the mean of the two classes' accuracies, in percent, mean ± standard error over
the seeds. "grey" asks about the photos without colour, "hues" with all hues turned by a third of
the colour circle, either way (grass turns purple, skin green). Two baselines beside it know one
number of a photo only, with the threshold that fits the training folds best: mean green excess
(2 G - R - B) and mean brightness. By default seeds 0 to 4, which the recipe was not chosen by.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from nn import formats
from nn.data import painted
from nn.data.augment import to_float
from nn.data.jitter import LUMA, greyed, turned
from nn.data.photo import read_photo
from nn.network import Network
from nn.photo_model import PhotoModel
from nn.photo_recipe import PAINTED, STEPS, Pictures, learn

SOURCES = ("painted", "real", "both")
VIEWS = ("colour", "grey", "hues")
BASELINES = ("green excess", "brightness")


@dataclass(frozen=True, eq=False)
class Photos:
    """Real photos (N, 3, 32, 32) uint8 with labels (N,), and who is on each (N,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    subjects: list[str]

    @property
    def groups(self) -> list[str]:
        """What must stay together: subjects of one photo, named PHOTO@a and PHOTO@b, are one."""
        return [subject.partition("@")[0] for subject in self.subjects]

    def counted(self) -> str:
        """How many there are, in words."""
        badgers = self.labels == 0
        animals, photos = (
            len({name for name, own in zip(names, badgers, strict=True) if own})
            for names in (self.subjects, self.groups)
        )
        return (
            f"{int((~badgers).sum())} real photos of beards and only {int(badgers.sum())} crops "
            f"of {animals} badgers from {photos} photos"
        )


@dataclass(frozen=True)
class Result:
    """Accuracies (0 to 1) of one way to answer, one for each seed."""

    way: str
    view: str
    badger: list[float]
    beard: list[float]
    balanced: list[float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `bench photos`."""
    parser.add_argument("--data", required=True, type=Path, metavar="DIR", help="folder of photos")
    parser.add_argument(
        "--source",
        action="append",
        choices=SOURCES,
        help="what to learn from; may be given again (all three)",
    )
    parser.add_argument("--seeds", type=_positive, default=5, help="how many seeds (5)")
    parser.add_argument("--first-seed", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--folds", type=_positive, default=5, help="parts of the subjects (5)")
    parser.add_argument("--steps", type=_positive, default=STEPS, help=f"steps ({STEPS})")
    parser.add_argument(
        "--painted", type=_positive, default=PAINTED, help=f"pictures to paint ({PAINTED})"
    )
    parser.add_argument("--model", type=Path, metavar="FILE", help="ask this network instead")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Learn, ask, and print what came of it."""
    photos = read(arguments.data)
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    started = perf_counter()
    if arguments.model is not None:
        results = shipped(photos, arguments.model)
    else:
        results = compare(
            photos,
            arguments.source or SOURCES,
            seeds,
            arguments.folds,
            arguments.steps,
            arguments.painted,
        )
        results += baselines(photos, seeds, arguments.folds)
    if arguments.json:
        report = {
            "photos": photos.counted(),
            "seeds": list(seeds),
            "results": [asdict(r) for r in results],
        }
        print(json.dumps(report, indent=1))
        return 0
    asked = "one network" if arguments.model else f"seeds {seeds[0]} to {seeds[-1]}"
    print(f"{photos.counted()}; {asked}")
    if arguments.model is not None:
        about = PhotoModel.load(arguments.model).about
        print(f"It learned from: {about.get('trained_on', 'the file does not say')}")
        print("Photos that it learned from say nothing about photos that it never saw.")
    print(table(results))
    print(f"({perf_counter() - started:.0f} s)")
    return 0


def read(folder: Path) -> Photos:
    """Read the photos that SOURCES.csv lists.

    Raises:
        ValueError: a column or a class is missing, or a photo can't be used.
        OSError: a file can't be read.
    """
    with (folder / "SOURCES.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = {"file", "class", "subject"} - set(rows[0] if rows else ())
    if missing:
        raise ValueError(f"SOURCES.csv: expected the columns file, class, subject; no {missing}")
    foreign = {row["class"] for row in rows} ^ set(painted.CLASS_NAMES)
    if foreign:
        raise ValueError(f"SOURCES.csv: expected the classes badger and beard, not {foreign}")
    images = np.stack([read_photo(folder / row["file"]) for row in rows])
    labels = np.array([painted.CLASS_NAMES.index(row["class"]) for row in rows])
    return Photos(images, labels, [row["subject"] for row in rows])


def folds(photos: Photos, count: int, seed: int) -> NDArray[np.int64]:
    """Return the fold of each photo (N,): groups are whole, and dealt out class by class.

    Groups with many photos go first, each to the fold that has fewest of its class.
    """
    rng = np.random.default_rng([seed, 3])
    place: dict[str, int] = {}
    for label in np.unique(photos.labels):
        own = [g for g, of in zip(photos.groups, photos.labels, strict=True) if of == label]
        names = rng.permutation(sorted(set(own))).tolist()
        if len(names) < count:
            raise ValueError(f"{count} folds need as many subjects, got {len(names)}")
        filled = np.zeros(count)
        for name in sorted(names, key=lambda name: -own.count(name)):
            fold = int(filled.argmin())
            place[name] = fold
            filled[fold] += own.count(name)
    return np.array([place[group] for group in photos.groups])


def compare(
    photos: Photos,
    sources: Sequence[str],
    seeds: Sequence[int],
    count: int,
    steps: int,
    pictures: int,
) -> list[Result]:
    """Learn from every source with every seed and ask about all photos."""
    asked = views(photos.images)
    answers: dict[tuple[str, str], list[NDArray[np.float64]]] = {
        (source, view): [] for source in sources for view in VIEWS
    }
    for seed in seeds:
        made = painted.pictures(pictures, seed) if set(sources) & {"painted", "both"} else None
        fold = folds(photos, count, seed)
        for source in sources:
            right = {view: np.zeros(len(fold)) for view in VIEWS}
            for held, taught in _splits(source, fold, count):
                _tell(f"seed {seed}: learning from {source} pictures, asking about {held.sum()}")
                lesson: list[Pictures] = [] if made is None or source == "real" else [made]
                if source != "painted":
                    lesson.append((photos.images[taught], photos.labels[taught]))
                network = learn(lesson, painted.CLASS_NAMES, seed, steps)
                for view in VIEWS:
                    right[view][held] = correct(network, asked[view], photos.labels)[held]
            for view in VIEWS:
                answers[source, view].append(right[view])
    return [_result(way, view, found, photos.labels) for (way, view), found in answers.items()]


def shipped(photos: Photos, path: Path) -> list[Result]:
    """Ask the network in a file about all photos."""
    network = formats.load(path)
    asked = views(photos.images)
    return [
        _result(path.name, view, [correct(network, asked[view], photos.labels)], photos.labels)
        for view in VIEWS
    ]


def baselines(photos: Photos, seeds: Sequence[int], count: int) -> list[Result]:
    """Answer from one number of a photo, the threshold fitted on the other folds."""
    results = []
    measures: tuple[Callable[[NDArray[np.float32]], NDArray[np.float32]], ...] = (
        green_excess,
        brightness,
    )
    for way, measure in zip(BASELINES, measures, strict=True):
        for view, images in views(photos.images).items():
            values = measure(images).reshape(-1, len(photos.labels))
            found = []
            for seed in seeds:
                fold = folds(photos, count, seed)
                right = np.zeros(len(fold))
                for held, taught in _splits("real", fold, count):
                    own = np.tile(taught, len(values))
                    threshold, above = fitted(
                        values.ravel()[own], np.tile(photos.labels, len(values))[own]
                    )
                    guess = np.where(values > threshold, above, 1 - above)
                    right[held] = (guess == photos.labels).mean(axis=0)[held]
                found.append(right)
            results.append(_result(way, view, found, photos.labels))
    return results


def fitted(values: NDArray[np.float32], labels: NDArray[np.int64]) -> tuple[float, int]:
    """Return the threshold with the best balanced accuracy, and the label of what lies above."""
    order = np.unique(values).astype(np.float32)
    cuts = np.concatenate((order[:1] - 1, (order[1:] + order[:-1]) / 2))
    above = np.greater(values[None, :], cuts[:, None])
    share = [above[:, labels == label].mean(axis=1) for label in (0, 1)]
    balanced = (1 + share[1] - share[0]) / 2  # when what lies above is called 1
    best = int(np.abs(balanced - 0.5).argmax())
    return float(cuts[best]), int(balanced[best] >= 0.5)


def green_excess(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of 2 G - R - B of each picture (N, 3, H, W)."""
    red, green, blue = images.mean(axis=(2, 3)).T
    return np.asarray(2 * green - red - blue, np.float32)


def brightness(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean luma of each picture (N, 3, H, W)."""
    return np.asarray(images.mean(axis=(2, 3)) @ LUMA, np.float32)


def views(images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Return the ways photos (N, 3, H, W) are shown; "hues" is (2 N, 3, H, W)."""
    plain = to_float(images)
    third = np.full(len(plain), 2 * np.pi / 3)
    return {
        "colour": plain,
        "grey": greyed(plain),
        "hues": np.concatenate((turned(plain, third), turned(plain, -third))),
    }


def correct(
    network: Network, images: NDArray[np.float32], labels: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return for each label (N,) the part of its pictures that were answered right."""
    answers = network.predict(images).argmax(axis=1).reshape(-1, len(labels))
    return np.asarray((answers == labels).mean(axis=0))


def table(results: Sequence[Result]) -> str:
    """Set the results as a table, one line for each way and view."""
    lines = [f"{'learned from':24} {'shown in':8} {'badgers':>12} {'beards':>12} {'balanced':>12}"]
    for result in results:
        cells = "".join(
            f" {_summary(values):>12}" for values in (result.badger, result.beard, result.balanced)
        )
        lines.append(f"{result.way:24} {result.view:8}{cells}")
    return "\n".join(lines)


def _result(
    way: str, view: str, found: Sequence[NDArray[np.float64]], labels: NDArray[np.int64]
) -> Result:
    badger, beard = ([float(right[labels == of].mean()) for right in found] for of in (0, 1))
    return Result(
        way, view, badger, beard, [(a + b) / 2 for a, b in zip(badger, beard, strict=True)]
    )


def _splits(
    source: str, fold: NDArray[np.int64], count: int
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Yield what is asked about and what may be learned from, as masks (N,)."""
    if source == "painted":
        yield np.ones(len(fold), bool), np.zeros(len(fold), bool)
        return
    for number in range(count):
        yield fold == number, fold != number


def _summary(values: Sequence[float]) -> str:
    error = float(np.std(values, ddof=1)) / sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{100 * float(np.mean(values)):.1f} ±{100 * error:.1f}"


def _tell(sentence: str) -> None:
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr)


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return int(text)
