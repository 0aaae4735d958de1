"""The look: two sets of colours, type sizes, icons, and the style sheet made from them.

Painters ask `colours()` each time they paint. `apply` sets the palette of the application, which
sends every widget a `PaletteChange` event: a widget that caches pixels drops them there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from string import Template

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

SPACE = 8  # the grid, in logical pixels
PANEL_GAP = 16
RADIUS = 8

BODY = 13  # type sizes, in logical pixels
CAPTION = 11
TITLE = 15
WINNER = 28


@dataclass(frozen=True)
class Colours:
    """One theme's colours, as `#rrggbb`."""

    name: str
    window: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    positive: str
    negative: str
    right: str
    wrong: str


DARK = Colours(
    name="dark",
    window="#11151C",
    panel="#181E28",
    raised="#202836",
    line="#2C3645",
    text="#E6EAF0",
    muted="#9AA7BA",
    accent="#FFB454",
    on_accent="#1B1405",
    positive="#FFB454",
    negative="#58A9FF",
    right="#4FD1A5",
    wrong="#FF7A7A",
)
LIGHT = Colours(
    name="light",
    window="#F4F6F9",
    panel="#FFFFFF",
    raised="#EDF1F6",
    line="#D5DBE4",
    text="#1A2330",
    muted="#566579",
    accent="#B35C00",
    on_accent="#FFFFFF",
    positive="#B35C00",
    negative="#0B63C4",
    right="#0B7A54",
    wrong="#C0332B",
)

_active = DARK


def colours() -> Colours:
    """The colours in force now."""
    return _active


def colour(role: str, alpha: float = 1.0) -> QColor:
    """One role's colour (`"accent"`, `"line"`, …) with `alpha` in [0, 1]."""
    made = QColor(getattr(_active, role))
    made.setAlphaF(alpha)
    return made


@contextmanager
def painting_in(name: str) -> Iterator[None]:
    """Have painters use the `"dark"` or `"light"` colours within, for a file; the app stays."""
    global _active
    kept, _active = _active, DARK if name == "dark" else LIGHT
    try:
        yield
    finally:
        _active = kept


def system_theme() -> str:
    """`"dark"` or `"light"`, as the system asks; light where it doesn't say."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def apply(app: QApplication, choice: str = "system") -> None:
    """Dress the whole application in `"dark"`, `"light"` or the `"system"`'s choice."""
    global _active
    name = system_theme() if choice == "system" else choice
    _active = DARK if name == "dark" else LIGHT
    if not app.styleSheet():  # once: Qt keeps something of every style that was
        app.setStyle("Fusion")  # the one that obeys a palette on every platform
        app.setFont(font())
    app.setPalette(_palette(_active))
    sheet = resources.files("assets").joinpath("style.qss").read_text(encoding="utf-8")
    app.setStyleSheet(Template(sheet).substitute(asdict(_active), body=BODY, caption=CAPTION))


def font(size: int = BODY, *, bold: bool = False, mono: bool = False) -> QFont:
    """The application's font at `size` logical pixels, with figures of one width."""
    made = QFont(QApplication.font())
    if mono:
        made.setFamilies(["JetBrains Mono", "DejaVu Sans Mono", "Menlo", "Consolas", "monospace"])
        made.setStyleHint(QFont.StyleHint.Monospace)
    made.setPixelSize(size)
    made.setBold(bold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def icon(name: str, role: str = "text") -> QIcon:
    """The icon `assets/icons/NAME.svg` in the colour of `role`; paler while disabled."""
    made = QIcon()
    made.addPixmap(_pixmap(name, getattr(_active, role)), QIcon.Mode.Normal)
    made.addPixmap(_pixmap(name, _active.line), QIcon.Mode.Disabled)
    return made


@cache
def _pixmap(name: str, ink: str, size: int = 20, ratio: int = 3) -> QPixmap:
    drawing = resources.files("assets").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", ink).encode()))
    pixmap = QPixmap(size * ratio, size * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _palette(ink: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, value in {
        role.Window: ink.window,
        role.WindowText: ink.text,
        role.Base: ink.panel,
        role.AlternateBase: ink.raised,
        role.Text: ink.text,
        role.Button: ink.raised,
        role.ButtonText: ink.text,
        role.BrightText: ink.accent,
        role.Highlight: ink.accent,
        role.HighlightedText: ink.on_accent,
        role.ToolTipBase: ink.raised,
        role.ToolTipText: ink.text,
        role.PlaceholderText: ink.muted,
        role.Link: ink.negative,
        role.Mid: ink.line,
    }.items():
        palette.setColor(where, QColor(value))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(ink.muted))
    return palette
