"""Fetching a data set: its size is told first; then progress, cancel, going on, and what failed."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.tasks import Task, Tasks
from nn.data import download
from nn.data.progress import Progress
from nn.data.sources import Source

WIDTH = 460


class DownloadDialog(QDialog):
    """Tells what is fetched from where to where, and fetches it when asked to.

    `fetched` tells the folder with the data set, and the dialog closes. Cancelled or broken off,
    what came stays and the button goes on from there.

    Args:
        source: what to fetch.
        tasks: where the job runs.
        folder: in place of the user's data folder.
    """

    fetched = Signal(object)  # pathlib.Path

    def __init__(
        self,
        source: Source,
        tasks: Tasks,
        folder: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("download_dialog")
        self.setWindowTitle(f"Download {source.title}")
        self.setModal(True)
        self._source, self._tasks, self._folder = source, tasks, folder
        self._task: Task | None = None
        self._closing = False

        self._sentence = _label(f"{source.sentence}.")
        self._state = _label("")
        self._state.setObjectName("download_state")
        self._bar = _Bar()
        self._figures = _label("")
        self._figures.setObjectName("download_figures")
        self._figures.setProperty("role", "caption")
        self._begin = QPushButton()
        self._begin.setObjectName("download_begin")
        self._begin.setProperty("role", "primary")
        self._begin.setDefault(True)
        self._begin.clicked.connect(self.begin)
        self._stop = QPushButton()
        self._stop.setObjectName("download_stop")
        self._stop.clicked.connect(self._on_stop_clicked)
        self._lay_out()
        self._offer()

    def _lay_out(self) -> None:
        facts = QGridLayout()
        facts.setHorizontalSpacing(2 * theme.SPACE)
        facts.setVerticalSpacing(theme.SPACE // 2)
        facts.setColumnStretch(1, 1)
        hosts = dict.fromkeys(mirror.split("/")[2] for mirror in self._source.mirrors)
        rows = [(file.name, size_in_words(file.size)) for file in self._source.files]
        if len(rows) > 1:
            rows.append(("in all", size_in_words(self._source.size)))
        if self._source.members:
            unpacked = sum(size for _, size in self._source.members)
            rows.append(("unpacked", size_in_words(unpacked)))
        rows += [("from", ", or ".join(hosts)), ("to", str(self._place))]
        for row, (what, how) in enumerate(rows):
            left, right = _label(what), _label(how)
            left.setWordWrap(False)
            left.setProperty("role", "muted")
            right.setFont(theme.font())
            facts.addWidget(left, row, 0, Qt.AlignmentFlag.AlignTop)
            facts.addWidget(right, row, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addStretch(1)
        buttons.addWidget(self._stop)
        buttons.addWidget(self._begin)
        title = QLabel(self._source.title)
        title.setProperty("role", "title")
        column = QVBoxLayout(self)
        column.setContentsMargins(*4 * (theme.PANEL_GAP,))
        column.setSpacing(theme.SPACE)
        column.addWidget(title)
        column.addWidget(self._sentence)
        column.addLayout(facts)
        column.addSpacing(theme.SPACE)
        column.addWidget(self._bar)
        column.addWidget(self._state)
        column.addWidget(self._figures)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumWidth(WIDTH)

    @property
    def fetching(self) -> bool:
        """True while bytes come in."""
        return self._task is not None and self._task.running

    @property
    def _place(self) -> Path:
        return download.place(self._source, self._folder)

    # States: offered, fetching, stopping, failed

    def _offer(self, problem: str = "") -> None:
        """Before, or after a break: say how much is still to come."""
        left = download.bytes_to_fetch(self._source, self._folder)
        begun = left < self._source.size
        self._bar.set_share(1 - left / max(self._source.size, 1) if begun else 0.0)
        self._bar.setVisible(begun)
        if problem:
            self._state.setText(f"✗ {problem}")
        elif begun:
            self._state.setText(
                "It was broken off; what came is kept, and the rest can be fetched."
            )
        else:
            self._state.setText("Nothing is fetched before you say so.")
        self._ink("wrong" if problem else "muted")
        self._figures.setText(f"{size_in_words(left)} to fetch" if begun else "")
        self._begin.setText(
            f"Go on ({size_in_words(left)})" if begun else f"Download {size_in_words(left)}"
        )
        self._begin.setEnabled(True)
        self._begin.setVisible(True)
        self._stop.setText("Close")
        self._stop.setEnabled(True)
        self._tell()

    def begin(self) -> None:
        """Fetch, or go on fetching."""
        if self.fetching:
            return
        task = self._tasks.run(download.fetching, self._source, self._folder)
        self._task = task
        task.progressed.connect(self._on_progressed)
        task.finished.connect(self._on_finished)
        task.failed.connect(self._on_failed)
        task.cancelled.connect(self._on_cancelled)
        self._begin.setVisible(False)
        self._bar.setVisible(True)
        self._stop.setText("Cancel")
        self._stop.setFocus()
        self._state.setText("Connecting…")
        self._ink("muted")
        self._figures.setText("")
        self._tell()

    def _on_progressed(self, progress: Progress) -> None:
        if not self.fetching or self._closing:
            return
        self._state.setText(f"{progress.doing[:1].upper()}{progress.doing[1:]}")
        self._bar.set_share(progress.done / progress.total if progress.total else None)
        self._figures.setText(in_words(progress))
        self._tell()

    def _on_finished(self, folder: object) -> None:
        self._task = None
        self._bar.set_share(1.0)
        self.fetched.emit(folder)
        self.accept()

    def _on_failed(self, problem: str) -> None:
        self._task = None
        self._ended(problem)

    def _on_cancelled(self) -> None:
        self._task = None
        self._ended("")

    def _ended(self, problem: str) -> None:
        if self._closing:
            super().reject()
        else:
            self._offer(problem)
            self._begin.setFocus()

    def _on_stop_clicked(self) -> None:
        if self.fetching:
            self._cancel()
        else:
            self.reject()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._stop.setEnabled(False)
            self._state.setText("Stopping… what came is kept.")

    def reject(self) -> None:
        """Esc or the window's cross: cancel what runs, then close."""
        if self.fetching:
            self._closing = True
            self._cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.fetching:
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)

    def _ink(self, role: str) -> None:
        self._state.setStyleSheet(f"color: {getattr(theme.colours(), role)}")

    def _tell(self) -> None:
        self.setAccessibleDescription(f"{self._state.text()} {self._figures.text()}".strip())


