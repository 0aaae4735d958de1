"""Jobs beside the window: progress, result, error and cancel arrive in the window's thread."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread

from gui.tasks import PATIENCE, Tasks


@pytest.fixture
def tasks(qtbot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close(), "a job did not end"


def counting(to, tidied=None, pause=0.01):
    """A job that yields 1, 2, … and returns what it came to."""
    try:
        for number in range(1, to + 1):
            yield number
            time.sleep(pause)
        return f"counted to {to}"
    finally:
        if tidied is not None:
            tidied.set()


def everything(task):
    """A list that is filled with what a task tells."""
    told = []
    task.finished.connect(lambda result: told.append(("finished", result)))
    task.failed.connect(lambda text: told.append(("failed", text)))
    task.cancelled.connect(lambda: told.append(("cancelled",)))
    task.ended.connect(lambda: told.append(("ended",)))
    return told


def test_a_function_runs_elsewhere_and_its_result_arrives_here(tasks, qtbot):
    task = tasks.run(lambda: threading.get_ident())
    heard = []
    task.finished.connect(lambda _: heard.append(QThread.currentThread()))
    with qtbot.waitSignal(task.finished) as told:
        assert task.running
    assert told.args[0] != threading.get_ident()
    assert heard == [tasks.thread()]
    assert not tasks.busy


def test_arguments_are_handed_on(tasks, qtbot):
    task = tasks.run(divmod, 17, 5)
    with qtbot.waitSignal(task.finished) as told:
        pass
    assert told.args == [(3, 2)]


def test_a_generator_tells_how_far_it_is_and_then_its_result(tasks, qtbot):
    task = tasks.run(counting, 30)
    seen = []
    task.progressed.connect(seen.append)
    with qtbot.waitSignal(task.finished) as told:
        pass
    assert told.args == ["counted to 30"]
    assert seen == sorted(seen)
    assert len(seen) >= 2
    assert seen[-1] == 30


def test_progress_comes_at_a_bearable_rate(tasks, qtbot):
    task = tasks.run(counting, 20_000, None, 0)
    seen = []
    task.progressed.connect(seen.append)
    started = time.monotonic()
    with qtbot.waitSignal(task.finished):
        pass
    assert len(seen) <= (time.monotonic() - started) / 0.05 + 2


def test_an_error_arrives_as_its_sentence(tasks, qtbot):
    def broken():
        yield 1
        raise ValueError("digits.gz: expected 16 bytes, got 3")

    task = tasks.run(broken)
    told = everything(task)
    with qtbot.waitSignal(task.ended):
        pass
    assert told == [("failed", "digits.gz: expected 16 bytes, got 3"), ("ended",)]


def test_a_mistake_of_ours_has_a_sentence_too(tasks, qtbot, capsys):
    task = tasks.run(lambda: {}["gone"])
    with qtbot.waitSignal(task.failed) as told:
        pass
    assert "gone" in told.args[0]
    assert "Traceback" in capsys.readouterr().err


def test_cancelling_closes_the_generator_where_it_yields(tasks, qtbot):
    tidied = threading.Event()
    task = tasks.run(counting, 10_000, tidied)
    told = everything(task)
    with qtbot.waitSignal(task.progressed):
        pass
    with qtbot.waitSignal(task.ended, timeout=2000):
        task.cancel()
    assert tidied.is_set()
    assert told == [("cancelled",), ("ended",)]


def test_nothing_is_told_of_the_progress_after_cancelling(tasks, qtbot):
    task = tasks.run(counting, 10_000)
    with qtbot.waitSignal(task.progressed):
        pass
    seen = []
    task.cancel()
    task.progressed.connect(seen.append)
    with qtbot.waitSignal(task.cancelled):
        pass
    assert seen == []


def test_the_result_of_a_cancelled_function_is_dropped(tasks, qtbot):
    go_on = threading.Event()
    task = tasks.run(lambda: go_on.wait(5))
    told = everything(task)
    task.cancel()
    go_on.set()
    with qtbot.waitSignal(task.ended):
        pass
    assert told == [("cancelled",), ("ended",)]


def test_a_job_cancelled_before_its_turn_never_begins(tasks, qtbot):
    begun, go_on = [], threading.Event()
    blocking = [tasks.run(go_on.wait, 5) for _ in range(2)]
    waiting = tasks.run(begun.append, "begun")
    waiting.cancel()
    with qtbot.waitSignals([waiting.ended, *(task.ended for task in blocking)]):
        go_on.set()
    assert begun == []


def test_closing_ends_every_job_and_no_signal_comes_after(qtbot):
    tasks = Tasks()
    tidied = [threading.Event() for _ in range(5)]
    told = []
    for event in tidied:
        told.append(everything(tasks.run(counting, 10_000, event)))
    qtbot.wait(100)
    started = time.monotonic()
    assert tasks.close()
    assert time.monotonic() - started < PATIENCE / 1000 / 4
    qtbot.wait(100)
    assert all(event.is_set() for event in tidied[:2]), "two ran at once and had to tidy up"
    assert told == [[]] * 5
    assert not tasks.busy
    assert tasks.close(), "closing twice does no harm"


def test_a_closed_window_begins_nothing_any_more(qtbot):
    tasks, begun = Tasks(), []
    tasks.close()
    task = tasks.run(begun.append, "begun")
    with qtbot.waitSignal(task.cancelled):
        pass
    assert begun == []
    assert tasks.close()


def test_an_abandoned_job_counts_as_ended(qtbot):
    tasks = Tasks()
    task = tasks.run(counting, 10_000)
    assert task.running
    tasks.close()
    assert not task.running


def test_many_jobs_all_end(tasks, qtbot):
    results = []
    jobs = [tasks.run(pow, number, 2) for number in range(200)]
    for job in jobs:
        job.finished.connect(results.append)
    qtbot.waitUntil(lambda: len(results) == 200)
    assert sorted(results) == [number**2 for number in range(200)]


def test_nothing_stays_of_jobs_that_ended(tasks, qtbot):
    def job() -> None:
        """As quick as a job can be."""

    left = weakref.ref(job)
    for _ in range(100):
        with qtbot.waitSignal(tasks.run(job).ended):
            pass
    del job
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert left() is None
