"""The recipe of the shipped photo weights: how beard or badger is learned.

Plain SGD on one picture a step with a constant learning rate, each class and each source of
pictures equally often. The weights at the end are the mean of those after every 64th step of the
second half (Polyak and Juditsky, 1992): a single one jumps about, with one picture a step.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from nn import presets
from nn.data.jitter import Jitter
from nn.network import Network
from nn.optimizers import SGD
from nn.training import Trainer

PRESET = "badger"
LEARNING_RATE = 0.01
STEPS = 30_000
PAINTED = 4000
"""Pictures painted for the training."""

BLOCK = 64
"""Pictures prepared at a time."""

Pictures = tuple[NDArray[np.uint8], NDArray[np.int64]]
"""Pictures (N, 3, H, W) and their labels (N,)."""


def learn(
    sources: Sequence[Pictures],
    class_names: Sequence[str],
    seed: int = 0,
    steps: int = STEPS,
    jitter: Jitter | None = None,
    after_block: Callable[[int], None] | None = None,
) -> Network:
    """Return a network that has learned from the sources, each of them equally often.

    Args:
        sources: painted pictures, photos, or both; every class in each of them.
        class_names: what the labels 0, 1, ... stand for.
        seed: of the first weights, the order and the changes.
        steps: how many pictures are shown.
        jitter: the changes; by default those of the recipe.
        after_block: called with the number of steps done, after every 64.

    Raises:
        ValueError: a class is missing in a source, or training diverged.
    """
    jitter = jitter or Jitter()
    network = presets.build(PRESET, seed=seed, class_names=class_names)
    trainer = Trainer(network, SGD(lr=LEARNING_RATE), seed=seed)
    order, changes = (
        np.random.default_rng(part) for part in np.random.SeedSequence([seed, 1]).spawn(2)
    )
    decks = [_decks(source, len(class_names), order) for source in sources]
    total, count = np.zeros(network.parameters.size), 0
    done = 0
    while done < steps:
        size = min(BLOCK, steps - done)
        labels = order.permutation(np.arange(done, done + size) % len(class_names))
        chosen = order.integers(len(decks), size=size)
        block = np.stack([decks[s][label].draw() for s, label in zip(chosen, labels, strict=True)])
        prepared = jitter.train(block, changes)
        for i in range(size):
            if trainer.step(prepared[i : i + 1], labels[i : i + 1]).diverged:
                raise ValueError(f"training diverged at step {trainer.steps} (seed {seed})")
        done += size
        if done > steps // 2:
            total += network.parameters
            count += 1
        if after_block is not None:
            after_block(done)
    network.parameters[...] = total / max(count, 1)
    return network


class _Deck:
    """The pictures of one class of one source: shuffled, dealt to the last, shuffled again."""

    def __init__(self, images: NDArray[np.uint8], rng: np.random.Generator) -> None:
        self._images, self._rng = images, rng
        self._order: list[int] = []

    def draw(self) -> NDArray[np.uint8]:
        if not self._order:
            self._order = self._rng.permutation(len(self._images)).tolist()
        picture: NDArray[np.uint8] = self._images[self._order.pop()]
        return picture


def _decks(source: Pictures, classes: int, rng: np.random.Generator) -> list[_Deck]:
    images, labels = source
    counts = np.bincount(labels, minlength=classes)
    if len(counts) != classes or not counts.all():
        raise ValueError(
            f"every source must have pictures of all {classes} classes, got {counts.tolist()}"
        )
    return [_Deck(images[labels == label], rng) for label in range(classes)]
