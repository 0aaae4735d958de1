"""The network as text: one line a layer, checked while it is typed."""

from PySide6.QtCore import QEvent, QMimeData, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from gui import network_text, theme
from gui.network_text import TextFacts
from nn.formats import convnet_text

FACE = 11  # logical pixels
GAP = 6


class NetworkEditor(QWidget):
    """The text, at the right of each line what comes out of it and its weights, below the total.

    `checked` tells after every change whether there is a problem. A list in ConvNetJS's form that
    is pasted takes the place of the text, translated.
    """

    checked = Signal(str)  # the problem; empty when a network can be made

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._target: tuple[tuple[int, int, int], int] | None = None
        self._problem = ""
        self.edit = _Edit()
        self.edit.textChanged.connect(self._check)
        self.edit.pasted.connect(self._on_pasted)
        self._line = QLabel()
        self._line.setObjectName("network_problem")
        self._line.setWordWrap(True)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        column.addWidget(self.edit, 1)
        column.addWidget(self._line)
        self.setFocusProxy(self.edit)
        self._check()

    def set_text(self, text: str) -> None:
        """Show a text; it can be taken back by Undo."""
        if text != self.text():
            cursor = QTextCursor(self.edit.document())
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(text)
            self.edit.moveCursor(QTextCursor.MoveOperation.Start)

    def text(self) -> str:
        """The text as it stands."""
        return self.edit.toPlainText()

    def set_target(self, picture: tuple[int, int, int], classes: int) -> None:
        """Demand that the network fits pictures (C, H, W) of so many classes."""
        self._target = (picture, classes)
        self._check()

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence; empty when a network can be made."""
        return self._problem

    def _check(self) -> None:
        facts = network_text.check(self.text())
        problem = facts.problem
        if not problem and self._target is not None:
            problem = network_text.misfit(facts, *self._target)
        self.edit.show_facts(facts)
        self._say(problem, facts.parameters)
        self._problem = problem
        self.checked.emit(problem)

    def _say(self, problem: str, parameters: int) -> None:
        self._line.setText(problem or f"{parameters:,} parameters in all")
        self._line.setProperty("role", "wrong" if problem else "caption")
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)
        self.edit.setAccessibleDescription(self._line.text())

    def _on_pasted(self, text: str) -> None:
        try:
            self.set_text(convnet_text.to_network_text(text))
        except ValueError as error:
            self._say(f"The ConvNetJS list can't be read: {error}.", 0)


class _Edit(QPlainTextEdit):
    """The text with its right margin."""

    pasted = Signal(str)  # a ConvNetJS list

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("network_text")
        self.setAccessibleName("Network text")
        self.setToolTip(
            "One line a layer: “conv 5x5 x8 pad 2 relu”, “pool 2”, “dense 10”, “dropout 0.5” …\n"
            "Beside each line: what comes out of it, and how many weights it has.\n"
            "A ConvNetJS list can be pasted."
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        self._facts = TextFacts()
        self._margin = _Margin(self)
        self.updateRequest.connect(self._on_update_requested)
        self._dress()

    def show_facts(self, facts: TextFacts) -> None:
        self._facts = facts
        self._underline()
        self.setViewportMargins(0, 0, self._margin_width(), 0)
        self._margin.update()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text()
        if convnet_text.looks_like_convnet(text):
            self.pasted.emit(text)
        else:
            self.insertPlainText(text)

    def _underline(self) -> None:
        marked = []
        for number, line in enumerate(self._facts.lines):
            if not line.problem:
                continue
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(theme.colour("wrong"))
            look.setToolTip(line.problem)
            cursor = QTextCursor(self.document().findBlockByNumber(number))
            cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            selection = QTextEdit.ExtraSelection()
            selection.format, selection.cursor = look, cursor
            marked.append(selection)
        self.setExtraSelections(marked)

    # The margin

    def _widths(self) -> tuple[int, int]:
        metrics = QFontMetrics(theme.font(theme.CAPTION))
        shapes = max((metrics.horizontalAdvance(x.output) for x in self._facts.lines), default=0)
        counts = (f"{x.parameters:,}" for x in self._facts.lines if x.parameters)
        return shapes, max((metrics.horizontalAdvance(text) for text in counts), default=0)

    def _margin_width(self) -> int:
        shapes, counts = self._widths()
        return shapes + counts + 2 * GAP + (GAP if counts else 0)

    def paint_margin(self, painter: QPainter, area: QRect) -> None:
        """Write shape and weights beside every visible line."""
        shapes, counts = self._widths()
        painter.setFont(theme.font(theme.CAPTION))
        block: QTextBlock = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        while block.isValid() and top <= area.bottom():
            high = self.blockBoundingRect(block).height()
            if block.blockNumber() < len(self._facts.lines):
                line = self._facts.lines[block.blockNumber()]
                place = QRectF(GAP, top, shapes, high)
                painter.setPen(theme.colour("wrong" if line.problem else "muted"))
                painter.drawText(place, flags, "✗" if line.problem else line.output)
                if line.parameters:
                    painter.setPen(theme.colour("text"))
                    place = QRectF(2 * GAP + shapes, top, counts, high)
                    painter.drawText(place, flags, f"{line.parameters:,}")
            top += high
            block = block.next()

    def _on_update_requested(self, area: QRect, dy: int) -> None:
        if dy:
            self._margin.scroll(0, dy)
        self._margin.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.viewport().geometry()
        wide = self._margin_width()
        self._margin.setGeometry(inside.right() + 1, inside.top(), wide, inside.height())

    # The look

    def _dress(self) -> None:
        self.setFont(theme.font(FACE, mono=True))
        self.document().setDefaultFont(theme.font(FACE, mono=True))
        self.document().setDocumentMargin(2)
        self._underline()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
            self._margin.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(theme.colour("accent"))
            painter.drawLine(0, 0, 0, self.viewport().height())


class _Margin(QWidget):
    def __init__(self, edit: _Edit) -> None:
        super().__init__(edit)
        self._edit = edit

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colour("line"))
        painter.drawLine(0, 0, 0, self.height())
        self._edit.paint_margin(painter, self.rect())
