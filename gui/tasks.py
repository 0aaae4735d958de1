"""Jobs that take a while, beside the window: read files, fetch data, evaluate.

    task = tasks.run(work, argument, …)
    task.progressed.connect(bar.show_progress)
    task.finished.connect(session.take)         # the result
    task.failed.connect(say)                    # a sentence
    task.cancelled.connect(…)

`work` is a function that returns its result, or a generator function as in `nn.data.progress`,
which says now and then how far it is and can be cancelled there. It runs in a pool of threads;
every signal arrives in the thread of the window. Exactly one of `finished`, `failed` and
`cancelled` is emitted, then `ended`.
"""

import threading
import traceback
from collections.abc import Callable
from functools import partial
from inspect import isgenerator
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, QTimer, Signal

from gui import errors

THREADS = 2
LOOK = 50  # milliseconds between two looks at how far a job is
PATIENCE = 25_000  # milliseconds that closing waits for jobs to tidy up; longer than a network


class Task(QObject):
    """A job under way, as the window sees it."""

    progressed = Signal(object)  # what the job yielded last; at most one each LOOK
    finished = Signal(object)  # its result
    failed = Signal(str)  # one sentence
    cancelled = Signal()
    ended = Signal()
    _done = Signal(object)

    def __init__(self, work: Callable[[], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._cancelled = threading.Event()
        self._progress: Any = None  # written by the job, read by the timer
        self._told: Any = None
        self._ended = False
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        """True until one of the closing signals was emitted."""
        return not self._ended

    def cancel(self) -> None:
        """Stop the job where it yields next; `cancelled` follows when it has tidied up.

        A plain function runs to its end, and its result is dropped.
        """
        self._cancelled.set()

    def abandon(self) -> None:
        """Cancel, and say nothing any more."""
        self.cancel()
        self.blockSignals(True)
        self._timer.stop()
        self._ended = True

    def in_thread(self) -> None:
        """Do the work; called once, in a thread of the pool."""
        outcome: tuple[str, Any]
        try:
            outcome = self._drive(self._work)
        except Exception as error:
            if not isinstance(error, (OSError, ValueError)):
                traceback.print_exc()  # a mistake of ours: for developers
            outcome = ("failed", errors.sentence(error))
        self._done.emit(outcome)

    def _drive(self, work: Callable[[], Any]) -> tuple[str, Any]:
        if self._cancelled.is_set():
            return ("cancelled", None)
        made = work()
        if not isgenerator(made):
            return ("finished", made)
        while True:
            try:
                self._progress = next(made)
            except StopIteration as end:
                return ("finished", end.value)
            if self._cancelled.is_set():
                made.close()
                return ("cancelled", None)

    def _look(self) -> None:
        progress = self._progress
        if progress is not self._told and not self._cancelled.is_set():
            self._told = progress
            self.progressed.emit(progress)

    def _on_done(self, outcome: tuple[str, Any]) -> None:
        kind, value = outcome
        self._timer.stop()
        if self._cancelled.is_set():
            kind = "cancelled"  # though it came to its end first: nobody waits for it any more
        if kind == "finished":
            self._look()  # a quick job, too, is seen to have moved
        self._ended = True
        if kind == "finished":
            self.finished.emit(value)
        elif kind == "failed":
            self.failed.emit(value)
        else:
            self.cancelled.emit()
        self.ended.emit()


class Tasks(QObject):
    """All jobs of a window; `close` cancels and awaits them, so that nothing is left behind."""

    def __init__(self, parent: QObject | None = None, threads: int = THREADS) -> None:
        """With one thread, jobs are done in the order in which they were begun."""
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._under_way: set[Task] = set()
        self._closed = False
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    @property
    def busy(self) -> bool:
        """True while a job is under way."""
        return any(task.running for task in self._under_way)

    def run(self, work: Callable[..., Any], *arguments: Any) -> Task:
        """Begin `work(*arguments)` in the pool; connect to what it returns at once.

        After `close`, nothing begins any more: the task is cancelled.
        """
        task = Task(partial(work, *arguments), self)
        self._under_way.add(task)
        task.ended.connect(self._on_ended)
        if self._closed:
            task.cancel()
        # No QRunnable: PySide never frees one that ends before `start` returns.
        self._pool.start(task.in_thread)
        return task

    def wait(self) -> bool:
        """Wait until the work of every job is done; what it says of it arrives later."""
        return self._pool.waitForDone(PATIENCE)

    def close(self) -> bool:
        """Cancel every job and wait until all have tidied up; False if one did not in time.

        No signal of a job arrives after this.
        """
        self._closed = True
        for task in self._under_way:
            task.abandon()
        ended = self.wait()
        self._under_way.clear()
        return ended

    def _on_ended(self) -> None:
        # A slot that held the task would keep this alive from within its own child.
        for task in [task for task in self._under_way if not task.running]:
            self._under_way.discard(task)
            task.deleteLater()
