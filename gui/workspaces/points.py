"""Points: from one perceptron to curved boundaries, and to curves and pictures."""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout

from gui import kept, layouts, theme
from gui.actions import POINTS
from gui.exporting.exportable import Exportable
from gui.kept import Parts
from gui.points.classify_page import ClassifyPage
from gui.points.compare_page import ComparePage
from gui.points.exports import exports
from gui.points.inside_page import InsidePage
from gui.points.page import Desk, Page
from gui.points.paint_page import PaintPage
from gui.points.perceptron_page import PerceptronPage
from gui.points.regression_page import RegressionPage
from gui.points.table_page import TablePage
from gui.session import Session
from gui.workspace import Say, Workspace

PAGES: tuple[Callable[[Desk], Page], ...] = (RegressionPage, PaintPage, ComparePage, TablePage)
"""After Classify and Inside, which share their training, and Perceptron."""
VERBS = tuple("play pause step back reset reseed apply open undo redo".split())  # noqa: SIM905


@dataclass(frozen=True)
class Told:
    """What a session file says of the workspace beside its pages."""

    front: str = "classify"  # folder of the page in front


class PointsWorkspace(Workspace):
    """Pages in tabs; keys and buttons reach the page in front."""

    more_keys = (
        ("1 … 6", "Choose the class of the points that you add"),
        ("Arrows, Space, Delete", "Move over the plane, add a point, remove the nearest"),
        ("Shift+Space", "Add a point of the other class (in the plane)"),
        ("+  −", "Zoom in, zoom out (in the plane)"),
        ("Arrows, Enter, Esc", "Move over the maps of neurons, choose one, let go"),
    )

    def __init__(self, session: Session, say: Say) -> None:
        super().__init__(POINTS, session, say)
        self.actions_.refresh_icons()
        self.desk = Desk(self.actions_, say)
        classify = ClassifyPage(self.desk)
        self.pages = [
            classify,
            InsidePage(self.desk, classify),
            PerceptronPage(self.desk),
            *(make(self.desk) for make in PAGES),
        ]
        self.tabs = layouts.tabs("points_pages", {page.title: page for page in self.pages})
        for i, page in enumerate(self.pages):
            self.tabs.setTabToolTip(i, f"{page.tip} (Ctrl+{i + 1})")
        self._front = self.page
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PANEL_GAP, 0, theme.PANEL_GAP, theme.SPACE)
        column.addWidget(self.tabs)
        self._connect()
        self._show_running()
        for page in self.pages:
            page.remember_first_state()

    def _connect(self) -> None:
        slots: dict[str, Callable[[], object]] = {
            f"points_{verb}": partial(self._do, verb) for verb in VERBS
        }
        for i in range(7):
            slots[f"points_page_{i + 1}"] = partial(self.tabs.setCurrentIndex, i)
        self.actions_.connect_to(slots)
        self.tabs.currentChanged.connect(self._on_page_changed)
        for page in self.pages:
            page.running_changed.connect(self._show_running)
            page.status_changed.connect(
                lambda left, right, page=page: self._on_status_changed(page, left, right)
            )

    def _do(self, verb: str) -> None:
        getattr(self.page, verb)()

    @property
    def page(self) -> Page:
        """The page in front."""
        page = self.tabs.currentWidget()
        assert isinstance(page, Page)
        return page

    def page_of(self, kind: type[Page]) -> Page:
        """The page of a kind."""
        return next(page for page in self.pages if isinstance(page, kind))

    def _on_page_changed(self, _index: int) -> None:
        if self._front.training is not self.page.training:
            self._front.pause()
        self._front = self.page
        self._show_running()

    def _on_status_changed(self, page: Page, left: str, right: str) -> None:
        if page is self.page:
            self.status_changed.emit(left, right)

    def _show_running(self) -> None:
        running = self.page.is_running
        self.actions_["points_play"].setEnabled(not running)
        self.actions_["points_pause"].setEnabled(running)
        for name in ("open", "undo", "redo", "back"):
            self.actions_[f"points_{name}"].setEnabled(name in self.page.verbs)

    def take(self, dropped: QMimeData) -> bool:
        return self.page.take(dropped)

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        return tuple(page.stamp() for page in self.pages)

    def state(self) -> Callable[[], Parts]:
        told = Told(self.page.folder)
        pages = {page.folder: page.state() for page in self.pages}

        def parts() -> Parts:
            made: Parts = {"workspace.json": kept.told(told)}
            for folder, state in pages.items():
                made |= kept.within(folder, state())
            return made

        return parts

    def restore(self, parts: Parts) -> None:
        told = kept.record(parts, "workspace.json", Told) if parts else Told()
        ready = []
        for page in self.pages:
            with kept.naming(page.folder):
                ready.append(page.prepare(kept.below(page.folder, parts) or page.first_state()))
        for become in ready:
            become()
        for page in self.pages:
            if page.folder == told.front:
                self.tabs.setCurrentWidget(page)

    def exports(self) -> list[Exportable]:
        return exports(self.page)

    # -- coming and going --------------------------------------------------------------------

    def held(self) -> AbstractContextManager[None]:
        return self.page.held()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.page.pause()

    def shut_down(self) -> None:
        """End every page's threads and jobs."""
        super().shut_down()
        for page in self.pages:
            page.shut_down()
