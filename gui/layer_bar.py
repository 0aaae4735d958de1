"""The controls above the inspector's layers: which example, colours, scale, refresh, folding."""

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gui import theme
from gui.layer_legend import LayerLegend

RATES = (0, 1, 2, 5, 10, 20)  # times a second
USUAL_RATE = 5
WITH_LEGEND = 640  # narrowest bar that has room for the colours' key
WITH_WORDS = 480  # and for all its words
NARROWEST = 340


class LayerBar(QWidget):
    """Shows what it is told; what is chosen goes out as signals."""

    scale_chosen = Signal(bool)  # True for a scale per tile
    rate_chosen = Signal(float)
    fold_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = QLabel("")
        self._caption.setProperty("role", "muted")
        self._caption.setMinimumWidth(40)
        self._rate = float(USUAL_RATE)
        self._legend = LayerLegend()
        self._scale = QLabel("Scale")
        self._scale.setProperty("role", "muted")
        self._scales = QButtonGroup(self)
        chips = [
            self._chip("per layer", "All tiles of one kind in a layer share one colour scale"),
            self._chip("per tile", "Every tile uses the whole colour scale"),
        ]
        for place, chip in enumerate(chips):
            self._scales.addButton(chip, place)
        chips[0].setChecked(True)
        self._scales.idClicked.connect(lambda chosen: self.scale_chosen.emit(bool(chosen)))
        self._refresh = self._quiet("refresh_rate")
        self._refresh.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._refresh.setToolTip("How often the values are renewed while training runs")
        self._refresh.setMenu(self._rates())
        self._fold = self._quiet("fold_all")
        self._fold.clicked.connect(self.fold_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE // 2)
        row.addWidget(self._caption, 1)
        row.addStretch(0)  # for when the caption is hidden
        for part in (self._legend, self._scale, *chips, self._refresh, self._fold):
            if part in (self._scale, self._refresh):
                row.addSpacing(theme.SPACE)
            row.addWidget(part)
        self.show_rate(USUAL_RATE)
        self.show_fold(True)

    def _chip(self, name: str, told: str) -> QPushButton:
        chip = QPushButton(name)
        chip.setCheckable(True)
        chip.setProperty("role", "chip")
        chip.setObjectName(f"scale_{name.replace(' ', '_')}")
        chip.setAccessibleName(f"Scale {name}")
        chip.setToolTip(told)
        chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        bold = QFontMetrics(theme.font(bold=True))  # as it is while chosen
        chip.setMinimumWidth(bold.horizontalAdvance(name) + 28)
        return chip

    def _quiet(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("role", "quiet")
        return button

    def _rates(self) -> QMenu:
        menu = QMenu(self._refresh)
        group = QActionGroup(menu)
        for rate in RATES:
            action = QAction(rate_text(rate), menu)
            action.setCheckable(True)
            action.triggered.connect(lambda _, rate=rate: self.rate_chosen.emit(float(rate)))
            group.addAction(action)
            menu.addAction(action)
        return menu

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())  # some words can go

    # -- what is shown -----------------------------------------------------------------------

    def show_caption(self, text: str) -> None:
        """Say which example this is."""
        self._caption.setText(text)
        self._caption.setToolTip(text)

    def show_scale(self, per_tile: bool) -> None:
        """Mark the scale in use."""
        self._scales.button(int(per_tile)).setChecked(True)

    def show_rate(self, rate: float) -> None:
        """Name the refresh rate in use."""
        for action, known in zip(self._refresh.menu().actions(), RATES, strict=True):
            action.setChecked(known == rate)
        self._rate = rate
        self._refresh.setAccessibleName(f"Refresh: {rate_text(rate)}")
        self._fit()

    def show_fold(self, fold: bool) -> None:
        """Offer to fold all layers, or to unfold them."""
        self._fold.setText("Fold all" if fold else "Unfold all")
        self._fold.setToolTip("Show only the layers' names" if fold else "Show all layers' values")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self._fit()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        roomy = self.width() >= WITH_WORDS
        self._legend.setVisible(self.width() >= WITH_LEGEND and self.isEnabled())
        self._scale.setVisible(roomy)
        self._caption.setVisible(roomy)
        rate = f"{self._rate:g}/s" if self._rate else "Paused"
        self._refresh.setText(f"{rate_text(self._rate) if roomy else rate} ▾")


def rate_text(rate: float) -> str:
    """A rate in words."""
    return "Paused" if rate == 0 else "Once a second" if rate == 1 else f"{rate:g} × a second"