class _Bar(QWidget):
    """How far it is; an even half tone while nobody knows."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Progress")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._share: float | None = 0.0

    def set_share(self, share: float | None) -> None:
        self._share = share
        self.setAccessibleDescription("" if share is None else f"{100 * share:.0f} %")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        painter.setBrush(theme.colour("line"))
        painter.drawRoundedRect(track, 4, 4)
        if self._share is None:
            painter.setBrush(theme.colour("accent", 0.4))
            painter.drawRoundedRect(track, 4, 4)
        elif self._share > 0:
            painter.setClipRect(QRectF(0, 0, track.width() * min(self._share, 1.0), track.height()))
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(track, 4, 4)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def size_in_words(count: float) -> str:
    """Bytes as people read them: 812 B, 28.9 kB, 11.6 MB, 170 MB (powers of 1,000)."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5 or unit == "GB":
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" or count >= 99.95 else f"{count:.1f} {unit}"


def time_in_words(seconds: float) -> str:
    """Seconds as people read them: less than 5 s, 20 s, 3 min, 2 h."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"{5 * round(seconds / 5)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h"


def in_words(progress: Any) -> str:
    """How far a job is and how long it still takes."""

    def amount(number: float) -> str:
        if progress.unit == "bytes":
            return size_in_words(number)
        return f"{number:,} {progress.unit}"

    text = amount(progress.done)
    if progress.total:
        text += f" of {amount(progress.total)}   {100 * progress.done / progress.total:.0f} %"
    if progress.seconds_left is not None:
        text += f"   {time_in_words(progress.seconds_left)} left"
    return text
