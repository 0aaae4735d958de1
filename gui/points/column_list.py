"""The columns of a table: tick those to learn from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from gui import theme
from nn.data.table import Column

LOW, NAME = 84, 140  # logical pixels that are always there, and of a name


class ColumnList(QScrollArea):
    """`used_changed` tells the indices of the ticked columns."""

    used_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("column_list")
        self.setAccessibleName("Columns to learn from")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(LOW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._columns: Sequence[Column] = ()
        self.boxes: list[QCheckBox] = []
        self._kinds: list[QLabel] = []

    def set_columns(self, columns: Sequence[Column], target: int, used: Sequence[int]) -> None:
        """Show columns; the target can't be ticked."""
        if columns is not self._columns:
            self._columns = columns
            self._make_rows(columns)
        for i, column in enumerate(columns):
            box = self.boxes[i]
            box.blockSignals(True)
            box.setChecked(i in used and i != target)
            box.blockSignals(False)
            box.setEnabled(i != target)
            self._kinds[i].setText("the target" if i == target else described(column))

    def _make_rows(self, columns: Sequence[Column]) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, theme.SPACE, 0)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        self.boxes, self._kinds = [], []
        for i, column in enumerate(columns):
            box = QCheckBox(self.fontMetrics().elidedText(column.name, _MIDDLE, NAME))
            box.setAccessibleName(column.name)
            box.setToolTip(f"{column.name}: {described(column)}")
            box.toggled.connect(self._on_toggled)
            kind = QLabel()
            kind.setProperty("role", "caption")
            kind.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(box, i, 0)
            grid.addWidget(kind, i, 1)
            self.boxes.append(box)
            self._kinds.append(kind)
        grid.setRowStretch(len(columns), 1)
        self.setWidget(inner)

    @property
    def used(self) -> tuple[int, ...]:
        """The ticked columns."""
        return tuple(i for i, box in enumerate(self.boxes) if box.isChecked())

    def _on_toggled(self, _on: bool) -> None:
        self.used_changed.emit(self.used)


def described(column: Column) -> str:
    """What a column holds, in few words."""
    kind = "numbers" if column.is_number else f"{len(column.names):,} words"
    return f"{kind}, {column.missing:,} missing" if column.missing else kind


_MIDDLE = Qt.TextElideMode.ElideMiddle
