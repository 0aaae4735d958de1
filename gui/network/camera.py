"""Pan and zoom over a layout. Qt-free."""

from math import isfinite

SMALLEST_ZOOM, LARGEST_ZOOM = 0.4, 16.0


class Camera:
    """Paints a layout's point (x, y) at (x * zoom + left, y * zoom + top) in a view.

    Attributes:
        zoom: 1 when the whole network fits.
        left, top: logical pixels.
    """

    def __init__(self) -> None:
        self.width = self.height = 0.0
        self.fit()

    def fit(self) -> None:
        """Show the whole network."""
        self.zoom, self.left, self.top = 1.0, 0.0, 0.0

    def resize(self, width: float, height: float) -> None:
        """Look through a view of another size at the same part of the network."""
        if self.width > 0 and self.height > 0:
            self.left *= width / self.width
            self.top *= height / self.height
        self.width, self.height = width, height

    def zoom_by(self, factor: float, x: float, y: float) -> None:
        """Zoom within bounds; what is painted at (x, y) stays there."""
        if not isfinite(factor) or factor <= 0:
            return
        new = min(max(self.zoom * factor, SMALLEST_ZOOM), LARGEST_ZOOM)
        self.left = x - (x - self.left) * new / self.zoom
        self.top = y - (y - self.top) * new / self.zoom
        self.zoom = new
        self._keep_in_sight()

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the network by logical pixels."""
        self.left += dx
        self.top += dy
        self._keep_in_sight()

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Where a layout's point is painted."""
        return x * self.zoom + self.left, y * self.zoom + self.top

    def to_layout(self, x: float, y: float) -> tuple[float, float]:
        """The layout's point that is painted at (x, y)."""
        return (x - self.left) / self.zoom, (y - self.top) / self.zoom

    def _keep_in_sight(self) -> None:
        """Never lose the network: its room keeps covering the middle of the view."""
        across, down = self.width / 2, self.height / 2
        self.left = min(max(self.left, across - self.width * self.zoom), across)
        self.top = min(max(self.top, down - self.height * self.zoom), down)
