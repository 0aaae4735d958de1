"""Try: draw something, or bring a picture, and see what every layer makes of it."""

from collections.abc import Callable, Hashable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QRectF, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from gui import errors, kept, layouts, painting, pictures
from gui.actions import Actions, icon_button
from gui.image_looks import Look
from gui.image_session import ImageSession
from gui.kept import Parts
from gui.paper import Page
from gui.widgets.canvas import Canvas
from gui.widgets.layer_inspector import LayerInspector
from gui.widgets.panel import Panel
from gui.widgets.prediction_view import PredictionView

SUFFIXES = ("png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff")
FILES = f"Pictures ({' '.join(f'*.{suffix}' for suffix in SUFFIXES)});;All files (*)"
LARGEST = 1024  # pixels along an edge of a picture
LEFT = 228  # logical pixels of the left column
BRIGHT = 128  # of 255: paper brighter than this is turned dark for a network of bright ink


class TryPage(QWidget):
    """Canvas and prediction at the left, every layer at the right: its input is what is read."""

    told = Signal(str, str)  # a sentence and its kind
    picture_changed = Signal(object)  # (C, H, W) uint8, or None when there is none

    def __init__(self, session: ImageSession, actions: Actions) -> None:
        super().__init__()
        self.session, self._actions = session, actions
        self._shown: Look | None = None
        self.picture: NDArray[np.uint8] | None = None
        self._brought = False  # it came as a picture, not from the canvas
        self._changes = 0  # of pictures that were brought
        self.canvas = Canvas()
        self.canvas.setObjectName("try_canvas")
        self.canvas.set_hint("Draw a digit here, or drop a picture")
        self.seen = _Seen()
        self.prediction = PredictionView()
        self.prediction.setObjectName("try_prediction")
        self.inspector = LayerInspector()
        self.open_button = icon_button(actions["images_picture"], "open_picture")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        act = self._actions
        undo, wipe, paste = (
            icon_button(act[f"images_{name}"], f"try_{name}_button")
            for name in ("undo", "wipe", "paste")
        )
        self._paper = QStackedWidget()  # the canvas, or a picture that was brought
        self._paper.addWidget(self.canvas)
        self._paper.addWidget(self.seen)
        left, column = layouts.column(LEFT)
        self._paper.setFixedHeight(LEFT - 26)  # square
        column.addWidget(Panel("Draw", self._paper, undo, wipe, paste, self.open_button))
        column.addWidget(Panel("Prediction", self.prediction), 1)
        row = layouts.page_row(self)
        row.addWidget(left)
        row.addWidget(Panel("Every layer", self.inspector), 1)

    def _connect(self) -> None:
        self._actions.connect_to(
            {
                "images_undo": self.canvas.undo,
                "images_wipe": self.wipe,
                "images_paste": self.paste,
                "images_picture": self._open,
            }
        )
        self.canvas.drawing_changed.connect(self._on_drawing_changed)
        self.inspector.inspection_wanted.connect(self._send)
        self.session.network_changed.connect(self._on_network_changed)
        self.session.dataset_changed.connect(self._on_network_changed)

    # -- what is tried -----------------------------------------------------------------------

    def wipe(self) -> None:
        """Empty the canvas and forget a picture that was brought."""
        self._set_brought(False)
        self.canvas.clear()
        self._set_picture(None)

    def _set_brought(self, brought: bool) -> None:
        self._brought = brought
        self._paper.setCurrentWidget(self.seen if brought else self.canvas)

    def try_file(self, path: Path) -> None:
        """Try the picture in a file."""
        self._bring(path, path.name)

    def paste(self) -> None:
        """Try the picture in the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()
        if not self.try_mime(mime):
            self.told.emit("There is no picture in the clipboard.", "info")

    def try_mime(self, mime: QMimeData | None) -> bool:
        """Try what was dropped or pasted; False when it is no picture."""
        if mime is None:
            return False
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self.try_file(files[0])
            return True
        if mime.hasImage():
            image = QImage(mime.imageData())
            if image.isNull():
                return False
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            image.save(buffer, "PNG")  # type: ignore[call-overload]
            self._bring(bytes(buffer.data().data()), "The picture")
            return True
        return False

    def _bring(self, source: Path | bytes, name: str) -> None:
        from nn.data.photo import read_photo  # Pillow, for whoever brings pictures

        channels, height, _ = self.session.picture_shape
        try:
            photo = read_photo(source, height, name=name)
        except (ValueError, OSError) as error:
            self.told.emit(errors.sentence(error), "error")
            return
        if channels == 1:
            grey = photo.astype(np.float32).mean(axis=0)
            border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
            if np.median(border) > BRIGHT:
                grey = 255 - grey
            photo = grey.astype(np.uint8)[np.newaxis]
        self._show_brought(photo)

    def _show_brought(self, photo: NDArray[np.uint8]) -> None:
        self._changes += 1
        self._set_brought(True)
        self.canvas.clear()
        self._set_picture(photo)

    def _open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Try a picture", "", FILES)
        if path:
            self.try_file(Path(path))

    def _on_drawing_changed(self) -> None:
        if self.canvas.is_empty:
            if not self._brought:
                self._set_picture(None)
            return
        self._set_brought(False)
        self._set_picture(self.session.picture_of(self.canvas.strokes()))

    def _set_picture(self, picture: NDArray[np.uint8] | None) -> None:
        self.picture = picture
        self.seen.set_picture(picture)
        self.picture_changed.emit(picture)
        if picture is None:
            self._shown = None
            self.inspector.clear()
            self.prediction.set_prediction(self.session.class_names, None)
        else:
            self._send()

    def _send(self) -> None:
        if self.picture is not None:
            self.session.training.try_picture(self.session.prepared(self.picture[np.newaxis]))

    def _on_network_changed(self) -> None:
        self.inspector.clear()
        self._shown = None
        if not self.canvas.is_empty:
            self._on_drawing_changed()
        elif self._brought and self.picture is not None and self._fits(self.picture):
            self._send()
        else:
            self._set_brought(False)
            self._set_picture(None)

    def _fits(self, picture: NDArray[np.uint8]) -> bool:
        """False when the pictures of now are others; True while none is there."""
        session = self.session
        return session.dataset is None or picture.shape == session.picture_shape

    # -- what a session file keeps -----------------------------------------------------------

    def stamp(self) -> Hashable:
        """Another value whenever the drawing or the picture is another."""
        return self._changes, self._brought, self.canvas.stamp

    def made(self) -> Parts:
        """The drawing, and a picture that was brought, if there is one."""
        brought = self.picture if self._brought else None
        pixels = np.empty((0, 0, 0), np.uint8) if brought is None else brought
        return {"try.npz": {**kept.stroke_arrays(self.canvas.page.strokes), "picture": pixels}}

    def prepare(self, parts: Parts) -> Callable[[], None]:
        """Check what `made` told of. What is returned makes the page so, and can't fail.

        Raises ValueError, one sentence, for what does not fit.
        """
        strokes = kept.strokes(parts, "try.npz")
        pixels = kept.array(parts, "try.npz", "picture", np.uint8, (None, None, None))
        with kept.naming("try.npz"):
            if pixels.size and (pixels.shape[0] not in (1, 3) or max(pixels.shape) > LARGEST):
                raise ValueError(f"a picture can't be of {pixels.shape}")

        def become() -> None:
            self._set_brought(False)
            self.canvas.begin_with(Page(strokes))
            if pixels.size:
                self._show_brought(pixels)
            else:
                self._on_drawing_changed()

        return become

    # -- what is shown -----------------------------------------------------------------------

    def pull(self) -> None:
        """Show the newest answer."""
        look = self.session.training.trial
        if look is None or look is self._shown or self.picture is None:
            return
        self._shown = look
        outputs = look.inspection.activations[-1][np.newaxis]
        scores = look.network.loss.scores(outputs)[0]
        names = self.session.class_names
        if len(names) == len(scores):
            self.prediction.set_prediction(names, scores)
            self.inspector.set_inspection(look.inspection, look.network)
            self.inspector.set_caption(f"Gradients as if it were “{names[look.label]}”")


class _Seen(QWidget):
    """A picture that was brought, as it is read, in place of the canvas."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The picture as it is read")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 64)
        self._image: QImage | None = None

    def set_picture(self, picture: NDArray[np.uint8] | None) -> None:
        self._image = None if picture is None else pictures.to_image(picture)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._image is None:
            painting.paint_sentence(
                painter, area, "The picture appears here as the network reads it"
            )
        else:
            pictures.paint_picture(painter, area, self._image)
