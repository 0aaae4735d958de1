"""The label of the drawing: one of the classes, which can be added, renamed and removed here."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme

FEWEST, MOST = 2, 26
HEIGHT = 30  # of one chip, in pixels
GAP = 4
ROWS = 2  # in sight; more scroll
WIDEST = 148
NO_EFFECT = "The label tells Train the right answer. It has no effect on the prediction."


class Chip(QPushButton):
    """One class."""

    stepped = Signal(int)  # -1 or 1: the keyboard asks for a neighbour; ±100: first or last
    rename_asked = Signal()
    remove_asked = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.setCheckable(True)
        self.name = ""

    def set_name(self, name: str, index: int) -> None:
        """Show `name`, cut short where it is long."""
        self.name = name
        self._fill()
        key = f" (key {index + 1})" if index < 9 else ""
        self.setAccessibleName(f"Label {name}")
        self.setToolTip(f"“{name}”{key}: F2 or double-click renames it.\n{NO_EFFECT}")

    def width_wanted(self) -> int:
        """Pixels this chip needs for its name."""
        text = QFontMetrics(theme.font(theme.BODY, bold=True)).horizontalAdvance(self.name)
        return min(max(text + 26, 44), WIDEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        metrics = QFontMetrics(theme.font(theme.BODY, bold=True))
        shown = metrics.elidedText(self.name, Qt.TextElideMode.ElideRight, self.width() - 24)
        self.setText(shown.replace("&", "&&"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Home: -100,
            Qt.Key.Key_End: 100,
        }
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_F2:
            self.rename_asked.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.rename_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())


class Editor(QLineEdit):
    """Where a class's name is typed; Esc leaves."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class LabelToggle(QWidget):
    """Chips for the classes, of which one is chosen, and a button that adds one.

    The widget keeps no truth about the classes: it asks with `class_added`, `class_renamed` and
    `class_removed` and shows what `set_classes` says then, or what `refuse` answers.
    """

    label_chosen = Signal(int)
    class_added = Signal(str)
    class_renamed = Signal(int, str)
    class_removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("label_toggle")
        self.setAccessibleName("Label of the drawing")
        self.setToolTip(NO_EFFECT)
        self._chips: list[Chip] = []
        self._current = 0
        self._edited = -1  # the class in the editor; len(chips) for one to add
        self._refused = False
        self._flow = QWidget()
        self._plus = QToolButton(self._flow)
        self._plus.setProperty("role", "quiet")
        self._plus.setIcon(theme.icon("plus"))
        self._plus.setAccessibleName("Add a class")
        self._plus.clicked.connect(self._on_plus_clicked)
        self._editor = Editor(self._flow)
        self._editor.setAccessibleName("Name of the class")
        self._editor.setMaxLength(60)
        self._editor.hide()
        self._editor.returnPressed.connect(self._on_name_entered)
        self._editor.left.connect(self._close_editor)
        self._editor.editingFinished.connect(self._on_editing_finished)
        self._editor.textEdited.connect(self._on_name_edited)
        self._area = QScrollArea()
        self._area.setWidget(self._flow)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sentence = QLabel()
        self._sentence.setProperty("role", "wrong")
        self._sentence.setWordWrap(True)
        self._sentence.hide()
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self._on_settled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self._area)
        column.addWidget(self._sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self.set_classes(["X", "O"])

    # What others ask and say

    @property
    def current(self) -> int:
        """The chosen class's index."""
        return self._current

    @property
    def refusal(self) -> str:
        """The sentence shown about a name; empty when there is none."""
        return self._sentence.text() if not self._sentence.isHidden() else ""

    def set_classes(self, names: Sequence[str]) -> None:
        """Show these classes; an open editor closes."""
        while len(self._chips) < len(names):
            self._chips.append(self._new_chip())
        while len(self._chips) > len(names):
            self._chips.pop().deleteLater()
        for index, (chip, name) in enumerate(zip(self._chips, names, strict=True)):
            chip.set_name(name, index)
        self._close_editor()
        full = len(names) >= MOST
        self._plus.setEnabled(not full)
        self._plus.setToolTip(
            f"{MOST} classes are the most there can be" if full else "Add a class"
        )
        self.set_current(min(self._current, len(names) - 1))
        self._arrange()

    def set_current(self, index: int) -> None:
        """Choose a class; emits nothing."""
        self._current = max(0, min(index, len(self._chips) - 1)) if self._chips else 0
        for place, chip in enumerate(self._chips):
            chosen = place == self._current
            chip.setChecked(chosen)
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
        names = [chip.name for chip in self._chips]
        chosen_name = names[self._current] if names else ""
        self.setAccessibleDescription(f"{chosen_name}, of {', '.join(names)}")
        if self._chips:
            self._area.ensureWidgetVisible(self._chips[self._current], 0, 0)

    def refuse(self, index: int, sentence: str) -> None:
        """Say in place why a name was refused; `index` is that of the class, or their number for
        one to be added. The editor stays open for another try."""
        self._refused = True
        if not 0 <= index <= len(self._chips):
            index = len(self._chips)
        if self._edited != index:
            self._open_editor(index, None)
        self._mark_wrong(True)
        self._sentence.setText(sentence)
        self._sentence.show()
        self._arrange()
        self._editor.setAccessibleDescription(sentence)

    def rename(self, index: int) -> None:
        """Open the editor on a class."""
        if 0 <= index < len(self._chips):
            self._open_editor(index, None)

    # Choosing

    def _new_chip(self) -> Chip:
        chip = Chip()
        chip.setParent(self._flow)
        chip.clicked.connect(lambda: self._choose(self._chips.index(chip)))
        chip.stepped.connect(lambda by: self._step(self._chips.index(chip), by))
        chip.rename_asked.connect(lambda: self.rename(self._chips.index(chip)))
        chip.remove_asked.connect(lambda: self._remove(self._chips.index(chip)))
        chip.menu_asked.connect(lambda where: self.menu(self._chips.index(chip)).popup(where))
        chip.show()
        return chip

    def _choose(self, index: int) -> None:
        changed = index != self._current
        self.set_current(index)
        if changed:
            self.label_chosen.emit(index)

    def _step(self, index: int, by: int) -> None:
        last = len(self._chips) - 1
        goal = max(0, min(index + by, last)) if abs(by) > 1 else (index + by) % (last + 1)
        self._choose(goal)
        self._chips[self._current].setFocus(Qt.FocusReason.TabFocusReason)

    def _remove(self, index: int) -> None:
        if len(self._chips) > FEWEST:
            self.class_removed.emit(index)

    def menu(self, index: int) -> QMenu:
        """The menu of one class."""
        name = self._chips[index].name.replace("&", "&&")
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(theme.icon("edit"), f"Rename {name}", lambda: self.rename(index))
        remove = menu.addAction(theme.icon("trash"), f"Remove {name}", lambda: self._remove(index))
        if len(self._chips) <= FEWEST:
            remove.setEnabled(False)
            remove.setText(f"Remove {name} (two classes must stay)")
        return menu

    # Naming

    def _on_plus_clicked(self) -> None:
        self._open_editor(len(self._chips), None)

    def _open_editor(self, index: int, text: str | None) -> None:
        self._sentence.hide()
        self._mark_wrong(False)
        self._edited = index
        if text is None:
            adding = index == len(self._chips)
            text = self._free_letter() if adding else self._chips[index].name
        self._editor.setText(text)
        self._editor.show()
        self._arrange()
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._editor.selectAll()

    def _free_letter(self) -> str:
        taken = {chip.name for chip in self._chips}
        return next((c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in taken), "New")

    def _on_name_entered(self) -> None:
        index, name = self._edited, self._editor.text().strip()
        if index < 0:
            return
        if index < len(self._chips) and name == self._chips[index].name:
            self._close_editor()
            return
        self._refused = False
        if index == len(self._chips):
            self.class_added.emit(name)
        else:
            self.class_renamed.emit(index, name)
        if not self._refused:
            self._close_editor()

    def _on_editing_finished(self) -> None:
        if not self._editor.hasFocus():  # left by mouse or Tab: nothing is changed by accident
            self._close_editor()

    def _on_name_edited(self) -> None:
        self._mark_wrong(False)
        self._sentence.hide()
        self._arrange()

    def _close_editor(self) -> None:
        if self._edited < 0:
            return
        index, had_focus = self._edited, self._editor.hasFocus()
        self._edited = -1
        self._editor.hide()
        self._editor.setAccessibleDescription("")
        self._sentence.hide()
        self._mark_wrong(False)
        self._arrange()
        if had_focus and self._chips:
            self._chips[min(index, len(self._chips) - 1)].setFocus()

    def _mark_wrong(self, wrong: bool) -> None:
        self._editor.setProperty("wrong", wrong)
        self._editor.style().unpolish(self._editor)
        self._editor.style().polish(self._editor)

    # Layout: chips flow in rows

    def _arrange(self) -> None:
        items: list[tuple[QWidget, int]] = []
        for index, chip in enumerate(self._chips):
            editing = index == self._edited
            chip.setVisible(not editing)
            items.append((self._editor, 112) if editing else (chip, chip.width_wanted()))
        if self._edited == len(self._chips):
            items.append((self._editor, 112))
        items.append((self._plus, HEIGHT))
        rows = self._place(items, self.width())
        if rows > ROWS:
            rows = self._place(items, self.width() - 12)
        self._flow.resize(self.width(), rows * (HEIGHT + GAP) - GAP)
        high = min(rows, ROWS) * (HEIGHT + GAP) - GAP
        self._area.setFixedHeight(high)
        if not self._sentence.isHidden():
            self._sentence.ensurePolished()
            lines = max(self._sentence.heightForWidth(self.width()), 0)
            self._sentence.setFixedHeight(lines)
            high += GAP + lines
        self.setFixedHeight(high)
        self._settled.start()

    def _on_settled(self) -> None:
        """Scroll to what matters, once the area has its new size."""
        if self._edited >= 0:
            self._area.ensureWidgetVisible(self._editor, 0, 0)
        elif self._chips:
            self._area.ensureWidgetVisible(self._chips[self._current], 0, 0)

    def _place(self, items: list[tuple[QWidget, int]], width: int) -> int:
        x, row = 0, 0
        for widget, wanted in items:
            wanted = min(wanted, max(width, 44))
            if x and x + wanted > width:
                x, row = 0, row + 1
            widget.setGeometry(QRect(x, row * (HEIGHT + GAP), wanted, HEIGHT))
            x += wanted + GAP
        return row + 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._plus.setIcon(theme.icon("plus"))
        super().changeEvent(event)
