"""What a process holds on to: memory, threads, open files, and everything of Qt that is alive."""

import ctypes
import gc
import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QPixmapCache, QUndoStack
from PySide6.QtWidgets import QApplication
from shiboken6 import getCppPointer, isValid

PROCESS = Path("/proc/self")
# The environment of a process whose `needed` counts: glibc has a heap for each thread, and gives
# back all that lies idle in the first one alone.
ONE_HEAP = {"MALLOC_ARENA_MAX": "1"}


_HEAP = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"


class _Heap(ctypes.Structure):
    """`struct mallinfo2` of glibc, which says what the names mean."""

    _fields_ = [(name, ctypes.c_size_t) for name in _HEAP.split()]


_LIBC = ctypes.CDLL(None)
_LIBC.mallinfo2.restype = _Heap


class Held(NamedTuple):
    """Counts of one moment; memory in kB of 1024 bytes."""

    resident: int  # RSS
    needed: int  # RSS when the allocator has given back what lies idle in it; see `ONE_HEAP`
    in_use: int  # what of the allocator's memory is in use, to the byte
    own: int  # USS: what would be free without this process
    threads: int
    handles: int
    objects: int  # QObjects
    timers: int
    ticking: int  # timers that run
    undoable: int  # steps in all undo stacks
    python: int  # objects that Python's collector knows


def now() -> tuple[Held, Counter[str]]:
    """What is held now, and by kind what Python and Qt have of it.

    What was asked to be deleted is gone before, as in an event loop.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    QPixmapCache.clear()  # which Qt fills up to 10 MB with icons, whatever is done
    memory = _memory()  # before Python's side of all those objects is made
    _LIBC.malloc_trim(0)
    needed, heap = _memory()["Rss"], _LIBC.mallinfo2()
    known = gc.get_objects()
    kinds = Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in known)
    found = _qobjects([one for one in known if issubclass(type(one), QObject) and isValid(one)])
    kinds.update(f"Qt: {one.metaObject().className()}" for one in found)
    timers = [one for one in found if isinstance(one, QTimer)]
    kinds.update(f"ticks in {_owner(one)}" for one in timers if one.isActive())
    held = Held(
        resident=memory["Rss"],
        needed=needed,
        in_use=(heap.uordblks + heap.hblkhd) // 1024,
        own=memory["Private_Clean"] + memory["Private_Dirty"],
        threads=len(os.listdir(PROCESS / "task")),
        handles=len(os.listdir(PROCESS / "fd")),
        objects=len(found),
        timers=len(timers),
        ticking=sum(timer.isActive() for timer in timers),
        undoable=sum(one.count() for one in found if isinstance(one, QUndoStack)),
        python=len(known),
    )
    return held, kinds


def _owner(timer: QTimer) -> str:
    parent = timer.parent()
    return "nothing" if parent is None else type(parent).__qualname__


def _qobjects(known: list[QObject]) -> list[QObject]:
    """Each QObject once: those that Python knows, all widgets, and what hangs below them."""
    found: dict[int, QObject] = {}
    roots = [QApplication.instance(), *QApplication.allWidgets(), *known]
    for root in roots:
        if root is not None:
            while root.parent() is not None:
                root = root.parent()
            found[_address(root)] = root
    for root in list(found.values()):
        found.update({_address(child): child for child in root.findChildren(QObject)})
    return [one for one in found.values() if isValid(one)]


def _address(one: QObject) -> int:
    address: int = getCppPointer(one)[0]
    return address


def widgets() -> Counter[str]:
    """All widgets alive, by class."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return Counter(type(widget).__qualname__ for widget in QApplication.allWidgets())


def _memory() -> dict[str, int]:
    lines = (PROCESS / "smaps_rollup").read_text().splitlines()[1:]
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
