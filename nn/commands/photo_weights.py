"""Learn beard or badger and write the file that ships, with all that is to be said of it.

The network learns from pictures that the program paints, and with --data from real photos too
(DIR holds them and SOURCES.csv, see `bench photos`). --report is what `bench photos --json` printed
for the same recipe; its figures of networks that learned from the same kind of pictures, on photos
they never saw, go into the file.
"""

import argparse
import json
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.bench import photos as bench
from nn.data import painted
from nn.data.augment import to_float
from nn.data.jitter import Jitter
from nn.photo_familiarity import KEPT, Familiarity
from nn.photo_model import PhotoModel
from nn.photo_recipe import LEARNING_RATE, PAINTED, STEPS, Pictures, learn

HELD_OUT = 0.25
"""As many painted pictures as this part are not learned from: they set the warning's threshold."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `train beard-or-badger`."""
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="file to write")
    parser.add_argument("--data", type=Path, metavar="DIR", help="learn from these photos too")
    parser.add_argument("--seed", type=int, default=0, help="of painting and learning (0)")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"pictures shown ({STEPS})")
    parser.add_argument(
        "--painted", type=int, default=PAINTED, help=f"pictures to paint ({PAINTED})"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="from `bench photos --json`")


def run(arguments: argparse.Namespace) -> int:
    """Paint, learn, write."""
    images, labels = painted.pictures(arguments.painted, arguments.seed)
    sources: list[Pictures] = [(images, labels)]
    real = None
    if arguments.data is not None:
        real = bench.read(arguments.data)
        sources.append((real.images, real.labels))

    def after_block(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:,} of {arguments.steps:,} steps", end="", file=sys.stderr, flush=True)

    network = learn(
        sources, painted.CLASS_NAMES, arguments.seed, arguments.steps, after_block=after_block
    )
    held_out, held_labels = painted.pictures(
        max(8, int(HELD_OUT * arguments.painted)), arguments.seed + 1
    )
    asked = to_float(held_out)
    seen, shown = to_float(images), labels
    if real is not None:
        changed, whose = _changed(real, len(images) // 2, arguments.seed)
        seen, shown = np.concatenate((seen, changed)), np.concatenate((shown, whose))
    familiarity = Familiarity.learned(network, seen, shown, asked, arguments.seed)
    right = network.predict(asked).argmax(axis=1) == held_labels
    about = {
        "what": "Tells a photo of a beard from one of a badger. It always answers one of the two.",
        "preprocessing": "nn.data.photo.read_photo: turned as EXIF says, transparency on white, "
        "the middle square, Lanczos to 32×32, red, green, blue; divided by 255.",
        "order": "parameters: layer by layer, weight row-major in its public shape, then bias",
        "trained_on": _trained_on(arguments, real),
        "recipe": f"plain SGD, one picture a step, learning rate {LEARNING_RATE}, "
        f"{arguments.steps:,} steps, both classes equally often; pictures mirrored, moved, turned, "
        "and changed in hue, colour, light, contrast and sharpness alike for both classes; the "
        "weights are the mean over the second half of training.",
        "seed": arguments.seed,
        "command": f"python -m nn train beard-or-badger {_words(arguments)}",
        "date": date.today().isoformat(),
        "accuracy": {
            "painted pictures it never saw": {
                "pictures": len(asked),
                **{
                    name: round(float(right[held_labels == label].mean()), 3)
                    for label, name in enumerate(painted.CLASS_NAMES)
                },
            },
            **_figures(arguments),
        },
        "warning": "Unlike both: 1 less the cosine from the features to the nearest of the typical "
        f"directions, above what {100 * KEPT:.0f} % of held-out painted pictures have.",
    }
    PhotoModel(network, about, familiarity).save(arguments.out)
    print(f"{arguments.out}: {network.parameters.size:,} weights; {about['trained_on']}")
    return 0


def _trained_on(arguments: argparse.Namespace, real: bench.Photos | None) -> str:
    half = arguments.painted // 2
    sentence = (
        f"{arguments.painted:,} pictures that this program painted itself "
        f"({arguments.painted - half:,} badgers, {half:,} beards)"
    )
    if real is None:
        return sentence + ", and not one photo. Real photos served to measure it only."
    return (
        f"{sentence}, and as often on {real.counted()}. "
        "So few badgers say little about all the others."
    )


def _changed(
    real: bench.Photos, count: int, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return photos as training sees them, ``count`` in all, both classes equally often."""
    each = [np.resize(np.flatnonzero(real.labels == label), count // 2) for label in (0, 1)]
    rows = np.concatenate(each)
    return Jitter().train(real.images[rows], np.random.default_rng(seed)), real.labels[rows]


def _words(arguments: argparse.Namespace) -> str:
    """The command line that makes the same file; folders by name alone."""
    words = ["--out", arguments.out.name, "--seed", str(arguments.seed)]
    words += ["--steps", str(arguments.steps), "--painted", str(arguments.painted)]
    for name in ("data", "report"):
        value = getattr(arguments, name)
        if value is not None:
            words += [f"--{name}", value.name]
    return shlex.join(words)


def _figures(arguments: argparse.Namespace) -> dict[str, Any]:
    """What `bench photos` found out about networks made as this one is."""
    if arguments.report is None:
        return {}
    report = json.loads(arguments.report.read_text(encoding="utf-8"))
    way = "painted" if arguments.data is None else "both"

    def mean(values: list[float]) -> float:
        return round(float(np.mean(values)), 3)

    figures = {
        result["view"]: {name: mean(result[name]) for name in ("badger", "beard", "balanced")}
        for result in report["results"]
        if result["way"] == way
    }
    return {
        "real photos it never saw": {
            "photos": report["photos"],
            "measured": f"mean over the seeds {report['seeds']} of networks made the same way: "
            "python -m nn bench photos --data DIR",
            **figures,
        }
    }
