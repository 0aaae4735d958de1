"""Three choices that say which pictures are shown: class, predicted class, right or wrong."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from gui import theme
from gui.picture_rows import OUTCOMES, Outcome, Wanted

LONGEST = 14  # letters of a class's name on a button
NO_PREDICTIONS = "Known once the network has looked at the pictures"


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
        self._label = self._button("filter_label", "Show one class only")
        self._predicted = self._button("filter_predicted", "Show what was predicted so")
        self._outcome = self._button("filter_outcome", "Show what was predicted right, or wrong")
        self._clear = QToolButton()
        self._clear.setObjectName("filter_clear")
        self._clear.setProperty("role", "quiet")
        self._clear.setText("Show all")
        self._clear.setToolTip("Take every filter away")
        self._clear.setAccessibleName("Show all pictures")
        self._clear.clicked.connect(partial(self._choose, Wanted()))
        self._count = QLabel()
        self._count.setObjectName("filter_count")
        self._count.setProperty("role", "muted")
        self._count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE // 2)
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
        self._count.setText(few if shown != total else f"{total:,} pictures" if total else "")

    @property
    def wanted(self) -> Wanted:
        """The filter in force."""
        return self._wanted

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _choose(self, wanted: Wanted) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self._renew()
            self.filter_changed.emit(wanted)

    def _renew(self) -> None:
        now = self._wanted
        others = [(name, index) for index, name in enumerate(self._names)]
        self._fill(
            self._label,
            "Class",
            [("any class", None), *others],
            now.label,
            lambda value: Wanted(value, now.predicted, now.outcome),
        )
        self._fill(
            self._predicted,
            "Predicted",
            [("any class", None), *others],
            now.predicted,
            lambda value: Wanted(now.label, value, now.outcome),
        )
        self._fill(
            self._outcome,
            "",
            [("Right and wrong", "all"), ("✓ Right", "right"), ("✗ Wrong", "wrong")],
            now.outcome,
            lambda value: Wanted(now.label, now.predicted, _outcome(value)),
        )
        self._label.setEnabled(bool(self._names))
        for button in (self._predicted, self._outcome):
            button.setEnabled(self._known and bool(self._names))
            button.setStatusTip("" if self._known else NO_PREDICTIONS)
        self._clear.setVisible(now != Wanted())
        self.setAccessibleDescription(
            ", ".join(b.accessibleName() for b in (self._label, self._predicted, self._outcome))
        )

    def _fill(self, button, title, choices, chosen, made) -> None:  # type: ignore[no-untyped-def]
        """Give a button its menu, and the text that says what is chosen."""
        menu = button.menu()
        if menu is None:
            menu = QMenu(button)
            button.setMenu(menu)
        menu.clear()
        for text, value in choices:
            action = menu.addAction(text.replace("&", "&&"))
            if value == chosen:  # Qt's own tick is black in every theme
                action.setIcon(theme.icon("tick", "accent"))
            action.triggered.connect(partial(lambda v, _=False: self._choose(made(v)), value))
        text = next(text for text, value in choices if value == chosen)
        short = text if len(text) <= LONGEST + 1 else f"{text[:LONGEST]}…"
        said = f"{title}: {short}" if title else short
        button.setText(f"{said.replace('&', '&&')} ▾")
        button.setAccessibleName(f"{title or 'Outcome'}: {text}")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._renew()
        super().changeEvent(event)


def _outcome(value: object) -> Outcome:
    return next(outcome for outcome in OUTCOMES if outcome == value)
