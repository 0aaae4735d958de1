"""The window: a header above the workspace; messages and status below."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib import import_module

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

import nn
from gui import motion, theme
from gui.actions import WINDOW, WORKSPACES, Actions, keys_of
from gui.exporting.exporter import Exporter
from gui.exporting.record_button import RecordButton
from gui.header import Header
from gui.help_dialog import HelpDialog
from gui.keeping.contents import Contents
from gui.keeping.document import Document
from gui.keeping.keeper import Keeper
from gui.session import Session
from gui.settings import THEMES, Settings
from gui.sketch_state import PRESETS
from gui.widgets.hints import Hints
from gui.widgets.message_bar import MessageBar
from gui.workspace import Say, Workspace
from gui.workspaces.sketch import SketchWorkspace

SMALLEST = QSize(1024, 700)
FOOTER_HEIGHT = 44  # logical pixels
THEME_NAMES = {"system": "As the system", "dark": "Dark", "light": "Light"}


class MainWindow(QMainWindow):
    """Composes the app; `session` gives read access to what a person made."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.session = Session()
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self.actions_ = Actions(WINDOW, self)
        self.addActions(self.actions_.all())
        self.messages = MessageBar()
        self.exporter = Exporter(self, settings, self.say)
        self.sketch = SketchWorkspace(self.session, self.say)
        self.contents = Contents("sketch", self.sketch)
        self.document = Document(self.contents, self.session, parent=self)
        self.keeper = Keeper(self, self.document, settings, self.say)
        self._ending = False
        self._statuses: dict[QWidget, tuple[str, str]] = {}
        self.hints = Hints(self)
        self.hints.finished.connect(self._on_hints_finished)
        self._lay_out()
        self._connect()
        self._show_model()
        self._show_session()

    def say(
        self,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Tell the person something in one sentence, with at most one thing to do about it."""
        self.messages.say(text, kind, action=action)

    def show_hints(self) -> None:
        """Point at Draw, label and Train."""
        self.show_workspace("sketch")
        self.hints.start(
            [
                (
                    self.sketch.board.canvas,
                    "Draw",
                    "Draw an X, with mouse, finger or pen.",
                ),
                (self.sketch.label_toggle, "Label", "Say what it is: X or O."),
                (
                    self.sketch.train_button,
                    "Train",
                    "Click Train and watch the wires brighten. Then draw an O, and go on.",
                ),
            ]
        )

    # -- composition -------------------------------------------------------------------------

    def _lay_out(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        record = RecordButton(self.actions_["record"], self.exporter.recorder)
        self.header = Header(
            self.actions_, self._session_menu(), self._model_menu(), self._settings_menu(), record
        )
        column.addWidget(self.header)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sketch)
        column.addWidget(self._stack, 1)
        column.addWidget(self._footer())
        self.setCentralWidget(centre)

    def _footer(self) -> QWidget:
        """Messages have their place beside the status, so that nothing moves when one comes."""
        footer = QWidget()
        footer.setFixedHeight(FOOTER_HEIGHT)
        row = QHBoxLayout(footer)
        row.setContentsMargins(theme.PANEL_GAP, 0, theme.PANEL_GAP, 4)
        row.setSpacing(theme.PANEL_GAP)
        self._status_left, self._status_right = QLabel(), QLabel()
        row.addWidget(self.messages, 100)
        for label in (self._status_left, self._status_right):
            label.setProperty("role", "muted")
        row.addWidget(self._status_left)
        row.addStretch(1)
        row.addWidget(self._status_right)
        return footer

    def _session_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addActions([self.actions_[name] for name in ("new", "open")])
        menu.addMenu(self.keeper.recent)
        menu.addAction(self.actions_["lost"])
        menu.addSeparator()
        menu.addActions([self.actions_[name] for name in ("save", "save_as")])
        menu.addSeparator()
        menu.addAction(self.actions_["export"])
        menu.aboutToShow.connect(lambda: self.actions_["lost"].setVisible(bool(self.keeper.lost)))
        return menu

    def _model_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        for name in PRESETS:
            choice = menu.addAction(f"{name}: {nn.presets.describe(name)}")
            choice.setData(name)
            choice.setCheckable(True)
            group.addAction(choice)
        group.triggered.connect(lambda choice: self._choose_model(choice.data()))
        self._models = group
        return menu

    def _settings_menu(self) -> QMenu:
        menu = QMenu(self)
        looks = QActionGroup(menu)
        for name in THEMES:
            choice = menu.addAction(THEME_NAMES[name])
            choice.setData(name)
            choice.setCheckable(True)
            choice.setChecked(name == self.settings.theme)
            looks.addAction(choice)
        looks.triggered.connect(lambda choice: self._choose_theme(choice.data()))
        self._looks = looks
        menu.addSeparator()
        moves = menu.addAction("Motion")
        moves.setCheckable(True)
        moves.setChecked(self.settings.motion)
        moves.toggled.connect(self._choose_motion)
        menu.addAction("Show the hints again").triggered.connect(self.show_hints)
        menu.addSeparator()
        menu.addAction(self.actions_["quit"])
        return menu

    def _connect(self) -> None:
        self.actions_.connect_to(
            {
                **{name: partial(self.show_workspace, name) for name in WORKSPACES},
                "new": self.keeper.new,
                "open": self.keeper.open,
                "lost": self.keeper.offer,
                "save": self.keeper.save,
                "save_as": self.keeper.save_as,
                "theme": self._toggle_theme,
                "help": lambda: self.help_dialog().exec(),
                "export": lambda: self.exporter.show(self.workspace.exports()),
                "record": lambda: self.exporter.toggle_recording(self.workspace.exports()),
                "quit": self.close,
            }
        )
        self._listen_to(self.sketch)
        self.document.changed.connect(self._show_session)
        self.document.opened.connect(self._on_opened)
        self.session.trained.connect(self.document.autosave_soon)
        self.session.network_changed.connect(self._show_model)
        for number in range(1, 10):
            key = QShortcut(QKeySequence(str(number)), self.sketch)
            key.activated.connect(lambda i=number - 1: self.sketch.choose_label(i))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme_changed)

    # -- workspaces --------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        """The workspace in front."""
        workspace = self._stack.currentWidget()
        assert isinstance(workspace, Workspace)
        return workspace

    def show_workspace(self, name: str) -> Workspace:
        """Bring a workspace to the front; it is made at the first visit."""
        made = self.contents.made
        if name not in made:
            workspace = self._make(name)
            self._listen_to(workspace)
            self._stack.addWidget(workspace)
            if problem := self.contents.add(name, workspace):
                self.document.detach()
                self.say(problem, "error")
        if name != "sketch":
            self.hints.stop(quietly=True)
        self.contents.front = name
        self._stack.setCurrentWidget(made[name])
        self.actions_[name].setChecked(True)
        self.header.show_model(name == "sketch")
        self._show_status()
        return self.workspace

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if mime.hasUrls() or mime.hasImage() or mime.hasHtml():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """A session file is opened; else the workspace in front is asked, then Photo."""
        dropped = event.mimeData()
        if (
            self.keeper.take(dropped)
            or self.workspace.take(dropped)
            or self.show_workspace("photo").take(dropped)
        ):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            self.say("There is no photo in what was dropped.")

    def _make(self, name: str) -> Workspace:
        module = import_module(f"gui.workspaces.{name}")  # not at the start, which is to be quick
        make: Callable[[Session, Say], Workspace]
        make = getattr(module, f"{name.capitalize()}Workspace")
        return make(self.session, self.say)

    def _listen_to(self, workspace: Workspace) -> None:
        def on_status_changed(left: str, right: str) -> None:
            self._statuses[workspace] = (left, right)
            self._show_status()

        workspace.status_changed.connect(on_status_changed)

    def _show_status(self) -> None:
        left, right = self._statuses.get(self.workspace, ("", ""))
        self._status_left.setText(left)
        self._status_right.setText(right)

    def help_dialog(self) -> HelpDialog:
        """The keys of the workspace in front, and those of the window."""
        here = self.workspace
        title = self.actions_[self.contents.front].text()
        keys = [*keys_of(here.actions_.commands), *here.more_keys]
        everywhere = [*keys_of(WINDOW), ("Tab, Shift+Tab", "Go to the next or previous control")]
        return HelpDialog(self, [(title, keys), ("Everywhere", everywhere)])

    # -- the session -------------------------------------------------------------------------

    def _show_session(self) -> None:
        document = self.document
        self.setWindowTitle(f"{document.name}[*] – Brightwire")
        self.setWindowModified(document.dirty)
        where = "Not saved in a file yet" if document.path is None else str(document.path)
        self.header.session.show_session(document.name, where, document.dirty)

    def _on_opened(self) -> None:
        front = self.contents.front
        self.messages.dismiss()
        self.show_workspace(front if front in WORKSPACES else "sketch")

    # -- model and look ----------------------------------------------------------------------

    def _choose_model(self, name: str) -> None:
        if name == self.session.preset:
            return
        mark = self.session.mark()
        self.session.choose_preset(name)
        if mark.steps:
            self.say(
                f"{name} starts with new weights; your samples are kept.",
                "info",
                ("Go back", lambda: self.session.go_back_to(mark)),
            )

    def _show_model(self) -> None:
        self.actions_["model"].setText(f"{self.session.preset}   {self.session.network}  ▾")
        for choice in self._models.actions():
            choice.setChecked(choice.data() == self.session.preset)

    def _choose_theme(self, name: str) -> None:
        self.settings.theme = name
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        with self._held():
            theme.apply(app, name)
        for choice in self._looks.actions():
            choice.setChecked(choice.data() == name)

    def _toggle_theme(self) -> None:
        self._choose_theme("light" if theme.colours().name == "dark" else "dark")

    def _on_system_theme_changed(self) -> None:
        if self.settings.theme == "system":
            self._choose_theme("system")

    def _choose_motion(self, on: bool) -> None:
        self.settings.motion = on
        motion.enable(on)

    def _on_hints_finished(self) -> None:
        self.settings.hints_seen = True

    def event(self, event: QEvent) -> bool:
        """Paint the whole window in one turn, while the training threads wait."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        with self._held():
            return super().event(event)

    def _held(self) -> ExitStack:
        """Have all training threads wait."""
        turns = ExitStack()
        for workspace in self.contents.made.values():
            turns.enter_context(workspace.held())
        return turns

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "header"):
            self._refresh_icons()

    def _refresh_icons(self) -> None:
        self.actions_.refresh_icons()
        for workspace in self.contents.made.values():
            workspace.actions_.refresh_icons()
        self.header.refresh_icons()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_icons()
        if self.workspace is not self.sketch:
            return
        self.sketch.board.canvas.setFocus()
        if not self.settings.hints_seen:
            QTimer.singleShot(0, self, self.show_hints)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what becomes of work that is not saved; then end every thread."""
        if not (self._ending or self.keeper.is_all_saved()):
            event.ignore()
            self.keeper.leave(self._quit)
            return
        self.end(forget=True)
        super().closeEvent(event)

    def _quit(self) -> None:
        self._ending = True
        self.close()

    def end(self, forget: bool = False) -> None:
        """End every thread and ask nothing; what is kept in case of a crash is left for the next
        start, or forgotten.
        """
        self._ending = True
        self.keeper.close(forget)
        self.exporter.close()
        self.session.close()
        for workspace in self.contents.made.values():
            workspace.shut_down()
