"""The button that names the data set in use and offers others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from gui import theme

ARROW = 16
EMPTY = "Choose a data set"


@dataclass(frozen=True)
class Offer:
    """One data set that can be chosen.

    Attributes:
        key: what `data_chosen` tells, like "mnist".
        title: for people, like "MNIST".
        detail: a few words beside it, like "70,000 digits · download 11.6 MB".
        enabled: False where it can't be chosen now; the detail says why.
        below_line: True to begin a new group of the menu.
    """

    key: str
    title: str
    detail: str = ""
    enabled: bool = True
    below_line: bool = False


OFFERS = (
    Offer("drawn", "Drawn digits", "made here, at once"),
    Offer("mnist", "MNIST", "70,000 handwritten digits"),
    Offer("cifar-10", "CIFAR-10", "60,000 colour pictures"),
    Offer(
        "folder",
        "A folder of pictures…",
        "a sub-folder a class, or MNIST or CIFAR files",
        True,
        True,
    ),
    Offer("drawings", "My drawings", "from Sketch"),
)


class DataMenu(QPushButton):
    """Opens its menu on a click, Space or Down; shows the current data set's title."""

    data_chosen = Signal(str)  # key of the offer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_menu")
        self.setToolTip("Choose the pictures to learn from")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self._offers: tuple[Offer, ...] = ()
        self._current = ""
        self._title = EMPTY
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._on_about_to_show)
        self.setMenu(self._menu)
        self.setStyleSheet("QPushButton::menu-indicator { image: none; }")
        self.set_offers(OFFERS)
        self._show()

    def set_offers(self, offers: Sequence[Offer]) -> None:
        """Offer these data sets, in this order."""
        self._offers = tuple(offers)
        self._menu.clear()
        for offer in self._offers:
            if offer.below_line:
                self._menu.addSeparator()
            text = offer.title.replace("&", "&&")
            if offer.detail:
                text += f"\t{offer.detail}"  # the column that keys stand in
            action = self._menu.addAction(text, partial(self.data_chosen.emit, offer.key))
            action.setData(offer.key)
            action.setEnabled(offer.enabled)
            action.setToolTip(offer.detail)

    def set_current(self, key: str, title: str = "") -> None:
        """Show a data set as the one in use; "" for none. The title may say more than its offer."""
        self._current = key
        known = {offer.key: offer.title for offer in self._offers}
        self._title = title or known.get(key, EMPTY)
        self._show()

    @property
    def current(self) -> str:
        """Key of the data set in use, or ""."""
        return self._current

    @property
    def title(self) -> str:
        """What the button says."""
        return self._title

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(theme.BODY))
        return QSize(metrics.horizontalAdvance(self._title) + ARROW + 24, 30)

    def _show(self) -> None:
        self.update()
        self.setAccessibleName(f"Data set: {self._title}")
        self.updateGeometry()

    def _on_about_to_show(self) -> None:
        self._menu.setMinimumWidth(self.width())
        for action in self._menu.actions():  # Qt's own tick is black in every theme
            in_use = action.data() == self._current and bool(self._current)
            action.setIcon(theme.icon("tick", "accent") if in_use else QIcon())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        room = self.rect().adjusted(10, 0, -ARROW - 10, 0)
        metrics = QFontMetrics(theme.font(theme.BODY))
        short = metrics.elidedText(self._title, Qt.TextElideMode.ElideMiddle, room.width())
        painter.setFont(theme.font(theme.BODY))
        painter.setPen(theme.colour("text" if self._current else "muted"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), short)
        theme.icon("chevron", "muted").paint(
            painter, self.width() - ARROW - 6, (self.height() - ARROW) // 2, ARROW, ARROW
        )
