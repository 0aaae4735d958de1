"""Three choices that say which pictures are shown: class, predicted class, right or wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from gui import theme
from gui.picture_rows import Wanted

SPACING = theme.SPACE // 2
Entry = tuple[str, int | str | None]  # of a menu: text and value


class PictureFilter(QWidget):
    """Buttons with menus, and how many pictures fit; `filter_changed` tells a new `Wanted`."""

    filter_changed = Signal(object)  # gui.picture_rows.Wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture_filter")
        self.setAccessibleName("Filter")
        self._names: list[str] = []
        self._wanted = Wanted()
        self._known = False
        self._label = self._button("filter_label", "Show the pictures of one class")
        self._predicted = self._button(
            "filter_predicted", "Show what was predicted to be one class"
        )
        self._outcome = self._button("filter_outcome", "Show what was predicted right, or wrong")
        self._clear = QToolButton()
        self._clear.setObjectName("filter_clear")
        self._clear.setProperty("role", "icon")
        self._clear.setToolTip("Show all pictures: take every filter away")
        self._clear.setAccessibleName("Show all pictures")
        self._clear.clicked.connect(partial(self._choose, Wanted()))
        self._count = QLabel()
        self._count.setObjectName("filter_count")
        self._count.setProperty("role", "muted")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        for part in (self._label, self._predicted, self._outcome, self._clear):
            row.addWidget(part)
        row.addWidget(self._count, 1)
        self._renew()

    def set_classes(self, names: Sequence[str]) -> None:
        """Offer these classes; every filter is taken away, and nothing is emitted."""
        self._names = list(names)
        self._wanted = Wanted()
        self._renew()

    def set_predictions_known(self, known: bool) -> None:
        """Allow to filter by predictions, or not yet."""
        if known != self._known:
            self._known = known
            self._renew()

    def set_wanted(self, wanted: Wanted) -> None:
        """Show a filter as chosen; nothing is emitted.

        Raises:
            ValueError: a class is not among the names.
        """
        for what, chosen in (("label", wanted.label), ("predicted", wanted.predicted)):
            if chosen is not None and not 0 <= chosen < len(self._names):
                raise ValueError(f"{what}: expected 0 to {len(self._names) - 1}, got {chosen}")
        self._wanted = wanted
        self._renew()

    def set_counts(self, shown: int, total: int) -> None:
        """Say how many pictures fit, of how many."""
        few = f"{shown:,} of {total:,}"
        self._count.setText(few if shown != total else f"{total:,}" if total else "")
        self._fit()

    @property
    def wanted(self) -> Wanted:
        """The filter in force."""
        return self._wanted

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setMenu(QMenu(button))
        button.setMinimumWidth(32)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _choose(self, wanted: Wanted) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self._renew()
            self.filter_changed.emit(wanted)

    def _renew(self) -> None:
        now = self._wanted
        classes: list[Entry] = [("any class", None), *((n, i) for i, n in enumerate(self._names))]
        outcomes: list[Entry] = [
            ("right and wrong", "all"),
            ("✓ right", "right"),
            ("✗ wrong", "wrong"),
        ]
        self._fill(self._label, classes, lambda value: replace(now, label=value))
        self._fill(self._predicted, classes, lambda value: replace(now, predicted=value))
        self._fill(self._outcome, outcomes, lambda value: replace(now, outcome=value))
        self._label.setEnabled(bool(self._names))
        for button in (self._predicted, self._outcome):
            button.setEnabled(self._known and bool(self._names))
        self._clear.setIcon(theme.icon("close", "muted"))
        self._clear.setVisible(now != Wanted())
        self._fit()

    def _fill(
        self, button: QToolButton, entries: list[Entry], made: Callable[[Any], Wanted]
    ) -> None:
        """Give a button its menu; the entry that makes the filter in force has a tick."""
        menu = button.menu()
        menu.clear()
        for text, value in entries:
            action = menu.addAction(text.replace("&", "&&"), partial(self._choose, made(value)))
            if made(value) == self._wanted:  # Qt's own tick is black in every theme
                action.setIcon(theme.icon("tick", "accent"))

    def _fit(self) -> None:
        """Write on the buttons what is chosen, shorter where there is less room."""
        now = self._wanted
        label = None if now.label is None else self._names[now.label]
        predicted = None if now.predicted is None else self._names[now.predicted]
        outcome = {"all": "Right, wrong", "right": "✓ Right", "wrong": "✗ Wrong"}[now.outcome]
        buttons = (self._label, self._predicted, self._outcome)
        room = self.width() - self._count.sizeHint().width() - 3 * SPACING
        room -= 0 if self._clear.isHidden() else self._clear.sizeHint().width() + SPACING
        for longest, word in ((24, "Predicted"), (12, "Predicted"), (8, "Pred."), (4, "Pred.")):
            _write(self._label, "Class", label, longest)
            _write(self._predicted, word if predicted else "Predicted", predicted, longest)
            self._outcome.setText(f"{outcome} ▾")
            if sum(button.sizeHint().width() + SPACING for button in buttons) <= room:
                break
        self._label.setAccessibleName(f"Class: {label or 'any'}")
        self._predicted.setAccessibleName(f"Predicted: {predicted or 'any class'}")
        self._outcome.setAccessibleName(outcome)
        said = ", ".join(button.accessibleName() for button in buttons)
        self.setAccessibleDescription(f"{said}. {self._count.text()}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._renew()
        super().changeEvent(event)


def _write(button: QToolButton, word: str, chosen: str | None, longest: int) -> None:
    """Write `Class ▾`, or `Class: airplane ▾` with a name of so many letters at most."""
    if chosen is None:
        button.setText(f"{word} ▾")
        return
    short = chosen if len(chosen) <= longest + 1 else f"{chosen[:longest].rstrip()}…"
    button.setText(f"{word}: {short.replace('&', '&&')} ▾")
