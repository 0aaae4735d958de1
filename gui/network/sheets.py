"""The network's picture at rest, kept as sheets of pixels that lie one above the other.

Repainting after a pointer moved is a copy; a new drawing changes only the upper sheet.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from gui.network.ink import ink
from gui.network.lettering import paint_words
from gui.network.painting import paint_flash, paint_units, paint_wires
from gui.network.scene import Scene


class Sheets:
    """Pixmaps of the wires, of a step's light and of what stands in the columns."""

    def __init__(self) -> None:
        self._kept: dict[str, QPixmap] = {}

    def drop(self, name: str | None = None) -> None:
        """Forget the "wires", the "flash" or the "units"; by default all."""
        if name is None:
            self._kept.clear()
        else:
            self._kept.pop(name, None)

    def has(self, name: str) -> bool:
        """True while that sheet is kept."""
        return name in self._kept

    def paint(self, painter: QPainter, scene: Scene, flash: float = 0.0) -> None:
        """Paint the scene, with the light of the last step at strength `flash`, [0, 1]."""
        painter.drawPixmap(0, 0, self._sheet("wires", scene))
        if flash > 0:
            painter.setOpacity(flash)
            painter.drawPixmap(0, 0, self._sheet("flash", scene))
            painter.setOpacity(1.0)
        painter.drawPixmap(0, 0, self._sheet("units", scene))

    def paint_quickly(self, painter: QPainter, scene: Scene) -> None:
        """Paint the scene while training: units change with every frame and need no sheet."""
        painter.drawPixmap(0, 0, self._sheet("wires", scene))
        paint_units(painter, scene)
        paint_words(painter, scene)

    def _sheet(self, name: str, scene: Scene) -> QPixmap:
        ratio = scene.ratio
        size = QSize(round(scene.width * ratio), round(scene.height * ratio))
        kept = self._kept.get(name)
        if kept is not None and kept.size() == size and kept.devicePixelRatio() == ratio:
            return kept
        made = QPixmap(size)
        made.setDevicePixelRatio(ratio)
        if not made.isNull():
            made.fill(ink().ground if name == "wires" else Qt.GlobalColor.transparent)
            painter = QPainter(made)
            if name == "wires":
                paint_wires(painter, scene)
            elif name == "flash":
                paint_flash(painter, scene, 1.0)
            else:
                paint_units(painter, scene)
                paint_words(painter, scene)
            painter.end()
        self._kept[name] = made
        return made
