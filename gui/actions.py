"""Actions are data: what can be done, with its words, key and icon, in one table a workspace."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton

from gui import theme


class Command(NamedTuple):
    """One thing that a person can do. `keys` are shortcuts in Qt's portable spelling."""

    name: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""


WINDOW = (
    Command("sketch", "Sketch", "Draw, and watch a small network learn", ("Alt+1",), "sketch"),
    Command("photo", "Photo", "Beard or badger? Drop a photo and see why", ("Alt+2",), "photo"),
    Command("images", "Images", "Train on pictures and look inside", ("Alt+3",), "images"),
    Command("points", "Points", "Curves and boundaries of points", ("Alt+4",), "points"),
    Command("theme", "Dark or light", "Switch between the dark and the light look", ("D",), "moon"),
    Command("settings", "Settings", "Look, motion and hints", ("Ctrl+,",), "gear"),
    Command("help", "Keys and help", "List every key", ("F1",), "help"),
    Command("model", "Model", "Choose which network to train", ("M",), "network"),
    Command("new", "New", "Begin an empty session", ("Ctrl+N",)),
    Command("open", "Open…", "Open a session file", ("Ctrl+O",), "folder"),
    Command("lost", "Bring back lost work…", "What was not saved when Brightwire ended"),
    Command("save", "Save", "Save the session in its file", ("Ctrl+S",), "save"),
    Command("save_as", "Save as…", "Save the session in another file", ("Ctrl+Shift+S",)),
    Command("export", "Export…", "Take the work to other programs", ("Ctrl+E",), "export"),
    Command("record", "Record", "Film what changes while it trains, or end the film", ("Ctrl+R",)),
    Command("quit", "Quit", "Close Brightwire", ("Ctrl+Q",)),
)

WORKSPACES = ("sketch", "photo", "images", "points")  # commands of the window, where there are

