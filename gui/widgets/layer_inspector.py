"""Looking inside a network: every layer's activations, weights and gradients for one example."""

import time

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.layer_bar import USUAL_RATE, LayerBar
from gui.layer_card import LayerCard
from gui.layer_detail import LayerDetail
from gui.layer_enlarged import Subject
from gui.layer_facts import describe, fits
from gui.painting import paint_sentence
from nn.inspection import Inspection
from nn.network import Network

EMPTY = (
    "Every layer appears here: its activations, weights and gradients for one picture. "
    "Train, or choose a picture, to look inside."
)
SHARE = 0.08  # of the time that painting may take, so that training keeps the rest
BOTH = 400  # lowest inspector that shows the layers above what is enlarged
PATIENCE = 1.0  # seconds after which an inspection is asked for again


class LayerInspector(QWidget):
    """Shows one `nn.inspection.Inspection` after the other.

    While it is seen it asks for the next by `inspection_wanted`: as often as `refresh_rate` says,
    never before the last one has been painted, and less often where painting takes long.
    """

    inspection_wanted = Signal()
    refresh_chosen = Signal(float)  # times a second; 0 for never
    scale_chosen = Signal(bool)  # True for a scale per tile
    tile_enlarged = Signal(int, int, int)  # layer (0 the input), section, tile
    tile_closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_inspector")
        self.setAccessibleName("Looking inside")
        self._network: Network | None = None
        self._inspection: Inspection | None = None
        self._cards: list[LayerCard] = []
        self._folds: dict[str, bool] = {}  # what a person folded, by title
        self._per_tile = False
        self._rate = float(USUAL_RATE)
        self._unpainted = False
        self._cost = 0.0  # milliseconds of the last refresh
        self._asked = 0.0
        self._answered = True
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_timeout)
        self._build()
        self._show_emptiness()

    def _build(self) -> None:
        self._bar = LayerBar()
        self._bar.scale_chosen.connect(self.set_per_tile)
        self._bar.rate_chosen.connect(self._on_rate_chosen)
        self._bar.fold_clicked.connect(self._on_fold_clicked)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._list)
        self._scroll.verticalScrollBar().valueChanged.connect(lambda _: self._say("", QPoint()))
        self._readout = QLabel(self._scroll.viewport())
        self._readout.setProperty("role", "readout")
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()

        self._detail = LayerDetail()
        self._detail.closed.connect(self.close_tile)
        self._close = QToolButton(self._detail)
        self._close.setProperty("role", "icon")
        self._close.setObjectName("close_tile")
        self._close.setAccessibleName("Close the enlarged tile")
        self._close.setToolTip("Close (Escape)")
        self._close.clicked.connect(self.close_tile)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._scroll)
        self._splitter.addWidget(self._detail)
        self._splitter.setStretchFactor(0, 1)
        self._detail.hide()
        self._detail.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._bar)
        column.addWidget(self._splitter, 1)
        column.addStretch(0)  # holds the bar at the top while there is nothing below it
        self._dress()

    def sizeHint(self) -> QSize:
        return QSize(680, 560)

    def minimumSizeHint(self) -> QSize:
        return QSize(340, 200)

    # -- what is shown -----------------------------------------------------------------------

    def set_inspection(self, inspection: Inspection, network: Network) -> None:
        """Show how one example went through `network`; the arrays must not change afterwards.

        Of the network only shapes and names are read, never its weights, so another thread may
        train it.

        Raises:
            ValueError: the inspection is of another network.
        """
        wrong = fits(inspection, network)
        if wrong:
            raise ValueError(wrong)
        if network is not self._network:
            self._show_network(network)
        self._inspection = inspection
        self._unpainted = self._answered = True
        self._cost = 0.0
        for card in self._cards:
            card.set_inspection(inspection)
        self._detail.set_inspection(inspection)

    def clear(self) -> None:
        """Show nothing."""
        self._forget()
        self.set_caption("")
        self._show_emptiness()

    def set_caption(self, text: str) -> None:
        """Say above the layers which example this is."""
        self._bar.show_caption(text)

    def set_per_tile(self, per_tile: bool) -> None:
        """Give each tile a scale of its own, or all of a kind in a layer the same."""
        self._bar.show_scale(per_tile)
        if per_tile != self._per_tile:
            self._per_tile = per_tile
            for card in self._cards:
                card.set_per_tile(per_tile)
            self._detail.set_per_tile(per_tile)
            self.scale_chosen.emit(per_tile)

    @property
    def per_tile(self) -> bool:
        """True when each tile has a scale of its own."""
        return self._per_tile

    def set_refresh_rate(self, rate: float) -> None:
        """Ask for at most `rate` inspections a second; never for 0.

        Raises:
            ValueError: the rate is no number of 0 or more.
        """
        if not 0 <= rate <= 60:
            raise ValueError(f"refresh rate: expected 0 to 60 a second, got {rate}")
        self._rate = float(rate)
        self._bar.show_rate(rate)
        self._schedule()

    @property
    def refresh_rate(self) -> float:
        """The most inspections asked for in a second."""
        return self._rate

    @property
    def refresh_cost(self) -> float:
        """Milliseconds that painting the last inspection took."""
        return self._cost

    @property
    def is_ready(self) -> bool:
        """True when it is seen, and has got and painted what it asked for last."""
        return self.isVisible() and self._answered and not self._unpainted

    @property
    def cards(self) -> list[LayerCard]:
        """The input's and the layers' cards, in order."""
        return list(self._cards)

    @property
    def detail(self) -> LayerDetail:
        """What is enlarged; hidden when nothing is."""
        return self._detail

    def enlarge(self, layer: int, section: int, tile: int, row: int = -1, column: int = -1) -> None:
        """Show a tile of a layer (0 is the input) large, below the layers."""
        if self._inspection is None:
            return
        cursor = None if row < 0 or self._is_matrix(layer, section) else (row, column)
        self._detail.enlarge(Subject(layer, section, tile, max(row, 0)), cursor)
        for card in self._cards:
            card.choose((section, tile) if card.facts.index == layer else None)
        if not self._detail.isVisible():
            self._detail.show()
            self._scroll.setVisible(self.height() >= BOTH)
            low = max(220, min(300, self.height() // 2))
            self._splitter.setSizes([max(self._splitter.height() - low, 100), low])
        QTimer.singleShot(0, self, lambda: self._bring_to_sight(layer))
        self.tile_enlarged.emit(layer, section, tile)

    def close_tile(self) -> None:
        """Enlarge nothing any more."""
        if self._detail.isHidden():
            return
        shown = self._detail.enlarged
        had_focus = self._detail.hasFocus() or self._close.hasFocus()
        self._detail.hide()
        self._scroll.show()
        for card in self._cards:
            card.choose(None)
        if had_focus and shown is not None and shown.subject.layer < len(self._cards):
            self._cards[shown.subject.layer].setFocus()
        self.tile_closed.emit()

    # -- inside ------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._network = self._inspection = None
        self._unpainted = False
        self.close_tile()
        self._detail.set_network(None, [])
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []
        self._say("", QPoint())

    def _show_network(self, network: Network) -> None:
        self._forget()
        self._network = network
        facts = describe(network)
        self._detail.set_network(network, facts)
        for layer in facts:
            card = LayerCard(layer, network)
            card.fold(self._folds.get(layer.title, layer.folded))
            card.set_per_tile(self._per_tile)
            card.folded.connect(lambda folded, card=card: self._on_folded(card, folded))
            card.tile_chosen.connect(lambda *spot, card=card: self._on_tile_chosen(card, *spot))
            card.spot_pointed.connect(lambda told, at, card=card: self._on_pointed(card, told, at))
            card.tile_reached.connect(lambda card=card: self._show_area(card, card.cursor_rect))
            card.painted.connect(self._on_painted)
            self._column.insertWidget(self._column.count() - 1, card)
            self._cards.append(card)
        self._scroll.verticalScrollBar().setValue(0)
        self._show_emptiness()
        self._offer_folding()

    def _show_emptiness(self) -> None:
        empty = self._network is None
        self._splitter.setVisible(not empty)
        self._bar.setEnabled(not empty)
        told = EMPTY if empty else f"{len(self._cards)} layers, the input among them"
        self.setAccessibleDescription(told)
        self.update()

    def _is_matrix(self, layer: int, section: int) -> bool:
        """True where a row of the only tile is what is chosen."""
        return self._cards[layer].facts.sections[section].look.matrix

    def _bring_to_sight(self, layer: int) -> None:
        if layer < len(self._cards):
            self._show_area(self._cards[layer], self._cards[layer].chosen_rect)

    def _show_area(self, card: LayerCard, area: QRect) -> None:
        """Scroll until an area of a card is seen."""
        if not area.isEmpty():
            middle = card.mapTo(self._list, area.center())
            self._scroll.ensureVisible(middle.x(), middle.y(), 8, area.height() // 2 + 24)

    def _say(self, told: str, at: QPoint) -> None:
        """Show the read-out at a point of the viewport, wholly inside it."""
        if not told:
            self._readout.hide()
            return
        self._readout.setText(told)
        self._readout.adjustSize()
        view = self._scroll.viewport().rect()
        x = min(max(at.x() + 8, 4), view.width() - self._readout.width() - 4)
        y = at.y() + 8
        if y + self._readout.height() > view.height() - 4:
            y = at.y() - self._readout.height() - 16
        self._readout.move(max(x, 0), max(y, 0))
        self._readout.show()
        self._readout.raise_()

    @property
    def readout(self) -> str:
        """What is said of the value under the pointer; empty when none is pointed at."""
        return "" if self._readout.isHidden() else self._readout.text()

    # -- refreshing --------------------------------------------------------------------------

    def _schedule(self) -> None:
        if not self.isVisible() or self._rate <= 0:
            self._timer.stop()
            return
        self._timer.start(max(1, round(max(1000 / self._rate, self._cost / SHARE))))

    def _on_timeout(self) -> None:
        now = time.monotonic()
        if self.is_ready or now - self._asked > PATIENCE:
            self._asked, self._answered = now, False
            self.inspection_wanted.emit()
        self._schedule()

    def _on_painted(self, cost: float) -> None:
        self._unpainted = False
        self._cost += cost

    def _on_rate_chosen(self, rate: float) -> None:
        self.set_refresh_rate(rate)
        self.refresh_chosen.emit(float(rate))

    # -- answers -----------------------------------------------------------------------------

    def _on_folded(self, card: LayerCard, folded: bool) -> None:
        self._folds[card.facts.title] = folded
        self._offer_folding()

    def _on_fold_clicked(self) -> None:
        fold = any(not card.is_folded for card in self._cards)
        for card in self._cards:
            card.fold(fold)

    def _offer_folding(self) -> None:
        fold = any(not card.is_folded for card in self._cards) or not self._cards
        self._bar.show_fold(fold)

    def _on_tile_chosen(
        self, card: LayerCard, section: int, tile: int, row: int, column: int
    ) -> None:
        self.enlarge(card.facts.index, section, tile, row, column)
        self._detail.setFocus()

    def _on_pointed(self, card: LayerCard, told: str, at: QPoint) -> None:
        self._say(told, card.mapTo(self._scroll.viewport(), at))

    # -- events ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._network is None:
            painter = QPainter(self)
            area = QRectF(0, 40, self.width(), self.height() - 40)
            paint_sentence(painter, area, EMPTY)
            painter.end()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self._detail and event.type() == QEvent.Type.Resize:
            self._close.move(self._detail.width() - self._close.sizeHint().width() - 4, 4)
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def showEvent(self, event: QEvent) -> None:
        self._schedule()

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._detail.isVisible():
            self.close_tile()
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        if hasattr(self, "_close"):
            self._close.setIcon(theme.icon("close", "muted"))
