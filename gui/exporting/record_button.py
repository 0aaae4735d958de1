"""The switch in the header that records, and says that it does."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from gui import theme
from gui.exporting.recorder import Recorder


class RecordButton(QToolButton):
    """An icon at rest; a red dot, the word and the time while it records."""

    def __init__(self, action: QAction, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self.setObjectName("record_button")
        self.setProperty("role", "icon")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(action.toolTip())
        self.clicked.connect(action.trigger)
        recorder.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        recording = self._recorder.running
        minutes, seconds = divmod(self._recorder.seconds, 60)
        text = f"Recording {minutes}:{seconds:02}" if recording else "Record"
        style = Qt.ToolButtonStyle
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if recording else style.ToolButtonIconOnly
        )
        self.setIcon(theme.icon("record", "wrong" if recording else "text"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show()
