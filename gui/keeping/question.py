"""A question with three answers, over the window; nothing waits for it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import layouts, theme

WIDTH = 440  # logical pixels

Answer = tuple[str, Callable[[], object]]


class Question(QDialog):
    """A sentence, what more there is to say, and `middle` between the two.

    The first answer is that of Enter and stands out at the right. The second, by which something
    may go, is apart from it at the left. The last is that of Esc. An answer's words come with the
    key that gives it, and the question closes before it is carried out.
    """

    def __init__(
        self, text: str, more: str, answers: Sequence[Answer], parent: QWidget, *middle: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle("Brightwire")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self.title, self.more = QLabel(text), layouts.caption(more)
        self.title.setProperty("role", "title")
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.PANEL_GAP] * 4)
        column.setSpacing(theme.SPACE)
        for widget in (self.title, *middle, self.more):
            column.addWidget(widget)
        column.addSpacing(theme.SPACE)
        self._then = answers[-1][1]
        self.buttons = [self._button(*answer) for answer in answers]
        self._place(column)

    def _button(self, words: str, then: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._answer(then))
        return button

    def _place(self, column: QVBoxLayout) -> None:
        first, second, last = self.buttons
        first.setDefault(True)
        first.setProperty("role", "primary")
        first.setFocus()
        row = QHBoxLayout()
        row.addWidget(second)
        row.addStretch(1)
        row.addWidget(last)
        row.addWidget(first)
        column.addLayout(row)
        for one, other in ((first, second), (second, last)):
            self.setTabOrder(one, other)

    def done(self, result: int) -> None:
        super().done(result)
        self._then()

    def _answer(self, then: Callable[[], object]) -> None:
        self._then = then
        self.accept()
