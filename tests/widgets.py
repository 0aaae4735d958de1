"""Show one widget alone and look at it: which colours it has where."""

from typing import TypeVar

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui import theme

W = TypeVar("W", bound=QWidget)


def shown(qtbot: QtBot, widget: W, width: int = 200, height: int = 160, look: str = "dark") -> W:
    """The widget, dressed, of this size, on the (offscreen) screen, nothing having the focus."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, look)
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)
    application.processEvents()
    focused = application.focusWidget()
    if focused is not None:
        focused.clearFocus()
    return widget


def pixels(widget: QWidget, area: QRect | None = None) -> np.ndarray:
    """What the widget shows, (height, width, 3) integers of 0..255."""
    return image_pixels(widget.grab(area or widget.rect()).toImage())


def image_pixels(image: QImage) -> np.ndarray:
    """An image as (height, width, 3) integers of 0..255."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def amount(widget: QWidget, role: str, area: QRect | None = None, within: int = 24) -> int:
    """How many pixels have about the colour of a role of the theme."""
    wanted = QColor(getattr(theme.colours(), role))
    distance = np.abs(pixels(widget, area) - [wanted.red(), wanted.green(), wanted.blue()])
    return int((distance.max(axis=2) <= within).sum())
