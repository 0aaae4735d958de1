"""From a table to what a network takes: a target, numbers standardised, categories one-hot."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nn.data.table import MOST_CATEGORIES, Column, Table
from nn.typing import Array

MOST_CLASSES = 26
MOST_FEATURES = 500


class Batch(NamedTuple):
    """Training and test rows as (N, F, 1, 1) float32 and labels (N,) int64.

    ``features`` names the F inputs, ``means`` and ``scales`` (F,) are what numbers were
    standardised with: (value - mean) / scale.
    """

    train_x: Array
    train_y: Array
    test_x: Array
    test_y: Array
    class_names: tuple[str, ...]
    features: tuple[str, ...]
    means: Array
    scales: Array
    remarks: tuple[str, ...]


def classes_of(column: Column) -> tuple[tuple[str, ...], Array]:
    """Return a column's different values as names, and labels (N,) with -1 where missing."""
    if column.codes is not None:
        return column.names, column.codes
    assert column.numbers is not None
    values, labels = np.unique(column.numbers, return_inverse=True)
    count = int(np.isfinite(values).sum())
    labels = np.where(np.isfinite(column.numbers), labels, -1).astype(np.int64)
    return tuple(f"{value:.10g}" for value in values[:count]), labels


def why_no_target(column: Column) -> str:
    """Why a column can't be the target, as a sentence; empty when it can."""
    names, _ = classes_of(column)
    if not names:
        return f"{column.name} holds no values."
    if len(names) == 1:
        return f"{column.name} is always {names[0]}: a target needs at least 2 classes."
    if len(names) > MOST_CLASSES:
        return (
            f"{column.name} has {len(names):,} different values; "
            f"a target can have {MOST_CLASSES} classes at most."
        )
    return ""


def likely_target(table: Table) -> int | None:
    """Return the last category that can be the target, else the last such column, or None."""
    good = [i for i, column in enumerate(table.columns) if not why_no_target(column)]
    words = [i for i in good if not table.columns[i].is_number]
    return words[-1] if words else good[-1] if good else None


def prepare(
    table: Table,
    target: int,
    used: Sequence[int] | None = None,
    test_part: float = 0.25,
    seed: int = 0,
) -> Batch:
    """Part a table's rows for training and testing, and turn them into batches.

    ``used`` are the columns to learn from, by default all but the target. A missing number
    becomes the mean of the training rows, a missing category none of the categories; rows
    without a target are left out. Test rows are drawn from every class alike with ``seed``.
    Raises ValueError, a sentence, when nothing can be learnt.
    """
    if reason := why_no_target(table.columns[target]):
        raise ValueError(reason)
    if not 0 <= test_part <= 0.9:
        raise ValueError(f"test_part must be 0 to 0.9, got {test_part}")
    class_names, labels = classes_of(table.columns[target])
    known = labels >= 0
    remarks = list(table.remarks)
    if gone := int((~known).sum()):
        remarks.append(f"{_rows(gone)} without {table.columns[target].name} {_are(gone)} left out.")
    test = _held_out(labels, test_part, seed)
    train = known & ~test
    chosen = range(len(table.columns)) if used is None else used
    blocks: list[Array] = []
    features: list[str] = []
    means: list[float] = []
    scales: list[float] = []
    for i in chosen:
        if i == target:
            continue
        column = table.columns[i]
        if reason := _why_no_feature(column, train):
            remarks.append(reason)
            continue
        if column.missing or column.odd:
            remarks.append(_told_missing(column, table.rows))
        if column.numbers is not None:
            mean = float(np.nanmean(column.numbers[train]))
            scale = float(np.nanstd(column.numbers[train]))
            block = np.nan_to_num((column.numbers - mean) / scale)[:, None]
            features.append(column.name)
            means.append(mean)
            scales.append(scale)
        else:
            assert column.codes is not None
            block = (column.codes[:, None] == np.arange(len(column.names))).astype(np.float32)
            features += [f"{column.name}: {name}" for name in column.names]
            means += [0.0] * len(column.names)
            scales += [1.0] * len(column.names)
        blocks.append(np.clip(block, -1e6, 1e6).astype(np.float32))
        if len(features) > MOST_FEATURES:
            raise ValueError(
                f"{table.name} would be more than {MOST_FEATURES:,} inputs; use fewer columns"
            )
    if not blocks:
        raise ValueError(
            f"{table.name} has no column left to learn {table.columns[target].name} from."
        )
    x = np.concatenate(blocks, axis=1)[:, :, None, None]
    return Batch(
        np.ascontiguousarray(x[train]),
        labels[train],
        np.ascontiguousarray(x[test]),
        labels[test],
        class_names,
        tuple(features),
        np.array(means),
        np.array(scales),
        tuple(remarks),
    )


def _held_out(labels: Array, part: float, seed: int) -> Array:
    """Which rows test: `part` of each class, but never the last row of one."""
    rng = np.random.default_rng(seed)
    held = np.zeros(len(labels), bool)
    for label in np.unique(labels[labels >= 0]):
        mine = rng.permutation(np.flatnonzero(labels == label))
        held[mine[: min(round(part * len(mine)), len(mine) - 1)]] = True
    return held


def _why_no_feature(column: Column, train: Array) -> str:
    if column.numbers is not None:
        values = column.numbers[train]
        values = values[np.isfinite(values)]
        if not len(values):
            return f"{column.name} holds no values: left out."
        if not float(np.std(values)) > 0:
            return f"{column.name} is always {values[0]:g}: left out."
        return ""
    assert column.codes is not None
    if len(column.names) > MOST_CATEGORIES:
        return f"{column.name} has {len(column.names):,} different values: left out."
    if len(column.names) == 0:
        return f"{column.name} holds no values: left out."
    if len(column.names) == 1 and not column.missing:
        return f"{column.name} is always {column.names[0]}: left out."
    return ""


def _told_missing(column: Column, rows: int) -> str:
    text = f"{column.name} is missing in {column.missing:,} of {rows:,} rows"
    if column.odd:
        shown = ", ".join(f"“{word[:20]}”" for word in column.odd[:3])
        text += f" ({shown} {'is' if len(column.odd) == 1 else 'are'} no number)"
    if column.is_number:
        return f"{text}: the mean stands in."
    return f"{text}: no category stands in."


def _rows(count: int) -> str:
    return f"{count:,} row" + ("" if count == 1 else "s")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
