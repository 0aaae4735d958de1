"""A Sketch session that is kept and taken up again: the same drawings, the same training."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui import sketch_state
from gui.session import Session
from gui.workspaces.sketch import SketchWorkspace
from nn.data import examples
from nn.data.drawings import Drawing, Sample
from nn.formats import archive
from nn.formats.archive import Parts
from tests.driving import draw


@pytest.fixture
def sketch(qtbot: QtBot) -> Iterator[SketchWorkspace]:
    yield from made(qtbot)


@pytest.fixture
def other(qtbot: QtBot) -> Iterator[SketchWorkspace]:
    yield from made(qtbot)


def made(qtbot: QtBot) -> Iterator[SketchWorkspace]:
    session = Session()
    workspace = SketchWorkspace(session, lambda *_, **__: None)
    qtbot.addWidget(workspace)
    workspace.resize(1000, 600)
    workspace.show()
    yield workspace
    session.close()


def teach(sketch: SketchWorkspace, drawings: int = 3) -> None:
    for i in range(drawings):
        for label, name in enumerate("XO"):
            sketch.choose_label(label)
            draw(sketch.board.canvas, examples.hands(name, drawings)[i].strokes)
            sketch.train()


def through_a_file(parts: Parts) -> Parts:
    return archive.unpack(archive.pack(parts, "Brightwire", "now"), "a file").parts


def weights_and_losses(sketch: SketchWorkspace) -> tuple[bytes, bytes, int]:
    training = sketch.session.training
    return training.ask(
        lambda: (
            training.network.parameters.tobytes(),
            training.losses.exact().tobytes(),
            training.step_count,
        )
    )


def test_a_training_goes_on_in_the_middle_of_an_epoch_as_if_it_had_never_stopped(
    sketch: SketchWorkspace, other: SketchWorkspace
) -> None:
    teach(sketch)
    for _ in range(4):  # of six: in the middle of the epoch
        sketch.actions_["step"].trigger()
    other.restore(through_a_file(sketch.state()()))
    for workspace in (sketch, other):
        for _ in range(9):
            workspace.actions_["step"].trigger()
        workspace.train(10)
    assert weights_and_losses(sketch) == weights_and_losses(other)
    assert sketch.session.step_count == 6 + 4 + 9 + 10


def test_a_training_that_was_running_comes_back_paused(
    sketch: SketchWorkspace, other: SketchWorkspace, qtbot: QtBot
) -> None:
    teach(sketch)
    sketch.actions_["play"].trigger()
    qtbot.waitUntil(lambda: sketch.session.step_count > 100)
    parts = sketch.state()()
    other.restore(through_a_file(parts))
    assert not other.session.training.running
    assert other.session.step_count == parts["trainer.json"]["steps"] > 100
    assert other.actions_["play"].isEnabled()
    sketch.session.training.pause()


def test_all_that_was_made_and_chosen_is_there_again(
    sketch: SketchWorkspace, other: SketchWorkspace
) -> None:
    sketch.session.choose_preset("sketch-cnn")
    sketch.session.resize_grid(9)
    sketch.session.add_class("badger")
    sketch.learning_rate.set_value(0.05)
    sketch.session.set_lr(0.05)
    teach(sketch)
    sketch.session.delete_sample(2)
    sketch.choose_label(2)
    sketch.speed.setCurrentIndex(1)
    draw(sketch.board.canvas, examples.hands("O")[0].strokes)
    sketch.board.raster_view.cell_flipped.emit(3, 4)
    other.restore(through_a_file(sketch.state()()))

    for workspace in (sketch, other):
        session = workspace.session
        assert session.preset == "sketch-cnn"
        assert session.classes == ["X", "O", "badger"]
        assert session.grid_size == 9
        assert list(session.samples_by_id) == [0, 1, 3, 4, 5]
        assert workspace.learning_rate.text() == "0.05"
        assert workspace.speed.currentText() == "10 a frame"
        assert workspace.board.canvas.accessibleDescription() == "1 stroke"
    assert np.array_equal(other.board.raster, sketch.board.raster)
    pages = [w.board.canvas.page.strokes for w in (sketch, other)]
    assert all(np.array_equal(a, b) for a, b in zip(*pages, strict=True))
    for key, sample in sketch.session.samples_by_id.items():
        again = other.session.samples_by_id[key].drawing.strokes
        assert all(np.array_equal(a, b) for a, b in zip(sample.drawing.strokes, again, strict=True))
    other.train()
    assert list(other.session.samples_by_id)[-1] == 6, "the id of a deleted sample came again"


def test_a_drawing_that_was_trained_on_is_no_new_sample_when_it_is_trained_on_again(
    sketch: SketchWorkspace, other: SketchWorkspace
) -> None:
    teach(sketch)
    other.restore(through_a_file(sketch.state()()))
    other.train()
    assert len(other.session.samples) == 6
    draw(other.board.canvas, examples.hands("X")[0].strokes)
    assert len(other.board.canvas.strokes()) == len(examples.hands("X")[0].strokes)


def test_the_stamp_is_another_after_a_change_and_the_same_after_its_undo(
    sketch: SketchWorkspace,
) -> None:
    stamps = [sketch.stamp()]
    draw(sketch.board.canvas, examples.hands("X")[0].strokes)
    stamps.append(sketch.stamp())
    sketch.train()
    sketch.session.training.ask(lambda: None)
    stamps.append(sketch.stamp())
    sketch.choose_label(1)
    stamps.append(sketch.stamp())
    sketch.session.set_lr(0.1)
    stamps.append(sketch.stamp())
    assert len(set(stamps)) == len(stamps)
    draw(sketch.board.canvas, examples.hands("O")[0].strokes)
    while sketch.board.canvas.undo_stack.canUndo():
        sketch.actions_["undo"].trigger()
    sketch.board.canvas.undo_stack.clear()
    before = sketch.stamp()
    draw(sketch.board.canvas, examples.hands("O")[0].strokes[:1])
    sketch.actions_["undo"].trigger()
    assert sketch.stamp() == before


def test_the_stamp_is_that_of_what_is_kept(sketch: SketchWorkspace, other: SketchWorkspace) -> None:
    teach(sketch, 1)
    parts = sketch.state()()
    stamp = sketch.stamp()
    sketch.session.training.ask(lambda: None)
    assert sketch.stamp() == stamp
    other.restore(parts)
    stamp = other.stamp()
    other.session.training.ask(lambda: None)
    assert other.stamp() == stamp


def test_nothing_is_the_very_first_start(sketch: SketchWorkspace) -> None:
    fresh = Session()
    teach(sketch)
    sketch.session.add_class("Z")
    sketch.restore({})
    assert sketch.session.classes == ["X", "O"]
    assert not sketch.session.samples
    assert sketch.board.is_empty
    assert sketch.session.step_count == 0
    assert np.array_equal(sketch.session.network.parameters, fresh.network.parameters)
    fresh.close()


def kept_session() -> Parts:
    session = Session()
    for label, name in enumerate("XO"):
        session.add_sample(examples.hands(name)[0], label)
    session.training.step_once()
    made = sketch_state.Made(
        settings=sketch_state.Settings(next_id=2),
        samples=session.samples_by_id,
        strokes=[np.zeros((3, 3), np.float32)],
        flips=np.zeros((6, 6), bool),
    )
    parts = {**sketch_state.made_parts(made), **session.training.parts()}
    session.close()
    return parts


PARTS = (
    *("settings.json", "samples.ndjson", "drawing.npz", "training.json", "losses.npz"),
    *("trainer.json", "trainer.npz"),
)

BROKEN: list[tuple[str, Any, str]] = [
    ("settings.json", {"preset": "x"}, "preset"),
    ("settings.json", {"label": 2}, "label"),
    ("settings.json", {"seed": -1}, "seed"),
    ("settings.json", {"next_id": 1}, "next id"),
    ("settings.json", {"speed": 1.5}, "speed"),
    ("settings.json", {"trained": 1}, "trained"),
    ("training.json", {"shuffle": {"count": 2}}, "shuffle"),
    ("training.json", {"loss_count": 0}, "losses"),
    ("losses.npz", {"losses": np.array([np.nan])}, "losses"),
    ("drawing.npz", {"points": np.zeros((3, 2), np.float32)}, "points"),
    ("drawing.npz", {"points": np.full((3, 3), 1e9, np.float32)}, "bounds"),
    ("drawing.npz", {"lengths": np.array([2])}, "strokes"),
    ("drawing.npz", {"lengths": np.array([-1, 4])}, "stroke has no points"),
    ("drawing.npz", {"flips": np.zeros((7, 7), bool)}, "flips"),
    ("trainer.json", {"class_names": ["X", "x"]}, "same name"),
    ("trainer.json", {"class_names": ["X", " "]}, "names"),
]


@pytest.mark.parametrize(("name", "change", "word"), BROKEN)
def test_what_does_not_fit_is_refused_in_a_sentence_and_nothing_changes(
    sketch: SketchWorkspace, name: str, change: dict[str, Any], word: str
) -> None:
    teach(sketch, 1)
    parts = kept_session()
    before, stamp = weights_and_losses(sketch), sketch.stamp()
    with pytest.raises(ValueError, match=word) as told:
        sketch.restore({**parts, name: {**parts[name], **change}})
    assert "\n" not in str(told.value)
    assert (weights_and_losses(sketch), sketch.stamp()) == (before, stamp)


@pytest.mark.parametrize("name", PARTS)
def test_a_missing_part_is_named(sketch: SketchWorkspace, name: str) -> None:
    parts = kept_session()
    assert set(parts) == set(PARTS)
    del parts[name]
    with pytest.raises(ValueError, match=name):
        sketch.restore(parts)


def test_two_samples_with_one_id_are_refused() -> None:
    parts = kept_session()
    parts["samples.ndjson"][1]["id"] = 0
    with pytest.raises(ValueError, match="same id"):
        sketch_state.read(parts)


@given(st.lists(st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 2), min_size=1), max_size=4))
def test_every_point_of_a_sample_comes_back_bit_for_bit(strokes: list[Any]) -> None:
    sample = Sample(Drawing([np.array(s) for s in strokes]), 1)
    key, again = sketch_state.read_sample(
        json.loads(json.dumps(sketch_state.told_sample(7, sample)))
    )
    assert (key, again.label) == (7, 1)
    kept = zip(sample.drawing.strokes, again.drawing.strokes, strict=True)
    assert all(np.array_equal(a, b) for a, b in kept)
