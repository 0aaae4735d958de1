"""The row above the workspaces: their names at the left; session, model and tools at the right."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QActionGroup, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from gui import theme
from gui.actions import WORKSPACES, Actions, icon_button

HEIGHT = 44  # logical pixels
WIDE = 1180  # logical pixels from which on there is room for the app's name
UNSAVED = "● unsaved"
SHORTEST, LONGEST = 64, 200  # logical pixels of a session's name


class Header(QWidget):
    """Buttons for the window's actions; those with a menu open it."""

    def __init__(
        self, actions: Actions, session: QMenu, model: QMenu, settings: QMenu, record: QWidget
    ) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self._actions = actions
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PANEL_GAP, 0, theme.PANEL_GAP, 0)
        row.setSpacing(theme.SPACE // 2)
        self._logo = QLabel()
        row.addWidget(self._logo)
        self._brand = QLabel("Brightwire")
        self._brand.setProperty("role", "title")
        row.addWidget(self._brand)
        row.addSpacing(theme.SPACE)
        chosen = QActionGroup(self)
        for name in WORKSPACES:
            actions[name].setCheckable(True)
            chosen.addAction(actions[name])
            row.addWidget(_with_text(icon_button(actions[name], f"{name}_button")))
        actions["sketch"].setChecked(True)
        self._model = _with_text(self._menu_button("model", model))
        self.session = SessionButton(session)
        row.addStretch(1)
        row.addWidget(self.session)
        row.addWidget(self._model)
        row.addWidget(record)
        row.addWidget(icon_button(actions["export"], "export_button"))
        row.addWidget(icon_button(actions["theme"], "theme_button"))
        row.addWidget(self._menu_button("settings", settings))
        row.addWidget(icon_button(actions["help"], "help_button"))

    def show_model(self, shown: bool) -> None:
        """Whether the workspace in front has models to choose from."""
        self._model.setVisible(shown)
        self._actions["model"].setEnabled(shown)

    def refresh_icons(self) -> None:
        """Draw what is no action's in the colours of the theme in force."""
        sky = "sun" if theme.colours().name == "dark" else "moon"
        self._actions["theme"].setIcon(theme.icon(sky))
        self._logo.setPixmap(theme.icon("network", "accent").pixmap(22, 22))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._brand.setVisible(self.width() >= WIDE)

    def _menu_button(self, name: str, menu: QMenu) -> QToolButton:
        button = icon_button(self._actions[name], f"{name}_menu")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        self._actions[name].triggered.connect(button.showMenu)
        return button


class SessionButton(QToolButton):
    """The session's name, as long as there is room for it, and whether it is saved."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__()
        self.setObjectName("session_menu")
        self.setProperty("role", "quiet")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(menu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._name, self._unsaved = "", False

    def show_session(self, name: str, where: str, unsaved: bool) -> None:
        """Its name, the path of its file or where else it is, and whether something is unsaved."""
        self._name, self._unsaved = name, unsaved
        self.setToolTip(where)
        self.setAccessibleName(f"Session {name}, {'unsaved' if unsaved else 'saved'}")
        self._fit()

    def sizeHint(self) -> QSize:
        return self._hint(LONGEST)

    def minimumSizeHint(self) -> QSize:
        return self._hint(SHORTEST)

    def _hint(self, longest: int) -> QSize:
        name = QFontMetrics(self.font()).horizontalAdvance(self._name) + 2  # it was rounded
        return QSize(min(name, longest) + self._rest_width(), super().sizeHint().height())

    @property
    def _rest(self) -> str:
        return f"   {UNSAVED}  ▾" if self._unsaved else "  ▾"

    def _rest_width(self) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(self._rest) + 2 * theme.SPACE

    def _fit(self) -> None:
        self.updateGeometry()
        name = QFontMetrics(self.font()).elidedText(
            self._name, Qt.TextElideMode.ElideMiddle, self.width() - self._rest_width()
        )
        self.setText(name.replace("&", "&&") + self._rest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()


def _with_text(button: QToolButton) -> QToolButton:
    button.setProperty("role", "quiet")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