SKETCH = (
    Command("undo", "Undo", "Take the last stroke back", ("Ctrl+Z",), "undo"),
    Command("redo", "Redo", "Bring the stroke back", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Command("clear", "Clear", "Empty the canvas (can be undone)", ("C",), "clear"),
    Command("copy_bits", "Copy bits", "Copy the 0/1 text", ("Ctrl+Shift+C",), "copy"),
    Command("train", "Train", "One SGD step on this drawing, and keep it as a sample", ("T",)),
    Command("train_ten", "Train ×10", "Ten SGD steps on this drawing", ("Shift+T",)),
    Command("play", "Train on all", "Train on all samples, shuffled, until paused", ("P",), "play"),
    Command("pause", "Pause", "Stop training; nothing is lost", ("P",), "pause"),
    Command("step", "One step", "One SGD step on the next sample", ("S",), "step"),
    Command("epoch", "One epoch", "Train once on every sample", ("E",), "epoch"),
    Command("reset", "Reset weights", "Start again from the same random weights", ("R",), "reset"),
    Command("reseed", "New weights", "Start from other random weights", ("Shift+R",), "reseed"),
    Command("fit", "Fit", "Show the whole network", ("F",), "fit"),
    Command("go_lr", "Learning rate", "Go to the learning rate", ("L",)),
    Command("go_grid", "Grid size", "Go to the number of cells", ("G",)),
    Command("go_speed", "Speed", "Go to the training speed", ("V",)),
    Command("go_canvas", "Canvas", "Go to the canvas", ("Ctrl+1",)),
    Command("go_raster", "Cells", "Go to the cells: arrows and Space draw", ("Ctrl+2",)),
    Command("go_samples", "Samples", "Go to the samples", ("Ctrl+3",)),
    Command("go_network", "Network", "Go to the network: arrows and Enter look", ("Ctrl+4",)),
)

IMAGES = (
    Command(
        "images_play", "Play", "Train until paused or until the end that is set", ("P",), "play"
    ),
    Command("images_pause", "Pause", "Stop training; nothing is lost", ("P",), "pause"),
    Command("images_step", "One step", "One update on the next picture alone", ("S",), "step"),
    Command("images_batch", "One batch", "One update on the next batch", ("B",), "train"),
    Command("images_epoch", "One epoch", "Train once on every picture", ("E",), "epoch"),
    Command("images_reset", "Reset weights", "The same random weights again", ("R",), "reset"),
    Command("images_reseed", "New weights", "Other random weights", ("Shift+R",), "reseed"),
    Command("images_clear", "Clear the plot", "Begin the curves anew", ("C",), "clear"),
    Command("images_apply", "Apply", "Build the network that the text describes", ("Ctrl+Return",)),
    Command("images_open", "Open", "Open a data set", ("Ctrl+D",), "images"),
    Command("images_evaluate", "Evaluate", "Measure on the whole test set", ("V",), "tick"),
    Command("images_undo", "Undo", "Take the last stroke back", ("Ctrl+Z",), "undo"),
    Command("images_wipe", "Wipe", "Empty the canvas", ("X",), "clear"),
    Command("images_picture", "Open a picture", "Try a picture from a file", ("Ctrl+I",), "photo"),
    Command("images_paste", "Paste", "Try the picture in the clipboard", ("Ctrl+V",), "copy"),
    Command("page_data", "Data", "Go to the pictures", ("Ctrl+1",)),
    Command("page_learn", "Learn", "Go to training and its plots", ("Ctrl+2",)),
    Command("page_inside", "Inside", "Go inside the network", ("Ctrl+3",)),
    Command("page_test", "Test", "Go to the test", ("Ctrl+4",)),
    Command("page_try", "Try", "Go to the canvas to try", ("Ctrl+5",)),
    Command("go_text", "Network text", "Go to the network's text", ("Ctrl+T",)),
)

Key = tuple[str, str]  # a key or some, and what they do

# Keys that widgets of the Sketch workspace know by themselves.
SKETCH_KEYS: tuple[Key, ...] = (
    ("1 … 9", "Choose the class that this drawing is"),
    ("F2", "Rename the class (while the label has the focus)"),
    ("Arrows, Space", "Move over the cells and flip one (while the cells have the focus)"),
    ("Enter, Delete", "Load or delete a sample (while the samples have the focus)"),
    ("Arrows, Enter, Esc", "Move over the neurons, hold one, let go (in the network)"),
    ("+  −  0", "Zoom in, zoom out, fit (in the network)"),
)


def keys_of(commands: tuple[Command, ...]) -> list[Key]:
    """The keys of those commands that have some."""
    return [(" or ".join(c.keys), c.tip) for c in commands if c.keys]


PHOTO = (
    Command("photo_open", "Open photos", "Open photos from this computer", ("Ctrl+I",), "folder"),
    Command("photo_paste", "Paste", "Look at the picture in the clipboard", ("Ctrl+V",), "copy"),
    Command("photo_random", "Random", "A picture of the data set, or painted", ("R",), "dice"),
    Command("photo_previous", "Previous", "The photo before", ("Alt+Left",), "previous"),
    Command("photo_next", "Next", "The photo after", ("Alt+Right",), "next"),
    Command("photo_why", "Why", "Ask in another way what the answer comes from", ("W",)),
    Command("photo_fit", "Fit", "Show the whole network", ("F",), "fit"),
    Command("photo_search", "Search", "Search Wikimedia Commons", ("Ctrl+F",), "search"),
    Command("photo_cancel", "Cancel", "Stop opening, fetching or searching", ("Esc",)),
    Command("photo_folder", "Open folder", "A folder of pictures by class", ("Ctrl+Shift+O",)),
    Command("photo_save_data", "Save pictures", "Save the pictures and who made them"),
    Command("photo_undo", "Undo", "Take back the last change of the data set", ("Ctrl+Z",), "undo"),
    Command("photo_redo", "Redo", "Do what was taken back", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Command("photo_train", "Train", "Train a network on the data set", ("T",)),
    Command("photo_stop", "Stop", "Stop training; the best weights stay", ("P",)),
    Command("photo_save", "Save", "Save the network in a file", ("Ctrl+Shift+E",), "save"),
    Command("photo_load", "Load", "Load a network from a file", ("Ctrl+L",)),
    Command("photo_shipped", "Beard or badger", "Back to the network that came along", (), "reset"),
    Command("page_photo", "Photo", "Go to the photo", ("Ctrl+1",)),
    Command("page_search", "Search", "Go to the search", ("Ctrl+2",)),
    Command("page_data_set", "Data set", "Go to the data set", ("Ctrl+3",)),
    Command("page_train", "Train", "Go to training", ("Ctrl+4",)),
)

POINTS = (
    Command("points_play", "Play", "Train until paused", ("P",), "play"),
    Command("points_pause", "Pause", "Stop training; nothing is lost", ("P",), "pause"),
    Command("points_step", "One step", "One update, on the next batch", ("S",), "step"),
    Command("points_back", "One step back", "Undo the last update", ("Shift+S",), "back"),
    Command("points_reset", "Reset weights", "The same random weights again", ("R",), "reset"),
    Command("points_reseed", "New weights", "Other random weights", ("Shift+R",), "reseed"),
    Command("points_apply", "Apply", "Build the network of the text", ("Ctrl+Return",)),
    Command("points_open", "Open", "Open a file for this page", ("Ctrl+I",)),
    Command("points_undo", "Undo", "Take the last change of the points back", ("Ctrl+Z",), "undo"),
    Command(
        "points_redo",
        "Redo",
        "Bring the change of the points back",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo",
    ),
    *(
        Command(f"points_page_{i}", f"Page {i}", f"Go to page {i} of Points", (f"Ctrl+{i}",))
        for i in range(1, 8)
    ),
)


class Actions(QObject):
    """The `QAction`s of some commands, by name; each does nothing until it is connected."""

    def __init__(self, commands: tuple[Command, ...], parent: QObject) -> None:
        super().__init__(parent)
        self.commands = commands
        self._made = {command.name: self._make(command) for command in commands}

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def __contains__(self, name: str) -> bool:
        return name in self._made

    def all(self) -> list[QAction]:
        return list(self._made.values())

    def connect_to(self, slots: dict[str, Callable[[], object]]) -> None:
        """Connect each named action to a slot without arguments."""
        for name, slot in slots.items():
            self._made[name].triggered.connect(lambda _checked=False, slot=slot: slot())

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the theme in force."""
        for command in self.commands:
            if command.icon:
                self._made[command.name].setIcon(theme.icon(command.icon))

    def _make(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        action.setToolTip(tooltip(command))
        if command.icon:
            action.setIcon(theme.icon(command.icon))
        return action


def tooltip(command: Command) -> str:
    """What it does, and the key that does it."""
    keys = " or ".join(command.keys)
    return f"{command.tip} ({keys})" if keys else command.tip


def icon_button(action: QAction, object_name: str = "") -> QToolButton:
    """A quiet button that shows the action's icon alone."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setProperty("role", "icon")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(action.text())
    button.setObjectName(object_name)
    return button


def text_button(action: QAction, object_name: str, *, primary: bool = False) -> QPushButton:
    """A push button that follows the action's icon, tooltip and state."""
    button = QPushButton(action.text())
    button.setObjectName(object_name)
    button.setAccessibleName(action.text())
    if primary:
        button.setProperty("role", "primary")

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())
        button.setIcon(action.icon())

    follow()
    action.changed.connect(follow)
    button.clicked.connect(action.trigger)
    return button
