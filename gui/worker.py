"""A thread of one's own for a model: jobs are posted to it, and it works on in slices.

`Worker` lives in the thread and owns what it works on; `WorkerThread` is the window's side. The
window posts jobs and never waits, but in `ask`, which is answered between two slices; `later` asks
without waiting. Nothing is emitted per step: views pull.

Python lets one thread run at a time. A paint event gives the interpreter away at every call of Qt,
and may wait a switch interval each time to have it back: so the two take turns. The window
has the worker `held` while it paints a frame.
"""

import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

FRAME = 0.016  # seconds between two paints at 60 Hz
SLICE = 0.004  # seconds of work between two looks at the queue of requests
SWITCH_INTERVAL = 0.001  # seconds a thread may hold the interpreter; 0.005 halves the fps
BRIEF = 0.25  # seconds that the window may stand still for an answer that it can do without
PATIENCE = 10.0  # seconds that a question may wait for a slice to end

Answer = TypeVar("Answer")


class Worker(QObject):
    """Works in slices while it is running, and does posted jobs between them.

    Every method but the constructor runs in the thread that it was moved to.
    """

    running_changed = Signal(bool)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.running = False
        self.turn = threading.Event()  # cleared while the window paints
        self.turn.set()
        self._timer: QTimer | None = None  # made in the thread that it ticks in

    def give_way(self) -> None:
        """Wait while the window paints; to be called between two steps."""
        if not self.turn.is_set():
            self.turn.wait(FRAME)

    def work(self, end: float) -> None:
        """Do one slice of work, until about `end` on the clock of `time.perf_counter`."""

    def pause(self) -> None:
        """Stop working after this job."""
        if self._timer is not None:
            self._timer.stop()
        self._tell_running(False)

    def go_on(self, pause: float = 0.0) -> None:
        """Work in slices from now on, each begun `pause` seconds after the one before."""
        if self._timer is None:
            self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
            self._timer.timeout.connect(self._on_timeout)
        self._timer.start(round(1000 * pause))
        self._tell_running(True)

    @Slot()
    def _on_timeout(self) -> None:
        self._guard(partial(self.work, time.perf_counter() + SLICE))

    @Slot(object)
    def on_posted(self, job: Callable[[], None]) -> None:
        self._guard(job)

    def quit(self) -> None:
        """Stop the thread that this runs in, with its timer."""
        self.pause()
        self._timer = None
        self.thread().quit()

    def _guard(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:
            self.pause()
            self.failed.emit(str(error) or type(error).__name__)

    def _tell_running(self, running: bool) -> None:
        if running != self.running:
            self.running = running
            self.running_changed.emit(running)


class WorkerThread(QObject):
    """The window's side of a worker: starts its thread, posts jobs to it, ends it."""

    running_changed = Signal(bool)
    failed = Signal(str)
    _posted = Signal(object)

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._worker = worker
        self._thread = QThread()
        self._thread.setObjectName("training")
        worker.moveToThread(self._thread)
        self._posted.connect(worker.on_posted)
        worker.running_changed.connect(self.running_changed)
        worker.failed.connect(self.failed)
        self._thread.start()
        weakref.finalize(self, _end, self._thread)  # a running QThread must not be collected

    @property
    def running(self) -> bool:
        return self._worker.running

    @property
    def alive(self) -> bool:
        """True until the thread has ended."""
        return self._thread.isRunning()

    def pause(self) -> None:
        self.post(self._worker.pause)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the worker wait, for a frame at most, while the window paints."""
        self._worker.turn.clear()
        try:
            yield
        finally:
            self._worker.turn.set()

    def post(self, job: Callable[..., Any], *arguments: Any) -> None:
        """Have `job(*arguments)` done in the thread, after what was posted before."""
        self._posted.emit(partial(job, *arguments))

    def later(self, question: Callable[[], Answer]) -> Future[Answer]:
        """Run `question` in the thread between two slices; its answer will be in the future."""
        answer: Future[Answer] = Future()

        def job() -> None:
            try:
                answer.set_result(question())
            except BaseException as error:  # handed over, not lost
                answer.set_exception(error)

        if self.alive:
            self.post(job)
        else:
            job()
        return answer

    def taken(self, question: Callable[[], Answer]) -> Future[Answer]:
        """As `later`; but where the worker rests, what was posted before is done on return, unless
        that takes long.
        """
        answer = self.later(question)
        if not self.running:
            wait([answer], BRIEF)
        return answer

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Run `question` in the thread between two slices, and wait for its answer."""
        return self.later(question).result(timeout=PATIENCE)

    def close(self) -> None:
        """Stop working and end the thread; safe to call twice."""
        if self.alive:
            self.post(self._worker.quit)
            self._thread.wait()


def _end(thread: QThread) -> None:
    thread.quit()
    thread.wait()
