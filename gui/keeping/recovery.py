"""The offer of what was lost, when the app did not end as it should."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QListWidget, QWidget

from gui.keeping.question import Question
from gui.keeping.slot import Lost

MANY = 20  # from here on a person is told to forget some


class Recovery(Question):
    """Bring back, forget it, or not now. `lost` is a list of the caller's, newest first."""

    def __init__(
        self,
        lost: list[Lost],
        bring_back: Callable[[Lost], object],
        forget: Callable[[Lost], object],
        parent: QWidget,
    ) -> None:
        self._lost = lost
        self._list = QListWidget()
        self._list.setObjectName("recovery_list")
        self._list.setAccessibleName("What was lost")
        answers = [
            ("&Bring back", lambda: bring_back(self._chosen)),
            ("&Forget it", lambda: forget(self._chosen)),
            ("&Not now", lambda: None),
        ]
        super().__init__("", "", answers, parent, self._list)
        self.setObjectName("recovery")
        self._list.addItems([in_words(one) for one in lost])
        self._list.currentRowChanged.connect(lambda _: self._show_chosen())
        several = len(lost) > 1
        self._list.setVisible(several)
        wanted = "Which session shall come back?"
        if not several:
            wanted = f"Bring back {in_words(lost[0])}?"
        self.title.setText(f"Brightwire ended unexpectedly. {wanted}")
        self._list.setCurrentRow(0)

    @property
    def _chosen(self) -> Lost:
        return self._lost[self._list.currentRow()]

    def _show_chosen(self) -> None:
        lost = self._chosen
        notes = []
        if lost.problem:
            notes.append(f"Its last copy is damaged: {lost.problem}.")
        if lost.path is not None:
            notes.append(f"{lost.path} stays as it is until you save.")
        if len(self._lost) > MANY:
            notes.append("Forget what you don't need: all of it stays until you do.")
        self.more.setText(" ".join(notes))
        self.more.setVisible(bool(notes))
        self.buttons[0].setEnabled(bool(lost.parts or lost.drawings))


def in_words(lost: Lost) -> str:
    """What was lost, for a list and for a sentence."""
    name = "a new session" if lost.path is None else f"“{lost.path.stem}”"
    count = lost.drawings_in_all
    drawings = f" with {count} drawing{'s' if count > 1 else ''}" if count else ""
    return f"{name}{_time(lost.written)}{drawings}"


def _time(written: str) -> str:
    """When, as a person says it; empty when that is not known."""
    try:
        when = datetime.fromisoformat(written).astimezone()
    except ValueError:
        return ""
    day = "" if when.date() == datetime.now().date() else f"{when.day} {when:%B}, "
    return f" of {day}{when:%H:%M}"
